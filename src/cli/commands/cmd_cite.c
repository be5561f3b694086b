/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_cite.c - plim cite: the statement behind a quantity or a claim, where it is from, its BibTeX. */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "../options/claim_book.h"
#include "../terminal/columns.h"
#include "../work/registry.h"

/* A line of text, `indent` blanks before its own; where lines have a width, what is wider goes on below as far in. */
static void print_line(size_t indent, const char *line)
{
  const size_t width = plimi_line_width(stdout), own = strspn(line, " ");
  printf("%*s", (int)(indent + own), "");
  plimi_print_wrapped(line + own, indent + own, indent + own, width > 0 ? width : SIZE_MAX, stdout);
}

/* Is a line of the text longer than `width`? */
static bool is_wider(const char *text, size_t width)
{
  size_t length = 0;
  for (; *text != '\0' && length <= width; text++)
    length = *text == '\n' ? 0 : length + 1;
  return length > width;
}

/* Is the line that begins here a formula, indented or with a gap, rather than running text? */
static bool is_displayed(const char *line)
{
  const char *gap = strstr(line, "   ");
  return line[0] == ' ' || (gap != NULL && gap < line + strcspn(line, "\n"));
}

/* Join the lines of running text, to be broken elsewhere. */
static void join_lines(char *text)
{
  char *line = text;
  for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
    if (!is_displayed(line) && !is_displayed(end + 1))
      *end = ' ';
}

/* Text of several lines, each indented. */
static void print_block(const char *title, const char *text)
{
  const size_t width = plimi_line_width(stdout);
  char *copy = plimi_copy(text), *line = copy;
  if (width > 0 && is_wider(text, width - 2))
    join_lines(copy);
  printf("\n%s\n", title);
  while (*line != '\0') {
    const size_t length = strcspn(line, "\n");
    const size_t next = length + (line[length] == '\n' ? 1 : 0);
    line[length] = '\0';
    print_line(2, line);
    line += next;
  }
  free(copy);
}

static void print_head(const char *name, const char *said)
{
  plimi_message line;
  plimi_message_set(&line, "%s  %s", name, said);
  print_line(0, line.text);
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
  plimi_message said;
  plimi_message_set(&said, "%s: %s", plim_quantity_symbol(quantity), plim_quantity_title(quantity));
  print_head(plim_quantity_name(quantity), said.text);
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
  print_head(info->name, info->title);
  print_block("Statement", info->statement);
  if (info->tex != NULL)
    print_block("In TeX", info->tex);
  print_block("Source", info->source);
  print_block("Measured", info->method);
  print_block("Approach", info->approach);
  if (info->failure[0] != '\0') /* not every claim of one's own says so */
    print_block("What would make it fail", info->failure);
  print_references(info->keys);
}

static int complain_unknown(const plimi_claim_book *book, const char *name)
{
  const size_t claims = plimi_claim_book_count(book);
  const char **names = plimi_allocate(PLIM_QUANTITY_COUNT + claims, sizeof *names);
  for (size_t i = 0; i < PLIM_QUANTITY_COUNT; i++)
    names[i] = plim_quantity_name((plim_quantity)i);
  for (size_t i = 0; i < claims; i++)
    names[PLIM_QUANTITY_COUNT + i] = plimi_claim_book_at(book, i)->name;
  const char *nearest = plimi_nearest(name, names, PLIM_QUANTITY_COUNT + claims);
  plimi_complain("cite: nothing is called '%s'; %s%s%s", name,
                 nearest != NULL ? "did you mean " : "see `plim list quantities` and `plim list claims`",
                 nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
  free(names);
  return PLIM_EXIT_USAGE;
}

static int cite(const plimi_claim_book *book, const char *name)
{
  plim_quantity quantity;
  size_t claim;
  if (plim_quantity_from_name(name, &quantity) == PLIM_OK) {
    cite_quantity(quantity);
    return PLIM_EXIT_DONE;
  }
  if (plimi_claim_book_find(book, name, &claim)) {
    cite_claim(plimi_claim_book_at(book, claim));
    return PLIM_EXIT_DONE;
  }
  if (plim_reference(name) != NULL) {
    printf("%s\n", plim_reference(name));
    return PLIM_EXIT_DONE;
  }
  return complain_unknown(book, name);
}

int plimi_cmd_cite(plimi_settings *settings, char **operands, size_t operand_count)
{
  plimi_claim_book book;
  if (operand_count == 0) {
    plimi_complain("cite: a name is missing; see `plim list quantities` and `plim list claims`");
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_claim_book_open(settings->claims, &book);
  for (size_t i = 0; i < operand_count && status == PLIM_EXIT_DONE; i++) {
    if (i > 0)
      putchar('\n');
    status = cite(&book, operands[i]);
  }
  plimi_claim_book_free(&book);
  return status;
}
