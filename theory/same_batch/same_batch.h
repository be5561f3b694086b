/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same_batch.h - what the files on reused samples share. Private to theory/same_batch/; the notation is same_batch.c's. */
#ifndef PLIM_SAME_BATCH_PRIVATE_H
#define PLIM_SAME_BATCH_PRIVATE_H

#include "../theory.h"

/* Averages tr/n over S = a XX'/d, n x n, of S^j P^2 and of what is left of its squares: ratios of Gram determinants. All
   times one factor. A number `_a` is divided by a, which may be 0. */
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

/* same_batch.c. PLIM_OUTSIDE_DOMAIN: a step that grows, or steps on several batches; see its head. */
typedef struct {
  plim_value risk1, delta, train1, gcv;
  bool diverges;          /* lambda = 0, psi1 = psi2: risk1 and gcv are infinite, train1 is 0 */
  bool is_zero_over_zero; /* there, and nothing to fit */
} plimi_reused;
plim_status plimi_same_batch(const plimi_input *in, plimi_reused *result) PLIM_MUST_CHECK;

#endif
