# SPDX-License-Identifier: GPL-3.0-or-later
# 1.gp - risk at initialisation, after a small and after a large step against samples per dimension, beside a line ∝ d/n.
guide = 1
load "curves.gp"
