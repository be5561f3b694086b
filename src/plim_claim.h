/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_claim.h - statements of the theorems as claims: what is predicted, how it is measured, a verdict.

   A claim is a list of findings. Each compares one number, measured on a ladder of sizes and extrapolated to
   d -> inf, with what the theory says of it, and is judged by plim_compare.h. The claim AGREEs if every finding
   judged does, DISAGREEs if one does, and is UNDECIDED otherwise.

   Every claim draws from streams of its own: its seed is that of the settings mixed with its name. */
#ifndef PLIM_CLAIM_H
#define PLIM_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_compare.h"
#include "plim_status.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Strings are static; all but name, title, source and keys may have several lines. */
typedef struct {
  const char *name;
  const char *title;     /* one line */
  const char *statement; /* words and formula */
  const char *source;    /* statement number, e.g. "[BA] NeurIPS Thm 5" */
  const char *keys;      /* entries of the bibliography (plim_reference), separated by commas */
  const char *method;    /* how it is measured and judged: sizes, relation, margins */
  const char *approach;  /* how the measured numbers tend to their limits: the drift rates that are fitted */
  const char *failure;   /* what would make it fail, and what it would let pass */
} plim_claim_info;

size_t plim_claim_count(void);
const plim_claim_info *plim_claim_describe(size_t claim); /* NULL from plim_claim_count() on */
plim_status plim_claim_find(const char *name,
                            size_t *claim) PLIM_MUST_CHECK; /* PLIM_INVALID: no such claim */

/* How thorough: X(enumerator, name, meaning) */
#define PLIM_TIER_TABLE(X)                                                                                   \
  X(PLIM_TIER_QUICK, "quick", "all claims together in minutes on two cores")                                 \
  X(PLIM_TIER_FULL, "full", "one size more, four times the replicas, half the margin: hours")
#define PLIM_TIER_ENUM(code, name, meaning) code,
typedef enum { PLIM_TIER_TABLE(PLIM_TIER_ENUM) PLIM_TIER_COUNT } plim_tier;
#undef PLIM_TIER_ENUM
const char *plim_tier_name(plim_tier tier); /* NULL outside the list */

/* One replica of one simulation of a claim. */
typedef struct {
  size_t claim, run, replica; /* `run` counts the simulations of the claim */
  size_t values;              /* how many numbers were measured on it */
  double work;                /* what it costs, in multiplications, roughly */
} plim_claim_place;

/* Hooks for long runs, as in plim_simulation.h; any may be NULL. */
typedef struct {
  void *context;
  bool (*recall)(void *context, const plim_claim_place *place, double *samples);
  bool (*record)(void *context, const plim_claim_place *place, const double *samples);
  bool (*cancelled)(void *context);
} plim_claim_hooks;

typedef struct {
  plim_tier tier;
  uint64_t seed;
  size_t threads; /* >= 1; never changes a result */
  double level;   /* of each verdict, see plim_criterion */
  const plim_claim_hooks *hooks;
} plim_claim_settings;

/* What the theory says of the number measured: X(enumerator, symbol, meaning) */
#define PLIM_RELATION_TABLE(X)                                                                               \
  X(PLIM_EQUALS, "=", "it is the number predicted, within the margin")                                       \
  X(PLIM_AT_LEAST, ">=", "it is not less than the bound minus the margin")                                   \
  X(PLIM_AT_MOST, "<=", "it is not more than the bound plus the margin")                                     \
  X(PLIM_REPORTED, "~", "nothing: reported, not judged")
#define PLIM_RELATION_ENUM(code, symbol, meaning) code,
typedef enum { PLIM_RELATION_TABLE(PLIM_RELATION_ENUM) PLIM_RELATION_COUNT } plim_relation;
#undef PLIM_RELATION_ENUM
const char *plim_relation_symbol(plim_relation relation); /* NULL outside the list */

enum { PLIM_FINDING_WHAT = 96, PLIM_FINDING_POINT = 192 };
typedef struct {
  char what[PLIM_FINDING_WHAT];   /* the number measured */
  char point[PLIM_FINDING_POINT]; /* at which problem */
  plim_relation relation;
  plim_value predicted;     /* or the bound */
  size_t d_min, d_max;      /* of the ladder of sizes; 0 where there is none */
  plim_extrapolation fit;   /* fit.limit is the number measured */
  plim_judgement judgement; /* with the three errors; of no consequence for PLIM_REPORTED */
} plim_finding;

typedef struct {
  plim_finding *findings;
  size_t count;
} plim_claim_result;

/* Draw, measure, extrapolate, predict, judge one by one. PLIM_INVALID for an argument that is not acceptable; else
   the status of what failed in the theory or the simulation, PLIM_INTERRUPTED, PLIM_FAILED (a hook), PLIM_NO_MEMORY.
   The result is to be released with plim_claim_result_free. */
plim_status plim_claim_run(size_t claim, const plim_claim_settings *settings,
                           plim_claim_result *result) PLIM_MUST_CHECK;
void plim_claim_result_free(plim_claim_result *result);

/* Replicas and work (as in plim_claim_place) of a run, for a progress bar. */
void plim_claim_cost(size_t claim, plim_tier tier, size_t *replicas, double *work);

/* Holm's correction over all findings judged of `count` results together: rewrites their verdicts. */
plim_status plim_claim_judge_family(plim_claim_result *results, size_t count, double level) PLIM_MUST_CHECK;

plim_verdict plim_claim_verdict(const plim_claim_result *result);

/* The finding that speaks for the claim: of those with the claim's verdict, the one nearest to another. NULL where
   none is judged. */
const plim_finding *plim_claim_decisive(const plim_claim_result *result);

#ifdef __cplusplus
}
#endif
#endif
