# SPDX-License-Identifier: GPL-3.0-or-later
# Points with error bars over the limit, from a long file of plim compare -q risk1: gnuplot -c read.gp FILE.csv PICTURE.svg
set datafile separator comma
set datafile missing NaN # the line goes on past rows that are not of it
set terminal svg
set output ARG2
set xlabel "psi1"
set ylabel "risk1"
from(source) = strcol("quantity") eq "risk1" && strcol("source") eq source && strcol("status") eq "ok"
plot ARG1 using "psi1":(from("theory") ? column("value") : NaN) with lines title "limit", \
     ARG1 using "psi1":(from("simulation") ? column("value") : NaN):"error" with yerrorbars title "simulation"
