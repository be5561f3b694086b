/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulation_rows.c - the estimates of a campaign, as rows. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "work.h"

/* The cell of quantity number `quantity` of the settings at penalty `lambda`; false where it was not measured. */
static bool find_cell(const plimi_campaign *campaign, size_t quantity, size_t lambda, size_t *cell)
{
  for (size_t k = 0; k < campaign->measured_count; k++) {
    if (campaign->measured[k] == campaign->settings->quantities.values[quantity]) {
      *cell = k * campaign->settings->lambda.count + lambda;
      return true;
    }
  }
  return false;
}

const plim_estimate *plimi_run_estimate(const plimi_campaign *campaign, const plimi_run *run, size_t quantity,
                                        size_t lambda)
{
  size_t cell;
  if (!find_cell(campaign, quantity, lambda, &cell) || run->statuses[cell] != PLIM_OK)
    return NULL;
  return &run->estimates[cell];
}

plim_status plimi_run_row(const plimi_campaign *campaign, const plimi_run *run, size_t quantity,
                          size_t lambda, plimi_row *row)
{
  const plim_estimate none = {.replicas = 0};
  plim_problem problem = run->problem;
  size_t cell;
  *row = (plimi_row){.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  problem.lambda = campaign->settings->lambda.values[lambda];
  plimi_row_set_problem(row, &problem);
  plimi_row_set_size(row, &run->size);
  plimi_row_set_integer(row, PLIMI_REPLICAS, run->replicas);
  plimi_row_set_integer(row, PLIMI_SEED, run->seed);
  const plim_quantity name = campaign->settings->quantities.values[quantity];
  if (!find_cell(campaign, quantity, lambda, &cell))
    return plimi_row_set_estimate(row, name, PLIM_OUTSIDE_DOMAIN, &none);
  return plimi_row_set_estimate(row, name, run->statuses[cell], &run->estimates[cell]);
}

static void add_run(const plimi_campaign *campaign, const plimi_run *run, plimi_output *output,
                    plimi_outcome *outcome)
{
  const plimi_settings *settings = campaign->settings;
  for (size_t l = 0; l < settings->lambda.count; l++) {
    for (size_t k = 0; k < settings->quantities.count; k++) {
      plimi_row row;
      const plim_status status = plimi_run_row(campaign, run, k, l, &row);
      plimi_output_row(output, &row);
      plimi_outcome_note(outcome, settings->quantities.values[k], status, !settings->quantities.by_default);
    }
  }
}

/* For quantity k: the largest difference from double along the path of penalties, and the largest beside the standard
   error of the estimate. */
static void add_precision(const plimi_run *run, const plim_measurement *measured, const double *error,
                          size_t k, plimi_message *said)
{
  double most = 0.0, share = 0.0;
  for (size_t i = k * measured->n_lambda; i < (k + 1) * measured->n_lambda; i++) {
    const plim_estimate *estimate = &run->estimates[i];
    most = fmax(most, error[i]);
    if (run->statuses[i] == PLIM_OK && estimate->error > 0.0)
      share = fmax(share, error[i] / estimate->error);
  }
  plimi_message_add(said, "%.1e in %s", most, plim_quantity_name(measured->quantities[k]));
  if (share > 0.0)
    plimi_message_add(said, " (%.1e of its standard error)", share);
}

enum { QUANTITIES_A_LINE = 8 };

/* What single precision does to the first replica of a run. */
static void say_precision(const plimi_campaign *campaign, const plimi_run *run)
{
  const plimi_settings *settings = campaign->settings;
  const plim_simulation simulation = plimi_campaign_simulation(campaign, run);
  const plim_measurement measured = {campaign->measured, campaign->measured_count, settings->lambda.values,
                                     settings->lambda.count};
  double *error = plimi_allocate(measured.n_quantities * measured.n_lambda, sizeof *error);
  plim_precision_paths paths = {0, 0};
  const plim_status status = plim_precision_error(&run->problem, &simulation, &measured, &paths, error);
  if (status != PLIM_OK)
    plimi_complain("--precision single, d = %zu: how far it is off double is not known: %s", run->size.d,
                   plim_status_meaning(status));
  for (size_t first = 0; first < measured.n_quantities && status == PLIM_OK; first += QUANTITIES_A_LINE) {
    plimi_message said;
    plimi_message_set(&said,
                      "--precision single, d = %zu, n = %zu, N = %zu: off double in the first replica by ",
                      run->size.d, run->size.n, run->size.width);
    for (size_t k = first; k < first + QUANTITIES_A_LINE && k < measured.n_quantities; k++) {
      plimi_message_add(&said, "%s", k > first ? ", " : "");
      add_precision(run, &measured, error, k, &said);
    }
    plimi_complain("%s", said.text);
  }
  if (paths.in_double > 0)
    plimi_complain(
        "--precision single, d = %zu, n = %zu, N = %zu: %zu of %zu ridge regressions of that replica were "
        "solved in double: a penalty is 0 or too small for single, n is long, or eigenvalues are wanted "
        "(kappa, df2, gcv)",
        run->size.d, run->size.n, run->size.width, paths.in_double, paths.count);
  free(error);
}

plim_status plimi_simulation_rows(plimi_campaign *campaign, plimi_output *output, plimi_outcome *outcome)
{
  const size_t dimensions = campaign->settings->d.count;
  for (size_t i = 0; i < campaign->product.count; i++) {
    for (size_t k = 0; k < dimensions; k++) {
      plimi_run run;
      plim_status status = plimi_campaign_plan(campaign, i, k, &run);
      if (status == PLIM_OK)
        status = plimi_campaign_draw(campaign, &run);
      if (status != PLIM_OK)
        return status;
      if (!plimi_share_lacks(campaign->share))
        add_run(campaign, &run, output, outcome);
      if (!plimi_share_lacks(campaign->share) && campaign->measured_count > 0 &&
          plimi_campaign_simulation(campaign, &run).precision == PLIM_PRECISION_SINGLE)
        say_precision(campaign, &run);
      plimi_run_free(&run);
    }
  }
  return plimi_share_status(campaign->share, PLIM_OK);
}
