/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "journal_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "../terminal/message.h"

enum { MOST_HOST = 255 };

static void name_host(char *host)
{
  if (gethostname(host, MOST_HOST) != 0)
    strcpy(host, "unknown");
  host[MOST_HOST] = '\0';
}

/* Whose lock it is, and whether that process can still be there. */
static void complain_of_owner(const char *path, const char *beside)
{
  char host[MOST_HOST + 1], owner[MOST_HOST + 1] = "";
  long process = 0;
  FILE *file = plimi_unless_no_memory(fopen(beside, "r"));
  const int read = file != NULL ? fscanf(file, "%ld %255s", &process, owner) : 0;
  if (file != NULL)
    fclose(file);
  name_host(host);
  if (read != 2)
    plimi_complain("%s is in use by another plim, says %s; if none is running, remove that file", path,
                   beside);
  else if (strcmp(host, owner) != 0)
    plimi_complain("%s is in use by process %ld on %s, says %s; if that has ended, remove that file", path,
                   process, owner, beside);
  else if (kill((pid_t)process, 0) != 0 && errno == ESRCH)
    plimi_complain("%s was left behind by process %ld, which has ended; remove it to use %s", beside, process,
                   path);
  else
    plimi_complain("%s is in use by another plim that is still running (process %ld)", path, process);
}

static int take_beside(const char *path, char **beside)
{
  char host[MOST_HOST + 1];
  char *name = plimi_join(path, ".lock");
  const int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    if (errno == EEXIST)
      complain_of_owner(path, name);
    else
      plimi_complain("%s cannot be written: %s", name, strerror(errno));
    free(name);
    return PLIM_EXIT_FILE;
  }
  name_host(host);
  dprintf(descriptor, "%ld %s\n", (long)getpid(), host);
  close(descriptor);
  *beside = name;
  return PLIM_EXIT_DONE;
}

/* A lock file is heeded also where flock works: whoever made it may see the folder from a machine where it does not. */
static int refuse_if_beside(const char *path)
{
  char *name = plimi_join(path, ".lock");
  const bool there = access(name, F_OK) == 0;
  if (there)
    complain_of_owner(path, name);
  free(name);
  return there ? PLIM_EXIT_FILE : PLIM_EXIT_DONE;
}

int plimi_journal_lock(int descriptor, const char *path, char **beside)
{
  int failed;
  *beside = NULL;
  do {
    failed = flock(descriptor, LOCK_EX | LOCK_NB);
  } while (failed != 0 && errno == EINTR);
  if (failed == 0)
    return refuse_if_beside(path);
  if (errno != EWOULDBLOCK)
    return take_beside(path, beside);
  plimi_complain("%s is in use by another plim that is still running", path);
  return PLIM_EXIT_FILE;
}

void plimi_journal_unlock(char *beside)
{
  if (beside != NULL)
    unlink(beside);
  free(beside);
}
