# SPDX-License-Identifier: GPL-3.0-or-later
# The manual page is made from what the program says of itself, and shipped: who builds a tarball needs no help2man.
# It lies in the source folder; the program only has to exist (order-only), so that a tarball's page stays as it is.
dist_man_MANS = doc/plim.1
EXTRA_DIST += doc/plim.h2m doc/commands.sh doc/claims.sh
# Installed as they lie here, so that the links of README.md hold.
dist_doc_DATA = README.md CHANGELOG.md CITATION.cff LICENSE
docpagesdir = $(docdir)/doc
dist_docpages_DATA = doc/claims.md doc/cluster.md doc/detection.md doc/extending.md doc/false_alarms.md doc/format.md doc/judge.md doc/mutation.md doc/notation.md doc/plim.schema.json doc/python.md doc/reliability.md doc/same_batch.md

doc/plim.1: doc/plim.h2m doc/commands.sh $(src_cli_libcli_la_SOURCES) configure.ac | plim$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) doc && \
	$(SHELL) $(srcdir)/doc/commands.sh ./plim$(EXEEXT) >doc/commands.h2m && \
	COLUMNS=100 $(HELP2MAN) --no-info --version-string='$(PACKAGE_VERSION)' --section=1 \
	  --include=$(srcdir)/doc/plim.h2m \
	  --include=doc/commands.h2m --output=doc/plim.1.new ./plim$(EXEEXT) && \
	mv doc/plim.1.new $(srcdir)/doc/plim.1
CLEANFILES += doc/commands.h2m doc/plim.1.new
MAINTAINERCLEANFILES = doc/plim.1
