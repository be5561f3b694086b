/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal_header.h"

#include <stdlib.h>
#include <string.h>

#include "about.h"
#include "journal_line.h"
#include "writers.h"

/* Kinds of work whose samples a journal holds. */
static const unsigned recorded = PLIMI_KEPT;

/* Is it of the command alone, not of where, how fast or how much of it is done at a time? */
static bool is_of_the_command(const plimi_option *option)
{
  static const char *const others[] = {"output", "out",   "config",     "threads",
                                       "resume", "shard", "time-limit", "device"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (strcmp(option->name, others[i]) == 0)
      return false;
  return true;
}

json_t *plimi_journal_again(const plimi_output_request *request)
{
  const plimi_part *part = request->program != NULL ? request->program : &request->parts[0];
  json_t *words = json_array();
  json_array_append_new(words, plimi_json_text(request->command));
  for (size_t i = 0; i < request->operand_count; i++)
    json_array_append_new(words, plimi_json_text(request->operands[i]));
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    const char *text = plimi_option_text(part->settings, option);
    if ((option->commands & (unsigned)part->command) == 0 || option->alias_of != NULL || text == NULL ||
        (option->initial != NULL && strcmp(text, option->initial) == 0) || !is_of_the_command(option))
      continue;
    char *name = plimi_join("--", option->name), *begun = plimi_join(name, "="),
         *word = plimi_join(begun, text);
    if (option->kind != PLIMI_TAKES_NOTHING)
      json_array_append_new(words, plimi_json_text(word));
    else if (strcmp(text, "yes") == 0)
      json_array_append_new(words, plimi_json_text(name));
    free(name);
    free(begun);
    free(word);
  }
  return words;
}

json_t *plimi_journal_header(const plimi_output_request *request)
{
  json_t *object = json_object(), *values = json_object(), *written = json_object();
  for (size_t i = 0; i < request->part_count; i++) {
    const plimi_part *part = &request->parts[i];
    if (((unsigned)part->command & recorded) == 0)
      continue;
    json_object_set_new(values, part->name, plimi_json_options(part, false, true));
    json_object_set_new(written, part->name, plimi_json_options(part, true, true));
  }
  json_object_set_new(object, "journal", json_integer(PLIMI_JOURNAL_LAYOUT));
  json_object_set_new(object, "plim", plimi_json_text(PACKAGE_VERSION));
  json_object_set_new(object, "command", plimi_json_text(request->command));
  json_object_set_new(object, "configuration", values);
  json_object_set_new(object, "written", written); /* for messages: 1:8:400:log says more than 400 numbers */
  if (request->design != NULL)                     /* for whoever looks: samples do not depend on it */
    json_object_set_new(object, "design", plimi_design_sum(request->design));
  json_object_set_new(object, "again", plimi_journal_again(request));
  json_t *machine = plimi_about_machine();
  json_object_set_new(machine, "device", plimi_about_device(plimi_output_device(request)));
  json_object_set_new(object, "machine", machine);
  return object;
}

static bool has(const json_t *array, const json_t *value)
{
  size_t i;
  json_t *element;
  json_array_foreach(array, i, element) if (json_equal(element, value)) return true;
  return false;
}

static bool includes(const json_t *array, const json_t *older)
{
  size_t i;
  json_t *element;
  json_array_foreach(older, i, element) if (!has(array, element)) return false;
  return true;
}

static json_int_t largest(const json_t *array)
{
  size_t i;
  json_t *element;
  json_int_t most = 0;
  json_array_foreach(array, i, element) if (json_integer_value(element) > most) most =
      json_integer_value(element);
  return most;
}

/* The present values may serve in the place of the older ones. */
static bool serves(plimi_resumption rule, const json_t *older, const json_t *present)
{
  switch (rule) {
  case PLIMI_RESUMED_ANY:
    return true;
  case PLIMI_RESUMED_WITH_MORE:
    return includes(present, older);
  case PLIMI_RESUMED_HIGHER:
    return json_array_size(present) == 0 ||
           largest(present) >= largest(older); /* none: as many as it takes */
  case PLIMI_RESUMED_SAME:
    break;
  }
  return json_equal(older, present);
}

static const char *text_of(const json_t *value)
{
  const char *text = json_string_value(value);
  return text != NULL ? text : "unknown";
}

/* A value as a header has it in words; what was chosen at run time stands there as it is. */
static void say_value(const json_t *value, plimi_message *text)
{
  size_t i;
  json_t *element;
  if (!json_is_array(value)) {
    plimi_message_add(text, "%s", value != NULL ? text_of(value) : "not given");
    return;
  }
  json_array_foreach(value, i, element) plimi_message_add(text, "%s%s", i > 0 ? "," : "", text_of(element));
}

static void say_difference(const plimi_option *option, const json_t *was, const json_t *is,
                           plimi_message *why)
{
  plimi_message before = {.text = ""}, now = {.text = ""};
  say_value(was, &before);
  say_value(is, &now);
  plimi_message_set(
      why, " (--%s was %.300s, is %.300s%s)", option->name, before.text, now.text,
      option->resumed == PLIMI_RESUMED_SAME ? "" : "; what is kept would be lost, so it may only grow");
}

static bool compatible_part(const json_t *older, const plimi_part *part, const json_t *present,
                            plimi_message *why)
{
  const json_t *was = json_object_get(json_object_get(older, "configuration"), part->name);
  const json_t *is = json_object_get(json_object_get(present, "configuration"), part->name);
  const json_t *was_written = json_object_get(json_object_get(older, "written"), part->name);
  const json_t *is_written = json_object_get(json_object_get(present, "written"), part->name);
  if (was == NULL) {
    plimi_message_set(why, " (it has no %s)", part->name);
    return false;
  }
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    const json_t *before = json_object_get(was, option->name), *now = json_object_get(is, option->name);
    if ((option->commands & (unsigned)part->command) == 0 || (before == NULL && now == NULL))
      continue;
    if (before != NULL && now != NULL && serves(option->resumed, before, now))
      continue;
    say_difference(option, json_object_get(was_written, option->name),
                   json_object_get(is_written, option->name), why);
    return false;
  }
  return true;
}

static bool same_text(const json_t *older, const json_t *present, const char *name, plimi_message *why)
{
  const json_t *was = json_object_get(older, name), *is = json_object_get(present, name);
  if (json_equal(was, is))
    return true;
  plimi_message_set(why, " (%s was %.100s, is %.100s)", name, text_of(was), text_of(is));
  return false;
}

bool plimi_journal_compatible(const json_t *older, const json_t *present, const plimi_output_request *request,
                              plimi_message *why)
{
  plimi_message_set(why, "%s", "");
  bool same = same_text(older, present, "plim", why) && same_text(older, present, "command", why);
  for (size_t i = 0; same && i < request->part_count; i++)
    if (((unsigned)request->parts[i].command & recorded) != 0)
      same = compatible_part(older, &request->parts[i], present, why);
  return same;
}

bool plimi_journal_same_machine(const json_t *older, const json_t *present, plimi_message *what)
{
  const char *name;
  json_t *is;
  plimi_message_set(what, "%s", "");
  json_object_foreach(json_object_get(present, "machine"), name, is)
  {
    const json_t *was = json_object_get(json_object_get(older, "machine"), name);
    if (json_equal(was, is))
      continue;
    plimi_message_add(what, "%s%s was %.120s, is %.120s", what->text[0] != '\0' ? "; " : "", name,
                      text_of(was), text_of(is));
  }
  return what->text[0] == '\0';
}
