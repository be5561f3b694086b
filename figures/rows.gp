# SPDX-License-Identifier: GPL-3.0-or-later
# rows.gp - curves from rows, whatever .ini they come from: which column is the axis, what tells the curves apart, their
# names, the ranges and the place of the legend; the commands are left in `axes`, `curves` and `legend`. After style.gp;
# wanted(0) says which rows are drawn, guide = 1 asks for a line proportional to d/n.

# Risk and training error of the real step are the limits of risk1 and train1 at finite d; spiked features stand beside.
family(q) = among("risk srf_risk", q) ? "risk1" : among("train srf_train", q) ? "train1" : q
spiked(q) = q[1:4] eq "srf_"
# Which columns a quantity depends on: those of W0 on no step, the bound on the teacher alone.
gradients = "theta1 theta2 grad_op grad_fro2 grad_rank_one tau_star kappa_star"
stepless = gradients." risk0 train0 kappa df2 linear_ridge ntk_ridge kernel_exp_inner kernel_exp_dist"
spectral(q) = among(gradients, q) || \
  among("w1 ck stair1 stair2 stair3 stair4 stair step", q[1:strstrt(q."_", "_") - 1])
depends(q, c) = q eq "lower_bound" ? c eq "teacher" : c eq "lambda" ? !spectral(q) : \
  !(among(stepless, q) && among("eta eta_exponent steps batch eta_second eta_second_exponent ridge_batch overlap extra", c))
# Limits that know d: those of the real step, and any at a step that grows with N.
exponent_of(x) = has("eta_exponent") ? column("eta_exponent") : 0
at_finite_d(q) = strcol("d") ne "" && (among("risk train srf_risk srf_train any_m any_tau any_p any_v", q) || \
  (depends(q, "eta") && exponent_of(0) > 0))
what(f) = f eq "risk0" || f eq "train0" ? label(f).", initial features" : f eq "lower_bound" ? "bound of kernels, ".label(f) : \
  f eq "w1_left_beta" ? "weights, ".label(f) : f eq "ck_left_xbeta" ? "kernel, ".label(f) : \
  f eq "linear_ridge" ? "ridge on the inputs" : f eq "ntk_ridge" ? "ridge on the tangent features" : label(f)

# ---- first reading: what there is ----
families = ""; bounds = 0; ds = ""; drawn_ds = ""; finite = ""; real_step = 0
note_family(f) = (real_step = real_step || (among("risk train", f) && strcol("source") eq "theory"), \
  bounds = bounds + (f eq "lower_bound"), families = f eq "lower_bound" ? families : with_word(families, family(f)))
simulated = 0; replicas_low = 0; replicas_high = 0; solved = 0
note_replicas(r) = (replicas_low = simulated == 0 || r < replicas_low ? r : replicas_low, \
  replicas_high = r > replicas_high ? r : replicas_high, simulated = simulated + 1)
note_d(x) = (ds = with_word(ds, strcol("d")))
note_source(q) = strcol("source") eq "simulation" ? (note_d(0), drawn_ds = with_word(drawn_ds, strcol("d")), \
    note_replicas(column("replicas"))) : \
  (solved = solved + 1, at_finite_d(q) ? (finite = with_word(finite, strcol("d")), note_d(0)) : 0)
drawable(x) = strcol("status") eq "ok" && wanted(0)
note_row(q) = (note_problem(0), note_family(q), note_source(q), 0)
stats table using (drawable(0) ? note_row(strcol("quantity")) : 0) name "all" nooutput
if (words(families) == 0 && bounds == 0) exit error "no row to draw: every one failed, or there is none"

axis = "psi1"
do for [c in "psi2 lambda eta noise steps overlap extra eta_second eta_second_exponent"] {
  if (kinds(c) > kinds(axis)) { axis = c }
}
several_d = words(ds) > 1
do for [c in columns] {
  if (words(families) > 0 && (sum [k=1:words(families)] depends(word(families, k), c)) == 0) { hidden = hidden." ".c }
}
varied = ""
do for [k=1:words(columns)] {
  if (words(seen[k]) > 1 && word(columns, k) ne axis) { varied = varied." ".word(columns, k) }
}

# ---- second reading: the curves ----
# 1 line, 2 light dashes (the limit d -> inf beside a line at finite d), 3 points, 4 dashes and 5 hollow points of spiked
# features; 0 is not drawn.
limit_beside(q) = among("risk1 train1", q) && real_step && !several_d
kind(q) = strcol("source") eq "simulation" ? (spiked(q) ? 5 : 3) : spiked(q) ? 4 : \
  !limit_beside(q) ? 1 : exponent_of(0) == 0 ? 2 : 0
at_d(q) = !several_d || q eq "lower_bound" ? "" : strcol("source") eq "simulation" || at_finite_d(q) ? \
    strcol("d") : "inf"
k = ""
key(q) = (k = (q eq "lower_bound" ? q : family(q))."|".at_d(q), sum [j=1:words(varied)] \
  (k = depends(q, word(varied, j)) ? k."|".text(word(varied, j)) : k, 0), k)
said(c, s) = c eq "psi1" || c eq "psi2" ? label(c)." = ".number(number_of(s)) : \
  says(c, s) ne "" ? says(c, s) : c eq "steps" ? "1 step" : c eq "batch" ? "same batch" : c eq "ridge_batch" ? "fresh pairs" : plain(s)." ".plain(c)
exponent_text(x) = has("eta_exponent") ? strcol("eta_exponent") : "0"
name_of_step(q) = !depends(q, "eta") || !(among(varied, "eta") || among(varied, "eta_exponent")) ? "" : \
  axis eq "eta" ? "step η".grown(exponent_text(0)) : "η = ".step(strcol("eta"), exponent_text(0))
name_of_d(q) = at_d(q) eq "" ? "" : at_d(q) eq "inf" ? "d → ∞ at fixed η" : "d = ".at_d(q)
# A cell that is empty in some rows says nothing where it is the same in all others: the share of what is reused.
is_implied(c) = words(seen[place(c)]) - among(seen[place(c)], "-") < 2
name_of(q) = (k = q eq "lower_bound" ? what(q) : words(families) > 1 ? what(family(q)) : "", \
  k = comma(k, name_of_step(q)), sum [j=1:words(varied)] (c = word(varied, j), \
    k = is_implied(c) || c eq "eta" || c eq "eta_exponent" || !depends(q, c) ? k : comma(k, said(c, text(c))), 0), \
  k = comma(k, name_of_d(q)), k eq "" ? what(family(q)) : k)

most = 200
array keys[most]; array names[most]; array line_type[most]; array of_d[most]; array amount[5 * most]
array curve[all_records + all_invalid + all_blank]; array kind_of[all_records + all_invalid + all_blank]
curve_count = 0; coloured = 0; limits = 0
in_colour(n) = (m = (n - 1) % 14, m < 7 ? m + 1 : m + 2)
add_curve(q) = (curve_count = curve_count + 1, keys[curve_count] = key(q), names[curve_count] = name_of(q), \
  of_d[curve_count] = at_d(q), sum [j=1:5] (amount[5 * curve_count - 5 + j] = 0, 0), \
  line_type[curve_count] = (q eq "lower_bound" || at_d(q) eq "inf") && limits == 0 ? (limits = limits + 1, 8) : \
  (coloured = coloured + 1, in_colour(coloured)), \
  curve_count)
find_curve(s) = sum [i=1:curve_count] (keys[i] eq s ? i : 0)
at_curve(q) = (found = find_curve(key(q)), found > 0 ? found : curve_count < most ? add_curve(q) : 0)
ordered(q) = (r = row(0), kind_of[r] = kind(q), curve[r] = kind_of[r] == 0 ? 0 : at_curve(q), curve[r] == 0 ? 0 : \
  (j = 5 * curve[r] - 5 + kind_of[r], amount[j] = amount[j] + 1), 0)
skip(x) = (curve[row(0)] = 0, kind_of[row(0)] = 0, 0)
stats table using (drawable(0) ? ordered(strcol("quantity")) : skip(0)) nooutput
if (curve_count == most) print "only the first ".most." curves are drawn"
at(i, kind) = curve[row(0)] == i && kind_of[row(0)] == kind ? column(axis) : NaN
is_drawn(x) = curve[row(0)] > 0

# ---- ranges ----
count = 0
stats table using (is_drawn(0) ? measure(column(axis)) : 0) nooutput
x_low = low; x_high = high; count = 0
stats table using (is_drawn(0) ? measure(column("value")) : 0) nooutput
y_low = low; y_high = high; count = 0
stats table using (is_drawn(0) ? (measure(ci("ci_low")), measure(ci("ci_high"))) : 0) nooutput
ci_low = low; ci_high = high
log_x = x_low > 0 && x_high / x_low > 15
log_y = y_low > 0 && y_high / y_low > 7
# the line proportional to d/n, under the lowest curve
if (!exists("guide")) guide = 0
guide = guide && log_x && log_y && axis eq "psi1"
if (guide) {
  count = 0
  stats table using (is_drawn(0) && strcol("quantity") ne "lower_bound" && column("psi1") > 0.5 * x_high ? \
    measure(column("psi1") * column("value")) : 0) nooutput
  guided = 0.75 * low
  if (guided / x_high < y_low) { y_low = guided / x_high }
}
if (log_y) {
  if (ci_low > y_low / 3 && ci_low < y_low) { y_low = ci_low }
  if (ci_high > y_high) { y_high = ci_high }
  y_low = y_low / (y_high / y_low)**0.06; y_high = y_high * (y_high / y_low)**0.06
} else {
  if (ci_low < y_low) { y_low = ci_low }
  if (ci_high > y_high) { y_high = ci_high }
  room = y_high > y_low ? 0.06 * (y_high - y_low) : y_low == 0 ? 1 : 0.1 * abs(y_low)
  y_low = y_low >= 0 && y_low < room ? 0 : y_low - room; y_high = y_high + room
}
if (log_x) {
  x_low = x_low / (x_high / x_low)**0.015; x_high = x_high * (x_high / x_low)**0.015
} else {
  room = x_high > x_low ? 0.015 * (x_high - x_low) : x_low == 0 ? 1 : 0.1 * abs(x_low)
  x_low = x_low == 0 ? 0 : x_low - room; x_high = x_high + room
}
drop(name) = log_y && ci(name) < y_low ? y_low : ci(name)

# ---- names of the axes, what is said over the picture ----
risks = "risk0 risk1 linear_ridge ntk_ridge kernel_exp_inner kernel_exp_dist"
overlaps = "w1_left_beta ck_left_xbeta"
within(set_of) = (sum [j=1:words(families)] (among(set_of, word(families, j)) ? 1 : 0)) == words(families)
steps_text = kinds("steps") == 1 && only("steps") ne "1" ? only("steps")." gradient steps" : \
  kinds("steps") == 1 ? "one gradient step" : "the gradient steps"
set xlabel cut(axis_title(axis)).(axis eq "eta" && kinds("eta_exponent") == 1 && grown(only("eta_exponent")) ne "" ? \
  ", over ".grown(only("eta_exponent")) : "")
y_title = words(families) == 1 && within("risk1") ? "R_1, risk after ".steps_text : \
  words(families) == 1 && within("train1") ? "T_1, training error after ".steps_text : \
  words(families) == 1 ? what(word(families, 1)) : within(risks) ? "risk before and after ".steps_text : \
  within(risks." train0 train1") && !within("train0 train1") ? "risk R and training error T" : \
  within("train0 train1") ? "training error before and after ".steps_text : \
  within(overlaps) ? "squared overlap with the teacher's direction" : "value"
set ylabel cut(y_title)
same_d = finite eq drawn_ds && words(ds) > 0
points_text = "points: simulation".(same_d ? ", " : " at d = ".list(drawn_ds).", ").(replicas_high == 1 ? \
    "one replica" : \
  (replicas_low == replicas_high ? sprintf("mean of %d replicas", replicas_high) : \
    sprintf("means of %d to %d replicas", replicas_low, replicas_high)).", bars: 95 % intervals")
lines_text = "lines: ".(words(finite) == 0 ? "limit" : same_d ? "theory" : "theory at d = ".list(finite))
caption = (same_d ? "d = ".list(ds)."; " : "").(solved > 0 ? lines_text : "").(solved > 0 && simulated > 0 ? \
    "; " : "").(simulated > 0 ? points_text : "")

# n = N, where ridge regression without a penalty would interpolate
at_peak = axis eq "psi1" && kinds("psi2") == 1 ? number_of(only("psi2")) : axis eq "psi2" && kinds("psi1") == 1 ? \
    number_of(only("psi1")) : NaN
if (at_peak > x_low && at_peak < x_high) {
  set arrow from at_peak, graph 0 to at_peak, graph 1 nohead lc rgb "#999999" dt 3 back
  set label "n = N" at at_peak, graph 1.025 center tc rgb "#777777"
  if (titled == 0) { set tmargin 2 } else { set title offset 0, 0.5 }
}

# ---- the command: the bound, lines, points, the legend ----
curves = ""
part(i, kind, rest) = amount[5 * i - 5 + kind] == 0 ? "" : sprintf(", table using (at(%d, %d)):(column('value'))", i, kind).rest." notitle"
bars = ":(drop('ci_low')):(ci('ci_high')) with yerrorbars"
do for [i=1:curve_count] {
  curves = part(i, 1, sprintf(" smooth unique with lines lt %d", line_type[i])).curves
  curves = curves.part(i, 4, sprintf(" smooth unique with lines lt %d dt (9,6)", line_type[i]))
  curves = curves.part(i, 2, " smooth unique with lines lc rgb '#bbbbbb' lw 1 dt 2")
}
do for [i=1:curve_count] {
  curves = curves.part(i, 3, bars.sprintf(" lt %d lw 1 dt 1", line_type[i]))
  curves = curves.part(i, 5, bars.sprintf(" lt %d lw 1 dt 1 pt %d", line_type[i], i % 2 == 1 ? 4 : 8))
}
if (!exists("more_entries")) more_entries = 0 # that a script itself adds to the legend
legend = ""; entries = more_entries; widest = 0
entry(style, title) = (legend = legend.", keyentry with ".style." title ".title, entries = entries + 1)
letters(s) = sum [j=1:strlen(s)] (strstrt('_^{}\', s[j:j]) == 0)
wide(title) = (widest = letters(title) > widest ? letters(title) : widest)
pictured(i) = amount[5 * i - 2] == 0 ? "lines" : amount[5 * i - 4] == 0 ? "points" : "linespoints"
do for [dashed=0:1] {
  do for [i=1:curve_count] {
    if ((line_type[i] == 8) == dashed) {
      x = entry(sprintf("%s lt %d", pictured(i), line_type[i]), sprintf("names[%d]", i)) + wide(names[i])
    }
  }
}
sum_of(kind) = sum [i=1:curve_count] amount[5 * i - 5 + kind]
if (guide) {
  curves = curves.sprintf(", [%.12g:%.12g] guided / x with lines lc rgb '#999999' lw 1.2 dt 3 notitle", \
    0.5 * x_high, x_high)
  x = entry("lines lc rgb '#999999' lw 1.2 dt 3", "'∝ d/n'")
}
if (sum_of(2) > 0) { x = entry("lines lc rgb '#bbbbbb' lw 1 dt 2", "'d → ∞ at fixed η'") }
if (sum_of(4) + sum_of(5) > 0) { x = entry("linespoints lt 8 pt 4 ps 0.58", \
    "'spiked features'") + wide("spiked features") }
curves = curves[3:*]

# ---- the legend stands where nothing is drawn; where there is no such place, on top, and the axis reaches higher ----
if (!exists("entry_height")) entry_height = 0.062
key_width = texts * (0.105 + 0.0145 * widest); key_height = texts * (0.035 + entry_height * entries)
share(v, a, b, logarithmic) = logarithmic ? log(v / a) / log(b / a) : (v - a) / (b - a)
along(x) = share(x, x_low, x_high, log_x)
upward(v) = v <= 0 && log_y ? 0 : share(v, y_low, y_high, log_y)
side(s, size) = s eq "left" || s eq "bottom" ? 0 : s eq "center" ? 0.5 - 0.5 * size : 1 - size
left = 0; bottom = 0; covered = 0; top = 0
covers(gx) = gx > left - 0.03 && gx < left + key_width + 0.03
meet(low, high) = (top = high > top ? high : top, covered = high > bottom && low < bottom + key_height ? \
    covered + 1 : covered, 0)
look(x) = covers(along(column(axis))) ? meet(upward(drop("ci_low")), upward(ci("ci_high"))) : 0
look_at_guide(x) = covers(along(x)) ? meet(upward(guided / x), upward(guided / x)) : 0
where = ""; resort = ""; least = 2
do for [h in "right left center"] {
  do for [v in "bottom top"] {
    left = side(h, key_width); bottom = side(v, key_height); covered = 0; top = 0
    stats table using (is_drawn(0) ? look(0) : 0) nooutput
    if (guide) { covered = covered + (sum [j=1:16] look_at_guide(x_high * (0.5 + 0.5 * j / 16))) }
    marked = at_peak > x_low && at_peak < x_high && covers(along(at_peak))
    if (covered == 0 && !marked && where eq "") { where = h." ".v }
    if (top + marked < least) { least = top + marked; resort = h." top" }
  }
}
if (where eq "" && least <= 1 && key_height < 0.6) {
  where = resort; higher = least / (1 - key_height)
  if (higher > 1) { y_high = log_y ? y_low * (y_high / y_low)**higher : y_low + higher * (y_high - y_low) }
}
if (where eq "") {
  set key bmargin center vertical Left reverse font ",10" spacing 0.95 maxrows widest > 34 ? entries : \
    (entries + 1) / 2
} else {
  set key width -0.22 * widest # gnuplot takes letters for wider than they are
  eval "set key ".where." vertical Left reverse"
}

# what sets the axes; as stats would leave out what is not in range, a script does so last
axes = sprintf("set xrange [%.12g:%.12g]; set yrange [%.12g:%.12g]", x_low, x_high, y_low, y_high)
if (log_x) { axes = axes."; set logscale x; set xtics ".log_marks(x_low, x_high) }
if (log_y) { axes = axes."; set logscale y; set ytics ".log_marks(y_low, y_high) }
