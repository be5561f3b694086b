/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory.c - how much memory a run may still take.

   The least of what the machine has free, what the process's control group is allowed, and what its address space is
   limited to. What none of them says is unlimited. Asking first matters: OpenBLAS maps a buffer for each thread that
   calls it, and spins for ever where it gets none. */
#include "memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plim_simulation.h"

/* The first number after `key` at the start of a line of `path`; INFINITY where there is none. */
static double number_in(const char *path, const char *key)
{
  char line[256];
  double found = INFINITY;
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return INFINITY;
  while (isinf(found) && fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, key, strlen(key)) == 0 && sscanf(line + strlen(key), "%lf", &found) != 1)
      found = INFINITY;
  fclose(file);
  return found;
}

static double least(double x, double y)
{
  return x < y ? x : y;
}

/* Physical memory less what cannot be had back from others. */
static double of_machine(void)
{
  double all = INFINITY;
#ifdef _SC_PHYS_PAGES /* no part of POSIX; where it is missing, malloc has the last word */
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0)
    all = (double)pages * (double)page;
#endif
  return least(all, 1024.0 * number_in("/proc/meminfo", "MemAvailable:"));
}

/* What a control group allows less what it uses, pages of files that can be dropped not counted. */
static double of_group(void)
{
  const struct {
    const char *limit, *usage, *statistics, *droppable;
  } version[] = {{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat",
                  "inactive_file "},
                 {"/sys/fs/cgroup/memory/memory.limit_in_bytes",
                  "/sys/fs/cgroup/memory/memory.usage_in_bytes", "/sys/fs/cgroup/memory/memory.stat",
                  "total_inactive_file "}};
  double room = INFINITY;
  for (size_t i = 0; i < sizeof version / sizeof *version; i++) {
    const double limit = number_in(version[i].limit, ""), usage = number_in(version[i].usage, "");
    const double droppable = number_in(version[i].statistics, version[i].droppable);
    if (isfinite(limit) && isfinite(usage))
      room = least(room, limit - usage + (isfinite(droppable) ? droppable : 0.0));
  }
  return room;
}

static double of_address_space(void)
{
  struct rlimit limit;
  const double pages = number_in("/proc/self/statm", ""), page = (double)sysconf(_SC_PAGESIZE);
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return INFINITY;
  return (double)limit.rlim_cur - (isfinite(pages) ? pages * page : 0.0);
}

double plimi_memory_free(size_t threads)
{
  const double mapped = (double)threads * ((double)PLIM_SIMULATION_BLAS_BUFFER + (double)PLIMI_THREAD_STACK);
  return least(least(of_machine(), of_group()), of_address_space() - mapped);
}

bool plimi_memory_fits(double bytes, size_t threads)
{
  return bytes <= plimi_memory_free(threads);
}
