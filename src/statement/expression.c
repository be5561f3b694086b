/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c - an activation written as an expression in z, or a function of the caller's: its values (evaluator.h),
   its pieces (pieces.h), and the errors of both. Beyond the pieces nothing is known and the error is the value itself.

   ROUNDING ERRORS. Nothing is known of an expression but its values. How far rounding moves them is seen by
   evaluating it anew with the processor rounding up, down and towards zero, in parsers that read its numbers
   that way too, so that 0.1 is not taken for a double. (The idea of stochastic arithmetic.)
   Directed rounding errs by one ulp, always to one
   side, where rounding to nearest errs by half an ulp to either. Where the three agree by chance at one z they
   do not at the next. */
#include "config.h"

#include "expression.h"

#include <ctype.h>
#include <fenv.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluator.h"
#include "numerals.h"
#include "pieces.h"

/* Rounding directions this machine has beside the usual one. */
static const int directions[] = {
#ifdef FE_UPWARD
    FE_UPWARD,
#endif
#ifdef FE_DOWNWARD
    FE_DOWNWARD,
#endif
#ifdef FE_TOWARDZERO
    FE_TOWARDZERO,
#endif
    FE_TONEAREST};
enum { DIRECTIONS = sizeof directions / sizeof *directions - 1 };

struct plimi_expression {
  char *text;                 /* NULL: a function */
  plimi_evaluator *evaluator; /* of an expression */
  plimi_evaluator **rounded;  /* one for each direction; NULL: a function */
  plim_activation_function function;
  plimi_function
      *value; /* of either, with its context: at an address of its own, for evaluating may change it */
  void *context;
  plimi_pieces *pieces;
};

/* The part of a function that is called. */
typedef struct {
  void (*values)(void *context, size_t count, const double *z, double *value);
  void *context;
} called;

static double call(void *context, double z)
{
  const called *function = context;
  double value = NAN;
  function->values(function->context, 1, &z, &value);
  return value;
}

/* All but the pieces. */
static plim_status parts_alloc(const char *text, plimi_expression *made, char **why)
{
  made->text = malloc(strlen(text) + 1);
  made->rounded = calloc(DIRECTIONS + 1, sizeof *made->rounded);
  if (made->text == NULL || made->rounded == NULL)
    return PLIM_NO_MEMORY;
  memcpy(made->text, text, strlen(text) + 1);
  plim_status status = plimi_evaluator_alloc(text, &made->evaluator, why);
  made->value = plimi_evaluate;
  made->context = made->evaluator;
  const int usual = fegetround();
  for (int i = 0; i < DIRECTIONS && status == PLIM_OK; i++) {
    if (fesetround(directions[i]) == 0)
      status = plimi_evaluator_alloc(text, &made->rounded[i], NULL);
    fesetround(usual);
  }
  return status;
}

static plim_status function_parts(const plim_activation_function *function, plimi_expression *made)
{
  called *part = malloc(sizeof *part);
  if (part == NULL)
    return PLIM_NO_MEMORY;
  *part = (called){function->values, function->context};
  made->function = *function;
  made->function.name = NULL; /* of these nothing is kept */
  made->function.kinks = NULL;
  made->value = call;
  made->context = part;
  return PLIM_OK;
}

static plim_status whole_alloc(const char *text, plimi_expression **expression, char **why)
{
  const double reach = 12.0;
  double place[PLIMI_MOST_PLACES];
  plimi_expression *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = parts_alloc(text, made, why);
  if (status == PLIM_OK) {
    const size_t places = plimi_numeral_places(text, reach, place);
    status = plimi_pieces_alloc(plimi_evaluate, made->evaluator, place, places, &made->pieces, why);
  }
  if (status == PLIM_OK)
    *expression = made;
  else
    plimi_expression_free(made);
  return status;
}

static plim_status whole_of_function(const plim_activation_function *function, plimi_expression **expression,
                                     char **why)
{
  plimi_expression *made = calloc(1, sizeof *made);
  double *places = malloc((function->n_kinks + 1) * sizeof *places);
  plim_status status = made != NULL && places != NULL ? function_parts(function, made) : PLIM_NO_MEMORY;
  if (status == PLIM_OK) {
    places[0] = 0.0;
    for (size_t i = 0; i < function->n_kinks; i++)
      places[i + 1] = function->kinks[i];
    status =
        plimi_pieces_alloc(made->value, made->context, places, function->n_kinks + 1, &made->pieces, why);
  }
  free(places);
  if (status == PLIM_OK)
    *expression = made;
  else
    plimi_expression_free(made);
  return status;
}

/* NULL, or what is wrong with it. */
static const char *trouble_of(const plim_activation_function *function)
{
  if (function->values == NULL || function->name == NULL || function->name[0] == '\0')
    return "it has no name or no values";
  for (const char *c = function->name; *c != '\0'; c++)
    if (iscntrl((unsigned char)*c))
      return "its name is not a line of printable characters";
  if (function->n_kinks > PLIM_MOST_DECLARED_KINKS)
    return "too many kinks are declared";
  for (size_t i = 0; i < function->n_kinks; i++)
    if (!isfinite(function->kinks[i]))
      return "a kink that is declared is not finite";
  return NULL;
}

/* In the C locale, on this thread alone: numbers have a point, in what is read and in the reasons given, whatever the
   host says to setlocale(). */
static plim_status in_plain_locale(const char *text, const plim_activation_function *function,
                                   plimi_expression **expression, char **why)
{
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0)
    return PLIM_NO_MEMORY;
  const locale_t hosts = uselocale(plain);
  const plim_status status =
      function != NULL ? whole_of_function(function, expression, why) : whole_alloc(text, expression, why);
  uselocale(hosts);
  freelocale(plain);
  return status;
}

plim_status plimi_expression_alloc(const char *text, plimi_expression **expression, char **why)
{
  return in_plain_locale(text, NULL, expression, why);
}

plim_status plimi_expression_of_function(const plim_activation_function *function,
                                         plimi_expression **expression, char **why)
{
  const char *trouble = trouble_of(function);
  if (trouble == NULL)
    return in_plain_locale(NULL, function, expression, why);
  if (why != NULL)
    *why = plimi_text_copy(trouble);
  return PLIM_INVALID;
}

/* FNV-1a over the polynomials. */
uint64_t plimi_expression_digest(const plimi_expression *expression)
{
  size_t count;
  const plimi_panel *panels = plimi_pieces_panels(expression->pieces, &count);
  uint64_t digest = 14695981039346656037u;
  for (size_t i = 0; i < count; i++) {
    const unsigned char *bytes = (const unsigned char *)panels[i].value;
    for (size_t k = 0; k < sizeof panels[i].value; k++)
      digest = (digest ^ bytes[k]) * 1099511628211u;
  }
  return digest;
}

plim_status plimi_expression_clone(const plimi_expression *expression, plimi_expression **copy)
{
  plimi_expression *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = expression->text != NULL ? parts_alloc(expression->text, made, NULL)
                                                : function_parts(&expression->function, made);
  if (status == PLIM_OK)
    status = plimi_pieces_copy(expression->pieces, &made->pieces);
  if (status == PLIM_OK)
    *copy = made;
  else
    plimi_expression_free(made);
  return status;
}

void plimi_expression_free(plimi_expression *expression)
{
  if (expression == NULL)
    return;
  for (int i = 0; expression->rounded != NULL && i < DIRECTIONS; i++)
    plimi_evaluator_free(expression->rounded[i]);
  free(expression->rounded);
  plimi_evaluator_free(expression->evaluator);
  if (expression->evaluator == NULL)
    free(expression->context);
  plimi_pieces_free(expression->pieces);
  free(expression->text);
  free(expression);
}

/* What has the same array for both is copied, a block at a time. */
static void call_all(const called *function, size_t count, const double *z, double *value)
{
  enum { BLOCK = 2048 };
  double block[BLOCK];
  if (z != value) {
    function->values(function->context, count, z, value);
    return;
  }
  for (size_t done = 0; done < count; done += BLOCK) {
    const size_t part = count - done < BLOCK ? count - done : BLOCK;
    memcpy(block, z + done, part * sizeof *block);
    function->values(function->context, part, block, value + done);
  }
}

void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z, double *value)
{
  if (expression->value == call) {
    call_all(expression->context, count, z, value);
    return;
  }
  for (size_t i = 0; i < count; i++)
    value[i] = plimi_evaluate(expression->evaluator, z[i]);
}

void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative)
{
  for (size_t i = 0; i < count; i++)
    derivative[i] = plimi_pieces_derivative(expression->pieces, expression->value, expression->context, z[i]);
}

/* A bound on what rounding does to the value at z[i]. */
static void add_rounding(const plimi_expression *expression, size_t count, const double *z, double *error)
{
  const int usual = fegetround();
  for (int direction = 0; direction < DIRECTIONS; direction++) {
    plimi_evaluator *rounded = expression->rounded[direction];
    for (size_t i = 0; i < count; i++) {
      const double nearest = plimi_evaluate(expression->evaluator, z[i]);
      double other = NAN;
      if (rounded != NULL && fesetround(directions[direction]) == 0)
        other = plimi_evaluate(rounded, z[i]);
      fesetround(usual);
      if (isfinite(other))
        error[i] = fmax(error[i], fabs(other - nearest));
    }
  }
}

void plimi_expression_errors(const plimi_expression *expression, size_t count, const double *z, double *value,
                             double *derivative)
{
  const double operations = expression->rounded != NULL ? 1.0 : 4.0; /* ulps: of a function nothing is seen */
  for (size_t i = 0; i < count; i++)
    value[i] = operations * DBL_EPSILON * fabs(expression->value(expression->context, z[i]));
  if (expression->rounded != NULL)
    add_rounding(expression, count, z, value);
  for (size_t i = 0; i < count; i++) {
    const plimi_panel *panel = plimi_pieces_panel_at(expression->pieces, z[i]);
    if (panel != NULL) {
      value[i] += panel->noise;
      derivative[i] = plimi_panel_slope_error(panel);
    } else {
      value[i] = fabs(expression->value(expression->context, z[i]));
      plimi_expression_derivatives(expression, 1, &z[i], &derivative[i]);
      derivative[i] = fabs(derivative[i]);
    }
  }
}

const double *plimi_expression_kinks(const plimi_expression *expression, size_t *count)
{
  return plimi_pieces_breaks(expression->pieces, count);
}

const double *plimi_expression_cuts(const plimi_expression *expression, size_t *count)
{
  return plimi_pieces_cuts(expression->pieces, count);
}

const double *plimi_expression_features(const plimi_expression *expression, size_t *count)
{
  return plimi_pieces_features(expression->pieces, count);
}

const char *plimi_expression_rough(const plimi_expression *expression)
{
  return plimi_pieces_steep(expression->pieces);
}

/* At points of every panel out to where a normal variable does not go, so that what is narrow has its share of
   them. */
bool plimi_expression_is_odd(const plimi_expression *expression)
{
  static const double share[] = {0.0913, 0.2787, 0.4619, 0.6531, 0.8371};
  const double tolerance = 1e-12;          /* rounding of the expression itself */
  const double reach = 12.0, least = 1e-3; /* of the largest |f| seen where f is small */
  size_t count;
  const plimi_panel *panels = plimi_pieces_panels(expression->pieces, &count);
  const double origin = expression->value(expression->context, 0.0);
  double size = fabs(origin);
  for (int i = -8; i <= 8; i++)
    size = fmax(size, fabs(expression->value(expression->context, 0.4171 * i)));
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < sizeof share / sizeof *share; j++) {
      const double z = panels[i].low + share[j] * (panels[i].high - panels[i].low);
      if (fabs(z) > reach)
        continue;
      const double right = expression->value(expression->context, z) - origin,
                   left = expression->value(expression->context, -z) - origin;
      if (fabs(right + left) > tolerance * (fabs(right) + fabs(left) + least * size + fabs(origin)))
        return false;
    }
  }
  return true;
}
