# SPDX-License-Identifier: GPL-3.0-or-later
# The same in R: Rscript read.R FILE.csv
rows <- read.csv(commandArgs(trailingOnly = TRUE)[1], colClasses = c(seed = "character")) # a seed may have 20 digits
measured <- subset(rows, source == "simulation" & status == "ok")
with(measured, cat(sprintf("%s psi1=%g d=%g %.12g %.12g\n", quantity, psi1, d, value, error), sep = ""))
