# SPDX-License-Identifier: GPL-3.0-or-later
# alignment.gp - overlaps with the teacher's direction over the step size, and the thresholds below which they are 0.
tall = 1.08
load "style.gp"
load "rows.gp"
# A threshold is the last point of a line that is still at 0, where the line then leaves it.
zero = NaN; leaves = 0; thresholds = 0
note_zero(x) = (zero = x, 0)
do for [i=1:curve_count] {
  zero = NaN; leaves = 0
  stats table using (at(i, 1) >= 0 && column("value") == 0 && !(column(axis) <= zero) ? note_zero(column(axis)) : \
    0) nooutput
  stats table using (at(i, 1) > zero ? (leaves = 1, 0) : 0) nooutput
  if (leaves) {
    thresholds = thresholds + 1
    set arrow from zero, graph 0 to zero, graph 1 nohead lc rgb "#999999" dt 3 back
    set label 100 thresholds == 1 ? "threshold" : "thresholds" at zero, graph 1.025 center tc rgb "#777777"
  }
}
if (thresholds > 0 && titled == 0) { set tmargin 2 }
if (thresholds > 0 && titled != 0) { set title offset 0, 0.5 }
set title titles(caption)
eval axes
eval "plot ".curves.legend
