/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device.c - what a graphics processor makes of a replica: time, and how far its samples are from the processor's.

   usage: device threads dimension...      n = N = d = each dimension; "8000x" leaves out the processor's run
   The setting is that of replica.c: risk0 and risk1, tanh and tanh, eta = 1, noise 0.1, 20 penalties from 1e-4 to 10.
   Prints for each dimension: single operations with their rates, transfers included; replicas one after another and
   side by side; one on the processor; and the largest relative difference of their samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sim/sim.h"
#include "plim_device.h"
#include "plim_simulation.h"

enum { PENALTIES = 20, QUANTITIES = 2, VALUES = PENALTIES * QUANTITIES, REPLICAS = 4 };
static const plim_quantity quantities[QUANTITIES] = {PLIM_RISK0, PLIM_RISK1};

static double now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* ---- operations ---- */

typedef struct {
  plimi_queue *queue;
  plimi_matrix a, b, c;
  plimi_band band;
} bench;

static void product(bench *t)
{
  plimi_queue_product(
      t->queue, &(plimi_queue_factors){.kind = PLIMI_TN, .alpha = 1.0, .a = &t->a, .b = &t->b, .c = &t->c});
}

static void gram(bench *t)
{
  plimi_queue_gram_add(t->queue, PLIMI_OF_COLUMNS, &t->a, 0.0, &t->c);
}

static void reduction(bench *t)
{
  if (plimi_queue_band_reduce(t->queue, &t->band) != PLIM_OK)
    puts("  the reduction failed");
}

static const struct {
  const char *name;
  void (*run)(bench *);
  double flops; /* over n^3 */
} operations[] = {
    {"product", product, 2.0}, {"Gram matrix", gram, 1.0}, {"reduction to a band", reduction, 4.0 / 3.0}};

/* The reduction is of the Gram matrix that the operation before it left in c. */
static bool time_operations(plim_device *device, size_t n)
{
  const plimi_queue_room room = {.largest = n * n, .order = n};
  const size_t width = plimi_band_width(n), bytes = n * n * sizeof(double);
  bench t = {.queue = NULL};
  double *memory = malloc(3 * bytes + (width + 2) * n * sizeof *memory);
  if (memory == NULL || plimi_queue_open(device, &room, &t.queue) != PLIM_OK) {
    free(memory);
    return false;
  }
  double *const at[] = {memory, memory + n * n, memory + 2 * n * n, memory + 3 * n * n};
  for (size_t i = 0; i < 2 * n * n; i++)
    memory[i] = (double)((i * 2654435761u) % 2003u) / 1001.0 - 1.0;
  plimi_queue_pin(t.queue, memory, 3 * bytes);
  t.a = plimi_matrix_of(at[0], n, n);
  t.b = plimi_matrix_of(at[1], n, n);
  t.c = plimi_matrix_of(at[2], n, n);
  t.band =
      (plimi_band){.order = n, .bandwidth = width, .a = at[2], .band = at[3], .tau = at[3] + (width + 1) * n};
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
    if (operations[i].run != reduction)
      operations[i].run(&t); /* once for the library to wake up */
    const double begun = now();
    operations[i].run(&t);
    const double took = now() - begun;
    printf("  %-20s %8.4f s  %8.0f GF/s\n", operations[i].name, took,
           operations[i].flops * pow((double)n, 3.0) / took / 1e9);
  }
  const bool went = plimi_queue_status(t.queue) == PLIM_OK;
  plimi_queue_close(t.queue);
  free(memory);
  return went;
}

/* ---- replicas ---- */

typedef struct {
  double open, first, next, together; /* seconds; `together`: of each of many side by side */
} times;

static plim_status run_one_by_one(const plimi_replica *pattern, size_t threads, size_t replicas, times *took,
                                  double *samples)
{
  plimi_replica replica;
  double begun = now();
  plim_status status = plimi_replica_open(pattern, threads, &replica);
  if (status != PLIM_OK)
    return status;
  took->open = now() - begun;
  for (size_t r = 0; r < replicas && status == PLIM_OK; r++) {
    begun = now();
    status = plimi_replica_run(&replica, r);
    if (r == 0)
      took->first = now() - begun;
    else
      took->next += (now() - begun) / (double)(replicas - 1);
    for (size_t q = 0; q < QUANTITIES && r == 0; q++)
      memcpy(samples + q * PENALTIES, plimi_result(&replica, quantities[q]), PENALTIES * sizeof *samples);
  }
  plimi_replica_close(&replica);
  return status;
}

static bool run(size_t n, size_t threads, plim_device *device, double *samples)
{
  double lambda[PENALTIES], all[REPLICAS * VALUES];
  times took = {.open = 0.0};
  plimi_replica pattern;
  plim_activation *activation = NULL;
  for (int i = 0; i < PENALTIES; i++)
    lambda[i] = pow(10.0, -4.0 + 5.0 * i / (PENALTIES - 1));
  if (plim_activation_alloc("tanh", &activation, NULL) != PLIM_OK)
    return false;
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = activation;
  const plim_simulation simulation = {.size = {.n = n, .d = n, .width = n},
                                      .replicas = REPLICAS,
                                      .seed = 2385,
                                      .threads = threads,
                                      .device = device};
  const plim_measurement measurement = {quantities, QUANTITIES, lambda, PENALTIES};
  const int blas_threads = plimi_dense_single_thread();
  plim_status status = plimi_replica_pattern(&problem, &simulation, &measurement, &pattern);
  if (status == PLIM_OK)
    status = run_one_by_one(&pattern, threads, device != NULL ? REPLICAS : 1, &took, samples);
  plimi_dense_restore_threads(blas_threads);
  const double begun = now();
  if (status == PLIM_OK && device != NULL)
    status = plim_simulate(&problem, &simulation, &measurement, NULL, all);
  took.together = (now() - begun) / REPLICAS;
  plim_activation_free(activation);
  if (status != PLIM_OK) {
    printf("  %s: %s\n", plim_status_meaning(status), device != NULL ? plim_device_failure(device) : "");
    return false;
  }
  if (device != NULL)
    printf("  on the device: memory taken and pinned in %.3f s; first replica %.3f s, the next %.3f s each;\n"
           "  %d side by side, with memory: %.3f s each\n",
           took.open, took.first, took.next, (int)REPLICAS, took.together);
  else
    printf("  on the processor: replica %.3f s\n", took.first);
  return true;
}

static bool measure(plim_device *device, size_t threads, const char *dimension)
{
  double there[VALUES], here[VALUES], most = 0.0;
  char *end;
  const size_t n = (size_t)strtoul(dimension, &end, 10);
  printf("n = N = d = %zu\n", n);
  if (!time_operations(device, n) || !run(n, threads, device, there))
    return false;
  if (*end == 'x')
    return true;
  if (!run(n, threads, NULL, here))
    return false;
  for (size_t i = 0; i < VALUES; i++)
    most = fmax(most, fabs(there[i] - here[i]) / fabs(here[i]));
  printf("  largest relative difference of %d values: %.2g\n", (int)VALUES, most);
  return most <= 1e-9;
}

int main(int argc, char **argv)
{
  char report[1000];
  double error = INFINITY;
  plim_device *device = NULL;
  if (plim_device_open(report, sizeof report, &device) != PLIM_OK) {
    printf("no device: %s\n", report);
    return EXIT_FAILURE;
  }
  const plim_status status = plim_device_check(device, &error);
  printf("%s: check %s, error %.2g %s\n", plim_device_name(device), plim_status_name(status), error,
         plim_device_failure(device));
  bool right = status == PLIM_OK && error < 1e-12;
  for (int i = 2; i < argc; i++) {
    right = measure(device, (size_t)strtoul(argv[1], NULL, 10), argv[i]) && right;
    fflush(stdout);
  }
  plim_device_close(device);
  puts(right ? "all as on the processor" : "NOT as on the processor");
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
