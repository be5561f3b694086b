/* SPDX-License-Identifier: GPL-3.0-or-later */
/* failing_malloc.h - the k-th allocation from now on fails. */
#ifndef PLIM_TESTS_FAILING_MALLOC_H
#define PLIM_TESTS_FAILING_MALLOC_H

#include <stdbool.h>
#include <stdlib.h>

/* Can memory be made to fail here? Not behind a sanitizer's back, nor another C library's. */
#if !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { FAILING_MALLOC_WORKS = false };
#else
#define FAILING_MALLOC
enum { FAILING_MALLOC_WORKS = true };
#endif

/* k = 0: none fails; and_all_after: neither does any after the k-th succeed. Counting begins anew. */
void failing_malloc_at(unsigned long k, bool and_all_after);
unsigned long failing_malloc_seen(void);
long failing_malloc_held(void); /* blocks allocated and not freed, of the whole process */

#endif
