# SPDX-License-Identifier: GPL-3.0-or-later
# crossover.gp - risk against the step size: every d follows the small-step limit until eta is of the order of sqrt N.
load "style.gp"

stats csv using (is("risk1", "simulation") ? column("d") : NaN) name "dimension" nooutput
stats csv using (is("risk1", "simulation") ? column("replicas") : NaN) name "replicas" nooutput
stats csv using (is("risk", "theory") ? column("value") : NaN) name "risk" nooutput
ds(i) = i == 1 ? dimension_min : i == 2 ? dimension_median : dimension_max
root(i) = sqrt(1.5 * ds(i))
# of(D, QUANTITY, SOURCE, COLUMN): the cell of the curve at that dimension, else missing
of(d, quantity, source, name) = is(quantity, source) && column("d") == d ? column(name) : NaN
# The limit d -> inf at fixed eta/sqrt N has no d; there the exponent is 0.5, and the column eta holds eta/sqrt N.
large(name) = is("risk", "theory") && strcol("d") eq "" ? column(name) : NaN

set title sprintf("erf network and teacher: ψ_1 = 4, ψ_2 = 1.5, λ = 10^{-2}, noise 0.1\n\
{/*0.8 lines: theory at d; points: simulation, mean of %d replicas ± one standard error}", replicas_max)
set xlabel "η, step size"
set ylabel "R_1, risk after one gradient step"
set logscale xy
set xrange [0.09:170]
set yrange [0.75 * risk_min:1.35 * risk_max]
set xtics (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
set ytics (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)
set key at 0.11, 1.13 * risk_min left bottom Left reverse
do for [i=1:3] {
  set arrow from root(i), graph 0 to root(i), graph 0.055 nohead lt (i + 1) lw 2.4
}
set label "η = √N" at root(1) * 0.9, graph 0.035 right tc rgb "#777777"
set label "small step, η = Θ(1)" at 0.11, 1.2 * risk_max left tc rgb "#777777"
set label "large step, η = Θ(√N)" at 150, 1.2 * risk_max right tc rgb "#777777"

plot csv using (of(dimension_max, "risk1", "theory", "eta")):(column("value")) with lines lt 8 \
       title "d → ∞ at fixed η", \
     for [i=1:3] csv using (root(i) * large("eta")):(large("value")) with lines lt (i + 1) lw 1.2 dt (3,4) notitle, \
     for [i=1:3] csv using (of(ds(i), "risk", "theory", "eta")):(column("value")) with lines lt (i + 1) notitle, \
     for [i=1:3] csv using (of(ds(i), "risk1", "simulation", "eta")):(column("value")):(column("error")) \
       with yerrorbars lt (i + 1) lw 1 notitle, \
     keyentry with lines lc rgb "#555555" lw 1.2 dt (3,4) title "d → ∞ at fixed η/√N", \
     for [i=1:3] keyentry with linespoints lt (i + 1) title sprintf("d = %d", ds(i))
