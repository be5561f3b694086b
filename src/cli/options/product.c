/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "product.h"

#include <math.h>

enum {
  ACTIVATION,
  TEACHER,
  READOUT,
  BATCH,
  STEPS,
  NOISE,
  ETA_EXPONENT,
  PSI1,
  PSI2,
  ETA,
  REPLICAS,
  SEED,
  LAMBDA,
  DIMENSION,
  ETA_SECOND,
  RIDGE_BATCH,
  OVERLAP,
  EXTRA,
  STEP_PSI1,
  INPUTS,
  ETA_SECOND_EXPONENT
};
_Static_assert(ETA_SECOND_EXPONENT + 1 == PLIMI_FACTORS, "one length for each factor");

bool plimi_product_begin(plimi_product *product, const plimi_settings *settings, bool lambda_apart)
{
  *product = (plimi_product){.settings = settings,
                             .lengths = {[ACTIVATION] = settings->activation.count,
                                         [TEACHER] = settings->teacher.count,
                                         [READOUT] = settings->readout.count,
                                         [BATCH] = settings->batch.count,
                                         [STEPS] = settings->steps.count,
                                         [NOISE] = settings->noise.count,
                                         [ETA_EXPONENT] = settings->eta_exponent.count,
                                         [PSI1] = settings->psi1.count,
                                         [PSI2] = settings->psi2.count,
                                         [ETA] = settings->eta.count,
                                         [REPLICAS] = settings->replicas.count,
                                         [SEED] = settings->seed.count,
                                         [LAMBDA] = lambda_apart ? 1 : settings->lambda.count,
                                         [DIMENSION] = settings->dimension.count,
                                         [ETA_SECOND] = settings->eta_second.count,
                                         [RIDGE_BATCH] = settings->ridge_batch.count,
                                         [OVERLAP] = settings->overlap.count,
                                         [EXTRA] = settings->extra.count,
                                         [STEP_PSI1] = settings->step_psi1.count,
                                         [INPUTS] = settings->inputs.count,
                                         [ETA_SECOND_EXPONENT] = settings->eta_second_exponent.count}};
  double points = (double)(settings->d.count > 0 ? settings->d.count : 1);
  if (lambda_apart && settings->lambda.count > 0)
    points *= (double)settings->lambda.count;
  product->count = 1;
  for (size_t i = 0; i < PLIMI_FACTORS; i++) {
    if (product->lengths[i] == 0)
      product->lengths[i] = 1; /* not an option of this command */
    points *= (double)product->lengths[i];
    if (points > PLIMI_MOST_POINTS)
      return false;
    product->count *= product->lengths[i];
  }
  return true;
}

/* Number `at` of a list; `otherwise` where the command has no such option or nobody gave it. */
static double number_of(const plimi_numbers *list, size_t at, double otherwise)
{
  return list->count > 0 ? list->values[at] : otherwise;
}

plimi_point plimi_product_at(const plimi_product *product, size_t index)
{
  const plimi_settings *s = product->settings;
  size_t at[PLIMI_FACTORS];
  for (size_t i = PLIMI_FACTORS; i-- > 0;) {
    at[i] = index % product->lengths[i];
    index /= product->lengths[i];
  }
  const plimi_readout *readout = &s->readout.values[at[READOUT]];
  plim_problem problem = plim_problem_default();
  problem.psi1 = s->psi1.values[at[PSI1]];
  problem.psi2 = s->psi2.values[at[PSI2]];
  problem.lambda = number_of(&s->lambda, at[LAMBDA], problem.lambda);
  problem.eta = s->eta.values[at[ETA]];
  problem.eta_exponent = number_of(&s->eta_exponent, at[ETA_EXPONENT], problem.eta_exponent);
  problem.noise = s->noise.values[at[NOISE]];
  problem.d = number_of(&s->dimension, at[DIMENSION], problem.d);
  problem.steps = s->steps.count > 0 ? (size_t)s->steps.values[at[STEPS]] : problem.steps;
  problem.batch = s->batch.count > 0 ? (plim_batch)s->batch.values[at[BATCH]] : problem.batch;
  problem.readout = readout->law;
  problem.atoms = readout->law == PLIM_READOUT_ATOMS ? &readout->atoms : NULL;
  problem.activation = s->activation.values[at[ACTIVATION]];
  problem.teacher = s->teacher.values[at[TEACHER]];
  problem.eta_second = number_of(&s->eta_second, at[ETA_SECOND], problem.eta_second);
  problem.eta_second_exponent =
      number_of(&s->eta_second_exponent, at[ETA_SECOND_EXPONENT], problem.eta_second_exponent);
  if (s->ridge_batch.count > 0)
    problem.ridge_batch = (plim_ridge_batch)s->ridge_batch.values[at[RIDGE_BATCH]];
  else if (s->overlap.count > 0 || s->extra.count > 0)
    problem.ridge_batch = PLIM_RIDGE_SAME;
  problem.overlap = number_of(&s->overlap, at[OVERLAP], problem.overlap);
  problem.extra = number_of(&s->extra, at[EXTRA], problem.extra);
  problem.step_psi1 = number_of(&s->step_psi1, at[STEP_PSI1], problem.step_psi1);
  problem.inputs = s->inputs.count > 0 ? s->inputs.values[at[INPUTS]].inputs : NULL;
  return (plimi_point){.problem = problem,
                       .replicas = s->replicas.count > 0 ? s->replicas.values[at[REPLICAS]] : 0,
                       .seed = s->seed.count > 0 ? s->seed.values[at[SEED]] : 0};
}
