/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "figure_files.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../options/config_file.h"

extern char **environ;

enum { COMMANDS = 8 }; /* that gnuplot is given */

char *plimi_figure_folder(void)
{
  const char *elsewhere = getenv("PLIM_DATADIR");
  return plimi_join(elsewhere != NULL && elsewhere[0] != '\0' ? elsewhere : PLIM_PKGDATADIR, "/figures");
}

char *plimi_figure_path(const char *name, const char *suffix)
{
  char *folder = plimi_figure_folder(), *with_slash = plimi_join(folder, "/");
  char *stem = plimi_join(with_slash, name), *path = plimi_join(stem, suffix);
  free(folder);
  free(with_slash);
  free(stem);
  return path;
}

bool plimi_figure_is_file(const char *name)
{
  const size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, ".ini") == 0;
}

char *plimi_figure_stem(const char *name)
{
  const char *slash = strrchr(name, '/');
  char *stem = plimi_copy(slash != NULL && plimi_figure_is_file(name) ? slash + 1 : name);
  if (plimi_figure_is_file(stem))
    stem[strlen(stem) - 4] = '\0';
  return stem;
}

char *plimi_figure_ini(const char *name)
{
  return plimi_figure_is_file(name) ? plimi_copy(name) : plimi_figure_path(name, ".ini");
}

char *plimi_figure_title(const char *name)
{
  char *path = plimi_figure_ini(name);
  char *title = plimi_config_lookup(path, "figure", "title");
  free(path);
  return title;
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

bool plimi_figure_names_find(plimi_figure_names *names)
{
  char *folder = plimi_figure_folder();
  DIR *directory = opendir(folder);
  *names = (plimi_figure_names){NULL, 0};
  if (directory == NULL) {
    plimi_complain("%s cannot be read: %s (before `make install`, PLIM_DATADIR=SOURCE-TREE "
                   "tells where they are)",
                   folder, strerror(errno));
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
  FILE *file = fopen(path, "r");
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
  char *path = plimi_figure_ini(name);
  strcpy(path + strlen(path) - 4, ".gp"); /* beside NAME.ini, wherever that is */
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

/* NAME='TEXT' in gnuplot's syntax: between single quotes only the quote itself is special, and doubled. */
static char *assignment(const char *name, const char *text)
{
  char *line = plimi_allocate(strlen(name) + 2 * strlen(text) + 3, 1), *end = line;
  end += strlen(strcpy(end, name));
  *end++ = '\'';
  for (; *text != '\0'; text++) {
    if (*text == '\'')
      *end++ = '\'';
    *end++ = *text;
  }
  *end++ = '\'';
  *end = '\0';
  return line;
}

/* The same for a file: gnuplot would take `| command`, `< command`, `-` or `$block` for something else. */
static char *file_assignment(const char *name, const char *path)
{
  char *plain = plimi_join(path[0] == '/' ? "" : "./", path), *line = assignment(name, plain);
  free(plain);
  return line;
}

/* gnuplot's strcol() cuts a quoted field at its first comma, as that of expr:max(z,0): it is given a copy with tabs
   between the fields and no quotes. In what plim writes a quote encloses a field and never belongs to one. */
static bool write_table(const char *csv, const char *path)
{
  FILE *from = fopen(csv, "r"), *to = from != NULL ? fopen(path, "w") : NULL;
  bool good = to != NULL, within = false;
  for (int c; good && (c = getc(from)) != EOF;) {
    if (c == '"')
      within = !within;
    else if (c != '\r')
      good = putc(c == ',' && !within ? '\t' : c == '\t' ? ' ' : c, to) != EOF;
  }
  good = good && !ferror(from);
  int reason = errno;
  if (from != NULL)
    fclose(from);
  if (to != NULL && fclose(to) != 0) {
    good = false;
    reason = errno;
  }
  errno = reason;
  return good;
}

/* The exit status of a child, or -1 when it did not end by itself. */
static int wait_for(pid_t child)
{
  int status;
  while (waitpid(child, &status, 0) == -1)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Run a program with the signals that we ignore or catch at their defaults. */
static int run_program(char *const *words, int *ended)
{
  posix_spawnattr_t attributes;
  sigset_t pipe_signal;
  pid_t child;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failure = posix_spawnp(&child, words[0], NULL, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  if (failure == 0)
    *ended = wait_for(child);
  return failure;
}

/* The words of gnuplot's command line. No name or text of a user stands in it but between quotes. */
static void compose(const plimi_drawing *drawing, const char *table, const char *out, const char *format,
                    char **words)
{
  char *folder = plimi_figure_folder();
  char *const commands[COMMANDS] = {file_assignment("csv=", drawing->csv),
                                    file_assignment("table=", table),
                                    file_assignment("out=", out),
                                    assignment("format=", format),
                                    assignment("heading=", drawing->title != NULL ? drawing->title : ""),
                                    plimi_copy(drawing->titled ? "titled=1" : "titled=0"),
                                    file_assignment("set loadpath ", folder),
                                    file_assignment("load ", drawing->script)};
  *words++ = plimi_copy("gnuplot");
  for (size_t i = 0; i < COMMANDS; i++) {
    *words++ = plimi_copy("-e");
    *words++ = commands[i];
  }
  *words = NULL;
  free(folder);
}

/* Run it; an exit status, with a message. */
static int run_gnuplot(char *const *words, const char *picture, const char *csv)
{
  int ended = 0;
  fflush(stdout);
  /* gnuplot reads UTF-8 in any locale; plim itself never leaves the C locale */
  setenv("LC_ALL", "C.UTF-8", 1);
  const int failure = run_program(words, &ended);
  if (failure == 0 && ended == 0)
    return PLIM_EXIT_DONE;
  if (failure == ENOENT)
    plimi_complain("gnuplot was not found, so %s was not drawn; the data are in %s", picture, csv);
  else
    plimi_complain("gnuplot failed%s%s, so %s was not drawn; the data are in %s", failure != 0 ? ": " : "",
                   failure != 0 ? strerror(failure) : "", picture, csv);
  return PLIM_EXIT_FAILED;
}

int plimi_figure_draw(const plimi_drawing *drawing, const char *picture, const char *format)
{
  char *out = plimi_join(picture, ".part"), *table = plimi_join(picture, ".table.part");
  char *words[2 + 2 * COMMANDS];
  compose(drawing, table, out, format, words);
  int status = PLIM_EXIT_DONE;
  if (!write_table(drawing->csv, table)) {
    plimi_complain("%s cannot be copied to %s: %s", drawing->csv, table, strerror(errno));
    status = PLIM_EXIT_FILE;
  }
  if (status == PLIM_EXIT_DONE)
    status = run_gnuplot(words, picture, drawing->csv);
  if (status == PLIM_EXIT_DONE && rename(out, picture) != 0) {
    plimi_complain("%s cannot be written: %s", picture, strerror(errno));
    status = PLIM_EXIT_FILE;
  }
  if (status != PLIM_EXIT_DONE)
    unlink(out);
  unlink(table);
  for (size_t i = 0; words[i] != NULL; i++)
    free(words[i]);
  free(table);
  free(out);
  return status;
}
