/* SPDX-License-Identifier: GPL-3.0-or-later */
/* detection.c - what error of a prediction would have passed: the chance of AGREE, with data as good as these, were the
   number predicted multiplied by 1 + x (derived here; bench/detection.c does it for whole claims).

   AGREE needs |limit - predicted| + c < margin, c = what the errors take of it: t standard errors at the level that
   was left for this finding, and the bounds. Of the data, agree_margin = |difference| + c says what c was. The limit
   measured is taken for normal about the truth with its standard error se, and the truth for the right prediction, so
   that the wrong one is off by e = x |predicted|:
     chance = Phi((h - e)/se) - Phi((-h - e)/se), h = margin - c, and 0 where h <= 0.
   Of a bound the truth is taken for what was measured, a distance g on the right side of it, and x goes where it hurts:
     chance = Phi((g + h - e)/se). */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "report.h"

enum { WIDTH = 300, HEIGHT = 170, LEFT = 50, RIGHT = 288, TOP = 12, BOTTOM = 128, CURVE = 40 };

static const double stated[] = {0.01, 0.02, 0.05, 0.1};
enum { STATED = sizeof stated / sizeof stated[0] };

typedef struct {
  double size, error; /* of the prediction; the standard error */
  double half, good;  /* h and g */
  bool is_bound;
} detection;

static bool detection_of(const plimi_shown *shown, detection *made)
{
  const bool at_least = strcmp(shown->relation, ">=") == 0, at_most = strcmp(shown->relation, "<=") == 0;
  const double side = at_least ? 1.0 : -1.0;
  *made = (detection){.size = fabs(shown->predicted),
                      .error = shown->monte_carlo,
                      .is_bound = at_least || at_most,
                      .good = side * shown->difference};
  const double short_of = made->is_bound ? -made->good : fabs(shown->difference);
  double taken = shown->agree_margin - short_of;
  if (made->is_bound &&
      !(shown->agree_margin > 0.0)) /* cut off at 0: from the interval, at the whole level */
    taken = 0.5 * (shown->ci_high - shown->ci_low) + shown->numerical;
  made->half = shown->margin - taken;
  return (made->is_bound || strcmp(shown->relation, "=") == 0) && made->size > 0.0 && made->error > 0.0 &&
         isfinite(made->size) && isfinite(made->error) && isfinite(made->half) && isfinite(made->good);
}

static double chance(const detection *d, double x)
{
  const double off = x * d->size;
  if (d->is_bound)
    return gsl_cdf_ugaussian_P((d->good + d->half - off) / d->error);
  if (!(d->half > 0.0))
    return 0.0;
  return gsl_cdf_ugaussian_P((d->half - off) / d->error) - gsl_cdf_ugaussian_P((-d->half - off) / d->error);
}

/* As far as the curve is of interest: 10 %, or where it has come down. */
static double widest_of(const detection *d)
{
  const double gone = (fmax(0.0, d->half + (d->is_bound ? d->good : 0.0)) + 3.0 * d->error) / d->size;
  return fmin(fmax(gone, 0.02), 1.0);
}

static void put_axes(FILE *stream, double widest)
{
  const double steps[] = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
  double step = 0.5;
  for (size_t i = sizeof steps / sizeof steps[0]; i-- > 0;)
    step = widest / steps[i] <= 5.0 ? steps[i] : step;
  for (int k = 0; k <= 2; k++) {
    const int y = BOTTOM - k * (BOTTOM - TOP) / 2;
    fprintf(stream,
            "<path class=\"grid\" d=\"M%d %dH%d\"/><text class=\"y\" x=\"%d\" y=\"%d\">%d\xc2\xa0%%</text>",
            LEFT, y, RIGHT, LEFT - 4, y + 4, 50 * k);
  }
  for (int k = 0; k * step <= widest * (1.0 + 1e-9); k++)
    fprintf(stream, "<text x=\"%.0f\" y=\"%d\">%.3g</text>", LEFT + k * step / widest * (RIGHT - LEFT),
            BOTTOM + 15, 100.0 * k * step);
  fprintf(stream, "<text x=\"%d\" y=\"%d\">error in the prediction, %%</text>", (LEFT + RIGHT) / 2,
          BOTTOM + 33);
}

static void put_percent(FILE *stream, double part)
{
  if (part > 0.0 && part < 0.005)
    fputs("below 0.5\xc2\xa0%", stream);
  else
    fprintf(stream, "%.0f\xc2\xa0%%", 100.0 * part);
}

static void put_chances(FILE *stream, const detection *d)
{
  for (size_t i = 0; i < STATED; i++) {
    fprintf(stream, "%s%.0f\xc2\xa0%%: ", i > 0 ? ", " : "", 100.0 * stated[i]);
    put_percent(stream, chance(d, stated[i]));
  }
}

void plimi_html_detection(FILE *stream, const plimi_shown *shown, const char *id)
{
  detection d;
  if (!detection_of(shown, &d))
    return;
  const double widest = widest_of(&d);
  fprintf(stream,
          "<figure class=\"detection\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
          "aria-labelledby=\"%s-w %s-c\"><title id=\"%s-w\">",
          WIDTH, HEIGHT, WIDTH, HEIGHT, id, id, id);
  plimi_html_text(stream, shown->what);
  fprintf(
      stream,
      ": would a wrong prediction have passed?</title><desc id=\"%s-c\">Chance of AGREE, by the error: ", id);
  put_chances(stream, &d);
  fputs(".</desc>\n", stream);
  put_axes(stream, widest);
  fputs("<path class=\"fit\" d=\"", stream);
  for (int i = 0; i <= CURVE; i++) {
    const double part = (double)i / CURVE;
    fprintf(stream, "%c%.0f %.1f", i > 0 ? 'L' : 'M', LEFT + part * (RIGHT - LEFT),
            BOTTOM - chance(&d, part * widest) * (BOTTOM - TOP));
  }
  fputs("\"/></svg><figcaption>Chance that a prediction off by so much passes as AGREE. ", stream);
  put_chances(stream, &d);
  fputs(".</figcaption></figure>\n", stream);
}
