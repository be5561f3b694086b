/* SPDX-License-Identifier: GPL-3.0-or-later */
/* one_slope.c - R(u), the risk of the average of neurons of one u after a large step. Sources, formula, notation and
   numerical method stand in student.c. */
#include "one_slope.h"

#include <math.h>
#include <stdlib.h>

enum { PIECES = 104, MOST_CUTS = 4096 };
static const double half_line =
    13.0; /* the density's square root, which bounds h_k times it, is 4e-19 there */
static const double inv_sqrt_2pi = 0.39894228040143267794;

/* Add the pieces of [low, high] to the nodes. */
static void add_pieces(const plimi_one_slope *s, const plim_activation *f, double scale, const double ends[2],
                       double mean, plimi_slope_nodes *out)
{
  const double length = ends[1] - ends[0];
  const size_t pieces = (size_t)ceil(length / (2.0 * half_line / PIECES));
  for (size_t p = 0; p < pieces; p++) {
    const double step = length / (double)pieces, low = ends[0] + (double)p * step;
    for (size_t j = 0; j < s->points; j++) {
      double z, weight;
      gsl_integration_glfixed_point(low, low + step, j, &z, &weight, s->rule);
      const double value = plim_activation_value(f, scale * z) - mean;
      const double share = weight * inv_sqrt_2pi * exp(-0.5 * z * z) * value;
      out->z[out->n] = z;
      out->lower[out->n] = 0.0;
      out->here[out->n] = share;
      out->square += share * value;
      out->n++;
    }
  }
}

static plim_status set_nodes(plimi_one_slope *s, const plim_activation *f, double scale, double mean)
{
  size_t cuts;
  const double *cut = plim_activation_cuts(f, &cuts);
  double ends[2] = {-half_line, -half_line};
  s->nodes.n = 0;
  s->nodes.square = 0.0;
  for (size_t i = 0; i <= cuts; i++) {
    ends[1] = i < cuts ? fmin(fmax(cut[i] / scale, -half_line), half_line) : half_line;
    if (ends[1] > ends[0])
      add_pieces(s, f, scale, ends, mean, &s->nodes);
    ends[0] = ends[1];
  }
  return isfinite(s->nodes.square) ? PLIM_OK : PLIM_NOT_FINITE;
}

/* The coefficient E f h_k, and the rows moved on to k + 1: h_{k+1} = (z h_k - sqrt(k) h_{k-1})/sqrt(k + 1). */
static double next_coefficient(plimi_slope_nodes *at, size_t k)
{
  const double root = sqrt((double)k), inverse = 1.0 / sqrt((double)k + 1.0);
  double sum = 0.0;
  for (size_t i = 0; i < at->n; i++) {
    const double here = at->here[i];
    sum += here;
    at->here[i] = (at->z[i] * here - root * at->lower[i]) * inverse;
    at->lower[i] = here;
  }
  return sum;
}

static plim_status set_teacher(plimi_one_slope *s)
{
  const plim_status status = set_nodes(s, s->in->problem->teacher, 1.0, s->in->star.mean.value);
  if (status != PLIM_OK)
    return status;
  double rest = s->nodes.square;
  for (size_t k = 0; k < PLIMI_SLOPE_TERMS; k++) {
    s->left[k] = fmax(rest, 0.0);
    s->teacher[k] = next_coefficient(&s->nodes, k);
    rest -= s->teacher[k] * s->teacher[k];
  }
  return PLIM_OK;
}

/* R(u). */
plim_status plimi_one_slope_risk(plimi_one_slope *s, double u, double *risk)
{
  const plimi_input *in = s->in;
  const double variance = in->star1.value + in->star2.value;
  const double push2 = s->theta1 * u * s->theta1 * u;
  const double c = 1.0 + u * u * in->sigma.nu2.value * in->s2.value / plim_problem_step_psi1(in->problem);
  const double w = sqrt(push2 + c), rho = push2 / (w * w), cosine = s->theta2 * u / w;
  const plim_status status = set_nodes(s, in->problem->activation, w, in->sigma.mean.value);
  if (status != PLIM_OK)
    return status;
  const double most = s->tolerance * variance;
  double rest = s->nodes.square, pair = 1.0, cross = 1.0, sum = variance;
  for (size_t k = 0; k < PLIMI_SLOPE_TERMS; k++) {
    s->remainder = fmax(rest, 0.0) * pair + 2.0 * fabs(cross) * sqrt(fmax(rest, 0.0) * s->left[k]);
    if (s->remainder <= most) {
      *risk = sum;
      return PLIM_OK;
    }
    const double a = next_coefficient(&s->nodes, k);
    sum += a * (a * pair - 2.0 * s->teacher[k] * cross);
    rest -= a * a;
    pair *= rho;
    cross *= cosine;
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_one_slope_open(const plimi_input *in, size_t points, plimi_one_slope *s)
{
  size_t cuts[2];
  plim_activation_cuts(in->problem->activation, &cuts[0]);
  plim_activation_cuts(in->problem->teacher, &cuts[1]);
  const size_t most = cuts[0] > cuts[1] ? cuts[0] : cuts[1];
  if (most > MOST_CUTS)
    return PLIM_NOT_CONVERGED;
  const size_t room = (PIECES + most + 1) * points;
  s->in = in;
  s->points = points;
  s->tolerance = plimi_slope_tolerance;
  s->theta2 = in->sigma.mu1.value * in->star.mu1.value;
  s->theta1 = sqrt(in->a.value * (in->star1.value + in->s2.value / plim_problem_step_psi1(in->problem)));
  s->rule = gsl_integration_glfixed_table_alloc(points);
  s->nodes.z = malloc(3 * room * sizeof *s->nodes.z);
  s->teacher = malloc(PLIMI_SLOPE_TERMS * sizeof *s->teacher);
  if (s->rule == NULL || s->nodes.z == NULL || s->teacher == NULL)
    return PLIM_NO_MEMORY;
  s->nodes.lower = s->nodes.z + room;
  s->nodes.here = s->nodes.lower + room;
  return set_teacher(s);
}

void plimi_one_slope_close(plimi_one_slope *s)
{
  free(s->teacher);
  free(s->nodes.z);
  if (s->rule != NULL)
    gsl_integration_glfixed_table_free(s->rule);
}
