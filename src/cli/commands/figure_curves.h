/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_curves.h - the rows of a figure as curves, for what draws without gnuplot. */
#ifndef PLIM_CLI_FIGURE_CURVES_H
#define PLIM_CLI_FIGURE_CURVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A CSV file in memory. */
typedef struct {
  char **header;
  char ***rows;
  size_t columns, count, room;
} plimi_figure_table;

/* PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_figure_table_read(const char *path, plimi_figure_table *table);
void plimi_figure_table_free(plimi_figure_table *table);
const char *plimi_figure_cell(const plimi_figure_table *table, size_t row,
                              const char *column); /* "" where there is none */
double plimi_figure_number(const plimi_figure_table *table, size_t row,
                           const char *column); /* NAN likewise */

typedef struct {
  double x, value, low, high; /* low, high: the confidence interval; NAN where there is none */
} plimi_curve_point;

/* Rows of theory and of simulation that belong together, by rising x. */
typedef struct {
  char *key;   /* what they have in common and others have not */
  size_t row;  /* the first */
  bool spiked; /* of spiked random features */
  bool beside; /* the limit beside a line at finite d */
  plimi_curve_point *line, *points;
  size_t line_count, point_count;
} plimi_curve;

/* The columns that say which problem a row is of, and how many different values they take. */
enum { PLIMI_FIGURE_PARAMETERS = 17 };
typedef struct {
  plimi_figure_table *table;
  const char *axis;
  size_t kinds[PLIMI_FIGURE_PARAMETERS];
  bool several_d, several_families;
  size_t left_out; /* rows whose eta is another unit */
  plimi_curve *curves;
  size_t count;
} plimi_curves;
extern const char *const plimi_figure_parameters[PLIMI_FIGURE_PARAMETERS];

void plimi_curves_make(plimi_figure_table *table, plimi_curves *curves);
void plimi_curves_free(plimi_curves *curves);
/* What tells a curve from the others, in TeX. */
void plimi_curve_label(FILE *stream, const plimi_curves *curves, const plimi_curve *curve);
/* As the row has it; of a simulation's psi1 and psi2 what was asked for, where a row of theory says it. */
const char *plimi_figure_parameter(const plimi_figure_table *table, size_t row, size_t parameter);

#endif
