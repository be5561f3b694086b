/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_options.c - NAME=VALUE, for every row of the options table that is called NAME. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/options.h"
#include "fuzz.h"
#include "plim_compare.h"

static bool are_in_range(const double *values, size_t count, const plimi_range *range)
{
  for (size_t i = 0; i < count; i++)
    if (!(values[i] >= range->low &&
          (values[i] <= range->high || (range->infinity_allowed && isinf(values[i])))))
      return false;
  return true;
}

/* What was read must be what the option takes. */
static void check_value(const plimi_settings *settings, const plimi_option *option)
{
  const void *target = (const char *)settings + option->target;
  const plimi_numbers *numbers = target;
  const plimi_integers *integers = target;
  switch (option->kind) {
  case PLIMI_TAKES_NUMBERS:
  case PLIMI_TAKES_NUMBER:
  case PLIMI_TAKES_SPAN:
  case PLIMI_TAKES_SECONDS:
    REQUIRE(option->kind != PLIMI_TAKES_NUMBER || numbers->count == 1);
    REQUIRE(option->kind != PLIMI_TAKES_SPAN ||
            (numbers->count == 2 && numbers->values[0] < numbers->values[1]));
    REQUIRE(numbers->count > 0 && are_in_range(numbers->values, numbers->count, &option->range));
    break;
  case PLIMI_TAKES_INTEGERS:
  case PLIMI_TAKES_INTEGER:
    REQUIRE(option->kind != PLIMI_TAKES_INTEGER || integers->count == 1);
    REQUIRE(integers->count > 0);
    for (size_t i = 0; i < integers->count; i++) {
      const double value = (double)integers->values[i];
      REQUIRE(are_in_range(&value, 1, &option->range));
    }
    break;
  case PLIMI_TAKES_WORDS:
  case PLIMI_TAKES_WORD:
    REQUIRE(((const plimi_choices *)target)->count > 0);
    break;
  case PLIMI_TAKES_ACTIVATIONS:
    REQUIRE(((const plimi_activations *)target)->count > 0);
    break;
  case PLIMI_TAKES_READOUTS:
    REQUIRE(((const plimi_readouts *)target)->count > 0);
    break;
  case PLIMI_TAKES_INPUTS:
    REQUIRE(((const plimi_inputs_list *)target)->count > 0);
    break;
  case PLIMI_TAKES_QUANTITIES:
    REQUIRE(((const plimi_quantities *)target)->count > 0 || ((const plimi_quantities *)target)->all);
    break;
  case PLIMI_TAKES_RATES:
    REQUIRE(numbers->count >= 1 && numbers->count <= PLIM_MOST_TERMS && numbers->values[0] > 0.0);
    for (size_t i = 0; i < numbers->count; i++)
      REQUIRE(isfinite(numbers->values[i]) && (i == 0 || numbers->values[i] > numbers->values[i - 1]));
    break;
  case PLIMI_TAKES_SHARD:
    REQUIRE(integers->count == 2 && integers->values[0] >= 1 && integers->values[0] <= integers->values[1]);
    break;
  case PLIMI_TAKES_LIMIT:
    REQUIRE(numbers->count == 1 && numbers->values[0] > 0.0); /* infinite: as Slurm has it */
    break;
  case PLIMI_TAKES_TEXT:
  case PLIMI_TAKES_PATH:
    REQUIRE((*(char *const *)target)[0] != '\0');
    break;
  case PLIMI_TAKES_NOTHING:
    break;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *value = strchr(text, '=');
  if (value == NULL || fuzz_is_costly(value)) {
    free(text);
    return -1;
  }
  *value++ = '\0';
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    if (strcmp(option->name, text) != 0)
      continue;
    plimi_settings settings;
    plimi_message why = {.text = ""};
    plimi_settings_default(&settings, option->commands);
    const char *before = plimi_option_text(&settings, option);
    if (plimi_option_set(&settings, option, value, &why)) {
      REQUIRE(strcmp(plimi_option_text(&settings, option), value) == 0);
      check_value(&settings, option);
    } else {
      REQUIRE(why.text[0] != '\0');
      REQUIRE(plimi_option_text(&settings, option) == before);
    }
    plimi_settings_free(&settings);
  }
  free(text);
  return 0;
}
