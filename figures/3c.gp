# SPDX-License-Identifier: GPL-3.0-or-later
# 3c.gp - risk for steps from Theta(1) to Theta(sqrt N) against samples per dimension, beside a line ∝ d/n.
guide = 1
load "curves.gp"
