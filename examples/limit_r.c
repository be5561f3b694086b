/* SPDX-License-Identifier: GPL-3.0-or-later */
/* limit_r.c - what R's .C() can call: it hands over pointers alone, and wants nothing back. For examples/limit.R.

   cc -shared -fPIC limit_r.c -o limit_r.so $(pkg-config --cflags --libs plim) */
#include <math.h>
#include <plim.h>

void limit_r(char **quantity, char **activation, char **teacher, const double *common, const int *count,
             double *psi1, double *value, double *error, char **status);

/* value[i] and error[i] at psi1[i], i < count; common: psi2, lambda, eta, noise. *status: a word of plim_status.h, of
   the last point that has no value. */
void limit_r(char **quantity, char **activation, char **teacher, const double *common, const int *count,
             double *psi1, double *value, double *error, char **status)
{
  plim_problem problem = plim_problem_default();
  plim_activation *sigma = NULL, *link = NULL;
  plim_theory *theory = NULL;
  plim_quantity asked;
  plim_status found = plim_quantity_from_name(*quantity, &asked);
  if (found == PLIM_OK)
    found = plim_activation_alloc(*activation, &sigma, NULL);
  if (found == PLIM_OK)
    found = plim_activation_alloc(*teacher, &link, NULL);
  if (found == PLIM_OK)
    found = plim_theory_alloc(&theory);
  for (int i = 0; theory != NULL && i < *count; i++) {
    plim_value limit = {NAN, NAN};
    problem.psi1 = psi1[i];
    problem.psi2 = common[0];
    problem.lambda = common[1];
    problem.eta = common[2];
    problem.noise = common[3];
    problem.activation = sigma;
    problem.teacher = link;
    const plim_status here = plim_limit(theory, asked, &problem, &limit);
    found = here != PLIM_OK ? here : found;
    value[i] = limit.value;
    error[i] = limit.error;
  }
  *status = (char *)plim_status_name(found);
  plim_theory_free(theory);
  plim_activation_free(link);
  plim_activation_free(sigma);
}
