/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "two_steps_fixture.h"

#include <math.h>
#include <string.h>

#include "fixture.h"

enum {
  READS = PLIMI_READS_ACTIVATION | PLIMI_READS_TEACHER | PLIMI_READS_TWO_STEPS | PLIMI_READS_SECOND_STEP |
          PLIMI_READS_ATOMS
};

plim_readout readout_called(const char *name)
{
  for (int i = 0; i < PLIM_READOUT_COUNT; i++)
    if (strcmp(plim_readout_name((plim_readout)i), name) == 0)
      return (plim_readout)i;
  ck_abort_msg("no readout is called %s", name);
}

plim_problem two_steps(const char *activation, const char *teacher, const char *readout, double psi1,
                       const double e[2])
{
  plim_problem p = problem_called(activation, teacher);
  p.readout = readout_called(readout);
  p.psi1 = psi1;
  p.psi2 = 1.5;
  p.noise = 0.1;
  p.eta = e[0];
  p.eta_second = e[1];
  p.eta_exponent = 0.5;
  p.steps = 2;
  p.d = INFINITY;
  return p;
}

plimi_input prepared(plim_theory *theory, const plim_problem *p)
{
  plimi_input in;
  ck_assert_int_eq(plimi_input_prepare(theory, p, READS, &in), PLIM_OK);
  return in;
}

const plimi_two_solution *solution_of(const plimi_input *in)
{
  const plimi_two_solution *solution;
  ck_assert_int_eq(plimi_two_solve(in, &solution), PLIM_OK);
  return solution;
}
