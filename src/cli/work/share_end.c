/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_end.c - what is said where not everything was drawn. */
#include "config.h"

#include <stdio.h>

#include "share_state.h"

static int print(const plimi_share *share, const plimi_output_request *request)
{
  size_t known = 0;
  double work = 0.0;
  plimi_message left;
  printf("%-32s %10s %10s  %s\n", request->path, "done", "left", "processor time left, roughly");
  for (size_t i = 0; i <= share->tally_count; i++) {
    const bool is_sum = i == share->tally_count;
    const plimi_tally sum = {.known = known, .lacking = share->lacking, .work = work};
    const plimi_tally *seen = is_sum ? &sum : &share->tallies[i];
    plimi_message_set(&left, "%s", "");
    if (seen->lacking > 0)
      plimi_message_add_time(&left, seen->work);
    printf("%-32s %10zu %10zu%s%s\n", is_sum ? "all" : seen->what, seen->known, seen->lacking,
           seen->lacking > 0 ? "  " : "", left.text);
    known += seen->known;
    work += seen->work;
  }
  return share->lacking > 0 ? PLIM_EXIT_UNFINISHED : PLIM_EXIT_DONE;
}

static int gathered_too_little(const plimi_share *share, const plimi_output_request *request,
                               plimi_journal *journal)
{
  double work = 0.0;
  plimi_message time = {.text = ""};
  for (size_t i = 0; i < share->tally_count; i++)
    work += share->tallies[i].work;
  plimi_message_add_time(&time, work);
  const int status = plimi_journal_keep(journal);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_complain(
      "%s is not complete: %zu replicas are missing, %s of processor time or so; the %zu that there "
      "are stand in %s.journal. This makes the others, alone or as shards with a --shard K/N more, "
      "after which plim merge goes on:",
      request->path, share->lacking, time.text, plimi_journal_size(journal), request->path);
  plimi_journal_print_command(request, stdout);
  return PLIM_EXIT_UNFINISHED;
}

const char *plimi_share_unit(const plimi_output_request *request)
{
  return request->parts[0].command == PLIMI_DESCENT ? "descents" : "replicas";
}

void plimi_share_kept(const plimi_journal *journal, plimi_message *words)
{
  const plimi_output_request *request = plimi_journal_asked(journal);
  const size_t kept = plimi_journal_size(journal);
  if (kept == 0)
    plimi_message_set(words, "not one of the %s was finished, so nothing is kept", plimi_share_unit(request));
  else if (request->parts[0].command == PLIMI_DESCENT) /* of a descent the journal has several records */
    plimi_message_set(words, "the finished descents are kept in %s", plimi_journal_name(journal));
  else
    plimi_message_set(words, "%zu finished replicas are kept in %s", kept, plimi_journal_name(journal));
  if (kept > 0)
    plimi_message_add(words, "%s", ": give the same command with --resume to go on");
}

int plimi_share_conclude(const plimi_share *share, plimi_journal *journal)
{
  const plimi_output_request *request = share->request;
  const char *kept = plimi_journal_name(journal);
  plimi_message needed = {.text = ""}, had = {.text = ""}, kept_words;
  if (share->only_looks)
    return print(share, request);
  if (share->kind == PLIMI_SHARE_GATHERED)
    return gathered_too_little(share, request, journal);
  if (share->is_over) {
    if (share->drawn == 0) {
      plimi_message_add_time(&needed, share->needed);
      plimi_message_add_time(&had, share->had);
      plimi_complain("--time-limit: not one replica of %s was finished: it may take %s, and %s were left",
                     share->tallies[share->at].what, needed.text, had.text);
    }
    plimi_share_kept(journal, &kept_words);
    plimi_complain("unfinished at the time limit; %s", kept_words.text);
    return PLIM_EXIT_UNFINISHED;
  }
  plimi_note("shard %zu of %zu is done: %zu replicas are kept in %s; when all shards are, `plim merge -o %s` "
             "makes that file of them or says what is missing",
             share->number + 1, share->of, plimi_journal_size(journal), kept, request->path);
  return PLIM_EXIT_DONE;
}
