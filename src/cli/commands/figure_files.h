/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_files.h - the folder of figures: NAME.ini says what to compute, NAME.gp how to draw it. */
#ifndef PLIM_CLI_FIGURE_FILES_H
#define PLIM_CLI_FIGURE_FILES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  char **names; /* sorted */
  size_t count;
} plimi_figure_names;

/* False with a message when the folder cannot be read. */
bool plimi_figure_names_find(plimi_figure_names *names);
void plimi_figure_names_free(plimi_figure_names *names);

char *plimi_figure_folder(void);                               /* to be freed */
char *plimi_figure_path(const char *name, const char *suffix); /* to be freed */
char *plimi_figure_title(const char *name);                    /* `title` of [figure], or NULL; to be freed */

/* Draw `csv` by the figure's script: with gnuplot, into `picture`, whole or not at all. `format` is svg, pdf or png.
   An exit status, with a message when it is not PLIM_EXIT_DONE. */
int plimi_figure_draw(const char *name, const char *csv, const char *picture, const char *format);

#endif
