/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_step_batch.c - a gradient's batch of its own size: what depends on its psi1 alone, bit for bit; and the limits
   against simulation at psi1 of the gradient far below and above that of the ridge regression.

   Limit and estimate at the d drawn: within 4 standard errors and `drift`, relative, of what the limit leaves out,
   and not that near to the limit of a gradient's batch of the ridge regression's size. Student's t beyond 4 with 59
   degrees of freedom, on both sides, has chance 1.8e-4: with the 19 numbers below, a right set is refused with
   chance 3.4e-3 while the drifts are within `drift`. */
#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plim.h"
#include "fixture.h"
#include "run_cases.h"

static const double standard_errors = 4.0,
                    rounding = 1e-14; /* of overlap psi1 + extra, and what comes of it */

/* Of the gradient alone: at any psi1 the same as in an experiment whose batches both have the gradient's psi1. And the
   size of the ridge regression's batch said twice says nothing more. */
START_TEST(psi1_of_the_gradient_alone)
{
  static const plim_quantity of_gradient[] = {
      PLIM_THETA1,        PLIM_THETA2, PLIM_GRAD_OP,      PLIM_GRAD_FRO2,  PLIM_STEP_OP,     PLIM_STEP_FRO,
      PLIM_GRAD_RANK_ONE, PLIM_W1_TOP, PLIM_W1_LEFT_BETA, PLIM_W1_RIGHT_A, PLIM_STUDENT_RISK};
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("gelu", "softplus");
  p.eta = 2.385;
  p.psi2 = 0.71;
  p.d = 210.0;
  for (size_t q = 0; q < sizeof of_gradient / sizeof *of_gradient; q++) {
    plim_problem own = p, all = p, same = p;
    own.psi1 = 4.31;
    own.step_psi1 = 0.617;
    all.psi1 = 0.617;
    same.psi1 = 4.31; /* overlap psi1 + extra is the gradient's */
    same.ridge_batch = PLIM_RIDGE_SAME;
    same.overlap = 0.1;
    same.extra = 0.617 - 0.1 * 4.31;
    const double expected = limit_of(theory, of_gradient[q], &all).value;
    ck_assert_double_eq(limit_of(theory, of_gradient[q], &own).value, expected);
    plim_value reused = {-7.0, -8.0};
    if (of_gradient[q] == PLIM_STUDENT_RISK) { /* its neurons are chosen on the ridge regression's batch */
      ck_assert_int_eq(plim_limit(theory, of_gradient[q], &same, &reused), PLIM_OUTSIDE_DOMAIN);
      continue;
    }
    reused = limit_of(theory, of_gradient[q], &same);
    ck_assert_double_le(fabs(reused.value - expected), rounding * fabs(expected));
  }
  for (plim_quantity q = 0; q < PLIM_QUANTITY_COUNT; q++) {
    plim_problem said = p;
    plim_value once = {-7.0, -8.0}, twice = once;
    said.step_psi1 = said.psi1;
    const plim_status status = plim_limit(theory, q, &p, &once);
    ck_assert_int_eq(plim_limit(theory, q, &said, &twice), status);
    ck_assert_double_eq(once.value, twice.value);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* What does not see the gradient does not see its batch; tables kept for one size are not taken for another. */
START_TEST(caches_know_both_batches)
{
  static const plim_quantity of_both[] = {PLIM_RISK1, PLIM_TRAIN1,   PLIM_DELTA,  PLIM_CK_TOP,
                                          PLIM_RISK,  PLIM_SRF_RISK, PLIM_STAIR1, PLIM_STAIR_ANGLE};
  static const plim_quantity at_w0[] = {PLIM_KAPPA,     PLIM_DF2,          PLIM_RISK0,    PLIM_TRAIN0,
                                        PLIM_NTK_RIDGE, PLIM_LINEAR_RIDGE, PLIM_TAU_STAR, PLIM_STAIR_EDGE};
  static const double size[][2] = {{2.0, 0.385}, {2.0, 7.1}, {0.385, 2.0}, {2.0, 0.385}, {7.1, 0.385}};
  plim_theory *kept = new_theory();
  plim_problem p = problem_called("tanh", "erf");
  p.eta = 6.385;
  p.d = 400.0;
  for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
    plim_theory *fresh = new_theory();
    p.psi1 = size[i][0];
    p.step_psi1 = size[i][1];
    for (size_t q = 0; q < sizeof of_both / sizeof *of_both; q++) {
      const double expected = limit_of(fresh, of_both[q], &p).value;
      plim_problem one = p;
      one.step_psi1 = 0.0;
      ck_assert_double_eq(limit_of(kept, of_both[q], &p).value, expected);
      ck_assert_double_ne(limit_of(kept, of_both[q], &one).value, expected);
      ck_assert_double_eq(limit_of(kept, of_both[q], &p).value, expected);
    }
    for (size_t q = 0; q < sizeof at_w0 / sizeof *at_w0; q++) {
      plim_problem one = p;
      one.step_psi1 = 0.0;
      ck_assert_double_eq(limit_of(kept, at_w0[q], &p).value, limit_of(fresh, at_w0[q], &one).value);
    }
    plim_theory_free(fresh);
  }
  problem_clear(&p);
  plim_theory_free(kept);
}
END_TEST

/* ---- against simulation ---- */

typedef struct {
  const char *activation, *teacher;
  plim_readout readout;
  double psi1, step_psi1, eta, eta_exponent, noise;
  size_t d, n_quantities;
  plim_quantity quantities[6];
  double drift;
} meeting;

enum { REPLICAS = 60, MOST = 6 };

static void meet(const meeting *m)
{
  plim_theory *theory = new_theory();
  double samples[REPLICAS * MOST];
  plim_problem p = problem_called(m->activation, m->teacher);
  p.psi1 = m->psi1;
  p.step_psi1 = m->step_psi1;
  p.eta = m->eta;
  p.eta_exponent = m->eta_exponent;
  p.noise = m->noise;
  p.readout = m->readout;
  plim_simulation simulation = {.replicas = REPLICAS, .seed = 2385, .threads = 2};
  const plim_measurement measurement = {
      .quantities = m->quantities, .n_quantities = m->n_quantities, .lambda = &p.lambda, .n_lambda = 1};
  ck_assert_int_eq(plim_size_from_problem(&p, m->d, &simulation.size), PLIM_OK);
  p = plim_problem_at_size(&p, &simulation.size);
  ck_assert_int_eq(plim_simulate(&p, &simulation, &measurement, NULL, samples), PLIM_OK);
  for (size_t q = 0; q < m->n_quantities; q++) {
    plim_estimate seen;
    plim_problem one = p;
    one.step_psi1 = 0.0;
    const double value = limit_of(theory, m->quantities[q], &p).value;
    const double without = limit_of(theory, m->quantities[q], &one).value;
    ck_assert_int_eq(plim_estimate_from_samples(samples + q, m->n_quantities, REPLICAS, &seen), PLIM_OK);
    const double room = standard_errors * seen.error;
    printf("  %-12s %.5f, seen %.5f, standard error %.5f; a batch of the other's size: %.5f\n",
           plim_quantity_name(m->quantities[q]), value, seen.mean, seen.error, without);
    ck_assert_double_eq_tol(seen.mean, value, room + m->drift * value);
    ck_assert_msg(fabs(seen.mean - without) > room + m->drift * without, "%.5f(%.5f) is not told from %.5f",
                  seen.mean, seen.error, without);
  }
  fflush(stdout);
  problem_clear(&p);
  plim_theory_free(theory);
}

/* Drifts: at other seeds and with 240 replicas all but grad_fro2 and step_fro, which were not looked at again, were
   within 2 % and 2.3 standard errors. A batch of the ridge regression's size is off by 10 % (train1) to 140 %. */
START_TEST(small_and_large_steps)
{
  static const meeting meetings[] = {
      {"tanh",
       "erf",
       PLIM_READOUT_GAUSSIAN,
       2.0,
       0.25,
       4.0,
       0.0,
       0.4,
       150,
       5,
       {PLIM_RISK1, PLIM_TRAIN1, PLIM_W1_TOP, PLIM_GRAD_FRO2, PLIM_RISK},
       0.02},
      {"relu",
       "tanh",
       PLIM_READOUT_RADEMACHER,
       2.0,
       0.5,
       1.2,
       0.5,
       0.1,
       120,
       6,
       {PLIM_RISK, PLIM_TRAIN, PLIM_SRF_RISK, PLIM_SRF_TRAIN, PLIM_GRAD_FRO2, PLIM_ANY_P},
       0.02},
      {"sin",
       "tanh",
       PLIM_READOUT_CONSTANT,
       2.0,
       6.0,
       2.0,
       0.5,
       0.1,
       120,
       6,
       {PLIM_RISK, PLIM_TRAIN, PLIM_SRF_RISK, PLIM_SRF_TRAIN, PLIM_GRAD_FRO2, PLIM_STEP_FRO},
       0.02},
      /* much noise in the bulk of each kind of neuron, were it that of the ridge regression's batch: T 35 % less */
      {"relu",
       "softplus",
       PLIM_READOUT_RADEMACHER,
       0.5,
       6.0,
       3.0,
       0.5,
       0.253,
       120,
       2,
       {PLIM_RISK, PLIM_TRAIN},
       0.02},
  };
  meet(&meetings[_i]);
}
END_TEST

int main(void)
{
  gsl_set_error_handler_off();
  TCase *tests = tcase_create("step_batch");
  tcase_add_test(tests, psi1_of_the_gradient_alone);
  tcase_add_test(tests, caches_know_both_batches);
  tcase_add_loop_test(tests, small_and_large_steps, 0, 4);
  return run_cases("step_batch", 1, &tests);
}
