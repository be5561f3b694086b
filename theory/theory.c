/* SPDX-License-Identifier: GPL-3.0-or-later */
/* theory.c - the workspace: what limits are computed from, and what is kept between calls. */
#include "theory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bounded.h"

/* A name says all about an activation, so results are kept by name: activations may come and go. */
typedef struct {
  char *name; /* NULL: not yet used */
  plim_coefficients coefficients;
} remembered;

enum { REMEMBERED = 16 };

struct plim_theory {
  remembered seen[REMEMBERED]; /* a ring */
  size_t next;
  char *pair[2]; /* activation and teacher of `large_step` */
  plimi_large_step large_step;
  plimi_any_cache *any_step; /* NULL: not yet needed */
  plimi_stair_cache *staircase;
  plimi_two_cache *two_steps;
  plimi_last_point last_point;
  double tolerance, attainable;
};

plim_status plim_theory_alloc(plim_theory **theory)
{
  plim_theory *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->tolerance = PLIM_USUAL_TOLERANCE;
  made->attainable = INFINITY;
  *theory = made;
  return PLIM_OK;
}

plim_status plim_theory_set_tolerance(plim_theory *theory, double relative)
{
  if (theory == NULL || !(relative >= PLIM_FINEST_TOLERANCE && relative <= PLIM_COARSEST_TOLERANCE))
    return PLIM_INVALID;
  theory->tolerance = relative;
  return PLIM_OK;
}

double plim_theory_attainable(const plim_theory *theory)
{
  static const double margin = 1.25; /* what is left of a difference depends on the tolerance, a little */
  if (theory == NULL || !(theory->attainable > theory->tolerance))
    return INFINITY;
  const double would_do = margin * theory->attainable;
  return would_do <= PLIM_COARSEST_TOLERANCE ? would_do : INFINITY;
}

void plim_theory_free(plim_theory *theory)
{
  if (theory == NULL)
    return;
  for (size_t i = 0; i < REMEMBERED; i++)
    free(theory->seen[i].name);
  free(theory->pair[0]);
  free(theory->pair[1]);
  plimi_any_cache_free(theory->any_step);
  plimi_stair_cache_free(theory->staircase);
  plimi_two_cache_free(theory->two_steps);
  free(theory);
}

static plim_status coefficients_of(plim_theory *theory, const plim_activation *activation,
                                   plim_coefficients *coefficients)
{
  const char *name = plim_activation_name(activation);
  for (size_t i = 0; i < REMEMBERED; i++) {
    const remembered *old = &theory->seen[i];
    if (old->name != NULL && strcmp(old->name, name) == 0) {
      *coefficients = old->coefficients;
      return PLIM_OK;
    }
  }
  plim_coefficients made;
  const plim_status status = plim_coefficients_compute(activation, &made);
  if (status != PLIM_OK)
    return status;
  char *kept = plimi_copy_of(name);
  if (kept == NULL)
    return PLIM_NO_MEMORY;
  remembered *slot = &theory->seen[theory->next];
  theory->next = (theory->next + 1) % REMEMBERED;
  free(slot->name);
  *slot = (remembered){.name = kept, .coefficients = made};
  *coefficients = made;
  return PLIM_OK;
}

static plim_status large_step_of(plim_theory *theory, const plim_problem *problem,
                                 const plimi_large_step **large_step)
{
  const char *activation = plim_activation_name(problem->activation);
  const char *teacher = plim_activation_name(problem->teacher);
  const bool known = theory->pair[0] != NULL && theory->pair[1] != NULL &&
                     strcmp(theory->pair[0], activation) == 0 && strcmp(theory->pair[1], teacher) == 0;
  if (!known) {
    plimi_large_step made;
    const plim_status status = plimi_large_step_compute(problem->activation, problem->teacher, &made);
    if (status != PLIM_OK)
      return status;
    free(theory->pair[0]);
    free(theory->pair[1]);
    theory->pair[0] = plimi_copy_of(activation);
    theory->pair[1] = plimi_copy_of(teacher);
    if (theory->pair[0] == NULL || theory->pair[1] == NULL)
      return PLIM_NO_MEMORY;
    theory->large_step = made;
  }
  *large_step = &theory->large_step;
  return PLIM_OK;
}

/* (sum eta_t)^2 and sum eta_t^2 for steps of size eta_t width^eta_exponent, width = psi2 d. */
static plim_status prepare_step(const plim_problem *problem, plimi_input *in)
{
  if (plimi_power_of_steps(problem) > 0.0 && !isfinite(problem->d))
    return PLIM_OUTSIDE_DOMAIN;
  plimi_add_steps(problem, 0.0, in);
  return PLIM_OK;
}

static plim_status prepare_activation(plim_theory *theory, const plim_problem *problem, plimi_input *in)
{
  const plim_status status = coefficients_of(theory, problem->activation, &in->sigma);
  if (status != PLIM_OK)
    return status;
  if (!v_is_finite(in->sigma.nu2))
    return PLIM_NOT_CONVERGED;
  in->wide.a = w_square(w_of(in->sigma.mu1));
  in->wide.b = w_square(w_of(in->sigma.mu2));
  in->a = w_value(in->wide.a);
  in->b = w_value(in->wide.b);
  if (in->sigma.mu1.value == 0.0 && in->sigma.mu2.value == 0.0)
    return PLIM_OUTSIDE_DOMAIN; /* a constant */
  return PLIM_OK;
}

static plim_status prepare_teacher(plim_theory *theory, const plim_problem *problem, plimi_input *in)
{
  const plim_status status = coefficients_of(theory, problem->teacher, &in->star);
  if (status != PLIM_OK)
    return status;
  plimi_squares *wide = &in->wide;
  wide->star1 = w_square(w_of(in->star.mu1));
  wide->star2 = w_square(w_of(in->star.mu2));
  wide->noise2 = w_square(w_exact(problem->noise));
  wide->s2 = w_add(w_add(wide->star1, wide->star2), wide->noise2);
  in->star1 = w_value(wide->star1);
  in->star2 = w_value(wide->star2);
  in->noise2 = w_value(wide->noise2);
  in->s2 = w_value(wide->s2);
  return PLIM_OK;
}

/* What the problem has of the last four PLIMI_READS_... */
static unsigned beyond_the_usual(const plim_problem *problem)
{
  const bool same = problem->ridge_batch == PLIM_RIDGE_SAME;
  return (same ? PLIMI_READS_RIDGE_BATCH : 0u) |
         (!same && problem->step_psi1 > 0.0 && problem->step_psi1 != problem->psi1 ? PLIMI_READS_STEP_BATCH
                                                                                   : 0u) |
         (plimi_readout_of(problem) == PLIM_READOUT_ATOMS ? PLIMI_READS_ATOMS : 0u) |
         (plimi_has_second_step(problem) ? PLIMI_READS_SECOND_STEP : 0u);
}

plim_status plimi_input_prepare(plim_theory *theory, const plim_problem *problem, unsigned reads,
                                plimi_input *in)
{
  plim_status status = plim_problem_validate(problem, NULL);
  plimi_input made;
  memset(&made, 0, sizeof made);
  made.problem = problem;
  made.tolerance = theory->tolerance;
  made.attainable = &theory->attainable;
  theory->attainable = INFINITY;
  if (status == PLIM_OK && (beyond_the_usual(problem) & ~reads) != 0)
    status = PLIM_OUTSIDE_DOMAIN;
  if (status == PLIM_OK && (reads & PLIMI_READS_STEP) != 0)
    status = prepare_step(problem, &made);
  if (status == PLIM_OK && (reads & PLIMI_READS_ACTIVATION) != 0)
    status = prepare_activation(theory, problem, &made);
  if (status == PLIM_OK && (reads & PLIMI_READS_TEACHER) != 0)
    status = prepare_teacher(theory, problem, &made);
  if (status == PLIM_OK && (reads & PLIMI_READS_LARGE_STEP) != 0)
    status = large_step_of(theory, problem, &made.large_step);
  if (status == PLIM_OK && (reads & PLIMI_READS_ANY_STEP) != 0 && theory->any_step == NULL)
    status = plimi_any_cache_alloc(&theory->any_step);
  if (status == PLIM_OK && (reads & PLIMI_READS_STAIRCASE) != 0 && theory->staircase == NULL)
    status = plimi_stair_cache_alloc(&theory->staircase);
  if (status == PLIM_OK && (reads & PLIMI_READS_TWO_STEPS) != 0 && theory->two_steps == NULL)
    status = plimi_two_cache_alloc(&theory->two_steps);
  made.any_step = theory->any_step;
  made.staircase = theory->staircase;
  made.two_steps = theory->two_steps;
  made.last_point = &theory->last_point;
  if (status == PLIM_OK)
    *in = made;
  return status;
}
