/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statements.c - what the claims of plim state, as MathML. The table is made of statements.tex. */
#include "config.h"

#include <string.h>

#include "plim_claim.h"
#include "report.h"

static const struct {
  const char *claim, *tex, *markup; /* tex "": the markup goes on from the row before */
} formulas[] = {
#include "statements.inc"
};
enum { FORMULAS = sizeof formulas / sizeof formulas[0] };

/* The table is of this version's claims: somebody's own claim, or one that stated something else, is not in it. */
static bool is_known(const plimi_entry *entry)
{
  size_t number;
  return entry->tex[0] == '\0' && plim_claim_find(entry->name, &number) == PLIM_OK &&
         strcmp(plim_claim_describe(number)->statement, entry->statement) == 0;
}

size_t plimi_html_formulas(FILE *stream, const plimi_entry *entry)
{
  size_t count = 0;
  for (size_t i = 0; i < FORMULAS && is_known(entry); i++) {
    if (strcmp(formulas[i].claim, entry->name) != 0)
      continue;
    if (formulas[i].tex[0] != '\0')
      fprintf(stream, "%s<p>",
              count++ > 0
                  ? "</p>\n"
                  : "<div class=\"formulas wide\" tabindex=\"0\" role=\"group\" aria-label=\"formulas\">");
    fputs(formulas[i].markup, stream);
  }
  if (count > 0)
    fputs("</p></div>\n", stream);
  return count;
}

void plimi_html_tex(FILE *stream, const plimi_entry *entry)
{
  bool begun = entry->tex[0] != '\0';
  if (begun) {
    fputs("<details><summary>In TeX</summary><pre class=\"statement\">", stream);
    plimi_html_text(stream, entry->tex);
  }
  for (size_t i = 0; i < FORMULAS && is_known(entry); i++) {
    if (strcmp(formulas[i].claim, entry->name) != 0 || formulas[i].tex[0] == '\0')
      continue;
    fputs(begun ? "\n" : "<details><summary>In TeX</summary><pre class=\"statement\">", stream);
    begun = true;
    plimi_html_text(stream, formulas[i].tex);
  }
  if (begun)
    fputs("</pre></details>\n", stream);
}
