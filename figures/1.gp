# SPDX-License-Identifier: GPL-3.0-or-later
# 1.gp - risk against samples per dimension, on double logarithmic axes: initial features, small step, large step.
load "style.gp"

stats csv using (is("lower_bound", "theory") ? column("value") : NaN) name "bound" nooutput
stats csv using (is("risk1", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("risk1", "simulation") ? column("replicas") : NaN) name "replicas" nooutput
stats csv using (is("risk1", "simulation") ? column("eta_exponent") : NaN) name "exponent" nooutput
small = exponent_min
large = exponent_max
# pick(QUANTITY, SOURCE, EXPONENT, COLUMN): the curve with eta = N^EXPONENT
pick(quantity, source, exponent, name) = \
  is(quantity, source) && column("eta_exponent") == exponent ? column(name) : NaN

set title sprintf("erf network, erf teacher: ψ_2 = N/d = 2, λ = 10^{-3}, noise 0.1\n\
{/*0.8 lines: theory at d = %d; points: simulation, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
set xlabel "ψ_1 = n/d, samples per input dimension"
set ylabel "risk after a step of size η"
set logscale xy
set xrange [0.47:43]
set yrange [0.007:2.6]
set xtics (0.5, 1, 2, 5, 10, 20, 40)
set ytics (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2)
set key at 40, 2.4 right top Left reverse
set label "least risk of a fixed kernel, μ_2^{*2}" at 0.52, bound_max * 0.86 left tc rgb "#555555"
set label "∝ d/n" at 15, 0.0108 right tc rgb "#777777"

plot bound_max with lines lt 8 notitle, \
     [10:40] 0.2 / x with lines lc rgb "#999999" lw 1.2 dt 3 notitle, \
     csv using (pick("risk0", "theory", small, "psi1")):(column("value")) with lines lt 1 notitle, \
     csv using (pick("risk", "theory", small, "psi1")):(column("value")) with lines lt 2 notitle, \
     csv using (pick("risk1", "theory", small, "psi1")):(column("value")) with lines lc rgb "#9fcbe8" lw 1 dt 2 notitle, \
     csv using (pick("risk", "theory", large, "psi1")):(column("value")) with lines lt 3 notitle, \
     csv using (pick("risk0", "simulation", small, "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt 1 lw 1 notitle, \
     csv using (pick("risk1", "simulation", small, "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt 2 lw 1 notitle, \
     csv using (pick("risk1", "simulation", large, "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt 3 lw 1 notitle, \
     keyentry with linespoints lt 1 title "initial features, η = 0", \
     keyentry with linespoints lt 2 title "small step, η = 1 (light dashes: d → ∞)", \
     keyentry with linespoints lt 3 title "large step, η = √N"
