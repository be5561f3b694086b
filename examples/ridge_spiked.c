// SPDX-License-Identifier: GPL-3.0-or-later
// ridge_spiked.c - ridge regression where the inputs have one strong direction, drawn until it is decided.
// Build: cc ridge_spiked.c $(pkg-config --cflags --libs plim) -lm        Run: ./ridge_spiked [JOURNAL]
//
// y = <x, beta> + noise, x ~ N(0, Sigma) in d dimensions, Sigma = I + spike v v', beta = along v + across u, u and v of
// length 1 and orthogonal; n = 2d samples; bhat = (X'X/n + lambda I)^-1 X'y/n. With kappa the positive root of
// kappa - (d/n) kappa/(1 + kappa) = lambda and D = (1 + kappa)^-2, the risk (bhat - beta)' Sigma (bhat - beta) tends to
//
//   [ kappa^2 (along^2 (1 + spike)/(1 + spike + kappa)^2 + across^2 D) + noise^2 (d/n) D ] / (1 - (d/n) D),
//
// and like 1/d: the limit for any covariance of Hastie, Montanari, Rosset & Tibshirani 2022, Ann. Statist. 50:949, put
// down here for one spike, which counts with beta alone and not in the spectrum of Sigma.
#include <cblas.h>
#include <math.h>
#include <plim.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 4, PENALTIES = 2 };
static const double spike = 3.7, along = 0.9, across = 1.1, noise = 0.6, ratio = 0.5; // ratio: d/n
static const double penalty[PENALTIES] = {0.15, 1.3};

// of LAPACK
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b,
            const int *ldb, int *info);

static plim_status predict(void *context, double d, plim_value *predicted)
{
  (void)context, (void)d; // n/d is the same at every size
  for (int l = 0; l < PENALTIES; l++) {
    const double b = 1.0 - ratio - penalty[l];
    const double kappa = 0.5 * (sqrt(b * b + 4.0 * penalty[l]) - b), D = pow(1.0 + kappa, -2);
    const double beta = along * along * (1.0 + spike) * pow(1.0 + spike + kappa, -2) + across * across * D;
    const double risk = (kappa * kappa * beta + noise * noise * ratio * D) / (1.0 - ratio * D);
    predicted[l] = (plim_value){risk, 1e-14 * risk};
  }
  return PLIM_OK;
}

// With v the first axis and u the second: Sigma is diagonal, and what is Gaussian does not see the difference.
static plim_status draw(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const int columns = (int)d, rows = 2 * columns, one = 1;
  const size_t n = 2 * d;
  double *x = malloc((n * d + n) * sizeof *x), *gram = malloc((2 * d * d + 2 * d) * sizeof *gram);
  int info = x == NULL || gram == NULL;
  (void)context, (void)replica;
  if (info == 0) {
    double *y = x + n * d, *a = gram + d * d, *moments = a + d * d, *b = moments + d;
    plim_stream_normals(stream, n * d + n, x); // X  n x d, then the noise
    cblas_dscal(rows, sqrt(1.0 + spike), x, 1);
    for (size_t i = 0; i < n; i++)
      y[i] = along * x[i] + across * x[n + i] + noise * y[i];
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, columns, rows, 1.0 / rows, x, rows, 0.0, gram,
                columns);
    cblas_dgemv(CblasColMajor, CblasTrans, rows, columns, 1.0 / rows, x, rows, y, 1, 0.0, moments, 1);
    for (int l = 0; l < PENALTIES && info == 0; l++) {
      memcpy(a, gram, d * d * sizeof *a);
      memcpy(b, moments, d * sizeof *b);
      for (size_t j = 0; j < d; j++)
        a[j * d + j] += penalty[l];
      dposv_("L", &columns, &one, a, &columns, b, &columns, &info);
      b[0] -= along;
      b[1] -= across;
      values[l] = cblas_ddot(columns, b, 1, b, 1) + spike * b[0] * b[0];
    }
  }
  const plim_status status = x == NULL || gram == NULL ? PLIM_NO_MEMORY : info != 0 ? PLIM_FAILED : PLIM_OK;
  free(x);
  free(gram);
  return status;
}

int main(int argc, char **argv)
{
  const size_t sizes[SIZES] = {20, 40, 80, 160};
  const plim_experiment_value values[PENALTIES] = {
      {.name = "risk at lambda = 0.15", .rates = {1.0}, .relative_margin = 0.02},
      {.name = "risk at lambda = 1.3", .rates = {1.0}, .relative_margin = 0.02}};
  const plim_experiment experiment = {.name = "ridge_spiked",
                                      .draw = draw,
                                      .predict = predict,
                                      .values = values,
                                      .count = PENALTIES,
                                      .cost_exponent = 2.5};
  plim_experiment_settings settings = plim_experiment_settings_default();
  plim_experiment_result result;
  plim_experiment_failure failure;
  settings.sizes = sizes;
  settings.n_sizes = SIZES;
  settings.replicas = 0; // as many as it takes
  settings.budget = 1e6;
  settings.threads = 2;
  settings.journal = argc > 1 ? argv[1] : NULL;
  if (plim_experiment_run(&experiment, &settings, &result, &failure) != PLIM_OK) {
    fprintf(stderr, "ridge_spiked: %s\n", failure.reason);
    return EXIT_FAILURE;
  }
  for (size_t i = 0; i < result.count; i++) {
    const plim_experiment_finding *found = &result.findings[i];
    printf("%-21s %.4f +- %.4f, predicted %.4f: %s at look %zu\n", found->name, found->fit.limit,
           found->fit.limit_error, found->predicted.value, plim_verdict_name(found->judgement.verdict),
           found->looks);
  }
  printf("%zu replicas: %s\n", result.drawn, plim_verdict_name(plim_experiment_verdict(&result)));
  const bool disagrees = plim_experiment_verdict(&result) == PLIM_DISAGREE;
  plim_experiment_result_free(&result);
  return disagrees;
}
