/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verified.h - what came of the claims of one plim verify, and its three formats. */
#ifndef PLIM_CLI_VERIFIED_H
#define PLIM_CLI_VERIFIED_H

#include <stdio.h>

#include "plim_claim.h"
#include "../options/claim_book.h"
#include "../options/settings.h"
#include "design.h"
#include "../terminal/message.h"

/* The columns of the CSV, one row a finding; the JSON's findings have the same names but for the first four, which
   stand with the claim: X(enumerator, name) */
#define PLIMI_FINDING_TABLE(X)                                                                               \
  X(PLIMI_FINDING_CLAIM, "claim")                                                                            \
  X(PLIMI_FINDING_CLAIM_VERDICT, "claim_verdict")                                                            \
  X(PLIMI_FINDING_STATUS, "status")                                                                          \
  X(PLIMI_FINDING_SOURCE, "source")                                                                          \
  X(PLIMI_FINDING_NAME, "finding")                                                                           \
  X(PLIMI_FINDING_AT, "point")                                                                               \
  X(PLIMI_FINDING_RELATION, "relation")                                                                      \
  X(PLIMI_FINDING_PREDICTED, "predicted")                                                                    \
  X(PLIMI_FINDING_MEASURED, "measured")                                                                      \
  X(PLIMI_FINDING_NUMERICAL, "numerical_error")                                                              \
  X(PLIMI_FINDING_MONTE_CARLO, "monte_carlo_error")                                                          \
  X(PLIMI_FINDING_DRIFT, "finite_size_drift")                                                                \
  X(PLIMI_FINDING_DIFFERENCE, "difference")                                                                  \
  X(PLIMI_FINDING_MARGIN, "margin")                                                                          \
  X(PLIMI_FINDING_P_AGREE, "p_agree")                                                                        \
  X(PLIMI_FINDING_P_DISAGREE, "p_disagree")                                                                  \
  X(PLIMI_FINDING_FIT_P, "fit_p")                                                                            \
  X(PLIMI_FINDING_D_MIN, "d_min")                                                                            \
  X(PLIMI_FINDING_D_MAX, "d_max")                                                                            \
  X(PLIMI_FINDING_VERDICT, "verdict")                                                                        \
  X(PLIMI_FINDING_CI_LOW, "ci_low")                                                                          \
  X(PLIMI_FINDING_CI_HIGH, "ci_high")                                                                        \
  X(PLIMI_FINDING_AGREE_MARGIN, "agree_margin")                                                              \
  X(PLIMI_FINDING_OVERTURNING, "overturning_term")                                                           \
  X(PLIMI_FINDING_WITHOUT_SMALLEST, "without_smallest")                                                      \
  X(PLIMI_FINDING_LOOKS, "looks")                                                                            \
  X(PLIMI_FINDING_GROWTH, "growth_needed")                                                                   \
  X(PLIMI_FINDING_WORDS, "words")                                                                            \
  X(PLIMI_FINDING_NEGLECTED, "neglected_bias")                                                               \
  X(PLIMI_FINDING_EFFECT, "effect")

#define PLIMI_FINDING_ENUM(code, name) code,
enum { PLIMI_FINDING_TABLE(PLIMI_FINDING_ENUM) PLIMI_FINDING_COLUMNS };
#undef PLIMI_FINDING_ENUM

/* Claims in the order asked for. Where `statuses` is not PLIM_OK the claim could not be measured and has no
   findings. */
typedef struct {
  const plimi_settings *settings;
  const plimi_claim_book *book; /* what the claims' numbers mean */
  size_t count;
  size_t *claims;
  plim_status *statuses;
  char **reasons; /* more than a status says, in words, or NULL */
  plim_claim_result *results;
  const plimi_design *design; /* or NULL */
} plimi_verified;

/* The finding in one sentence, for a paper. `level` is that of the family. */
void plimi_finding_words(const plim_finding *finding, double level, plimi_message *words);

/* Processor seconds by which an UNDECIDED claim would have to be drawn on; INFINITY where no number of replicas
   is known to settle it, 0 where it is decided. */
double plimi_seconds_needed(const plim_claim_result *result);

/* For plimi_output_request: `content` is a plimi_verified. */
void plimi_verified_write(const void *content, unsigned format, FILE *stream);

#endif
