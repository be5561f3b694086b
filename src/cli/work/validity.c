/* SPDX-License-Identifier: GPL-3.0-or-later */
/* validity.c - what a row may hold: a rule for each column. */
#include "config.h"

#include "validity.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "../options/values.h"
#include "../output/verified.h"
#include "../output/row.h"
#include "plim_problem.h"
#include "plim_status.h"

typedef enum { ANY, TEXT, NUMBER, INTEGER, WORD } rule_kind;

#define STATUS_NAME(code, name, meaning) name,
static const char *const statuses[] = {PLIM_STATUS_TABLE(STATUS_NAME) NULL};
static const char *const batches[] = {PLIM_BATCH_TABLE(STATUS_NAME) NULL};
static const char *const ridge_batches[] = {PLIM_RIDGE_BATCH_TABLE(STATUS_NAME) NULL};
static const char *const sources[] = {"theory", "simulation", "extrapolation", "plan", NULL};
static const char *const verdicts[] = {"AGREE", "DISAGREE", "UNDECIDED", "WITHHELD", "reported", NULL};
static const char *const relations[] = {"=", ">=", "<=", "~", NULL};
static const char *const places[] = {"inside", "zero", "low_end", "high_end", "infinity", "anywhere", NULL};
static const char *const certificates[] = {"proved", "enclosed", "sampled", NULL};
static const char *const settled[] = {"yes", "no", "never", "withheld", NULL};
static const char *const spectra[] = {"weights", "kernel", NULL};
static const char *const scalings[] = {"mean-field", "ntk", NULL};

static const double most_integer = 18446744073709551615.0;

static const struct {
  const char *name;
  rule_kind kind;
  const char *const *words;
  double low, high;
  bool needed;     /* not empty */
  bool of_problem; /* a key of the user's own may stand there in the verdicts of plim judge */
} rules[] = {{.name = "quantity", .kind = TEXT, .needed = true},
             {.name = "value", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "error", .kind = NUMBER, .high = INFINITY},
             {.name = "std", .kind = NUMBER, .high = INFINITY},
             {.name = "ci_low", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "ci_high", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "replicas", .kind = INTEGER, .low = 1, .high = most_integer},
             {.name = "psi1", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "psi2", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "lambda", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "eta", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "eta_exponent", .kind = NUMBER, .high = 0.5, .of_problem = true},
             {.name = "n", .kind = INTEGER, .low = 1, .high = most_integer},
             {.name = "d", .kind = NUMBER, .low = 1, .high = INFINITY},
             {.name = "width", .kind = INTEGER, .low = 1, .high = most_integer},
             {.name = "noise", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "steps", .kind = INTEGER, .high = most_integer, .of_problem = true},
             {.name = "batch", .kind = WORD, .words = batches, .of_problem = true},
             {.name = "eta_second", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "ridge_batch", .kind = WORD, .words = ridge_batches, .of_problem = true},
             {.name = "overlap", .kind = NUMBER, .high = 1.0, .of_problem = true},
             {.name = "extra", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "step_psi1", .kind = NUMBER, .high = INFINITY, .of_problem = true},
             {.name = "inputs", .kind = TEXT, .of_problem = true},
             {.name = "eta_second_exponent", .kind = NUMBER, .high = 0.5, .of_problem = true},
             {.name = "seed", .kind = INTEGER, .high = most_integer, .of_problem = true},
             {.name = "spectrum", .kind = WORD, .words = spectra},
             {.name = "low", .kind = NUMBER, .high = INFINITY},
             {.name = "high", .kind = NUMBER, .high = INFINITY},
             {.name = "scaling", .kind = WORD, .words = scalings},
             {.name = "neuron", .kind = INTEGER, .low = 1, .high = most_integer},
             {.name = "verdict", .kind = WORD, .words = verdicts},
             {.name = "margin", .kind = NUMBER, .high = INFINITY},
             {.name = "p_agree", .kind = NUMBER, .high = 1.0},
             {.name = "p_disagree", .kind = NUMBER, .high = 1.0},
             {.name = "fit_p", .kind = NUMBER, .high = 1.0},
             {.name = "agree_margin", .kind = NUMBER, .high = INFINITY},
             {.name = "neglected_bias", .kind = NUMBER, .high = INFINITY},
             {.name = "place", .kind = WORD, .words = places},
             {.name = "certificate", .kind = WORD, .words = certificates},
             {.name = "searched_low", .kind = NUMBER, .high = INFINITY},
             {.name = "searched_high", .kind = NUMBER, .high = INFINITY},
             {.name = "seconds", .kind = NUMBER, .high = INFINITY},
             {.name = "total_seconds", .kind = NUMBER, .high = INFINITY},
             {.name = "settled", .kind = WORD, .words = settled},
             {.name = "claim", .kind = TEXT, .needed = true},
             {.name = "claim_verdict", .kind = WORD, .words = verdicts},
             {.name = "relation", .kind = WORD, .words = relations},
             {.name = "predicted", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "measured", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "numerical_error", .kind = NUMBER, .high = INFINITY},
             {.name = "monte_carlo_error", .kind = NUMBER, .high = INFINITY},
             {.name = "finite_size_drift", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "difference", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "overturning_term", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "effect", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "without_smallest", .kind = NUMBER, .low = -INFINITY, .high = INFINITY},
             {.name = "growth_needed", .kind = NUMBER, .high = INFINITY},
             {.name = "d_min", .kind = NUMBER, .low = 1, .high = INFINITY},
             {.name = "d_max", .kind = NUMBER, .low = 1, .high = INFINITY},
             {.name = "looks", .kind = INTEGER, .low = 1, .high = most_integer},
             {.name = "status", .kind = WORD, .words = statuses, .needed = true}};
enum { RULES = sizeof rules / sizeof rules[0] };

/* Other answers: the tables of plim convert, diff and doctor. */
static const char *const answers[] = {"point,notation,name,value,formula,status,meaning",
                                      "change,line_a,line_b,row,column,a,b,difference,combined_error,ratio,p",
                                      "check,state,found"};

/* ---- Columns ------------------------------------------------------------------------------------------- */

static int column_called(const char *name)
{
  for (int c = 0; c < PLIMI_COLUMN_COUNT; c++)
    if (strcmp(plimi_column_name((plimi_column)c), name) == 0)
      return c;
  return PLIMI_COLUMN_COUNT;
}

static bool expect_name(const char *const *names, size_t count, size_t at, const char *wanted, size_t *wrong,
                        plimi_message *why)
{
  if (at < count && strcmp(names[at], wanted) == 0)
    return true;
  *wrong = at;
  plimi_message_set(why, "column %zu is %s%s%s, where %s belongs", at + 1, at < count ? "'" : "missing",
                    at < count ? names[at] : "", at < count ? "'" : "", wanted);
  return false;
}

/* quantity to status, then columns of plim in their order, then, beside verdicts, those that plim judge took from its
   table. */
static bool is_header_of_rows(const char *const *names, size_t count, size_t *wrong, plimi_message *why)
{
  int last = PLIMI_STATUS;
  bool has_verdict = false, is_further = false;
  for (size_t i = 0; i <= PLIMI_STATUS; i++)
    if (!expect_name(names, count, i, plimi_column_name((plimi_column)i), wrong, why))
      return false;
  for (size_t i = PLIMI_STATUS + 1; i < count; i++) {
    const int column = column_called(names[i]);
    has_verdict = has_verdict || column == PLIMI_VERDICT;
    *wrong = i;
    if (column == PLIMI_COLUMN_COUNT && has_verdict) {
      is_further = true;
      continue;
    }
    if (column == PLIMI_COLUMN_COUNT)
      plimi_message_set(why, "plim has no column '%s'", names[i]);
    else if (column <= last || is_further)
      plimi_message_set(why, "column %s does not belong after %s", names[i], names[i - 1]);
    else {
      last = column;
      continue;
    }
    return false;
  }
  return true;
}

#define FINDING_NAME(code, name) name,
static const char *const finding_names[] = {PLIMI_FINDING_TABLE(FINDING_NAME)};

static bool are_findings(const char *const *names, size_t count, size_t from, size_t *wrong,
                         plimi_message *why)
{
  for (size_t i = from; i < PLIMI_FINDING_COLUMNS; i++)
    if (!expect_name(names, count, i - from, finding_names[i], wrong, why))
      return false;
  *wrong = PLIMI_FINDING_COLUMNS - from;
  if (count > *wrong)
    plimi_message_set(why, "column '%s' is one too many", names[*wrong]);
  return count == *wrong;
}

bool plimi_findings_are_named(const char *const *names, size_t count, size_t *wrong, plimi_message *why)
{
  return are_findings(names, count, PLIMI_FINDING_NAME, wrong, why);
}

static bool is_answer(const char *const *names, size_t count)
{
  for (size_t a = 0; a < sizeof answers / sizeof answers[0]; a++) {
    const char *rest = answers[a];
    size_t i = 0;
    for (; i < count; i++) {
      const size_t length = strlen(names[i]);
      if (strncmp(rest, names[i], length) != 0 || (rest[length] != ',' && rest[length] != '\0'))
        break;
      rest += length + (rest[length] == ',' ? 1 : 0);
    }
    if (i == count && rest[0] == '\0')
      return true;
  }
  return false;
}

bool plimi_header_is_valid(const char *const *names, size_t count, plimi_table_kind *kind, size_t *wrong,
                           plimi_message *why)
{
  *kind = is_answer(names, count)          ? PLIMI_TABLE_ANSWER
          : strcmp(names[0], "claim") == 0 ? PLIMI_TABLE_FINDINGS
                                           : PLIMI_TABLE_ROWS;
  if (*kind == PLIMI_TABLE_ANSWER)
    return true;
  return *kind == PLIMI_TABLE_FINDINGS ? are_findings(names, count, 0, wrong, why)
                                       : is_header_of_rows(names, count, wrong, why);
}

/* ---- Cells --------------------------------------------------------------------------------------------- */

static bool is_word(const char *text, const char *const *words, plimi_message *why)
{
  for (size_t i = 0; words[i] != NULL; i++)
    if (strcmp(words[i], text) == 0)
      return true;
  plimi_message_set(why, "'%s' is none of ", text);
  for (size_t i = 0; words[i] != NULL; i++)
    plimi_message_add(why, "%s%s", i > 0 ? ", " : "", words[i]);
  return false;
}

static bool is_number(const plimi_entry *entry, size_t rule, plimi_message *why)
{
  const bool whole = rules[rule].kind == INTEGER;
  const bool digits = entry->text[strspn(entry->text, "0123456789")] == '\0';
  double number;
  if (!plimi_read_number(entry->text, &number) || !isfinite(number))
    plimi_message_set(why, "'%s' is no finite number", entry->text);
  else if (whole && !digits)
    plimi_message_set(why, "'%s' is no whole number", entry->text);
  else if (entry->type == PLIMI_ENTRY_TEXT && !(whole && number > 9.2e18))
    plimi_message_set(why, "\"%s\" is text, where a number belongs", entry->text);
  else if (number < rules[rule].low || number > rules[rule].high)
    plimi_message_set(why, "%s is out of range", entry->text);
  else
    return true;
  return false;
}

static bool is_allowed(const plimi_entry *entry, bool judged, plimi_message *why)
{
  size_t r = 0;
  while (r < RULES && strcmp(rules[r].name, entry->name) != 0)
    r++;
  if (r == RULES || (judged && rules[r].of_problem))
    return true;
  if (entry->text[0] == '\0') {
    plimi_message_set(why, "%s", "empty, where there must be something");
    return !rules[r].needed;
  }
  if (rules[r].kind == NUMBER || rules[r].kind == INTEGER)
    return is_number(entry, r, why);
  if (entry->type == PLIMI_ENTRY_NUMBER) {
    plimi_message_set(why, "%s is a number, where text belongs", entry->text);
    return false;
  }
  return rules[r].kind != WORD || is_word(entry->text, rules[r].words, why);
}

static const plimi_entry *entry_called(const plimi_entry *entries, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(entries[i].name, name) == 0)
      return &entries[i];
  return NULL;
}

/* A value where the status is ok and none where it is not; an interval the right way round; a source that plim has. */
static bool fits_together(const plimi_entry *entries, size_t count, size_t *wrong, plimi_message *why)
{
  const plimi_entry *value = entry_called(entries, count, "value"),
                    *status = entry_called(entries, count, "status"),
                    *source = entry_called(entries, count, "source"),
                    *low = entry_called(entries, count, "ci_low"),
                    *high = entry_called(entries, count, "ci_high");
  const bool ok = strcmp(status->text, "ok") == 0;
  double from, to;
  *wrong = (size_t)(source - entries);
  if (!is_word(source->text, sources, why))
    return false;
  *wrong = (size_t)(value - entries);
  if (ok != (value->text[0] != '\0')) {
    plimi_message_set(why, ok ? "no value, and the status is %s" : "a value, and the status is %s",
                      status->text);
    return false;
  }
  *wrong = (size_t)(high - entries);
  if (plimi_read_number(low->text, &from) && plimi_read_number(high->text, &to) && from > to) {
    plimi_message_set(why, "%s is below ci_low, %s", high->text, low->text);
    return false;
  }
  return true;
}

bool plimi_row_is_valid(plimi_table_kind kind, const plimi_entry *entries, size_t count, size_t *wrong,
                        plimi_message *why)
{
  const bool judged = entry_called(entries, count, "verdict") != NULL;
  if (kind == PLIMI_TABLE_ANSWER)
    return true;
  for (size_t i = 0; i < count; i++)
    if (!is_allowed(&entries[i], judged, why)) {
      *wrong = i;
      return false;
    }
  return kind != PLIMI_TABLE_ROWS || fits_together(entries, count, wrong, why);
}
