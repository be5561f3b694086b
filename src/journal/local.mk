# SPDX-License-Identifier: GPL-3.0-or-later
# Lines with a checksum: the journals of the program and of experiments are made of them.
noinst_LTLIBRARIES += src/journal/libjournal.la
src_journal_libjournal_la_SOURCES = src/journal/line.c src/journal/line.h
src_journal_libjournal_la_LIBADD = $(ZLIB_LIBS)
