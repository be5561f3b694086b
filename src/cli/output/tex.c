/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/message.h"

/* Made of figures/labels.gp, where gnuplot's spelling stands beside each. */
static const struct {
  const char *name, *tex;
} labels[] = {
#include "labels.inc"
};

const char *plimi_tex_label(const char *name)
{
  for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
    if (strcmp(name, labels[i].name) == 0)
      return labels[i].tex;
  return NULL;
}

void plimi_tex_text(FILE *stream, const char *text)
{
  static const struct {
    char character;
    const char *tex;
  } escapes[] = {{'\\', "\\textbackslash{}"}, {'^', "\\textasciicircum{}"}, {'~', "\\textasciitilde{}"},
                 {'<', "\\textless{}"},       {'>', "\\textgreater{}"},     {'|', "\\textbar{}"},
                 {'"', "\\textquotedbl{}"}};
  while (*text != '\0') {
    const size_t length = plimi_utf8_length(text);
    const char *escape = NULL;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
      escape = *text == escapes[i].character ? escapes[i].tex : escape;
    if (escape != NULL && *text == '"')
      fputs("''", stream); /* \textquotedbl is not in every encoding of fonts */
    else if (escape != NULL)
      fputs(escape, stream);
    else if (strchr("#$%&_{}", *text) != NULL)
      fprintf(stream, "\\%c", *text);
    else if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7f)
      fputc('?', stream);
    else
      fwrite(text, 1, length, stream);
    text += length > 0 ? length : 1;
  }
}

void plimi_tex_comment(FILE *stream, const char *text)
{
  while (*text != '\0') {
    const size_t length = plimi_utf8_length(text);
    /* ^^M is the end of a line to TeX, in a comment too */
    if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7f || strncmp(text, "^^", 2) == 0)
      fputc('?', stream);
    else
      fwrite(text, 1, length, stream);
    text += length > 0 ? length : 1;
  }
}

void plimi_tex_number(FILE *stream, double value, double error, int digits)
{
  char text[64];
  const double size = value != 0.0 ? fabs(value) : error > 0.0 ? error : 1.0;
  const int power = (int)floor(log10(size));
  const int shift = power < -3 || power > 5 ? power : 0; /* what goes into the factor */
  const double scale = pow(10.0, -shift), scaled = value * scale;
  if (error > 0.0 && isfinite(error)) {
    double two = error * scale;
    int places = 1 - (int)floor(log10(two)); /* of two digits of the error */
    if (round(two * pow(10.0, places)) >= 100.0)
      places--;
    places = places > 0 ? places : 0;
    snprintf(text, sizeof text, "%.*f(%.0f)", places, scaled, round(two * pow(10.0, places)));
  } else {
    snprintf(text, sizeof text, "%.*g", digits, scaled);
  }
  fputs(text, stream);
  if (shift != 0)
    fprintf(stream, "\\times 10^{%d}", shift);
}
