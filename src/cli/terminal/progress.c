/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ranks.h"

enum { BAR = 30 };
static const double patience = 1.0; /* seconds of silence */
static const double pause_between = 0.2;

double plimi_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void plimi_progress_begin(plimi_progress *progress, const char *unit, size_t total, double work_total)
{
  *progress = (plimi_progress){.watched = isatty(STDERR_FILENO) == 1 && plimi_ranks_is_first(),
                               .unit = unit,
                               .total = total,
                               .work_total = work_total,
                               .started = plimi_now()};
}

void plimi_progress_more(plimi_progress *progress, size_t count, double work)
{
  progress->total += count;
  progress->work_total += work;
}

void plimi_progress_given(plimi_progress *progress, size_t count, double work)
{
  progress->done += count;
  progress->work_done += work;
  progress->work_given += work;
}

static void draw(const plimi_progress *progress, double elapsed)
{
  char bar[BAR + 1], remaining[32] = "";
  const double share = progress->work_total > 0.0 ? progress->work_done / progress->work_total : 0.0;
  const double fresh = progress->work_done - progress->work_given;
  const int filled = share >= 1.0 ? BAR : (int)(share * BAR);
  memset(bar, '.', BAR);
  memset(bar, '#', (size_t)filled);
  bar[BAR] = '\0';
  if (fresh > 0.0) {
    const double seconds = elapsed * fmax(0.0, progress->work_total - progress->work_done) / fresh;
    if (seconds < 90.0)
      snprintf(remaining, sizeof remaining, ", %.0f s left", seconds);
    else if (seconds < 5400.0)
      snprintf(remaining, sizeof remaining, ", %.0f min left", seconds / 60.0);
    else
      snprintf(remaining, sizeof remaining, ", %.1f h left", seconds / 3600.0);
  }
  fprintf(stderr, "\r[%s] %zu/%zu %s%s\033[K", bar, progress->done, progress->total, progress->unit,
          remaining);
  fflush(stderr);
}

void plimi_progress_step(plimi_progress *progress, size_t count, double work)
{
  progress->done += count;
  progress->work_done += work;
  if (!progress->watched)
    return;
  const double time_now = plimi_now();
  if (time_now - progress->started < patience || time_now - progress->drawn < pause_between)
    return;
  progress->drawn = time_now;
  draw(progress, time_now - progress->started);
}

void plimi_progress_end(plimi_progress *progress)
{
  if (progress->drawn > 0.0)
    fputs("\r\033[K", stderr);
  progress->drawn = 0.0;
}
