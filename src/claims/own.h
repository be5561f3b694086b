/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - claims of one's own inside. Private to src/claims/. */
#ifndef PLIM_CLAIMS_OWN_H
#define PLIM_CLAIMS_OWN_H

#include "claims.h"
#include "plim_formula.h"
#include "plim_own_claim.h"

struct plimi_own {
  plim_formula *measured;
  plim_formula *predicted; /* NULL: 0 */
  char *measured_text, *predicted_text;
};

struct plim_own_claims {
  plimi_claim **list;
  size_t count;
};

bool plimi_own_is_between_points(plim_own_relation relation);

/* Where it is to be said what is not acceptable; either may be NULL. */
typedef struct {
  const char **field;
  char **why;
} plimi_own_complaint;

/* PLIM_INVALID, or PLIM_NO_MEMORY where there is none for the reason. */
__attribute__((format(printf, 3, 4))) plim_status
plimi_own_refuse(const plimi_own_complaint *to, const char *field, const char *format, ...) PLIM_MUST_CHECK;

/* All but the formulas. */
plim_status plimi_own_check(const plim_own_claims *claims, const plim_own_claim *claim,
                            const plimi_own_complaint *to) PLIM_MUST_CHECK;

/* Of the experiments that it comes to: have the laws of the inputs the moments, and tables the rows and columns? */
plim_status plimi_own_check_inputs(const plimi_claim *claim, const plimi_own_complaint *to) PLIM_MUST_CHECK;

/* A formula on what is measured, or on the limit; statuses and *why as plim_formula_alloc. Number q of its names is
   plim_quantity q. */
plim_status plimi_own_formula(const char *text, bool measured, plim_formula **formula,
                              char **why) PLIM_MUST_CHECK;

/* The value of a formula that speaks of no quantity. */
double plimi_own_at_parameters(plim_formula *formula, const plim_problem *problem);

#endif
