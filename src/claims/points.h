/* SPDX-License-Identifier: GPL-3.0-or-later */
/* points.h - problems that several claims share. Private to src/claims/.

   A: psi1 > psi2, an odd activation and a teacher with an even part; B: psi1 < 1 < psi2, noisy labels. The teachers are
   large beside the activation: at a given strength of the spike the part of the gradient that comes from the network's
   own output, which drives the d^-1/2 drift, is then small. */
#ifndef PLIM_CLAIMS_POINTS_H
#define PLIM_CLAIMS_POINTS_H

#define PLIMI_TEACHER_A "expr:1.9*tanh(z)+0.3*(z*z-1)"
#define PLIMI_TEACHER_B "expr:2.1*erf(z)"

#define PLIMI_POINT_A(step)                                                                                  \
  .activation = "tanh", .teacher = PLIMI_TEACHER_A, .n = 31, .d = 13, .width = 21, .lambda = 0.137,          \
  .eta = (step), .noise = 0.253
#define PLIMI_POINT_B(step)                                                                                  \
  .activation = "erf", .teacher = PLIMI_TEACHER_B, .n = 11, .d = 13, .width = 29, .lambda = 0.617,           \
  .eta = (step), .noise = 0.531

/* Rates fitted together for what the step changes: the network's own output in the gradient, and the next order. */
#define PLIMI_AFTER_STEP .rates = {0.5, 1.0}

#define PLIMI_MEASURE(...)                                                                                   \
  .quantities = {__VA_ARGS__}, .n_quantities = sizeof((plim_quantity[]){__VA_ARGS__}) / sizeof(plim_quantity)

/* A constant readout and E sigma'' != 0: where Gaussian equivalence fails by chi. */
#define PLIMI_POINT_CHI                                                                                      \
  .activation = "relu", .teacher = "expr:2*tanh(z)", .n = 20, .d = 10, .width = 30, .lambda = 0.113,         \
  .eta = 3.7, .noise = 0.113, .readout = PLIM_READOUT_CONSTANT

#endif
