/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#ifdef PLIM_COVERAGE
void __gcov_dump(void); /* a process that a signal ends would not have its counts written */
#endif

static volatile sig_atomic_t caught; /* the signal, or 0: a handler can reach nothing else */
static bool follows;
static int agreed; /* the signal on which all ranks have agreed, or 0 */

static void remember(int number)
{
  if (caught == 0)
    caught = number;
}

/* SIGINT and SIGTERM also where the shell of a script started us in the background, with SIGINT ignored: what is
   finished is kept, so obeying costs little. The others stay ignored where whoever started us wants that: nohup does.
   The kernel repeats SIGXCPU every second from the soft limit on, and only the hard limit is the end. */
static const struct {
  int number;
  bool though_ignored, once;
} ends[] = {{SIGINT, true, true},   {SIGTERM, true, true},  {SIGHUP, false, true},
            {SIGUSR1, false, true}, {SIGUSR2, false, true}, {SIGXCPU, false, false}};

void plimi_interrupt_catch(void)
{
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    struct sigaction before;
    struct sigaction action = {.sa_handler = remember,
                               .sa_flags = (int)((ends[i].once ? SA_RESETHAND : 0) | SA_RESTART)};
    sigemptyset(&action.sa_mask);
    if (!ends[i].though_ignored && sigaction(ends[i].number, NULL, &before) == 0 &&
        before.sa_handler == SIG_IGN)
      continue;
    sigaction(ends[i].number, &action, NULL);
  }
}

bool plimi_interrupted(void)
{
  return follows ? agreed != 0 : caught != 0;
}

int plimi_interrupt_signal(void)
{
  return caught;
}

void plimi_interrupt_follow(void)
{
  follows = true;
}

void plimi_interrupt_agree(int number)
{
  agreed = number;
  remember(number);
}

const char *plimi_interrupt_reason(void)
{
  return strsignal(caught);
}

void plimi_interrupt_reraise(void)
{
  const struct rlimit no_core = {0, 0};
  if (caught == 0 || (follows && agreed == 0)) /* the job went well all the same */
    return;
  (void)setrlimit(RLIMIT_CORE, &no_core); /* SIGXCPU would dump one, and nothing went wrong */
  signal(caught, SIG_DFL);
#ifdef PLIM_COVERAGE
  __gcov_dump();
#endif
  raise(caught);
}
