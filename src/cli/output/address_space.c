/* SPDX-License-Identifier: GPL-3.0-or-later */
/* address_space.c - OpenBLAS starts its threads when it is loaded; each then maps a buffer, and where it gets none asks
   again for ever, also while the process waits for it to end. So whoever limits addresses is told beforehand. */
#include "config.h"

#include "address_space.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../terminal/message.h"
#include "about.h"
#include "plim_simulation.h"

static const double buffer = PLIM_SIMULATION_BLAS_BUFFER, mebibyte = 1024.0 * 1024.0;
static const double of_the_program =
    32.0 * 1024.0 * 1024.0; /* what plim takes besides, in any command's beginning */

/* Threads of OpenBLAS besides the caller. */
static size_t helpers(void)
{
  int (*threads)(void);
  plimi_find_function("openblas_get_num_threads", &threads);
  if (threads == NULL)
    return 0;
  const int all = threads();
  return all > 1 ? (size_t)all - 1 : 0;
}

/* What the process has mapped, in bytes, and how many buffers of OpenBLAS's are among it: private memory of that size
   without a file. Two next to each other may read as one. False where the system does not tell. */
static bool look(double *mapped, size_t *buffers)
{
  char line[512];
  bool at_start = true;
  FILE *maps = plimi_unless_no_memory(fopen("/proc/self/maps", "r"));
  if (maps == NULL)
    return false;
  *mapped = 0.0;
  *buffers = 0;
  while (fgets(line, sizeof line, maps) != NULL) {
    unsigned long from, to, offset, inode;
    char rights[5] = "", device[16] = "";
    if (at_start &&
        sscanf(line, "%lx-%lx %4s %lx %15s %lu", &from, &to, rights, &offset, device, &inode) == 6) {
      const double size = (double)(to - from);
      *mapped += size;
      if (inode == 0 && strcmp(rights, "rw-p") == 0)
        *buffers += (size_t)(size / buffer);
    }
    at_start = strchr(line, '\n') != NULL;
  }
  fclose(maps);
  return true;
}

void plimi_address_space_check(bool computes)
{
  enum { LOOKS = 500 }; /* a millisecond each; the threads take less */
  const struct timespec pause = {.tv_nsec = 1000000};
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
  const size_t wanted = helpers() + (computes ? 1 : 0);
  for (int i = 0; i < LOOKS; i++) {
    double mapped;
    size_t buffers;
    if (!look(&mapped, &buffers))
      return;
    const size_t missing = wanted > buffers ? wanted - buffers : 0;
    const double needed = mapped + buffer * (double)missing + (missing > 0 ? of_the_program : 0.0);
    if (needed > (double)limit.rlim_cur) {
      plimi_complain("addresses are limited to %.0f MiB (ulimit -v), and OpenBLAS's buffers need %.0f MiB "
                     "here: raise the "
                     "limit%s",
                     (double)limit.rlim_cur / mebibyte, needed / mebibyte,
                     helpers() > 0 ? ", or set OPENBLAS_NUM_THREADS=1 (plim has threads of its own)" : "");
      _exit(PLIM_EXIT_FAILED);
    }
    if (missing <= (computes ? 1 : 0))
      return;
    nanosleep(&pause, NULL);
  }
}
