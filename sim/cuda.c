/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cuda.c - finds CUDA's libraries when the program runs.

   They go by the names that NVIDIA's packages give them, one set for each major version; a newer set may be there
   without a driver for it, so each failure goes on to the next older one. */
#include "cuda.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAMES = 2, OLDEST = 11000 };
static const struct {
  const char
      *names[PLIMI_CUDA_LIBRARIES][NAMES]; /* the second, where it has one, is of an earlier minor version */
} sets[] = {
    {{{"libcudart.so.13"}, {"libcublas.so.13"}, {"libcusolver.so.12"}}},
    {{{"libcudart.so.12"}, {"libcublas.so.12"}, {"libcusolver.so.11"}}},
    {{{"libcudart.so.11.0"}, {"libcublas.so.11"}, {"libcusolver.so.11", "libcusolver.so.10"}}},
};

__attribute__((format(printf, 3, 4))) static void tell(char *report, size_t length, const char *format, ...)
{
  const size_t used = length > 0 ? strlen(report) : 0;
  const char *between = used > 0 ? "; " : "";
  if (used + strlen(between) + 1 >= length)
    return;
  strcpy(report + used, between);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(report + used + strlen(between), length - used - strlen(between), format, arguments);
  va_end(arguments);
}

/* Where the loader looks first, and where CUDA puts itself if it is asked nothing. */
static const char *const folders[] = {"", "/usr/local/cuda/lib64/", "/usr/local/cuda/lib/"};

static void *load_one(const char *name, char *report, size_t length)
{
  char path[64], first[160] = "";
  for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
    snprintf(path, sizeof path, "%s%s", folders[f], name);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const char *why = library == NULL ? dlerror() : NULL; /* begins with the name */
    if (library != NULL)
      return library;
    if (f == 0)
      snprintf(first, sizeof first, "%s", why != NULL ? why : name);
  }
  tell(report, length, "%s, nor in /usr/local/cuda", first);
  return NULL;
}

static bool load(size_t set, char *report, size_t length, plimi_cuda *cuda)
{
  for (size_t l = 0; l < PLIMI_CUDA_LIBRARIES; l++) {
    for (size_t i = 0; i < NAMES && sets[set].names[l][i] != NULL && cuda->library[l] == NULL; i++)
      cuda->library[l] = load_one(sets[set].names[l][i], report, length);
    if (cuda->library[l] == NULL)
      return false;
  }
  return true;
}

/* The function of that name; POSIX promises that an object pointer from dlsym holds its address. */
static bool find(const plimi_cuda *cuda, plimi_cuda_library library, const char *symbol,
                 void *function_pointer)
{
  void *address = dlsym(cuda->library[library], symbol);
  memcpy(function_pointer, &address, sizeof address);
  return address != NULL;
}

static bool find_all(size_t set, char *report, size_t length, plimi_cuda *cuda)
{
#define FIND(name, library, symbol, arguments)                                                               \
  if (!find(cuda, library, symbol, &cuda->name)) {                                                           \
    tell(report, length, "%s has no %s", sets[set].names[library][0], symbol);                               \
    return false;                                                                                            \
  }
  FIND(describe, PLIMI_CUDA_RUNTIME, "cudaGetErrorString", )
  PLIMI_CUDA_TABLE(FIND)
#undef FIND
  if (!find(cuda, PLIMI_CUDA_RUNTIME, "cudaGetDeviceProperties_v2", &cuda->properties))
    (void)find(cuda, PLIMI_CUDA_RUNTIME, "cudaGetDeviceProperties", &cuda->properties);
  return true;
}

static bool sees_device(size_t set, char *report, size_t length, plimi_cuda *cuda)
{
  const char *name = sets[set].names[PLIMI_CUDA_RUNTIME][0];
  int devices = 0, code = cuda->runtime(&cuda->version);
  if (code == PLIMI_CUDA_OK)
    code = cuda->driver(&cuda->driver_version);
  if (code == PLIMI_CUDA_OK && cuda->version < OLDEST) {
    tell(report, length, "%s is of CUDA %d.%d, and 11.0 is the oldest that serves", name,
         cuda->version / 1000, cuda->version % 1000 / 10);
    return false;
  }
  if (code == PLIMI_CUDA_OK)
    code = cuda->count(&devices);
  if (code != PLIMI_CUDA_OK)
    tell(report, length, "%s sees no device: %s", name, cuda->describe(code));
  else if (devices < 1)
    tell(report, length, "%s sees no device", name);
  return code == PLIMI_CUDA_OK && devices >= 1;
}

bool plimi_cuda_open(char *report, size_t length, plimi_cuda *cuda)
{
  if (length > 0)
    report[0] = '\0';
  for (size_t set = 0; set < sizeof sets / sizeof *sets; set++) {
    plimi_cuda found = {.version = 0};
    if (load(set, report, length, &found) && find_all(set, report, length, &found) &&
        sees_device(set, report, length, &found)) {
      tell(report, length, "%s serves", sets[set].names[PLIMI_CUDA_RUNTIME][0]);
      *cuda = found;
      return true;
    }
    plimi_cuda_close(&found);
  }
  return false;
}

void plimi_cuda_close(plimi_cuda *cuda)
{
  for (size_t l = PLIMI_CUDA_LIBRARIES; l-- > 0;)
    if (cuda->library[l] != NULL)
      dlclose(cuda->library[l]);
}
