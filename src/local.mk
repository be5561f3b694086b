# SPDX-License-Identifier: GPL-3.0-or-later
# The statement and the judge.
include_HEADERS += src/plim_status.h src/plim_value.h src/plim_activation.h src/plim_problem.h \
	src/plim_quantity.h src/plim_theory.h src/plim_simulation.h src/plim_compare.h

noinst_LTLIBRARIES += src/libstatement.la
src_libstatement_la_SOURCES = src/status.c src/value.c src/activation.c src/expression.c src/expression.h \
	src/panel.c src/panel.h src/pieces.c src/pieces.h \
	src/problem.c src/quantity.c src/compare.c src/stats.c src/stats.h
src_libstatement_la_LIBADD = $(MUPARSER_LIBS) $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
