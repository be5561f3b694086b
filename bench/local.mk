# SPDX-License-Identifier: GPL-3.0-or-later
# Programs behind figures that the documentation quotes; nothing of it is installed or tested.
EXTRA_PROGRAMS = bench/replica bench/judge_rates bench/false_alarms
CLEANFILES += bench/replica$(EXEEXT) bench/judge_rates$(EXEEXT) bench/false_alarms$(EXEEXT)

# One replica of the simulation, timed: `make bench` builds and runs it.
bench_replica_SOURCES = bench/replica.c
bench_replica_LDADD = libplim.la -lm
bench: bench/replica$(EXEEXT)
	bench/replica$(EXEEXT)
.PHONY: bench

# The tables of doc/judge.md: make bench/judge_rates && bench/judge_rates
bench_judge_rates_SOURCES = bench/judge_rates.c
bench_judge_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm

# The same at repeated looks: make bench/look_rates && bench/look_rates
EXTRA_PROGRAMS += bench/look_rates
CLEANFILES += bench/look_rates$(EXEEXT)
bench_look_rates_SOURCES = bench/look_rates.c
bench_look_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm

# How often a true claim gets another verdict: `make false-alarms` runs one 200 times and writes doc/false_alarms.md.
bench_false_alarms_SOURCES = bench/false_alarms.c
bench_false_alarms_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
FALSE_ALARMS_CLAIM = risk-initial
false-alarms: bench/false_alarms$(EXEEXT)
	bench/false_alarms$(EXEEXT) $(FALSE_ALARMS_CLAIM) 200 \
	  "commit $$(git -C $(srcdir) describe --always --dirty 2>/dev/null || echo unknown)" >doc/false_alarms.new && \
	mv doc/false_alarms.new $(srcdir)/doc/false_alarms.md
.PHONY: false-alarms

# What a point of the risk at any step size costs: make bench/any_step && OPENBLAS_NUM_THREADS=1 bench/any_step
EXTRA_PROGRAMS += bench/any_step
CLEANFILES += bench/any_step$(EXEEXT)
bench_any_step_SOURCES = bench/any_step.c
bench_any_step_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm

# What an extrapolation that covers the next power errs and costs: make bench/covered_rates && bench/covered_rates
EXTRA_PROGRAMS += bench/covered_rates
CLEANFILES += bench/covered_rates$(EXEEXT)
bench_covered_rates_SOURCES = bench/covered_rates.c
bench_covered_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
# Other ways of choosing its mixture: make bench/covered_choices && bench/covered_choices
EXTRA_PROGRAMS += bench/covered_choices
CLEANFILES += bench/covered_choices$(EXEEXT)
bench_covered_choices_SOURCES = bench/covered_choices.c
bench_covered_choices_LDADD = $(GSL_LIBS) -lm

# What third moments would mend: make bench/skewness && bench/skewness
EXTRA_PROGRAMS += bench/skewness
CLEANFILES += bench/skewness$(EXEEXT)
bench_skewness_SOURCES = bench/skewness.c
bench_skewness_LDADD = $(GSL_LIBS) -lm
