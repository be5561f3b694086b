/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "destination.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../terminal/message.h"

enum { MOST_LINKS = 40 }; /* as in the kernel: beyond it they go round */

/* The folder of `path` without links, and its last component as it stands. To be freed. */
static char *in_real_folder(const char *path)
{
  char *for_folder = plimi_copy(path), *for_name = plimi_copy(path);
  char *folder = plimi_unless_no_memory(realpath(dirname(for_folder), NULL)), *joined = NULL;
  if (folder != NULL) {
    char *with_slash = plimi_join(folder, strcmp(folder, "/") == 0 ? "" : "/");
    joined = plimi_join(with_slash, basename(for_name));
    free(with_slash);
  }
  free(folder);
  free(for_folder);
  free(for_name);
  return joined != NULL ? joined : plimi_copy(path);
}

/* Its links lead to what is open, whatever the name they read as; a file deleted in the meantime, for instance. */
static bool names_descriptors(const char *path)
{
  return strncmp(path, "/proc/", 6) == 0 || strncmp(path, "/dev/fd/", 8) == 0;
}

char *plimi_follow_links(const char *path)
{
  const size_t end = strlen(path);
  if (end > 0 && path[end - 1] == '/')
    return plimi_copy(path); /* a folder, or meant to be one: not the file of that name */
  char *at = in_real_folder(path);
  for (int i = 0; i < MOST_LINKS && !names_descriptors(at); i++) {
    char target[PATH_MAX];
    const ssize_t length = readlink(at, target, sizeof target - 1);
    if (length <= 0)
      break;
    target[length] = '\0';
    char *slash = strrchr(at, '/'), *next = NULL;
    if (target[0] == '/') {
      next = in_real_folder(target);
    } else {
      slash[1] = '\0';
      char *joined = plimi_join(at, target);
      next = in_real_folder(joined);
      free(joined);
    }
    free(at);
    at = next;
  }
  return at;
}

/* The number of the descriptor of ours that a path without links names, or -1. */
static int own_descriptor(const char *path)
{
  char own[64];
  snprintf(own, sizeof own, "/proc/%ld/fd/", (long)getpid());
  const char *const folders[] = {own, "/dev/fd/"};
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    const size_t length = strlen(folders[i]);
    char *end;
    if (strncmp(path, folders[i], length) != 0 || path[length] < '0' || path[length] > '9')
      continue;
    const long number = strtol(path + length, &end, 10);
    if (*end == '\0' && number <= INT_MAX)
      return (int)number;
  }
  return -1;
}

plimi_destination plimi_destination_of(const char *path)
{
  struct stat status;
  if (strcmp(path, "-") == 0)
    return PLIMI_TO_STDOUT;
  char *real = plimi_follow_links(path);
  const bool descriptor = names_descriptors(real);
  const int own = own_descriptor(real);
  free(real);
  if (own == STDOUT_FILENO)
    return PLIMI_TO_STDOUT;
  if (descriptor)
    return PLIMI_TO_A_STREAM;
  const bool exists = stat(path, &status) == 0;
  return exists && (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)) ? PLIMI_TO_A_STREAM : PLIMI_TO_FILE;
}

/* A descriptor of ours is used as it is: opened anew, a file that others write to as well would be overwritten from its
   beginning. */
FILE *plimi_stream_open(const char *path)
{
  char *real = plimi_follow_links(path);
  const int own = own_descriptor(real);
  free(real);
  const int descriptor = own >= 0 ? dup(own) : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0)
    return NULL;
  FILE *stream = plimi_unless_no_memory(fdopen(descriptor, "w"));
  if (stream == NULL) {
    const int reason = errno;
    close(descriptor);
    errno = reason;
  }
  return stream;
}
