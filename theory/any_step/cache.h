/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.h - what is kept between calls of plimi_any_step_value, and the answer of one level of refinement. Private to
   any_step.c, cache.c and level.c. */
#ifndef PLIM_ANY_STEP_CACHE_H
#define PLIM_ANY_STEP_CACHE_H

#include "kinds.h"

enum { PLIMI_ANY_LEVELS = 10 };

/* An answer with its errors, and the problem it belongs to: the quantities of one problem come one after
   another. */
typedef struct {
  bool is_known;
  double psi2, lambda, d;
  plimi_any_step outcome;
  double error[PLIMI_ANY_NUMBERS];
} plimi_any_answer;

struct plimi_any_cache {
  plimi_step step; /* the key of the tables, with the two names and the noise */
  char *activation, *teacher;
  double noise;
  plimi_tables *tables[PLIMI_ANY_LEVELS];
  plimi_labels *labels;
  bool has_slopes;
  plimi_slopes slopes;
  plimi_kinds *kinds[PLIMI_ANY_LEVELS]; /* where there are finitely many kinds of neuron: kinds.c */
  plimi_law_of_labels *law;
  double law_change; /* of the answer that is being refined: level.c */
  bool has_spans;
  double exponent; /* the key of the spans, with that of the tables */
  plimi_span least, largest;
  plimi_free_functions free_least, free_largest;
  size_t rank; /* of a readout with finitely many values: kinds.h */
  plimi_any_answer last[PLIMI_ANY_KINDS];
};

/* cache.c: make the cache one for the step of this problem, its spans included where d is infinite. PLIM_OUTSIDE_DOMAIN
   where a direction is of order one. */
plim_status plimi_any_prepare(const plimi_input *in) PLIM_MUST_CHECK;

/* Section 15? Else section 9: for a linear sigma, whose neurons' norms say nothing; and for an odd one with a Gaussian
   readout where d is so large that norms, worth O(1/d) there, say nothing either. It keeps more digits of what is left.
 */
#define PLIMI_NORMS_COUNT_TO 1e9
bool plimi_has_kinds(const plimi_input *in);

/* level.c: the answer of one level, and what its fixed point and law of y leave uncertain, relative. */
plim_status plimi_any_solve_level(const plimi_input *in, unsigned level, plimi_any_kind kind,
                                  plimi_any_step *outcome, double *uncertain) PLIM_MUST_CHECK;
/* The largest relative change of risk, training error and E V: one of them may happen to stand still. */
double plimi_any_change(const plimi_any_step *now, const plimi_any_step *old);

#endif
