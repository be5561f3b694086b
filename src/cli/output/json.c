/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "../options/values.h"
#include "number.h"
#include "provenance.h"
#include "writers.h"

static void new_line(size_t indent, size_t depth, FILE *stream)
{
  if (indent > 0)
    fprintf(stream, "\n%*s", (int)(indent * depth), "");
}

static void print_at(const json_t *value, size_t indent, size_t depth, FILE *stream)
{
  const bool is_object = json_is_object(value);
  const char *separator = "", *key;
  json_t *element;
  size_t i;
  if (json_is_real(value)) { /* jansson has one precision for a whole dump */
    const size_t digits = (size_t)plimi_number_digits(json_real_value(value));
    json_dumpf(value, stream, JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
    return;
  }
  if (!is_object && !json_is_array(value)) {
    json_dumpf(value, stream, JSON_ENCODE_ANY);
    return;
  }
  fputc(is_object ? '{' : '[', stream);
  json_object_foreach((json_t *)value, key, element)
  {
    json_t *name = plimi_json_text(key);
    fputs(separator, stream);
    new_line(indent, depth + 1, stream);
    json_dumpf(name, stream, JSON_ENCODE_ANY);
    fputs(": ", stream);
    print_at(element, indent, depth + 1, stream);
    separator = indent > 0 ? "," : ", ";
    json_decref(name);
  }
  json_array_foreach(value, i, element)
  {
    fputs(separator, stream);
    new_line(indent, depth + 1, stream);
    print_at(element, indent, depth + 1, stream);
    separator = indent > 0 ? "," : ", ";
  }
  if (separator[0] != '\0')
    new_line(indent, depth, stream);
  fputc(is_object ? '}' : ']', stream);
}

void plimi_json_print(const json_t *value, size_t indent, FILE *stream)
{
  print_at(value, indent, 0, stream);
}

/* JSON has no unsigned 64-bit integers that everyone reads alike; beyond 2^63 - 1 the digits go as text. */
static json_t *integer_value(uint64_t integer)
{
  if (integer <= INT64_MAX)
    return json_integer((json_int_t)integer);
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRIu64, integer);
  return plimi_json_text(digits);
}

json_t *plimi_json_cell(const plimi_cell *cell)
{
  switch (cell->kind) {
  case PLIMI_CELL_NUMBER:
    return plimi_json_number(cell->is.number);
  case PLIMI_CELL_INTEGER:
    return integer_value(cell->is.integer);
  case PLIMI_CELL_TEXT:
    return plimi_json_text(cell->is.text);
  case PLIMI_CELL_EMPTY:
    break;
  }
  return json_null();
}

static void add_further(json_t *object, const plimi_row *row, const plimi_further *further)
{
  for (size_t i = 0; i < further->count; i++)
    json_object_set_new(object, further->names[i], plimi_json_cell(&row->further[i]));
}

static json_t *row_object(const plimi_row *row, unsigned of, const plimi_further *further)
{
  json_t *object = json_object();
  for (int column = 0; column < PLIMI_COLUMN_COUNT; column++)
    if (plimi_column_belongs((plimi_column)column, of))
      json_object_set_new(object, plimi_column_name((plimi_column)column),
                          plimi_json_cell(&row->cells[column]));
  add_further(object, row, further);
  return object;
}

static json_t *quantities_value(const plimi_quantities *quantities)
{
  json_t *array = json_array();
  for (size_t i = 0; i < quantities->count; i++)
    json_array_append_new(array, plimi_json_text(plim_quantity_name(quantities->values[i])));
  return array;
}

/* Of a table what it holds, too: samples are of its rows, and not of its name. */
static json_t *inputs_value(const plimi_inputs_list *list)
{
  json_t *array = json_array();
  for (size_t i = 0; i < list->count; i++) {
    const plimi_inputs *law = &list->values[i];
    json_t *content = law->file != NULL ? plimi_provenance_content(law->file) : NULL;
    const char *sum = json_string_value(json_object_get(content, "crc32"));
    plimi_message text;
    plimi_message_set(&text, "%s%s%s", plimi_inputs_called(law), sum != NULL ? " crc32 " : "",
                      sum != NULL ? sum : "");
    json_array_append_new(array, plimi_json_text(text.text));
    json_decref(content);
  }
  return array;
}

static json_t *option_value(const plimi_settings *settings, const plimi_option *option)
{
  const void *target = (const char *)settings + option->target;
  json_t *array = json_array();
  switch (option->kind) {
  case PLIMI_TAKES_NUMBERS:
  case PLIMI_TAKES_NUMBER:
  case PLIMI_TAKES_SPAN:
  case PLIMI_TAKES_SECONDS:
  case PLIMI_TAKES_LIMIT:
  case PLIMI_TAKES_RATES: {
    const plimi_numbers *numbers = target;
    for (size_t i = 0; i < numbers->count; i++)
      json_array_append_new(array, plimi_json_number(numbers->values[i]));
    break;
  }
  case PLIMI_TAKES_SHARD:
  case PLIMI_TAKES_INTEGERS:
  case PLIMI_TAKES_INTEGER: {
    const plimi_integers *integers = target;
    for (size_t i = 0; i < integers->count; i++)
      json_array_append_new(array, integer_value(integers->values[i]));
    break;
  }
  case PLIMI_TAKES_WORDS:
  case PLIMI_TAKES_WORD: {
    const plimi_choices *choices = target;
    for (size_t i = 0; i < choices->count; i++)
      json_array_append_new(array, plimi_json_text(option->words[choices->values[i]]));
    break;
  }
  case PLIMI_TAKES_ACTIVATIONS: {
    const plimi_activations *activations = target;
    for (size_t i = 0; i < activations->count; i++)
      json_array_append_new(array, plimi_json_text(plim_activation_name(activations->values[i])));
    break;
  }
  case PLIMI_TAKES_READOUTS: {
    const plimi_readouts *readouts = target;
    for (size_t i = 0; i < readouts->count; i++) {
      const plimi_readout *readout = &readouts->values[i];
      const bool named = readout->law != PLIM_READOUT_ATOMS;
      json_array_append_new(array,
                            plimi_json_text(named ? plim_readout_name(readout->law) : readout->atoms.name));
    }
    break;
  }
  case PLIMI_TAKES_INPUTS:
    json_decref(array);
    return inputs_value(target);
  case PLIMI_TAKES_QUANTITIES:
    json_decref(array);
    return quantities_value(target);
  case PLIMI_TAKES_TEXT:
    if (*(char *const *)target != NULL)
      json_array_append_new(array, plimi_json_text(*(char *const *)target));
    break;
  case PLIMI_TAKES_PATH:
  case PLIMI_TAKES_NOTHING:
    break;
  }
  return array;
}

/* What was chosen at run time; where nothing was, the option does not stand there. */
static void set_chosen(json_t *object, const char *name, json_t *value)
{
  if (json_array_size(value) > 0)
    json_object_set_new(object, name, value);
  else
    json_decref(value);
}

json_t *plimi_json_options(const plimi_part *part, bool as_written, bool shaping)
{
  json_t *object = json_object();
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    if ((option->commands & (unsigned)part->command) == 0 || option->alias_of != NULL ||
        (shaping && !option->shapes_result))
      continue;
    const char *text = plimi_option_text(part->settings, option);
    if (!as_written)
      json_object_set_new(object, option->name, option_value(part->settings, option));
    else if (text != NULL)
      json_object_set_new(object, option->name, plimi_json_text(text));
    else if (option->kind == PLIMI_TAKES_INTEGER || option->kind == PLIMI_TAKES_QUANTITIES)
      set_chosen(object, option->name, option_value(part->settings, option));
  }
  return object;
}

/* "key": value, where the value is released. */
static void put(FILE *stream, const char *key, json_t *value)
{
  fprintf(stream, "\"%s\": ", key);
  plimi_json_print(value, 0, stream);
  json_decref(value);
}

/* An option without a value is no empty list. */
static json_t *without_empty(json_t *options)
{
  const char *name;
  json_t *value;
  void *next;
  json_object_foreach_safe(options, next, name, value)
  {
    if (json_array_size(value) == 0)
      json_object_del(options, name);
  }
  return options;
}

void plimi_json_begin(plimi_json *json, FILE *stream, const plimi_output_request *request)
{
  const plimi_numbers *level = &request->parts[0].settings->level;
  *json = (plimi_json){.stream = stream, .of = request->of, .further = request->further};
  json->level = level->count > 0 ? level->values[0] : NAN;
  fputc('{', stream);
  put(stream, "plim", plimi_json_text(PACKAGE_VERSION));
  fputs(", ", stream);
  put(stream, "command", plimi_json_text(request->command));
  fputs(",\n ", stream);
  put(stream, "problem",
      request->part_count > 0 ? without_empty(plimi_json_options(&request->parts[0], false, true))
                              : json_object());
  if (request->design != NULL) {
    fputs(",\n ", stream);
    put(stream, "design", plimi_design_object(request->design));
  }
  fputs(",\n \"rows\": [", stream);
}

void plimi_json_row(plimi_json *json, const plimi_row *row)
{
  plimi_json_object(json, row_object(row, json->of, &json->further));
}

void plimi_json_object(plimi_json *json, json_t *object)
{
  fputs(json->rows++ > 0 ? ",\n  " : "\n  ", json->stream);
  plimi_json_print(object, 0, json->stream);
  json_decref(object);
}

void plimi_json_next_list(plimi_json *json, const char *name)
{
  fprintf(json->stream, "\n ],\n \"%s\": [", name);
  json->rows = 0;
}

static json_t *sizes_value(const plimi_judged *judged)
{
  json_t *array = json_array();
  for (size_t k = 0; k < judged->sizes; k++)
    json_array_append_new(array, json_integer((json_int_t)judged->replicas[k]));
  return array;
}

static json_t *verdict_object(const plimi_judged *judged, const plimi_further *further, double level)
{
  plimi_message words;
  plimi_judged_words(judged, further, level, &words);
  static const plimi_column which[] = {
      PLIMI_QUANTITY,           PLIMI_PSI1,     PLIMI_PSI2,  PLIMI_LAMBDA,  PLIMI_ETA,   PLIMI_ETA_EXPONENT,
      PLIMI_ACTIVATION,         PLIMI_TEACHER,  PLIMI_NOISE, PLIMI_READOUT, PLIMI_STEPS, PLIMI_BATCH,
      PLIMI_FURTHER_PARAMETERS, PLIMI_REPLICAS, PLIMI_SEED};
  json_t *object = json_object();
  for (size_t i = 0; i < sizeof which / sizeof which[0]; i++)
    json_object_set_new(object, plimi_column_name(which[i]), plimi_json_cell(&judged->row.cells[which[i]]));
  add_further(object, &judged->row, further);
  if (judged->relation != NULL)
    json_object_set_new(object, "relation", plimi_json_text(judged->relation));
  if (judged->looks > 0)
    json_object_set_new(object, "replicas_by_size", sizes_value(judged));
  if (judged->rung_count > 0) {
    json_object_set_new(object, "rungs", plimi_json_rungs(judged->rungs, judged->rung_count, 0));
    json_object_set_new(object, "drift_terms",
                        plimi_json_drift(&judged->fit, judged->rates, judged->rungs, judged->rung_count));
  }
  json_object_set_new(object, "looks",
                      judged->looks > 0 ? json_integer((json_int_t)judged->looks) : json_null());
  json_object_set_new(object, "verdict", plimi_json_text(plimi_verdict_text(judged)));
  json_object_set_new(object, "words", plimi_json_text(words.text));
  if (!judged->judged) {
    json_object_set_new(object, "reason", plimi_json_text(judged->reason));
    return object;
  }
  const plim_judgement *j = &judged->judgement;
  const bool undecided = j->verdict == PLIM_UNDECIDED;
  const struct {
    const char *name;
    double number;
  } numbers[] = {{"predicted", judged->predicted.value},
                 {"extrapolated", judged->fit.limit},
                 {"difference", j->difference},
                 {"margin", j->margin},
                 {"numerical_error", j->numerical_error},
                 {"monte_carlo_error", j->monte_carlo_error},
                 {"finite_size_drift", j->finite_size_drift},
                 {"drift_rate", judged->fit.rate},
                 {"ci_low", j->ci_low},
                 {"ci_high", j->ci_high},
                 {"p_agree", j->p_agree},
                 {"p_disagree", j->p_disagree},
                 {"fit_p", j->fit_p},
                 {"agree_margin", j->agree_margin},
                 {"overturning_term", j->overturning_term},
                 {"neglected_bias", j->neglected_bias},
                 {"effect", judged->effect},
                 {"growth_needed", undecided ? judged->growth : NAN},
                 {"seconds_needed", undecided && isfinite(judged->growth) ? judged->seconds : NAN}};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    json_object_set_new(object, numbers[i].name, plimi_json_number(numbers[i].number));
  return object;
}

void plimi_json_end(plimi_json *json, const plimi_judged *verdicts, size_t count)
{
  fputs("\n ]", json->stream);
  if (count > 0) {
    fputs(",\n \"verdicts\": [", json->stream);
    for (size_t i = 0; i < count; i++) {
      json_t *object = verdict_object(&verdicts[i], &json->further, json->level);
      fputs(i > 0 ? ",\n  " : "\n  ", json->stream);
      plimi_json_print(object, 0, json->stream);
      json_decref(object);
    }
    fputs("\n ]", json->stream);
  }
  fputs("}\n", json->stream);
}
