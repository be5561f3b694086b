/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row.h - one line of a result: a quantity at a point from one source. The columns and their order are part of
   the stable interface. */
#ifndef PLIM_CLI_ROW_H
#define PLIM_CLI_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_status.h"
#include "plim_value.h"

/* The one list of columns: X(enumerator, name). Rows end with the status; those of spectra, whose quantities
   belong to an interval of values, have three cells more, those of a descent two, those of a comparison what its
   verdicts say, those of optima four, those of a plan three and the margin. */
#define PLIMI_COLUMN_TABLE(X)                                                                                \
  X(PLIMI_QUANTITY, "quantity")                                                                              \
  X(PLIMI_SOURCE, "source")                                                                                  \
  X(PLIMI_VALUE, "value")                                                                                    \
  X(PLIMI_ERROR, "error")                                                                                    \
  X(PLIMI_STD, "std")                                                                                        \
  X(PLIMI_CI_LOW, "ci_low")                                                                                  \
  X(PLIMI_CI_HIGH, "ci_high")                                                                                \
  X(PLIMI_REPLICAS, "replicas")                                                                              \
  X(PLIMI_PSI1, "psi1")                                                                                      \
  X(PLIMI_PSI2, "psi2")                                                                                      \
  X(PLIMI_LAMBDA, "lambda")                                                                                  \
  X(PLIMI_ETA, "eta")                                                                                        \
  X(PLIMI_ETA_EXPONENT, "eta_exponent")                                                                      \
  X(PLIMI_N, "n")                                                                                            \
  X(PLIMI_D, "d")                                                                                            \
  X(PLIMI_WIDTH, "width")                                                                                    \
  X(PLIMI_ACTIVATION, "activation")                                                                          \
  X(PLIMI_TEACHER, "teacher")                                                                                \
  X(PLIMI_NOISE, "noise")                                                                                    \
  X(PLIMI_READOUT, "readout")                                                                                \
  X(PLIMI_STEPS, "steps")                                                                                    \
  X(PLIMI_BATCH, "batch")                                                                                    \
  X(PLIMI_ETA_SECOND, "eta_second")                                                                          \
  X(PLIMI_RIDGE_BATCH, "ridge_batch")                                                                        \
  X(PLIMI_OVERLAP, "overlap")                                                                                \
  X(PLIMI_EXTRA, "extra")                                                                                    \
  X(PLIMI_STEP_PSI1, "step_psi1")                                                                            \
  X(PLIMI_INPUTS, "inputs")                                                                                  \
  X(PLIMI_ETA_SECOND_EXPONENT, "eta_second_exponent")                                                        \
  X(PLIMI_SEED, "seed")                                                                                      \
  X(PLIMI_STATUS, "status")                                                                                  \
  X(PLIMI_SPECTRUM_NAME, "spectrum")                                                                         \
  X(PLIMI_LOW, "low")                                                                                        \
  X(PLIMI_HIGH, "high")                                                                                      \
  X(PLIMI_SCALING, "scaling")                                                                                \
  X(PLIMI_NEURON, "neuron")                                                                                  \
  X(PLIMI_VERDICT, "verdict")                                                                                \
  X(PLIMI_MARGIN, "margin")                                                                                  \
  X(PLIMI_P_AGREE, "p_agree")                                                                                \
  X(PLIMI_P_DISAGREE, "p_disagree")                                                                          \
  X(PLIMI_FIT_P, "fit_p")                                                                                    \
  X(PLIMI_AGREE_MARGIN, "agree_margin")                                                                      \
  X(PLIMI_OVERTURNING_TERM, "overturning_term")                                                              \
  X(PLIMI_NEGLECTED_BIAS, "neglected_bias")                                                                  \
  X(PLIMI_EFFECT, "effect")                                                                                  \
  X(PLIMI_PLACE, "place")                                                                                    \
  X(PLIMI_CERTIFICATE, "certificate")                                                                        \
  X(PLIMI_SEARCHED_LOW, "searched_low")                                                                      \
  X(PLIMI_SEARCHED_HIGH, "searched_high")                                                                    \
  X(PLIMI_SECONDS, "seconds")                                                                                \
  X(PLIMI_TOTAL_SECONDS, "total_seconds")                                                                    \
  X(PLIMI_SETTLED, "settled")

#define PLIMI_COLUMN_ENUM(code, name) code,
typedef enum { PLIMI_COLUMN_TABLE(PLIMI_COLUMN_ENUM) PLIMI_COLUMN_COUNT } plimi_column;
#undef PLIMI_COLUMN_ENUM
/* The parameters of the problem's batches and further steps, for lists of columns. */
#define PLIMI_FURTHER_PARAMETERS                                                                             \
  PLIMI_ETA_SECOND, PLIMI_RIDGE_BATCH, PLIMI_OVERLAP, PLIMI_EXTRA, PLIMI_STEP_PSI1, PLIMI_INPUTS,            \
      PLIMI_ETA_SECOND_EXPONENT

/* What a file's rows are of: bits. */
enum {
  PLIMI_OF_QUANTITIES = 0u,
  PLIMI_OF_SPECTRA = 1u << 0,
  PLIMI_OF_DESCENT = 1u << 1,
  PLIMI_OF_VERDICTS = 1u << 2,
  PLIMI_OF_OPTIMA = 1u << 3,
  PLIMI_OF_PLANS = 1u << 4
};

/* A cell is empty where the column does not apply. Text belongs to whoever filled the row and outlives it. */
typedef enum { PLIMI_CELL_EMPTY, PLIMI_CELL_TEXT, PLIMI_CELL_NUMBER, PLIMI_CELL_INTEGER } plimi_cell_kind;
typedef struct {
  plimi_cell_kind kind;
  union {
    const char *text;
    double number; /* finite */
    uint64_t integer;
  } is;
} plimi_cell;

/* Columns that a file has besides, named by whoever gave the data. */
typedef struct {
  const char *const *names;
  size_t count;
} plimi_further;

typedef struct {
  plimi_cell cells[PLIMI_COLUMN_COUNT];
  const plimi_cell *further; /* one for each further column of the file; outlives the output */
} plimi_row;

typedef enum {
  PLIMI_SOURCE_THEORY,
  PLIMI_SOURCE_SIMULATION,
  PLIMI_SOURCE_EXTRAPOLATION,
  PLIMI_SOURCE_PLAN
} plimi_source;

const char *plimi_column_name(plimi_column column);
bool plimi_column_belongs(plimi_column column, unsigned of); /* to a file whose rows are of `of` */
/* Is it neither the quantity nor a result: do all quantities of a point have the same there? */
bool plimi_column_tells_points(plimi_column column, unsigned of);
const char *plimi_source_name(plimi_source source);

void plimi_row_set_text(plimi_row *row, plimi_column column, const char *text);
void plimi_row_set_integer(plimi_row *row, plimi_column column, uint64_t integer);
void plimi_row_set_number(plimi_row *row, plimi_column column, double number); /* not finite: empty */
bool plimi_cell_equal(const plimi_cell *a, const plimi_cell *b);

/* The 95 % confidence interval of `number`, whose standard error has that many degrees of freedom. */
void plimi_row_set_interval(plimi_row *row, double number, double error, double degrees);

/* Does the cell say what plim does where nobody asks: a fresh ridge batch, as many pairs for the step, Gaussian inputs?
   Nobody wants to read that above a table. */
bool plimi_row_is_usual(const plimi_row *row, plimi_column column);

/* Do the rows differ there, and not in what is usual in both? */
bool plimi_row_tells_apart(const plimi_row *a, const plimi_row *b, plimi_column column);

/* The cells that say which problem it is. overlap and extra are filled where the ridge batch is the same, eta_second
   where there are two steps. `d` is filled where the problem has a finite one; the step itself is
   eta N^eta_exponent. */
void plimi_row_set_problem(plimi_row *row, const plim_problem *problem);
void plimi_row_set_size(plimi_row *row, const plim_size *size); /* the integers drawn */

/* Quantity, source, status and the number: value and error only where `status` is PLIM_OK. Every number that is
   not finite turns the row's status into not_finite. Returns the status the row carries. */
plim_status plimi_row_set_limit(plimi_row *row, plim_quantity quantity, plim_status status,
                                const plim_value *value);
plim_status plimi_row_set_estimate(plimi_row *row, plim_quantity quantity, plim_status status,
                                   const plim_estimate *estimate);

#endif
