/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.c - the page as a whole. Its policy lets a browser load nothing and run nothing but the script below, which is
   named by its hash: text from the data that slipped through the escapes would still not run. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "report_css.inc"
#include "report_js.inc"

static void put_lines(FILE *stream, const char *const *lines)
{
  for (size_t i = 0; lines[i] != NULL; i++)
    fputs(lines[i], stream);
}

static void put_head(FILE *stream)
{
  fprintf(stream,
          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; "
          "script-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"generator\" content=\"plim %s\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>plim report</title>\n<style>",
          report_css_hash, report_js_hash, PACKAGE_VERSION);
  put_lines(stream, report_css);
  fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#claims\">Skip to the claims</a>\n", stream);
}

static const char *const verdicts[] = {"AGREE", "DISAGREE", "UNDECIDED", "WITHHELD"};
enum { VERDICTS = sizeof verdicts / sizeof verdicts[0] };

/* One of the above: a verdict that plim does not know counts as withheld. */
static size_t kind_of(const plimi_entry *entry)
{
  for (size_t v = 0; v < VERDICTS; v++)
    if (strcmp(plimi_html_class(entry->verdict), plimi_html_class(verdicts[v])) == 0)
      return v;
  return VERDICTS - 1;
}

static void put_counts(FILE *stream, const plimi_report *report)
{
  size_t counts[VERDICTS] = {0};
  for (size_t i = 0; i < report->count; i++)
    counts[kind_of(&report->entries[i])]++;
  fprintf(stream, "<header><h1>plim report</h1>\n<p>%zu verdict%s from ", report->count,
          report->count > 1 ? "s" : "");
  for (size_t i = 0; i < report->file_count; i++) {
    fputs(i > 0 ? ", " : "", stream);
    plimi_html_text(stream, report->files[i].name);
  }
  fputs("</p>\n<ul class=\"counts\">", stream);
  for (size_t v = 0; v < VERDICTS; v++) {
    fprintf(stream, "<li><b>%zu</b> ", counts[v]);
    plimi_html_verdict(stream, verdicts[v]);
    fputs("</li>\n", stream);
  }
  fputs("</ul></header>\n", stream);
}

static void put_controls(FILE *stream)
{
  fputs("<form class=\"controls\" role=\"search\"><p><label>Contains <input type=\"search\" id=\"words\" "
        "autocomplete=\"off\"></label>\n<label>Verdict <select id=\"kind\"><option value=\"\">all</option>",
        stream);
  for (size_t v = 0; v < VERDICTS; v++)
    fprintf(stream, "<option value=\"%s\">%s</option>", plimi_html_class(verdicts[v]), verdicts[v]);
  fputs("</select></label>\n<output id=\"shown\" role=\"status\"></output></p></form>\n", stream);
}

static void put_number(FILE *stream, const char *relation, double number, int digits, const char *class)
{
  fprintf(stream, "<td class=\"%s\" data-v=\"", class);
  if (isfinite(number))
    fprintf(stream, "%.17g", number);
  fputs("\">", stream);
  if (relation[0] != '\0') {
    plimi_html_text(stream, relation);
    fputc(' ', stream);
  }
  plimi_html_number(stream, number, digits);
  fputs("</td>", stream);
}

static void put_row(FILE *stream, const plimi_report *report, size_t number)
{
  const plimi_entry *entry = &report->entries[number];
  static const plimi_shown nothing = {.predicted = NAN,
                                      .measured = NAN,
                                      .difference = NAN,
                                      .margin = NAN,
                                      .monte_carlo = NAN,
                                      .numerical = NAN,
                                      .drift = NAN};
  const plimi_shown *shown = entry->count > 0 ? &entry->findings[entry->decisive] : &nothing;
  fprintf(stream, "<tr data-card=\"c%zu\" data-kind=\"%s\"><th scope=\"row\"><a href=\"#c%zu\">", number + 1,
          plimi_html_class(verdicts[kind_of(entry)]), number + 1);
  plimi_html_text(stream, entry->name);
  fputs("</a>", stream);
  if (entry->at != NULL) {
    fputs(" <small>", stream);
    plimi_html_text(stream, entry->at);
    fputs("</small>", stream);
  }
  fprintf(stream, "</th><td data-v=\"%zu\">", kind_of(entry));
  plimi_html_verdict(stream, entry->verdict);
  fputs("</td>", stream);
  const char *relation = shown->relation != NULL && shown->relation[0] != '=' ? shown->relation : "";
  put_number(stream, relation, shown->predicted, 5, "n");
  put_number(stream, "", shown->measured, 5, "n");
  put_number(stream, "", shown->difference, 2, "n x");
  put_number(stream, "", shown->margin, 2, "n x");
  put_number(stream, "", shown->monte_carlo, 2, "n x");
  put_number(stream, "", shown->numerical, 1, "n x");
  put_number(stream, "", shown->drift, 2, "n x");
  fputs("<td class=\"x\">", stream);
  plimi_html_text(stream, entry->source);
  fputs("</td></tr>\n", stream);
}

static void put_table(FILE *stream, const plimi_report *report)
{
  static const struct {
    const char *title, *class;
  } columns[] = {{"claim", ""},         {"verdict", ""},   {"predicted", "n"},     {"measured", "n"},
                 {"difference", "n x"}, {"margin", "n x"}, {"Monte-Carlo", "n x"}, {"numerical", "n x"},
                 {"drift", "n x"},      {"source", "x"}};
  fputs("<section aria-labelledby=\"table\"><h2 id=\"table\">Verdicts</h2>\n", stream);
  put_controls(stream);
  fputs("<div class=\"wide\" role=\"region\" aria-label=\"Table of verdicts\" tabindex=\"0\">"
        "<table id=\"verdicts\"><caption>Numbers are those of the finding that decides the claim. "
        "Monte-Carlo, numerical "
        "and drift: standard error of the limit measured, error bound of the prediction, and how far the "
        "largest size "
        "still is from the limit.</caption>\n<thead><tr>",
        stream);
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
    fprintf(stream, "<th scope=\"col\" class=\"%s\"><button type=\"button\">%s</button></th>",
            columns[i].class, columns[i].title);
  fputs("</tr></thead>\n<tbody>\n", stream);
  for (size_t i = 0; i < report->count; i++)
    put_row(stream, report, i);
  fputs("</tbody></table></div></section>\n", stream);
}

static void put_legend(FILE *stream)
{
  fputs("<details class=\"legend\"><summary>How to read the pictures</summary><ul>\n"
        "<li>Circles: the value at each size as it was fitted, where the claim says so after what the theory "
        "says of the "
        "finite size is taken off. Bars: two standard errors. A hollow circle was left out of the fit.</li>\n"
        "<li>Solid line: the fit, which meets the left at the limit, a diamond; its bar is the confidence "
        "interval of the "
        "verdict.</li>\n"
        "<li>Dashed line: the prediction. Band: the margin; the limit agrees where the data show that it "
        "lies within. Of a "
        "bound the band has one edge.</li>\n"
        "<li>Sizes stand as d to the power declared, so that a drift of that power is a straight line.</li>\n"
        "</ul></details>\n",
        stream);
}

void plimi_report_write(const void *content, unsigned format, FILE *stream)
{
  const plimi_report *report = content;
  (void)format; /* there is one */
  put_head(stream);
  put_counts(stream, report);
  fputs("<main>\n", stream);
  put_table(stream, report);
  fputs("<section aria-labelledby=\"claims\"><h2 id=\"claims\">Claims</h2>\n", stream);
  put_legend(stream);
  for (size_t i = 0; i < report->count; i++)
    plimi_html_card(stream, report, i);
  fputs("</section>\n<section aria-labelledby=\"from\"><h2 id=\"from\">Where the numbers come from</h2>\n",
        stream);
  for (size_t i = 0; i < report->file_count; i++)
    plimi_html_provenance(stream, report, &report->files[i]);
  fprintf(stream, "</section>\n</main>\n<footer><p>Made by plim %s.</p></footer>\n<script>", PACKAGE_VERSION);
  put_lines(stream, report_js);
  fputs("</script>\n</body>\n</html>\n", stream);
}
