# SPDX-License-Identifier: GPL-3.0-or-later
# The Python package: ctypes over libplim.so, so nothing is compiled for it. _layout.py is printed by a program that
# reads the headers; beside it stand links to the sources where the build has a folder of its own, so that
# PYTHONPATH=python works in either. configure says when it is left out.
python_sources = python/plim/__init__.py python/plim/_library.py python/plim/_work.py python/plim/activations.py \
	python/plim/errors.py python/plim/judging.py python/plim/limits.py python/plim/plot.py python/plim/problems.py \
	python/plim/simulation.py python/plim/tables.py python/plim/verification.py
EXTRA_DIST += $(python_sources)
EXTRA_PROGRAMS += python/layout
python_layout_LDADD = libplim.la
CLEANFILES += python/plim/_layout.py python/layout$(EXEEXT)
if WITH_PYTHON
pkgpython_PYTHON = $(python_sources)
nodist_pkgpython_PYTHON = python/plim/_layout.py
endif

python/plim/_layout.py: python/layout$(EXEEXT) libplim.la Makefile
	$(AM_V_GEN)$(MKDIR_P) python/plim && ./python/layout$(EXEEXT) \
	  "`sed -n "s/^dlname='\(.*\)'/\1/p" libplim.la`" '$(libdir)' >$@.new && mv $@.new $@
.PHONY: python-links
python-links:
	@$(MKDIR_P) python/plim
	@for file in $(python_sources); do test -e $$file || $(LN_S) $(abs_srcdir)/$$file $$file || exit 1; done
if WITH_PYTHON
all-local: python-links python/plim/_layout.py
endif
clean-local:
	for file in $(python_sources); do test ! -h $$file || rm -f $$file; done
	rm -rf python/plim/__pycache__
