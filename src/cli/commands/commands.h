/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.h - the one list of commands. */
#ifndef PLIM_CLI_COMMANDS_H
#define PLIM_CLI_COMMANDS_H

#include "../options/options.h"

/* A command gets its options as settings and the other words of its line as operands; it returns an exit status. */
typedef struct {
  plimi_command command;
  const char *name;
  const char *operands; /* what stands in its usage besides options, or "" */
  const char *summary;  /* one line */
  const char *about;    /* paragraphs for its --help, a line break between each two */
  int (*run)(plimi_settings *settings, char **operands,
             size_t operand_count); /* NULL: PLIMI_HELP, PLIMI_VERSION, PLIMI_RERUN, PLIMI_COMPLETION */
} plimi_command_entry;

extern const plimi_command_entry plimi_commands[];
extern const size_t plimi_command_count;
extern const char *const plimi_config_sections[]; /* names of the commands a --config file may address */

const plimi_command_entry *plimi_command_entry_of(plimi_command command);

int plimi_cmd_list(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_cite(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_convert(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_diff(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_doctor(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_validate(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_theory(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_merge(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_status(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_simulate(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_judge(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_compare(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_power(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_verify(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_report(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_optimize(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_spectrum(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_descent(plimi_settings *settings, char **operands, size_t operand_count);
int plimi_cmd_figures(plimi_settings *settings, char **operands, size_t operand_count);

/* Help of the program (entry NULL) or of a command, on stdout: what fits on a screen, or all that the manual says. */
void plimi_print_help(const plimi_command_entry *entry, bool all);

#endif
