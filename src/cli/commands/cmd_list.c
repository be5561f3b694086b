/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_list.c - plim list: what there is, one line each. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../options/claim_book.h"
#include "../terminal/columns.h"
#include "commands.h"
#include "figure_files.h"
#include "../work/registry.h"

static int list_quantities(const plimi_claim_book *book, const char *indent)
{
  (void)book;
  plimi_columns columns = {.columns = 4};
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plimi_pairing pairing = plimi_registry_pairing((plim_quantity)i);
    if (pairing.limit == NULL && pairing.experiment == NULL)
      continue;
    plimi_columns_add(&columns, plim_quantity_name(pairing.quantity));
    plimi_columns_add(&columns, plim_quantity_symbol(pairing.quantity));
    plimi_columns_add(&columns, pairing.experiment == NULL ? "theory"
                                : pairing.limit == NULL    ? "simulation"
                                                           : "theory, simulation");
    plimi_columns_add(&columns, plim_quantity_title(pairing.quantity));
  }
  plimi_columns_print(&columns, indent, stdout);
  plimi_columns_free(&columns);
  return PLIM_EXIT_DONE;
}

static int list_activations(const plimi_claim_book *book, const char *indent)
{
  (void)book;
  plimi_columns columns = {.columns = 2};
  for (int i = 0; i < PLIM_ACTIVATION_COUNT; i++) {
    plimi_columns_add(&columns, plim_activation_kind_name((plim_activation_kind)i));
    plimi_columns_add(&columns, plim_activation_kind_formula((plim_activation_kind)i));
  }
  plimi_columns_add(&columns, "expr:EXPRESSION");
  plimi_columns_add(
      &columns,
      "any continuous expression in z in muParser's syntax, with erf(x) and pi: expr:max(z,0)+0.1*z");
  plimi_columns_print(&columns, indent, stdout);
  plimi_columns_free(&columns);
  return PLIM_EXIT_DONE;
}

static int list_claims(const plimi_claim_book *book, const char *indent)
{
  plimi_columns columns = {.columns = 3};
  const plim_claim_info *info;
  for (size_t i = 0; (info = plimi_claim_book_at(book, i)) != NULL; i++) {
    plimi_columns_add(&columns, info->name);
    plimi_columns_add(&columns, info->source);
    plimi_columns_add(&columns, info->title);
  }
  plimi_columns_print(&columns, indent, stdout);
  plimi_columns_free(&columns);
  return PLIM_EXIT_DONE;
}

static int list_figures(const plimi_claim_book *book, const char *indent)
{
  (void)book;
  plimi_columns columns = {.columns = 2};
  plimi_figure_names names;
  int worst = PLIM_EXIT_DONE;
  if (!plimi_figure_names_find(&names))
    return PLIM_EXIT_FILE;
  for (size_t i = 0; i < names.count; i++) {
    char *title;
    const int status = plimi_figure_title(names.names[i], &title);
    worst = status > worst ? status : worst;
    plimi_columns_add(&columns, names.names[i]);
    plimi_columns_add(&columns, title != NULL ? title : "");
    free(title);
  }
  plimi_columns_print(&columns, indent, stdout);
  plimi_columns_free(&columns);
  plimi_figure_names_free(&names);
  return worst;
}

static const struct {
  const char *name;
  int (*list)(const plimi_claim_book *book, const char *indent); /* an exit status */
} subjects[] = {{"quantities", list_quantities},
                {"claims", list_claims},
                {"activations", list_activations},
                {"figures", list_figures}};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static int list_one(const plimi_claim_book *book, const char *name)
{
  const char *names[SUBJECTS];
  for (size_t i = 0; i < SUBJECTS; i++) {
    names[i] = subjects[i].name;
    if (strcmp(name, names[i]) == 0)
      return subjects[i].list(book, "");
  }
  const char *nearest = plimi_nearest(name, names, SUBJECTS);
  plimi_complain("list: '%s' is not accepted; give quantities, claims, activations or figures%s%s%s", name,
                 nearest != NULL ? " (did you mean " : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "?)" : "");
  return PLIM_EXIT_USAGE;
}

static int list_all(const plimi_claim_book *book)
{
  int worst = PLIM_EXIT_DONE;
  for (size_t i = 0; i < SUBJECTS; i++) {
    printf("%s%s:\n", i > 0 ? "\n" : "", subjects[i].name);
    const int status = subjects[i].list(book, "  ");
    worst = status > worst ? status : worst;
  }
  return worst;
}

int plimi_cmd_list(plimi_settings *settings, char **operands, size_t operand_count)
{
  plimi_claim_book book;
  if (operand_count > 1) {
    plimi_complain("list: one operand at a time; '%s' is too many", operands[1]);
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_claim_book_open(settings->claims, &book);
  if (status == PLIM_EXIT_DONE)
    status = operand_count == 1 ? list_one(&book, operands[0]) : list_all(&book);
  plimi_claim_book_free(&book);
  return status;
}
