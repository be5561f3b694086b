/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_descent.h - the first layer trained by gradient descent until it fits a teacher of two neurons, in two scalings.

   The setting of [BA] figure 2, arXiv 2205.01445, beside plim_problem.h, whose inputs, W0 and zeta it shares. What the
   figure's source does not state is ours and said to be so.

       y = sum_k (sigma*(<x, b_k>) - E sigma*) + eps,  k = 1, 2,  |b_k| = 1,  eps ~ N(0, noise^2)
       f(x) = s sum_j zeta_j (sigma(<x, w_j>) - E sigma),      s = 1/N (mean-field) or N^-1/2 (ntk)
       L(W) = (1/2n) sum_i (f(x_i) - y_i)^2,                   W <- W - eta/(N s^2) dL/dW

   Mean-field is the network of plim_problem.h, a_j = zeta_j/sqrt(N) behind another N^-1/2, with the step eta sqrt(N)
   in its units; ntk is the same network without that second factor. Descent uses the whole batch, W alone moves. The
   step is in units (ours) in which f moves alike in both scalings: at W0 both have the tangent kernel
   (1/N) sum_j zeta_j^2 sigma'(<x,w_j>) sigma'(<x',w_j>) <x,x'>. Its largest eigenvalue, over n, stays below
   K = (|zeta|^2/N) sup sigma'^2 (1 + sqrt(d/n))^2 up to fluctuations, whatever becomes of W; so where f is piecewise
   linear in W (ReLU), eta < 2/K lowers L at every step on which no kink is crossed. */
#ifndef PLIM_DESCENT_H
#define PLIM_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plim_problem.h"
#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(enumerator, name, s and what it leads to) */
#define PLIM_SCALING_TABLE(X)                                                                                \
  X(PLIM_SCALING_MEAN_FIELD, "mean-field", "f = (1/N) sum_j zeta_j sigma(<x, w_j>): the neurons travel")     \
  X(PLIM_SCALING_NTK, "ntk", "f = N^-1/2 sum_j zeta_j sigma(<x, w_j>): the neurons hardly move")

#define PLIM_SCALING_ENUM(code, name, meaning) code,
typedef enum { PLIM_SCALING_TABLE(PLIM_SCALING_ENUM) PLIM_SCALING_COUNT } plim_scaling;
#undef PLIM_SCALING_ENUM
const char *plim_scaling_name(plim_scaling scaling); /* NULL outside the list */

typedef struct {
  const plim_activation *activation, *teacher; /* sigma, sigma*: stored as written, used centred */
  plim_readout readout;                        /* the law of zeta, which is kept */
  const plim_atoms *atoms; /* its law where it is PLIM_READOUT_ATOMS; not read elsewhere */
  plim_scaling scaling;
  double angle;              /* between b_1 and b_2, degrees, 0 < angle < 180 */
  double noise;              /* standard deviation of the label noise, not its variance; >= 0 */
  double eta;                /* step size in the units above; > 0 */
  const plim_inputs *inputs; /* the law of x; NULL: Gaussian */
} plim_descent;

typedef struct {
  plim_size size; /* d >= 2 */
  uint64_t
      seed; /* the same draws in both scalings: X, W0, zeta and beta* = b_1 of plim_simulate's replica 0 */
  size_t threads;    /* >= 1; never changes a bit */
  double tolerance;  /* the descent ends at the first W with L(W) < tolerance; > 0 */
  size_t most_steps; /* >= 1 */
} plim_descent_settings;

/* W after `steps` steps. The plane of the teacher is spanned by b_1 and the unit vector across it on the side of b_2,
   so that b_1 = (1, 0) and b_2 = (cos angle, sin angle). */
typedef struct {
  size_t steps;
  double loss;          /* L(W), with its factor 1/2 */
  double moved;         /* |W - W0|_F / |W0|_F */
  double in_plane;      /* share of |W|_F^2 that lies in the plane; about 2/d at W0 */
  const double *along;  /* N: <w_j, b_1> */
  const double *across; /* N: <w_j, the other unit vector> */
  const double *zeta;   /* N */
} plim_descent_state;

/* Any may be NULL.
     observe    is told of every W, W0 and the last included; false stops with PLIM_FAILED
     cancelled  asked before every step; true stops with PLIM_INTERRUPTED */
typedef struct {
  void *context;
  bool (*observe)(void *context, const plim_descent_state *state);
  bool (*cancelled)(void *context);
} plim_descent_hooks;

typedef struct {
  size_t steps;
  double loss; /* < tolerance */
} plim_descent_end;

/* PLIM_OK             the loss is below the tolerance
   PLIM_INVALID        an argument is not acceptable
   PLIM_NOT_CONVERGED  it is not after most_steps steps, or has passed that of W0: a smaller eta is needed
   PLIM_NOT_FINITE, PLIM_OVERFLOW, PLIM_NO_MEMORY, PLIM_INTERRUPTED, PLIM_FAILED */
plim_status plim_descend(const plim_descent *descent, const plim_descent_settings *settings,
                         const plim_descent_hooks *hooks, plim_descent_end *end) PLIM_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
