/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.h - what the program says on stderr, and how it guesses what a mistyped name meant. */
#ifndef PLIM_CLI_MESSAGE_H
#define PLIM_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "plim_status.h"

/* Exit statuses, stable: see doc and `plim --help`. */
enum {
  PLIM_EXIT_DONE = 0,
  PLIM_EXIT_DISAGREE = 1, /* a verdict is DISAGREE */
  PLIM_EXIT_USAGE = 2,    /* bad usage or input */
  PLIM_EXIT_FAILED = 3,   /* a computation did not converge or failed, a verdict is UNDECIDED or withheld */
  PLIM_EXIT_FILE = 4,     /* a file could not be read or written */
  PLIM_EXIT_UNFINISHED =
      75 /* the time limit came first, or a shard is missing; the same command goes on (EX_TEMPFAIL
                               of sysexits.h, for which batch systems can put a job back into their queue) */
};

/* Text built by functions that do not print; long input is cut with "...". */
typedef struct {
  char text[1024];
} plimi_message;

void plimi_message_set(plimi_message *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plimi_message_add(plimi_message *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
void plimi_message_add_rough(plimi_message *message, double number); /* two digits and the whole ones */
void plimi_message_add_time(plimi_message *message, double seconds); /* "42 s", "7.3 min", "3.1 h" */

/* How many bytes of UTF-8 are the character at `text`, which ends in NUL; 0 where they are none. */
size_t plimi_utf8_length(const char *text);

/* Text that a user gave: control characters, and bytes that are no UTF-8, as \xNN, so that a name cannot move the
   cursor of whoever reads it or feign a line. */
void plimi_print_escaped(const char *text, FILE *stream);

/* "plim: ...\n" on stderr, one line, escaped. */
void plimi_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on complaints are kept, the last of them, instead of said: another rank says the same. Only want of memory
   is said, after `who`. */
void plimi_complain_last(const char *who);
const char *plimi_last_complaint(void); /* "" where there was none, or where they are said */
/* How much is said beside results and errors, for the rest of the process: --quiet, --verbose. */
void plimi_message_voice(bool quiet, bool verbose);
bool plimi_is_quiet(void);
bool plimi_is_verbose(void);
/* The same for what is no error and changes no status: not where the program is to be quiet. And for what only a
   verbose one says. */
void plimi_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void plimi_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The candidate nearest to `word` in edits, or NULL when none is near enough to be what was meant. */
const char *plimi_nearest(const char *word, const char *const *candidates, size_t count);

/* The end of the program for want of memory: a message and PLIM_EXIT_FAILED. Nothing half written is left behind (see
   temporary.h), and what a journal holds is kept. */
void plimi_no_memory(void) __attribute__((noreturn));

void plimi_fail_by(void (*end)(int status)); /* from now on by this, which does not return */

/* What a function of the C library made, such as fopen's stream: NULL for want of memory is that end, NULL for another
   reason is handed back with its errno. */
void *plimi_unless_no_memory(void *result);

/* `status`, unless it is PLIM_NO_MEMORY: that says nothing of what was asked, and is that end. */
plim_status plimi_heed_memory(plim_status status);

/* Memory for `count` items of `size` bytes, or that end. Large results go through statuses instead. */
void *plimi_allocate(size_t count, size_t size);
void *plimi_reallocate(void *memory, size_t count, size_t size);
char *plimi_copy(const char *text);
char *plimi_join(const char *first, const char *second); /* concatenation, to be freed */
char *plimi_printed(const char *format, ...) __attribute__((format(printf, 1, 2))); /* to be freed */

/* getline() for a reader in whose place a line that found no memory would pass for the end of the file. */
ssize_t plimi_next_line(char **line, size_t *room, FILE *stream);

#endif
