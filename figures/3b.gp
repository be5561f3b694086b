# SPDX-License-Identifier: GPL-3.0-or-later
# 3b.gp - risk against neurons per dimension.
load "style.gp"
etas = "0 1 2 4"

stats csv using (is("lower_bound", "theory") ? column("value") : NaN) name "bound" nooutput
stats csv using (is("risk1", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("risk1", "simulation") ? column("replicas") : NaN) name "replicas" nooutput

set title sprintf("tanh network, ReLU teacher: ψ_1 = n/d = 5, λ = 10^{-2}, noise 0.1\n\
{/*0.8 lines: limit; points: simulation, d = %d, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
set xlabel "ψ_2 = N/d, neurons per input dimension"
set ylabel "R_1, risk after one gradient step of size η"
set logscale x
set xrange [0.235:17]
set yrange [0.06:0.34]
set xtics (0.25, 0.5, 1, 2, 5, 10, 16)
set ytics 0.05
set format y "%.2f"
set key top right Left reverse
set arrow from 5, graph 0 to 5, graph 0.62 nohead lc rgb "#bbbbbb" dt 3 back
set label "N = n" at 5.2, 0.205 tc rgb "#777777"
set label "least risk of a fixed kernel, μ_2^{*2}" at 16.5, bound_max - 0.011 right tc rgb "#555555"

plot bound_max with lines lt 8 notitle, \
     for [i=1:4] csv using (pick("risk1", "theory", word(etas, i), "psi2")):(column("value")) \
       with lines lt i notitle, \
     for [i=1:4] csv using (pick("risk1", "simulation", word(etas, i), "psi2")):(column("value")):(column("error")) \
       with yerrorbars lt i lw 1 notitle, \
     for [i=1:4] keyentry with linespoints lt i title sprintf("η = %s", word(etas, i))
