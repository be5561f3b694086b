# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench` builds and runs what times the simulation; nothing of it is installed or tested.
EXTRA_PROGRAMS = bench/replica
bench_replica_SOURCES = bench/replica.c
bench_replica_LDADD = libplim.la -lm
CLEANFILES += bench/replica$(EXEEXT)

bench: bench/replica$(EXEEXT)
	bench/replica$(EXEEXT)
.PHONY: bench
