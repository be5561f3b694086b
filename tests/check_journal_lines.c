/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a journal: whatever becomes of one bit of it, samples come back as they were or not at all, and what does
   not come back is said. The journals are texts in memory. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/journal_header.h"
#include "cli/output/journal_line.h"
#include "cli/output/journal_reading.h"
#include "run_cases.h"

enum { RUNS = 2, REPLICAS = 3, LENGTH = 2, LINES = 1 + RUNS * (1 + REPLICAS) };

static char said_in[] = "check_journal_lines.XXXXXX";
static plimi_settings settings;
static plimi_part part;
static plimi_output_request request;
static plimi_invocation invocation;
static json_t *present;
static char *text; /* header, run 0 with its records, run 1 with its records */
static size_t size;

static const double penalties[LENGTH] = {0.0371, 2.385};
static const char *const quantity = "risk1";
static const char *const points[RUNS] = {"here", "there"};

static double sample(size_t run, size_t replica, size_t i)
{
  return 1.0 / (3.0 + (double)(100 * run + 10 * replica + i));
}

static void put(json_t *object, FILE *stream)
{
  ck_assert(plimi_journal_line_write(object, stream));
  json_decref(object);
}

static void begin(void)
{
  const int messages = mkstemp(said_in);
  ck_assert_int_ge(messages, 0);
  close(messages);
  ck_assert_ptr_nonnull(freopen(said_in, "w", stderr));
  plimi_settings_default(&settings, PLIMI_SIMULATE);
  settings.invocation = &invocation;
  part = (plimi_part){PLIMI_SIMULATE, "simulate", &settings};
  request = (plimi_output_request){.command = "simulate", .parts = &part, .part_count = 1, .path = "run.csv"};
  present = plimi_journal_header(&request);
  FILE *stream = open_memstream(&text, &size);
  put(json_incref(present), stream);
  for (size_t run = 0; run < RUNS; run++) {
    const plimi_journal_run made = {points[run], &quantity, 1, penalties, LENGTH};
    plimi_kept_run *kept = plimi_kept_run_copy(&made);
    put(plimi_kept_run_line(kept, run), stream);
    plimi_kept_run_free(kept);
    for (size_t r = 0; r < REPLICAS; r++) {
      const double samples[LENGTH] = {sample(run, r, 0), sample(run, r, 1)};
      put(plimi_record_line(run, r, samples, LENGTH), stream);
    }
  }
  fclose(stream);
}

static void end(void)
{
  json_decref(present);
  free(text);
  plimi_settings_free(&settings);
  unlink(said_in);
}

/* Read the first `length` bytes of a text. Every sample that comes back is the one that was kept; how many records
   do, and whether something was said. */
static int read_text(char *bytes, size_t length, size_t *records, bool *said)
{
  plimi_kept_runs kept = {.runs = NULL};
  plimi_journal_extent extent = {.records = 0};
  FILE *stream = fmemopen(bytes, length, "r");
  const plimi_journal_reader reader = {stream, "run.csv.journal", &request, present, NULL};
  const long before = ftell(stderr);
  const int status = plimi_journal_read(&reader, &kept, &extent);
  fclose(stream);
  *said = ftell(stderr) > before;
  *records = 0;
  for (size_t run = 0; run < kept.count; run++) {
    if (kept.runs[run] == NULL)
      continue;
    ck_assert_str_eq(kept.runs[run]->point, points[run]);
    ck_assert_mem_eq(kept.runs[run]->path, penalties, sizeof penalties);
    for (size_t r = 0; r < kept.runs[run]->count; r++) {
      const plimi_record *record = &kept.runs[run]->records[r];
      for (size_t i = 0; i < LENGTH; i++)
        ck_assert_double_eq(record->samples[i], sample(run, record->replica, i));
      ++*records;
    }
  }
  plimi_kept_runs_free(&kept);
  if (status == PLIM_EXIT_DONE)
    ck_assert_uint_eq(extent.records, *records);
  return status;
}

START_TEST(every_bit)
{
  size_t records;
  bool said;
  ck_assert_int_eq(read_text(text, size, &records, &said), PLIM_EXIT_DONE);
  ck_assert_uint_eq(records, RUNS * REPLICAS);
  ck_assert(!said);
  for (size_t bit = 0; bit < 8 * size; bit++) {
    text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
    const int status = read_text(text, size, &records, &said);
    text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
    ck_assert_msg(status != PLIM_EXIT_DONE || records < RUNS * REPLICAS, "bit %zu makes no difference", bit);
    /* a last line without its line break is what a kill leaves */
    ck_assert_msg(said || bit / 8 == size - 1, "nothing was said of bit %zu", bit);
  }
}
END_TEST

/* A torn end is no reason for a word; a first line that is torn is no journal. */
START_TEST(every_length)
{
  const size_t header = strcspn(text, "\n") + 1;
  for (size_t length = 1; length < size; length++) {
    size_t records;
    bool said;
    const int status = read_text(text, length, &records, &said);
    ck_assert_int_eq(status, length < header ? PLIM_EXIT_FILE : PLIM_EXIT_DONE);
    ck_assert(said == (length < header));
  }
}
END_TEST

/* Line `_i` spoilt: what stands in it is lost, and no more than that. */
START_TEST(every_line)
{
  static const size_t kept[LINES] = {0, 3, 5, 5, 5, 3, 5, 5, 5};
  size_t records;
  bool said;
  char *line = text, words[512] = "", wanted[64];
  for (int i = 0; i < _i; i++)
    line = strchr(line, '\n') + 1;
  line[12] = (char)(line[12] ^ 4);
  ck_assert_int_eq(read_text(text, size, &records, &said), _i == 0 ? PLIM_EXIT_FILE : PLIM_EXIT_DONE);
  ck_assert_uint_eq(records, kept[_i]);
  fflush(stderr);
  FILE *stream = fopen(said_in, "r");
  ck_assert_uint_gt(fread(words, 1, sizeof words - 1, stream), 0);
  fclose(stream);
  snprintf(wanted, sizeof wanted, "run.csv.journal:%d: this line is spoilt%s", _i + 1,
           kept[_i] == 5 ? ";" : ", and 3 more");
  ck_assert_msg(_i == 0 || strstr(words, wanted) != NULL, "%s", words);
}
END_TEST

START_TEST(what_is_no_journal)
{
  static const struct {
    const char *text;
    int status;
  } cases[] = {{"{\"journal\":2,\"plim\":\"0.1.0\"}\n", PLIM_EXIT_USAGE},
               {"{\"journal\":2,", PLIM_EXIT_USAGE},
               {"dear diary\n", PLIM_EXIT_FILE},
               {"dear diary", PLIM_EXIT_FILE},
               {"\n", PLIM_EXIT_FILE},
               {"89abcdef {\"journal\":3}\n", PLIM_EXIT_FILE},
               {"89abcdef ", PLIM_EXIT_FILE},
               {"89abcdef {\"run\":0}\n", PLIM_EXIT_FILE}};
  char copy[64];
  size_t records;
  bool said;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    snprintf(copy, sizeof copy, "%s", cases[i].text);
    const int status = read_text(copy, strlen(copy), &records, &said);
    ck_assert_msg(status == cases[i].status && said, "%s: %d", copy, status);
  }
  /* a sound line, but no header, in the first place */
  char *second = strchr(text, '\n') + 1;
  ck_assert_int_eq(read_text(second, size - (size_t)(second - text), &records, &said), PLIM_EXIT_FILE);
}
END_TEST

/* A number that no line could have given it makes no room for so many runs. */
START_TEST(a_run_of_a_high_number)
{
  char *grown = NULL;
  size_t grown_size, records;
  bool said;
  FILE *stream = open_memstream(&grown, &grown_size);
  fwrite(text, 1, size, stream);
  put(json_pack("{s:I, s:s, s:[s], s:I, s:n}", "run", (json_int_t)INT64_MAX, "point", "far", "quantities",
                "risk1", "numbers", (json_int_t)1, "path"),
      stream);
  fclose(stream);
  ck_assert_int_eq(read_text(grown, grown_size, &records, &said), PLIM_EXIT_DONE);
  ck_assert(said && records == RUNS * REPLICAS);
  free(grown);
}
END_TEST

/* Lines whose checksum is right and whose content no plim has written: nothing of them is used, and that is said. */
static const char *const wrong_lines[] = {
    "{'run': -1, 'point': 'far', 'quantities': ['risk1'], 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 7, 'quantities': ['risk1'], 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': [], 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': 'risk1', 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': [2.385], 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': ['risk1', null], 'numbers': 2, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': ['risk1'], 'numbers': 0, 'path': null}",
    "{'run': 1, 'point': 'far', 'quantities': ['risk1'], 'numbers': 2, 'path': 0.0371}",
    "{'run': 1, 'point': 'far', 'quantities': ['risk1'], 'numbers': 2, 'path': [0.0371]}",
    "{'run': 1, 'point': 'far', 'quantities': ['risk1'], 'numbers': 2, 'path': [0.0371, '2.385']}",
    "{'of': 0, 'replica': 1.5, 'samples': [0.3, 0.4]}",
    "{'of': 0, 'replica': -1, 'samples': [0.3, 0.4]}",
    "{'of': 0, 'replica': 7, 'samples': [0.3]}",
    "{'of': 0, 'replica': 7, 'samples': [0.3, null]}",
    "{'of': 0, 'replica': 7, 'samples': 0.3}",
    "{'of': 0, 'replica': 7}",
    "{'of': -1, 'replica': 7, 'samples': [0.3, 0.4]}",
    "{'of': 2, 'replica': 7, 'samples': [0.3, 0.4]}",
    "{'of': 0.5, 'replica': 7, 'samples': [0.3, 0.4]}",
    "{'of': '0', 'replica': 7, 'samples': [0.3, 0.4]}"};
enum { WRONG_LINES = sizeof wrong_lines / sizeof wrong_lines[0] };

static char *with_line(const char *quoted, size_t *grown_size)
{
  char *grown = NULL, line[200];
  FILE *stream = open_memstream(&grown, grown_size);
  fwrite(text, 1, size, stream);
  snprintf(line, sizeof line, "%s", quoted);
  for (char *c = line; *c != '\0'; c++)
    *c = *c == '\'' ? '"' : *c;
  put(json_loads(line, 0, NULL), stream);
  fclose(stream);
  return grown;
}

START_TEST(a_wrong_line_with_a_right_sum)
{
  size_t grown_size, records;
  bool said;
  char *grown = with_line(wrong_lines[_i], &grown_size);
  ck_assert_int_eq(read_text(grown, grown_size, &records, &said), PLIM_EXIT_DONE);
  ck_assert_msg(said, "nothing was said of %s", wrong_lines[_i]);
  ck_assert_msg(records == RUNS * REPLICAS, "%zu records with %s", records, wrong_lines[_i]);
  free(grown);
}
END_TEST

/* Of two records of a replica the first counts. */
START_TEST(a_replica_twice)
{
  const plimi_journal_run run = {
      .point = "here", .quantities = &quantity, .quantity_count = 1, .path = penalties, .length = LENGTH};
  plimi_kept_run *kept = plimi_kept_run_copy(&run);
  for (size_t i = 0; i < 4; i++) {
    double *samples = plimi_allocate(LENGTH, sizeof *samples);
    samples[0] = 0.617 + (double)i;
    plimi_kept_run_insert(kept, (plimi_record){.replica = 5 - i % 2, .samples = samples});
  }
  ck_assert_uint_eq(kept->count, 2);
  ck_assert_double_eq(plimi_kept_run_find(kept, 5)[0], 0.617);
  ck_assert_double_eq(plimi_kept_run_find(kept, 4)[0], 1.617);
  ck_assert_ptr_null(plimi_kept_run_find(kept, 6));
  plimi_kept_run_free(kept);
}
END_TEST

/* A header that lacks something is of another configuration, and says of what. */
START_TEST(a_header_that_lacks_something)
{
  static const struct {
    const char *in, *in_part, *named, *said;
  } cases[] = {{NULL, NULL, "plim", "(plim was unknown, is "},
               {NULL, NULL, "command", "(command was unknown, is simulate)"},
               {NULL, NULL, "configuration", "(it has no simulate)"},
               {"configuration", NULL, "simulate", "(it has no simulate)"},
               {"configuration", "simulate", "psi1", "(--psi1 was "}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    plimi_message why;
    json_t *older = json_deep_copy(present), *at = older;
    if (cases[i].in != NULL)
      at = json_object_get(at, cases[i].in);
    if (cases[i].in_part != NULL)
      at = json_object_get(at, cases[i].in_part);
    ck_assert_int_eq(json_object_del(at, cases[i].named), 0);
    ck_assert(!plimi_journal_compatible(older, present, &request, &why));
    ck_assert_msg(strstr(why.text, cases[i].said) != NULL, "without %s: %s", cases[i].named, why.text);
    ck_assert(!plimi_journal_compatible(present, older, &request, &why) || cases[i].in == NULL);
    json_decref(older);
  }
}
END_TEST

START_TEST(a_machine_that_is_not_told)
{
  plimi_message what;
  json_t *older = json_deep_copy(present);
  ck_assert(plimi_journal_same_machine(older, present, &what));
  json_object_set_new(json_object_get(older, "machine"), "core", json_integer(7));
  json_object_del(json_object_get(older, "machine"), "processor");
  ck_assert(!plimi_journal_same_machine(older, present, &what));
  ck_assert_ptr_nonnull(strstr(what.text, "processor was unknown, is "));
  ck_assert_ptr_nonnull(strstr(what.text, "core was unknown, is "));
  ck_assert(!plimi_journal_same_machine(present, older, &what));
  ck_assert_ptr_nonnull(strstr(what.text, ", is unknown"));
  json_decref(older);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("lines");
  tcase_add_checked_fixture(tests, begin, end);
  tcase_add_test(tests, every_bit);
  tcase_add_test(tests, every_length);
  tcase_add_loop_test(tests, every_line, 0, LINES);
  tcase_add_test(tests, what_is_no_journal);
  tcase_add_test(tests, a_run_of_a_high_number);
  tcase_add_loop_test(tests, a_wrong_line_with_a_right_sum, 0, WRONG_LINES);
  tcase_add_test(tests, a_replica_twice);
  tcase_add_test(tests, a_header_that_lacks_something);
  tcase_add_test(tests, a_machine_that_is_not_told);
  return run_cases("journal lines", 1, &tests);
}
