# SPDX-License-Identifier: GPL-3.0-or-later
# curves.gp - curves from theory and points from simulation over the column that takes most values. Draws every figure
# of limits or simulated quantities that has no script of its own.
tall = 1.08
load "style.gp"
load "rows.gp"
set title titles(caption)
eval axes
eval "plot ".curves.legend
