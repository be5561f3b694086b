/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.h - what the files kinds*.c share: one step of any size with any activation, neurons being of kinds, one for
   each value of the readout or each node of a rule in it (section 15 of theory.md, any_activation.md B; derived there).

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
enum { PLIMI_MOST_KINDS = 200 };
typedef struct {
  plimi_step step;
  plimi_slopes slopes;
  double star_mu1, length; /* mu1* and |u| */
  size_t kinds, nodes;
  double *zeta, *pi, *c, *a, *alpha; /* kinds */
  double *k, *weight;                /* nodes, over the whole line */
  double *m, *s, *rest, *q2, *q4;    /* nodes x kinds */
  double *h, *h1, *h2, *htt;         /* nodes */
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
/* At least and at most; the same where it is known. */
plim_status plimi_free_functions_of(const plimi_input *in, plimi_free_functions *least,
                                    plimi_free_functions *largest) PLIM_MUST_CHECK;
static inline bool plimi_same_functions(const plimi_free_functions *a, const plimi_free_functions *b)
{
  return a->count == b->count && a->all[0] == b->all[0] && a->all[1] == b->all[1];
}

static inline bool plimi_has_order(const plimi_free_functions *all, unsigned i)
{
  bool has = all->all[i % 2];
  for (unsigned j = 0; j < all->count; j++)
    has = has || all->degree[j] == i;
  return has;
}

/* atoms.c: the readout's values as kinds of neuron (nothing for others than PLIM_READOUT_ATOMS); the largest |zeta|,
   no less than 1; and of all that sigma has the orders below `end` that so many kinds learn. PLIM_NOT_CONVERGED where
   values are not told apart, or orders above PLIMI_MOST_ORDER count. */
void plimi_step_take_atoms(const plimi_input *in, plimi_step *step);
bool plimi_same_atoms(const plimi_step *a, const plimi_step *b);
double plimi_largest_zeta(const plimi_step *step);
plim_status plimi_atoms_learned(const plimi_step *step, const plimi_free_functions *all, double end,
                                plimi_free_functions *learned) PLIM_MUST_CHECK;

/* between.c: d infinite and 0 < eta_exponent < 1/2. All but PLIMI_ANY_M. PLIM_OUTSIDE_DOMAIN at critical exponents. */
plim_status plimi_between_value(const plimi_input *in, const plimi_step *step, plimi_any_number which,
                                plim_value *value) PLIM_MUST_CHECK;

/* One problem. */
typedef struct {
  const plimi_kinds *kinds;
  const plimi_law_of_labels *law;   /* NULL: spiked random features */
  const plimi_free_functions *span; /* NULL: that of the m_b themselves, each at its price */
  double ridge_psi1, psi2, lambda, noise2;
  double d;    /* INFINITY: block means cost nothing */
  size_t rank; /* of PLIM_READOUT_ATOMS, d infinite: how many functions the m_b span; else 0 */
} plimi_kinds_problem;

#endif
