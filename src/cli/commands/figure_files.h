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

char *plimi_figure_folder(void);                                               /* to be freed */
char *plimi_figure_path(const char *name, const char *suffix);                 /* in it; to be freed */
char *plimi_path_in(const char *folder, const char *name, const char *suffix); /* to be freed */

/* *title: `title` of [figure], or NULL; to be freed. An exit status, with a message when the file cannot be read. */
int plimi_figure_title(const char *name, char **title);

/* What draws the figure: NAME.gp where there is one, else the script called `otherwise` in the same folder. NULL with
   a message where it cannot be read. To be freed. */
char *plimi_figure_script(const char *name, const char *otherwise);

typedef struct {
  const char *script;
  const char *csv;      /* the rows */
  const char *title;    /* the figure's own, or NULL */
  bool titled;          /* with the lines above the picture, which say what it shows */
  double width, height; /* in inches; 0: as the script has it */
} plimi_drawing;

/* Draw with gnuplot into `picture`, whole or not at all. `format` is svg, pdf or png. The script is run in its folder
   and finds in gnuplot's variables: table and out, the names of files from the root, the one a copy of the CSV with
   tabs between the fields, the other to be drawn; format; heading, the figure's title; titled, 0 or 1; picture_width and
   picture_height where they are given. An exit status, with a message when it is not PLIM_EXIT_DONE. */
int plimi_figure_draw(const plimi_drawing *drawing, const char *picture, const char *format);

/* The same for LaTeX: FOLDER/NAME.tex, which draws with pgfplots what stands in NAME.theory.dat
   and NAME.simulation.dat there. Says what it wrote. */
int plimi_figure_write_tex(const plimi_drawing *drawing, const char *folder, const char *name);

#endif
