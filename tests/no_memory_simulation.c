/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replicas on two threads, descents, and claims on samples that are recalled. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "plim.h"

typedef struct {
  plim_activation *activation, *teacher;
  plim_problem problem;
  plim_simulation simulation;
} setting;

static void close(setting *s)
{
  plim_activation_free(s->activation);
  plim_activation_free(s->teacher);
}

static plim_status open(const char *activation, setting *s)
{
  *s = (setting){
      .problem = plim_problem_default(),
      .simulation = {.size = {.n = 31, .d = 11, .width = 17}, .replicas = 3, .seed = 5, .threads = 2}};
  plim_status status = plim_activation_alloc(activation, &s->activation, NULL);
  if (status == PLIM_OK)
    status = plim_activation_alloc("relu", &s->teacher, NULL);
  s->problem.activation = s->activation;
  s->problem.teacher = s->teacher;
  s->problem.noise = 0.25;
  return status;
}

static bool in_features(plim_quantity quantity)
{
  return quantity >= PLIM_RISK0 && quantity <= PLIM_TRAIN1;
}

/* One at a time, as its own plan of a replica; the first five all together. */
static plim_status replicas(int which, notes *made)
{
  setting s;
  const plim_quantity together[] = {PLIM_RISK0, PLIM_RISK1, PLIM_GRAD_OP, PLIM_W1_TOP, PLIM_CK_TOP};
  const double lambda[] = {0.05, 0.7};
  const plim_quantity alone = (plim_quantity)which;
  const bool all = which >= PLIM_QUANTITY_COUNT;
  const plim_measurement measurement = {
      .quantities = all ? together : &alone, .n_quantities = all ? 5 : 1, .lambda = lambda, .n_lambda = 2};
  double samples[3 * 5 * 2] = {0.0};
  if (!all && plim_experiment_describe(alone) == NULL)
    return PLIM_OK;
  plim_status status = open(which == PLIM_QUANTITY_COUNT + 1 ? "expr:max(z,0.1)" : "tanh", &s);
  if (which == PLIM_QUANTITY_COUNT + 2)
    s.simulation.test_points = 20;
  const bool of_two_steps = alone >= PLIM_W2_OUTLIERS && alone <= PLIM_W2_EDGE;
  if (which == PLIM_QUANTITY_COUNT + 3 || of_two_steps) {
    s.problem.steps = 2;
    s.problem.batch = PLIM_BATCH_FRESH;
  }
  if (which == PLIM_RISK1 && in_features(alone))
    s.simulation.features = PLIM_FEATURES_EQUIVALENT;
  if (status == PLIM_OK)
    status = plim_simulate(&s.problem, &s.simulation, &measurement, NULL, samples);
  for (size_t i = 0; i < 30 && status == PLIM_OK; i++)
    note(made, samples[i]);
  close(&s);
  return status;
}

static plim_status spectrum(int which, notes *made)
{
  setting s;
  double values[3 * 17];
  plim_status status = open("tanh", &s);
  if (status == PLIM_OK)
    status = plim_simulate_spectrum(&s.problem, &s.simulation, (plim_spectrum)which, NULL, values);
  for (size_t i = 0; i < 3 * 17 && status == PLIM_OK; i++)
    note(made, values[i]);
  close(&s);
  return status;
}

static plim_status descent(int scaling, notes *made)
{
  setting s;
  plim_descent_end end;
  plim_status status = open("tanh", &s);
  const plim_descent descent = {.activation = s.activation,
                                .teacher = s.teacher,
                                .scaling = (plim_scaling)scaling,
                                .angle = 60.0,
                                .noise = 0.1,
                                .eta = 0.2};
  const plim_descent_settings settings = {
      .size = {.n = 20, .d = 7, .width = 15}, .seed = 3, .threads = 2, .tolerance = 0.5, .most_steps = 200};
  if (status == PLIM_OK)
    status = plim_descend(&descent, &settings, NULL, &end);
  if (status == PLIM_OK) {
    note(made, (double)end.steps);
    note(made, end.loss);
  }
  close(&s);
  return status;
}

/* Equidistributed, so that nothing is simulated. */
static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  (void)context;
  for (size_t i = 0; i < place->values; i++)
    samples[i] = 1.0 + 0.3 * fmod(0.6180339887498949 * (double)(place->replica + 1) + 0.37 * (double)i, 1.0);
  return true;
}

static plim_status claim(int which, notes *made)
{
  const plim_claim_hooks hooks = {.recall = recall};
  const plim_claim_settings settings = {
      .tier = PLIM_TIER_QUICK, .seed = 1, .threads = 2, .level = 0.05, .hooks = &hooks};
  plim_claim_result result = {.findings = NULL};
  if ((size_t)which >= plim_claim_count())
    return PLIM_OK;
  plim_status status = plim_claim_run((size_t)which, &settings, &result);
  if (status != PLIM_OK)
    return status;
  status = plim_claim_judge_family(&result, 1, 0.05);
  for (size_t i = 0; i < result.count && status == PLIM_OK; i++) {
    note(made, result.findings[i].predicted.value);
    note(made, result.findings[i].fit.limit);
    note(made, (double)result.findings[i].judgement.verdict);
  }
  note(made, (double)plim_claim_verdict(&result));
  plim_claim_result_free(&result);
  return status;
}

/* Two points that are compared, or three with a prediction. */
static plim_status own_claim(int which, notes *made)
{
  static const size_t d[] = {13, 26, 52, 104};
  const bool between = which > 0;
  setting s;
  plim_status status = open("tanh", &s);
  plim_own_claims *own = plim_own_claims_alloc();
  plim_problem points[3];
  for (size_t i = 0; i < 3; i++) {
    points[i] = plim_problem_default();
    points[i].activation = s.activation;
    points[i].teacher = s.teacher;
    points[i].eta = 0.3 + 0.4 * (double)i;
  }
  const plim_own_claim claim = {.info = {.name = "mine", .title = "what I think"},
                                .points = points,
                                .n_points = between ? 2 : 3,
                                .d = d,
                                .n_sizes = 4,
                                .measured = "risk1 + 0.1*train1",
                                .predicted = between ? NULL : "risk1 + 0.1*train1",
                                .relation = between ? PLIM_OWN_INCREASING : PLIM_OWN_EQUALS,
                                .relative_margin = 0.4,
                                .absolute_margin = 0.2,
                                .rates = {0.5, 1.0}};
  const plim_claim_hooks hooks = {.recall = recall};
  const plim_claim_settings settings = {
      .seed = 1, .threads = 1, .level = 0.05, .replicas = 9, .hooks = &hooks, .own = own};
  plim_claim_result result = {.findings = NULL};
  if (status == PLIM_OK)
    status = own != NULL ? plim_own_claims_add(own, &claim, NULL, NULL) : PLIM_NO_MEMORY;
  if (status == PLIM_OK)
    status = plim_claim_run(plim_claim_count(), &settings, &result);
  for (size_t i = 0; i < result.count && status == PLIM_OK; i++) {
    note(made, result.findings[i].predicted.value);
    note(made, result.findings[i].fit.limit);
  }
  plim_claim_result_free(&result);
  plim_own_claims_free(own);
  close(&s);
  return status;
}

static plim_status draw(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  (void)context, (void)replica;
  plim_stream_normals(stream, 2, values);
  values[0] = 0.73 + (1.3 + 0.4 * values[0]) / (double)d;
  return PLIM_OK;
}

/* A fixed design and looks, each with a journal, of which the second run has a part. */
static plim_status experiment(int which, notes *made)
{
  static const char journal[] = "check_no_memory.journal";
  const plim_experiment_value values[] = {
      {.name = "first", .predicted = {0.73, 1e-12}, .rates = {1.0}, .relative_margin = 0.3},
      {.name = "second", .predicted = {0.0, 0.0}, .rates = {0.5, 1.0}, .absolute_margin = 2.1}};
  const plim_experiment toy = {.name = "toy", .draw = draw, .values = values, .count = 2};
  plim_experiment_settings settings = plim_experiment_settings_default();
  plim_status status = PLIM_OK;
  settings.sizes = (const size_t[]){11, 23, 41, 83};
  settings.n_sizes = 4;
  settings.replicas = which == 0 ? 5 : 0;
  settings.threads = 2;
  settings.budget = 300.0;
  settings.journal = journal;
  (void)remove(journal);
  for (int i = 0; i < 2 && status == PLIM_OK; i++) {
    plim_experiment_result result;
    status = plim_experiment_run(&toy, &settings, &result, NULL);
    if (status != PLIM_OK)
      break;
    for (size_t k = 0; k < result.count; k++) {
      note(made, result.findings[k].fit.limit);
      note(made, (double)result.findings[k].judgement.verdict);
    }
    plim_experiment_result_free(&result);
    settings.replicas += which == 0 ? 2 : 0;
  }
  (void)remove(journal);
  return status;
}

static plim_status design(int which, notes *made)
{
  const plim_claim_settings settings = {.tier = PLIM_TIER_QUICK, .seed = 1, .threads = 1, .level = 0.05};
  char *text = NULL;
  const plim_status status = plim_claim_design((size_t)which, &settings, &text);
  if (status == PLIM_OK)
    note(made, (double)strlen(text));
  free(text);
  return status;
}

/* In looks, until the budget is spent: the pilot and one or two more. */
static plim_status decision(int which, notes *made)
{
  const plim_claim_hooks hooks = {.recall = recall};
  const plim_claim_settings settings = {
      .tier = PLIM_TIER_QUICK, .seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  const plim_claim_budget budget = {.work = 30.0, .power = 0.9};
  const size_t claims[] = {(size_t)which, (size_t)which + 1};
  plim_claim_result results[2] = {{.findings = NULL}, {.findings = NULL}};
  plim_status statuses[2] = {PLIM_OK, PLIM_OK};
  const plim_status status = plim_claims_decide(claims, 2, &settings, &budget, results, statuses);
  for (size_t i = 0; i < 2 && status == PLIM_OK; i++) {
    note(made, (double)statuses[i]);
    note(made, (double)results[i].replicas);
    note(made, (double)plim_claim_verdict(&results[i]));
    plim_claim_result_free(&results[i]);
  }
  return status;
}

/* From SLOW_CLAIMS on they take seconds, most of them for optima and staircases: in the long tier alone. */
enum { MOST_CLAIMS = 100, SLOW_CLAIMS = 20, DECIDED = 3 };
const no_memory_subject no_memory_simulation[] = {{"replicas", replicas, 0, PLIM_QUANTITY_COUNT + 4, 20, 0},
                                                  {"spectrum", spectrum, 0, PLIM_SPECTRUM_COUNT, 20, 0},
                                                  {"descent", descent, 0, PLIM_SCALING_COUNT, 20, 0},
                                                  {"experiment", experiment, 0, 2, 60, 0},
                                                  {"design", design, 12, 15, 20, 0},
                                                  {"own claim", own_claim, 0, 2, 40, 0},
                                                  {"claim", claim, 0, SLOW_CLAIMS, 4, 200},
                                                  {"claim", claim, SLOW_CLAIMS, MOST_CLAIMS, 0, 200},
                                                  {"decision", decision, 0, DECIDED, 12, 200},
                                                  {NULL, NULL, 0, 0, 0, 0}};
