/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rerun.h - plim rerun. Called by main.c and not by the list of commands, which it looks into itself. */
#ifndef PLIM_CLI_RERUN_H
#define PLIM_CLI_RERUN_H

#include "../options/settings.h"

/* The whole command; its exit status. */
int plimi_rerun(plimi_settings *settings, char **operands, size_t operand_count);

#endif
