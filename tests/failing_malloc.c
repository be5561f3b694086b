/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failing_malloc.c - an allocator that fails, for tests: every allocation of the process, of plim and of the
   libraries below it, by malloc or by C++'s new.

   Preloaded (LD_PRELOAD=tests/.libs/failing_malloc.so) it reads PLIM_FAIL_AT=k: the k-th allocation since this object
   was initialised, just before main, fails, and with PLIM_FAIL_ON=1 all that follow it; with PLIM_FAIL_COUNT=FILE the
   number of allocations is written there at the end. It takes these out of the environment: they are not for children
   of the program. Linked into a test program it is told by failing_malloc_at(). glibc only.

   OpenBLAS is spared: on processors with AVX-512 its product of small matrices (dgemm_small_kernel_nn, of 0.3.21 and
   later) writes to what malloc gave it without a look, and nobody above it can help that. */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failing_malloc.h"

#ifdef FAILING_MALLOC
/* glibc's own, by the names that it keeps for this purpose */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
#endif

static atomic_ulong seen;
static atomic_ulong failing; /* the number of the one that fails; 0: none */
static atomic_bool and_on;
static const char *count_path;
static atomic_long held; /* blocks that are not freed */

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

long failing_malloc_held(void)
{
  return atomic_load(&held);
}

#if defined(PLIM_COVERAGE) && defined(FAILING_MALLOC)
/* libgcov writes its counts when objects end, and uses what malloc gave it (it or fopen for it: its callers do not tell
   it) without a look: nothing fails after main. What is registered before main, by an object's first allocation,
   would come after the program's own end; so main is where it is registered. */
typedef int main_function(int, char **, char **);
int __libc_start_main(main_function *program, int count, char **words, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end);

static atomic_bool ended;
static main_function *program_main;

static void at_end(void)
{
  atomic_store(&ended, true);
}

static int main_with_end(int count, char **words, char **environment)
{
  return atexit(at_end) == 0 ? program_main(count, words, environment) : 99;
}

/* in the place of glibc's, which it calls */
int __libc_start_main(main_function *program, int count, char **words, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end)
{
  int (*real)(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
  *(void **)&real = dlsym(RTLD_NEXT, "__libc_start_main");
  program_main = program;
  return real(main_with_end, count, words, init, fini, loader_fini, stack_end);
}
#endif

#ifdef FAILING_MALLOC
/* where OpenBLAS's code lies */
static uintptr_t spared_from, spared_to;

static int find_openblas(struct dl_phdr_info *object, size_t size, void *context)
{
  (void)size;
  (void)context;
  if (strstr(object->dlpi_name, "libopenblas") == NULL)
    return 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
      spared_from = object->dlpi_addr + part->p_vaddr;
      spared_to = spared_from + part->p_memsz;
    }
  }
  return 1;
}

/* Does the allocation fail that returns to `caller`? */
static bool fails(const void *caller)
{
  if ((uintptr_t)caller >= spared_from && (uintptr_t)caller < spared_to)
    return false;
#ifdef PLIM_COVERAGE
  if (atomic_load(&ended))
    return false;
#endif
  const unsigned long number = atomic_fetch_add(&seen, 1) + 1, k = atomic_load(&failing);
  if (k == 0 || number < k || (number > k && !atomic_load(&and_on)))
    return false;
  errno = ENOMEM;
  return true;
}

static void *counted(void *memory)
{
  if (memory != NULL)
    atomic_fetch_add(&held, 1);
  return memory;
}

void *malloc(size_t size)
{
  return fails(__builtin_return_address(0)) ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
  return fails(__builtin_return_address(0)) ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
  if (memory != NULL && size == 0) {
    free(memory);
    return NULL;
  }
  if (fails(__builtin_return_address(0)))
    return NULL;
  return memory != NULL ? __libc_realloc(memory, size) : counted(__libc_malloc(size));
}

void *memalign(size_t alignment, size_t size)
{
  return fails(__builtin_return_address(0)) ? NULL : counted(__libc_memalign(alignment, size));
}

void free(void *memory)
{
  if (memory != NULL)
    atomic_fetch_sub(&held, 1);
  __libc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t size)
{
  return fails(__builtin_return_address(0)) ? NULL : counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
  void *made = fails(__builtin_return_address(0)) ? NULL : counted(__libc_memalign(alignment, size));
  if (made == NULL)
    return ENOMEM;
  *memory = made;
  return 0;
}

#endif

__attribute__((constructor)) static void begin(void)
{
#ifdef FAILING_MALLOC
  dl_iterate_phdr(find_openblas, NULL);
#endif
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
