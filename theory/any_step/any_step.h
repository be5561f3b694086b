/* SPDX-License-Identifier: GPL-3.0-or-later */
/* any_step.h - what the files of theory/any_step/ share: section 9 of theory.md, one sharp risk for every step
   size.

   Notation (theory.md -> here; the files add their own):
     e             e         eta/sqrt N, the step in units of a large one
     rr            push      e theta1
     gam           gam       theta2/theta1, the cosine between X'y and beta*
     zeta_b, pi_b  atoms     |zeta| and its weight. sigma is odd, so neurons with zeta and -zeta act alike and
     only
                             half of the line is kept, with the weights doubled (tables.c)
     k             nodes     k = <x, v> > 0, likewise: every average over k is of an even function
     c_b, alpha_b            variance of the bulk of neuron b, 1 + alpha_b s2, and e^2 zeta_b^2 nu2/psi1, this
                             psi1 and those of 9.2 and of qf being the gradient's (step_psi1)
     L             penalty   lambda psi1/psi2
     V(k), G_b     v, g      the unknowns of (1)-(4)
   Matrices are flat and row-major, with the shape in the comment. */
#ifndef PLIM_ANY_STEP_H
#define PLIM_ANY_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "../theory.h"

/* labels.c: the law of y = sigma*(xi) + eps as averages of functions of y^2:
     E y^2 f(y^2) = sum p f(x),   E xi y f(y^2) = sum p1 f(x),   E xi^2 y^2 f(y^2) = sum p2 f(x). */
typedef struct {
  size_t n;
  double *x, *p, *p1, *p2;
  double s2, star1; /* E y^2 and mu1*^2 */
  double psi1;      /* of the gradient's batch */
  double error;     /* of these averages, relative */
} plimi_labels;

/* sharpest bounds the coefficient of y^2 in the functions 1/(1 + c y^2) to be averaged. */
plim_status plimi_labels_alloc(const plimi_input *in, double sharpest, plimi_labels **labels) PLIM_MUST_CHECK;
void plimi_labels_free(plimi_labels *labels); /* NULL is allowed */

/* The long rule, one entry per (xi, eps): y^2, and its weight times y^2, xi y, xi^2 y^2. */
typedef struct {
  double *x, *p, *p1, *p2;
  size_t n, room;
  double strip; /* of the poles of the functions to be averaged: |Im log(1 + sharpest x)| is no less */
} plimi_label_samples;
plim_status plimi_samples_add(plimi_label_samples *samples, double x, double p, double p1,
                              double p2) PLIM_MUST_CHECK;
void plimi_samples_clear(plimi_label_samples *samples);

/* survey.c: where that rule's points come from. The functions to be averaged have poles in y at
   sinh(t)/sqrt(sharpest) with |Im t| >= angle alone; `test` gives some of the hardest of them, of order 1 or relative
   to themselves, and `keep` is told every point and its weight. */
enum { PLIMI_SURVEY_TESTS = 3 };
typedef struct {
  const plim_activation *teacher;
  double mean, noise; /* y = sigma*(xi) - mean + noise g */
  double sharpest, angle;
  bool by_half; /* xi > 0 alone, weights doubled: an odd teacher, functions even in (xi, y) */
  void (*test)(const void *context, double xi, double y, double value[PLIMI_SURVEY_TESTS]);
  plim_status (*keep)(void *context, double xi, double y, double weight);
  void *context;
} plimi_survey;
plim_status plimi_survey_line(const plimi_survey *survey) PLIM_MUST_CHECK;

enum { PLIMI_LABEL_POINTS = 192 }; /* room in a plimi_labels */
/* gauss.c: fill n, x, p, p1, p2 and error. */
plim_status plimi_labels_shorten(const plimi_label_samples *samples, double sharpest,
                                 plimi_labels *labels) PLIM_MUST_CHECK;
/* The same with another measure of how far the short rule is from what `context` says of the long one, and at
   least that many points where there is room and the law has them. */
typedef double plimi_rule_difference(const plimi_labels *rule, const void *context);
plim_status plimi_rule_shorten(const plimi_label_samples *samples, double sharpest, size_t least,
                               plimi_rule_difference *difference_of, const void *context,
                               plimi_labels *labels) PLIM_MUST_CHECK;

/* measures.c: averages over the spectral measures of S (section 9.2) of a_i = 1/(1 + mu_i s) and
   products. v and b are the unit vectors along X'y and along what is left of beta*. */
typedef struct {
  size_t n;
  double *phi, *psi;                   /* int a_i, int s a_i d rho */
  double *phi_vv, *psi_vv;             /* the same of rho_vv */
  double *psi_vb, *psi_bb;             /* int s a_i of rho_vb, rho_bb */
  double *phi2, *chi2, *psi2;          /* n x n: int a_i a_j, int s a_i a_j, int s^2 a_i a_j d rho */
  double *psi2_vv, *psi2_vb, *psi2_bb; /* n x n: int s^2 a_i a_j of the others */
  double *r, *j0, *j1, *j2;            /* by the way: r(1/mu_i) and the J of section 9.2 there */
  double *storage;
} plimi_measures;

plim_status plimi_measures_alloc(size_t n, plimi_measures *measures) PLIM_MUST_CHECK;
void plimi_measures_free(plimi_measures *measures);
/* labels NULL: the isotropic bulk, all mass at s2 (spiked random features). The first fills what belongs to
   rho, the second, to be called after it, the rest. */
plim_status plimi_measures_bulk(const plimi_labels *labels, double s2, const double *mu,
                                plimi_measures *measures) PLIM_MUST_CHECK;
void plimi_measures_spike(const plimi_labels *labels, double s2, const double *mu, plimi_measures *measures);

/* average.c: a function tabulated once to be averaged over N(v, sd^2) for many v. */
typedef struct plimi_ruler plimi_ruler;
typedef struct {
  double low, high; /* of v + sd g */
  double sd;
} plimi_reach;
plim_status plimi_ruler_alloc(const plim_activation *function, double mean, plimi_reach reach,
                              plimi_ruler **ruler) PLIM_MUST_CHECK;
void plimi_ruler_free(plimi_ruler *ruler); /* NULL is allowed */
/* m = E f, slope = E g f, rest = E (f - m - slope g)^2 with f = f(v + sd g) - mean. */
void plimi_ruler_average(const plimi_ruler *ruler, double v, double *m, double *slope, double *rest);

/* E (g^2 - 1) f and E (g^4 - 6 g^2 + 3) f. */
void plimi_ruler_even(const plimi_ruler *ruler, double v, double *second, double *fourth);

/* tables.c: the midpoint rule x = sinh(scale t)/scale for the half-normal law, out to where it has left
   `tail`; `coarsest` is its step in t at level 0 where the integrand changes on the scale 1, halved every second
   level. The weights add up to 1. */
typedef struct {
  double step, scale;
  size_t n;
} plimi_half_rule;
plimi_half_rule plimi_half_rule_for(double scale, double coarsest, double tail, unsigned level);
void plimi_half_rule_fill(const plimi_half_rule *rule, double *point, double *weight); /* n of each */

/* tables.c: what depends on (activation, teacher, e, psi1, noise, readout) and not on lambda, psi2,
   d. */
typedef struct {
  double e, theta1, gam, mu1, mu2, nu2, s2;
  double ridge_psi1, step_psi1; /* of the ridge regression's batch, and of the gradient's */
  plim_readout readout;
  double tail;  /* what may be left out at the end of zeta's law */
  size_t atoms; /* of PLIM_READOUT_ATOMS: the kinds of neuron (atoms.c); else none */
  double atom[PLIM_MOST_ATOMS], chance[PLIM_MOST_ATOMS];
} plimi_step;

typedef struct {
  plimi_step step;
  size_t n_atoms, n_nodes;
  double *zeta, *pi, *c, *alpha; /* n_atoms */
  double *k, *weight;            /* n_nodes */
  double *m, *s, *rest;          /* n_nodes x n_atoms: m_b(k), S_b(k), E2_b(k) */
  double *h, *h1;                /* n_nodes: odd part of h, even part of h1 */
  double *unseen;                /* n_nodes: E over +-k of h2 - (odd h)^2 - (even h1)^2 */
  double *storage;
} plimi_tables;

/* What the first batch's own output N^-1/2 sigma(X W0) a, a part of the gradient, takes out of |W0 zeta|^2/N: a share
   of it; qf of section 9.3. */
static inline double plimi_own_output(double e, double mu1, double mu2, double step_psi1)
{
  const double kf = e * mu1 * mu1, rest = e * mu1 * mu2;
  return 2.0 * kf - kf * kf - (kf * kf + rest * rest) / step_psi1;
}

plim_status plimi_tables_alloc(const plimi_input *in, const plimi_step *step, unsigned level,
                               plimi_tables **tables) PLIM_MUST_CHECK;
void plimi_tables_free(plimi_tables *tables); /* NULL is allowed */

/* hermite_moments.c: E He_j(z) sigma(z) for j = 0 .. most, sigma centred: E of its j-th derivative.
   What is within the error of 0 is 0. */
enum { PLIMI_MOST_ORDER = 24 };
plim_status plimi_hermite_moments(const plimi_input *in, size_t most, double *moment) PLIM_MUST_CHECK;

/* span.c: the functions of k that are learned where d is infinite. */
typedef enum {
  PLIMI_SPAN_DEGREES, /* polynomials P_i, i in `degree` */
  PLIMI_SPAN_ALL,     /* every odd function */
  PLIMI_SPAN_NEURON   /* m_b of the one atom */
} plimi_span_kind;
enum { PLIMI_SPAN_DEGREE = 23, PLIMI_SPAN_COUNT = (PLIMI_SPAN_DEGREE + 1) / 2 };
typedef struct {
  plimi_span_kind kind;
  unsigned count, degree[PLIMI_SPAN_COUNT]; /* ascending, odd */
} plimi_span;
/* The smallest and the largest span that it may be where d is infinite and eta_exponent 1/2: the same where it is
   known. */
plim_status plimi_spans_of(const plimi_input *in, plimi_span *least, plimi_span *largest) PLIM_MUST_CHECK;
static inline bool plimi_same_span(const plimi_span *a, const plimi_span *b)
{
  return a->kind == b->kind && a->count == b->count;
}
/* The functions of PLIMI_SPAN_DEGREES at k: value[count]. */
void plimi_span_at(const plimi_span *span, const plimi_step *step, double k, double *value);

/* One problem in the terms of section 9. */
typedef struct {
  const plimi_tables *tables;
  const plimi_labels *labels; /* NULL: spiked random features */
  double psi2, penalty, noise2;
  double d;               /* INFINITY: block means cost nothing */
  const plimi_span *span; /* what they span then; not read at finite d */
  double exact;           /* what the Newton step may come to, relative */
} plimi_mixture;

/* state.c: the matrices of section 9.3 at given V and G, in the form that state.c explains.
   */
typedef struct {
  size_t n, nodes;
  double *v, *g;             /* nodes, n: the unknowns */
  double *v_next, *g_next;   /* what (3), (4) make of them */
  double *a;                 /* nodes: psi1 weight/(1 + V) */
  double *root;              /* n x n: A = root root' */
  double *d;                 /* n: pi G/c */
  double *v10;               /* n x n: V1(0) */
  double *y, *u, *z;         /* n x n: columns y_i, u_i, z_i */
  double *mu;                /* n */
  double *kappa;             /* n x n: rows kappa_i */
  double *sx, *sv, *se, *sk; /* nodes x n: S u_i, (V1(0) S)_b, ((1 - A V1(0)) S)_b, S kappa_i */
  double *by_sx, *by_sk;     /* n x nodes: sx and sk transposed, where it is coupled */
  double *hessian, *factor;  /* (nodes + n)^2: [K R'; R N], and Cholesky's factor of what it stands in */
  double *scale;             /* nodes + n: omega^-1/2 */
  plimi_measures measures;
  double *half, *turn, *rise, *stack, *frame, *qr, *tau, *work, *rows; /* scratch */
  size_t *order;
  double *storage;
} plimi_state;

plim_status plimi_state_alloc(size_t n, size_t nodes, plimi_state *state) PLIM_MUST_CHECK;
void plimi_state_free(plimi_state *state);
plim_status plimi_state_build(const plimi_mixture *mixture, plimi_state *state) PLIM_MUST_CHECK;
/* coupling.c: fills the hessian of a state that was built. */
void plimi_state_couple(const plimi_mixture *mixture, plimi_state *state);

/* solve.c: the fixed point; correction is the relative size of the Newton step that was not taken
   any more. */
plim_status plimi_mixture_solve(const plimi_mixture *mixture, plimi_state *state,
                                double *correction) PLIM_MUST_CHECK;
/* At a state that was built and coupled: factor diag(omega) - hessian, and solve with it in place. */
plim_status plimi_state_factor(const plimi_mixture *mixture, plimi_state *state) PLIM_MUST_CHECK;
plim_status plimi_state_respond(const plimi_state *state, double *x) PLIM_MUST_CHECK;

/* linear.c, with means.c: what the fixed point says of the risk. */
typedef enum {
  PLIMI_ANY_RISK,
  PLIMI_ANY_TRAIN,
  PLIMI_ANY_M, /* the order parameters, see limits.c */
  PLIMI_ANY_TAU,
  PLIMI_ANY_P,
  PLIMI_ANY_V,
  PLIMI_ANY_NUMBERS
} plimi_any_number;
typedef struct {
  double number[PLIMI_ANY_NUMBERS];
  double amplification; /* of errors: r2 over what drives it */
} plimi_any_step;
plim_status plimi_mixture_outcome(const plimi_mixture *mixture, plimi_state *state,
                                  plimi_any_step *outcome) PLIM_MUST_CHECK;

/* any_step.c: one number for the real step or for spiked random features, refined to the tolerance. */
typedef enum { PLIMI_ANY_REAL, PLIMI_ANY_SPIKED, PLIMI_ANY_KINDS } plimi_any_kind;
plim_status plimi_any_step_value(const plimi_input *in, plimi_any_kind kind, plimi_any_number which,
                                 plim_value *value) PLIM_MUST_CHECK;

#endif
