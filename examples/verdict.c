// SPDX-License-Identifier: GPL-3.0-or-later
// verdict.c - a limit, the same experiment at three sizes, and the verdict. The text of plim.h shows it too.
// Build: cc verdict.c $(pkg-config --cflags --libs plim)
#include <plim.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZES = 3, REPLICAS = 200 };

static void require(plim_status status)
{
  if (status == PLIM_OK)
    return;
  fprintf(stderr, "verdict: %s\n", plim_status_meaning(status));
  exit(EXIT_FAILURE);
}

// The risk after the step, measured at input dimension d.
static plim_rung measure(const plim_problem *problem, size_t d)
{
  const plim_quantity risk = PLIM_RISK1;
  const plim_measurement measurement = {
      .quantities = &risk, .n_quantities = 1, .lambda = &problem->lambda, .n_lambda = 1};
  plim_simulation simulation = {.replicas = REPLICAS, .seed = 20220502, .threads = 2};
  double samples[REPLICAS];
  plim_estimate estimate;

  require(plim_size_from_problem(problem, d, &simulation.size));
  require(plim_simulate(problem, &simulation, &measurement, NULL, samples));
  require(plim_estimate_from_samples(samples, 1, REPLICAS, &estimate));
  printf("d = %3zu   R1 = %.5f, standard error %.5f\n", d, estimate.mean, estimate.error);
  return (plim_rung){
      .d = (double)d, .value = estimate.mean, .error = estimate.error, .replicas = estimate.replicas};
}

int main(void)
{
  const size_t sizes[SIZES] = {50, 100, 200};
  plim_activation *sigma, *teacher;
  plim_theory *theory;
  plim_value limit;
  plim_rung rungs[SIZES];
  plim_extrapolation fit;
  plim_judgement judgement;

  require(plim_activation_alloc("tanh", &sigma, NULL));
  require(plim_activation_alloc("relu", &teacher, NULL));
  plim_problem problem = plim_problem_default();
  problem.psi1 = 3.25; // n/d
  problem.psi2 = 1.75; // N/d
  problem.lambda = 0.2;
  problem.eta = 1.5;
  problem.activation = sigma;
  problem.teacher = teacher;

  require(plim_theory_alloc(&theory));
  require(plim_limit(theory, PLIM_RISK1, &problem, &limit));
  printf("limit     R1 = %.10f, numerical error below %.0e\n", limit.value, limit.error);

  for (int i = 0; i < SIZES; i++)
    rungs[i] = measure(&problem, sizes[i]);
  const plim_criterion criterion = plim_criterion_default();
  require(plim_extrapolate(rungs, SIZES, plim_limit_describe(PLIM_RISK1)->drift_rate, &fit));
  require(plim_judge(&fit, &limit, &criterion, &judgement));
  printf("d -> inf  R1 = %.5f, standard error %.5f: %s within %.0f %%\n", fit.limit, fit.limit_error,
         plim_verdict_name(judgement.verdict), 100.0 * criterion.relative_margin);

  plim_theory_free(theory);
  plim_activation_free(teacher);
  plim_activation_free(sigma);
  return judgement.verdict == PLIM_DISAGREE;
}
