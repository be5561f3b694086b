/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_compare.h - the judge: arithmetic on values and estimates. It knows no formula of the theory.

   A limit theorem is approached with a bias, so a z-score at one size rejects correct theorems and a
   tolerance by eye accepts wrong ones. plim fits value(d) = limit + drift d^-rate over a ladder of sizes and
   asks of the intercept two one-sided questions about a stated margin. */
#ifndef PLIM_COMPARE_H
#define PLIM_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PLIM_VERDICT_TABLE(X)                                                                                \
  X(PLIM_AGREE, "AGREE", "the limit lies within the margin of the prediction")                               \
  X(PLIM_DISAGREE, "DISAGREE", "the limit lies outside the margin of the prediction")                        \
  X(PLIM_UNDECIDED, "UNDECIDED", "the data do not settle it at the stated level")
#define PLIM_VERDICT_ENUM(code, name, meaning) code,
typedef enum { PLIM_VERDICT_TABLE(PLIM_VERDICT_ENUM) PLIM_VERDICT_COUNT } plim_verdict;
#undef PLIM_VERDICT_ENUM
const char *plim_verdict_name(plim_verdict verdict); /* NULL outside the list */

/* One rung of the ladder. `error` is the standard error from `replicas` independent replicas (>= 2, > 0). */
typedef struct {
  double d;
  double value;
  double error;
  size_t replicas;
} plim_rung;

/* value(d) = limit + sum_t drift_t d^-rate_t, by least squares weighted with 1/error^2. The standard errors
   allow for the weights being estimates (Kenward-Roger, first order in 1/(replicas - 1)). */
typedef struct {
  double limit;
  double limit_error;   /* standard error of `limit`, Monte-Carlo only */
  double degrees;       /* effective degrees of freedom of limit_error (Welch-Satterthwaite) */
  double drift;         /* coefficient of d^-rate */
  double drift_error;   /* its standard error */
  double rate;          /* the declared exponent used; of several, the smallest */
  double drift_at_last; /* the drift at d_max, all terms: how far the largest size still is from the limit */
  double next_gain;     /* what a unit, at d_max, of a neglected d^-(first + last rate) adds to `limit` */
  double chi2;          /* lack of fit: sum of squared weighted residuals */
  double fit_p;         /* chance of a chi2 at least as large if the form is right (Welch's F test) */
  size_t terms;         /* declared exponents fitted together */
  size_t rungs;
  double
      neglected; /* bound on what the next power may still have put into `limit`; 0 where nothing covers it */
  double ratio;  /* plim_extrapolate_covered: the declared bound on |coefficient of d^-2rate|/|drift| */
  double next_bound; /* and the bound on that coefficient which it used */
  double share;      /* and the share in `limit` of the fit of both powers; 0: of the one rate alone */
} plim_extrapolation;

/* Fit one declared rate. PLIM_INVALID: fewer than 3 sizes, equal sizes, a non-positive error or rate, fewer
   than 2 replicas, or sizes that this rate cannot tell apart. PLIM_NOT_FINITE: a NaN or an infinity among the
   rungs, or an overflow. */
plim_status plim_extrapolate(const plim_rung *rungs, size_t count, double rate,
                             plim_extrapolation *fit) PLIM_MUST_CHECK;

/* Fit `terms` declared rates together, ascending, e.g. {1/2, 1} where the leading drift is d^-1/2 and the
   next order is not small beside the margin at the sizes at hand. The larger limit_error is the price.
   PLIM_INVALID as above, and for fewer than terms + 2 sizes. */
enum { PLIM_MOST_TERMS = 3 };
plim_status plim_extrapolate_terms(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                                   plim_extrapolation *fit) PLIM_MUST_CHECK;

/* value(d) = limit + drift d^-rate + c d^-2rate with |c| <= ratio |drift|, d in its own units (a dimension): the one
   rate is declared, and an error that covers the next power is asked for. The limit is the mixture of the fit of
   one rate (biased by c) and that of both (noisier) whose interval is shortest for the c that the data and `ratio`
   allow; `neglected` bounds the bias that is left, for whatever c within the ratio, and plim_judge widens both nulls
   and the interval by it. ratio 0 gives the limit of plim_extrapolate, a large one that of both rates, bit for bit.
     limit_error  Monte-Carlo only, as ever; not of the bias
     fit_p        least lack of fit over the allowed c, by the F test of one rate (conservative)
     next_gain    of d^-3rate, the first power that nothing covers
   A ratio beyond the declared one is not covered. PLIM_INVALID, PLIM_NOT_FINITE: as plim_extrapolate (3 sizes are
   enough), and for a ratio that is negative or not finite, and for sizes that the two powers cannot tell apart.
   Source: bias-aware inference (Donoho 1994, Ann. Statist. 22:238; Armstrong & Kolesar 2018, Econometrica
   86:655); the formulas are derived in src/judge/covered.c, error rates and price measured in doc/judge.md. */
#define PLIM_USUAL_RATIO 5.0
plim_status plim_extrapolate_covered(const plim_rung *rungs, size_t count, double rate, double ratio,
                                     plim_extrapolation *fit) PLIM_MUST_CHECK;

/* The power of d itself: |value(d)| ~ d^exponent, by

     log |value(d)| = constant + exponent log d + sum_t c_t d^-rate_t,

   least squares as above, so that the slope of log |value| in log d is extrapolated with the corrections that the
   rates declare (ascending, terms <= PLIM_MOST_TERMS - 1). A ladder of three sizes has three unknowns already:
   count >= terms + 3. In *fit
     limit          the exponent
     drift          c_1, and
     drift_at_last  how far the slope at d_max still is from the exponent, - sum_t rate_t c_t d_max^-rate_t
     next_gain      what a unit, at d_max, of a neglected d^-(first + last rate) in log |value| adds to `limit`
     terms          `terms` + 1: the logarithm is fitted too
   An error of a part p of its value moves the mean of the logarithm by p^2/2, which is taken off.
   PLIM_OUTSIDE_DOMAIN: the values have no common sign, or an error is above PLIM_LARGEST_PART of its value, where a
   logarithm is not nearly normal any more; else as plim_extrapolate_terms, or PLIM_NO_MEMORY. Derived here. */
#define PLIM_LARGEST_PART 0.2
plim_status plim_extrapolate_exponent(const plim_rung *rungs, size_t count, const double *rates, size_t terms,
                                      plim_extrapolation *fit) PLIM_MUST_CHECK;

/* Settings of a verdict. */
typedef struct {
  double relative_margin; /* the margin is relative_margin |predicted| + absolute_margin, > 0 */
  double absolute_margin;
  double level;     /* of each verdict, 1e-9 <= level < 1/2 */
  double fit_level; /* lack of fit with fit_p below this leaves the claim UNDECIDED; 0 <= fit_level <= 1 */
  double
      reserved; /* the part of `level` kept for other looks at the same draws (plim_looks.h); 0 <= reserved < 1 */
} plim_criterion;

/* relative_margin 0.05, absolute_margin 0, level 0.05, fit_level 1e-3, reserved 0: those of `plim compare`. (The
   claims of plim_claim.h have margins of their own.) */
plim_criterion plim_criterion_default(void);

/* The errors stay numbers of their own.
     ci_low, ci_high   two-sided confidence interval of the limit at 1 - 2 level (1 - reserved), neglected_bias
     included p_agree           of the null hypothesis |limit - predicted| >= margin; small: AGREE
     p_disagree        of the null hypothesis |limit - predicted| <= margin; small: DISAGREE. Both are divided by
                       1 - reserved, up to 1: compared with `level` they spend what is not reserved
     agree_margin      AGREE at every margin above this one, all else as it is; infinite where the fit is poor
     overturning_term  of AGREE or DISAGREE: suppose that value(d) has one more term, in the next power of d,
                       which the fit took for a part of the limit; this is the least |term| at d_max that leaves
                       the verdict UNDECIDED once it is taken off again. NaN where there is nothing to overturn */
typedef struct {
  plim_verdict verdict;
  double difference; /* extrapolated limit - predicted */
  double margin;
  double numerical_error;   /* of the prediction */
  double monte_carlo_error; /* standard error of the extrapolated limit */
  double finite_size_drift; /* drift left at the largest size */
  double ci_low, ci_high;
  double p_agree, p_disagree;
  double fit_p;
  double degrees;      /* of freedom of monte_carlo_error */
  double shortfall;    /* |difference|, or how far the limit lies beyond its bound (< 0: on the right side) */
  double agree_margin; /* below */
  double overturning_term; /* below */
  double next_gain;        /* of the fit */
  bool of_bound;           /* by plim_judge_bound */
  double reserved;         /* of the criterion */
  double
      neglected_bias; /* bound on the bias of the limit, `neglected` of the fit: widens nulls and interval */
} plim_judgement;

/* Two one-sided tests of the fitted limit against `predicted` (whose error bound widens both nulls, as does the fit's
   `neglected`). Chance of AGREE when the truth is at or outside the margin, and of DISAGREE when it is at or inside:
   `level`, given that the declared form holds and the replicas are independent. Measured at level 0.05 with the
   truth at the margin, 3 to 5 sizes (bench/judge_rates; check_error_rates holds the judge to it): 5.0-5.4 % from
   10 normal replicas a size on, up to 6.0 % with 5, up to 7.9 % with 3; up to 6.8 % with 10 exponentially distributed
   ones (8.4 % with plim_extrapolate_covered). A term of the drift that is left out moves the margin by its bias in
   the limit: doc/judge.md. */
plim_status plim_judge(const plim_extrapolation *fit, const plim_value *predicted,
                       const plim_criterion *criterion, plim_judgement *judgement) PLIM_MUST_CHECK;

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

/* Is `bound` a bound of the limit? X(enumerator, meaning) */
#define PLIM_BOUND_TABLE(X)                                                                                  \
  X(PLIM_LOWER_BOUND_OF, "the limit is at least the bound less the margin")                                  \
  X(PLIM_UPPER_BOUND_OF, "the limit is at most the bound and the margin")
#define PLIM_BOUND_ENUM(code, meaning) code,
typedef enum { PLIM_BOUND_TABLE(PLIM_BOUND_ENUM) PLIM_BOUND_COUNT } plim_bound;
#undef PLIM_BOUND_ENUM

/* Two one-sided tests of the fitted limit about bound - margin (a lower bound) or bound + margin (an upper one);
   the margin may be 0. AGREE when "the limit is beyond it" is rejected, DISAGREE when "the limit is within" is;
   p_agree and p_disagree belong to these two. Chance of a wrong verdict with the truth at the edge: `level`, measured
   like that of plim_judge (check_error_rates). */
plim_status plim_judge_bound(const plim_extrapolation *fit, const plim_value *bound, plim_bound side,
                             const plim_criterion *criterion, plim_judgement *judgement) PLIM_MUST_CHECK;

/* Holm's step-down over a family judged one by one: rewrites each verdict so that the chance of any false
   AGREE and of any false DISAGREE in the family is at most `level` each; agree_margin and overturning_term become
   those of the level that is left to the member, the others' p-values as they are. */
plim_status plim_judge_family(plim_judgement *judgements, size_t count,
                              const plim_criterion *criterion) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
