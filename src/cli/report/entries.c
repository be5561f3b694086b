/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entries.c - what verify, compare and judge wrote as JSON, as entries of a report. A member that is missing or of
   another kind is an empty place on the page: files of older versions have fewer. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../output/json_values.h"
#include "../terminal/message.h"
#include "plim_claim.h"
#include "report.h"

const char *plimi_json_member_text(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

double plimi_json_member_number(const json_t *object, const char *name)
{
  const json_t *value = json_object_get(object, name);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

static void read_ladder(const json_t *object, plimi_shown *shown)
{
  const json_t *rungs = json_object_get(object, "rungs"), *terms = json_object_get(object, "drift_terms"),
               *element;
  size_t i;
  shown->rungs = plimi_allocate(json_array_size(rungs), sizeof *shown->rungs);
  json_array_foreach(rungs, i, element)
  {
    const plimi_shown_rung rung = {
        plimi_json_member_number(element, "d"), plimi_json_member_number(element, "value"),
        plimi_json_member_number(element, "error"), !json_is_false(json_object_get(element, "fitted"))};
    if (rung.d > 0.0 && isfinite(rung.value) && rung.error >= 0.0)
      shown->rungs[shown->rung_count++] = rung;
  }
  json_array_foreach(terms, i, element)
  {
    const plimi_shown_drift drift = {plimi_json_member_number(element, "rate"),
                                     plimi_json_member_number(element, "coefficient")};
    if (shown->drift_count < PLIMI_MOST_DRIFTS && drift.rate > 0.0 && isfinite(drift.coefficient))
      shown->drifts[shown->drift_count++] = drift;
  }
}

/* Numbers that findings and verdicts have under the same names. */
static void read_numbers(const json_t *object, plimi_shown *shown)
{
  const struct {
    double *number;
    const char *name;
  } members[] = {{&shown->predicted, "predicted"},
                 {&shown->difference, "difference"},
                 {&shown->margin, "margin"},
                 {&shown->ci_low, "ci_low"},
                 {&shown->ci_high, "ci_high"},
                 {&shown->monte_carlo, "monte_carlo_error"},
                 {&shown->numerical, "numerical_error"},
                 {&shown->neglected, "neglected_bias"},
                 {&shown->drift, "finite_size_drift"},
                 {&shown->fit_p, "fit_p"},
                 {&shown->agree_margin, "agree_margin"},
                 {&shown->effect, "effect"}};
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
    *members[i].number = plimi_json_member_number(object, members[i].name);
  shown->verdict = plimi_json_member_text(object, "verdict");
  shown->words = plimi_json_member_text(object, "words");
  shown->relation = plimi_json_member_text(object, "relation");
  read_ladder(object, shown);
}

static plimi_entry *add(plimi_report *report, size_t file)
{
  if (report->count == report->room) {
    report->room = 2 * report->room + 8;
    report->entries = plimi_reallocate(report->entries, report->room, sizeof *report->entries);
  }
  plimi_entry *entry = &report->entries[report->count++];
  *entry = (plimi_entry){.file = file, .title = "", .statement = "", .tex = "", .source = "", .reason = ""};
  return entry;
}

/* ---- verify ---- */

/* Of a file that does not say which finding decides: the first with the claim's verdict. */
static size_t decisive_of(const json_t *claim, const plimi_entry *entry)
{
  const json_t *said = json_object_get(claim, "decisive");
  if (json_is_integer(said) && json_integer_value(said) >= 0 &&
      (size_t)json_integer_value(said) < entry->count)
    return (size_t)json_integer_value(said);
  for (size_t i = 0; i < entry->count; i++)
    if (strcmp(entry->findings[i].verdict, entry->verdict) == 0)
      return i;
  return 0;
}

static void take_claim(plimi_report *report, size_t file, const json_t *claim)
{
  const json_t *findings = json_object_get(claim, "findings"), *finding;
  const char *status = plimi_json_member_text(claim, "status");
  size_t i, number;
  plimi_entry *entry = add(report, file);
  entry->name = plimi_json_member_text(claim, "claim");
  entry->title = plimi_json_member_text(claim, "title");
  entry->source = plimi_json_member_text(claim, "source");
  entry->statement = plimi_json_member_text(claim, "statement");
  entry->tex = plimi_json_member_text(claim, "tex");
  entry->verdict = plimi_json_member_text(claim, "verdict");
  if (entry->verdict[0] == '\0') { /* it could not be measured */
    entry->verdict = "WITHHELD";
    entry->reason = status;
  }
  /* a file of an older version has no statement: that of the claim of this name */
  if (entry->statement[0] == '\0' && plim_claim_find(entry->name, &number) == PLIM_OK)
    entry->statement = plim_claim_describe(number)->statement;
  entry->findings = plimi_allocate(json_array_size(findings), sizeof *entry->findings);
  json_array_foreach(findings, i, finding)
  {
    plimi_shown *shown = &entry->findings[entry->count++];
    *shown = (plimi_shown){.what = plimi_json_member_text(finding, "finding"),
                           .at = plimi_json_member_text(finding, "point"),
                           .measured = plimi_json_member_number(finding, "measured")};
    read_numbers(finding, shown);
  }
  entry->decisive = decisive_of(claim, entry);
}

/* ---- compare, judge ---- */

static bool is_parameter(const char *name)
{
  static const char *const others[] = {"quantity",
                                       "replicas",
                                       "rungs",
                                       "drift_terms",
                                       "relation",
                                       "replicas_by_size",
                                       "looks",
                                       "verdict",
                                       "words",
                                       "reason",
                                       "predicted",
                                       "extrapolated",
                                       "difference",
                                       "margin",
                                       "numerical_error",
                                       "monte_carlo_error",
                                       "finite_size_drift",
                                       "drift_rate",
                                       "ci_low",
                                       "ci_high",
                                       "p_agree",
                                       "p_disagree",
                                       "fit_p",
                                       "agree_margin",
                                       "overturning_term",
                                       "neglected_bias",
                                       "effect",
                                       "growth_needed",
                                       "seconds_needed"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (strcmp(name, others[i]) == 0)
      return false;
  return true;
}

static bool varies(const json_t *verdicts, const char *name)
{
  const json_t *verdict, *first = json_object_get(json_array_get(verdicts, 0), name);
  size_t i;
  json_array_foreach(verdicts, i, verdict)
  {
    const json_t *here = json_object_get(verdict, name);
    if (here != first && (here == NULL || first == NULL || !json_equal(here, first)))
      return true;
  }
  return false;
}

/* "psi1 2, psi2 1.5": the parameters, or those of them that vary; NULL where there are none. To be freed. */
static char *parameters_of(const json_t *verdicts, const json_t *verdict, bool varying)
{
  plimi_message text = {.text = ""};
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)verdict, name, value)
  {
    if (!is_parameter(name) || json_is_null(value) || (varying && !varies(verdicts, name)))
      continue;
    plimi_message_add(&text, "%s%s ", text.text[0] != '\0' ? ", " : "", name);
    if (json_is_string(value))
      plimi_message_add(&text, "%s", json_string_value(value));
    else if (json_is_number(value))
      plimi_message_add(&text, "%.6g", json_number_value(value));
  }
  return text.text[0] != '\0' ? plimi_copy(text.text) : NULL;
}

static void take_verdict(plimi_report *report, size_t file, const json_t *verdicts, const json_t *verdict)
{
  plimi_entry *entry = add(report, file);
  const char *quantity = plimi_json_member_text(verdict, "quantity");
  entry->name = quantity[0] != '\0' ? quantity : "value";
  entry->source = plimi_json_member_text(report->files[file].data, "command");
  entry->verdict = plimi_json_member_text(verdict, "verdict");
  entry->reason = plimi_json_member_text(verdict, "reason");
  entry->at = parameters_of(verdicts, verdict, true);
  entry->point = parameters_of(verdicts, verdict, false);
  if (entry->reason[0] != '\0')
    return;
  entry->count = 1;
  entry->findings = plimi_allocate(1, sizeof *entry->findings);
  entry->findings[0] = (plimi_shown){.what = entry->name,
                                     .at = entry->point != NULL ? entry->point : "",
                                     .measured = plimi_json_member_number(verdict, "extrapolated")};
  read_numbers(verdict, &entry->findings[0]);
}

/* ---- a file ---- */

int plimi_report_take(plimi_report *report, size_t file, const char *path)
{
  const json_t *data = report->files[file].data;
  const char *command = plimi_json_member_text(data, "command");
  const bool verified = strcmp(command, "verify") == 0;
  const json_t *list = json_object_get(data, verified ? "claims" : "verdicts"), *element;
  size_t i;
  if (plimi_json_member_text(data, "plim")[0] == '\0' ||
      (!verified && strcmp(command, "compare") != 0 && strcmp(command, "judge") != 0)) {
    plimi_complain("%s is no JSON of plim verify, compare or judge; write it with -o FILE.json", path);
    return PLIM_EXIT_USAGE;
  }
  if (json_array_size(list) == 0) {
    plimi_complain("%s has no verdict%s", path, verified ? "" : "; three sizes or more give one");
    return PLIM_EXIT_USAGE;
  }
  json_array_foreach(list, i, element)
  {
    if (!json_is_object(element)) {
      plimi_complain("%s: element %zu of \"%s\" is no object", path, i + 1, verified ? "claims" : "verdicts");
      return PLIM_EXIT_USAGE;
    }
    if (verified)
      take_claim(report, file, element);
    else
      take_verdict(report, file, list, element);
  }
  return PLIM_EXIT_DONE;
}
