/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_dense.c - tiles against plain loops, the top singular triplet against a matrix whose triplet is known, the team
   and the arena. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/arena.h"
#include "../sim/dense.h"
#include "../sim/stream.h"
#include "run_cases.h"

static const plim_size any_size = {.n = 1, .d = 2, .width = 3};

static plimi_matrix random_matrix(size_t rows, size_t columns, size_t number)
{
  const plimi_stream stream = plimi_stream_named(8, &any_size, number, PLIMI_STREAM_INPUTS, 0);
  const plimi_matrix m = plimi_matrix_of(malloc(rows * columns * sizeof(double)), rows, columns);
  ck_assert_ptr_nonnull(m.at);
  plimi_stream_normals(&stream, 0, rows * columns, m.at);
  return m;
}

/* Sums of `depth` products of normals: rounding grows like the square root, and this leaves a factor of 20. */
static double sum_tolerance(size_t depth)
{
  return 20.0 * DBL_EPSILON * sqrt((double)depth);
}

START_TEST(gram_in_tiles_is_the_gram_matrix)
{
  /* below, at, and across tile boundaries; wide and tall */
  static const size_t shapes[][2] = {{1, 1}, {3, 5}, {256, 40}, {40, 256}, {257, 31}, {31, 600}, {523, 300}};
  const plimi_gram_kind kind = _i % 2 == 0 ? PLIMI_OF_COLUMNS : PLIMI_OF_ROWS;
  const size_t rows = shapes[_i / 2][0], columns = shapes[_i / 2][1];
  const plimi_matrix a = random_matrix(rows, columns, (size_t)_i);
  const size_t order = kind == PLIMI_OF_COLUMNS ? columns : rows, depth = rows + columns - order;
  const plimi_matrix gram = random_matrix(order, order, 99);
  plimi_team *team;
  ck_assert_int_eq(plimi_team_alloc(2, plimi_dense_hold_worker, &team), PLIM_OK);
  plimi_gram(team, kind, &a, &gram);
  for (size_t j = 0; j < order; j++) {
    for (size_t i = j; i < order; i++) {
      double sum = 0.0;
      for (size_t k = 0; k < depth; k++)
        sum += kind == PLIMI_OF_COLUMNS ? a.at[k + i * rows] * a.at[k + j * rows]
                                        : a.at[i + k * rows] * a.at[j + k * rows];
      ck_assert_double_eq_tol(gram.at[i + j * order], sum, sum_tolerance(depth) * (1.0 + fabs(sum)));
    }
  }
  plimi_team_free(team);
  free(gram.at);
  free(a.at);
}
END_TEST

START_TEST(products_are_products)
{
  const size_t m = 7, n = 5, depth = 11;
  for (int kind = PLIMI_NN; kind <= PLIMI_NT; kind++) {
    const plimi_matrix a = kind == PLIMI_TN ? random_matrix(depth, m, 1) : random_matrix(m, depth, 1);
    const plimi_matrix b = kind == PLIMI_NT ? random_matrix(n, depth, 2) : random_matrix(depth, n, 2);
    const plimi_matrix c = random_matrix(m, n, 3), before = random_matrix(m, n, 3);
    plimi_product((plimi_product_kind)kind, 1.7, &a, &b, -0.3, &c);
    for (size_t i = 0; i < m; i++) {
      for (size_t j = 0; j < n; j++) {
        double sum = -0.3 * before.at[i + j * m];
        for (size_t k = 0; k < depth; k++)
          sum += 1.7 * (kind == PLIMI_TN ? a.at[k + i * depth] : a.at[i + k * m]) *
                 (kind == PLIMI_NT ? b.at[j + k * n] : b.at[k + j * depth]);
        ck_assert_double_eq_tol(c.at[i + j * m], sum, 10.0 * sum_tolerance(depth));
      }
    }
    free(before.at);
    free(c.at);
    free(b.at);
    free(a.at);
  }
}
END_TEST

/* x becomes (I - 2 v v'/|v|^2) x. */
static void reflect(size_t count, const double *v, double *x, size_t stride)
{
  double inner = 0.0, square = 0.0;
  for (size_t i = 0; i < count; i++) {
    inner += v[i] * x[i * stride];
    square += v[i] * v[i];
  }
  for (size_t i = 0; i < count; i++)
    x[i * stride] -= 2.0 * inner / square * v[i];
}

/* A = H_u D H_v with reflections H: singular values D, vectors the columns of H. The second largest value is 1e-3 below
   the largest, as close as finite size puts them at the threshold. */
START_TEST(top_singular_triplet)
{
  static const size_t shapes[][2] = {{1, 1}, {1, 6}, {6, 1}, {90, 40}, {40, 90}, {300, 280}, {70, 70}};
  const size_t rows = shapes[_i][0], columns = shapes[_i][1], least = rows < columns ? rows : columns;
  const plimi_matrix u = random_matrix(rows, 1, 1), v = random_matrix(columns, 1, 2);
  const plimi_matrix a = random_matrix(rows, columns, 3);
  const double top = 3.719;
  memset(a.at, 0, rows * columns * sizeof *a.at);
  for (size_t k = 0; k < least; k++)
    a.at[k + k * rows] = k == 0 ? top : (top - 1e-3) / (1.0 + 0.01 * (double)(k - 1));
  for (size_t j = 0; j < columns; j++)
    reflect(rows, u.at, a.at + j * rows, 1);
  for (size_t i = 0; i < rows; i++)
    reflect(columns, v.at, a.at + i, rows);

  double *gram = malloc(least * least * sizeof *gram),
         *work = malloc(plimi_top_singular_work(least) * sizeof *work);
  double *left = malloc(rows * sizeof *left), *right = malloc(columns * sizeof *right);
  double *first_left = calloc(rows, sizeof *first_left), *first_right = calloc(columns, sizeof *first_right);
  double value, value_alone;
  plimi_team *team;
  ck_assert_int_eq(plimi_team_alloc(1, NULL, &team), PLIM_OK);
  const plimi_top_workspace workspace = {.team = team, .gram = gram, .work = work};
  ck_assert_int_eq(plimi_top_singular(&a, &workspace, &value, left, right), PLIM_OK);
  ck_assert_int_eq(plimi_top_singular(&a, &workspace, &value_alone, NULL, NULL), PLIM_OK);
  ck_assert_double_eq_tol(value, top, 1e-13);
  ck_assert_double_eq_tol(value_alone, top, 1e-13);
  first_left[0] = first_right[0] = 1.0;
  reflect(rows, u.at, first_left, 1);
  reflect(columns, v.at, first_right, 1);
  /* eps over the relative gap of the Gram matrix, 5e-4, times a few tens */
  ck_assert_double_eq_tol(fabs(plimi_dot(rows, left, first_left)), 1.0, 1e-11);
  ck_assert_double_eq_tol(fabs(plimi_dot(columns, right, first_right)), 1.0, 1e-11);
  for (size_t i = 0; i < rows; i++)
    ck_assert_double_eq_tol(fabs(left[i]), fabs(first_left[i]), 1e-11);
  plimi_team_free(team);
  free(first_right);
  free(first_left);
  free(right);
  free(left);
  free(work);
  free(gram);
  free(a.at);
  free(v.at);
  free(u.at);
}
END_TEST

START_TEST(tiles_cover_once)
{
  for (size_t extent = 1; extent < 4 * PLIMI_TILE; extent += 61) {
    size_t covered = 0;
    for (size_t t = 0; t < plimi_tiles(extent); t++) {
      ck_assert_uint_gt(plimi_tile_extent(extent, t), 0);
      covered += plimi_tile_extent(extent, t);
    }
    ck_assert_uint_eq(covered, extent);
  }
  size_t task = 0;
  for (size_t i = 0; i < 9; i++) {
    for (size_t j = 0; j <= i; j++) {
      size_t row, column;
      plimi_triangle_tile(task++, &row, &column);
      ck_assert_uint_eq(row, i);
      ck_assert_uint_eq(column, j);
    }
  }
}
END_TEST

START_TEST(openblas_is_held_to_one_thread_and_given_back)
{
  const int first = plimi_dense_single_thread();
  ck_assert_int_eq(plimi_dense_single_thread(), 1);
  plimi_dense_restore_threads(first);
  ck_assert_int_eq(plimi_dense_single_thread(), first);
  plimi_dense_restore_threads(first);
}
END_TEST

/* ---- team ---- */

enum { TASKS = 1000 };
typedef struct {
  atomic_int done[TASKS];
  atomic_bool bad_worker;
  size_t workers;
} tally;

static _Thread_local bool begun;
static void begin(void)
{
  begun = true;
}

static void count_task(void *context, size_t task, size_t worker)
{
  tally *t = context;
  atomic_fetch_add(&t->done[task], 1);
  if (worker >= t->workers || begun != (worker > 0))
    atomic_store(&t->bad_worker, true);
}

START_TEST(every_task_runs_once)
{
  static tally t;
  plimi_team *team;
  t.workers = (size_t)_i;
  ck_assert_int_eq(plimi_team_alloc((size_t)_i, begin, &team), PLIM_OK);
  ck_assert_uint_eq(plimi_team_size(team), (size_t)_i);
  for (int round = 1; round <= 50; round++) {
    const size_t count = round % 7 == 0 ? (size_t)round % 3 : TASKS; /* also none and one */
    for (size_t i = 0; i < TASKS; i++)
      atomic_store(&t.done[i], 0);
    plimi_team_run(team, count, count_task, &t);
    for (size_t i = 0; i < TASKS; i++)
      ck_assert_int_eq(atomic_load(&t.done[i]), i < count ? 1 : 0);
  }
  ck_assert(!atomic_load(&t.bad_worker));
  plimi_team_free(team);
  plimi_team_free(NULL);
}
END_TEST

/* ---- arena ---- */

START_TEST(arena_counts_what_it_gives)
{
  plimi_arena counted = {.base = NULL};
  ck_assert_ptr_null(plimi_arena_take(&counted, 3, 5));
  ck_assert_ptr_null(plimi_arena_take(&counted, 0, 5));
  ck_assert_ptr_null(plimi_arena_take(&counted, 7, 1));
  char *block = plimi_arena_block_alloc(counted.used);
  plimi_arena arena = {.base = block};
  double *first = plimi_arena_take(&arena, 3, 5);
  (void)plimi_arena_take(&arena, 0, 5);
  double *second = plimi_arena_take(&arena, 7, 1);
  ck_assert_uint_eq(arena.used, counted.used);
  ck_assert_uint_eq((uintptr_t)first % 64, 0);
  ck_assert_uint_eq((uintptr_t)second % 64, 0);
  ck_assert(second >= first + 15);
  ck_assert((char *)(second + 7) <= block + arena.used);
  plimi_arena_block_free(block);
}
END_TEST

START_TEST(arena_refuses_what_cannot_be_addressed)
{
  plimi_arena arena = {.base = NULL};
  (void)plimi_arena_take(&arena, SIZE_MAX / 16, 3);
  ck_assert(arena.overflow);
  arena = (plimi_arena){.base = NULL};
  for (int i = 0; i < 20; i++)
    (void)plimi_arena_take(&arena, PTRDIFF_MAX / 80, 1);
  ck_assert(arena.overflow);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("dense");
  tcase_add_loop_test(tests, gram_in_tiles_is_the_gram_matrix, 0, 14);
  tcase_add_test(tests, products_are_products);
  tcase_add_loop_test(tests, top_singular_triplet, 0, 7);
  tcase_add_test(tests, tiles_cover_once);
  tcase_add_test(tests, openblas_is_held_to_one_thread_and_given_back);
  tcase_add_loop_test(tests, every_task_runs_once, 1, 5);
  tcase_add_test(tests, arena_counts_what_it_gives);
  tcase_add_test(tests, arena_refuses_what_cannot_be_addressed);
  return run_cases("dense", 1, &tests);
}
