/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_slack.c - how firmly a verdict stands: agree_margin and overturning_term, by doing what they speak of. The
   margin is moved and the family judged again; what a neglected term does to the limit is seen by putting it into the
   data, then taken off the limit, and that is judged again. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#include "plim_compare.h"
#include "run_cases.h"

#define NUDGE                                                                                                \
  1e-7 /* relative: this much to either side of the edge; quantiles of GSL are good to 1e-9 and better */
#define FAR_TAIL                                                                                             \
  1e-3 /* relative: by how much overturning_term may be too small for a DISAGREE, for its far tail */

enum { SIZES = 5, FAMILY = 4 };

static const double sizes[SIZES] = {61.0, 113.0, 229.0, 467.0, 911.0};
static const double errors[SIZES] = {0.0121, 0.0073, 0.0067, 0.0039, 0.0027};

typedef struct {
  double drift, limit; /* of the data */
  plim_value predicted;
  double margin;
} member;

/* With different replicas, and hence p-values, for each member; neither the prediction's error nor what the fit
   neglects is small. */
static const double neglected[FAMILY] = {0.0017, 0.0, 0.0008, 0.0013};
static const member members[FAMILY] = {{0.83, 1.2131, {1.2153, 0.0011}, 0.041},
                                       {-0.61, 0.9007, {0.8913, 0.0005}, 0.031},
                                       {0.37, 0.7119, {0.8021, 0.0009}, 0.023},
                                       {-0.29, 1.1013, {1.0403, 0.0003}, 0.0187}};

/* The ladder of member i, with `extra` (d/d_max)^-power added. */
static plim_extrapolation fit_of(size_t i, const double *rates, size_t terms, double extra)
{
  plim_rung rungs[SIZES];
  plim_extrapolation fit;
  const double power = rates[0] + rates[terms - 1];
  for (size_t k = 0; k < SIZES; k++)
    rungs[k] = (plim_rung){.d = sizes[k],
                           .value = members[i].limit + members[i].drift * pow(sizes[k], -rates[0]) +
                                    (k % 2 == 0 ? 0.3 : -0.3) * errors[k] +
                                    extra * pow(sizes[k] / sizes[SIZES - 1], -power),
                           .error = errors[k],
                           .replicas = 17 + 5 * i};
  ck_assert_int_eq(plim_extrapolate_terms(rungs, SIZES, rates, terms, &fit), PLIM_OK);
  fit.neglected = neglected[i];
  return fit;
}

/* The family with member `other` at another margin, and with what a neglected term of size `extra` did to its limit
   taken off. */
static void judge_all(const double *rates, size_t terms, size_t other, double margin, double extra,
                      plim_judgement *j)
{
  const plim_criterion family = {.absolute_margin = 0.01, .level = 0.07, .fit_level = 1e-6};
  for (size_t i = 0; i < FAMILY; i++) {
    plim_extrapolation fit = fit_of(i, rates, terms, 0.0);
    if (i == other)
      fit.limit -= fit_of(i, rates, terms, extra).limit - fit.limit;
    plim_criterion criterion = family;
    criterion.absolute_margin = i == other ? margin : members[i].margin;
    ck_assert_int_eq(plim_judge(&fit, &members[i].predicted, &criterion, &j[i]), PLIM_OK);
  }
  ck_assert_int_eq(plim_judge_family(j, FAMILY, &family), PLIM_OK);
}

static const double one[] = {1.0}, half[] = {0.5}, both[] = {0.5, 1.0};
static const struct {
  const double *rates;
  size_t terms;
} fits[] = {{one, 1}, {half, 1}, {both, 2}};
enum { FITS = sizeof fits / sizeof *fits };

START_TEST(a_margin_above_agree_margin_agrees)
{
  size_t agreeing = 0;
  for (size_t f = 0; f < FITS; f++)
    for (size_t i = 0; i < FAMILY; i++) {
      plim_judgement j[FAMILY];
      judge_all(fits[f].rates, fits[f].terms, i, members[i].margin, 0.0, j);
      const double edge = j[i].agree_margin;
      ck_assert(edge > 0.0 && isfinite(edge));
      ck_assert_int_eq(j[i].verdict == PLIM_AGREE, members[i].margin > edge);
      agreeing += j[i].verdict == PLIM_AGREE;
      judge_all(fits[f].rates, fits[f].terms, i, edge * (1.0 + NUDGE), 0.0, j);
      ck_assert_msg(j[i].verdict == PLIM_AGREE, "fit %zu, member %zu: no AGREE above %.9g", f, i, edge);
      judge_all(fits[f].rates, fits[f].terms, i, edge * (1.0 - NUDGE), 0.0, j);
      ck_assert_msg(j[i].verdict != PLIM_AGREE, "fit %zu, member %zu: AGREE below %.9g", f, i, edge);
    }
  ck_assert(agreeing > 2 && agreeing + 2 < FITS * FAMILY);
}
END_TEST

/* A term of that size, of the worse sign, takes the verdict away; one a little smaller, of either sign, does not. */
START_TEST(a_term_of_the_overturning_size_overturns)
{
  size_t seen[PLIM_VERDICT_COUNT] = {0};
  for (size_t f = 0; f < FITS; f++)
    for (size_t i = 0; i < FAMILY; i++) {
      plim_judgement j[FAMILY], k[FAMILY];
      judge_all(fits[f].rates, fits[f].terms, i, members[i].margin, 0.0, j);
      const plim_verdict verdict = j[i].verdict;
      seen[verdict]++;
      if (verdict == PLIM_UNDECIDED) {
        ck_assert(isnan(j[i].overturning_term));
        continue;
      }
      const double size = j[i].overturning_term, slip = verdict == PLIM_AGREE ? NUDGE : FAR_TAIL;
      bool overturned = false;
      for (int sign = -1; sign <= 1; sign += 2) {
        judge_all(fits[f].rates, fits[f].terms, i, members[i].margin, sign * size * (1.0 - NUDGE), k);
        ck_assert_msg(k[i].verdict == verdict, "fit %zu, member %zu: %.9g overturns", f, i, size);
        judge_all(fits[f].rates, fits[f].terms, i, members[i].margin, sign * size * (1.0 + slip), k);
        overturned = overturned || k[i].verdict != verdict;
      }
      ck_assert_msg(overturned, "fit %zu, member %zu: %.9g does not overturn", f, i, size);
    }
  ck_assert(seen[PLIM_AGREE] > 0 && seen[PLIM_DISAGREE] > 0 && seen[PLIM_UNDECIDED] > 0);
}
END_TEST

START_TEST(bounds_have_slack_too)
{
  const plim_criterion criterion = {.absolute_margin = 0.013, .level = 0.07, .fit_level = 1e-6};
  const plim_extrapolation fit = fit_of(0, one, 1, 0.0);
  size_t seen[PLIM_VERDICT_COUNT] = {0}, with_margin = 0;
  for (int side = 0; side < PLIM_BOUND_COUNT; side++) {
    for (double offset = -0.05; offset < 0.06; offset += 0.0173) {
      plim_judgement j, k;
      plim_criterion edge = criterion;
      const plim_value bound = {fit.limit + offset, 0.0007};
      ck_assert_int_eq(plim_judge_bound(&fit, &bound, (plim_bound)side, &criterion, &j), PLIM_OK);
      ck_assert(j.agree_margin >= 0.0);
      seen[j.verdict]++;
      edge.absolute_margin = j.agree_margin * (1.0 + NUDGE) + NUDGE * j.monte_carlo_error;
      ck_assert_int_eq(plim_judge_bound(&fit, &bound, (plim_bound)side, &edge, &k), PLIM_OK);
      ck_assert_int_eq(k.verdict, PLIM_AGREE);
      if (j.agree_margin > 0.0) {
        with_margin++;
        edge.absolute_margin = j.agree_margin * (1.0 - NUDGE);
        ck_assert_int_eq(plim_judge_bound(&fit, &bound, (plim_bound)side, &edge, &k), PLIM_OK);
        ck_assert_int_ne(k.verdict, PLIM_AGREE);
      }
      if (j.verdict == PLIM_UNDECIDED)
        continue;
      for (int sign = -1; sign <= 1;
           sign += 2) { /* the limit towards the other side of the edge, and away from it */
        const double shift = sign * j.overturning_term * (1.0 + NUDGE) * fit.next_gain;
        const bool worse = (shift > 0.0) != ((side == PLIM_LOWER_BOUND_OF) == (j.verdict == PLIM_AGREE));
        plim_extrapolation moved = fit;
        moved.limit += shift;
        ck_assert_int_eq(plim_judge_bound(&moved, &bound, (plim_bound)side, &criterion, &k), PLIM_OK);
        ck_assert_int_eq(k.verdict == j.verdict, !worse);
      }
    }
  }
  ck_assert(seen[PLIM_AGREE] > 0 && seen[PLIM_DISAGREE] > 0 && with_margin > 0);
}
END_TEST

START_TEST(a_poor_fit_agrees_at_no_margin)
{
  plim_extrapolation fit = fit_of(1, one, 1, 0.0);
  const plim_criterion criterion = {.absolute_margin = 0.4, .level = 0.05, .fit_level = 1e-3};
  plim_judgement j;
  fit.fit_p = 0.9e-3;
  ck_assert_int_eq(plim_judge(&fit, &members[1].predicted, &criterion, &j), PLIM_OK);
  ck_assert(isinf(j.agree_margin));
  ck_assert(isnan(j.overturning_term));
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("slack");
  tcase_add_test(tests, a_margin_above_agree_margin_agrees);
  tcase_add_test(tests, a_term_of_the_overturning_size_overturns);
  tcase_add_test(tests, bounds_have_slack_too);
  tcase_add_test(tests, a_poor_fit_agrees_at_no_margin);
  return run_cases("slack", 1, &tests);
}
