# SPDX-License-Identifier: GPL-3.0-or-later
# Limits: quadrature, roots, minimisers. No random numbers, no BLAS.
noinst_LTLIBRARIES += theory/libtheory.la
theory_libtheory_la_SOURCES = theory/theory.h theory/bounded.h theory/theory.c theory/gaussian.c \
	theory/marchenko_pastur.c theory/fixed_point.c theory/small_step.c theory/small_step_system.c \
	theory/gradient.c theory/weights.c theory/spectrum.c theory/kernels.c theory/smoother.c \
	theory/slope_fit.h theory/slope_fit.c theory/large_step.c \
	theory/density.h theory/density.c theory/spectral_map.c
theory_libtheory_la_SOURCES += theory/step_scaling.c theory/student.c
theory_libtheory_la_SOURCES += theory/optimum.h theory/optimum.c theory/optimum_enclosed.c theory/optimum_sampled.c
# one risk for every step size
theory_libtheory_la_SOURCES += theory/any_step.h theory/any_step_stage.h theory/any_step.c theory/any_step_limits.c \
	theory/any_step_labels.c theory/any_step_gauss.c theory/any_step_measures.c theory/any_step_average.c \
	theory/any_step_tables.c theory/any_step_state.c theory/any_step_solve.c theory/any_step_span.c \
	theory/any_step_means.c theory/any_step_linear.c
# the directions a step learns
theory_libtheory_la_SOURCES += theory/staircase.h theory/staircase.c theory/staircase_bulk.c theory/staircase_limits.c
nodist_theory_libtheory_la_SOURCES = theory/references.inc
theory_libtheory_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_builddir)/theory
theory_libtheory_la_LIBADD = $(GSL_LIBS) -lm

# The bibliography as strings, from the .bib file.
BUILT_SOURCES += theory/references.inc
CLEANFILES += theory/references.inc
EXTRA_DIST += theory/references.bib theory/references.awk
theory/references.inc: $(srcdir)/theory/references.bib $(srcdir)/theory/references.awk
	$(AM_V_GEN)$(MKDIR_P) theory && $(AWK) -f $(srcdir)/theory/references.awk $(srcdir)/theory/references.bib >$@-t && mv $@-t $@
