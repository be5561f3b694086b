/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_optimum_surface.c - the sampled search on surfaces whose optimum a formula gives: plim_limit is replaced by
   one, and so is what GSL answers. Where a search ends, why, and that whatever fails in it leaves the result alone. */
#include "config.h"

#include <dlfcn.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "fixture.h"
#include "plim_optimum.h"

static const double rounding = 1e-14; /* the error that a surface says it has */
/* A minimum is found to the square root of that, by a simplex that ends at 1e-7. */
static const double place_tolerance = 1e-5;
/* Half the distance of two points of the grid of the plane, for what is known only to it: see SIDE. */
static const double half_spacing_lambda = 0.53, half_spacing_eta = 0.27;

/* ---- Surfaces, in u = log lambda and v = log eta ---- */

typedef plim_status surface(double lambda, double eta, plim_value *value);
static surface *shape;
static unsigned long asked, failing; /* the failing-th question gets `failure`; 0: none */
static plim_status failure;

#ifdef PLIM_LINKER_WRAPS
/* The name that ld gives. */
plim_status __wrap_plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                              plim_value *value);
plim_status __wrap_plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                              plim_value *value)
{
  (void)theory;
  (void)quantity;
  asked++;
  if (asked == failing)
    return failure;
  return shape(problem->lambda, problem->eta, value);
}
#endif

static plim_status is(plim_value *value, double x)
{
  *value = (plim_value){x, rounding};
  return PLIM_OK;
}

enum { BOWL, FURROW_UP, FURROW_DOWN };
static const struct {
  double u, v, along; /* along: the curvature of a furrow along its length */
} bottom[] = {[BOWL] = {-1.439, 0.604, 0.0},
              [FURROW_UP] = {13.317, 6.117, 0.017},
              [FURROW_DOWN] = {-21.183, -10.533, 0.053}};

static plim_status bowl(double lambda, double eta, plim_value *value)
{
  const double u = log(lambda) - bottom[BOWL].u, v = log(eta) - bottom[BOWL].v;
  return is(value, 1.7 + 0.3 * u * u + 0.7 * v * v + 0.2 * u * v);
}

/* Narrow and aslant, nearly level along its length: no line of the grid shows where it leads. */
static plim_status furrow(double lambda, double eta, int which, plim_value *value)
{
  const double u = log(lambda) - bottom[which].u, v = log(eta) - bottom[which].v, off = u - 1.87 * v;
  return is(value, 1.7 + 2.9 * off * off + bottom[which].along * v * v);
}

static plim_status furrow_up(double lambda, double eta, plim_value *value)
{
  return furrow(lambda, eta, FURROW_UP, value);
}

static plim_status furrow_down(double lambda, double eta, plim_value *value)
{
  return furrow(lambda, eta, FURROW_DOWN, value);
}

static const double last_known = 4.1e4; /* lambda up to which ends_early has values */
static plim_status furrow_that_ends(double lambda, double eta, plim_value *value)
{
  return lambda > last_known ? PLIM_NOT_CONVERGED : furrow_up(lambda, eta, value);
}

static double across(double eta)
{
  return 0.7 * pow(log(eta) - bottom[BOWL].v, 2.0);
}

static plim_status falls_to_a_level(double lambda, double eta, plim_value *value)
{
  return is(value, 1.7 + 1.0 / (1.0 + pow(lambda, 4.0)) + across(eta));
}

static plim_status falls_and_ends(double lambda, double eta, plim_value *value)
{
  return lambda > last_known ? PLIM_NOT_FINITE : is(value, 1.7 - 0.013 * log(lambda) + across(eta));
}

static plim_status least_without_lambda(double lambda, double eta, plim_value *value)
{
  return is(value, 1.7 + lambda + across(eta));
}

static plim_status wants_a_penalty(double lambda, double eta, plim_value *value)
{
  return lambda == 0.0 ? PLIM_OUTSIDE_DOMAIN : least_without_lambda(lambda, eta, value);
}

static plim_status has_no_zero(double lambda, double eta, plim_value *value)
{
  return lambda == 0.0 ? PLIM_NO_MEMORY : least_without_lambda(lambda, eta, value);
}

static plim_status least_without_step(double lambda, double eta, plim_value *value)
{
  return is(value, 1.7 + eta + 0.3 * pow(log(lambda) - bottom[BOWL].u, 2.0));
}

static plim_status level(double lambda, double eta, plim_value *value)
{
  (void)lambda;
  (void)eta;
  return is(value, 1.7);
}

static plim_status endless(double lambda, double eta, plim_value *value)
{
  (void)lambda;
  (void)eta;
  (void)value;
  return PLIM_DIVERGES;
}

/* ---- The search ---- */

static const plim_search open_search = {
    .over_lambda = true, .over_eta = true, .lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}};

/* of_student's risk: the least is best, and of its shape nothing is known */
static plim_status find(surface *over, const plim_search *search, plim_optimum *found)
{
  plim_problem problem = plim_problem_default();
  plim_theory *theory = new_theory();
  problem.eta = 0.613;
  problem.lambda = 0.137;
  problem.d = INFINITY;
  shape = over;
  asked = 0;
  const plim_status status = plim_optimum_find(theory, PLIM_SRF_RISK, &problem, search, found);
  plim_theory_free(theory);
  return status;
}

static plim_optimum found_on(surface *over, const plim_search *search)
{
  plim_optimum best;
  failing = 0;
  ck_assert_int_eq(find(over, search, &best), PLIM_OK);
  ck_assert_int_eq(best.certificate, PLIM_CERTIFICATE_SAMPLED);
  return best;
}

static void assert_bottom(const plim_optimum *best, int which)
{
  ck_assert_int_eq(best->lambda.place, PLIM_PLACE_INSIDE);
  ck_assert_int_eq(best->eta.place, PLIM_PLACE_INSIDE);
  assert_close(log(best->lambda.at), bottom[which].u, 0.0, place_tolerance, "lambda");
  assert_close(log(best->eta.at), bottom[which].v, 0.0, place_tolerance, "eta");
  assert_close(best->value.value, 1.7, 0.0, 1e-10, "the least value");
  ck_assert(best->lambda.bracket.low < best->lambda.at && best->lambda.at < best->lambda.bracket.high);
  ck_assert(best->eta.bracket.low < best->eta.at && best->eta.at < best->eta.bracket.high);
  ck_assert(best->lambda.searched.low <= best->lambda.bracket.low &&
            best->lambda.bracket.high <= best->lambda.searched.high);
}

START_TEST(bottoms_are_found_however_far)
{
  const plim_optimum inside = found_on(bowl, &open_search);
  assert_bottom(&inside, BOWL);
  ck_assert(inside.lambda.searched.high == 1e3 && inside.eta.searched.low == 1e-4); /* nothing to grow for */
  const plim_optimum up = found_on(furrow_up, &open_search);
  assert_bottom(&up, FURROW_UP);
  ck_assert(up.lambda.searched.high > 1e3 && up.eta.searched.high > 30.0);
  const plim_optimum down = found_on(furrow_down, &open_search);
  assert_bottom(&down, FURROW_DOWN);
  ck_assert(down.lambda.searched.low < 1e-8 && down.eta.searched.low < 1e-4);
}
END_TEST

/* Where the user ends the range the search ends: the furrow is followed to the border, and not beyond. */
START_TEST(users_ends_are_kept)
{
  plim_search search = open_search;
  search.lambda.high = 731.0;
  const plim_optimum up = found_on(furrow_up, &search);
  ck_assert(up.lambda.searched.high == 731.0 && up.lambda.at <= 731.0);
  search = open_search;
  search.lambda = (plim_range){0.31, 7.3}; /* the whole range is beyond the bottom, at 0.237 */
  const plim_optimum low = found_on(bowl, &search);
  ck_assert_int_eq(low.lambda.place, PLIM_PLACE_LOW);
  ck_assert(low.lambda.at == 0.31);
  ck_assert_int_eq(low.eta.place, PLIM_PLACE_INSIDE);
  const double slope = 0.2 / (2.0 * 0.7);
  assert_close(log(low.eta.at), bottom[BOWL].v - slope * (log(0.31) - bottom[BOWL].u), 0.0, place_tolerance,
               "along the border");
  search = open_search;
  search.eta = (plim_range){2.41, 29.0};
  const plim_optimum small = found_on(bowl, &search);
  ck_assert_int_eq(small.eta.place, PLIM_PLACE_LOW);
  ck_assert(small.eta.at == 2.41);
}
END_TEST

START_TEST(growth_ends_where_nothing_is_gained)
{
  const plim_optimum level_off = found_on(falls_to_a_level, &open_search);
  ck_assert_int_eq(level_off.eta.place, PLIM_PLACE_INSIDE);
  assert_close(log(level_off.eta.at), bottom[BOWL].v, 0.0, place_tolerance, "eta");
  ck_assert(level_off.lambda.at >= 1e3 && level_off.lambda.at < 1e8);
  const plim_optimum ended = found_on(falls_and_ends, &open_search);
  ck_assert_int_eq(ended.lambda.place, PLIM_PLACE_HIGH);
  ck_assert(ended.lambda.at <= last_known && ended.lambda.at > 1e3);
  assert_close(log(ended.lambda.at), log(last_known), 0.0, 2.0 * half_spacing_lambda, "the last line");
  const plim_optimum followed = found_on(furrow_that_ends, &open_search);
  ck_assert(followed.lambda.at <= last_known && isfinite(followed.value.value));
  ck_assert(followed.value.value <
            1.7 + 0.017 * pow(bottom[FURROW_UP].v - log(30.0) + half_spacing_eta, 2.0));
}
END_TEST

START_TEST(zero_is_looked_at)
{
  const plim_optimum ridgeless = found_on(least_without_lambda, &open_search);
  ck_assert_int_eq(ridgeless.lambda.place, PLIM_PLACE_ZERO);
  ck_assert(ridgeless.lambda.at == 0.0);
  assert_close(log(ridgeless.eta.at), bottom[BOWL].v, 0.0, place_tolerance, "eta");
  const plim_optimum still = found_on(least_without_step, &open_search);
  ck_assert_int_eq(still.eta.place, PLIM_PLACE_ZERO);
  ck_assert(still.eta.at == 0.0);
  assert_close(log(still.lambda.at), bottom[BOWL].u, 0.0, place_tolerance, "lambda");
  const plim_optimum penalty = found_on(wants_a_penalty, &open_search);
  ck_assert_int_eq(penalty.lambda.place, PLIM_PLACE_LOW);
  ck_assert(penalty.lambda.at > 0.0);
  const plim_optimum anywhere = found_on(level, &open_search);
  ck_assert(anywhere.value.value == 1.7);
}
END_TEST

static const plim_optimum untouched = {.value = {-7.0, -8.0}, .bound = -9.0};

static void assert_refused(surface *over, plim_status expected)
{
  plim_optimum best = untouched;
  const plim_status status = find(over, &open_search, &best);
  ck_assert_msg(status == expected, "question %lu: %s, not %s", failing, plim_status_name(status),
                plim_status_name(expected));
  ck_assert(best.value.value == untouched.value.value && best.bound == untouched.bound);
}

START_TEST(what_has_no_value_is_refused)
{
  failing = 0;
  assert_refused(endless, PLIM_DIVERGES);
  assert_refused(has_no_zero, PLIM_NO_MEMORY);
}
END_TEST

/* Whichever question gets no answer: another status than that of a missing value ends the search with it. */
START_TEST(failures_of_the_limit_are_passed_on)
{
  surface *const over[] = {bowl, furrow_up, furrow_down, falls_to_a_level, least_without_step};
  surface *const chosen = over[_i];
  (void)found_on(chosen, &open_search);
  const unsigned long questions = asked;
  failure = PLIM_NO_MEMORY;
  for (failing = 1; failing <= questions; failing += failing < 1000 ? 7 : 1)
    assert_refused(chosen, PLIM_NO_MEMORY);
  failing = 0;
}
END_TEST

/* One variable, on the same surfaces: along lambda with eta where the problem has it. */
START_TEST(one_variable_ends_alike)
{
  plim_search search = plim_search_default();
  plim_optimum best = untouched;
  const plim_optimum inside = found_on(bowl, &search);
  const double slope = 0.2 / (2.0 * 0.3);
  assert_close(log(inside.lambda.at), bottom[BOWL].u - slope * (log(inside.eta.at) - bottom[BOWL].v), 0.0,
               place_tolerance, "lambda");
  ck_assert(inside.eta.place == PLIM_PLACE_FIXED && inside.eta.at == 0.613);
  ck_assert_int_eq(found_on(falls_and_ends, &search).lambda.place, PLIM_PLACE_HIGH);
  ck_assert_int_eq(found_on(least_without_lambda, &search).lambda.place, PLIM_PLACE_ZERO);
  ck_assert_int_eq(found_on(level, &search).lambda.place, PLIM_PLACE_ANYWHERE);
  ck_assert_int_eq(find(endless, &search, &best), PLIM_DIVERGES);
  ck_assert_int_eq(find(has_no_zero, &search, &best), PLIM_NO_MEMORY);
  surface *const over[] = {bowl, falls_and_ends, falls_to_a_level, wants_a_penalty};
  failure = PLIM_NO_MEMORY;
  for (size_t i = 0; i < sizeof over / sizeof over[0]; i++) {
    (void)found_on(over[i], &search);
    const unsigned long questions = asked;
    for (failing = 1; failing <= questions; failing++)
      ck_assert_int_eq(find(over[i], &search, &best), PLIM_NO_MEMORY);
  }
  ck_assert(best.value.value == untouched.value.value);
  failing = 0;
}
END_TEST

START_TEST(searches_of_nothing_are_refused)
{
  const plim_search nothing = {.lambda = {0.0, INFINITY}, .eta = {0.0, INFINITY}},
                    backward = {.over_lambda = true, .lambda = {2.0, 1.0}},
                    negative = {.over_eta = true, .eta = {-1.0, 1.0}}, whole = plim_search_default();
  plim_optimum best = untouched;
  plim_problem problem = plim_problem_default();
  plim_theory *theory = new_theory();
  ck_assert_int_eq(find(bowl, &nothing, &best), PLIM_INVALID);
  ck_assert_int_eq(find(bowl, &backward, &best), PLIM_INVALID);
  ck_assert_int_eq(find(bowl, &negative, &best), PLIM_INVALID);
  ck_assert_int_eq(plim_optimum_find(NULL, PLIM_SRF_RISK, &problem, &whole, &best), PLIM_INVALID);
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_SRF_RISK, NULL, &whole, &best), PLIM_INVALID);
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_SRF_RISK, &problem, NULL, &best), PLIM_INVALID);
  ck_assert_int_eq(plim_optimum_find(theory, PLIM_QUANTITY_COUNT, &problem, &whole, &best), PLIM_INVALID);
  ck_assert(best.value.value == untouched.value.value);
  ck_assert_ptr_null(plim_place_name(PLIM_PLACE_COUNT));
  ck_assert_ptr_null(plim_place_meaning(PLIM_PLACE_COUNT));
  ck_assert_ptr_null(plim_certificate_name(PLIM_CERTIFICATE_COUNT));
  ck_assert_ptr_null(plim_certificate_meaning(PLIM_CERTIFICATE_COUNT));
  ck_assert_str_eq(plim_certificate_name(PLIM_CERTIFICATE_ENCLOSED), "enclosed");
  plim_theory_free(theory);
}
END_TEST

/* ---- GSL ---- */

typedef enum { NOTHING, ALLOC, SET, ITERATE } step_of_simplex;
static step_of_simplex refusing;

gsl_multimin_fminimizer *gsl_multimin_fminimizer_alloc(const gsl_multimin_fminimizer_type *type, size_t n)
{
  gsl_multimin_fminimizer *(*real)(const gsl_multimin_fminimizer_type *, size_t);
  *(void **)&real = dlsym(RTLD_NEXT, "gsl_multimin_fminimizer_alloc");
  return refusing == ALLOC ? NULL : real(type, n);
}

int gsl_multimin_fminimizer_set(gsl_multimin_fminimizer *s, gsl_multimin_function *f, const gsl_vector *start,
                                const gsl_vector *reach)
{
  int (*real)(gsl_multimin_fminimizer *, gsl_multimin_function *, const gsl_vector *, const gsl_vector *);
  *(void **)&real = dlsym(RTLD_NEXT, "gsl_multimin_fminimizer_set");
  return refusing == SET ? GSL_EFAILED : real(s, f, start, reach);
}

int gsl_multimin_fminimizer_iterate(gsl_multimin_fminimizer *s)
{
  int (*real)(gsl_multimin_fminimizer *);
  *(void **)&real = dlsym(RTLD_NEXT, "gsl_multimin_fminimizer_iterate");
  return refusing == ITERATE ? GSL_EFAILED : real(s);
}

START_TEST(failures_of_the_simplex_are_said)
{
  failing = 0;
  refusing = ALLOC;
  assert_refused(bowl, PLIM_NO_MEMORY);
  refusing = SET;
  assert_refused(bowl, PLIM_NOT_CONVERGED);
  refusing = ITERATE;
  assert_refused(bowl, PLIM_NOT_CONVERGED);
  refusing = NOTHING;
}
END_TEST

int main(void)
{
#ifndef PLIM_LINKER_WRAPS
  puts("skipped: the linker has no --wrap");
  return 77;
#endif
  TCase *tests = tcase_create("optimum_surface");
  tcase_add_test(tests, bottoms_are_found_however_far);
  tcase_add_test(tests, users_ends_are_kept);
  tcase_add_test(tests, growth_ends_where_nothing_is_gained);
  tcase_add_test(tests, zero_is_looked_at);
  tcase_add_test(tests, what_has_no_value_is_refused);
  tcase_add_loop_test(tests, failures_of_the_limit_are_passed_on, 0, 5);
  tcase_add_test(tests, one_variable_ends_alike);
  tcase_add_test(tests, searches_of_nothing_are_refused);
  tcase_add_test(tests, failures_of_the_simplex_are_said);
  return run_case(tests, "optimum_surface");
}
