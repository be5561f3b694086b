/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interrupt.h - SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU: finish what is under way, keep it, then end by
   the same signal. Batch systems send any of the last four some time before they kill. */
#ifndef PLIM_CLI_INTERRUPT_H
#define PLIM_CLI_INTERRUPT_H

#include <stdbool.h>

/* From now on the first of these signals only sets a flag; the same one a second time ends the program at once,
   SIGXCPU excepted. Those ignored from the start stay ignored, SIGINT and SIGTERM excepted. */
void plimi_interrupt_catch(void);
bool plimi_interrupted(void);
/* The signal that this process was sent, or 0. A rank that follows is not interrupted by it, but by the signal on which
   all ranks agree: else they would part at the next question whether there was one. */
int plimi_interrupt_signal(void);
void plimi_interrupt_follow(void);
void plimi_interrupt_agree(int number);
const char *plimi_interrupt_reason(void); /* in words, once interrupted */

/* End the program by the signal that was caught, so that the caller's shell sees it. Returns if there was none. */
void plimi_interrupt_reraise(void);

#endif
