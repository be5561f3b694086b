/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slope_fit.c - the objective of large_step.c: f(k) = E_x (sigma*(x) - E_y sigma(k x + y))^2 and its derivative.

   SOURCE. [BA] NeurIPS eq. 5.1; theory.md section 8. Notation and normalisation as in large_step.c.

   METHOD. Gauss-Legendre pieces (GSL) over |x| <= 9.5, no wider than 1/|k|, cut at 0 and where sigma* is
   (plim_activation_cuts); S and S' from smoother.c. The width is halved at the start until E sigma*^2 stands still.
   WHY NOTHING CANCELS. f is an average of squares of residuals, not the difference of E sigma*^2 and what is
   explained.
   k -> +-infinity. If sigma has limits at both ends S(k x) tends to a step J, and f to that of the step; with
   u = k x (derived here)
     f(k) - f(infinity) = (2 pi)^-1/2 /|k| int ((sigma*(0) - S(u))^2 - (sigma*(0) - J(u))^2) du + O(1/k^2).
   ERROR. plimi_slope_fit_error: the smoother's, that of the mean of sigma and that of sigma*. */
#include "slope_fit.h"

#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_integration.h>

#include "bounded.h"

enum { RULE_POINTS = 16 };
static const double half_line = 9.5; /* the normal density is 1e-20 there */
static const double inv_sqrt_2pi = 0.39894228040143267794;

struct plimi_slope_fit {
  plimi_smoother *smoother;
  const plim_activation *teacher;
  const double *cuts; /* of the teacher */
  size_t n_cuts;
  double mean, teacher_mean, error; /* E sigma, E sigma* */
  double reach;                     /* of the smoother */
  gsl_integration_glfixed_table *rule;
  double width; /* of the pieces in x, before the 1/|k| */
};

/* What stands in for S(k x): the average itself, or the step it tends to. */
typedef struct {
  double k;
  bool is_step;
  double left, right; /* of the step */
} model;

/* S(k x) and x S'(k x) */
static plim_status model_at(plimi_slope_fit *fit, const model *m, double x, double *value, double *by_k)
{
  if (m->is_step) {
    *value = x < 0.0 ? m->left : m->right;
    *by_k = 0.0;
    return PLIM_OK;
  }
  const plim_status status = plimi_smooth(fit->smoother, m->k * x, value, by_k);
  *by_k *= x;
  return status;
}

/* Add the pieces of [left, right], no cut of the teacher inside. */
static plim_status add_pieces(plimi_slope_fit *fit, const model *m, double width, const double ends[2],
                              plimi_fit_sample *sum)
{
  const double length = ends[1] - ends[0];
  const size_t pieces = (size_t)fmax(1.0, ceil(length / fmin(width, 1.0 / fabs(m->k))));
  double at[RULE_POINTS], weight[RULE_POINTS], teacher[RULE_POINTS];
  for (size_t i = 0; i < pieces; i++) {
    const double step = length / (double)pieces, low = ends[0] + (double)i * step;
    for (size_t j = 0; j < RULE_POINTS; j++)
      gsl_integration_glfixed_point(low, low + step, j, &at[j], &weight[j], fit->rule);
    plim_activation_values(fit->teacher, RULE_POINTS, at, teacher);
    for (size_t j = 0; j < RULE_POINTS; j++) {
      double value, by_k;
      const plim_status status = model_at(fit, m, at[j], &value, &by_k);
      if (status != PLIM_OK)
        return status;
      const double w = weight[j] * inv_sqrt_2pi * exp(-0.5 * at[j] * at[j]);
      const double r = (teacher[j] - fit->teacher_mean) - (value - fit->mean);
      sum->f += w * r * r;
      sum->slope -= 2.0 * w * r * by_k;
      sum->speed2 += w * by_k * by_k;
    }
  }
  return PLIM_OK;
}

static plim_status sample_model(plimi_slope_fit *fit, const model *m, double width, plimi_fit_sample *result)
{
  plimi_fit_sample sum = {0.0, 0.0, 0.0};
  double left = -half_line;
  plim_status status = PLIM_OK;
  for (size_t i = 0; i <= fit->n_cuts && status == PLIM_OK; i++) {
    const double right = i < fit->n_cuts ? fmin(fit->cuts[i], half_line) : half_line;
    const bool crosses = left < 0.0 && right > 0.0; /* the step jumps at 0 */
    const double ends[3] = {left, crosses ? 0.0 : right, right};
    if (right <= left)
      continue;
    status = add_pieces(fit, m, width, ends, &sum);
    if (status == PLIM_OK && crosses)
      status = add_pieces(fit, m, width, ends + 1, &sum);
    left = right;
  }
  if (status == PLIM_OK && !(isfinite(sum.f) && isfinite(sum.slope) && isfinite(sum.speed2)))
    status = PLIM_NOT_FINITE;
  if (status == PLIM_OK)
    *result = sum;
  return status;
}

plim_status plimi_slope_fit_at(plimi_slope_fit *fit, double k, int refinement, plimi_fit_sample *sample)
{
  const model m = {.k = k, .is_step = false};
  return sample_model(fit, &m, fit->width / refinement, sample);
}

/* The integral over u, for k > 0; k < 0 mirrors the step, and S with it. */
static plim_status approach_of(plimi_slope_fit *fit, const model *step, double sign, double *approach)
{
  const double teacher = plim_activation_value(fit->teacher, 0.0) - fit->teacher_mean + fit->mean;
  double sum = 0.0;
  for (double low = -floor(fit->reach); low < floor(fit->reach); low += 1.0) {
    for (size_t j = 0; j < RULE_POINTS; j++) {
      double u, weight, value, unused;
      gsl_integration_glfixed_point(low, low + 1.0, j, &u, &weight, fit->rule);
      const plim_status status = plimi_smooth(fit->smoother, sign * u, &value, &unused);
      if (status != PLIM_OK)
        return status;
      const double far = u < 0.0 ? step->left : step->right;
      sum += weight * (far - value) * (2.0 * teacher - value - far);
    }
  }
  *approach = inv_sqrt_2pi * sum;
  return PLIM_OK;
}

plim_status plimi_slope_fit_at_infinity(plimi_slope_fit *fit, double sign, plimi_fit_limit *limit)
{
  model step = {.k = 1.0, .is_step = true};
  double *const sides[2] = {&step.left, &step.right};
  for (int i = 0; i < 2; i++) {
    const double v = i == 0 ? -sign * fit->reach : sign * fit->reach;
    double near, unused;
    plim_status status = plimi_smooth(fit->smoother, v, sides[i], &unused);
    if (status == PLIM_OK)
      status = plimi_smooth(fit->smoother, 0.5 * v, &near, &unused);
    if (status != PLIM_OK)
      return status;
    if (fabs(*sides[i] - near) > 1e-12 * (1.0 + fabs(near))) {
      *limit = (plimi_fit_limit){.f = INFINITY, .approach = 0.0};
      return PLIM_OK;
    }
  }
  plimi_fit_sample sample;
  plim_status status = sample_model(fit, &step, fit->width, &sample);
  if (status == PLIM_OK)
    status = approach_of(fit, &step, sign, &limit->approach);
  if (status == PLIM_OK)
    limit->f = sample.f;
  return status;
}

/* The widest pieces at which E sigma*^2 stands still, but for what `noise`, the root mean square error of
   sigma*, does to it: a narrow bump moves by its share of an ulp of x. */
static plim_status calibrate(plimi_slope_fit *fit, double noise)
{
  const double narrowest = 1.0 / 64.0;
  const model nothing = {.k = 1.0, .is_step = true, .left = fit->mean, .right = fit->mean};
  for (fit->width = 1.0; fit->width >= narrowest; fit->width *= 0.5) {
    plimi_fit_sample coarse, fine;
    plim_status status = sample_model(fit, &nothing, fit->width, &coarse);
    if (status == PLIM_OK)
      status = sample_model(fit, &nothing, 0.5 * fit->width, &fine);
    if (status != PLIM_OK)
      return status;
    if (fabs(fine.f - coarse.f) <= 1e-14 * fine.f + 2.0 * sqrt(fine.f) * noise + noise * noise)
      return PLIM_OK;
  }
  return PLIM_NOT_CONVERGED;
}

plim_status plimi_slope_fit_alloc(const plim_activation *activation, const plim_activation *teacher,
                                  double most, plimi_slope_fit **fit)
{
  plim_coefficients sigma, star;
  plim_status status = plim_coefficients_compute(activation, &sigma);
  if (status == PLIM_OK)
    status = plim_coefficients_compute(teacher, &star);
  if (status != PLIM_OK)
    return status;
  plimi_slope_fit *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  const double noise = star.mean.error + star.mu1.error + star.mu2.error;
  made->teacher = teacher;
  made->cuts = plim_activation_cuts(teacher, &made->n_cuts);
  made->mean = sigma.mean.value;
  made->teacher_mean = star.mean.value;
  made->reach = half_line * (1.0 + most);
  made->rule = gsl_integration_glfixed_table_alloc(RULE_POINTS);
  status =
      made->rule == NULL ? PLIM_NO_MEMORY : plimi_smoother_alloc(activation, made->reach, &made->smoother);
  if (status == PLIM_OK)
    status = calibrate(made, noise);
  if (status != PLIM_OK) {
    plimi_slope_fit_free(made);
    return status;
  }
  const double size = 4.0 * (1.0 + fabs(made->mean) + fabs(made->teacher_mean));
  made->error = size * plimi_smoother_error(made->smoother) + sigma.mean.error + noise;
  *fit = made;
  return PLIM_OK;
}

void plimi_slope_fit_free(plimi_slope_fit *fit)
{
  if (fit == NULL)
    return;
  plimi_smoother_free(fit->smoother);
  if (fit->rule != NULL)
    gsl_integration_glfixed_table_free(fit->rule);
  free(fit);
}

double plimi_slope_fit_error(const plimi_slope_fit *fit)
{
  return fit->error;
}
