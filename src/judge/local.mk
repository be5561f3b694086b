# SPDX-License-Identifier: GPL-3.0-or-later
# Arithmetic on values and estimates; knows no formula.
noinst_LTLIBRARIES += src/judge/libjudge.la
src_judge_libjudge_la_SOURCES = \
	src/judge/allot.c \
	src/judge/compare.c \
	src/judge/covered.c \
	src/judge/exponent.c \
	src/judge/fit.c \
	src/judge/fit.h \
	src/judge/judge.c \
	src/judge/looks.c \
	src/judge/stats.c \
	src/judge/stats.h
src_judge_libjudge_la_LIBADD = $(OPENBLAS_LIBS) $(GSL_LIBS) -lm
