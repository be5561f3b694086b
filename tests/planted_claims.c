/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "planted_claims.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const plimi_claim *claim;
  const planting *how;
  plim_theory *theory;
  plim_activation *activation, *teacher; /* of the run asked for last */
  size_t run;
  const plimi_experiment *experiment;
  double d;
  char why[512];  /* what was said of a claim that could not be judged */
  double *values; /* planted but for what differs from replica to replica; of spectra PHASES times as many */
} plant;

/* Spectra differ by where in (i/N, (i + 1)/N) the i-th quantile stands. */
enum { PHASES = 2 };

static plim_problem problem_of(plant *p, size_t k)
{
  const plimi_point *at = &p->experiment->at;
  plim_activation_free(p->activation);
  plim_activation_free(p->teacher);
  ck_assert_int_eq(plim_activation_alloc(at->activation, &p->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(at->teacher, &p->teacher, NULL), PLIM_OK);
  p->d = (double)plimi_ladder_d(p->experiment, k);
  plim_problem problem = plim_problem_default();
  problem.psi1 = (double)at->n / (double)at->d;
  problem.psi2 = (double)at->width / (double)at->d;
  problem.lambda = at->lambda;
  problem.eta = at->eta;
  problem.eta_exponent = at->eta_exponent;
  problem.noise = at->noise;
  problem.readout = at->readout;
  problem.steps = at->steps > 0 ? at->steps : 1;
  problem.batch = at->batch;
  if (at->eta_second > 0.0)
    problem.eta_second = at->eta_second;
  if (at->eta_second_exponent > 0.0)
    problem.eta_second_exponent = at->eta_second_exponent;
  problem.ridge_batch = at->ridge_batch;
  problem.step_psi1 = (double)at->step_n / (double)at->d;
  problem.overlap = at->overlap;
  problem.extra = at->extra;
  problem.d = p->d;
  problem.activation = p->activation;
  problem.teacher = p->teacher;
  return problem;
}

static double planted_value(const plant *p, plim_quantity quantity, plim_problem problem)
{
  plim_value value = {0.0, 0.0};
  if (quantity == PLIM_RISK1 && problem.eta_exponent > 0.0)
    quantity = PLIM_RISK; /* risk1 is what a simulation measures, after whatever step */
  if (p->how->wrong != NULL)
    p->how->wrong(p->experiment, &problem, &quantity);
  plim_status status = plim_limit(p->theory, quantity, &problem, &value);
  if (quantity == PLIM_STAIR2 && status == PLIM_OUTSIDE_DOMAIN) /* within the bulk */
    status = plim_limit(p->theory, PLIM_STAIR_EDGE, &problem, &value);
  ck_assert_msg(status == PLIM_OK, "%s of %s: %s", plim_quantity_name(quantity), p->claim->info.name,
                plim_status_name(status));
  if (quantity == PLIM_GRAD_RANK_ONE)
    value.value = 1.0 / sqrt(p->d); /* its limit is 0 */
  return value.value * pow(p->d, p->how->power);
}

static double best_penalty(const plant *p, plim_problem problem)
{
  const plim_search search = plim_search_default();
  plim_optimum best;
  problem.d = INFINITY;
  ck_assert_int_eq(plim_optimum_find(p->theory, p->experiment->quantities[0], &problem, &search, &best),
                   PLIM_OK);
  return best.lambda.at;
}

/* The least x where the law has the fraction u of its values. */
static double quantile(const plim_density *density, double u)
{
  const plim_support *support = plim_density_support(density);
  double low = 0.0, high = support->interval[support->intervals - 1].high.value;
  if (u < support->mass_at_zero.value)
    return 0.0;
  for (int halving = 0; halving < 20; halving++) { /* a millionth of the support */
    const double x = 0.5 * (low + high);
    plim_value below = {0.0, 0.0};
    ck_assert_int_eq(plim_density_cdf(density, x, &below), PLIM_OK);
    *(below.value < u ? &low : &high) = x;
  }
  return high;
}

static void plant_spectrum(plant *p, plim_problem problem, size_t width)
{
  plim_density *density = NULL;
  plim_quantity none = PLIM_QUANTITY_COUNT;
  if (p->how->wrong != NULL)
    p->how->wrong(p->experiment, &problem, &none);
  ck_assert_int_eq(plim_density_alloc(p->theory, *p->experiment->spectrum, &problem, &density), PLIM_OK);
  p->values = realloc(p->values, PHASES * width * sizeof *p->values);
  for (size_t i = 0; i < PHASES * width; i++)
    p->values[i] =
        quantile(density, ((double)(i % width) + ((double)(i / width) + 0.4) / PHASES) / (double)width);
  plim_density_free(density);
}

/* What run number `run` is predicted to measure; experiments left out of the quick tier have no runs. After those of
   the design come the sizes that may be added, one an experiment. */
static void prepare(plant *p, const plim_claim_place *place)
{
  size_t k = place->run, e = 0;
  while (e < p->claim->n_experiments && k >= plimi_ladder_sizes(&p->claim->experiments[e], p->how->tier)) {
    k -= plimi_ladder_sizes(&p->claim->experiments[e], p->how->tier);
    e++;
  }
  if (e == p->claim->n_experiments) {
    e = k;
    ck_assert_uint_lt(e, p->claim->n_experiments);
    k = plimi_ladder_sizes(&p->claim->experiments[e], p->how->tier);
  }
  p->experiment = &p->claim->experiments[e];
  plim_problem problem = problem_of(p, k);
  p->run = place->run;
  if (p->experiment->spectrum != NULL) {
    plant_spectrum(p, problem, place->values);
    return;
  }
  const size_t penalties = place->values / p->experiment->n_quantities;
  const double unit = p->experiment->around_best ? best_penalty(p, problem) : 1.0;
  p->values = realloc(p->values, place->values * sizeof *p->values);
  for (size_t i = 0; i < place->values; i++) {
    if (p->experiment->n_path > 0)
      problem.lambda = unit * p->experiment->path[i % penalties];
    p->values[i] = planted_value(p, p->experiment->quantities[i / penalties], problem);
  }
}

static bool recall(void *context, const plim_claim_place *place, double *samples)
{
  static const double usual_spread = 0.03, golden = 0.6180339887498949;
  plant *p = context;
  if (place->run != p->run) {
    if (p->how->aside != NULL)
      p->how->aside(true);
    prepare(p, place);
    if (p->how->aside != NULL)
      p->how->aside(false);
  }
  if (p->experiment->spectrum != NULL) {
    for (size_t i = 0; i < place->values; i++)
      samples[i] = (1.0 + p->how->excess) * p->values[place->replica % PHASES * place->values + i];
    return true;
  }
  const double spread = p->how->still ? 0.0 : p->how->spread > 0.0 ? p->how->spread : usual_spread;
  const size_t penalties = place->values / p->experiment->n_quantities;
  for (size_t i = 0; i < place->values; i++) {
    /* equidistributed on (-1, 1): what all quantities share of a replica, and what is each one's own */
    const size_t q = i / penalties;
    const double turn = golden * (double)(place->replica + 1),
                 e = (double)(p->experiment - p->claim->experiments);
    const double shared = 2.0 * fmod(turn, 1.0) - 1.0,
                 own = 2.0 * fmod(turn + 0.37 * (double)q + 0.17 * e, 1.0) - 1.0;
    const bool counted =
        p->experiment->quantities[q] == PLIM_STAIR_COUNT || p->experiment->quantities[q] == PLIM_W2_OUTLIERS;
    const double factor = 1.0 + p->how->excess + 1.0 / p->d + spread * sqrt(3.0) * (0.9 * shared + 0.1 * own);
    samples[i] =
        p->values[i] * (counted ? 1.0 : factor) + (counted ? 0.0 : p->how->floor * (1.0 / p->d + own));
  }
  return true;
}

static size_t begin(plant *p, const char *name, const planting *how)
{
  size_t number = 0;
  ck_assert_int_eq(plim_claim_find(name, &number), PLIM_OK);
  *p = (plant){.how = how, .run = SIZE_MAX};
  p->claim = plimi_claim_at(number, NULL);
  ck_assert_ptr_nonnull(p->claim);
  ck_assert_int_eq(plim_theory_alloc(&p->theory), PLIM_OK);
  return number;
}

static void end(plant *p)
{
  plim_theory_free(p->theory);
  plim_activation_free(p->activation);
  plim_activation_free(p->teacher);
  free(p->values);
}

plim_status planted_status(const char *name, const planting *how, plim_claim_result *result)
{
  plant p;
  const size_t number = begin(&p, name, how);
  const plim_claim_hooks hooks = {.context = &p, .recall = recall};
  const plim_claim_settings settings = {
      .tier = how->tier, .seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  const plim_status status = plim_claim_run(number, &settings, result);
  end(&p);
  return status;
}

plim_claim_result planted_result(const char *name, const planting *how)
{
  plim_claim_result result = {.findings = NULL};
  ck_assert_int_eq(planted_status(name, how, &result), PLIM_OK);
  ck_assert_uint_gt(result.count, 0);
  return result;
}

void planted_run(const char *name, const planting *how, void (*see)(const plimi_claim_run *run))
{
  plant p;
  const size_t number = begin(&p, name, how);
  const plim_claim_hooks hooks = {.context = &p, .recall = recall};
  const plim_claim_settings settings = {
      .tier = how->tier, .seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  plimi_claim_run run;
  ck_assert_int_eq(plimi_claim_begin(number, &settings, &run), PLIM_OK);
  ck_assert_int_eq(plimi_measure(&run), PLIM_OK);
  ck_assert_int_eq(plimi_claim_judge(&run), PLIM_OK);
  see(&run);
  plimi_claim_end(&run);
  end(&p);
}

static void explained(void *context, size_t claim, const char *why)
{
  (void)claim;
  snprintf(((plant *)context)->why, sizeof((plant *)context)->why, "%s", why);
}

plim_status planted_failure(const char *name, const planting *how, bool in_looks, char why[512])
{
  plant p;
  const size_t number = begin(&p, name, how);
  const plim_claim_hooks hooks = {.context = &p, .recall = recall, .explained = explained};
  const plim_claim_settings settings = {
      .tier = how->tier, .seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  const plim_claim_budget budget = {.work = 1.0, .power = 0.9};
  plim_claim_result result = {.findings = NULL};
  plim_status status = PLIM_OK;
  if (in_looks)
    ck_assert_int_eq(plim_claims_decide(&number, 1, &settings, &budget, &result, &status), PLIM_OK);
  else
    status = plim_claim_run(number, &settings, &result);
  ck_assert_ptr_null(result.findings);
  memcpy(why, p.why, sizeof p.why);
  end(&p);
  return status;
}

static size_t only_planned(void *context, const plim_claim_place *place)
{
  const plant *p = context;
  size_t planned = 0;
  for (size_t e = 0; e < p->claim->n_experiments; e++)
    planned += plimi_ladder_sizes(&p->claim->experiments[e], p->how->tier);
  return place->run < planned ? place->replicas : 0;
}

plim_claim_result planted_decision(const char *name, const planting *how, double work)
{
  plant p;
  const size_t number = begin(&p, name, how);
  const plim_claim_hooks hooks = {
      .context = &p, .recall = recall, .at_hand = how->as_planned ? only_planned : NULL};
  const plim_claim_settings settings = {
      .tier = how->tier, .seed = 1, .threads = 1, .level = 0.05, .hooks = &hooks};
  const plim_claim_budget budget = {.work = work, .power = 0.9};
  plim_claim_result result = {.findings = NULL};
  plim_status status = PLIM_OK;
  ck_assert_int_eq(plim_claims_decide(&number, 1, &settings, &budget, &result, &status), PLIM_OK);
  ck_assert_msg(status == PLIM_OK, "%s: %s", name, plim_status_name(status));
  ck_assert_uint_gt(result.count, 0);
  end(&p);
  return result;
}
