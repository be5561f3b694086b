/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ranks_mpi.c - joining and leaving an MPI job, and what its ranks agree on. */
#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "ranks_job.h"
#include "temporary.h"

#ifdef PLIM_COVERAGE
void __gcov_dump(void); /* a process that ends by _exit would not have its counts written */
#endif

plimi_ranks_job plimi_ranks_of;
#define job plimi_ranks_of

static const double shortest_nap = 20e-6, longest_nap = 2e-3;

/* ---- messages ---- */

void plimi_ranks_nap(double seconds)
{
  const struct timespec pause = {.tv_nsec = (long)(1e9 * seconds)};
  nanosleep(&pause, NULL);
}

void plimi_ranks_wait(MPI_Request *request)
{
  double nap = shortest_nap;
  int done = 0;
  for (;;) {
    MPI_Test(request, &done, MPI_STATUS_IGNORE);
    if (done)
      return;
    plimi_ranks_nap(nap);
    nap = nap < longest_nap ? 1.5 * nap : longest_nap;
  }
}

void plimi_ranks_send(plimi_ranks_kind kind, const plimi_ranks_head *head, const void *more, size_t bytes)
{
  MPI_Request request;
  char *whole = plimi_allocate(sizeof *head + bytes, 1);
  memcpy(whole, head, sizeof *head);
  if (bytes > 0)
    memcpy(whole + sizeof *head, more, bytes);
  MPI_Isend(whole, (int)(sizeof *head + bytes), MPI_BYTE, 0, (int)kind, job.all, &request);
  plimi_ranks_wait(&request);
  free(whole);
}

bool plimi_ranks_receive(plimi_ranks_kind *kind, int *from, plimi_ranks_head *head, char **more,
                         size_t *bytes)
{
  MPI_Status status;
  MPI_Request request;
  int there = 0, count = 0;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, job.all, &there, &status);
  if (!there)
    return false;
  MPI_Get_count(&status, MPI_BYTE, &count);
  char *whole = plimi_allocate((size_t)count + 1, 1);
  MPI_Irecv(whole, count, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, job.all, &request);
  plimi_ranks_wait(&request);
  memcpy(head, whole, sizeof *head);
  *kind = (plimi_ranks_kind)status.MPI_TAG;
  *from = status.MPI_SOURCE;
  *bytes = (size_t)count - sizeof *head;
  memmove(whole, whole + sizeof *head, *bytes + 1);
  *more = whole;
  return true;
}

void plimi_ranks_spread(void *bytes, size_t count)
{
  const size_t most = (size_t)1 << 30; /* MPI counts in int */
  for (size_t at = 0; at < count; at += most) {
    MPI_Request request;
    const size_t piece = count - at < most ? count - at : most;
    MPI_Ibcast((char *)bytes + at, (int)piece, MPI_BYTE, 0, job.all, &request);
    plimi_ranks_wait(&request);
  }
}

static void abort_job(int status)
{
  plimi_temporaries_remove();
  fflush(stdout);
  MPI_Abort(job.all, status);
  _exit(status);
}

void plimi_ranks_lost(plimi_ranks_kind kind, int rank, const char *last_words)
{
  if (kind == PLIMI_RANKS_END && last_words[0] != '\0')
    plimi_complain("rank %d on %s has ended before the others: %s", rank, job.hosts[rank], last_words);
  else
    plimi_complain(
        "rank %d on %s has come to another point than rank 0 on %s: what decides the course differs "
        "there, as the last bits of a theory do where processors differ; submit to one kind of node",
        rank, job.hosts[rank], job.hosts[0]);
  abort_job(PLIM_EXIT_FAILED);
  abort();
}

/* At the first rank: one message of that kind from every other. False, or the end, where one sends another. */
static bool collect(plimi_ranks_kind wanted, bool at_end)
{
  double nap = shortest_nap;
  for (int arrived = 1; arrived < job.size;) {
    plimi_ranks_kind kind;
    plimi_ranks_head head;
    char *more;
    size_t bytes;
    int from;
    if (!plimi_ranks_receive(&kind, &from, &head, &more, &bytes)) {
      plimi_ranks_nap(nap);
      nap = nap < longest_nap ? 1.5 * nap : longest_nap;
      continue;
    }
    const bool expected = kind == wanted && (at_end || head.step == job.step);
    if (!expected && !at_end)
      plimi_ranks_lost(kind, from, more);
    free(more);
    if (!expected)
      return false;
    arrived++;
  }
  return true;
}

/* ---- joining ---- */

/* Has something started us that MPI knows? Without it MPI_Init would start a job of its own, with its processes. */
static bool is_launched(void)
{
  static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK",  "PMI_RANK", "PMI_SIZE",
                                      "MPI_LOCALRANKID",      "PALS_RANKID"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (getenv(names[i]) != NULL)
      return true;
  return false;
}

/* Which ranks are on this machine, and which of them may use a processor that this one may. */
static void look_about(void)
{
  MPI_Comm machine;
  MPI_Comm_split_type(job.all, MPI_COMM_TYPE_SHARED, job.rank, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &job.here);
  MPI_Comm_rank(machine, &job.place);
  job.sharers = job.here;
#ifdef HAVE_SCHED_GETAFFINITY
  cpu_set_t mine;
  const int self = job.place;
  cpu_set_t *theirs = plimi_allocate((size_t)job.here, sizeof *theirs);
  CPU_ZERO(&mine);
  if (sched_getaffinity(0, sizeof mine, &mine) != 0) /* more processors than the set holds: all are shared */
    memset(&mine, 0xff, sizeof mine);
  MPI_Allgather(&mine, (int)sizeof mine, MPI_BYTE, theirs, (int)sizeof mine, MPI_BYTE, machine);
  job.sharers = job.place = 0;
  for (int i = 0; i < job.here; i++) {
    cpu_set_t both;
    CPU_AND(&both, &mine, &theirs[i]);
    if (CPU_COUNT(&both) == 0)
      continue;
    job.place += i < self ? 1 : 0;
    job.sharers++;
  }
  free(theirs);
#endif
  MPI_Comm_free(&machine);
}

static void be_quiet(void)
{
  plimi_message who;
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
  }
  plimi_message_set(&who, "rank %d on %s: ", job.rank, job.hosts[job.rank]);
  plimi_complain_last(who.text);
  plimi_interrupt_follow();
}

void plimi_ranks_begin(int *argc, char ***argv)
{
  char host[MPI_MAX_PROCESSOR_NAME] = "";
  int level = MPI_THREAD_SINGLE, length;
  if (!is_launched())
    return;
  MPI_Init_thread(argc, argv, MPI_THREAD_SERIALIZED, &level);
  job.joined = true;
  job.all = MPI_COMM_WORLD;
  MPI_Comm_rank(job.all, &job.rank);
  MPI_Comm_size(job.all, &job.size);
  if (level < MPI_THREAD_SERIALIZED) {
    plimi_complain("this MPI (%s) is not to be called from threads", plimi_ranks_library());
    abort_job(PLIM_EXIT_FAILED);
  }
  MPI_Get_processor_name(host, &length);
  job.hosts = plimi_allocate((size_t)job.size, sizeof *job.hosts);
  MPI_Allgather(host, MPI_MAX_PROCESSOR_NAME, MPI_CHAR, job.hosts, MPI_MAX_PROCESSOR_NAME, MPI_CHAR, job.all);
  look_about();
  plimi_fail_by(abort_job);
  if (job.rank > 0)
    be_quiet();
}

bool plimi_ranks_take_part(bool all)
{
  job.together = all && job.size > 1;
  return all || job.rank == 0;
}

int plimi_ranks_end(int status, bool signalled)
{
  const plimi_ranks_head head = {.step = job.step};
  int released = 0;
  MPI_Request request;
  if (!job.joined || signalled) /* whoever started us ends the job where one rank does not end by itself */
    return status;
  if (job.rank == 0) {
    if (!collect(PLIMI_RANKS_END, true)) /* the first has said why it ends, or has all there is to have */
      abort_job(status);
    for (int i = 1; i < job.size; i++)
      MPI_Send(&released, 1, MPI_INT, i, PLIMI_RANKS_END, job.all);
  } else {
    const char *words = plimi_last_complaint();
    plimi_ranks_send(PLIMI_RANKS_END, &head, words, strlen(words));
    MPI_Irecv(&released, 1, MPI_INT, 0, PLIMI_RANKS_END, job.all, &request);
    plimi_ranks_wait(&request);
    status = PLIM_EXIT_DONE;
  }
  MPI_Finalize();
  free(job.hosts);
  return status;
}

/* ---- what is known of the job ---- */

size_t plimi_ranks_count(void)
{
  return job.together ? (size_t)job.size : 1;
}

size_t plimi_ranks_here(void)
{
  return job.together ? (size_t)job.here : 1;
}

bool plimi_ranks_is_first(void)
{
  return job.rank == 0;
}

size_t plimi_ranks_threads(size_t processors)
{
  if (!job.together)
    return processors;
  const size_t sharers = (size_t)job.sharers;
  const size_t part = (processors + sharers - 1 - (size_t)job.place) / sharers;
  return part > 0 ? part : 1;
}

/* ---- agreeing ---- */

static void meet(void)
{
  const plimi_ranks_head head = {.step = job.step};
  if (job.rank == 0)
    (void)collect(PLIMI_RANKS_ASK, false);
  else
    plimi_ranks_send(PLIMI_RANKS_ASK, &head, NULL, 0);
  job.step++;
}

int plimi_ranks_agree(int value)
{
  if (!job.together)
    return value;
  meet();
  plimi_ranks_spread(&value, sizeof value);
  return value;
}

void plimi_ranks_agree_text(char **text, size_t *length)
{
  if (!job.together)
    return;
  meet();
  plimi_ranks_spread(length, sizeof *length);
  if (job.rank > 0)
    *text = plimi_allocate(*length + 1, 1);
  plimi_ranks_spread(*text, *length);
}

/* ---- the library ---- */

const char *plimi_ranks_library(void)
{
  static char text[MPI_MAX_LIBRARY_VERSION_STRING + 1];
  int length = 0;
  if (MPI_Get_library_version(text, &length) != MPI_SUCCESS)
    return "unknown";
  text[strcspn(text, ",\n")] = '\0'; /* Open MPI goes on with who packaged it */
  return text;
}

/* In a process of its own, for it may end the one that it is asked in: a job of one rank that hears itself. */
static bool is_heard(void)
{
  int status = 1;
  const pid_t child = fork();
  if (child == 0) {
    int sent = 2385, got = 0, level;
    const int nowhere = open("/dev/null", O_WRONLY);
    const char *temporary = getenv("TMPDIR");
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    if (temporary != NULL && access(temporary, W_OK) != 0) /* which Open MPI would make */
      unsetenv("TMPDIR");
    MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
    MPI_Allreduce(&sent, &got, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    MPI_Finalize();
#ifdef PLIM_COVERAGE
    __gcov_dump();
#endif
    _exit(got == sent && level >= MPI_THREAD_SERIALIZED ? 0 : 1);
  }
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool plimi_ranks_work(plimi_message *found)
{
  plimi_message_set(found, "%s", plimi_ranks_library());
  if (job.joined) {
    plimi_message_add(found, "; %d ranks, of which plim doctor is the first", job.size);
    return true;
  }
  const bool heard = is_heard();
  plimi_message_add(found, "%s",
                    heard ? "; a job of one rank starts" : "; not even a job of one rank starts");
  return heard;
}
