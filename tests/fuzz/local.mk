# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzing. A target is a function of bytes: with --enable-fuzzing each is a fuzzer (make fuzzers; tests/fuzz/run), in any
# other build it replays its corpus, as a part of make check.
FUZZERS = tests/fuzz/fuzz_options tests/fuzz/fuzz_arguments tests/fuzz/fuzz_config tests/fuzz/fuzz_expression \
	tests/fuzz/fuzz_journal tests/fuzz/fuzz_provenance tests/fuzz/fuzz_limits tests/fuzz/fuzz_judge tests/fuzz/fuzz_simulation tests/fuzz/fuzz_table tests/fuzz/fuzz_claims
check_PROGRAMS += $(FUZZERS)
fuzz_shared = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
fuzz_replay = tests/fuzz/replay.c
fuzz_sources = $(fuzz_shared)
if !FUZZING
fuzz_sources += $(fuzz_replay)
endif
EXTRA_DIST += $(fuzz_replay) tests/fuzz/run tests/fuzz/names.dict tests/fuzz/unwatched tests/fuzz/corpus
FUZZ_LIBRARY = src/claims/libclaims.la src/judge/libjudge.la theory/libtheory.la sim/libsim.la src/statement/libstatement.la \
	$(OPENBLAS_LIBS) $(GSL_LIBS) $(MUPARSER_LIBS) $(PTHREAD_LIBS) -lm
FUZZ_PROGRAM = src/cli/libcli.la $(JANSSON_LIBS) $(ZLIB_LIBS) $(INIH_LIBS) $(CSV_LIBS) $(DL_LIBS) $(FUZZ_LIBRARY)
fuzzers: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) $(FUZZERS)
.PHONY: fuzzers

dist_check_SCRIPTS += tests/fuzz_corpus.test
TESTS += tests/fuzz_corpus.test
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c $(fuzz_sources)
tests_fuzz_fuzz_options_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_options_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_arguments_SOURCES = tests/fuzz/fuzz_arguments.c $(fuzz_sources)
tests_fuzz_fuzz_arguments_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_arguments_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c $(fuzz_sources)
tests_fuzz_fuzz_config_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_claims_SOURCES = tests/fuzz/fuzz_claims.c $(fuzz_sources)
tests_fuzz_fuzz_claims_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_claims_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_table_SOURCES = tests/fuzz/fuzz_table.c $(fuzz_sources)
tests_fuzz_fuzz_table_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_table_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz_journal.c $(fuzz_sources)
tests_fuzz_fuzz_journal_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_journal_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_provenance_SOURCES = tests/fuzz/fuzz_provenance.c $(fuzz_sources)
tests_fuzz_fuzz_provenance_LDADD = $(FUZZ_PROGRAM)
tests_fuzz_fuzz_provenance_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_expression_SOURCES = tests/fuzz/fuzz_expression.c $(fuzz_sources)
tests_fuzz_fuzz_expression_LDADD = $(FUZZ_LIBRARY)
tests_fuzz_fuzz_expression_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_limits_SOURCES = tests/fuzz/fuzz_limits.c $(fuzz_sources)
tests_fuzz_fuzz_limits_LDADD = $(FUZZ_LIBRARY)
tests_fuzz_fuzz_limits_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_judge_SOURCES = tests/fuzz/fuzz_judge.c $(fuzz_sources)
tests_fuzz_fuzz_judge_LDADD = $(FUZZ_LIBRARY)
tests_fuzz_fuzz_judge_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
tests_fuzz_fuzz_simulation_SOURCES = tests/fuzz/fuzz_simulation.c $(fuzz_sources)
tests_fuzz_fuzz_simulation_LDADD = $(FUZZ_LIBRARY)
tests_fuzz_fuzz_simulation_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_LDFLAGS)
