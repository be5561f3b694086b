/* SPDX-License-Identifier: GPL-3.0-or-later */
/* staircase.c - the singular values of F = sigma(Xt W1) that a step drives out of the bulk, and the angle between their
   left vectors and the entrywise powers of Xt v, v along X'y of the first batch ([MLHD]).

   What stands out is measured beside sigma(Xt W0) on the same Xt: its largest singular value is where the bulk ends. */
#include <math.h>
#include <string.h>

#include "sim.h"

/* x less its parts along the `count` columns of length n at `basis`, which are of norm 1 and orthogonal. Twice, so that
   the rounding of the first time goes too. */
static void remove_span(size_t n, size_t count, const double *basis, double *x)
{
  for (int pass = 0; pass < 2; pass++) {
    for (size_t j = 0; j < count; j++) {
      const double part = plimi_dot(n, basis + j * n, x);
      for (size_t i = 0; i < n; i++)
        x[i] -= part * basis[j * n + i];
    }
  }
}

/* powers = an orthonormal basis of the span of (Xt v)^0 .. (Xt v)^PLIM_STAIR_POWERS: each column is the one before
   times Xt v, orthogonalised. A column that depends on those before is 0. */
static void powers_of(const plimi_replica *r, double *t, double *powers)
{
  const size_t n = r->size.n;
  plimi_apply_transposed(1.0, &r->x, r->along, 0.0, t);
  for (size_t j = 0; j <= PLIM_STAIR_POWERS; j++) {
    double *column = powers + j * n;
    for (size_t i = 0; i < n; i++)
      column[i] = j == 0 ? 1.0 : t[i] * column[i - n];
    const double whole = plimi_norm(n, column);
    remove_span(n, j, powers, column);
    const double rest = plimi_norm(n, column);
    const double scale = rest > 1e-10 * whole ? 1.0 / rest : 0.0;
    for (size_t i = 0; i < n; i++)
      column[i] *= scale;
  }
}

/* sin^2 of the largest angle between the first `count` left vectors and the powers: |(1 - P) U|_op^2. */
static plim_status measure_angle(plimi_replica *r, size_t count)
{
  const size_t n = r->size.n;
  double *left = r->stairs, *powers = left + PLIM_STAIRS * n, *t = r->vectors, sine = 1.0;
  if (count > 0) {
    powers_of(r, t, powers);
    for (size_t l = 0; l < count; l++)
      remove_span(n, PLIM_STAIR_POWERS + 1, powers, left + l * n);
    const plimi_matrix outside = plimi_matrix_of(left, n, count);
    const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = t + n};
    const plim_status status = plimi_top_singular(&outside, &workspace, &sine, NULL, NULL);
    if (status != PLIM_OK)
      return status;
  }
  plimi_result_constant(r, PLIM_STAIR_ANGLE, sine * sine);
  return PLIM_OK;
}

/* Singular values of Phi/sqrt(n) = F/sqrt(n N). */
static plim_status measure(plimi_replica *r)
{
  static const plim_quantity sizes[] = {PLIM_STAIR1, PLIM_STAIR2, PLIM_STAIR3, PLIM_STAIR4};
  const size_t n = r->size.n, order = n < r->size.width ? n : r->size.width;
  const size_t known = order < PLIM_STAIRS ? order : PLIM_STAIRS;
  const plimi_top_workspace workspace = {.team = r->team, .gram = r->path[0].band.a, .work = r->vectors};
  double start, value[PLIM_STAIRS] = {0.0};
  if (!plimi_needs(r, PLIMI_NEEDS_STAIR_EDGE))
    return PLIM_OK;
  plimi_features(r, &r->w0, 0);
  plim_status status = plimi_top_singular(&r->features[0], &workspace, &start, NULL, NULL);
  if (status != PLIM_OK)
    return status;
  plimi_result_constant(r, PLIM_STAIR_EDGE, start / sqrt((double)n));
  if (!plimi_needs(r, PLIMI_NEEDS_STAIRS))
    return PLIM_OK;
  plimi_features(r, &r->w1, 0);
  status = plimi_top_several(&r->features[0], &workspace, known, value, r->stairs);
  if (status != PLIM_OK)
    return status;
  size_t count = 0;
  while (count < known && value[count] > PLIM_STAIR_CLEARANCE * start)
    count++;
  for (size_t l = 0; l < sizeof sizes / sizeof *sizes; l++)
    plimi_result_constant(r, sizes[l], value[l] / sqrt((double)n));
  plimi_result_constant(r, PLIM_STAIR_COUNT, (double)count);
  return r->plan.wants[PLIM_STAIR_ANGLE] ? measure_angle(r, count) : PLIM_OK;
}

#define OF_F "singular value of F = sigma(Xt W1), n x N, sigma centred, Xt the second batch, over sqrt(n N)"
static const plimi_experiment experiments[] = {
    {{PLIM_STAIR1, "largest " OF_F, false}, PLIMI_NEEDS_STAIRS},
    {{PLIM_STAIR2, "second " OF_F, false}, PLIMI_NEEDS_STAIRS},
    {{PLIM_STAIR3, "third " OF_F, false}, PLIMI_NEEDS_STAIRS},
    {{PLIM_STAIR4, "fourth " OF_F, false}, PLIMI_NEEDS_STAIRS},
    {{PLIM_STAIR_EDGE,
      "largest singular value of sigma(Xt W0), sigma centred, Xt the second batch, over sqrt(n N)", false},
     PLIMI_NEEDS_STAIR_EDGE},
    {{PLIM_STAIR_COUNT,
      "how many of the first 8 singular values of sigma(Xt W1) exceed 1.1 times the largest of sigma(Xt W0)",
      false},
     PLIMI_NEEDS_STAIRS},
    {{PLIM_STAIR_ANGLE,
      "squared sine of the largest angle between the left singular vectors so counted and the span of the "
      "entrywise "
      "powers 0 to 4 of Xt X'y, X'y of the first batch; 1 where none is counted",
      false},
     PLIMI_NEEDS_STAIRS},
};

const plimi_subject plimi_staircase_subject = {.experiments = experiments,
                                               .count = sizeof experiments / sizeof *experiments,
                                               .stage = PLIMI_AFTER_SECOND_BATCH,
                                               .measure = measure};
