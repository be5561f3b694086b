/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failing_malloc.c - an allocator that fails, for tests: every allocation of the process, of plim and of the
   libraries below it, by malloc or by C++'s new.

   Preloaded (LD_PRELOAD=tests/.libs/failing_malloc.so) it reads PLIM_FAIL_AT=k: the k-th allocation since this object
   was initialised, just before main, fails, and with PLIM_FAIL_ON=1 all that follow it; with PLIM_FAIL_COUNT=FILE the
   number of allocations is written there at the end. It takes these out of the environment: they are not for children
   of the program. Linked into a test program it is told by failing_malloc_at(). glibc only. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "failing_malloc.h"

/* glibc's own, by the names that it keeps for this purpose */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong seen;
static atomic_ulong failing; /* the number of the one that fails; 0: none */
static atomic_bool and_on;
static const char *count_path;

static bool fails(void)
{
  const unsigned long number = atomic_fetch_add(&seen, 1) + 1, k = atomic_load(&failing);
  if (k == 0 || number < k || (number > k && !atomic_load(&and_on)))
    return false;
  errno = ENOMEM;
  return true;
}

void failing_malloc_at(unsigned long k, bool and_all_after)
{
  atomic_store(&failing, 0);
  atomic_store(&and_on, and_all_after);
  atomic_store(&seen, 0);
  atomic_store(&failing, k);
}

unsigned long failing_malloc_seen(void)
{
  return atomic_load(&seen);
}

void *malloc(size_t size)
{
  return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
  return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
  return fails() ? NULL : __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
  return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
  return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
  void *made = memalign(alignment, size);
  if (made == NULL)
    return ENOMEM;
  *memory = made;
  return 0;
}

__attribute__((constructor)) static void begin(void)
{
  const char *k = getenv("PLIM_FAIL_AT"), *on = getenv("PLIM_FAIL_ON");
  count_path = getenv("PLIM_FAIL_COUNT");
  unsetenv("PLIM_FAIL_AT"); /* the texts stay where they are */
  unsetenv("PLIM_FAIL_ON");
  unsetenv("PLIM_FAIL_COUNT");
  if (k != NULL)
    failing_malloc_at(strtoul(k, NULL, 10), on != NULL);
  else
    failing_malloc_at(0, false);
}

__attribute__((destructor)) static void end(void)
{
  char text[32];
  if (count_path == NULL)
    return;
  const int length = snprintf(text, sizeof text, "%lu\n", failing_malloc_seen());
  const int file = open(count_path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || write(file, text, (size_t)length) != (ssize_t)length)
    _exit(99);
  close(file);
}
