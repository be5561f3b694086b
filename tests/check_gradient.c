/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_gradient.c - theta1, theta2 and the norms of the gradient. (The experiment itself: tests against sim/.) */
#include <math.h>

#include "fixture.h"
#include "reference.h"
#include "tolerances.h"

static const plim_quantity quantities[] = {PLIM_THETA1, PLIM_THETA2, PLIM_GRAD_OP, PLIM_GRAD_FRO2};
enum { COUNT = sizeof quantities / sizeof quantities[0] };

START_TEST(reference_points)
{
  reference_check("points.csv", quantities, COUNT, 40);
  reference_check("golden.csv", quantities, COUNT, 190);
}
END_TEST

/* |theta2| <= theta1 <= |sqrt(N) G0|_F, and theta1 -> |theta2| with more samples. */
START_TEST(norms_are_ordered)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("gelu", "sin");
  sweep s = {3771};
  for (int i = 0; i < 2000; i++) {
    sweep_problem(&s, &p);
    const double theta1 = limit_of(theory, PLIM_THETA1, &p).value,
                 theta2 = limit_of(theory, PLIM_THETA2, &p).value;
    ck_assert(fabs(theta2) <= theta1);
    ck_assert(theta1 * theta1 <= limit_of(theory, PLIM_GRAD_FRO2, &p).value * (1.0 + 1e-14));
  }
  p.psi1 = 1e14;
  assert_close(limit_of(theory, PLIM_THETA1, &p).value, limit_of(theory, PLIM_THETA2, &p).value, 1e-12, 0.0,
               "psi1 -> inf");
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* theta2 carries the sign of mu1 mu1*; theta1 is a norm. mu1 = 0 leaves nu2 alone. */
START_TEST(signs_and_zeros)
{
  plim_theory *theory = new_theory();
  plim_problem up = problem_called("tanh", "relu"), down = problem_called("expr:-tanh(z)", "relu");
  assert_close(limit_of(theory, PLIM_THETA2, &down).value, -limit_of(theory, PLIM_THETA2, &up).value, 1e-12,
               0.0, "theta2");
  assert_close(limit_of(theory, PLIM_THETA1, &down).value, limit_of(theory, PLIM_THETA1, &up).value, 1e-12,
               0.0, "theta1");
  problem_clear(&up);
  problem_clear(&down);
  plim_problem even = problem_called("hermite2", "erf");
  ck_assert(limit_of(theory, PLIM_THETA1, &even).value <= 1e-13);
  const plimi_input in = input_of(theory, &even);
  assert_close(limit_of(theory, PLIM_GRAD_FRO2, &even).value, 2.0 * in.s2.value / even.psi1, 1e-13, 0.0,
               "s2 nu2/psi1");
  problem_clear(&even);
  plim_theory_free(theory);
}
END_TEST

/* One-step quantities, whatever the steps; the spike they add up to follows the rule of section 5. */
START_TEST(several_steps)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("erf", "softplus");
  p.eta = 0.613;
  const double theta1 = limit_of(theory, PLIM_THETA1, &p).value,
               theta2 = limit_of(theory, PLIM_THETA2, &p).value;
  p.steps = 7;
  for (int batch = 0; batch < PLIM_BATCH_COUNT; batch++) {
    p.batch = (plim_batch)batch;
    ck_assert(limit_of(theory, PLIM_THETA1, &p).value == theta1);
    const plimi_input in = input_of(theory, &p);
    const plimi_spike spike = plimi_spike_of(&in);
    const double sum = 7.0 * 0.613, noise = theta1 * theta1 - theta2 * theta2;
    const double spread = p.batch == PLIM_BATCH_SAME ? sum * sum : 7.0 * 0.613 * 0.613;
    assert_close(spike.signal.value, sum * sum * theta2 * theta2, 1e-13, 0.0, "along beta*");
    assert_close(spike.noise.value, spread * noise, 1e-12, 0.0, "orthogonal to beta*");
    assert_close(spike.total.value, spike.signal.value + spike.noise.value, 1e-15, 0.0, "total");
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("gradient");
  tcase_add_test(tests, reference_points);
  tcase_add_test(tests, norms_are_ordered);
  tcase_add_test(tests, signs_and_zeros);
  tcase_add_test(tests, several_steps);
  return run_case(tests, "gradient");
}
