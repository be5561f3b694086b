/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"
#include "run_cases.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_math.h>

plim_activation *activation_called(const char *name)
{
  plim_activation *activation = NULL;
  char *why = NULL;
  ck_assert_ptr_nonnull(name);
  ck_assert_msg(plim_activation_alloc(name, &activation, &why) == PLIM_OK, "%s: %s", name,
                why != NULL ? why : "");
  return activation;
}

plim_theory *new_theory(void)
{
  plim_theory *theory = NULL;
  ck_assert_int_eq(plim_theory_alloc(&theory), PLIM_OK);
  return theory;
}

static void fail_at(const plim_problem *p, const char *what, plim_status status)
{
  ck_abort_msg("%s: %s at psi1 = %.17g, psi2 = %.17g, lambda = %.17g, eta = %.17g, noise = %.17g, %s, %s",
               what, plim_status_name(status), p->psi1, p->psi2, p->lambda, p->eta, p->noise,
               plim_activation_name(p->activation), plim_activation_name(p->teacher));
}

plim_value limit_of(plim_theory *theory, plim_quantity quantity, const plim_problem *problem)
{
  plim_value value = {NAN, NAN};
  const plim_status status = plim_limit(theory, quantity, problem, &value);
  if (status != PLIM_OK)
    fail_at(problem, plim_quantity_name(quantity), status);
  ck_assert(isfinite(value.value) && isfinite(value.error) && value.error >= 0.0);
  return value;
}

plimi_input input_of(plim_theory *theory, const plim_problem *problem)
{
  plimi_input in;
  const unsigned reads = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_STEP |
                         PLIMI_READS_BATCHES_AND_ATOMS | PLIMI_READS_SECOND_STEP;
  const plim_status status = plimi_input_prepare(theory, problem, reads, &in);
  if (status != PLIM_OK)
    fail_at(problem, "input", status);
  return in;
}

plim_problem problem_called(const char *activation, const char *teacher)
{
  plim_problem problem = plim_problem_default();
  problem.activation = activation_called(activation);
  problem.teacher = activation_called(teacher);
  return problem;
}

void problem_clear(plim_problem *problem)
{
  plim_activation_free((plim_activation *)problem->activation);
  plim_activation_free((plim_activation *)problem->teacher);
  problem->activation = problem->teacher = NULL;
}

void problem_readout(plim_problem *problem, size_t readout)
{
  static const plim_atoms three = {.count = 3,
                                   .value = {-1.3, 0.2, 1.1869077470469218},
                                   .probability = {0.25, 0.35, 0.4},
                                   .name = "atoms:-1.3@0.25,0.2@0.35,1.1869077470469218@0.4"};
  problem->readout = (plim_readout)readout;
  problem->atoms = &three;
}

static unsigned long long sweep_next(sweep *s)
{
  unsigned long long z = (s->state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

double sweep_uniform(sweep *s)
{
  return ((double)(sweep_next(s) >> 11) + 0.5) * 0x1p-53;
}

double sweep_log(sweep *s, double low, double high)
{
  return low * pow(high / low, sweep_uniform(s));
}

size_t sweep_index(sweep *s, size_t count)
{
  return (size_t)(sweep_uniform(s) * (double)count);
}

void sweep_problem(sweep *s, plim_problem *p)
{
  p->psi1 = sweep_log(s, 1e-3, 1e3);
  p->psi2 = sweep_log(s, 1e-3, 1e3);
  if (sweep_uniform(s) < 0.1)
    p->psi2 =
        p->psi1 * (sweep_uniform(s) < 0.5 ? 1.0 + sweep_log(s, 1e-6, 0.1) : 1.0 - sweep_log(s, 1e-6, 0.1));
  p->lambda = sweep_uniform(s) < 0.1 ? 0.0 : sweep_log(s, 1e-12, 1e6);
  p->eta = sweep_uniform(s) < 0.1 ? 0.0 : sweep_log(s, 1e-8, 1e6);
  p->noise = sweep_uniform(s) < 0.3 ? 0.0 : sweep_log(s, 1e-3, 3.0);
}

named_activations all_activations(void)
{
  named_activations all;
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++)
    all.named[i] = activation_called(plim_activation_kind_name((plim_activation_kind)i));
  return all;
}

void free_activations(named_activations *all)
{
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++)
    plim_activation_free(all->named[i]);
}

void sweep_named(sweep *s, const named_activations *all, plim_problem *problem)
{
  sweep_problem(s, problem);
  problem->activation = all->named[sweep_index(s, PLIM_ACTIVATION_COUNT)];
  problem->teacher = all->named[sweep_index(s, PLIM_ACTIVATION_COUNT)];
}

void assert_within_error(plim_value value, double expected, const char *what)
{
  const double gap = fabs(value.value - expected), allowed = value.error + DBL_EPSILON * fabs(expected);
  ck_assert_msg(gap <= allowed, "%s: %.17g, expected %.17g: off by %.3g, error bound %.3g", what, value.value,
                expected, gap, value.error);
}

void assert_close(double value, double expected, double relative, double absolute, const char *what)
{
  const double gap = fabs(value - expected);
  ck_assert_msg(gap <= relative * fabs(expected) + absolute, "%s: %.17g, expected %.17g: off by %.3g", what,
                value, expected, gap);
}

/* x = 1 + psi2 + 2 sqrt(psi2) cos(angle) runs over the eigenvalues of W0'W0 that are not 0, and their density, of mass
   min(1, 1/psi2), becomes (2/pi) sin^2(angle)/x. */
typedef struct {
  double a, psi2;
  double (*f)(double t, void *params);
  void *params;
} spectral_integrand;

static double at_angle(double angle, void *params)
{
  const spectral_integrand *q = params;
  const double half = cos(0.5 * angle), edge = 1.0 - sqrt(q->psi2);
  const double x =
      edge * edge + 4.0 * sqrt(q->psi2) * half * half; /* without cancellation at the left edge */
  const double weight = 2.0 / M_PI * sin(angle) * sin(angle) / x;
  return weight * q->f(q->a * x, q->params);
}

double spectral_average(double a, double psi2, double (*f)(double t, void *params), void *params)
{
  gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(1000);
  spectral_integrand q = {a, psi2, f, params};
  gsl_function function = {.function = at_angle, .params = &q};
  double sum, error;
  const int code =
      gsl_integration_qag(&function, 0.0, M_PI, 0.0, 1e-13, 1000, GSL_INTEG_GAUSS61, workspace, &sum, &error);
  ck_assert(code == GSL_SUCCESS || code == GSL_EROUND);
  gsl_integration_workspace_free(workspace);
  return psi2 > 1.0 ? sum + (1.0 - 1.0 / psi2) * f(0.0, params) : sum;
}

int run_case(TCase *tests, const char *name)
{
  gsl_set_error_handler_off();
  return run_cases(name, 1, &tests);
}
