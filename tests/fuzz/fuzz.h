/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.h - what the fuzz targets share. A target is one function of bytes, which libFuzzer calls with bytes of its
   own making (configure --enable-fuzzing) and replay.c with those of files. Inputs are texts, so that a person can
   write one. */
#ifndef PLIM_TESTS_FUZZ_H
#define PLIM_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim.h"

/* The target. Returns 0, or -1 where the input is not worth keeping. A broken promise ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold of whatever the input is. */
#define REQUIRE(condition) fuzz_require(condition, #condition, __FILE__, __LINE__)
void fuzz_require(bool holds, const char *what, const char *file, int line);

/* The input up to its first NUL, as a text to be freed. */
char *fuzz_text(const uint8_t *data, size_t size);

/* Would the lists in the text hold a grid of more than 10000 points, or an expression? Either takes long, and
   expressions have a target of their own. */
bool fuzz_is_costly(const char *text);

/* The next word of *rest, which moves behind it; "" after the last. The next word as a number, 0 where it is none. */
const char *fuzz_word(char **rest);
double fuzz_number(char **rest);

/* The next words as a problem, of whatever numbers and values of enums: psi1 psi2 lambda eta eta_exponent noise d steps
   batch readout activation teacher ridge_batch overlap extra step_psi1 eta_second atoms:V@P,... Activation and teacher
   are to be freed; NULL where there is no activation of that name. The atoms are overwritten by the next call. */
plim_problem fuzz_problem(char **rest, plim_activation **activation, plim_activation **teacher);

/* Is it a number with an error that says how far it can be off? */
bool fuzz_is_sound(const plim_value *value);

/* A file that holds `size` bytes, in a folder of this process that goes when it ends. The same path at each call with
   the same name. */
const char *fuzz_folder(void);
char *fuzz_file(const char *name, const void *data, size_t size); /* to be freed */

#endif
