/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_one_kind.c - one step of any size with one kind of neuron, by a second route: spiked features, scalar equations
   in closed forms of erf, derivatives of the objective by differences. */
#include <math.h>
#include <string.h>

#include "fixture.h"

static plim_problem large_problem(const char *activation, const char *teacher, plim_readout readout, double e,
                                  double d)
{
  plim_problem p = problem_called(activation, teacher);
  p.readout = readout;
  p.eta = e;
  p.eta_exponent = 0.5;
  p.d = d;
  return p;
}

enum { K_STEPS = 90, K_NODES = 2 * K_STEPS + 1 };
typedef struct {
  double psi1, psi2, lambda, noise, e, d;
  double weight[K_NODES], k[K_NODES], m[K_NODES], s[K_NODES], e2[K_NODES], q[K_NODES], q4[K_NODES];
  double h[K_NODES], h1[K_NODES], h2[K_NODES], htt[K_NODES];
} scalar_model;

/* E erf(v + sd g)^2 */
static double erf_square(double v, double sd)
{
  double sum = 0.0, mass = 0.0;
  for (double g = -9.0; g <= 9.0; g += 0.05) {
    const double value = erf(v + sd * g), weight = exp(-0.5 * g * g);
    sum += weight * value * value;
    mass += weight;
  }
  return sum / mass;
}

/* E erf(v + sd g) = erf(v/r), r^2 = 1 + 2 sd^2, and its derivatives in v: E He_j(g) erf = sd^j times the j-th. */
static void erf_averages(double v, double sd, double average[5])
{
  const double r2 = 1.0 + 2.0 * sd * sd, r = sqrt(r2), x = v / r;
  const double slope = 2.0 / sqrt(3.14159265358979323846) * exp(-x * x) / r;
  average[0] = erf(x);
  average[1] = sd * slope;
  average[2] = sd * sd * slope * (-2.0 * x / r);
  average[3] = pow(sd, 3) * slope * (4.0 * x * x - 2.0) / r2;
  average[4] = pow(sd, 4) * slope * (-8.0 * x * x * x + 12.0 * x) / (r2 * r);
}

static void scalar_tables(scalar_model *q)
{
  const double pi = 3.14159265358979323846, mu1_2 = 4.0 / (3.0 * pi), nu2 = 4.0 / pi / sqrt(5.0) - mu1_2;
  const double s2 = 2.0 / pi * asin(2.0 / 3.0) + q->noise * q->noise, length2 = mu1_2 + s2 / q->psi1;
  const double push = q->e * sqrt(mu1_2 * length2), gam = sqrt(mu1_2 / length2), rest = sqrt(1.0 - gam * gam);
  const double sd = sqrt(1.0 + q->e * q->e * nu2 * s2 / q->psi1);
  for (int i = 0; i < K_NODES; i++) {
    const double k = 0.1 * (i - K_STEPS);
    double neuron[5], teacher[5];
    erf_averages(push * k, sd, neuron);
    erf_averages(gam * k, rest, teacher);
    q->k[i] = k;
    q->weight[i] = 0.1 / sqrt(2.0 * pi) * exp(-0.5 * k * k);
    q->m[i] = neuron[0] + ((k * k - 1.0) * 0.5 * neuron[2] + 0.25 * neuron[4]) / q->d;
    q->s[i] = neuron[1];
    q->q[i] = 0.5 * neuron[2];
    q->e2[i] = erf_square(push * k, sd) - neuron[0] * neuron[0] - neuron[1] * neuron[1];
    q->h[i] = teacher[0];
    q->h1[i] = teacher[1];
    q->htt[i] = teacher[2];
    q->h2[i] = erf_square(gam * k, rest);
  }
}

/* Cramer's rule, 3 x 3 */
static double determinant(double a[3][3])
{
  return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
         a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
         a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

static double scalar_objective(const scalar_model *q, double lambda, double extra)
{
  double v[K_NODES], w[K_NODES], g = 1.0, v1 = 1.0, objective = 0.0;
  for (int i = 0; i < K_NODES; i++)
    v[i] = 1.0;
  for (int step = 0; step < 20000; step++) {
    double a = 0.0, b = 0.0;
    const double old = g;
    for (int i = 0; i < K_NODES; i++) {
      w[i] = q->psi1 * q->weight[i] * (1.0 / (1.0 + v[i]) + extra);
      a += w[i] * q->s[i] * q->s[i];
      b += w[i] * q->e2[i];
    }
    v1 = 1.0 / (1.0 / g + a);
    g = 1.0 / (lambda * q->psi1 / q->psi2 + (b + a * v1 / g) / q->psi2);
    for (int i = 0; i < K_NODES; i++)
      v[i] = q->s[i] * q->s[i] * v1 + g * q->e2[i];
    if (fabs(g - old) <= 1e-16 * g)
      break;
  }
  /* columns m, q, k S with the coefficients M, T, tau and the prices P, 1/(2 G), 1/V1 - A */
  double matrix[3][3] = {{0.0}}, right[3] = {0.0}, square = 0.0, along = 0.0, x[3];
  for (int i = 0; i < K_NODES; i++) {
    const double f[3] = {q->m[i], q->q[i], q->k[i] * q->s[i]};
    for (int r = 0; r < 3; r++) {
      right[r] += w[i] * f[r] * q->h[i];
      for (int c = 0; c < 3; c++)
        matrix[r][c] += w[i] * f[r] * f[c];
    }
    right[0] += w[i] * q->q[i] * q->htt[i] / q->d;
    square += w[i] * q->q[i] * q->q[i];
    along += w[i] * q->s[i] * q->h1[i];
  }
  matrix[0][0] += 1.0 / (q->d * g) + 2.0 / q->d * square;
  matrix[1][1] += 0.5 / g;
  matrix[2][2] += 1.0 / g;
  for (int c = 0; c < 3; c++) {
    double replaced[3][3];
    memcpy(replaced, matrix, sizeof replaced);
    for (int r = 0; r < 3; r++)
      replaced[r][c] = right[r];
    x[c] = determinant(replaced) / determinant(matrix);
  }
  for (int i = 0; i < K_NODES; i++) {
    const double mean = x[0] * q->m[i] + x[1] * q->q[i] + x[2] * q->k[i] * q->s[i];
    const double fit = q->h[i] * mean + q->h1[i] * q->s[i] * v1 * along + x[0] * q->q[i] * q->htt[i] / q->d;
    objective +=
        q->weight[i] * ((q->h2[i] + q->noise * q->noise - fit) / (1.0 + v[i]) + extra * (q->h2[i] - fit));
  }
  return objective;
}

/* Central differences at h and h/2, extrapolated: O(h^4) and rounding 1e-15/h. */
static double scalar_slope(const scalar_model *q, bool in_lambda, double h)
{
  double slope[2];
  for (int i = 0; i < 2; i++, h *= 0.5) {
    const double lambda = in_lambda ? h * q->lambda : 0.0, extra = in_lambda ? 0.0 : h;
    slope[i] =
        (scalar_objective(q, q->lambda + lambda, extra) - scalar_objective(q, q->lambda - lambda, -extra)) /
        (2.0 * h);
  }
  return (4.0 * slope[1] - slope[0]) / 3.0;
}

START_TEST(one_kind_by_scalars)
{
  static const double scalar_tolerance =
      2e-9; /* of the differences; they move by less than this from h to h/2 */
  static const double points[][6] = {
      /* psi1, psi2, lambda, noise, e, d */
      {1.617, 2.385, 0.0137, 0.21, 1.37, 419.0},
      {0.731, 0.419, 0.217, 0.0, 0.311, 1013.0},
      {7.31, 1.213, 0.031, 0.73, 3.07, 277.0},
  };
  plim_theory *theory = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-10), PLIM_OK);
  for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
    const double *x = points[i];
    static scalar_model model;
    model = (scalar_model){.psi1 = x[0], .psi2 = x[1], .lambda = x[2], .noise = x[3], .e = x[4], .d = x[5]};
    scalar_tables(&model);
    plim_problem p = large_problem("erf", "erf", PLIM_READOUT_CONSTANT, x[4], x[5]);
    p.psi1 = x[0];
    p.psi2 = x[1];
    p.lambda = x[2];
    p.noise = x[3];
    const double risk = scalar_slope(&model, false, 2e-4);
    const double train = scalar_objective(&model, x[2], 0.0) - scalar_slope(&model, true, 1e-3);
    assert_close(limit_of(theory, PLIM_SRF_RISK, &p).value, risk, scalar_tolerance, 0.0, "risk");
    assert_close(limit_of(theory, PLIM_SRF_TRAIN, &p).value, train, scalar_tolerance, 0.0, "train");
    problem_clear(&p);
  }
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("one_kind");
  tcase_add_test(tests, one_kind_by_scalars);
  return run_case(tests, "one_kind");
}
