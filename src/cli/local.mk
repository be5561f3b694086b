# SPDX-License-Identifier: GPL-3.0-or-later
# The program: everything but main.c is an archive, so that the tests reach it.
noinst_LTLIBRARIES += src/cli/libcli.la
src_cli_libcli_la_SOURCES = src/registry.c src/registry.h \
	src/cli/about.c src/cli/about.h src/cli/arguments.c src/cli/arguments.h src/cli/campaign.c \
	src/cli/cmd_cite.c src/cli/cmd_compare.c src/cli/cmd_figures.c src/cli/cmd_list.c src/cli/cmd_simulate.c \
	src/cli/cmd_spectrum.c src/cli/cmd_theory.c src/cli/cmd_verify.c src/cli/columns.c src/cli/columns.h \
	src/cli/commands.c src/cli/commands.h \
	src/cli/config_file.c src/cli/csv.c src/cli/figure_files.c src/cli/figure_files.h src/cli/help.c \
	src/cli/interrupt.c src/cli/interrupt.h src/cli/journal.c src/cli/journal.h src/cli/json.c src/cli/ladder.c \
	src/cli/ladder.h src/cli/message.c src/cli/message.h src/cli/option_values.c src/cli/options.c \
	src/cli/options.h src/cli/outcome.c src/cli/output.c src/cli/output.h src/cli/product.c src/cli/product.h \
	src/cli/progress.c src/cli/progress.h src/cli/provenance.c src/cli/row.c src/cli/row.h \
	src/cli/settings.h src/cli/simulation_rows.c src/cli/spectrum_rows.c src/cli/subject.c src/cli/subject.h src/cli/table.c src/cli/table_spectra.c \
	src/cli/table_verdicts.c src/cli/theory_rows.c src/cli/values.c src/cli/values.h src/cli/verified.c \
	src/cli/verified.h src/cli/whole_file.c src/cli/whole_file.h \
	src/cli/work.h src/cli/writers.h
src_cli_libcli_la_SOURCES += src/cli/cmd_descent.c src/cli/descent_rows.c src/cli/table_descents.c
src_cli_libcli_la_SOURCES += src/cli/cmd_optimize.c src/cli/optimum_output.c src/cli/optimum_output.h
src_cli_libcli_la_CPPFLAGS = $(AM_CPPFLAGS) -DPLIM_PKGDATADIR='"$(pkgdatadir)"'

bin_PROGRAMS += plim
plim_SOURCES = src/cli/main.c
plim_LDADD = src/cli/libcli.la libplim.la $(JANSSON_LIBS) $(INIH_LIBS) $(MUPARSER_LIBS) $(GSL_LIBS) -lm
