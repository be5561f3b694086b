/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_descent.c - training: against the definition in plain loops and finite differences, and in the linear case that
   can be solved. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../sim/stream.h"
#include "descent_fixture.h"
#include "run_cases.h"

/* Sums of a few hundred terms of order one, in another order: 1e-14 was seen. */
static const double rounding = 1e-12;

/* ---- the same by definition ---- */

typedef struct {
  size_t n, d, width;
  double *x, *w, *zeta, *y; /* X' d x n, W d x N */
  double *b1, *normal;
  double mean; /* E sigma */
} plain;

static double *drawn(const descent_fixture *f, plimi_purpose purpose, size_t index, size_t count)
{
  double *z = calloc(count, sizeof *z);
  const plimi_stream stream = plimi_stream_named(f->settings.seed, &f->settings.size, 0, purpose, index);
  ck_assert_ptr_nonnull(z);
  plimi_stream_normals(&stream, 0, count, z);
  return z;
}

static double inner(size_t count, const double *a, const double *b)
{
  double sum = 0.0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

static void normalise(size_t count, double *a)
{
  const double norm = sqrt(inner(count, a, a));
  for (size_t i = 0; i < count; i++)
    a[i] /= norm;
}

/* E sigma(z) by the trapezoidal rule in halves that meet at the kink: 1e-10 for the activations used. */
static double mean_of(const plim_activation *activation)
{
  const double h = 1e-4;
  double sum = 0.0;
  for (long i = -120000; i <= 120000; i++)
    sum += plim_activation_value(activation, h * (double)i) * exp(-0.5 * h * h * (double)(i * i));
  return sum * h / sqrt(2.0 * acos(-1.0));
}

static plain plain_new(const descent_fixture *f)
{
  const plim_size size = f->settings.size;
  plain p = {.n = size.n, .d = size.d, .width = size.width, .mean = mean_of(f->activation)};
  const double star = mean_of(f->teacher), angle = f->descent.angle * acos(-1.0) / 180.0;
  p.x = drawn(f, PLIMI_STREAM_INPUTS, 0, p.d * p.n);
  p.w = drawn(f, PLIMI_STREAM_WEIGHTS, 0, p.d * p.width);
  p.zeta = drawn(f, PLIMI_STREAM_READOUT, 0, p.width);
  p.y = drawn(f, PLIMI_STREAM_NOISE, 0, p.n);
  p.b1 = drawn(f, PLIMI_STREAM_BETA, 0, p.d);
  p.normal = drawn(f, PLIMI_STREAM_BETA, 1, p.d);
  for (size_t i = 0; i < p.d * p.width; i++)
    p.w[i] /= sqrt((double)p.d);
  normalise(p.d, p.b1);
  const double overlap = inner(p.d, p.b1, p.normal);
  for (size_t i = 0; i < p.d; i++)
    p.normal[i] -= overlap * p.b1[i];
  normalise(p.d, p.normal);
  for (size_t i = 0; i < p.n; i++) {
    const double u1 = inner(p.d, p.b1, p.x + i * p.d), across = inner(p.d, p.normal, p.x + i * p.d);
    const double u2 = cos(angle) * u1 + sin(angle) * across;
    p.y[i] = f->descent.noise * p.y[i] + plim_activation_value(f->teacher, u1) +
             plim_activation_value(f->teacher, u2) - 2.0 * star;
  }
  return p;
}

static void plain_free(plain *p)
{
  free(p->x);
  free(p->w);
  free(p->zeta);
  free(p->y);
  free(p->b1);
  free(p->normal);
}

static double scale_of(const descent_fixture *f)
{
  const double width = (double)f->settings.size.width;
  return f->descent.scaling == PLIM_SCALING_MEAN_FIELD ? 1.0 / width : 1.0 / sqrt(width);
}

static double plain_loss(const descent_fixture *f, const plain *p)
{
  double loss = 0.0;
  for (size_t i = 0; i < p->n; i++) {
    double output = 0.0;
    for (size_t j = 0; j < p->width; j++)
      output +=
          p->zeta[j] *
          (plim_activation_value(f->activation, inner(p->d, p->w + j * p->d, p->x + i * p->d)) - p->mean);
    loss += 0.5 * pow(scale_of(f) * output - p->y[i], 2) / (double)p->n;
  }
  return loss;
}

static const plim_size small = {.n = 37, .d = 7, .width = 13};

/* Loss, coordinates and readout at W0, both scalings; the mean of sigma by two rules leaves 1e-9. */
START_TEST(start_by_definition)
{
  descent_fixture *f = descent_fixture_new(_i < 2 ? "relu" : "tanh", _i < 2 ? "relu" : "softplus", small);
  plim_descent_end end;
  f->descent.scaling = _i % 2 == 0 ? PLIM_SCALING_MEAN_FIELD : PLIM_SCALING_NTK;
  f->descent.noise = 0.317;
  f->settings.most_steps = 1;
  ck_assert_int_eq(descend(f, &end), PLIM_NOT_CONVERGED);
  plain p = plain_new(f);
  double plane = 0.0;
  ck_assert_double_eq_tol(f->loss[0], plain_loss(f, &p), 1e-8);
  for (size_t j = 0; j < p.width; j++) {
    const double along = inner(p.d, p.b1, p.w + j * p.d), across = inner(p.d, p.normal, p.w + j * p.d);
    ck_assert_double_eq_tol(f->along[0][j], along, rounding);
    ck_assert_double_eq_tol(f->across[0][j], across, rounding);
    ck_assert_double_eq_tol(f->zeta[j], p.zeta[j], rounding);
    plane += along * along + across * across;
  }
  ck_assert_double_eq_tol(f->in_plane[0], plane / inner(p.d * p.width, p.w, p.w), rounding);
  ck_assert_double_eq(f->moved[0], 0.0);
  plain_free(&p);
  descent_fixture_free(f);
}
END_TEST

/* dL/dw_j along `direction` by a central difference; its error is (step)^2/6 of a third derivative of order 0.1 and
   eps/step of rounding: 1e-10. */
static double slope_along(const descent_fixture *f, plain *p, size_t j, const double *direction)
{
  const double step = 1e-5;
  double *w = p->w + j * p->d, loss[2];
  for (int side = 0; side < 2; side++) {
    for (size_t i = 0; i < p->d; i++)
      w[i] += (side == 0 ? step : -2.0 * step) * direction[i];
    loss[side] = plain_loss(f, p);
  }
  for (size_t i = 0; i < p->d; i++)
    w[i] += step * direction[i];
  return (loss[0] - loss[1]) / (2.0 * step);
}

/* A step is -eta/(N s^2) times the gradient, seen in the plane: 1e-10 of the difference times N s^-2. */
START_TEST(step_by_finite_differences)
{
  descent_fixture *f = descent_fixture_new("tanh", "softplus", small);
  plim_descent_end end;
  f->descent.scaling = _i == 0 ? PLIM_SCALING_MEAN_FIELD : PLIM_SCALING_NTK;
  f->descent.noise = 0.317;
  f->settings.most_steps = 1;
  ck_assert_int_eq(descend(f, &end), PLIM_NOT_CONVERGED);
  plain p = plain_new(f);
  const double factor = f->descent.eta / ((double)p.width * scale_of(f) * scale_of(f));
  for (size_t j = 0; j < p.width; j++) {
    const double along = -factor * slope_along(f, &p, j, p.b1),
                 across = -factor * slope_along(f, &p, j, p.normal);
    ck_assert_double_eq_tol(f->along[1][j] - f->along[0][j], along, 1e-9 * factor + 1e-8 * fabs(along));
    ck_assert_double_eq_tol(f->across[1][j] - f->across[0][j], across, 1e-9 * factor + 1e-8 * fabs(across));
  }
  plain_free(&p);
  descent_fixture_free(f);
}
END_TEST

/* sigma(z) = z: f = <x, u> with u = s W zeta, and a step multiplies u - b_1 - b_2 by 1 - eta (|zeta|^2/N) X'X/n. */
START_TEST(linear_network_is_a_recursion)
{
  descent_fixture *f =
      descent_fixture_new("linear", "linear", (plim_size){.n = 31, .d = 5, .width = _i < 2 ? 17 : 1});
  plim_descent_end end;
  double e[5], s[5][5];
  f->descent.scaling = _i % 2 == 0 ? PLIM_SCALING_MEAN_FIELD : PLIM_SCALING_NTK;
  f->settings.tolerance = 1e-6;
  plain p = plain_new(f);
  const double share = inner(p.width, p.zeta, p.zeta) / (double)p.width,
               angle = f->descent.angle * acos(-1.0) / 180.0;
  f->descent.eta = 0.5 / share;
  ck_assert_int_eq(descend(f, &end), PLIM_OK);
  for (size_t a = 0; a < p.d; a++) {
    e[a] = -(1.0 + cos(angle)) * p.b1[a] - sin(angle) * p.normal[a];
    for (size_t j = 0; j < p.width; j++)
      e[a] += scale_of(f) * p.zeta[j] * p.w[a + j * p.d];
    for (size_t b = 0; b < p.d; b++) {
      s[a][b] = 0.0;
      for (size_t i = 0; i < p.n; i++)
        s[a][b] += p.x[a + i * p.d] * p.x[b + i * p.d] / (double)p.n;
    }
  }
  ck_assert_uint_gt(end.steps, 10);
  for (size_t t = 0; t <= end.steps; t++) {
    double pull[5], loss = 0.0;
    for (size_t a = 0; a < p.d; a++) {
      pull[a] = inner(p.d, s[a], e);
      loss += 0.5 * e[a] * pull[a];
    }
    ck_assert_double_eq_tol(f->loss[t], loss, rounding);
    for (size_t a = 0; a < p.d; a++)
      e[a] -= 0.5 * pull[a];
  }
  plain_free(&p);
  descent_fixture_free(f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("descent");
  tcase_add_loop_test(tests, start_by_definition, 0, 4);
  tcase_add_loop_test(tests, step_by_finite_differences, 0, 2);
  tcase_add_loop_test(tests, linear_network_is_a_recursion, 0, 4);
  return run_cases("descent", 1, &tests);
}
