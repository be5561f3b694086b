// SPDX-License-Identifier: GPL-3.0-or-later
// wishart.c - the largest eigenvalue of a Wishart matrix against the edge of the Marchenko-Pastur law.
// Build: cc wishart.c $(pkg-config --cflags --libs plim) -lm        Run: ./wishart [JOURNAL]
//
// S = X'X/n, X with n rows of N(0, I_d), n = 5d/2. Its largest eigenvalue tends to (1 + sqrt(d/n))^2 (Geman 1980,
// Ann. Probab. 8:252). It fluctuates on the scale d^-2/3 about (sqrt(n - 1/2) + sqrt(d - 1/2))^2/n with a mean that is
// not 0, and about this centre there is no term in 1/d (Ma 2012, Bernoulli 18:322): next is d^-4/3, which the error
// covers. So the centre is what is predicted at size d, and what is declared is the rate of the rest. (The values
// printed are means less that centre plus the edge.)
#include <cblas.h>
#include <math.h>
#include <plim.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZES = 5 };

void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info); // LAPACK

static plim_status draw(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const int columns = (int)d, rows = columns * 5 / 2, room = 34 * columns;
  double *x = malloc((size_t)rows * d * sizeof *x), *s = malloc((d * d + d + (size_t)room) * sizeof *s);
  int info = -1;
  (void)context, (void)replica;
  if (x != NULL && s != NULL) {
    plim_stream_normals(stream, (size_t)rows * d, x);
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, columns, rows, 1.0 / rows, x, rows, 0.0, s, columns);
    dsyev_("N", "L", &columns, s, &columns, s + d * d, s + d * d + d, &room, &info);
    values[0] = s[d * d + d - 1]; // they ascend
  }
  const plim_status status = x == NULL || s == NULL ? PLIM_NO_MEMORY : info != 0 ? PLIM_FAILED : PLIM_OK;
  free(x);
  free(s);
  return status;
}

static plim_status predict(void *context, double d, plim_value *predicted)
{
  const double n = 2.5 * d, edge = pow(1.0 + sqrt(0.4), 2);
  (void)context;
  *predicted = (plim_value){isinf(d) ? edge : pow(sqrt(n - 0.5) + sqrt(d - 0.5), 2) / n, 1e-14};
  return PLIM_OK;
}

int main(int argc, char **argv)
{
  const size_t sizes[SIZES] = {20, 40, 80, 160, 320};
  const plim_experiment_value edge = {
      .name = "largest eigenvalue", .rates = {2.0 / 3.0}, .relative_margin = 0.03};
  const plim_experiment experiment = {
      .name = "wishart", .draw = draw, .predict = predict, .values = &edge, .count = 1};
  plim_experiment_settings settings = plim_experiment_settings_default();
  plim_experiment_result result;
  plim_experiment_failure failure;
  settings.sizes = sizes;
  settings.n_sizes = SIZES;
  settings.threads = 2;
  settings.journal = argc > 1 ? argv[1] : NULL;
  if (plim_experiment_run(&experiment, &settings, &result, &failure) != PLIM_OK) {
    fprintf(stderr, "wishart: %s\n", failure.reason);
    return EXIT_FAILURE;
  }
  const plim_experiment_finding *found = &result.findings[0];
  for (size_t k = 0; k < result.sizes; k++)
    printf("d = %3.0f   %.4f, standard error %.4f\n", result.rungs[k].d, result.rungs[k].value,
           result.rungs[k].error);
  printf("d -> inf  %.4f, predicted %.4f, 90 %% interval [%.4f, %.4f]: %s\n", found->fit.limit,
         found->predicted.value, found->judgement.ci_low, found->judgement.ci_high,
         plim_verdict_name(plim_experiment_verdict(&result)));
  const bool disagrees = plim_experiment_verdict(&result) == PLIM_DISAGREE;
  plim_experiment_result_free(&result);
  return disagrees;
}
