/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tex.h - names, numbers and texts as TeX writes them. */
#ifndef PLIM_CLI_TEX_H
#define PLIM_CLI_TEX_H

#include <stdio.h>

/* Any text, as it stands, in a text font: what TeX would take for a command is escaped; a character that is no ASCII is
   left to the document's encoding, UTF-8, and a control character or a byte that is no UTF-8 becomes a question
   mark. */
void plimi_tex_text(FILE *stream, const char *text);
/* The same on one line after a %, where nothing needs escaping but the end of the line. */
void plimi_tex_comment(FILE *stream, const char *text);

/* In a formula: the symbol of a quantity or of a column that is a parameter; NULL where there is none. */
const char *plimi_tex_label(const char *name);

/* 0.1846(17): the value with the two leading digits of its error in units of its last digit, which fits between $
   and $; 2.385 where the error is 0 or NAN: `digits` significant ones. A factor 10^k stands behind where the value is
   far from 1. */
void plimi_tex_number(FILE *stream, double value, double error, int digits);

#endif
