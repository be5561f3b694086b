/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_exact_risk.c - the exact expectation over the test point against a large test set, against closed forms, and
   against each other's routes. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim_fixture.h"
#include "run_cases.h"

static const plim_quantity both_risks[] = {PLIM_RISK0, PLIM_RISK1, PLIM_DELTA};
static const double penalties[] = {0.0, 1e-3, 0.137, 11.0};
enum { PENALTIES = 4 };

typedef struct {
  plim_size size;
  const char *activation, *teacher;
  double eta;
  plim_features features;
} risk_case;

static void measure(const risk_case *c, size_t test_points, fixture *f)
{
  const fixture_settings settings = {.size = c->size,
                                     .activation = c->activation,
                                     .teacher = c->teacher,
                                     .quantities = both_risks,
                                     .n_quantities = 3,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES,
                                     .test_points = test_points,
                                     .features = c->features};
  fixture_prepare(&settings, f);
  f->problem.eta = c->eta;
  fixture_open(f, 2);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 3), PLIM_OK);
}

/* R by 100 000 points in 391 blocks, its standard error from the scatter of the blocks of the side measured last (W1).
   Beyond 5 standard errors: by chance 6e-7 a comparison, 1e-4 for all of them together. Power: the error is 0.5 %
   of R, so a risk off by 4 % is missed with chance below 1e-3. */
START_TEST(agrees_with_a_large_test_set)
{
  static const risk_case cases[] = {
      {{.n = 40, .d = 19, .width = 31}, "tanh", "relu", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 31, .d = 19, .width = 40}, "relu", "tanh", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 40, .d = 25, .width = 23}, "erf", "softplus", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 40, .d = 25, .width = 23}, "gelu", "sigmoid", 4.1, PLIM_FEATURES_NETWORK},
      {{.n = 23, .d = 25, .width = 30}, "hermite2", "silu", 0.7, PLIM_FEATURES_NETWORK},
      {{.n = 50, .d = 17, .width = 30}, "linear", "sin", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 50, .d = 30, .width = 30}, "expr:abs(z-0.3)", "sigmoid", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 300, .d = 17, .width = 270}, "softplus", "erf", 1.83, PLIM_FEATURES_NETWORK},
      {{.n = 40, .d = 19, .width = 31}, "tanh", "relu", 1.83, PLIM_FEATURES_EQUIVALENT},
      {{.n = 40, .d = 25, .width = 31}, "erf", "erf", 90.0, PLIM_FEATURES_NETWORK},
  };
  enum { POINTS = 100096 };
  fixture exact, sampled;
  measure(&cases[_i], 0, &exact);
  measure(&cases[_i], POINTS, &sampled);
  const size_t blocks = plimi_tiles(POINTS);
  double repeated[PENALTIES];
  ck_assert_int_eq(plimi_exact_risk(&exact.replica, &exact.replica.side[PLIMI_AT_W1], repeated), PLIM_OK);
  for (size_t l = 1; l < PENALTIES; l++) {
    const double risk = plimi_result(&exact.replica, PLIM_RISK1)[l];
    const double estimate = plimi_result(&sampled.replica, PLIM_RISK1)[l];
    double scatter = 0.0;
    for (size_t b = 0; b < blocks; b++)
      scatter += pow(sampled.replica.sums[b * PENALTIES + l] / PLIMI_TILE - estimate, 2);
    const double error = sqrt(scatter / (double)(blocks - 1) / (double)blocks);
    ck_assert_double_lt(error, 0.02 * risk); /* the comparison means something */
    ck_assert_msg(fabs(estimate - risk) < 5.0 * error, "%s: exact %.8g, test set %.8g +- %.2g",
                  cases[_i].activation, risk, estimate, error);
    ck_assert_double_eq(repeated[l], risk);
    ck_assert_double_eq_tol(plimi_result(&exact.replica, PLIM_DELTA)[l],
                            plimi_result(&exact.replica, PLIM_RISK0)[l] - risk, 1e-300);
  }
  fixture_close(&sampled);
  fixture_close(&exact);
}
END_TEST

/* An expression goes through the series, the named activation through its closed form. The series is cut where a
   bound of 1e-11 on every pair is met. The teacher has even and odd parts, as ReLU has: one that is odd would meet
   none of the coefficients that the cross moment is cut at. */
START_TEST(series_and_closed_forms_agree)
{
  static const char *const pairs[][2] = {
      {"erf", "expr:erf(z)"}, {"relu", "expr:max(z,0)"}, {"linear", "expr:z"}};
  const risk_case closed = {
      {.n = 60, .d = 41, .width = 47}, pairs[_i][0], "gelu", 1.83, PLIM_FEATURES_NETWORK};
  risk_case series = closed;
  series.activation = pairs[_i][1];
  fixture f, g;
  measure(&closed, 0, &f);
  measure(&series, 0, &g);
  const plimi_side *side = &f.replica.side[PLIMI_AT_W1];
  memcpy(g.replica.side[PLIMI_AT_W1].coefficients, side->coefficients,
         f.replica.size.width * PENALTIES * sizeof(double));
  double by_series[PENALTIES];
  ck_assert_int_eq(plimi_exact_risk(&g.replica, &g.replica.side[PLIMI_AT_W1], by_series), PLIM_OK);
  for (size_t l = 0; l < PENALTIES; l++) {
    const double size = plimi_dot(f.replica.size.width, side->coefficients + l * f.replica.size.width,
                                  side->coefficients + l * f.replica.size.width);
    ck_assert_double_eq_tol(by_series[l], plimi_result(&f.replica, PLIM_RISK1)[l], 2e-11 * (1.0 + size));
  }
  fixture_close(&g);
  fixture_close(&f);
}
END_TEST

/* sigma(z) = z: phi'a = x'Wa/sqrt(N), R = |Wa/sqrt(N) - mu1* beta*|^2 + mu2*^2. */
START_TEST(linear_features_have_a_plain_risk)
{
  const risk_case c = {{.n = 60, .d = 13, .width = 9}, "linear", "relu", 1.83, PLIM_FEATURES_NETWORK};
  fixture f;
  measure(&c, 0, &f);
  const plimi_side *side = &f.replica.side[PLIMI_AT_W1];
  const double mu2 = 0.30140513749454349;
  for (size_t l = 0; l < PENALTIES; l++) {
    double risk = mu2 * mu2;
    for (size_t i = 0; i < 13; i++) {
      double slope = -0.5 * f.replica.beta[i];
      for (size_t j = 0; j < 9; j++)
        slope += side->weights.at[i + 13 * j] * side->coefficients[j + 9 * l] / 3.0;
      risk += slope * slope;
    }
    ck_assert_double_eq_tol(plimi_result(&f.replica, PLIM_RISK1)[l], risk, 1e-12);
  }
  fixture_close(&f);
}
END_TEST

/* Where no table reaches the bound (parallel neurons, slowly falling coefficients) the exact route says so, and the
   replica falls back on a test set for both sides. */
START_TEST(unreachable_bound_falls_back_on_a_test_set)
{
  const risk_case c = {
      {.n = 50, .d = 24, .width = 40}, "expr:abs(z-0.3)", "tanh", 3000.0, PLIM_FEATURES_NETWORK};
  fixture f, sampled;
  double risk[PENALTIES];
  measure(&c, 0, &f);
  ck_assert_int_eq(plimi_exact_risk(&f.replica, &f.replica.side[PLIMI_AT_W1], risk), PLIM_NOT_CONVERGED);
  measure(&c, plimi_default_test_points(&c.size), &sampled);
  for (size_t l = 0; l < PENALTIES; l++) {
    ck_assert_double_eq(plimi_result(&f.replica, PLIM_RISK1)[l],
                        plimi_result(&sampled.replica, PLIM_RISK1)[l]);
    ck_assert_double_eq(plimi_result(&f.replica, PLIM_RISK0)[l],
                        plimi_result(&sampled.replica, PLIM_RISK0)[l]);
  }
  fixture_close(&sampled);
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("exact_risk");
  tcase_add_loop_test(tests, agrees_with_a_large_test_set, 0, 10);
  tcase_add_loop_test(tests, series_and_closed_forms_agree, 0, 3);
  tcase_add_test(tests, linear_features_have_a_plain_risk);
  tcase_add_test(tests, unreachable_bound_falls_back_on_a_test_set);
  return run_cases("exact_risk", 1, &tests);
}
