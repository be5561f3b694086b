/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_values.c - giving the rows of the options table their values. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "plim_device.h"

static void *target_of(plimi_settings *settings, const plimi_option *option)
{
  return (char *)settings + option->target;
}

/* The row that holds an option's text: an alias shares the one of its namesake. */
static size_t text_index(const plimi_option *option)
{
  size_t i = (size_t)(option - plimi_options);
  for (size_t k = 0; option->alias_of != NULL && k < plimi_option_count; k++)
    if (strcmp(plimi_options[k].name, option->alias_of) == 0 && plimi_options[k].target == option->target)
      i = k;
  return i;
}

const char *plimi_option_text(const plimi_settings *settings, const plimi_option *option)
{
  return settings->text[text_index(option)];
}

static void add_words(plimi_message *accepted, const char *const *words)
{
  for (size_t i = 0; words[i] != NULL; i++)
    plimi_message_add(accepted, "%s%s", i > 0 ? ", " : "", words[i]);
}

static void add_activations(plimi_message *accepted)
{
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++)
    plimi_message_add(accepted, "%s, ", plim_activation_kind_name((plim_activation_kind)i));
  plimi_message_add(accepted, "%s", "expr:EXPRESSION in z, or a list of them with commas between");
}

void plimi_option_accepted(const plimi_option *option, plimi_message *accepted)
{
  plimi_message_set(accepted, "%s", "");
  switch (option->kind) {
  case PLIMI_TAKES_NUMBERS:
  case PLIMI_TAKES_INTEGERS:
    plimi_message_add(accepted, "%s, a list %s or a grid start:stop:count[:log]", option->range_words,
                      option->kind == PLIMI_TAKES_NUMBERS ? "0.1,1,10" : "1,2,4");
    break;
  case PLIMI_TAKES_NUMBER:
  case PLIMI_TAKES_INTEGER:
    plimi_message_add(accepted, "%s", option->range_words);
    break;
  case PLIMI_TAKES_SPAN:
    plimi_message_add(accepted, "LOW:HIGH, %s", option->range_words);
    break;
  case PLIMI_TAKES_SECONDS:
    plimi_message_add(accepted, "seconds, or minutes like 10m, or hours like 2h: %s", option->range_words);
    break;
  case PLIMI_TAKES_WORD:
    plimi_message_add(accepted, "%s", "one of ");
    add_words(accepted, option->words);
    break;
  case PLIMI_TAKES_WORDS:
    plimi_message_add(accepted, "%s", "one or more, with commas between, of ");
    add_words(accepted, option->words);
    break;
  case PLIMI_TAKES_ACTIVATIONS:
    plimi_message_add(accepted, "%s", "one of ");
    add_activations(accepted);
    break;
  case PLIMI_TAKES_READOUTS:
  case PLIMI_TAKES_INPUTS:
    plimi_message_add(accepted, "one or more, with commas between, of %s", option->range_words);
    break;
  case PLIMI_TAKES_QUANTITIES:
    plimi_message_add(accepted, "%s", "names from `plim list quantities` with commas between, or all");
    break;
  case PLIMI_TAKES_RATES:
    plimi_message_add(accepted, "%s", "one to three ascending numbers > 0, such as 1, 1/2 or 1/2,1");
    break;
  case PLIMI_TAKES_SHARD:
  case PLIMI_TAKES_LIMIT:
  case PLIMI_TAKES_TEXT:
    plimi_message_add(accepted, "%s", option->range_words);
    break;
  case PLIMI_TAKES_PATH:
    plimi_message_add(accepted, "%s", "the name of a file or folder");
    break;
  case PLIMI_TAKES_NOTHING:
    plimi_message_add(accepted, "%s", "yes or no");
    break;
  }
}

static bool read_word(const char *word, const char *const *words, unsigned *choice, plimi_message *why)
{
  size_t count = 0;
  for (; words[count] != NULL; count++) {
    if (strcmp(word, words[count]) == 0) {
      *choice = (unsigned)count;
      return true;
    }
  }
  const char *nearest = plimi_nearest(word, words, count);
  if (nearest != NULL)
    plimi_message_set(why, "did you mean %s?", nearest);
  return false;
}

static bool read_words(const char *text, const plimi_option *option, plimi_choices *choices,
                       plimi_message *why)
{
  plimi_choices read = {NULL, 0};
  const char *rest = text;
  bool ok = true;
  while (ok && rest != NULL) {
    char *element = option->kind == PLIMI_TAKES_WORDS ? plimi_next_element(&rest) : plimi_copy(text);
    if (option->kind == PLIMI_TAKES_WORD)
      rest = NULL;
    read.values = plimi_reallocate(read.values, read.count + 1, sizeof *read.values);
    ok = read_word(element, option->words, &read.values[read.count++], why);
    free(element);
  }
  if (!ok) {
    free(read.values);
    return false;
  }
  free(choices->values);
  *choices = read;
  return true;
}

static void free_activations(plimi_activations *activations)
{
  for (size_t i = 0; i < activations->count; i++)
    plim_activation_free(activations->values[i]);
  free(activations->values);
  *activations = (plimi_activations){NULL, 0};
}

/* `is_sigma`: it is to be differentiated, which a teacher is not. */
static bool read_activation(const char *name, bool is_sigma, plim_activation **activation, plimi_message *why)
{
  char *reason = NULL;
  const plim_status status = plimi_heed_memory(plim_activation_alloc(name, activation, &reason));
  const char *rough = status == PLIM_OK && is_sigma ? plim_activation_rough(*activation) : NULL;
  if (rough != NULL) {
    plimi_message_set(why, "%s", rough);
    plim_activation_free(*activation);
    return false;
  }
  if (status == PLIM_OK)
    return true;
  const char *names[PLIM_ACTIVATION_COUNT];
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++)
    names[i] = plim_activation_kind_name((plim_activation_kind)i);
  const bool formula = strncmp(name, "expr:", 5) == 0;
  const char *nearest = formula ? NULL : plimi_nearest(name, names, PLIM_ACTIVATION_COUNT);
  if (nearest != NULL)
    plimi_message_set(why, "did you mean %s?", nearest);
  else
    plimi_message_set(why, "%s", reason != NULL ? reason : plim_status_meaning(status));
  free(reason);
  return false;
}

static bool read_activations(const char *text, bool is_sigma, plimi_activations *activations,
                             plimi_message *why)
{
  plimi_activations read = {NULL, 0};
  const char *rest = text;
  bool ok = true;
  while (ok && rest != NULL) {
    char *element = plimi_next_element(&rest);
    read.values = plimi_reallocate(read.values, read.count + 1, sizeof *read.values);
    ok = read_activation(element, is_sigma, &read.values[read.count], why);
    read.count += ok ? 1 : 0;
    free(element);
  }
  if (!ok) {
    free_activations(&read);
    return false;
  }
  free_activations(activations);
  *activations = read;
  return true;
}

static bool read_flag(const char *text, bool *flag)
{
  const bool yes = strcmp(text, "yes") == 0;
  if (!yes && strcmp(text, "no") != 0)
    return false;
  *flag = yes;
  return true;
}

static bool read_numbers(const plimi_option *option, const char *text, void *target, plimi_message *why)
{
  plimi_numbers *numbers = target, read;
  const bool ok = option->kind == PLIMI_TAKES_SPAN    ? plimi_read_span(text, &option->range, &read)
                  : option->kind == PLIMI_TAKES_RATES ? plimi_read_rates(text, &read, why)
                  : option->kind == PLIMI_TAKES_SECONDS
                      ? plimi_read_seconds(text, &option->range, &read)
                      : plimi_read_numbers(text, &option->range, &read, why);
  if (!ok)
    return false;
  if (option->kind == PLIMI_TAKES_NUMBER && read.count != 1) {
    free(read.values);
    return false;
  }
  free(numbers->values);
  *numbers = read;
  return true;
}

static bool read_integers(const plimi_option *option, const char *text, void *target, plimi_message *why)
{
  plimi_integers *integers = target, read;
  if (!plimi_read_integers(text, &option->range, &read, why))
    return false;
  if (option->kind == PLIMI_TAKES_INTEGER && read.count != 1) {
    free(read.values);
    return false;
  }
  free(integers->values);
  *integers = read;
  return true;
}

static bool read_value(plimi_settings *settings, const plimi_option *option, const char *text,
                       plimi_message *why)
{
  void *target = target_of(settings, option);
  switch (option->kind) {
  case PLIMI_TAKES_NOTHING:
    return read_flag(text, target);
  case PLIMI_TAKES_NUMBERS:
  case PLIMI_TAKES_NUMBER:
  case PLIMI_TAKES_SPAN:
  case PLIMI_TAKES_SECONDS:
  case PLIMI_TAKES_RATES:
    return read_numbers(option, text, target, why);
  case PLIMI_TAKES_INTEGERS:
  case PLIMI_TAKES_INTEGER:
    return read_integers(option, text, target, why);
  case PLIMI_TAKES_WORDS:
  case PLIMI_TAKES_WORD:
    return read_words(text, option, target, why);
  case PLIMI_TAKES_ACTIVATIONS:
    return read_activations(text, target == (void *)&settings->activation, target, why);
  case PLIMI_TAKES_READOUTS:
    return plimi_read_readouts(text, target, why);
  case PLIMI_TAKES_INPUTS:
    return plimi_read_inputs(text, target, why);
  case PLIMI_TAKES_SHARD:
    return plimi_read_shard(text, target);
  case PLIMI_TAKES_LIMIT:
    return plimi_read_limit(text, target);
  case PLIMI_TAKES_QUANTITIES:
    return plimi_read_quantities(text, target, why);
  case PLIMI_TAKES_TEXT:
  case PLIMI_TAKES_PATH:
    if (text[0] == '\0')
      return false;
    free(*(char **)target);
    *(char **)target = plimi_copy(text);
    return true;
  }
  return false;
}

bool plimi_option_set(plimi_settings *settings, const plimi_option *option, const char *text,
                      plimi_message *why)
{
  plimi_message reason = {.text = ""}, accepted;
  if (!read_value(settings, option, text, &reason)) {
    plimi_option_accepted(option, &accepted);
    plimi_message_set(why, "'%.160s%s' is not accepted", text, strlen(text) > 160 ? "..." : "");
    if (reason.text[0] != '\0')
      plimi_message_add(why, " (%s)", reason.text);
    plimi_message_add(why, "; give %s", accepted.text);
    return false;
  }
  const size_t i = text_index(option);
  char *copy = plimi_copy(text);
  free(settings->text[i]);
  settings->text[i] = copy;
  return true;
}

void plimi_settings_default(plimi_settings *settings, unsigned commands)
{
  plimi_message why;
  *settings = (plimi_settings){.quantities = {.by_default = true}};
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    if ((option->commands & commands) == 0 || option->initial == NULL)
      continue;
    if (!plimi_option_set(settings, option, option->initial, &why)) {
      plimi_complain("--%s: its own default: %s", option->name, why.text);
      abort(); /* a mistake in the table, which check_options looks for */
    }
  }
}

static void release(plimi_kind kind, void *target)
{
  switch (kind) {
  case PLIMI_TAKES_NOTHING:
    break;
  case PLIMI_TAKES_NUMBERS:
  case PLIMI_TAKES_NUMBER:
  case PLIMI_TAKES_SPAN:
  case PLIMI_TAKES_SECONDS:
  case PLIMI_TAKES_RATES:
  case PLIMI_TAKES_LIMIT:
    free(((plimi_numbers *)target)->values);
    ((plimi_numbers *)target)->values = NULL;
    break;
  case PLIMI_TAKES_INTEGERS:
  case PLIMI_TAKES_INTEGER:
  case PLIMI_TAKES_SHARD:
    free(((plimi_integers *)target)->values);
    ((plimi_integers *)target)->values = NULL;
    break;
  case PLIMI_TAKES_WORDS:
  case PLIMI_TAKES_WORD:
    free(((plimi_choices *)target)->values);
    *(plimi_choices *)target = (plimi_choices){NULL, 0};
    break;
  case PLIMI_TAKES_ACTIVATIONS:
    free_activations(target);
    break;
  case PLIMI_TAKES_READOUTS:
    free(((plimi_readouts *)target)->values);
    *(plimi_readouts *)target = (plimi_readouts){NULL, 0};
    break;
  case PLIMI_TAKES_INPUTS:
    plimi_inputs_release(target);
    break;
  case PLIMI_TAKES_QUANTITIES:
    free(((plimi_quantities *)target)->values);
    ((plimi_quantities *)target)->values = NULL;
    break;
  case PLIMI_TAKES_TEXT:
  case PLIMI_TAKES_PATH:
    free(*(char **)target);
    *(char **)target = NULL;
    break;
  }
}

void plimi_settings_free(plimi_settings *settings)
{
  for (size_t i = 0; i < plimi_option_count; i++) { /* rows may share a target: NULL the second time */
    free(settings->text[i]);
    release(plimi_options[i].kind, target_of(settings, &plimi_options[i]));
  }
  plim_device_close(settings->opened);
  *settings = (plimi_settings){.help = false};
}
