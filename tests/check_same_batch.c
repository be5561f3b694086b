/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_same_batch.c - ridge regression on the samples that made the gradient: reference values, the formulas as
   displayed, other routes, limiting cases, and what follows. */
#include <math.h>
#include <stdbool.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

/* The tables of reference values have 15 and 12 digits. */
#define TOLERANCE_SAME_BATCH 1e-11

/* The displayed formulas in doubles: they lose five digits where k is 100 and the fit small. */
#define TOLERANCE_DISPLAYED 1e-10

/* What a penalty of 1e-13 may move: its slope in lambda is below 1e3 there. */
#define TOLERANCE_NO_RIDGE 1e-10

static const plim_quantity quantities[] = {PLIM_RISK0,  PLIM_RISK1,  PLIM_DELTA,
                                           PLIM_TRAIN0, PLIM_TRAIN1, PLIM_GCV};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

/* tests/data/NAME.csv, whose columns have the names of theory.md. */
static void check_table(const char *name, size_t least)
{
  reference_table *table = reference_table_read(name);
  plim_theory *theory = new_theory();
  ck_assert_uint_ge(table->rows, least);
  for (size_t row = 0; row < table->rows; row++) {
    plim_problem p = reference_problem(table, row);
    p.ridge_batch = PLIM_RIDGE_SAME;
    if (reference_text(table, row, "phi") != NULL) {
      p.overlap = reference_number(table, row, "phi");
      p.extra = reference_number(table, row, "psiE");
    }
    const plim_value risk = limit_of(theory, PLIM_RISK1, &p), train = limit_of(theory, PLIM_TRAIN1, &p);
    assert_close(risk.value, reference_number(table, row, "risk"), TOLERANCE_SAME_BATCH, 0.0, "risk1");
    assert_close(train.value, reference_number(table, row, "train"), TOLERANCE_SAME_BATCH, 0.0, "train1");
    problem_clear(&p);
  }
  plim_theory_free(theory);
  reference_table_free(table);
}

START_TEST(reference_values)
{
  check_table("same_batch.csv", 38);
  check_table("overlap.csv", 40);
}
END_TEST

START_TEST(many_digits)
{
  reference_check("golden_same_batch.csv", quantities, COUNT, 77 * COUNT);
}
END_TEST

/* tr/n of P at z: the positive root of a psi1 z p^2 + (z + a (1 - psi1)) p - 1 = 0. */
static double trace_of_p(double a, double psi1, double z)
{
  const double linear = z + a * (1.0 - psi1), root = sqrt(linear * linear + 4.0 * a * psi1 * z);
  return linear > 0.0 ? 2.0 / (linear + root) : (root - linear) / (2.0 * a * psi1 * z);
}

/* L = k (1 - rho (1 - k p(m + k))) by halving log k: theory.md 14.1, step 1. */
static double solve_k(const plimi_input *in)
{
  const double rho = in->problem->psi1 / in->problem->psi2, ridge = in->problem->lambda * rho;
  double low = log(1e-12), high = log(1e12);
  for (int i = 0; i < 100; i++) {
    const double middle = 0.5 * (low + high), k = exp(middle);
    const double p = trace_of_p(in->a.value, in->problem->psi1, in->b.value + k);
    *(k * (1.0 - rho * (1.0 - k * p)) < ridge ? &low : &high) = middle;
  }
  return exp(0.5 * (low + high));
}

typedef struct {
  double risk1, train1;
} displayed;

/* Steps 2 to 6 of theory.md 14.1, line by line. */
static displayed as_displayed(const plimi_input *in)
{
  const plim_problem *problem = in->problem;
  const double psi1 = problem->psi1, rho = psi1 / problem->psi2, a = in->a.value, m = in->b.value;
  const double nu = in->sigma.nu2.value, c2 = in->sigma.c2.value, Ms = in->star1.value, s2 = in->s2.value;
  const bool has_mode = problem->readout == PLIM_READOUT_CONSTANT;
  const double chi = has_mode ? 0.5 * problem->psi2 * c2 * c2 : 0.0;
  const double k = solve_k(in), z = m + k, p = trace_of_p(a, psi1, z);
  const double q = z * p, v = 1.0 / (1.0 + a * psi1 * p), w = a * p * v, b = psi1 * w * w;
  const double first[] = {p, w, a * w * (psi1 + v), a * a * w * (psi1 * (1.0 + psi1 + v) + v * (psi1 + v))};
  const double P2 = p * p / (1.0 - b), SP2 = a * v * v * P2, S2P2 = a * a * v * v * (psi1 * q + v) * P2;
  const double second[] = {P2, SP2, S2P2, a * w * (psi1 + v) - z * S2P2};
  double A[3], B[3];
  for (int j = 0; j < 3; j++) {
    A[j] = (s2 - Ms) * first[j] + Ms / a * first[j + 1];
    B[j] = (s2 - Ms) * second[j] + Ms / a * second[j + 1];
  }
  const double E = A[1] + nu * A[0], H = A[2] + 2.0 * nu * A[1] + nu * nu * A[0];
  const double E2 = B[1] + nu * B[0], H2 = B[2] + 2.0 * nu * B[1] + nu * nu * B[0];
  const double eta = problem->eta * (double)problem->steps, e = eta / psi1, x = rho * e * e;
  const double t = x * E / (1.0 + rho * chi * p + x * H), c = 1.0 + t * (z - nu), F = A[0] - t * E;
  const double tau2 = eta > 0.0 ? (t / e) * (t / e) : 0.0;
  const double Q = B[0] - 2.0 * t * E2 + t * t * H2 + tau2 * chi * P2;
  const double Psi = rho * (F - k * Q) / (1.0 - rho * (1.0 - 2.0 * k * p + k * k * P2));
  const double missed = 1.0 - c * (1.0 - v), turned = c * c * v * v * b / (1.0 - b);
  const double weight = a * (v * v / (1.0 - b) + psi1 * m * SP2) + m;
  return (displayed){in->star2.value + Ms * (missed * missed + turned) + c * c * a * psi1 * (s2 - Ms) * SP2 +
                         weight * Psi + tau2 * chi * (1.0 + a * psi1 * SP2),
                     k * k * (Q + (SP2 + m * P2) * Psi)};
}

/* The displayed formulas cancel (F - k Q), so psi1, psi2 and lambda are moderate. */
START_TEST(same_batch_as_displayed)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  sweep s = {14100};
  int compared = 0;
  for (int i = 0; i < 6000; i++) {
    sweep_named(&s, &all, &p);
    p.psi1 = sweep_log(&s, 0.1, 10.0);
    p.psi2 = sweep_log(&s, 0.1, 10.0);
    p.lambda = sweep_log(&s, 1e-2, 1e1);
    p.eta = sweep_log(&s, 1e-2, 1e3);
    p.readout = i % 2 == 0 ? PLIM_READOUT_GAUSSIAN : PLIM_READOUT_CONSTANT;
    p.steps = 1 + (size_t)(i % 3);
    p.ridge_batch = PLIM_RIDGE_SAME;
    const plimi_input in = input_of(theory, &p);
    if (in.a.value < 1e-6) /* 14.1 divides by a */
      continue;
    compared++;
    const displayed d = as_displayed(&in);
    assert_close(limit_of(theory, PLIM_RISK1, &p).value, d.risk1, TOLERANCE_DISPLAYED, 0.0, "risk1");
    assert_close(limit_of(theory, PLIM_TRAIN1, &p).value, d.train1, TOLERANCE_DISPLAYED, 0.0, "train1");
  }
  ck_assert_int_gt(compared, 4000);
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

static void compare_routes(plim_value x, plim_value y, const char *what)
{
  const double gap = fabs(x.value - y.value);
  ck_assert_msg(gap <= x.error + y.error, "%s: %.17g and %.17g, bounds %.3g and %.3g", what, x.value, y.value,
                x.error, y.error);
}

/* No sample shared: the fresh batch of section 5, whose route goes through W0 first, over the whole box, with a
   gradient's batch of any size and a norm mode of any cosine. */
START_TEST(nothing_shared)
{
  plim_theory *theory = new_theory();
  named_activations all = all_activations();
  plim_problem p = plim_problem_default();
  plim_atoms atoms;
  ck_assert_int_eq(plim_atoms_read("atoms:1.7@0.2,-sqrt(0.422/0.8)@0.8", &atoms, NULL), PLIM_OK);
  p.atoms = &atoms;
  sweep s = {14300};
  for (int i = 0; i < 20000; i++) {
    sweep_named(&s, &all, &p);
    p.readout = (plim_readout)(i % PLIM_READOUT_COUNT);
    p.steps = 1;
    p.step_psi1 = sweep_log(&s, 1e-3, 1e3);
    plim_problem other = p;
    other.ridge_batch = PLIM_RIDGE_SAME;
    other.overlap = 0.0;
    other.extra = p.step_psi1;
    other.step_psi1 = 0.0;
    for (int j = 0; j < COUNT; j++) {
      plim_value fresh = {0.0, 0.0}, reused = {0.0, 0.0};
      const plim_status status = plim_limit(theory, quantities[j], &p, &fresh);
      ck_assert_int_eq(plim_limit(theory, quantities[j], &other, &reused), status);
      if (status == PLIM_OK)
        compare_routes(fresh, reused, plim_quantity_name(quantities[j]));
    }
  }
  free_activations(&all);
  plim_theory_free(theory);
}
END_TEST

/* A problem on the whole of its batch. */
static plim_problem reused_problem(const char *activation, const char *teacher)
{
  plim_problem p = problem_called(activation, teacher);
  p.ridge_batch = PLIM_RIDGE_SAME;
  p.psi1 = 1.913;
  p.psi2 = 2.719;
  p.lambda = 0.0371;
  p.noise = 0.413;
  p.eta = 2.385;
  return p;
}

START_TEST(no_step)
{
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("softplus", "relu");
  for (int i = 0; i < 3; i++) {
    p.eta = 0.0;
    p.overlap = 0.37 * i;
    p.extra = 1.71;
    p.d = i == 2 ? 300.0 : INFINITY;
    const plim_value risk0 = limit_of(theory, PLIM_RISK0, &p), gcv = limit_of(theory, PLIM_GCV, &p);
    compare_routes(limit_of(theory, PLIM_RISK1, &p), risk0, "risk1");
    compare_routes(limit_of(theory, PLIM_TRAIN1, &p), limit_of(theory, PLIM_TRAIN0, &p), "train1");
    ck_assert(limit_of(theory, PLIM_DELTA, &p).value == 0.0);
    assert_close(gcv.value, risk0.value + p.noise * p.noise, 0.0, gcv.error + 2.0 * risk0.error, "gcv");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Many samples: what a sample has learnt of its own label is as nothing, O(1/psi1). Many neurons: a fixed kernel. */
START_TEST(many_samples_or_neurons)
{
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("relu", "tanh"), fresh;
  double last = INFINITY;
  for (p.psi1 = 1e2; p.psi1 < 1e13; p.psi1 *= 1e2) {
    fresh = p;
    fresh.ridge_batch = PLIM_RIDGE_FRESH;
    const double gap = limit_of(theory, PLIM_RISK1, &p).value - limit_of(theory, PLIM_RISK1, &fresh).value;
    ck_assert_msg(fabs(gap) <= 0.02 * last + 1e-13, "psi1 = %g: %g after %g", p.psi1, gap, last);
    last = fabs(gap);
  }
  p.psi1 = 1.913;
  last = INFINITY;
  for (p.psi2 = 1e2; p.psi2 < 1e13; p.psi2 *= 1e2) {
    const double delta = fabs(limit_of(theory, PLIM_DELTA, &p).value);
    ck_assert_msg(delta > 0.0 && delta <= 0.02 * last, "psi2 = %g: %g after %g", p.psi2, delta, last);
    last = delta;
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* lambda -> 0 from above, on both sides of psi1 = psi2, where there is no limit. */
START_TEST(no_ridge)
{
  static const double psi1[] = {1.913, 4.331};
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("erf", "relu");
  p.overlap = 0.71;
  p.extra = 0.313;
  for (size_t i = 0; i < 2; i++) {
    p.psi1 = psi1[i];
    for (int j = 0; j < COUNT; j++) {
      p.lambda = 1e-13;
      const double near = limit_of(theory, quantities[j], &p).value;
      p.lambda = 0.0;
      const double at = limit_of(theory, quantities[j], &p).value;
      assert_close(at, near, TOLERANCE_NO_RIDGE, 1e-22, plim_quantity_name(quantities[j]));
    }
  }
  plim_value value;
  p.psi1 = p.psi2;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_DIVERGES);
  ck_assert_int_eq(plim_limit(theory, PLIM_DELTA, &p, &value), PLIM_DIVERGES);
  ck_assert_int_eq(plim_limit(theory, PLIM_GCV, &p, &value), PLIM_DIVERGES);
  ck_assert(limit_of(theory, PLIM_TRAIN1, &p).value == 0.0);
  p.ridge_batch = PLIM_RIDGE_FRESH;
  ck_assert_int_eq(plim_limit(theory, PLIM_GCV, &p, &value), PLIM_DIVERGES);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

START_TEST(several_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("silu", "tanh"), once = p;
  p.steps = 5;
  once.eta = 5.0 * p.eta;
  for (int j = 0; j < COUNT; j++)
    compare_routes(limit_of(theory, quantities[j], &p), limit_of(theory, quantities[j], &once),
                   plim_quantity_name(quantities[j]));
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* At finite d and with nothing shared the d^-1/2 term is that of section 9, which keeps O(1/d) as well. Its own
   route. */
START_TEST(finite_dimension)
{
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("tanh", "relu");
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-9), PLIM_OK);
  p.lambda = 0.01;
  p.eta = 3.1;
  double last = INFINITY;
  for (p.d = 1e4; p.d < 1e7; p.d *= 16.0) {
    plim_problem fresh = p, limit = p;
    p.overlap = 0.0;
    p.extra = fresh.step_psi1 = 1.31;
    fresh.ridge_batch = PLIM_RIDGE_FRESH;
    limit.d = INFINITY;
    limit.overlap = 0.0;
    limit.extra = p.extra;
    const double with = limit_of(theory, PLIM_RISK1, &p).value,
                 without = limit_of(theory, PLIM_RISK1, &limit).value;
    const double section9 = limit_of(theory, PLIM_RISK, &fresh).value;
    const double term = with - without, gap = section9 - with;
    ck_assert_msg(fabs(gap) < 0.08 * last, "d = %g: %g after %g", p.d, gap, last); /* 1/16, and d^-3/2 */
    ck_assert_msg(p.d < 1e6 || fabs(gap) < 0.05 * fabs(term), "d = %g: %g beside %g", p.d, gap, term);
    last = fabs(gap);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* No number where the theory does not hold. */
START_TEST(domain)
{
  static const plim_quantity others[] = {PLIM_RISK,       PLIM_TRAIN,         PLIM_SRF_RISK, PLIM_SRF_TRAIN,
                                         PLIM_ANY_M,      PLIM_ANY_TAU,       PLIM_ANY_P,    PLIM_ANY_V,
                                         PLIM_CK_TOP,     PLIM_CK_LEFT_XBETA, PLIM_STAIR1,   PLIM_STAIR_COUNT,
                                         PLIM_STAIR_ANGLE};
  plim_theory *theory = new_theory();
  plim_problem p = reused_problem("erf", "tanh");
  plim_value value;
  p.d = 512.0;
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    ck_assert_msg(plim_limit(theory, others[i], &p, &value) == PLIM_OUTSIDE_DOMAIN, "%s",
                  plim_quantity_name(others[i]));
  static const struct {
    double exponent;
    plim_status status;
  } steps[] = {{0.0, PLIM_OK}, {0.24, PLIM_OK}, {0.25, PLIM_OUTSIDE_DOMAIN}, {0.5, PLIM_OUTSIDE_DOMAIN}};
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    p.eta_exponent = steps[i].exponent;
    for (int j = 0; j < COUNT; j++) {
      const bool moves = quantities[j] != PLIM_RISK0 && quantities[j] != PLIM_TRAIN0;
      ck_assert_int_eq(plim_limit(theory, quantities[j], &p, &value), moves ? steps[i].status : PLIM_OK);
    }
  }
  p.eta_exponent = 0.0;
  plim_atoms atoms;
  ck_assert_int_eq(plim_atoms_read("atoms:1.7@0.2,-sqrt(0.422/0.8)@0.8", &atoms, NULL), PLIM_OK);
  plim_problem partial = p;
  partial.readout = PLIM_READOUT_ATOMS;
  partial.atoms = &atoms;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &partial, &value), PLIM_OK); /* erf is odd */
  plim_activation *relu = activation_called("relu");
  partial.activation = relu;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &partial, &value), PLIM_OUTSIDE_DOMAIN);
  partial.d = INFINITY;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &partial, &value), PLIM_OK);
  plim_activation_free(relu);
  p.eta_exponent = 0.2;
  p.d = INFINITY;
  ck_assert_int_eq(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_OUTSIDE_DOMAIN);
  p.eta_exponent = 0.0;
  p.steps = 2;
  p.batch = PLIM_BATCH_FRESH;
  ck_assert_int_ne(plim_limit(theory, PLIM_RISK1, &p, &value), PLIM_OK);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("same_batch");
  tcase_set_timeout(tests, 120.0);
  tcase_add_test(tests, reference_values);
  tcase_add_test(tests, many_digits);
  tcase_add_test(tests, same_batch_as_displayed);
  tcase_add_test(tests, nothing_shared);
  tcase_add_test(tests, no_step);
  tcase_add_test(tests, many_samples_or_neurons);
  tcase_add_test(tests, no_ridge);
  tcase_add_test(tests, several_steps);
  tcase_add_test(tests, finite_dimension);
  tcase_add_test(tests, domain);
  return run_case(tests, "same_batch");
}
