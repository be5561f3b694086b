/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - the program plim: pick the command, read its arguments, run it. The C locale stays in force
   (setlocale is never called), so numbers are read and written with a point everywhere. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "commands/arguments.h"
#include "commands/commands.h"
#include "commands/completion.h"
#include "commands/rerun.h"
#include "terminal/interrupt.h"
#include "terminal/ranks.h"
#include "output/about.h"
#include "output/address_space.h"
#include "output/json_values.h"
#include "output/output.h"

/* A standard stream that is closed would be handed out as the descriptor of the next file opened, which then
   receives what was meant for the stream. Occupy it with something on which the wrong use fails. */
static void occupy_standard_streams(void)
{
  static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[fd]) != fd)
      _exit(PLIM_EXIT_FILE);
}

static int usage(void)
{
  if (!plimi_ranks_is_first())
    return PLIM_EXIT_USAGE;
  fputs("Usage: plim COMMAND [OPTION]...\n\nCommands:\n", stderr);
  for (size_t i = 0; i < plimi_command_count; i++)
    fprintf(stderr, "  %-9s %s\n", plimi_commands[i].name, plimi_commands[i].summary);
  fputs("\nTry `plim help`, `plim help COMMAND`, or just `plim compare`.\n", stderr);
  return PLIM_EXIT_USAGE;
}

static const plimi_command_entry *find_command(const char *name)
{
  for (size_t i = 0; i < plimi_command_count; i++)
    if (strcmp(name, plimi_commands[i].name) == 0)
      return &plimi_commands[i];
  return NULL;
}

static int unknown_command(const char *name)
{
  if (name[0] == '-') {
    plimi_complain("unknown option %s; a command comes first, see `plim help`", name);
    return PLIM_EXIT_USAGE;
  }
  const char **names = plimi_allocate(plimi_command_count, sizeof *names);
  for (size_t i = 0; i < plimi_command_count; i++)
    names[i] = plimi_commands[i].name;
  const char *nearest = plimi_nearest(name, names, plimi_command_count);
  if (nearest != NULL)
    plimi_complain("unknown command %s; did you mean %s?", name, nearest);
  else
    plimi_complain("unknown command %s; see `plim help`", name);
  free(names);
  return PLIM_EXIT_USAGE;
}

/* plim help: of the program, or of the commands named. */
static int help_on(char **names, size_t count, bool all)
{
  if (count == 0)
    plimi_print_help(NULL, all);
  for (size_t i = 0; i < count; i++)
    if (find_command(names[i]) == NULL)
      return unknown_command(names[i]);
  for (size_t i = 0; i < count; i++) {
    if (i > 0)
      putchar('\n');
    plimi_print_help(find_command(names[i]), all);
  }
  return PLIM_EXIT_DONE;
}

/* What draws replicas, which ranks of an MPI job share; all else is the first one's. */
static const unsigned of_all_ranks =
    PLIMI_SIMULATE | PLIMI_COMPARE | PLIMI_VERIFY | PLIMI_SPECTRUM | PLIMI_FIGURES;

static int run_command(const plimi_command_entry *entry, int argc, char **argv,
                       const plimi_invocation *invocation, const plimi_gathering *files)
{
  plimi_settings settings;
  char **operands;
  size_t operand_count;
  plimi_settings_default(&settings, entry->command);
  settings.invocation = invocation;
  settings.gathering = files;
  int status = plimi_arguments_read(argc, argv, entry->command, &settings, &operands, &operand_count);
  if (status == PLIM_EXIT_DONE) {
    if (settings.help) {
      plimi_print_help(entry, settings.all);
    } else if (settings.version) {
      plimi_print_version();
    } else if (operand_count > 0 && entry->operands[0] == '\0') {
      plimi_complain("'%s' is not an option; plim %s takes options only", operands[0], entry->name);
      status = PLIM_EXIT_USAGE;
    } else if (entry->command == PLIMI_HELP) {
      status = help_on(operands, operand_count, settings.all);
    } else if (entry->command == PLIMI_RERUN) {
      plimi_message_voice(settings.quiet, settings.verbose);
      plimi_address_space_check(true);
      if (plimi_ranks_take_part(false))
        status = plimi_rerun(&settings, operands, operand_count);
    } else if (entry->command == PLIMI_COMPLETION) {
      status = plimi_completion(operands, operand_count);
    } else if (entry->command == PLIMI_VERSION) {
      plimi_print_version();
    } else {
      if (files == NULL) /* else as plim merge was told */
        plimi_message_voice(settings.quiet, settings.verbose);
      plimi_address_space_check((entry->command & (PLIMI_LIST | PLIMI_CITE)) == 0);
      if (plimi_ranks_take_part(files == NULL && ((unsigned)entry->command & of_all_ranks) != 0))
        status = entry->run(&settings, operands, operand_count);
    }
  }
  plimi_settings_free(&settings);
  return status;
}

/* For plim merge and plim status. */
static int gather(int argc, char **argv, const plimi_invocation *invocation, const plimi_gathering *files)
{
  const plimi_command_entry *entry = find_command(argv[0]);
  if (entry != NULL && ((unsigned)entry->command & (PLIMI_KEPT | PLIMI_FIGURES)) != 0)
    return run_command(entry, argc, argv, invocation, files);
  plimi_complain("%s is of a command that has no shards", files->paths[0]);
  return PLIM_EXIT_USAGE;
}

static int run(int argc, char **argv, const plimi_invocation *invocation)
{
  if (argc < 2)
    return usage();
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
    return help_on(argv + 2, (size_t)argc - 2, false);
  if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
    plimi_print_version();
    return PLIM_EXIT_DONE;
  }
  const plimi_command_entry *entry = find_command(argv[1]);
  return entry != NULL ? run_command(entry, argc - 1, argv + 1, invocation, NULL) : unknown_command(argv[1]);
}

int main(int argc, char **argv)
{
  plimi_invocation invocation = {.count = (size_t)argc, .gather = gather};
  occupy_standard_streams();
  signal(SIGXFSZ,
         SIG_IGN); /* a file that may not grow further (ulimit -f) is an error like a full disk: EFBIG */
  gsl_set_error_handler_off();
  plimi_json_set_allocator();
  plimi_address_space_check(false);
  plimi_ranks_begin(&argc, &argv);
  clock_gettime(CLOCK_MONOTONIC, &invocation.started);
  invocation.words = plimi_allocate((size_t)argc + 1, sizeof *invocation.words);
  memcpy(invocation.words, argv, (size_t)argc * sizeof *argv); /* argv itself is reordered while it is read */

  int status = run(argc, argv, &invocation);
  if (!plimi_stdout_close() && status != PLIM_EXIT_USAGE)
    status = PLIM_EXIT_FILE;
  free(invocation.words);
  status = plimi_ranks_end(status, plimi_interrupted());
  plimi_interrupt_reraise();
  return status;
}
