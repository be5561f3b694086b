/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card.c - one claim or verdict: what is stated, the picture, the errors, the sentence for the paper. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

static void element(FILE *stream, const char *tag, const char *attributes, const char *text)
{
  if (text[0] == '\0')
    return;
  fprintf(stream, "<%s%s>", tag, attributes);
  plimi_html_text(stream, text);
  fprintf(stream, "</%s>\n", tag);
}

static void number_row(FILE *stream, const char *name, const char *before, double number, int digits)
{
  if (isnan(number))
    return;
  fprintf(stream, "<tr><th scope=\"row\">%s</th><td>", name);
  plimi_html_text(stream, before);
  plimi_html_number(stream, number, digits);
  fputs("</td></tr>", stream);
}

static void put_numbers(FILE *stream, const plimi_shown *shown)
{
  const bool plain = strcmp(shown->relation, "=") == 0 || shown->relation[0] == '\0';
  char relation[8];
  snprintf(relation, sizeof relation, "%.3s ", shown->relation);
  fputs("<table class=\"errors\"><caption>Numbers and their errors</caption><tbody>", stream);
  number_row(stream, "predicted", plain ? "" : relation, shown->predicted, 6);
  number_row(stream, "measured, d \xe2\x86\x92 \xe2\x88\x9e", "", shown->measured, 6);
  number_row(stream, "difference", "", shown->difference, 3);
  number_row(stream, "margin", "", shown->margin, 3);
  number_row(stream, "Monte-Carlo error", "", shown->monte_carlo, 2);
  number_row(stream, "numerical error", "", shown->numerical, 2);
  number_row(stream, "drift at the largest d", "", shown->drift, 2);
  number_row(stream, "neglected power, at most", "", shown->neglected, 2);
  number_row(stream, "lack of fit, p", "", shown->fit_p, 2);
  number_row(stream, "least margin that agrees", "", shown->agree_margin, 3);
  number_row(stream, "effect of the step", "", shown->effect, 3);
  fputs("</tbody></table>\n", stream);
}

static void put_finding(FILE *stream, const plimi_shown *shown, size_t entry, size_t number)
{
  char id[48];
  snprintf(id, sizeof id, "c%zu-%zu", entry + 1, number + 1);
  fputs("<section class=\"finding\"><h4>", stream);
  plimi_html_text(stream, shown->what);
  fputc(' ', stream);
  plimi_html_verdict(stream, shown->verdict);
  fputs("</h4>\n", stream);
  element(stream, "p", " class=\"point\"", shown->at);
  fputs("<div class=\"side\">", stream);
  plimi_html_ladder(stream, shown, id);
  put_numbers(stream, shown);
  plimi_html_detection(stream, shown, id);
  fputs("</div>\n", stream);
  if (shown->words[0] != '\0') {
    fputs("<blockquote><p>", stream);
    plimi_html_text(stream, shown->words);
    fputs("</p></blockquote>\n", stream);
  }
  fputs("</section>\n", stream);
}

static void put_statement(FILE *stream, const plimi_entry *entry)
{
  element(stream, "p", " class=\"title\"", entry->title);
  plimi_html_formulas(stream, entry);
  element(stream, "pre", " class=\"statement\"", entry->statement);
  plimi_html_tex(stream, entry);
}

void plimi_html_card(FILE *stream, const plimi_report *report, size_t number)
{
  const plimi_entry *entry = &report->entries[number];
  fprintf(stream, "<article class=\"card\" id=\"c%zu\"><h3>", number + 1);
  plimi_html_text(stream, entry->name);
  if (entry->at != NULL) {
    fputs(" <small>", stream);
    plimi_html_text(stream, entry->at);
    fputs("</small>", stream);
  }
  fputc(' ', stream);
  plimi_html_verdict(stream, entry->verdict);
  fputs("</h3>\n", stream);
  put_statement(stream, entry);
  fputs("<p class=\"source\">", stream);
  plimi_html_text(stream, entry->source);
  fputs(" \xc2\xb7 from ", stream);
  plimi_html_text(stream, report->files[entry->file].name);
  fputs("</p>\n", stream);
  if (entry->reason[0] != '\0') {
    if (entry->point != NULL)
      element(stream, "p", " class=\"point\"", entry->point);
    fputs("<p>No verdict: ", stream);
    plimi_html_text(stream, entry->reason);
    fputs(".</p>\n", stream);
  }
  if (entry->count > 0)
    put_finding(stream, &entry->findings[entry->decisive], number, entry->decisive);
  if (entry->count > 1)
    fprintf(stream, "<details class=\"more\"><summary>%zu further finding%s</summary>\n", entry->count - 1,
            entry->count > 2 ? "s" : "");
  for (size_t i = 0; i < entry->count; i++)
    if (i != entry->decisive)
      put_finding(stream, &entry->findings[i], number, i);
  if (entry->count > 1)
    fputs("</details>\n", stream);
  fputs("</article>\n", stream);
}
