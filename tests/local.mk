# SPDX-License-Identifier: GPL-3.0-or-later
# Check's own limit of 4 s a test stops a hang; a busy machine, a sanitizer or qemu must not pass for one. No test
# program sets a limit of its own, which would go before this.
AM_TESTS_ENVIRONMENT = CK_DEFAULT_TIMEOUT=600; PYTHON='$(PYTHON)'; export CK_DEFAULT_TIMEOUT PYTHON;
# One program per subject (Check), named check_<subject>.
CHECK_PROGRAM_LIBS = src/judge/libjudge.la src/statement/libstatement.la $(CHECK_LIBS) -lm

# The statement and the judge.
check_PROGRAMS += tests/check_statement tests/check_batch_statement tests/check_activation tests/check_expression tests/check_expression_slopes tests/check_expression_errors tests/check_compare tests/check_allot tests/check_slack tests/check_error_rates
tests_check_statement_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_batch_statement_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_activation_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_expression_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_expression_slopes_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_expression_errors_LDADD = $(CHECK_PROGRAM_LIBS) $(PTHREAD_LIBS)
tests_check_compare_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_allot_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_slack_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_error_rates_LDADD = $(CHECK_PROGRAM_LIBS)
TESTS += tests/check_statement tests/check_batch_statement tests/check_activation tests/check_expression tests/check_expression_slopes tests/check_expression_errors tests/check_compare tests/check_allot tests/check_slack tests/check_error_rates
check_PROGRAMS += tests/check_exponent tests/check_formula
tests_check_exponent_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_formula_LDADD = $(CHECK_PROGRAM_LIBS)
TESTS += tests/check_exponent tests/check_formula
check_PROGRAMS += tests/check_covered tests/check_covered_verdicts
tests_check_covered_LDADD = $(CHECK_PROGRAM_LIBS)
tests_check_covered_verdicts_LDADD = $(CHECK_PROGRAM_LIBS)
TESTS += tests/check_covered tests/check_covered_verdicts
# How the structures lie in memory; what is made of it in Python.
check_PROGRAMS += tests/check_layout tests/check_function
tests_check_function_LDADD = libplim.la $(CHECK_LIBS) -lm
tests_check_layout_LDADD = libplim.la $(CHECK_LIBS)
dist_check_SCRIPTS += tests/python.test tests/languages.test
EXTRA_DIST += tests/python/check_doctests.py tests/python/check_functions.py tests/python/check_tables.py \
	tests/python/check_values.py tests/python/check_verify.py
TESTS += tests/check_layout tests/check_function tests/python.test tests/languages.test
# A program that knows libplim alone.
check_PROGRAMS += tests/check_host
tests_check_host_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS)
dist_check_SCRIPTS += tests/host.test tests/strict_math.test tests/install.test
TESTS += tests/check_host tests/host.test tests/strict_math.test tests/install.test
# A locale with a decimal comma; the program is started by the script, which makes the locale.
check_PROGRAMS += tests/locale_check
tests_locale_check_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS)
dist_check_SCRIPTS += tests/locale.test
TESTS += tests/locale.test
check_PROGRAMS += tests/check_citations
tests_check_citations_LDADD = libplim.la $(CHECK_LIBS)
TESTS += tests/check_citations

# The structure of the source, proved to see what it is there for; what was linked; the example of plim.h.
dist_check_SCRIPTS += tests/layers.test tests/sources.test tests/symbols.test tests/citations.test \
	tests/planted.test tests/linkage.test tests/example.test tests/readme.test tests/manual.test tests/gallery.test tests/mutation.test
TESTS += tests/layers.test tests/sources.test tests/symbols.test tests/citations.test tests/planted.test \
	tests/linkage.test tests/example.test tests/readme.test tests/manual.test tests/gallery.test tests/mutation.test

# The page on extending plim, followed on a copy of the tree: half a minute, a step of .ci/run.
EXTRA_DIST += tests/extending.test

# Faults planted one at a time, each of which must turn a test red: an hour, so not a part of make check.
EXTRA_DIST += tests/mutation/run tests/mutation/table.awk tests/mutation/claims.sh tests/mutation/outcomes.tsv tests/mutation/report.awk tests/mutation/theory.faults \
	tests/mutation/simulation.faults tests/mutation/judge.faults
mutation:
	$(srcdir)/tests/mutation/run --report $(srcdir)/doc/mutation.md
.PHONY: mutation

# How much of the source make check runs through, against the goals; in a build made for it.
EXTRA_DIST += tests/coverage
coverage:
	@case '$(INSTRUMENT_CFLAGS)' in *--coverage*) ;; *) \
	  echo 'coverage is measured in a build made for it: configure --enable-coverage' >&2; exit 1 ;; esac
	find . -name '*.gcda' -exec rm -f {} +
	CK_TIMEOUT_MULTIPLIER=20 $(MAKE) check
	$(srcdir)/tests/coverage
.PHONY: coverage

# The long tier: hours, and systems of their own.
EXTRA_DIST += tests/long/run tests/long/no_memory_program.subject tests/long/fuzz.subject tests/long/build.sh tests/long/builds.subject tests/long/blas.subject tests/long/architectures.subject tests/long/coverage.subject tests/long/no_memory_library.subject
check-long:
	$(srcdir)/tests/long/run
.PHONY: check-long

# An allocator that fails, to be preloaded.
check_LTLIBRARIES += tests/failing_malloc.la
tests_failing_malloc_la_SOURCES = tests/failing_malloc.c tests/failing_malloc.h
tests_failing_malloc_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -rpath /nowhere

# What stands in for the libraries of CUDA; the script gives it their names, and starts the program.
check_LTLIBRARIES += tests/fake_cuda.la
tests_fake_cuda_la_SOURCES = tests/fake_cuda.c
tests_fake_cuda_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -rpath /nowhere
tests_fake_cuda_la_LIBADD = $(OPENBLAS_LIBS) $(PTHREAD_LIBS) -lm
check_PROGRAMS += tests/device_check
tests_device_check_LDADD = libplim.la $(CHECK_LIBS) -lm
dist_check_SCRIPTS += tests/device.test
TESTS += tests/device.test

# A signal at a certain line of a journal, to be preloaded.
check_LTLIBRARIES += tests/stop_at_line.la
tests_stop_at_line_la_SOURCES = tests/stop_at_line.c
tests_stop_at_line_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -rpath /nowhere
tests_stop_at_line_la_LIBADD = $(DL_LIBS)

# Linked with it: memory that runs out in the library.
check_PROGRAMS += tests/check_no_memory
tests_check_no_memory_SOURCES = tests/check_no_memory.c tests/no_memory.h tests/no_memory_simulation.c \
	tests/no_memory_statement.c tests/no_memory_theory.c tests/failing_malloc.c tests/failing_malloc.h
tests_check_no_memory_CPPFLAGS = $(AM_CPPFLAGS) # objects of its own: the allocator is not libtool's here
tests_check_no_memory_LDADD = libplim.la $(CHECK_LIBS) -lm
TESTS += tests/check_no_memory

# The claims.
check_PROGRAMS += tests/check_claims
tests_check_claims_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
check_PROGRAMS += tests/check_own_claims tests/check_own_claim_refusals
own_claim_fixture = tests/own_claim_fixture.c tests/own_claim_fixture.h
tests_check_own_claims_SOURCES = tests/check_own_claims.c $(own_claim_fixture)
tests_check_own_claims_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
tests_check_own_claim_refusals_SOURCES = tests/check_own_claim_refusals.c $(own_claim_fixture)
tests_check_own_claim_refusals_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/check_own_claims tests/check_own_claim_refusals
check_PROGRAMS += tests/check_planted_claims
tests_check_planted_claims_SOURCES = tests/check_planted_claims.c tests/planted_claims.c tests/planted_claims.h tests/plantings.h \
	tests/claim_findings.c tests/claim_findings.h tests/limit_memo.c tests/limit_memo.h
tests_check_planted_claims_LDFLAGS = $(AM_LDFLAGS) $(WRAP_LIMIT)
tests_check_planted_claims_LDADD = src/claims/libclaims.la src/judge/libjudge.la theory/libtheory.la sim/libsim.la src/statement/libstatement.la \
	$(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
TESTS += tests/check_planted_claims
check_PROGRAMS += tests/check_effect
tests_check_effect_SOURCES = tests/check_effect.c tests/planted_claims.c tests/planted_claims.h
tests_check_effect_LDADD = $(tests_check_planted_claims_LDADD)
TESTS += tests/check_effect
check_PROGRAMS += tests/check_looks
tests_check_looks_LDADD = $(CHECK_PROGRAM_LIBS)
check_PROGRAMS += tests/check_decided_claims
tests_check_decided_claims_SOURCES = tests/check_decided_claims.c tests/planted_claims.c tests/planted_claims.h
tests_check_decided_claims_LDADD = src/claims/libclaims.la src/judge/libjudge.la theory/libtheory.la sim/libsim.la src/statement/libstatement.la \
	$(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
check_PROGRAMS += tests/check_claim_misfits
tests_check_claim_misfits_SOURCES = tests/check_claim_misfits.c tests/planted_claims.c tests/planted_claims.h
tests_check_claim_misfits_LDADD = src/claims/libclaims.la src/judge/libjudge.la theory/libtheory.la sim/libsim.la src/statement/libstatement.la \
	$(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
check_PROGRAMS += tests/check_claim_fits
tests_check_claim_fits_SOURCES = tests/check_claim_fits.c tests/planted_claims.c tests/planted_claims.h
tests_check_claim_fits_LDADD = src/claims/libclaims.la src/judge/libjudge.la theory/libtheory.la sim/libsim.la src/statement/libstatement.la \
	$(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
TESTS += tests/check_looks tests/check_decided_claims tests/check_claim_misfits tests/check_claim_fits
dist_check_SCRIPTS += tests/cli_verify.test tests/cli_claims.test tests/claims_page.test
TESTS += tests/check_claims tests/cli_verify.test tests/cli_claims.test tests/claims_page.test
# Every claim of the quick tier: ten minutes, so not a part of make check.
check-asymptotic: plim$(EXEEXT)
	./plim$(EXEEXT) verify --tier quick
.PHONY: check-asymptotic

# Somebody's own experiment, by libplim alone.
check_PROGRAMS += tests/check_experiment tests/check_experiment_journal tests/check_experiment_refusals \
	tests/check_experiment_looks
tests_check_experiment_looks_SOURCES = tests/check_experiment_looks.c tests/experiment_fixture.c tests/experiment_fixture.h
tests_check_experiment_looks_LDADD = libplim.la $(CHECK_LIBS) -lm
tests_check_experiment_SOURCES = tests/check_experiment.c tests/experiment_fixture.c tests/experiment_fixture.h
tests_check_experiment_LDADD = libplim.la $(CHECK_LIBS) -lm
tests_check_experiment_journal_SOURCES = tests/check_experiment_journal.c tests/experiment_fixture.c \
	tests/experiment_fixture.h
tests_check_experiment_journal_LDADD = libplim.la $(CHECK_LIBS) -lm
tests_check_experiment_refusals_SOURCES = tests/check_experiment_refusals.c tests/experiment_fixture.c \
	tests/experiment_fixture.h
tests_check_experiment_refusals_LDADD = libplim.la $(CHECK_LIBS) -lm
TESTS += tests/check_experiment tests/check_experiment_journal tests/check_experiment_refusals tests/check_experiment_looks

# Theory against simulation.
check_PROGRAMS += tests/check_agreement tests/check_step_batch
tests_check_agreement_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
tests_check_step_batch_LDADD = tests/libfixture.la theory/libtheory.la sim/libsim.la src/judge/libjudge.la src/statement/libstatement.la $(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
TESTS += tests/check_agreement tests/check_step_batch
check_PROGRAMS += tests/check_atoms tests/check_second_step
tests_check_atoms_LDADD = tests/libfixture.la theory/libtheory.la sim/libsim.la src/judge/libjudge.la src/statement/libstatement.la $(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
tests_check_second_step_LDADD = tests/libfixture.la theory/libtheory.la sim/libsim.la src/judge/libjudge.la src/statement/libstatement.la $(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
TESTS += tests/check_atoms tests/check_second_step
check_PROGRAMS += tests/check_norm_mode
tests_check_norm_mode_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/check_norm_mode
check_PROGRAMS += tests/check_two_steps_agreement
tests_check_two_steps_agreement_LDADD = libplim.la $(CHECK_LIBS) $(GSL_LIBS) -lm
TESTS += tests/check_two_steps_agreement

# The limits: against reference values, by second routes, at their limiting cases.
# What a program is linked with that says nothing else.
LDADD = tests/libfixture.la theory/libtheory.la src/statement/libstatement.la $(CHECK_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
check_LTLIBRARIES += tests/libfixture.la
tests_libfixture_la_SOURCES = tests/run_cases.h tests/fixture.h tests/fixture.c tests/reference.h tests/reference.c tests/tolerances.h
THEORY_CHECKS = tests/check_gaussian tests/check_marchenko_pastur tests/check_fixed_point tests/check_small_step tests/check_same_batch tests/check_same_batch_claims \
	tests/check_gradient tests/check_weights tests/check_kernels tests/check_spectrum tests/check_density tests/check_density_edges \
	tests/check_outliers tests/check_staircase_norms tests/check_large_step tests/check_theory tests/check_student tests/check_step_scaling tests/check_any_step tests/check_any_activation tests/check_one_kind \
	tests/check_any_step_accuracy tests/check_any_step_infinite tests/check_any_step_measures tests/check_optimum tests/check_optimum_step \
	tests/check_optimum_range tests/check_optimum_surface tests/check_staircase tests/check_two_steps tests/check_two_steps_bulk tests/check_extremes tests/check_random_expressions tests/check_properties tests/check_failing_gsl
check_PROGRAMS += $(THEORY_CHECKS)
tests_check_failing_gsl_LDADD = $(LDADD) $(DL_LIBS)
tests_check_optimum_surface_LDADD = $(LDADD) $(DL_LIBS)
tests_check_optimum_surface_LDFLAGS = $(AM_LDFLAGS) $(WRAP_LIMIT)
tests_check_density_SOURCES = tests/check_density.c tests/density_fixture.c tests/density_fixture.h
tests_check_density_edges_SOURCES = tests/check_density_edges.c tests/density_fixture.c tests/density_fixture.h \
	tests/spectral_map_fixture.c tests/spectral_map_fixture.h
tests_check_outliers_SOURCES = tests/check_outliers.c tests/spectral_map_fixture.c tests/spectral_map_fixture.h
tests_check_spectrum_SOURCES = tests/check_spectrum.c tests/spectral_map_fixture.c tests/spectral_map_fixture.h
tests_check_two_steps_SOURCES = tests/check_two_steps.c tests/two_steps_fixture.c tests/two_steps_fixture.h
tests_check_two_steps_bulk_SOURCES = tests/check_two_steps_bulk.c tests/two_steps_fixture.c tests/two_steps_fixture.h
tests_check_staircase_SOURCES = tests/check_staircase.c tests/hermite_fixture.c tests/hermite_fixture.h
tests_check_staircase_norms_SOURCES = tests/check_staircase_norms.c tests/hermite_fixture.c tests/hermite_fixture.h
tests_check_optimum_SOURCES = tests/check_optimum.c tests/optimum_fixture.c tests/optimum_fixture.h
tests_check_optimum_step_SOURCES = tests/check_optimum_step.c tests/optimum_fixture.c tests/optimum_fixture.h
tests_check_optimum_range_SOURCES = tests/check_optimum_range.c tests/optimum_fixture.c tests/optimum_fixture.h
tests_check_same_batch_claims_SOURCES = tests/check_same_batch_claims.c tests/optimum_fixture.c tests/optimum_fixture.h
tests_check_random_expressions_SOURCES = tests/check_random_expressions.c tests/random_expressions.h
tests_check_random_expressions_sim_SOURCES = tests/check_random_expressions_sim.c tests/random_expressions.h
TESTS += $(THEORY_CHECKS)
EXTRA_DIST += tests/data/points.csv tests/data/activation.csv tests/data/golden.csv \
	tests/data/golden_large_step.csv tests/data/golden_same_batch.csv tests/data/make_same_batch.py \
	tests/data/same_batch.csv tests/data/overlap.csv tests/data/extremes.csv tests/data/any_step.csv tests/data/any_activation.csv \
	tests/data/between_exponents.csv tests/data/make_golden.py \
	tests/data/claim_findings.tsv tests/data/random_expressions.tsv tests/data/make_random_expressions.py \
	tests/data/stream.csv tests/data/make_stream.py tests/data/two_steps.csv tests/data/make_two_steps.py

# The program.
check_PROGRAMS += tests/check_options tests/check_product tests/check_batch_options tests/check_output tests/check_columns tests/check_words tests/check_design tests/check_journal tests/check_journal_lines tests/check_journal_failures tests/check_progress tests/json_check tests/journal_sums
tests_check_options_LDADD = src/cli/libcli.la libplim.la $(CHECK_LIBS) $(JANSSON_LIBS) $(ZLIB_LIBS) $(INIH_LIBS) $(CSV_LIBS) \
	$(GSL_LIBS) $(DL_LIBS) -lm
tests_check_product_LDADD = $(tests_check_options_LDADD)
tests_check_batch_options_LDADD = $(tests_check_options_LDADD)
tests_check_output_LDADD = $(tests_check_options_LDADD)
check_PROGRAMS += tests/check_records
tests_check_records_LDADD = $(tests_check_options_LDADD)
TESTS += tests/check_records
tests_check_columns_LDADD = $(tests_check_options_LDADD)
tests_check_words_LDADD = $(tests_check_options_LDADD)
tests_check_design_LDADD = $(tests_check_options_LDADD)
tests_check_journal_LDADD = $(tests_check_options_LDADD)
tests_check_journal_failures_LDADD = $(tests_check_options_LDADD)
tests_check_journal_lines_LDADD = $(tests_check_options_LDADD)
tests_check_progress_LDADD = $(tests_check_options_LDADD)
tests_json_check_LDADD = $(JANSSON_LIBS)
tests_journal_sums_LDADD = $(ZLIB_LIBS)
EXTRA_DIST += tests/cli.sh tests/csv.awk tests/schema.py tests/browser/report.html
CLI_TESTS = tests/mpi.test tests/cli_options.test tests/cli_inputs.test tests/cli_config.test tests/cli_output.test tests/cli_rows.test tests/cli_resume.test tests/cli_compare.test tests/cli_judge.test tests/cli_power.test tests/cli_convert.test tests/cli_diff.test tests/cli_validate.test tests/cli_wide.test tests/labels.test tests/reading.test tests/cli_rerun.test tests/cli_doctor.test tests/cli_figures.test tests/cli_optimize.test tests/cli_spectrum.test tests/cli_descent.test tests/cli_figures_tex.test tests/cli_report.test tests/cli_macros.test tests/cli_shards.test tests/cli_time_limit.test \
	tests/cli_manners.test tests/cli_help.test tests/cli_completion.test tests/cli_hostile.test tests/cli_limits.test tests/cli_signals.test \
	tests/cli_no_memory.test tests/bibtex.test
dist_check_SCRIPTS += $(CLI_TESTS)
TESTS += tests/check_options tests/check_product tests/check_batch_options tests/check_output tests/check_columns tests/check_words tests/check_design tests/check_journal tests/check_journal_lines tests/check_journal_failures tests/check_progress $(CLI_TESTS)

# The simulation: against definitions in plain arithmetic, no limit anywhere.
check_LTLIBRARIES += tests/libsimfixture.la
tests_libsimfixture_la_SOURCES = tests/sim_fixture.c tests/sim_fixture.h
SIM_CHECK_LIBS = tests/libsimfixture.la sim/libsim.la src/statement/libstatement.la $(CHECK_LIBS) -lm
SIM_CHECKS = tests/check_stream tests/check_dense tests/check_map tests/check_ridge_path tests/check_network \
	tests/check_exact_risk tests/check_inputs tests/check_inputs_risk tests/check_batches tests/check_batch_sizes tests/check_row_blocks tests/check_single tests/check_single_path tests/check_small_step_sim tests/check_kernels_sim tests/check_replicas tests/check_replicas_refusals \
	tests/check_step_scaling_sim tests/check_large_step_sim tests/check_whole_spectrum tests/check_descent tests/check_descent_end tests/check_any_step_sim \
	tests/check_staircase_sim tests/check_two_steps_sim tests/check_random_expressions_sim tests/check_failing_lapack
check_PROGRAMS += $(SIM_CHECKS)
TESTS += $(SIM_CHECKS)
tests_check_stream_LDADD = $(SIM_CHECK_LIBS)
tests_check_dense_LDADD = $(SIM_CHECK_LIBS)
tests_check_map_LDADD = $(SIM_CHECK_LIBS)
tests_check_ridge_path_LDADD = $(SIM_CHECK_LIBS)
tests_check_network_LDADD = $(SIM_CHECK_LIBS)
tests_check_exact_risk_LDADD = $(SIM_CHECK_LIBS)
tests_check_batches_LDADD = $(SIM_CHECK_LIBS)
tests_check_inputs_LDADD = $(SIM_CHECK_LIBS) $(GSL_LIBS)
tests_check_inputs_risk_LDADD = $(SIM_CHECK_LIBS)
tests_check_batch_sizes_LDADD = $(SIM_CHECK_LIBS)
tests_check_row_blocks_LDADD = $(SIM_CHECK_LIBS)
tests_check_single_LDADD = $(SIM_CHECK_LIBS)
tests_check_single_path_LDADD = $(SIM_CHECK_LIBS)
tests_check_small_step_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_kernels_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_replicas_LDADD = $(SIM_CHECK_LIBS)
tests_check_replicas_SOURCES = tests/check_replicas.c tests/setting.c tests/setting.h
tests_check_replicas_refusals_LDADD = $(SIM_CHECK_LIBS)
tests_check_replicas_refusals_SOURCES = tests/check_replicas_refusals.c tests/setting.c tests/setting.h
tests_check_step_scaling_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_large_step_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_whole_spectrum_LDADD = $(SIM_CHECK_LIBS)
tests_check_descent_LDADD = $(SIM_CHECK_LIBS)
tests_check_descent_SOURCES = tests/check_descent.c tests/descent_fixture.c tests/descent_fixture.h
tests_check_descent_end_LDADD = $(SIM_CHECK_LIBS)
tests_check_descent_end_SOURCES = tests/check_descent_end.c tests/descent_fixture.c tests/descent_fixture.h
tests_check_any_step_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_staircase_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_two_steps_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_random_expressions_sim_LDADD = $(SIM_CHECK_LIBS)
tests_check_failing_lapack_LDADD = $(SIM_CHECK_LIBS) $(DL_LIBS)
