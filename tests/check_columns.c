/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_columns.c - every number lands in the column of its name: planted values, no two alike, in a finding of verify
   and in a verdict of compare, read back from CSV and JSON. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/output.h"
#include "cli/output/verified.h"
#include "cli/output/writers.h"
#include "run_cases.h"

typedef struct {
  const char *name, *text; /* in CSV */
} planted;

/* How long the field is; in quotes there are no quotes. */
static size_t field_length(const char *field)
{
  return field[0] == '"' ? 2 + strcspn(field + 1, "\"") : strcspn(field, ",\n");
}

/* Cell `name` of the last line of `csv`, whose first one is the header. To be freed. */
static char *cell_of(const char *csv, const char *name)
{
  const char *line = csv;
  size_t column = 0;
  const char *at = csv;
  for (;; column++) {
    const size_t length = strcspn(at, ",\n");
    if (length == strlen(name) && strncmp(at, name, length) == 0)
      break;
    ck_assert_msg(at[length] == ',', "no column %s", name);
    at += length + 1;
  }
  for (const char *next = csv; next != NULL && next[0] != '\0'; next = strchr(next, '\n') + 1)
    line = next;
  for (; column > 0; column--)
    line += field_length(line) + 1;
  return strndup(line, field_length(line));
}

static void assert_cells(const char *csv, const planted *cells, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    char *text = cell_of(csv, cells[i].name);
    ck_assert_msg(strcmp(text, cells[i].text) == 0, "%s is '%s', not '%s'", cells[i].name, text,
                  cells[i].text);
    free(text);
  }
}

/* The same from an object of JSON: text, or a number of that text. */
static void assert_members(const json_t *object, const planted *cells, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const json_t *value = json_object_get(object, cells[i].name);
    ck_assert_msg(value != NULL, "no %s", cells[i].name);
    if (json_is_string(value))
      ck_assert_str_eq(json_string_value(value), cells[i].text);
    else
      ck_assert_msg(json_number_value(value) == strtod(cells[i].text, NULL), "%s is %.17g, not %s",
                    cells[i].name, json_number_value(value), cells[i].text);
  }
}

static const plim_judgement judgement = {.verdict = PLIM_DISAGREE,
                                         .difference = 0.011,
                                         .margin = 0.012,
                                         .numerical_error = 1.3e-14,
                                         .monte_carlo_error = 0.014,
                                         .finite_size_drift = -0.015,
                                         .ci_low = 0.016,
                                         .ci_high = 0.017,
                                         .p_agree = 0.018,
                                         .p_disagree = 0.019,
                                         .fit_p = 0.021,
                                         .degrees = 22.0,
                                         .shortfall = 0.023,
                                         .agree_margin = 0.024,
                                         .overturning_term = 0.025,
                                         .next_gain = 0.026,
                                         .neglected_bias = 0.027};

static const planted of_finding[] = {{"finding", "a number"},
                                     {"point", "somewhere"},
                                     {"relation", ">="},
                                     {"predicted", "0.031"},
                                     {"measured", "0.032"},
                                     {"numerical_error", "1.3e-14"},
                                     {"monte_carlo_error", "0.014"},
                                     {"finite_size_drift", "-0.015"},
                                     {"difference", "0.011"},
                                     {"margin", "0.012"},
                                     {"p_agree", "0.018"},
                                     {"p_disagree", "0.019"},
                                     {"fit_p", "0.021"},
                                     {"d_min", "33"},
                                     {"d_max", "34"},
                                     {"verdict", "DISAGREE"},
                                     {"ci_low", "0.016"},
                                     {"ci_high", "0.017"},
                                     {"agree_margin", "0.024"},
                                     {"overturning_term", "0.025"},
                                     {"without_smallest", "0.035"},
                                     {"looks", "3"},
                                     {"growth_needed", "36.5"},
                                     {"neglected_bias", "0.027"},
                                     {"effect", "-0.037"}};

static const plimi_claim_book book = {.own = NULL}; /* the built-in claims */

START_TEST(columns_of_a_finding)
{
  enum { CELLS = sizeof of_finding / sizeof of_finding[0] };
  plim_finding finding = {.what = "a number",
                          .point = "somewhere",
                          .relation = PLIM_AT_LEAST,
                          .predicted = {0.031, 9e-9},
                          .d_min = 33,
                          .d_max = 34,
                          .fit = {.limit = 0.032, .limit_error = 8e-9},
                          .judgement = judgement,
                          .without_smallest = 0.035,
                          .looks = 3,
                          .growth = 36.5,
                          .effect = -0.037};
  plim_claim_result result = {.findings = &finding, .count = 1};
  plim_status status = PLIM_OK;
  size_t claim = 0, length;
  plimi_settings settings;
  char *text = NULL;
  plimi_settings_default(&settings, PLIMI_VERIFY);
  const plimi_verified verified = {.settings = &settings,
                                   .book = &book,
                                   .count = 1,
                                   .claims = &claim,
                                   .statuses = &status,
                                   .results = &result};
  FILE *stream = open_memstream(&text, &length);
  plimi_verified_write(&verified, PLIMI_FORMAT_CSV, stream);
  fclose(stream);
  assert_cells(text, of_finding, CELLS);
  assert_cells(text, &(planted){"claim", plim_claim_describe(0)->name}, 1);
  assert_cells(text, &(planted){"status", "ok"}, 1);
  free(text);
  stream = open_memstream(&text, &length);
  plimi_verified_write(&verified, PLIMI_FORMAT_JSON, stream);
  fclose(stream);
  json_t *object = json_loads(text, 0, NULL);
  const json_t *first = json_array_get(json_object_get(object, "claims"), 0);
  assert_members(json_array_get(json_object_get(first, "findings"), 0), of_finding, CELLS);
  json_decref(object);
  free(text);
  plimi_settings_free(&settings);
}
END_TEST

/* A claim that could be measured, with a finding judged, one reported and one that does not fit; and one that could
   not. */
static char *two_claims(unsigned format)
{
  plim_finding findings[] = {
      {.what = "a number",
       .point = "somewhere",
       .relation = PLIM_AT_LEAST,
       .predicted = {0.031, 9e-9},
       .fit = {.limit = 0.032},
       .judgement = judgement,
       .effect = -0.037},
      {.what = "another", .point = "there", .relation = PLIM_REPORTED, .judgement = judgement, .effect = NAN},
      {.what = "a third", .point = "here", .relation = PLIM_EQUALS, .judgement = judgement, .effect = NAN}};
  findings[2].judgement.fit_p = 1e-9;
  plim_claim_result results[] = {{.findings = findings, .count = 3}, {.count = 0}};
  plim_status statuses[] = {PLIM_OK, PLIM_NOT_CONVERGED};
  size_t claims[] = {0, 1}, length;
  plimi_settings settings;
  char *text = NULL;
  plimi_settings_default(&settings, PLIMI_VERIFY);
  const plimi_verified verified = {.settings = &settings,
                                   .book = &book,
                                   .count = 2,
                                   .claims = claims,
                                   .statuses = statuses,
                                   .results = results};
  FILE *stream = open_memstream(&text, &length);
  plimi_verified_write(&verified, format, stream);
  fclose(stream);
  plimi_settings_free(&settings);
  return text;
}

/* The line of `text` with `word` in it, blanks squeezed; to be freed. */
static char *line_with(const char *text, const char *word)
{
  const char *at = strstr(text, word);
  ck_assert_msg(at != NULL, "no %s in\n%s", word, text);
  while (at > text && at[-1] != '\n')
    at--;
  char *line = strndup(at, strcspn(at, "\n"));
  size_t length = 0;
  for (const char *c = line; *c != '\0'; c++)
    if (*c != ' ' || c[1] != ' ')
      line[length++] = *c;
  line[length] = '\0';
  return line;
}

static void assert_line(const char *text, const char *word, const char *expected)
{
  char *line = line_with(text, word);
  ck_assert_str_eq(line, expected);
  free(line);
}

START_TEST(table_of_claims)
{
  char expected[512], *text = two_claims(PLIMI_FORMAT_TABLE);
  const plim_claim_info *first = plim_claim_describe(0), *second = plim_claim_describe(1);
  assert_line(text, "claim", "claim predicted measured Monte-Carlo numerical drift verdict source");
  snprintf(expected, sizeof expected, "%s >= 0.031 0.032 0.014 1e-14 -0.015 DISAGREE %s", first->name,
           first->source);
  assert_line(text, first->name, expected);
  snprintf(expected, sizeof expected, "%s not_converged %s", second->name, second->source);
  assert_line(text, second->name, expected);
  snprintf(expected, sizeof expected, "%s: %s", first->name, first->title);
  ck_assert_ptr_nonnull(strstr(text, expected));
  snprintf(expected, sizeof expected, "%s: %s", second->name, second->title);
  ck_assert_ptr_null(strstr(text, expected)); /* it has no findings to head */
  assert_line(
      text, "a number",
      " a number >= 0.031 0.032 0.014 1e-14 -0.015 +0.011 0.012 0.024 0.03 -0.037 DISAGREE somewhere");
  assert_line(text, "another", " another ~ 0 0 0.014 1e-14 -0.015 +0.011 0.03 reported there");
  assert_line(text, "a third",
              " a third = 0 0 0.014 1e-14 -0.015 +0.011 0.012 0.024 0.03 DISAGREE (lack of fit) here");
  free(text);
}
END_TEST

START_TEST(claim_without_findings)
{
  char expected[256], *text = two_claims(PLIMI_FORMAT_CSV);
  const plim_claim_info *second = plim_claim_describe(1);
  ck_assert_ptr_null(strchr(second->source, ','));
  snprintf(expected, sizeof expected, "%s,,not_converged,%s,,,,,,,,,,,,,,,,,,,,,,,,,,", second->name,
           second->source);
  assert_line(text, second->name, expected);
  ck_assert_ptr_nonnull(strstr(text, ",reported,"));
  free(text);
  text = two_claims(PLIMI_FORMAT_JSON);
  json_t *object = json_loads(text, 0, NULL), *claims = json_object_get(object, "claims");
  ck_assert_uint_eq(json_array_size(claims), 2);
  const json_t *failed = json_array_get(claims, 1);
  ck_assert(json_is_null(json_object_get(failed, "verdict")));
  ck_assert_str_eq(json_string_value(json_object_get(failed, "status")), "not_converged");
  ck_assert_uint_eq(json_array_size(json_object_get(failed, "findings")), 0);
  ck_assert_str_eq(json_string_value(json_object_get(json_array_get(claims, 0), "verdict")), "DISAGREE");
  json_decref(object);
  free(text);
}
END_TEST

static const planted of_verdict[] = {
    {"verdict", "DISAGREE"},       {"margin", "0.012"},         {"p_agree", "0.018"},
    {"p_disagree", "0.019"},       {"fit_p", "0.021"},          {"agree_margin", "0.024"},
    {"overturning_term", "0.025"}, {"neglected_bias", "0.027"}, {"effect", "0.045"}};
enum { OF_VERDICT = sizeof of_verdict / sizeof of_verdict[0] };

/* The rows of an extrapolation and its theory through a whole output into a string, to be freed. */
static char *written(const plimi_judged *judged, unsigned format)
{
  char path[] = "check_columns.XXXXXX";
  plimi_settings settings;
  plimi_invocation invocation = {.count = 0};
  plimi_output *output;
  const int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  plimi_settings_default(&settings, PLIMI_COMPARE);
  settings.invocation = &invocation;
  const plimi_part part = {PLIMI_COMPARE, "compare", &settings};
  const plimi_output_request request = {.command = "compare",
                                        .parts = &part,
                                        .part_count = 1,
                                        .path = path,
                                        .format = format,
                                        .late = true,
                                        .of = PLIMI_OF_VERDICTS,
                                        .paired = true};
  plimi_row theory = judged->row;
  plimi_row_set_text(&theory, PLIMI_SOURCE, "theory");
  ck_assert_int_eq(plimi_output_open(&request, &output), PLIM_EXIT_DONE);
  plimi_output_row(output, &theory);
  plimi_output_row(output, &judged->row);
  ck_assert_int_eq(plimi_output_finish(output, judged, 1), PLIM_EXIT_DONE);
  char *text = plimi_allocate(1 << 16, 1);
  FILE *file = fopen(path, "r");
  ck_assert_uint_gt(fread(text, 1, (1 << 16) - 1, file), 0);
  fclose(file);
  close(descriptor);
  unlink(path);
  char *provenance = plimi_join(path, ".provenance.json");
  unlink(provenance);
  free(provenance);
  plimi_settings_free(&settings);
  return text;
}

static plimi_judged example(void)
{
  plimi_judged judged = {.judged = true,
                         .fitted = true,
                         .predicted = {0.041, 1e-15},
                         .fit = {.limit = 0.042, .rate = 0.5},
                         .judgement = judgement,
                         .effect = 0.045};
  plimi_row_set_text(&judged.row, PLIMI_QUANTITY, "risk1");
  plimi_row_set_text(&judged.row, PLIMI_SOURCE, "extrapolation");
  plimi_row_set_text(&judged.row, PLIMI_STATUS, "ok");
  plimi_row_set_number(&judged.row, PLIMI_ETA_EXPONENT, 0.43);
  plimi_row_set_integer(&judged.row, PLIMI_REPLICAS, 44);
  return judged;
}

START_TEST(columns_of_a_verdict)
{
  static const planted telling[] = {{"eta_exponent", "0.43"}, {"replicas", "44"}};
  static const planted numbers[] = {{"predicted", "0.041"},
                                    {"extrapolated", "0.042"},
                                    {"difference", "0.011"},
                                    {"numerical_error", "1.3e-14"},
                                    {"monte_carlo_error", "0.014"},
                                    {"finite_size_drift", "-0.015"},
                                    {"drift_rate", "0.5"},
                                    {"ci_low", "0.016"},
                                    {"ci_high", "0.017"}};
  const plimi_judged judged = example();
  char *text = written(&judged, PLIMI_FORMAT_CSV);
  assert_cells(text, of_verdict, OF_VERDICT);
  assert_cells(text, telling, 2);
  const char *theory = strchr(text, '\n') + 1; /* its cells of a verdict are empty */
  ck_assert(strncmp(strchr(theory, '\n') - 12, ",ok,,,,,,,,,", 12) == 0);
  free(text);
  text = written(&judged, PLIMI_FORMAT_JSON);
  json_t *object = json_loads(text, 0, NULL);
  const json_t *row = json_array_get(json_object_get(object, "rows"), 1);
  const json_t *verdict = json_array_get(json_object_get(object, "verdicts"), 0);
  assert_members(row, of_verdict, OF_VERDICT);
  assert_members(row, telling, 2);
  assert_members(verdict, of_verdict, OF_VERDICT);
  assert_members(verdict, telling, 2);
  assert_members(verdict, numbers, sizeof numbers / sizeof numbers[0]);
  json_decref(object);
  free(text);
}
END_TEST

START_TEST(columns_of_a_withheld_verdict)
{
  static const planted cells[] = {
      {"verdict", "WITHHELD"}, {"margin", ""}, {"p_agree", ""}, {"overturning_term", ""}};
  static const planted in_json[] = {{"verdict", "WITHHELD"}, {"reason", "no reason"}};
  plimi_judged judged = example();
  judged.judged = false;
  strcpy(judged.reason, "no reason");
  char *text = written(&judged, PLIMI_FORMAT_CSV);
  assert_cells(text, cells, 4);
  free(text);
  text = written(&judged, PLIMI_FORMAT_JSON);
  json_t *object = json_loads(text, 0, NULL);
  assert_members(json_array_get(json_object_get(object, "verdicts"), 0), in_json, 2);
  assert_members(json_array_get(json_object_get(object, "rows"), 1), in_json, 1);
  json_decref(object);
  free(text);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("columns");
  tcase_add_test(tests, columns_of_a_finding);
  tcase_add_test(tests, table_of_claims);
  tcase_add_test(tests, claim_without_findings);
  tcase_add_test(tests, columns_of_a_verdict);
  tcase_add_test(tests, columns_of_a_withheld_verdict);
  return run_cases("columns", 1, &tests);
}
