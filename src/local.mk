# SPDX-License-Identifier: GPL-3.0-or-later
# The public headers, and the library made of all parts.
include_HEADERS += \
	src/plim.h \
	src/plim_activation.h \
	src/plim_claim.h \
	src/plim_compare.h \
	src/plim_descent.h \
	src/plim_device.h \
	src/plim_draw.h \
	src/plim_experiment.h \
	src/plim_formula.h \
	src/plim_inputs.h \
	src/plim_layout.h \
	src/plim_looks.h \
	src/plim_optimum.h \
	src/plim_own_claim.h \
	src/plim_problem.h \
	src/plim_quantity.h \
	src/plim_simulation.h \
	src/plim_status.h \
	src/plim_stream.h \
	src/plim_theory.h \
	src/plim_value.h

# Interface version as libtool counts it: current:revision:age. OpenBLAS before GSL, see configure.ac.
lib_LTLIBRARIES += libplim.la
libplim_la_SOURCES = src/version.c src/layout.c src/gsl_errors.h src/strict_math.h
libplim_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined -export-symbols-regex '^plim_'
libplim_la_LIBADD = src/claims/libclaims.la src/experiment/libexperiment.la theory/libtheory.la sim/libsim.la \
	src/judge/libjudge.la src/journal/libjournal.la src/statement/libstatement.la $(ZLIB_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) $(PTHREAD_LIBS) -lm
