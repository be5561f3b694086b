/* SPDX-License-Identifier: GPL-3.0-or-later */
/* about.h - what the program is made of, for --version and the provenance file. */
#ifndef PLIM_CLI_ABOUT_H
#define PLIM_CLI_ABOUT_H

#include "json_values.h"

/* The BLAS that this process really runs, found by where cblas_dgemm lives: {"library", "configuration",
   "threads"}, null where the library does not say. To be released. */
json_t *plimi_about_blas(void);
/* What the last bits of a simulation depend on: {"processor", "blas", "core"}, its kind, the version and build of the
   BLAS, and which processor that computes for. To be released. */
json_t *plimi_about_machine(void);
json_t *plimi_about_libraries(void); /* name: version */
struct plim_device;
json_t *plimi_about_device(const struct plim_device *device); /* its name; "none" for NULL. To be released */
const char *plimi_about_compiler(void);

/* The function of that name, where the process has one, else NULL, into the pointer at `function_pointer`. */
void plimi_find_function(const char *name, void *function_pointer);

/* The version, on stdout. */
void plimi_print_version(void);

#endif
