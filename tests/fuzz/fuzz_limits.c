/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_limits.c - a limit, then a spectrum, of any problem: QUANTITY SPECTRUM X and the words of fuzz_problem(). */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void require_status(plim_status status)
{
  REQUIRE((unsigned)status < PLIM_STATUS_COUNT);
}

/* A name, or any number in the place of an enumerator. */
static plim_quantity read_quantity(const char *word)
{
  plim_quantity quantity;
  return plim_quantity_from_name(word, &quantity) == PLIM_OK ? quantity
                                                             : (plim_quantity)strtol(word, NULL, 10);
}

static void check_limit(plim_theory *theory, plim_quantity quantity, const plim_problem *problem)
{
  const plim_value untouched = {2.385, 1.617};
  plim_value value = untouched;
  const plim_status status = plim_limit(theory, quantity, problem, &value);
  require_status(status);
  REQUIRE(status != PLIM_OK || fuzz_is_sound(&value));
  REQUIRE(status == PLIM_OK || (value.value == untouched.value && value.error == untouched.error));
  REQUIRE(status != PLIM_OK || plim_problem_validate(problem, NULL) == PLIM_OK);
}

static void check_support(const plim_support *support)
{
  REQUIRE(fuzz_is_sound(&support->mass_at_zero) && support->intervals >= 1 &&
          support->intervals <= PLIM_SUPPORT_INTERVALS && support->outliers <= PLIM_SUPPORT_OUTLIERS);
  for (size_t i = 0; i < support->intervals; i++)
    REQUIRE(fuzz_is_sound(&support->interval[i].low) && fuzz_is_sound(&support->interval[i].high) &&
            support->interval[i].low.value <= support->interval[i].high.value &&
            fuzz_is_sound(&support->interval[i].mass));
  for (size_t i = 0; i < support->outliers; i++)
    REQUIRE(fuzz_is_sound(&support->outlier[i]));
}

static void check_density(plim_theory *theory, plim_spectrum spectrum, const plim_problem *problem, double x)
{
  plim_density *density = NULL;
  plim_value value;
  const plim_status made = plim_density_alloc(theory, spectrum, problem, &density);
  require_status(made);
  if (made != PLIM_OK)
    return;
  check_support(plim_density_support(density));
  plim_status status = plim_density_at(density, x, &value);
  require_status(status);
  REQUIRE(status != PLIM_OK || (fuzz_is_sound(&value) && value.value >= 0.0));
  status = plim_density_cdf(density, x, &value);
  require_status(status);
  REQUIRE(status != PLIM_OK ||
          (fuzz_is_sound(&value) && value.value >= -value.error && value.value <= 1.0 + value.error));
  plim_density_free(density);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *rest = text;
  if (strstr(text, "expr:") != NULL) { /* fuzz_expression has them */
    free(text);
    return -1;
  }
  plim_activation *activation, *teacher;
  plim_theory *theory;
  const plim_quantity quantity = read_quantity(fuzz_word(&rest));
  const double spectrum = fuzz_number(&rest), x = fuzz_number(&rest);
  const plim_problem problem = fuzz_problem(&rest, &activation, &teacher);
  REQUIRE(plim_theory_alloc(&theory) == PLIM_OK);
  REQUIRE(plim_theory_set_tolerance(theory, PLIM_COARSEST_TOLERANCE) == PLIM_OK);
  check_limit(theory, quantity, &problem);
  if (spectrum >= 0.0 && spectrum <= 9.0)
    check_density(theory, (plim_spectrum)spectrum, &problem, x);
  plim_theory_free(theory);
  plim_activation_free(activation);
  plim_activation_free(teacher);
  free(text);
  return 0;
}
