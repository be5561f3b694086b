/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits, densities and optima. */
#include <math.h>
#include <stddef.h>

#include "no_memory.h"
#include "plim.h"

static void note_value(notes *made, plim_value value)
{
  note(made, value.value);
  note(made, value.error);
}

typedef struct {
  plim_activation *activation, *teacher;
  plim_theory *theory;
  plim_problem problem;
} setting;

static void close(setting *s)
{
  plim_theory_free(s->theory);
  plim_activation_free(s->activation);
  plim_activation_free(s->teacher);
}

static plim_status open(const char *activation, const char *teacher, setting *s)
{
  *s = (setting){.problem = plim_problem_default()};
  plim_status status = plim_activation_alloc(activation, &s->activation, NULL);
  if (status == PLIM_OK)
    status = plim_activation_alloc(teacher, &s->teacher, NULL);
  if (status == PLIM_OK)
    status = plim_theory_alloc(&s->theory);
  if (status == PLIM_OK)
    status = plim_theory_set_tolerance(s->theory, PLIM_COARSEST_TOLERANCE);
  s->problem.activation = s->activation;
  s->problem.teacher = s->teacher;
  s->problem.psi1 = 2.385;
  s->problem.psi2 = 1.617;
  s->problem.eta = 1.83;
  s->problem.noise = 0.25;
  return status;
}

static plim_status coefficients(int which, notes *made)
{
  static const char *const names[] = {"relu", "tanh", "hermite3", "expr:max(z,0.3)+sin(2*z)",
                                      "expr:sqrt(abs(z))"};
  plim_coefficients c;
  plim_activation *a = NULL;
  plim_status status = plim_activation_alloc(names[which], &a, NULL);
  if (status == PLIM_OK)
    status = plim_coefficients_compute(a, &c);
  if (status == PLIM_OK) {
    note_value(made, c.mean);
    note_value(made, c.mu1);
    note_value(made, c.mu2);
    note_value(made, c.nu2);
    note_value(made, c.c2);
  }
  plim_activation_free(a);
  return status;
}

static plim_status limit_of(int quantity, const plim_problem *as, const char *activation, notes *made)
{
  setting s;
  plim_value value;
  plim_status status = open(activation, "relu", &s);
  if (as != NULL) {
    const plim_problem kept = s.problem;
    s.problem = *as;
    s.problem.activation = kept.activation;
    s.problem.teacher = kept.teacher;
  }
  if (status == PLIM_OK)
    status = plim_limit(s.theory, (plim_quantity)quantity, &s.problem, &value);
  if (status == PLIM_OK)
    note_value(made, value);
  if (s.theory != NULL)
    note(made, plim_theory_attainable(s.theory));
  close(&s);
  return status;
}

static plim_status limit(int quantity, notes *made)
{
  if (plim_limit_describe((plim_quantity)quantity) == NULL)
    return PLIM_OK;
  return limit_of(quantity, NULL, "tanh", made);
}

/* A large step, at a finite d, for each law of the readout. */
static plim_status any_step(int which, notes *made)
{
  plim_problem problem = plim_problem_default();
  problem.psi1 = 2.385;
  problem.psi2 = 1.617;
  problem.eta_exponent = 0.5;
  problem.d = which < PLIM_READOUT_ATOMS ? 300.0 : INFINITY;
  problem.readout = (plim_readout)(which % PLIM_READOUT_ATOMS);
  return limit_of(PLIM_RISK, &problem, "tanh", made);
}

/* An activation that is not odd: a Gaussian readout at a finite d and without one; between the exponents. */
static plim_status any_activation(int which, notes *made)
{
  static const char *const activation[] = {"relu", "softplus", "expr:z+0.3*z^2"};
  plim_problem problem = plim_problem_default();
  problem.psi1 = 2.385;
  problem.psi2 = 1.617;
  problem.eta_exponent = which < 2 ? 0.5 : 0.3;
  problem.d = which == 0 ? 300.0 : INFINITY;
  return limit_of(PLIM_RISK, &problem, activation[which], made);
}

/* Two large steps at a finite d; the gradient's pairs again, and others, for readouts with one and two sizes. */
static plim_status two_steps(int which, notes *made)
{
  static plim_atoms atoms;
  plim_problem problem = plim_problem_default();
  const plim_status status =
      plim_atoms_read("atoms:-1.5@0.3076923077,0.6666666667@0.6923076923", &atoms, NULL);
  if (status != PLIM_OK)
    return status;
  problem.psi1 = 2.385;
  problem.psi2 = 1.617;
  problem.eta = 0.83;
  problem.eta_exponent = 0.5;
  problem.d = 300.0;
  problem.steps = 2;
  problem.noise = which == 0 ? 0.25 : 0.0;
  problem.batch = which == 0 ? PLIM_BATCH_SAME : PLIM_BATCH_FRESH;
  problem.readout = which == 0 ? PLIM_READOUT_RADEMACHER : PLIM_READOUT_ATOMS;
  problem.atoms = &atoms;
  return limit_of(which == 0 ? PLIM_W2_BULK : PLIM_W2_TOP, &problem, "tanh", made);
}

static plim_status density(int spectrum, notes *made)
{
  setting s;
  plim_density *density = NULL;
  plim_value value = {0.0, 0.0}, share = {0.0, 0.0};
  plim_status status = open("tanh", "relu", &s);
  if (status == PLIM_OK)
    status = plim_density_alloc(s.theory, (plim_spectrum)spectrum, &s.problem, &density);
  if (status == PLIM_OK)
    status = plim_density_at(density, 0.7, &value);
  if (status == PLIM_OK)
    status = plim_density_cdf(density, 0.7, &share);
  if (status == PLIM_OK) {
    note_value(made, plim_density_support(density)->interval[0].high);
    note_value(made, value);
    note_value(made, share);
  }
  plim_density_free(density);
  close(&s);
  return status;
}

static plim_status optimum(int which, notes *made)
{
  static const struct {
    plim_quantity quantity;
    bool over_lambda, over_eta;
  } asked[] = {{PLIM_RISK0, true, false}, {PLIM_RISK1, true, false}, {PLIM_RISK1, false, true},
               {PLIM_RISK1, true, true},  {PLIM_DELTA, true, false}, {PLIM_STUDENT_RISK, false, true},
               {PLIM_W1_TOP, false, true}};
  setting s;
  plim_optimum best;
  plim_search search = plim_search_default();
  plim_status status = open("tanh", "relu", &s);
  search.over_lambda = asked[which].over_lambda;
  search.over_eta = asked[which].over_eta;
  if (status == PLIM_OK)
    status = plim_optimum_find(s.theory, asked[which].quantity, &s.problem, &search, &best);
  if (status == PLIM_OK) {
    note_value(made, best.value);
    note(made, best.bound);
    note(made, best.lambda.at);
    note(made, best.eta.at);
  }
  close(&s);
  return status;
}

const no_memory_subject no_memory_theory[] = {{"coefficients", coefficients, 0, 5, 20, 0},
                                              {"limit", limit, 0, PLIM_QUANTITY_COUNT, 4, 0},
                                              {"any step", any_step, 0, 2 * PLIM_READOUT_ATOMS, 5, 0},
                                              {"any activation", any_activation, 0, 3, 5, 0},
                                              {"two steps", two_steps, 0, 2, 8, 0},
                                              {"density", density, 0, PLIM_SPECTRUM_COUNT, 20, 0},
                                              {"optimum", optimum, 0, 7, 4, 0},
                                              {NULL, NULL, 0, 0, 0, 0}};
