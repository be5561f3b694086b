/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_arguments.c - a whole command line, one word a line, up to where the work would begin. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/commands/arguments.h"
#include "cli/commands/commands.h"
#include "cli/options/product.h"
#include "fuzz.h"

enum { MOST_WORDS = 64 };

static const plimi_command_entry *find_command(const char *name)
{
  for (size_t i = 0; i < plimi_command_count; i++)
    if (strcmp(plimi_commands[i].name, name) == 0)
      return &plimi_commands[i];
  return NULL;
}

/* The first and the last problem that accepted options state are acceptable to the library. */
static void check_problems(const plimi_settings *settings)
{
  plimi_product product;
  if (!plimi_product_begin(&product, settings, false))
    return;
  REQUIRE(product.count > 0);
  const plimi_point first = plimi_product_at(&product, 0),
                    last = plimi_product_at(&product, product.count - 1);
  REQUIRE(plim_problem_validate(&first.problem, NULL) == PLIM_OK);
  REQUIRE(plim_problem_validate(&last.problem, NULL) == PLIM_OK);
}

static void read_arguments(const plimi_command_entry *entry, int count, char **words)
{
  plimi_settings settings;
  char **operands = NULL;
  size_t operand_count = 0;
  plimi_settings_default(&settings, entry->command);
  const int status = plimi_arguments_read(count, words, entry->command, &settings, &operands, &operand_count);
  REQUIRE(status == PLIM_EXIT_DONE || status == PLIM_EXIT_USAGE || status == PLIM_EXIT_FILE);
  REQUIRE(operand_count < (size_t)count && operands == words + 1);
  for (size_t i = 0; i < operand_count; i++)
    REQUIRE(operands[i] != NULL);
  if (status == PLIM_EXIT_DONE && ((unsigned)entry->command & PLIMI_STATED) != 0)
    check_problems(&settings);
  plimi_settings_free(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = fuzz_text(data, size), *words[MOST_WORDS + 1] = {NULL}, *rest = text;
  int count = 0;
  /* a file of --config may be one that never ends; fuzz_config reads files */
  const bool costly = fuzz_is_costly(text) || strstr(text, "--config") != NULL;
  while (rest != NULL && count < MOST_WORDS)
    words[count++] = strsep(&rest, "\n");
  const plimi_command_entry *entry = find_command(words[0]);
  if (entry != NULL && !costly)
    read_arguments(entry, count, words);
  free(text);
  return entry != NULL && !costly ? 0 : -1;
}
