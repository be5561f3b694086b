#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# limit.R - limits of plim from R, through limit_r.c, which says how it is compiled.
#
#   Rscript limit.R ./limit_r.so

library_file <- commandArgs(trailingOnly = TRUE)
if (length(library_file) != 1) stop("usage: Rscript limit.R LIMIT_R.so")
dyn.load(library_file)

# Limits of `quantity` at each psi1 = n/d, with the bound on their numerical error. psi2 = N/d; lambda multiplies
# |a|^2/N beside the mean square error; noise is a standard deviation.
limit <- function(quantity, psi1, psi2 = 1.5, lambda = 0.1, eta = 1, noise = 0.1, activation = "tanh",
                  teacher = "tanh") {
  called <- .C("limit_r", quantity, activation, teacher, as.double(c(psi2, lambda, eta, noise)),
               as.integer(length(psi1)), psi1 = as.double(psi1), value = double(length(psi1)),
               error = double(length(psi1)), status = "", NAOK = TRUE)
  if (called$status != "ok") stop(quantity, ": ", called$status)
  data.frame(psi1 = called$psi1, value = called$value, error = called$error)
}

before <- limit("risk0", c(0.731, 2.385, 5.19), psi2 = 1.617, teacher = "relu", noise = 0.25)
after <- limit("risk1", c(0.731, 2.385, 5.19), psi2 = 1.617, teacher = "relu", noise = 0.25)
for (i in seq_len(nrow(after)))
  cat(sprintf("psi1 = %.3f   R0 = %.12f   R1 = %.12f\n", after$psi1[i], before$value[i], after$value[i]))
refused <- tryCatch(limit("risk1", -1), error = conditionMessage)
cat(refused, "\n")
