# SPDX-License-Identifier: GPL-3.0-or-later
# 3c.gp - risk against samples per dimension, on double logarithmic axes, for steps from Theta(1) to Theta(sqrt N).
load "style.gp"
alphas = "0 0.125 0.25 0.375 0.5"
words = "0 1/8 1/4 3/8 1/2"

stats csv using (is("lower_bound", "theory") ? column("value") : NaN) name "bound" nooutput
stats csv using (is("risk1", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("risk1", "simulation") ? column("replicas") : NaN) name "replicas" nooutput
# at(ALPHA, QUANTITY, SOURCE, COLUMN): the cell of the curve with eta = N^ALPHA, else missing
at(alpha, quantity, source, name) = \
  is(quantity, source) && abs(column("eta_exponent") - alpha) < 1e-9 ? column(name) : NaN

set title sprintf("erf network, erf teacher: ψ_2 = N/d = 2, λ = 10^{-3}, noise 0.1\n\
{/*0.8 lines: theory at d = %d; points: simulation, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
set xlabel "ψ_1 = n/d, samples per input dimension"
set ylabel "R_1, risk after a step of size η = N^α"
set logscale xy
set xrange [0.47:43]
set yrange [0.007:2.6]
set xtics (0.5, 1, 2, 5, 10, 20, 40)
set ytics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
set key at 40, 2.4 right top Left reverse
set label "least risk of a fixed kernel, μ_2^{*2}" at 0.52, bound_max * 0.86 left tc rgb "#555555"
set label "∝ d/n" at 15, 0.0108 right tc rgb "#777777"
set linetype 5 lc rgb "#CC79A7" lw 1.6 pt 11 ps 0.78

plot bound_max with lines lt 8 notitle, \
     [10:40] 0.2 / x with lines lc rgb "#999999" lw 1.2 dt 3 notitle, \
     for [i=1:5] csv using (at(word(alphas, i) + 0, "risk", "theory", "psi1")):(column("value")) \
       with lines lt i notitle, \
     csv using (at(0, "risk1", "theory", "psi1")):(column("value")) with lines lc rgb "#bbbbbb" lw 1 dt 2 notitle, \
     for [i=1:5] csv using (at(word(alphas, i) + 0, "risk1", "simulation", "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt i lw 1 notitle, \
     for [i=1:5] keyentry with linespoints lt i title sprintf("α = %s%s", word(words, i), i == 1 ? " (light dashes: d → ∞)" : "")
