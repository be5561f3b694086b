/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_failing_gsl.c - a root, a minimum, a factorisation or eigenvalues that GSL does not give make a refusal or
   leave the value right within its error: never another number, and the result is left alone where there is none.

   GSL's functions are defined here as well, so that the program's calls come here first: the k-th is told that it has
   failed, alone or with all that follow it; of all calls, and of those of each function. */
#include "config.h"

#include <dlfcn.h>
#include <gsl/gsl_chebyshev.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_multiroots.h>
#include <gsl/gsl_poly.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../theory/any_step/kinds_dual.h"
#include "../theory/theory.h"
#include "fixture.h"
#include "plim_optimum.h"

static unsigned long seen, failing; /* 0: none */
static bool and_on;
static const char *only; /* the one function whose calls count, or NULL */
static const char *called[32];
static size_t called_count; /* functions that were called */

static void remember(const char *function)
{
  for (size_t i = 0; i < called_count; i++)
    if (strcmp(called[i], function) == 0)
      return;
  called[called_count++] = function;
}

static bool fails(const char *function)
{
  if (failing == 0)
    remember(function);
  if (only != NULL && strcmp(only, function) != 0)
    return false;
  seen++;
  return failing > 0 && (seen == failing || (and_on && seen > failing));
}

#define FAILING(name, parameters, arguments)                                                                 \
  int name parameters                                                                                        \
  {                                                                                                          \
    int(*real) parameters;                                                                                   \
    if (fails(#name))                                                                                        \
      return GSL_EFAILED;                                                                                    \
    *(void **)&real = dlsym(RTLD_NEXT, #name);                                                               \
    return real arguments;                                                                                   \
  }

FAILING(gsl_root_fsolver_set, (gsl_root_fsolver * s, gsl_function *f, double low, double high),
        (s, f, low, high))
FAILING(gsl_root_fsolver_iterate, (gsl_root_fsolver * s), (s))
FAILING(gsl_root_fdfsolver_set, (gsl_root_fdfsolver * s, gsl_function_fdf *f, double start), (s, f, start))
FAILING(gsl_root_fdfsolver_iterate, (gsl_root_fdfsolver * s), (s))
FAILING(gsl_min_fminimizer_set,
        (gsl_min_fminimizer * s, gsl_function *f, double middle, double low, double high),
        (s, f, middle, low, high))
FAILING(gsl_min_fminimizer_iterate, (gsl_min_fminimizer * s), (s))
FAILING(gsl_multiroot_fdfsolver_set,
        (gsl_multiroot_fdfsolver * s, gsl_multiroot_function_fdf *f, const gsl_vector *start), (s, f, start))
FAILING(gsl_multiroot_fdfsolver_iterate, (gsl_multiroot_fdfsolver * s), (s))
FAILING(gsl_multimin_fminimizer_set,
        (gsl_multimin_fminimizer * s, gsl_multimin_function *f, const gsl_vector *start,
         const gsl_vector *reach),
        (s, f, start, reach))
FAILING(gsl_multimin_fminimizer_iterate, (gsl_multimin_fminimizer * s), (s))
FAILING(gsl_cheb_init, (gsl_cheb_series * series, const gsl_function *f, double a, double b),
        (series, f, a, b))
FAILING(gsl_eigen_symmv,
        (gsl_matrix * a, gsl_vector *values, gsl_matrix *vectors, gsl_eigen_symmv_workspace *w),
        (a, values, vectors, w))
FAILING(gsl_linalg_cholesky_decomp1, (gsl_matrix * a), (a))
FAILING(gsl_linalg_LU_decomp, (gsl_matrix * a, gsl_permutation *order, int *sign), (a, order, sign))
FAILING(gsl_linalg_LU_svx, (const gsl_matrix *factor, const gsl_permutation *order, gsl_vector *x),
        (factor, order, x))
FAILING(gsl_linalg_QRPT_decomp,
        (gsl_matrix * a, gsl_vector *tau, gsl_permutation *order, int *sign, gsl_vector *norm),
        (a, tau, order, sign, norm))
FAILING(gsl_linalg_QRPT_lssolve2,
        (const gsl_matrix *a, const gsl_vector *tau, const gsl_permutation *order, const gsl_vector *b,
         const size_t rank, gsl_vector *x, gsl_vector *rest),
        (a, tau, order, b, rank, x, rest))
FAILING(gsl_linalg_QR_Qvec, (const gsl_matrix *a, const gsl_vector *tau, gsl_vector *x), (a, tau, x))
FAILING(gsl_linalg_SV_decomp_jacobi, (gsl_matrix * a, gsl_matrix *v, gsl_vector *values), (a, v, values))
FAILING(gsl_linalg_cholesky_svx, (const gsl_matrix *factor, gsl_vector *x), (factor, x))
FAILING(gsl_linalg_cholesky_solve, (const gsl_matrix *factor, const gsl_vector *b, gsl_vector *x),
        (factor, b, x))
FAILING(gsl_poly_complex_solve,
        (const double *a, size_t n, gsl_poly_complex_workspace *w, gsl_complex_packed_ptr roots),
        (a, n, w, roots))

/* ---- What is computed ---- */

static const struct {
  const char *activation, *teacher;
  plim_readout readout;
  double psi1, psi2, eta_exponent, d;
} problems[] = {{"tanh", "relu", PLIM_READOUT_RADEMACHER, 2.3, 1.6, 0.0, 100.0},
                {"softplus", "sin", PLIM_READOUT_GAUSSIAN, 0.8, 2.2, 0.5, 100.0}};
enum { PROBLEM_COUNT = sizeof problems / sizeof *problems };

/* Limits, then whole spectra at a place in their bulk, then optima. */
static const plim_quantity limits[] = {
    PLIM_RISK0,      PLIM_RISK1,       PLIM_CK_TOP,      PLIM_CK_LEFT_XBETA, PLIM_TAU_STAR, PLIM_STUDENT_RISK,
    PLIM_RISK,       PLIM_SRF_RISK,    PLIM_ANY_M,       PLIM_STAIR1,        PLIM_STAIR2,   PLIM_STAIR3,
    PLIM_STAIR_EDGE, PLIM_STAIR_COUNT, PLIM_STAIR_ANGLE, PLIM_W2_TOP_BETA};
enum {
  LIMITS = sizeof limits / sizeof *limits,
  OF_TWO_STEPS = LIMITS - 1,
  SPECTRA = LIMITS + PLIM_SPECTRUM_COUNT,
  OPTIMA = SPECTRA + 3
};

static plim_status optimum(plim_theory *theory, const plim_problem *problem, bool lambda, bool eta,
                           plim_value *value)
{
  plim_search search = plim_search_default();
  plim_optimum best;
  search.over_lambda = lambda;
  search.over_eta = eta;
  search.lambda = lambda && eta ? (plim_range){10.0, 1e5} : (plim_range){1e-3, 1.0};
  search.eta = lambda && eta ? (plim_range){0.1, 29.0} : (plim_range){0.1, 2.0};
  const plim_status status =
      plim_optimum_find(theory, eta ? PLIM_SRF_RISK : PLIM_RISK1, problem, &search, &best);
  if (status == PLIM_OK)
    *value = best.value;
  return status;
}

static plim_status evaluate(const plim_problem *problem, int what, plim_value *value)
{
  plim_theory *theory = new_theory();
  ck_assert_int_eq(plim_theory_set_tolerance(theory, 1e-3), PLIM_OK);
  plim_status status;
  if (what < LIMITS)
    status = plim_limit(theory, limits[what], problem, value);
  else if (what < SPECTRA) {
    plim_density *density = NULL;
    status = plim_density_alloc(theory, (plim_spectrum)(what - LIMITS), problem, &density);
    if (status == PLIM_OK)
      status = plim_density_cdf(density, 1.1, value);
    plim_density_free(density);
  } else
    status = optimum(theory, problem, what != SPECTRA, what != SPECTRA + 1, value);
  plim_theory_free(theory);
  return status;
}

static void check_one_failure(const plim_problem *problem, int what, plim_status right, plim_value expected)
{
  static const plim_value untouched = {-7.0, -8.0};
  plim_value value = untouched;
  seen = 0;
  const plim_status status = evaluate(problem, what, &value);
  if (status == PLIM_OK) {
    ck_assert_msg(right == PLIM_OK, "number %d: a value where there is none", what);
    ck_assert_msg(fabs(value.value - expected.value) <= value.error + expected.error,
                  "number %d, failure %lu%s: %.17g +- %g, without %.17g +- %g", what, failing,
                  and_on ? " and on" : "", value.value, value.error, expected.value, expected.error);
    return;
  }
  ck_assert_msg(
      status == right || status == PLIM_NOT_CONVERGED || status == PLIM_NOT_FINITE || status == PLIM_FAILED,
      "number %d, failure %lu%s: %s", what, failing, and_on ? " and on" : "", plim_status_name(status));
  ck_assert(value.value == untouched.value && value.error == untouched.error);
}

START_TEST(refused_or_right)
{
  const int what = _i / PROBLEM_COUNT, which = _i % PROBLEM_COUNT;
  plim_problem problem = problem_called(problems[which].activation, problems[which].teacher);
  problem.psi1 = problems[which].psi1;
  problem.psi2 = problems[which].psi2;
  /* a search asks for hundreds of limits: with two kinds of neuron each takes a millisecond, not tens */
  problem.readout = what < SPECTRA ? problems[which].readout : PLIM_READOUT_RADEMACHER;
  problem.d = problems[which].d;
  problem.eta_exponent = what < LIMITS ? problems[which].eta_exponent : 0.0; /* whole spectra know no other */
  if (what == OF_TWO_STEPS) {
    if (which > 0) { /* a second of arithmetic each */
      problem_clear(&problem);
      return;
    }
    problem.steps = 2;
    problem.d = INFINITY;
    problem.eta_exponent = 0.5;
    problem.readout = PLIM_READOUT_RADEMACHER;
  }
  plim_value expected = {0.0, 0.0};
  failing = 0;
  seen = 0;
  only = NULL;
  called_count = 0;
  const plim_status right = evaluate(&problem, what, &expected);
  const unsigned long calls = seen;
  for (unsigned long k = 1; k <= calls; k += 1 + k) {
    failing = k;
    for (int on = 0; on < 2; on++) {
      and_on = on == 1;
      check_one_failure(&problem, what, right, expected);
    }
  }
  for (size_t i = 0; i < called_count; i++) {
    only = called[i];
    failing = 1;
    and_on = true;
    check_one_failure(&problem, what, right, expected);
  }
  problem_clear(&problem);
}
END_TEST

/* No solution: a status. */
START_TEST(systems_without_a_solution)
{
  double matrix[4] = {0.0, 2.0, 0.0, 4.0}, column[2] = {1.0, 1.0}, room[2];
  plimi_dual a = {.rows = 2, .cols = 2, .parts = 1, .x = matrix},
             b = {.rows = 2, .cols = 1, .parts = 1, .x = column};
  ck_assert_int_eq(plimi_dual_solve(&a, &b, room), PLIM_NOT_CONVERGED);
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("failing_gsl");
  tcase_set_timeout(all, 120.0);
  tcase_add_loop_test(all, refused_or_right, 0, OPTIMA * PROBLEM_COUNT);
  tcase_add_test(all, systems_without_a_solution);
  return run_case(all, "failing_gsl");
}
