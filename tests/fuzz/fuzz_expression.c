/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_expression.c - an expression in z: refused with a reason, or everything that is known of it holds together. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { POINTS = 49 };

/* As far out as expressions are looked at. */
static bool is_ascending(const double *place, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!(fabs(place[i]) < 40.0) || (i > 0 && !(place[i] > place[i - 1])))
      return false;
  return true;
}

static void check_places(const plim_activation *sigma)
{
  size_t kinks, cuts, features;
  const double *kink = plim_activation_kinks(sigma, &kinks), *cut = plim_activation_cuts(sigma, &cuts),
               *feature = plim_activation_features(sigma, &features);
  REQUIRE(is_ascending(kink, kinks));
  REQUIRE(is_ascending(cut, cuts));
  REQUIRE(is_ascending(feature, features));
  REQUIRE(cuts >= kinks && features >= kinks);
}

/* Finite where the header promises it, and a copy gives the same bits. */
static void check_values(const plim_activation *sigma, const plim_activation *copy)
{
  double z[POINTS], value[POINTS], derivative[POINTS], again[POINTS], error[POINTS], slope_error[POINTS];
  for (int i = 0; i < POINTS; i++)
    z[i] = -12.0 + 0.5 * i;
  plim_activation_values(sigma, POINTS, z, value);
  plim_activation_derivatives(sigma, POINTS, z, derivative);
  plim_activation_errors(sigma, POINTS, z, error, slope_error);
  plim_activation_values(copy, POINTS, z, again);
  for (int i = 0; i < POINTS; i++)
    REQUIRE(isfinite(value[i]) && error[i] >= 0.0);
  REQUIRE(memcmp(value, again, sizeof value) == 0);
  plim_activation_derivatives(copy, POINTS, z, again);
  REQUIRE(memcmp(derivative, again, sizeof derivative) == 0);
  if (plim_activation_rough(sigma) != NULL)
    return;
  for (int i = 0; i < POINTS; i++)
    REQUIRE(isfinite(derivative[i]) && slope_error[i] >= 0.0);
}

static void check_moments(const plim_activation *sigma)
{
  enum {
    MOST_CUTS = 2000
  }; /* of 16384: a second in an ordinary build, and ten times that under the sanitizers */
  plim_coefficients made;
  size_t cuts;
  (void)plim_activation_cuts(sigma, &cuts);
  if (cuts > MOST_CUTS || plim_coefficients_compute(sigma, &made) != PLIM_OK)
    return;
  REQUIRE(fuzz_is_sound(&made.mean) && fuzz_is_sound(&made.mu1) && fuzz_is_sound(&made.mu2) &&
          fuzz_is_sound(&made.c2));
  REQUIRE(made.mu2.value >= 0.0 && made.nu2.error >= 0.0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char prefix[] = "expr:";
  char *text = fuzz_text(data, size), *name = malloc(sizeof prefix + strlen(text)), *why = NULL;
  plim_activation *sigma = NULL, *copy = NULL;
  REQUIRE(name != NULL);
  memcpy(name, prefix, sizeof prefix);
  strcat(name, text);
  const plim_status status = plim_activation_alloc(name, &sigma, &why);
  if (status == PLIM_OK) {
    REQUIRE(plim_activation_clone(sigma, &copy) == PLIM_OK);
    check_places(sigma);
    check_values(sigma, copy);
    check_moments(sigma);
    REQUIRE(plim_activation_is_odd(sigma) == plim_activation_is_odd(copy));
  } else {
    REQUIRE(status == PLIM_INVALID && why != NULL && why[0] != '\0');
    for (const char *c = why; *c != '\0'; c++)
      REQUIRE((unsigned char)*c >= ' ' && *c != 0x7f);
  }
  plim_activation_free(copy);
  plim_activation_free(sigma);
  free(why);
  free(name);
  free(text);
  return 0;
}
