/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.c - claims about the spike of W1 ([BA] arXiv Thm 3).

   The teachers are large beside the activation: at a given strength of the spike the part of the gradient that comes
   from the network's own output, which drives the d^-1/2 drift, is then small. */
#include "claims.h"

#define TEACHER_A "expr:1.9*tanh(z)+0.3*(z*z-1)"
#define TEACHER_B "expr:2.1*erf(z)"
#define ABOVE_A                                                                                              \
  {                                                                                                          \
    .activation = "tanh", .teacher = TEACHER_A, .n = 31, .d = 13, .width = 21, .lambda = 0.1, .eta = 2.13,   \
    .noise = 0.253                                                                                           \
  }
#define ABOVE_B                                                                                              \
  {                                                                                                          \
    .activation = "softplus", .teacher = TEACHER_B, .n = 11, .d = 13, .width = 29, .lambda = 0.1,            \
    .eta = 2.29, .noise = 0.531                                                                              \
  }

#define BELOW_A                                                                                              \
  {                                                                                                          \
    .activation = "tanh", .teacher = TEACHER_A, .n = 31, .d = 13, .width = 21, .lambda = 0.1, .eta = 0.417,  \
    .noise = 0.253                                                                                           \
  }

/* ---- The singular value ---- */

static const plimi_experiment spikes[] = {
    {.at = ABOVE_A, .n_quantities = 1, .quantities = {PLIM_W1_TOP}, .first = 1, .sizes = 5, .effort = 100000},
    {.at = ABOVE_B, .n_quantities = 1, .quantities = {PLIM_W1_TOP}, .first = 1, .sizes = 5, .effort = 200000},
    {.at = BELOW_A, .n_quantities = 1, .quantities = {PLIM_W1_TOP}, .first = 2, .sizes = 4, .effort = 20000},
};

static const plimi_row spike_rows[] = {
    {.what = "s1 above the threshold",
     .of = {0, PLIM_W1_TOP, 0},
     .relative_margin = 0.02,
     .rates = {0.5, 1.0}},
    {.what = "s1 above the threshold",
     .of = {1, PLIM_W1_TOP, 0},
     .relative_margin = 0.02,
     .rates = {0.5, 1.0}},
    {.what = "s1 below: the edge", .of = {2, PLIM_W1_TOP, 0}, .relative_margin = 0.02, .rates = {2.0 / 3.0}},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "weight-spike",
          .title = "one singular value of W1 leaves the bulk when the step is large enough",
          .statement =
              "With s = eta^2 theta1^2, theta1 the strength of the gradient's rank-one part: iff s^2 > psi2\n"
              "the largest singular value of W1 = W0 + eta sqrt(N) G0 leaves the bulk and tends to\n"
              "  s1 = sqrt((1 + s)(psi2 + s)/s);\n"
              "otherwise it tends to the bulk's edge 1 + sqrt(psi2).",
          .source = "[BA] arXiv Thm 3; [BGN]",
          .keys = "BA,BGN",
          .method = "s1 is computed at two problems above the threshold, on either side of psi1 = 1, and at\n"
                    "one below it, extrapolated, and compared with the limit at a margin of 2 %.",
          .approach =
              "Above the threshold d^-1/2 (the network's own output in the gradient) and d^-1, fitted\n"
              "together; at the edge d^-2/3.",
          .failure =
              "psi1 and psi2 exchanged (20 % and more), theta1 without the label noise (2 % and 5 %), s\n"
              "for its square root, the factor N^1/2 or 1/2 of the step (above 20 %) turn it red. Faults\n"
              "that move s1 by less than the margin pass."},
     PLIMI_EXPERIMENTS(spikes),
     PLIMI_ROWS(spike_rows)},
};

const plimi_claims plimi_weights_claims = PLIMI_CLAIMS(claims);
