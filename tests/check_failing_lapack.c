/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_failing_lapack.c - a factorisation or eigenvalues that LAPACK does not give end the simulation with a reason,
   or are made up for in another way.

   LAPACK's functions are defined here as well, so that the program's calls come here first: the k-th is told that it
   has failed, alone or with all that follow it. dormqr_ is not among them: it can only fail for wrong arguments, and
   LAPACK calls it too. */
#include "config.h"

#include <check.h>
#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "plim_simulation.h"
#include "run_cases.h"

static unsigned long seen, failing; /* 0: none */
static bool and_on;

static bool fails(void)
{
  seen++;
  return failing > 0 && (seen == failing || (and_on && seen > failing));
}

/* As gfortran compiles it: every character argument adds a hidden length at the end. */
#define FAILING(name, parameters, arguments)                                                                 \
  void name parameters;                                                                                      \
  void name parameters                                                                                       \
  {                                                                                                          \
    void(*real) parameters;                                                                                  \
    if (fails()) {                                                                                           \
      *info = 1;                                                                                             \
      return;                                                                                                \
    }                                                                                                        \
    *(void **)&real = dlsym(RTLD_NEXT, #name);                                                               \
    real arguments;                                                                                          \
  }

FAILING(dsytrd_sy2sb_,
        (const char *uplo, const int *n, const int *kd, double *a, const int *lda, double *ab,
         const int *ldab, double *tau, double *work, const int *lwork, int *info, size_t l1),
        (uplo, n, kd, a, lda, ab, ldab, tau, work, lwork, info, l1))
FAILING(dpbtrf_,
        (const char *uplo, const int *n, const int *kd, double *ab, const int *ldab, int *info, size_t l1),
        (uplo, n, kd, ab, ldab, info, l1))
FAILING(dpbtrs_,
        (const char *uplo, const int *n, const int *kd, const int *nrhs, const double *ab, const int *ldab,
         double *b, const int *ldb, int *info, size_t l1),
        (uplo, n, kd, nrhs, ab, ldab, b, ldb, info, l1))
FAILING(dsbevd_,
        (const char *jobz, const char *uplo, const int *n, const int *kd, double *ab, const int *ldab,
         double *w, double *z, const int *ldz, double *work, const int *lwork, int *iwork, const int *liwork,
         int *info, size_t l1, size_t l2),
        (jobz, uplo, n, kd, ab, ldab, w, z, ldz, work, lwork, iwork, liwork, info, l1, l2))
FAILING(dsyevr_,
        (const char *jobz, const char *range, const char *uplo, const int *n, double *a, const int *lda,
         const double *vl, const double *vu, const int *il, const int *iu, const double *abstol, int *m,
         double *w, double *z, const int *ldz, int *isuppz, double *work, const int *lwork, int *iwork,
         const int *liwork, int *info, size_t l1, size_t l2, size_t l3),
        (jobz, range, uplo, n, a, lda, vl, vu, il, iu, abstol, m, w, z, ldz, isuppz, work, lwork, iwork,
         liwork, info, l1, l2, l3))
FAILING(ssytrd_sy2sb_,
        (const char *uplo, const int *n, const int *kd, float *a, const int *lda, float *ab, const int *ldab,
         float *tau, float *work, const int *lwork, int *info, size_t l1),
        (uplo, n, kd, a, lda, ab, ldab, tau, work, lwork, info, l1))
FAILING(spbtrf_,
        (const char *uplo, const int *n, const int *kd, float *ab, const int *ldab, int *info, size_t l1),
        (uplo, n, kd, ab, ldab, info, l1))
FAILING(spbtrs_,
        (const char *uplo, const int *n, const int *kd, const int *nrhs, const float *ab, const int *ldab,
         float *b, const int *ldb, int *info, size_t l1),
        (uplo, n, kd, nrhs, ab, ldab, b, ldb, info, l1))

/* ---- What is measured ---- */

/* One factorisation each, or several. */
static const plim_quantity quantities[] = {
    PLIM_RISK0,        PLIM_RISK1,         PLIM_TRAIN1,           PLIM_W1_TOP,          PLIM_W1_LEFT_BETA,
    PLIM_CK_TOP,       PLIM_CK_LEFT_XBETA, PLIM_GRAD_OP,          PLIM_GRAD_RANK_ONE,   PLIM_STEP_OP,
    PLIM_LINEAR_RIDGE, PLIM_NTK_RIDGE,     PLIM_KERNEL_EXP_INNER, PLIM_KERNEL_EXP_DIST, PLIM_STAIR1,
    PLIM_STAIR_ANGLE,  PLIM_ANY_TAU};
enum {
  QUANTITIES = sizeof quantities / sizeof *quantities,
  IN_SINGLE = QUANTITIES + PLIM_SPECTRUM_COUNT, /* the first two once more, in single precision */
  ALL = IN_SINGLE + 2,
  WIDTH = 24
};

static plim_status measure(const plim_problem *problem, int what, double *samples)
{
  plim_simulation simulation = {
      .size = {.n = 40, .d = 16, .width = WIDTH}, .replicas = 1, .seed = 1, .threads = 1};
  if (what >= IN_SINGLE) {
    simulation.precision = PLIM_PRECISION_SINGLE;
    what -= IN_SINGLE;
  }
  if (what >= QUANTITIES)
    return plim_simulate_spectrum(problem, &simulation, (plim_spectrum)(what - QUANTITIES), NULL, samples);
  const plim_measurement measurement = {&quantities[what], 1, &problem->lambda, 1};
  return plim_simulate(problem, &simulation, &measurement, NULL, samples);
}

START_TEST(refused_or_right)
{
  /* the other way is as accurate: the penalty is not small; and solutions in float are refined to 1e-9 */
  const double same = _i < IN_SINGLE ? 1e-10 : 1e-8;
  double expected[WIDTH] = {0.0}, samples[WIDTH] = {0.0};
  plim_activation *tanh_, *relu;
  plim_problem problem = plim_problem_default();
  ck_assert_int_eq(plim_activation_alloc("tanh", &tanh_, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("relu", &relu, NULL), PLIM_OK);
  problem.activation = tanh_;
  problem.teacher = relu;
  failing = 0;
  seen = 0;
  ck_assert_int_eq(measure(&problem, _i, expected), PLIM_OK);
  const unsigned long calls = seen;
  unsigned long refused = 0;
  ck_assert_uint_gt(calls, 0);
  for (failing = 1; failing <= calls; failing++) {
    for (int on = 0; on < 2; on++) {
      and_on = on == 1;
      seen = 0;
      memset(samples, 0, sizeof samples);
      const plim_status status = measure(&problem, _i, samples);
      for (size_t i = 0; i < WIDTH && status == PLIM_OK; i++)
        ck_assert_double_le(fabs(samples[i] - expected[i]), same * fabs(expected[i]));
      if (status != PLIM_OK)
        ck_assert_msg(status == PLIM_NOT_CONVERGED || status == PLIM_FAILED, "%s", plim_status_name(status));
      refused += status != PLIM_OK;
    }
  }
  ck_assert_uint_gt(refused, 0);
  plim_activation_free(tanh_);
  plim_activation_free(relu);
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("failing_lapack");
  tcase_add_loop_test(all, refused_or_right, 0, ALL);
  return run_cases("failing_lapack", 1, &all);
}
