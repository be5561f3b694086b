/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_properties.c - what must hold between limits whatever their values, at random problems with random activations
   and teachers: order, monotony, scales, limiting cases, statuses.

   The numbers carry their errors, which are proved bounds: a comparison allows for both, and for nothing else but the
   rounding of what the test itself computes. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "fixture.h"

enum { PROBLEMS = 200, EACH = 20 }; /* problems with the same functions, of which a new pair takes long */

/* As many significant digits as a double has, so that no value is special. */
static plim_activation *random_function(sweep *s)
{
  static const char *const shapes[] = {"tanh", "erf", "sin", "abs"};
  char text[256];
  const double even = sweep_uniform(s) < 0.5 ? 0.0 : sweep_uniform(s) - 0.5;
  snprintf(text, sizeof text, "expr:%.17g*z+%.17g*%s(%.17g*z)+%.17g*(z*z-1)", sweep_uniform(s),
           sweep_log(s, 0.1, 3.0), shapes[sweep_index(s, sizeof shapes / sizeof *shapes)],
           sweep_log(s, 0.3, 3.0), even);
  return activation_called(text);
}

/* The same function times `scale`. */
static plim_activation *scaled(const plim_activation *function, double scale)
{
  char text[320];
  snprintf(text, sizeof text, "expr:%.17g*(%s)", scale, plim_activation_name(function) + sizeof "expr:" - 1);
  return activation_called(text);
}

typedef struct {
  plim_theory *theory;
  sweep s;
  plim_problem p;
  plim_activation *activation, *teacher;
  int drawn;
} trial;

static void draw(trial *t)
{
  if (t->drawn++ % EACH == 0) {
    plim_activation_free(t->activation);
    plim_activation_free(t->teacher);
    t->activation = random_function(&t->s);
    t->teacher = random_function(&t->s);
  }
  t->p = plim_problem_default();
  t->p.psi1 = sweep_log(&t->s, 0.05, 50.0);
  t->p.psi2 = sweep_log(&t->s, 0.05, 50.0);
  t->p.lambda = sweep_log(&t->s, 1e-5, 30.0);
  t->p.eta = sweep_log(&t->s, 0.03, 30.0);
  t->p.noise = sweep_uniform(&t->s) < 0.2 ? 0.0 : sweep_log(&t->s, 0.01, 3.0);
  problem_readout(&t->p, sweep_index(&t->s, PLIM_READOUT_COUNT));
  t->p.step_psi1 = sweep_uniform(&t->s) < 0.5 ? 0.0 : sweep_log(&t->s, 0.05, 50.0);
  t->p.activation = t->activation;
  t->p.teacher = t->teacher;
}

static trial begin(unsigned long long seed)
{
  return (trial){.theory = new_theory(), .s = {seed}};
}

static void end(trial *t)
{
  plim_activation_free(t->activation);
  plim_activation_free(t->teacher);
  plim_theory_free(t->theory);
}

static plim_value get(const trial *t, plim_quantity quantity)
{
  return limit_of(t->theory, quantity, &t->p);
}

/* Where a failure was: everything needed to see it again. */
#define HERE                                                                                                 \
  "%s: %.17g +- %.2g and %.17g +- %.2g (%s/%s %s psi1 %.17g psi2 %.17g lambda %.17g eta %.17g noise %.17g)"
#define THERE(t, what, x, y)                                                                                 \
  what, (x).value, (x).error, (y).value, (y).error, plim_activation_name((t)->p.activation),                 \
      plim_activation_name((t)->p.teacher), plim_readout_name((t)->p.readout), (t)->p.psi1, (t)->p.psi2,     \
      (t)->p.lambda, (t)->p.eta, (t)->p.noise

static double rounding(plim_value x, plim_value y)
{
  return 8.0 * DBL_EPSILON * (fabs(x.value) + fabs(y.value));
}

static void assert_at_most(const trial *t, plim_value x, plim_value y, const char *what)
{
  ck_assert_msg(x.value - y.value <= x.error + y.error + rounding(x, y), HERE, THERE(t, what, x, y));
}

static void assert_same(const trial *t, plim_value x, plim_value y, const char *what)
{
  ck_assert_msg(fabs(x.value - y.value) <= x.error + y.error + rounding(x, y), HERE, THERE(t, what, x, y));
}

/* Near, in units of `scale`: for a limiting case at a parameter that is not quite there. */
static void assert_near(const trial *t, plim_value x, plim_value y, double scale, const char *what)
{
  ck_assert_msg(fabs(x.value - y.value) <= scale + x.error + y.error, HERE, THERE(t, what, x, y));
}

static plim_value times(plim_value x, double factor)
{
  return (plim_value){factor * x.value, fabs(factor) * x.error};
}

static plim_value number(double value)
{
  return (plim_value){value, DBL_EPSILON * fabs(value)};
}

static plim_value sum(plim_value x, plim_value y)
{
  return (plim_value){x.value + y.value, x.error + y.error};
}

/* E sigma*^2 without the label noise. */
static plim_value label_power(const trial *t)
{
  plim_coefficients c;
  ck_assert_int_eq(plim_coefficients_compute(t->teacher, &c), PLIM_OK);
  return (plim_value){c.mu1.value * c.mu1.value + c.mu2.value * c.mu2.value,
                      2.0 * (fabs(c.mu1.value) * c.mu1.error + c.mu2.value * c.mu2.error)};
}

START_TEST(order)
{
  static const plim_quantity bounded[] = {
      PLIM_RISK0, PLIM_RISK1, PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE, PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST};
  static const plim_quantity overlaps[] = {PLIM_W1_LEFT_BETA, PLIM_W1_RIGHT_A};
  trial t = begin(1);
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    const plim_value theta1 = get(&t, PLIM_THETA1), theta2 = get(&t, PLIM_THETA2), op = get(&t, PLIM_GRAD_OP);
    for (size_t q = 0; q < sizeof bounded / sizeof *bounded; q++)
      assert_at_most(&t, get(&t, PLIM_LOWER_BOUND), get(&t, bounded[q]), plim_quantity_name(bounded[q]));
    for (size_t q = 0; q < sizeof overlaps / sizeof *overlaps; q++) {
      assert_at_most(&t, number(0.0), get(&t, overlaps[q]), "overlap >= 0");
      assert_at_most(&t, get(&t, overlaps[q]), number(1.0), "overlap <= 1");
    }
    assert_at_most(&t, (plim_value){fabs(theta2.value), theta2.error}, theta1, "theta2 <= theta1");
    assert_at_most(&t, times(op, op.value), get(&t, PLIM_GRAD_FRO2), "operator and Frobenius norm");
    assert_at_most(&t, number(1.0 + sqrt(t.p.psi2)), get(&t, PLIM_W1_TOP), "the edge <= s1");
    assert_at_most(&t, number(t.p.lambda), get(&t, PLIM_KAPPA), "lambda <= kappa");
    assert_at_most(&t, get(&t, PLIM_DF2), number(1.0), "gamma <= 1");
    assert_same(&t, get(&t, PLIM_RISK0), sum(get(&t, PLIM_RISK1), get(&t, PLIM_DELTA)), "R0 = R1 + delta");
    assert_at_most(&t, get(&t, PLIM_TRAIN0), sum(label_power(&t), number(t.p.noise * t.p.noise)),
                   "T0 <= E y^2");
  }
  end(&t);
}
END_TEST

/* T = (R + noise^2)(lambda/kappa)^2, what generalised cross-validation rests on. */
START_TEST(cross_validation)
{
  trial t = begin(2);
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    const plim_value noise2 = number(t.p.noise * t.p.noise), kappa = get(&t, PLIM_KAPPA);
    const double shrink = t.p.lambda / kappa.value, relative = 2.0 * kappa.error / kappa.value;
    plim_value t0 = times(sum(get(&t, PLIM_RISK0), noise2), shrink * shrink);
    plim_value t1 = times(sum(get(&t, PLIM_RISK1), noise2), shrink * shrink);
    t0.error += relative * t0.value;
    t1.error += relative * t1.value;
    assert_same(&t, get(&t, PLIM_TRAIN0), t0, "T0");
    assert_same(&t, get(&t, PLIM_TRAIN1), t1, "T1");
  }
  end(&t);
}
END_TEST

START_TEST(monotony)
{
  static const plim_quantity growing[] = {PLIM_TRAIN0, PLIM_TRAIN1, PLIM_KAPPA};
  trial t = begin(3);
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    trial more = t;
    more.p.lambda *= 1.0 + sweep_uniform(&t.s);
    for (size_t q = 0; q < sizeof growing / sizeof *growing; q++)
      assert_at_most(&t, get(&t, growing[q]), get(&more, growing[q]), "grows with lambda");
    assert_at_most(&t, get(&more, PLIM_DF2), get(&t, PLIM_DF2), "falls with lambda");
    more = t;
    more.p.noise += 0.01 + sweep_uniform(&t.s);
    assert_at_most(&t, get(&t, PLIM_RISK0), get(&more, PLIM_RISK0), "R0 grows with the noise");
    assert_at_most(&t, get(&t, PLIM_TRAIN0), get(&more, PLIM_TRAIN0), "T0 grows with the noise");
    more = t;
    more.p.eta *= 1.0 + sweep_uniform(&t.s);
    assert_at_most(&t, get(&t, PLIM_W1_TOP), get(&more, PLIM_W1_TOP), "s1 grows with the step");
    assert_at_most(&t, get(&t, PLIM_STEP_OP), get(&more, PLIM_STEP_OP), "the step grows with the step");
    plim_coefficients c;
    ck_assert_int_eq(plim_coefficients_compute(t.activation, &c), PLIM_OK);
    const bool has_mean = t.p.readout == PLIM_READOUT_CONSTANT || t.p.readout == PLIM_READOUT_ATOMS;
    if (has_mean && c.c2.value != 0.0)
      continue; /* with a norm mode a step may do harm: small_step.c */
    assert_at_most(&t, number(0.0), get(&t, PLIM_DELTA), "delta >= 0");
    assert_at_most(&t, get(&t, PLIM_DELTA), get(&more, PLIM_DELTA), "delta grows with the step");
    assert_at_most(&t, get(&more, PLIM_TRAIN1), get(&t, PLIM_TRAIN1), "T1 falls with the step");
  }
  end(&t);
}
END_TEST

/* y -> c y with the step over c: the same weights, c times the predictor. */
START_TEST(labels_in_other_units)
{
  static const struct {
    plim_quantity quantity;
    double power;
  } scales[] = {{PLIM_RISK0, 2.0},        {PLIM_RISK1, 2.0},          {PLIM_DELTA, 2.0},
                {PLIM_TRAIN0, 2.0},       {PLIM_TRAIN1, 2.0},         {PLIM_THETA1, 1.0},
                {PLIM_GRAD_OP, 1.0},      {PLIM_GRAD_FRO2, 2.0},      {PLIM_LOWER_BOUND, 2.0},
                {PLIM_LINEAR_RIDGE, 2.0}, {PLIM_NTK_RIDGE, 2.0},      {PLIM_KERNEL_EXP_INNER, 2.0},
                {PLIM_W1_TOP, 0.0},       {PLIM_W1_LEFT_BETA, 0.0},   {PLIM_W1_RIGHT_A, 0.0},
                {PLIM_KAPPA, 0.0},        {PLIM_KERNEL_EXP_DIST, 2.0}};
  trial t = begin(4);
  plim_activation *in_c = NULL;
  double c = 1.0;
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    if (i % EACH == 0) {
      c = sweep_log(&t.s, 1e-3, 1e3);
      plim_activation_free(in_c);
      in_c = scaled(t.teacher, c);
    }
    trial other = t;
    other.p.teacher = in_c;
    other.p.noise *= c;
    other.p.eta /= c;
    for (size_t q = 0; q < sizeof scales / sizeof *scales; q++)
      assert_near(&t, times(get(&t, scales[q].quantity), pow(c, scales[q].power)),
                  get(&other, scales[q].quantity), 1e-11 * fabs(get(&other, scales[q].quantity).value),
                  plim_quantity_name(scales[q].quantity));
  }
  plim_activation_free(in_c);
  end(&t);
}
END_TEST

/* sigma -> c sigma with c^2 lambda and the step over c: the same weights, the same predictor. */
START_TEST(features_in_other_units)
{
  static const plim_quantity same[] = {PLIM_RISK0,   PLIM_RISK1,     PLIM_DELTA,     PLIM_TRAIN0,
                                       PLIM_TRAIN1,  PLIM_DF2,       PLIM_W1_TOP,    PLIM_W1_LEFT_BETA,
                                       PLIM_STEP_OP, PLIM_NTK_RIDGE, PLIM_W1_RIGHT_A};
  trial t = begin(5);
  plim_activation *in_c = NULL;
  double c = 1.0;
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    if (i % EACH == 0) {
      c = sweep_log(&t.s, 1e-3, 1e3);
      plim_activation_free(in_c);
      in_c = scaled(t.activation, c);
    }
    trial other = t;
    other.p.activation = in_c;
    other.p.lambda *= c * c;
    other.p.eta /= c;
    for (size_t q = 0; q < sizeof same / sizeof *same; q++)
      assert_near(&t, get(&t, same[q]), get(&other, same[q]), 1e-11 * fabs(get(&t, same[q]).value),
                  plim_quantity_name(same[q]));
  }
  plim_activation_free(in_c);
  end(&t);
}
END_TEST

START_TEST(limiting_cases)
{
  trial t = begin(6);
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    const plim_value power = label_power(&t), all = sum(power, number(t.p.noise * t.p.noise));
    trial at = t;
    at.p.eta = 0.0;
    assert_same(&at, get(&at, PLIM_RISK1), get(&at, PLIM_RISK0), "no step: R1 = R0");
    assert_same(&at, get(&at, PLIM_TRAIN1), get(&at, PLIM_TRAIN0), "no step: T1 = T0");
    assert_same(&at, get(&at, PLIM_DELTA), number(0.0), "no step: delta = 0");
    at.p.eta = 1e-9;
    assert_near(&at, get(&at, PLIM_RISK1), get(&at, PLIM_RISK0), 1e-12 * all.value, "a small step");
    at = t;
    at.p.lambda = 1e12;
    assert_near(&at, get(&at, PLIM_RISK0), power, 1e-6 * all.value, "lambda -> inf: nothing is fitted");
    assert_near(&at, get(&at, PLIM_TRAIN0), all, 1e-6 * all.value, "lambda -> inf: T0 = E y^2");
    at = t;
    at.p.lambda = 1e-13;
    const plim_value nearly = get(&at, PLIM_RISK0);
    at.p.lambda = 0.0;
    if (fabs(log(t.p.psi1 / t.p.psi2)) > 0.1)
      assert_near(&at, get(&at, PLIM_RISK0), nearly, 1e-5 * nearly.value, "lambda -> 0");
    at = t;
    at.p.psi1 = 1e-9;
    assert_near(&at, get(&at, PLIM_RISK0), power, 1e-5 * all.value, "no samples: nothing is learned");
    at = t;
    at.p.psi1 = 1e12;
    const plim_value noisy = get(&at, PLIM_RISK0);
    at.p.noise = 0.0;
    assert_near(&at, get(&at, PLIM_RISK0), noisy, 1e-6 * all.value, "all samples: the noise averages out");
    at = t;
    at.p.psi2 = 1e9;
    assert_near(&at, get(&at, PLIM_DELTA), number(0.0), 1e-5 * all.value,
                "all neurons: a step gains nothing");
  }
  end(&t);
}
END_TEST

/* R0 and T0 are affine in noise^2; several steps on one batch are one of their sum. */
START_TEST(sums)
{
  trial t = begin(7);
  for (int i = 0; i < PROBLEMS; i++) {
    static const plim_quantity affine[] = {PLIM_RISK0, PLIM_TRAIN0, PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE};
    draw(&t);
    trial none = t, once = t, twice = t;
    none.p.noise = 0.0;
    once.p.noise = 0.1 + sweep_uniform(&t.s);
    twice.p.noise = sqrt(2.0) * once.p.noise;
    for (size_t q = 0; q < sizeof affine / sizeof *affine; q++)
      assert_same(&once, times(get(&once, affine[q]), 2.0),
                  sum(get(&none, affine[q]), get(&twice, affine[q])), "affine in noise^2");
    trial several = t;
    several.p.steps = 2 + sweep_index(&t.s, 9);
    several.p.eta = t.p.eta / (double)several.p.steps;
    assert_near(&several, get(&several, PLIM_RISK1), get(&t, PLIM_RISK1), 1e-13 * get(&t, PLIM_RISK1).value,
                "steps on one batch add up");
    several.p.batch = PLIM_BATCH_FRESH;
    assert_at_most(&several, get(&several, PLIM_W1_TOP), get(&t, PLIM_W1_TOP), "less noise on fresh batches");
  }
  end(&t);
}
END_TEST

/* A number with its error, or a refusal that leaves the result alone; over all doubles a problem may have. */
START_TEST(value_or_refusal)
{
  static const double tolerance = 1e-3; /* of the quantities that are refined */
  trial t = begin(8);
  size_t values = 0;
  ck_assert_int_eq(plim_theory_set_tolerance(t.theory, tolerance), PLIM_OK);
  for (int i = 0; i < PROBLEMS; i++) {
    draw(&t);
    t.p.psi1 = sweep_log(&t.s, 1e-12, 1e12);
    t.p.psi2 = sweep_log(&t.s, 1e-12, 1e12);
    t.p.lambda = sweep_uniform(&t.s) < 0.2 ? 0.0 : pow(10.0, 300.0 * (2.0 * sweep_uniform(&t.s) - 1.0));
    t.p.eta = sweep_uniform(&t.s) < 0.2 ? 0.0 : pow(10.0, 300.0 * (2.0 * sweep_uniform(&t.s) - 1.0));
    t.p.noise = sweep_uniform(&t.s) < 0.2 ? 0.0 : pow(10.0, 170.0 * (2.0 * sweep_uniform(&t.s) - 1.0));
    t.p.eta_exponent = i % 4 == 3 ? 0.5 * sweep_uniform(&t.s) : 0.0;
    t.p.d = i % 2 == 1 ? sweep_log(&t.s, 1.0, 1e12) : INFINITY;
    t.p.steps = 1 + sweep_index(&t.s, 3);
    for (plim_quantity q = 0; q < PLIM_QUANTITY_COUNT; q++) {
      const bool is_refined = (q >= PLIM_RISK && q <= PLIM_ANY_V) ||
                              (q >= PLIM_W2_OUTLIERS && q <= PLIM_W2_EDGE) ||
                              (q >= PLIM_STAIR1 && q <= PLIM_STAIR_ANGLE);
      if (is_refined && i % 100 != 0)
        continue; /* a tenth of a second each */
      static const plim_value untouched = {-7.0, -8.0};
      plim_value value = untouched;
      const plim_status status = plim_limit(t.theory, q, &t.p, &value);
      if (status == PLIM_OK) {
        ck_assert_msg(isfinite(value.value) && isfinite(value.error) && value.error >= 0.0, HERE,
                      THERE(&t, plim_quantity_name(q), value, value));
        values++;
        continue;
      }
      ck_assert_msg(status == PLIM_OUTSIDE_DOMAIN || status == PLIM_DIVERGES ||
                        status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE,
                    HERE, THERE(&t, plim_status_name(status), value, value));
      ck_assert(value.value == untouched.value && value.error == untouched.error);
    }
  }
  ck_assert_uint_gt(values, 10 * PROBLEMS);
  end(&t);
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("properties");
  tcase_add_test(all, order);
  tcase_add_test(all, cross_validation);
  tcase_add_test(all, monotony);
  tcase_add_test(all, labels_in_other_units);
  tcase_add_test(all, features_in_other_units);
  tcase_add_test(all, limiting_cases);
  tcase_add_test(all, sums);
  tcase_add_test(all, value_or_refusal);
  return run_case(all, "properties");
}
