/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim_book.h - the claims that a command knows: the built-in ones and those of a file (--claims). */
#ifndef PLIM_CLI_CLAIM_BOOK_H
#define PLIM_CLI_CLAIM_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_own_claim.h"

/* Claims are numbered: first the built-in ones, then those of the file. */
typedef struct {
  plim_own_claims *own; /* NULL: no file was given */
  unsigned long *sums;  /* CRC-32 of what the file says of each */
} plimi_claim_book;

/* The built-in claims, and those of `path` where it is not NULL. An exit status, with a message that has line and key.
   To be freed whatever is returned. */
int plimi_claim_book_open(const char *path, plimi_claim_book *book);
void plimi_claim_book_free(plimi_claim_book *book);

size_t plimi_claim_book_count(const plimi_claim_book *book);
const plim_claim_info *plimi_claim_book_at(const plimi_claim_book *book,
                                           size_t claim); /* NULL beyond the end */
bool plimi_claim_book_find(const plimi_claim_book *book, const char *name, size_t *claim);

/* The name nearest to a mistyped one, or NULL. */
const char *plimi_claim_book_nearest(const plimi_claim_book *book, const char *name);

#endif
