/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.h - what the files kinds*.c share: one step of any size with any activation, for
   readouts with finitely many kinds of neuron (section 15 of theory.md, any_activation.md B; derived there).

   Notation (any_activation.md -> here; the files add their own):
     zeta_b, pi_b    zeta, pi   the kinds of neuron and their weights
     rr zeta_b k     push       e mu1 |u| zeta_b, u = X'y/n; k = <x, v>, v = u/|u|
     a_b, alpha_b    a, alpha   e zeta_b c2 and e^2 zeta_b^2 nu3/psi1: Sigma_b = (1 + a_b D1)^2 + alpha_b S
     m, S, E2        m, s, rest E sigma, E g sigma, what neither explains, of sigma(rr zeta_b k + sqrt(c_b) g)
     Q, Q4           q2, q4     (1/2) E (g^2-1) sigma and (1/4) E (g^4-6g^2+3) sigma
     h, h1, h2, htt             of the teacher sigma*(gam k + rho t), rho^2 = 1 - gam^2
   NORMALISATION. As in plim_problem.h and any_step.h: penalty L = lambda psi1/psi2, noise a standard deviation.
   Matrices are flat and row-major, with the shape in the comment. */
#ifndef PLIM_KINDS_H
#define PLIM_KINDS_H

#include <complex.h>

#include "any_step.h"

/* kinds_slopes.c: moments of sigma'(z), z ~ N(0,1), x = sigma'(z) - mu1, as any_activation.md defines them. */
typedef struct {
  double c2, c3;                 /* E z sigma', E (z^2 - 1) sigma' */
  double nu2, nu3;               /* E x^2, nu2 - c2^2 */
  double dilation;               /* nu' = (1/2) E (z^2 - 1) sigma'^2 - mu1 c3 */
  double error;                  /* of each, relative to its power of nu2 */
  double x3, zx2, zx3, vzx, vxx; /* E x^3, E z x^2, E z x^3 - c2 nu2, E z^2 x^2 - c2^2, E x^4 - nu2^2 */
} plimi_slopes;
plim_status plimi_slopes_of(const plimi_input *in, plimi_slopes *slopes) PLIM_MUST_CHECK;

/* kinds_law.c: the law of (xi, y), y = sigma*(xi) + eps: E xi^i f(y) = sum p[i] f(y) for functions that are analytic
   but for poles at |y| >= 1/sqrt(sharpest) from the real line, and E xi^i y^j = moment[i][j]. */
enum { PLIMI_LAW_XI = 3, PLIMI_LAW_Y = 5 };
typedef struct plimi_law_of_labels {
  size_t n;
  double *y, *p[PLIMI_LAW_XI];
  double moment[PLIMI_LAW_XI][PLIMI_LAW_Y];
  double error; /* of averages of functions with poles at y = +-i/sqrt(c), c <= sharpest, relative */
  struct plimi_law_of_labels *finer; /* more than twice the points: shows what other poles do */
} plimi_law_of_labels;
/* PLIM_OUTSIDE_DOMAIN where E y^4 is infinite. */
plim_status plimi_law_alloc(const plimi_input *in, double sharpest,
                            plimi_law_of_labels **law) PLIM_MUST_CHECK;
void plimi_law_free(plimi_law_of_labels *law); /* NULL is allowed */

/* kinds_tables.c: what depends on (activation, teacher, e, psi1, noise, readout) and not on lambda, psi2, d. */
enum { PLIMI_MOST_KINDS = 2 };
typedef struct {
  plimi_step step;
  plimi_slopes slopes;
  double star_mu1, length; /* mu1* and |u| */
  size_t kinds, nodes;
  double *zeta, *pi, *c, *a, *alpha; /* kinds */
  double *k, *weight;             /* nodes, over the whole line */
  double *m, *s, *rest, *q2, *q4; /* nodes x kinds */
  double *h, *h1, *h2, *htt;      /* nodes */
  double *storage;
} plimi_kinds;
/* The slopes' moments depend on the activation alone: they are handed in. */
plim_status plimi_kinds_alloc(const plimi_input *in, const plimi_step *step, const plimi_slopes *slopes,
                              unsigned level, plimi_kinds **kinds) PLIM_MUST_CHECK;
void plimi_kinds_free(plimi_kinds *kinds); /* NULL is allowed */
/* The kinds' bulk has poles in y no nearer than 1/sqrt of this to the real line. */
double plimi_kinds_sharpest(const plimi_step *step, const plimi_slopes *slopes);

/* What the m_b of a Gaussian readout span where d is infinite (span.c): all functions of a parity, or the P_i of these
   degrees. */
typedef struct {
  bool all[2]; /* even, odd */
  unsigned count, degree[PLIMI_MOST_ORDER];
} plimi_free_functions;

/* One problem. */
typedef struct {
  const plimi_kinds *kinds;
  const plimi_law_of_labels *law; /* NULL: spiked random features */
  const plimi_free_functions *span; /* NULL: that of the m_b themselves, each at its price */
  double psi1, psi2, lambda, noise2;
  double d; /* INFINITY: block means cost nothing */
} plimi_kinds_problem;

/* The parameters in which the objective is differentiated: complex for complex steps. */
typedef struct {
  double complex lambda,
      extra; /* extra: the weight eps of the risk in the objective, any_activation.md B.5 */
} plimi_tuning;

/* kinds_algebra.c: n x n complex matrices. PLIM_NOT_CONVERGED where one is singular. */
plim_status plimi_c_invert(size_t n, double complex *a) PLIM_MUST_CHECK; /* in place */
plim_status plimi_c_solve(size_t n, const double complex *a, double complex *x) PLIM_MUST_CHECK;
void plimi_c_multiply(size_t n, const double complex *a, const double complex *b, double complex *product);

/* kinds_bulk.c: B.2. The unknown r of (*) and what follows from it, blocks (theta, u, l) of K each. */
enum { PLIMI_MOST_PENCIL = 3 * PLIMI_MOST_KINDS };
/* next = (C + E Gam)^-1 at Ah (K x K). */
plim_status plimi_bulk_step(const plimi_kinds_problem *problem, const double complex *ah,
                            const double complex *r, double complex *next) PLIM_MUST_CHECK;
/* beta'V1 beta, beta'V1 u and u'V1 u without the outer gh: K x K each. */
typedef struct {
  double complex bb[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS], bu[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS],
      uu[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS];
} plimi_bulk_forms;
plim_status plimi_bulk_forms_at(const plimi_kinds_problem *problem, const double complex *ah,
                                const double complex *r, plimi_bulk_forms *forms) PLIM_MUST_CHECK;

/* kinds_fixed_point.c: B.3. The state is (G, r) of the real step, (G, V1) of spiked features: symmetric matrices by
   their upper triangles. */
enum { PLIMI_MOST_STATE = PLIMI_MOST_KINDS + PLIMI_MOST_PENCIL * (PLIMI_MOST_PENCIL + 1) / 2 };
typedef struct {
  size_t size;
  double complex x[PLIMI_MOST_STATE];
} plimi_kinds_state;
/* What a state says: at each node V and w, and the K x K matrices. */
typedef struct {
  double complex *v, *w; /* nodes */
  double complex p[PLIMI_MOST_KINDS], gh[PLIMI_MOST_KINDS];
  double complex a[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS], v1[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS];
  double complex ah[PLIMI_MOST_KINDS * PLIMI_MOST_KINDS];
  double complex r[PLIMI_MOST_PENCIL * PLIMI_MOST_PENCIL];
} plimi_kinds_view;
void plimi_kinds_look(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                      const plimi_kinds_state *state, plimi_kinds_view *view);
/* The fixed point, its derivatives in lambda and in `extra`, and the relative size of the last correction. */
typedef struct {
  plimi_kinds_state state, by_lambda, by_extra;
  double correction;
} plimi_kinds_solution;
plim_status plimi_kinds_solve(const plimi_kinds_problem *problem, double lambda, plimi_kinds_view *view,
                              plimi_kinds_solution *solution) PLIM_MUST_CHECK;

/* kinds_linear.c: B.4 and the objective of B.5 at a state, and the order parameters. */
typedef struct {
  double complex objective;
  double order[PLIMI_ANY_NUMBERS]; /* PLIMI_ANY_M .. PLIMI_ANY_V of it */
} plimi_kinds_stage;
plim_status plimi_kinds_stage_at(const plimi_kinds_problem *problem, const plimi_tuning *tuning,
                                 const plimi_kinds_state *state, plimi_kinds_view *view,
                                 plimi_kinds_stage *stage) PLIM_MUST_CHECK;

/* kinds.c: risk, training error and order parameters of a problem. */
plim_status plimi_kinds_outcome(const plimi_kinds_problem *problem, double lambda, plimi_any_step *outcome,
                                double *correction) PLIM_MUST_CHECK;

#endif
