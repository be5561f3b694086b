# SPDX-License-Identifier: GPL-3.0-or-later
# Check's own limit of 4 s a test stops a hang; a busy machine or a sanitizer must not pass for one.
AM_TESTS_ENVIRONMENT = CK_DEFAULT_TIMEOUT=600; export CK_DEFAULT_TIMEOUT;
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
	tests/planted.test tests/linkage.test tests/example.test tests/readme.test tests/mutation.test
TESTS += tests/layers.test tests/sources.test tests/symbols.test tests/citations.test tests/planted.test \
	tests/linkage.test tests/example.test tests/readme.test tests/mutation.test
check_PROGRAMS += doc/example
doc_example_SOURCES = doc/example.c
doc_example_LDADD = libplim.la $(GSL_LIBS)

# Faults planted one at a time, each of which must turn a test red: an hour, so not a part of make check.
EXTRA_DIST += tests/mutation/run tests/mutation/table.awk tests/mutation/report.awk tests/mutation/theory.faults \
	tests/mutation/simulation.faults tests/mutation/judge.faults
mutation:
	$(srcdir)/tests/mutation/run --report $(srcdir)/doc/mutation.md
.PHONY: mutation

# The claims.
check_PROGRAMS += tests/check_claims
tests_check_claims_SOURCES = tests/check_claims.c
tests_check_claims_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
check_PROGRAMS += tests/check_any_step_claims
tests_check_any_step_claims_SOURCES = tests/check_any_step_claims.c
tests_check_any_step_claims_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/src/claims
tests_check_any_step_claims_LDADD = src/claims/libclaims.la theory/libtheory.la sim/libsim.la src/libstatement.la \
	$(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
TESTS += tests/check_any_step_claims
dist_check_SCRIPTS += tests/cli_verify.test tests/claims_page.test
TESTS += tests/check_claims tests/cli_verify.test tests/claims_page.test
# Every claim of the quick tier: ten minutes, so not a part of make check.
check-asymptotic: plim$(EXEEXT)
	./plim$(EXEEXT) verify --tier quick
.PHONY: check-asymptotic

# Theory against simulation.
check_PROGRAMS += tests/check_agreement
tests_check_agreement_SOURCES = tests/check_agreement.c
tests_check_agreement_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/check_agreement

# The limits: against reference values, by second routes, at their limiting cases.
THEORY_TEST_SOURCES = tests/fixture.h tests/fixture.c tests/reference.h tests/reference.c tests/tolerances.h
THEORY_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/theory
THEORY_TEST_LIBS = theory/libtheory.la src/libstatement.la $(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
check_PROGRAMS += tests/check_gaussian tests/check_marchenko_pastur tests/check_fixed_point tests/check_small_step \
	tests/check_gradient tests/check_weights tests/check_kernels tests/check_spectrum tests/check_density \
	tests/check_large_step tests/check_theory
tests_check_gaussian_SOURCES = tests/check_gaussian.c $(THEORY_TEST_SOURCES)
tests_check_gaussian_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_gaussian_LDADD = $(THEORY_TEST_LIBS)
tests_check_marchenko_pastur_SOURCES = tests/check_marchenko_pastur.c $(THEORY_TEST_SOURCES)
tests_check_marchenko_pastur_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_marchenko_pastur_LDADD = $(THEORY_TEST_LIBS)
tests_check_fixed_point_SOURCES = tests/check_fixed_point.c $(THEORY_TEST_SOURCES)
tests_check_fixed_point_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_fixed_point_LDADD = $(THEORY_TEST_LIBS)
tests_check_small_step_SOURCES = tests/check_small_step.c $(THEORY_TEST_SOURCES)
tests_check_small_step_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_small_step_LDADD = $(THEORY_TEST_LIBS)
tests_check_gradient_SOURCES = tests/check_gradient.c $(THEORY_TEST_SOURCES)
tests_check_gradient_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_gradient_LDADD = $(THEORY_TEST_LIBS)
tests_check_weights_SOURCES = tests/check_weights.c $(THEORY_TEST_SOURCES)
tests_check_weights_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_weights_LDADD = $(THEORY_TEST_LIBS)
tests_check_kernels_SOURCES = tests/check_kernels.c $(THEORY_TEST_SOURCES)
tests_check_kernels_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_kernels_LDADD = $(THEORY_TEST_LIBS)
tests_check_spectrum_SOURCES = tests/check_spectrum.c $(THEORY_TEST_SOURCES)
tests_check_spectrum_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_spectrum_LDADD = $(THEORY_TEST_LIBS)
tests_check_density_SOURCES = tests/check_density.c $(THEORY_TEST_SOURCES)
tests_check_density_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_density_LDADD = $(THEORY_TEST_LIBS)
tests_check_large_step_SOURCES = tests/check_large_step.c $(THEORY_TEST_SOURCES)
tests_check_large_step_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_large_step_LDADD = $(THEORY_TEST_LIBS)
tests_check_optimum_SOURCES = tests/check_optimum.c $(THEORY_TEST_SOURCES)
tests_check_optimum_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_optimum_LDADD = $(THEORY_TEST_LIBS)
check_PROGRAMS += tests/check_optimum
TESTS += tests/check_optimum
tests_check_theory_SOURCES = tests/check_theory.c $(THEORY_TEST_SOURCES)
tests_check_theory_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_theory_LDADD = $(THEORY_TEST_LIBS)
TESTS += tests/check_gaussian tests/check_marchenko_pastur tests/check_fixed_point tests/check_small_step \
	tests/check_gradient tests/check_weights tests/check_kernels tests/check_spectrum tests/check_density \
	tests/check_large_step tests/check_theory
EXTRA_DIST += tests/data/points.csv tests/data/activation.csv tests/data/golden.csv \
	tests/data/golden_large_step.csv tests/data/make_golden.py

check_PROGRAMS += tests/check_student
TESTS += tests/check_student
tests_check_student_SOURCES = tests/check_student.c $(THEORY_TEST_SOURCES)
tests_check_student_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_student_LDADD = $(THEORY_TEST_LIBS)
check_PROGRAMS += tests/check_step_scaling
TESTS += tests/check_step_scaling
tests_check_step_scaling_SOURCES = tests/check_step_scaling.c $(THEORY_TEST_SOURCES)
tests_check_step_scaling_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_step_scaling_LDADD = $(THEORY_TEST_LIBS)

# One risk for every step size.
check_PROGRAMS += tests/check_any_step
tests_check_any_step_SOURCES = tests/check_any_step.c $(THEORY_TEST_SOURCES)
tests_check_any_step_CPPFLAGS = $(THEORY_TEST_CPPFLAGS)
tests_check_any_step_LDADD = $(THEORY_TEST_LIBS)
TESTS += tests/check_any_step
EXTRA_DIST += tests/data/any_step.csv

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
	tests/cli_compare.test tests/cli_figures.test tests/cli_optimize.test tests/cli_spectrum.test
TESTS += tests/check_options tests/check_output tests/cli_options.test tests/cli_config.test tests/cli_output.test \
	tests/cli_resume.test tests/cli_compare.test tests/cli_figures.test tests/cli_optimize.test tests/cli_spectrum.test

# The simulation: against definitions in plain arithmetic, no limit anywhere.
SIM_CHECK_LIBS = sim/libsim.la src/libstatement.la $(CHECK_LIBS) -lm
check_LTLIBRARIES += tests/libsimfixture.la
tests_libsimfixture_la_SOURCES = tests/sim_fixture.c tests/sim_fixture.h
tests_libsimfixture_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
SIM_CHECKS = tests/check_stream tests/check_dense tests/check_map tests/check_ridge_path tests/check_network \
	tests/check_exact_risk tests/check_small_step_sim tests/check_kernels_sim tests/check_replicas \
	tests/check_step_scaling_sim tests/check_large_step_sim tests/check_whole_spectrum tests/check_descent
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
tests_check_large_step_sim_SOURCES = tests/check_large_step_sim.c
tests_check_large_step_sim_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_large_step_sim_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_step_scaling_sim_SOURCES = tests/check_step_scaling_sim.c
tests_check_step_scaling_sim_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_step_scaling_sim_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
tests_check_replicas_SOURCES = tests/check_replicas.c
tests_check_replicas_LDADD = $(SIM_CHECK_LIBS)
tests_check_descent_SOURCES = tests/check_descent.c
tests_check_descent_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_descent_LDADD = $(SIM_CHECK_LIBS)
tests_check_whole_spectrum_SOURCES = tests/check_whole_spectrum.c
tests_check_whole_spectrum_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/sim
tests_check_whole_spectrum_LDADD = tests/libsimfixture.la $(SIM_CHECK_LIBS)
