/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_problem.h - the statement of the problem, the one thing that theory and simulation share.

   Inputs x ~ N(0, I_d) (in the simulation alone also of another law, plim_inputs.h), labels
   y = sigma*(<x, beta*>) + eps, |beta*| = 1, eps ~ N(0, noise^2). Network
   f(x) = N^-1/2 a' sigma(W' x) with W0 of shape d x N and entries N(0, 1/d), a_j = zeta_j / sqrt(N). Gradient
   steps on W with the square loss (1/2n) sum (f - y)^2 give W1 = W0 + eta sqrt(N) G0. Then ridge regression on
   the features Phi = N^-1/2 sigma(Xt W1) of n fresh pairs (Xt, yt):

       ahat = argmin_a (1/n) |yt - Phi a|^2 + (lambda/N) |a|^2 = (Phi'Phi + (lambda n/N) I)^-1 Phi' yt.

   With ridge_batch = PLIM_RIDGE_SAME the ridge regression sees samples of the gradient's batch again: a share `overlap`
   of its n pairs, while the gradient's batch has `extra` d further ones.

   Risk R = E_x (ahat' phi(x) - sigma*(<x, beta*>))^2: against the noise-free teacher, no factor 1/2.
   Source: [BA] NeurIPS sections 2 and 3. */
#ifndef PLIM_PROBLEM_H
#define PLIM_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_activation.h"
#include "plim_inputs.h"
#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* zeta_j in a_j = zeta_j / sqrt(N): X(enumerator, name, law of zeta) */
#define PLIM_READOUT_TABLE(X)                                                                                \
  X(PLIM_READOUT_GAUSSIAN, "gaussian", "N(0,1), the paper's")                                                \
  X(PLIM_READOUT_RADEMACHER, "rademacher", "+1 or -1 with equal chance")                                     \
  X(PLIM_READOUT_CONSTANT, "constant", "1")                                                                  \
  X(PLIM_READOUT_ATOMS, "atoms", "V with chance P for each V@P of atoms:V@P,V@P,...")

/* Which data the second and later gradient steps use: X(enumerator, name, meaning) */
#define PLIM_BATCH_TABLE(X)                                                                                  \
  X(PLIM_BATCH_SAME, "same", "every step uses the first batch")                                              \
  X(PLIM_BATCH_FRESH, "fresh", "every step draws n new pairs")

/* Which data the ridge regression uses: X(enumerator, name, meaning) */
#define PLIM_RIDGE_BATCH_TABLE(X)                                                                            \
  X(PLIM_RIDGE_FRESH, "fresh", "n new pairs")                                                                \
  X(PLIM_RIDGE_SAME, "same", "the gradient's pairs: a share `overlap` of its n are among them")

#define PLIM_ENUM(code, name, meaning) code,
typedef enum { PLIM_READOUT_TABLE(PLIM_ENUM) PLIM_READOUT_COUNT } plim_readout;
typedef enum { PLIM_BATCH_TABLE(PLIM_ENUM) PLIM_BATCH_COUNT } plim_batch;
typedef enum { PLIM_RIDGE_BATCH_TABLE(PLIM_ENUM) PLIM_RIDGE_BATCH_COUNT } plim_ridge_batch;
#undef PLIM_ENUM

const char *plim_readout_name(plim_readout readout); /* NULL outside the list */
const char *plim_batch_name(plim_batch batch);
const char *plim_ridge_batch_name(plim_ridge_batch ridge_batch);

/* A law of zeta with finitely many values: E zeta^2 = 1 (a scale belongs into eta), probabilities > 0 that sum to 1. */
enum { PLIM_MOST_ATOMS = 16, PLIM_ATOMS_NAME_SIZE = 64 * PLIM_MOST_ATOMS };
typedef struct {
  size_t count;
  double value[PLIM_MOST_ATOMS], probability[PLIM_MOST_ATOMS]; /* values ascending */
  char name[PLIM_ATOMS_NAME_SIZE];                             /* as given: "atoms:V@P,V@P,..." */
} plim_atoms;

/* Read "atoms:1@0.25,-0.5773502692@0.75". Chances that sum to 1 and squares whose mean is 1 within 1e-6 are scaled to
   do so exactly; values that come twice are one. PLIM_INVALID: *why (if not NULL) is a static text. */
plim_status plim_atoms_read(const char *name, plim_atoms *atoms, const char **why) PLIM_MUST_CHECK;

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
  const plim_atoms *atoms; /* the law of zeta where `readout` is PLIM_READOUT_ATOMS; not read elsewhere */
  double eta_second;       /* size of the second of two steps, times N^eta_second_exponent; NAN: eta */
  plim_ridge_batch ridge_batch;
  double
      overlap; /* read where ridge_batch is PLIM_RIDGE_SAME: share of the ridge regression's pairs that were in
                       the gradient's batch, 0 to 1 */
  double extra; /* likewise: further pairs of the gradient's batch per input dimension, >= 0 */
  double
      step_psi1; /* read where it is PLIM_RIDGE_FRESH: pairs of the gradient's batch per input dimension, >= 0; 0:
                       psi1 */
  const plim_inputs *inputs;  /* the law of x in the simulation; NULL: Gaussian, as in every limit */
  double eta_second_exponent; /* of the second of two steps, 0 to 1/2; NAN: eta_exponent */
} plim_problem;

/* The dimensions of one finite-size experiment. */
typedef struct {
  size_t n;      /* samples in each batch */
  size_t d;      /* input dimension */
  size_t width;  /* neurons, the paper's N */
  size_t step_n; /* samples in the gradient's batch; 0: n */
  size_t shared; /* so many of them, the first, are the first that the ridge regression sees */
} plim_size;

/* psi1 = 2, psi2 = 1.5, lambda = 0.1, eta = 1, exponent 0, noise = 0.1, d = INFINITY, one step, same batch,
   Gaussian readout, a fresh ridge batch of the gradient's size; overlap = 1 and extra = 0 should it be the same; one
   size for both steps; activation and teacher are NULL: the caller sets them. */
plim_problem plim_problem_default(void);

/* PLIM_OK, or PLIM_INVALID with *field (if not NULL) naming the first unacceptable member, e.g. "psi1". */
plim_status plim_problem_validate(const plim_problem *problem, const char **field) PLIM_MUST_CHECK;

/* n = round(psi1 d), N = round(psi2 d), each at least 1; the gradient's batch, rounded likewise, is step_n, or 0
   where it has n samples; shared = round(overlap n). PLIM_INVALID for d = 0; PLIM_OVERFLOW where a dimension passes
   2^31 - 1 (BLAS counts in int) or a matrix of two of them passes the address space. */
plim_status plim_size_from_problem(const plim_problem *problem, size_t d, plim_size *size) PLIM_MUST_CHECK;

/* The problem whose ratios and d are those of the integers drawn: psi1 = n/d, psi2 = N/d, overlap = shared/n and so
   on. */
plim_problem plim_problem_at_size(const plim_problem *problem, const plim_size *size);

/* The step size itself, eta width^eta_exponent, and that of the second of two steps, with its eta and exponent. */
double plim_problem_step_size(const plim_problem *problem, double width);
double plim_problem_second_step_size(const plim_problem *problem, double width);
double plim_problem_second_eta(const plim_problem *problem);
double plim_problem_second_exponent(const plim_problem *problem);

/* Samples of the gradient's batch per input dimension: step_psi1, or psi1 where it is 0; overlap psi1 + extra where the
   ridge batch is the same. */
double plim_problem_step_psi1(const plim_problem *problem);
size_t plim_size_step_n(const plim_size *size); /* step_n, or n where it is 0 */

/* The name of the readout: that of its atoms where it has some. */
const char *plim_problem_readout_name(const plim_problem *problem);

/* What stands in the problem beyond psi1 ... teacher, in words for a reader: " second eta 2 same ridge batch,
   overlap 0.5, extra 1"; "" where nothing does. Numbers have `digits` digits. At most PLIM_FURTHER_WORDS - 1
   characters. */
enum { PLIM_FURTHER_WORDS = 224 + PLIM_INPUTS_NAME_SIZE };
void plim_problem_further_words(const plim_problem *problem, int digits, char words[PLIM_FURTHER_WORDS]);
/* Do two problems agree in all that plim_problem_further_words names? */
bool plim_problem_same_further(const plim_problem *a, const plim_problem *b);

#ifdef __cplusplus
}
#endif
#endif
