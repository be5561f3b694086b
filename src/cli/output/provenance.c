/* SPDX-License-Identifier: GPL-3.0-or-later */
/* provenance.c - where the numbers in a file come from. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "../options/values.h"
#include "about.h"
#include "json_values.h"
#include "provenance.h"
#include "writers.h"

static json_t *command_line(const plimi_invocation *invocation)
{
  json_t *words = json_array();
  for (size_t i = 0; i < invocation->count; i++) {
    json_array_append_new(words, plimi_json_text(invocation->words[i]));
  }
  return words;
}

static json_t *host(void)
{
  struct utsname name;
  json_t *object = json_object();
  if (uname(&name) == 0) {
    json_object_set_new(object, "name", plimi_json_text(name.nodename));
    json_object_set_new(object, "system", plimi_json_text(name.sysname));
    json_object_set_new(object, "release", plimi_json_text(name.release));
    json_object_set_new(object, "machine", plimi_json_text(name.machine));
  }
  json_object_set_new(object, "processors", json_integer((json_int_t)sysconf(_SC_NPROCESSORS_ONLN)));
  return object;
}

static double seconds_since(const struct timespec *start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static json_t *utc_now(void)
{
  char text[32];
  struct tm parts;
  const time_t now = time(NULL);
  gmtime_r(&now, &parts);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return plimi_json_text(text);
}

/* One part's options stand by themselves, several under their names. */
static json_t *configuration(const plimi_output_request *request)
{
  if (request->part_count == 1)
    return plimi_json_options(&request->parts[0], true, false);
  json_t *object = json_object();
  for (size_t i = 0; i < request->part_count; i++)
    json_object_set_new(object, request->parts[i].name, plimi_json_options(&request->parts[i], true, false));
  return object;
}

/* What the tables of inputs hold, by the names of their laws; NULL where there is none. */
static json_t *tables(const plimi_output_request *request)
{
  json_t *object = NULL;
  for (size_t i = 0; i < request->part_count; i++) {
    const plimi_inputs_list *list = &request->parts[i].settings->inputs;
    for (size_t k = 0; k < list->count; k++) {
      if (list->values[k].file == NULL)
        continue;
      if (object == NULL)
        object = json_object();
      json_object_set_new(object, plimi_inputs_called(&list->values[k]),
                          plimi_provenance_content(list->values[k].file));
    }
  }
  return object;
}

/* null, a number, or an array of them. */
static json_t *seeds(const plimi_output_request *request)
{
  json_t *array = json_array();
  for (size_t i = 0; i < request->part_count; i++) {
    json_t *options = plimi_json_options(&request->parts[i], false, false);
    json_t *seed = json_object_get(options, "seed");
    if (seed != NULL)
      json_array_extend(array, seed);
    json_decref(options);
  }
  if (json_array_size(array) > 1)
    return array;
  json_t *only = json_array_size(array) == 1 ? json_incref(json_array_get(array, 0)) : json_null();
  json_decref(array);
  return only;
}

void plimi_provenance_print(const plimi_output_request *request, const plimi_whole_file *file, FILE *stream)
{
  const plimi_invocation *invocation = request->parts[0].settings->invocation;
  const char *slash = strrchr(file->path, '/');
  json_t *object = json_object();
  json_object_set_new(object, "schema", json_integer(PLIMI_PROVENANCE_SCHEMA));
  json_object_set_new(object, "plim", plimi_json_text(PACKAGE_VERSION));
  json_object_set_new(object, "file", plimi_json_text(slash != NULL ? slash + 1 : file->path));
  json_object_set_new(object, "content", plimi_provenance_content(file->temporary));
  json_object_set_new(object, "command", plimi_json_text(request->command));
  json_object_set_new(object, "command_line", command_line(invocation));
  json_object_set_new(object, "configuration", configuration(request));
  json_t *inputs = tables(request);
  if (inputs != NULL)
    json_object_set_new(object, "inputs", inputs);
  json_object_set_new(object, "seed", seeds(request));
  json_object_set_new(object, "design", plimi_design_sum(request->design));
  json_object_set_new(object, "compiler", plimi_json_text(plimi_about_compiler()));
  json_object_set_new(object, "libraries", plimi_about_libraries());
  json_object_set_new(object, "blas", plimi_about_blas());
  json_object_set_new(object, "device", plimi_about_device(plimi_output_device(request)));
  json_object_set_new(object, "host", host());
  json_object_set_new(object, "finished", utc_now());
  json_object_set_new(object, "wall_seconds", plimi_json_number(seconds_since(&invocation->started)));
  plimi_json_print(object, 2, stream);
  fputc('\n', stream);
  json_decref(object);
}

/* Does every option that shapes the result have the text in `recorded` that it has now? */
static bool same_options(const plimi_part *part, const json_t *recorded)
{
  const char *name;
  json_t *value, *present = plimi_json_options(part, true, true);
  bool same = true;
  json_object_foreach(present, name, value) same = same && json_equal(value, json_object_get(recorded, name));
  json_decref(present);
  return same;
}

/* Could it be a provenance? A FIFO would be waited for, and a gigabyte read for nothing. */
static bool is_small_file(const char *path)
{
  const off_t most = 16 << 20; /* a command line may have 2 MiB, and is there twice */
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= most;
}

bool plimi_provenance_matches(const plimi_output_request *request)
{
  char *path = plimi_join(request->path, ".provenance.json");
  json_t *object = is_small_file(path) ? plimi_json_load(path, 0) : NULL;
  const json_t *version = json_object_get(object, "plim"),
               *recorded = json_object_get(object, "configuration");
  json_t *content = plimi_provenance_content(request->path);
  bool same = json_is_object(content) && json_equal(content, json_object_get(object, "content")) &&
              json_is_string(version) && strcmp(json_string_value(version), PACKAGE_VERSION) == 0;
  json_decref(content);
  json_t *inputs = tables(request);
  const json_t *had_inputs = json_object_get(object, "inputs");
  same = same && (inputs == had_inputs || json_equal(inputs, had_inputs));
  json_decref(inputs);
  for (size_t i = 0; i < request->part_count; i++) {
    const json_t *of_part =
        request->part_count == 1 ? recorded : json_object_get(recorded, request->parts[i].name);
    same = same && same_options(&request->parts[i], of_part);
  }
  json_decref(object);
  free(path);
  return same;
}
