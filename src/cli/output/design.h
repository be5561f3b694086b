/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.h - what is drawn and how it is judged, written down before the first draw: that a margin or a size was not
   chosen by the result can then be seen. */
#ifndef PLIM_CLI_DESIGN_H
#define PLIM_CLI_DESIGN_H

#include "json_values.h"

/* The text, one statement a line, is a function of the program's version and of the options that shape the result: the
   same command has the same text and so the same sum, and who knows the sum can tell whether another design was used.
   CRC-32 shows an accident; who wants to deceive can find another text with the same sum, so compare the texts. */
typedef struct {
  char *text;
  char crc32[9];  /* of the text, 8 hexadecimal digits */
  char fixed[32]; /* when, in UTC: of this run, not of the design */
} plimi_design;

/* Takes over `text`, which has come from malloc. */
void plimi_design_fix(plimi_design *design, char *text);
void plimi_design_free(plimi_design *design);

/* {"crc32", "lines"}, or null where there is none. Nothing in it depends on the hour. */
json_t *plimi_design_object(const plimi_design *design);

/* {"crc32", "fixed"}: for what speaks of one run. */
json_t *plimi_design_sum(const plimi_design *design);

#endif
