# SPDX-License-Identifier: GPL-3.0-or-later
# 2.gp - paths of neurons in the plane of the teacher's two neurons, in two scalings, each panel on its own scale. The
# plane is turned so that the bisector of the two stands upright.
tall = 0.76
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
place(s, step) = (start(s), of(s, "across") && column("steps") == step ? x : NaN)
any(s) = (start(s), of(s, "across") ? x : NaN)
# The width of a panel about the upright axis, of height 3/4, that holds all paths.
shape = 0.75
reach(xl, xh, yl, yh) = (wide = xh > -xl ? 2 * xh : -2 * xl, high = (yh - yl) / shape, 1.08 * (wide > high ? wide : high))
colour(sign) = sign > 0 ? 0x0072B2 : 0xD55E00

stats csv using (cell("mean-field", "loss", "d")) name "dimension" nooutput
stats csv using (cell("mean-field", "teacher_along", "value")) name "cosine" nooutput
turn = acos(cosine_min)
tilt = (pi - turn) / 2
do for [s in "mean-field ntk"] {
  name = s eq "ntk" ? s : "field"
  stats csv using (cell(s, "loss", "steps")):(column("value")) name name nooutput
  stats csv using (cell(s, "moved", "value")) name name."_moved" nooutput
  stats csv using (any(s)):(y) name name."_paths" nooutput
}

set multiplot layout 1,2 margins 0.095, 0.985, 0.175, 0.74 spacing 0.125, 0 title sprintf(\
  "{/*0.85 ReLU network, teacher of two ReLU neurons b_1, b_2 at %.0f°: d = %d, n = N = 10 d, no noise}\n\
{/*0.7 paths of 150 neurons under gradient descent on W, until the loss L = (1/2n) Σ_i (f(x_i) − y_i)^2 is below 10^{-3}}", \
  turn * 180 / pi, dimension_max)
set size ratio -1
set tics scale 0.5 font ",10"
set xlabel "⟨w_j, b_1 − b_2⟩ / |b_1 − b_2|" font ",11"
set ylabel "⟨w_j, b_1 + b_2⟩ / |b_1 + b_2|" font ",11" offset 0.3, 0
set key font ",10.5" at graph 0.99, 0.03 right bottom Left reverse
do for [s in "mean-field ntk"] {
  name = s eq "ntk" ? "ntk" : "field"
  eval sprintf("xl = %s_paths_min_x; xh = %s_paths_max_x; yl = %s_paths_min_y; yh = %s_paths_max_y", name, name, name, name)
  eval sprintf("last = %s_max_x; moved = %s_moved_max; first_loss = %s_max_y", name, name, name)
  side = reach(xl, xh, yl, yh)
  set xrange [-0.5 * side:0.5 * side]
  set yrange [0.5 * (yl + yh - shape * side):0.5 * (yl + yh + shape * side)]
  step = side > 12 ? 4 : side > 6 ? 2 : side > 3 ? 1 : side > 0.6 ? 0.2 : 0.1
  set xtics step
  set ytics step
  set title sprintf("{/*0.85 %s Σ_j ζ_j σ(⟨w_j, x⟩)}\n{/*0.7 %d steps from L = %.2f, |W − W_0| = %.2f |W_0|}", \
    s eq "ntk" ? "NTK: f(x) = N^{-1/2}" : "mean-field: f(x) = N^{-1}", last, first_loss, moved) offset 0, -0.5
  do for [k=0:1] {
    across = cos(k * turn + tilt); up = sin(k * turn + tilt)
    length = 0.44 * side
    set arrow 1 + k from 0,0 to length * across, length * up lc rgb "#000000" lw 1.5 size screen 0.011, 18 filled front
    set label 1 + k sprintf("b_%d", 1 + k) at (length + 0.045 * side) * across, (length + 0.045 * side) * up center font ",11" front
  }
  if (s eq "ntk") {
    unset object 1
    unset label 3
    unset key
  } else {
    ny = 0.5 * (ntk_paths_min_y + ntk_paths_max_y)
    half = 0.5 * reach(ntk_paths_min_x, ntk_paths_max_x, ntk_paths_min_y, ntk_paths_max_y)
    set object 1 rectangle from -half, ny - shape * half to half, ny + shape * half fs empty border rgb "#000000" lw 1.1 front
    set label 3 "panel on the right" at -1.4 * half, ny - 1.6 * half right font ",9.5" tc rgb "#555555" front
  }
  plot csv using (start(s)):(y0):(x - x0):(y - y0):(colour(zeta)) with vectors nohead lw 0.8 lc rgb variable notitle, \
       csv using (place(s, 0)):(y) with points pt 7 ps 0.2 lc rgb "#777777" notitle, \
       csv using (place(s, last)):(y):(colour(zeta)) with points pt 7 ps 0.33 lc rgb variable notitle, \
       keyentry with linespoints lc rgb "#0072B2" pt 7 ps 0.4 title s eq "ntk" ? "" : "ζ_j > 0", \
       keyentry with linespoints lc rgb "#D55E00" pt 7 ps 0.4 title s eq "ntk" ? "" : "ζ_j < 0", \
       keyentry with points pt 7 ps 0.3 lc rgb "#777777" title s eq "ntk" ? "" : "at W_0"
}
unset multiplot
