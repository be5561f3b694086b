# SPDX-License-Identifier: GPL-3.0-or-later
# One program per subject (Check), named check_<subject>.
CHECK_PROGRAM_LIBS = src/libstatement.la $(CHECK_LIBS) -lm

# The statement and the judge.
check_PROGRAMS += tests/check_statement tests/check_activation tests/check_compare
tests_check_statement_SOURCES = tests/check_statement.c
tests_check_statement_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_activation_SOURCES = tests/check_activation.c
tests_check_activation_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_compare_SOURCES = tests/check_compare.c
tests_check_compare_LDADD = $(CHECK_PROGRAM_LIBS)
TESTS += tests/check_statement tests/check_activation tests/check_compare
check_PROGRAMS += tests/check_citations
tests_check_citations_SOURCES = tests/check_citations.c
tests_check_citations_LDADD = libplim.la $(CHECK_LIBS)
TESTS += tests/check_citations

# The structure of the source, proved to see what it is there for; what was linked; the example of plim.h.
dist_check_SCRIPTS += tests/layers.test tests/sources.test tests/symbols.test tests/citations.test \
	tests/planted.test tests/linkage.test tests/example.test
TESTS += tests/layers.test tests/sources.test tests/symbols.test tests/citations.test tests/planted.test \
	tests/linkage.test tests/example.test
check_PROGRAMS += doc/example
doc_example_SOURCES = doc/example.c
doc_example_LDADD = libplim.la $(GSL_LIBS)

# Theory against simulation.
check_PROGRAMS += tests/check_agreement
tests_check_agreement_SOURCES = tests/check_agreement.c
tests_check_agreement_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/check_agreement

# The program.
check_PROGRAMS += tests/check_options tests/check_output tests/json_check
tests_check_options_SOURCES = tests/check_options.c
tests_check_options_LDADD = src/cli/libcli.la libplim.la $(CHECK_LIBS) $(JANSSON_LIBS) $(INIH_LIBS) $(MUPARSER_LIBS) \
	$(GSL_LIBS) -lm
tests_check_output_SOURCES = tests/check_output.c
tests_check_output_LDADD = $(tests_check_options_LDADD)
tests_json_check_SOURCES = tests/json_check.c
tests_json_check_LDADD = $(JANSSON_LIBS)
EXTRA_DIST += tests/cli.sh
dist_check_SCRIPTS += tests/cli_options.test tests/cli_config.test tests/cli_output.test tests/cli_resume.test \
	tests/cli_compare.test tests/cli_figures.test
TESTS += tests/check_options tests/check_output tests/cli_options.test tests/cli_config.test tests/cli_output.test \
	tests/cli_resume.test tests/cli_compare.test tests/cli_figures.test

# The tables of doc/judge.md: make bench/judge_rates
EXTRA_PROGRAMS = bench/judge_rates
bench_judge_rates_SOURCES = bench/judge_rates.c
bench_judge_rates_LDADD = libplim.la $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
