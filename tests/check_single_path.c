/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_single_path.c - ridge paths in float against those in double, of one matrix: as good where they say that they
   serve; and they say so neither of a penalty that is lost in float nor of what is no number there. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/single_path.h"
#include "../sim/stream.h"
#include "run_cases.h"

enum { SHIFTS = 7 };

typedef struct {
  size_t rows, columns, order;
  plimi_matrix phi;
  bool of_rows, by_eigen[SHIFTS];
  double shift[SHIFTS], *rhs, *factor;
  char *block;
  plimi_path path, exact;
  plimi_single_path single;
  plimi_team *team;
} problem;

static void lay_out(plimi_arena *arena, problem *p)
{
  p->phi = plimi_matrix_of(plimi_arena_take(arena, p->rows, p->columns), p->rows, p->columns);
  p->rhs = plimi_arena_take(arena, p->order, 1);
  p->factor = plimi_arena_take(arena, plimi_path_factor_size(p->order), 1);
  plimi_path_layout(arena, p->order, SHIFTS, &p->path);
  plimi_path_layout(arena, p->order, SHIFTS, &p->exact);
  plimi_single_path_layout(arena, p->rows, p->columns, SHIFTS, &p->path, &p->single);
}

/* Phi with independent entries of variance 1 / rows, so of the size of 1, times `scale`. */
static void open_problem(problem *p, size_t rows, size_t columns, double scale)
{
  static const plim_size any = {.n = 1, .d = 2, .width = 3};
  static const double shifts[SHIFTS] = {2.385, 0.0137, 0.385, 0.0031, 17.3, 0.147, 1.01};
  memset(p, 0, sizeof *p);
  p->rows = rows;
  p->columns = columns;
  p->of_rows = rows <= columns;
  p->order = p->of_rows ? rows : columns;
  plimi_arena arena = {.base = NULL};
  lay_out(&arena, p);
  p->block = plimi_arena_block_alloc(arena.used);
  ck_assert_ptr_nonnull(p->block);
  arena = (plimi_arena){.base = p->block};
  lay_out(&arena, p);
  const plimi_stream stream = plimi_stream_named(17, &any, 0, PLIMI_STREAM_INPUTS, 0);
  plimi_stream_normals(&stream, 0, rows * columns, p->phi.at);
  plimi_stream_normals(&stream, rows * columns, p->order, p->rhs);
  for (size_t i = 0; i < rows * columns; i++)
    p->phi.at[i] *= scale / sqrt((double)rows);
  memcpy(p->shift, shifts, sizeof p->shift);
  p->path.by_eigen = p->exact.by_eigen = p->by_eigen;
  p->path.shift = p->exact.shift = p->shift;
  p->path.band.order = p->exact.band.order = p->order;
  memcpy(p->path.rhs, p->rhs, p->order * sizeof *p->rhs);
  p->single.path = &p->path;
  p->single.phi = &p->phi;
  p->single.of_rows = p->of_rows;
  p->single.serves = true;
  ck_assert_int_eq(plimi_team_alloc(2, NULL, &p->team), PLIM_OK);
}

static void close_problem(problem *p)
{
  plimi_team_free(p->team);
  plimi_arena_block_free(p->block);
}

static bool solve(problem *p)
{
  double *own = malloc(plimi_path_factor_size(p->order) * sizeof *own);
  double *const factors[] = {p->factor, own};
  const plimi_path_settings settings = {.team = p->team, .factors = factors, .n_shift = SHIFTS};
  plimi_single_paths_solve(&settings, 1, &p->single);
  ck_assert_mem_eq(p->path.rhs, p->rhs, p->order * sizeof *p->rhs);
  if (p->single.serves) {
    const plimi_matrix gram = plimi_matrix_of(p->exact.band.a, p->order, p->order);
    plimi_gram(p->team, p->of_rows ? PLIMI_OF_ROWS : PLIMI_OF_COLUMNS, &p->phi, &gram);
    memcpy(p->exact.rhs, p->rhs, p->order * sizeof *p->rhs);
    ck_assert_int_eq(plimi_paths_solve(&settings, 1, &p->exact), PLIM_OK);
  }
  free(own);
  return p->single.serves;
}

/* The largest |x - exact| over |exact|. */
static double error_of(const problem *p)
{
  double largest = 0.0;
  for (size_t l = 0; l < SHIFTS; l++) {
    double apart = 0.0, size = 0.0;
    for (size_t i = l * p->order; i < (l + 1) * p->order; i++) {
      apart += pow(p->path.solutions[i] - p->exact.solutions[i], 2);
      size += pow(p->exact.solutions[i], 2);
    }
    largest = fmax(largest, sqrt(apart / size));
  }
  return largest;
}

/* By rows and by columns; orders below, at and above the bandwidth; factors of all shifts at a time, of one or two. */
static const size_t sizes[][2] = {{1, 1},    {2, 5},     {64, 64},   {65, 67},   {66, 190},
                                  {191, 66}, {260, 130}, {131, 133}, {301, 299}, {130, 700}};
enum { SIZES = sizeof sizes / sizeof *sizes };

START_TEST(as_good_as_in_double)
{
  static const double as_good = 1e-9, of_double = 1e-13;
  problem p;
  open_problem(&p, sizes[_i][0], sizes[_i][1], 1.03);
  ck_assert(solve(&p));
  const double error = error_of(&p);
  ck_assert_msg(error <= as_good, "%zu x %zu: %g", p.rows, p.columns, error);
  ck_assert_msg(p.order < 60 || error > of_double, "%zu x %zu is double: %g", p.rows, p.columns, error);
  close_problem(&p);
}
END_TEST

/* A square matrix has small singular values, which rounding of its Gram matrix moves by some FLT_EPSILON: a shift far
   below that is not served, and one shift that is not takes the path with it. */
START_TEST(lost_penalties_are_noticed)
{
  static const double lost[] = {0.0, 1e-12, 1e-9, 3e-8};
  problem p;
  open_problem(&p, 301, 301, 1.03);
  p.shift[SHIFTS - 2] = lost[_i];
  ck_assert(!solve(&p));
  ck_assert(lost[_i] < plimi_single_path_least(4.0 * 1.03 * 1.03));
  close_problem(&p);
}
END_TEST

/* And where it starts to be worth it the trial succeeds. */
START_TEST(the_least_is_served)
{
  problem p;
  open_problem(&p, 301, 301, 1.03);
  p.shift[SHIFTS - 2] = plimi_single_path_least(4.0 * 1.03 * 1.03);
  ck_assert(solve(&p));
  const double error = error_of(&p);
  ck_assert_msg(error <= 1e-9, "%g", error);
  close_problem(&p);
}
END_TEST

/* Gram matrices that are infinite in float, or all 0; and right-hand sides that would be, which are scaled. */
START_TEST(beyond_the_range_of_float)
{
  problem p;
  open_problem(&p, 131, 133, _i == 0 ? 2.385e25 : 2.385e-25);
  for (size_t l = 0; l < SHIFTS; l++)
    p.shift[l] *= _i == 0 ? 1e50 : 1e-50;
  ck_assert(!solve(&p));
  close_problem(&p);
  open_problem(&p, 131, 133, 1.03);
  for (size_t i = 0; i < p.order; i++)
    p.path.rhs[i] = p.rhs[i] *= _i == 0 ? 1e90 : 1e-90;
  ck_assert(solve(&p));
  ck_assert(error_of(&p) <= 1e-9);
  memset(p.rhs, 0, p.order * sizeof *p.rhs);
  memset(p.path.rhs, 0, p.order * sizeof *p.rhs);
  ck_assert(solve(&p));
  for (size_t i = 0; i < SHIFTS * p.order; i++)
    ck_assert(p.path.solutions[i] == 0.0);
  close_problem(&p);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("single_path");
  tcase_add_loop_test(tests, as_good_as_in_double, 0, SIZES);
  tcase_add_loop_test(tests, lost_penalties_are_noticed, 0, 4);
  tcase_add_test(tests, the_least_is_served);
  tcase_add_loop_test(tests, beyond_the_range_of_float, 0, 2);
  return run_cases("single_path", 1, &tests);
}
