/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_curves.c - which column is the axis, and which rows are one curve. The same rules as figures/rows.gp. */
#include "config.h"

#include "figure_curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../output/tex.h"
#include "../terminal/message.h"

const char *const plimi_figure_parameters[PLIMI_FIGURE_PARAMETERS] = {"activation",
                                                                      "teacher",
                                                                      "psi1",
                                                                      "psi2",
                                                                      "lambda",
                                                                      "eta",
                                                                      "eta_exponent",
                                                                      "noise",
                                                                      "readout",
                                                                      "steps",
                                                                      "batch",
                                                                      "eta_second",
                                                                      "overlap",
                                                                      "extra",
                                                                      "ridge_batch",
                                                                      "inputs",
                                                                      "eta_second_exponent"};

static bool is_among(const char *name, const char *const *list)
{
  for (; *list != NULL; list++)
    if (strcmp(name, *list) == 0)
      return true;
  return false;
}

/* Risk and training error of the real step are the limits of risk1 and train1 at finite d. */
static const char *family_of(const char *quantity)
{
  static const char *const risks[] = {"risk", "srf_risk", NULL}, *const trainings[] = {"train", "srf_train",
                                                                                       NULL};
  return is_among(quantity, risks) ? "risk1" : is_among(quantity, trainings) ? "train1" : quantity;
}

/* Does the quantity depend on the parameter? Those of W0 on no step, the bound on the teacher alone, spectra on no
   penalty. */
static bool depends(const char *quantity, const char *parameter)
{
  static const char *const stepless[] = {
      "theta1",          "theta2", "grad_op", "grad_fro2", "grad_rank_one", "tau_star",  "kappa_star",
      "risk0",           "train0", "kappa",   "df2",       "linear_ridge",  "ntk_ridge", "kernel_exp_inner",
      "kernel_exp_dist", NULL};
  static const char *const of_step[] = {
      "eta",         "eta_exponent", "steps", "batch", "eta_second", "eta_second_exponent",
      "ridge_batch", "overlap",      "extra", NULL};
  static const char *const spectral[] = {"theta1",        "theta2",   "grad_op",    "grad_fro2",
                                         "grad_rank_one", "tau_star", "kappa_star", NULL};
  static const char *const spectral_starts[] = {"w1_", "ck_", "stair", "step_"};
  if (strcmp(quantity, "lower_bound") == 0)
    return strcmp(parameter, "teacher") == 0;
  bool is_spectral = is_among(quantity, spectral);
  for (size_t i = 0; i < sizeof spectral_starts / sizeof spectral_starts[0]; i++)
    is_spectral = is_spectral || strncmp(quantity, spectral_starts[i], strlen(spectral_starts[i])) == 0;
  if (strcmp(parameter, "lambda") == 0)
    return !is_spectral;
  return !is_among(quantity, stepless) || !is_among(parameter, of_step);
}

static bool is_theory(const plimi_figure_table *table, size_t row)
{
  return strcmp(plimi_figure_cell(table, row, "source"), "theory") == 0;
}

/* ---- what the rows have in common ---- */

const char *plimi_figure_parameter(const plimi_figure_table *table, size_t row, size_t parameter)
{
  const char *name = plimi_figure_parameters[parameter], *text = plimi_figure_cell(table, row, name);
  const double d = plimi_figure_number(table, row, "d"), here = plimi_figure_number(table, row, name);
  if (is_theory(table, row) || strncmp(name, "psi", 3) != 0)
    return text;
  /* psi of the integers drawn lies within 1/(2 d) of what was asked for */
  double least = 0.5 / d * (1.0 + 1e-9);
  for (size_t i = 0; i < table->count; i++) {
    const double asked = is_theory(table, i) ? plimi_figure_number(table, i, name) : NAN;
    if (fabs(asked - here) <= least) {
      least = fabs(asked - here);
      text = plimi_figure_cell(table, i, name);
    }
  }
  return text;
}

/* Is the row one of the picture? */
static bool is_drawn(const plimi_figure_table *table, size_t row)
{
  const char *source = plimi_figure_cell(table, row, "source");
  return strcmp(plimi_figure_cell(table, row, "status"), "ok") == 0 &&
         isfinite(plimi_figure_number(table, row, "value")) &&
         (strcmp(source, "theory") == 0 || strcmp(source, "simulation") == 0);
}

/* Up to so many different values are told apart: more than any figure has points. */
enum { MOST_KINDS = 512 };

static size_t kinds_of(const plimi_figure_table *table, size_t parameter)
{
  const char *seen[MOST_KINDS];
  size_t count = 0;
  for (size_t row = 0; row < table->count && count < MOST_KINDS; row++) {
    if (!is_drawn(table, row))
      continue;
    const char *text = plimi_figure_parameter(table, row, parameter);
    bool known = count > 0 && strcmp(seen[count - 1], text) == 0;
    for (size_t k = 0; k < count && !known; k++)
      known = strcmp(seen[k], text) == 0;
    if (!known)
      seen[count++] = text;
  }
  return count;
}

static bool has_d(const plimi_figure_table *table, size_t row)
{
  static const char *const at_finite_d[] = {"risk",    "train", "srf_risk", "srf_train", "any_m",
                                            "any_tau", "any_p", "any_v",    NULL};
  const char *quantity = plimi_figure_cell(table, row, "quantity");
  return plimi_figure_cell(table, row, "d")[0] != '\0' &&
         (!is_theory(table, row) || is_among(quantity, at_finite_d) ||
          plimi_figure_number(table, row, "eta_exponent") > 0.0);
}

/* ---- curves ---- */

static size_t parameter_of(const char *name)
{
  size_t i = 0;
  while (i + 1 < PLIMI_FIGURE_PARAMETERS && strcmp(plimi_figure_parameters[i], name) != 0)
    i++;
  return i;
}

static void add_part(char **key, const char *part)
{
  char *begun = plimi_join(*key, part);
  free(*key);
  *key = plimi_join(begun, "\037");
  free(begun);
}

/* The limit as it is at a fixed step, where the line is that of the real step. */
static bool is_beside(const plimi_curves *curves, size_t row, bool real_step)
{
  static const char *const limits[] = {"risk1", "train1", NULL};
  return is_theory(curves->table, row) && real_step && !curves->several_d &&
         is_among(plimi_figure_cell(curves->table, row, "quantity"), limits);
}

static char *key_of(const plimi_curves *curves, size_t row, bool real_step)
{
  const plimi_figure_table *table = curves->table;
  const char *quantity = plimi_figure_cell(table, row, "quantity");
  char *key = plimi_copy("");
  add_part(&key, family_of(quantity));
  add_part(&key, strncmp(quantity, "srf_", 4) == 0   ? "spiked"
                 : is_beside(curves, row, real_step) ? "beside"
                                                     : "");
  for (size_t i = 0; i < PLIMI_FIGURE_PARAMETERS; i++)
    if (curves->kinds[i] > 1 && strcmp(plimi_figure_parameters[i], curves->axis) != 0 &&
        depends(quantity, plimi_figure_parameters[i]))
      add_part(&key, plimi_figure_parameter(table, row, i));
  if (curves->several_d && strcmp(quantity, "lower_bound") != 0)
    add_part(&key, has_d(table, row) ? plimi_figure_cell(table, row, "d") : "inf");
  return key;
}

static plimi_curve *curve_of(plimi_curves *curves, size_t row, bool real_step)
{
  char *key = key_of(curves, row, real_step);
  for (size_t i = 0; i < curves->count; i++) {
    if (strcmp(curves->curves[i].key, key) == 0) {
      free(key);
      return &curves->curves[i];
    }
  }
  curves->curves = plimi_reallocate(curves->curves, curves->count + 1, sizeof *curves->curves);
  plimi_curve *made = &curves->curves[curves->count++];
  const size_t most = curves->table->count;
  *made = (plimi_curve){.key = key,
                        .row = row,
                        .spiked = strncmp(plimi_figure_cell(curves->table, row, "quantity"), "srf_", 4) == 0,
                        .beside = is_beside(curves, row, real_step),
                        .line = plimi_allocate(most, sizeof *made->line),
                        .points = plimi_allocate(most, sizeof *made->points)};
  return made;
}

static int by_x(const void *a, const void *b)
{
  const double x = ((const plimi_curve_point *)a)->x, y = ((const plimi_curve_point *)b)->x;
  return (x > y) - (x < y);
}

/* What the picture as a whole is of. True where there is a line of the real step. */
static bool survey(plimi_curves *curves)
{
  static const char *const axes[] = {
      "psi2", "lambda", "eta", "noise", "steps", "overlap", "extra", "eta_second", "eta_second_exponent"};
  static const char *const real[] = {"risk", "train", NULL};
  const plimi_figure_table *table = curves->table;
  const char *d = NULL, *family = NULL;
  bool real_step = false;
  for (size_t i = 0; i < PLIMI_FIGURE_PARAMETERS; i++)
    curves->kinds[i] = kinds_of(table, i);
  curves->axis = "psi1";
  for (size_t i = 0; i < sizeof axes / sizeof axes[0]; i++)
    if (curves->kinds[parameter_of(axes[i])] > curves->kinds[parameter_of(curves->axis)])
      curves->axis = axes[i];
  for (size_t row = 0; row < table->count; row++) {
    const char *quantity = plimi_figure_cell(table, row, "quantity");
    if (!is_drawn(table, row))
      continue;
    real_step = real_step || (is_theory(table, row) && is_among(quantity, real));
    if (strcmp(quantity, "lower_bound") != 0) {
      curves->several_families =
          curves->several_families || (family != NULL && strcmp(family, family_of(quantity)) != 0);
      family = family_of(quantity);
    }
    if (!has_d(table, row))
      continue;
    curves->several_d =
        curves->several_d || (d != NULL && strcmp(d, plimi_figure_cell(table, row, "d")) != 0);
    d = plimi_figure_cell(table, row, "d");
  }
  return real_step;
}

/* Along eta, a row with another exponent has its eta in other units. */
static bool is_of_another_unit(const plimi_curves *curves, size_t row)
{
  return strcmp(curves->axis, "eta") == 0 && curves->kinds[parameter_of("eta_exponent")] > 1 &&
         plimi_figure_number(curves->table, row, "eta_exponent") > 0.0;
}

void plimi_curves_make(plimi_figure_table *table, plimi_curves *curves)
{
  *curves = (plimi_curves){.table = table};
  const bool real_step = survey(curves);
  for (size_t row = 0; row < table->count; row++) {
    const plimi_curve_point point = {
        plimi_figure_number(table, row, curves->axis), plimi_figure_number(table, row, "value"),
        plimi_figure_number(table, row, "ci_low"), plimi_figure_number(table, row, "ci_high")};
    if (!is_drawn(table, row) || !isfinite(point.x))
      continue;
    if (is_of_another_unit(curves, row)) {
      curves->left_out++;
      continue;
    }
    plimi_curve *of = curve_of(curves, row, real_step);
    if (is_theory(table, row))
      of->line[of->line_count++] = point;
    else
      of->points[of->point_count++] = point;
  }
  for (size_t i = 0; i < curves->count; i++) {
    qsort(curves->curves[i].line, curves->curves[i].line_count, sizeof *curves->curves[i].line, by_x);
    qsort(curves->curves[i].points, curves->curves[i].point_count, sizeof *curves->curves[i].points, by_x);
  }
}

void plimi_curves_free(plimi_curves *curves)
{
  for (size_t i = 0; i < curves->count; i++) {
    free(curves->curves[i].key);
    free(curves->curves[i].line);
    free(curves->curves[i].points);
  }
  free(curves->curves);
}

static void begin_part(FILE *stream, bool *begun)
{
  fputs(*begun ? ", " : "", stream);
  *begun = true;
}

static bool takes(const plimi_figure_table *table, size_t parameter, const char *text)
{
  for (size_t row = 0; row < table->count; row++)
    if (is_drawn(table, row) && strcmp(plimi_figure_parameter(table, row, parameter), text) == 0)
      return true;
  return false;
}

static void put_symbol(FILE *stream, const char *quantity)
{
  const char *symbol = plimi_tex_label(quantity);
  if (symbol != NULL)
    fprintf(stream, "$%s$", symbol);
  else
    plimi_tex_text(stream, quantity);
}

/* "$eta = 2$", "tanh network", "steps 2" */
static void put_parameter(FILE *stream, const char *name, const char *text)
{
  const bool is_function = strcmp(name, "activation") == 0 || strcmp(name, "teacher") == 0;
  if (plimi_tex_label(name) != NULL) {
    fprintf(stream, "$%s = ", plimi_tex_label(name));
    plimi_tex_number(stream, strtod(text, NULL), NAN, 6);
    fputc('$', stream);
    return;
  }
  if (is_function) {
    plimi_tex_text(stream, strncmp(text, "expr:", 5) == 0 ? text + 5 : text);
    fputs(strcmp(name, "teacher") == 0 ? " teacher" : " network", stream);
    return;
  }
  if (strcmp(name, "ridge_batch") == 0) {
    fputs(strcmp(text, "same") == 0 ? "the same pairs" : "fresh pairs", stream);
    return;
  }
  if (strcmp(name, "inputs") == 0) {
    plimi_tex_text(stream, text);
    fputs(" inputs", stream);
    return;
  }
  plimi_tex_text(stream, name);
  fputc(' ', stream);
  plimi_tex_text(stream, text);
}

void plimi_curve_label(FILE *stream, const plimi_curves *curves, const plimi_curve *curve)
{
  const plimi_figure_table *table = curves->table;
  const char *quantity = plimi_figure_cell(table, curve->row, "quantity");
  bool begun = false;
  if (curves->several_families || strcmp(quantity, "lower_bound") == 0) {
    begin_part(stream, &begun);
    put_symbol(stream, family_of(quantity));
  }
  for (size_t i = 0; i < PLIMI_FIGURE_PARAMETERS; i++) {
    const char *name = plimi_figure_parameters[i], *text = plimi_figure_parameter(table, curve->row, i);
    const bool no_growth = strcmp(name, "eta_exponent") == 0 && strcmp(text, "0") == 0;
    /* a cell that is empty in some rows says nothing where it is the same in all others */
    if (curves->kinds[i] == 2 && takes(table, i, ""))
      continue;
    if (curves->kinds[i] <= 1 || strcmp(name, curves->axis) == 0 || !depends(quantity, name) ||
        text[0] == '\0' || no_growth)
      continue;
    begin_part(stream, &begun);
    put_parameter(stream, name, text);
  }
  if (curves->several_d && strcmp(quantity, "lower_bound") != 0) {
    begin_part(stream, &begun);
    if (has_d(table, curve->row))
      fprintf(stream, "$d = %s$", plimi_figure_cell(table, curve->row, "d"));
    else
      fputs("$d \\rightarrow \\infty$", stream);
  }
  if (curve->spiked || curve->beside) {
    begin_part(stream, &begun);
    fputs(curve->spiked ? "spiked features" : "$d \\rightarrow \\infty$ at fixed $\\eta$", stream);
  }
  if (!begun)
    put_symbol(stream, quantity);
}
