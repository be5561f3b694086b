# SPDX-License-Identifier: GPL-3.0-or-later
# style.gp - what every figure shares. The caller sets csv, out and format (svg, pdf or png) and puts this folder on
# gnuplot's load path. A script that needs more height than usual sets `tall` first.
if (!exists("tall")) tall = 1
if (format eq "svg") set terminal svg size 680,500*tall dynamic enhanced font "DejaVu Sans,13" background rgb "white"
if (format eq "pdf") set terminal pdfcairo size 17cm,(12.5*tall)cm enhanced font "DejaVu Sans,12"
if (format eq "png") set terminal pngcairo size 1360,1000*tall enhanced font "DejaVu Sans,13" fontscale 1.9 linewidth 1.9 pointscale 1.9
if (format ne "svg" && format ne "pdf" && format ne "png") exit error "format must be svg, pdf or png"
set output out
set encoding utf8

set datafile separator comma
set datafile columnheaders
# Rows that are not of a curve are missing, not undefined: a line goes on past them.
set datafile missing NaN

# The palette of Okabe and Ito, which the colour-blind can tell apart; the markers differ too.
set linetype 1 lc rgb "#000000" lw 1.6 pt 7 ps 0.62
set linetype 2 lc rgb "#0072B2" lw 1.6 pt 5 ps 0.58
set linetype 3 lc rgb "#D55E00" lw 1.6 pt 9 ps 0.78
set linetype 4 lc rgb "#009E73" lw 1.6 pt 13 ps 0.82
set linetype 8 lc rgb "#555555" lw 1.6 dt (9,6)

set border 3 lw 0.9
set tics nomirror out scale 0.7
set grid back lc rgb "#e4e4e4" lw 0.6 dt 1
set key noopaque samplen 2.2 spacing 1.15
set errorbars 0.7

# is(QUANTITY, SOURCE): does this row hold that quantity from that source, and is it a number to draw?
is(quantity, source) = strcol("quantity") eq quantity && strcol("source") eq source && strcol("status") eq "ok"
# pick(QUANTITY, SOURCE, ETA, COLUMN): the cell of that curve, else missing
pick(quantity, source, eta, name) = is(quantity, source) && column("eta") == eta ? column(name) : NaN
