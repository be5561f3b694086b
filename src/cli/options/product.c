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
  DIMENSION
};
_Static_assert(DIMENSION + 1 == PLIMI_FACTORS, "one length for each factor");

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
                                         [DIMENSION] = settings->dimension.count}};
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

plimi_point plimi_product_at(const plimi_product *product, size_t index)
{
  const plimi_settings *s = product->settings;
  size_t at[PLIMI_FACTORS];
  for (size_t i = PLIMI_FACTORS; i-- > 0;) {
    at[i] = index % product->lengths[i];
    index /= product->lengths[i];
  }
  return (plimi_point){
      .problem = {.psi1 = s->psi1.values[at[PSI1]],
                  .psi2 = s->psi2.values[at[PSI2]],
                  .lambda =
                      s->lambda.count > 0 ? s->lambda.values[at[LAMBDA]] : plim_problem_default().lambda,
                  .eta = s->eta.values[at[ETA]],
                  .eta_exponent = s->eta_exponent.count > 0 ? s->eta_exponent.values[at[ETA_EXPONENT]] : 0.0,
                  .noise = s->noise.values[at[NOISE]],
                  .d = s->dimension.count > 0 ? s->dimension.values[at[DIMENSION]] : INFINITY,
                  .steps = s->steps.count > 0 ? (size_t)s->steps.values[at[STEPS]] : 1,
                  .batch = s->batch.count > 0 ? (plim_batch)s->batch.values[at[BATCH]] : PLIM_BATCH_SAME,
                  .readout = (plim_readout)s->readout.values[at[READOUT]],
                  .activation = s->activation.values[at[ACTIVATION]],
                  .teacher = s->teacher.values[at[TEACHER]]},
      .replicas = s->replicas.count > 0 ? s->replicas.values[at[REPLICAS]] : 0,
      .seed = s->seed.count > 0 ? s->seed.values[at[SEED]] : 0};
}
