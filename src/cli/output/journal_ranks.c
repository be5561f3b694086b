/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_ranks.c - the journal that the first rank has read, at all the others, none of which need see its file. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/ranks.h"
#include "journal.h"
#include "journal_header.h"
#include "journal_reading.h"
#include "journal_state.h"

/* All bytes of the file; none where there is none. */
static int read_bytes(const char *path, char **bytes, size_t *count)
{
  size_t room = 1 << 16;
  *count = 0;
  *bytes = plimi_allocate(room, 1);
  FILE *stream = plimi_unless_no_memory(fopen(path, "r"));
  if (stream == NULL)
    return errno == ENOENT ? PLIM_EXIT_DONE : PLIM_EXIT_FILE;
  for (size_t got; (got = fread(*bytes + *count, 1, room - *count, stream)) > 0;) {
    *count += got;
    if (*count == room)
      *bytes = plimi_reallocate(*bytes, room *= 2, 1);
  }
  const bool whole = ferror(stream) == 0;
  fclose(stream);
  return whole ? PLIM_EXIT_DONE : PLIM_EXIT_FILE;
}

/* The runs of the file at `path`, which the first rank has already. */
static int spread(const plimi_output_request *request, const char *path, plimi_kept_runs *kept)
{
  char *bytes = NULL;
  size_t count = 0;
  int status = PLIM_EXIT_DONE;
  if (plimi_ranks_is_first() && (status = read_bytes(path, &bytes, &count)) != PLIM_EXIT_DONE)
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
  status = plimi_ranks_agree(status);
  if (status == PLIM_EXIT_DONE)
    plimi_ranks_agree_text(&bytes, &count);
  if (status == PLIM_EXIT_DONE && !plimi_ranks_is_first() && count > 0) {
    plimi_journal_extent extent;
    json_t *present = plimi_journal_header(request);
    FILE *stream = plimi_unless_no_memory(fmemopen(bytes, count, "r"));
    const plimi_journal_reader reader = {stream, path, request, present, NULL};
    status = plimi_journal_read(&reader, kept, &extent);
    json_decref(present);
    fclose(stream);
  }
  free(bytes);
  return status;
}

int plimi_journal_spread(const plimi_output_request *request, plimi_journal **journal)
{
  if (plimi_ranks_count() == 1 || request->path == NULL)
    return PLIM_EXIT_DONE;
  char *path = plimi_journal_path(request), *before = plimi_join(request->path, ".journal");
  if (*journal == NULL) {
    *journal = plimi_journal_in_memory();
    (*journal)->request = request;
  }
  int status = spread(request, path, &(*journal)->kept);
  if (status == PLIM_EXIT_DONE && request->shards > 0)
    status = spread(request, before, &(*journal)->before);
  free(path);
  free(before);
  return status;
}
