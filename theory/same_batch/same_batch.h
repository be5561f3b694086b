/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same_batch.h - what the files on reused samples share. Private to theory/same_batch/; the notation is fit.c's. */
#ifndef PLIM_SAME_BATCH_PRIVATE_H
#define PLIM_SAME_BATCH_PRIVATE_H

#include "../theory.h"

/* Averages tr/n over S = a XX'/d, n x n, of S^j P^2 and of what is left of its squares: ratios of Gram determinants.
   All times one factor. A number `_a` is divided by a, which may be 0. */
typedef struct {
  plimi_wide m0, m1, m1_a, m2, m2_a;         /* tr S^j P^2/n */
  plimi_wide left0, left1, left1_a, left2_a; /* M_(j+2) - M_(j+1)^2/M_j: what no constant explains of S */
} plimi_squares_of_p;

/* A number r near S, and tr S^j (S - r) P/n. */
typedef struct {
  plimi_wide r, gap0, gap1, gap1_a, gap2_a;
} plimi_place;

/* traces.c. Every member is finite and, but for the gaps of place 1 and 2, >= 0. */
typedef struct {
  plimi_wide rho;                    /* psi1/psi2 */
  plimi_wide k, ratio, slack;        /* k;  k p = lambda/kappa;  L/k */
  plimi_wide z, v, rest_v, w, inv_p; /* z = b + k;  1 - v = psi1 w */
  plimi_wide first0, first1, first1_a, first2, first2_a,
      first3_a;                       /* tr S^j P/n; first0 is 0 where it is infinite */
  plimi_wide around1_a, around0;      /* (T1 T3 - T2^2)/(a T1) and (T0 T2 - T1^2)/T0 */
  plimi_wide mean0, mean1;            /* T1/T0 and T2/T1 */
  plimi_wide m3, m3_a, m4_a;          /* tr S^j P^2/n */
  plimi_squares_of_p plain;           /* m0 is 0 where it is infinite, which only b = 0 multiplies */
  plimi_squares_of_p over_p2;         /* the same over p^2 */
  plimi_place at_zero, at0, at1, at2; /* r = 0 and r_j = M_(j+1)/M_j */
  plimi_wide bias;                    /* a v^2/(1 - psi1 w^2) */
  plimi_wide turn;                    /* v^2 psi1 w^2/(1 - psi1 w^2) */
} plimi_traces;
plim_status plimi_traces_of(const plimi_input *in, plimi_traces *traces) PLIM_MUST_CHECK;

/* Labels, or what acts like them: linear part and the rest, per sample. */
typedef struct {
  plimi_wide linear, rest, both;
  plimi_wide mixed; /* phi (1 - phi)(linear + rest) */
  plimi_wide extra; /* a psiE (linear + rest) */
} plimi_labels;

/* A label-like vector: its labels, its size, and 1 - s phi (nu + r) (lone) and that less s a psiE (along b) where
   they are needed. */
typedef struct {
  plimi_labels l;
  plimi_wide size, size2;
  plimi_wide lone_zero, lone0, lone1, along_zero, along1, along2;
} plimi_like;

/* The whole fit. */
typedef struct {
  const plimi_input *in;
  plimi_traces tr;
  plimi_wide a, m, chi, nu, phi, rest_phi, extra; /* extra: psiE */
  plimi_wide a_extra;                             /* a psiE */
  plimi_wide own, mode;                           /* w and chi_a */
  plimi_wide x, n, den;                           /* N is n */
  plimi_wide t, pull2, pull2_over_t;
  plimi_like y, c;
  plimi_wide smp2;        /* tr S_m P^2/n */
  plimi_wide denominator; /* D */
  plimi_wide weight;      /* of Psi in R1 */
  plimi_wide fitted;      /* D Psi/rho */
} plimi_fit;

/* fit.c. PLIM_OUTSIDE_DOMAIN: a step that grows, or steps on several batches; see its head. */
plim_status plimi_fit_of(const plimi_input *in, plimi_fit *fit) PLIM_MUST_CHECK;
plimi_wide plimi_form0(const plimi_fit *f, const plimi_like *u, const plimi_squares_of_p *s); /* P^2[l, s] */
plimi_wide plimi_form_fitted(const plimi_fit *f, const plimi_like *u);      /* S_m P^2[l, s] */
plimi_wide plimi_with_nu(const plimi_fit *f, plimi_wide f1, plimi_wide f0); /* f1 + nu f0 */
plimi_wide plimi_square_with_nu(const plimi_fit *f, plimi_wide f2, plimi_wide f1,
                                plimi_wide f0); /* f2 + 2 nu f1 + nu^2 f0 */
plimi_wide plimi_sum3(plimi_wide x, plimi_wide y, plimi_wide z);

/* same_batch.c. PLIM_OUTSIDE_DOMAIN as fit.c. */
typedef struct {
  plim_value risk1, delta, train1, gcv;
  bool diverges;          /* lambda = 0, psi1 = psi2: risk1 and gcv are infinite, train1 is 0 */
  bool is_zero_over_zero; /* there, and nothing to fit */
} plimi_reused;
plim_status plimi_same_batch(const plimi_input *in, plimi_reused *result) PLIM_MUST_CHECK;

#endif
