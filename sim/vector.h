/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vector.h - vector mathematics (stream.c, map.c, inputs.c). Private to sim/.

   glibc's libmvec holds vector versions of the mathematical functions. GCC calls them from a loop under
   `#pragma omp simd` once the scalar function is redeclared as below and the file is compiled with
   -fopenmp-simd -fno-math-errno; that needs no -ffast-math, which would switch the whole process to flush-to-zero.
   PLIMI_CLONES compiles a function for several instruction sets and picks one when the program is loaded.
   Elsewhere (another compiler, C library or processor, as configure finds) the same loops run scalar: correct,
   slower. */
#ifndef PLIM_SIM_VECTOR_H
#define PLIM_SIM_VECTOR_H

#include "config.h"

#include <math.h>

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed" /* "loop not vectorized": so we said */
#define PLIMI_CLONES
#define PLIMI_DECLARE_SIMD
#else
#ifdef HAVE_TARGET_CLONES
#define PLIMI_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PLIMI_CLONES
#endif
#ifdef HAVE_VECTOR_FUNCTIONS
#define PLIMI_DECLARE_SIMD _Pragma("omp declare simd notinbranch")
#else
#define PLIMI_DECLARE_SIMD
#endif
#endif

PLIMI_DECLARE_SIMD extern double exp(double);
PLIMI_DECLARE_SIMD extern double expm1(double);
PLIMI_DECLARE_SIMD extern double log(double);
PLIMI_DECLARE_SIMD extern double log1p(double);
PLIMI_DECLARE_SIMD extern double sin(double);
PLIMI_DECLARE_SIMD extern double cos(double);
PLIMI_DECLARE_SIMD extern double tanh(double);
PLIMI_DECLARE_SIMD extern double erf(double);
PLIMI_DECLARE_SIMD extern double erfc(double);
PLIMI_DECLARE_SIMD extern double asin(double);
PLIMI_DECLARE_SIMD extern double acos(double);

/* Loops run over whole blocks of this many numbers in aligned local arrays: no remainder and no peeling, so that a
   result depends on its argument alone and never on where it stands in memory. */
#define PLIMI_BLOCK 128
#define PLIMI_ALIGNED _Alignas(64)

#endif
