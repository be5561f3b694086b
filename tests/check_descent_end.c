/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_descent_end.c - training to the end: what the two scalings do to the neurons, how it stops, what is refused. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include <check.h>

#include "descent_fixture.h"
#include "run_cases.h"

/* ReLU below 2/K: every loss is less than the one before, and the last is the first below the tolerance. */
START_TEST(loss_falls_to_the_tolerance)
{
  descent_fixture *f = descent_fixture_new("relu", "relu", (plim_size){.n = 150, .d = 15, .width = 160});
  plim_descent_end end = {.steps = 77};
  f->descent.scaling = _i == 0 ? PLIM_SCALING_MEAN_FIELD : PLIM_SCALING_NTK;
  f->settings.tolerance = 4.1e-3;
  ck_assert_int_eq(descend(f, &end), PLIM_OK);
  ck_assert_uint_eq(f->observed, end.steps + 1);
  ck_assert_double_lt(end.loss, f->settings.tolerance);
  ck_assert_double_eq(end.loss, f->loss[end.steps]);
  for (size_t t = 0; t < end.steps; t++) {
    ck_assert_double_ge(f->loss[t], f->settings.tolerance);
    ck_assert_double_lt(f->loss[t + 1], f->loss[t]);
  }
  descent_fixture_free(f);
}
END_TEST

/* What the figure shows, as N grows at fixed n and d: in the ntk scaling the neurons move by N^-1/2 of their length, in
   the mean-field scaling by their length, and into the teacher's plane. Fixed seeds; 0.479 and 2 % were seen. */
START_TEST(neurons_travel_in_one_scaling_alone)
{
  double moved[2][2], in_plane[2][2], before = 0.0;
  for (int scaling = 0; scaling < 2; scaling++) {
    for (int wide = 0; wide < 2; wide++) {
      descent_fixture *f =
          descent_fixture_new("relu", "relu", (plim_size){.n = 160, .d = 20, .width = wide ? 1600 : 400});
      plim_descent_end end;
      f->descent.scaling = (plim_scaling)scaling;
      f->descent.readout = PLIM_READOUT_RADEMACHER;
      ck_assert_int_eq(descend(f, &end), PLIM_OK);
      moved[scaling][wide] = f->moved[end.steps];
      in_plane[scaling][wide] = f->in_plane[end.steps];
      before = f->in_plane[0];
      descent_fixture_free(f);
    }
  }
  for (int wide = 0; wide < 2; wide++) {
    ck_assert_double_gt(moved[PLIM_SCALING_MEAN_FIELD][wide], 1.0);
    ck_assert_double_gt(in_plane[PLIM_SCALING_MEAN_FIELD][wide], 2.0 * before);
    ck_assert_double_lt(moved[PLIM_SCALING_NTK][wide], 0.2);
    ck_assert_double_eq_tol(in_plane[PLIM_SCALING_NTK][wide], before, 0.25 * before);
  }
  ck_assert_double_eq_tol(moved[PLIM_SCALING_NTK][1] / moved[PLIM_SCALING_NTK][0], 0.5, 0.05);
  ck_assert_double_eq_tol(moved[PLIM_SCALING_MEAN_FIELD][1] / moved[PLIM_SCALING_MEAN_FIELD][0], 1.0, 0.05);
}
END_TEST

START_TEST(same_bits_for_any_threads_same_draws_in_both_scalings)
{
  const plim_size size = {.n = 300, .d = 9, .width = 280}; /* two tiles each way */
  descent_fixture *one = descent_fixture_new("relu", "relu", size),
                  *three = descent_fixture_new("relu", "relu", size);
  plim_descent_end end, other;
  one->settings.threads = 1;
  three->settings.threads = 3;
  one->settings.tolerance = three->settings.tolerance = 2.7e-2;
  ck_assert_int_eq(descend(one, &end), PLIM_OK);
  ck_assert_int_eq(descend(three, &other), PLIM_OK);
  ck_assert_uint_eq(end.steps, other.steps);
  ck_assert_mem_eq(one->loss, three->loss, (end.steps + 1) * sizeof *one->loss);
  ck_assert_mem_eq(one->moved, three->moved, (end.steps + 1) * sizeof *one->moved);
  three->descent.scaling = PLIM_SCALING_NTK;
  ck_assert_int_eq(descend(three, &other), PLIM_OK);
  ck_assert_mem_eq(one->along[0], three->along[0], size.width * sizeof *one->along[0]);
  ck_assert_mem_eq(one->across[0], three->across[0], size.width * sizeof *one->across[0]);
  ck_assert_mem_eq(one->zeta, three->zeta, size.width * sizeof *one->zeta);
  descent_fixture_free(one);
  descent_fixture_free(three);
}
END_TEST

START_TEST(how_it_stops)
{
  descent_fixture *f = descent_fixture_new("relu", "relu", (plim_size){.n = 90, .d = 9, .width = 80});
  plim_descent_end end = {.steps = 77, .loss = 2.385};
  f->descent.eta = 41.7; /* far beyond 2/K */
  ck_assert_int_eq(descend(f, &end), PLIM_NOT_CONVERGED);
  ck_assert_uint_eq(f->observed, 2);
  f->descent.eta = 1e308;
  ck_assert_int_eq(descend(f, &end), PLIM_NOT_FINITE);
  f->descent.eta = 0.731;
  f->settings.most_steps = 3;
  ck_assert_int_eq(descend(f, &end), PLIM_NOT_CONVERGED);
  ck_assert_uint_eq(f->observed, 4);
  f->stop_at = 2;
  ck_assert_int_eq(descend(f, &end), PLIM_FAILED);
  ck_assert_uint_eq(f->observed, 3);
  f->cancel = true;
  ck_assert_int_eq(descend(f, &end), PLIM_INTERRUPTED);
  ck_assert_uint_eq(f->observed, 1);
  ck_assert_uint_eq(end.steps, 77);
  ck_assert_double_eq(end.loss, 2.385);
  f->settings.tolerance = 1e3; /* met by W0 */
  ck_assert_int_eq(plim_descend(&f->descent, &f->settings, NULL, &end), PLIM_OK);
  ck_assert_uint_eq(end.steps, 0);
  descent_fixture_free(f);
}
END_TEST

START_TEST(bad_arguments)
{
  descent_fixture *f = descent_fixture_new("relu", "relu", (plim_size){.n = 37, .d = 7, .width = 13});
  const plim_descent good = f->descent;
  const plim_descent_settings settings = f->settings;
  plim_descent_end end = {.steps = 77};
  const double angles[] = {0.0, 180.0, -3.0, NAN}, etas[] = {0.0, -1.0, NAN, INFINITY};
  for (size_t i = 0; i < 4; i++) {
    f->descent.angle = angles[i];
    ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
    f->descent = good;
    f->descent.eta = etas[i];
    ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
    f->descent = good;
    f->settings.tolerance = etas[i];
    ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
    f->settings = settings;
  }
  f->descent.noise = -0.1;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  f->descent = good;
  f->descent.scaling = PLIM_SCALING_COUNT;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  ck_assert_ptr_null(plim_scaling_name(PLIM_SCALING_COUNT));
  f->descent = good;
  f->descent.activation = NULL;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  f->descent = good;
  f->settings.size.d = 1;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  f->settings = settings;
  f->settings.threads = 0;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  f->settings = settings;
  f->settings.most_steps = 0;
  ck_assert_int_eq(descend(f, &end), PLIM_INVALID);
  f->settings = settings;
  f->settings.size.n = (size_t)INT_MAX + 1;
  ck_assert_int_eq(descend(f, &end), PLIM_OVERFLOW);
  f->settings.size = (plim_size){.n = 2000000000, .d = 2, .width = 2000000000};
  ck_assert_int_ne(descend(f, &end), PLIM_OK);
  ck_assert_uint_eq(end.steps, 77);
  ck_assert_uint_eq(f->observed, 0);
  descent_fixture_free(f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("descent_end");
  tcase_add_loop_test(tests, loss_falls_to_the_tolerance, 0, 2);
  tcase_add_test(tests, neurons_travel_in_one_scaling_alone);
  tcase_add_test(tests, same_bits_for_any_threads_same_draws_in_both_scalings);
  tcase_add_test(tests, how_it_stops);
  tcase_add_test(tests, bad_arguments);
  return run_cases("descent_end", 1, &tests);
}
