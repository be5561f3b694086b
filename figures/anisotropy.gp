# SPDX-License-Identifier: GPL-3.0-or-later
# anisotropy.gp - risk of the real gradient step and of spiked random features, and below it the ratio of the two.
tall = 1.12
load "style.gp"
entry_height = 0.1
load "rows.gp"

# The rows of one point follow each other: the ratio stands where the second of the two was read. Its bars are as of
# independent means, which is too wide: both sides of a replica share W0 and the batches.
real_id = ""; spiked_id = ""; real = 1; spike = 1; real_width = 0; spike_width = 0; id = ""
half(x) = 0.5 * (ci("ci_high") - ci("ci_low")) / column("value")
note_real(x) = (real_id = id, real = column("value"), real_width = half(0))
note_spiked(x) = (spiked_id = id, spike = column("value"), spike_width = half(0))
note_pair(x) = (id = sprintf("%d ", curve[row(0)]).strcol(axis)." ".strcol("source"), \
  kind_of[row(0)] == 1 || kind_of[row(0)] == 3 ? note_real(0) : kind_of[row(0)] > 3 ? note_spiked(0) : 0)
forget(x) = (real_id = "", spiked_id = "")
is_pair(i, source) = (is_drawn(0) ? note_pair(0) : forget(0), is_drawn(0) && curve[row(0)] == i && \
    real_id eq spiked_id && \
  real_id ne "" && strcol("source") eq source)
at_pair(i, source) = is_pair(i, source) ? column(axis) : NaN
ratio(sign) = spike / real * (1 + sign * sqrt(real_width**2 + spike_width**2))
measure_pair(i) = is_pair(i, "theory") || is_pair(i, "simulation") ? (measure(ratio(-1)), measure(ratio(1))) : 0
count = 0; ratios = ""
do for [i=1:curve_count] {
  x = forget(0)
  stats table using (measure_pair(i), 0) nooutput
  if (amount[5 * i - 1] > 0) {
    ratios = ratios.sprintf(", table using (at_pair(%d, 'theory')):(ratio(0)) smooth unique with lines lt %d dt (9,6) notitle", i, line_type[i])
  }
  if (amount[5 * i] > 0) {
    ratios = ratios.sprintf(", table using (at_pair(%d, 'simulation')):(ratio(0)):(ratio(-1)):(ratio(1)) \
with yerrorbars lt %d lw 1 dt 1 pt %d notitle", i, line_type[i], i % 2 == 1 ? 4 : 8)
  }
}
set title titles(caption)
if (count == 0) {
  eval axes
  eval "plot ".curves.legend
} else {
  ratio_low = low < 1 ? low : 1; ratio_high = high > 1 ? high : 1
  room = 0.08 * (ratio_high - ratio_low) + 1e-3
  set lmargin 11
  set rmargin 2
  set multiplot
  set size 1, 0.65
  set origin 0, 0.35
  set bmargin 0.6
  eval axes
  set format x ""
  named = 0
  if (log_x) { eval "set xtics ".log_marks(x_low, x_high) }
  named = 1
  unset xlabel
  eval "plot ".curves.legend
  unset title
  unset key
  unset label
  set size 1, 0.35
  set origin 0, 0
  set tmargin 0.6
  set bmargin 3.4
  set format x
  eval axes
  set xlabel axis_title(axis)
  set ylabel "spiked / real"
  unset logscale y
  set ytics autofreq
  set yrange [ratio_low - room:ratio_high + room]
  eval "plot 1 with lines lc rgb '#999999' lw 1 notitle".ratios
  unset multiplot
}
