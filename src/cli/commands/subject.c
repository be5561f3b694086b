/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subject.c - commands whose one operand says what is looked at. */
#include "config.h"

#include "subject.h"

#include <stdlib.h>
#include <string.h>

#include "../terminal/interrupt.h"

/* Which of the subjects the one operand is. PLIM_EXIT_DONE, or a message and an exit status. */
static int choose(const plimi_subjects *subjects, char **operands, size_t operand_count, unsigned *choice)
{
  const char **names = plimi_allocate(subjects->count, sizeof *names);
  plimi_message known = {.text = ""};
  int status = PLIM_EXIT_USAGE;
  for (unsigned i = 0; i < subjects->count; i++) {
    names[i] = subjects->name(i);
    plimi_message_add(&known, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  if (operand_count != 1) {
    plimi_complain("%s: give one of %s", subjects->word, known.text);
    goto done;
  }
  for (unsigned i = 0; i < subjects->count; i++) {
    if (strcmp(operands[0], names[i]) == 0) {
      *choice = i;
      status = PLIM_EXIT_DONE;
      goto done;
    }
  }
  const char *nearest = plimi_nearest(operands[0], names, subjects->count);
  plimi_complain("%s: '%s' is not accepted; give one of %s%s%s%s", subjects->word, operands[0], known.text,
                 nearest != NULL ? " (did you mean " : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "?)" : "");
done:
  free(names);
  return status;
}

int plimi_cmd_subject(const plimi_subjects *subjects, plimi_settings *settings, char **operands,
                      size_t operand_count)
{
  plimi_part part = {subjects->command, subjects->word, settings};
  plimi_output_request request = {
      .command = subjects->word, .parts = &part, .part_count = 1, .late = true, .of = subjects->of};
  plimi_campaign campaign;
  plimi_destinations to = {.output = NULL};
  plimi_outcome outcome = {.rows = 0};
  unsigned which = 0;
  int status = choose(subjects, operands, operand_count, &which);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_choose(settings, &request);
  if (status != PLIM_EXIT_DONE)
    return status;
  part.name = subjects->name(which);
  plimi_choose_threads(settings);
  status = plimi_campaign_begin(&campaign, settings);
  if (status == PLIM_EXIT_DONE && subjects->check != NULL)
    status = subjects->check(&campaign, which);
  if (status != PLIM_EXIT_DONE)
    return status;
  request.operands = operands;
  request.operand_count = operand_count;
  status = plimi_output_open_with_journal(&request, settings, &to);
  if (status != PLIM_EXIT_DONE) {
    plimi_campaign_end(&campaign);
    return status;
  }
  campaign.journal = to.journal;
  campaign.share = to.share;
  plimi_interrupt_catch();
  const plim_status stopped = subjects->rows(&campaign, which, to.output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(&to, stopped, status, NULL, 0);
}
