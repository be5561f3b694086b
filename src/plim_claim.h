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
  const char *tex;       /* the formula in TeX, or NULL */
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
  size_t replicas;            /* of that simulation, those drawn before among them */
  size_t values;              /* how many numbers were measured on it */
  double work;                /* what it costs: plim_replica_seconds */
} plim_claim_place;

/* Claims of one's own (plim_own_claim.h). */
typedef struct plim_own_claims plim_own_claims;

/* Hooks for long runs, as in plim_simulation.h; any may be NULL. */
typedef struct {
  void *context;
  bool (*recall)(void *context, const plim_claim_place *place, double *samples);
  bool (*record)(void *context, const plim_claim_place *place, const double *samples);
  bool (*cancelled)(void *context);
  plim_status (*gather)(void *context, const plim_claim_place *place, plim_status status, size_t failed,
                        double *samples);                       /* place->replica is of no consequence */
  void (*planned)(void *context, size_t replicas, double work); /* that many more are about to be drawn */
  /* Of plim_claims_decide: nothing is drawn. How many of the first place->replicas of a simulation, from number 0 on
     without a gap, can be recalled? A look goes as far as they do. */
  size_t (*at_hand)(void *context, const plim_claim_place *place);
  /* a claim cannot be judged: why, in words, where there is more to say than its status does */
  void (*explained)(void *context, size_t claim, const char *why);
} plim_claim_hooks;

typedef struct {
  plim_tier tier;
  uint64_t seed;
  size_t threads;               /* >= 1; never changes a result */
  size_t processes, neighbours; /* as in plim_simulation; 0: this one is alone */
  double level;                 /* of each verdict, see plim_criterion */
  size_t
      replicas; /* at every size of every ladder; 0: as many as the tier has (for plim_claims_decide: a quarter
                      of them in the pilot); else >= 2 */
  const plim_claim_hooks *hooks;
  const plim_own_claims *
      own; /* or NULL. The numbers of these claims follow on those of the list: plim_claim_count() and so on */
  struct plim_device *device; /* as in plim_simulation */
} plim_claim_settings;

/* The sizes that a limit was extrapolated from, the smallest first; `count` 0 where it was put together of several
   extrapolations. The values are as they were fitted: where a claim says so, what the theory says of the finite size is
   taken off. */
enum { PLIM_LADDER_RUNGS = 8 };
typedef struct {
  plim_rung rungs[PLIM_LADDER_RUNGS];
  size_t count, skipped;         /* the first `skipped` were left out of the fit, for lack of fit */
  double rates[PLIM_MOST_TERMS]; /* the powers declared, up to the first 0 */
} plim_ladder;

enum { PLIM_FINDING_WHAT = 96, PLIM_FINDING_POINT = 192 };
typedef struct {
  char what[PLIM_FINDING_WHAT];   /* the number measured */
  char point[PLIM_FINDING_POINT]; /* at which problem */
  plim_relation relation;
  plim_value predicted;    /* or the bound */
  size_t d_min, d_max;     /* of the ladder of sizes; 0 where there is none */
  plim_extrapolation fit;  /* fit.limit is the number measured */
  double without_smallest; /* the same from all sizes but the smallest; NAN where too few are left for that */
  plim_judgement judgement; /* with the three errors; of no consequence for PLIM_REPORTED */
  /* How far the gradient step moves the number predicted, by the theory: what it is less what it is at eta = 0. A
     margin as wide as that would let a theory without the step pass. NAN where the step does not enter, where the
     theory has no value at eta = 0, and where a bound is judged. */
  double effect;
  size_t
      looks; /* at which of plim_looks.h it was judged, the pilot being 1; 0: once, by a fixed design, or not */
  double
      growth; /* UNDECIDED after looks: the factor by which all replicas would have to grow to settle it with the
                    chance asked for, if the limit is the predicted one (plim_growth_needed); else NAN */
  plim_ladder ladder; /* of `fit` */
} plim_finding;

typedef struct {
  plim_finding *findings;
  size_t count;
  size_t replicas; /* drawn for it, at all sizes */
  double work;     /* what they cost, by plim_replica_seconds */
} plim_claim_result;

/* The design in words, one statement a line, before anything is drawn: problems, sizes, replicas (of the tier, or the
   settings' own), what is judged by which relation, margin and rates. A function of the claim and of the settings' tier
   and replicas. *text is to be freed. PLIM_INVALID: no such claim, tier or number of replicas; PLIM_NO_MEMORY. */
plim_status plim_claim_design(size_t claim, const plim_claim_settings *settings, char **text) PLIM_MUST_CHECK;

/* Draw, measure, extrapolate, predict, judge one by one. PLIM_INVALID for an argument that is not acceptable; else
   the status of what failed in the theory or the simulation, PLIM_INTERRUPTED, PLIM_FAILED (a hook), PLIM_NO_MEMORY.
   The result is to be released with plim_claim_result_free. */
plim_status plim_claim_run(size_t claim, const plim_claim_settings *settings,
                           plim_claim_result *result) PLIM_MUST_CHECK;
void plim_claim_result_free(plim_claim_result *result);

/* How far plim_claims_decide goes. */
typedef struct {
  double
      work; /* the most that all draws may cost together, by plim_replica_seconds; > 0, may be infinite. The pilots
                  are drawn whatever they cost */
  double
      power; /* of a claim that is right to be settled by the first look after the pilot; 1/2 <= power < 1 */
} plim_claim_budget;

/* All claims as one family, drawn until they are decided. A pilot of a quarter of the tier's replicas (25 at
   least) gives the standard errors; these say how many replicas each experiment needs, and as long as a finding
   on it is UNDECIDED it gets them, then twice as many at each further look. Looks share the level out and Holm's
   correction holds for the family at whichever look each finding stops (plim_looks.h): the chance of any false
   AGREE, and of any false DISAGREE, is at most settings->level. A finding once decided is closed. What cannot be
   afforded stays UNDECIDED; the cheapest claims are served first, and the first that cannot be afforded gets a smaller
   look if what is left gives some size half as many replicas again. A finding UNDECIDED for lack of fit leaves out its
   smallest size from the next look on; where too few would be left, its experiments get one size more, twice the
   largest, once. The lack of fit of limits that were fitted again counts as the finding's. The cost is a model, so the
   same settings and budget give the same result on every machine, for any number of threads.

   With the hook at_hand, claims are judged on the replicas that there are: a look is cut to them, is not taken where no
   size would have half as many again, and leaves a finding as it was for which a size is to be added that is not there,
   and a claim whose pilot is not there whole has the status PLIM_INTERRUPTED.

   results[i] and statuses[i] belong to claims[i], no two alike; results are released one by one. Returns PLIM_OK
   although single claims failed (statuses[i], with nothing in results[i]); PLIM_INVALID, PLIM_INTERRUPTED,
   PLIM_FAILED (a hook), PLIM_NO_MEMORY: nothing is in any result. */
plim_status plim_claims_decide(const size_t *claims, size_t count, const plim_claim_settings *settings,
                               const plim_claim_budget *budget, plim_claim_result *results,
                               plim_status *statuses) PLIM_MUST_CHECK;

/* Replicas and work (as in plim_claim_place) of plim_claim_run, for a progress bar. */
void plim_claim_cost(size_t claim, const plim_claim_settings *settings, size_t *replicas, double *work);

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
