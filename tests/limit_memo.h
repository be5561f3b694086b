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

#include "plim_quantity.h"

/* Call before the tests start. Where there is no memory to share nothing is kept. */
void limit_memo_open(void);

/* From now on the limits of infinite d, of this quantity or of all (PLIM_QUANTITY_COUNT), are too large by this part of
   their size, which is taken for 0.1 where it is less: a theory that is wrong there and right at every finite d. 0 ends
   it. Returns whether it has an effect: not where the linker has no --wrap. */
bool limit_memo_spoil(plim_quantity quantity, double excess);

/* From now on limits that are asked for are counted, and the k-th is PLIM_NOT_CONVERGED; 0: none. Returns as above. */
bool limit_memo_refuse(unsigned long k);
unsigned long limit_memo_asked(void);
/* Between true and false they are neither counted nor refused. */
void limit_memo_aside(bool aside);

#endif
