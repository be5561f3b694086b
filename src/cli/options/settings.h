/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings.h - what the user asked for, after parsing: the effective configuration of one run of the program. */
#ifndef PLIM_CLI_SETTINGS_H
#define PLIM_CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "plim_activation.h"
#include "plim_problem.h"
#include "plim_quantity.h"

typedef struct {
  double *values;
  size_t count;
} plimi_numbers;

typedef struct {
  uint64_t *values;
  size_t count;
} plimi_integers;

/* Choices from a table of words, by position in it. */
typedef struct {
  unsigned *values;
  size_t count;
} plimi_choices;

typedef struct {
  plim_activation **values;
  size_t count;
} plimi_activations;

/* Laws of the readout; `atoms` is read where the law is PLIM_READOUT_ATOMS. */
typedef struct {
  plim_readout law;
  plim_atoms atoms;
} plimi_readout;
typedef struct {
  plimi_readout *values;
  size_t count;
} plimi_readouts;

/* Laws of the inputs. NULL is Gaussian, and a table that is still to be read from `file`. */
typedef struct {
  plim_inputs *inputs;
  char *file, *name; /* of a table; else NULL */
  bool whitened;
} plimi_inputs;
typedef struct {
  plimi_inputs *values;
  size_t count;
} plimi_inputs_list;

typedef struct {
  plim_quantity *values;
  size_t count;
  bool by_default; /* the command's own choice: quantities outside their domain are left out without a word */
  bool all;        /* everything the command can compute */
} plimi_quantities;

/* Journals whose replicas are brought together, and no other is drawn: plim merge, plim status. */
typedef struct {
  char **paths;
  size_t count;
  bool named;      /* by the user, who keeps them; else they are done with when FILE stands */
  bool only_looks; /* at what there is: nothing is written */
  bool so_far;     /* claims are judged on what there is, and all journals stay */
} plimi_gathering;

/* How the program was called, for the provenance file; and how to have it run another command of the same list. */
typedef struct plimi_invocation plimi_invocation;
struct plimi_invocation {
  char **words; /* the command line as given */
  size_t count;
  struct timespec started; /* CLOCK_MONOTONIC */
  /* argv[0] is the name of a command whose replicas are all in the files; argv is reordered. Its exit status. */
  int (*gather)(int argc, char **argv, const plimi_invocation *invocation, const plimi_gathering *files);
};

enum { PLIMI_FORMAT_TABLE, PLIMI_FORMAT_CSV, PLIMI_FORMAT_JSON, PLIMI_FORMAT_MACROS };
enum { PLIMI_OVER_LAMBDA, PLIMI_OVER_ETA };
enum { PLIMI_TIER_QUICK, PLIMI_TIER_FULL };
enum { PLIMI_PICTURE_TEX = 3 };
enum { PLIMI_DEVICE_CPU, PLIMI_DEVICE_CUDA, PLIMI_DEVICE_AUTO };
enum { PLIMI_RELATION_EQUAL, PLIMI_RELATION_AT_MOST, PLIMI_RELATION_AT_LEAST };
enum { PLIMI_BOUND_LOWER, PLIMI_BOUND_UPPER };
enum { PLIMI_MOST_OPTIONS = 128 }; /* room in `text`; the options table is checked against it */

typedef struct {
  /* the problem: each list is one factor of a product */
  plimi_numbers psi1, psi2, lambda, eta, eta_exponent, noise;
  plimi_numbers tolerance; /* of limits that are refined; one value */
  plimi_numbers dimension; /* --d where limits are computed: real, or inf */
  plimi_integers steps;
  plimi_activations activation, teacher;
  plimi_readouts readout;
  plimi_choices batch, ridge_batch;
  plimi_numbers eta_second, eta_second_exponent, overlap, extra,
      step_psi1; /* none: as plim_problem_default has them */
  plimi_inputs_list inputs;
  plimi_choices from, to; /* notations, as plimi_notations; `from` one value */
  /* the descent, one value each */
  plimi_numbers angle, loss;
  plimi_integers most_steps, paths;
  /* the search: what over (PLIMI_OVER_...), and between which two numbers each */
  plimi_choices over;
  plimi_numbers search_lambda, search_eta;
  /* the experiment */
  plimi_integers d; /* --d where dimensions are drawn */
  plimi_integers replicas, seed;
  plimi_integers threads, test_points; /* one value each */
  plimi_choices features;              /* one value */
  plimi_choices precision;             /* one value */
  plimi_choices device;                /* PLIMI_DEVICE_...; one value */
  plimi_integers bins;                 /* one value */
  /* the verdict, one value each */
  plimi_numbers margin, absolute_margin, level;
  plimi_numbers budget, power; /* how long a verdict is drawn for */
  /* a table that somebody gave, and what is stated of it */
  bool tabs;
  char *ignored, *joined;            /* names of columns */
  plimi_numbers predicted, exponent; /* one value each, or none */
  plimi_numbers rates;
  char *formula, *compared, *increasing, *decreasing;
  plimi_quantities against;
  plimi_choices relation, bound; /* PLIMI_RELATION_..., PLIMI_BOUND_...; one value */
  /* output */
  plimi_quantities quantities;
  plimi_choices format; /* of rows; empty: by the suffix of `output`, else a table */
  plimi_choices tier, pictures;
  char *output, *config, *directory, *claims, *size;
  bool resume, so_far, wide, no_title, with_host, all, quiet, verbose, help, version;
  plimi_integers shard;     /* which of how many, from 1; two values or none */
  plimi_numbers time_limit; /* seconds from the start of the program; INFINITY: as Slurm has it; or none */
  const plimi_gathering *gathering;   /* not an option: or NULL */
  const plimi_invocation *invocation; /* not an option */
  struct plim_device *opened; /* not an option: the device in use, released with the settings; or NULL */

  char *text[PLIMI_MOST_OPTIONS]; /* by position in the options table: the value as written, or NULL */
} plimi_settings;

#endif
