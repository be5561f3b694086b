/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statement.h - what `plim cite` says of a ridge regression on samples that made the step: fit.c in short, for the
   limits of small_step.c and limits.c. */
#ifndef PLIM_SAME_BATCH_STATEMENT_H
#define PLIM_SAME_BATCH_STATEMENT_H

#define PLIMI_REUSED_FIT                                                                                     \
  "\nThe gradient's samples again (--ridge-batch same; derived here, [BA] leave it open): with\n"            \
  "S = mu1^2 XX'/d of shape n x n, z = mu2^2 + k, P = (S + z)^-1, p = tr P/n, rho = psi1/psi2,\n"            \
  "lambda rho = k (1 - rho (1 - k p)), e = eta/psi1 and b = e (S + nu2) y, the step on its own sample,\n"    \
  "  tau = rho y'Pb/(n + rho b'Pb),   t = e tau,   y_eff = y - tau b,\n"                                     \
  "  Psi = lim |ahat|^2/N = [tau^2 + (rho/n) y_eff'P (S + mu2^2) P y_eff]/[1 - rho tr (I - k P)^2/n].\n"

#define PLIMI_REUSED_RISK                                                                                    \
  PLIMI_REUSED_FIT                                                                                           \
  "  c = 1 + t (z - nu2),   v = 1 - psi1 tr SP/n,   w = psi1 (tr SP/n)^2,\n"                                 \
  "  R1 = mu2*^2 + mu1*^2 {[1 - c (1 - v)]^2 + c^2 v^2 w/(1 - w)} + c^2 a psi1 (s2 - mu1*^2) tr SP^2/n\n"    \
  "       + [a v^2/(1 - w) + a psi1 mu2^2 tr SP^2/n + mu2^2] Psi.\n"

#define PLIMI_REUSED_TRAIN PLIMI_REUSED_FIT "  T1 = k^2 [y_eff'P^2 y_eff/n + Psi tr (S + mu2^2) P^2/n].\n"

/* What is beyond the lines above. */
#define PLIMI_REUSED_REST                                                                                    \
  "Any overlap, the norm mode chi, and at finite d the d^-0.5 term of the step's own output, which is\n"     \
  "then in the value: doc/same_batch.md."

#define PLIMI_REUSED_DOMAIN                                                                                  \
  "; the same batch: one batch for all steps, eta_exponent 0, or below 1/4 at finite d (from there on more " \
  "than one direction is learnt, and at 1/2 each label reaches its own features at O(1), which is open); "   \
  "the reduction to rank one is proved for sigma with three bounded derivatives, Gaussian equivalence "      \
  "jointly in the step is observed; atoms with 0 < |E zeta| < 1 and sigma not odd at d = inf only"

#endif
