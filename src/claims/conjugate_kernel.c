/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conjugate_kernel.c - claims about the outlier of the conjugate kernel after a step ([WWF] arXiv Thm 6). */
#include "claims.h"
#include "points.h"

/* theta1 is 0.86 at A, so that the step 0.417 is below the threshold of W1 and 2.83 above; C is far above. */
#define POINT_C(step)                                                                                        \
  .activation = "erf", .teacher = PLIMI_TEACHER_B, .n = 29, .d = 13, .width = 37, .lambda = 0.617,           \
  .eta = (step), .noise = 0.531, .readout = PLIM_READOUT_RADEMACHER

static const plimi_experiment spikes[] = {
    {.at = {PLIMI_POINT_A(2.83), .readout = PLIM_READOUT_RADEMACHER},
     PLIMI_MEASURE(PLIM_CK_TOP),
     .first = 1,
     .sizes = 5,
     .effort = 170000},
    {.at = {POINT_C(2.31)}, PLIMI_MEASURE(PLIM_CK_TOP), .first = 1, .sizes = 5, .effort = 110000},
    {.at = {PLIMI_POINT_A(0.417)}, PLIMI_MEASURE(PLIM_CK_TOP), .first = 2, .sizes = 4, .effort = 8000},
};

static const plimi_row spike_rows[] = {
    {.what = "top eigenvalue above", .of = {0, PLIM_CK_TOP, 0}, .relative_margin = 0.03, PLIMI_AFTER_STEP},
    {.what = "top eigenvalue above", .of = {1, PLIM_CK_TOP, 0}, .relative_margin = 0.03, PLIMI_AFTER_STEP},
    {.what = "top eigenvalue below: the edge",
     .of = {2, PLIM_CK_TOP, 0},
     .relative_margin = 0.03,
     .rates = {2.0 / 3.0}},
};

/* The larger the step, the less an overlap is spread beside its limit; d = 13 does not follow the two rates yet. */
static const plimi_experiment alignments[] = {
    {.at = {PLIMI_POINT_A(2.83), .readout = PLIM_READOUT_RADEMACHER},
     PLIMI_MEASURE(PLIM_CK_LEFT_XBETA),
     .first = 1,
     .sizes = 5,
     .effort = 380000},
    {.at = {POINT_C(3.31)}, PLIMI_MEASURE(PLIM_CK_LEFT_XBETA), .first = 2, .sizes = 4, .effort = 250000},
    {.at = {PLIMI_POINT_A(0.417)}, PLIMI_MEASURE(PLIM_CK_LEFT_XBETA), .first = 2, .sizes = 4, .effort = 8000},
};

static const plimi_row alignment_rows[] = {
    {.what = "(u'Xt beta*)^2/n above",
     .of = {0, PLIM_CK_LEFT_XBETA, 0},
     .relative_margin = 0.05,
     PLIMI_AFTER_STEP},
    {.what = "(u'Xt beta*)^2/n above",
     .of = {1, PLIM_CK_LEFT_XBETA, 0},
     .relative_margin = 0.05,
     PLIMI_AFTER_STEP},
    {.what = "(u'Xt beta*)^2/n below",
     .of = {2, PLIM_CK_LEFT_XBETA, 0},
     .absolute_margin = 0.02,
     .rates = {1.0}},
};

/* ---- kernel-spike-steps ---- */

/* Several steps and one of their sum, on the same draws: the difference has a fifth of the spread of either, and what
   both drift by drops out. Above the threshold of W1 and of the kernel. */
#define STEPPED(number, ...)                                                                                 \
  {                                                                                                          \
    .at = {__VA_ARGS__, .readout = PLIM_READOUT_RADEMACHER}, PLIMI_MEASURE(PLIM_CK_TOP), .first = 2,         \
    .sizes = 3, .effort = 8000, .draws = (number)                                                            \
  }
static const plimi_experiment stepped[] = {
    STEPPED(1, PLIMI_POINT_A(0.97), .steps = 2, .batch = PLIM_BATCH_SAME),
    STEPPED(1, PLIMI_POINT_A(1.94)),
    STEPPED(2, PLIMI_POINT_B(0.79), .steps = 3, .batch = PLIM_BATCH_FRESH),
    STEPPED(2, PLIMI_POINT_B(2.37)),
};
#define LESS_ONE_STEP(pair)                                                                                  \
  .of = {2 * (pair), PLIM_CK_TOP, 0}, .minus = {2 * (pair) + 1, PLIM_CK_TOP, 0}, .difference = true,         \
  .by = PLIMI_BY_NUMBER, .rates = {0.5}
static const plimi_row stepped_rows[] = {
    {.what = "top eigenvalue after two steps on one batch, less after one",
     LESS_ONE_STEP(0),
     .relative_margin = 0.03},
    {.what = "top eigenvalue after three steps on fresh batches, less after one < 0",
     LESS_ONE_STEP(1),
     .relation = PLIM_AT_MOST},
};

#define MAP                                                                                                  \
  "l = mu2^2 + mu1^2 s1^2, psi(l) = l (1 + (psi2/psi1) int t dH/(l - t)), H the law of\n"                    \
  "mu2^2 + mu1^2 eig(W0'W0)"

static const plimi_claim claims[] = {
    {.info =
         {.name = "kernel-spike",
          .title = "the outlier of W1 makes one of the conjugate kernel",
          .statement = "Sigma odd. With s1 the outlier of W1, " MAP ":\n"
                       "iff psi'(l) > 0 the largest eigenvalue of F'F/n, F = sigma(Xt W1), tends to psi(l),\n"
                       "outside the bulk; otherwise to the bulk's right edge.",
          .source = "[WWF] arXiv Thm 6",
          .keys = "WWF",
          .method = "The largest eigenvalue of F'F/n, Xt fresh, at two problems above the threshold and one\n"
                    "below it, extrapolated, at a margin of 3 %.",
          .approach = "Above the threshold d^-1/2 and d^-1, fitted together; at the edge d^-2/3.",
          .failure = "psi2/psi1 inverted, mu2 for mu2^2, s1 for s1^2, theta1 without the noise turn it red."},
     PLIMI_EXPERIMENTS(spikes),
     PLIMI_ROWS(spike_rows)},
    {.info =
         {.name = "kernel-alignment",
          .title = "the kernel's outlier carries the teacher's direction",
          .statement = "Sigma odd. With " MAP ":\n"
                       "for u the top left singular vector of F = sigma(Xt W1), iff psi'(l) > 0,\n"
                       "  (u'Xt beta*)^2/n -> psi'(l) mu1^2 s1^2 <u1,beta*>^2/l;  otherwise it tends to 0.",
          .source = "[WWF] arXiv Thm 6; alignment rederived here",
          .keys = "WWF",
          .method =
              "The overlap at two problems above the threshold, at a margin of 5 %, and at one below it,\n"
              "at a margin of 0.02.",
          .approach = "Above the threshold d^-1/2 and d^-1, fitted together; below it d^-1.",
          .failure =
              "psi'(l) left out, mu1 for mu1^2, psi2/psi1 inverted, <u1,beta*> for its square turn it red."},
     PLIMI_EXPERIMENTS(alignments),
     PLIMI_ROWS(alignment_rows)},
    {.info = {.name = "kernel-spike-steps",
              .title = "the conjugate kernel's outlier after several steps is that of one step of their sum",
              .statement =
                  "Sigma odd. After T steps eta_t = Theta(1) on the same batch the largest eigenvalue of "
                  "F'F/n, F =\n"
                  "sigma(Xt W), tends to that after one step of sum eta_t; on a fresh batch each to that of\n"
                  "kernel-spike with\n"
                  "  eta^2 theta1^2 -> mu1^2 [(sum eta_t)^2 mu1*^2 + (sum eta_t^2) s2/psi1].",
              .source = "derived here, from [WWF] arXiv Thm 6 and [BA] NeurIPS Prop. 2",
              .keys = "WWF,BA",
              .method = "The largest eigenvalue after two steps on one batch less that after one step of "
                        "their sum, on the same\n"
                        "draws, extrapolated: 0 within 3 % of the eigenvalue. That after three steps on "
                        "fresh batches less that\n"
                        "after one, likewise: below 0 with confidence (by the formula -0.24 of 2.87).",
              .approach = "d^-1/2: the network's own output, which later steps see too.",
              .failure =
                  "One step in place of several; on fresh batches the noise of the labels added up as if "
                  "they were\n"
                  "one. How much smaller the noise is on fresh batches is for several-steps to say, by s1."},
     PLIMI_EXPERIMENTS(stepped),
     PLIMI_ROWS(stepped_rows)},
};

const plimi_claims plimi_conjugate_kernel_claims = PLIMI_CLAIMS(claims);
