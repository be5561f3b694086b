# SPDX-License-Identifier: GPL-3.0-or-later
# false_alarms.gp - (limit - prediction)/error of every seed against the law it should have:
#   gnuplot -e "CURVES='...'; OUTPUT='...'" bench/false_alarms.gp
set terminal svg size 760, 480 font 'sans-serif,13' background rgb 'white'
set output OUTPUT
stats CURVES using 1 nooutput
blocks = STATS_blocks
bands = system("awk 'NF == 3 {print $3; exit}' " . CURVES) + 0
set xlabel '(limit - prediction)/error, made normal'
set ylabel 'share of the seeds below it'
set xrange [-3.5:3.5]
set yrange [0:1]
set key right bottom reverse Left
set grid lc rgb '#dddddd'
set linetype 1 lc rgb '#0072b2'
set linetype 2 lc rgb '#d55e00'
set linetype 3 lc rgb '#009e73'
set linetype 4 lc rgb '#cc79a7'
low(x) = norm(x) > bands ? norm(x) - bands : 0
high(x) = norm(x) + bands < 1 ? norm(x) + bands : 1
plot '+' using 1:(low($1)):(high($1)) with filledcurves fc rgb '#e6e6e6' title 'where 95 % of such curves would lie', \
     norm(x) lw 2 lc rgb 'black' title 'normal', \
     for [i = 0:blocks - 1] CURVES index i using 1:2 with steps lt i + 1 lw 1.5 title columnheader(1)
