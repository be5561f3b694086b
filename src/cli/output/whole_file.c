/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../terminal/message.h"
#include "destination.h"

enum { BUFFER = 1 << 20 };

static void release(plimi_whole_file *file)
{
  plimi_temporary_drop(&file->listed);
  free(file->path);
  free(file->temporary);
  *file = (plimi_whole_file){.stream = NULL};
}

/* mkstemp gives a private file; the result gets the permissions that an ordinary file would have, or those of
   the file it replaces; never the set-user-ID of a file that somebody may have planted. */
static void set_permissions(int descriptor, const struct stat *older)
{
  mode_t mode;
  if (older != NULL) {
    mode = older->st_mode & 0777;
  } else {
    const mode_t mask = umask(0);
    umask(mask);
    mode = 0666 & ~mask;
  }
  (void)fchmod(descriptor, mode); /* some file systems have no permissions */
}

bool plimi_whole_file_open(plimi_whole_file *file, const char *path)
{
  struct stat older;
  const bool exists = stat(path, &older) == 0;
  if (exists && !S_ISREG(older.st_mode)) {
    plimi_complain("%s cannot be written: it is not a regular file", path);
    return false;
  }
  *file = (plimi_whole_file){.path = plimi_follow_links(path)};
  file->temporary = plimi_join(file->path, ".XXXXXX");
  const int descriptor = mkstemp(file->temporary);
  if (descriptor >= 0) {
    plimi_temporary_add(&file->listed, file->temporary);
    set_permissions(descriptor, exists ? &older : NULL);
    file->stream = plimi_unless_no_memory(fdopen(descriptor, "w"));
  }
  if (file->stream == NULL) {
    plimi_complain("%s cannot be written: %s", path, strerror(errno));
    if (descriptor >= 0) {
      close(descriptor);
      unlink(file->temporary);
    }
    release(file);
    return false;
  }
  setvbuf(file->stream, NULL, _IOFBF, BUFFER);
  return true;
}

void plimi_whole_file_discard(plimi_whole_file *file)
{
  if (file->path == NULL)
    return;
  if (file->stream != NULL)
    fclose(file->stream);
  unlink(file->temporary);
  release(file);
}

static bool give_up(plimi_whole_file *file, int reason)
{
  plimi_complain("%s cannot be written: %s", file->path, reason != 0 ? strerror(reason) : "writing failed");
  plimi_whole_file_discard(file);
  return false;
}

bool plimi_whole_file_seal(plimi_whole_file *file)
{
  errno = 0;
  bool spoilt = ferror(file->stream) != 0 || fflush(file->stream) != 0 || fsync(fileno(file->stream)) != 0;
  int reason = errno;
  if (spoilt && reason == 0 && write(fileno(file->stream), "", 1) < 0)
    reason = errno; /* why a write failed some time ago: ask once more, of a file that is given up */
  if (fclose(file->stream) != 0 && !spoilt) {
    spoilt = true;
    reason = errno;
  }
  file->stream = NULL;
  return spoilt ? give_up(file, reason) : true;
}

bool plimi_whole_file_commit(plimi_whole_file *file)
{
  if (file->stream != NULL && !plimi_whole_file_seal(file))
    return false;
  if (rename(file->temporary, file->path) != 0)
    return give_up(file, errno);
  release(file);
  return true;
}
