# SPDX-License-Identifier: GPL-3.0-or-later
# 2.gp - paths of neurons in the plane of the teacher's two neurons, a panel for each scaling, each on its own scale. The
# plane is turned so that the bisector of the two stands upright.
tall = titled == 0 ? 0.7 : 0.84
hidden = "lambda steps batch"
load "style.gp"
of(scaling, quantity) = is(quantity, "simulation") && strcol("scaling") eq scaling
cell(scaling, quantity, name) = of(scaling, quantity) ? column(name) : NaN

# Rows come neuron by neuron: zeta, then along and across at every step kept. start() is the abscissa where a piece of
# the path begins, and missing in every other row; (x0, y0) - (x, y) is that piece.
zeta = 0; along = 0; x = 0; y = 0; x0 = 0; y0 = 0; begun = 0; known = 0; tilt = 0
begin(value) = (zeta = value, begun = 0, NaN)
note(value) = (along = value, NaN)
go_on(value) = (known = begun, begun = 1, x0 = x, y0 = y, x = along * cos(tilt) - value * sin(tilt), \
  y = along * sin(tilt) + value * cos(tilt), known ? x0 : NaN)
start(s) = of(s, "zeta") ? begin(column("value")) : of(s, "along") ? note(column("value")) : \
  of(s, "across") ? go_on(column("value")) : NaN
place_at(s, step) = (start(s), of(s, "across") && column("steps") == step ? x : NaN)
any(s) = (start(s), of(s, "across") ? x : NaN)
# The width of a panel about the upright axis, of height 3/4, that holds all paths.
shape = 0.75
reach(xl, xh, yl, yh) = (wide = xh > -xl ? 2 * xh : -2 * xl, tall_ = (yh - yl) / shape, 1.08 * (wide > tall_ ? \
    wide : tall_))
colour(sign) = sign > 0 ? 0x0072B2 : 0xD55E00

# What there is: the scalings that have paths, the teacher's angle, how many neurons.
scalings = ""; sizes = ""; cosine = NaN; neurons = 0
note_cosine(c) = (cosine = c < cosine || !(cosine == cosine) ? c : cosine, 0)
note_row(q) = (note_problem(0), sizes = with_word(sizes, strcol("d")), q eq "zeta" ? (scalings = \
    with_word(scalings, strcol("scaling")), \
  neurons = column("neuron") > neurons ? column("neuron") : neurons) : q eq "teacher_along" ? \
  note_cosine(column("value")) : 0, 0)
stats table using (strcol("status") eq "ok" ? note_row(strcol("quantity")) : 0) nooutput
if (words(scalings) == 0) exit error "no path to draw: the descent failed, or paths = 0"
do for [k=1:words(columns)] {
  if (words(seen[k]) > 1 && !among(hidden, word(columns, k))) {
    exit error "one problem to a figure of paths: ".word(columns, k)." takes several values"
  }
}
if (words(sizes) > 1) exit error "one problem to a figure of paths: d takes several values"
turn = acos(cosine)
tilt = (pi - turn) / 2
name_of(s) = s eq "mean-field" ? "field" : s
do for [s in scalings] {
  name = name_of(s)
  stats table using (cell(s, "loss", "steps")):(column("value")) name name nooutput
  stats table using (cell(s, "moved", "value")) name name."_moved" nooutput
  stats table using (any(s)):(y) name name."_paths" nooutput
}
panels = words(scalings)
caption = sprintf("d = %s; paths of %d neurons; each panel on its own scale, arrows: the directions of b_1 and b_2, not their lengths", \
  list(sizes), neurons)
network_of_two = says("activation", only("activation")).", teacher of two ".activation(only("teacher")). \
  sprintf(" neurons b_1, b_2 at %.0f°", turn * 180 / pi)
heads = line(line(sized(0.9, plain(heading)), sized(0.85, comma(network_of_two, in_common(0)))), sized(0.7, caption))
set multiplot layout 1,panels margins panels == 1 ? 0.3 : 0.095, panels == 1 ? 0.75 : 0.985, titled == 0 ? 0.25 : \
    0.21, \
  titled == 0 ? 0.85 : 0.7 spacing 0.125, 0 \
  title titled == 0 ? "" : heads
set size ratio -1
set tics scale 0.5 font ",10"
set xlabel "⟨w_j, b_1 − b_2⟩ / |b_1 − b_2|" font ",11"
set ylabel "⟨w_j, b_1 + b_2⟩ / |b_1 + b_2|" font ",11" offset 0.3, 0
unset key
set label 11 "● ζ_j > 0" at screen 0.5, 0.03 center offset -14, 0 font ",11" tc rgb "#0072B2"
set label 12 "● ζ_j < 0" at screen 0.5, 0.03 center font ",11" tc rgb "#D55E00"
set label 13 "● at W_0" at screen 0.5, 0.03 center offset 14, 0 font ",11" tc rgb "#777777"
do for [s in scalings] {
  name = name_of(s)
  eval sprintf("xl = %s_paths_min_x; xh = %s_paths_max_x; yl = %s_paths_min_y; yh = %s_paths_max_y", name, name, \
    name, name)
  eval sprintf("last = %s_max_x; moved = %s_moved_max; first_loss = %s_max_y; last_loss = %s_min_y", name, name, \
    name, name)
  side = reach(xl, xh, yl, yh)
  set xrange [-0.5 * side:0.5 * side]
  set yrange [0.5 * (yl + yh - shape * side):0.5 * (yl + yh + shape * side)]
  step_ = 10**floor(log10(side / 4))
  step_ = side / step_ > 20 ? 5 * step_ : side / step_ > 8 ? 2 * step_ : step_
  set xtics step_
  set ytics step_
  set title sprintf("{/*0.85 %s Σ_j ζ_j σ(⟨w_j, x⟩)}\n{/*0.6 L = %s → %s in %d steps, |W − W_0| = %.2f |W_0|}", \
    s eq "ntk" ? "NTK: f(x) = N^{-1/2}" : "mean-field: f(x) = N^{-1}", number(real(sprintf("%.2g", first_loss))), \
    number(real(sprintf("%.2g", last_loss))), last, moved) offset 0, -0.5
  length = 0.44 * side
  do for [k=0:1] {
    ceiling = 0.5 * (yl + yh + shape * side) - 0.08 * side
    up = sin(k * turn + tilt)
    if (up * length > ceiling && ceiling > 0) { length = ceiling / up }
  }
  do for [k=0:1] {
    b_across = cos(k * turn + tilt); up = sin(k * turn + tilt)
    set arrow 1 + k from 0,0 to length * b_across, length * up lc rgb "#000000" lw 1.5 size screen 0.011, \
      18 filled front
    set label 1 + k sprintf("b_%d", 1 + k) at (length + 0.045 * side) * b_across, \
      (length + 0.045 * side) * up center font ",11" front
  }
  unset object 1
  unset label 3
  if (s eq "mean-field" && among(scalings, "ntk")) {
    ny = 0.5 * (ntk_paths_min_y + ntk_paths_max_y)
    half_side = 0.5 * reach(ntk_paths_min_x, ntk_paths_max_x, ntk_paths_min_y, ntk_paths_max_y)
    set object 1 rectangle from -half_side, ny - shape * half_side to half_side, \
      ny + shape * half_side fs empty border rgb "#000000" lw 1.1 front
    set label 3 "frame: the NTK panel" at graph 0.02, 0.05 left font ",9.5" tc rgb "#555555" front
  }
  plot table using (start(s)):(y0):(x - x0):(y - y0):(colour(zeta)) with vectors nohead lw 0.8 lc rgb variable notitle, \
       table using (place_at(s, 0)):(y) with points pt 7 ps 0.2 lc rgb "#777777" notitle, \
       table using (place_at(s, last)):(y):(colour(zeta)) with points pt 7 ps 0.33 lc rgb variable notitle
}
unset multiplot
