/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_optimum.h - the best penalty, the best step size, or both, in the limit: where it is, what it reaches, and what
   is certain about it.

   A minimum that an iteration has found is a local one. Here each result says how it is known to be the best of the
   whole range searched (plim_certificate), and where the best is not a point inside the range it says that in a word
   (plim_place): risk1 falls with eta for ever, and its best step size is no number. Nothing here draws a random
   number. */
#ifndef PLIM_OPTIMUM_H
#define PLIM_OPTIMUM_H

#include <stdbool.h>

#include "plim_theory.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is best of a quantity: the least risk or training error, the greatest improvement. PLIM_GOAL_NONE: it is
   nothing to optimise, as a spectrum is. */
typedef enum { PLIM_GOAL_NONE, PLIM_GOAL_LEAST, PLIM_GOAL_GREATEST } plim_goal;
plim_goal plim_optimum_goal(plim_quantity quantity);

/* Where the best value of a variable lies: X(enumerator, name, meaning) */
#define PLIM_PLACE_TABLE(X)                                                                                  \
  X(PLIM_PLACE_FIXED, "fixed", "not searched: as the problem has it")                                        \
  X(PLIM_PLACE_INSIDE, "inside", "inside the range searched")                                                \
  X(PLIM_PLACE_ZERO, "zero", "at 0: ridgeless, or no step")                                                  \
  X(PLIM_PLACE_LOW, "low_end", "at the low end of the range searched: the best of all may lie below")        \
  X(PLIM_PLACE_HIGH, "high_end", "at the high end of the range searched: the best of all may lie beyond")    \
  X(PLIM_PLACE_INFINITY, "infinity", "approached as the variable grows, and not reached")                    \
  X(PLIM_PLACE_ANYWHERE, "anywhere", "the quantity does not depend on the variable")

/* How the result is known to be the best of the range: X(enumerator, name, meaning) */
#define PLIM_CERTIFICATE_TABLE(X)                                                                            \
  X(PLIM_CERTIFICATE_PROVED, "proved",                                                                       \
    "the quantity is proved to be monotone, so an end of the range is best")                                 \
  X(PLIM_CERTIFICATE_ENCLOSED, "enclosed",                                                                   \
    "the whole range is covered by intervals with a proved bound for each: none passes the bound given")     \
  X(PLIM_CERTIFICATE_SAMPLED, "sampled",                                                                     \
    "the best of a grid over the range, refined; nothing is proved between its points")

#define PLIM_ENUM(code, name, meaning) code,
typedef enum { PLIM_PLACE_TABLE(PLIM_ENUM) PLIM_PLACE_COUNT } plim_place;
typedef enum { PLIM_CERTIFICATE_TABLE(PLIM_ENUM) PLIM_CERTIFICATE_COUNT } plim_certificate;
#undef PLIM_ENUM

/* NULL outside the lists. */
const char *plim_place_name(plim_place place);
const char *plim_place_meaning(plim_place place);
const char *plim_certificate_name(plim_certificate certificate);
const char *plim_certificate_meaning(plim_certificate certificate);

/* 0 <= low < high <= INFINITY */
typedef struct {
  double low, high;
} plim_range;

/* What to search, at least one of the two. The step size is the problem's eta, the eta0 of eta0 N^eta_exponent. */
typedef struct {
  bool over_lambda, over_eta;
  plim_range lambda, eta;
} plim_search;

/* lambda alone, each range from 0 to INFINITY. */
plim_search plim_search_default(void);

/* One variable at the optimum. */
typedef struct {
  plim_place place;
  double at;    /* INFINITY where it is infinite, NaN for `anywhere` */
  double error; /* of `at`, within its valley; 0 at an end, NaN where `at` is no number */
  plim_range
      bracket; /* enclosed: every optimum of the range lies inside; sampled: the samples on either side */
  plim_range
      searched; /* a sampled search begins and ends at finite numbers > 0 (and looks at 0 itself); it grows beyond
                           where it began while its best is at an end and the range asked for is open there */
  plim_value curvature; /* second derivative of the quantity in log(variable); NaN unless inside */
} plim_best;

typedef struct {
  plim_value value; /* of the quantity there; its limit where a variable is infinite */
  double bound;     /* nothing in the range searched is better than this; NaN if sampled */
  plim_certificate certificate;
  plim_best lambda, eta;
} plim_optimum;

/* The best `quantity` that `search` leaves room for, everything else as in `problem`.
   PLIM_INVALID         the quantity has no goal, the search is empty or a range is not acceptable; plim_limit's reasons
   PLIM_DIVERGES        an improvement without bound
   PLIM_NOT_CONVERGED   the intervals do not settle the bound; plim_limit's reasons
   and the other statuses of plim_limit. */
plim_status plim_optimum_find(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                              const plim_search *search, plim_optimum *optimum) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
