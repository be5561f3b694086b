/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html.c - text and numbers that cannot become markup. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../terminal/message.h"
#include "report.h"

/* The code of a character of two or three bytes; 0 of any other. */
static unsigned code_of(const char *text, size_t length)
{
  const unsigned char *c = (const unsigned char *)text;
  if (length == 2)
    return (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
  return length == 3 ? (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu) : 0;
}

/* Does it turn the direction of what follows, or move where nobody sees it? */
static bool is_unseen(unsigned code)
{
  return (code >= 0x80 && code < 0xa0) || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

void plimi_html_text(FILE *stream, const char *text)
{
  static const struct {
    char character;
    const char *entity;
  } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  while (*text != '\0') {
    const size_t length = plimi_utf8_length(text);
    const unsigned char byte = (unsigned char)*text;
    const char *entity = NULL;
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
      entity = *text == entities[i].character ? entities[i].entity : entity;
    if (entity != NULL)
      fputs(entity, stream);
    else if (length == 0 || (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
      fprintf(stream, "\\x%02x", byte);
    else if (is_unseen(code_of(text, length)))
      fprintf(stream, "\\u%04x", code_of(text, length));
    else
      fwrite(text, 1, length, stream);
    text += length > 0 ? length : 1;
  }
}

void plimi_html_number(FILE *stream, double number, int digits)
{
  char text[40];
  if (isnan(number))
    return;
  snprintf(text, sizeof text, "%.*g", digits, fabs(number));
  fprintf(stream, "%s%s", signbit(number) ? "\xe2\x88\x92" : "", text);
}

const char *plimi_html_class(const char *verdict)
{
  static const char *const classes[][2] = {{"AGREE", "agree"},
                                           {"DISAGREE", "disagree"},
                                           {"UNDECIDED", "undecided"},
                                           {"WITHHELD", "withheld"},
                                           {"reported", "reported"}};
  for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
    if (strcmp(verdict, classes[i][0]) == 0)
      return classes[i][1];
  return "withheld";
}

void plimi_html_verdict(FILE *stream, const char *verdict)
{
  static const struct {
    const char *class, *sign;
  } signs[] = {
      {"agree", "\xe2\x9c\x93"}, {"disagree", "\xe2\x9c\x97"}, {"undecided", "?"}, {"reported", "\xc2\xb7"}};
  const char *class = plimi_html_class(verdict), *sign = "\xe2\x80\x93";
  for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
    sign = strcmp(class, signs[i].class) == 0 ? signs[i].sign : sign;
  fprintf(stream, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> ", class, sign);
  plimi_html_text(stream, verdict);
  fputs("</span>", stream);
}
