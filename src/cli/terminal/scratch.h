/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scratch.h - a folder for files that nobody is to keep, in TMPDIR or /tmp. */
#ifndef PLIM_CLI_SCRATCH_H
#define PLIM_CLI_SCRATCH_H

const char *plimi_scratch_parent(void);

/* A new folder, to be removed; NULL with a message. */
char *plimi_scratch_make(void);
void plimi_scratch_remove(char *folder); /* with the files in it; releases the name; NULL is allowed */

#endif
