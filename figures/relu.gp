# SPDX-License-Identifier: GPL-3.0-or-later
# crossover.gp - risk against the step size: every d follows the small-step limit until eta is of the order of sqrt N.
# The curves are those at a fixed eta; the limit d -> inf at fixed eta/sqrt N, rows without d whose eta is that ratio, is
# drawn once for every d.
tall = 1.08
load "style.gp"
wanted(x) = !has("eta_exponent") || column("eta_exponent") == 0
is_large(x) = has("eta_exponent") && is("risk", "theory") && strcol("d") eq "" ? column("eta_exponent") == 0.5 : 0
large = 0
stats table using (is_large(0) ? (large = 1, 0) : 0) nooutput
more_entries = large
load "rows.gp"

root(i) = sqrt(number_of(only("psi2")) * number_of(of_d[i]))
has_root(i) = kinds("psi2") == 1 && axis eq "eta" && of_d[i] ne "" && of_d[i] ne "inf" && root(i) > x_low && \
    root(i) < x_high
do for [i=1:curve_count] {
  if (has_root(i)) {
    set arrow from root(i), graph 0 to root(i), graph 0.055 nohead lt line_type[i] lw 2.4
    if (!exists("leftmost")) { leftmost = root(i) }
    if (root(i) < leftmost) { leftmost = root(i) }
    if (large) {
      curves = curves.sprintf(", table using (is_large(0) ? root(%d) * column('eta') : NaN):(column('value')) smooth unique \
with lines lt %d lw 1.2 dt (3,4) notitle", i, line_type[i])
    }
  }
}
if (exists("leftmost")) {
  set label "η = √N" at leftmost, graph 0.035 right offset -0.6, 0 tc rgb "#777777"
  if (large) { legend = legend.", keyentry with lines lc rgb '#555555' lw 1.2 dt (3,4) title 'd → ∞ at fixed η/√N'" }
}
set title titles(caption)
eval axes
eval "plot ".curves.legend
