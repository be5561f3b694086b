/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number.h - the text of a number in CSV and JSON: the shortest that reads back to the same bits. */
#ifndef PLIM_CLI_NUMBER_H
#define PLIM_CLI_NUMBER_H

/* The precision, 1 to 17, with which printf's %g gives a text that reads back to the bits of `number` (finite). Since
   %g drops zeros at the end, no text with fewer digits does. */
int plimi_number_digits(double number);

typedef struct {
  char text[32];
} plimi_number_text;

/* 0.1, 1e-7, -2.385, 1e300: as printf's %g with those digits, without the + and the leading zeros of an exponent. */
plimi_number_text plimi_number_write(double number);

#endif
