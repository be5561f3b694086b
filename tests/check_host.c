/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_host.c - libplim in somebody's program, which never says a word to GSL: no error of GSL's ends it, and a
   handler that it has set stays. Linked with libplim alone; Check runs each test in a process of its own, where an
   abort is a failure. */
#include "config.h"

#include <check.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "plim.h"
#include "run_cases.h"

/* What the functions under test are given; made anew for each. */
typedef struct {
  plim_activation *sigma, *teacher;
  plim_theory *theory;
  plim_problem problem;
  plim_density *density;
} host;

static host host_at(const char *sigma, const char *teacher)
{
  host h = {.problem = plim_problem_default()};
  ck_assert_int_eq(plim_activation_alloc(sigma, &h.sigma, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(teacher, &h.teacher, NULL), PLIM_OK);
  h.problem.activation = h.sigma;
  h.problem.teacher = h.teacher;
  h.problem.psi1 = 2.385;
  h.problem.psi2 = 1.617;
  h.problem.lambda = 0.137;
  h.problem.eta = 1.83;
  ck_assert_int_eq(plim_theory_alloc(&h.theory), PLIM_OK);
  ck_assert_int_eq(plim_density_alloc(h.theory, PLIM_SPECTRUM_KERNEL, &h.problem, &h.density), PLIM_OK);
  return h;
}

static void host_free(host *h)
{
  plim_density_free(h->density);
  plim_theory_free(h->theory);
  plim_activation_free(h->sigma);
  plim_activation_free(h->teacher);
}

/* ---- every public function that reaches GSL (tests/host.test: no name of the objects is missing here) ---- */

static plim_status call_coefficients_compute(host *h)
{
  plim_coefficients coefficients;
  return plim_coefficients_compute(h->sigma, &coefficients);
}

static plim_status call_limit(host *h)
{
  plim_value value;
  return plim_limit(h->theory, PLIM_RISK1, &h->problem, &value);
}

static plim_status call_density_alloc(host *h)
{
  plim_density *density = NULL;
  const plim_status status = plim_density_alloc(h->theory, PLIM_SPECTRUM_KERNEL, &h->problem, &density);
  plim_density_free(density);
  return status;
}

static plim_status call_density_at(host *h)
{
  plim_value value;
  const plim_support *support = plim_density_support(h->density);
  return plim_density_at(h->density, 0.5 * (support->interval[0].low.value + support->interval[0].high.value),
                         &value);
}

static plim_status call_density_cdf(host *h)
{
  plim_value value;
  const plim_support *support = plim_density_support(h->density);
  return plim_density_cdf(h->density,
                          0.5 * (support->interval[0].low.value + support->interval[0].high.value), &value);
}

static plim_status call_optimum_find(host *h)
{
  plim_optimum optimum;
  const plim_search search = plim_search_default();
  return plim_optimum_find(h->theory, PLIM_RISK0, &h->problem, &search, &optimum);
}

static const plim_rung rungs[] = {{50.0, 0.2385, 0.0017, 23},
                                  {100.0, 0.2311, 0.0013, 23},
                                  {200.0, 0.2297, 0.0011, 23},
                                  {400.0, 0.2289, 9e-4, 23}};

static plim_status call_extrapolate(host *h)
{
  plim_extrapolation fit;
  (void)h;
  return plim_extrapolate(rungs, 4, 0.5, &fit);
}

static plim_status call_extrapolate_terms(host *h)
{
  plim_extrapolation fit;
  (void)h;
  return plim_extrapolate_terms(rungs, 4, (const double[]){0.5, 1.0}, 2, &fit);
}

/* As by plim_extrapolate, which is not asked here: it would see to the handler itself. */
static const plim_extrapolation fitted = {.limit = 0.2279,
                                          .limit_error = 0.0014,
                                          .degrees = 37.3,
                                          .rate = 0.5,
                                          .fit_p = 0.47,
                                          .terms = 1,
                                          .rungs = 4};
static const plim_value predicted = {0.2283, 1e-13};

static plim_status call_extrapolate_covered(host *h)
{
  plim_extrapolation fit;
  (void)h;
  return plim_extrapolate_covered(rungs, 4, 0.5, PLIM_USUAL_RATIO, &fit);
}

static plim_status call_extrapolate_exponent(host *h)
{
  plim_extrapolation fit;
  (void)h;
  return plim_extrapolate_exponent(rungs, 4, (const double[]){0.5}, 1, &fit);
}

static plim_status call_judge(host *h)
{
  plim_judgement judgement;
  const plim_criterion criterion = plim_criterion_default();
  (void)h;
  return plim_judge(&fitted, &predicted, &criterion, &judgement);
}

static plim_status call_judge_bound(host *h)
{
  plim_judgement judgement;
  const plim_criterion criterion = plim_criterion_default();
  (void)h;
  return plim_judge_bound(&fitted, &predicted, PLIM_LOWER_BOUND_OF, &criterion, &judgement);
}

/* The pilot's judgement, as by plim_judge. */
static const plim_judgement judged = {
    .margin = 0.011, .monte_carlo_error = 0.0014, .fit_p = 0.47, .degrees = 37.3};
static const double costs[] = {1.0, 3.1, 11.7, 61.3}, declared[] = {0.5};
static const plim_pilot pilot = {.rungs = rungs, .cost = costs, .count = 4, .rates = declared, .terms = 1};

static plim_status call_growth_needed(host *h)
{
  (void)h;
  return plim_growth_needed(&judged, 0.013, 0.83) > 0.0 ? PLIM_OK : PLIM_NOT_FINITE;
}

static plim_status call_allot(host *h)
{
  double share[4];
  (void)h;
  return plim_allot(&pilot, share);
}

static plim_status call_replicas_needed(host *h)
{
  double replicas[4];
  (void)h;
  return plim_replicas_needed(&pilot, &judged, 0.013, 0.83, replicas);
}

static plim_status draw(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  (void)context, (void)replica;
  plim_stream_normals(stream, 1, values);
  *values = 0.2283 + (0.31 + 0.1 * *values) / (double)d;
  return PLIM_OK;
}

static plim_status call_experiment_run(host *h)
{
  const plim_experiment_value value = {
      .name = "toy", .predicted = predicted, .rates = {1.0}, .relative_margin = 0.2};
  const plim_experiment experiment = {.name = "toy", .draw = draw, .values = &value, .count = 1};
  plim_experiment_settings settings = plim_experiment_settings_default();
  plim_experiment_result result;
  (void)h;
  settings.sizes = (const size_t[]){20, 37, 80};
  settings.n_sizes = 3;
  settings.replicas = 7;
  const plim_status status = plim_experiment_run(&experiment, &settings, &result, NULL);
  if (status == PLIM_OK)
    plim_experiment_result_free(&result);
  return status;
}

static const struct {
  const char *name;
  plim_status (*call)(host *h);
} reaching[] = {
    {"plim_coefficients_compute", call_coefficients_compute},
    {"plim_limit", call_limit},
    {"plim_density_alloc", call_density_alloc},
    {"plim_density_at", call_density_at},
    {"plim_density_cdf", call_density_cdf},
    {"plim_optimum_find", call_optimum_find},
    {"plim_extrapolate", call_extrapolate},
    {"plim_extrapolate_terms", call_extrapolate_terms},
    {"plim_extrapolate_covered", call_extrapolate_covered},
    {"plim_extrapolate_exponent", call_extrapolate_exponent},
    {"plim_growth_needed", call_growth_needed},
    {"plim_allot", call_allot},
    {"plim_replicas_needed", call_replicas_needed},
    {"plim_judge", call_judge},
    {"plim_judge_bound", call_judge_bound},
    {"plim_experiment_run", call_experiment_run},
};
enum { REACHING = sizeof reaching / sizeof reaching[0] };

/* Numerical work at which GSL reports round-off, and goes on. */
static const char *const rough[] = {"tanh", "erf", "expr:sin(40*z)", "expr:exp(-2000*(z-1.2345)^2)+z"};
enum { ROUGH = sizeof rough / sizeof rough[0] };

static void work_roughly(void)
{
  for (size_t i = 0; i < ROUGH; i++) {
    host h = host_at(rough[i], "expr:2*tanh(z)");
    for (size_t j = 0; j < REACHING; j++)
      ck_assert_int_eq(reaching[j].call(&h), PLIM_OK);
    host_free(&h);
  }
}

static int calls; /* of the host's handler, which returns */
static void count_calls(const char *reason, const char *file, int line, int code)
{
  (void)reason;
  (void)file;
  (void)line;
  (void)code;
  calls++;
}

START_TEST(an_error_of_gsl_does_not_end_the_host)
{
  work_roughly();
}
END_TEST

START_TEST(every_function_switches_the_default_off)
{
  host h = host_at("tanh", "relu");
  for (size_t i = 0; i < REACHING; i++) {
    (void)gsl_set_error_handler(NULL); /* a host that put back what it had found */
    ck_assert_msg(reaching[i].call(&h) == PLIM_OK, "%s", reaching[i].name);
    ck_assert_msg(gsl_set_error_handler(NULL) != NULL, "%s leaves the handler that aborts in place",
                  reaching[i].name);
  }
  host_free(&h);
}
END_TEST

START_TEST(a_handler_of_the_host_stays)
{
  (void)gsl_set_error_handler(count_calls);
  work_roughly();
  const int reported = calls; /* GSL may have something to say of rough work, and the library goes on */
  gsl_error("the handler in place is the host's", __FILE__, __LINE__, GSL_EFAILED);
  ck_assert_int_eq(calls, reported + 1);
  ck_assert(gsl_set_error_handler(count_calls) == count_calls);
}
END_TEST

#ifdef HAVE_GSL_ERROR_HANDLER
extern gsl_error_handler_t *gsl_error_handler;

enum { THREADS = 3, TIMES = 100000 };
static atomic_int at_work = THREADS;

static void *judge_often(void *failures)
{
  for (int i = 0; i < TIMES; i++)
    if (call_judge(NULL) != PLIM_OK)
      ++*(int *)failures;
  at_work--;
  return NULL;
}

/* Not even taken out and put back: what a thread takes out another may not find, and so never put back. */
START_TEST(a_handler_of_the_host_stays_among_threads)
{
  pthread_t thread[THREADS];
  int failures[THREADS] = {0}, gone = 0;
  long looks = 0;
  (void)gsl_set_error_handler(count_calls);
  for (int i = 0; i < THREADS; i++)
    ck_assert_int_eq(pthread_create(&thread[i], NULL, judge_often, &failures[i]), 0);
  for (; at_work > 0; looks++)
    if (__atomic_load_n(&gsl_error_handler, __ATOMIC_RELAXED) != count_calls)
      gone++;
  for (int i = 0; i < THREADS; i++) {
    ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    ck_assert_int_eq(failures[i], 0);
  }
  ck_assert_int_gt(looks, 0);
  ck_assert_int_eq(gone, 0);
  ck_assert(gsl_set_error_handler(NULL) == count_calls);
}
END_TEST
#endif

START_TEST(version_of_the_library)
{
  ck_assert_str_eq(plim_version(), PACKAGE_VERSION);
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("host");
  tcase_add_test(all, an_error_of_gsl_does_not_end_the_host);
  tcase_add_test(all, every_function_switches_the_default_off);
  tcase_add_test(all, a_handler_of_the_host_stays);
#ifdef HAVE_GSL_ERROR_HANDLER
  tcase_add_test(all, a_handler_of_the_host_stays_among_threads);
#endif
  tcase_add_test(all, version_of_the_library);
  return run_cases("host", 1, &all);
}
