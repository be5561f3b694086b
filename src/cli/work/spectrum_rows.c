/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum_rows.c - a spectrum and its limit as rows: point mass, support, largest value, histogram, density. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "../terminal/interrupt.h"
#include "work.h"

enum { CURVE = 200 }; /* points of the limiting density in each interval, apart from its left end */

/* Where the rows of one point go. The outcome counts by quantities; a spectrum counts as its largest value. */
typedef struct {
  plimi_output *output;
  plimi_outcome *outcome;
  plim_quantity largest;
  plimi_row limit, estimate; /* what all rows of the point share */
  size_t replicas;
} sink;

static void put(sink *to, plimi_row *row, const char *what, double low, double high)
{
  plimi_row_set_text(row, PLIMI_QUANTITY, what);
  plimi_row_set_number(row, PLIMI_LOW, low);
  plimi_row_set_number(row, PLIMI_HIGH, high);
  plimi_output_row(to->output, row);
}

static void put_limit(sink *to, const char *what, double low, double high, const plim_value *value)
{
  plimi_row row = to->limit;
  const plim_status status = plimi_row_set_limit(&row, to->largest, PLIM_OK, value);
  plimi_outcome_note(to->outcome, to->largest, status, true);
  put(to, &row, what, low, high);
}

/* The estimate from one sample a replica. */
static void put_samples(sink *to, const char *what, double low, double high, const double *samples)
{
  plimi_row row = to->estimate;
  plim_estimate estimate = {.replicas = 0};
  plim_status status = plim_estimate_from_samples(samples, 1, to->replicas, &estimate);
  status = plimi_row_set_estimate(&row, to->largest, status, &estimate);
  plimi_outcome_note(to->outcome, to->largest, status, true);
  put(to, &row, what, low, high);
}

/* In the place of the rows called `what`. */
static void put_failure(sink *to, plimi_source source, const char *what, plim_status failure)
{
  const plim_estimate none = {.replicas = 0};
  const plim_value nothing = {0.0, 0.0};
  const bool theory = source == PLIMI_SOURCE_THEORY;
  plimi_row row = theory ? to->limit : to->estimate;
  const plim_status status = theory ? plimi_row_set_limit(&row, to->largest, failure, &nothing)
                                    : plimi_row_set_estimate(&row, to->largest, failure, &none);
  plimi_outcome_note(to->outcome, to->largest, status, true);
  put(to, &row, what, NAN, NAN);
}

/* ---- the simulation's values ---- */

typedef struct {
  const double *values; /* replica after replica, ascending */
  size_t width, replicas;
} sample;

/* Number of values x of one replica with 0 < x, low <= x, and x < high or, with `closed`, x <= high. */
static double count_between(const sample *s, size_t replica, double low, double high, bool closed)
{
  const double *x = s->values + replica * s->width;
  size_t count = 0;
  for (size_t i = 0; i < s->width; i++)
    count += x[i] > 0.0 && x[i] >= low && (x[i] < high || (closed && x[i] == high)) ? 1 : 0;
  return (double)count;
}

static void put_counts(sink *to, const sample *s, double low, double high, double *scratch)
{
  for (size_t r = 0; r < s->replicas; r++)
    scratch[r] = count_between(s, r, 0.0, low, false);
  put_samples(to, "below", 0.0, low, scratch);
  for (size_t r = 0; r < s->replicas; r++)
    scratch[r] = count_between(s, r, nextafter(high, INFINITY), INFINITY, false);
  put_samples(to, "above", high, NAN, scratch);
}

/* What is seen besides the histogram; the bulk is taken to reach from `low` to `high`. */
static void put_seen(sink *to, const sample *s, double low, double high)
{
  double *scratch = plimi_allocate(s->replicas, sizeof *scratch);
  for (size_t r = 0; r < s->replicas; r++)
    scratch[r] = 1.0 - count_between(s, r, 0.0, INFINITY, false) / (double)s->width;
  put_samples(to, "mass", 0.0, 0.0, scratch);
  for (size_t r = 0; r < s->replicas; r++)
    scratch[r] = s->values[(r + 1) * s->width - 1];
  put_samples(to, "top", NAN, NAN, scratch);
  put_counts(to, s, low, high, scratch);
  free(scratch);
}

/* ---- the limit ---- */

/* Values outside the bulk: between which numbers, and how many. Two that go to the same place are one row. */
static void put_outliers(sink *to, const plim_support *support)
{
  for (size_t i = 0, end; i < support->outliers; i = end) {
    const plim_value *at = &support->outlier[i];
    for (end = i + 1; end < support->outliers && support->outlier[end].value == at->value;)
      end++;
    const plim_value count = {.value = (double)(end - i), .error = 0.0};
    put_limit(to, "outlier", at->value - at->error, at->value + at->error, &count);
  }
}

static void put_support(sink *to, const plim_support *support)
{
  put_limit(to, "mass", 0.0, 0.0, &support->mass_at_zero);
  for (size_t i = 0; i < support->intervals; i++)
    put_limit(to, "mass", support->interval[i].low.value, support->interval[i].high.value,
              &support->interval[i].mass);
  const plim_value edge = support->interval[support->intervals - 1].high;
  const bool beyond = support->outliers > 0 && !(support->outlier[0].value <= edge.value);
  put_limit(to, "top", NAN, NAN, beyond ? &support->outlier[0] : &edge);
  put_outliers(to, support);
}

static plim_status put_limiting_bin(sink *to, const plim_density *density, double low, double high)
{
  plim_value left = {0.0, 0.0}, right = {0.0, 0.0};
  plim_status status = plim_density_cdf(density, low, &left);
  if (status == PLIM_OK)
    status = plim_density_cdf(density, high, &right);
  if (status != PLIM_OK)
    return status;
  const plim_value mean = {.value = fmax(0.0, right.value - left.value) / (high - low),
                           .error = (right.error + left.error) / (high - low)};
  put_limit(to, "bin", low, high, &mean);
  return PLIM_OK;
}

/* Points crowd towards the edges, where the density rises like a square root. */
static plim_status put_curve(sink *to, const plim_density *density)
{
  const plim_support *support = plim_density_support(density);
  for (size_t k = 0; k < support->intervals; k++) {
    const double low = support->interval[k].low.value, high = support->interval[k].high.value;
    for (int i = 0; i <= CURVE; i++) {
      const double sine = sin(M_PI / 2.0 * i / CURVE);
      const double x = i == CURVE ? high : low + (high - low) * sine * sine;
      plim_value value = {0.0, 0.0};
      const plim_status status = plim_density_at(density, x, &value);
      if (status == PLIM_DIVERGES)
        continue; /* a hard edge */
      if (status != PLIM_OK)
        return status;
      put_limit(to, "density", x, x, &value);
    }
  }
  return PLIM_OK;
}

/* ---- one point ---- */

/* Bars of the histogram, each beside its limit where there is one. */
static plim_status put_histogram(sink *to, const plim_density *density, const sample *s, const double *hull,
                                 size_t bins)
{
  double *scratch = plimi_allocate(to->replicas, sizeof *scratch);
  plim_status status = PLIM_OK;
  for (size_t k = 0; k < bins && status == PLIM_OK; k++) {
    const double length = hull[1] - hull[0], low = hull[0] + length * (double)k / (double)bins;
    const bool last = k + 1 == bins;
    const double high = last ? hull[1] : hull[0] + length * (double)(k + 1) / (double)bins;
    if (density != NULL)
      status = put_limiting_bin(to, density, low, high);
    for (size_t r = 0; s != NULL && r < s->replicas; r++)
      scratch[r] = count_between(s, r, low, high, last) / ((double)s->width * (high - low));
    if (s != NULL)
      put_samples(to, "bin", low, high, scratch);
  }
  free(scratch);
  return status;
}

/* The limiting bulk, or without it what was seen. */
static void find_hull(const plim_density *density, const sample *s, double *hull)
{
  if (density != NULL) {
    const plim_support *support = plim_density_support(density);
    hull[0] = support->interval[0].low.value;
    hull[1] = support->interval[support->intervals - 1].high.value;
    return;
  }
  hull[0] = 0.0;
  hull[1] = 0.0;
  for (size_t i = 0; i < s->width * s->replicas; i++)
    hull[1] = fmax(hull[1], s->values[i]);
  hull[1] = hull[1] > 0.0 ? hull[1] : 1.0;
}

/* Either may be NULL: the theory or the simulation had no answer. */
static void put_point(sink *to, const plim_density *density, const sample *s, size_t bins)
{
  double hull[2];
  if (density == NULL && s == NULL)
    return;
  find_hull(density, s, hull);
  if (density != NULL)
    put_support(to, plim_density_support(density));
  if (s != NULL)
    put_seen(to, s, hull[0], hull[1]);
  plim_status status = put_histogram(to, density, s, hull, bins);
  if (status != PLIM_OK)
    put_failure(to, PLIMI_SOURCE_THEORY, "bin", status);
  if (density == NULL)
    return;
  status = put_curve(to, density);
  if (status != PLIM_OK)
    put_failure(to, PLIMI_SOURCE_THEORY, "density", status);
}

static sink sink_of(const plimi_run *run, plim_spectrum spectrum, plimi_output *output,
                    plimi_outcome *outcome)
{
  sink to = {.output = output,
             .outcome = outcome,
             .largest = spectrum == PLIM_SPECTRUM_WEIGHTS ? PLIM_W1_TOP : PLIM_CK_TOP,
             .limit = {.cells = {{.kind = PLIMI_CELL_EMPTY}}},
             .replicas = (size_t)run->replicas};
  plimi_row_set_problem(&to.limit, &run->problem);
  plimi_row_set_size(&to.limit, &run->size);
  to.limit.cells[PLIMI_LAMBDA].kind = PLIMI_CELL_EMPTY;
  plimi_row_set_text(&to.limit, PLIMI_SPECTRUM_NAME, plim_spectrum_name(spectrum));
  to.estimate = to.limit;
  plimi_row_set_integer(&to.estimate, PLIMI_REPLICAS, run->replicas);
  plimi_row_set_integer(&to.estimate, PLIMI_SEED, run->seed);
  return to;
}

static plim_status add_point(plimi_campaign *campaign, plim_theory *theory, plim_spectrum spectrum,
                             const plimi_run *run, const double *values, sink *to)
{
  plim_density *density = NULL;
  const sample drawn = {.values = values, .width = run->size.width, .replicas = (size_t)run->replicas};
  const bool seen = run->statuses[0] == PLIM_OK;
  const plim_status status = plim_density_alloc(theory, spectrum, &run->problem, &density);
  if (status == PLIM_NO_MEMORY)
    return status;
  if (status != PLIM_OK)
    put_failure(to, PLIMI_SOURCE_THEORY, "top", status);
  if (!seen)
    put_failure(to, PLIMI_SOURCE_SIMULATION, "top", run->statuses[0]);
  put_point(to, density, seen ? &drawn : NULL, (size_t)campaign->settings->bins.values[0]);
  plim_density_free(density);
  return PLIM_OK;
}

plim_status plimi_spectrum_rows(plimi_campaign *campaign, plim_spectrum spectrum, plimi_output *output,
                                plimi_outcome *outcome)
{
  plim_theory *theory = NULL;
  plim_status status = plim_theory_alloc(&theory);
  for (size_t i = 0; i < campaign->product.count; i++) {
    for (size_t k = 0; k < campaign->settings->d.count && status == PLIM_OK; k++) {
      plimi_run run;
      double *values = NULL;
      status = plimi_campaign_spectrum(campaign, i, k, spectrum, &run, &values);
      if (status != PLIM_OK)
        break;
      sink to = sink_of(&run, spectrum, output, outcome);
      if (!plimi_share_lacks(campaign->share))
        status = add_point(campaign, theory, spectrum, &run, values, &to);
      free(values);
      plimi_run_free(&run);
    }
  }
  plim_theory_free(theory);
  return plimi_share_status(campaign->share, status);
}
