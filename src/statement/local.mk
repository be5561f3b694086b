# SPDX-License-Identifier: GPL-3.0-or-later
# The statement of the problem: plain data, its names and its validation. Both halves know it and nothing of each other.
noinst_LTLIBRARIES += src/statement/libstatement.la
src_statement_libstatement_la_SOURCES = \
	src/statement/activation.c \
	src/statement/atoms.c \
	src/statement/evaluator.c \
	src/statement/evaluator.h \
	src/statement/expression.c \
	src/statement/expression.h \
	src/statement/formula.c \
	src/statement/hints.c \
	src/statement/inputs.c \
	src/statement/numerals.c \
	src/statement/numerals.h \
	src/statement/panel.c \
	src/statement/panel.h \
	src/statement/parser.cc \
	src/statement/parser.h \
	src/statement/pieces.c \
	src/statement/pieces.h \
	src/statement/problem.c \
	src/statement/quantity.c \
	src/statement/search.c \
	src/statement/search.h \
	src/statement/status.c \
	src/statement/value.c
# Linked as C is, for libtool to hand $(CXX_LIBS) on to the C programs.
src_statement_libstatement_la_LINK = $(LINK)
src_statement_libstatement_la_LIBADD = $(MUPARSER_LIBS) $(CXX_LIBS) -lm
