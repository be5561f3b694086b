/* SPDX-License-Identifier: GPL-3.0-or-later */
/* two_steps.c - W2, the weights after two gradient steps: what stands out of its bulk, where the bulk ends, and how
   wide it is ([MH26]).

   A neuron's mean given the batches is a function of its zeta_j = sqrt(N) a_j. The bulk is what is left of W2 when
   each row has lost its regression on the powers 0 .. POWERS - 1 of zeta_j: exact for readouts of few values, where
   this is the mean over the neurons of one zeta. Its largest singular value is the edge; its squared Frobenius norm
   over the N - m degrees of freedom that m powers leave is the mean trace of the neurons' covariances. */
#include <math.h>
#include <string.h>

#include "sim.h"

enum { POWERS = PLIMI_ZETA_POWERS };
static const double dependent = 1e-10; /* of a power on those before, relative */

/* basis = an orthonormal basis of the powers of zeta, N x POWERS, columns that depend on others 0; returns how many
   do not. */
static size_t powers_of(const plimi_replica *r, double *basis)
{
  const size_t width = r->size.width;
  const double root = sqrt((double)width);
  size_t rank = 0;
  for (size_t p = 0; p < POWERS; p++) {
    double *column = basis + p * width;
    for (size_t j = 0; j < width; j++)
      column[j] = p == 0 ? 1.0 : root * r->readout[j] * column[j - width];
    const double whole = plimi_norm(width, column);
    for (int pass = 0; pass < 2; pass++) {
      for (size_t q = 0; q < p; q++) {
        const double part = plimi_dot(width, basis + q * width, column);
        for (size_t j = 0; j < width; j++)
          column[j] -= part * basis[q * width + j];
      }
    }
    const double rest = plimi_norm(width, column);
    const bool is_new = rest > dependent * whole;
    for (size_t j = 0; j < width; j++)
      column[j] = is_new ? column[j] / rest : 0.0;
    rank += is_new;
  }
  return rank;
}

/* change = W2 (1 - P), P the projector on the powers. */
static size_t take_means(plimi_replica *r)
{
  const size_t d = r->size.d, width = r->size.width;
  const plimi_matrix basis = plimi_matrix_of(r->powers, width, POWERS);
  const plimi_matrix means = plimi_matrix_of(r->lefts, d, POWERS);
  const size_t rank = powers_of(r, basis.at);
  plimi_product(PLIMI_NN, 1.0, &r->w1, &basis, 0.0, &means);
  memcpy(r->change.at, r->w1.at, d * width * sizeof *r->change.at);
  plimi_product(PLIMI_NT, -1.0, &means, &basis, 1.0, &r->change);
  return rank;
}

static plim_status measure(plimi_replica *r)
{
  static const plim_quantity sizes[] = {PLIM_W2_TOP, PLIM_W2_SECOND, PLIM_W2_THIRD};
  static const plim_quantity overlaps[] = {PLIM_W2_TOP_BETA, PLIM_W2_SECOND_BETA};
  if (!plimi_needs(r, PLIMI_NEEDS_OUTLIERS))
    return PLIM_OK;
  const size_t d = r->size.d, width = r->size.width, order = d < width ? d : width;
  const size_t known = order < PLIM_W2_COUNTED ? order : PLIM_W2_COUNTED;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = r->vectors};
  double edge, value[PLIM_W2_COUNTED] = {0.0};
  const size_t rank = take_means(r);
  const size_t freedom =
      width > rank ? width - rank : 1; /* N <= m: nothing is left, and both numbers are rounding */
  plimi_result_constant(r, PLIM_W2_BULK, plimi_square_norm(&r->change) / (double)freedom);
  plim_status status = plimi_top_singular(&r->change, &workspace, &edge, NULL, NULL);
  if (status == PLIM_OK)
    status = plimi_top_several(&r->w1, &workspace, known, value, r->lefts);
  if (status != PLIM_OK)
    return status;
  size_t count = 0;
  while (count < known && value[count] > PLIM_W2_CLEARANCE * edge)
    count++;
  plimi_result_constant(r, PLIM_W2_EDGE, edge);
  plimi_result_constant(r, PLIM_W2_OUTLIERS, (double)count);
  for (size_t l = 0; l < sizeof sizes / sizeof *sizes; l++)
    plimi_result_constant(r, sizes[l], value[l]);
  for (size_t l = 0; l < sizeof overlaps / sizeof *overlaps; l++) {
    const double overlap = l < known ? plimi_dot(d, r->lefts + l * d, r->beta) : 0.0;
    plimi_result_constant(r, overlaps[l], overlap * overlap);
  }
  return PLIM_OK;
}

#define NEEDS                                                                                                \
  (PLIMI_NEEDS_TWO_STEPS | PLIMI_NEEDS_OUTLIERS | PLIMI_NEEDS_STEP | PLIMI_NEEDS_CHANGE |                    \
   PLIMI_NEEDS_WEIGHTS_GRAM)
#define OF_W2 "singular value of W2, the weights after two gradient steps"
#define BULK "W2 less each row's regression on the powers 0 to 4 of zeta_j = sqrt(N) a_j"

static const plimi_experiment experiments[] = {
    {{PLIM_W2_OUTLIERS,
      "how many of the first 8 singular values of W2 exceed 1.05 times the largest of " BULK, false},
     NEEDS},
    {{PLIM_W2_TOP, "largest " OF_W2, false}, NEEDS},
    {{PLIM_W2_SECOND, "second " OF_W2, false}, NEEDS},
    {{PLIM_W2_THIRD, "third " OF_W2, false}, NEEDS},
    {{PLIM_W2_TOP_BETA, "<u1, beta*>^2, u1 the unit left singular vector of W2 for the largest", false},
     NEEDS},
    {{PLIM_W2_SECOND_BETA, "<u2, beta*>^2, u2 the unit left singular vector of W2 for the second", false},
     NEEDS},
    {{PLIM_W2_BULK, "|B|_F^2/(N - m), m powers not dependent, B = " BULK, false}, NEEDS},
    {{PLIM_W2_EDGE, "largest singular value of " BULK, false}, NEEDS},
};

const plimi_subject plimi_two_steps_subject = {.experiments = experiments,
                                               .count = sizeof experiments / sizeof *experiments,
                                               .stage = PLIMI_AFTER_STEP,
                                               .measure = measure};
