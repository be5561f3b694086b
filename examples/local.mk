# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that use the library, installed as source and compiled by make check.
examplesdir = $(docdir)/examples
dist_examples_DATA = examples/verdict.c examples/limit.R examples/limit_r.c examples/limit.jl
check_PROGRAMS += examples/verdict
examples_verdict_LDADD = libplim.la
