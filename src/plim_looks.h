/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_looks.h - the judge's verdict at repeated looks: draw a little, judge, draw more until it is settled.

   Whoever looks again and again, and stops when the verdict suits, errs more often than the level of one look says.
   So the level is spent in parts, fixed before the first draw: look number k may use the share s_k of it, sum
   s_k = 1. A p-value of look k divided by s_k, and of these the least over the looks so far, is a p-value
   whenever one stops: under the null hypothesis

     P(some look has p_k < level s_k) <= sum_k level s_k = level,

   whatever the dependence of the looks, so Holm's step-down over such p-values (plim_judge_family) keeps its
   level for a family as well, each member stopping when it likes (group-sequential Holm procedures: Ye, Li, Liu
   & Yao 2013, Stat. Med. 32:1112; alpha spending: Lan & DeMets 1983, Biometrika 70:659). The union bound in
   place of the joint law of the looks costs some replicas (doc/judge.md) and asks for no normality of a whole path.

   For the shares to be honest the sizes of the looks may not depend on the values judged. They depend on standard
   errors alone: the pilot's fix the first look that is meant to settle, and every later one has twice the replicas of
   the one before. (Where the error covers a next power of the drift, its bound enters too, at most by half of the
   margin, and that depends on the drift seen in the pilot: not measured.) Standard errors are not quite
   independent of skewed values: measured (bench/look_rates) is .8 of the level at 5 % and up to 1.7 times it at
   3.65e-4 with normal replicas and pilots of 25; with exponential ones 1.0 and 2.9, with pilots of 100 .9 and 1.6. */
#ifndef PLIM_LOOKS_H
#define PLIM_LOOKS_H

#include "plim_compare.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Number 0 is the pilot. */
enum { PLIM_MOST_LOOKS = 6 };

/* s_k, 0 for k >= PLIM_MOST_LOOKS. For a criterion: reserved = 1 - plim_look_share(k). */
double plim_look_share(size_t look);

/* After a look: `now`, judged on all the draws at hand with the look's share, takes over the p-values of the looks
   before it, `before` (NULL at the first look). PLIM_NOT_FINITE: a p-value or fit_p is NaN; PLIM_INVALID: fit_level
   is not in [0, 1]. */
plim_status plim_judge_after(plim_judgement *now, const plim_judgement *before,
                             double fit_level) PLIM_MUST_CHECK;

/* By which factor the replicas of every size would have to grow so that one test at `level` gives AGREE with chance
   `power` if the limit is the predicted one, on average over what the standard error at hand may be off (3 more per
   cent at most from 12 normal replicas on; up to 11 less if skewed); below 1 where there are more than enough. Only
   the errors, the degrees of freedom and the margin enter, not the difference seen; of the margin at most half is
   given up to neglected_bias. `level` is that left for the member and the look: e.g. level share/members. INFINITY
   where no number of replicas will do (the prediction's error fills the margin) or none is known (a bound without
   margin: its limit may lie anywhere). NaN unless 0 < level < 1/2 and 1/2 <= power < 1. */
double plim_growth_needed(const plim_judgement *judgement, double level, double power);

/* What a ladder's pilot says of a larger one: of its rungs d, error and replicas, the values not; the cost of
   one replica at each (> 0, in any unit); the rates that are fitted. */
typedef struct {
  const plim_rung *rungs;
  const double *cost;
  size_t count;
  const double *rates;
  size_t terms;
} plim_pilot;

/* Every size gets at least this part of the replicas of the size that gets most: what the limit hardly needs still
   tells whether the declared power of d describes the sizes. */
#define PLIM_LEAST_SHARE 0.25

/* share[i] of rung i, the largest 1: in these proportions the replicas buy the least standard error of the limit for
   their cost (Neyman's allotment, for the weights that the sizes then have in the limit). PLIM_INVALID,
   PLIM_NOT_FINITE: as of plim_extrapolate_terms, or a cost is not positive. */
plim_status plim_allot(const plim_pilot *pilot, double *share) PLIM_MUST_CHECK;

/* replicas[i] of rung i, allotted like that, not rounded: with these plim_growth_needed of `judgement`, which is
   of the pilot, would be 1 (to 1 %). PLIM_OUTSIDE_DOMAIN: no number of replicas will do; else as plim_allot. */
plim_status plim_replicas_needed(const plim_pilot *pilot, const plim_judgement *judgement, double level,
                                 double power, double *replicas) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
