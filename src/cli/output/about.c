/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "about.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <gsl/gsl_version.h>
#include <zlib.h>

#include "../terminal/message.h"
#include "../terminal/ranks.h"
#include "plim_device.h"
#include "plim_simulation.h"

/* POSIX promises that an object pointer from dlsym holds a function's address; ISO C has no cast for it. */
void plimi_find_function(const char *name, void *function_pointer)
{
  void *address = dlsym(RTLD_DEFAULT, name);
  memcpy(function_pointer, &address, sizeof address);
}

static const char *base_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

json_t *plimi_about_blas(void)
{
  char *(*configuration)(void);
  Dl_info home;
  void *dgemm = dlsym(RTLD_DEFAULT, "cblas_dgemm");
  json_t *blas = json_object();
  plimi_find_function("openblas_get_config", &configuration);
  json_object_set_new(blas, "library",
                      dgemm != NULL && dladdr(dgemm, &home) != 0 ? plimi_json_text(base_name(home.dli_fname))
                                                                 : json_null());
  json_object_set_new(blas, "configuration",
                      configuration != NULL ? plimi_json_text(configuration()) : json_null());
  json_object_set_new(blas, "threads", json_integer(PLIM_SIMULATION_BLAS_THREADS));
  return blas;
}

/* "model name" of the first processor, where the system tells it in that way; else the machine's kind. */
static json_t *processor(void)
{
  static const char field[] = "model name";
  struct utsname machine;
  char line[512];
  json_t *found = NULL;
  FILE *file = plimi_unless_no_memory(fopen("/proc/cpuinfo", "r"));
  while (file != NULL && found == NULL && fgets(line, sizeof line, file) != NULL) {
    char *colon = strchr(line, ':');
    if (strncmp(line, field, sizeof field - 1) != 0 || colon == NULL)
      continue;
    colon += 1 + strspn(colon + 1, " \t");
    colon[strcspn(colon, "\n")] = '\0';
    found = plimi_json_text(colon);
  }
  if (file != NULL)
    fclose(file);
  if (found == NULL && uname(&machine) == 0)
    found = plimi_json_text(machine.machine);
  return found != NULL ? found : json_null();
}

json_t *plimi_about_machine(void)
{
  char *(*configuration)(void), *(*core)(void);
  json_t *machine = json_object();
  plimi_find_function("openblas_get_config", &configuration);
  plimi_find_function("openblas_get_corename", &core);
  json_object_set_new(machine, "processor", processor());
  json_object_set_new(machine, "blas",
                      configuration != NULL ? plimi_json_text(configuration()) : json_null());
  json_object_set_new(machine, "core", core != NULL ? plimi_json_text(core()) : json_null());
  return machine;
}

json_t *plimi_about_device(const struct plim_device *device)
{
  return plimi_json_text(device != NULL ? plim_device_name(device) : "none");
}

json_t *plimi_about_libraries(void)
{
  json_t *libraries = json_object();
  json_object_set_new(libraries, "gsl", plimi_json_text(gsl_version));
  json_object_set_new(libraries, "jansson", plimi_json_text(jansson_version_str()));
  json_object_set_new(libraries, "zlib", plimi_json_text(zlibVersion()));
  if (plimi_ranks_library() != NULL)
    json_object_set_new(libraries, "mpi", plimi_json_text(plimi_ranks_library()));
  json_object_set_new(libraries, "muparser", plimi_json_text(PLIM_MUPARSER_VERSION));
  return libraries;
}

const char *plimi_about_compiler(void)
{
#ifdef PLIM_COMPILER
  return PLIM_COMPILER;
#else
  return __VERSION__;
#endif
}

void plimi_print_version(void)
{
  json_t *libraries = plimi_about_libraries(), *blas = plimi_about_blas(), *version;
  const char *name;
  const char *library = json_string_value(json_object_get(blas, "library"));
  const char *configuration = json_string_value(json_object_get(blas, "configuration"));
  printf("plim %s\n", PACKAGE_VERSION);
  fputs("License GPL-3.0-or-later: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n"
        "This is free software: you are free to change and redistribute it.\n"
        "There is NO WARRANTY, to the extent permitted by law.\n\n",
        stdout);
  printf("compiler  %s\n", plimi_about_compiler());
  printf("blas      %s", library != NULL ? library : "unknown");
  if (configuration != NULL)
    printf(" (%s)", configuration);
  putchar('\n');
  json_object_foreach(libraries, name, version) printf("%-9s %s\n", name, json_string_value(version));
  json_decref(libraries);
  json_decref(blas);
}
