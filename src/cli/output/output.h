/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.h - where rows go: a table, CSV or JSON, on standard output or into a file with its provenance. */
#ifndef PLIM_CLI_OUTPUT_H
#define PLIM_CLI_OUTPUT_H

#include <stdio.h>

#include "../options/options.h"
#include "plim_compare.h"
#include "design.h"
#include "row.h"

/* What the comparison came to for one quantity of one problem. */
typedef struct {
  plimi_row row;       /* the extrapolation's row: its quantity and which problem it is */
  bool fitted, judged; /* are `fit`, and then `judgement`, filled? */
  char reason[224];    /* where there is no judgement: why the verdict is withheld */
  plim_value predicted;
  plim_extrapolation fit;
  plim_judgement judgement;
  size_t *replicas, sizes; /* what it was made from: as many at each size; not owned */
  plim_rung *rungs;        /* and as fitted, one a size; not owned. NULL: there is no limit of a value */
  size_t rung_count;
  double rates[PLIM_MOST_TERMS + 1]; /* several powers that were fitted together, up to the first 0 */
  size_t looks;                      /* at growing data, the pilot the first; 0: the design was fixed */
  size_t misfits;                    /* looks running, the latest among them, with a lack of fit */
  /* where it is UNDECIDED: by which factor all replicas would have to grow, and the processor time of what is to come.
     INFINITY: replicas alone do not settle it */
  double growth, seconds;
  const char *relation; /* of a table that somebody gave: to the prediction; else NULL: = */
  /* how far the step moves what is predicted from its value at eta = 0; NAN: it does not, or that has none */
  double effect;
} plimi_judged;

/* Settings of one kind of work, as the provenance file shows them. */
typedef struct {
  plimi_command command;
  const char *name;
  const plimi_settings *settings;
} plimi_part;

typedef struct {
  const char *command; /* the word on the command line */
  const plimi_part *parts;
  size_t part_count;
  const char *path; /* a file, which appears whole or not at all; or NULL */
  const char *
      stream; /* what is no file (PLIMI_TO_A_STREAM) and is written to; or NULL; both NULL: standard output */
  size_t shard, shards;  /* of how many it is which, from 1; 0: the whole */
  char *const *operands; /* the words of the command line that are no options */
  size_t operand_count;
  const plimi_part
      *program;    /* the settings of the command, where they are not those of the first part; or NULL */
  unsigned format; /* PLIMI_FORMAT_... */
  bool wide;       /* CSV with one row a point */
  bool late;       /* the work takes long: keep the rows and touch the file only at the end */
  unsigned of;     /* PLIMI_OF_...: rows with more columns, and a table of their own */
  plimi_further further; /* columns after all of these */
  bool paired;           /* rows come as theory and measurement in turn: a table sets them side by side */
  /* For a command that answers with something else than rows: writes `content`, complete by then, at the end. */
  void (*write)(const void *content, unsigned format, FILE *stream);
  const void *content;
  const plimi_design *design; /* of what is drawn and judged; or NULL */
} plimi_output_request;

/* What its simulations are computed on besides the processor, or NULL. */
const struct plim_device *plimi_output_device(const plimi_output_request *request);

/* The verdict in one sentence, for a paper; where it is withheld, why. `level` is that of the table. */
void plimi_judged_words(const plimi_judged *judged, const plimi_further *further, double level,
                        plimi_message *words);

/* "AGREE", "DISAGREE", "UNDECIDED", or "WITHHELD" where nothing was judged. */
const char *plimi_verdict_text(const plimi_judged *judged);

/* Does the margin hide what the gradient step changes: would a theory without the step be within it? An effect of NAN
   is none. */
bool plimi_hides(double effect, double margin);

typedef struct plimi_output plimi_output;

/* The format and path that `settings` ask for. PLIM_EXIT_USAGE with a message where they contradict. */
int plimi_output_choose(const plimi_settings *settings, plimi_output_request *request);

/* PLIM_EXIT_DONE, or a message and PLIM_EXIT_FILE. The request must outlive the output. */
int plimi_output_open(const plimi_output_request *request, plimi_output **output);

/* NULL takes no row. Failures of writing come to light at the end. Text of the row must outlive the output. Rows with
   verdicts (PLIMI_OF_VERDICTS) are kept until these are known. */
void plimi_output_row(plimi_output *output, const plimi_row *row);

const plimi_output_request *plimi_output_asked(const plimi_output *output); /* what it was opened for */

/* Write what is left, put the verdicts into the rows whose source is extrapolation, the first into the first of them
   and so on, put the file and its provenance into place, and release. PLIM_EXIT_DONE,
   or a message and PLIM_EXIT_FILE, and then no file appeared. */
int plimi_output_finish(plimi_output *output, const plimi_judged *verdicts, size_t verdict_count);
void plimi_output_discard(plimi_output *output); /* leave no file; NULL is allowed */

/* Flush and close standard output; false with a message if anything written to it was lost, without one where nobody
   reads it any more. */
bool plimi_stdout_close(void);

#endif
