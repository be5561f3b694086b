/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "selftest.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../output/about.h"
#include "plim_compare.h"
#include "plim_device.h"
#include "plim_simulation.h"
#include "plim_stream.h"
#include "plim_theory.h"

/* The first point of tests/data/points.csv, the values of an independent computation. */
static const double point_risk1 = 0.18794633488821064, point_kappa = 0.19858065941447362;
static const double limit_accuracy = 1e-9; /* of limits that have 1e-11 or better */

/* ---- BLAS ---- */

enum { ORDER = 5, COLUMN_MAJOR = 102, PLAIN = 111 }; /* as CBLAS numbers them */
typedef void (*gemm)(int layout, int ta, int tb, int m, int n, int k, double alpha, const double *a, int lda,
                     const double *b, int ldb, double beta, double *c, int ldc);

/* A product that is known exactly: its entries are whole numbers. */
static bool multiplies(gemm dgemm)
{
  double a[ORDER * ORDER], b[ORDER * ORDER], c[ORDER * ORDER] = {0.0};
  bool right = true;
  for (int i = 0; i < ORDER * ORDER; i++) {
    a[i] = (i * i) % 23 - 7;
    b[i] = (3 * i * i) % 19 - 5;
  }
  dgemm(COLUMN_MAJOR, PLAIN, PLAIN, ORDER, ORDER, ORDER, 1.0, a, ORDER, b, ORDER, 0.0, c, ORDER);
  for (int i = 0; i < ORDER; i++)
    for (int k = 0; k < ORDER; k++) {
      double sum = 0.0;
      for (int l = 0; l < ORDER; l++)
        sum += a[i + l * ORDER] * b[l + k * ORDER];
      right = right && sum == c[i + k * ORDER];
    }
  return right;
}

bool plimi_selftest_blas(plimi_message *found)
{
  gemm dgemm;
  json_t *blas = plimi_about_blas();
  const char *library = json_string_value(json_object_get(blas, "library"));
  const char *configuration = json_string_value(json_object_get(blas, "configuration"));
  plimi_find_function("cblas_dgemm", &dgemm);
  const bool right = dgemm != NULL && multiplies(dgemm);
  plimi_message_set(found, "%s%s%s", library != NULL ? library : "no BLAS",
                    configuration != NULL ? ": " : ", which is not OpenBLAS: slow",
                    configuration != NULL ? configuration : "");
  if (!right)
    plimi_message_add(found, "%s", "; a product of small matrices is wrong");
  json_decref(blas);
  return right && configuration != NULL;
}

/* ---- Random numbers ---- */

bool plimi_selftest_stream(plimi_message *found)
{
  static const uint32_t known[] = {0x16981d1a, 0x568b53dc, 0x71f468a1, 0xa51f6dfe}; /* plim_stream.h */
  uint32_t words[4];
  plim_stream stream = plim_stream_named(20220502, 137, 7, 3);
  plim_stream_words(&stream, 4, words);
  const bool right = memcmp(words, known, sizeof known) == 0;
  plimi_message_set(found, "%s", right ? "Philox4x32-10, with its known answers" : "wrong numbers");
  return right;
}

/* ---- Theory and simulation ---- */

typedef struct {
  plim_problem problem;
  plim_activation *activation, *teacher;
} point;

static bool open_point(point *at)
{
  *at = (point){.problem = plim_problem_default()};
  if (plim_activation_alloc("tanh", &at->activation, NULL) != PLIM_OK ||
      plim_activation_alloc("relu", &at->teacher, NULL) != PLIM_OK)
    return false;
  at->problem.psi1 = 2.385;
  at->problem.psi2 = 1.617;
  at->problem.lambda = 0.137;
  at->problem.eta = 1.83;
  at->problem.noise = 0.25;
  at->problem.activation = at->activation;
  at->problem.teacher = at->teacher;
  return true;
}

static void close_point(point *at)
{
  plim_activation_free(at->activation);
  plim_activation_free(at->teacher);
}

bool plimi_selftest_theory(plimi_message *found)
{
  point at;
  plim_theory *theory = NULL;
  plim_value risk1, kappa;
  const bool computed = open_point(&at) && plim_theory_alloc(&theory) == PLIM_OK &&
                        plim_limit(theory, PLIM_RISK1, &at.problem, &risk1) == PLIM_OK &&
                        plim_limit(theory, PLIM_KAPPA, &at.problem, &kappa) == PLIM_OK;
  const bool right = computed && fabs(risk1.value - point_risk1) < limit_accuracy &&
                     fabs(kappa.value - point_kappa) < limit_accuracy;
  plimi_message_set(found, "%s",
                    right      ? "two limits as computed elsewhere"
                    : computed ? "two limits are not what they were computed to be elsewhere"
                               : "two limits could not be computed");
  plim_theory_free(theory);
  close_point(&at);
  return right;
}

enum { DIMENSION = 64, LEAST_REPLICAS = 24 };

static bool draw(const point *at, size_t threads, size_t replicas, double *samples)
{
  const plim_quantity quantities[] = {PLIM_RISK1};
  const plim_measurement measurement = {
      .quantities = quantities, .n_quantities = 1, .lambda = &at->problem.lambda, .n_lambda = 1};
  plim_simulation simulation = {.replicas = replicas, .seed = 20220502, .threads = threads};
  return plim_size_from_problem(&at->problem, DIMENSION, &simulation.size) == PLIM_OK &&
         plim_simulate(&at->problem, &simulation, &measurement, NULL, samples) == PLIM_OK;
}

bool plimi_selftest_simulation(size_t threads, plimi_message *found)
{
  const double drift = 0.1, standard_errors = 6.0; /* beside the limit, at so small a size */
  const size_t replicas = threads > LEAST_REPLICAS ? threads : LEAST_REPLICAS;
  double *one = plimi_allocate(replicas, sizeof *one), *many = plimi_allocate(replicas, sizeof *many);
  plim_estimate estimate = {.mean = NAN, .error = NAN};
  point at;
  bool drawn = open_point(&at) && draw(&at, 1, replicas, one) && draw(&at, threads, replicas, many);
  const bool same = drawn && memcmp(one, many, replicas * sizeof *one) == 0;
  drawn = drawn && plim_estimate_from_samples(one, 1, replicas, &estimate) == PLIM_OK;
  const bool near =
      drawn && fabs(estimate.mean - point_risk1) < standard_errors * estimate.error + drift * point_risk1;
  if (!drawn)
    plimi_message_set(found, "%zu replicas could not be drawn on %zu threads", replicas, threads);
  else if (!same)
    plimi_message_set(found, "other bits on %zu threads than on one", threads);
  else
    plimi_message_set(
        found, "risk1 is %.4g +- %.2g at d = %d, where its limit is %.4g; the same bits on %zu thread%s",
        estimate.mean, estimate.error, (int)DIMENSION, point_risk1, threads, threads > 1 ? "s" : "");
  close_point(&at);
  free(one);
  free(many);
  return same && near;
}

bool plimi_selftest_memory(plimi_message *found)
{
  const double gibibyte = 1073741824.0;
  const size_t large = 4096;
  point at;
  plim_memory memory = {.needed = NAN, .available = NAN};
  plim_simulation simulation = {.replicas = 1, .seed = 1, .threads = 1};
  const bool known = open_point(&at) &&
                     plim_size_from_problem(&at.problem, large, &simulation.size) == PLIM_OK &&
                     plim_simulation_memory(&at.problem, &simulation, NULL, &memory) == PLIM_OK;
  close_point(&at);
  if (known && isfinite(memory.available))
    plimi_message_set(found,
                      "%.3g GiB are free; a replica of d = %zu, psi1 = 2.385, psi2 = 1.617 takes %.3g GiB",
                      memory.available / gibibyte, large, memory.needed / gibibyte);
  else
    plimi_message_set(found, "%s", known ? "no limit is known" : "not known");
  return known;
}

bool plimi_selftest_device(bool *there, plimi_message *found)
{
  static const double accuracy = 1e-12; /* sums of 230 products, and a system with condition below 100 */
  char tried[900];                      /* a message has room for a little more */
  plim_device *device = NULL;
  double error = INFINITY;
  *there = plim_device_open(tried, sizeof tried, &device) == PLIM_OK;
  if (!*there) {
    plimi_message_set(found, "none by CUDA, which only --device asks for: %s", tried);
    return false;
  }
  const plim_status status = plim_device_check(device, &error);
  const bool right = status == PLIM_OK && error < accuracy;
  plimi_message_set(found, "%s", plim_device_name(device));
  if (right)
    plimi_message_add(found, ": products and a reduction as on the processor, within %.1g", error);
  else if (status == PLIM_OK)
    plimi_message_add(found, ": products or a reduction not as on the processor, by %.1g", error);
  else
    plimi_message_add(found, ": %s",
                      status == PLIM_NO_DEVICE ? plim_device_failure(device) : plim_status_meaning(status));
  plim_device_close(device);
  return right;
}
