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

/* The files of a control group, in either version of them. */
typedef struct {
  const char *root, *limit, *usage, *droppable;
} group_files;
static const group_files versions[] = {
    {"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "},
    {"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file "}};
enum { VERSIONS = sizeof versions / sizeof *versions, LONGEST = 4096 };

static double number_of_group(const group_files *files, const char *group, const char *name, const char *key)
{
  char path[LONGEST + 128];
  snprintf(path, sizeof path, "%s%s/%s", files->root, group, name);
  return number_in(path, key);
}

/* What one group allows less what it uses, pages of files that can be dropped not counted. */
static double of_one_group(const group_files *files, const char *group)
{
  const double limit = number_of_group(files, group, files->limit, "");
  const double usage = number_of_group(files, group, files->usage, "");
  const double droppable = number_of_group(files, group, "memory.stat", files->droppable);
  if (!isfinite(limit) || !isfinite(usage))
    return INFINITY;
  return limit - usage + (isfinite(droppable) ? droppable : 0.0);
}

/* The process's group in that version, as the kernel names it ("/a/b"), or "": version 2 has the number 0 and no
   controllers, version 1 one line for several controllers. */
static void find_group(size_t version, char *group)
{
  char line[LONGEST];
  FILE *file = fopen("/proc/self/cgroup", "r");
  group[0] = '\0';
  while (file != NULL && group[0] == '\0' && fgets(line, sizeof line, file) != NULL) {
    char *controllers = strchr(line, ':'), *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL)
      continue;
    *path++ = '\0';
    path[strcspn(path, "\n")] = '\0';
    if (version == 0 ? strcmp(line, "0:") == 0 : strstr(controllers, "memory") != NULL)
      strcpy(group, path);
  }
  if (file != NULL)
    fclose(file);
}

/* The least of the process's groups: its own and all that this is in. In a container the names may be those outside,
   and only the root is there to be read. */
static double of_group(void)
{
  double room = INFINITY;
  for (size_t i = 0; i < VERSIONS; i++) {
    char group[LONGEST];
    find_group(i, group);
    for (char *slash; (slash = strrchr(group, '/')) != NULL; *slash = '\0')
      room = least(room, of_one_group(&versions[i], group));
    room = least(room, of_one_group(&versions[i], ""));
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
