/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_figures.c - plim figures: the data and pictures of the paper's figures.

   figures/NAME.ini holds a [theory] and a [simulate] section, each with more for one tier in [theory quick],
   [simulate full] and so on, and [figure] with a title. Both are computed into DIR/NAME.csv, which NAME.gp draws. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "commands.h"
#include "figure_files.h"
#include "interrupt.h"
#include "work.h"
#include "writers.h"

static const char *const known_sections[] = {"figure",   "theory",         "theory quick",  "theory full",
                                             "simulate", "simulate quick", "simulate full", NULL};
static const char *const theory_sections[][3] = {{"theory", "theory quick", NULL},
                                                 {"theory", "theory full", NULL}};
static const char *const simulate_sections[][3] = {{"simulate", "simulate quick", NULL},
                                                   {"simulate", "simulate full", NULL}};

typedef struct {
  plimi_settings theory, simulate;
} figure_settings;

static int read_figure(const plimi_settings *settings, const char *name, figure_settings *figure)
{
  const unsigned tier = settings->tier.values[0];
  char *path = plimi_figure_path(name, ".ini");
  plimi_settings_default(&figure->theory, PLIMI_THEORY);
  plimi_settings_default(&figure->simulate, PLIMI_SIMULATE);
  int status = plimi_config_read(path, PLIMI_THEORY, theory_sections[tier], known_sections, &figure->theory);
  if (status == PLIM_EXIT_DONE)
    status =
        plimi_config_read(path, PLIMI_SIMULATE, simulate_sections[tier], known_sections, &figure->simulate);
  free(path);
  figure->theory.invocation = figure->simulate.invocation = settings->invocation;
  plimi_choose_limits(&figure->theory.quantities);
  plimi_choose_measurements(&figure->simulate.quantities, false);
  if (settings->threads.count > 0) { /* the command line speaks for every figure */
    free(figure->simulate.threads.values);
    figure->simulate.threads.values = plimi_allocate(1, sizeof *figure->simulate.threads.values);
    figure->simulate.threads.values[0] = settings->threads.values[0];
    figure->simulate.threads.count = 1;
  }
  plimi_choose_threads(&figure->simulate);
  return status;
}

/* Theory and simulation into the file at `path`. */
static int compute(const figure_settings *figure, const char *path, bool resume)
{
  const plimi_part parts[] = {{PLIMI_THEORY, "theory", &figure->theory},
                              {PLIMI_SIMULATE, "simulate", &figure->simulate}};
  const plimi_output_request request = {.command = "figures",
                                        .parts = parts,
                                        .part_count = 2,
                                        .path = path,
                                        .format = PLIMI_FORMAT_CSV,
                                        .late = true};
  plimi_campaign campaign;
  plimi_output *output = NULL;
  plimi_journal *journal = NULL;
  plimi_outcome outcome = {.rows = 0};
  if (resume && plimi_provenance_matches(&request))
    return PLIM_EXIT_DONE; /* of several figures, those that were finished before the interruption */
  int status = plimi_campaign_begin(&campaign, &figure->simulate);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open_with_journal(&request, resume, &output, &journal);
  if (status != PLIM_EXIT_DONE)
    return status;
  campaign.journal = journal;
  plim_status stopped = plimi_theory_rows(&figure->theory, output, &outcome) ? PLIM_OK : PLIM_INTERRUPTED;
  if (stopped == PLIM_OK)
    stopped = plimi_simulation_rows(&campaign, output, &outcome);
  plimi_campaign_end(&campaign);
  status = stopped == PLIM_OK ? plimi_outcome_exit_status(&outcome) : PLIM_EXIT_FAILED;
  return plimi_conclude(output, journal, stopped, status, NULL, 0);
}

static char *path_in(const char *folder, const char *name, const char *suffix)
{
  char *with_slash = plimi_join(folder, "/"), *stem = plimi_join(with_slash, name);
  char *path = plimi_join(stem, suffix);
  free(with_slash);
  free(stem);
  return path;
}

static int draw(const plimi_settings *settings, const char *name, const char *csv)
{
  static const char *const suffixes[] = {".svg", ".pdf", ".png"}; /* as in the options table */
  int worst = PLIM_EXIT_DONE;
  for (size_t i = 0; i < settings->pictures.count; i++) {
    const char *suffix = suffixes[settings->pictures.values[i]];
    char *picture = path_in(settings->directory, name, suffix);
    const int status = plimi_figure_draw(name, csv, picture, suffix + 1);
    if (status == PLIM_EXIT_DONE)
      printf("%s\n", picture);
    worst = status > worst ? status : worst;
    free(picture);
  }
  return worst;
}

static int make_figure(const plimi_settings *settings, const char *name)
{
  figure_settings figure;
  char *csv = path_in(settings->directory, name, ".csv");
  int status = read_figure(settings, name, &figure);
  if (status == PLIM_EXIT_DONE)
    status = compute(&figure, csv, settings->resume);
  if (!plimi_interrupted() && (status == PLIM_EXIT_DONE || status == PLIM_EXIT_FAILED)) {
    const int drawn = draw(settings, name, csv); /* a figure with a failed point is still worth seeing */
    status = drawn > status ? drawn : status;
  }
  plimi_settings_free(&figure.theory);
  plimi_settings_free(&figure.simulate);
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
  if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)))
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
  int worst = check_names(wanted, count, &known);
  if (worst == PLIM_EXIT_DONE)
    worst = make_folder(settings->directory);
  if (worst == PLIM_EXIT_DONE) {
    plimi_interrupt_catch();
    for (size_t i = 0; i < count && !plimi_interrupted(); i++) {
      const int status = make_figure(settings, wanted[i]);
      worst = status > worst ? status : worst;
    }
  }
  plimi_figure_names_free(&known);
  return worst;
}
