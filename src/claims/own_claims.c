/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own_claims.c - from the statement of a claim of one's own (plim_own_claim.h) to a claim as data (claims.h). */
#include "own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim_own_claim.h"

enum {
  LONGEST_NAME = 64,
  PILOT = 200
}; /* the tier's replicas at the smallest size; a quarter is the pilot's */
enum { NAME, TITLE, STATEMENT, SOURCE, KEYS, METHOD, APPROACH, FAILURE, TEX, TEXTS };

/* At an address of its own: the claim points into it. */
typedef struct {
  plimi_claim claim; /* first: the list has pointers to it */
  plimi_own own;
  size_t n_points;
  plim_problem *points; /* with activations of their own */
  size_t *d;
  plimi_experiment *experiments;
  plimi_row *rows;
  char *text[TEXTS];
  char what[PLIM_FINDING_WHAT];
} entry;

/* ---- Formulas ------------------------------------------------------------------------------------------- */

/* The formula and what its quantities need. */
static plim_status compile(const char *field, const char *text, bool measured, plim_formula **formula,
                           const plimi_own_complaint *to)
{
  char *why = NULL;
  if (text == NULL)
    return plimi_own_refuse(to, field, "a formula is missing");
  const plim_status status = plimi_own_formula(text, measured, formula, &why);
  if (status == PLIM_INVALID) {
    const plim_status said =
        plimi_own_refuse(to, field,
                         "%s; the names are those of `plim list quantities`, psi1, psi2, lambda, eta, "
                         "eta_exponent, noise, steps%s",
                         why != NULL ? why : "no formula", measured ? ", d, n and N" : "");
    free(why);
    return said;
  }
  for (size_t q = 0; status == PLIM_OK && q < PLIM_QUANTITY_COUNT; q++) {
    const char *name = plim_quantity_name((plim_quantity)q);
    if (!plim_formula_uses(*formula, q))
      continue;
    if (measured && plim_experiment_describe((plim_quantity)q) == NULL)
      return plimi_own_refuse(to, field, "%s cannot be measured", name);
    if (!measured && plim_limit_describe((plim_quantity)q) == NULL)
      return plimi_own_refuse(to, field, "plim has no limit of %s", name);
  }
  return status;
}

static size_t quantities_of(const plim_formula *formula, plim_quantity *quantities, size_t most)
{
  size_t count = 0;
  for (size_t q = 0; q < PLIM_QUANTITY_COUNT; q++) {
    if (!plim_formula_uses(formula, q))
      continue;
    if (count < most)
      quantities[count] = (plim_quantity)q;
    count++;
  }
  return count;
}

static plim_status check_margin_of_zero(const plim_own_claim *claim, const entry *made,
                                        const plimi_own_complaint *to)
{
  plim_quantity none[1];
  if (claim->relation != PLIM_OWN_EQUALS || claim->absolute_margin > 0.0 ||
      quantities_of(made->own.predicted, none, 1) > 0)
    return PLIM_OK;
  for (size_t i = 0; i < claim->n_points; i++)
    if (plimi_own_at_parameters(made->own.predicted, &claim->points[i]) == 0.0)
      return plimi_own_refuse(to, "absolute_margin",
                              "a part of 0 is no margin; equality with 0 needs an absolute one");
  return PLIM_OK;
}

static plim_status add_formulas(const plim_own_claim *claim, entry *made, const plimi_own_complaint *to)
{
  plim_quantity quantities[PLIMI_MOST_MEASURED];
  _Static_assert((int)PLIM_OWN_MOST_QUANTITIES == (int)PLIMI_MOST_MEASURED, "what one experiment measures");
  plim_status status = compile("measured", claim->measured, true, &made->own.measured, to);
  if (status != PLIM_OK)
    return status;
  const size_t count = quantities_of(made->own.measured, quantities, PLIMI_MOST_MEASURED);
  if (count == 0 || count > PLIMI_MOST_MEASURED)
    return plimi_own_refuse(to, "measured", "it speaks of %zu quantities; 1 to %d are accepted", count,
                            (int)PLIMI_MOST_MEASURED);
  if (plimi_own_is_between_points(claim->relation))
    return claim->predicted == NULL ? PLIM_OK
                                    : plimi_own_refuse(to, "predicted", "what is %s has no prediction",
                                                       plim_own_relation_symbol(claim->relation));
  status = compile("predicted", claim->predicted, false, &made->own.predicted, to);
  return status == PLIM_OK ? check_margin_of_zero(claim, made, to) : status;
}

/* ---- The claim as data ---------------------------------------------------------------------------------- */

static plim_status copy_points(const plim_own_claim *claim, entry *made)
{
  made->points = calloc(claim->n_points, sizeof *made->points);
  made->d = malloc(claim->n_sizes * sizeof *made->d);
  if (made->points == NULL || made->d == NULL)
    return PLIM_NO_MEMORY;
  memcpy(made->d, claim->d, claim->n_sizes * sizeof *made->d);
  for (size_t i = 0; i < claim->n_points; i++) {
    plim_activation *activation = NULL, *teacher = NULL;
    plim_status status = plim_activation_clone(claim->points[i].activation, &activation);
    if (status == PLIM_OK)
      status = plim_activation_clone(claim->points[i].teacher, &teacher);
    if (status != PLIM_OK) {
      plim_activation_free(activation);
      return status;
    }
    made->points[i] = claim->points[i];
    made->points[i].activation = activation;
    made->points[i].teacher = teacher;
    made->points[i].inputs = plim_inputs_share(claim->points[i].inputs);
    made->n_points++;
  }
  return PLIM_OK;
}

/* Do the two differ in the penalty alone? They then share one factorisation. */
static bool share_all_but_lambda(const plim_problem *a, const plim_problem *b)
{
  return a->psi1 == b->psi1 && a->psi2 == b->psi2 && a->eta == b->eta && a->eta_exponent == b->eta_exponent &&
         a->noise == b->noise && a->steps == b->steps && a->batch == b->batch &&
         strcmp(plim_problem_readout_name(a), plim_problem_readout_name(b)) == 0 &&
         plim_problem_same_further(a, b) &&
         strcmp(plim_activation_name(a->activation), plim_activation_name(b->activation)) == 0 &&
         strcmp(plim_activation_name(a->teacher), plim_activation_name(b->teacher)) == 0;
}

/* Points of one shape, n and N alike at every size, have the number of the first of them. */
static size_t draws_of(const entry *made, size_t point)
{
  for (size_t i = 0; i < point; i++)
    if (made->points[i].psi1 == made->points[point].psi1 && made->points[i].psi2 == made->points[point].psi2)
      return i;
  return point;
}

/* Where each point is measured. */
static void lay_out(const plim_own_claim *claim, entry *made, plimi_term *place)
{
  size_t count = 0;
  for (size_t i = 0; i < claim->n_points; i++) {
    plimi_experiment *last = count > 0 ? &made->experiments[count - 1] : NULL;
    if (last == NULL || last->n_path == PLIMI_MOST_PATH ||
        !share_all_but_lambda(&made->points[i], last->problem)) {
      last = &made->experiments[count++];
      *last = (plimi_experiment){.problem = &made->points[i],
                                 .d = made->d,
                                 .sizes = claim->n_sizes,
                                 .effort = PILOT * made->d[0],
                                 .draws = draws_of(made, i)};
      last->n_quantities = quantities_of(made->own.measured, last->quantities, PLIMI_MOST_MEASURED);
    }
    place[i] = (plimi_term){.experiment = count - 1, .penalty = last->n_path};
    last->path[last->n_path++] = made->points[i].lambda;
  }
  made->claim.experiments = made->experiments;
  made->claim.n_experiments = count;
}

static plim_relation judged_as(plim_own_relation relation)
{
  static const plim_relation as[] = {[PLIM_OWN_EQUALS] = PLIM_EQUALS,
                                     [PLIM_OWN_AT_LEAST] = PLIM_AT_LEAST,
                                     [PLIM_OWN_AT_MOST] = PLIM_AT_MOST,
                                     [PLIM_OWN_INCREASING] = PLIM_AT_LEAST,
                                     [PLIM_OWN_DECREASING] = PLIM_AT_MOST};
  return as[relation];
}

static plim_status add_rows(const plim_own_claim *claim, entry *made)
{
  plimi_term place[PLIM_OWN_MOST_POINTS];
  const bool between = plimi_own_is_between_points(claim->relation);
  const size_t first = between ? 1 : 0;
  made->experiments = calloc(claim->n_points, sizeof *made->experiments);
  made->rows = calloc(claim->n_points, sizeof *made->rows);
  if (made->experiments == NULL || made->rows == NULL)
    return PLIM_NO_MEMORY;
  lay_out(claim, made, place);
  snprintf(made->what, sizeof made->what, "%s%s", between ? "rise from the point before of " : "",
           claim->measured);
  for (size_t i = first; i < claim->n_points; i++) {
    plimi_row *row = &made->rows[made->claim.n_rows++];
    *row = (plimi_row){.what = made->what,
                       .of = place[i],
                       .minus = place[i - first],
                       .difference = between,
                       .relation = judged_as(claim->relation),
                       .relative_margin = claim->relative_margin,
                       .absolute_margin = claim->absolute_margin,
                       .own = &made->own};
    memcpy(row->rates, claim->rates, sizeof row->rates);
  }
  made->claim.rows = made->rows;
  return PLIM_OK;
}

/* "0.05 of it and 0.02" */
static void say_margin(const plim_own_claim *claim, char *text, size_t room)
{
  const bool relative = claim->relative_margin > 0.0 && !plimi_own_is_between_points(claim->relation);
  const bool absolute = claim->absolute_margin > 0.0 || !relative;
  size_t length = 0;
  text[0] = '\0';
  if (relative)
    length = (size_t)snprintf(text, room, "%.4g of it%s", claim->relative_margin, absolute ? " and " : "");
  if (absolute && length < room)
    snprintf(text + length, room - length, "%.4g", claim->absolute_margin);
}

/* How it is measured, in words, where nobody has said it. */
static void say_method(const plim_own_claim *claim, char *text, size_t room)
{
  char margin[64];
  size_t length = (size_t)snprintf(text, room, "%s\non every replica at d = ", claim->measured);
  say_margin(claim, margin, sizeof margin);
  for (size_t k = 0; k < claim->n_sizes && length < room; k++)
    length += (size_t)snprintf(text + length, room - length, "%s%zu", k > 0 ? ", " : "", claim->d[k]);
  if (length < room && plimi_own_is_between_points(claim->relation))
    snprintf(text + length, room - length, ", extrapolated, is\n%s from point to point; margin %s.",
             plim_own_relation_symbol(claim->relation), margin);
  else if (length < room)
    snprintf(text + length, room - length, ", extrapolated, is\n%s %s; margin %s.",
             plim_own_relation_symbol(claim->relation), claim->predicted, margin);
}

static void say_approach(const plim_own_claim *claim, char *text, size_t room)
{
  size_t length = 0;
  text[0] = '\0';
  for (size_t t = 0; t < PLIM_MOST_TERMS && claim->rates[t] > 0.0 && length < room; t++)
    length += (size_t)snprintf(text + length, room - length, "%sd^-%.4g", t > 0 ? ", " : "", claim->rates[t]);
}

static plim_status copy_text(const char *text, char **copy)
{
  *copy = malloc(strlen(text) + 1);
  if (*copy == NULL)
    return PLIM_NO_MEMORY;
  memcpy(*copy, text, strlen(text) + 1);
  return PLIM_OK;
}

static plim_status copy_texts(const plim_own_claim *claim, entry *made)
{
  enum { ROOM = 2 * PLIM_LONGEST_EXPRESSION + 512 };
  const plim_claim_info *info = &claim->info;
  char method[ROOM], approach[96];
  say_method(claim, method, sizeof method);
  say_approach(claim, approach, sizeof approach);
  const char *const given[TEXTS] = {info->name,
                                    info->title,
                                    info->statement != NULL ? info->statement : method,
                                    info->source != NULL ? info->source : "a claim of one's own",
                                    info->keys != NULL ? info->keys : "",
                                    info->method != NULL ? info->method : method,
                                    info->approach != NULL ? info->approach : approach,
                                    info->failure != NULL ? info->failure : "",
                                    info->tex};
  plim_status status = copy_text(claim->measured, &made->own.measured_text);
  if (status == PLIM_OK && claim->predicted != NULL)
    status = copy_text(claim->predicted, &made->own.predicted_text);
  for (size_t i = 0; i < TEXTS && status == PLIM_OK; i++)
    if (given[i] != NULL)
      status = copy_text(given[i], &made->text[i]);
  if (status != PLIM_OK)
    return status;
  made->claim.info = (plim_claim_info){.name = made->text[NAME],
                                       .title = made->text[TITLE],
                                       .statement = made->text[STATEMENT],
                                       .source = made->text[SOURCE],
                                       .keys = made->text[KEYS],
                                       .method = made->text[METHOD],
                                       .approach = made->text[APPROACH],
                                       .failure = made->text[FAILURE],
                                       .tex = made->text[TEX]};
  return PLIM_OK;
}

static void entry_free(entry *made)
{
  if (made == NULL)
    return;
  for (size_t i = 0; i < made->n_points; i++) {
    plim_activation_free((plim_activation *)made->points[i].activation);
    plim_activation_free((plim_activation *)made->points[i].teacher);
    plim_inputs_free((plim_inputs *)made->points[i].inputs);
  }
  for (size_t i = 0; i < TEXTS; i++)
    free(made->text[i]);
  plim_formula_free(made->own.measured);
  plim_formula_free(made->own.predicted);
  free(made->own.measured_text);
  free(made->own.predicted_text);
  free(made->points);
  free(made->d);
  free(made->experiments);
  free(made->rows);
  free(made);
}

/* ---- The collection ------------------------------------------------------------------------------------- */

plim_own_claims *plim_own_claims_alloc(void)
{
  return calloc(1, sizeof(plim_own_claims));
}

void plim_own_claims_free(plim_own_claims *claims)
{
  for (size_t i = 0; claims != NULL && i < claims->count; i++)
    entry_free((entry *)claims->list[i]);
  if (claims != NULL)
    free(claims->list);
  free(claims);
}

static plim_status keep(plim_own_claims *claims, entry *made)
{
  plimi_claim **grown = realloc(claims->list, (claims->count + 1) * sizeof *grown);
  if (grown == NULL)
    return PLIM_NO_MEMORY;
  claims->list = grown;
  grown[claims->count++] = &made->claim;
  return PLIM_OK;
}

plim_status plim_own_claims_add(plim_own_claims *claims, const plim_own_claim *claim, const char **field,
                                char **why)
{
  const plimi_own_complaint to = {field, why};
  plim_status status = plimi_own_check(claims, claim, &to);
  if (status != PLIM_OK)
    return status;
  entry *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  status = add_formulas(claim, made, &to);
  if (status == PLIM_OK)
    status = copy_points(claim, made);
  if (status == PLIM_OK)
    status = add_rows(claim, made);
  if (status == PLIM_OK)
    status = plimi_own_check_inputs(&made->claim, &to);
  if (status == PLIM_OK)
    status = copy_texts(claim, made);
  if (status == PLIM_OK)
    status = keep(claims, made);
  if (status != PLIM_OK)
    entry_free(made);
  return status;
}
