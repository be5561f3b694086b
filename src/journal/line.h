/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line.h - lines of a file that each carry a checksum of themselves: CRC-32 of the rest of the line in 8 hexadecimal
   digits, a blank, a text. Whatever happens to one bit, or to bits within 32 of each other, the line is seen to be
   spoilt. The journals of the program and of experiments are made of them. */
#ifndef PLIM_JOURNAL_LINE_H
#define PLIM_JOURNAL_LINE_H

#include <stdbool.h>
#include <stdio.h>

/* Write the text, which has no line break, as a line, in one piece where the stream's buffer is large enough. False
   with errno set. */
bool plimi_line_write(const char *text, size_t length, FILE *stream);

/* Where the text of a line of `length` bytes begins, its line break not counted; NULL where it is spoilt. */
const char *plimi_line_text(const char *line, size_t length);

enum { PLIMI_LINE_PREFIX = 9 }; /* bytes before the text */

#endif
