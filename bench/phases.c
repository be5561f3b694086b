/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phases.c - what one replica spends its processor time on, and how far that is from the products it is made of.

   usage: phases [dimension repeats precision]        defaults 2000 3 double
   In single precision the Gram matrix, of float, counts as part of the path.
   The setting of replica.c (n = d = N, tanh and tanh, risk0 and risk1 at 20 penalties), on one thread, stage by stage;
   the same products by dgemm and dsyrk in one call each, of the same flops, are the bound. Medians of processor
   time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>

#include "../sim/sim.h"

enum { PENALTIES = 20, MOST_REPEATS = 25 };

typedef enum { NORMALS, GRADIENT, STEP, FEATURES, GRAM, PATH, RISK, STAGES } stage;
static const char *const stage_names[STAGES] = {"random numbers and labels",
                                                "gradient: two products and maps",
                                                "step",
                                                "features: product and map",
                                                "Gram matrix",
                                                "band reduction and the path",
                                                "risk: exact expectation"};

static double seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void require(bool holds)
{
  if (!holds)
    exit(EXIT_FAILURE);
}

static void lap(double *since, double *to)
{
  const double now = seconds();
  *to += now - *since;
  *since = now;
}

static void run_side(plimi_replica *r, size_t side, const plimi_matrix *weights, double *spent)
{
  plimi_path *path = &r->path[0];
  const plimi_path_settings settings = {.team = r->team, .factors = r->factors, .n_shift = PENALTIES};
  const plimi_matrix gram = plimi_matrix_of(path->band.a, r->size.n, r->size.n);
  const plimi_matrix solution = plimi_matrix_of(path->solutions, r->size.n, PENALTIES);
  const plimi_matrix coefficients = plimi_matrix_of(r->side[side].coefficients, r->size.width, PENALTIES);
  double since = seconds();
  plimi_features(r, weights, 0);
  lap(&since, &spent[FEATURES]);
  memcpy(path->rhs, r->y, r->size.n * sizeof *path->rhs);
  path->band.order = r->size.n;
  path->shift = r->shift;
  if (plimi_is_single(r)) {
    plimi_single_path *single = &r->single[0];
    single->path = path;
    single->phi = &r->features[0];
    single->of_rows = single->serves = true;
    plimi_single_paths_solve(&settings, 1, single);
    require(single->serves);
  } else {
    plimi_gram(r->team, PLIMI_OF_ROWS, &r->features[0], &gram);
    lap(&since, &spent[GRAM]);
    require(plimi_paths_solve(&settings, 1, path) == PLIM_OK);
  }
  plimi_product(PLIMI_TN, 1.0, &r->features[0], &solution, 0.0, &coefficients);
  lap(&since, &spent[PATH]);
  r->side[side].weights = *weights;
  require(plimi_exact_risk(r, &r->side[side], plimi_result(r, PLIM_RISK0)) == PLIM_OK);
  lap(&since, &spent[RISK]);
}

static void run(plimi_replica *r, size_t number, double *spent)
{
  memset(spent, 0, STAGES * sizeof *spent);
  double since = seconds();
  r->number = number;
  for (size_t l = 0; l < PENALTIES; l++)
    r->shift[l] = r->measurement->lambda[l];
  plimi_draw_network(r);
  plimi_draw_batch(r, 0);
  lap(&since, &spent[NORMALS]);
  plimi_gradient(r);
  lap(&since, &spent[GRADIENT]);
  require(plimi_step(r) == PLIM_OK);
  lap(&since, &spent[STEP]);
  plimi_draw_ridge_batch(r);
  lap(&since, &spent[NORMALS]);
  run_side(r, PLIMI_AT_W0, &r->w0, spent);
  run_side(r, PLIMI_AT_W1, &r->w1, spent);
}

static int ascending(const void *left, const void *right)
{
  const double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static double median(size_t count, double *x)
{
  qsort(x, count, sizeof *x, ascending);
  return count % 2 == 1 ? x[count / 2] : 0.5 * (x[count / 2 - 1] + x[count / 2]);
}

/* One dgemm, and one dsyrk, of the replica's own matrices. */
static void products(plimi_replica *r, double *dgemm, double *dsyrk)
{
  const int n = (int)r->size.n;
  double since = seconds();
  *dgemm = *dsyrk = 0.0;
  cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, n, n, n, 1.0, r->x.at, n, r->w0.at, n, 0.0,
              r->features[0].at, n);
  lap(&since, dgemm);
  cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, n, n, 1.0, r->features[0].at, n, 0.0,
              r->path[0].band.a, n);
  lap(&since, dsyrk);
}

int main(int argc, char **argv)
{
  const size_t dimension = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 2000;
  const size_t asked = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 3;
  const size_t repeats = asked < MOST_REPEATS ? asked : MOST_REPEATS;
  const plim_quantity quantities[] = {PLIM_RISK0, PLIM_RISK1};
  double lambda[PENALTIES], spent[MOST_REPEATS][STAGES], dgemm[MOST_REPEATS], dsyrk[MOST_REPEATS],
      whole = 0.0;
  for (int i = 0; i < PENALTIES; i++)
    lambda[i] = pow(10.0, -4.0 + 5.0 * i / (PENALTIES - 1));
  plim_activation *activation;
  require(plim_activation_alloc("tanh", &activation, NULL) == PLIM_OK);
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = activation;
  const plim_simulation simulation = {.size = {.n = dimension, .d = dimension, .width = dimension},
                                      .replicas = 1,
                                      .threads = 1,
                                      .precision = argc > 3 && strcmp(argv[3], "single") == 0
                                                       ? PLIM_PRECISION_SINGLE
                                                       : PLIM_PRECISION_DOUBLE};
  const plim_measurement measurement = {quantities, 2, lambda, PENALTIES};
  plimi_replica pattern, r;
  require(plimi_replica_pattern(&problem, &simulation, &measurement, &pattern) == PLIM_OK);
  const int threads = plimi_dense_single_thread();
  require(plimi_replica_open(&pattern, 1, &r) == PLIM_OK);
  for (size_t i = 0; i < repeats; i++) {
    run(&r, i, spent[i]);
    products(&r, &dgemm[i], &dsyrk[i]);
  }
  for (int s = 0; s < STAGES; s++) {
    double column[MOST_REPEATS];
    for (size_t i = 0; i < repeats; i++)
      column[i] = spent[i][s];
    const double middle = median(repeats, column);
    printf("%-34s %7.3f s  (%.3f to %.3f)\n", stage_names[s], middle, column[0], column[repeats - 1]);
    whole += middle;
  }
  const double product = median(repeats, dgemm), square = median(repeats, dsyrk);
  printf("%-34s %7.3f s\none dgemm %.3f s, one dsyrk %.3f s\n", "all", whole, product, square);
  plimi_replica_close(&r);
  plimi_dense_restore_threads(threads);
  plim_activation_free(activation);
  return EXIT_SUCCESS;
}
