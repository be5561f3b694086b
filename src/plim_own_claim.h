/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_own_claim.h - claims of one's own: a statement about plim's quantities that is in no list, drawn, extrapolated
   and judged like the built-in ones (plim_claim.h). `plim verify --claims FILE` reads them from a file. */
#ifndef PLIM_OWN_CLAIM_H
#define PLIM_OWN_CLAIM_H

#include "plim_claim.h"
#include "plim_problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is said of the number measured, in the limit: X(enumerator, symbol, meaning) */
#define PLIM_OWN_RELATION_TABLE(X)                                                                           \
  X(PLIM_OWN_EQUALS, "=", "at each point it is the number predicted, within the margin")                     \
  X(PLIM_OWN_AT_LEAST, ">=", "at each point it is not less than the number predicted less the margin")       \
  X(PLIM_OWN_AT_MOST, "<=", "at each point it is not more than the number predicted and the margin")         \
  X(PLIM_OWN_INCREASING, "increasing", "from each point to the next it falls by the margin at most")         \
  X(PLIM_OWN_DECREASING, "decreasing", "from each point to the next it rises by the margin at most")
#define PLIM_OWN_RELATION_ENUM(code, symbol, meaning) code,
typedef enum { PLIM_OWN_RELATION_TABLE(PLIM_OWN_RELATION_ENUM) PLIM_OWN_RELATION_COUNT } plim_own_relation;
#undef PLIM_OWN_RELATION_ENUM
const char *plim_own_relation_symbol(plim_own_relation relation); /* NULL outside the list */

enum { PLIM_OWN_MOST_SIZES = 6, PLIM_OWN_MOST_QUANTITIES = 6, PLIM_OWN_MOST_POINTS = 64 };

/* `measured` and `predicted` are formulas (plim_formula.h). Their names are the quantities of plim_quantity.h and the
   parameters psi1, psi2, lambda, eta, eta_exponent, noise, steps.
     measured   is computed on every replica from the quantities measured there, so its value at a size is the mean
                of the formula and not the formula of means; d, n and N are those of the size, psi1 and psi2 the
                ratios drawn. At least one and at most PLIM_OWN_MOST_QUANTITIES quantities that can be measured.
     predicted  is computed in the limit, from the limits of its quantities, whose errors it inherits; NULL for the
                two relations between points.
   The margin is relative_margin |predicted| + absolute_margin (between points absolute_margin alone); it is halved in
   the full tier, and must be positive where the relation is "=". Rates are fitted together, up to the first 0; one
   alone with an error that covers the next power (plim_extrapolate_covered). Points that differ in neither psi1 nor
   psi2 are simulated on the same draws, so that differences between them are paired. */
typedef struct {
  plim_claim_info info; /* `name` and `title` are needed; other members may be NULL */
  const plim_problem *points;
  size_t n_points;
  const size_t
      *d; /* ascending; at least 3, at most PLIM_OWN_MOST_SIZES. In the full tier twice the last as well */
  size_t n_sizes;
  const char *measured, *predicted;
  plim_own_relation relation;
  double relative_margin, absolute_margin;
  double rates[PLIM_MOST_TERMS];
} plim_own_claim;

plim_own_claims *plim_own_claims_alloc(void); /* NULL: no memory */
void plim_own_claims_free(plim_own_claims *claims);

/* Add a claim; everything is copied. Its number is plim_claim_count() + plim_own_claims_count() before the call.
   PLIM_INVALID: *field (if not NULL) names the member that is not acceptable ("name", "points", "d", "measured", ...),
   *why (if not NULL) says why, to be freed; PLIM_NO_MEMORY. */
plim_status plim_own_claims_add(plim_own_claims *claims, const plim_own_claim *claim, const char **field,
                                char **why) PLIM_MUST_CHECK;

size_t plim_own_claims_count(const plim_own_claims *claims);
const plim_claim_info *plim_own_claims_describe(const plim_own_claims *claims,
                                                size_t own); /* NULL beyond the end */

#ifdef __cplusplus
}
#endif
#endif
