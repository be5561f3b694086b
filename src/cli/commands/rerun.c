/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rerun.c - plim rerun: the command that a provenance records, once more, and whether the same bytes come of it. */
#include "config.h"

#include "rerun.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../output/json_values.h"
#include "../output/provenance.h"
#include "../terminal/scratch.h"
#include "../work/validity.h"
#include "arguments.h"
#include "commands.h"
#include "reproduction.h"

/* ---- The command --------------------------------------------------------------------------------------- */

typedef struct {
  const plimi_command_entry *entry;
  plimi_settings settings;
  plimi_invocation invocation;
  char **words, **arguments; /* as recorded, and as getopt reorders them */
  char **operands;
  size_t operand_count;
} recorded;

static void forget(recorded *command)
{
  plimi_settings_free(&command->settings);
  for (size_t i = 0; i < command->invocation.count; i++)
    free(command->words[i]);
  free(command->words);
  free(command->arguments);
}

static const plimi_command_entry *entry_called(const char *name)
{
  for (size_t i = 0; i < plimi_command_count; i++)
    if (strcmp(plimi_commands[i].name, name) == 0 && plimi_commands[i].run != NULL)
      return &plimi_commands[i];
  return NULL;
}

/* What came by standard input is gone. */
static bool reads_standard_input(const recorded *command)
{
  const plimi_settings *s = &command->settings;
  bool reads = (s->config != NULL && strcmp(s->config, "-") == 0) ||
               (s->claims != NULL && strcmp(s->claims, "-") == 0);
  for (size_t i = 0; i < command->operand_count; i++)
    reads = reads || strcmp(command->operands[i], "-") == 0;
  return reads;
}

/* The command line of a provenance, read as it was then. */
static int recall(const char *path, const json_t *provenance, recorded *command)
{
  const json_t *words = json_object_get(provenance, "command_line");
  const char *name = json_string_value(json_array_get(words, 1));
  const size_t count = json_array_size(words);
  command->invocation.count = count;
  command->words = plimi_allocate(count + 1, sizeof *command->words);
  command->arguments = plimi_allocate(count + 1, sizeof *command->arguments);
  for (size_t i = 0; i < count; i++)
    command->arguments[i] = command->words[i] = plimi_copy(json_string_value(json_array_get(words, i)));
  command->words[count] = command->arguments[count] = NULL;
  command->invocation.words = command->words;
  clock_gettime(CLOCK_MONOTONIC, &command->invocation.started);
  command->entry = entry_called(name);
  if (command->entry == NULL || plimi_option_find("output", command->entry->command, false) == NULL) {
    const bool figures = command->entry != NULL && command->entry->command == PLIMI_FIGURES;
    plimi_complain("%s: `plim %s` is not run again%s", path, name,
                   figures ? ": draw into another folder with --out, and compare by plim diff" : "");
    return PLIM_EXIT_USAGE;
  }
  plimi_settings_default(&command->settings, command->entry->command);
  command->settings.invocation = &command->invocation;
  int status = plimi_arguments_read((int)count - 1, command->arguments + 1, command->entry->command,
                                    &command->settings, &command->operands, &command->operand_count);
  if (status == PLIM_EXIT_DONE && reads_standard_input(command)) {
    plimi_complain("%s: the command read standard input, and what stood there is not known", path);
    status = PLIM_EXIT_USAGE;
  }
  return status;
}

/* The new file; what the command itself says of verdicts is no matter here. */
static int run(recorded *command, const char *path)
{
  struct stat file;
  free(command->settings.output);
  command->settings.output = plimi_copy(path);
  command->settings.resume = false;
  const int status = command->entry->run(&command->settings, command->operands, command->operand_count);
  if (status == PLIM_EXIT_USAGE || status == PLIM_EXIT_FILE)
    return status;
  return stat(path, &file) == 0 ? PLIM_EXIT_DONE : PLIM_EXIT_FAILED;
}

/* ---- Before and after ---------------------------------------------------------------------------------- */

/* A provenance that is right; what it says of the data beside it comes later. */
static int read_provenance(const char *path, json_t **provenance)
{
  *provenance = plimi_json_load(path, JSON_REJECT_DUPLICATES);
  if (*provenance == NULL && access(path, R_OK) != 0) {
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  if (*provenance != NULL && json_object_get(*provenance, "schema") == NULL) {
    plimi_complain("%s: no provenance, such as stands beside every file of -o: FILE.provenance.json", path);
    return PLIM_EXIT_USAGE;
  }
  return plimi_validate_provenance(path);
}

/* Where the new file goes: -o, or into `folder` under its old name. NULL with a message. */
static char *choose_place(const plimi_settings *settings, const json_t *provenance, const char *folder)
{
  const char *name = json_string_value(json_object_get(provenance, "file"));
  const char *suffix = strrchr(name, '.');
  if (settings->output == NULL) {
    char *prefix = plimi_join(folder, "/"), *path = plimi_join(prefix, name);
    free(prefix);
    return path;
  }
  const char *given = strrchr(settings->output, '.');
  if (suffix != NULL && (given == NULL || strcmp(given, suffix) != 0)) {
    plimi_complain("--output: '%s' must end in %s like %s, for the suffix chooses the format",
                   settings->output, suffix, name);
    return NULL;
  }
  return plimi_copy(settings->output);
}

static int run_again(const plimi_settings *settings, const char *path, const json_t *provenance)
{
  char *folder = settings->output == NULL ? plimi_scratch_make() : NULL;
  if (folder == NULL && settings->output == NULL)
    return PLIM_EXIT_FILE;
  char *place = choose_place(settings, provenance, folder);
  recorded command = {.entry = NULL};
  int status = place != NULL ? recall(path, provenance, &command) : PLIM_EXIT_USAGE;
  if (status == PLIM_EXIT_DONE)
    status = run(&command, place);
  if (status == PLIM_EXIT_DONE)
    status = plimi_reproduction_report(path, provenance, place);
  else if (command.entry != NULL &&
           strcmp(json_string_value(json_object_get(provenance, "plim")), PACKAGE_VERSION) != 0)
    plimi_complain("%s is of plim %s, and this is %s", path,
                   json_string_value(json_object_get(provenance, "plim")), PACKAGE_VERSION);
  forget(&command);
  free(place);
  plimi_scratch_remove(folder);
  return status;
}

int plimi_rerun(plimi_settings *settings, char **operands, size_t operand_count)
{
  json_t *provenance = NULL;
  if (operand_count != 1) {
    plimi_complain("plim rerun takes one file, FILE.provenance.json (%zu given)", operand_count);
    return PLIM_EXIT_USAGE;
  }
  int status = read_provenance(operands[0], &provenance);
  if (status == PLIM_EXIT_DONE)
    status = run_again(settings, operands[0], provenance);
  json_decref(provenance);
  return status;
}
