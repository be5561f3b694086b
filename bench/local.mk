# SPDX-License-Identifier: GPL-3.0-or-later
# Programs behind figures that the documentation quotes; nothing of it is installed or tested.
EXTRA_PROGRAMS = bench/replica bench/judge_rates bench/false_alarms
CLEANFILES += bench/replica$(EXEEXT) bench/judge_rates$(EXEEXT) bench/false_alarms$(EXEEXT)

# What plim costs, in one table with NumPy and the bare products beside it (it needs python3-numpy): `make bench` prints
# it, and writes bench/table.csv of the build folder. BENCH_FLAGS=--quick for small sizes; BENCH_FLAGS='--page FILE'
# writes doc/performance.md. One replica alone: bench/replica.
bench_replica_SOURCES = bench/replica.c
bench_replica_LDADD = libplim.la -lm
EXTRA_DIST += bench/table.py
CLEANFILES += bench/table.csv
BENCH_FLAGS =
bench: bench/replica$(EXEEXT) bench/phases$(EXEEXT) plim$(EXEEXT)
	python3 $(srcdir)/bench/table.py $(BENCH_FLAGS)
.PHONY: bench

# A graphics processor against the processor: see bench/device.sh
EXTRA_PROGRAMS += bench/device
CLEANFILES += bench/device$(EXEEXT)
EXTRA_DIST += bench/device.sh
bench_device_SOURCES = bench/device.c
bench_device_LDADD = sim/libsim.la src/statement/libstatement.la -lm

# The tables of doc/judge.md: make bench/judge_rates && bench/judge_rates
bench_judge_rates_SOURCES = bench/judge_rates.c
bench_judge_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm

# The same at repeated looks: make bench/look_rates && bench/look_rates
EXTRA_PROGRAMS += bench/look_rates
CLEANFILES += bench/look_rates$(EXEEXT)
bench_look_rates_SOURCES = bench/look_rates.c
bench_look_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm

# How often a true claim gets another verdict: `make false-alarms` runs one 200 times and writes doc/false_alarms.md and
# its picture. Stopped, it goes on where it was; FALSE_ALARMS_REPETITIONS=20 for less.
bench_false_alarms_SOURCES = bench/false_alarms.c
bench_false_alarms_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
FALSE_ALARMS_CLAIM = risk-initial
FALSE_ALARMS_REPETITIONS = 200
FALSE_ALARMS_FILES = bench/false_alarms.$(FALSE_ALARMS_CLAIM)
EXTRA_DIST += bench/false_alarms.gp
false-alarms: bench/false_alarms$(EXEEXT)
	bench/false_alarms$(EXEEXT) draw $(FALSE_ALARMS_CLAIM) $(FALSE_ALARMS_REPETITIONS) $(FALSE_ALARMS_FILES).data \
	  "commit $$(git -C $(srcdir) describe --always --dirty 2>/dev/null || echo unknown)"
	$(MAKE) $(AM_MAKEFLAGS) false-alarms-page
# The page and the picture of the repetitions that there are.
false-alarms-page: bench/false_alarms$(EXEEXT)
	bench/false_alarms$(EXEEXT) curves $(FALSE_ALARMS_FILES).data >$(FALSE_ALARMS_FILES).curves
	gnuplot -e "CURVES='$(FALSE_ALARMS_FILES).curves'; OUTPUT='$(FALSE_ALARMS_FILES).svg'" $(srcdir)/bench/false_alarms.gp
	bench/false_alarms$(EXEEXT) page $(FALSE_ALARMS_FILES).data >$(FALSE_ALARMS_FILES).md
	cp $(FALSE_ALARMS_FILES).svg $(srcdir)/doc/false_alarms.svg && cp $(FALSE_ALARMS_FILES).md $(srcdir)/doc/false_alarms.md
CLEANFILES += $(FALSE_ALARMS_FILES).data $(FALSE_ALARMS_FILES).curves $(FALSE_ALARMS_FILES).svg $(FALSE_ALARMS_FILES).md
.PHONY: false-alarms false-alarms-page

# The judge's own rates, as doc/judge.md quotes them: into bench/judge_rates.txt of the build folder, program by program.
# JUDGE_TRIALS=1000 for less.
JUDGE_TRIALS = 20000
judge-rates: bench/judge_rates$(EXEEXT) bench/covered_rates$(EXEEXT) bench/look_rates$(EXEEXT) bench/family_rates$(EXEEXT)
	for program in judge_rates covered_rates look_rates family_rates; do \
	  echo "bench/$$program $(JUDGE_TRIALS)" && bench/$$program $(JUDGE_TRIALS) || exit; \
	done >bench/judge_rates.new && mv bench/judge_rates.new bench/judge_rates.txt
CLEANFILES += bench/judge_rates.new bench/judge_rates.txt
.PHONY: judge-rates

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

# What a family's joint law would gain over Holm: make bench/family_rates && bench/family_rates
EXTRA_PROGRAMS += bench/family_rates
CLEANFILES += bench/family_rates$(EXEEXT)
bench_family_rates_SOURCES = bench/family_rates.c
bench_family_rates_LDADD = $(GSL_LIBS) -lm

# How large an error of a formula each claim sees: from a run of all claims at a seed of its own, an hour of processor time.
EXTRA_PROGRAMS += bench/detection
CLEANFILES += bench/detection$(EXEEXT) bench/verified.json bench/verified.json.provenance.json bench/detection.md
bench_detection_SOURCES = bench/detection.c
bench_detection_LDADD = libplim.la $(JANSSON_LIBS) $(GSL_LIBS) -lm
DETECTION_SEED = 20270101
detection: bench/detection$(EXEEXT) plim$(EXEEXT)
	$(MKDIR_P) bench
	status=0; ./plim$(EXEEXT) verify --seed $(DETECTION_SEED) --resume -o bench/verified.json >/dev/null || status=$$?; \
	test $$status -eq 0 || test $$status -eq 1 || test $$status -eq 3
	bench/detection$(EXEEXT) bench/verified.json >bench/detection.md && cp bench/detection.md $(srcdir)/doc/detection.md
.PHONY: detection

# What one replica spends its time on, stage by stage: make bench/phases && bench/phases
EXTRA_PROGRAMS += bench/phases
CLEANFILES += bench/phases$(EXEEXT)
bench_phases_SOURCES = bench/phases.c
bench_phases_LDADD = sim/libsim.la src/statement/libstatement.la $(OPENBLAS_LIBS) -lm
