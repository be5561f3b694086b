/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_quantity.h - the names of what can be predicted or measured. Nothing here says how. */
#ifndef PLIM_QUANTITY_H
#define PLIM_QUANTITY_H

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The one list: X(enumerator, name, symbol, title). W1 is W0 after the gradient step(s), G0 the gradient at W0,
   u1 and v1 the top left and right singular vectors of W1, F = sigma(Xt W1) of shape n x N. */
#define PLIM_QUANTITY_TABLE(X)                                                                               \
  X(PLIM_THETA1, "theta1", "theta1", "strength of the gradient's rank-one part")                             \
  X(PLIM_THETA2, "theta2", "theta2", "part of theta1 along beta*")                                           \
  X(PLIM_KAPPA, "kappa", "kappa", "effective ridge of the features at W0")                                   \
  X(PLIM_DF2, "df2", "gamma", "second-order degrees of freedom per sample at W0")                            \
  X(PLIM_RISK0, "risk0", "R0", "risk of ridge on the features at W0")                                        \
  X(PLIM_RISK1, "risk1", "R1", "risk of ridge on the features at W1")                                        \
  X(PLIM_DELTA, "delta", "R0 - R1", "improvement of the risk by the gradient step(s)")                       \
  X(PLIM_TRAIN0, "train0", "T0", "training error of ridge on the features at W0")                            \
  X(PLIM_TRAIN1, "train1", "T1", "training error of ridge on the features at W1")                            \
  X(PLIM_RISK2, "risk2", "R2", "risk of ridge on the features at W2, the weights after two steps")           \
  X(PLIM_TRAIN2, "train2", "T2", "training error of ridge on the features at W2")                            \
  X(PLIM_DELTA2, "delta2", "R1 - R2", "improvement of the risk by the second of two steps")                  \
  X(PLIM_REUSE_GAIN, "reuse_gain", "R2(fresh) - R2(same)",                                                   \
    "what a second step on the first batch gains over one on a fresh batch")                                 \
  X(PLIM_GCV, "gcv", "GCV", "generalised cross-validation of the ridge regression on the features at W1")    \
  X(PLIM_RISK, "risk", "R", "risk of ridge on the features at W1, for any step size")                        \
  X(PLIM_TRAIN, "train", "T", "training error of ridge on the features at W1, for any step size")            \
  X(PLIM_SRF_RISK, "srf_risk", "R_srf", "risk with spiked random features in the place of W1")               \
  X(PLIM_SRF_TRAIN, "srf_train", "T_srf", "training error with spiked random features")                      \
  X(PLIM_ANY_M, "any_m", "a'ahat", "overlap of the fitted readout with the initial one")                     \
  X(PLIM_ANY_TAU, "any_tau", "tau", "weight of the predictor's linear part along X'y, beyond the spike")     \
  X(PLIM_ANY_P, "any_p", "p", "weight of the predictor's linear part along the rest of beta*")               \
  X(PLIM_ANY_V, "any_v", "E V", "leverage of a sample that was left out")                                    \
  X(PLIM_W1_TOP, "w1_top", "s1", "largest singular value of W1")                                             \
  X(PLIM_W1_LEFT_BETA, "w1_left_beta", "<u1,beta*>^2", "squared overlap of u1 with beta*")                   \
  X(PLIM_W1_RIGHT_A, "w1_right_a", "<v1,a>^2/|a|^2", "squared overlap of v1 with the readout")               \
  X(PLIM_W2_OUTLIERS, "w2_outliers", "outliers of W2",                                                       \
    "singular values of W2, the weights after two steps, more than 5 % above the bulk's edge")               \
  X(PLIM_W2_TOP, "w2_top", "s1(W2)", "largest singular value of W2, the weights after two steps")            \
  X(PLIM_W2_SECOND, "w2_second", "s2(W2)", "second singular value of W2")                                    \
  X(PLIM_W2_THIRD, "w2_third", "s3(W2)", "third singular value of W2")                                       \
  X(PLIM_W2_TOP_BETA, "w2_top_beta", "<u1(W2),beta*>^2",                                                     \
    "squared overlap of W2's top left singular vector with beta*")                                           \
  X(PLIM_W2_SECOND_BETA, "w2_second_beta", "<u2(W2),beta*>^2", "the same of its second left vector")         \
  X(PLIM_W2_BULK, "w2_bulk", "tr Sigma/d", "trace of a neuron's covariance after two steps")                 \
  X(PLIM_W2_EDGE, "w2_edge", "edge of W2", "edge of the bulk of W2's singular values")                       \
  X(PLIM_CK_TOP, "ck_top", "l1", "largest eigenvalue of F'F/n, the conjugate kernel at W1")                  \
  X(PLIM_CK_LEFT_XBETA, "ck_left_xbeta", "(u'Xt beta*)^2/n",                                                 \
    "squared overlap of F's top left singular vector with Xt beta*/sqrt(n)")                                 \
  X(PLIM_STAIR1, "stair1", "s1(F)/sqrt(nN)", "largest singular value of F over sqrt(n N)")                   \
  X(PLIM_STAIR2, "stair2", "s2(F)/sqrt(nN)", "second singular value of F over sqrt(n N)")                    \
  X(PLIM_STAIR3, "stair3", "s3(F)/sqrt(nN)", "third singular value of F over sqrt(n N)")                     \
  X(PLIM_STAIR4, "stair4", "s4(F)/sqrt(nN)", "fourth singular value of F over sqrt(n N)")                    \
  X(PLIM_STAIR_EDGE, "stair_edge", "s1(F0)/sqrt(nN)",                                                        \
    "largest singular value of F0 = sigma(Xt W0) over sqrt(n N)")                                            \
  X(PLIM_STAIR_COUNT, "stair_count", "directions",                                                           \
    "singular values of F more than 10 % above the largest at W0")                                           \
  X(PLIM_STAIR_ANGLE, "stair_angle", "sin^2 angle",                                                          \
    "squared sine of the largest angle between their left vectors and powers 0..4 of Xt X'y")                \
  X(PLIM_GRAD_OP, "grad_op", "|sqrt(N) G0|_op", "operator norm of the gradient, times sqrt(N)")              \
  X(PLIM_GRAD_FRO2, "grad_fro2", "|sqrt(N) G0|_F^2", "squared Frobenius norm of the gradient, times N")      \
  X(PLIM_GRAD_RANK_ONE, "grad_rank_one", "|G0 - A|_op/|G0|_op",                                              \
    "distance of the gradient from its rank-one part A")                                                     \
  X(PLIM_STEP_OP, "step_op", "|W1 - W0|_op/|W0|_op", "size of the step(s) in operator norm, beside W0")      \
  X(PLIM_STEP_FRO, "step_fro", "|W1 - W0|_F/|W0|_F", "size of the step(s) in Frobenius norm, beside W0")     \
  X(PLIM_LINEAR_RIDGE, "linear_ridge", "R_lin", "risk of ridge on the raw inputs, penalty lambda |b|^2")     \
  X(PLIM_NTK_RIDGE, "ntk_ridge", "R_NTK", "risk of ridge on the tangent features at W0")                     \
  X(PLIM_KERNEL_EXP_INNER, "kernel_exp_inner", "R_inner", "risk of ridge with the kernel exp(<x,y>/d)")      \
  X(PLIM_KERNEL_EXP_DIST, "kernel_exp_dist", "R_dist", "risk of ridge with the kernel exp(-|x-y|^2/d)")      \
  X(PLIM_LOWER_BOUND, "lower_bound", "mu2*^2",                                                               \
    "least risk of any fixed kernel: the teacher's nonlinear part")                                          \
  X(PLIM_TAU_STAR, "tau_star", "tau*", "least square distance of sigma* from E_y sigma(k x + y)")            \
  X(PLIM_KAPPA_STAR, "kappa_star", "k*", "the slope k at which tau* is reached")                             \
  X(PLIM_STUDENT_RISK, "student_risk", "R_student", "risk of the average of neurons of one slope")           \
  X(PLIM_STUDENT_SLOPE, "student_slope", "k_student", "slope along beta* of the neurons of that average")

/* What PLIM_STAIR_COUNT and PLIM_STAIR_ANGLE mean by a direction that is learned: one of the first PLIM_STAIRS singular
   values of F = sigma(Xt W1) that is more than PLIM_STAIR_CLEARANCE times the largest at W0, on the same Xt. The angle
   is to the span of the entrywise powers 0 .. PLIM_STAIR_POWERS of Xt v, v along X'y of the first batch; it counts as
   1 where nothing is learned. */
enum { PLIM_STAIRS = 8, PLIM_STAIR_POWERS = 4 };
#define PLIM_STAIR_CLEARANCE 1.1

/* What PLIM_W2_OUTLIERS counts: those of the first PLIM_W2_COUNTED singular values that are more than this times the
   edge of the bulk. */
enum { PLIM_W2_COUNTED = 8 };
#define PLIM_W2_CLEARANCE 1.05

#define PLIM_QUANTITY_ENUM(code, name, symbol, title) code,
typedef enum { PLIM_QUANTITY_TABLE(PLIM_QUANTITY_ENUM) PLIM_QUANTITY_COUNT } plim_quantity;
#undef PLIM_QUANTITY_ENUM

/* Name, symbol and title; NULL outside the list. */
const char *plim_quantity_name(plim_quantity quantity);
const char *plim_quantity_symbol(plim_quantity quantity);
const char *plim_quantity_title(plim_quantity quantity);

/* The quantity called `name`; PLIM_INVALID if there is none. */
plim_status plim_quantity_from_name(const char *name, plim_quantity *quantity) PLIM_MUST_CHECK;

/* Whole spectra: X(enumerator, name, what is counted). N values a replica in both, so that a part of them may be 0. */
#define PLIM_SPECTRUM_TABLE(X)                                                                               \
  X(PLIM_SPECTRUM_WEIGHTS, "weights", "singular values of W1, d x N, counted with N - d zeros where N > d")  \
  X(PLIM_SPECTRUM_KERNEL, "kernel", "eigenvalues of the conjugate kernel F'F/n, F = sigma(Xt W1), n x N")

#define PLIM_SPECTRUM_ENUM(code, name, title) code,
typedef enum { PLIM_SPECTRUM_TABLE(PLIM_SPECTRUM_ENUM) PLIM_SPECTRUM_COUNT } plim_spectrum;
#undef PLIM_SPECTRUM_ENUM

/* NULL outside the list. */
const char *plim_spectrum_name(plim_spectrum spectrum);
const char *plim_spectrum_title(plim_spectrum spectrum);

#ifdef __cplusplus
}
#endif
#endif
