/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_rows.c - what plim power says after a pilot: which replicas at which size settle a verdict. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "comparison.h"

/* Of one ladder: the replicas of each size, or why there are none. */
typedef struct {
  uint64_t *replicas; /* NULL: none */
  const char *settled;
  double seconds; /* of all sizes */
} forecast_of_one;

static double seconds_of(const plimi_run *run, uint64_t replicas)
{
  return (double)replicas * plim_replica_seconds(&run->size);
}

static void put(const plimi_comparison *c, const plimi_ladder *ladder, const plimi_run *run,
                const forecast_of_one *one, uint64_t replicas, plimi_output *output)
{
  const plimi_settings *settings = c->campaign->settings;
  const plim_criterion *criterion = &c->criterion;
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  plimi_row_set_problem(&row, &ladder->asked);
  plimi_row_set_size(&row, &run->size);
  plimi_row_set_text(&row, PLIMI_QUANTITY, plim_quantity_name(settings->quantities.values[ladder->quantity]));
  plimi_row_set_text(&row, PLIMI_SOURCE, plimi_source_name(PLIMI_SOURCE_PLAN));
  plimi_row_set_text(&row, PLIMI_STATUS,
                     plim_status_name(one->replicas != NULL ? PLIM_OK : PLIM_OUTSIDE_DOMAIN));
  plimi_row_set_integer(&row, PLIMI_SEED, run->seed);
  plimi_row_set_text(&row, PLIMI_SETTLED, one->settled);
  if (ladder->limit.status == PLIM_OK)
    plimi_row_set_number(&row, PLIMI_MARGIN,
                         criterion->relative_margin * fabs(ladder->limit.value.value) +
                             criterion->absolute_margin);
  if (one->replicas != NULL) {
    plimi_row_set_number(&row, PLIMI_VALUE, ladder->limit.value.value);
    plimi_row_set_number(&row, PLIMI_ERROR, ladder->limit.value.error);
    plimi_row_set_integer(&row, PLIMI_REPLICAS, replicas);
    plimi_row_set_number(&row, PLIMI_SECONDS, seconds_of(run, replicas));
    plimi_row_set_number(&row, PLIMI_TOTAL_SECONDS, one->seconds);
  }
  plimi_output_row(output, &row);
}

/* The rows of one ladder; `most` keeps the greatest replicas of the point at each size. */
static plim_status add_ladder(const plimi_comparison *c, const plimi_comparison_point *point,
                              const plimi_ladder *ladder, plimi_output *output, plimi_forecast *forecast)
{
  const size_t sizes = c->campaign->settings->d.count;
  uint64_t *needed = plimi_allocate(sizes, sizeof *needed);
  forecast_of_one one = {.settled = "withheld"};
  plim_status status = PLIM_OK;
  forecast->ladders++;
  if (ladder->judged.judged) {
    status = plimi_comparison_needs(c, point, ladder, needed);
    one.replicas = status == PLIM_OK ? needed : NULL;
    one.settled = "never";
    forecast->never += status == PLIM_OUTSIDE_DOMAIN ? 1 : 0;
  } else if (forecast->withheld++ == 0) {
    forecast->first_withheld = plim_quantity_name(c->campaign->settings->quantities.values[ladder->quantity]);
    forecast->why_withheld = ladder->judged.reason;
  }
  for (size_t k = 0; k < sizes && one.replicas != NULL; k++) {
    one.seconds += seconds_of(&point->runs[k], needed[k]);
    point->next[k] = needed[k] > point->next[k] ? needed[k] : point->next[k];
  }
  if (one.replicas != NULL)
    one.settled = one.seconds <= c->budget ? "yes" : "no";
  for (size_t k = 0; k < sizes; k++)
    put(c, ladder, &point->runs[k], &one, needed[k], output);
  free(needed);
  return status == PLIM_OUTSIDE_DOMAIN ? PLIM_OK : status;
}

plim_status plimi_comparison_forecast(plimi_comparison *c, plimi_output *output, plimi_forecast *forecast)
{
  const plimi_settings *settings = c->campaign->settings;
  plim_status status = PLIM_OK;
  *forecast = (plimi_forecast){.ladders = 0};
  for (size_t i = 0; i < c->campaign->product.count; i++) {
    plimi_comparison_point *point = &c->points[i]; /* its `next` is still the pilot */
    for (size_t k = 0; k < settings->lambda.count * settings->quantities.count && status == PLIM_OK; k++)
      if (!point->ladders[k].left_out)
        status = add_ladder(c, point, &point->ladders[k], output, forecast);
    for (size_t k = 0; k < settings->d.count; k++)
      forecast->seconds += seconds_of(&point->runs[k], point->next[k]);
  }
  return status;
}
