# SPDX-License-Identifier: GPL-3.0-or-later
# 3a.gp - risk against samples per dimension, with the double-descent peak at n = N.
load "curves.gp"
