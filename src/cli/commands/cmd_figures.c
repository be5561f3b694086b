/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_figures.c - plim figures: the data and pictures of the paper's figures.

   figures/NAME.ini has one or more of the sections [theory], [theory limit] (limits at other points), [simulate],
   [spectrum weights], [spectrum kernel], [descent mean-field] and [descent ntk], each with more for one tier in
   [theory quick], [simulate full] and so on, and [figure] with a title. All are computed into DIR/NAME.csv, which
   NAME.gp draws or, where there is none, the script of the first of these kinds that the file has. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../options/config_file.h"
#include "../options/inputs_file.h"
#include "../options/reconcile.h"
#include "commands.h"
#include "figure_files.h"
#include "../terminal/interrupt.h"
#include "../terminal/ranks.h"
#include "../work/work.h"
#include "../output/writers.h"

#define TIERS(name)                                                                                          \
  {                                                                                                          \
    {name, name " quick", NULL},                                                                             \
    {                                                                                                        \
      name, name " full", NULL                                                                               \
    }                                                                                                        \
  }

/* What a section of a figure's file stands for. */
typedef struct {
  plimi_command command;
  unsigned which;             /* plim_spectrum of PLIMI_SPECTRUM, plim_scaling of PLIMI_DESCENT */
  const char *script;         /* draws a figure of such a section that has no script of its own */
  const char *sections[2][3]; /* by tier; the first is its name */
} part_kind;

static const part_kind kinds[] = {
    {PLIMI_THEORY, 0, "curves.gp", TIERS("theory")},
    {PLIMI_THEORY, 0, "curves.gp", TIERS("theory limit")},
    {PLIMI_SIMULATE, 0, "curves.gp", TIERS("simulate")},
    {PLIMI_SPECTRUM, PLIM_SPECTRUM_WEIGHTS, "spectrum.gp", TIERS("spectrum weights")},
    {PLIMI_SPECTRUM, PLIM_SPECTRUM_KERNEL, "spectrum.gp", TIERS("spectrum kernel")},
    {PLIMI_DESCENT, PLIM_SCALING_MEAN_FIELD, "2.gp", TIERS("descent mean-field")},
    {PLIMI_DESCENT, PLIM_SCALING_NTK, "2.gp", TIERS("descent ntk")},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* The parts that the file of one figure has, in the order above. */
typedef struct {
  const part_kind *kind[KINDS];
  plimi_settings settings[KINDS];
  size_t count;
} figure_parts;

static void free_parts(figure_parts *figure)
{
  for (size_t i = 0; i < figure->count; i++)
    plimi_settings_free(&figure->settings[i]);
}

static void prepare(plimi_settings *settings, plimi_command command, const plimi_settings *program)
{
  settings->invocation = program->invocation;
  if (command == PLIMI_THEORY)
    plimi_choose_limits(&settings->quantities);
  else if (command == PLIMI_SIMULATE)
    plimi_choose_measurements(&settings->quantities, false);
  if (command == PLIMI_THEORY)
    return;
  if (program->threads.count > 0) { /* the command line speaks for every figure */
    free(settings->threads.values);
    settings->threads.values = plimi_allocate(1, sizeof *settings->threads.values);
    settings->threads.values[0] = program->threads.values[0];
    settings->threads.count = 1;
  }
  plimi_choose_threads(settings);
}

static int read_figure(const plimi_settings *settings, const char *name, figure_parts *figure)
{
  const char *known[1 + 3 * KINDS + 1] = {"figure"};
  size_t known_count = 1;
  for (size_t i = 0; i < KINDS; i++) {
    known[known_count++] = kinds[i].sections[0][0];
    known[known_count++] = kinds[i].sections[0][1];
    known[known_count++] = kinds[i].sections[1][1];
  }
  static const char *const no_section[] = {NULL};
  plimi_message why;
  char *path = plimi_figure_path(name, ".ini");
  plimi_settings common = {.help = false};
  int status = plimi_config_read(path, PLIMI_FIGURES, no_section, known, &common); /* are all names known? */
  plimi_settings_free(&common);
  figure->count = 0;
  for (size_t i = 0; i < KINDS && status == PLIM_EXIT_DONE; i++) {
    const char *const *sections = kinds[i].sections[settings->tier.values[0]];
    if (!plimi_config_has_section(path, sections[0]))
      continue;
    plimi_settings *part = &figure->settings[figure->count];
    figure->kind[figure->count++] = &kinds[i];
    plimi_settings_default(part, kinds[i].command);
    status = plimi_config_read(path, kinds[i].command, sections, known, part);
    if (status == PLIM_EXIT_DONE && !plimi_settings_agree(part, &why)) {
      plimi_complain("%s: [%s]: %s", path, sections[0], why.text);
      status = PLIM_EXIT_USAGE;
    }
    if (status == PLIM_EXIT_DONE)
      status = plimi_inputs_load(part);
    if (status == PLIM_EXIT_DONE)
      prepare(part, kinds[i].command, settings);
    if (status == PLIM_EXIT_DONE && settings->gathering == NULL)
      status = plimi_choose_device(part);
  }
  if (status == PLIM_EXIT_DONE && figure->count == 0) {
    plimi_complain(
        "%s has nothing to compute: no [theory], [simulate], [spectrum ...] or [descent ...] section", path);
    status = PLIM_EXIT_USAGE;
  }
  free(path);
  return status;
}

/* The rows of one part. */
static plim_status compute_part(const part_kind *kind, const plimi_settings *settings,
                                const plimi_destinations *to, plimi_outcome *outcome)
{
  plimi_campaign campaign;
  plim_status status = PLIM_OK;
  if (kind->command == PLIMI_THEORY)
    return plimi_theory_rows(settings, to->output, outcome) ? PLIM_OK : PLIM_INTERRUPTED;
  if (plimi_campaign_begin(&campaign, settings) != PLIM_EXIT_DONE)
    return PLIM_INVALID; /* which was looked at beforehand */
  campaign.journal = to->journal;
  campaign.share = to->share;
  if (kind->command == PLIMI_SIMULATE)
    status = plimi_simulation_rows(&campaign, to->output, outcome);
  else if (kind->command == PLIMI_SPECTRUM)
    status = plimi_spectrum_rows(&campaign, (plim_spectrum)kind->which, to->output, outcome);
  else
    status = plimi_descent_rows(&campaign, (plim_scaling)kind->which, to->output, outcome);
  plimi_campaign_end(&campaign);
  return status;
}

/* Are the sizes of every part acceptable? PLIM_EXIT_DONE, or a message and an exit status. */
static int check_sizes(const figure_parts *figure)
{
  for (size_t i = 0; i < figure->count; i++) {
    plimi_campaign campaign;
    if (figure->kind[i]->command == PLIMI_THEORY)
      continue;
    const int status = plimi_campaign_begin(&campaign, &figure->settings[i]);
    if (status != PLIM_EXIT_DONE)
      return status;
    plimi_campaign_end(&campaign);
  }
  return PLIM_EXIT_DONE;
}

/* All parts into the file at `path`. */
static int compute(const figure_parts *figure, const char *name, const char *path,
                   const plimi_settings *settings)
{
  const plimi_part program = {PLIMI_FIGURES, "figures", settings};
  char *const operand = (char *)name;
  plimi_part parts[KINDS];
  unsigned of = PLIMI_OF_QUANTITIES;
  for (size_t i = 0; i < figure->count; i++) {
    const part_kind *kind = figure->kind[i];
    parts[i] = (plimi_part){kind->command, kind->sections[0][0], &figure->settings[i]};
    of |= kind->command == PLIMI_SPECTRUM ? PLIMI_OF_SPECTRA : 0;
    of |= kind->command == PLIMI_DESCENT ? PLIMI_OF_DESCENT : 0;
  }
  plimi_output_request request = {.command = "figures",
                                  .operands = &operand,
                                  .operand_count = 1,
                                  .program = &program,
                                  .parts = parts,
                                  .part_count = figure->count,
                                  .path = path,
                                  .format = PLIMI_FORMAT_CSV,
                                  .late = true,
                                  .of = of};
  plimi_destinations to = {.output = NULL};
  plimi_outcome outcome = {.rows = 0};
  if (settings->resume && plimi_ranks_agree(plimi_ranks_is_first() && plimi_provenance_matches(&request)))
    return PLIM_EXIT_DONE; /* of several figures, those that were finished before the interruption */
  int status = check_sizes(figure);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open_with_journal(&request, settings, &to);
  if (status != PLIM_EXIT_DONE)
    return status;
  plim_status stopped = PLIM_OK;
  for (size_t i = 0; i < figure->count && stopped == PLIM_OK; i++) {
    stopped = compute_part(figure->kind[i], &figure->settings[i], &to, &outcome);
    if (stopped == PLIM_INTERRUPTED && plimi_share_is_divided(to.share) && !plimi_share_is_over(to.share) &&
        !plimi_interrupted())
      stopped = PLIM_OK; /* others draw what is lacking of this part */
  }
  stopped = plimi_share_status(to.share, stopped);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(&to, stopped, status, NULL, 0);
}

static int draw(const plimi_settings *settings, const char *name, const plimi_drawing *drawing)
{
  static const char *const suffixes[] = {".svg", ".pdf", ".png"}; /* as in the options table */
  int worst = PLIM_EXIT_DONE;
  for (size_t i = 0; i < settings->pictures.count; i++) {
    if (settings->pictures.values[i] == PLIMI_PICTURE_TEX) {
      const int written = plimi_figure_write_tex(drawing, settings->directory, name);
      worst = written > worst ? written : worst;
      continue;
    }
    const char *suffix = suffixes[settings->pictures.values[i]];
    char *picture = plimi_path_in(settings->directory, name, suffix);
    const int status = plimi_figure_draw(drawing, picture, suffix + 1);
    if (status == PLIM_EXIT_DONE)
      printf("%s\n", picture);
    worst = status > worst ? status : worst;
    free(picture);
  }
  return worst;
}

/* WIDTHxHEIGHT and a unit. PLIM_EXIT_DONE, or a message and PLIM_EXIT_USAGE. */
static int read_size(const char *text, plimi_drawing *drawing)
{
  static const struct {
    const char *unit;
    double inches;
  } units[] = {{"in", 1.0}, {"cm", 1.0 / 2.54}, {"mm", 1.0 / 25.4}, {"pt", 1.0 / 72.27}};
  const double least = 0.5, most = 100.0; /* inches */
  char *rest = NULL;
  if (text == NULL)
    return PLIM_EXIT_DONE;
  const double width = strtod(text, &rest), height = *rest == 'x' ? strtod(rest + 1, &rest) : 0.0;
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    const double w = width * units[i].inches, h = height * units[i].inches;
    if (strcmp(rest, units[i].unit) != 0 || !(w >= least && w <= most && h >= least && h <= most))
      continue;
    drawing->width = w;
    drawing->height = h;
    return PLIM_EXIT_DONE;
  }
  plimi_complain(
      "--size: '%s' is not accepted; give WIDTHxHEIGHT with in, cm, mm or pt behind, from 0.5in to 100in: "
      "3.25x2.2in",
      text);
  return PLIM_EXIT_USAGE;
}

/* Paths and histograms are gnuplot's alone, and a name is to stand in a document as it is: said before anything is
   computed. */
static int check_tex(const plimi_settings *settings, const char *name, const figure_parts *figure)
{
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-_";
  for (size_t i = 0; i < settings->pictures.count; i++) {
    if (settings->pictures.values[i] == PLIMI_PICTURE_TEX && name[strspn(name, plain)] != '\0') {
      plimi_complain("--format: for tex a figure's name has letters, digits and . + - _ alone: '%s'", name);
      return PLIM_EXIT_USAGE;
    }
    for (size_t k = 0; k < figure->count; k++) {
      if (settings->pictures.values[i] != PLIMI_PICTURE_TEX ||
          (figure->kind[k]->command & (PLIMI_SPECTRUM | PLIMI_DESCENT)) == 0)
        continue;
      plimi_complain("--format: tex draws curves, and the figure %s has %s; give svg, pdf or png for it",
                     name, figure->kind[k]->command == PLIMI_SPECTRUM ? "spectra" : "paths of neurons");
      return PLIM_EXIT_USAGE;
    }
  }
  return PLIM_EXIT_DONE;
}

/* Of a shard there is no picture, and who only looks makes none. */
static bool makes_pictures(const plimi_settings *settings)
{
  return plimi_ranks_is_first() && !plimi_interrupted() && settings->shard.count == 0 &&
         (settings->gathering == NULL || !settings->gathering->only_looks);
}

static int make_figure(const plimi_settings *settings, const char *name)
{
  figure_parts figure;
  char *csv = plimi_path_in(settings->directory, name, ".csv"), *script = NULL;
  int status = read_figure(settings, name, &figure);
  if (status == PLIM_EXIT_DONE)
    status = check_tex(settings, name, &figure);
  if (status == PLIM_EXIT_DONE) {
    script = plimi_figure_script(name, figure.kind[0]->script);
    status = script != NULL ? compute(&figure, name, csv, settings) : PLIM_EXIT_FILE;
  }
  if (makes_pictures(settings) && (status == PLIM_EXIT_DONE || status == PLIM_EXIT_FAILED)) {
    char *title;
    const int read = plimi_figure_title(name, &title);
    status = read > status ? read : status;
    plimi_drawing drawing = {.script = script, .csv = csv, .title = title, .titled = !settings->no_title};
    (void)read_size(settings->size, &drawing);        /* which was looked at beforehand */
    const int drawn = draw(settings, name, &drawing); /* a figure with a failed point is still worth seeing */
    status = drawn > status ? drawn : status;
    free(title);
  }
  free_parts(&figure);
  free(script);
  free(csv);
  return status;
}

static int check_names(char **wanted, size_t count, const plimi_figure_names *known)
{
  for (size_t i = 0; i < count; i++) {
    bool found = false;
    for (size_t k = 0; k < known->count; k++)
      found = found || strcmp(wanted[i], known->names[k]) == 0;
    if (found)
      continue;
    const char *nearest = plimi_nearest(wanted[i], (const char *const *)known->names, known->count);
    plimi_complain("figures: there is no figure '%s'; %s%s%s", wanted[i],
                   nearest != NULL ? "did you mean " : "see `plim list figures`",
                   nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

static int make_folder(const char *path)
{
  struct stat status;
  if (!plimi_ranks_is_first() || mkdir(path, 0777) == 0 ||
      (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)))
    return PLIM_EXIT_DONE;
  plimi_complain("--out: %s cannot be made: %s", path, strerror(errno));
  return PLIM_EXIT_FILE;
}

int plimi_cmd_figures(plimi_settings *settings, char **operands, size_t operand_count)
{
  plimi_figure_names known;
  if (!plimi_figure_names_find(&known))
    return PLIM_EXIT_FILE;
  char **wanted = operand_count > 0 ? operands : known.names;
  const size_t count = operand_count > 0 ? operand_count : known.count;
  plimi_drawing size;
  int worst = read_size(settings->size, &size);
  if (worst == PLIM_EXIT_DONE)
    worst = check_names(wanted, count, &known);
  if (worst == PLIM_EXIT_DONE)
    worst = make_folder(settings->directory);
  if (worst == PLIM_EXIT_DONE) {
    plimi_interrupt_catch();
    for (size_t i = 0; i < count && !plimi_interrupted() && worst != PLIM_EXIT_UNFINISHED; i++) {
      const int status = make_figure(settings, wanted[i]);
      worst = status > worst ? status : worst;
    }
  }
  plimi_figure_names_free(&known);
  return worst;
}
