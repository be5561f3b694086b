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
  is(quantity, source) && abs(column("eta") * width_max ** (column("eta_exponent") - 0.5) / e - 1) < 1e-9 ? column(name) : NaN

set title sprintf("erf network, erf teacher: ψ_2 = N/d = 1.5, λ = 0.1, noise 0.1\n\
{/*0.8 lines: theory at d = %d; points: simulation, mean of %d replicas ± one standard error}", \
  dimension_max, replicas_max)
# The rows of a point are risk (measured: risk1), then srf_risk: their ratio at the second. Its error as of independent
# means, which is too large: both sides of a replica share W0 and the batches.
last = NaN
spread = NaN
keep(x) = (last = column("value"), spread = column("error") / last, x)
ratio(e, source) = strcol("quantity") ne "srf_risk" ? keep(NaN) : at(e, "srf_risk", source, "psi1")
spread_of_ratio(x) = column("value") / last * sqrt(spread ** 2 + (column("error") / column("value")) ** 2)

set logscale x
set xrange [0.27:13.5]
set xtics (0.3, 0.5, 1, 2, 5, 10)
set lmargin 11
set rmargin 2
set multiplot
set size 1, 0.65
set origin 0, 0.35
set bmargin 0.6
set format x ""
set ylabel "risk after a step of size η"
set logscale y
set yrange [0.8 * risk_min:1.35 * risk_max]
set ytics (0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5)
set key right top Left reverse

plot for [i=1:2] csv using (at(word(sizes, i) + 0, "risk", "theory", "psi1")):(column("value")) \
       with lines lt (i + 1) notitle, \
     for [i=1:2] csv using (at(word(sizes, i) + 0, "srf_risk", "theory", "psi1")):(column("value")) \
       with lines lt (i + 1) dt (9,6) notitle, \
     for [i=1:2] csv using (at(word(sizes, i) + 0, "risk1", "simulation", "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt (i + 1) lw 1 notitle, \
     for [i=1:2] csv using (at(word(sizes, i) + 0, "srf_risk", "simulation", "psi1")):(column("value")):(column("error")) \
       with yerrorbars lt (i + 1) lw 1 pt (i == 1 ? 4 : 8) notitle, \
     for [i=1:2] keyentry with linespoints lt (i + 1) title sprintf("real step, η = %s√N", i == 1 ? "" : word(sizes, i)), \
     keyentry with linespoints lt 8 pt 4 ps 0.58 title "spiked features"

unset title
unset key
set size 1, 0.35
set origin 0, 0
set tmargin 0.6
set bmargin 3.4
set format x "%g"
set xlabel "ψ_1 = n/d, samples per input dimension"
set ylabel "spiked / real"
unset logscale y
set yrange [0.91:1.08]
set ytics 0.92, 0.04

plot 1 with lines lc rgb "#999999" lw 1 notitle, \
     for [i=1:2] csv using (ratio(word(sizes, i) + 0, "theory")):(column("value") / last) \
       with lines lt (i + 1) dt (9,6) notitle, \
     for [i=1:2] csv using (ratio(word(sizes, i) + 0, "simulation")):(column("value") / last):(spread_of_ratio(0)) \
       with yerrorbars lt (i + 1) lw 1 pt (i == 1 ? 4 : 8) notitle
unset multiplot
