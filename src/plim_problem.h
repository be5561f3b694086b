/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_problem.h - the statement of the problem, the one thing that theory and simulation share.

   Inputs x ~ N(0, I_d), labels y = sigma*(<x, beta*>) + eps, |beta*| = 1, eps ~ N(0, noise^2). Network
   f(x) = N^-1/2 a' sigma(W' x) with W0 of shape d x N and entries N(0, 1/d), a_j = zeta_j / sqrt(N). Gradient
   steps on W with the square loss (1/2n) sum (f - y)^2 give W1 = W0 + eta sqrt(N) G0. Then ridge regression on
   the features Phi = N^-1/2 sigma(Xt W1) of n fresh pairs (Xt, yt):

       ahat = argmin_a (1/n) |yt - Phi a|^2 + (lambda/N) |a|^2 = (Phi'Phi + (lambda n/N) I)^-1 Phi' yt.

   Risk R = E_x (ahat' phi(x) - sigma*(<x, beta*>))^2: against the noise-free teacher, no factor 1/2.
   Source: [BA] NeurIPS sections 2 and 3. */
#ifndef PLIM_PROBLEM_H
#define PLIM_PROBLEM_H

#include <stddef.h>

#include "plim_activation.h"
#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* zeta_j in a_j = zeta_j / sqrt(N): X(enumerator, name, law of zeta) */
#define PLIM_READOUT_TABLE(X)                                                                                \
  X(PLIM_READOUT_GAUSSIAN, "gaussian", "N(0,1), the paper's")                                                \
  X(PLIM_READOUT_RADEMACHER, "rademacher", "+1 or -1 with equal chance")                                     \
  X(PLIM_READOUT_CONSTANT, "constant", "1")

/* Which data the second and later gradient steps use: X(enumerator, name, meaning) */
#define PLIM_BATCH_TABLE(X)                                                                                  \
  X(PLIM_BATCH_SAME, "same", "every step uses the first batch")                                              \
  X(PLIM_BATCH_FRESH, "fresh", "every step draws n new pairs")

#define PLIM_ENUM(code, name, meaning) code,
typedef enum { PLIM_READOUT_TABLE(PLIM_ENUM) PLIM_READOUT_COUNT } plim_readout;
typedef enum { PLIM_BATCH_TABLE(PLIM_ENUM) PLIM_BATCH_COUNT } plim_batch;
#undef PLIM_ENUM

const char *plim_readout_name(plim_readout readout); /* NULL outside the list */
const char *plim_batch_name(plim_batch batch);

/* psi1 = n/d and psi2 = N/d. Mei & Montanari use these two names the other way round. */
typedef struct {
  double psi1;         /* samples per input dimension, n/d > 0 */
  double psi2;         /* neurons per input dimension, N/d > 0 */
  double lambda;       /* ridge penalty, (lambda/N)|a|^2 beside the mean square error; >= 0 */
  double eta;          /* step size, or eta0 of eta0 N^eta_exponent; >= 0 */
  double eta_exponent; /* 0 <= eta_exponent <= 1/2 */
  double noise;        /* standard deviation of the label noise, not its variance; >= 0 */
  double d;     /* input dimension for limits that keep a finite-d effect; INFINITY: the limit itself */
  size_t steps; /* gradient steps, each of size eta N^eta_exponent; >= 1 */
  plim_batch batch;
  plim_readout readout;
  const plim_activation *activation; /* the student's sigma */
  const plim_activation *teacher;    /* sigma* */
} plim_problem;

/* The dimensions of one finite-size experiment. */
typedef struct {
  size_t n;     /* samples in each batch */
  size_t d;     /* input dimension */
  size_t width; /* neurons, the paper's N */
} plim_size;

/* psi1 = 2, psi2 = 1.5, lambda = 0.1, eta = 1, exponent 0, noise = 0.1, d = INFINITY, one step, same batch,
   Gaussian readout; activation and teacher are NULL: the caller sets them. */
plim_problem plim_problem_default(void);

/* PLIM_OK, or PLIM_INVALID with *field (if not NULL) naming the first unacceptable member, e.g. "psi1". */
plim_status plim_problem_validate(const plim_problem *problem, const char **field) PLIM_MUST_CHECK;

/* n = round(psi1 d), N = round(psi2 d), each at least 1. PLIM_INVALID for d = 0; PLIM_OVERFLOW where a
   dimension passes 2^31 - 1 (BLAS counts in int) or a matrix of two of them passes the address space. */
plim_status plim_size_from_problem(const plim_problem *problem, size_t d, plim_size *size) PLIM_MUST_CHECK;

/* The problem whose psi1, psi2 and d are those of the integers drawn: psi1 = n/d, psi2 = N/d. */
plim_problem plim_problem_at_size(const plim_problem *problem, const plim_size *size);

/* The step size itself, eta width^eta_exponent. */
double plim_problem_step_size(const plim_problem *problem, double width);

#ifdef __cplusplus
}
#endif
#endif
