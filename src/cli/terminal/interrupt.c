/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught; /* the signal, or 0: a handler can reach nothing else */

static void remember(int number)
{
  caught = number;
}

/* Also where the shell of a script started us in the background, with SIGINT ignored: what is finished is kept, so
   obeying costs little. */
void plimi_interrupt_catch(void)
{
  struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool plimi_interrupted(void)
{
  return caught != 0;
}

void plimi_interrupt_reraise(void)
{
  if (caught == 0)
    return;
  signal(caught, SIG_DFL);
  raise(caught);
}
