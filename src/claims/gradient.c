/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradient.c - claims about the first gradient ([BA] Prop. 2). */
#include "claims.h"

static const plimi_experiment norms[] = {
    {.at = {.activation = "tanh",
            .teacher = "relu",
            .n = 31,
            .d = 13,
            .width = 21,
            .lambda = 0.1,
            .eta = 1.0,
            .noise = 0.253},
     .n_quantities = 3,
     .quantities = {PLIM_GRAD_OP, PLIM_GRAD_FRO2, PLIM_THETA2},
     .first = 2,
     .sizes = 3,
     .effort = 250000},
    {.at = {.activation = "softplus",
            .teacher = "erf",
            .n = 11,
            .d = 13,
            .width = 29,
            .lambda = 0.1,
            .eta = 1.0,
            .noise = 0.531},
     .n_quantities = 3,
     .quantities = {PLIM_GRAD_OP, PLIM_GRAD_FRO2, PLIM_THETA2},
     .first = 2,
     .sizes = 3,
     .effort = 250000},
};

#define MARGIN .relative_margin = 0.025
static const plimi_row norm_rows[] = {
    {.what = "|sqrt(N) G0|_op", .of = {0, PLIM_GRAD_OP, 0}, MARGIN},
    {.what = "|sqrt(N) G0|_F^2", .of = {0, PLIM_GRAD_FRO2, 0}, MARGIN},
    {.what = "its part along beta*", .of = {0, PLIM_THETA2, 0}, MARGIN},
    {.what = "|sqrt(N) G0|_op", .of = {1, PLIM_GRAD_OP, 0}, MARGIN},
    {.what = "|sqrt(N) G0|_F^2", .of = {1, PLIM_GRAD_FRO2, 0}, MARGIN},
    {.what = "its part along beta*", .of = {1, PLIM_THETA2, 0}, MARGIN},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "gradient-rank-one",
          .title = "the first gradient is close to one matrix of rank one",
          .statement = "G0 is close to A = (mu1/(n sqrt N)) X'y a', and\n"
                       "  |sqrt(N) G0|_op    -> theta1,   theta1^2 = mu1^2 (mu1*^2 + s2/psi1),\n"
                       "  |sqrt(N) G0|_F^2   -> theta1^2 + s2 nu2/psi1,   nu2 = Var sigma' (a variance),\n"
                       "  the part of G0 along beta* and a -> theta2 = mu1 mu1*.",
          .source = "[BA] Prop. 2; the limits derived here",
          .keys = "BA",
          .method = "Both norms of sqrt(N) G0 and beta*' sqrt(N) G0 a/|a| at two problems on either side of\n"
                    "psi1 = 1, extrapolated, each compared with its limit at a margin of 2.5 %.",
          .approach = "d^-1: the norms are means over samples and neurons.",
          .failure =
              "nu2 as a standard deviation, mu1 for mu1^2, a factor 1/2, psi1 and psi2 exchanged, theta1\n"
              "without the label noise (3 % and 14 % of the operator norm) turn it red."},
     PLIMI_EXPERIMENTS(norms),
     PLIMI_ROWS(norm_rows)},
};

const plimi_claims plimi_gradient_claims = PLIMI_CLAIMS(claims);
