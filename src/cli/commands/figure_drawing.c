/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_drawing.c - gnuplot draws a picture, which then stands whole or not at all.

   Whatever a user or a folder is called, nothing of it is ever run. gnuplot would take a file name that begins with |
   or < as a command, - and $ as something else, and would look for the scripts that a script loads first where it is
   started: a style.gp there would be obeyed. So it goes to the folder of the scripts, is given only names that begin
   with a /, between single quotes, and writes in a private folder beside the picture. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../output/destination.h"
#include "../output/whole_file.h"
#include "../terminal/message.h"
#include "../terminal/temporary.h"
#include "figure_files.h"

extern char **environ;

enum { COMMANDS = 8 }; /* that gnuplot is given */

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

/* gnuplot's strcol() cuts a quoted field at its first comma, as that of expr:max(z,0): it is given a copy with tabs
   between the fields and no quotes. In what plim writes a quote encloses a field and never belongs to one. */
static bool write_table(const char *csv, const char *path)
{
  FILE *from = plimi_unless_no_memory(fopen(csv, "r"));
  FILE *to = from != NULL ? plimi_unless_no_memory(fopen(path, "w")) : NULL;
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

/* Run a program with what we ignore, SIGPIPE and SIGXFSZ, at its default; those we catch are there by themselves. */
static int run_program(char *const *words, int *ended)
{
  posix_spawnattr_t attributes;
  sigset_t ignored;
  pid_t child;
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  sigaddset(&ignored, SIGXFSZ);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &ignored);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failure = posix_spawnp(&child, words[0], NULL, &attributes, words, environ);
  posix_spawnattr_destroy(&attributes);
  if (failure == 0)
    *ended = wait_for(child);
  return failure;
}

/* Where a picture is made: a folder of ours beside it, with the names in it. */
typedef struct {
  char *made, *folder; /* the folder's name as it was made, and from the root */
  char *table, *out;
  plimi_temporary listed[3];
} workplace;

static void workplace_close(workplace *at)
{
  for (size_t i = sizeof at->listed / sizeof at->listed[0]; i-- > 0;)
    plimi_temporary_remove(&at->listed[i]);
  free(at->made);
  free(at->folder);
  free(at->table);
  free(at->out);
}

static bool workplace_open(workplace *at, const char *real)
{
  *at = (workplace){.made = plimi_join(real, ".XXXXXX")};
  if (mkdtemp(at->made) != NULL) {
    plimi_temporary_add(&at->listed[0], at->made);
    at->folder = plimi_unless_no_memory(realpath(at->made, NULL));
  }
  if (at->folder == NULL) {
    const int reason = errno;
    workplace_close(at);
    errno = reason;
    return false;
  }
  at->table = plimi_join(at->folder, "/table");
  at->out = plimi_join(at->folder, "/picture");
  plimi_temporary_add(&at->listed[1], at->table);
  plimi_temporary_add(&at->listed[2], at->out);
  return true;
}

static char *size_of(const plimi_drawing *drawing)
{
  char text[96] = "";
  if (drawing->width > 0.0)
    snprintf(text, sizeof text, "picture_width=%.9g; picture_height=%.9g", drawing->width, drawing->height);
  return plimi_copy(text);
}

/* The words of gnuplot's command line. No name or text of a user stands in it but between quotes. False, with errno,
   where a file is not there. */
static bool compose(const plimi_drawing *drawing, const workplace *at, const char *format, char **words)
{
  char *named = plimi_figure_folder();
  char *folder = plimi_unless_no_memory(realpath(named, NULL));
  char *script = plimi_unless_no_memory(realpath(drawing->script, NULL));
  const bool found = folder != NULL && script != NULL;
  const int reason = errno;
  *words = NULL;
  if (found) {
    char *const commands[COMMANDS] = {assignment("table=", at->table),
                                      assignment("out=", at->out),
                                      assignment("format=", format),
                                      assignment("heading=", drawing->title != NULL ? drawing->title : ""),
                                      plimi_copy(drawing->titled ? "titled=1" : "titled=0"),
                                      size_of(drawing),
                                      assignment("cd ", folder),
                                      assignment("load ", script)};
    *words++ = plimi_copy("gnuplot");
    for (size_t i = 0; i < COMMANDS; i++) {
      *words++ = plimi_copy("-e");
      *words++ = commands[i];
    }
    *words = NULL;
  }
  free(named);
  free(folder);
  free(script);
  errno = reason;
  return found;
}

/* Run it; an exit status, with a message. */
static int run_gnuplot(char *const *words, const char *picture, const char *csv)
{
  int ended = 0;
  fflush(stdout);
  /* gnuplot reads UTF-8 in any locale; plim itself never leaves the C locale */
  if (setenv("LC_ALL", "C.UTF-8", 1) != 0)
    plimi_no_memory();
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

/* Does the file end as a picture of that format does? gnuplot says nothing of a disk that was full. */
static bool ends_well(int picture, const char *format)
{
  enum { LAST = 16 };
  static const struct {
    const char *format, *end;
    size_t length, after; /* of the end; bytes that may follow */
  } ends[] = {{"svg", "</svg>", 6, LAST - 6},
              {"pdf", "%%EOF", 5, LAST - 5},
              {"png",
               "IEND\xae"
               "B`\x82",
               8, 0}};
  char last[LAST];
  struct stat status;
  if (fstat(picture, &status) != 0)
    return false;
  const off_t length = status.st_size < LAST ? status.st_size : LAST;
  if (pread(picture, last, (size_t)length, status.st_size - length) != length)
    return false;
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    for (size_t after = 0; strcmp(ends[i].format, format) == 0 && after <= ends[i].after; after++)
      if (after + ends[i].length <= (size_t)length &&
          memcmp(last + (size_t)length - after - ends[i].length, ends[i].end, ends[i].length) == 0)
        return true;
  return false;
}

/* Copy what gnuplot drew to its name, where it stands once all of it is on the disk. */
static int put_into_place(const workplace *at, const char *picture, const char *format)
{
  int status = PLIM_EXIT_FILE;
  const int drawn = open(at->out, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  plimi_whole_file file;
  if (drawn < 0) {
    plimi_complain("%s was not drawn: the script made no picture", picture);
  } else if (!ends_well(drawn, format)) {
    plimi_complain("%s cannot be written: what gnuplot drew has no end; is the disk full?", picture);
  } else if (plimi_whole_file_open(&file, picture)) {
    char bytes[4096];
    ssize_t length;
    while ((length = read(drawn, bytes, sizeof bytes)) > 0)
      fwrite(bytes, 1, (size_t)length, file.stream); /* what fails is told by the commit */
    if (length < 0) {
      plimi_complain("%s cannot be written: %s", picture, strerror(errno));
      plimi_whole_file_discard(&file);
    } else if (plimi_whole_file_commit(&file)) {
      status = PLIM_EXIT_DONE;
    }
  }
  if (drawn >= 0)
    close(drawn);
  return status;
}

/* The same where the workplace is open. */
static int draw_in(const workplace *at, const plimi_drawing *drawing, const char *picture, const char *format)
{
  char *words[2 + 2 * COMMANDS];
  int status = PLIM_EXIT_DONE;
  if (!write_table(drawing->csv, at->table)) {
    plimi_complain("%s cannot be copied to %s: %s", drawing->csv, at->table, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  if (compose(drawing, at, format, words)) {
    status = run_gnuplot(words, picture, drawing->csv);
  } else {
    plimi_complain("%s cannot be drawn: %s", picture, strerror(errno));
    status = PLIM_EXIT_FILE;
  }
  for (size_t i = 0; words[i] != NULL; i++)
    free(words[i]);
  return status;
}

int plimi_figure_draw(const plimi_drawing *drawing, const char *picture, const char *format)
{
  workplace at;
  char *real = plimi_follow_links(picture); /* a link stays one */
  int status = PLIM_EXIT_FILE;
  if (workplace_open(&at, real)) {
    status = draw_in(&at, drawing, picture, format);
    if (status == PLIM_EXIT_DONE)
      status = put_into_place(&at, picture, format);
    workplace_close(&at);
  } else {
    plimi_complain("%s cannot be written: %s", picture, strerror(errno));
  }
  free(real);
  return status;
}
