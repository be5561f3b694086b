/* SPDX-License-Identifier: GPL-3.0-or-later */
/* valid_json.c - the JSON that plim writes: rows, findings of claims, and the provenance beside a file. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../output/json_values.h"
#include "../output/number.h"
#include "../output/provenance.h"
#include "validity.h"

enum { MOST_BYTES = 1 << 30 };

typedef struct {
  const char *path;
  char *text;
  json_t *object;
} document;

static int refuse(const document *d, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int refuse(const document *d, size_t line, const char *format, ...)
{
  char said[sizeof((plimi_message *)0)->text];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(said, sizeof said, format, arguments);
  va_end(arguments);
  plimi_complain("%s:%zu: %s", d->path, line, said);
  return PLIM_EXIT_USAGE;
}

/* The whole file, which jansson has then found to be JSON, with no member twice. */
static int read_document(document *d)
{
  struct stat status;
  json_error_t error;
  FILE *file = plimi_unless_no_memory(fopen(d->path, "rb"));
  if (file == NULL || fstat(fileno(file), &status) != 0) {
    plimi_complain("%s cannot be read: %s", d->path, strerror(errno));
    if (file != NULL)
      fclose(file);
    return PLIM_EXIT_FILE;
  }
  const size_t size = S_ISREG(status.st_mode) && status.st_size <= MOST_BYTES ? (size_t)status.st_size : 0;
  d->text = plimi_allocate(size + 1, 1);
  const size_t read = fread(d->text, 1, size, file);
  const bool whole = read == size && ferror(file) == 0;
  fclose(file);
  d->text[read] = '\0';
  if (!whole) {
    plimi_complain("%s cannot be read whole", d->path);
    return PLIM_EXIT_FILE;
  }
  d->object = json_loadb(d->text, size, JSON_REJECT_DUPLICATES, &error);
  if (d->object == NULL) {
    plimi_complain("%s:%d:%d: no JSON: %s", d->path, error.line, error.column, error.text);
    return PLIM_EXIT_USAGE;
  }
  return json_is_object(d->object) ? PLIM_EXIT_DONE : refuse(d, 1, "an object was expected, { ... }");
}

/* A member that must be there and of that type; JSON_NULL: anything. */
static int need(const document *d, const char *key, json_type type, const char *what)
{
  const json_t *value = json_object_get(d->object, key);
  if (value == NULL)
    return refuse(d, 1, "no member '%s'", key);
  if (type != JSON_NULL && json_typeof(value) != type)
    return refuse(d, plimi_json_line(d->text, NULL, 0, key), "'%s' is not %s", key, what);
  return PLIM_EXIT_DONE;
}

/* ---- Rows ---------------------------------------------------------------------------------------------- */

typedef struct {
  plimi_entry *entries;
  plimi_number_text *numbers;
  size_t count;
} cells;

static void free_cells(cells *row)
{
  free(row->entries);
  free(row->numbers);
}

/* The cells of a row; false with the name of one that is neither number, text nor null. */
static bool read_cells(const json_t *object, cells *row, const char **wrong)
{
  const char *name;
  json_t *value;
  size_t i = 0;
  row->count = json_object_size(object);
  row->entries = plimi_allocate(row->count, sizeof *row->entries);
  row->numbers = plimi_allocate(row->count, sizeof *row->numbers);
  json_object_foreach((json_t *)object, name, value)
  {
    plimi_entry *entry = &row->entries[i];
    *entry = (plimi_entry){name, "", PLIMI_ENTRY_PLAIN};
    *wrong = name;
    switch (json_typeof(value)) {
    case JSON_STRING:
      entry->text = json_string_value(value);
      entry->type = PLIMI_ENTRY_TEXT;
      break;
    case JSON_INTEGER:
      snprintf(row->numbers[i].text, sizeof row->numbers[i].text, "%" PRId64,
               (int64_t)json_integer_value(value));
      entry->text = row->numbers[i].text;
      entry->type = PLIMI_ENTRY_NUMBER;
      break;
    case JSON_REAL:
      row->numbers[i] = plimi_number_write(json_real_value(value));
      entry->text = row->numbers[i].text;
      entry->type = PLIMI_ENTRY_NUMBER;
      break;
    case JSON_NULL:
      break;
    default:
      return false;
    }
    i++;
  }
  return true;
}

static bool are_named_alike(const cells *a, const cells *b)
{
  bool same = a->count == b->count;
  for (size_t i = 0; same && i < a->count; i++)
    same = strcmp(a->entries[i].name, b->entries[i].name) == 0;
  return same;
}

static int check_first(const document *d, const cells *row, size_t line, plimi_table_kind *kind)
{
  const char **names = plimi_allocate(row->count, sizeof *names);
  size_t wrong = 0;
  plimi_message why;
  for (size_t i = 0; i < row->count; i++)
    names[i] = row->entries[i].name;
  const bool valid = row->count > 0 && plimi_header_is_valid(names, row->count, kind, &wrong, &why);
  const int status =
      valid ? PLIM_EXIT_DONE : refuse(d, line, "%s", row->count > 0 ? why.text : "an empty row");
  free(names);
  return status;
}

static int check_row(const document *d, const cells *row, size_t index, plimi_table_kind kind)
{
  size_t wrong = 0;
  plimi_message why;
  if (plimi_row_is_valid(kind, row->entries, row->count, &wrong, &why))
    return PLIM_EXIT_DONE;
  return refuse(d, plimi_json_line(d->text, "rows", index, row->entries[wrong].name), "row %zu, %s: %s",
                index + 1, row->entries[wrong].name, why.text);
}

static int check_rows(const document *d, const json_t *rows)
{
  cells first = {.count = 0};
  plimi_table_kind kind = PLIMI_TABLE_ROWS;
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < json_array_size(rows) && status == PLIM_EXIT_DONE; i++) {
    const json_t *object = json_array_get(rows, i);
    const char *wrong = "";
    cells row = {.count = 0};
    if (!json_is_object(object)) {
      status = refuse(d, plimi_json_line(d->text, "rows", i, NULL), "row %zu is no object", i + 1);
    } else if (!read_cells(object, &row, &wrong)) {
      status = refuse(d, plimi_json_line(d->text, "rows", i, wrong),
                      "row %zu, %s: neither number, text nor null", i + 1, wrong);
    } else if (i == 0) {
      status = check_first(d, &row, plimi_json_line(d->text, "rows", i, NULL), &kind);
    } else if (!are_named_alike(&first, &row)) {
      status = refuse(d, plimi_json_line(d->text, "rows", i, NULL),
                      "row %zu has other members than the first", i + 1);
    }
    if (status == PLIM_EXIT_DONE)
      status = check_row(d, &row, i, kind);
    if (i == 0 && status == PLIM_EXIT_DONE)
      first = row;
    else
      free_cells(&row);
  }
  free_cells(&first);
  return status;
}

/* ---- Claims -------------------------------------------------------------------------------------------- */

/* The sizes that a finding was fitted to, and the powers of its drift (null: no such form). */
static bool has_its_ladder(const json_t *finding)
{
  static const char *const of_rung[] = {"d", "value", "error", "replicas"}, *const of_term[] = {
                                                                                "rate", "coefficient"};
  const json_t *rungs = json_object_get(finding, "rungs"), *drift = json_object_get(finding, "drift_terms");
  if (!json_is_array(rungs) || !(json_is_array(drift) || json_is_null(drift)))
    return false;
  for (size_t k = 0; k < json_array_size(rungs); k++) {
    const json_t *rung = json_array_get(rungs, k);
    for (size_t i = 0; i < sizeof of_rung / sizeof of_rung[0]; i++)
      if (!json_is_number(json_object_get(rung, of_rung[i])))
        return false;
    if (!json_is_boolean(json_object_get(rung, "fitted")) || json_object_size(rung) != 5)
      return false;
  }
  for (size_t k = 0; k < json_array_size(drift); k++)
    for (size_t i = 0; i < sizeof of_term / sizeof of_term[0]; i++)
      if (!json_is_number(json_object_get(json_array_get(drift, k), of_term[i])))
        return false;
  return true;
}

static int check_findings(const document *d, const json_t *claim, size_t index)
{
  const json_t *findings = json_object_get(claim, "findings");
  const size_t line = plimi_json_line(d->text, "claims", index, "findings");
  int status =
      json_is_array(findings) ? PLIM_EXIT_DONE : refuse(d, line, "claim %zu has no findings", index + 1);
  for (size_t k = 0; status == PLIM_EXIT_DONE && k < json_array_size(findings); k++) {
    const char *bad = "", *names[64];
    size_t wrong = 0;
    plimi_message why = {.text = "its members"};
    cells row = {.count = 0};
    json_t *finding = json_copy(json_array_get(findings, k)); /* shallow: the cells alone are left in it */
    bool valid = json_is_object(finding) && has_its_ladder(finding);
    if (valid) {
      json_object_del(finding, "rungs");
      json_object_del(finding, "drift_terms");
    } else {
      bad = "rungs or drift_terms";
    }
    valid = valid && json_object_size(finding) < sizeof names / sizeof names[0] &&
            read_cells(finding, &row, &bad);
    for (size_t i = 0; valid && i < row.count; i++)
      names[i] = row.entries[i].name;
    if (valid && !plimi_findings_are_named(names, row.count, &wrong, &why)) {
      bad = wrong < row.count ? names[wrong] : "its end";
      valid = false;
    }
    if (valid && !plimi_row_is_valid(PLIMI_TABLE_FINDINGS, row.entries, row.count, &wrong, &why)) {
      bad = row.entries[wrong].name;
      valid = false;
    }
    if (!valid)
      status = refuse(d, line, "claim %zu, finding %zu, %s: %s", index + 1, k + 1, bad, why.text);
    free_cells(&row);
    json_decref(finding);
  }
  return status;
}

static int check_claims(const document *d, const json_t *claims)
{
  static const char *const texts[] = {"claim", "title", "source", "status"};
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < json_array_size(claims) && status == PLIM_EXIT_DONE; i++) {
    const json_t *claim = json_array_get(claims, i);
    for (size_t t = 0; t < sizeof texts / sizeof texts[0] && status == PLIM_EXIT_DONE; t++)
      if (!json_is_string(json_object_get(claim, texts[t])))
        status = refuse(d, plimi_json_line(d->text, "claims", i, texts[t]), "claim %zu has no text '%s'",
                        i + 1, texts[t]);
    if (status == PLIM_EXIT_DONE)
      status = check_findings(d, claim, i);
  }
  return status;
}

static int check_output(const document *d, plimi_message *what)
{
  const bool of_claims = json_object_get(d->object, "claims") != NULL;
  const char *list = of_claims ? "claims" : "rows";
  int status = need(d, "plim", JSON_STRING, "text, the version");
  if (status == PLIM_EXIT_DONE)
    status = need(d, "command", JSON_STRING, "text");
  if (status == PLIM_EXIT_DONE)
    status = need(d, of_claims ? "configuration" : "problem", JSON_OBJECT, "an object");
  if (status == PLIM_EXIT_DONE)
    status = need(d, list, JSON_ARRAY, "a list");
  if (status == PLIM_EXIT_DONE)
    status = of_claims ? check_claims(d, json_object_get(d->object, list))
                       : check_rows(d, json_object_get(d->object, list));
  plimi_message_set(what, "JSON of plim, %zu %s", json_array_size(json_object_get(d->object, list)), list);
  return status;
}

/* ---- Provenance ---------------------------------------------------------------------------------------- */

/* The data beside its provenance, where they are there. */
static int check_described(const document *d, const char *file)
{
  const char *slash = strrchr(d->path, '/');
  const size_t folder = slash != NULL ? (size_t)(slash + 1 - d->path) : 0;
  char *start = plimi_copy(d->path), *path;
  const json_t *recorded = json_object_get(d->object, "content");
  start[folder] = '\0';
  path = plimi_join(start, file);
  json_t *found = plimi_provenance_content(path);
  int status = PLIM_EXIT_DONE;
  if (json_is_object(found) && json_is_object(recorded) && !json_equal(found, recorded))
    status =
        refuse(d, plimi_json_line(d->text, NULL, 0, "content"),
               "%s holds %" PRId64 " bytes with the sum %s, and not what is written here: it was changed",
               path, (int64_t)json_integer_value(json_object_get(found, "bytes")),
               json_string_value(json_object_get(found, "crc32")));
  json_decref(found);
  free(path);
  free(start);
  return status;
}

static int check_provenance(const document *d, plimi_message *what)
{
  static const struct {
    const char *key;
    json_type type;
    const char *what;
  } members[] = {{"schema", JSON_INTEGER, "a whole number"},
                 {"plim", JSON_STRING, "text, the version"},
                 {"file", JSON_STRING, "text"},
                 {"content", JSON_NULL, ""},
                 {"command", JSON_STRING, "text"},
                 {"command_line", JSON_ARRAY, "a list"},
                 {"configuration", JSON_OBJECT, "an object"},
                 {"seed", JSON_NULL, ""},
                 {"design", JSON_NULL, ""},
                 {"compiler", JSON_STRING, "text"},
                 {"libraries", JSON_OBJECT, "an object"},
                 {"blas", JSON_OBJECT, "an object"},
                 {"host", JSON_OBJECT, "an object"},
                 {"finished", JSON_STRING, "text"},
                 {"wall_seconds", JSON_REAL, "a number"}};
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < sizeof members / sizeof members[0] && status == PLIM_EXIT_DONE; i++)
    status = need(d, members[i].key, members[i].type, members[i].what);
  if (status != PLIM_EXIT_DONE)
    return status;
  const json_int_t schema = json_integer_value(json_object_get(d->object, "schema"));
  const json_t *words = json_object_get(d->object, "command_line");
  if (schema != PLIMI_PROVENANCE_SCHEMA)
    return refuse(d, plimi_json_line(d->text, NULL, 0, "schema"), "schema %" PRId64 "; this plim knows %d",
                  (int64_t)schema, (int)PLIMI_PROVENANCE_SCHEMA);
  const char *file = json_string_value(json_object_get(d->object, "file"));
  if (file[0] == '\0' || strchr(file, '/') != NULL)
    return refuse(d, plimi_json_line(d->text, NULL, 0, "file"), "'%s' is no name of a file beside this one",
                  file);
  if (json_array_size(words) < 2)
    return refuse(d, plimi_json_line(d->text, NULL, 0, "command_line"), "no command line");
  for (size_t i = 0; i < json_array_size(words); i++)
    if (!json_is_string(json_array_get(words, i)))
      return refuse(d, plimi_json_line(d->text, "command_line", i, NULL), "word %zu is no text", i + 1);
  plimi_message_set(what, "provenance of %s", file);
  return PLIM_EXIT_DONE;
}

int plimi_validate_json(const char *path, plimi_message *what)
{
  document d = {.path = path};
  int status = read_document(&d);
  if (status == PLIM_EXIT_DONE)
    status =
        json_object_get(d.object, "schema") != NULL ? check_provenance(&d, what) : check_output(&d, what);
  if (status == PLIM_EXIT_DONE && json_object_get(d.object, "schema") != NULL)
    status = check_described(&d, json_string_value(json_object_get(d.object, "file")));
  json_decref(d.object);
  free(d.text);
  return status;
}

int plimi_validate_provenance(const char *path)
{
  document d = {.path = path};
  plimi_message what;
  int status = read_document(&d);
  if (status == PLIM_EXIT_DONE)
    status = check_provenance(&d, &what);
  json_decref(d.object);
  free(d.text);
  return status;
}

int plimi_validate_content(const char *path)
{
  char *beside = plimi_join(path, ".provenance.json");
  plimi_message what;
  struct stat status;
  const int result = stat(beside, &status) == 0 && S_ISREG(status.st_mode)
                         ? plimi_validate_json(beside, &what)
                         : PLIM_EXIT_DONE;
  free(beside);
  return result;
}
