/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder_json.c - the sizes behind a limit, and the curve fitted to them, in JSON. */
#include "config.h"

#include <math.h>

#include "writers.h"

json_t *plimi_json_rungs(const plim_rung *rungs, size_t count, size_t skipped)
{
  json_t *array = json_array();
  for (size_t k = 0; k < count; k++) {
    json_t *object = json_object();
    json_object_set_new(object, "d", plimi_json_number(rungs[k].d));
    json_object_set_new(object, "value", plimi_json_number(rungs[k].value));
    json_object_set_new(object, "error", plimi_json_number(rungs[k].error));
    json_object_set_new(object, "replicas", json_integer((json_int_t)rungs[k].replicas));
    json_object_set_new(object, "fitted", json_boolean(k >= skipped));
    json_array_append_new(array, object);
  }
  return array;
}

static void append(json_t *array, double rate, double coefficient)
{
  json_t *object = json_object();
  json_object_set_new(object, "rate", plimi_json_number(rate));
  json_object_set_new(object, "coefficient", plimi_json_number(coefficient));
  json_array_append_new(array, object);
}

json_t *plimi_json_drift(const plim_extrapolation *fit, const double *rates, const plim_rung *rungs,
                         size_t count)
{
  double d_last = 0.0;
  for (size_t k = 0; k < count; k++)
    d_last = fmax(d_last, rungs[k].d);
  /* of two powers the fit has one coefficient and their sum at the largest size; a covered fit's second is 2 rate */
  const bool covered = fit->ratio > 0.0;
  const double second = covered ? 2.0 * fit->rate : fit->terms == 2 ? rates[1] : 0.0;
  if (!(fit->rate > 0.0) || (fit->terms > 1 && !(second > 0.0)) || (fit->terms > 2 && !covered))
    return json_null();
  json_t *array = json_array();
  append(array, fit->rate, fit->drift);
  if (second > 0.0)
    append(array, second, (fit->drift_at_last - fit->drift * pow(d_last, -fit->rate)) * pow(d_last, second));
  return array;
}
