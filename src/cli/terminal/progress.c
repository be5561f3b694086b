/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "ranks.h"

enum { BAR = 30, MIXTURE = 0, USUAL = 79 };
static const double patience = 1.0; /* seconds of silence */
static const double pause_between = 0.2;
static const double memory = 0.9;    /* of uneven units, from one to the next */
static const double rounding = 1e-6; /* of a share: 0.3 of 10 are 3 */
double plimi_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void plimi_progress_begin(plimi_progress *progress, const char *unit, size_t total, double work_total)
{
  const double now = plimi_now();
  *progress =
      (plimi_progress){.watched = isatty(STDERR_FILENO) == 1 && !plimi_is_quiet() && plimi_ranks_is_first(),
                       .unit = unit,
                       .threads = 1,
                       .count = 1,
                       .started = now,
                       .ended = now};
  plimi_progress_more(progress, total, work_total);
}

void plimi_progress_threads(plimi_progress *progress, size_t threads)
{
  progress->threads = threads;
  progress->in_seconds = true;
}

void plimi_progress_look(plimi_progress *progress)
{
  progress->stage++;
  progress->done = progress->total = 0;
  for (size_t i = 0; i < progress->count; i++)
    progress->kinds[i].planned = progress->kinds[i].done = 0.0;
}

/* The kind of that cost, a new one where there is room. */
static plimi_progress_kind *kind_of(plimi_progress *progress, double cost)
{
  static const double same = 1e-9; /* of a cost: sums of equal ones */
  size_t nearest = MIXTURE + 1;
  for (size_t i = nearest; i < progress->count; i++) {
    if (fabs(progress->kinds[i].cost - cost) <= same * cost)
      return &progress->kinds[i];
    if (fabs(log(progress->kinds[i].cost / cost)) < fabs(log(progress->kinds[nearest].cost / cost)))
      nearest = i;
  }
  if (progress->count == PLIMI_PROGRESS_KINDS)
    return &progress->kinds[nearest];
  progress->kinds[progress->count] = (plimi_progress_kind){.cost = cost};
  return &progress->kinds[progress->count++];
}

void plimi_progress_more(plimi_progress *progress, size_t count, double work)
{
  progress->total += count;
  if (count > 0 && work > 0.0)
    kind_of(progress, work / (double)count)->planned += work;
}

void plimi_progress_mixture(plimi_progress *progress, size_t count, double work)
{
  progress->total += count;
  progress->kinds[MIXTURE].planned += work;
}

static plimi_progress_kind *count_done(plimi_progress *progress, size_t count, double work)
{
  progress->done += count;
  if (count == 0 || work <= 0.0)
    return &progress->kinds[MIXTURE];
  plimi_progress_kind *kind = kind_of(progress, work / (double)count);
  (kind->planned > 0.0 ? kind : &progress->kinds[MIXTURE])->done += work;
  return kind;
}

void plimi_progress_given(plimi_progress *progress, size_t count, double work)
{
  count_done(progress, count, work);
}

void plimi_progress_note(plimi_progress *progress, size_t count, double work, double now)
{
  plimi_progress_kind *kind = count_done(progress, count, work);
  progress->drawn_here += count;
  progress->cost_here += work;
  progress->seconds_here += now - progress->ended;
  if (progress->uneven) {
    kind->seen *= pow(memory, (double)count);
    kind->seconds *= pow(memory, (double)count);
  }
  kind->seen += work;
  kind->seconds += now - progress->ended;
  progress->ended = now;
  progress->latest = (size_t)(kind - progress->kinds);
}

static double rest_of(const plimi_progress_kind *kind)
{
  return fmax(0.0, kind->planned - kind->done);
}

/* Of the kind that is under way, the work of the other threads in units that have not ended: half of each. */
static double begun(const plimi_progress *progress)
{
  const plimi_progress_kind *kind = &progress->kinds[progress->latest];
  return 0.5 * fmin((double)(progress->threads - 1) * kind->cost, rest_of(kind));
}

/* Seconds that a kind took for a unit of cost. */
static double pace_of(const plimi_progress *progress, size_t kind)
{
  const plimi_progress_kind *k = &progress->kinds[kind];
  return k->seconds / (k->seen + (kind == progress->latest ? begun(progress) : 0.0));
}

/* The kind that was seen whose cost is next to `cost`; MIXTURE where there is none. */
static size_t nearest_seen(const plimi_progress *progress, double cost)
{
  size_t nearest = MIXTURE;
  for (size_t i = MIXTURE + 1; i < progress->count; i++) {
    const plimi_progress_kind *kind = &progress->kinds[i];
    if (kind->seen > 0.0 && (nearest == MIXTURE ||
                             fabs(log(kind->cost / cost)) < fabs(log(progress->kinds[nearest].cost / cost))))
      nearest = i;
  }
  return nearest;
}

/* The same of everything that was seen; NAN where nothing was. */
static double pace_of_all(const plimi_progress *progress)
{
  double seconds = 0.0, work = 0.0;
  for (size_t i = 0; i < progress->count; i++) {
    const plimi_progress_kind *kind = &progress->kinds[i];
    seconds += kind->seconds;
    work += kind->seen + (kind->seen > 0.0 && i == progress->latest ? begun(progress) : 0.0);
  }
  return work > 0.0 ? seconds / work : (double)NAN;
}

/* For units of `cost`: as those next to it. */
static double pace(const plimi_progress *progress, double cost)
{
  const size_t nearest = cost > 0.0 ? nearest_seen(progress, cost) : MIXTURE;
  return nearest != MIXTURE ? pace_of(progress, nearest) : pace_of_all(progress);
}

/* What the other threads have begun is not taken off: at the end some of them wait for about as long. */
double plimi_progress_left(const plimi_progress *progress)
{
  double left = 0.0;
  for (size_t i = 0; i < progress->count; i++)
    left += pace(progress, progress->kinds[i].cost) * rest_of(&progress->kinds[i]);
  return left;
}

double plimi_progress_share(const plimi_progress *progress)
{
  double done = 0.0, planned = 0.0;
  for (size_t i = 0; i < progress->count; i++) {
    const plimi_progress_kind *kind = &progress->kinds[i];
    const double seconds = pace(progress, kind->cost), weight = isnan(seconds) ? 1.0 : seconds;
    done += weight * fmin(kind->done, kind->planned);
    planned += weight * kind->planned;
  }
  return planned > 0.0 ? done / planned : 0.0;
}

/* As many characters as the terminal's line has. A line that goes over its end could not be wiped. */
static size_t room(void)
{
  struct winsize window;
  const char *columns = getenv("COLUMNS");
  unsigned long width =
      columns != NULL && '0' <= columns[0] && columns[0] <= '9' ? strtoul(columns, NULL, 10) : 0;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 &&
      (width == 0 || width > window.ws_col))
    width = window.ws_col;
  return width > 0 ? width - 1 : USUAL;
}

static void draw(const plimi_progress *progress)
{
  char bar[BAR + 1];
  plimi_message text = {.text = ""};
  const double share = plimi_progress_share(progress),
               left = progress->unsure ? (double)NAN : plimi_progress_left(progress);
  plimi_message_add(&text, "%.0f %%, %zu/%zu %s", floor(100.0 * share + rounding), progress->done,
                    progress->total, progress->unit);
  if (!isnan(left)) {
    plimi_message_add(&text, "%s", ", ");
    plimi_message_add_time(&text, left < 1.0 ? 0.0 : left);
    plimi_message_add(&text, "%s", " left");
  }
  if (!isnan(left) && progress->stage > 0)
    plimi_message_add(&text, " of look %zu", progress->stage);
  const size_t width = room(), length = strlen(text.text), least = 6;
  const size_t spare = width > length + 3 ? width - length - 3 : 0, size = spare < BAR ? spare : BAR;
  memset(bar, '.', size);
  memset(bar, '#', (size_t)(share * (double)size + rounding));
  bar[size] = '\0';
  if (size >= least)
    fprintf(stderr, "\r[%s] %s\033[K", bar, text.text);
  else
    fprintf(stderr, "\r%.*s\033[K", (int)width, text.text);
  fflush(stderr);
}

void plimi_progress_step(plimi_progress *progress, size_t count, double work)
{
  const double now = plimi_now();
  plimi_progress_note(progress, count, work, now);
  if (!progress->watched || now - progress->started < patience || now - progress->drawn < pause_between)
    return;
  progress->drawn = now;
  draw(progress);
}

/* Of all looks together; what was given took no time. */
static void tell_all(const plimi_progress *progress)
{
  plimi_message text = {.text = ""};
  if (progress->drawn_here == 0)
    return;
  plimi_message_add(&text, "%zu %s in ", progress->drawn_here, progress->unit);
  plimi_message_add_time(&text, progress->seconds_here);
  plimi_message_add(&text, ", %.2g s each", progress->seconds_here / (double)progress->drawn_here);
  if (progress->in_seconds) {
    plimi_message_add(&text, "%s", "; foretold ");
    plimi_message_add_time(&text, progress->cost_here);
    plimi_message_add(&text, "%s", " of one core");
  }
  plimi_tell("%s", text.text);
}

void plimi_progress_end(plimi_progress *progress)
{
  if (progress->drawn > 0.0)
    fputs("\r\033[K", stderr);
  progress->drawn = 0.0;
  if (plimi_is_verbose())
    tell_all(progress);
  progress->drawn_here = 0;
}
