/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optimum.c - the claim about the best penalty: what plim_optimum.h finds in the limit is best in simulation. */
#include "claims.h"
#include "points.h"

/* Half and twice the best penalty of the limit. The draws of one experiment are the same for all penalties, so that the
   differences, which are small, are paired. */
#define AROUND_BEST .n_path = 3, .path = {0.5, 1.0, 2.0}, .around_best = true
static const plimi_experiment around[] = {
    {.at = {PLIMI_POINT_A(0.0)},
     .n_quantities = 1,
     .quantities = {PLIM_RISK0},
     .first = 2,
     .sizes = 3,
     .effort = 30000,
     AROUND_BEST},
    {.at = {PLIMI_POINT_A(2.13)},
     .n_quantities = 2,
     .quantities = {PLIM_RISK1,
                    PLIM_RISK}, /* the penalty that is best for the first; measured as the second */
     .first = 2,
     .sizes = 4,
     .effort = 15000,
     AROUND_BEST},
};

/* R(2 l) - R(l/2) is (log 2)^3/3 times the third derivative in log lambda where l is best, and moves by 2 log 2 times
   the curvature for each unit of log lambda by which the minimum is displaced. The margins stand for 0.2 of that:
   curvature 0.0851 of R0 and 0.0598 of R1. */
#define PLACE_OF_R0 .absolute_margin = 0.0236, .rates = {1.0}
#define LEFT_OVER .less_drift = true, .rates = {1.0}
#define PLACE_OF_R1 .absolute_margin = 0.0166, LEFT_OVER
static const plimi_row rows[] = {
    {.what = "R0 at half the best penalty, less the best",
     .of = {0, PLIM_RISK0, 0},
     .minus = {0, PLIM_RISK0, 1},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     .rates = {1.0}},
    {.what = "R0 at twice the best penalty, less the best",
     .of = {0, PLIM_RISK0, 2},
     .minus = {0, PLIM_RISK0, 1},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     .rates = {1.0}},
    {.what = "R0 at twice less at half the best penalty",
     .of = {0, PLIM_RISK0, 2},
     .minus = {0, PLIM_RISK0, 0},
     .difference = true,
     PLACE_OF_R0},
    {.what = "R1 at half the best penalty, less the best",
     .of = {1, PLIM_RISK, 0},
     .minus = {1, PLIM_RISK, 1},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     LEFT_OVER},
    {.what = "R1 at twice the best penalty, less the best",
     .of = {1, PLIM_RISK, 2},
     .minus = {1, PLIM_RISK, 1},
     .difference = true,
     .relation = PLIM_AT_LEAST,
     .by = PLIMI_BY_NUMBER,
     LEFT_OVER},
    {.what = "R1 at twice less at half the best penalty",
     .of = {1, PLIM_RISK, 2},
     .minus = {1, PLIM_RISK, 0},
     .difference = true,
     PLACE_OF_R1},
};

static const plimi_claim claims[] = {
    {.info =
         {.name = "optimum",
          .title = "the best penalty of the limit is best in simulation",
          .statement =
              "lambda* = argmin R(lambda) in the limit, found with a proof that it is the best of all\n"
              "(`plim optimize`): no other penalty has a smaller risk as d grows, and R(2 lambda*) -\n"
              "R(lambda*/2) tends to its limit, which places the minimum.",
          .source = "derived here, from [BA] NeurIPS Thm 5",
          .keys = "BA",
          .method =
              "R0 and R1 at half, once and twice their best penalties, from the same draws. The two\n"
              "differences from the best, extrapolated, are positive; the difference of the outer two is "
              "the\n"
              "limit's within what a minimum displaced by 20 % would make of it.",
          .approach = "d^-1, for R1 after the predicted d^-1/2 of the network's own output.",
          .failure =
              "A best penalty off by more than 20 %: the penalty without n/N (48 %), psi1 and psi2\n"
              "exchanged, a noise floor as standard deviation. It cannot see what leaves the place of the\n"
              "minimum alone, such as a factor in the risk, or hardly moves it: theta1 without the label\n"
              "noise. Twice and half the best penalty differ by .001: that one is not much higher than "
              "the\nother, the margin .02, is all that is said of them."},
     PLIMI_EXPERIMENTS(around),
     PLIMI_ROWS(rows)},
};

const plimi_claims plimi_optimum_claims = PLIMI_CLAIMS(claims);
