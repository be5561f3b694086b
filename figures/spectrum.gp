# SPDX-License-Identifier: GPL-3.0-or-later
# spectrum.gp - histograms of both spectra over their limiting densities, with the value that leaves each bulk.
tall = 1.35
load "style.gp"
# of(SPECTRUM, QUANTITY, SOURCE, COLUMN): the cell of such a row, else missing
of(spectrum, quantity, source, name) = \
  strcol("spectrum") eq spectrum && is(quantity, source) ? column(name) : NaN

stats csv using (of("weights", "bin", "simulation", "d")) name "dimension" nooutput
stats csv using (of("weights", "bin", "simulation", "replicas")) name "replicas" nooutput
do for [s in "weights kernel"] {
  stats csv using (of(s, "top", "theory", "value")) name s."_limit" nooutput
  stats csv using (of(s, "top", "simulation", "value")) name s."_seen" nooutput
  stats csv using (of(s, "bin", "simulation", "value")) name s."_bin" nooutput
}

set multiplot layout 2,1 margins 0.125, 0.975, 0.105, 0.9 spacing 0, 0.15
set style fill solid 0.35 noborder
set ylabel "density"
set tics front

set title sprintf("tanh network and teacher: n/d = 2.4, N/d = 0.6, η = 4.5, noise 0.1\n\
{/*0.8 line: limit; bars: simulation, d = %d, %d replicas}", dimension_max, replicas_max)
set xlabel "singular values of W_1"
do for [s in "weights kernel"] {
  eval sprintf("limit = %s_limit_max; seen = %s_seen_max; peak = %s_bin_max", s, s, s)
  set xrange [0:1.17 * limit]
  set yrange [0:1.12 * peak]
  if (s eq "weights") { unset key } else { set key at graph 0.985, graph 0.95 right top Left reverse }
  set label 1 "outlier of the limit" at limit, 0.30 * peak center tc rgb "#D55E00"
  set arrow 1 from limit, 0.25 * peak to limit, 0.02 * peak lc rgb "#D55E00" lw 1.4 size screen 0.012, 22
  plot csv using (0.5 * (of(s, "bin", "simulation", "low") + column("high"))):(column("value")):(column("high") - column("low")) \
         with boxes lc rgb "#0072B2" title "simulation", \
       csv using (of(s, "density", "theory", "low")):(column("value")) with lines lt 1 lw 1.8 title "limit", \
       csv using (of(s, "top", "simulation", "value")):(0.012 * peak):(column("std")) \
         with xerrorbars lt 3 lw 1.2 title "largest value, ± spread"
  unset title
  set xlabel "eigenvalues of F^T F / n, F = σ(X̃ W_1)"
}
unset multiplot
