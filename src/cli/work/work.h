/* SPDX-License-Identifier: GPL-3.0-or-later */
/* work.h - turning settings into rows: what theory, simulate, compare and figures have in common. */
#ifndef PLIM_CLI_WORK_H
#define PLIM_CLI_WORK_H

#include "../output/journal.h"
#include "../output/output.h"
#include "plim_descent.h"
#include "plim_simulation.h"
#include "plim_theory.h"
#include "../options/product.h"
#include "../terminal/progress.h"
#include "share.h"

/* What has come of the rows so far. */
typedef struct {
  size_t rows;
  size_t failures;      /* rows asked for without a value, and not because the answer is infinity */
  const char *failed;   /* the first of them */
  plim_status failure;  /* and why */
  double attainable;    /* the --tol with which it has a value; 0: none is known */
  const char *would_do; /* an option with which the statement covers the problem, or NULL */
  size_t verdicts, undecided, withheld;
  const char *first_withheld, *why_withheld; /* its quantity and the reason */
  bool disagrees;                            /* a verdict is DISAGREE */
} plimi_outcome;

/* `asked`: the quantity was named on the command line, so that being outside its domain is a failure. */
void plimi_outcome_note(plimi_outcome *outcome, plim_quantity quantity, plim_status status, bool asked);
/* The same for a limit, with what plim_theory_attainable said right after it: the tolerance that would do. */
void plimi_outcome_note_limit(plimi_outcome *outcome, plim_quantity quantity, plim_status status, bool asked,
                              double attainable);
/* Where that was the first failure, and a limit outside its domain: find one option that stands in the way. */
void plimi_outcome_explain(plimi_outcome *outcome, plim_theory *theory, plim_quantity quantity,
                           const plim_problem *problem);
/* The same for what is no quantity of the list but was asked for. */
void plimi_outcome_note_named(plimi_outcome *outcome, const char *name, plim_status status);

/* Also says on stderr what failed, and how many verdicts decide nothing. */
int plimi_outcome_exit_status(const plimi_outcome *outcome);

/* Put the quantities to compute into the settings where the user did not name them (or said "all"). */
void plimi_choose_limits(plimi_quantities *quantities);
void plimi_choose_measurements(plimi_quantities *quantities, bool with_limit);

/* The processors this process may use, where the user did not say. */
void plimi_choose_threads(plimi_settings *settings);

/* Open what --device asks for: PLIM_EXIT_DONE, or a message with what was tried and an exit status. */
int plimi_choose_device(plimi_settings *settings);

int plimi_too_many_points(void); /* message and exit status */

/* Every limit at every point of the product, as rows. False when interrupted. */
bool plimi_theory_rows(const plimi_settings *settings, plimi_output *output, plimi_outcome *outcome);

/* The limit of one quantity; a quantity without one is outside its domain, want of memory ends the program. */
plim_status plimi_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                        plim_value *value);

/* Does a step's size grow with N? */
bool plimi_grows(const plim_problem *problem);

/* How far the step moves that limit from its value at eta = 0; NAN: it does not, or there is none. */
double plimi_effect_of_step(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                            double limit);

/* The simulations of one command: a run for each point of the product and each dimension. */
typedef struct {
  const plimi_settings *settings;
  plimi_product product;                       /* penalties apart */
  plim_quantity measured[PLIM_QUANTITY_COUNT]; /* those of the settings that can be */
  size_t measured_count;
  plimi_journal *journal; /* or NULL */
  plimi_share *share;     /* NULL: all is drawn here */
  bool grows;             /* the same runs are drawn again with more replicas: the journal is to remember */
  plimi_progress progress;
} plimi_campaign;

/* Estimates of one run, for quantity k of `measured` and penalty l at [k * lambda.count + l]. */
typedef struct {
  plim_problem problem; /* at the size drawn; lambda is the first of the path */
  plim_size size;
  uint64_t replicas, seed;
  size_t drawn; /* so many of the replicas the progress was told of when they were drawn before */
  plim_estimate *estimates;
  plim_status *statuses;
} plimi_run;

/* On stderr, where inputs are not Gaussian: that the limits are. For commands that show both. */
void plimi_tell_universality(const plimi_settings *settings);
/* Check every size before any work begins: PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_campaign_begin(plimi_campaign *campaign, const plimi_settings *settings);
/* Of that the part about the inputs, for what is measured besides the quantities of the settings. */
int plimi_campaign_check_inputs(const plimi_campaign *campaign, const plim_measurement *measured);
/* Open the output, beside a file its journal, and find which share of the work is done here (NULL: all). The journal is
   what was gathered, where that is the work. PLIM_EXIT_DONE, or a message and an exit status. */
typedef struct {
  plimi_output *output;
  plimi_journal *journal; /* or NULL */
  plimi_share *share;     /* or NULL */
} plimi_destinations;
int plimi_output_open_with_journal(plimi_output_request *request, const plimi_settings *settings,
                                   plimi_destinations *to);
/* The run of dimension `d_index` of point `point_index`: problem, size, seed, the replicas of the point; no
   estimates. */
plim_status plimi_campaign_plan(const plimi_campaign *campaign, size_t point_index, size_t d_index,
                                plimi_run *run) PLIM_MUST_CHECK;
/* Draw the replicas of a run, those anew that the journal does not know; its estimates then take the place of older
   ones. PLIM_OK although single estimates may have failed; PLIM_INTERRUPTED, PLIM_FAILED (the journal could not be
   written), PLIM_NO_MEMORY, and the run is as it was. */
plim_status plimi_campaign_draw(plimi_campaign *campaign, plimi_run *run) PLIM_MUST_CHECK;
void plimi_run_free(plimi_run *run); /* its estimates */
/* A whole spectrum in place of estimates: *values, to be freed, has N values a replica. Statuses as above; where the
   simulation itself failed, statuses[0] says so. */
plim_status plimi_campaign_spectrum(plimi_campaign *campaign, size_t point_index, size_t d_index,
                                    plim_spectrum spectrum, plimi_run *run, double **values) PLIM_MUST_CHECK;
void plimi_campaign_end(plimi_campaign *campaign);
/* What the library is asked for at a run's size. */
plim_simulation plimi_campaign_simulation(const plimi_campaign *campaign, const plimi_run *run);

/* The estimate of quantity number `quantity` of the settings at penalty `lambda`, as a row; its status. */
plim_status plimi_run_row(const plimi_campaign *campaign, const plimi_run *run, size_t quantity,
                          size_t lambda, plimi_row *row);
/* The estimate itself, or NULL where the quantity was not measured. */
const plim_estimate *plimi_run_estimate(const plimi_campaign *campaign, const plimi_run *run, size_t quantity,
                                        size_t lambda);

/* A spectrum at every point and size: point mass, support, largest value, histogram and density, as rows. */
plim_status plimi_spectrum_rows(plimi_campaign *campaign, plim_spectrum spectrum, plimi_output *output,
                                plimi_outcome *outcome) PLIM_MUST_CHECK;

/* Descents of every point and size: how the loss fell, and the paths of some neurons, as rows. */
plim_status plimi_descent_rows(plimi_campaign *campaign, plim_scaling scaling, plimi_output *output,
                               plimi_outcome *outcome) PLIM_MUST_CHECK;

/* Every estimate of the campaign as rows. Like plimi_campaign_draw's statuses. */
plim_status plimi_simulation_rows(plimi_campaign *campaign, plimi_output *output,
                                  plimi_outcome *outcome) PLIM_MUST_CHECK;

/* The end of a command that draws: say what stopped it, write or drop the output, close the journal, release the share.
   Takes the exit status so far and returns the final one. */
int plimi_conclude(const plimi_destinations *to, plim_status stopped, int status,
                   const plimi_judged *verdicts, size_t verdict_count);

#endif
