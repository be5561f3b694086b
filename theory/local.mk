# SPDX-License-Identifier: GPL-3.0-or-later
# Limits: quadrature, roots, minimisers. No random numbers, no BLAS.
noinst_LTLIBRARIES += theory/libtheory.la
theory_libtheory_la_SOURCES = $(theory_subjects) $(theory_any_step) $(theory_optimum) $(theory_same_batch) $(theory_spectra) $(theory_staircase) $(theory_two_steps)
theory_subjects = \
	theory/bounded.h \
	theory/fixed_point.c \
	theory/gaussian.c \
	theory/gaussian_grid.c \
	theory/gaussian_grid.h \
	theory/gradient.c \
	theory/kernels.c \
	theory/large_step.c \
	theory/limits.c \
	theory/marchenko_pastur.c \
	theory/names.c \
	theory/one_slope.c \
	theory/one_slope.h \
	theory/readout.c \
	theory/references.c \
	theory/slope_fit.c \
	theory/slope_fit.h \
	theory/small_step.c \
	theory/small_step_system.c \
	theory/smoother.c \
	theory/step_scaling.c \
	theory/student.c \
	theory/symmetric.h \
	theory/theory.c \
	theory/theory.h \
	theory/weights.c \
	theory/wide.c \
	theory/wide.h
theory_any_step = \
	theory/any_step/any_step.c \
	theory/any_step/any_step.h \
	theory/any_step/atoms.c \
	theory/any_step/average.c \
	theory/any_step/between.c \
	theory/any_step/cache.c \
	theory/any_step/cache.h \
	theory/any_step/coupling.c \
	theory/any_step/gauss.c \
	theory/any_step/hermite_moments.c \
	theory/any_step/kinds.c \
	theory/any_step/kinds.h \
	theory/any_step/kinds_accelerate.c \
	theory/any_step/kinds_basis.c \
	theory/any_step/kinds_dual.h \
	theory/any_step/kinds_forms.c \
	theory/any_step/kinds_iterate.c \
	theory/any_step/kinds_law.c \
	theory/any_step/kinds_norms.c \
	theory/any_step/kinds_pencil.c \
	theory/any_step/kinds_reduced.h \
	theory/any_step/kinds_rows.c \
	theory/any_step/kinds_slopes.c \
	theory/any_step/kinds_stage.c \
	theory/any_step/kinds_tables.c \
	theory/any_step/labels.c \
	theory/any_step/level.c \
	theory/any_step/limits.c \
	theory/any_step/linear.c \
	theory/any_step/means.c \
	theory/any_step/measures.c \
	theory/any_step/solve.c \
	theory/any_step/span.c \
	theory/any_step/stage.h \
	theory/any_step/state.c \
	theory/any_step/survey.c \
	theory/any_step/tables.c
theory_optimum = \
	theory/optimum/enclosed.c \
	theory/optimum/optimum.c \
	theory/optimum/optimum.h \
	theory/optimum/plane.c \
	theory/optimum/refine.c \
	theory/optimum/sampled.c \
	theory/optimum/target.c
theory_same_batch = \
	theory/same_batch/fit.c \
	theory/same_batch/limits.c \
	theory/same_batch/same_batch.c \
	theory/same_batch/same_batch.h \
	theory/same_batch/statement.h \
	theory/same_batch/traces.c
theory_spectra = \
	theory/spectra/density.c \
	theory/spectra/density.h \
	theory/spectra/outliers.c \
	theory/spectra/spectral_map.c \
	theory/spectra/spectrum.c
theory_staircase = \
	theory/staircase/bulk.c \
	theory/staircase/limits.c \
	theory/staircase/norms.c \
	theory/staircase/staircase.c \
	theory/staircase/staircase.h
theory_two_steps = \
	theory/two_steps/average.c \
	theory/two_steps/bulk.c \
	theory/two_steps/chart.c \
	theory/two_steps/law.c \
	theory/two_steps/limits.c \
	theory/two_steps/pencil.c \
	theory/two_steps/points.c \
	theory/two_steps/risk.c \
	theory/two_steps/spikes.c \
	theory/two_steps/tables.c \
	theory/two_steps/two_steps.c \
	theory/two_steps/two_steps.h \
	theory/two_steps/zeta.c
nodist_theory_libtheory_la_SOURCES = theory/references.inc
theory_libtheory_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/theory
theory_libtheory_la_LIBADD = theory/librows.la $(GSL_LIBS) -lm
# Rows added to rows, all day long: worth another level of optimisation.
noinst_LTLIBRARIES += theory/librows.la
theory_librows_la_SOURCES = theory/any_step/kinds_dual.c
theory_librows_la_CFLAGS = $(AM_CFLAGS) -O3

# The bibliography as strings, from the .bib file.
BUILT_SOURCES += theory/references.inc
CLEANFILES += theory/references.inc
EXTRA_DIST += theory/references.bib theory/references.awk
references_object = theory/libtheory_la-references.lo # by a variable: automake would take its own rule away
$(references_object): theory/references.inc
theory/references.inc: $(srcdir)/theory/references.bib $(srcdir)/theory/references.awk
	$(AM_V_GEN)$(MKDIR_P) theory && $(AWK) -f $(srcdir)/theory/references.awk $(srcdir)/theory/references.bib >$@-t && mv $@-t $@
