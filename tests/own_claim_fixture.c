/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "own_claim_fixture.h"

#include <check.h>

const size_t own_ladder[OWN_SIZES] = {26, 52, 104, 208};
static plim_activation *student, *teacher;

void own_set_up(void)
{
  ck_assert_int_eq(plim_activation_alloc("tanh", &student, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("expr:1.9*tanh(z)+0.3*(z*z-1)", &teacher, NULL), PLIM_OK);
}

void own_tear_down(void)
{
  plim_activation_free(student);
  plim_activation_free(teacher);
}

plim_problem own_problem_at(double psi1, double lambda, double eta)
{
  plim_problem problem = plim_problem_default();
  problem.psi1 = psi1;
  problem.psi2 = 1.615;
  problem.lambda = lambda;
  problem.eta = eta;
  problem.noise = 0.253;
  problem.activation = student;
  problem.teacher = teacher;
  return problem;
}

plim_own_claim own_claim_of(const plim_problem *points, size_t count)
{
  return (plim_own_claim){.info = {.name = "mine", .title = "what I think"},
                          .points = points,
                          .n_points = count,
                          .d = own_ladder,
                          .n_sizes = OWN_SIZES,
                          .measured = "risk0",
                          .predicted = "risk0",
                          .relation = PLIM_OWN_EQUALS,
                          .relative_margin = 0.05,
                          .rates = {1.0}};
}
