/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.c - a target on the bytes of the files named, each of which must be done within a time. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"

enum { MOST_BYTES = 1 << 20, MOST_SECONDS = 60 };

int main(int argc, char **argv)
{
  uint8_t *bytes = malloc(MOST_BYTES);
  REQUIRE(bytes != NULL);
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    fprintf(stderr, "%s\n", argv[i]);
    REQUIRE(file != NULL);
    const size_t size = fread(bytes, 1, MOST_BYTES, file);
    REQUIRE(ferror(file) == 0);
    fclose(file);
    alarm(MOST_SECONDS);                         /* SIGALRM ends the process */
    uint8_t *copy = malloc(size > 0 ? size : 1); /* of its own size, so that what reads beyond it is seen */
    REQUIRE(copy != NULL);
    for (size_t k = 0; k < size; k++)
      copy[k] = bytes[k];
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
  }
  free(bytes);
  printf("%d inputs\n", argc - 1);
  return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
