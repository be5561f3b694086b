/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - verdicts that were written as JSON, as one page of HTML that needs nothing else. */
#ifndef PLIM_CLI_REPORT_H
#define PLIM_CLI_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

/* value(d) = limit + sum of coefficient d^-rate */
enum { PLIMI_MOST_DRIFTS = 3 };
typedef struct {
  double rate, coefficient;
} plimi_shown_drift;

typedef struct {
  double d, value, error;
  bool fitted;
} plimi_shown_rung;

/* One number measured and what is said of it. Texts belong to the file it was read from; a number that the file does
   not have is NAN. */
typedef struct {
  const char *what, *at, *relation, *verdict, *words;
  double predicted, measured, difference, margin, ci_low, ci_high;
  double monte_carlo, numerical, neglected, drift, fit_p, effect, agree_margin;
  plimi_shown_rung *rungs; /* as fitted, count of them; none where the limit was put together of several */
  size_t rung_count;
  plimi_shown_drift drifts[PLIMI_MOST_DRIFTS];
  size_t drift_count; /* 0: the curve is not known */
} plimi_shown;

/* A claim of verify with all its findings, or one verdict of compare or judge. */
typedef struct {
  const char *name, *title, *statement, *tex, *source, *verdict, *reason;
  char *at, *point; /* of compare and judge: what tells it from the others, and all parameters; or NULL */
  size_t file;      /* which it is from */
  plimi_shown *findings;
  size_t count, decisive; /* the finding that speaks for it, where count > 0 */
} plimi_entry;

typedef struct {
  char *name;                /* as it is shown */
  json_t *data, *provenance; /* the latter NULL where there is none */
} plimi_report_file;

typedef struct {
  bool with_host; /* names of hosts and folders are shown */
  plimi_report_file *files;
  size_t file_count;
  plimi_entry *entries;
  size_t count, room;
} plimi_report;

/* Add the verdicts in the file at `path` (-: standard input). PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_report_read(plimi_report *report, const char *path);
void plimi_report_free(plimi_report *report);

/* For plimi_output_request: `content` is a plimi_report. */
void plimi_report_write(const void *content, unsigned format, FILE *stream);

/* ---- entries.c ---- */

/* What stands in report->files[file].data. PLIM_EXIT_DONE, or a message and PLIM_EXIT_USAGE. */
int plimi_report_take(plimi_report *report, size_t file, const char *path);
const char *plimi_json_member_text(const json_t *object, const char *name); /* "" where there is none */
double plimi_json_member_number(const json_t *object, const char *name);    /* NAN where there is none */

/* ---- html.c ---- */

/* Text for the inside of an element or of a quoted attribute: what HTML would take for markup is escaped; control
   characters, and those that turn the direction of writing, stand as \xNN and \uNNNN. */
void plimi_html_text(FILE *stream, const char *text);
/* With so many significant digits, and a real minus; nothing for NAN. */
void plimi_html_number(FILE *stream, double number, int digits);
const char *plimi_html_class(const char *verdict); /* of the style sheet */

/* ---- card.c, detection.c, ladder_svg.c, provenance_html.c, statements.c ---- */

void plimi_html_verdict(FILE *stream, const char *verdict);
void plimi_html_card(FILE *stream, const plimi_report *report, size_t entry);
/* A picture whose elements take their ids from `id`. Nothing where no number was measured. */
void plimi_html_ladder(FILE *stream, const plimi_shown *shown, const char *id);
/* What error of the prediction would have passed: a curve, and in words. Nothing where the file does not tell. */
void plimi_html_detection(FILE *stream, const plimi_shown *shown, const char *id);
/* What the claim states, as formulas; how many there are, 0 where none is known. And in TeX, to be copied. */
size_t plimi_html_formulas(FILE *stream, const plimi_entry *entry);
void plimi_html_tex(FILE *stream, const plimi_entry *entry);
void plimi_html_provenance(FILE *stream, const plimi_report *report, const plimi_report_file *file);

#endif
