/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks_run.c - the replicas of one run over the ranks.

   Rank 0 has a thread that hands out replicas and takes in what was drawn. It sleeps between two looks for messages, so
   that all processors of rank 0 draw as well. Replicas are handed out in order, several at a time: a third of an equal
   part of what is left, and no more than take a twentieth of a second, so that a message is rare beside the work. */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "plim_status.h"
#include "progress.h"
#include "ranks_job.h"

static const double of_a_claim = 0.05, between_results = 0.1; /* seconds */
static const double shortest_nap = 50e-6, longest_nap = 1e-3;
static const double patience = 0.3; /* seconds: mpirun kills one after it has sent SIGTERM */
enum { MOST_BYTES = 1 << 22 };      /* of results, before they are sent */

/* The run. At the first rank all of it is used under the lock, by its workers and by the thread of messages. */
static struct {
  plimi_ranks_run of;
  bool is_open;
  uint64_t place;
  bool *claimed, *mine;
  size_t next;    /* replicas below are handed out; at another rank, are known to be ours or not */
  bool is_closed; /* nothing more is handed out, */
  bool is_short;  /* and some were not */
  /* at the first rank */
  double **drawn; /* elsewhere */
  int done, signal;
  plimi_ranks_outcome outcome;
  bool has_outcome;
  int at; /* the rank of which it is */
  pthread_t messages;
  /* at another: what is not sent yet, replica and numbers in turn */
  double *results, sent;
  size_t filled, room;
} run;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void plimi_ranks_lock(void)
{
  if (plimi_ranks_of.together)
    pthread_mutex_lock(&lock);
}

void plimi_ranks_unlock(void)
{
  if (plimi_ranks_of.together)
    pthread_mutex_unlock(&lock);
}

/* ---- at the first rank ---- */

static size_t batch(void)
{
  const size_t left = run.next < run.of.replicas ? run.of.replicas - run.next : 0;
  const size_t part = left / (3 * plimi_ranks_count());
  const double most = of_a_claim * (double)run.of.threads / run.of.work;
  const size_t some = (double)part > most ? (size_t)most : part;
  return some > 0 ? some : 1;
}

/* Do outcomes of a run that did not go well weigh as much as this one does? What ends the program weighs more than what
   ends the run, and of replicas that fail the lowest counts, whichever rank has it. */
static int weight(const plimi_ranks_outcome *outcome)
{
  switch (outcome->status) {
  case PLIM_OK:
    return outcome->is_over ? 1 : 0;
  case PLIM_INTERRUPTED:
    return 3;
  case PLIM_FAILED:
  case PLIM_NO_MEMORY:
  case PLIM_NO_THREAD:
  case PLIM_NO_DEVICE:
    return 4;
  default:
    return 2;
  }
}

static void take_outcome(const plimi_ranks_outcome *outcome, int rank)
{
  const int before = run.has_outcome ? weight(&run.outcome) : -1, now = weight(outcome);
  run.is_closed = run.is_closed || outcome->status != PLIM_OK;
  if (outcome->is_over && !run.outcome.is_over) {
    run.outcome.is_over = true;
    run.outcome.needed = outcome->needed;
    run.outcome.had = outcome->had;
  }
  if (before > now || (before == now && (run.outcome.failed < outcome->failed ||
                                         (run.outcome.failed == outcome->failed && run.at < rank))))
    return;
  run.outcome.status = outcome->status;
  run.outcome.failed = outcome->failed;
  run.has_outcome = true;
  run.at = rank;
}

static void take_results(const char *bytes, size_t count, int rank)
{
  const size_t row = 1 + run.of.numbers;
  for (size_t i = 0; (i + 1) * row * sizeof(double) <= count; i++) {
    double *numbers = plimi_allocate(row, sizeof *numbers);
    memcpy(numbers, bytes + i * row * sizeof *numbers, row * sizeof *numbers);
    const size_t replica = (size_t)numbers[0];
    memmove(numbers, numbers + 1, run.of.numbers * sizeof *numbers);
    free(run.drawn[replica]);
    run.drawn[replica] = numbers;
    if (!run.of.take(run.of.context, replica, numbers))
      take_outcome(&(plimi_ranks_outcome){.status = PLIM_FAILED, .failed = run.of.replicas}, rank);
  }
}

static void grant(int rank)
{
  MPI_Request request;
  uint64_t part[2] = {run.next, run.next};
  if (!run.is_closed)
    part[1] = run.next += batch();
  else
    run.is_short = run.is_short || run.next < run.of.replicas;
  MPI_Isend(part, (int)sizeof part, MPI_BYTE, rank, PLIMI_RANKS_REPLY, plimi_ranks_of.all, &request);
  plimi_ranks_wait(&request);
}

/* One message, if there is one. */
static bool serve(void)
{
  plimi_ranks_kind kind;
  plimi_ranks_head head;
  char *more;
  size_t bytes;
  int from;
  if (!plimi_ranks_receive(&kind, &from, &head, &more, &bytes))
    return false;
  const bool is_of_run = kind == PLIMI_RANKS_CLAIM || kind == PLIMI_RANKS_RESULT || kind == PLIMI_RANKS_DONE;
  if (!is_of_run || head.step != plimi_ranks_of.step || head.place != run.place)
    plimi_ranks_lost(kind, from, more);
  plimi_ranks_lock();
  if (kind == PLIMI_RANKS_CLAIM) {
    grant(from);
  } else if (kind == PLIMI_RANKS_RESULT) {
    take_results(more, bytes, from);
  } else {
    take_outcome(&head.outcome, from);
    run.signal = run.signal == 0 ? head.signal : run.signal;
    run.done++;
  }
  plimi_ranks_unlock();
  free(more);
  return true;
}

/* A rank that was killed does not answer, and whoever has started us kills the others soon after a first signal. */
static void tell_waiting(void)
{
  plimi_complain("%s: ranks that are still at work: %d of %d; should they not end, what is finished is kept "
                 "where there is a "
                 "file (-o), and --resume goes on with it",
                 plimi_interrupt_reason(), plimi_ranks_of.size - 1 - run.done, plimi_ranks_of.size);
}

/* Until all others are done. */
static void *pass_messages(void *nothing)
{
  double nap = shortest_nap, signalled = 0.0;
  bool told = false;
  while (run.done < plimi_ranks_of.size - 1) {
    if (serve()) {
      nap = shortest_nap;
      continue;
    }
    if (plimi_interrupt_signal() != 0 && signalled == 0.0) {
      signalled = plimi_now();
      plimi_ranks_lock();
      run.is_closed = true;
      plimi_ranks_unlock();
    }
    if (signalled > 0.0 && !told && plimi_now() - signalled > patience) {
      told = true;
      tell_waiting();
    }
    plimi_ranks_nap(nap);
    nap = nap < longest_nap ? 1.2 * nap : longest_nap;
  }
  return nothing;
}

/* ---- at another rank ---- */

static plimi_ranks_head head_of_run(void)
{
  return (plimi_ranks_head){
      .step = plimi_ranks_of.step, .place = run.place, .signal = plimi_interrupt_signal()};
}

static void flush_results(void)
{
  const plimi_ranks_head head = head_of_run();
  if (run.filled > 0)
    plimi_ranks_send(PLIMI_RANKS_RESULT, &head, run.results, run.filled * sizeof *run.results);
  run.filled = 0;
  run.sent = plimi_now();
}

/* Another part of the replicas. */
static void ask_for_more(void)
{
  MPI_Request request;
  uint64_t part[2];
  const plimi_ranks_head head = head_of_run();
  plimi_ranks_send(PLIMI_RANKS_CLAIM, &head, NULL, 0);
  MPI_Irecv(part, (int)sizeof part, MPI_BYTE, 0, PLIMI_RANKS_REPLY, plimi_ranks_of.all, &request);
  plimi_ranks_wait(&request);
  run.is_closed = part[0] == part[1];
  for (size_t i = part[0]; i < part[1] && i < run.of.replicas; i++)
    run.mine[i] = true;
  run.next = part[1];
}

/* ---- at all ---- */

static uint64_t place_of(const plimi_ranks_run *of)
{
  const uint64_t prime = UINT64_C(1099511628211); /* FNV-1a */
  uint64_t sum = UINT64_C(14695981039346656037);
  for (const char *c = of->what; *c != '\0'; c++)
    sum = (sum ^ (unsigned char)*c) * prime;
  sum = (sum ^ of->replicas) * prime;
  return (sum ^ of->numbers) * prime;
}

void plimi_ranks_enter(const plimi_ranks_run *of)
{
  if (!plimi_ranks_of.together)
    return;
  memset(&run, 0, sizeof run);
  run.of = *of;
  run.is_open = true;
  run.place = place_of(of);
  run.claimed = plimi_allocate(of->replicas, sizeof *run.claimed);
  run.mine = plimi_allocate(of->replicas, sizeof *run.mine);
  run.sent = plimi_now();
  if (plimi_ranks_of.rank > 0)
    return;
  run.drawn = plimi_allocate(of->replicas, sizeof(double *));
  if (pthread_create(&run.messages, NULL, pass_messages, NULL) != 0)
    plimi_no_memory();
}

bool plimi_ranks_claim(size_t replica)
{
  if (!run.is_open) /* what has no replicas is not shared */
    return true;
  run.claimed[replica] = true;
  while (run.next <= replica && !run.is_closed) {
    if (plimi_ranks_of.rank > 0) {
      ask_for_more();
      continue;
    }
    const size_t end = run.next + batch();
    for (; run.next < end; run.next++)
      if (run.next < run.of.replicas)
        run.mine[run.next] = true;
  }
  run.is_short = run.is_short || run.next <= replica;
  return run.mine[replica];
}

void plimi_ranks_drew(size_t replica, const double *samples)
{
  const size_t row = 1 + run.of.numbers;
  if (plimi_ranks_of.rank == 0)
    return;
  if (run.filled + row > run.room) {
    run.room = 2 * run.filled + row;
    run.results = plimi_reallocate(run.results, run.room, sizeof *run.results);
  }
  run.results[run.filled] = (double)replica;
  memcpy(run.results + run.filled + 1, samples, run.of.numbers * sizeof *samples);
  run.filled += row;
  if (run.filled * sizeof *run.results > MOST_BYTES || plimi_now() - run.sent > between_results)
    flush_results();
}

/* What all came to, at all. */
static void settle(plimi_ranks_outcome *outcome)
{
  struct {
    plimi_ranks_outcome outcome;
    int signal;
  } all = {.signal = 0};
  if (plimi_ranks_of.rank == 0) {
    plimi_ranks_lock();
    take_outcome(outcome, 0);
    plimi_ranks_unlock();
    pthread_join(run.messages, NULL);
    all.outcome = run.outcome;
    all.signal = plimi_interrupt_signal() != 0 ? plimi_interrupt_signal() : run.signal;
    if (all.outcome.status == PLIM_OK && run.is_short) /* only a signal closes what goes well */
      all.outcome.status = PLIM_INTERRUPTED;
    if (run.at > 0 && weight(&run.outcome) == 4)
      plimi_complain("rank %d on %s: %s", run.at, plimi_ranks_of.hosts[run.at],
                     plim_status_meaning((plim_status)run.outcome.status));
  } else {
    plimi_ranks_head head = head_of_run();
    flush_results();
    head.outcome = *outcome;
    plimi_ranks_send(PLIMI_RANKS_DONE, &head, NULL, 0);
  }
  plimi_ranks_of.step++;
  plimi_ranks_spread(&all, sizeof all);
  if (all.signal != 0 && all.outcome.status == PLIM_INTERRUPTED)
    plimi_interrupt_agree(all.signal);
  *outcome = all.outcome;
}

/* The samples of all replicas that were claimed. */
static void exchange(double *samples, bool *others)
{
  const size_t row = run.of.numbers;
  size_t count = 0;
  for (size_t i = 0; i < run.of.replicas; i++)
    count += run.claimed[i] ? 1 : 0;
  double *packed = plimi_allocate(count * row, sizeof *packed), *at = packed;
  for (size_t i = 0; i < run.of.replicas && plimi_ranks_of.rank == 0; i++) {
    if (!run.claimed[i])
      continue;
    memcpy(at, run.drawn[i] != NULL ? run.drawn[i] : samples + i * row, row * sizeof *at);
    at += row;
  }
  plimi_ranks_spread(packed, count * row * sizeof *packed);
  at = packed;
  for (size_t i = 0; i < run.of.replicas; i++) {
    if (!run.claimed[i])
      continue;
    memcpy(samples + i * row, at, row * sizeof *at);
    at += row;
    if (others != NULL)
      others[i] = !run.mine[i];
  }
  free(packed);
}

void plimi_ranks_gather(plimi_ranks_outcome *outcome, double *samples, bool *others)
{
  if (!plimi_ranks_of.together)
    return;
  settle(outcome);
  run.is_open = false;
  if (outcome->status == PLIM_OK && !outcome->is_over)
    exchange(samples, others);
  for (size_t i = 0; i < run.of.replicas && run.drawn != NULL; i++)
    free(run.drawn[i]);
  free(run.drawn);
  free(run.claimed);
  free(run.mine);
  free(run.results);
}
