/* SPDX-License-Identifier: GPL-3.0-or-later */
/* student_slope.c - the claim about which neurons make the good student of [BA] NeurIPS Lemma 6: those of slope k*,
   whatever the constant of the step. */
#include "claims.h"
#include "points.h"

/* tau* is 0.0416 at k* = 1.06: readouts of 4.2/eta, well inside the law. With a step of 3 sqrt N they are so far out
   that runs of neighbours in a_j are wide, which drifts more; the ladder is one of N (large_step.c). */
#define STUDENT(samples, step)                                                                               \
  {                                                                                                          \
    .at = {.activation = "softplus",                                                                         \
           .teacher = "relu",                                                                                \
           .n = (samples)*8,                                                                                 \
           .d = 8,                                                                                           \
           .width = 128,                                                                                     \
           .lambda = 1e-3,                                                                                   \
           .eta = (step),                                                                                    \
           .eta_exponent = 0.5,                                                                              \
           .noise = 0.103},                                                                                  \
    PLIMI_MEASURE(PLIM_STUDENT_RISK, PLIM_KAPPA_STAR), .first = 1, .sizes = 3, .effort = 6000,               \
    .in_width = true                                                                                         \
  }
enum { FEW, SOME, MANY, RATIOS, SMALLER_STEP = RATIOS };
static const plimi_experiment students[] = {
    [FEW] = STUDENT(12, 5.0),
    [SOME] = STUDENT(24, 5.0),
    [MANY] = STUDENT(48, 5.0),
    [SMALLER_STEP] = STUDENT(12, 3.1),
};

static const double in_width[PLIM_MOST_TERMS] = {2.0 / 3.0}, in_psi1[PLIM_MOST_TERMS] = {1.0};

#define OTHER_STEP .difference = true, .by = PLIMI_BY_NUMBER, .rates = {2.0 / 3.0}
static const plimi_row rows[] = {
    {.what = "student's risk, eta = 5 sqrt N less 3.1 sqrt N",
     .of = {FEW, PLIM_STUDENT_RISK, 0},
     .minus = {SMALLER_STEP, PLIM_STUDENT_RISK, 0},
     .relative_margin = 0.1,
     OTHER_STEP},
};

/* Of each n/d the slope in the limit, and these for n/d -> infinity: k*. By the least R(u) of theory/student.c they are
   .9415, .9972 and 1.0276, of which the first power of d/n makes 1.0555 for k* = 1.0600: a twelfth of the margin. */
static plim_status conclude(plimi_claim_run *run)
{
  static const double share = 0.1;
  const plimi_term best = {FEW, PLIM_KAPPA_STAR, 0};
  plim_rung rungs[RATIOS];
  plim_extrapolation fit;
  plim_value slope = {0.0, 0.0};
  plim_status status = plimi_limit_of(run, &best, &slope);
  for (size_t k = 0; k < RATIOS && status == PLIM_OK; k++) {
    const plimi_term of = {k, PLIM_KAPPA_STAR, 0};
    status = plimi_extrapolated(run, &of, NULL, in_width, &fit);
    if (status == PLIM_OK)
      rungs[k] = plimi_rung_of_fit(run, run->measured[k].problem.psi1, &fit);
  }
  if (status == PLIM_OK)
    status = plimi_fit_uncovered(rungs, RATIOS, in_psi1, &fit);
  if (status != PLIM_OK)
    return status;
  const plimi_statement statement = {.what = "slope of the chosen neurons, psi1 -> inf: k*",
                                     .point = "softplus/relu psi1 from 12 to 48, eta 5 sqrt N",
                                     .relation = PLIM_EQUALS,
                                     .predicted = slope,
                                     .margin = share * slope.value};
  return plimi_finding_add(run, &statement, &fit);
}

static const plimi_claim claims[] = {
    {.info = {.name = "student-slope",
              .title = "the good student averages neurons of slope k*, whatever the constant of the step",
              .statement = "Of the averages of neurons of one slope eta a_j mu1 mu1* = k after a step eta = "
                           "eta0 sqrt N, the\n"
                           "one of least risk has k -> k* = argmin_k E (sigma*(x) - E_y sigma(k x + y))^2 as "
                           "n/d grows; k*, tau*\n"
                           "and the risk at finite n/d do not depend on eta0.",
              .source = "[BA] NeurIPS eq. 5.1, Lemma 6; at finite n/d derived here",
              .keys = "BA",
              .method = "The N^(2/3) neighbours in a_j that fit the second batch best (softplus/relu, N = 16 "
                        "d): the mean of\n"
                        "<w_j, beta*> over them, extrapolated at n/d = 12, 24 and 48 and these in d/n "
                        "against k*, 10 %; their\n"
                        "risk at eta = 5 sqrt N less that at 3.1 sqrt N on the same draws, n/d = 12: 0 "
                        "within 10 % of it.",
              .approach = "d^-2/3: N^(2/3) neurons leave a variance N^-2/3, and so does their spread of "
                          "slopes. In d/n the\n"
                          "first power.",
              .failure = "Slopes along X'y for those along beta*, a k that scales with eta0, a best readout "
                         "in the place of\n"
                         "a best slope. Near k* the risk is flat: what moves k* by less than 10 % passes."},
     PLIMI_EXPERIMENTS(students),
     PLIMI_ROWS(rows),
     .conclude = conclude},
};

const plimi_claims plimi_student_slope_claims = PLIMI_CLAIMS(claims);
