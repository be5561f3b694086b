/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subject.h - commands whose one operand says what is looked at, and which write rows about it: plim spectrum,
   plim descent. */
#ifndef PLIM_CLI_SUBJECT_H
#define PLIM_CLI_SUBJECT_H

#include "../work/work.h"

typedef struct {
  plimi_command command;
  const char *word; /* on the command line */
  unsigned of;      /* PLIMI_OF_... of the rows */
  size_t count;     /* what there is to look at */
  const char *(*name)(unsigned which);
  int (*check)(const plimi_campaign *campaign, unsigned which); /* before any work; an exit status; or NULL */
  plim_status (*rows)(plimi_campaign *campaign, unsigned which, plimi_output *output, plimi_outcome *outcome);
} plimi_subjects;

/* The whole command; its exit status. */
int plimi_cmd_subject(const plimi_subjects *subjects, plimi_settings *settings, char **operands,
                      size_t operand_count);

#endif
