/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subjects.c - the one list of what can be measured. A subject that reads what another has left in the replica
   (any_step.c the ridge path of small_step.c) stands after it. */
#include "sim.h"

const plimi_subject *const plimi_subjects[] = {
    &plimi_gradient_subject,   &plimi_step_scaling_subject, &plimi_weights_subject,  &plimi_two_steps_subject,
    &plimi_small_step_subject, &plimi_any_step_subject,     &plimi_spectrum_subject, &plimi_kernels_subject,
    &plimi_student_subject,    &plimi_staircase_subject};
const size_t plimi_subject_count = sizeof plimi_subjects / sizeof *plimi_subjects;

const plimi_experiment *plimi_experiment_of(plim_quantity quantity)
{
  for (size_t s = 0; s < plimi_subject_count; s++)
    for (size_t i = 0; i < plimi_subjects[s]->count; i++)
      if (plimi_subjects[s]->experiments[i].info.quantity == quantity)
        return &plimi_subjects[s]->experiments[i];
  return NULL;
}

const plim_experiment_info *plim_experiment_describe(plim_quantity quantity)
{
  const plimi_experiment *experiment = plimi_experiment_of(quantity);
  return experiment != NULL ? &experiment->info : NULL;
}
