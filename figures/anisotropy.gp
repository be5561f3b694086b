# SPDX-License-Identifier: GPL-3.0-or-later
# anisotropy.gp - risk of the real gradient step and of spiked random features, over samples per dimension.
load "style.gp"
sizes = "1 2"

stats csv using (is("risk1", "simulation") ? column("width") : NaN) name "width" nooutput
stats csv using (is("risk1", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("risk1", "simulation") ? column("replicas") : NaN) name "replicas" nooutput
stats csv using (is("risk", "theory") ? column("value") : NaN) name "risk" nooutput
# at(E, QUANTITY, SOURCE, COLUMN): the cell of the curve with eta = E sqrt N, else missing
at(e, quantity, source, name) = \
  is(quantity, source) && abs(column("eta") / (e * sqrt(width_max)) - 1) < 1e-9 ? column(name) : NaN

set title sprintf("erf network, erf teacher: ψ_2 = N/d = 1.5, λ = 0.1, noise 0.1\n\
{/*0.8 lines: theory at d = %d; points: simulation, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
set xlabel "ψ_1 = n/d, samples per input dimension"
set ylabel "risk after one step of size η"
set logscale xy
set xrange [0.27:13.5]
set yrange [0.8 * risk_min:1.35 * risk_max]
set xtics (0.3, 0.5, 1, 2, 5, 10)
set ytics (0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
set key right top Left reverse

plot for [i=1:2] csv using (at(word(sizes, i) + 0, "risk", "theory", "psi1")):(column("value")) \
       with lines lt (i + 1) notitle, \
     for [i=1:2] csv using (at(word(sizes, i) + 0, "srf_risk", "theory", "psi1")):(column("value")) \
       with lines lt (i + 1) dt (9,6) notitle, \
     for [i=1:2] csv using (at(word(sizes, i) + 0, "risk1", "simulation", "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt (i + 1) lw 1 notitle, \
     for [i=1:2] keyentry with linespoints lt (i + 1) title sprintf("real step, η = %s√N", i == 1 ? "" : word(sizes, i)), \
     keyentry with lines lt 8 title "spiked random features"
