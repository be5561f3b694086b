/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_simulation.c - small experiments of any problem: WHAT N D WIDTH REPLICAS THREADS TEST_POINTS FEATURES PENALTY
   ANGLE and the words of fuzz_problem(). WHAT is a quantity, a number in its place, or "descent". */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { MOST = 12, MOST_STEPS = 8 }; /* of each size but 2^31 and more, which are refused */

static size_t size_of(double x)
{
  return x >= 0x1p31 && x < 0x1p63 ? (size_t)x : (size_t)fmin(fmax(x, 0.0), MOST);
}

/* The batches that the problem states at this size; more than MOST samples contradict it, and are refused. */
static void set_batches(const plim_problem *problem, plim_size *size)
{
  plim_problem sized = *problem;
  plim_size stated;
  sized.psi1 = (double)size->n / (double)size->d;
  sized.psi2 = (double)size->width / (double)size->d;
  if (plim_size_from_problem(&sized, size->d, &stated) != PLIM_OK)
    return;
  size->step_n = stated.step_n < MOST ? stated.step_n : MOST;
  size->shared = stated.shared;
}

static bool is_small(const plim_simulation *s)
{
  return s->size.n <= MOST && s->size.d <= MOST && s->size.width <= MOST && s->replicas <= MOST;
}

static void check_samples(plim_status status, const double *samples, size_t count)
{
  REQUIRE((unsigned)status < PLIM_STATUS_COUNT);
  for (size_t i = 0; status == PLIM_OK && i < count; i++)
    REQUIRE(isfinite(samples[i]));
}

static void simulate(const plim_problem *problem, const plim_simulation *simulation, plim_quantity quantity,
                     double lambda)
{
  double samples[2 * MOST], spectrum[MOST * MOST];
  const double penalties[] = {lambda, 1.0};
  const plim_measurement measurement = {&quantity, 1, penalties, 2};
  const plim_status measured = plim_simulate(problem, simulation, &measurement, NULL, samples);
  REQUIRE(is_small(simulation) || measured != PLIM_OK);
  check_samples(measured, samples, 2 * simulation->replicas);
  const plim_status drawn =
      plim_simulate_spectrum(problem, simulation, (plim_spectrum)(lambda > 1.0), NULL, spectrum);
  REQUIRE(is_small(simulation) || drawn != PLIM_OK);
  check_samples(drawn, spectrum, simulation->replicas * simulation->size.width);
}

static void descend(const plim_problem *problem, const plim_simulation *simulation, double tolerance,
                    double angle)
{
  const plim_descent descent = {.activation = problem->activation,
                                .teacher = problem->teacher,
                                .readout = problem->readout,
                                .atoms = problem->atoms,
                                .scaling = (plim_scaling)problem->batch,
                                .angle = angle,
                                .noise = problem->noise,
                                .eta = problem->eta};
  const plim_descent_settings settings = {.size = simulation->size,
                                          .seed = simulation->seed,
                                          .threads = simulation->threads,
                                          .tolerance = tolerance,
                                          .most_steps = problem->steps};
  plim_descent_end end;
  const plim_status status = plim_descend(&descent, &settings, NULL, &end);
  REQUIRE((unsigned)status < PLIM_STATUS_COUNT);
  REQUIRE(status != PLIM_OK || (end.loss >= 0.0 && end.loss < tolerance && end.steps <= problem->steps));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *rest = text;
  if (strstr(text, "expr:") != NULL) { /* fuzz_expression has them */
    free(text);
    return -1;
  }
  const char *what = fuzz_word(&rest);
  plim_simulation simulation = {.seed = 1};
  plim_quantity quantity;
  plim_activation *activation, *teacher;
  simulation.size.n = size_of(fuzz_number(&rest));
  simulation.size.d = size_of(fuzz_number(&rest));
  simulation.size.width = size_of(fuzz_number(&rest));
  simulation.replicas = size_of(fuzz_number(&rest)) % 0x80000000U;
  simulation.threads = size_of(fuzz_number(&rest)) % 4;
  simulation.test_points = size_of(fuzz_number(&rest));
  simulation.features = (plim_features)size_of(fuzz_number(&rest));
  const double penalty = fuzz_number(&rest), angle = fuzz_number(&rest);
  plim_problem problem = fuzz_problem(&rest, &activation, &teacher);
  if (is_small(&simulation))
    set_batches(&problem, &simulation.size);
  problem.steps = problem.steps > MOST_STEPS ? problem.steps % MOST_STEPS : problem.steps;
  if (plim_quantity_from_name(what, &quantity) != PLIM_OK)
    quantity = (plim_quantity)strtol(what, NULL, 10);
  if (strcmp(what, "descent") == 0)
    descend(&problem, &simulation, penalty, angle);
  else
    simulate(&problem, &simulation, quantity, penalty);
  plim_activation_free(activation);
  plim_activation_free(teacher);
  free(text);
  return 0;
}
