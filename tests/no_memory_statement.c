/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Activations and expressions, right and wrong, and the judge. */
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "plim.h"

static const char *const names[] = {"tanh",
                                    "no such name",
                                    "expr:tanh(z)+0.25*max(z,0.5)",
                                    "expr:z<0?0.1*z:z*exp(-z*z/3)+1.5e-3*erf(z)/2",
                                    "expr:((((((z))))))^2-rint(pi)",
                                    "expr:sqrt(abs(z))",
                                    "expr:z+w",
                                    "expr:2*a_name_that_is_longer_than_any_short_string_buffer",
                                    "expr:(z",
                                    "expr:z,z",
                                    "expr:z=2",
                                    "expr:",
                                    "expr:max()",
                                    "expr:\"text\"",
                                    "expr:1/z",
                                    "expr:sin(4e5*z)",
                                    "expr:(z<0)"};
enum { NAMES = sizeof names / sizeof *names, FUNCTIONS = 2 };

static void note_activation(const plim_activation *activation, notes *made)
{
  const double z[] = {-2.4, -0.3, 0.61, 13.7};
  enum { COUNT = sizeof z / sizeof *z };
  double value[COUNT], derivative[COUNT];
  size_t kinks, cuts, features;
  const double *kink = plim_activation_kinks(activation, &kinks);
  plim_activation_cuts(activation, &cuts);
  plim_activation_features(activation, &features);
  note(made, kinks > 0 ? kink[0] : 0.0);
  note(made, (double)cuts + 1e-4 * (double)features);
  plim_activation_values(activation, COUNT, z, value);
  plim_activation_derivatives(activation, COUNT, z, derivative);
  for (int i = 0; i < COUNT; i++) {
    note(made, value[i]);
    note(made, derivative[i]);
  }
  plim_activation_errors(activation, COUNT, z, value, derivative);
  for (int i = 0; i < COUNT; i++)
    note(made, value[i]);
  note(made, plim_activation_value(activation, 0.2) + plim_activation_derivative(activation, 0.2));
  note(made, (double)plim_activation_is_odd(activation));
  note(made, (double)(plim_activation_rough(activation) != NULL));
}

static void hinge(void *context, size_t count, const double *z, double *value)
{
  const double *shift = context;
  for (size_t i = 0; i < count; i++)
    value[i] = z[i] > *shift ? z[i] - *shift : 0.0;
}

static void jump(void *context, size_t count, const double *z, double *value)
{
  const double *shift = context;
  for (size_t i = 0; i < count; i++)
    value[i] = z[i] > *shift ? 1.0 : 0.0;
}

static plim_status alloc_activation(int which, plim_activation **a, char **why)
{
  static double shift = 0.3719;
  const plim_activation_function functions[FUNCTIONS] = {{"hinge", hinge, &shift, &shift, 1},
                                                         {"jump", jump, &shift, NULL, 0}};
  return which < NAMES ? plim_activation_alloc(names[which], a, why)
                       : plim_activation_from_function(&functions[which - NAMES], a, why);
}

static plim_status activation(int which, notes *made)
{
  plim_activation *a = NULL, *copy = NULL;
  char *why = NULL;
  plim_status status = alloc_activation(which, &a, &why);
  if (status == PLIM_INVALID)
    for (const char *c = why; *c != '\0'; c++)
      note(made, (double)*c);
  if (status == PLIM_OK)
    note_activation(a, made);
  if (status == PLIM_OK)
    status = plim_activation_clone(a, &copy);
  if (status == PLIM_OK)
    note_activation(copy, made);
  free(why);
  plim_activation_free(a);
  plim_activation_free(copy);
  return status;
}

/* Expressions in variables, right and wrong, and evaluated with memory as short. */
static const char *const formulas[] = {"psi1/(1 + psi1)^2 - 0.3125*lambda",
                                       "a_name_that_is_longer_than_any_short_string_buffer*pi + erf(1.5e-1)",
                                       "psi1 + unknown",
                                       "psi1, lambda",
                                       "(psi1",
                                       ""};
enum { FORMULAS = sizeof formulas / sizeof *formulas };

static plim_status formula(int which, notes *made)
{
  static const char *const variables[] = {"psi1", "lambda", "not a name",
                                          "a_name_that_is_longer_than_any_short_string_buffer"};
  static const double values[] = {2.385, 0.137, 11.5, 1.617};
  enum { VARIABLES = sizeof values / sizeof *values };
  plim_formula *f = NULL;
  char *why = NULL;
  double value = 0.0;
  plim_status status = plim_formula_alloc(formulas[which], variables, VARIABLES, &f, &why);
  if (status == PLIM_OK) {
    for (size_t i = 0; i < VARIABLES; i++)
      note(made, plim_formula_uses(f, i));
    status = plim_formula_value(f, values, &value);
    note(made, value);
  }
  plim_formula_free(f);
  free(why);
  return status;
}

/* The law of the inputs: a number that is an expression, and a table. */
static plim_status inputs(int which, notes *made)
{
  static const char *const laws[] = {"ar1:-1/3", "student:2.5", "sphere"};
  static const double values[] = {1.0, -1.0, -1.0, 1.0};
  static const plim_rows rows = {values, 2, 2};
  enum { LAWS = sizeof laws / sizeof *laws };
  plim_inputs *law = NULL;
  const plim_status status = which < LAWS ? plim_inputs_alloc(laws[which], &law, NULL)
                                          : plim_inputs_of_rows("csv:a", &rows, &law, NULL);
  if (status == PLIM_OK) {
    note(made, plim_inputs_parameter(law));
    note(made, (double)plim_inputs_rows(law).count);
  }
  plim_inputs_free(law);
  return status;
}

static plim_status judge(int terms, notes *made)
{
  const double rates[] = {0.5, 1.0, 1.5}, samples[] = {1.02, 0.97, 1.01, 1.08};
  const plim_rung rungs[] = {{30, 1.31, 0.01, 20},  {60, 1.17, 0.009, 20}, {120, 1.09, 0.01, 30},
                             {240, 1.05, 0.01, 20}, {480, 1.02, 0.01, 20}, {960, 1.01, 0.008, 20}};
  const plim_value predicted = {1.01, 1e-9};
  const plim_criterion criterion = plim_criterion_default();
  plim_extrapolation fit;
  plim_judgement of[2];
  plim_estimate estimate;
  plim_status status = plim_estimate_from_samples(samples, 1, 4, &estimate);
  if (status == PLIM_OK)
    status = terms == 0 ? plim_extrapolate(rungs, 6, 1.0, &fit)
                        : plim_extrapolate_terms(rungs, 6, rates, (size_t)terms, &fit);
  if (status == PLIM_OK)
    status = plim_judge(&fit, &predicted, &criterion, &of[0]);
  if (status == PLIM_OK)
    status = plim_judge_bound(&fit, &predicted, PLIM_LOWER_BOUND_OF, &criterion, &of[1]);
  if (status == PLIM_OK)
    status = plim_judge_family(of, 2, &criterion);
  if (status != PLIM_OK)
    return status;
  note(made, estimate.error);
  note(made, fit.limit);
  note(made, fit.limit_error);
  for (int i = 0; i < 2; i++) {
    note(made, (double)of[i].verdict);
    note(made, of[i].p_agree);
    note(made, of[i].agree_margin);
    note(made, of[i].overturning_term);
  }
  return PLIM_OK;
}

/* What has no memory to ask for. */
static plim_status tables(int which, notes *made)
{
  (void)which;
  plim_problem problem = plim_problem_default();
  plim_size size = {.n = 0, .d = 0, .width = 0};
  plim_quantity quantity = PLIM_THETA1;
  size_t claim = 0;
  note(made, (double)strlen(plim_reference("BA")));
  plim_status status = plim_quantity_from_name("risk1", &quantity);
  if (status == PLIM_OK)
    status = plim_claim_find("small-step", &claim);
  if (status == PLIM_INVALID)
    status = plim_size_from_problem(&problem, 30, &size);
  note(made, (double)(size.n + (size_t)quantity + plim_claim_count()));
  return status;
}

const no_memory_subject no_memory_statement[] = {{"activation", activation, 0, NAMES + FUNCTIONS, 15, 0},
                                                 {"formula", formula, 0, FORMULAS, 10000, 0},
                                                 {"inputs", inputs, 0, 4, 10000, 0},
                                                 {"judge", judge, 0, 4, 100, 0},
                                                 {"tables", tables, 0, 1, 1, 0},
                                                 {NULL, NULL, 0, 0, 0, 0}};
