/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "descent_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

descent_fixture *descent_fixture_new(const char *activation, const char *teacher, plim_size size)
{
  descent_fixture *f = calloc(1, sizeof *f);
  ck_assert_ptr_nonnull(f);
  ck_assert_int_eq(plim_activation_alloc(activation, &f->activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc(teacher, &f->teacher, NULL), PLIM_OK);
  f->descent = (plim_descent){.activation = f->activation,
                              .teacher = f->teacher,
                              .readout = PLIM_READOUT_GAUSSIAN,
                              .scaling = PLIM_SCALING_MEAN_FIELD,
                              .angle = 107.3,
                              .noise = 0.0,
                              .eta = 0.731};
  f->settings =
      (plim_descent_settings){.size = size, .seed = 2385, .threads = 2, .tolerance = 1e-3, .most_steps = 300};
  f->stop_at = MOST_STATES;
  f->zeta = calloc(5 * size.width, sizeof *f->zeta);
  ck_assert_ptr_nonnull(f->zeta);
  for (size_t i = 0; i < 2; i++) {
    f->along[i] = f->zeta + (1 + 2 * i) * size.width;
    f->across[i] = f->zeta + (2 + 2 * i) * size.width;
  }
  return f;
}

void descent_fixture_free(descent_fixture *f)
{
  plim_activation_free(f->activation);
  plim_activation_free(f->teacher);
  free(f->zeta);
  free(f);
}

static bool observe(void *context, const plim_descent_state *state)
{
  descent_fixture *f = context;
  const size_t bytes = f->settings.size.width * sizeof(double);
  ck_assert_uint_lt(f->observed, MOST_STATES);
  ck_assert_uint_eq(state->steps, f->observed);
  if (f->observed < 2) {
    memcpy(f->along[f->observed], state->along, bytes);
    memcpy(f->across[f->observed], state->across, bytes);
    memcpy(f->zeta, state->zeta, bytes);
  }
  f->loss[f->observed] = state->loss;
  f->moved[f->observed] = state->moved;
  f->in_plane[f->observed] = state->in_plane;
  return f->observed++ != f->stop_at;
}

static bool cancelled(void *context)
{
  return ((descent_fixture *)context)->cancel;
}

plim_status descend(descent_fixture *f, plim_descent_end *end)
{
  const plim_descent_hooks hooks = {.context = f, .observe = observe, .cancelled = cancelled};
  f->observed = 0;
  return plim_descend(&f->descent, &f->settings, &hooks, end);
}
