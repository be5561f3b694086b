/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "destination.h"
#include "whole_file.h"
#include "writers.h"

static const char provenance_suffix[] = ".provenance.json";

struct plimi_output {
  const plimi_output_request *request;
  plimi_whole_file file; /* where request->path is given */
  FILE *special;         /* where request->stream is */
  FILE *stream;          /* where rows are written: one of these, or standard output */
  plimi_csv csv;
  plimi_json json;
  plimi_table table;
};

/* The format that a file name's suffix stands for, or -1. */
static int format_of_suffix(const char *path)
{
  static const struct {
    const char *suffix;
    int format;
  } suffixes[] = {{".csv", PLIMI_FORMAT_CSV},
                  {".json", PLIMI_FORMAT_JSON},
                  {".txt", PLIMI_FORMAT_TABLE},
                  {".tex", PLIMI_FORMAT_MACROS}};
  const char *dot = strrchr(path, '.');
  for (size_t i = 0; dot != NULL && i < sizeof suffixes / sizeof suffixes[0]; i++)
    if (strcasecmp(dot, suffixes[i].suffix) == 0)
      return suffixes[i].format;
  return -1;
}

int plimi_output_choose(const plimi_settings *settings, plimi_output_request *request)
{
  const unsigned with_macros = PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_COMPARE;
  int by_suffix = settings->output != NULL ? format_of_suffix(settings->output) : -1;
  if (by_suffix == PLIMI_FORMAT_MACROS && (request->parts[0].command & with_macros) == 0)
    by_suffix = -1;
  const int asked = settings->format.count > 0 ? (int)settings->format.values[0] : -1;
  if (by_suffix >= 0 && asked >= 0 && by_suffix != asked) {
    plimi_complain("--output: '%s' contradicts --format; drop one of them", settings->output);
    return PLIM_EXIT_USAGE;
  }
  const plimi_destination to =
      settings->output != NULL ? plimi_destination_of(settings->output) : PLIMI_TO_STDOUT;
  request->path = to == PLIMI_TO_FILE ? settings->output : NULL;
  request->stream = to == PLIMI_TO_A_STREAM ? settings->output : NULL;
  request->format = by_suffix >= 0 ? (unsigned)by_suffix : asked >= 0 ? (unsigned)asked : PLIMI_FORMAT_TABLE;
  request->wide = settings->wide;
  if (request->wide && request->format != PLIMI_FORMAT_CSV) {
    plimi_complain("%s", "--wide: CSV alone has a wide form; give --format csv or -o FILE.csv");
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

const plimi_output_request *plimi_output_asked(const plimi_output *output)
{
  return output->request;
}

static void begin(plimi_output *output)
{
  output->stream = output->request->path != NULL ? output->file.stream
                   : output->special != NULL     ? output->special
                                                 : stdout;
  if (output->request->write != NULL || output->request->wide)
    return;
  if (output->request->format == PLIMI_FORMAT_CSV)
    plimi_csv_begin(&output->csv, output->stream, output->request->of, &output->request->further);
  else if (output->request->format == PLIMI_FORMAT_JSON)
    plimi_json_begin(&output->json, output->stream, output->request);
}

static void set_verdict(plimi_row *row, const plimi_judged *judged)
{
  plimi_row_set_text(row, PLIMI_VERDICT, plimi_verdict_text(judged));
  if (!judged->judged)
    return;
  const plim_judgement *j = &judged->judgement;
  plimi_row_set_number(row, PLIMI_MARGIN, j->margin);
  plimi_row_set_number(row, PLIMI_P_AGREE, j->p_agree);
  plimi_row_set_number(row, PLIMI_P_DISAGREE, j->p_disagree);
  plimi_row_set_number(row, PLIMI_FIT_P, j->fit_p);
  plimi_row_set_number(row, PLIMI_AGREE_MARGIN, j->agree_margin);
  plimi_row_set_number(row, PLIMI_OVERTURNING_TERM, j->overturning_term);
  plimi_row_set_number(row, PLIMI_NEGLECTED_BIAS, j->neglected_bias);
  plimi_row_set_number(row, PLIMI_EFFECT, judged->effect);
}

static void set_verdicts(plimi_table *table, const plimi_judged *verdicts, size_t count)
{
  size_t used = 0;
  for (size_t i = 0; i < table->count && used < count; i++)
    if (strcmp(table->rows[i].cells[PLIMI_SOURCE].is.text, plimi_source_name(PLIMI_SOURCE_EXTRAPOLATION)) ==
        0)
      set_verdict(&table->rows[i], &verdicts[used++]);
}

static void write_row(plimi_output *output, const plimi_row *row)
{
  if (output->request->format == PLIMI_FORMAT_CSV)
    plimi_csv_row(&output->csv, row);
  else
    plimi_json_row(&output->json, row);
}

/* Work that takes hours opens its file only when it has something to put there, so that a kill in between leaves no
   half of it lying about; that the file can be opened at all is tried beforehand. */
static bool is_late(const plimi_output_request *request)
{
  return request->late && request->path != NULL;
}

/* Can the provenance be written where it will stand? It is hours until it is. */
static bool try_provenance(const char *data)
{
  plimi_whole_file provenance;
  char *path = plimi_join(data, provenance_suffix);
  const bool good = plimi_whole_file_open(&provenance, path);
  if (good)
    plimi_whole_file_discard(&provenance);
  free(path);
  return good;
}

int plimi_output_open(const plimi_output_request *request, plimi_output **output)
{
  plimi_output *made = plimi_allocate(1, sizeof *made);
  made->request = request;
  made->table.further = request->further;
  if (request->path != NULL)
    signal(SIGPIPE, SIG_IGN); /* a reader of our messages who went away shall not cost the file */
  if (request->stream != NULL && (made->special = plimi_stream_open(request->stream)) == NULL) {
    plimi_complain("%s cannot be written: %s", request->stream, strerror(errno));
    free(made);
    return PLIM_EXIT_FILE;
  }
  if (request->path != NULL && !plimi_whole_file_open(&made->file, request->path)) {
    free(made);
    return PLIM_EXIT_FILE;
  }
  if (request->path != NULL && !try_provenance(made->file.path)) {
    plimi_output_discard(made);
    return PLIM_EXIT_FILE;
  }
  if (is_late(request))
    plimi_whole_file_discard(&made->file);
  else
    begin(made);
  *output = made;
  return PLIM_EXIT_DONE;
}

static bool are_kept(const plimi_output_request *request)
{
  return request->format == PLIMI_FORMAT_TABLE || request->format == PLIMI_FORMAT_MACROS ||
         is_late(request) || request->of == PLIMI_OF_VERDICTS || request->wide;
}

void plimi_output_row(plimi_output *output, const plimi_row *row)
{
  if (output == NULL)
    return;
  if (are_kept(output->request))
    plimi_table_row(&output->table, row);
  else
    write_row(output, row);
}

static void release(plimi_output *output)
{
  plimi_csv_end(&output->csv);
  plimi_table_free(&output->table);
  free(output);
}

void plimi_output_discard(plimi_output *output)
{
  if (output == NULL)
    return;
  plimi_whole_file_discard(&output->file);
  if (output->special != NULL)
    fclose(output->special);
  release(output);
}

/* Flush and close. False with a message if anything was lost; without one where the reader went away, as every program
   does that SIGPIPE ends. */
static bool close_stream(FILE *stream, const char *name)
{
  struct pollfd end = {.fd = fileno(stream), .events = POLLOUT};
  errno = 0;
  const bool spoilt = ferror(stream) != 0 || fflush(stream) != 0;
  int reason = errno;
  const bool unread = reason == EPIPE || (spoilt && poll(&end, 1, 0) == 1 && (end.revents & POLLERR) != 0);
  errno = 0;
  if (fclose(stream) == 0 && !spoilt)
    return true;
  reason = reason != 0 ? reason : errno;
  if (!unread)
    plimi_complain("%s cannot be written: %s", name, reason != 0 ? strerror(reason) : "writing failed");
  return false;
}

/* The data and their provenance: both are on the disk before either gets its name. Who may read the one may read the
   other. */
static bool put_into_place(plimi_output *output)
{
  plimi_whole_file provenance = {.stream = NULL};
  struct stat data;
  char *path = plimi_join(output->file.path, provenance_suffix); /* links followed: beside the file itself */
  bool ok = plimi_whole_file_open(&provenance, path);
  if (ok && fstat(fileno(output->file.stream), &data) == 0)
    (void)fchmod(fileno(provenance.stream), data.st_mode & 0777); /* some file systems have no permissions */
  ok = ok && plimi_whole_file_seal(&output->file);
  if (ok) {
    plimi_provenance_print(output->request, &output->file, provenance.stream);
    ok = plimi_whole_file_seal(&provenance) && plimi_whole_file_commit(&output->file) &&
         plimi_whole_file_commit(&provenance);
  }
  plimi_whole_file_discard(&output->file);
  plimi_whole_file_discard(&provenance);
  free(path);
  return ok;
}

int plimi_output_finish(plimi_output *output, const plimi_judged *verdicts, size_t verdict_count)
{
  const plimi_output_request *request = output->request;
  if (is_late(request)) {
    if (!plimi_whole_file_open(&output->file, request->path)) {
      release(output);
      return PLIM_EXIT_FILE;
    }
    begin(output);
  }
  set_verdicts(&output->table, verdicts, verdict_count);
  const bool by_row =
      !request->wide && (request->format == PLIMI_FORMAT_CSV || request->format == PLIMI_FORMAT_JSON);
  for (size_t i = 0; by_row && i < output->table.count; i++)
    write_row(output, &output->table.rows[i]);
  if (request->write != NULL) {
    request->write(request->content, request->format, output->stream);
  } else if (request->format == PLIMI_FORMAT_TABLE) {
    if (request->of == PLIMI_OF_SPECTRA)
      plimi_table_print_spectra(&output->table, output->stream);
    else if (request->of == PLIMI_OF_DESCENT)
      plimi_table_print_descents(&output->table, output->stream);
    else if (request->of == PLIMI_OF_PLANS)
      plimi_table_print_plans(&output->table, output->stream);
    else
      plimi_table_print(&output->table, request->paired, output->stream);
    plimi_table_print_verdicts(verdicts, verdict_count, &request->further, output->stream);
  } else if (request->wide) {
    plimi_wide_print(&output->table, request->of, output->stream);
  } else if (request->format == PLIMI_FORMAT_MACROS) {
    plimi_macros_print(&output->table, request->command, output->stream);
  } else if (request->format == PLIMI_FORMAT_JSON) {
    plimi_json_end(&output->json, verdicts, verdict_count);
  }
  bool ok = true;
  if (output->special != NULL)
    ok = close_stream(output->special, request->stream);
  else if (request->path != NULL)
    ok = put_into_place(output);
  release(output);
  return ok ? PLIM_EXIT_DONE : PLIM_EXIT_FILE;
}

bool plimi_stdout_close(void)
{
  return close_stream(stdout, "standard output");
}
