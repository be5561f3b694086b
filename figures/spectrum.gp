# SPDX-License-Identifier: GPL-3.0-or-later
# spectrum.gp - histograms of the spectra over their limiting densities, with the value that leaves each bulk.
tall = 1.35
hidden = "lambda"
load "style.gp"
# of(SPECTRUM, QUANTITY, SOURCE, COLUMN): the cell of such a row, else missing
of(spectrum, quantity, source, name) = \
  strcol("spectrum") eq spectrum && is(quantity, source) ? column(name) : NaN

spectra = ""; sizes = ""; counts = ""
note_spectrum(x) = (note_problem(0), spectra = with_word(spectra, strcol("spectrum")), \
  sizes = strcol("source") eq "simulation" ? with_word(sizes, strcol("d")) : sizes, \
  counts = strcol("source") eq "simulation" ? with_word(counts, strcol("replicas")) : counts, 0)
stats table using (strcol("status") eq "ok" ? note_spectrum(0) : 0) nooutput
if (words(spectra) == 0) exit error "no row to draw: every one failed, or there is none"
do for [k=1:words(columns)] {
  if (words(seen[k]) > 1 && !among(hidden, word(columns, k))) {
    exit error "one problem to a figure of spectra: ".word(columns, k)." takes several values"
  }
}
if (words(sizes) > 1) exit error "one problem to a figure of spectra: d takes several values"

panels = words(spectra)
caption = sprintf("line: limit; filled: simulation, d = %s, %s", list(sizes), word(counts, 1) eq "1" ? \
  "one replica" : list(counts)." replicas")
set multiplot layout panels,1 margins 0.125, 0.975, panels == 1 ? 0.12 : 0.105, titled == 0 ? 0.97 : \
    0.87 spacing 0, 0.15
largest = word(counts, 1) eq "1" ? "largest value" : "largest value, 95 % interval"
set style fill solid 0.35 noborder
set ylabel "density"
set tics front
do for [s in spectra] {
  count = 0
  stats table using (strcol("spectrum") eq s && is("density", "theory") ? measure(column("low")) : 0) nooutput
  edge = count > 0 ? high : NaN
  count = 0
  stats table using (strcol("spectrum") eq s && is("bin", "simulation") ? measure(column("value")) : 0) nooutput
  stats table using (strcol("spectrum") eq s && is("density", "theory") ? measure(column("value")) : 0) nooutput
  peak = high
  count = 0
  stats table using (strcol("spectrum") eq s && is("top", "theory") ? measure(column("value")) : 0) nooutput
  top = count > 0 ? high : NaN
  stats table using (strcol("spectrum") eq s && is("top", "simulation") ? measure(ci("ci_high")) : 0) nooutput
  right = count > 0 ? high : 1
  stats table using (strcol("spectrum") eq s && is("bin", "simulation") ? measure(column("high")) : 0) nooutput
  right = high > right ? high : right
  if (s eq word(spectra, 1)) { set title titles(caption) } else { unset title }
  set xlabel s eq "weights" ? "singular values of W_1" : "eigenvalues of F^T F / n, F = σ(X̃ W_1)"
  unset label 1
  unset arrow 1
  if (top > edge * (1 + 1e-9)) {
    set label 1 "outlier of the limit" at top, 0.30 * peak center tc rgb "#D55E00"
    set arrow 1 from top, 0.25 * peak to top, 0.02 * peak lc rgb "#D55E00" lw 1.4 size screen 0.012, 22
  }
  y_top = 1.12 * peak
  unset key
  if (s eq word(spectra, panels)) {
    # the legend takes the upper quarter of the right half
    set key at graph 0.985, graph 0.97 right top Left reverse
    count = 0
    stats table using (strcol("spectrum") eq s && (is("bin", "simulation") || is("density", "theory")) && \
      column("high") > 0.45 * right ? measure(column("value")) : 0) nooutput
    if (count > 0 && high > 0.72 * y_top) { y_top = high / 0.72 }
  }
  set yrange [0:y_top]
  set xrange [0:1.16 * right]
  plot table using (0.5 * (of(s, "bin", "simulation", "low") + column("high"))):(column("value")):(column("high") - column("low")) \
         with boxes lc rgb "#0072B2" title "simulation", \
       table using (of(s, "density", "theory", "low")):(column("value")) with lines lt 1 lw 1.8 title "limit", \
       table using (of(s, "top", "simulation", "value")):(0.012 * peak):(ci("ci_low")):(ci("ci_high")) \
         with xerrorbars lt 3 lw 1.2 title largest
  set xrange [*:*]
  set yrange [*:*]
}
unset multiplot
