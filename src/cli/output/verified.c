/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verified.c - claims and findings as a table, CSV and JSON. */
#include "config.h"

#include "verified.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "../terminal/columns.h"
#include "number.h"
#include "writers.h"

#define NAME(code, name) name,
static const char *const names[] = {PLIMI_FINDING_TABLE(NAME)};

static const char *verdict_text(const plim_finding *finding)
{
  return finding->relation == PLIM_REPORTED ? "reported" : plim_verdict_name(finding->judgement.verdict);
}

/* ---- CSV and JSON: the same cells ---- */

static plimi_cell text_cell(const char *text)
{
  return (plimi_cell){.kind = PLIMI_CELL_TEXT, .is.text = text};
}

static plimi_cell number_cell(double number)
{
  return (plimi_cell){.kind = isfinite(number) ? PLIMI_CELL_NUMBER : PLIMI_CELL_EMPTY, .is.number = number};
}

static plimi_cell size_cell(size_t d)
{
  return (plimi_cell){.kind = d > 0 ? PLIMI_CELL_INTEGER : PLIMI_CELL_EMPTY, .is.integer = d};
}

/* Finding `finding` of claim number i, or the claim alone (NULL). The cells point into `words`. */
static void fill(const plimi_verified *verified, size_t i, const plim_finding *finding, plimi_message *words,
                 plimi_cell *cells)
{
  const plim_claim_info *info = plimi_claim_book_at(verified->book, verified->claims[i]);
  for (int c = 0; c < PLIMI_FINDING_COLUMNS; c++)
    cells[c].kind = PLIMI_CELL_EMPTY;
  cells[PLIMI_FINDING_CLAIM] = text_cell(info->name);
  cells[PLIMI_FINDING_STATUS] = text_cell(plim_status_name(verified->statuses[i]));
  cells[PLIMI_FINDING_SOURCE] = text_cell(info->source);
  if (verified->statuses[i] == PLIM_OK)
    cells[PLIMI_FINDING_CLAIM_VERDICT] =
        text_cell(plim_verdict_name(plim_claim_verdict(&verified->results[i])));
  if (finding == NULL)
    return;
  const plim_judgement *j = &finding->judgement;
  cells[PLIMI_FINDING_NAME] = text_cell(finding->what);
  cells[PLIMI_FINDING_AT] = text_cell(finding->point);
  cells[PLIMI_FINDING_RELATION] = text_cell(plim_relation_symbol(finding->relation));
  cells[PLIMI_FINDING_PREDICTED] = number_cell(finding->predicted.value);
  cells[PLIMI_FINDING_MEASURED] = number_cell(finding->fit.limit);
  cells[PLIMI_FINDING_NUMERICAL] = number_cell(j->numerical_error);
  cells[PLIMI_FINDING_MONTE_CARLO] = number_cell(j->monte_carlo_error);
  cells[PLIMI_FINDING_DRIFT] = number_cell(j->finite_size_drift);
  cells[PLIMI_FINDING_DIFFERENCE] = number_cell(j->difference);
  cells[PLIMI_FINDING_D_MIN] = size_cell(finding->d_min);
  cells[PLIMI_FINDING_D_MAX] = size_cell(finding->d_max);
  cells[PLIMI_FINDING_FIT_P] = number_cell(j->fit_p);
  cells[PLIMI_FINDING_VERDICT] = text_cell(verdict_text(finding));
  cells[PLIMI_FINDING_CI_LOW] = number_cell(j->ci_low);
  cells[PLIMI_FINDING_CI_HIGH] = number_cell(j->ci_high);
  cells[PLIMI_FINDING_NEGLECTED] = number_cell(j->neglected_bias);
  cells[PLIMI_FINDING_EFFECT] = number_cell(finding->effect);
  cells[PLIMI_FINDING_WITHOUT_SMALLEST] = number_cell(finding->without_smallest);
  cells[PLIMI_FINDING_LOOKS] = size_cell(finding->looks);
  plimi_finding_words(finding, verified->settings->level.values[0], words);
  cells[PLIMI_FINDING_WORDS] = text_cell(words->text);
  if (finding->relation == PLIM_REPORTED)
    return;
  cells[PLIMI_FINDING_MARGIN] = number_cell(j->margin);
  cells[PLIMI_FINDING_P_AGREE] = number_cell(j->p_agree);
  cells[PLIMI_FINDING_P_DISAGREE] = number_cell(j->p_disagree);
  cells[PLIMI_FINDING_AGREE_MARGIN] = number_cell(j->agree_margin);
  cells[PLIMI_FINDING_OVERTURNING] = number_cell(j->overturning_term);
  cells[PLIMI_FINDING_GROWTH] = number_cell(finding->growth);
}

static void write_csv_row(const plimi_cell *cells, FILE *stream)
{
  for (int c = 0; c < PLIMI_FINDING_COLUMNS; c++) {
    if (c > 0)
      fputc(',', stream);
    if (cells[c].kind == PLIMI_CELL_TEXT)
      plimi_csv_field(stream, cells[c].is.text);
    else if (cells[c].kind == PLIMI_CELL_NUMBER)
      fputs(plimi_number_write(cells[c].is.number).text, stream);
    else if (cells[c].kind == PLIMI_CELL_INTEGER)
      fprintf(stream, "%" PRIu64, cells[c].is.integer);
  }
  fputc('\n', stream);
}

static void write_csv(const plimi_verified *verified, FILE *stream)
{
  plimi_cell cells[PLIMI_FINDING_COLUMNS];
  plimi_message words;
  for (int c = 0; c < PLIMI_FINDING_COLUMNS; c++)
    fprintf(stream, "%s%s", c > 0 ? "," : "", names[c]);
  fputc('\n', stream);
  for (size_t i = 0; i < verified->count; i++) {
    if (verified->statuses[i] != PLIM_OK) {
      fill(verified, i, NULL, &words, cells);
      write_csv_row(cells, stream);
    }
    for (size_t k = 0; k < verified->results[i].count; k++) {
      fill(verified, i, &verified->results[i].findings[k], &words, cells);
      write_csv_row(cells, stream);
    }
  }
}

/* null where there is none: the limit was put together of several. */
static void add_ladder(const plim_finding *finding, json_t *object)
{
  const plim_ladder *ladder = &finding->ladder;
  const size_t count = ladder->count;
  json_object_set_new(object, "rungs",
                      count > 0 ? plimi_json_rungs(ladder->rungs, count, ladder->skipped) : json_null());
  json_object_set_new(object, "drift_terms",
                      count > 0 ? plimi_json_drift(&finding->fit, ladder->rates, ladder->rungs, count)
                                : json_null());
}

static json_t *claim_object(const plimi_verified *verified, size_t i)
{
  const plim_claim_info *info = plimi_claim_book_at(verified->book, verified->claims[i]);
  const plim_claim_result *result = &verified->results[i];
  const plim_finding *decisive = plim_claim_decisive(result);
  plimi_cell cells[PLIMI_FINDING_COLUMNS];
  plimi_message words;
  json_t *object = json_object(), *findings = json_array();
  json_object_set_new(object, "claim", plimi_json_text(info->name));
  json_object_set_new(object, "title", plimi_json_text(info->title));
  json_object_set_new(object, "statement", plimi_json_text(info->statement));
  json_object_set_new(object, "tex", plimi_json_text(info->tex));
  json_object_set_new(object, "source", plimi_json_text(info->source));
  json_object_set_new(object, "status", plimi_json_text(plim_status_name(verified->statuses[i])));
  json_object_set_new(object, "verdict",
                      verified->statuses[i] == PLIM_OK
                          ? plimi_json_text(plim_verdict_name(plim_claim_verdict(result)))
                          : json_null());
  json_object_set_new(object, "replicas", json_integer((json_int_t)result->replicas));
  json_object_set_new(object, "processor_seconds", plimi_json_number(result->work));
  json_object_set_new(object, "processor_seconds_needed", plimi_json_number(plimi_seconds_needed(result)));
  for (size_t k = 0; k < result->count; k++) {
    json_t *finding = json_object();
    fill(verified, i, &result->findings[k], &words, cells);
    for (int c = PLIMI_FINDING_NAME; c < PLIMI_FINDING_COLUMNS; c++)
      json_object_set_new(finding, names[c], plimi_json_cell(&cells[c]));
    add_ladder(&result->findings[k], finding);
    json_array_append_new(findings, finding);
  }
  json_object_set_new(object, "findings", findings);
  json_object_set_new(object, "decisive",
                      decisive != NULL ? json_integer((json_int_t)(decisive - result->findings))
                                       : json_null());
  return object;
}

static void write_json(const plimi_verified *verified, FILE *stream)
{
  const plimi_part part = {PLIMI_VERIFY, "verify", verified->settings};
  json_t *object = json_object(), *claims = json_array();
  json_object_set_new(object, "plim", plimi_json_text(PACKAGE_VERSION));
  json_object_set_new(object, "command", plimi_json_text("verify"));
  json_object_set_new(object, "configuration", plimi_json_options(&part, true, true));
  json_object_set_new(object, "design", plimi_design_object(verified->design));
  for (size_t i = 0; i < verified->count; i++)
    json_array_append_new(claims, claim_object(verified, i));
  json_object_set_new(object, "claims", claims);
  plimi_json_print(object, 1, stream);
  fputc('\n', stream);
  json_decref(object);
}

/* ---- The table ---- */

static void add_numbers(plimi_columns *columns, const plim_finding *finding)
{
  const plim_judgement *j = &finding->judgement;
  plimi_columns_addf(columns, "%s %.5g", plim_relation_symbol(finding->relation), finding->predicted.value);
  plimi_columns_addf(columns, "%.5g", finding->fit.limit);
  plimi_columns_addf(columns, "%.2g", j->monte_carlo_error);
  plimi_columns_addf(columns, "%.1g", j->numerical_error);
  plimi_columns_addf(columns, "%+.2g", j->finite_size_drift);
}

static const char *const error_titles[] = {"predicted", "measured", "Monte-Carlo", "numerical", "drift"};
enum { ERROR_TITLES = sizeof error_titles / sizeof *error_titles };

/* One line a claim, with the numbers of the finding that decides it. */
static void write_claims(const plimi_verified *verified, FILE *stream)
{
  plimi_columns columns = {.columns = 3 + ERROR_TITLES};
  plimi_columns_add(&columns, "claim");
  for (size_t t = 0; t < ERROR_TITLES; t++)
    plimi_columns_add(&columns, error_titles[t]);
  plimi_columns_add(&columns, "verdict");
  plimi_columns_add(&columns, "source");
  for (size_t i = 0; i < verified->count; i++) {
    const plim_claim_info *info = plimi_claim_book_at(verified->book, verified->claims[i]);
    const plim_finding *decisive = plim_claim_decisive(&verified->results[i]);
    plimi_columns_add(&columns, info->name);
    if (decisive != NULL)
      add_numbers(&columns, decisive);
    for (size_t t = 0; decisive == NULL && t < ERROR_TITLES; t++)
      plimi_columns_add(&columns, "");
    plimi_columns_add(&columns, verified->statuses[i] != PLIM_OK
                                    ? plim_status_name(verified->statuses[i])
                                    : plim_verdict_name(plim_claim_verdict(&verified->results[i])));
    plimi_columns_add(&columns, info->source);
  }
  plimi_columns_print(&columns, "", stream);
  plimi_columns_free(&columns);
}

static void write_findings(const plim_claim_result *result, FILE *stream)
{
  plimi_columns columns = {.columns = 8 + ERROR_TITLES};
  plimi_columns_add(&columns, "finding");
  for (size_t t = 0; t < ERROR_TITLES; t++)
    plimi_columns_add(&columns, error_titles[t]);
  plimi_columns_add(&columns, "difference");
  plimi_columns_add(&columns, "margin");
  plimi_columns_add(&columns, "least margin");
  plimi_columns_add(&columns, "neglected");
  plimi_columns_add(&columns, "effect of step");
  plimi_columns_add(&columns, "verdict");
  plimi_columns_add(&columns, "at");
  for (size_t k = 0; k < result->count; k++) {
    const plim_finding *finding = &result->findings[k];
    const plim_judgement *j = &finding->judgement;
    const bool misfit = j->fit_p < plim_criterion_default().fit_level;
    plimi_columns_add(&columns, finding->what);
    add_numbers(&columns, finding);
    plimi_columns_addf(&columns, "%+.2g", j->difference);
    if (finding->relation != PLIM_REPORTED)
      plimi_columns_addf(&columns, "%.2g", j->margin);
    else
      plimi_columns_add(&columns, "");
    if (finding->relation != PLIM_REPORTED && isfinite(j->agree_margin))
      plimi_columns_addf(&columns, "%.2g", j->agree_margin);
    else
      plimi_columns_add(&columns, "");
    plimi_columns_addf(&columns, "%.1g", j->neglected_bias);
    if (isfinite(finding->effect))
      plimi_columns_addf(&columns, "%+.2g", finding->effect);
    else
      plimi_columns_add(&columns, "");
    plimi_columns_addf(&columns, "%s%s", verdict_text(finding), misfit ? " (lack of fit)" : "");
    plimi_columns_add(&columns, finding->point);
  }
  plimi_columns_print(&columns, "  ", stream);
  plimi_columns_free(&columns);
}

/* What an undecided claim lacks. */
static void write_need(const plim_claim_result *result, FILE *stream)
{
  const double seconds = plimi_seconds_needed(result);
  plimi_message line;
  if (plim_claim_verdict(result) != PLIM_UNDECIDED)
    return;
  if (isfinite(seconds) && seconds > 0.0)
    plimi_message_set(
        &line,
        "UNDECIDED after %zu replicas, %.3g s of one processor; about %.3g s more would settle it if "
        "the prediction is right: give a larger --budget.",
        result->replicas, result->work, seconds);
  else
    plimi_message_set(
        &line,
        "UNDECIDED after %zu replicas, %.3g s of one processor; that more replicas would settle "
        "it is not certain.",
        result->replicas, result->work);
  plimi_print_wrapped(line.text, 2, 2, plimi_text_width(stream), stream);
}

static void write_table(const plimi_verified *verified, FILE *stream)
{
  write_claims(verified, stream);
  for (size_t i = 0; i < verified->count; i++) {
    const plim_claim_info *info = plimi_claim_book_at(verified->book, verified->claims[i]);
    if (verified->statuses[i] != PLIM_OK)
      continue;
    plimi_message heading;
    plimi_message_set(&heading, "%s: %s", info->name, info->title);
    fputc('\n', stream);
    plimi_print_wrapped(heading.text, 0, 0, plimi_text_width(stream), stream);
    write_findings(&verified->results[i], stream);
    write_need(&verified->results[i], stream);
  }
}

void plimi_verified_write(const void *content, unsigned format, FILE *stream)
{
  if (format == PLIMI_FORMAT_CSV)
    write_csv(content, stream);
  else if (format == PLIMI_FORMAT_JSON)
    write_json(content, stream);
  else
    write_table(content, stream);
}
