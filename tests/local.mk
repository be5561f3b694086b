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
