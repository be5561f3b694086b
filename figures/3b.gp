# SPDX-License-Identifier: GPL-3.0-or-later
# 3b.gp - risk against neurons per dimension.
load "curves.gp"
