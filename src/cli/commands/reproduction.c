/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "reproduction.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../input/grid.h"
#include "../input/wide_grid.h"
#include "../output/json_values.h"
#include "../output/provenance.h"
#include "../work/difference.h"

enum { MOST_LINES = 5, MOST_SHOWN = 100 };

/* A member in words, for one line. To be freed. */
static char *in_words(const json_t *value)
{
  if (json_is_string(value))
    return plimi_copy(json_string_value(value));
  char *dumped = value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
  char *text = plimi_copy(dumped != NULL ? dumped : "nothing");
  free(dumped);
  return text;
}

static void say_was(const char *what, const json_t *was, const json_t *is)
{
  if (json_equal(was, is) || (was == NULL && is == NULL))
    return;
  char *before = in_words(was), *now = in_words(is);
  printf("  %s: was ", what);
  plimi_print_escaped(before, stdout);
  printf(", is ");
  plimi_print_escaped(now, stdout);
  putchar('\n');
  free(before);
  free(now);
}

/* Of two objects the members that differ, but for those that say where the result went and how it was made. */
static void say_members(const char *what, const json_t *was, const json_t *is)
{
  static const char *const no_matter[] = {"output", "threads", "name", "release", "processors", "format"};
  const char *name;
  json_t *value;
  json_t *all = json_object();
  json_object_update(all, (json_t *)was);
  json_object_update_missing(all, (json_t *)is);
  json_object_foreach(all, name, value)
  {
    bool matters = true;
    plimi_message title;
    for (size_t i = 0; i < sizeof no_matter / sizeof no_matter[0]; i++)
      matters = matters && strcmp(name, no_matter[i]) != 0;
    plimi_message_set(&title, "%s %s", what, name);
    if (matters)
      say_was(title.text, json_object_get(was, name), json_object_get(is, name));
  }
  json_decref(all);
}

static void say_circumstances(const json_t *first, const char *made)
{
  static const char *const plain[] = {"plim", "compiler", "seed", "device"};
  static const char *const objects[] = {"libraries", "blas", "host", "configuration", "inputs"};
  static const char *const titles[] = {"library", "BLAS", "host", "option", "table of"};
  char *beside = plimi_join(made, ".provenance.json");
  json_t *second = plimi_json_load(beside, 0);
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    say_was(plain[i], json_object_get(first, plain[i]), json_object_get(second, plain[i]));
  for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
    say_members(titles[i], json_object_get(first, objects[i]), json_object_get(second, objects[i]));
  say_was("design", json_object_get(json_object_get(first, "design"), "crc32"),
          json_object_get(json_object_get(second, "design"), "crc32"));
  json_decref(second);
  free(beside);
}

/* ---- Lines --------------------------------------------------------------------------------------------- */

static bool next_line(FILE *stream, char **line, size_t *room)
{
  const ssize_t length = plimi_next_line(line, room, stream);
  if (length > 0 && (*line)[length - 1] == '\n')
    (*line)[length - 1] = '\0';
  return length >= 0;
}

static void say_line(const char *what, bool there, const char *line)
{
  printf("    %s ", what);
  if (there) {
    char *cut = plimi_copy(line);
    if (strlen(cut) > MOST_SHOWN)
      memcpy(cut + MOST_SHOWN - 3, "...", 4);
    plimi_print_escaped(cut, stdout);
    free(cut);
  } else {
    printf("no such line");
  }
  putchar('\n');
}

static void say_lines(FILE *before, FILE *now)
{
  char *was = NULL, *is = NULL;
  size_t was_room = 0, is_room = 0, differing = 0;
  for (size_t line = 1;; line++) {
    const bool first = next_line(before, &was, &was_room), second = next_line(now, &is, &is_room);
    if (!first && !second)
      break;
    if (first && second && strcmp(was, is) == 0)
      continue;
    if (++differing > MOST_LINES)
      continue;
    printf("  line %zu\n", line);
    say_line("was", first, was);
    say_line("is ", second, is);
  }
  printf("  %zu lines differ%s\n", differing, differing > MOST_LINES ? "; these are the first" : "");
  free(was);
  free(is);
}

/* Of CSV: did numbers move beyond their errors? */
static void say_moved(const char *before, const char *now)
{
  const char *suffix = strrchr(now, '.');
  plimi_grid a, b;
  if (suffix == NULL || strcmp(suffix, ".csv") != 0)
    return;
  const double level = 0.05; /* that of plim diff */
  plimi_difference difference = {.a = &a, .b = &b, .level = level};
  const int status_a = plimi_grid_read(before, &a), status_b = plimi_grid_read(now, &b);
  if (status_a == PLIM_EXIT_DONE && status_b == PLIM_EXIT_DONE) {
    plimi_grid_lengthen(&a);
    plimi_grid_lengthen(&b);
  }
  if (status_a == PLIM_EXIT_DONE && status_b == PLIM_EXIT_DONE &&
      plimi_difference_find(&difference) == PLIM_EXIT_DONE)
    printf("  %zu numbers, words or rows moved beyond their errors\n", difference.count);
  plimi_difference_free(&difference);
  plimi_grid_free(&a);
  plimi_grid_free(&b);
}

/* The first file where it stands beside its provenance and is what was written; else NULL. To be freed. */
static char *first_file(const char *path, const json_t *first)
{
  const char *name = json_string_value(json_object_get(first, "file")), *slash = strrchr(path, '/');
  char *folder = plimi_copy(path);
  folder[slash != NULL ? slash + 1 - path : 0] = '\0';
  char *file = plimi_join(folder, name);
  json_t *content = plimi_provenance_content(file);
  const bool as_written = json_is_object(content) && json_equal(content, json_object_get(first, "content"));
  json_decref(content);
  free(folder);
  if (as_written)
    return file;
  free(file);
  return NULL;
}

static void say_rows(const char *path, const json_t *first, const char *made)
{
  char *file = first_file(path, first);
  FILE *before = file != NULL ? plimi_unless_no_memory(fopen(file, "r")) : NULL,
       *now = before != NULL ? plimi_unless_no_memory(fopen(made, "r")) : NULL;
  if (now != NULL) {
    say_lines(before, now);
    say_moved(file, made);
  } else {
    puts("  which lines differ is not known: the first file does not stand there as it was written");
  }
  if (before != NULL)
    fclose(before);
  if (now != NULL)
    fclose(now);
  free(file);
}

int plimi_reproduction_report(const char *path, const json_t *first, const char *made)
{
  const json_t *recorded = json_object_get(first, "content");
  json_t *content = plimi_provenance_content(made);
  const bool same = json_is_object(content) && json_equal(content, recorded);
  plimi_print_escaped(json_string_value(json_object_get(first, "file")), stdout);
  printf(same ? ": the same %" PRId64 " bytes again\n" : ": not the same bytes\n",
         (int64_t)json_integer_value(json_object_get(content, "bytes")));
  json_decref(content);
  if (same)
    return PLIM_EXIT_DONE;
  say_circumstances(first, made);
  say_rows(path, first, made);
  return PLIM_EXIT_DISAGREE;
}
