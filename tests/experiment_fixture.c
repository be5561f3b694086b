/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment_fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

plim_status draw_known(void *context, size_t d, size_t replica, plim_stream *stream, double *values)
{
  const trouble *t = context;
  double z[2];
  plim_stream_normals(stream, 2, z);
  if (t->d == d && replica >= t->from) {
    if (t->forget || t->status != PLIM_OK)
      return (plim_status)t->status;
  }
  values[0] = first_limit + 1.83 / (double)d + 0.31 * z[0];
  values[1] = second_limit - 0.91 / (double)d + 0.47 * z[1];
  values[2] = (first_limit + 1.83 / (double)d) * values[1];
  if (t->d == d && replica >= t->from && t->replace)
    values[1] = t->instead;
  return PLIM_OK;
}

static const size_t sizes[SIZES] = {20, 37, 80, 160};

void known_begin(known *k)
{
  *k = (known){
      .values = {
          {.name = "first", .predicted = {first_limit, 1e-12}, .rates = {1.0}, .relative_margin = 0.5},
          {.name = "second", .predicted = {second_limit, 1e-12}, .rates = {1.0, 2.0}, .absolute_margin = 1.1},
          {.name = "third", .relation = PLIM_REPORTED, .predicted = {NAN, NAN}, .rates = {1.0}}}};
  k->experiment = (plim_experiment){.name = "known",
                                    .context = &k->trouble,
                                    .draw = draw_known,
                                    .values = k->values,
                                    .count = VALUES,
                                    .cost_exponent = 0.7};
  k->settings = plim_experiment_settings_default();
  k->settings.sizes = sizes;
  k->settings.n_sizes = SIZES;
  k->settings.replicas = 60;
  k->settings.seed = 20220502;
}

plim_status known_run(known *k)
{
  return plim_experiment_run(&k->experiment, &k->settings, &k->result, &k->failure);
}

void known_end(known *k)
{
  plim_experiment_result_free(&k->result);
}

void assert_refused(known *k, plim_status status, const char *reason)
{
  const plim_experiment_result untouched = k->result;
  const plim_status got = known_run(k);
  ck_assert_msg(got == status, "%s, not %s: %s", plim_status_name(got), plim_status_name(status),
                k->failure.reason);
  ck_assert_msg(strstr(k->failure.reason, reason) != NULL, "'%s' does not say '%s'", k->failure.reason,
                reason);
  ck_assert(memcmp(&untouched, &k->result, sizeof untouched) == 0);
  ck_assert_int_eq(plim_experiment_run(&k->experiment, &k->settings, &k->result, NULL), status);
}

/* All that was measured and made of it, to the bit; what was drawn and what recalled may differ. */
void assert_same_result(const plim_experiment_result *a, const plim_experiment_result *b)
{
  ck_assert_uint_eq(a->count, b->count);
  ck_assert_uint_eq(a->sizes, b->sizes);
  for (size_t i = 0; i < a->count * a->sizes; i++) {
    ck_assert_double_eq(a->rungs[i].value, b->rungs[i].value);
    ck_assert_double_eq(a->rungs[i].error, b->rungs[i].error);
    ck_assert_uint_eq(a->rungs[i].replicas, b->rungs[i].replicas);
  }
  for (size_t k = 0; k < a->sizes; k++)
    ck_assert(memcmp(a->samples[k], b->samples[k], a->rungs[k].replicas * a->count * sizeof(double)) == 0);
  for (size_t i = 0; i < a->count; i++) {
    const plim_experiment_finding *x = &a->findings[i], *y = &b->findings[i];
    ck_assert_double_eq(x->fit.limit, y->fit.limit);
    ck_assert_double_eq(x->fit.limit_error, y->fit.limit_error);
    ck_assert_int_eq(x->judgement.verdict, y->judgement.verdict);
    ck_assert_double_eq(x->judgement.p_agree, y->judgement.p_agree);
    ck_assert_double_eq(x->judgement.p_disagree, y->judgement.p_disagree);
    ck_assert_uint_eq(x->looks, y->looks);
  }
}
