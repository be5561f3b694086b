# SPDX-License-Identifier: GPL-3.0-or-later
# style.gp - what every figure shares: the page, the palette, reading of rows, and texts made from what the rows say.
#
# `plim figures` sets table (a copy of the CSV with tabs between the fields: gnuplot's strcol() would cut a quoted field
# at its first comma), out (the file to draw), format (svg, pdf or png), heading (the title in NAME.ini), titled (0 with
# --no-title), with --size picture_width and picture_height, and runs the script in this folder. A script that needs more
# height than usual sets `tall` first.
if (!exists("tall")) tall = 1
if (!exists("heading")) heading = ""
if (!exists("titled")) titled = 1
# The page is 17 cm wide unless --size says otherwise (picture_width and picture_height, in inches). Text shrinks with it
# to 6.5 points and no further (of 8, 9 and 11.5 in pdf, svg and png): `texts` is how large it then is beside the page.
# Where that leaves little room, axes have short names.
usual_width = 17 / 2.54
page = exists("picture_width") ? picture_width / usual_width : 1.0
if (exists("picture_height")) { tall = picture_height / picture_width * 17 / 12.5 }
smallest = format eq "pdf" ? 0.8 : format eq "svg" ? 0.71 : 0.56
texts = page < smallest ? smallest / page : 1.0
cut(s) = texts > 1.3 && strstrt(s, ", ") > 0 ? s[1:strstrt(s, ", ") - 1] : s
# svg has no size but its shape: less of a page for the same text
if (format eq "svg") set terminal svg size 680/texts,500*tall/texts dynamic enhanced font "DejaVu Sans,13" background rgb "white"
# pdfcairo's own fontscale is 0.5
if (format eq "pdf") set terminal pdfcairo size (17*page)cm,(12.5*page*tall)cm enhanced font "DejaVu Sans,12" \
  fontscale 0.5*page*texts linewidth page*texts pointscale page*texts
if (format eq "png") set terminal pngcairo size 1360*page,1000*page*tall enhanced font "DejaVu Sans,13" \
  fontscale 1.9*page*texts linewidth 1.9*page*texts pointscale 1.9*page*texts
if (format ne "svg" && format ne "pdf" && format ne "png") exit error "format must be svg, pdf or png"
set output out
set encoding utf8

# The palette of Okabe and Ito, which the colour-blind can tell apart; the markers differ too.
set linetype 1 lc rgb "#000000" lw 1.6 pt 7 ps 0.62
set linetype 2 lc rgb "#0072B2" lw 1.6 pt 5 ps 0.58
set linetype 3 lc rgb "#D55E00" lw 1.6 pt 9 ps 0.78
set linetype 4 lc rgb "#009E73" lw 1.6 pt 13 ps 0.82
set linetype 5 lc rgb "#CC79A7" lw 1.6 pt 11 ps 0.78
set linetype 6 lc rgb "#E69F00" lw 1.6 pt 15 ps 0.78
set linetype 7 lc rgb "#56B4E9" lw 1.6 pt 3 ps 0.70
set linetype 8 lc rgb "#555555" lw 1.6 dt (9,6)
# the same once more for curves beyond the seventh
set linetype 9 lc rgb "#000000" lw 1.6 pt 6 ps 0.62 dt (4,3)
set linetype 10 lc rgb "#0072B2" lw 1.6 pt 4 ps 0.58 dt (4,3)
set linetype 11 lc rgb "#D55E00" lw 1.6 pt 8 ps 0.78 dt (4,3)
set linetype 12 lc rgb "#009E73" lw 1.6 pt 12 ps 0.82 dt (4,3)
set linetype 13 lc rgb "#CC79A7" lw 1.6 pt 10 ps 0.78 dt (4,3)
set linetype 14 lc rgb "#E69F00" lw 1.6 pt 14 ps 0.78 dt (4,3)
set linetype 15 lc rgb "#56B4E9" lw 1.6 pt 2 ps 0.70 dt (4,3)

set border 3 lw 0.9
set tics nomirror out scale 0.7
set grid back lc rgb "#e4e4e4" lw 0.6 dt 1
set key noopaque samplen 2.2 spacing 1.15
set errorbars 0.7

# ---- rows ----

header = ""
set datafile separator "\n"
stats table every ::0::0 using (header = strcol(1), 0) nooutput
load "labels.gp"
set datafile separator tab
set datafile columnheaders
# Rows that are not of a curve are missing, not undefined: a line goes on past them.
set datafile missing NaN
has(name) = sum [i=1:words(header)] (word(header, i) eq name)

# is(QUANTITY, SOURCE): does this row hold that quantity from that source, and is it a number to draw?
is(quantity, source) = strcol("quantity") eq quantity && strcol("source") eq source && strcol("status") eq "ok"
row(x) = int(column(0)) + 1
# an end of the confidence interval; of one replica there is none
ci(name) = strcol(name) eq "" ? column("value") : column(name)

# Where a set of rows begins and ends: low and high of what measure() was told.
count = 0; low = 0; high = 0
measure(x) = (low = count == 0 || x < low ? x : low, high = count == 0 || x > high ? x : high, count = count + 1, 0)

# The number that a text writes: gnuplot itself reads "1e-05" and whole numbers of many digits as integers, and fails.
number_of(s) = (strstrt(s, ".") > 0 ? s : strstrt(s, "e") > 0 ? s[1:strstrt(s, "e") - 1].".0".s[strstrt(s, \
    "e"):*] : s.".0") + 0

# ---- what the rows have in common, and in what they differ ----

# The columns that state the problem, as far as the file has them.
columns = ""
do for [c in "activation teacher psi1 psi2 lambda eta eta_exponent eta_second noise readout steps batch ridge_batch overlap extra inputs eta_second_exponent"] {
  if (has(c)) { columns = columns." ".c }
}
# A text as one word: blanks become no-break spaces, an empty cell becomes a dash.
blank(c) = c eq " " ? "\302\240" : c
solid(s) = strlen(s) < 2 ? blank(s) : solid(s[1:strlen(s) / 2]).solid(s[strlen(s) / 2 + 1:*])
among(list, w) = strstrt(" ".list." ", " ".w." ") > 0
with_word(list, w) = among(list, w) ? list : list." ".w
# seen[k]: the different texts of the k-th of `columns`, in the order of the file; seen_at[k]: the d they were drawn at,
# 1e300 in theory
array seen[words(columns)]; array seen_at[words(columns)]
do for [k=1:words(columns)] { seen[k] = ""; seen_at[k] = "" }
# A simulation's psi is that of the integers drawn: within 1/(2 d) of what was asked for, which theory's rows have.
nearest = 0; least = 0
meant(v, d, w, at) = (d == at ? v == w : abs(v - w) <= 0.5 * (1 / d + 1 / at) * (1 + 1e-9)) && abs(v - w) < least
nominal(k, v, d) = (nearest = 0, least = 1e300, sum [j=1:words(seen[k])] (w = number_of(word(seen[k], j)), \
  meant(v, d, w, number_of(word(seen_at[k], j))) ? (nearest = j, least = abs(v - w), 0) : 0), nearest)
rounded(name) = (name eq "psi1" || name eq "psi2") && strcol("source") eq "simulation" && strcol(name) ne ""
cell_text(name) = strcol(name) eq "" ? "-" : strstrt(strcol(name), " ") > 0 ? solid(strcol(name)) : strcol(name)
nominal_text(k, name) = nominal(k, column(name), column("d")) > 0 ? word(seen[k], nearest) : cell_text(name)
text(name) = rounded(name) ? nominal_text(place(name), name) : cell_text(name)
note_text(k, t, at) = among(seen[k], t) ? 0 : (seen[k] = seen[k]." ".t, seen_at[k] = seen_at[k]." ".at, 0)
note_problem(x) = (sum [k=1:words(columns)] (c = word(columns, k), note_text(k, text(c), rounded(c) ? \
    strcol("d") : "1e300")), 0)
place(name) = sum [i=1:words(columns)] (word(columns, i) eq name ? i : 0)
kinds(name) = place(name) > 0 ? words(seen[place(name)]) : 0
only(name) = place(name) > 0 ? word(seen[place(name)], 1) : "-"

# ---- texts ----

# Text that enhanced mode would read as markup, as it stands; solid() undone.
one(c) = c eq "\302\240" ? " " : strstrt('\{}^_@&~', c) > 0 ? '\'.c : c
plain(s) = strlen(s) < 2 ? (s eq "" ? "" : one(s)) : plain(s[1:strlen(s) / 2]).plain(s[strlen(s) / 2 + 1:*])
short(s) = strlen(s) > 46 ? s[1:44]."…" : s
activation(s) = plain(short(s[1:5] eq "expr:" ? s[6:*] : s))

mantissa(s) = s[1:strstrt(s, "e") - 1]
exponent(s) = int(s[strstrt(s, "e") + 1:*])
power_of_ten(s) = (mantissa(s) eq "1" ? "" : mantissa(s)."·").sprintf("10^{%d}", exponent(s))
# Six digits; far from 1, as a power of ten.
scientific(x) = trimmed(sprintf("%.5e", x))
trimmed(s) = mantissa(s)[strlen(mantissa(s)):*] eq "0" ? trimmed(mantissa(s)[1:strlen(mantissa(s)) - 1].s[strstrt(s, "e"):*]) : \
  mantissa(s)[strlen(mantissa(s)):*] eq "." ? mantissa(s)[1:strlen(mantissa(s)) - 1].s[strstrt(s, "e"):*] : s
is_far(x) = x != 0 && (abs(x) < 1e-3 || abs(x) >= 1e5 || (abs(x) < 0.05 && mantissa(scientific(x)) eq "1"))
number(x) = is_far(x) ? power_of_ten(scientific(x)) : sprintf("%.6g", x)
denominator(x) = abs(2 * x - floor(2 * x + 0.5)) < 1e-9 ? 2 : abs(3 * x - floor(3 * x + 0.5)) < 1e-9 ? 3 : \
  abs(4 * x - floor(4 * x + 0.5)) < 1e-9 ? 4 : abs(8 * x - floor(8 * x + 0.5)) < 1e-9 ? 8 : 1
fraction(x) = denominator(x) == 1 ? sprintf("%.6g", x) : sprintf("%.0f/%d", denominator(x) * x, denominator(x))
# eta and its exponent, as they stand in the rows
grown(s) = s eq "-" || number_of(s) == 0 ? "" : number_of(s) == 0.5 ? "√N" : " N^{".fraction(number_of(s))."}"
step(eta, s) = number_of(eta) == 1 && grown(s) ne "" ? grown(s)[grown(s)[1:1] eq " " ? 2 : 1:*] : \
    number(number_of(eta)).grown(s)

# What one column says, for a legend or for the line over the picture; "" where there is nothing to say.
says(name, s) = s eq "-" ? "" : name eq "activation" ? activation(s)." network" : \
  name eq "teacher" ? activation(s)." teacher" : name eq "readout" ? (s eq "gaussian" ? "" : plain(s)." readout") : \
  name eq "noise" ? (number_of(s) == 0 ? "no noise" : "noise ".number(number_of(s))) : \
  name eq "steps" ? (s eq "1" ? "" : s." steps") : name eq "batch" ? (s eq "same" ? "" : plain(s)." batches") : \
  name eq "ridge_batch" ? (s eq "same" ? "the same pairs" : "") : \
  name eq "inputs" ? (s eq "gaussian" ? "" : plain(s)." inputs") : \
  name eq "overlap" ? "overlap ".number(number_of(s)) : name eq "extra" ? (number_of(s) == 0 ? "" : label(name)." = ".number(number_of(s))) : \
  name eq "eta_second" ? label(name)." = ".number(number_of(s)) : \
  name eq "eta_second_exponent" ? (kinds("eta_exponent") == 1 && only("eta_exponent") eq s ? "" : \
    label(name)." = ".number(number_of(s))) : \
  name eq "psi1" ? label(name)." = n/d = ".number(number_of(s)) : name eq "psi2" ? label(name)." = N/d = ".number(number_of(s)) : \
  name eq "lambda" ? label(name)." = ".number(number_of(s)) : plain(name)." ".plain(s)
comma(a, b) = a eq "" ? b : b eq "" ? a : a.", ".b

axis_title(name) = name eq "psi1" ? label(name)." = n/d, samples per input dimension" : \
  name eq "psi2" ? label(name)." = N/d, neurons per input dimension" : name eq "lambda" ? label(name).", ridge penalty" : \
  name eq "noise" ? "standard deviation of the label noise" : name eq "steps" ? "gradient steps" : \
  name eq "overlap" ? label(name).", share of the ridge regression's pairs that made the step" : \
  name eq "extra" ? label(name).", further pairs of the gradient's batch per input dimension" : \
  name eq "eta_second" ? label(name).", size of the second gradient step" : \
  name eq "eta_second_exponent" ? label(name).", power of N in the size of the second gradient step" : \
  name eq "eta" ? label(name).", size of the gradient step" : plain(name)

# The line that states the problem: what all rows noted have in common, but for the columns named in `hidden`.
if (!exists("hidden")) hidden = ""
wanted(x) = 1
network(x) = kinds("activation") != 1 || kinds("teacher") != 1 ? \
  comma(kinds("activation") == 1 ? says("activation", only("activation")) : "", \
    kinds("teacher") == 1 ? says("teacher", only("teacher")) : "") : \
  only("activation") eq only("teacher") ? activation(only("teacher"))." network and teacher" : \
  comma(says("activation", only("activation")), says("teacher", only("teacher")))
size_of_step(x) = kinds("eta") != 1 || among(hidden, "eta") || kinds("eta_exponent") > 1 ? "" : \
  "η = ".step(only("eta"), only("eta_exponent"))
numbers = ""
in_common(x) = (numbers = "", sum [k=1:words(columns)] (c = word(columns, k), \
  numbers = c eq "activation" || c eq "teacher" || c eq "eta_exponent" || among(hidden, c) || words(seen[k]) != 1 ? \
    numbers : comma(numbers, c eq "eta" ? size_of_step(0) : says(c, word(seen[k], 1))), 0), numbers)

# Lines of a title, each no wider than the page: about 70 letters of the usual size.
sized(scale, s) = s eq "" ? "" : sprintf("{/*%.2f ", strlen(s) * scale > 70 ? 70.0 / strlen(s) : scale).s."}"
line(a, b) = a eq "" ? b : b eq "" ? a : a."\n".b
problem(x) = strlen(network(0)) + strlen(in_common(0)) > 84 ? \
  line(sized(0.9, network(0)), sized(0.9, in_common(0))) : sized(0.9, network(0).(network(0) eq "" ? "" : \
  ": ").in_common(0))
titles(caption) = titled == 0 ? "" : line(line(sized(1, plain(heading)), problem(0)), sized(0.8, caption))
list(s) = words(s) <= 4 ? (sum [i=1:words(s)] (joined = i == 1 ? word(s, i) : joined.", ".word(s, i), 0), joined) : \
  word(s, 1)." to ".word(s, words(s))
joined = ""

# ---- axes ----

# Marks of a logarithmic axis, those of `steps` times the powers of ten from a to b, as an argument of set xtics.
marks = ""; named = 1
mark(m) = named == 0 ? "" : m < 1e-3 || m >= 1e5 ? number(m) : sprintf("%g", m)
marks_of(steps, a, b) = (marks = "", sum [k=floor(log10(a)):floor(log10(b))] sum [j=1:words(steps)] \
  (m = word(steps, j) * 10.0**k, marks = m < 0.999 * a || m > 1.001 * b ? marks : \
    marks.(marks eq "" ? "" : ", ").sprintf("'%s' %.12g", mark(m), m), 0), "(".marks.")")
log_marks(a, b) = log10(b / a) > 4 ? marks_of("1", a, b) : log10(b / a) > 1.3 ? marks_of("1 2 5", a, b) : \
  marks_of("1 1.5 2 3 4 5 7", a, b)
