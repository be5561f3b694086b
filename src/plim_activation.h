/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_activation.h - scalar nonlinearities: the student's activation sigma and the teacher's link sigma*.

   An activation is stored as it is written, NOT centred. Every formula and every simulation of plim uses
   sigma(z) - E sigma(z) with z ~ N(0,1); each half computes E sigma by a route of its own. */
#ifndef PLIM_ACTIVATION_H
#define PLIM_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The one list of named activations: X(enumerator, name, formula in z).
   hermite2 and hermite3 are the normalised Hermite polynomials: E sigma^2 = 1, no linear part (mu1 = 0). */
#define PLIM_ACTIVATION_TABLE(X)                                                                             \
  X(PLIM_LINEAR, "linear", "z")                                                                              \
  X(PLIM_TANH, "tanh", "tanh(z)")                                                                            \
  X(PLIM_ERF, "erf", "erf(z)")                                                                               \
  X(PLIM_RELU, "relu", "max(z, 0)")                                                                          \
  X(PLIM_SOFTPLUS, "softplus", "log(1 + exp(z))")                                                            \
  X(PLIM_SIGMOID, "sigmoid", "1/(1 + exp(-z))")                                                              \
  X(PLIM_SIN, "sin", "sin(z)")                                                                               \
  X(PLIM_GELU, "gelu", "z Phi(z), Phi the standard normal distribution function")                            \
  X(PLIM_SILU, "silu", "z/(1 + exp(-z))")                                                                    \
  X(PLIM_HERMITE2, "hermite2", "(z^2 - 1)/sqrt(2)")                                                          \
  X(PLIM_HERMITE3, "hermite3", "(z^3 - 3 z)/sqrt(6)")

#define PLIM_ACTIVATION_ENUM(code, name, formula) code,
typedef enum {
  PLIM_ACTIVATION_TABLE(PLIM_ACTIVATION_ENUM) PLIM_ACTIVATION_COUNT,
  PLIM_EXPRESSION = PLIM_ACTIVATION_COUNT, /* expr:EXPRESSION, anything muParser evaluates in z */
  PLIM_FUNCTION                            /* a function of the caller's: plim_activation_from_function */
} plim_activation_kind;
#undef PLIM_ACTIVATION_ENUM

typedef struct plim_activation plim_activation;

/* Characters of an expression, "expr:" not counted. */
enum { PLIM_LONGEST_EXPRESSION = 4096 };

/* Make the activation called `name`: one of the names above, or "expr:" and an expression in z in muParser's
   syntax, to which erf(x) and pi are added. The decimal point is "." and "," separates arguments in every
   locale. An expression must be finite and continuous for |z| <= 12, vary no faster than some 16384 polynomials of
   degree 16 can follow, and not jump for |z| <= 39; its kinks are located here, and its derivative is that of
   polynomials that never straddle one, good to about 1e-12 of the largest |sigma| near. It may have an unbounded
   slope, as sqrt(abs(z)) has: then it serves as a teacher, not as sigma (plim_activation_rough). No finite
   number of values shows everything: what is narrower than 1/512 may go unseen, unless it is at 0, at a number
   written in the expression or at a quotient of two (+ or -).
   PLIM_INVALID: unknown name, or an expression that is longer than PLIM_LONGEST_EXPRESSION, does not parse or is not
   continuous and finite; then
   *why, if `why` is not NULL, points to a reason to be released with free(). PLIM_NO_MEMORY. */
plim_status plim_activation_alloc(const char *name, plim_activation **activation, char **why) PLIM_MUST_CHECK;

/* A function of the caller's own.
     name     for messages: a line of printable characters
     values   fills value[i] = sigma(z[i]), i < count; the two arrays never overlap. It must give the same bits for the
              same z each time, be able to run on several threads at once (a simulation calls it from all of its own),
              and return: NaN is how it says that it failed
     context  handed to `values` as it is; it and the function must live as long as the activation and its copies
     kinks    where sigma or its slope may not be smooth, or where it has a feature that is narrow; n_kinks of them,
              finite; they need not be all: those at least 1/512 from others are found, but what is declared is not
              missed */
enum { PLIM_MOST_DECLARED_KINKS = 1024 };
typedef struct {
  const char *name;
  void (*values)(void *context, size_t count, const double *z, double *value);
  void *context;
  const double *kinks;
  size_t n_kinks; /* <= PLIM_MOST_DECLARED_KINKS */
} plim_activation_function;

/* Make an activation of it. All that stands above of an expression holds of it: what is refused, and how its kinks and
   its derivative are found, from 3e4 to 1e5 values. Its rounding errors are taken for 4 ulps of its values and as much
   more as shows in them as noise; a constant written in the function counts as the double it is. Its name becomes
   "function:NAME:" and 16 digits made of its values: two functions that differ have two names.
   PLIM_INVALID with *why as above, or for a name or kinks that are not acceptable; PLIM_NO_MEMORY. */
plim_status plim_activation_from_function(const plim_activation_function *function,
                                          plim_activation **activation, char **why) PLIM_MUST_CHECK;

/* A copy for another thread: an expression's evaluator holds state, so threads must not share it.
   Named activations may be shared, and cloning them costs next to nothing. */
plim_status plim_activation_clone(const plim_activation *activation, plim_activation **copy) PLIM_MUST_CHECK;
void plim_activation_free(plim_activation *activation); /* NULL is allowed */

plim_activation_kind plim_activation_kind_of(const plim_activation *activation);
bool plim_activation_is_named(const plim_activation *activation); /* one of the table: its formula is known */
const char *plim_activation_name(const plim_activation *activation); /* as given to _alloc, or see above */

/* sigma(z), not centred, and sigma'(z); at a kink sigma' is the mean of its two one-sided values. */
double plim_activation_value(const plim_activation *activation, double z);
double plim_activation_derivative(const plim_activation *activation, double z);

/* The same for many z at once (value[i] and derivative[i], i < count; `z` may be either of them). For an
   expression, some 30 ns a number either way: derivatives come from the polynomials. */
void plim_activation_values(const plim_activation *activation, size_t count, const double *z, double *value);
void plim_activation_derivatives(const plim_activation *activation, size_t count, const double *z,
                                 double *derivative);

/* Where sigma' jumps, and for an expression also where sigma'' does, ascending, to about 1e-12; *count of
   them. The array belongs to the activation. */
const double *plim_activation_kinks(const plim_activation *activation, size_t *count);

/* Points that cut sigma into pieces on which it is smooth on the scale of the piece, or of 1/2 where that is
   less: the kinks, and more where sigma varies fast. Ascending, *count of them; the array belongs to the
   activation. */
const double *plim_activation_cuts(const plim_activation *activation, size_t *count);

/* A shorter list, for whoever halves pieces until an integral stands still: the kinks, and more where sigma
   varies much faster than elsewhere. Between them its scale is about the same, so that halving steps over nothing. */
const double *plim_activation_features(const plim_activation *activation, size_t *count);

/* NULL where sigma' is bounded; else in words where it is not, as after "this cannot be sigma:". */
const char *plim_activation_rough(const plim_activation *activation);

/* The errors of values and derivatives at z[i], i < count. value[i]: of rounding, the numbers written in an
   expression counting as the decimals they are, and of sigma as a polynomial on its piece, for whoever
   integrates it there; derivative[i]: root mean square over the piece of z[i]. Where an expression is not known
   in pieces (beyond |z| = 12), the value itself. */
void plim_activation_errors(const plim_activation *activation, size_t count, const double *z, double *value,
                            double *derivative);

/* Is sigma(-z) - E sigma = -(sigma(z) - E sigma)? (Odd about its value at 0; exact for the named ones, to
   1e-12 relative at points of every piece for an expression.) */
bool plim_activation_is_odd(const plim_activation *activation);

/* For listings: name and formula of the named activations; NULL from PLIM_ACTIVATION_COUNT on. */
const char *plim_activation_kind_name(plim_activation_kind kind);
const char *plim_activation_kind_formula(plim_activation_kind kind);

#ifdef __cplusplus
}
#endif
#endif
