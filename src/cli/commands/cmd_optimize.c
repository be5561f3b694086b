/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_optimize.c - plim optimize: the best penalty and step size of the limits, at every point of the product. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "../terminal/interrupt.h"
#include "../output/optimum_output.h"
#include "../work/work.h"

/* The quantities to optimise: risk1 where the user named none, everything with a goal for "all". */
static int choose(plimi_quantities *quantities)
{
  if (quantities->by_default || quantities->all) {
    free(quantities->values);
    quantities->values = plimi_allocate(PLIM_QUANTITY_COUNT, sizeof *quantities->values);
    quantities->count = 0;
    for (int i = 0; i < PLIM_QUANTITY_COUNT; i++)
      if (quantities->all ? plim_optimum_goal((plim_quantity)i) != PLIM_GOAL_NONE : i == (int)PLIM_RISK1)
        quantities->values[quantities->count++] = (plim_quantity)i;
  }
  for (size_t i = 0; i < quantities->count; i++) {
    if (plim_optimum_goal(quantities->values[i]) != PLIM_GOAL_NONE)
      continue;
    plimi_message accepted = {.text = ""};
    for (int k = 0; k < PLIM_QUANTITY_COUNT; k++)
      if (plim_optimum_goal((plim_quantity)k) != PLIM_GOAL_NONE)
        plimi_message_add(&accepted, "%s%s", accepted.text[0] != '\0' ? ", " : "",
                          plim_quantity_name((plim_quantity)k));
    plimi_complain("--quantity: %s has no best value; give one or more of %s",
                   plim_quantity_name(quantities->values[i]), accepted.text);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

/* Did the user give option `name` another value than its default? */
static bool is_given(const plimi_settings *settings, const char *name)
{
  const plimi_option *option = plimi_option_find(name, PLIMI_OPTIMIZE, false);
  return strcmp(plimi_option_text(settings, option), option->initial) != 0;
}

/* What is searched is not given, and what is not searched has no range. */
static int check_variable(const plimi_settings *settings, bool is_searched, const char *name,
                          const char *range)
{
  if (is_searched && is_given(settings, name)) {
    plimi_complain("--%s: it is what --over searches; --%s LOW:HIGH bounds it", name, range);
    return PLIM_EXIT_USAGE;
  }
  if (!is_searched && is_given(settings, range)) {
    plimi_complain("--%s: %s is not searched; name it in --over, or fix it with --%s", range, name, name);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

static int read_search(const plimi_settings *settings, plim_search *search)
{
  *search = (plim_search){.lambda = {settings->search_lambda.values[0], settings->search_lambda.values[1]},
                          .eta = {settings->search_eta.values[0], settings->search_eta.values[1]}};
  for (size_t i = 0; i < settings->over.count; i++) {
    if (settings->over.values[i] == PLIMI_OVER_LAMBDA)
      search->over_lambda = true;
    else
      search->over_eta = true;
  }
  const int status = check_variable(settings, search->over_lambda, "lambda", "search-lambda");
  return status != PLIM_EXIT_DONE ? status : check_variable(settings, search->over_eta, "eta", "search-eta");
}

/* Every quantity at every point. False when interrupted. */
static bool find_all(const plimi_settings *settings, const plimi_product *product, plimi_findings *findings,
                     plimi_outcome *outcome)
{
  plimi_progress progress;
  plim_theory *theory = NULL;
  const size_t quantities = settings->quantities.count;
  if (plim_theory_alloc(&theory) != PLIM_OK ||
      plim_theory_set_tolerance(theory, settings->tolerance.values[0]) != PLIM_OK) {
    plimi_outcome_note(outcome, settings->quantities.values[0], PLIM_NO_MEMORY, true);
    return true;
  }
  plimi_progress_begin(&progress, "points", product->count, (double)product->count);
  for (size_t i = 0; i < product->count && !plimi_interrupted(); i++) {
    const plimi_point point = plimi_product_at(product, i);
    findings->found =
        plimi_reallocate(findings->found, findings->count + quantities, sizeof *findings->found);
    for (size_t k = 0; k < quantities; k++) {
      plimi_found *found = &findings->found[findings->count++];
      *found = (plimi_found){.quantity = settings->quantities.values[k], .problem = point.problem};
      found->status =
          plim_optimum_find(theory, found->quantity, &found->problem, &findings->search, &found->optimum);
      if (found->status == PLIM_OUTSIDE_DOMAIN && settings->quantities.all)
        findings->count--; /* nobody asked for this one by name */
      else
        plimi_outcome_note_limit(outcome, found->quantity, found->status, true,
                                 plim_theory_attainable(theory));
    }
    plimi_progress_step(&progress, 1, 1);
  }
  plimi_progress_end(&progress);
  plim_theory_free(theory);
  return !plimi_interrupted();
}

int plimi_cmd_optimize(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_OPTIMIZE, "optimize", settings};
  plimi_findings findings = {.count = 0};
  plimi_output_request request = {.command = "optimize",
                                  .parts = &part,
                                  .part_count = 1,
                                  .of = PLIMI_OF_OPTIMA,
                                  .write = plimi_optimum_write,
                                  .content = &findings};
  plimi_product product;
  plimi_output *output = NULL;
  plimi_outcome outcome = {.rows = 0};
  findings.request = &request;
  int status = choose(&settings->quantities);
  if (status == PLIM_EXIT_DONE)
    status = read_search(settings, &findings.search);
  if (status == PLIM_EXIT_DONE && !plimi_product_begin(&product, settings, false))
    status = plimi_too_many_points();
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_interrupt_catch();
  const bool finished = find_all(settings, &product, &findings, &outcome);
  status = finished ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  status = plimi_conclude(&(plimi_destinations){.output = output}, finished ? PLIM_OK : PLIM_INTERRUPTED,
                          status, NULL, 0);
  free(findings.found);
  return status;
}
