/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.h - plim completion, answered by main.c: it reads the list of commands that would name it. */
#ifndef PLIM_CLI_COMPLETION_H
#define PLIM_CLI_COMPLETION_H

#include <stddef.h>

int plimi_completion(char **operands, size_t operand_count); /* an exit status */

#endif
