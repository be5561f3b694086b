# SPDX-License-Identifier: GPL-3.0-or-later
# One program per subject (Check), named check_<subject>.
CHECK_PROGRAM_LIBS = src/libstatement.la $(CHECK_LIBS) -lm

# The structure of the source, what was linked, the example of plim.h, theory against simulation.
dist_check_SCRIPTS += tests/structure.test tests/linkage.test tests/example.test
check_PROGRAMS += doc/example tests/check_agreement
doc_example_SOURCES = doc/example.c
doc_example_LDADD = libplim.la $(GSL_LIBS)
tests_check_agreement_SOURCES = tests/check_agreement.c
tests_check_agreement_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/structure.test tests/linkage.test tests/example.test tests/check_agreement
