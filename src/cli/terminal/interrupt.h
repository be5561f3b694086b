/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupt.h - SIGINT and SIGTERM: finish what is under way, keep it, then end by the same signal. */
#ifndef PLIM_CLI_INTERRUPT_H
#define PLIM_CLI_INTERRUPT_H

#include <stdbool.h>

/* From now on the first SIGINT or SIGTERM only sets a flag; a second one ends the program at once. */
void plimi_interrupt_catch(void);
bool plimi_interrupted(void);

/* End the program by the signal that was caught, so that the caller's shell sees it. Returns if there was none. */
void plimi_interrupt_reraise(void);

#endif
