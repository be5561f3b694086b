/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c - the files of a report. */
#include "config.h"

#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../output/json_values.h"
#include "../terminal/message.h"

/* The JSON in a file. PLIM_EXIT_DONE, or a message and an exit status. */
static int read_json(const char *path, json_t **data)
{
  const bool from_standard = strcmp(path, "-") == 0;
  json_error_t error;
  FILE *file = from_standard ? stdin : plimi_unless_no_memory(fopen(path, "r"));
  if (file == NULL) {
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
    return PLIM_EXIT_FILE;
  }
  errno = 0;
  *data = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
  const int reason = errno;
  const bool broken = ferror(file) != 0;
  if (!from_standard)
    fclose(file);
  if (*data != NULL)
    return PLIM_EXIT_DONE;
  if (broken) { /* a folder, a disk that gives up */
    plimi_complain("%s cannot be read: %s", path, strerror(reason));
    return PLIM_EXIT_FILE;
  }
  plimi_complain("%s:%d: no JSON: %s; plim verify, compare and judge write it with -o FILE.json", path,
                 error.line, error.text);
  return PLIM_EXIT_USAGE;
}

/* What stands beside it, or NULL: a report is worth having without. */
static json_t *read_provenance(const char *path)
{
  char *beside = plimi_join(path, ".provenance.json");
  struct stat status;
  const bool is_file = stat(beside, &status) == 0 && S_ISREG(status.st_mode); /* a FIFO would be waited for */
  json_t *data = is_file ? plimi_json_load(beside, 0) : NULL;
  free(beside);
  if (data != NULL && !json_is_object(data)) {
    json_decref(data);
    return NULL;
  }
  return data;
}

int plimi_report_read(plimi_report *report, const char *path)
{
  const bool from_standard = strcmp(path, "-") == 0;
  const char *slash = strrchr(path, '/');
  json_t *data;
  const int status = read_json(path, &data);
  if (status != PLIM_EXIT_DONE)
    return status;
  report->files = plimi_reallocate(report->files, report->file_count + 1, sizeof *report->files);
  const char *name = from_standard                         ? "standard input"
                     : slash != NULL && !report->with_host ? slash + 1
                                                           : path;
  report->files[report->file_count] = (plimi_report_file){
      .name = plimi_copy(name), .data = data, .provenance = from_standard ? NULL : read_provenance(path)};
  return plimi_report_take(report, report->file_count++, path);
}

void plimi_report_free(plimi_report *report)
{
  for (size_t i = 0; i < report->count; i++) {
    for (size_t k = 0; k < report->entries[i].count; k++)
      free(report->entries[i].findings[k].rungs);
    free(report->entries[i].findings);
    free(report->entries[i].at);
    free(report->entries[i].point);
  }
  for (size_t i = 0; i < report->file_count; i++) {
    free(report->files[i].name);
    json_decref(report->files[i].data);
    json_decref(report->files[i].provenance);
  }
  free(report->entries);
  free(report->files);
}
