/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_claims.c - a file of claims of one's own: refused in words, or all in it can be described and designed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/options/claim_book.h"
#include "cli/terminal/message.h"
#include "fuzz.h"

static void use(const plimi_claim_book *book)
{
  const size_t built_in = plim_claim_count(), count = plimi_claim_book_count(book);
  REQUIRE(count > built_in);
  for (size_t i = built_in; i < count; i++) {
    const plim_claim_info *info = plimi_claim_book_at(book, i);
    const plim_claim_settings settings = {.seed = 1, .threads = 1, .level = 0.05, .own = book->own};
    size_t found = 0, replicas = 0;
    double work = 0.0;
    char *text = NULL;
    REQUIRE(info != NULL && info->name[0] != '\0' && info->title[0] != '\0' && info->method[0] != '\0');
    REQUIRE(plimi_claim_book_find(book, info->name, &found) && found == i);
    REQUIRE(plim_claim_design(i, &settings, &text) == PLIM_OK && strstr(text, info->name) != NULL);
    plim_claim_cost(i, &settings, &replicas, &work);
    REQUIRE(replicas > 0 && work > 0.0);
    free(text);
  }
  REQUIRE(plimi_claim_book_at(book, count) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size);
  const bool costly = fuzz_is_costly(text);
  free(text);
  if (costly)
    return -1;
  char *path = fuzz_file("claims.ini", data, size);
  plimi_claim_book book;
  const int status = plimi_claim_book_open(path, &book);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE);
  if (status == PLIM_EXIT_DONE)
    use(&book);
  plimi_claim_book_free(&book);
  free(path);
  return 0;
}
