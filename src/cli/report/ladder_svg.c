/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ladder_svg.c - sizes, fit, limit, margin and prediction as a picture. Across stands d^-rate, so that a drift of the
   declared power is a straight line and the limit lies at the left; colours are the style sheet's. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

enum { WIDTH = 440, HEIGHT = 230, LEFT = 70, RIGHT = 428, TOP = 12, BOTTOM = 188, INSET = 16, CURVE = 32 };

static const double bar_width = 2.0;  /* standard errors */
static const double least_gap = 30.0; /* between two labels of sizes */

typedef struct {
  FILE *stream;
  const plimi_shown *shown;
  double rate, widest; /* of the abscissa; 0: there are no sizes */
  double low, high;    /* of the ordinate */
} plot;

static double across(const plot *p, double d)
{
  const double part = p->widest > 0.0 && isfinite(d) ? pow(d, -p->rate) / p->widest : 0.0;
  return LEFT + INSET + part * (RIGHT - LEFT - 2 * INSET);
}

static double upward(const plot *p, double value)
{
  const double part = (value - p->low) / (p->high - p->low);
  return BOTTOM - fmax(0.0, fmin(1.0, part)) * (BOTTOM - TOP);
}

static void include(plot *p, double value)
{
  if (!isfinite(value))
    return;
  p->low = fmin(p->low, value);
  p->high = fmax(p->high, value);
}

static bool has_margin(const plimi_shown *shown)
{
  return isfinite(shown->margin) && isfinite(shown->predicted);
}

static double fitted_at(const plimi_shown *shown, double d)
{
  double value = shown->measured;
  for (size_t t = 0; t < shown->drift_count; t++)
    value += shown->drifts[t].coefficient * pow(d, -shown->drifts[t].rate);
  return value;
}

/* False where there is nothing that could be drawn. */
static bool choose_axes(plot *p)
{
  const plimi_shown *shown = p->shown;
  p->low = INFINITY;
  p->high = -INFINITY;
  p->rate = shown->drift_count > 0 ? shown->drifts[0].rate : 1.0;
  if (!isfinite(shown->measured))
    return false;
  include(p, shown->measured);
  include(p, shown->ci_low);
  include(p, shown->ci_high);
  include(p, shown->predicted);
  if (has_margin(shown) && strcmp(shown->relation, "<=") != 0)
    include(p, shown->predicted - shown->margin);
  if (has_margin(shown) && strcmp(shown->relation, ">=") != 0)
    include(p, shown->predicted + shown->margin);
  for (size_t k = 0; k < shown->rung_count; k++) {
    const plimi_shown_rung *rung = &shown->rungs[k];
    p->widest = fmax(p->widest, pow(rung->d, -p->rate));
    include(p, rung->value - bar_width * rung->error);
    include(p, rung->value + bar_width * rung->error);
  }
  double room = 0.06 * (p->high - p->low);
  if (!(room > 0.0)) /* one number, and no error */
    room = fmax(fabs(p->high), 1.0) * 0.05;
  p->low -= room;
  p->high += room;
  return isfinite(p->high - p->low);
}

static void line(const plot *p, const char *class, double x1, double y1, double x2, double y2)
{
  fprintf(p->stream, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", class, x1, y1, x2, y2);
}

static void draw_axes(const plot *p)
{
  const double rough = (p->high - p->low) / 4.0, power = pow(10.0, floor(log10(rough)));
  const double step = rough / power > 5.0 ? 10.0 * power : rough / power > 2.0 ? 5.0 * power : 2.0 * power;
  for (double k = ceil(p->low / step); k * step <= p->high; k += 1.0) {
    const double y = upward(p, k * step);
    line(p, "grid", LEFT, y, RIGHT, y);
    fprintf(p->stream, "<text class=\"y\" x=\"%d\" y=\"%.1f\">", LEFT - 6, y + 4.0);
    plimi_html_number(p->stream, k * step + 0.0, 6); /* no minus before 0 */
    fputs("</text>", p->stream);
  }
  line(p, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
  fprintf(p->stream, "<text x=\"%.1f\" y=\"%d\">\xe2\x88\x9e</text>", across(p, INFINITY), BOTTOM + 16);
  double last = across(p, INFINITY);
  for (size_t k = p->shown->rung_count; k-- > 0;) {
    const double x = across(p, p->shown->rungs[k].d);
    line(p, "axis", x, BOTTOM, x, BOTTOM + 4.0);
    if (fabs(x - last) < least_gap)
      continue;
    fprintf(p->stream, "<text x=\"%.1f\" y=\"%d\">%.6g</text>", x, BOTTOM + 16, p->shown->rungs[k].d);
    last = x;
  }
  if (p->shown->rung_count > 0)
    fprintf(p->stream, "<text x=\"%d\" y=\"%d\">size d, spaced as d^\xe2\x88\x92%.3g</text>",
            (LEFT + RIGHT) / 2, BOTTOM + 34, p->rate);
  else
    fprintf(p->stream, "<text x=\"%d\" y=\"%d\">the limit, put together of several fits</text>",
            (LEFT + RIGHT) / 2, BOTTOM + 34);
}

static void draw_prediction(const plot *p)
{
  const plimi_shown *shown = p->shown;
  if (!isfinite(shown->predicted))
    return;
  if (has_margin(shown)) {
    const double top = strcmp(shown->relation, ">=") == 0 ? TOP : upward(p, shown->predicted + shown->margin);
    const double bottom =
        strcmp(shown->relation, "<=") == 0 ? BOTTOM : upward(p, shown->predicted - shown->margin);
    fprintf(p->stream, "<rect class=\"band\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>", LEFT, top,
            RIGHT - LEFT, fmax(bottom - top, 0.5));
  }
  const double y = upward(p, shown->predicted);
  line(p, "predicted", LEFT, y, RIGHT, y);
}

static void draw_fit(const plot *p)
{
  const double smallest = p->widest > 0.0 ? pow(p->widest, -1.0 / p->rate) : INFINITY;
  if (p->shown->drift_count == 0 || p->shown->rung_count == 0)
    return;
  fputs("<path class=\"fit\" d=\"", p->stream);
  for (int i = 0; i <= CURVE; i++) {
    const double part = (double)i / CURVE, d = i > 0 ? smallest * pow(part, -1.0 / p->rate) : INFINITY;
    fprintf(p->stream, "%c%.1f %.1f", i > 0 ? 'L' : 'M', across(p, d), upward(p, fitted_at(p->shown, d)));
  }
  fputs("\"/>", p->stream);
}

static void draw_bar(const plot *p, const char *class, double x, double low, double high)
{
  fprintf(p->stream, "<path class=\"%s\" d=\"M%.1f %.1fV%.1fM%.1f %.1fh6M%.1f %.1fh6\"/>", class, x,
          upward(p, low), upward(p, high), x - 3.0, upward(p, low), x - 3.0, upward(p, high));
}

static void draw_numbers(const plot *p)
{
  const plimi_shown *shown = p->shown;
  for (size_t k = 0; k < shown->rung_count; k++) {
    const plimi_shown_rung *rung = &shown->rungs[k];
    const double x = across(p, rung->d), half = bar_width * rung->error;
    draw_bar(p, "bar", x, rung->value - half, rung->value + half);
    fprintf(p->stream, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
            rung->fitted ? "rung" : "left-out", x, upward(p, rung->value));
  }
  const double x = across(p, INFINITY), y = upward(p, shown->measured);
  if (isfinite(shown->ci_low) && isfinite(shown->ci_high))
    draw_bar(p, "limit-bar", x, shown->ci_low, shown->ci_high);
  fprintf(p->stream, "<path class=\"limit\" d=\"M%.1f %.1fl6 6l-6 6l-6 -6z\"/>", x, y - 6.0);
}

static void describe(const plot *p)
{
  const plimi_shown *shown = p->shown;
  for (size_t k = 0; k < shown->rung_count; k++) {
    fprintf(p->stream, "%sd = %.6g: ", k > 0 ? ", " : "", shown->rungs[k].d);
    plimi_html_number(p->stream, shown->rungs[k].value, 5);
    fprintf(p->stream, " \xc2\xb1 %.2g%s", shown->rungs[k].error,
            shown->rungs[k].fitted ? "" : " (not fitted)");
  }
  fprintf(p->stream, "%slimit ", shown->rung_count > 0 ? "; " : "");
  plimi_html_number(p->stream, shown->measured, 5);
  if (isfinite(shown->ci_low) && isfinite(shown->ci_high)) {
    fputs(", interval ", p->stream);
    plimi_html_number(p->stream, shown->ci_low, 5);
    fputs(" to ", p->stream);
    plimi_html_number(p->stream, shown->ci_high, 5);
  }
  fputs("; predicted ", p->stream);
  plimi_html_text(p->stream, strcmp(shown->relation, "=") != 0 ? shown->relation : "");
  fputc(' ', p->stream);
  plimi_html_number(p->stream, shown->predicted, 5);
  if (has_margin(shown))
    fprintf(p->stream, ", margin %.2g", shown->margin);
  fputc('.', p->stream);
}

void plimi_html_ladder(FILE *stream, const plimi_shown *shown, const char *id)
{
  plot p = {.stream = stream, .shown = shown};
  if (!choose_axes(&p))
    return;
  fprintf(stream,
          "<figure><svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"%s-t "
          "%s-d\">"
          "<title id=\"%s-t\">",
          WIDTH, HEIGHT, WIDTH, HEIGHT, id, id, id);
  plimi_html_text(stream, shown->what);
  fprintf(stream, " against the size</title><desc id=\"%s-d\">", id);
  describe(&p);
  fputs("</desc>\n", stream);
  draw_prediction(&p);
  draw_axes(&p);
  draw_fit(&p);
  draw_numbers(&p);
  fputs("</svg></figure>\n", stream);
}
