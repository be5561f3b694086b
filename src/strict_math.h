/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strict_math.h - put before every source of plim by the compiler's command line (AM_CPPFLAGS). Private.

   The code is right for the arithmetic of IEEE 754 and no other: NaN and infinity are values that it tests for, sums
   are in the order in which they do not cancel, and the stated errors count each rounding. -ffast-math and the flags
   it is made of give all that up without a word, and switch subnormal numbers off in the whole process. Nor is a
   double that is computed in more than its 53 bits, as the x87 does, the number that it is compared with later. */
#ifndef PLIM_STRICT_MATH_H
#define PLIM_STRICT_MATH_H

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0) ||                 \
    defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "plim needs IEEE 754 arithmetic: compile without -ffast-math, -Ofast and the flags they are made of"
#endif
#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ == 2 || __FLT_EVAL_METHOD__ < 0)
#error "plim needs IEEE 754 arithmetic: double in 53 bits; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif

#endif
