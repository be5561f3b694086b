/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of text: fields and lines of records, series and keys of observations. What is refused, and in which words, is
   in cli_judge.test. */
#include "config.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/input/observations.h"
#include "cli/terminal/message.h"
#include "run_cases.h"

static char path[] = "check_records.XXXXXX";

static void write_file(const char *text, size_t length)
{
  FILE *file = fopen(path, "wb");
  ck_assert(file != NULL && fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static void begin(void)
{
  strcpy(path + strlen(path) - 6, "XXXXXX");
  const int descriptor = mkstemp(path);
  ck_assert_int_ge(descriptor, 0);
  close(descriptor);
}

static void end(void)
{
  unlink(path);
}

/* All fields of a text, each with '|' after it, and '/' with the line after each record. */
static char *read_all(const char *text, bool tabs)
{
  static char read[4096];
  plimi_records *records;
  const char *const *fields;
  size_t count;
  read[0] = '\0';
  write_file(text, strlen(text));
  ck_assert_int_eq(plimi_records_open(path, tabs, &records), PLIM_EXIT_DONE);
  for (;;) {
    ck_assert_int_eq(plimi_records_next(records, &fields, &count), PLIM_EXIT_DONE);
    if (count == 0)
      break;
    for (size_t i = 0; i < count; i++)
      strcat(strcat(read, fields[i]), "|");
    snprintf(read + strlen(read), 16, "%zu/", plimi_records_line(records));
  }
  ck_assert_int_eq(plimi_records_next(records, &fields, &count), PLIM_EXIT_DONE); /* and so it stays */
  ck_assert_uint_eq(count, 0);
  plimi_records_close(records);
  return read;
}

START_TEST(fields_and_lines)
{
  const struct {
    const char *text, *read;
    bool tabs;
  } cases[] = {
      {"a,b\n1,2\n", "a|b|1/1|2|2/", false},
      {"a,b\n1,2", "a|b|1/1|2|2/", false},
      {"a,b\r\n1,2\r\n", "a|b|1/1|2|2/", false},
      {"\xef\xbb\xbf"
       "a\n1\n",
       "a|1/1|2/", false},
      {"# one\n\n  \na\n#b\n# c\n1\n#", "a|4/1|7/", false},
      {" a ,\t b\n", "a|b|1/", false},
      {"\" a \",\"b\"\"c\"\n", " a |b\"c|1/", false},
      {"\"a,\nb\",c\nd,e\n", "a,\nb|c|1/d|e|3/", false},
      {"\"#a\n#b\"\n#c\nd\n", "#a\n#b|1/d|4/", false},
      {"a,,\n,\n", "a|||1/||2/", false},
      {"a\tb,c\n\t1\n", "a|b,c|1/|1|2/", true},
      {"ψ₂,größe\n", "ψ₂|größe|1/", false},
      {"", "", false},
      {"\xef\xbb\xbf", "", false},
      {"\n\n#\n", "", false},
      {"a", "a|1/", false},
      {"\"\"\n", "|1/", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *read = read_all(cases[i].text, cases[i].tabs);
    ck_assert_msg(strcmp(read, cases[i].read) == 0, "%zu: '%s' is read as '%s'", i, cases[i].text, read);
  }
}
END_TEST

/* Records of every length around that of a block. */
START_TEST(long_records)
{
  enum { MOST = 70000 };
  char *text = malloc(2 * MOST);
  ck_assert(text != NULL);
  for (size_t length = 65520; length < 65550; length++) {
    plimi_records *records;
    const char *const *fields;
    size_t count;
    memset(text, 'x', length);
    strcpy(text + length, ",7\n8,9\n");
    write_file(text, strlen(text));
    ck_assert_int_eq(plimi_records_open(path, false, &records), PLIM_EXIT_DONE);
    ck_assert(plimi_records_next(records, &fields, &count) == PLIM_EXIT_DONE && count == 2);
    ck_assert(strlen(fields[0]) == length && strcmp(fields[1], "7") == 0);
    ck_assert(plimi_records_next(records, &fields, &count) == PLIM_EXIT_DONE && count == 2);
    ck_assert(strcmp(fields[0], "8") == 0 && strcmp(fields[1], "9") == 0 && plimi_records_line(records) == 2);
    plimi_records_close(records);
  }
  free(text);
}
END_TEST

static void observe(const char *text, plimi_observations *seen)
{
  const plimi_observations_request request = {.path = path, .layout = {.joined = "replica"}};
  write_file(text, strlen(text));
  ck_assert_int_eq(plimi_observations_read(&request, seen), PLIM_EXIT_DONE);
}

/* Series in the order of the file, sizes ascending, replicas in numerical order; means over all rows of a size. */
START_TEST(series)
{
  plimi_observations seen;
  observe("k,d,replica,value,law\n"
          "2,80,3,5,a\n2,40,1,1.5,a\n2.0,80,1,2,a\n2,40.0,2,2.5,a\n0x2,80,2,2.75,a\n"
          "18446744073709551615,40,1,7,\n18446744073709551614,40,1,9,\n18446744073709551615,4e1,9,8,\n"
          "18446744073709551614,40,0,8.5,\n",
          &seen);
  ck_assert_uint_eq(seen.count, 3);
  ck_assert_uint_eq(seen.layout.key_count, 2);
  const plimi_series *first = &seen.series[0];
  ck_assert(first->count == 2 && first->line == 2 && first->keys[0].number == 2.0);
  ck_assert_str_eq(first->keys[1].text, "a");
  ck_assert(first->sizes[0].d == 40.0 && first->sizes[1].d == 80.0);
  ck_assert(first->sizes[0].value == 2.0 && first->sizes[0].replicas == 2 && first->sizes[1].replicas == 3);
  ck_assert(fabs(first->sizes[1].value - 3.25) < 1e-15);
  ck_assert(fabs(first->sizes[0].error - 0.5) < 1e-15); /* standard deviation 2^-1/2 over sqrt 2 */
  const plimi_replica *replicas = seen.replicas + first->sizes[1].first;
  ck_assert(replicas[0].value == 2.0 && replicas[1].value == 2.75 && replicas[2].value == 5.0);
  ck_assert(replicas[0].number == 1 && replicas[2].number == 3 && replicas[2].line == 2);
  /* whole numbers beyond those that a double tells apart are other keys */
  ck_assert(seen.series[1].sizes[0].value == 7.5 && seen.series[2].sizes[0].value == 8.75);
  plimi_observations_free(&seen);
}
END_TEST

/* n/d as drawn: 2.385 is 48/20, 95/40, 191/80; 2.44 is 49/20, 98/40, 195/80. The key is that of the largest size. */
START_TEST(ratios_as_drawn)
{
  plimi_observations seen;
  observe("d,n,mean,error,replicas\n20,48,1,.1,9\n40,95,1.5,.1,9\n80,191,2,.1,9\n"
          "80,195,6,.1,9\n20,49,5,.1,9\n40,98,5.5,.1,9\n",
          &seen);
  ck_assert_uint_eq(seen.count, 2);
  for (size_t i = 0; i < 2; i++) {
    const plimi_series *s = &seen.series[i];
    ck_assert_uint_eq(s->count, 3);
    ck_assert(s->keys[seen.layout.ratio_key[0]].number == (i == 0 ? 191.0 : 195.0) / 80.0);
    for (size_t k = 0; k < 3; k++)
      ck_assert(s->sizes[k].value == (i == 0 ? 1.0 : 5.0) + 0.5 * (double)k);
    ck_assert(s->sizes[0].ratio[0] == (i == 0 ? 48.0 : 49.0) / 20.0 && isnan(s->sizes[0].ratio[1]));
  }
  plimi_observations_free(&seen);
  /* with the ratios asked for beside the integers, those are the keys */
  observe("d,n,psi1,mean,error,replicas\n20,48,2.385,1,.1,9\n40,95,2.385,1,.1,9\n20,48,2.39,3,.1,9\n", &seen);
  ck_assert(seen.count == 2 && seen.series[0].count == 2 && seen.series[1].count == 1);
  ck_assert(seen.series[0].keys[0].number == 2.385 && seen.series[0].sizes[1].ratio[0] == 95.0 / 40.0);
  plimi_observations_free(&seen);
}
END_TEST

START_TEST(utf8)
{
  const struct {
    const char *text;
    size_t length;
  } cases[] = {{"a", 1},
               {"\xc3\xa9", 2},
               {"\xe2\x82\xac", 3},
               {"\xf0\x9f\x98\x80", 4},
               {"\x80", 0},
               {"\xc0\x80", 0},
               {"\xc3", 0},
               {"\xe0\x9f\xbf", 0},
               {"\xed\xa0\x80", 0},
               {"\xf0\x8f\xbf\xbf", 0},
               {"\xe2\x82", 0},
               {"\xff", 0},
               {"\xf4\x90\x80\x80", 0},
               {"\xed\x9f\xbf", 3},
               {"\xf4\x8f\xbf\xbf", 4}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    ck_assert_msg(plimi_utf8_length(cases[i].text) == cases[i].length, "case %zu", i);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("records");
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, fields_and_lines);
  tcase_add_test(tests, long_records);
  tcase_add_test(tests, series);
  tcase_add_test(tests, ratios_as_drawn);
  tcase_add_test(tests, utf8);
  return run_cases("records", 1, &tests);
}
