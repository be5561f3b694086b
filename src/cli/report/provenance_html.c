/* SPDX-License-Identifier: GPL-3.0-or-later */
/* provenance_html.c - where the numbers come from. A page is sent round, so the names of hosts and folders are left out
   of it unless they are asked for: of a path the last part is shown, and of the command line the options in force. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "../options/options.h"
#include "report.h"

static void begin_term(FILE *stream, const char *name)
{
  fputs("<div><dt>", stream);
  plimi_html_text(stream, name);
  fputs("</dt><dd>", stream);
}

static void end_term(FILE *stream)
{
  fputs("</dd></div>\n", stream);
}

/* Texts, numbers, lists of them. */
static void put_value(FILE *stream, const json_t *value, bool base_name)
{
  const json_t *element;
  size_t i;
  if (json_is_string(value)) {
    const char *text = json_string_value(value), *slash = base_name ? strrchr(text, '/') : NULL;
    plimi_html_text(stream, slash != NULL ? slash + 1 : text);
  } else if (json_is_integer(value)) {
    fprintf(stream, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
  } else if (json_is_real(value)) {
    plimi_html_number(stream, json_real_value(value), 6);
  } else if (json_is_boolean(value)) {
    fputs(json_is_true(value) ? "yes" : "no", stream);
  }
  json_array_foreach(value, i, element)
  {
    fputs(i > 0 ? " " : "", stream);
    put_value(stream, element, base_name);
  }
}

static void put_member(FILE *stream, const json_t *object, const char *name, const char *shown)
{
  const json_t *value = json_object_get(object, name);
  if (value == NULL || json_is_null(value) || json_is_object(value))
    return;
  begin_term(stream, shown);
  put_value(stream, value, false);
  end_term(stream);
}

/* Is the option's value the name of a file? */
static bool names_a_file(const char *option)
{
  for (size_t i = 0; i < plimi_option_count; i++)
    if (strcmp(plimi_options[i].name, option) == 0 && plimi_options[i].kind == PLIMI_TAKES_PATH)
      return true;
  return false;
}

static void put_options(FILE *stream, const json_t *options, bool with_host)
{
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)options, name, value)
  {
    if (json_is_object(value) || json_is_null(value) || json_is_false(value))
      continue;
    fputs("<code>--", stream);
    plimi_html_text(stream, name);
    if (!json_is_true(value)) {
      fputc(' ', stream);
      put_value(stream, value, !with_host && names_a_file(name));
    }
    fputs("</code> ", stream);
  }
}

/* "gsl 2.7.1, jansson 2.14" */
static void put_members(FILE *stream, const json_t *object, const char *name, const char *shown)
{
  const json_t *members = json_object_get(object, name);
  const char *key, *separator = "";
  json_t *value;
  if (json_object_size(members) == 0)
    return;
  begin_term(stream, shown);
  json_object_foreach((json_t *)members, key, value)
  {
    fputs(separator, stream);
    plimi_html_text(stream, key);
    fputc(' ', stream);
    put_value(stream, value, false);
    separator = ", ";
  }
  end_term(stream);
}

/* The sum of the design, which was fixed before the first draw, and its lines. */
static void put_design(FILE *stream, const json_t *data)
{
  const json_t *design = json_object_get(data, "design"), *lines = json_object_get(design, "lines"), *line;
  size_t i;
  if (json_array_size(lines) == 0)
    return;
  begin_term(stream, "design");
  fputs("fixed before the first draw, CRC-32 <code>", stream);
  plimi_html_text(stream, plimi_json_member_text(design, "crc32"));
  fputs("</code><details><summary>its lines</summary><pre>", stream);
  json_array_foreach(lines, i, line)
  {
    plimi_html_text(stream, json_is_string(line) ? json_string_value(line) : "");
    fputc('\n', stream);
  }
  fputs("</pre></details>", stream);
  end_term(stream);
}

void plimi_html_provenance(FILE *stream, const plimi_report *report, const plimi_report_file *file)
{
  const json_t *from = file->provenance;
  fputs("<section><h3>", stream);
  plimi_html_text(stream, file->name);
  fputs("</h3>\n<dl>", stream);
  put_member(stream, file->data, "command", "command");
  put_member(stream, file->data, "plim", "plim");
  if (from != NULL) {
    begin_term(stream, "options");
    put_options(stream, json_object_get(from, "configuration"), report->with_host);
    end_term(stream);
    put_member(stream, from, "seed", "seed");
  }
  put_design(stream, file->data);
  if (from != NULL) {
    put_member(stream, from, "compiler", "compiler");
    put_members(stream, from, "libraries", "libraries");
    put_members(stream, from, "blas", "BLAS");
    if (json_is_string(json_object_get(from, "device")))
      put_member(stream, from, "device", "device");
    put_member(stream, from, "finished", "finished");
    put_member(stream, from, "wall_seconds", "seconds");
    put_members(stream, from, "content", "the file");
  }
  if (from != NULL && report->with_host) {
    put_members(stream, from, "host", "host");
    put_member(stream, from, "command_line", "command line");
  }
  fputs("</dl>\n", stream);
  if (from == NULL)
    fputs("<p>No provenance stands beside the file.</p>\n", stream);
  fputs("</section>\n", stream);
}
