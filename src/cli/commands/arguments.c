/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arguments.c - the command line, by getopt_long over the options table. */
#include "config.h"

#include "arguments.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../options/config_file.h"
#include "../options/inputs_file.h"
#include "../options/reconcile.h"
#include "commands.h"

enum { FIRST_LONG = 256 }; /* getopt's code of options table row 0; above every character */

typedef struct {
  struct option longs[PLIMI_MOST_OPTIONS + 1];
  char shorts[3 + 2 * PLIMI_MOST_OPTIONS];
} getopt_tables;

static void build_tables(unsigned command, getopt_tables *tables)
{
  size_t longs = 0, shorts = 0;
  tables->shorts[shorts++] = '-'; /* operands come in their place, so that the token of an error is known */
  tables->shorts[shorts++] = ':'; /* a missing argument is told apart */
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    if ((option->commands & command) == 0)
      continue;
    const int argument = option->kind == PLIMI_TAKES_NOTHING ? no_argument : required_argument;
    tables->longs[longs++] = (struct option){option->name, argument, NULL, FIRST_LONG + (int)i};
    if (option->letter != 0) {
      tables->shorts[shorts++] = option->letter;
      if (argument == required_argument)
        tables->shorts[shorts++] = ':';
    }
  }
  tables->longs[longs] = (struct option){NULL, 0, NULL, 0};
  tables->shorts[shorts] = '\0';
}

static const plimi_option *option_by_code(int code, unsigned command)
{
  if (code >= FIRST_LONG)
    return &plimi_options[code - FIRST_LONG];
  for (size_t i = 0; i < plimi_option_count; i++)
    if (plimi_options[i].letter == code && (plimi_options[i].commands & command) != 0)
      return &plimi_options[i];
  return NULL;
}

/* The name in "--name" or "--name=value", to be freed. */
static char *long_name(const char *token)
{
  char *name = plimi_copy(token + 2);
  name[strcspn(name, "=")] = '\0';
  return name;
}

/* Is `token` a long option whose name is cut short? getopt_long would accept --lam; a script that says so
   breaks the day another option begins like that. */
static bool is_abbreviated(const char *token, const plimi_option *option)
{
  if (strncmp(token, "--", 2) != 0)
    return false;
  char *name = long_name(token);
  const bool abbreviated = strcmp(name, option->name) != 0;
  free(name);
  return abbreviated;
}

static void complain_unknown(const char *token, const plimi_command_entry *command)
{
  if (strncmp(token, "--", 2) != 0) {
    plimi_complain("unknown option -%c; see `plim %s --help`", optopt, command->name);
    return;
  }
  char *name = long_name(token);
  const char *nearest = plimi_option_nearest(name, command->command);
  const plimi_option *flag = plimi_option_find(name, command->command, false);
  if (name[0] != '\0' && name[1] == '\0' && option_by_code(name[0], command->command) != NULL)
    plimi_complain("unknown option --%s; did you mean -%s?", name, name);
  else if (flag != NULL && flag->kind == PLIMI_TAKES_NOTHING)
    plimi_complain("--%s takes no value", name);
  else if (plimi_option_find(name, PLIMI_EVERY_COMMAND, false) != NULL)
    plimi_complain("--%s is not an option of `plim %s`; see `plim %s --help`", name, command->name,
                   command->name);
  else if (nearest != NULL)
    plimi_complain("unknown option --%s; did you mean --%s?", name, nearest);
  else
    plimi_complain("unknown option --%s; see `plim %s --help`", name, command->name);
  free(name);
}

/* What the command line gave, in order: applied after the configuration file it may name. */
typedef struct {
  const plimi_option *option;
  const char *text;
} given_value;

typedef struct {
  given_value *values;
  size_t count;
  size_t operands; /* gathered at the front of argv + 1 */
} given_arguments;

static int gather(int argc, char **argv, const plimi_command_entry *command, given_arguments *given)
{
  getopt_tables tables;
  plimi_message accepted;
  build_tables(command->command, &tables);
  opterr = 0;
  optind = 0; /* start afresh: main may have looked at argv before */
  for (;;) {
    const char *token = optind > 0 && optind < argc ? argv[optind] : argc > 1 ? argv[1] : "";
    const int code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL);
    if (code == -1)
      break;
    if (code == 1) {
      argv[1 + given->operands++] = optarg;
      continue;
    }
    const plimi_option *option = option_by_code(code, command->command);
    if (code == ':') {
      option = option_by_code(optopt, command->command);
      plimi_option_accepted(option, &accepted);
      plimi_complain("--%s: a value is missing; give %s", option->name, accepted.text);
      return PLIM_EXIT_USAGE;
    }
    if (option == NULL || is_abbreviated(token, option)) {
      complain_unknown(token, command);
      return PLIM_EXIT_USAGE;
    }
    /* one word may hold many: -hhh */
    given->values = plimi_reallocate(given->values, given->count + 1, sizeof *given->values);
    given->values[given->count++] =
        (given_value){option, option->kind == PLIMI_TAKES_NOTHING ? "yes" : optarg};
  }
  while (optind < argc) /* after "--" */
    argv[1 + given->operands++] = argv[optind++];
  return PLIM_EXIT_DONE;
}

/* As in one section of a configuration file, so on the command line: an option given twice, under whichever of its
   names, is a mistake whose outcome nobody should have to guess. */
static int check_repeats(const given_arguments *given)
{
  for (size_t i = 0; i < given->count; i++) {
    for (size_t k = 0; k < i; k++) {
      const plimi_option *first = given->values[k].option, *second = given->values[i].option;
      if (first->target != second->target)
        continue;
      if (first == second)
        plimi_complain("--%s was already given", second->name);
      else
        plimi_complain("--%s: --%s, another name of the same option, was already given", second->name,
                       first->name);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

/* All that was given, or of it only --config. */
static int apply(const given_arguments *given, plimi_settings *settings, bool only_config)
{
  plimi_message why;
  for (size_t i = 0; i < given->count; i++) {
    if (only_config && given->values[i].option->target != offsetof(plimi_settings, config))
      continue;
    if (!plimi_option_set(settings, given->values[i].option, given->values[i].text, &why)) {
      plimi_complain("--%s: %s", given->values[i].option->name, why.text);
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

/* --help and --version answer even beside a mistake in another value. */
static bool asks_for_help(const given_arguments *given, plimi_settings *settings)
{
  for (size_t i = 0; i < given->count; i++) {
    if (strcmp(given->values[i].option->name, "help") == 0)
      settings->help = true;
    if (strcmp(given->values[i].option->name, "version") == 0)
      settings->version = true;
  }
  return settings->help || settings->version;
}

static int read_config_then_apply(const given_arguments *given, const plimi_command_entry *command,
                                  plimi_settings *settings)
{
  const char *const sections[] = {command->name, NULL};
  int status = apply(given, settings, true);
  if (status == PLIM_EXIT_DONE && settings->config != NULL)
    status = plimi_config_read(settings->config, command->command, sections, plimi_config_sections, settings);
  return status == PLIM_EXIT_DONE ? apply(given, settings, false) : status;
}

int plimi_arguments_read(int argc, char **argv, plimi_command command, plimi_settings *settings,
                         char ***operands, size_t *operand_count)
{
  const plimi_command_entry *entry = plimi_command_entry_of(command);
  given_arguments given = {.values = NULL};
  plimi_message why;
  int status = gather(argc, argv, entry, &given);
  if (status == PLIM_EXIT_DONE && !asks_for_help(&given, settings)) {
    status = check_repeats(&given);
    if (status == PLIM_EXIT_DONE)
      status = read_config_then_apply(&given, entry, settings);
    if (status == PLIM_EXIT_DONE && !plimi_settings_agree(settings, &why)) {
      plimi_complain("%s", why.text);
      status = PLIM_EXIT_USAGE;
    }
    if (status == PLIM_EXIT_DONE)
      status = plimi_inputs_load(settings);
  }
  *operands = argv + 1;
  *operand_count = given.operands;
  free(given.values);
  return status;
}
