/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit_memo.h - each limit of a test program computed once, whichever of its processes asks.

   Check runs every test in a process of its own, and the tests of the claims ask for the same limits again and again:
   what is planted is the theory's, and so is what the claim predicts, at either tier, rightly and wrongly. Where the
   linker has --wrap, plim_limit is this one, and what it has found stands in memory that the processes share; they run
   one after another. Only values that are right are kept, at a workspace's usual tolerance, which no claim changes.
   Without --wrap all is computed anew. */
#ifndef PLIM_TEST_LIMIT_MEMO_H
#define PLIM_TEST_LIMIT_MEMO_H

#include <stdbool.h>

/* Call before the tests start. Where there is no memory to share nothing is kept. */
void limit_memo_open(void);

/* What the limits of infinite d that are asked for have too much, relative: a theory that is wrong there and right at
   every finite d. 0 from the start. Returns whether it has an effect: not where the linker has no --wrap. */
bool limit_memo_spoil(double excess);

#endif
