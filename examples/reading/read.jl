# SPDX-License-Identifier: GPL-3.0-or-later
# The same in Julia, without a package that is not Julia's own: julia read.jl FILE.csv
using DelimitedFiles, Printf
cells, names = readdlm(ARGS[1], ','; header = true)
column(name) = cells[:, findfirst(==(name), vec(names))]
number(cell) = cell isa Number ? Float64(cell) : NaN # an empty cell is text
for i in findall((column("source") .== "simulation") .& (column("status") .== "ok"))
    @printf("%s psi1=%g d=%g %.12g %.12g\n", column("quantity")[i], (number(column(c)[i]) for c in ("psi1", "d", "value", "error"))...)
end
