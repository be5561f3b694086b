/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_reduced.h - what the files do that solve section 15 for any number of kinds (kinds.h has the notation).

   THE REDUCTION (derived here). The kinds are coupled through A = E w S S' alone, and the K functions S_b(k) span few
   dimensions: sqrt(pi) S(k) = U s(k), U'U = 1 (K x m). With W = U' diag(G_b Sigma_b/c_b) U, an m x m matrix of
   polynomials in D1 and S,
     V = U'(diag(sqrt pi) V1 diag(sqrt pi))U = (1/d) tr (W^-1 + A)^-1,   A = E w s s',   R = (A^-1 + W)^-1
   and (A V1)_bb/p_b = u_b' (1/d) tr R Sigma_b u_b/(pi_b c_b). Here A, V, R are m x m. */
#ifndef PLIM_KINDS_REDUCED_H
#define PLIM_KINDS_REDUCED_H

#include "kinds.h"
#include "kinds_dual.h"

/* kinds_norms.c */
typedef struct {
  double *omega;        /* K x K; owns what follows: K each */
  double *vv, *vt, *tt; /* forms of Sigma_b */
  double *gamma;        /* d times the covariance of a neuron's norm with <w_j, v> */
  double *cross, *own;  /* Q's share in the two functions f */
  double own_output;    /* qf */
  size_t functions;     /* f's for each kind: 2 of the real step, else 1 */
} plimi_norms;
plim_status plimi_norms_alloc(const plimi_kinds *t, plimi_norms *s) PLIM_MUST_CHECK;
void plimi_norms_free(plimi_norms *s);
plim_status plimi_norms_fill(const plimi_kinds *t, const plimi_law_of_labels *law,
                             plimi_norms *s) PLIM_MUST_CHECK;
/* e zeta_b mu1 |u|, and what a neuron that is longer by one unit has more of it */
double plimi_push_of(const plimi_kinds *t, size_t b);
double plimi_longer_of(const plimi_kinds *t, size_t b);
/* The functions of k of kind b at one node: m_b at this d, lean_b, kS_b, f_b and f_{K+b}. */
typedef struct {
  double block, lean, along, f[2];
} plimi_functions;
plimi_functions plimi_functions_at(const plimi_kinds_problem *problem, const plimi_norms *s, size_t node,
                                   size_t b);

/* kinds_basis.c */
typedef struct {
  size_t kinds, nodes, m;
  double *u;     /* kinds x m */
  double *s;     /* nodes x m: U' sqrt(pi) S(k) */
  double *along; /* nodes x m: the same of kS */
  double *sides; /* m: of sqrt(c) */
  double *rest;  /* nodes x kinds: pi_b E2_b(k) */
  double lost;   /* what this leaves out makes of the answers, relative */
  double *storage;
} plimi_basis;
plim_status plimi_basis_alloc(const plimi_kinds_problem *problem, const plimi_norms *norms, double exact,
                              plimi_basis *basis) PLIM_MUST_CHECK;
void plimi_basis_free(plimi_basis *basis);

/* kinds_pencil.c: what the first batch leaves in the bulk. Variables (theta, t), t = abar D1 theta:
     C = [ A^-1 + B0  0 ; 0 -B2 ],   Y(y) = y abar [ 2 B1  B2 ; B2 0 ] + y^2 alphabar [ B2 0 ; 0 0 ],
     B_j = U' diag(G_b zeta_b^j/c_b) U,   abar = e c2,   alphabar = e^2 nu3/psi1.
   With U the identity t_b = zeta_b abar D1 theta_b instead, which is regular at zeta_b = 0 (the bulk of such a kind is
   that of W0): C = [ A^-1 + B0  0 ; 0 -B0 ],   Y(y) = y abar [ 2 B1  B1 ; B1 0 ] + y^2 alphabar [ B2 0 ; 0 0 ].
   Where c2 = 0 there is theta alone: "pair" below is 2m, or m. */
typedef struct {
  plimi_dual b[3];   /* m x m */
  bool is_whole;     /* U is the identity */
  plimi_dual e1, e2; /* pair x pair: what stands beside y and y^2 in Y */
} plimi_pencil;
/* What comes of C + gamma, gamma = E Gam (pair x pair). */
typedef struct {
  plimi_dual theta; /* m x m: the self-energy W would have */
  plimi_dual left;  /* (1 + theta A)^-1 */
  plimi_dual v;     /* (theta^-1 + A)^-1 */
  plimi_dual rise;  /* pair x m: [ 1 ; -Z^-1 Y' ] */
  plimi_dual r;     /* pair x pair: (C + gamma)^-1 */
} plimi_resolvent;
size_t plimi_pair_of(const plimi_kinds_problem *problem, const plimi_basis *basis);
size_t plimi_pencil_size(size_t m, size_t parts);
size_t plimi_resolvent_size(size_t m, size_t parts);
plimi_pencil plimi_pencil_take(double **next, size_t m, size_t pair, size_t parts);
plimi_resolvent plimi_resolvent_take(double **next, size_t m, size_t pair, size_t parts);
/* g: K x 1 */
void plimi_pencil_fill(const plimi_kinds_problem *problem, const plimi_basis *basis, const plimi_dual *g,
                       plimi_pencil *pencil);
plim_status plimi_pencil_resolve(const plimi_pencil *pencil, const plimi_dual *a, const plimi_dual *gamma,
                                 plimi_resolvent *resolvent) PLIM_MUST_CHECK;
/* Averages of Gam(y) with several weights at once: sum over the law of p[xi_power] y^y_power Gam. */
typedef struct {
  int xi_power, y_power;
} plimi_weighting;
enum { PLIMI_MOST_WEIGHTINGS = 3 };
plim_status plimi_pencil_average(const plimi_kinds_problem *problem, const plimi_pencil *pencil,
                                 const plimi_dual *r, size_t count, const plimi_weighting *by,
                                 plimi_dual *average) PLIM_MUST_CHECK;
/* along[b] = u_b' (1/d) tr R Sigma_b u_b, K x 1 */
plim_status plimi_pencil_along(const plimi_kinds_problem *problem, const plimi_basis *basis,
                               const plimi_pencil *pencil, const plimi_resolvent *resolvent,
                               plimi_dual *along) PLIM_MUST_CHECK;
/* V along v and v, v and b, b and b: m x m each. */
typedef struct {
  plimi_dual vv, vb, bb;
} plimi_forms;
plim_status plimi_pencil_forms(const plimi_kinds_problem *problem, const plimi_pencil *pencil,
                               const plimi_dual *a, const plimi_resolvent *resolvent,
                               plimi_forms *forms) PLIM_MUST_CHECK;

/* kinds_accelerate.c: x = map(x) by Anderson's method. weigh: what the components of a residual at x are multiplied by;
   is_allowed: may the next x be this one? The correction is relative to the weighted size of x. */
typedef struct {
  size_t size;
  plim_status (*map)(void *context, const double *x, double *next);
  void (*weigh)(void *context, const double *x, double *weight);
  bool (*is_allowed)(void *context, const double *x);
  void *context;
} plimi_iteration;
plim_status plimi_accelerate(const plimi_iteration *iteration, double exact, double *x,
                             double *correction) PLIM_MUST_CHECK;

/* kinds_iterate.c: the fixed point with its derivatives. g: K x 1, v: m x m, gamma: pair x pair (none of spiked
   features). */
typedef struct {
  plimi_dual g, v, gamma;
} plimi_point;
size_t plimi_point_size(const plimi_kinds_problem *problem, const plimi_basis *basis, size_t parts);
plimi_point plimi_point_take(double **next, const plimi_kinds_problem *problem, const plimi_basis *basis,
                             size_t parts);
/* What a point says at the nodes: V and w (nodes), A (m x m), B (K x 1). */
typedef struct {
  plimi_dual v, w, a, b;
} plimi_sight;
size_t plimi_sight_size(const plimi_basis *basis, size_t parts);
plimi_sight plimi_sight_take(double **next, const plimi_basis *basis, size_t parts);
void plimi_look(const plimi_kinds_problem *problem, const plimi_basis *basis, const plimi_point *point,
                plimi_sight *sight);
plim_status plimi_point_solve(const plimi_kinds_problem *problem, const plimi_basis *basis, double exact,
                              plimi_point *point, double *correction) PLIM_MUST_CHECK;

/* kinds_rows.c: the functions that the predictor's mean is made of, at the nodes, and h behind them. Where functions of
   one parity are free (span), what is left of the others once the best of these is taken off: differences or sums over
   +-k, with the weight w+ w-/(w+ + w-). */
typedef struct {
  size_t blocks, functions, m, columns; /* of M, T, F; one more, h */
  size_t count;                         /* nodes, or pairs of them, or none */
  double lost;  /* what rounding makes of functions that are nearly dependent, relative */
  double *x;    /* count x columns */
  double *lean; /* nodes x blocks */
  double *storage;
} plimi_rows;
plim_status plimi_rows_alloc(const plimi_kinds_problem *problem, const plimi_norms *norms,
                             const plimi_basis *basis, plimi_rows *rows) PLIM_MUST_CHECK;
void plimi_rows_free(plimi_rows *rows);
/* E w x x': columns x columns. */
void plimi_rows_gram(const plimi_kinds_problem *problem, const plimi_rows *rows, const plimi_dual *w,
                     plimi_dual *gram);

/* kinds_stage.c */
typedef struct {
  double objective[PLIMI_PARTS];   /* over lambda, and its derivatives: see kinds_iterate.c */
  double order[PLIMI_ANY_NUMBERS]; /* PLIMI_ANY_M .. PLIMI_ANY_V of it */
  double lost;                     /* relative: that of plimi_rows */
} plimi_reduced_stage;
plim_status plimi_reduced_stage_at(const plimi_kinds_problem *problem, const plimi_norms *norms,
                                   const plimi_basis *basis, const plimi_point *point,
                                   plimi_reduced_stage *stage) PLIM_MUST_CHECK;

/* kinds.c: risk, training error and order parameters; exact: what the fixed point and the basis may come to. */
plim_status plimi_kinds_outcome(const plimi_kinds_problem *problem, double exact, plimi_any_step *outcome,
                                double *correction) PLIM_MUST_CHECK;

#endif
