/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "figure_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../options/config_file.h"

char *plimi_figure_folder(void)
{
  const char *elsewhere = getenv("PLIM_DATADIR");
  return plimi_join(elsewhere != NULL && elsewhere[0] != '\0' ? elsewhere : PLIM_PKGDATADIR, "/figures");
}

char *plimi_path_in(const char *folder, const char *name, const char *suffix)
{
  char *with_slash = plimi_join(folder, "/"), *stem = plimi_join(with_slash, name);
  char *path = plimi_join(stem, suffix);
  free(with_slash);
  free(stem);
  return path;
}

char *plimi_figure_path(const char *name, const char *suffix)
{
  char *folder = plimi_figure_folder(), *path = plimi_path_in(folder, name, suffix);
  free(folder);
  return path;
}

int plimi_figure_title(const char *name, char **title)
{
  char *path = plimi_figure_path(name, ".ini");
  const int status = plimi_config_lookup(path, "figure", "title", title);
  free(path);
  return status;
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

bool plimi_figure_names_find(plimi_figure_names *names)
{
  char *folder = plimi_figure_folder();
  DIR *directory = plimi_unless_no_memory(opendir(folder));
  *names = (plimi_figure_names){NULL, 0};
  if (directory == NULL) {
    plimi_complain("%s cannot be read: %s (PLIM_DATADIR names another place)", folder, strerror(errno));
    free(folder);
    return false;
  }
  for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    const size_t length = strlen(entry->d_name);
    if (entry->d_name[0] == '.' || length <= 4 || strcmp(entry->d_name + length - 4, ".ini") != 0)
      continue;
    names->names = plimi_reallocate(names->names, names->count + 1, sizeof *names->names);
    names->names[names->count] = plimi_copy(entry->d_name);
    names->names[names->count++][length - 4] = '\0';
  }
  closedir(directory);
  free(folder);
  if (names->count > 0)
    qsort(names->names, names->count, sizeof *names->names, compare_names);
  return true;
}

void plimi_figure_names_free(plimi_figure_names *names)
{
  for (size_t i = 0; i < names->count; i++)
    free(names->names[i]);
  free(names->names);
  *names = (plimi_figure_names){NULL, 0};
}

/* Is it a file that can be read? A folder can be opened, but not read. */
static bool readable(const char *path)
{
  FILE *file = plimi_unless_no_memory(fopen(path, "r"));
  if (file == NULL)
    return false;
  (void)getc(file);
  const int reason = errno;
  const bool good = !ferror(file);
  fclose(file);
  errno = reason;
  return good;
}

char *plimi_figure_script(const char *name, const char *otherwise)
{
  char *path = plimi_figure_path(name, ".gp");
  if (readable(path))
    return path;
  if (errno == ENOENT) {
    free(path);
    path = plimi_figure_path(otherwise, "");
    if (readable(path))
      return path;
  }
  plimi_complain("%s cannot be read: %s", path, strerror(errno));
  free(path);
  return NULL;
}
