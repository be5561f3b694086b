/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_doctor.c - plim doctor: what plim stands on here, and whether it works. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "../output/about.h"
#include "../output/sheet.h"
#include "../terminal/ranks.h"
#include "../terminal/scratch.h"
#include "../work/selftest.h"
#include "../work/work.h"
#include "commands.h"
#include "figure_files.h"

static const char *const columns[] = {"check", "state", "found"};
enum { CHECK, STATE, FOUND, COLUMNS };

/* ABSENT: something is not there that a command needs; UNNEEDED: nor does one need it that is not told to use it. */
typedef enum { WORKS, FAILS, ABSENT, UNNEEDED } state;
static const char *const states[] = {"works", "fails", "absent", "unneeded"};

static state of(bool works)
{
  return works ? WORKS : FAILS;
}

static state check_program(const plimi_settings *settings, plimi_message *found)
{
  json_t *libraries = plimi_about_libraries(), *version;
  const char *name;
  (void)settings;
  plimi_message_set(found, "plim %s by %s", PACKAGE_VERSION, plimi_about_compiler());
  json_object_foreach(libraries, name, version)
      plimi_message_add(found, ", %s %s", name, json_string_value(version));
  json_decref(libraries);
  return WORKS;
}

static state check_processor(const plimi_settings *settings, plimi_message *found)
{
  json_t *machine = plimi_about_machine();
  const char *processor = json_string_value(json_object_get(machine, "processor"));
  const char *core = json_string_value(json_object_get(machine, "core"));
  (void)settings;
  plimi_message_set(found, "%s%s%s", processor != NULL ? processor : "unknown",
                    core != NULL ? "; kernels for " : "", core != NULL ? core : "");
  json_decref(machine);
  return of(processor != NULL);
}

static state check_threads(const plimi_settings *settings, plimi_message *found)
{
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  plimi_message_set(found, "%zu for plim, of %ld processors", (size_t)settings->threads.values[0], online);
  return WORKS; /* that so many can be started shows in the simulation */
}

static state check_blas(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return of(plimi_selftest_blas(found));
}

static state check_stream(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return of(plimi_selftest_stream(found));
}

static state check_theory(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return of(plimi_selftest_theory(found));
}

static state check_simulation(const plimi_settings *settings, plimi_message *found)
{
  return of(plimi_selftest_simulation((size_t)settings->threads.values[0], found));
}

static state check_memory(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return of(plimi_selftest_memory(found));
}

static state check_mpi(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  const bool works = plimi_ranks_work(found);
  return plimi_ranks_library() != NULL ? of(works) : UNNEEDED;
}

static state check_device(const plimi_settings *settings, plimi_message *found)
{
  bool there;
  (void)settings;
  const bool right = plimi_selftest_device(&there, found);
  return there ? of(right) : UNNEEDED;
}

/* ---- Disks ---- */

/* Does what is written there come back? */
static bool keeps(const char *folder)
{
  enum { SIZE = 1 << 16 };
  static unsigned char written[SIZE], read_back[SIZE];
  char *path = plimi_join(folder, "/plim-doctor-XXXXXX");
  const int file = mkstemp(path);
  for (size_t i = 0; i < SIZE; i++)
    written[i] = (unsigned char)(i * i % 251);
  const bool kept = file >= 0 && pwrite(file, written, SIZE, 0) == SIZE && fsync(file) == 0 &&
                    pread(file, read_back, SIZE, 0) == SIZE && memcmp(written, read_back, SIZE) == 0;
  const int reason = errno;
  if (file >= 0) {
    close(file);
    unlink(path);
  }
  free(path);
  errno = reason;
  return kept;
}

static state check_folder(const char *folder, plimi_message *found)
{
  const double gibibyte = 1073741824.0;
  struct statvfs disk;
  const bool kept = keeps(folder);
  const int reason = errno;
  plimi_message_set(found, "%s", folder);
  if (!kept)
    plimi_message_add(found, ": a file cannot be kept there: %s", strerror(reason));
  else if (statvfs(folder, &disk) == 0)
    plimi_message_add(found, ": %.3g GiB are free", (double)disk.f_bavail * (double)disk.f_frsize / gibibyte);
  return of(kept);
}

static state check_disk(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return check_folder(".", found);
}

static state check_scratch(const plimi_settings *settings, plimi_message *found)
{
  (void)settings;
  return check_folder(plimi_scratch_parent(), found);
}

/* ---- Figures ---- */

static state check_figures(const plimi_settings *settings, plimi_message *found)
{
  plimi_figure_names names = {.names = NULL};
  char *folder = plimi_figure_folder();
  (void)settings;
  const bool there = plimi_figure_names_find(&names) && names.count > 0;
  if (there)
    plimi_message_set(found, "%zu in %s", names.count, folder);
  else
    plimi_message_set(found, "none in %s; PLIM_DATADIR names the folder that holds them", folder);
  plimi_figure_names_free(&names);
  free(folder);
  return there ? WORKS : ABSENT;
}

/* 'TEXT' in gnuplot's syntax: the quote itself is doubled. */
static void put_quoted(FILE *stream, const char *text)
{
  putc('\'', stream);
  for (; *text != '\0'; text++) {
    if (*text == '\'')
      putc('\'', stream);
    putc(*text, stream);
  }
  putc('\'', stream);
}

static bool ends_as_svg(const char *path)
{
  char last[16] = "";
  FILE *file = plimi_unless_no_memory(fopen(path, "rb"));
  if (file == NULL)
    return false;
  const bool read = fseek(file, -(long)(sizeof last - 1), SEEK_END) == 0 &&
                    fread(last, 1, sizeof last - 1, file) == sizeof last - 1;
  fclose(file);
  return read && strstr(last, "</svg>") != NULL;
}

/* A picture, whole. */
static bool draws(void)
{
  char *folder = plimi_scratch_make();
  if (folder == NULL)
    return false;
  char *picture = plimi_path_in(folder, "doctor", ".svg");
  void (*before)(int) =
      signal(SIGPIPE, SIG_IGN); /* a gnuplot that ends before it has read is no end of plim */
  fflush(stdout);
  FILE *gnuplot = plimi_unless_no_memory(popen("gnuplot 2>/dev/null", "w"));
  bool drawn = false;
  if (gnuplot != NULL) {
    fputs("set terminal svg\nset output ", gnuplot);
    put_quoted(gnuplot, picture);
    fputs("\nplot sin(x)\n", gnuplot);
    drawn = pclose(gnuplot) == 0 && ends_as_svg(picture);
  }
  signal(SIGPIPE, before);
  free(picture);
  plimi_scratch_remove(folder);
  return drawn;
}

static state check_gnuplot(const plimi_settings *settings, plimi_message *found)
{
  char version[128] = "";
  (void)settings;
  FILE *pipe = plimi_unless_no_memory(popen("gnuplot --version 2>/dev/null", "r"));
  if (pipe != NULL && fgets(version, sizeof version, pipe) == NULL)
    version[0] = '\0';
  if (pipe != NULL)
    (void)pclose(pipe);
  version[strcspn(version, "\n")] = '\0';
  if (version[0] == '\0') {
    plimi_message_set(found, "%s", "not found, so that plim figures cannot draw");
    return ABSENT;
  }
  const bool drawn = draws();
  plimi_message_set(found, "%s%s", version, drawn ? "; it draws" : ", which does not draw");
  return of(drawn);
}

static const struct {
  const char *name;
  state (*check)(const plimi_settings *settings, plimi_message *found);
} checks[] = {{"program", check_program},
              {"processor", check_processor},
              {"threads", check_threads},
              {"memory", check_memory},
              {"BLAS", check_blas},
              {"device", check_device},
              {"random numbers", check_stream},
              {"theory", check_theory},
              {"simulation", check_simulation},
              {"MPI", check_mpi},
              {"present folder", check_disk},
              {"temporary folder", check_scratch},
              {"figures", check_figures},
              {"gnuplot", check_gnuplot}};
enum { CHECKS = sizeof checks / sizeof checks[0] };

int plimi_cmd_doctor(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)operands, (void)operand_count;
  const plimi_part part = {PLIMI_DOCTOR, "doctor", settings};
  plimi_output_request request = {
      .command = "doctor", .parts = &part, .part_count = 1, .write = plimi_sheet_write};
  plimi_sheet sheet = {.request = &request, .names = columns, .columns = COLUMNS, .without_problem = true};
  plimi_output *output = NULL;
  size_t wrong = 0;
  request.content = &sheet;
  plimi_choose_threads(settings);
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status != PLIM_EXIT_DONE)
    return status;
  for (size_t i = 0; i < CHECKS; i++) {
    plimi_message found = {.text = ""};
    const state is = checks[i].check(settings, &found);
    wrong += is == FAILS || is == ABSENT ? 1 : 0;
    plimi_sheet_row(&sheet);
    plimi_sheet_put_text(&sheet, CHECK, checks[i].name);
    plimi_sheet_put_text(&sheet, STATE, states[is]);
    plimi_sheet_put_text(&sheet, FOUND, found.text);
  }
  status = plimi_output_finish(output, NULL, 0);
  plimi_sheet_free(&sheet);
  return status == PLIM_EXIT_DONE && wrong > 0 ? PLIM_EXIT_FAILED : status;
}
