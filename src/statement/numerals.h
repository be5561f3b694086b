/* SPDX-License-Identifier: GPL-3.0-or-later */
/* numerals.h - where the numbers written in an expression put its narrow features. Private to src/. */
#ifndef PLIM_NUMERALS_H
#define PLIM_NUMERALS_H

#include <stddef.h>

/* Numbers read from one expression; further ones are left out. */
enum {
  PLIMI_MOST_NUMERALS = 24,
  PLIMI_MOST_PLACES = 2 * PLIMI_MOST_NUMERALS * (PLIMI_MOST_NUMERALS + 1) + 1
};

/* 0, +-c and the zeros +-c1/c2 of c2 z -+ c1, for the numbers c written in `text`, where |z| <= reach. Writes at most
   PLIMI_MOST_PLACES of them, returns how many. To be called in the C locale. */
size_t plimi_numeral_places(const char *text, double reach, double *place);

#endif
