# SPDX-License-Identifier: GPL-3.0-or-later
# alignment.gp - overlaps of the top left singular vectors with beta*, through the two thresholds.
load "style.gp"
curve(quantity, source, name) = is(quantity, source) ? column(name) : NaN

stats csv using (is("w1_left_beta", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("w1_left_beta", "simulation") ? column("replicas") : NaN) name "replicas" nooutput
# the thresholds: the last step size of each curve that is still at 0
stats csv using (is("w1_left_beta", "theory") && column("value") == 0 ? column("eta") : NaN) name "weights" nooutput
stats csv using (is("ck_left_xbeta", "theory") && column("value") == 0 ? column("eta") : NaN) name "kernel" nooutput

set title sprintf("tanh network and teacher: ψ_1 = n/d = 2.4, ψ_2 = N/d = 0.6, noise 0.1\n\
{/*0.8 lines: limit; points: simulation, d = %d, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
set xlabel "η, size of the gradient step"
set ylabel "squared overlap with the teacher's direction"
set xrange [0:6.1]
set yrange [0:0.75]
set key at graph 0.985, graph 0.16 right bottom Left reverse
set arrow from weights_max, graph 0 to weights_max, graph 1 nohead lc rgb "#bbbbbb" dt 3 back
set arrow from kernel_max, graph 0 to kernel_max, graph 1 nohead lc rgb "#bbbbbb" dt 3 back
set label "thresholds" at kernel_max + 0.08, graph 0.96 tc rgb "#777777"

plot csv using (curve("w1_left_beta", "theory", "eta")):(column("value")) with lines lt 2 notitle, \
     csv using (curve("ck_left_xbeta", "theory", "eta")):(column("value")) with lines lt 3 notitle, \
     csv using (curve("w1_left_beta", "simulation", "eta")):(column("value")):(column("error")) \
       with yerrorbars lt 2 lw 1 notitle, \
     csv using (curve("ck_left_xbeta", "simulation", "eta")):(column("value")):(column("error")) \
       with yerrorbars lt 3 lw 1 notitle, \
     keyentry with linespoints lt 2 title "weights, ⟨u_1, β_*⟩^2", \
     keyentry with linespoints lt 3 title "kernel, (u^T X̃ β_*)^2/n"
