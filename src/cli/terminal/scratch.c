/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

const char *plimi_scratch_parent(void)
{
  const char *parent = getenv("TMPDIR");
  return parent != NULL && parent[0] != '\0' ? parent : "/tmp";
}

char *plimi_scratch_make(void)
{
  char *path = plimi_join(plimi_scratch_parent(), "/plim-XXXXXX");
  if (mkdtemp(path) != NULL)
    return path;
  plimi_complain("%s: no folder can be made there: %s; TMPDIR names another place", plimi_scratch_parent(),
                 strerror(errno));
  free(path);
  return NULL;
}

void plimi_scratch_remove(char *folder)
{
  DIR *stream = folder != NULL ? plimi_unless_no_memory(opendir(folder)) : NULL;
  for (const struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
    char *prefix = plimi_join(folder, "/"), *path = plimi_join(prefix, entry->d_name);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlink(path);
    free(path);
    free(prefix);
  }
  if (stream != NULL)
    closedir(stream);
  if (folder != NULL)
    rmdir(folder);
  free(folder);
}
