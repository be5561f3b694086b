/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_cite.c - plim cite: the statement behind a quantity or a claim, where it is from, its BibTeX. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "plim_claim.h"
#include "../work/registry.h"

/* Text of several lines, each indented. */
static void print_block(const char *title, const char *text)
{
  printf("\n%s\n", title);
  while (*text != '\0') {
    const size_t length = strcspn(text, "\n");
    printf("  %.*s\n", (int)length, text);
    text += length + (text[length] == '\n' ? 1 : 0);
  }
}

static void print_references(const char *keys)
{
  const char *rest = keys;
  while (rest != NULL) {
    char *key = plimi_next_element(&rest);
    const char *entry = plim_reference(key);
    if (entry != NULL)
      printf("\n%s\n", entry);
    free(key);
  }
}

static void cite_quantity(plim_quantity quantity)
{
  const plimi_pairing pairing = plimi_registry_pairing(quantity);
  printf("%s  %s: %s\n", plim_quantity_name(quantity), plim_quantity_symbol(quantity),
         plim_quantity_title(quantity));
  if (pairing.limit != NULL) {
    char approach[64];
    print_block("Statement", pairing.limit->statement);
    print_block("Domain", pairing.limit->domain);
    print_block("Source", pairing.limit->source);
    snprintf(approach, sizeof approach, "value(d) = limit + O(d^-%.4g)", pairing.limit->drift_rate);
    print_block("Approach", approach);
  }
  if (pairing.experiment != NULL)
    print_block("Measured as", pairing.experiment->method);
  if (pairing.limit != NULL)
    print_references(pairing.limit->keys);
}

static void cite_claim(const plim_claim_info *info)
{
  printf("%s  %s\n", info->name, info->title);
  print_block("Statement", info->statement);
  print_block("Source", info->source);
  print_block("Measured", info->method);
  print_block("Approach", info->approach);
  print_block("What would make it fail", info->failure);
  print_references(info->keys);
}

static int complain_unknown(const char *name)
{
  const size_t claims = plim_claim_count();
  const char **names = plimi_allocate(PLIM_QUANTITY_COUNT + claims, sizeof *names);
  for (size_t i = 0; i < PLIM_QUANTITY_COUNT; i++)
    names[i] = plim_quantity_name((plim_quantity)i);
  for (size_t i = 0; i < claims; i++)
    names[PLIM_QUANTITY_COUNT + i] = plim_claim_describe(i)->name;
  const char *nearest = plimi_nearest(name, names, PLIM_QUANTITY_COUNT + claims);
  plimi_complain("cite: nothing is called '%s'; %s%s%s", name,
                 nearest != NULL ? "did you mean " : "see `plim list quantities` and `plim list claims`",
                 nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
  free(names);
  return PLIM_EXIT_USAGE;
}

static int cite(const char *name)
{
  plim_quantity quantity;
  size_t claim;
  if (plim_quantity_from_name(name, &quantity) == PLIM_OK) {
    cite_quantity(quantity);
    return PLIM_EXIT_DONE;
  }
  if (plim_claim_find(name, &claim) == PLIM_OK) {
    cite_claim(plim_claim_describe(claim));
    return PLIM_EXIT_DONE;
  }
  if (plim_reference(name) != NULL) {
    printf("%s\n", plim_reference(name));
    return PLIM_EXIT_DONE;
  }
  return complain_unknown(name);
}

int plimi_cmd_cite(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)settings;
  if (operand_count == 0) {
    plimi_complain("cite: a name is missing; see `plim list quantities` and `plim list claims`");
    return PLIM_EXIT_USAGE;
  }
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < operand_count && status == PLIM_EXIT_DONE; i++) {
    if (i > 0)
      putchar('\n');
    status = cite(operands[i]);
  }
  return status;
}
