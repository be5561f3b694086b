/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectrum.c - claims about the bulk of whole spectra: the weights' ([BA] arXiv Thm 3) and the conjugate
   kernel's ([WWF] arXiv Thm 6).

   Each replica leaves two numbers: the largest distance between its empirical distribution function and the
   limit's at the ratios drawn (Kolmogorov and Smirnov's), and its smallest value that is not 0 by rank.
   Eigenvalues repel each other, so the distance falls like 1/d up to a logarithm, not like the d^-1/2 of
   independent values; what a step drives out of the bulk, or moves within it, is of the order 1/d as well. */
#include <math.h>
#include <stdlib.h>

#include "claims.h"
#include "points.h"

/* ---- the findings ---- */

/* Sample `which` of experiment `e`, extrapolated at `rates`. */
static plim_status fit_of(const plimi_claim_run *run, size_t e, int which, const double *rates,
                          plim_extrapolation *fit)
{
  plimi_measured *measured = &run->measured[e];
  plim_rung rungs[PLIMI_MOST_SIZES];
  measured->used = true;
  for (size_t k = 0; k < measured->sizes; k++) {
    plim_estimate estimate;
    const plim_status status = plim_estimate_from_samples(
        measured->samples[k] + which, PLIMI_SPECTRUM_SAMPLES, measured->replicas[k], &estimate);
    if (status != PLIM_OK)
      return status;
    rungs[k] = (plim_rung){(double)measured->size[k].d, estimate.mean, estimate.error, estimate.replicas};
  }
  return plimi_fit_noted(run, rungs, measured->sizes, rates, fit);
}

static const double distance_margin = 0.01; /* of the values */
static const double edge_margin = 0.15;     /* of the edge */
static const double distance_rates[PLIM_MOST_TERMS] = {0.75, 1.0};
static const double edge_rates[PLIM_MOST_TERMS] = {2.0 / 3.0, 1.0};

static plim_status add(plimi_claim_run *run, size_t e, const char *what, plimi_statement statement,
                       const plim_extrapolation *fit)
{
  const plimi_measured *measured = &run->measured[e];
  char point[PLIM_FINDING_POINT];
  plimi_point_text(&measured->problem, point, sizeof point);
  statement.what = what;
  statement.point = point;
  statement.d_min = measured->size[0].d;
  statement.d_max = measured->size[measured->sizes - 1].d;
  return plimi_finding_add(run, &statement, fit);
}

/* The distance tends to 0, and the smallest value to the lower edge. Experiments whose limit holds without
   the theorem, W0 itself or features that are Gaussian by making, show beside them what the distance is where
   nothing is in doubt. */
static plim_status conclude(plimi_claim_run *run)
{
  for (size_t e = 0; e < run->claim->n_experiments; e++) {
    const plimi_experiment *experiment = &run->claim->experiments[e];
    const plim_spectrum spectrum = *experiment->spectrum;
    const bool null = experiment->at.eta == 0.0 || experiment->features == PLIM_FEATURES_EQUIVALENT;
    plim_density *density = NULL;
    plim_extrapolation fit;
    plimi_clear_used(run);
    plim_status status = plim_density_alloc(run->theory, spectrum, &run->measured[e].problem, &density);
    if (status != PLIM_OK)
      return status;
    const plim_value edge = plim_density_support(density)->interval[0].low;
    plim_density_free(density);
    status = fit_of(run, e, PLIMI_SPECTRUM_DISTANCE, distance_rates, &fit);
    if (status == PLIM_OK)
      status = add(
          run, e, null ? "distance from the limit, a null" : "distance from the limit",
          (plimi_statement){.relation = null ? PLIM_REPORTED : PLIM_EQUALS, .margin = distance_margin}, &fit);
    plimi_clear_used(run);
    if (status == PLIM_OK && !null)
      status = fit_of(run, e, PLIMI_SPECTRUM_SMALLEST, edge_rates, &fit);
    if (status == PLIM_OK && !null)
      status = add(
          run, e, "smallest value: the lower edge",
          (plimi_statement){.relation = PLIM_EQUALS, .predicted = edge, .margin = edge_margin * edge.value},
          &fit);
    if (status != PLIM_OK)
      return status;
  }
  return PLIM_OK;
}

static const plim_spectrum weights = PLIM_SPECTRUM_WEIGHTS, kernel = PLIM_SPECTRUM_KERNEL;

static const plimi_experiment bulks[] = {
    {.at = {PLIMI_POINT_A(2.13)}, .spectrum = &weights, .first = 2, .sizes = 4, .effort = 24000},
    {.at = {PLIMI_POINT_B(1.71)}, .spectrum = &weights, .first = 2, .sizes = 4, .effort = 24000},
    {.at = {PLIMI_POINT_A(0.0)}, .spectrum = &weights, .first = 2, .sizes = 4, .effort = 24000},
};

static const plimi_experiment kernels[] = {
    {.at = {PLIMI_POINT_A(2.13)}, .spectrum = &kernel, .first = 2, .sizes = 4, .effort = 24000},
    {.at = {PLIMI_POINT_B(1.71)}, .spectrum = &kernel, .first = 2, .sizes = 4, .effort = 24000},
    {.at = {PLIMI_POINT_A(2.13)},
     .features = PLIM_FEATURES_EQUIVALENT,
     .spectrum = &kernel,
     .first = 2,
     .sizes = 4,
     .effort = 24000},
};

#define MEASURED                                                                                             \
  "In each replica the largest distance between the empirical distribution function and the limit's at\n"    \
  "the ratios drawn; its mean, extrapolated, is 0 within 0.01 of the values. The smallest value that is\n"   \
  "not 0 by rank, extrapolated, is the lower edge within 15 %. Psi1 > psi2 and psi1 < 1 < psi2. The\n"       \
  "distance where the limit is beyond doubt stands beside them, reported: "
#define APPROACH                                                                                             \
  "The distance d^-3/4 and d^-1, which together follow log(d)/d over a ladder; the edge d^-2/3 and d^-1."

static const plimi_claim claims[] = {
    {.info = {.name = "weight-bulk",
              .title = "a step leaves the bulk of the weights' singular values where it was",
              .statement =
                  "The squared singular values of W1, but for the outlier, follow the Marchenko-Pastur law "
                  "of\n"
                  "W0, of ratio psi2: one step adds rank one, and a remainder of operator norm o(1).",
              .source = "[BA] arXiv Thm 3",
              .keys = "BA,MP",
              .method = MEASURED "W0 itself.",
              .approach = APPROACH,
              .failure =
                  "psi2 inverted or psi1 in its place, a wrong variance of W0, singular values for their\n"
                  "squares turn it red; a remainder of finite rank passes."},
     PLIMI_EXPERIMENTS(bulks),
     .conclude = conclude},
    {.info = {.name = "kernel-spectrum",
              .title = "the bulk of the conjugate kernel's eigenvalues",
              .statement =
                  "The eigenvalues of F'F/n, F = sigma(Xt W1), follow the law whose Stieltjes transform m "
                  "has\n"
                  "v = -(1 - psi2/psi1)/z + (psi2/psi1) m with z = -1/v + (psi2/psi1) int t dH/(1 + t v),\n"
                  "H the law of mu2^2 + mu1^2 eig(W0'W0).",
              .source = "[WWF] arXiv Thm 6",
              .keys = "WWF,SC,MP",
              .method = MEASURED "the Gaussian-equivalent\nfeatures at the same weights.",
              .approach = APPROACH,
              .failure = "psi1 and psi2 swapped, mu2 for mu2^2, the part of H at mu2^2 left out, the "
                         "eigenvalues of\n"
                         "FF'/n for those of F'F/n, a kernel not divided by n turn it red."},
     PLIMI_EXPERIMENTS(kernels),
     .conclude = conclude},
};

const plimi_claims plimi_spectrum_claims = PLIMI_CLAIMS(claims);
