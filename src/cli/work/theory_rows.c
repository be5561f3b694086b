/* SPDX-License-Identifier: GPL-3.0-or-later */
/* theory_rows.c - limits at every point of a product. */
#include "config.h"

#include <math.h>

#include "../terminal/interrupt.h"
#include "work.h"

enum { STRIDE = 64 }; /* points between two looks at the clock */

bool plimi_grows(const plim_problem *problem)
{
  return problem->eta_exponent > 0.0 || (problem->steps == 2 && plim_problem_second_exponent(problem) > 0.0);
}

double plimi_effect_of_step(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                            double limit)
{
  plim_problem still = *problem;
  plim_value unmoved;
  still.eta = 0.0;
  still.eta_exponent = 0.0;
  still.eta_second = still.eta_second_exponent = NAN; /* nor a second one */
  if (plimi_limit(theory, quantity, &still, &unmoved) != PLIM_OK || limit == unmoved.value)
    return NAN;
  return limit - unmoved.value;
}

static void add_point(plim_theory *theory, const plimi_settings *settings, const plim_problem *problem,
                      plimi_output *output, plimi_outcome *outcome)
{
  const bool asked = !settings->quantities.by_default;
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, problem);
  for (size_t k = 0; k < settings->quantities.count; k++) {
    const plim_quantity quantity = settings->quantities.values[k];
    plim_value value = {0.0, 0.0};
    plim_status status = plimi_limit(theory, quantity, problem, &value);
    if (status == PLIM_OUTSIDE_DOMAIN && !asked)
      continue;
    status = plimi_row_set_limit(&row, quantity, status, &value);
    plimi_output_row(output, &row);
    plimi_outcome_note_limit(outcome, quantity, status, asked, plim_theory_attainable(theory));
    plimi_outcome_explain(outcome, theory, quantity, problem);
  }
}

bool plimi_theory_rows(const plimi_settings *settings, plimi_output *output, plimi_outcome *outcome)
{
  plimi_product product;
  plimi_progress progress;
  plim_theory *theory = NULL;
  if (!plimi_product_begin(&product, settings, false) || plim_theory_alloc(&theory) != PLIM_OK ||
      plim_theory_set_tolerance(theory, settings->tolerance.values[0]) != PLIM_OK) {
    plimi_outcome_note(outcome, settings->quantities.values[0], PLIM_NO_MEMORY, true);
    return true;
  }
  plimi_progress_begin(&progress, "points", product.count, (double)product.count);
  for (size_t i = 0; i < product.count && !plimi_interrupted(); i++) {
    const plimi_point point = plimi_product_at(&product, i);
    add_point(theory, settings, &point.problem, output, outcome);
    const size_t fresh = (i + 1) % STRIDE == 0 ? STRIDE : i + 1 == product.count ? product.count % STRIDE : 0;
    if (fresh > 0)
      plimi_progress_step(&progress, fresh, (double)fresh);
  }
  plimi_progress_end(&progress);
  plim_theory_free(theory);
  return !plimi_interrupted();
}
