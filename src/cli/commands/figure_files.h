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
/* A figure is called by its name in that folder, or by the path of an .ini file anywhere. */
bool plimi_figure_is_file(const char *name);
char *plimi_figure_stem(const char *name);  /* what its output is called; to be freed */
char *plimi_figure_ini(const char *name);   /* its file; to be freed */
char *plimi_figure_title(const char *name); /* `title` of [figure], or NULL; to be freed */

/* What draws the figure: NAME.gp beside its NAME.ini, else the script called `otherwise` in the folder above. NULL with
   a message where it cannot be read. To be freed. */
char *plimi_figure_script(const char *name, const char *otherwise);

typedef struct {
  const char *script;
  const char *csv;   /* the rows */
  const char *title; /* the figure's own, or NULL */
  bool titled;       /* with the lines above the picture, which say what it shows */
} plimi_drawing;

/* Draw with gnuplot into `picture`, whole or not at all. `format` is svg, pdf or png. The script finds in gnuplot's
   variables: csv and out, the names of the files; table, the name of a copy of the CSV with tabs between the fields;
   format; heading, the figure's title; titled, 0 or 1. An exit status, with a message when it is not
   PLIM_EXIT_DONE. */
int plimi_figure_draw(const plimi_drawing *drawing, const char *picture, const char *format);

#endif
