/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_lock.h - one writer a journal; for journal.c. */
#ifndef PLIM_CLI_JOURNAL_LOCK_H
#define PLIM_CLI_JOURNAL_LOCK_H

/* Take the journal at `path`, open as `descriptor`, for this process alone: by flock, and on a file system that has no
   such locks by a file `path`.lock with our process and host in it. PLIM_EXIT_DONE, with the name of that file in
   *beside (to be freed) or NULL; or a message and an exit status. */
int plimi_journal_lock(int descriptor, const char *path, char **beside);
void plimi_journal_unlock(char *beside); /* and free it; NULL is allowed */

#endif
