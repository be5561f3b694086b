# SPDX-License-Identifier: GPL-3.0-or-later
# The program: everything but main.c is an archive, so that the tests reach it. Each folder uses those named before it.
noinst_LTLIBRARIES += src/cli/libcli.la
src_cli_libcli_la_SOURCES = $(cli_terminal) $(cli_options) $(cli_input) $(cli_output) $(cli_report) $(cli_work) $(cli_commands)
cli_terminal = \
	src/cli/terminal/columns.c \
	src/cli/terminal/columns.h \
	src/cli/terminal/interrupt.c \
	src/cli/terminal/interrupt.h \
	src/cli/terminal/message.c \
	src/cli/terminal/message.h \
	src/cli/terminal/progress.c \
	src/cli/terminal/progress.h \
	src/cli/terminal/ranks.h \
	src/cli/terminal/ranks_job.h \
	src/cli/terminal/scratch.c \
	src/cli/terminal/scratch.h \
	src/cli/terminal/temporary.c \
	src/cli/terminal/temporary.h
if WITH_MPI
cli_terminal += src/cli/terminal/ranks_mpi.c src/cli/terminal/ranks_run.c
else
cli_terminal += src/cli/terminal/ranks_alone.c
endif
cli_options = \
	src/cli/options/claim_book.c \
	src/cli/options/claim_book.h \
	src/cli/options/config_file.c \
	src/cli/options/config_file.h \
	src/cli/options/ini_file.c \
	src/cli/options/ini_file.h \
	src/cli/options/inputs_file.c \
	src/cli/options/inputs_file.h \
	src/cli/options/inputs_values.c \
	src/cli/options/job_values.c \
	src/cli/options/option_names.c \
	src/cli/options/option_values.c \
	src/cli/options/option_words.c \
	src/cli/options/option_words.h \
	src/cli/options/options.c \
	src/cli/options/options.h \
	src/cli/options/product.c \
	src/cli/options/product.h \
	src/cli/options/quantity_values.c \
	src/cli/options/readout_values.c \
	src/cli/options/reconcile.c \
	src/cli/options/reconcile.h \
	src/cli/options/records.c \
	src/cli/options/records.h \
	src/cli/options/settings.h \
	src/cli/options/values.c \
	src/cli/options/values.h
cli_input = \
	src/cli/input/grid.c \
	src/cli/input/grid.h \
	src/cli/input/layout.c \
	src/cli/input/layout.h \
	src/cli/input/observations.c \
	src/cli/input/observations.h \
	src/cli/input/series.c \
	src/cli/input/wide_grid.c \
	src/cli/input/wide_grid.h
cli_output = \
	src/cli/output/about.c \
	src/cli/output/about.h \
	src/cli/output/address_space.c \
	src/cli/output/address_space.h \
	src/cli/output/content.c \
	src/cli/output/csv.c \
	src/cli/output/design.c \
	src/cli/output/design.h \
	src/cli/output/destination.c \
	src/cli/output/destination.h \
	src/cli/output/device.c \
	src/cli/output/journal.c \
	src/cli/output/journal.h \
	src/cli/output/journal_gathering.c \
	src/cli/output/journal_header.c \
	src/cli/output/journal_header.h \
	src/cli/output/journal_line.c \
	src/cli/output/journal_line.h \
	src/cli/output/journal_lock.c \
	src/cli/output/journal_lock.h \
	src/cli/output/journal_ranks.c \
	src/cli/output/journal_reading.c \
	src/cli/output/journal_reading.h \
	src/cli/output/journal_runs.c \
	src/cli/output/journal_runs.h \
	src/cli/output/journal_state.h \
	src/cli/output/json.c \
	src/cli/output/json_values.c \
	src/cli/output/json_values.h \
	src/cli/output/ladder_json.c \
	src/cli/output/macros.c \
	src/cli/output/number.c \
	src/cli/output/number.h \
	src/cli/output/optimum_output.c \
	src/cli/output/optimum_output.h \
	src/cli/output/output.c \
	src/cli/output/output.h \
	src/cli/output/provenance.c \
	src/cli/output/provenance.h \
	src/cli/output/row.c \
	src/cli/output/row.h \
	src/cli/output/sheet.c \
	src/cli/output/sheet.h \
	src/cli/output/table.c \
	src/cli/output/table_descents.c \
	src/cli/output/table_spectra.c \
	src/cli/output/table_verdicts.c \
	src/cli/output/tex.c \
	src/cli/output/tex.h \
	src/cli/output/verdict.c \
	src/cli/output/verified.c \
	src/cli/output/verified.h \
	src/cli/output/whole_file.c \
	src/cli/output/whole_file.h \
	src/cli/output/wide.c \
	src/cli/output/words.c \
	src/cli/output/writers.h
cli_report = \
	src/cli/report/card.c \
	src/cli/report/detection.c \
	src/cli/report/entries.c \
	src/cli/report/html.c \
	src/cli/report/ladder_svg.c \
	src/cli/report/page.c \
	src/cli/report/provenance_html.c \
	src/cli/report/report.c \
	src/cli/report/report.h \
	src/cli/report/statements.c
cli_work = \
	src/cli/work/by_limit.c \
	src/cli/work/campaign.c \
	src/cli/work/cases.c \
	src/cli/work/choose_device.c \
	src/cli/work/comparison.c \
	src/cli/work/comparison.h \
	src/cli/work/descent_rows.c \
	src/cli/work/design_text.c \
	src/cli/work/design_text.h \
	src/cli/work/difference.c \
	src/cli/work/difference.h \
	src/cli/work/domain.c \
	src/cli/work/drawing.c \
	src/cli/work/drawing_hooks.c \
	src/cli/work/drawing_hooks.h \
	src/cli/work/foresight.c \
	src/cli/work/foresight.h \
	src/cli/work/json_line.c \
	src/cli/work/judging.c \
	src/cli/work/judging.h \
	src/cli/work/judging_rows.c \
	src/cli/work/ladder.c \
	src/cli/work/ladder.h \
	src/cli/work/notation.c \
	src/cli/work/notation.h \
	src/cli/work/outcome.c \
	src/cli/work/pairs.c \
	src/cli/work/plan_rows.c \
	src/cli/work/predictions.c \
	src/cli/work/registry.c \
	src/cli/work/registry.h \
	src/cli/work/selftest.c \
	src/cli/work/selftest.h \
	src/cli/work/share.c \
	src/cli/work/share.h \
	src/cli/work/share_end.c \
	src/cli/work/share_state.h \
	src/cli/work/simulation_rows.c \
	src/cli/work/spectrum_rows.c \
	src/cli/work/telling.c \
	src/cli/work/telling.h \
	src/cli/work/theory_rows.c \
	src/cli/work/valid_csv.c \
	src/cli/work/valid_json.c \
	src/cli/work/valid_wide.c \
	src/cli/work/validity.c \
	src/cli/work/validity.h \
	src/cli/work/work.h
cli_commands = \
	src/cli/commands/arguments.c \
	src/cli/commands/arguments.h \
	src/cli/commands/brief.c \
	src/cli/commands/brief.h \
	src/cli/commands/brief_words.c \
	src/cli/commands/cmd_cite.c \
	src/cli/commands/cmd_compare.c \
	src/cli/commands/cmd_convert.c \
	src/cli/commands/cmd_descent.c \
	src/cli/commands/cmd_diff.c \
	src/cli/commands/cmd_doctor.c \
	src/cli/commands/cmd_figures.c \
	src/cli/commands/cmd_judge.c \
	src/cli/commands/cmd_list.c \
	src/cli/commands/cmd_merge.c \
	src/cli/commands/cmd_optimize.c \
	src/cli/commands/cmd_power.c \
	src/cli/commands/cmd_report.c \
	src/cli/commands/cmd_simulate.c \
	src/cli/commands/cmd_spectrum.c \
	src/cli/commands/cmd_theory.c \
	src/cli/commands/cmd_validate.c \
	src/cli/commands/cmd_verify.c \
	src/cli/commands/commands.c \
	src/cli/commands/commands.h \
	src/cli/commands/completion.c \
	src/cli/commands/completion.h \
	src/cli/commands/figure_curves.c \
	src/cli/commands/figure_curves.h \
	src/cli/commands/figure_drawing.c \
	src/cli/commands/figure_files.c \
	src/cli/commands/figure_files.h \
	src/cli/commands/figure_table.c \
	src/cli/commands/figure_tex.c \
	src/cli/commands/help.c \
	src/cli/commands/reproduction.c \
	src/cli/commands/reproduction.h \
	src/cli/commands/rerun.c \
	src/cli/commands/rerun.h \
	src/cli/commands/subject.c \
	src/cli/commands/subject.h
src_cli_libcli_la_LIBADD = $(MPI_LIBS) src/journal/libjournal.la
nodist_src_cli_libcli_la_SOURCES = src/cli/output/labels.inc src/cli/report/report_css.inc src/cli/report/report_js.inc $(completion_scripts)
src_cli_libcli_la_CPPFLAGS = $(AM_CPPFLAGS) $(MPI_CFLAGS) -I$(top_builddir)/src/cli/report -I$(top_builddir)/src/cli/output -I$(top_builddir)/src/cli/commands -DPLIM_PKGDATADIR='"$(pkgdatadir)"'

# The style sheet and the script of a report as strings, with the hashes that its policy names.
BUILT_SOURCES += src/cli/report/report_css.inc src/cli/report/report_js.inc
CLEANFILES += src/cli/report/report_css.inc src/cli/report/report_js.inc
EXTRA_DIST += src/cli/report/report.css src/cli/report/report.js src/cli/report/embed.awk
page_object = src/cli/report/libcli_la-page.lo # as in theory/local.mk
$(page_object): src/cli/report/report_css.inc src/cli/report/report_js.inc
src/cli/report/report_css.inc: $(srcdir)/src/cli/report/report.css $(srcdir)/src/cli/report/embed.awk
	$(AM_V_GEN)$(MKDIR_P) src/cli/report && sum=`$(SHA256SUM) <$(srcdir)/src/cli/report/report.css | cut -c 1-64` && \
	$(AWK) -v name=report_css -v sum=$$sum -f $(srcdir)/src/cli/report/embed.awk $(srcdir)/src/cli/report/report.css >$@-t && mv $@-t $@
src/cli/report/report_js.inc: $(srcdir)/src/cli/report/report.js $(srcdir)/src/cli/report/embed.awk
	$(AM_V_GEN)$(MKDIR_P) src/cli/report && sum=`$(SHA256SUM) <$(srcdir)/src/cli/report/report.js | cut -c 1-64` && \
	$(AWK) -v name=report_js -v sum=$$sum -f $(srcdir)/src/cli/report/embed.awk $(srcdir)/src/cli/report/report.js >$@-t && mv $@-t $@

# What a figure calls things, in TeX, of the table in which gnuplot's spelling stands beside it.
BUILT_SOURCES += src/cli/output/labels.inc
CLEANFILES += src/cli/output/labels.inc
EXTRA_DIST += src/cli/output/labels.awk
labels_object = src/cli/output/libcli_la-tex.lo # as in theory/local.mk
$(labels_object): src/cli/output/labels.inc
src/cli/output/labels.inc: $(srcdir)/figures/labels.gp $(srcdir)/src/cli/output/labels.awk
	$(AM_V_GEN)$(MKDIR_P) src/cli/output && $(AWK) -f $(srcdir)/src/cli/output/labels.awk $(srcdir)/figures/labels.gp >$@-t && mv $@-t $@

# What the claims state as MathML, made where there is blahtexml and shipped: who builds a tarball needs none.
EXTRA_DIST += src/cli/report/statements.tex src/cli/report/statements.sh src/cli/report/statements.inc
MAINTAINERCLEANFILES += $(srcdir)/src/cli/report/statements.inc
statements_object = src/cli/report/libcli_la-statements.lo # as in theory/local.mk
$(statements_object): $(srcdir)/src/cli/report/statements.inc
$(srcdir)/src/cli/report/statements.inc: $(srcdir)/src/cli/report/statements.tex $(srcdir)/src/cli/report/statements.sh
	$(AM_V_GEN)$(SHELL) $(srcdir)/src/cli/report/statements.sh '$(BLAHTEXML)' $(srcdir)/src/cli/report/statements.tex >$@-t && mv $@-t $@

# The scripts for the Tab key, which `plim completion` prints, as strings.
completion_scripts = src/cli/commands/completion_bash.inc src/cli/commands/completion_zsh.inc \
	src/cli/commands/completion_fish.inc
BUILT_SOURCES += $(completion_scripts)
CLEANFILES += $(completion_scripts)
completion_object = src/cli/commands/libcli_la-completion.lo # as in theory/local.mk
$(completion_object): $(completion_scripts)
embed_script = $(MKDIR_P) src/cli/commands && $(AWK) -v sum=none -f $(srcdir)/src/cli/report/embed.awk
src/cli/commands/completion_bash.inc: $(srcdir)/completion/plim.bash $(srcdir)/src/cli/report/embed.awk
	$(AM_V_GEN)$(embed_script) -v name=completion_bash $(srcdir)/completion/plim.bash >$@-t && mv $@-t $@
src/cli/commands/completion_zsh.inc: $(srcdir)/completion/_plim $(srcdir)/src/cli/report/embed.awk
	$(AM_V_GEN)$(embed_script) -v name=completion_zsh $(srcdir)/completion/_plim >$@-t && mv $@-t $@
src/cli/commands/completion_fish.inc: $(srcdir)/completion/plim.fish $(srcdir)/src/cli/report/embed.awk
	$(AM_V_GEN)$(embed_script) -v name=completion_fish $(srcdir)/completion/plim.fish >$@-t && mv $@-t $@

# Where each shell looks by itself, below the prefix.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = completion/plim.bash
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = completion/_plim
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = completion/plim.fish

bin_PROGRAMS += plim
plim_SOURCES = src/cli/main.c
plim_LDADD = src/cli/libcli.la libplim.la $(JANSSON_LIBS) $(ZLIB_LIBS) $(INIH_LIBS) $(CSV_LIBS) $(GSL_LIBS) $(DL_LIBS) -lm
