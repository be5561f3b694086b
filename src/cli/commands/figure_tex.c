/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_tex.c - a figure of curves for LaTeX: NAME.tex draws with pgfplots what stands in NAME.theory.dat and
   NAME.simulation.dat, tables with a column for each curve. Size and fonts are those of the document. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../output/number.h"
#include "../output/tex.h"
#include "../output/whole_file.h"
#include "../terminal/message.h"
#include "figure_curves.h"
#include "figure_files.h"

enum { COLOURS = 7 };
/* The palette of Okabe and Ito, which the colour-blind can tell apart; the marks differ too. */
static const struct {
  const char *hex, *mark, *hollow;
} styles[COLOURS] = {{"000000", "*", "o"},
                     {"0072B2", "square*", "square"},
                     {"D55E00", "triangle*", "triangle"},
                     {"009E73", "diamond*", "diamond"},
                     {"CC79A7", "pentagon*", "pentagon"},
                     {"E69F00", "x", "x"},
                     {"56B4E9", "+", "+"}};

typedef struct {
  double low, high;
} range;

static void widen(range *over, double number)
{
  if (!isfinite(number))
    return;
  over->low = fmin(over->low, number);
  over->high = fmax(over->high, number);
}

static bool is_logarithmic(const range *over, double least)
{
  return over->low > 0.0 && over->high / over->low > least;
}

static void ranges_of(const plimi_curves *curves, range *across, range *up)
{
  *across = *up = (range){INFINITY, -INFINITY};
  for (size_t i = 0; i < curves->count; i++) {
    const plimi_curve *curve = &curves->curves[i];
    for (size_t k = 0; k < curve->line_count; k++) {
      widen(across, curve->line[k].x);
      widen(up, curve->line[k].value);
    }
    for (size_t k = 0; k < curve->point_count; k++) {
      widen(across, curve->points[k].x);
      widen(up, curve->points[k].value);
    }
  }
}

/* ---- the data ---- */

static int compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* All abscissae once, rising; to be freed. */
static double *abscissae(const plimi_curves *curves, bool points, size_t *count)
{
  size_t all = 0, kept = 0;
  for (size_t i = 0; i < curves->count; i++)
    all += points ? curves->curves[i].point_count : curves->curves[i].line_count;
  double *x = plimi_allocate(all, sizeof *x);
  *count = all;
  all = 0;
  for (size_t i = 0; i < curves->count; i++) {
    const plimi_curve *curve = &curves->curves[i];
    const plimi_curve_point *from = points ? curve->points : curve->line;
    for (size_t k = 0; k < (points ? curve->point_count : curve->line_count); k++)
      x[all++] = from[k].x;
  }
  qsort(x, all, sizeof *x, compare);
  for (size_t k = 0; k < all; k++)
    if (k == 0 || x[k] > x[kept - 1])
      x[kept++] = x[k];
  *count = kept;
  return x;
}

static void put_number(FILE *stream, double number)
{
  fprintf(stream, " %s", isfinite(number) ? plimi_number_write(number).text : "nan");
}

static const plimi_curve_point *point_at(const plimi_curve_point *points, size_t count, double x)
{
  for (size_t k = 0; k < count; k++)
    if (!(points[k].x < x) && !(points[k].x > x))
      return &points[k];
  return NULL;
}

/* On a logarithmic axis a bar that reaches 0 ends at a tenth of the lowest value instead. */
static double lower_bar(const plimi_curve_point *point, const range *up)
{
  const double low = is_logarithmic(up, 7.0) ? fmax(point->low, 0.1 * up->low) : point->low;
  return fmax(point->value - low, 0.0);
}

static void put_data(FILE *stream, const plimi_curves *curves, bool points, const range *up)
{
  size_t count;
  double *x = abscissae(curves, points, &count);
  fputs("x", stream);
  for (size_t i = 0; i < curves->count; i++)
    fprintf(stream, points ? " c%zu m%zu p%zu" : " c%zu", i + 1, i + 1, i + 1);
  fputc('\n', stream);
  for (size_t k = 0; k < count; k++) {
    fputs(plimi_number_write(x[k]).text, stream);
    for (size_t i = 0; i < curves->count; i++) {
      const plimi_curve *curve = &curves->curves[i];
      const plimi_curve_point *at = points ? point_at(curve->points, curve->point_count, x[k])
                                           : point_at(curve->line, curve->line_count, x[k]);
      put_number(stream, at != NULL ? at->value : NAN);
      if (!points)
        continue;
      const bool has_bar = at != NULL && isfinite(at->low) && isfinite(at->high);
      put_number(stream, at == NULL ? NAN : has_bar ? lower_bar(at, up) : 0.0);
      put_number(stream, at == NULL ? NAN : has_bar ? at->high - at->value : 0.0);
    }
    fputc('\n', stream);
  }
  free(x);
}

/* ---- the caption ---- */

/* The different texts of a column in rows of `source`, with commas between; how many. */
static size_t put_different(FILE *stream, const plimi_figure_table *table, const char *source,
                            const char *column)
{
  size_t count = 0;
  for (size_t row = 0; row < table->count; row++) {
    const char *text = plimi_figure_cell(table, row, column);
    bool known = strcmp(plimi_figure_cell(table, row, "source"), source) != 0 || text[0] == '\0';
    for (size_t before = 0; before < row && !known; before++)
      known = strcmp(plimi_figure_cell(table, before, "source"), source) == 0 &&
              strcmp(plimi_figure_cell(table, before, column), text) == 0;
    if (known)
      continue;
    fputs(count++ > 0 ? ", " : "", stream);
    plimi_tex_comment(stream, text);
  }
  return count;
}

static void put_caption(FILE *stream, const plimi_curves *curves, const char *title, bool has_lines,
                        bool has_points)
{
  const plimi_figure_table *table = curves->table;
  fputs("% Caption: ", stream);
  plimi_tex_comment(stream, title != NULL ? title : "");
  fputs(".\n% ", stream);
  bool begun = false;
  for (size_t i = 0; i < PLIMI_FIGURE_PARAMETERS && table->count > 0; i++) {
    const char *text = plimi_figure_parameter(table, 0, i);
    if (curves->kinds[i] != 1 || text[0] == '\0')
      continue;
    fprintf(stream, "%s%s ", begun ? ", " : "In common: ", plimi_figure_parameters[i]);
    plimi_tex_comment(stream, text);
    begun = true;
  }
  fputs(".\n", stream);
  if (has_lines)
    fputs("% Lines: theory.\n", stream);
  if (has_points) {
    fputs("% Points: simulation, d = ", stream);
    put_different(stream, table, "simulation", "d");
    fputs(", mean of ", stream);
    put_different(stream, table, "simulation", "replicas");
    fputs(" replicas, seed ", stream);
    put_different(stream, table, "simulation", "seed");
    fputs("; bars: 95 % confidence intervals.\n", stream);
  }
  if (curves->left_out > 0)
    fprintf(stream, "%% Left out: %zu rows whose eta is a ratio to N^eta_exponent, another axis.\n",
            curves->left_out);
}

/* ---- the picture ---- */

/* Colour and dashes of a curve, mark of its points. The bound is no curve among others. */
static void put_line_style(FILE *stream, const plimi_curves *curves, size_t i)
{
  const plimi_curve *curve = &curves->curves[i];
  if (strcmp(plimi_figure_cell(curves->table, curve->row, "quantity"), "lower_bound") == 0)
    fputs("gray, thick, dashed", stream);
  else
    fprintf(stream, "plim%zu, thick%s", i % COLOURS + 1,
            i >= COLOURS || curve->spiked || curve->beside ? ", densely dashed" : "");
}

static void put_mark(FILE *stream, const plimi_curves *curves, size_t i)
{
  const bool hollow = i >= COLOURS || curves->curves[i].spiked;
  fprintf(stream, "mark=%s, mark size=1.6pt", hollow ? styles[i % COLOURS].hollow : styles[i % COLOURS].mark);
}

static void put_curve(FILE *stream, const plimi_curves *curves, size_t i, const char *name)
{
  const plimi_curve *curve = &curves->curves[i];
  if (curve->line_count > 0) {
    fputs("\\addplot[forget plot, no markers, ", stream);
    put_line_style(stream, curves, i);
    fprintf(stream, "] table[x=x, y=c%zu] {\\plimdata %s.theory.dat};\n", i + 1, name);
  }
  if (curve->point_count > 0) {
    fprintf(stream, "\\addplot[forget plot, plim%zu, only marks, ", i % COLOURS + 1);
    put_mark(stream, curves, i);
    fprintf(stream,
            ", error bars/.cd, y dir=both, y explicit]\n  table[x=x, y=c%zu, y error minus=m%zu, y error "
            "plus=p%zu] "
            "{\\plimdata %s.simulation.dat};\n",
            i + 1, i + 1, i + 1, name);
  }
  fputs("\\addlegendimage{", stream);
  put_line_style(stream, curves, i);
  if (curve->line_count == 0)
    fputs(", only marks", stream);
  if (curve->point_count > 0) {
    fputs(", ", stream);
    put_mark(stream, curves, i);
  }
  fputs("}\\addlegendentry{", stream);
  plimi_curve_label(stream, curves, curve);
  fputs("}\n", stream);
}

static void put_axis_names(FILE *stream, const plimi_curves *curves)
{
  static const struct {
    const char *name, *words;
  } axes[] = {{"psi1", "$\\psi_1 = n/d$"},
              {"psi2", "$\\psi_2 = N/d$"},
              {"lambda", "ridge penalty $\\lambda$"},
              {"eta", "step size $\\eta$"},
              {"noise", "noise $\\sigma_\\varepsilon$"},
              {"steps", "gradient steps"},
              {"overlap", "overlap $\\phi$ of the batches"},
              {"extra", "$\\psi_E$, further samples of the step"},
              {"eta_second", "second step size $\\eta_2$"},
              {"eta_second_exponent", "second step's power of $N$, $\\alpha_2$"}};
  fputs(",\n  xlabel={", stream);
  for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
    if (strcmp(curves->axis, axes[i].name) == 0)
      fputs(axes[i].words, stream);
  fputs("},\n  ylabel={", stream);
  const char *quantity =
      curves->count > 0 ? plimi_figure_cell(curves->table, curves->curves[0].row, "quantity") : "";
  if (!curves->several_families && plimi_tex_label(quantity) != NULL)
    fprintf(stream, "$%s$", plimi_tex_label(quantity));
  else
    fputs("value", stream);
  fputc('}', stream);
}

typedef struct {
  const char *name;
  const plimi_drawing *drawing;
  bool has_lines, has_points;
  range across, up;
} stub;

static void put_picture(FILE *stream, const plimi_curves *curves, const stub *of)
{
  fputs("% A picture for \\input, made by plim figures. Size and fonts are the document's: "
        "\\usepackage{pgfplots}\n"
        "% and \\pgfplotsset{compat=1.16} in its preamble, \\newcommand{\\plimdata}{FOLDER/} before where "
        "the .dat files lie\n"
        "% in another folder than the document.\n",
        stream);
  put_caption(stream, curves, of->drawing->title, of->has_lines, of->has_points);
  fputs("\\providecommand{\\plimdata}{}%\n", stream);
  for (size_t i = 0; i < COLOURS; i++)
    fprintf(stream, "\\definecolor{plim%zu}{HTML}{%s}%%\n", i + 1, styles[i].hex);
  fputs("\\begin{tikzpicture}\n\\begin{axis}[\n  ", stream);
  if (of->drawing->width > 0.0)
    fprintf(stream, "width=%.6gin, height=%.6gin", of->drawing->width, of->drawing->height);
  else
    fputs("width=0.98\\linewidth, height=0.72\\linewidth", stream);
  fputs(", axis lines=left, grid=major,\n"
        "  grid style={gray!20}, unbounded coords=discard, filter discard warning=false,\n"
        "  enlarge y limits=0.05, legend columns=2, legend cell align=left,\n"
        "  legend style={at={(0.5,-0.2)}, anchor=north, draw=none, font=\\footnotesize, /tikz/every even "
        "column/.style={column sep=1em}}",
        stream);
  if (is_logarithmic(&of->across, 15.0))
    fputs(",\n  xmode=log", stream);
  if (is_logarithmic(&of->up, 7.0))
    fputs(",\n  ymode=log", stream);
  put_axis_names(stream, curves);
  fputs("]\n", stream);
  for (size_t i = 0; i < curves->count; i++)
    put_curve(stream, curves, i, of->name);
  fputs("\\end{axis}\n\\end{tikzpicture}%\n", stream);
}

/* ---- the files ---- */

/* Write with `put` into FOLDER/NAME SUFFIX; an exit status. */
typedef enum { STUB, LINES, POINTS } part;

static int write_part(const char *folder, const plimi_curves *curves, const stub *of, part which)
{
  static const char *const suffixes[] = {
      [STUB] = ".tex", [LINES] = ".theory.dat", [POINTS] = ".simulation.dat"};
  char *path = plimi_path_in(folder, of->name, suffixes[which]);
  plimi_whole_file file;
  int status = PLIM_EXIT_FILE;
  if (plimi_whole_file_open(&file, path)) {
    if (which == STUB)
      put_picture(file.stream, curves, of);
    else
      put_data(file.stream, curves, which == POINTS, &of->up);
    status = plimi_whole_file_commit(&file) ? PLIM_EXIT_DONE : PLIM_EXIT_FILE;
  }
  if (status == PLIM_EXIT_DONE)
    printf("%s\n", path);
  free(path);
  return status;
}

int plimi_figure_write_tex(const plimi_drawing *drawing, const char *folder, const char *name)
{
  const char *csv = drawing->csv;
  plimi_figure_table table;
  plimi_curves curves;
  stub of = {.name = name, .drawing = drawing};
  int status = plimi_figure_table_read(csv, &table);
  if (status == PLIM_EXIT_DONE) {
    plimi_curves_make(&table, &curves);
    ranges_of(&curves, &of.across, &of.up);
    for (size_t i = 0; i < curves.count; i++) {
      of.has_lines = of.has_lines || curves.curves[i].line_count > 0;
      of.has_points = of.has_points || curves.curves[i].point_count > 0;
    }
    if (curves.count == 0) {
      plimi_complain("%s has no row to draw: every one failed, or there is none", csv);
      status = PLIM_EXIT_FAILED;
    }
    if (status == PLIM_EXIT_DONE && of.has_lines)
      status = write_part(folder, &curves, &of, LINES);
    if (status == PLIM_EXIT_DONE && of.has_points)
      status = write_part(folder, &curves, &of, POINTS);
    if (status == PLIM_EXIT_DONE)
      status = write_part(folder, &curves, &of, STUB);
    plimi_curves_free(&curves);
  }
  plimi_figure_table_free(&table);
  return status;
}
