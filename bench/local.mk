# SPDX-License-Identifier: GPL-3.0-or-later
# Programs behind figures that the documentation quotes; nothing of it is installed or tested.
EXTRA_PROGRAMS = bench/replica bench/judge_rates
CLEANFILES += bench/replica$(EXEEXT) bench/judge_rates$(EXEEXT)

# One replica of the simulation, timed: `make bench` builds and runs it.
bench_replica_SOURCES = bench/replica.c
bench_replica_LDADD = libplim.la -lm
bench: bench/replica$(EXEEXT)
	bench/replica$(EXEEXT)
.PHONY: bench

# The tables of doc/judge.md: make bench/judge_rates && bench/judge_rates
bench_judge_rates_SOURCES = bench/judge_rates.c
bench_judge_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
