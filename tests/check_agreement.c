/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_agreement.c - the two halves meet: limits from theory/, estimates from sim/, verdicts from the judge.

   Two problems, nine quantities each, one on either side of n = N, one below and one above the threshold of the
   outlier singular value. Every quantity is measured on a ladder of four sizes whose n/d and N/d are exact, the
   limit is extrapolated at the declared rate, and the judge must say AGREE; shown a prediction that is FAULT off,
   to either side, it must say DISAGREE.

   Family of 18 verdicts, Holm-corrected at LEVEL: a family of wrong predictions (off by MARGIN or more) is let
   through with chance at most LEVEL, and the chance of a false DISAGREE is below LEVEL too. A right prediction can
   still come out UNDECIDED when the standard error is too large for the margin: the seeds are fixed, so a green
   test stays green until a formula, the experiment or the stream changes. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plim.h"

#define MARGIN 0.025 /* relative: half the fault, which makes the two errors equally unlikely */
#define FAULT 0.05   /* relative: what a wrong factor or a lost term does at the least */
#define LEVEL 0.05
#define FIT_LEVEL 1e-4 /* 18 fits: a right form is refused with chance 0.002 */

enum { CASES = 2, SIZES = 4, QUANTITIES = 9, FAMILY = CASES * QUANTITIES, MOST_REPLICAS = 1000 };

static const plim_quantity quantities[QUANTITIES] = {
    PLIM_RISK0,        PLIM_RISK1,     PLIM_TRAIN1,           PLIM_W1_TOP,         PLIM_GRAD_FRO2,
    PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST};

/* psi1 = n/d and psi2 = N/d as fractions over `unit`, which divides every size. */
static const struct {
  const char *activation, *teacher;
  double n, width, unit, lambda, eta, noise;
  uint64_t seed;
} cases[CASES] = {
    {"tanh", "relu", 31.0, 21.0, 13.0, 0.137, 1.83, 0.25, 2385},
    {"erf", "softplus", 19.0, 63.0, 26.0, 0.217, 4.7, 0.113, 1617},
};
static const size_t sizes[SIZES] = {52, 104, 208, 416};
static const size_t replicas[SIZES] = {1000, 600, 300, 150};

/* Filled once, by the fixture. */
static plim_value limits[FAMILY];
static plim_extrapolation fits[FAMILY];

static void measure(const plim_problem *problem, size_t size, uint64_t seed, plim_rung rungs[])
{
  const plim_measurement measurement = {
      .quantities = quantities, .n_quantities = QUANTITIES, .lambda = &problem->lambda, .n_lambda = 1};
  plim_simulation simulation = {.replicas = replicas[size], .seed = seed, .threads = 2};
  double *samples = malloc(sizeof *samples * QUANTITIES * replicas[size]);
  ck_assert_ptr_nonnull(samples);
  ck_assert_int_eq(plim_size_from_problem(problem, sizes[size], &simulation.size), PLIM_OK);
  ck_assert_int_eq(plim_simulate(problem, &simulation, &measurement, NULL, samples), PLIM_OK);
  for (size_t q = 0; q < QUANTITIES; q++) {
    plim_estimate estimate;
    ck_assert_int_eq(plim_estimate_from_samples(samples + q, QUANTITIES, replicas[size], &estimate), PLIM_OK);
    rungs[q * SIZES + size] = (plim_rung){(double)sizes[size], estimate.mean, estimate.error, replicas[size]};
  }
  free(samples);
}

static void fit_case(size_t c, plim_theory *theory)
{
  plim_activation *activation, *teacher;
  plim_rung rungs[QUANTITIES * SIZES];
  plim_problem problem = plim_problem_default();
  ck_assert_int_eq(plim_activation_alloc(cases[c].activation, &activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(cases[c].teacher, &teacher, NULL), PLIM_OK);
  problem.psi1 = cases[c].n / cases[c].unit;
  problem.psi2 = cases[c].width / cases[c].unit;
  problem.lambda = cases[c].lambda;
  problem.eta = cases[c].eta;
  problem.noise = cases[c].noise;
  problem.activation = activation;
  problem.teacher = teacher;
  for (size_t s = 0; s < SIZES; s++)
    measure(&problem, s, cases[c].seed, rungs);
  for (size_t q = 0; q < QUANTITIES; q++) {
    const size_t i = c * QUANTITIES + q;
    const double rate = plim_limit_describe(quantities[q])->drift_rate;
    ck_assert_int_eq(plim_limit(theory, quantities[q], &problem, &limits[i]), PLIM_OK);
    ck_assert_int_eq(plim_extrapolate(rungs + q * SIZES, SIZES, rate, &fits[i]), PLIM_OK);
  }
  plim_activation_free(teacher);
  plim_activation_free(activation);
}

static void run_ladders(void)
{
  plim_theory *theory;
  gsl_set_error_handler_off();
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  for (size_t c = 0; c < CASES; c++)
    fit_case(c, theory);
  plim_theory_free(theory);
}

/* Judge the whole family against predictions multiplied by `factor`; print the table and count `expected`. */
static int judge_family(double factor, plim_verdict expected)
{
  plim_criterion criterion = plim_criterion_default();
  plim_judgement judgements[FAMILY];
  int as_expected = 0;
  criterion.relative_margin = MARGIN;
  criterion.level = LEVEL;
  criterion.fit_level = FIT_LEVEL;
  for (size_t i = 0; i < FAMILY; i++) {
    const plim_value predicted = {limits[i].value * factor, limits[i].error * factor};
    ck_assert_int_eq(plim_judge(&fits[i], &predicted, &criterion, &judgements[i]), PLIM_OK);
  }
  ck_assert_int_eq(plim_judge_family(judgements, FAMILY, &criterion), PLIM_OK);
  printf("predictions times %.2f: must be %s\n", factor, plim_verdict_name(expected));
  for (size_t i = 0; i < FAMILY; i++) {
    const double predicted = limits[i].value * factor;
    printf(
        "  %zu %-16s predicted %.6f  off by %+6.2f %%  error %.2f %%  drift left %+6.2f %%  fit p %.3f  %s\n",
        i / QUANTITIES, plim_quantity_name(quantities[i % QUANTITIES]), predicted,
        100.0 * judgements[i].difference / predicted, 100.0 * judgements[i].monte_carlo_error / predicted,
        100.0 * judgements[i].finite_size_drift / predicted, judgements[i].fit_p,
        plim_verdict_name(judgements[i].verdict));
    as_expected += judgements[i].verdict == expected;
  }
  fflush(stdout);
  return as_expected;
}

START_TEST(the_limits_agree)
{
  ck_assert_int_eq(judge_family(1.0, PLIM_AGREE), FAMILY);
}
END_TEST

START_TEST(a_fault_is_found)
{
  ck_assert_int_eq(judge_family(1.0 + FAULT, PLIM_DISAGREE), FAMILY);
  ck_assert_int_eq(judge_family(1.0 - FAULT, PLIM_DISAGREE), FAMILY);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("agreement");
  TCase *tcase = tcase_create("limits against simulation");
  tcase_add_unchecked_fixture(tcase, run_ladders, NULL); /* once for all tests */
  tcase_set_timeout(tcase, 0);
  tcase_add_test(tcase, the_limits_agree);
  tcase_add_test(tcase, a_fault_is_found);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
