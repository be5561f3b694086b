/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_sums - a journal from standard input to standard output, each line with the checksum that it should have: for
   tests that change one on purpose. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <zlib.h>

int main(void)
{
  enum { PREFIX = 9 }; /* the checksum and a blank */
  char *line = NULL;
  size_t room = 0;
  for (ssize_t length; (length = getline(&line, &room, stdin)) > PREFIX;) {
    const size_t count = strcspn(line + PREFIX, "\n");
    printf("%08lx ", (unsigned long)crc32_z(0, (const unsigned char *)line + PREFIX, count));
    fwrite(line + PREFIX, 1, (size_t)length - PREFIX, stdout);
  }
  free(line);
  return feof(stdin) && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
