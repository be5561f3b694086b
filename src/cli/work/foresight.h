/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foresight.h - will the extrapolation of a ladder miss the limit of its own theory?

   The limits of a small step are approached with a drift that has its declared power of d only while eta is small
   beside sqrt N. Where another theory has a value at each d (`risk` for risk1), the fit of those values in the place of
   the measured ones says beforehand, without a draw, how far it ends from the limit: a bias that no number of
   replicas takes away. */
#ifndef PLIM_CLI_FORESIGHT_H
#define PLIM_CLI_FORESIGHT_H

#include "plim_compare.h"
#include "plim_theory.h"

/* The ladder of one quantity: rung k was measured on problem drawn[k], whose d is finite. */
typedef struct {
  plim_quantity quantity;
  const plim_problem *asked;
  const plim_problem *drawn;
  const plim_rung *rungs;
  size_t count;
  plim_value limit; /* of `asked` */
  double margin;
} plimi_ladder_design;

/* True with the reason in words, where a verdict would speak of the size of the step more than of the theorem. */
bool plimi_foresees_bias(plim_theory *theory, const plimi_ladder_design *design, char *reason, size_t size);

/* Where the theory keeps the effect of a finite d, a ladder judges its values at each size, and its limit through
   them. A note where that says little of the limit: a theory that is a quarter of the margin from its limit far away,
   or has no value there. Nothing where the margin is 0. */
void plimi_note_distance(plim_theory *theory, plim_quantity quantity, const plim_problem *asked,
                         const plim_value *limit, double margin);

#endif
