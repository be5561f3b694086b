# SPDX-License-Identifier: GPL-3.0-or-later
# Anybody's own experiment on a ladder of sizes, with its journal and its verdicts; knows no formula.
noinst_LTLIBRARIES += src/experiment/libexperiment.la
src_experiment_libexperiment_la_SOURCES = \
	src/experiment/check.c \
	src/experiment/course.h \
	src/experiment/experiment.c \
	src/experiment/ladder.c \
	src/experiment/looks.c \
	src/experiment/records.c \
	src/experiment/records.h \
	src/experiment/verdicts.c
