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

# The simulation: against definitions in plain arithmetic, no limit anywhere.
SIM_CHECK_LIBS = sim/libsim.la src/libstatement.la $(CHECK_LIBS) -lm
noinst_LTLIBRARIES += tests/libsimfixture.la
tests_libsimfixture_la_SOURCES = tests/sim_fixture.c tests/sim_fixture.h
tests_libsimfixture_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
SIM_CHECKS = tests/check_stream tests/check_dense tests/check_map tests/check_ridge_path tests/check_network \
	tests/check_exact_risk tests/check_small_step_sim tests/check_kernels_sim tests/check_replicas
check_PROGRAMS += $(SIM_CHECKS)
TESTS += $(SIM_CHECKS)
tests_check_stream_SOURCES = tests/check_stream.c
tests_check_stream_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_stream_LDADD = $(SIM_CHECK_LIBS)
tests_check_dense_SOURCES = tests/check_dense.c
tests_check_dense_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_dense_LDADD = $(SIM_CHECK_LIBS)
tests_check_map_SOURCES = tests/check_map.c
tests_check_map_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_map_LDADD = $(SIM_CHECK_LIBS)
tests_check_ridge_path_SOURCES = tests/check_ridge_path.c
tests_check_ridge_path_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_ridge_path_LDADD = $(SIM_CHECK_LIBS)
tests_check_network_SOURCES = tests/check_network.c
tests_check_network_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_network_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_exact_risk_SOURCES = tests/check_exact_risk.c
tests_check_exact_risk_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_exact_risk_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_small_step_sim_SOURCES = tests/check_small_step_sim.c
tests_check_small_step_sim_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_small_step_sim_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_kernels_sim_SOURCES = tests/check_kernels_sim.c
tests_check_kernels_sim_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_kernels_sim_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_replicas_SOURCES = tests/check_replicas.c
tests_check_replicas_LDADD = $(SIM_CHECK_LIBS)
