/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notation.h - what other papers and programs call the parameters of a problem, and in which units.

   Everything goes by way of `ba`, plim's own. doc/notation.md says where each line comes from. */
#ifndef PLIM_CLI_NOTATION_H
#define PLIM_CLI_NOTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "../options/values.h"
#include "plim_problem.h"

/* Extended precision, so that a number that is translated and translated back misses its bits by one rounding at most
   for each number it is made of. NAN: not told. */
typedef struct {
  long double psi1, psi2, lambda, eta, eta_exponent, noise, step_psi1;
} plimi_parameters;

typedef struct {
  const char *name, *meaning;
  const char *formula; /* in the names of ba */
  plimi_range range;
  const char *range_words;
} plimi_symbol;

/* What a notation has no word for: of ba's parameter `name`, why, and in which problems there is something to lose. */
typedef struct {
  const char *name, *why;
  bool (*is_lost)(const plim_problem *problem);
} plimi_loss;

enum { PLIMI_MOST_SYMBOLS = 7 };
typedef struct {
  const char *name;  /* the word of --from and --to */
  const char *title; /* who writes so */
  const char *error; /* the notation's error, in ba's risk and noise; or NULL: not known here */
  const plimi_symbol *symbols;
  size_t count;
  plim_readout readout; /* the one it has where it is not told */
  void (*from_ba)(const plimi_parameters *ba, long double *values);
  void (*to_ba)(const long double *values, plimi_parameters *ba);
  const plimi_loss *losses;
  size_t loss_count;
} plimi_notation;

extern const plimi_notation plimi_notations[];
extern const size_t plimi_notation_count; /* the first is ba; as the words of --from and --to */

/* The parameters of a problem. */
plimi_parameters plimi_parameters_of(const plim_problem *problem);

#endif
