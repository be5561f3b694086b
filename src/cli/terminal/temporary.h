/* SPDX-License-Identifier: GPL-3.0-or-later */
/* temporary.h - files and folders that must not outlive the program where it ends in the middle of its work. */
#ifndef PLIM_CLI_TEMPORARY_H
#define PLIM_CLI_TEMPORARY_H

/* One of them; a part of what it belongs to, so that listing it takes no memory. Begins as zeros. */
typedef struct plimi_temporary {
  const char *path;
  struct plimi_temporary *older;
} plimi_temporary;

/* List it once it is there. It and its path stay where they are until it is dropped, being gone or renamed. */
void plimi_temporary_add(plimi_temporary *temporary, const char *path);
void plimi_temporary_drop(
    plimi_temporary *temporary); /* from the list; where it is on none, nothing is done */
void plimi_temporary_remove(plimi_temporary *temporary); /* and from the disk */

/* Remove all that are listed, the latest first: what is in a folder goes before the folder. */
void plimi_temporaries_remove(void);

#endif
