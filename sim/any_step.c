/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step.c - the order parameters of section 9 of theory.md that are averages over the neurons of one replica.

   With ahat of the ridge regression at W1, a = zeta/sqrt(N), u = X'y/n of the first batch, v = u/|u| and b the unit
   vector of beta*'s part orthogonal to v,
     any_m   = a'ahat
     any_tau = N^-1/2 sum_j ahat_j <w_j - e mu1 zeta_j u, v>,   e = eta/sqrt(N): without the step's rank-one part
     any_p   = N^-1/2 sum_j ahat_j <w_j, b>. */
#include <math.h>

#include "sim.h"

/* part = W1 ahat / sqrt(N): the direction that the network's linear part reads. */
static void read_along(plimi_replica *r, size_t lambda, const double *v, const double *b, double *part)
{
  const double root = sqrt((double)r->size.width), eta = plim_problem_step_size(r->problem, root * root);
  const double *ahat = r->side[PLIMI_AT_W1].coefficients + lambda * r->size.width;
  const double m = plimi_dot(r->size.width, r->readout, ahat);
  const double spike = eta / root * r->activation.mu1 * r->pull;
  plimi_apply(1.0 / root, &r->w1, ahat, 0.0, part);
  plimi_result(r, PLIM_ANY_M)[lambda] = m;
  plimi_result(r, PLIM_ANY_TAU)[lambda] = plimi_dot(r->size.d, v, part) - spike * m;
  plimi_result(r, PLIM_ANY_P)[lambda] = plimi_dot(r->size.d, b, part);
}

static plim_status measure(plimi_replica *r)
{
  const size_t d = r->size.d;
  double *b = r->plane, *part = b + d;
  const double *v = r->along;
  if (!plimi_needs(r, PLIMI_NEEDS_ORDER_PARAMETERS))
    return PLIM_OK;
  const double overlap = plimi_dot(d, v, r->beta);
  for (size_t i = 0; i < d; i++)
    b[i] = r->beta[i] - overlap * v[i];
  const double norm = plimi_norm(d, b);
  for (size_t i = 0; i < d; i++)
    b[i] /= norm;
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    read_along(r, l, v, b, part);
  return PLIM_OK;
}

static const plimi_experiment experiments[] = {
    {{PLIM_ANY_M, "a'ahat, ahat of the ridge regression on the features at W1", true},
     PLIMI_NEEDS_ORDER_PARAMETERS | PLIMI_NEEDS_SINGLE_STEP},
    {{PLIM_ANY_TAU,
      "N^-1/2 sum_j ahat_j <w_j - (eta/sqrt N) mu1 zeta_j u, v>, u = X'y/n of the first batch, v = u/|u|, "
      "w_j "
      "of W1",
      true},
     PLIMI_NEEDS_ORDER_PARAMETERS | PLIMI_NEEDS_SINGLE_STEP},
    {{PLIM_ANY_P, "N^-1/2 sum_j ahat_j <w_j, b>, b the unit vector of beta*'s part orthogonal to v", true},
     PLIMI_NEEDS_ORDER_PARAMETERS | PLIMI_NEEDS_SINGLE_STEP},
};

const plimi_subject plimi_any_step_subject = {.experiments = experiments,
                                              .count = sizeof experiments / sizeof *experiments,
                                              .stage = PLIMI_AFTER_SECOND_BATCH,
                                              .measure = measure};
