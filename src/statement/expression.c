/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expression.c - an activation written as an expression in z: its values (evaluator.h), its pieces (pieces.h),
   and the errors of both. Beyond the pieces nothing is known and the error is the value itself.

   ROUNDING ERRORS. Nothing is known of an expression but its values. How far rounding moves them is seen by
   evaluating it anew with the processor rounding up, down and towards zero, in parsers that read its numbers
   that way too, so that 0.1 is not taken for a double. (The idea of stochastic arithmetic.)
   Directed rounding errs by one ulp, always to one
   side, where rounding to nearest errs by half an ulp to either. Where the three agree by chance at one z they
   do not at the next. */
#include "config.h"

#include "expression.h"

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
  char *text;
  plimi_evaluator
      *evaluator; /* at an address of its own: evaluating changes it, and the expression stays const */
  plimi_evaluator **rounded; /* one for each direction */
  plimi_pieces *pieces;
};

/* All but the pieces. */
static plim_status parts_alloc(const char *text, plimi_expression *made, char **why)
{
  made->text = malloc(strlen(text) + 1);
  made->rounded = calloc(DIRECTIONS + 1, sizeof *made->rounded);
  if (made->text == NULL || made->rounded == NULL)
    return PLIM_NO_MEMORY;
  memcpy(made->text, text, strlen(text) + 1);
  plim_status status = plimi_evaluator_alloc(text, &made->evaluator, why);
  const int usual = fegetround();
  for (int i = 0; i < DIRECTIONS && status == PLIM_OK; i++) {
    if (fesetround(directions[i]) == 0)
      status = plimi_evaluator_alloc(text, &made->rounded[i], NULL);
    fesetround(usual);
  }
  return status;
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

/* In the C locale, on this thread alone: numbers have a point, in what is read and in the reasons given, whatever the
   host says to setlocale(). */
plim_status plimi_expression_alloc(const char *text, plimi_expression **expression, char **why)
{
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0)
    return PLIM_NO_MEMORY;
  const locale_t hosts = uselocale(plain);
  const plim_status status = whole_alloc(text, expression, why);
  uselocale(hosts);
  freelocale(plain);
  return status;
}

plim_status plimi_expression_clone(const plimi_expression *expression, plimi_expression **copy)
{
  plimi_expression *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  plim_status status = parts_alloc(expression->text, made, NULL);
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
  plimi_pieces_free(expression->pieces);
  free(expression->text);
  free(expression);
}

void plimi_expression_values(const plimi_expression *expression, size_t count, const double *z, double *value)
{
  for (size_t i = 0; i < count; i++)
    value[i] = plimi_evaluate(expression->evaluator, z[i]);
}

void plimi_expression_derivatives(const plimi_expression *expression, size_t count, const double *z,
                                  double *derivative)
{
  for (size_t i = 0; i < count; i++)
    derivative[i] = plimi_pieces_derivative(expression->pieces, plimi_evaluate, expression->evaluator, z[i]);
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
  for (size_t i = 0; i < count; i++)
    value[i] = DBL_EPSILON * fabs(plimi_evaluate(expression->evaluator, z[i]));
  add_rounding(expression, count, z, value);
  for (size_t i = 0; i < count; i++) {
    const plimi_panel *panel = plimi_pieces_panel_at(expression->pieces, z[i]);
    if (panel != NULL) {
      value[i] += panel->noise;
      derivative[i] = plimi_panel_slope_error(panel);
    } else {
      value[i] = fabs(plimi_evaluate(expression->evaluator, z[i]));
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
  const double origin = plimi_evaluate(expression->evaluator, 0.0);
  double size = fabs(origin);
  for (int i = -8; i <= 8; i++)
    size = fmax(size, fabs(plimi_evaluate(expression->evaluator, 0.4171 * i)));
  for (size_t i = 0; i < count; i++) {
    for (size_t j = 0; j < sizeof share / sizeof *share; j++) {
      const double z = panels[i].low + share[j] * (panels[i].high - panels[i].low);
      if (fabs(z) > reach)
        continue;
      const double right = plimi_evaluate(expression->evaluator, z) - origin,
                   left = plimi_evaluate(expression->evaluator, -z) - origin;
      if (fabs(right + left) > tolerance * (fabs(right) + fabs(left) + least * size + fabs(origin)))
        return false;
    }
  }
  return true;
}
