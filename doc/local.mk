# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages are made from what the program says of itself, and shipped: who builds a tarball needs no help2man.
# They lie in the source folder; the program only has to exist (order-only), so that a tarball's pages stay as they are.
dist_man_MANS = doc/plim.1 $(command_pages)
command_pages = \
	doc/plim-cite.1 doc/plim-compare.1 doc/plim-completion.1 doc/plim-convert.1 doc/plim-descent.1 doc/plim-diff.1 \
	doc/plim-doctor.1 doc/plim-figures.1 doc/plim-help.1 doc/plim-judge.1 doc/plim-list.1 doc/plim-merge.1 \
	doc/plim-optimize.1 doc/plim-power.1 doc/plim-report.1 doc/plim-rerun.1 doc/plim-simulate.1 \
	doc/plim-spectrum.1 doc/plim-status.1 doc/plim-theory.1 doc/plim-validate.1 doc/plim-verify.1 \
	doc/plim-version.1
EXTRA_DIST += doc/plim.h2m doc/commands.sh doc/claims.sh
# Installed as they lie here, so that the links of README.md hold.
dist_doc_DATA = README.md CONTRIBUTING.md CHANGELOG.md CITATION.cff LICENSE
docpagesdir = $(docdir)/doc
doc_pages = doc/building.md doc/claims.md doc/cluster.md doc/detection.md doc/extending.md doc/false_alarms.md doc/figures.md doc/files.md \
	doc/format.md doc/gpu.md doc/judge.md doc/library.md doc/limits.md doc/manual.md doc/mutation.md doc/notation.md doc/own.md doc/performance.md doc/python.md doc/reliability.md \
	doc/same_batch.md doc/two_steps.md doc/units.md doc/universality.md doc/verdicts.md doc/verify.md
dist_docpages_DATA = $(doc_pages) doc/plim.schema.json doc/risk.svg doc/false_alarms.svg

# The picture of README.md, drawn again by the program: half a minute.
picture: plim$(EXEEXT)
	$(MKDIR_P) doc/picture && \
	PLIM_DATADIR=$(abs_top_srcdir) ./plim$(EXEEXT) figures 3a --tier quick --format svg --out doc/picture && \
	mv doc/picture/3a.svg $(srcdir)/doc/risk.svg && rm -rf doc/picture
.PHONY: picture

# make html: the pages as HTML, in html/, where they lie as they lie here.
EXTRA_DIST += doc/html.lua doc/html.css
html_pages = README.md CONTRIBUTING.md CHANGELOG.md $(doc_pages) examples/README.md examples/experiment.md
html-local:
	@$(PANDOC) --version >/dev/null 2>&1 || { echo 'make html needs pandoc; on Debian: apt-get install pandoc' >&2; exit 1; }
	$(AM_V_GEN)set -e; rm -rf html; $(MKDIR_P) html/doc html/examples/reading; \
	for page in $(html_pages); do \
	  case $$page in */*) up=../ ;; *) up= ;; esac; \
	  $(PANDOC) --from=gfm --to=html5 --standalone --lua-filter=$(srcdir)/doc/html.lua --css=$${up}doc/html.css \
	    --metadata=lang:en --output=html/$${page%.md}.html $(srcdir)/$$page; \
	done; \
	for file in doc/html.css doc/plim.schema.json doc/risk.svg doc/false_alarms.svg $(dist_examples_DATA) $(dist_reading_DATA); do cp $(srcdir)/$$file html/$$file; done
mostlyclean-local:
	rm -rf html doc/picture

doc/plim.1: doc/plim.h2m doc/commands.sh $(src_cli_libcli_la_SOURCES) configure.ac | plim$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && \
	$(SHELL) $(srcdir)/doc/commands.sh ./plim$(EXEEXT) >doc/commands.h2m && \
	COLUMNS=100000 $(HELP2MAN) --no-info --version-string='$(PACKAGE_VERSION)' --section=1 \
	  --include=$(srcdir)/doc/plim.h2m \
	  --include=doc/commands.h2m --output=doc/plim.1.new ./plim$(EXEEXT) && \
	mv doc/plim.1.new $(srcdir)/doc/plim.1
$(command_pages): doc/commands.sh $(src_cli_libcli_la_SOURCES) configure.ac | plim$(EXEEXT)
	$(AM_V_GEN)page=`basename $@` && $(MKDIR_P) doc && \
	$(SHELL) $(srcdir)/doc/commands.sh ./plim$(EXEEXT) \
	  `echo $$page | sed 's/^plim-//; s/\.1$$//'` >doc/$$page.new && \
	mv doc/$$page.new $(srcdir)/doc/$$page
CLEANFILES += doc/commands.h2m doc/*.1.new
MAINTAINERCLEANFILES += doc/plim.1 $(command_pages)
