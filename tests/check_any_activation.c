/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_any_activation.c - one step of any size with any activation: reference values, second routes, order parameters,
   limits. */
#include <math.h>
#include <string.h>

#include "fixture.h"
#include "reference.h"

/* What plim_theory_alloc promises of these quantities, relative. */
static const double usual_tolerance = 1e-7;

/* Numbers of an independent program (NumPy: Gauss-Legendre rules, damped iteration to 1e-13, complex steps). */
static const double independent_tolerance = 1e-9;

static plim_problem large_problem(const char *activation, const char *teacher, plim_readout readout, double e,
                                  double d)
{
  plim_problem p = problem_called(activation, teacher);
  p.readout = readout;
  p.eta = e;
  p.eta_exponent = 0.5;
  p.d = d;
  return p;
}

static plim_readout readout_called(const char *name)
{
  for (int i = 0; i < PLIM_READOUT_COUNT; i++)
    if (strcmp(plim_readout_name((plim_readout)i), name) == 0)
      return (plim_readout)i;
  ck_abort_msg("no readout is called %s", name);
}

/* Values from an independent program, within its errors. */
START_TEST(reference_values)
{
  reference_table *table = reference_table_read("any_activation.csv");
  plim_theory *theory = new_theory();
  for (size_t row = 0; row < table->rows; row++) {
    const bool is_real = strcmp(reference_text(table, row, "model"), "real") == 0;
    const plim_quantity quantity[] = {is_real ? PLIM_RISK : PLIM_SRF_RISK,
                                      is_real ? PLIM_TRAIN : PLIM_SRF_TRAIN};
    const double expected[] = {reference_number(table, row, "risk"), reference_number(table, row, "train")};
    const double relative = reference_number(table, row, "relative_error");
    plim_problem p = reference_problem(table, row);
    p.d = reference_number(table, row, "d");
    p.eta = reference_number(table, row, "eta_over_sqrt_N");
    p.eta_exponent = 0.5;
    p.readout = readout_called(reference_text(table, row, "readout"));
    for (size_t i = 0; i < 2; i++) {
      const plim_value value = limit_of(theory, quantity[i], &p);
      assert_close(value.value, expected[i], relative, value.error, plim_quantity_name(quantity[i]));
      ck_assert(value.error <= usual_tolerance * expected[i]);
    }
    problem_clear(&p);
  }
  ck_assert_uint_ge(table->rows, 15);
  plim_theory_free(theory);
  reference_table_free(table);
}
END_TEST

/* Odd sigma, Gaussian readout: from d = 1e9 on section 9's own equations take over (half of zeta, spectral measures by
   partial fractions, least squares), to which the norms of the neurons are O(1/d). */
START_TEST(two_routes_meet)
{
  static const double seen = 4e-9; /* 2e-9 in the last of these, 4e-11 to 2e-10 in the others */
  static const struct {
    const char *activation, *teacher;
    double psi1, psi2, lambda, noise, e;
  } points[] = {{"erf", "tanh", 1.73, 1.453, 0.0313, 0.353, 0.713},
                {"sin", "relu", 0.613, 1.917, 0.00371, 0.213, 1.917},
                {"tanh", "softplus", 2.385, 1.617, 0.0837, 0.253, 3.917},
                {"tanh", "erf", 8.13, 2.17, 1.3e-3, 0.113, 0.1}};
  static const plim_quantity quantities[] = {PLIM_RISK,      PLIM_TRAIN, PLIM_SRF_RISK,
                                             PLIM_SRF_TRAIN, PLIM_ANY_P, PLIM_ANY_V};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    plim_problem p =
        large_problem(points[i].activation, points[i].teacher, PLIM_READOUT_GAUSSIAN, points[i].e, 0.0);
    p.psi1 = points[i].psi1;
    p.psi2 = points[i].psi2;
    p.lambda = points[i].lambda;
    p.noise = points[i].noise;
    for (size_t q = 0; q < sizeof quantities / sizeof *quantities; q++) {
      p.d = nextafter(1e9, 0.0);
      const plim_value kinds = limit_of(theory, quantities[q], &p);
      p.d = 1e9;
      assert_close(kinds.value, limit_of(theory, quantities[q], &p).value, seen, 0.0,
                   plim_quantity_name(quantities[q]));
    }
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* A Gaussian readout, sigma not odd, far from e = 1: values of tolerances 1e-4 and 1e-9, each within its own error. */
START_TEST(many_kinds)
{
  static const double steps[] = {0.0713, 4.17, 12.3};
  static const plim_quantity quantities[] = {PLIM_RISK,    PLIM_TRAIN, PLIM_ANY_M,
                                             PLIM_ANY_TAU, PLIM_ANY_P, PLIM_ANY_V};
  plim_theory *coarse = new_theory(), *fine = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(coarse, 1e-4), PLIM_OK);
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    plim_problem p = large_problem("softplus", "relu", PLIM_READOUT_GAUSSIAN, steps[i], 311.0);
    p.psi1 = 0.917;
    p.lambda = 2.13e-3;
    for (size_t q = 0; q < sizeof quantities / sizeof *quantities; q++) {
      const plim_value rough = limit_of(coarse, quantities[q], &p), value = limit_of(fine, quantities[q], &p);
      ck_assert(value.error <= usual_tolerance * fabs(value.value));
      assert_close(rough.value, value.value, 0.0, rough.error + value.error,
                   plim_quantity_name(quantities[q]));
    }
    problem_clear(&p);
  }
  plim_theory_free(coarse);
  plim_theory_free(fine);
}
END_TEST

/* Risk, training error and order parameters together. */
START_TEST(order_parameters)
{
  static const plim_quantity quantities[] = {PLIM_RISK, PLIM_TRAIN, PLIM_ANY_M, PLIM_ANY_P, PLIM_ANY_V};
  static const struct {
    const char *activation, *teacher;
    plim_readout readout;
    double psi1, psi2, lambda, noise, e, d;
    double expected[5];
  } points[] = {
      {"silu",
       "tanh",
       PLIM_READOUT_CONSTANT,
       1.666,
       0.534,
       0.00371,
       0.393,
       1.245,
       1000.0,
       {0.306587319384, 0.212053345477, 1.69710795532, 0.294980710827, 0.485594801906}},
      {"sigmoid",
       "relu",
       PLIM_READOUT_RADEMACHER,
       1.635,
       1.653,
       0.0261,
       0.0827,
       1.169,
       128.0,
       {0.163358860203, 0.0739134700131, 7.16086762896, 0.887643637224, 0.519409277448}},
      {"erf",
       "tanh",
       PLIM_READOUT_RADEMACHER,
       0.731,
       1.417,
       0.0217,
       0.213,
       0.83,
       317.0,
       {0.279549274561, 0.00232782103388, 1.16937605523, 0.41276517888, 10.8642856889}},
  };
  plim_theory *theory = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-9), PLIM_OK);
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    plim_problem p =
        large_problem(points[i].activation, points[i].teacher, points[i].readout, points[i].e, points[i].d);
    p.psi1 = points[i].psi1;
    p.psi2 = points[i].psi2;
    p.lambda = points[i].lambda;
    p.noise = points[i].noise;
    for (size_t q = 0; q < sizeof quantities / sizeof *quantities; q++)
      assert_close(limit_of(theory, quantities[q], &p).value, points[i].expected[q], independent_tolerance,
                   0.0, plim_quantity_name(quantities[q]));
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

/* The term that section 9 lacks: simulation (d = 200) has risk .0978(6), train .0796(8) in any_activation.md, and
   any_tau -.7231(88), any_p .5509(38) from `plim simulate --d 200 --replicas 60 --seed 1`; without the norms of the
   neurons the risk is .1220 and any_tau -.494. */
START_TEST(norms_of_the_neurons)
{
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("tanh", "linear", PLIM_READOUT_RADEMACHER, 3.0, 200.0);
  p.psi1 = 8.0;
  p.psi2 = 1.5;
  p.lambda = 0.01;
  p.noise = 0.05;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, 0.0971546984377, independent_tolerance * 100.0, 0.0,
               "risk");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, 0.0804701296776, independent_tolerance * 100.0, 0.0,
               "train");
  ck_assert(fabs(limit_of(theory, PLIM_ANY_TAU, &p).value + 0.7231) <= 3.0 * 0.0088);
  ck_assert(fabs(limit_of(theory, PLIM_ANY_P, &p).value - 0.5509) <= 3.0 * 0.0038);
  p.psi1 = 40.0; /* a large batch is not the spiked model */
  p.d = 150.0;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, 0.0542745277885, independent_tolerance * 100.0, 0.0,
               "risk");
  assert_close(limit_of(theory, PLIM_SRF_RISK, &p).value, 0.0771129046009, independent_tolerance * 100.0, 0.0,
               "srf_risk");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* d -> infinity at fixed e is the value at infinite d; e -> 0 is section 5 at W0. */
START_TEST(limits)
{
  plim_theory *theory = new_theory();
  plim_problem p = large_problem("silu", "tanh", PLIM_READOUT_RADEMACHER, 1.3, 1e13);
  p.psi1 = 1.417;
  p.lambda = 0.0731;
  const double far = limit_of(theory, PLIM_RISK, &p).value, trained = limit_of(theory, PLIM_TRAIN, &p).value;
  p.d = INFINITY;
  assert_close(far, limit_of(theory, PLIM_RISK, &p).value, 1e-9, 0.0, "d -> inf");
  assert_close(trained, limit_of(theory, PLIM_TRAIN, &p).value, 1e-9, 0.0, "d -> inf");
  p.d = 1e9;
  p.eta = 1e-9;
  assert_close(limit_of(theory, PLIM_RISK, &p).value, limit_of(theory, PLIM_RISK0, &p).value, 1e-7, 0.0,
               "e -> 0");
  assert_close(limit_of(theory, PLIM_TRAIN, &p).value, limit_of(theory, PLIM_TRAIN0, &p).value, 1e-7, 0.0,
               "e -> 0");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* A step of order one has the risk of risk1 at any d, but for the approach, of order 1/sqrt d (1e-9 of it here). What
   cancels in sums of size sqrt d is then all the difference, and the stated error covers it. */
START_TEST(what_large_widths_cancel)
{
  static const char *const activations[] = {"relu", "silu", "gelu"};
  static const double widths[] = {7.3e16, 1e18, 2.9e18};
  plim_theory *theory = new_theory();
  for (size_t i = 0; i < sizeof activations / sizeof *activations; i++)
    for (int readout = 0; readout < 2; readout++) {
      plim_problem p = problem_called(activations[i], "tanh");
      p.readout = readout_called(readout == 0 ? "constant" : "rademacher");
      p.eta = 1.0;
      const plim_value limit = limit_of(theory, PLIM_RISK1, &p);
      for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
        p.d = widths[k];
        const plim_value value = limit_of(theory, PLIM_RISK, &p);
        const double approach = 1e-2 / sqrt(p.d);
        ck_assert_double_le(fabs(value.value - limit.value), value.error + limit.error + approach);
        ck_assert(value.error <= usual_tolerance * value.value);
      }
      problem_clear(&p);
    }
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("any_activation");
  tcase_add_test(tests, reference_values);
  tcase_add_test(tests, two_routes_meet);
  tcase_add_test(tests, many_kinds);
  tcase_add_test(tests, order_parameters);
  tcase_add_test(tests, norms_of_the_neurons);
  tcase_add_test(tests, limits);
  tcase_add_test(tests, what_large_widths_cancel);
  return run_case(tests, "any_activation");
}
