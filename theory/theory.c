/* SPDX-License-Identifier: GPL-3.0-or-later */
/* theory.c - the workspace, the table of limits, and the bibliography. */
#include "theory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bounded.h"

/* One row per quantity; plim list, plim cite, the tests and the manual read the same strings. */
static const plimi_limit *const limits[PLIM_QUANTITY_COUNT] = {
    [PLIM_THETA1] = &plimi_limit_theta1,
    [PLIM_THETA2] = &plimi_limit_theta2,
    [PLIM_KAPPA] = &plimi_limit_kappa,
    [PLIM_DF2] = &plimi_limit_df2,
    [PLIM_RISK0] = &plimi_limit_risk0,
    [PLIM_RISK1] = &plimi_limit_risk1,
    [PLIM_DELTA] = &plimi_limit_delta,
    [PLIM_TRAIN0] = &plimi_limit_train0,
    [PLIM_TRAIN1] = &plimi_limit_train1,
    [PLIM_RISK] = &plimi_limit_risk,
    [PLIM_TRAIN] = &plimi_limit_train,
    [PLIM_SRF_RISK] = &plimi_limit_srf_risk,
    [PLIM_SRF_TRAIN] = &plimi_limit_srf_train,
    [PLIM_ANY_M] = &plimi_limit_any_m,
    [PLIM_ANY_TAU] = &plimi_limit_any_tau,
    [PLIM_ANY_P] = &plimi_limit_any_p,
    [PLIM_ANY_V] = &plimi_limit_any_v,
    [PLIM_W1_TOP] = &plimi_limit_w1_top,
    [PLIM_W1_LEFT_BETA] = &plimi_limit_w1_left_beta,
    [PLIM_W1_RIGHT_A] = &plimi_limit_w1_right_a,
    [PLIM_CK_TOP] = &plimi_limit_ck_top,
    [PLIM_CK_LEFT_XBETA] = &plimi_limit_ck_left_xbeta,
    [PLIM_STAIR1] = &plimi_limit_stair1,
    [PLIM_STAIR2] = &plimi_limit_stair2,
    [PLIM_STAIR3] = &plimi_limit_stair3,
    [PLIM_STAIR4] = &plimi_limit_stair4,
    [PLIM_STAIR_EDGE] = &plimi_limit_stair_edge,
    [PLIM_STAIR_COUNT] = &plimi_limit_stair_count,
    [PLIM_STAIR_ANGLE] = &plimi_limit_stair_angle,
    [PLIM_GRAD_OP] = &plimi_limit_grad_op,
    [PLIM_GRAD_FRO2] = &plimi_limit_grad_fro2,
    [PLIM_GRAD_RANK_ONE] = &plimi_limit_grad_rank_one,
    [PLIM_STEP_OP] = &plimi_limit_step_op,
    [PLIM_STEP_FRO] = &plimi_limit_step_fro,
    [PLIM_LINEAR_RIDGE] = &plimi_limit_linear_ridge,
    [PLIM_NTK_RIDGE] = &plimi_limit_ntk_ridge,
    [PLIM_KERNEL_EXP_INNER] = &plimi_limit_kernel_exp_inner,
    [PLIM_KERNEL_EXP_DIST] = &plimi_limit_kernel_exp_dist,
    [PLIM_LOWER_BOUND] = &plimi_limit_lower_bound,
    [PLIM_TAU_STAR] = &plimi_limit_tau_star,
    [PLIM_KAPPA_STAR] = &plimi_limit_kappa_star,
    [PLIM_STUDENT_RISK] = &plimi_limit_student_risk,
};

/* A name says all about an activation, so results are kept by name: activations may come and go. */
typedef struct {
  char *name; /* NULL: not yet used */
  plim_coefficients coefficients;
  plim_value second; /* E sigma'' */
} remembered;

enum { REMEMBERED = 16 };

struct plim_theory {
  remembered seen[REMEMBERED]; /* a ring */
  size_t next;
  char *pair[2]; /* activation and teacher of `large_step` */
  plimi_large_step large_step;
  plimi_any_cache *any_step; /* NULL: not yet needed */
  plimi_stair_cache *staircase;
  double tolerance;
};

plim_status plim_theory_alloc(plim_theory **theory)
{
  plim_theory *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->tolerance = PLIM_USUAL_TOLERANCE;
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
  free(theory);
}

char *plimi_copy_of(const char *text)
{
  const size_t length = strlen(text) + 1;
  char *copy = malloc(length);
  if (copy != NULL)
    memcpy(copy, text, length);
  return copy;
}

static plim_status coefficients_of(plim_theory *theory, const plim_activation *activation,
                                   plim_coefficients *coefficients, plim_value *second)
{
  const char *name = plim_activation_name(activation);
  for (size_t i = 0; i < REMEMBERED; i++) {
    const remembered *old = &theory->seen[i];
    if (old->name != NULL && strcmp(old->name, name) == 0) {
      *coefficients = old->coefficients;
      *second = old->second;
      return PLIM_OK;
    }
  }
  plim_coefficients made;
  plim_value made_second;
  plim_status status = plim_coefficients_compute(activation, &made);
  if (status == PLIM_OK)
    status = plimi_second_coefficient(activation, &made, &made_second);
  if (status != PLIM_OK)
    return status;
  char *kept = plimi_copy_of(name);
  if (kept == NULL)
    return PLIM_NO_MEMORY;
  remembered *slot = &theory->seen[theory->next];
  theory->next = (theory->next + 1) % REMEMBERED;
  free(slot->name);
  *slot = (remembered){.name = kept, .coefficients = made, .second = made_second};
  *coefficients = made;
  *second = made_second;
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

/* (sum eta_t)^2 and sum eta_t^2 for equal steps of size eta width^eta_exponent, width = psi2 d. */
static plim_status prepare_step(const plim_problem *problem, plimi_input *in)
{
  if (problem->eta_exponent > 0.0 && problem->eta > 0.0 && !isfinite(problem->d))
    return PLIM_OUTSIDE_DOMAIN;
  plim_value eta = v_exact(problem->eta);
  if (problem->eta > 0.0) {
    const double size = plim_problem_step_size(problem, problem->psi2 * problem->d);
    eta = problem->eta_exponent > 0.0 ? (plim_value){size, 4.0 * DBL_EPSILON * size} : v_exact(size);
  }
  const double steps = (double)problem->steps;
  in->push = v_square(v_scale(steps, eta));
  in->spread = problem->batch == PLIM_BATCH_SAME ? in->push : v_scale(steps, v_square(eta));
  return PLIM_OK;
}

static plim_status prepare_activation(plim_theory *theory, const plim_problem *problem, plimi_input *in)
{
  const plim_status status = coefficients_of(theory, problem->activation, &in->sigma, &in->second);
  if (status != PLIM_OK)
    return status;
  in->a = v_square(in->sigma.mu1);
  in->b = v_square(in->sigma.mu2);
  if (in->a.value == 0.0 && in->b.value == 0.0)
    return PLIM_OUTSIDE_DOMAIN; /* a constant */
  return PLIM_OK;
}

static plim_status prepare_teacher(plim_theory *theory, const plim_problem *problem, plimi_input *in)
{
  plim_value unused;
  const plim_status status = coefficients_of(theory, problem->teacher, &in->star, &unused);
  if (status != PLIM_OK)
    return status;
  in->star1 = v_square(in->star.mu1);
  in->star2 = v_square(in->star.mu2);
  in->noise2 = v_square(v_exact(problem->noise));
  in->s2 = v_add(v_add(in->star1, in->star2), in->noise2);
  return PLIM_OK;
}

plim_status plimi_input_prepare(plim_theory *theory, const plim_problem *problem, unsigned reads,
                                plimi_input *in)
{
  plim_status status = plim_problem_validate(problem, NULL);
  plimi_input made;
  memset(&made, 0, sizeof made);
  made.problem = problem;
  made.tolerance = theory->tolerance;
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
  made.any_step = theory->any_step;
  made.staircase = theory->staircase;
  if (status == PLIM_OK)
    *in = made;
  return status;
}

const plimi_limit *plimi_limit_entry(plim_quantity quantity)
{
  return (unsigned)quantity < PLIM_QUANTITY_COUNT ? limits[quantity] : NULL;
}

const plim_limit_info *plim_limit_describe(plim_quantity quantity)
{
  const plimi_limit *limit = plimi_limit_entry(quantity);
  return limit != NULL ? &limit->info : NULL;
}

plim_status plim_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem,
                       plim_value *value)
{
  if (theory == NULL || problem == NULL || plim_limit_describe(quantity) == NULL)
    return PLIM_INVALID;
  const plimi_limit *limit = limits[quantity];
  plimi_input in;
  plim_value made;
  plim_status status = plimi_input_prepare(theory, problem, limit->reads, &in);
  if (status == PLIM_OK)
    status = limit->evaluate(&in, &made);
  if (status != PLIM_OK)
    return status;
  if (!v_is_finite(made))
    return PLIM_NOT_FINITE;
  *value = made;
  return PLIM_OK;
}

typedef struct {
  const char *key, *text;
} reference;

static const reference references[] = {
#include "references.inc"
};

const char *plim_reference(const char *key)
{
  for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
    if (strcmp(references[i].key, key) == 0)
      return references[i].text;
  }
  return NULL;
}
