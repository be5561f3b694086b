/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replica.c - how long one replica takes: risk0 and risk1 along 20 penalties at n = d = N, with peak memory.

   usage: replica [dimension threads repeats test_points precision]   defaults 2000 2 3 0 double (0: exact expectation)
   The setting is that of the NumPy yardstick: tanh and tanh, eta = 1, noise 0.1, lambda from 1e-4 to 10. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "plim_simulation.h"

enum { PENALTIES = 20, QUANTITIES = 2 };

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static size_t argument(int count, char **values, int index, size_t otherwise)
{
  return index < count ? (size_t)strtoul(values[index], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
  const size_t dimension = argument(argc, argv, 1, 2000), repeats = argument(argc, argv, 3, 3);
  const plim_quantity quantities[QUANTITIES] = {PLIM_RISK0, PLIM_RISK1};
  double lambda[PENALTIES], samples[QUANTITIES * PENALTIES];
  for (int i = 0; i < PENALTIES; i++)
    lambda[i] = pow(10.0, -4.0 + 5.0 * i / (PENALTIES - 1));
  plim_activation *activation;
  if (plim_activation_alloc("tanh", &activation, NULL) != PLIM_OK)
    return EXIT_FAILURE;
  plim_problem problem = plim_problem_default();
  problem.activation = problem.teacher = activation;
  plim_simulation simulation = {.size = {dimension, dimension, dimension},
                                .replicas = 1,
                                .threads = argument(argc, argv, 2, 2),
                                .test_points = argument(argc, argv, 4, 0),
                                .precision = argc > 5 && strcmp(argv[5], "single") == 0
                                                 ? PLIM_PRECISION_SINGLE
                                                 : PLIM_PRECISION_DOUBLE};
  const plim_measurement measurement = {quantities, QUANTITIES, lambda, PENALTIES};
  for (size_t repeat = 0; repeat < repeats; repeat++) {
    simulation.seed = repeat;
    const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const plim_status status = plim_simulate(&problem, &simulation, &measurement, NULL, samples);
    if (status != PLIM_OK) {
      fprintf(stderr, "replica: %s\n", plim_status_meaning(status));
      return EXIT_FAILURE;
    }
    printf("wall %.3f s  cpu %.3f s\n", seconds(CLOCK_MONOTONIC) - wall,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const double matrix = (double)dimension * (double)dimension * sizeof(double);
  printf("peak memory %.0f MB = %.2f matrices of %zu x %zu\n", (double)usage.ru_maxrss / 1024.0,
         (double)usage.ru_maxrss * 1024.0 / matrix, dimension, dimension);
  for (int i = 0; i < PENALTIES; i++)
    printf("lambda %.4e  risk0 %.6f  risk1 %.6f\n", lambda[i], samples[i], samples[PENALTIES + i]);
  plim_activation_free(activation);
  return EXIT_SUCCESS;
}
