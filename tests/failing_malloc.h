/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failing_malloc.h - the k-th allocation from now on fails. */
#ifndef PLIM_TESTS_FAILING_MALLOC_H
#define PLIM_TESTS_FAILING_MALLOC_H

#include <stdbool.h>

/* k = 0: none fails; and_all_after: neither does any after the k-th succeed. Counting begins anew. */
void failing_malloc_at(unsigned long k, bool and_all_after);
unsigned long failing_malloc_seen(void);

#endif
