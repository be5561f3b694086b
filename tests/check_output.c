/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows, CSV, JSON, files that appear whole. */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/number.h"
#include "cli/output/whole_file.h"
#include "cli/output/writers.h"
#include "run_cases.h"

static char folder[] = "check_output.XXXXXX";

static char *in_folder(const char *name)
{
  char *with_slash = plimi_join(folder, "/"), *path = plimi_join(with_slash, name);
  free(with_slash);
  return path;
}

static char *contents(const char *path)
{
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
  char *text = plimi_allocate(1 << 20, 1);
  ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, file), (1 << 20) - 1);
  fclose(file);
  return text;
}

static plimi_row example(double value)
{
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  const plim_value limit = {value, 1e-16};
  ck_assert_int_eq(plimi_row_set_limit(&row, PLIM_RISK1, PLIM_OK, &limit), PLIM_OK);
  return row;
}

/* What a terminal would obey, and what is not UTF-8 (overlong, cut short, beyond the last), is
   written as its bytes. */
START_TEST(text_is_escaped)
{
  static const char *const cases[][2] = {
      {"plain ~", "plain ~"},
      {"\033[2J\n\x7f", "\\x1b[2J\\x0a\\x7f"},
      {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
      {"\xc2\x9b", "\\xc2\\x9b"},
      {"\xc0\xaf", "\\xc0\\xaf"},
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
      {"\xe2(\xa1", "\\xe2(\\xa1"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    plimi_print_escaped(cases[i][0], stream);
    fclose(stream);
    ck_assert_str_eq(text, cases[i][1]);
    free(text);
  }
}
END_TEST

START_TEST(csv_quotes_and_ends_lines)
{
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  plimi_csv csv;
  plimi_row row = example(0.1);
  plimi_row_set_text(&row, PLIMI_ACTIVATION, "expr:max(z,0)");
  plimi_row_set_text(&row, PLIMI_TEACHER, "expr:\"z\"");
  plimi_row_set_integer(&row, PLIMI_SEED, UINT64_MAX);
  plimi_csv_begin(&csv, stream, PLIMI_OF_QUANTITIES, NULL);
  plimi_csv_row(&csv, &row);
  plimi_csv_end(&csv);
  fclose(stream);
  ck_assert_str_eq(
      text,
      "quantity,source,value,error,std,ci_low,ci_high,replicas,psi1,psi2,lambda,eta,eta_exponent,n,d,width,"
      "activation,teacher,noise,readout,steps,batch,eta_second,ridge_batch,overlap,extra,step_psi1,inputs,"
      "eta_second_exponent,seed,"
      "status\n"
      "risk1,theory,0.1,1e-16,,,,,,,,,,,,,"
      "\"expr:max(z,0)\",\"expr:\"\"z\"\"\",,,,,,,,,,,,18446744073709551615,ok\n");
  free(text);
}
END_TEST

/* Random bits, powers of two (whose neighbours lie at two distances), short decimals, the subnormal. */
static double number_of(size_t i)
{
  static uint64_t state = 20261127;
  double x;
  state = state * 6364136223846793005u + 1442695040888963407u;
  const uint64_t bits = state ^ (state >> 29);
  if (i < 2098)
    return ldexp(1.0, (int)i - 1074);
  if (i % 3 == 0)
    return (double)(bits % 1000000) / pow(10.0, (double)(bits % 13));
  memcpy(&x, &bits, sizeof x);
  return isfinite(x) ? x : 2.385;
}

static int significant_digits(const char *text)
{
  int digits = 0, zeros = 0;
  for (; *text != '\0' && *text != 'e'; text++) {
    if (*text == '0' && digits > 0)
      zeros++; /* at the end they do not count */
    else if ('1' <= *text && *text <= '9') {
      digits += 1 + zeros;
      zeros = 0;
    }
  }
  return digits;
}

/* The text gives the bits back, in CSV and JSON, and no text with fewer digits would. */
START_TEST(numbers_read_back_and_are_shortest)
{
  static const struct {
    double number;
    const char *text;
  } known[] = {{0.1, "0.1"},
               {0.1 + 0.2, "0.30000000000000004"},
               {1e-7, "1e-7"},
               {1e300, "1e300"},
               {-2.5e-10, "-2.5e-10"},
               {4.9406564584124654e-324, "5e-324"},
               {2.2250738585072014e-308, "2.2250738585072014e-308"},
               {1.7976931348623157e308, "1.7976931348623157e308"},
               {123456789012.0, "123456789012"},
               {-0.0, "-0"},
               {0.0, "0"}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    ck_assert_str_eq(plimi_number_write(known[i].number).text, known[i].text);
  for (size_t i = 0; i < 60000; i++) {
    const double x = number_of(i);
    const plimi_number_text text = plimi_number_write(x);
    const double back = strtod(text.text, NULL);
    ck_assert_msg(memcmp(&back, &x, sizeof x) == 0, "%.17g became %s", x, text.text);
    for (int digits = 1; digits < significant_digits(text.text); digits++) {
      char shorter[32];
      snprintf(shorter, sizeof shorter, "%.*e", digits - 1, x);
      ck_assert_msg(strtod(shorter, NULL) != x, "%s would do for %s", shorter, text.text);
    }
    if (i % 100 != 0)
      continue;
    char *dump = NULL;
    size_t length;
    FILE *stream = open_memstream(&dump, &length);
    json_t *array = json_pack("[f,{s:f}]", x, "x", x);
    plimi_json_print(array, i % 200 == 0 ? 1 : 0, stream);
    fclose(stream);
    json_t *read = json_loads(dump, 0, NULL);
    ck_assert_msg(json_equal(array, read), "%s", dump);
    ck_assert_msg(strlen(dump) <= 2 * strlen(text.text) + 24, "%s is longer than %s", dump, text.text);
    json_decref(read);
    json_decref(array);
    free(dump);
  }
}
END_TEST

/* Text kept from the row before must never stand for another cell. */
START_TEST(csv_prints_every_change)
{
  static const double values[] = {0.1, 0.1, 0.2, 0.2, 0.1, 1e300, -0.0, 0.0, 0.0};
  static const char *const names[] = {"tanh", "expr:a,b", "expr:a,b", "relu"};
  char *kept = NULL, *fresh = NULL;
  size_t length;
  FILE *one = open_memstream(&kept, &length), *many = open_memstream(&fresh, &length);
  plimi_csv csv;
  plimi_csv_begin(&csv, one, PLIMI_OF_QUANTITIES, NULL);
  for (size_t i = 0; i < 36; i++) {
    plimi_row row = example(values[i % 9]);
    plimi_csv single;
    plimi_row_set_text(&row, PLIMI_ACTIVATION, names[i % 4]);
    if (i % 3 == 0)
      plimi_row_set_number(&row, PLIMI_ETA, values[(i / 2) % 9]);
    if (i % 5 == 0)
      row = (plimi_row){.cells = {{.kind = PLIMI_CELL_EMPTY}}};
    plimi_csv_row(&csv, &row);
    plimi_csv_begin(&single, many, PLIMI_OF_QUANTITIES, NULL); /* a writer that remembers nothing */
    plimi_csv_row(&single, &row);
    plimi_csv_end(&single);
  }
  plimi_csv_end(&csv);
  fclose(one);
  fclose(many);
  const char *a = kept, *b = fresh;
  a += strcspn(a, "\n") + 1; /* the header, once here and before every row there */
  for (size_t i = 0; i < 36; i++) {
    b += strcspn(b, "\n") + 1;
    const size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
    ck_assert_msg(n == m && memcmp(a, b, n) == 0, "row %zu: %.*s", i, (int)n, a);
    a += n + 1;
    b += m + 1;
  }
  ck_assert_str_eq(a, "");
  free(kept);
  free(fresh);
}
END_TEST

START_TEST(no_number_that_is_not_finite_is_ok)
{
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  const plim_value bad[] = {{NAN, 0.0}, {INFINITY, 0.0}, {1.0, NAN}};
  for (size_t i = 0; i < 3; i++) {
    ck_assert_int_eq(plimi_row_set_limit(&row, PLIM_RISK0, PLIM_OK, &bad[i]), PLIM_NOT_FINITE);
    ck_assert_int_eq(row.cells[PLIMI_VALUE].kind, PLIMI_CELL_EMPTY);
    ck_assert_str_eq(row.cells[PLIMI_STATUS].is.text, "not_finite");
  }
  const plim_estimate estimate = {.mean = NAN, .error = 0.1, .std = 0.2, .replicas = 4};
  ck_assert_int_eq(plimi_row_set_estimate(&row, PLIM_RISK0, PLIM_OK, &estimate), PLIM_NOT_FINITE);
  const plim_value good = {0.3, 1e-16};
  ck_assert_int_eq(plimi_row_set_limit(&row, PLIM_RISK0, PLIM_DIVERGES, &good), PLIM_DIVERGES);
  ck_assert_int_eq(row.cells[PLIMI_VALUE].kind, PLIMI_CELL_EMPTY);
  ck_assert_int_eq(row.cells[PLIMI_ERROR].kind, PLIMI_CELL_EMPTY);
}
END_TEST

START_TEST(intervals_of_an_estimate)
{
  plimi_row row = {.cells = {{.kind = PLIMI_CELL_EMPTY}}};
  const plim_estimate five = {.mean = 2.385, .error = 0.1, .std = 0.1 * sqrt(5.0), .replicas = 5};
  ck_assert_int_eq(plimi_row_set_estimate(&row, PLIM_RISK0, PLIM_OK, &five), PLIM_OK);
  const double t = 2.7764451051977943; /* the 97.5 % point of Student's t with 4 degrees of freedom */
  ck_assert_double_eq_tol(row.cells[PLIMI_CI_LOW].is.number, 2.385 - 0.1 * t, 1e-13);
  ck_assert_double_eq_tol(row.cells[PLIMI_CI_HIGH].is.number, 2.385 + 0.1 * t, 1e-13);
  const plim_estimate one = {.mean = 2.385, .error = NAN, .std = NAN, .replicas = 1};
  ck_assert_int_eq(plimi_row_set_estimate(&row, PLIM_RISK0, PLIM_OK, &one), PLIM_OK);
  ck_assert_int_eq(row.cells[PLIMI_VALUE].kind, PLIMI_CELL_NUMBER);
  ck_assert_int_eq(row.cells[PLIMI_ERROR].kind, PLIMI_CELL_EMPTY);
  ck_assert_int_eq(row.cells[PLIMI_CI_LOW].kind, PLIMI_CELL_EMPTY);
}
END_TEST

static plimi_settings settings;
static plimi_part part;
static plimi_output_request request;
static plimi_invocation invocation;

static void make_request(const char *path)
{
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
  part = (plimi_part){PLIMI_SIMULATE, "simulate", &settings};
  request = (plimi_output_request){
      .command = "simulate", .parts = &part, .part_count = 1, .path = path, .format = PLIMI_FORMAT_JSON};
}

START_TEST(json_is_one_object_of_finite_numbers)
{
  char *path = in_folder("rows.json");
  plimi_output *output;
  make_request(path);
  ck_assert_int_eq(plimi_output_open(&request, &output), PLIM_EXIT_DONE);
  ck_assert_int_ne(access(path, F_OK), 0); /* not before it is whole */
  const plimi_row row = example(0.1);
  for (int i = 0; i < 3; i++)
    plimi_output_row(output, &row);
  ck_assert_int_eq(plimi_output_finish(output, NULL, 0), PLIM_EXIT_DONE);
  json_t *object = json_load_file(path, 0, NULL);
  ck_assert_ptr_nonnull(object);
  ck_assert_uint_eq(json_array_size(json_object_get(object, "rows")), 3);
  const json_t *first = json_array_get(json_object_get(object, "rows"), 0);
  ck_assert_uint_eq(json_object_size(first), PLIMI_STATUS + 1);
  ck_assert(json_real_value(json_object_get(first, "value")) == 0.1);
  ck_assert(json_is_null(json_object_get(first, "std")));
  ck_assert(json_array_size(json_object_get(json_object_get(object, "problem"), "psi1")) == 1);
  json_decref(object);
  plimi_settings_free(&settings);
  free(path);
}
END_TEST

START_TEST(a_file_appears_whole_or_not_at_all)
{
  char *path = in_folder("whole"), *missing = in_folder("no/such"), *text;
  plimi_whole_file file;
  struct stat status;
  ck_assert(plimi_whole_file_open(&file, path));
  fputs("first", file.stream);
  ck_assert(plimi_whole_file_commit(&file));
  ck_assert(chmod(path, 0640) == 0);
  ck_assert(plimi_whole_file_open(&file, path));
  fputs("second", file.stream);
  plimi_whole_file_discard(&file);
  text = contents(path);
  ck_assert_str_eq(text, "first");
  free(text);
  ck_assert(plimi_whole_file_open(&file, path));
  fputs("third", file.stream);
  ck_assert(plimi_whole_file_seal(&file) && plimi_whole_file_commit(&file));
  text = contents(path);
  ck_assert_str_eq(text, "third");
  free(text);
  ck_assert(stat(path, &status) == 0 && (status.st_mode & 0777) == 0640); /* permissions of the older one */
  ck_assert(!plimi_whole_file_open(&file, missing));
  ck_assert(!plimi_whole_file_open(&file, "/dev/full"));
  free(path);
  free(missing);
}
END_TEST

static void make_folder(void)
{
  ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
  static const char *const names[] = {"rows.json", "rows.json.provenance.json", "whole"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char *path = in_folder(names[i]);
    unlink(path);
    free(path);
  }
  ck_assert_int_eq(rmdir(folder), 0); /* and nothing else was left behind */
}

int main(void)
{
  TCase *tests = tcase_create("output");
  tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
  tcase_add_test(tests, text_is_escaped);
  tcase_add_test(tests, csv_quotes_and_ends_lines);
  tcase_add_test(tests, numbers_read_back_and_are_shortest);
  tcase_add_test(tests, csv_prints_every_change);
  tcase_add_test(tests, no_number_that_is_not_finite_is_ok);
  tcase_add_test(tests, intervals_of_an_estimate);
  tcase_add_test(tests, json_is_one_object_of_finite_numbers);
  tcase_add_test(tests, a_file_appears_whole_or_not_at_all);
  return run_cases("output", 1, &tests);
}
