/* SPDX-License-Identifier: GPL-3.0-or-later */
/* address_space.h - is a limit on addresses (ulimit -v) wide enough for OpenBLAS? */
#ifndef PLIM_CLI_ADDRESS_SPACE_H
#define PLIM_CLI_ADDRESS_SPACE_H

#include <stdbool.h>

/* Returns when the threads that OpenBLAS started by itself have their buffers and, where this thread `computes`, there
   is room for its own. Otherwise the process ends at once, with a message and PLIM_EXIT_FAILED: those threads ask
   for ever, and would be waited for. Without a limit it returns at once. */
void plimi_address_space_check(bool computes);

#endif
