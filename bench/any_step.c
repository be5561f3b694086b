/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step.c - what one point of `risk` and `train` costs: with everything to be tabulated, and along a path of
   penalties that shares the tables. Processor time of one thread (run with OPENBLAS_NUM_THREADS=1). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gsl/gsl_errno.h>

#include "plim.h"

enum { REPEATS = 20 };

static double milliseconds(void)
{
  return 1e3 * (double)clock() / CLOCKS_PER_SEC;
}

static void require(plim_status status)
{
  if (status != PLIM_OK) {
    fprintf(stderr, "%s\n", plim_status_meaning(status));
    exit(EXIT_FAILURE);
  }
}

/* Milliseconds a point, over REPEATS points that differ in lambda; a new workspace for each, or one for all. */
static double cost(plim_problem problem, double tolerance, int share)
{
  plim_theory *theory = NULL;
  const double start = milliseconds();
  for (int i = 0; i < REPEATS; i++) {
    plim_value value;
    if (!share || i == 0) {
      plim_theory_free(theory);
      require(plim_theory_alloc(&theory));
      require(plim_theory_set_tolerance(theory, tolerance));
    }
    problem.lambda = 0.1 * pow(1.3, i - REPEATS / 2);
    require(plim_limit(theory, PLIM_RISK, &problem, &value));
    require(plim_limit(theory, PLIM_TRAIN, &problem, &value));
  }
  plim_theory_free(theory);
  return (milliseconds() - start) / REPEATS;
}

int main(void)
{
  static const double sizes[] = {0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0}, tolerances[] = {1e-4, 1e-7, 1e-10};
  gsl_set_error_handler_off();
  plim_activation *activation;
  require(plim_activation_alloc("erf", &activation, NULL));
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = activation;
  problem.eta_exponent = 0.5;
  problem.psi1 = 4.0;
  problem.psi2 = 2.0;
  problem.d = 400.0;
  printf("erf/erf, psi1 = 4, psi2 = 2, noise = 0.1, d = 400; ms a point: alone, and sharing tables over "
         "lambda\n");
  printf("eta/sqrt N  tolerance   alone  shared\n");
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    for (size_t j = 0; j < sizeof tolerances / sizeof tolerances[0]; j++) {
      problem.eta = sizes[i];
      printf("%10g  %9.0e  %6.2f  %6.2f\n", sizes[i], tolerances[j], cost(problem, tolerances[j], 0),
             cost(problem, tolerances[j], 1));
    }
  }
  plim_activation_free(activation);
  return EXIT_SUCCESS;
}
