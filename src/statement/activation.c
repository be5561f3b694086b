/* SPDX-License-Identifier: GPL-3.0-or-later */
/* activation.c - the named activations, their derivatives and kinks; expressions and functions are in expression.c. */
#include "plim_activation.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluator.h"
#include "expression.h"

#define NAME(code, name, formula) name,
#define FORMULA(code, name, formula) formula,
static const char *const kind_names[] = {PLIM_ACTIVATION_TABLE(NAME)};
static const char *const kind_formulas[] = {PLIM_ACTIVATION_TABLE(FORMULA)};

static const char expression_prefix[] = "expr:";
static const double inv_sqrt_2pi = 0.39894228040143267794;
static const double two_over_sqrt_pi = 1.12837916709551257390;
static const double sqrt_2 = 1.41421356237309504880;
static const double sqrt_6 = 2.44948974278317809820;

struct plim_activation {
  plim_activation_kind kind;
  bool is_odd;
  char *name;
  plimi_expression *expression; /* or a function; NULL for a named one */
};

/* 1/(1 + e^-z), without overflow on either side. */
static double sigmoid(double z)
{
  const double e = exp(-fabs(z));
  return z >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

/* sigmoid'(z), even in z. */
static double sigmoid_slope(double z)
{
  const double e = exp(-fabs(z));
  return e / ((1.0 + e) * (1.0 + e));
}

/* erfc keeps the relative accuracy of the left tail. */
static double normal_distribution(double z)
{
  return 0.5 * erfc(-z / sqrt_2);
}

static double normal_density(double z)
{
  return inv_sqrt_2pi * exp(-0.5 * z * z);
}

static double named_value(plim_activation_kind kind, double z)
{
  switch (kind) {
  case PLIM_LINEAR:
    return z;
  case PLIM_TANH:
    return tanh(z);
  case PLIM_ERF:
    return erf(z);
  case PLIM_RELU:
    return z > 0.0 ? z : 0.0;
  case PLIM_SOFTPLUS:
    return fmax(z, 0.0) + log1p(exp(-fabs(z)));
  case PLIM_SIGMOID:
    return sigmoid(z);
  case PLIM_SIN:
    return sin(z);
  case PLIM_GELU:
    return z * normal_distribution(z);
  case PLIM_SILU:
    return z * sigmoid(z);
  case PLIM_HERMITE2:
    return (z * z - 1.0) / sqrt_2;
  case PLIM_HERMITE3:
    return z * (z * z - 3.0) / sqrt_6;
  case PLIM_EXPRESSION:
  case PLIM_FUNCTION:
    break;
  }
  return NAN;
}

static double named_derivative(plim_activation_kind kind, double z)
{
  switch (kind) {
  case PLIM_LINEAR:
    return 1.0;
  case PLIM_TANH: {
    const double c = cosh(z); /* 1 - tanh^2 cancels in the tails; overflows to the right limit, 0 */
    return 1.0 / (c * c);
  }
  case PLIM_ERF:
    return two_over_sqrt_pi * exp(-z * z);
  case PLIM_RELU:
    return z > 0.0 ? 1.0 : z < 0.0 ? 0.0 : 0.5;
  case PLIM_SOFTPLUS:
    return sigmoid(z);
  case PLIM_SIGMOID:
    return sigmoid_slope(z);
  case PLIM_SIN:
    return cos(z);
  case PLIM_GELU:
    return normal_distribution(z) + z * normal_density(z);
  case PLIM_SILU:
    return sigmoid(z) + z * sigmoid_slope(z);
  case PLIM_HERMITE2:
    return sqrt_2 * z;
  case PLIM_HERMITE3:
    return 3.0 * (z * z - 1.0) / sqrt_6;
  case PLIM_EXPRESSION:
  case PLIM_FUNCTION:
    break;
  }
  return NAN;
}

/* sigma - E sigma is odd exactly when sigma minus its value at 0 is: E sigma = sigma(0) follows. */
static bool named_is_odd(plim_activation_kind kind)
{
  switch (kind) {
  case PLIM_LINEAR:
  case PLIM_TANH:
  case PLIM_ERF:
  case PLIM_SIGMOID:
  case PLIM_SIN:
  case PLIM_HERMITE3:
    return true;
  default:
    return false;
  }
}

static plim_status find_kind(const char *name, plim_activation_kind *kind)
{
  if (strncmp(name, expression_prefix, sizeof expression_prefix - 1) == 0) {
    *kind = PLIM_EXPRESSION;
    return PLIM_OK;
  }
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++) {
    if (strcmp(name, plim_activation_kind_name((plim_activation_kind)i)) == 0) {
      *kind = (plim_activation_kind)i;
      return PLIM_OK;
    }
  }
  return PLIM_INVALID;
}

/* PLIM_INVALID, unless there was no memory for the reason that was asked for. */
static plim_status refused(char *const *why)
{
  return why != NULL && *why == NULL ? PLIM_NO_MEMORY : PLIM_INVALID;
}

plim_status plim_activation_alloc(const char *name, plim_activation **activation, char **why)
{
  plim_activation_kind kind;
  if (why != NULL)
    *why = NULL;
  if (find_kind(name, &kind) != PLIM_OK) {
    if (why != NULL)
      *why = plimi_text_copy("there is no activation of that name");
    return refused(why);
  }

  plim_activation *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = PLIM_OK;
  made->kind = kind;
  made->is_odd = named_is_odd(kind);
  made->name = plimi_text_copy(name);
  if (made->name == NULL)
    status = PLIM_NO_MEMORY;
  if (status == PLIM_OK && kind == PLIM_EXPRESSION) {
    status = plimi_expression_alloc(name + sizeof expression_prefix - 1, &made->expression, why);
    if (status == PLIM_OK)
      made->is_odd = plimi_expression_is_odd(made->expression);
  }
  if (status != PLIM_OK) {
    plim_activation_free(made);
    return status == PLIM_INVALID ? refused(why) : status;
  }
  *activation = made;
  return PLIM_OK;
}

/* "function:NAME:" and the digits of its values. */
static char *function_name(const char *name, uint64_t digest)
{
  enum { DIGITS = 17 };
  const size_t room = sizeof "function::" + strlen(name) + DIGITS;
  char *made = malloc(room);
  if (made != NULL)
    snprintf(made, room, "function:%s:%016" PRIx64, name, digest);
  return made;
}

plim_status plim_activation_from_function(const plim_activation_function *function,
                                          plim_activation **activation, char **why)
{
  if (why != NULL)
    *why = NULL;
  plim_activation *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->kind = PLIM_FUNCTION;
  plim_status status = plimi_expression_of_function(function, &made->expression, why);
  if (status == PLIM_OK) {
    made->is_odd = plimi_expression_is_odd(made->expression);
    made->name = function_name(function->name, plimi_expression_digest(made->expression));
    if (made->name == NULL)
      status = PLIM_NO_MEMORY;
  }
  if (status != PLIM_OK) {
    plim_activation_free(made);
    return status == PLIM_INVALID ? refused(why) : status;
  }
  *activation = made;
  return PLIM_OK;
}

plim_status plim_activation_clone(const plim_activation *activation, plim_activation **copy)
{
  plim_activation *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->kind = activation->kind;
  made->is_odd = activation->is_odd;
  made->name = plimi_text_copy(activation->name);
  plim_status status = made->name != NULL ? PLIM_OK : PLIM_NO_MEMORY;
  if (status == PLIM_OK && activation->expression != NULL)
    status = plimi_expression_clone(activation->expression, &made->expression);
  if (status == PLIM_OK)
    *copy = made;
  else
    plim_activation_free(made);
  return status;
}

void plim_activation_free(plim_activation *activation)
{
  if (activation == NULL)
    return;
  plimi_expression_free(activation->expression);
  free(activation->name);
  free(activation);
}

plim_activation_kind plim_activation_kind_of(const plim_activation *activation)
{
  return activation->kind;
}

bool plim_activation_is_named(const plim_activation *activation)
{
  return activation->expression == NULL;
}

const char *plim_activation_name(const plim_activation *activation)
{
  return activation->name;
}

double plim_activation_value(const plim_activation *activation, double z)
{
  double value;
  plim_activation_values(activation, 1, &z, &value);
  return value;
}

double plim_activation_derivative(const plim_activation *activation, double z)
{
  double derivative;
  plim_activation_derivatives(activation, 1, &z, &derivative);
  return derivative;
}

void plim_activation_values(const plim_activation *activation, size_t count, const double *z, double *value)
{
  if (activation->expression != NULL) {
    plimi_expression_values(activation->expression, count, z, value);
    return;
  }
  for (size_t i = 0; i < count; i++)
    value[i] = named_value(activation->kind, z[i]);
}

void plim_activation_derivatives(const plim_activation *activation, size_t count, const double *z,
                                 double *derivative)
{
  if (activation->expression != NULL) {
    plimi_expression_derivatives(activation->expression, count, z, derivative);
    return;
  }
  for (size_t i = 0; i < count; i++)
    derivative[i] = named_derivative(activation->kind, z[i]);
}

const double *plim_activation_kinks(const plim_activation *activation, size_t *count)
{
  static const double origin = 0.0;
  if (activation->expression != NULL)
    return plimi_expression_kinks(activation->expression, count);
  *count = activation->kind == PLIM_RELU ? 1 : 0;
  return &origin;
}

const double *plim_activation_cuts(const plim_activation *activation, size_t *count)
{
  if (activation->expression != NULL)
    return plimi_expression_cuts(activation->expression, count);
  return plim_activation_kinks(activation, count);
}

const double *plim_activation_features(const plim_activation *activation, size_t *count)
{
  if (activation->expression != NULL)
    return plimi_expression_features(activation->expression, count);
  return plim_activation_kinks(activation, count);
}

const char *plim_activation_rough(const plim_activation *activation)
{
  return activation->expression != NULL ? plimi_expression_rough(activation->expression) : NULL;
}

/* Each named formula is a few operations on numbers no larger than the value, but for the Hermite polynomials, whose
   terms cancel near their zeros. */
void plim_activation_errors(const plim_activation *activation, size_t count, const double *z, double *value,
                            double *derivative)
{
  const double operations = 4.0; /* ulps */
  if (activation->expression != NULL) {
    plimi_expression_errors(activation->expression, count, z, value, derivative);
    return;
  }
  const bool cancels = activation->kind == PLIM_HERMITE2 || activation->kind == PLIM_HERMITE3;
  for (size_t i = 0; i < count; i++) {
    const double terms = cancels ? 2.0 * (1.0 + fabs(z[i])) : 0.0;
    value[i] = operations * DBL_EPSILON * (fabs(named_value(activation->kind, z[i])) + terms);
    derivative[i] = operations * DBL_EPSILON * (fabs(named_derivative(activation->kind, z[i])) + terms);
  }
}

bool plim_activation_is_odd(const plim_activation *activation)
{
  return activation->is_odd;
}

const char *plim_activation_kind_name(plim_activation_kind kind)
{
  return (unsigned)kind < PLIM_ACTIVATION_COUNT ? kind_names[kind] : NULL;
}

const char *plim_activation_kind_formula(plim_activation_kind kind)
{
  return (unsigned)kind < PLIM_ACTIVATION_COUNT ? kind_formulas[kind] : NULL;
}
