/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notation.c - the table of notations. A line that is not known for certain has no place here: what a notation has no
   word for, or whose word is not certain, is a loss, with the reason. */
#include "config.h"

#include "notation.h"

#include <float.h>
#include <math.h>

#define POSITIVE {.low = 0.0, .high = DBL_MAX, .above_low = true}, "a number > 0"
#define NON_NEGATIVE {.low = 0.0, .high = DBL_MAX}, "a number >= 0"
#define EXPONENT {.low = 0.0, .high = 0.5}, "a number from 0 to 0.5"
#define SYMBOLS(list) .symbols = list, .count = sizeof list / sizeof list[0]
#define LOSSES(list) .losses = list, .loss_count = sizeof list / sizeof list[0]

/* ---- When is there something to lose? ---- */

static bool has_step(const plim_problem *p)
{
  return p->eta > 0.0;
}

static bool has_noise(const plim_problem *p)
{
  return p->noise > 0.0;
}

static bool has_several_steps(const plim_problem *p)
{
  return p->steps > 1;
}

static bool has_old_ridge_batch(const plim_problem *p)
{
  return p->ridge_batch == PLIM_RIDGE_SAME;
}

static bool has_other_step_batch(const plim_problem *p)
{
  return plim_problem_step_psi1(p) != p->psi1;
}

static bool has_other_readout_than_constant(const plim_problem *p)
{
  return p->readout != PLIM_READOUT_CONSTANT;
}

static bool has_other_readout_than_gaussian(const plim_problem *p)
{
  return p->readout != PLIM_READOUT_GAUSSIAN;
}

static bool always(const plim_problem *p)
{
  (void)p;
  return true;
}

/* eta N^(1/2) with N = d: where the two differ, the code does not tell whether eta~ counts in p or in d. */
static bool has_no_eta_tilde(const plim_problem *p)
{
  return p->eta > 0.0 && !(p->eta_exponent == 0.5 && p->psi2 == 1.0);
}

#define ONE_STEP                                                                                             \
  {"steps", "one gradient step", has_several_steps},                                                         \
  {                                                                                                          \
    "ridge_batch", "the ridge regression has new data", has_old_ridge_batch                                  \
  }

/* ---- ba ---- */

static const plimi_symbol ba_symbols[] = {
    {"psi1", "samples per input dimension, n/d", "psi1", POSITIVE},
    {"psi2", "neurons per input dimension, N/d", "psi2", POSITIVE},
    {"lambda", "(1/n)|y - Phi a|^2 + (lambda/N)|a|^2, Phi = N^-1/2 sigma(X W)", "lambda", NON_NEGATIVE},
    {"eta", "step size, times N^eta_exponent", "eta", NON_NEGATIVE},
    {"eta_exponent", "its power of N", "eta_exponent", EXPONENT},
    {"noise", "standard deviation of the label noise", "noise", NON_NEGATIVE},
    {"step_psi1", "samples of the gradient's batch per input dimension", "step_psi1", POSITIVE}};

static void ba_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = ba->psi1;
  v[1] = ba->psi2;
  v[2] = ba->lambda;
  v[3] = ba->eta;
  v[4] = ba->eta_exponent;
  v[5] = ba->noise;
  v[6] = ba->step_psi1;
}

static void ba_to_ba(const long double *v, plimi_parameters *ba)
{
  *ba = (plimi_parameters){.psi1 = v[0],
                           .psi2 = v[1],
                           .lambda = v[2],
                           .eta = v[3],
                           .eta_exponent = v[4],
                           .noise = v[5],
                           .step_psi1 = v[6]};
}

/* ---- mm: psi1 and psi2 the other way round; (1/n)|y - sigma a|^2 + (N lambda/d)|a|^2, without N^-1/2 in front of
   sigma, so that ba's a is sqrt(N) times theirs ---- */

static const plimi_symbol mm_symbols[] = {
    {"psi1", "neurons per input dimension, N/d", "psi2", POSITIVE},
    {"psi2", "samples per input dimension, n/d", "psi1", POSITIVE},
    {"lambda", "(1/n)|y - sigma(X Theta'/sqrt d) a|^2 + (N lambda/d)|a|^2", "lambda/psi2", NON_NEGATIVE},
    {"tau^2", "variance of the label noise", "noise^2", NON_NEGATIVE}};

static void mm_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = ba->psi2;
  v[1] = ba->psi1;
  v[2] = ba->lambda / ba->psi2;
  v[3] = ba->noise * ba->noise;
}

static void mm_to_ba(const long double *v, plimi_parameters *ba)
{
  ba->psi1 = v[1];
  ba->psi2 = v[0];
  ba->lambda = v[2] * v[0];
  ba->noise = sqrtl(v[3]);
}

static const plimi_loss mm_losses[] = {{"eta", "no gradient step: the limits are those of risk0", has_step}};

/* ---- cui: the authors' code; loss and penalty without 1/n: |y - sigma a/sqrt p|^2 + lambda |a|^2 ---- */

static const plimi_symbol cui_symbols[] = {
    {"alpha", "samples of the ridge regression per input dimension, n/d", "psi1", POSITIVE},
    {"alpha0", "samples of the gradient's batch per input dimension, n0/d", "step_psi1", POSITIVE},
    {"p/d", "neurons per input dimension", "psi2", POSITIVE},
    {"lambda", "|y - p^-1/2 sigma(X W') a|^2 + lambda |a|^2", "lambda psi1/psi2", NON_NEGATIVE},
    {"eta~", "the step is eta~ p times the gradient; p = d", "eta", NON_NEGATIVE}};

static void cui_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = ba->psi1;
  v[1] = ba->step_psi1;
  v[2] = ba->psi2;
  v[3] = ba->lambda * ba->psi1 / ba->psi2;
  v[4] = ba->eta_exponent == 0.5L && ba->psi2 == 1.0L ? ba->eta : (long double)NAN;
}

static void cui_to_ba(const long double *v, plimi_parameters *ba)
{
  ba->psi1 = v[0];
  ba->step_psi1 = v[1];
  ba->psi2 = v[2];
  ba->lambda = v[3] * v[2] / v[0];
  if (v[2] == 1.0L && !isnan(v[4])) {
    ba->eta = v[4];
    ba->eta_exponent = 0.5L;
  }
}

static const plimi_loss cui_losses[] = {
    {"eta",
     "eta~ p and eta~ d are one in the authors' code, where p = d: known for psi2 = 1 and eta_exponent = 0.5 "
     "alone",
     has_no_eta_tilde},
    {"noise", "labels without noise", has_noise},
    {"readout", "a = p^-1/2 (1, ..., 1): --readout constant", has_other_readout_than_constant},
    ONE_STEP};

/* ---- gcm: p features, k inputs of the teacher ---- */

static const plimi_symbol gcm_symbols[] = {
    {"alpha", "samples per feature, n/p", "psi1/psi2", POSITIVE},
    {"gamma", "inputs of the teacher per feature, k/p", "1/psi2", POSITIVE},
    {"lambda", "|y - p^-1/2 V w|^2 + lambda |w|^2", "lambda psi1/psi2", NON_NEGATIVE},
    {"Var(y|nu)", "variance of the label noise, a part of the teacher", "noise^2", NON_NEGATIVE}};

static void gcm_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = ba->psi1 / ba->psi2;
  v[1] = 1.0L / ba->psi2;
  v[2] = ba->lambda * ba->psi1 / ba->psi2;
  v[3] = ba->noise * ba->noise;
}

static void gcm_to_ba(const long double *v, plimi_parameters *ba)
{
  ba->psi1 = v[0] / v[1];
  ba->psi2 = 1.0L / v[1];
  ba->lambda = v[2] / v[0];
  ba->noise = sqrtl(v[3]);
}

static const plimi_loss gcm_losses[] = {
    {"eta", "the features are given by their covariances, those after a step as well", has_step}};

/* ---- mlhd: (1/n)|y - F a|^2 + lambda |a|^2, F = sigma(X W'), so that ba's a is sqrt(N) times theirs ---- */

static const plimi_symbol mlhd_symbols[] = {
    {"phi", "input dimensions per sample, d/n", "1/psi1", POSITIVE},
    {"psi", "input dimensions per neuron, d/N", "1/psi2", POSITIVE},
    {"lambda", "(1/n)|y - F a|^2 + lambda |a|^2, F = sigma(X W')", "lambda", NON_NEGATIVE},
    {"alpha", "the step size is c n^alpha", "eta_exponent", EXPONENT},
    {"c", "the step size is c n^alpha", "eta (psi2/psi1)^eta_exponent", NON_NEGATIVE},
    {"sigma_eps^2", "variance of the label noise", "noise^2", NON_NEGATIVE}};

static void mlhd_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = 1.0L / ba->psi1;
  v[1] = 1.0L / ba->psi2;
  v[2] = ba->lambda;
  v[3] = ba->eta_exponent;
  v[4] = ba->eta * powl(ba->psi2 / ba->psi1, ba->eta_exponent);
  v[5] = ba->noise * ba->noise;
}

static void mlhd_to_ba(const long double *v, plimi_parameters *ba)
{
  ba->psi1 = ba->step_psi1 = 1.0L / v[0];
  ba->psi2 = 1.0L / v[1];
  ba->lambda = v[2];
  ba->eta_exponent = v[3];
  ba->eta = v[4] * powl(v[1] / v[0], v[3]); /* psi1/psi2 = psi/phi */
  ba->noise = sqrtl(v[5]);
}

static const plimi_loss mlhd_losses[] = {
    {"network",
     "f = a'sigma(W x) without the second N^-1/2: f is of order 1 when the step is taken, and stands in "
     "its residual",
     has_step},
    {"readout", "a_j is N(0, 1/N)", has_other_readout_than_gaussian},
    {"step_psi1", "both batches have n pairs", has_other_step_batch},
    ONE_STEP};

/* ---- sklearn: Ridge(alpha, fit_intercept=False): |y - X w|^2 + alpha |w|^2 ---- */

static const plimi_symbol sklearn_symbols[] = {
    {"alpha", "of Ridge(alpha, fit_intercept=False) on Phi = N^-1/2 sigma(X W)", "lambda psi1/psi2",
     NON_NEGATIVE},
    {"alpha/n", "the same on sigma(X W) itself", "lambda", NON_NEGATIVE},
    {"n/N", "n_samples/n_features of Phi", "psi1/psi2", POSITIVE}};

static void sklearn_from_ba(const plimi_parameters *ba, long double *v)
{
  v[0] = ba->lambda * ba->psi1 / ba->psi2;
  v[1] = ba->lambda;
  v[2] = ba->psi1 / ba->psi2;
}

static void sklearn_to_ba(const long double *v, plimi_parameters *ba)
{
  ba->lambda = isnan(v[1]) ? v[0] / v[2] : v[1];
}

static const plimi_loss sklearn_losses[] = {
    {"psi1, psi2", "their quotient alone: Ridge knows the shape of Phi", always},
    {"eta", "whoever makes Phi takes the step", has_step},
    {"noise", "in the labels", has_noise}};

const plimi_notation plimi_notations[] = {
    {.name = "ba",
     .title = "Ba, Erdogdu, Suzuki, Wang, Wu, Yang (2022): plim's own",
     .error = "risk",
     SYMBOLS(ba_symbols),
     .from_ba = ba_from_ba,
     .to_ba = ba_to_ba},
    {.name = "mm",
     .title = "Mei, Montanari (2022)",
     .error = "risk",
     SYMBOLS(mm_symbols),
     .from_ba = mm_from_ba,
     .to_ba = mm_to_ba,
     LOSSES(mm_losses)},
    {.name = "cui",
     .title = "Cui, Pesce, Dandi, Krzakala, Lu, Zdeborova, Loureiro (2024), as in their code",
     .error = "risk",
     SYMBOLS(cui_symbols),
     .readout = PLIM_READOUT_CONSTANT,
     .from_ba = cui_from_ba,
     .to_ba = cui_to_ba,
     LOSSES(cui_losses)},
    {.name = "gcm",
     .title = "the Gaussian covariate model, Loureiro et al. (2021), as in their code",
     .error = "risk + noise^2",
     SYMBOLS(gcm_symbols),
     .from_ba = gcm_from_ba,
     .to_ba = gcm_to_ba,
     LOSSES(gcm_losses)},
    {.name = "mlhd",
     .title = "Moniri, Lee, Hassani, Dobriban (2024)",
     SYMBOLS(mlhd_symbols),
     .from_ba = mlhd_from_ba,
     .to_ba = mlhd_to_ba,
     LOSSES(mlhd_losses)},
    {.name = "sklearn",
     .title = "scikit-learn's Ridge",
     .error = "risk + noise^2",
     SYMBOLS(sklearn_symbols),
     .from_ba = sklearn_from_ba,
     .to_ba = sklearn_to_ba,
     LOSSES(sklearn_losses)}};
const size_t plimi_notation_count = sizeof plimi_notations / sizeof plimi_notations[0];

plimi_parameters plimi_parameters_of(const plim_problem *problem)
{
  return (plimi_parameters){.psi1 = problem->psi1,
                            .psi2 = problem->psi2,
                            .lambda = problem->lambda,
                            .eta = problem->eta,
                            .eta_exponent = problem->eta_exponent,
                            .noise = problem->noise,
                            .step_psi1 = plim_problem_step_psi1(problem)};
}
