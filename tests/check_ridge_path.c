/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_ridge_path.c - the lambda path against systems whose solution is known: A = H D H with a product H of
   reflections has eigenvalues D, so (A + shift)^-1 b = H (D + shift)^-1 H'b to rounding whatever the condition. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/ridge_path.h"
#include "../sim/stream.h"
#include "run_cases.h"

enum { SHIFTS = 20 };
static const plim_size any_size = {.n = 1, .d = 2, .width = 3};

typedef struct {
  size_t order;
  double *reflector, *eigenvalue, *rhs, *block;
  double shift[SHIFTS];
  bool by_eigen[SHIFTS];
  plimi_path path;
  double *factor;
  plimi_team *team;
} system_fixture;

static void apply_reflections(const system_fixture *s, bool transposed, double *x)
{
  for (int pass = 0; pass < 2; pass++) {
    const double *v = s->reflector + (size_t)(transposed ? pass : 1 - pass) * s->order;
    double inner = 0.0, square = 0.0;
    for (size_t i = 0; i < s->order; i++) {
      inner += v[i] * x[i];
      square += v[i] * v[i];
    }
    for (size_t i = 0; i < s->order; i++)
      x[i] -= 2.0 * inner / square * v[i];
  }
}

/* Eigenvalues from 2.5 down to `smallest` in equal ratios, the last `zeros` of them 0. */
static void open_system(system_fixture *s, size_t order, double smallest, size_t zeros)
{
  memset(s, 0, sizeof *s);
  s->order = order;
  s->reflector = malloc(2 * order * sizeof(double));
  s->eigenvalue = malloc(order * sizeof(double));
  s->rhs = malloc(order * sizeof(double));
  const plimi_stream stream = plimi_stream_named(17, &any_size, order, PLIMI_STREAM_INPUTS, 0);
  plimi_stream_normals(&stream, 0, 2 * order, s->reflector);
  plimi_stream_normals(&stream, 2 * order, order, s->rhs);
  for (size_t i = 0; i < order; i++) {
    const double place = order > 1 ? (double)i / (double)(order - 1) : 0.0;
    s->eigenvalue[i] = i + zeros < order ? 2.5 * pow(smallest / 2.5, place) : 0.0;
  }
  for (size_t l = 0; l < SHIFTS; l++) /* 0, then 1e-12 .. 1e6 */
    s->shift[l] = l == 0 ? 0.0 : pow(10.0, -12.0 + 18.0 * (double)(l - 1) / (SHIFTS - 2));

  plimi_arena arena = {.base = NULL};
  plimi_path_layout(&arena, order, SHIFTS, &s->path);
  s->block = (double *)(void *)plimi_arena_block_alloc(arena.used);
  arena = (plimi_arena){.base = (char *)s->block};
  plimi_path_layout(&arena, order, SHIFTS, &s->path);
  s->factor = malloc(plimi_path_factor_size(order) * sizeof(double));
  s->path.band.order = order;
  s->path.shift = s->shift;
  s->path.by_eigen = s->by_eigen;
  double *column = malloc(order * sizeof(double));
  for (size_t j = 0; j < order; j++) {
    memset(column, 0, order * sizeof(double));
    column[j] = 1.0;
    apply_reflections(s, true, column);
    for (size_t i = 0; i < order; i++)
      column[i] *= s->eigenvalue[i];
    apply_reflections(s, false, column);
    memcpy(s->path.band.a + j * order, column, order * sizeof(double));
  }
  free(column);
  ck_assert_int_eq(plimi_team_alloc(1, NULL, &s->team), PLIM_OK);
}

static void solve_system(system_fixture *s)
{
  const plimi_path_settings settings = {.team = s->team, .factors = &s->factor, .n_shift = SHIFTS};
  ck_assert_int_eq(plimi_paths_solve(&settings, 1, &s->path), PLIM_OK);
}

static void close_system(system_fixture *s)
{
  plimi_team_free(s->team);
  plimi_arena_block_free((char *)s->block);
  free(s->factor);
  free(s->rhs);
  free(s->eigenvalue);
  free(s->reflector);
}

/* |x - exact| / |exact| for one shift; eigenvalue 0 at shift 0 is left out (pseudo-inverse). */
static double relative_error(const system_fixture *s, size_t l)
{
  double *exact = malloc(s->order * sizeof *exact), gap = 0.0, size = 0.0;
  memcpy(exact, s->rhs, s->order * sizeof *exact);
  apply_reflections(s, true, exact);
  for (size_t i = 0; i < s->order; i++)
    exact[i] = s->eigenvalue[i] + s->shift[l] > 0.0 ? exact[i] / (s->eigenvalue[i] + s->shift[l]) : 0.0;
  apply_reflections(s, false, exact);
  for (size_t i = 0; i < s->order; i++) {
    gap += pow(s->path.solutions[i + l * s->order] - exact[i], 2);
    size += exact[i] * exact[i];
  }
  free(exact);
  return sqrt(gap / size);
}

/* Orders below, at and above the bandwidth; a stable solver is right to a modest multiple of eps times the
   condition. */
START_TEST(whole_path_is_accurate)
{
  static const size_t orders[] = {1, 2, 5, 64, 65, 66, 129, 200, 331};
  const double smallest = 1e-5;
  system_fixture s;
  open_system(&s, orders[_i], smallest, 0);
  memcpy(s.path.rhs, s.rhs, s.order * sizeof(double));
  solve_system(&s);
  for (size_t l = 0; l < SHIFTS; l++) {
    const double condition = (2.5 + s.shift[l]) / (smallest + s.shift[l]);
    const double error = relative_error(&s, l);
    ck_assert_msg(error < 40.0 * DBL_EPSILON * fmax(condition, 10.0),
                  "order %zu, shift %g: error %g, condition %g", s.order, s.shift[l], error, condition);
    ck_assert(!s.by_eigen[l]);
  }
  close_system(&s);
}
END_TEST

/* Rank-deficient A and b in its range: shift = 0 is the limit shift -> 0, the minimum-norm solution. */
START_TEST(rank_deficient_limit_is_the_minimum_norm_solution)
{
  static const size_t orders[] = {3, 40, 150};
  system_fixture s;
  open_system(&s, orders[_i], 0.01, orders[_i] / 3);
  apply_reflections(&s, true, s.rhs);
  for (size_t i = s.order - s.order / 3; i < s.order; i++)
    s.rhs[i] = 0.0;
  apply_reflections(&s, false, s.rhs);
  memcpy(s.path.rhs, s.rhs, s.order * sizeof(double));
  solve_system(&s);
  ck_assert(s.by_eigen[0]);
  ck_assert_double_lt(relative_error(&s, 0), 1e-12);
  for (size_t l = 1; l < SHIFTS; l++) /* a component eps |b| outside the range is divided by the shift */
    ck_assert_double_lt(relative_error(&s, l), 1e-13 * (10.0 + 1.0 / s.shift[l]));
  close_system(&s);
}
END_TEST

START_TEST(eigenvalues_are_those_of_the_matrix)
{
  system_fixture s;
  open_system(&s, 140, 1e-3, 0);
  memcpy(s.path.rhs, s.rhs, s.order * sizeof(double));
  solve_system(&s);
  double *found = malloc(s.order * sizeof *found);
  ck_assert_int_eq(plimi_path_eigenvalues(&s.path, found), PLIM_OK);
  for (size_t i = 0; i < s.order; i++)
    ck_assert_double_eq_tol(found[i], s.eigenvalue[s.order - 1 - i], 1e-14);
  free(found);
  close_system(&s);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("ridge_path");
  tcase_add_loop_test(tests, whole_path_is_accurate, 0, 9);
  tcase_add_loop_test(tests, rank_deficient_limit_is_the_minimum_norm_solution, 0, 3);
  tcase_add_test(tests, eigenvalues_are_those_of_the_matrix);
  return run_cases("ridge_path", 1, &tests);
}
