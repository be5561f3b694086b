/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resolvents.c - claims about what every risk after W0 is made of, the effective ridge and the degrees of freedom, and
   about no penalty at all. */
#include "claims.h"
#include "points.h"

#define WITHIN(experiment, quantity, penalty, text, margin)                                                  \
  {                                                                                                          \
    .what = text, .of = {(experiment), (quantity), (penalty)}, .relative_margin = (margin), .rates = { 1.0 } \
  }

/* ---- effective-ridge ---- */

static const plimi_experiment ridges[] = {
    {.at = {PLIMI_POINT_A(0.0)},
     PLIMI_MEASURE(PLIM_KAPPA, PLIM_DF2),
     .first = 2,
     .sizes = 4,
     .effort = 30000,
     .n_path = 2,
     .path = {0.0137, 0.77}},
    {.at = {PLIMI_POINT_B(0.0)},
     PLIMI_MEASURE(PLIM_KAPPA, PLIM_DF2),
     .first = 2,
     .sizes = 4,
     .effort = 30000,
     .n_path = 2,
     .path = {0.0617, 1.3}},
};
#define KAPPA(experiment, penalty) WITHIN(experiment, PLIM_KAPPA, penalty, "kappa", 0.005)
#define GAMMA(experiment, penalty) WITHIN(experiment, PLIM_DF2, penalty, "gamma", 0.01)
static const plimi_row ridge_rows[] = {KAPPA(0, 0), KAPPA(0, 1), KAPPA(1, 0), KAPPA(1, 1),
                                       GAMMA(0, 0), GAMMA(0, 1), GAMMA(1, 0), GAMMA(1, 1)};

/* ---- ridgeless ---- */

/* More samples than neurons: least squares. Fewer: the least readout that interpolates. */
enum { SQUARES, INTERPOLATION, INPUTS };
static const plimi_experiment free_of_penalty[] = {
    [SQUARES] = {.at = {.activation = "tanh",
                        .teacher = PLIMI_TEACHER_A,
                        .n = 62,
                        .d = 13,
                        .width = 17,
                        .noise = 0.253},
                 PLIMI_MEASURE(PLIM_RISK0, PLIM_TRAIN0),
                 .first = 2,
                 .sizes = 4,
                 .effort = 60000},
    [INTERPOLATION] = {.at = {.activation = "erf",
                              .teacher = PLIMI_TEACHER_B,
                              .n = 11,
                              .d = 13,
                              .width = 53,
                              .noise = 0.531},
                       PLIMI_MEASURE(PLIM_RISK0, PLIM_KAPPA, PLIM_DF2),
                       .first = 2,
                       .sizes = 4,
                       .effort = 60000},
    [INPUTS] = {.at = {.activation = "tanh",
                       .teacher = PLIMI_TEACHER_A,
                       .n = 47,
                       .d = 13,
                       .width = 29,
                       .noise = 0.253},
                PLIMI_MEASURE(PLIM_LINEAR_RIDGE),
                .first = 2,
                .sizes = 4,
                .effort = 60000},
};
static const plimi_row free_rows[] = {
    WITHIN(SQUARES, PLIM_RISK0, 0, "R0, least squares", 0.03),
    WITHIN(SQUARES, PLIM_TRAIN0, 0, "T0, least squares", 0.03),
    WITHIN(INTERPOLATION, PLIM_RISK0, 0, "R0, interpolation", 0.03),
    WITHIN(INTERPOLATION, PLIM_KAPPA, 0, "kappa, interpolation", 0.01),
    WITHIN(INTERPOLATION, PLIM_DF2, 0, "gamma, interpolation", 0.01),
    WITHIN(INPUTS, PLIM_LINEAR_RIDGE, 0, "R_lin, least squares", 0.03),
};

static const plimi_claim claims[] = {
    {.info = {.name = "effective-ridge",
              .title = "the effective ridge of the features, and the degrees of freedom that they spend",
              .statement = "N/tr (Phi Phi' + (lambda n/N) I)^-1 tends to the root kappa > 0 of\n"
                           "  psi1 (1 - lambda/kappa) = psi2 (1 - kappa mh(mu2^2 + kappa)),\n"
                           "and 1 - (tr M)^2/(n tr M^2), M that resolvent, to gamma = (psi2/psi1)(1 - 2 "
                           "kappa mh - kappa^2 mh').",
              .source = "[BA] NeurIPS Thm 5; this form derived here",
              .keys = "BA",
              .method = "Both at two penalties of two problems, psi1 above and below psi2: kappa within 0.5 "
                        "%, gamma within\n"
                        "1 %.",
              .approach = "d^-1: nothing in it depends on the gradient.",
              .failure = "psi1 and psi2 exchanged, the penalty without psi1 or counted per neuron, "
                         "first-order degrees of\n"
                         "freedom for second-order ones, mu2 for its square."},
     PLIMI_EXPERIMENTS(ridges),
     PLIMI_ROWS(ridge_rows)},
    {.info =
         {.name = "ridgeless",
          .title = "no penalty: least squares on the features, and the least readout that interpolates",
          .statement = "At lambda = 0 risk, training error, effective ridge and degrees of freedom are the "
                       "limits lambda -> 0\n"
                       "of their formulas: with n > N kappa = 0 and T0 = (R0 + noise^2) lim "
                       "(lambda/kappa)^2, with n < N\n"
                       "kappa > 0 and the samples are interpolated.",
          .source = "[MM], [BA] NeurIPS Thm 5; the limit derived here",
          .keys = "MM,BA,HMRT",
          .method =
              "Drawn at lambda = 0. psi1 = 62/13, psi2 = 17/13: R0 and T0, 3 %. psi1 = 11/13,\n"
              "psi2 = 53/13: R0, 3 %, kappa and gamma, 1 %. Least squares on the inputs at psi1 = 47/13: 3 "
              "%.",
          .approach = "d^-1: nothing in it depends on the gradient.",
          .failure = "lambda/kappa of the limit per neuron instead of per sample, which T0 shows; a floor "
                     "under the\n"
                     "penalty; psi1 and psi2 exchanged."},
     PLIMI_EXPERIMENTS(free_of_penalty),
     PLIMI_ROWS(free_rows)},
};

const plimi_claims plimi_resolvents_claims = PLIMI_CLAIMS(claims);
