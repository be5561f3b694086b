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

void plimi_interrupt_catch(void)
{
  static const int signals[] = {SIGINT, SIGTERM};
  struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND | SA_RESTART}, present;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    if (sigaction(signals[i], NULL, &present) == 0 && present.sa_handler != SIG_IGN) /* as nohup wants it */
      sigaction(signals[i], &action, NULL);
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
