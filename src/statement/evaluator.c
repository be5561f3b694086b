/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluator.c - an expression in z, and what is wrong with a text that is none. muParser is behind parser.h.

   Threads: an evaluator holds the variable and the compiled expression, so each belongs to one thread at a time, and
   different ones are independent. What all of muParser shares is only read, or made once under a lock: its locale,
   which is its own (whatever setlocale() says, "." is the decimal point and "," separates arguments), and its table of
   messages. Those are not used: what is wrong is said here, from the error's number and position and from the text
   itself. Its evaluation in bulk is left alone: Debian builds it with OpenMP, which would start threads inside the
   workers of a simulation for a gain of a third on one core. */
#include "evaluator.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "plim_activation.h"

enum { LONGEST_TOKEN = 40 }; /* of a message; a longer one is cut */

/* What muParser's error numbers (EErrorCodes of its muParserDef.h) say, and what stands at the position they come with.
   The numbers of wrong callbacks and wrong names of ours cannot occur. */
typedef enum { NO_PLACE, A_PLACE, A_TOKEN } error_place;

static const struct {
  int code;
  const char *text;
  error_place place;
} errors[] = {{PLIMI_SEVERAL_RESULTS,
               "a comma outside a function makes several results (the decimal point is .)", NO_PLACE},
              {0, "unexpected operator", A_TOKEN},
              {1, "unexpected token", A_TOKEN},
              {2, "the expression ends too early,", A_PLACE},
              {3, "unexpected comma", A_PLACE},
              {4, "unexpected argument", A_PLACE},
              {5, "unexpected value", A_TOKEN},
              {6, "unexpected variable", A_TOKEN},
              {7, "unexpected parenthesis", A_TOKEN},
              {8, "unexpected string", A_PLACE},
              {9, "a function wants a string", A_PLACE},
              {10, "a function wants a number, not a string,", A_PLACE},
              {11, "a parenthesis is missing", A_PLACE},
              {12, "unexpected function", A_TOKEN},
              {13, "a string without an end", A_PLACE},
              {14, "too many arguments of a function", A_PLACE},
              {15, "too few arguments of a function", A_PLACE},
              {16, "an operator between a number and a string", A_PLACE},
              {17, "the result is a string, not a number", NO_PLACE},
              {25, "the expression is empty", NO_PLACE},
              {32, "unexpected \"?\"", A_PLACE},
              {33, "\"?\" without its \":\"", NO_PLACE},
              {34, "misplaced \":\"", A_PLACE},
              {36, "a name is too long", NO_PLACE},
              {37, "the expression is too long", NO_PLACE},
              {38, "a character that cannot be printed", NO_PLACE}};

/* The characters of the token that begins `text`: a name or a numeral, or one character (of UTF-8). */
static size_t token_length(const char *text)
{
  size_t length = 0;
  while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '.')
    length++;
  if (length == 0 && text[0] != '\0')
    for (length = 1; ((unsigned char)text[length] & 0xC0) == 0x80;)
      length++;
  return length;
}

char *plimi_parse_message(const char *text, plimi_parse_error error)
{
  enum { ROOM = 160 }; /* the longest text, a token and a number */
  const int position = error.position;
  const char *said = "it cannot be read as an expression";
  error_place place = A_PLACE;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (errors[i].code == error.code) {
      said = errors[i].text;
      place = errors[i].place;
    }
  }
  char *line = malloc(ROOM);
  if (line == NULL)
    return NULL;
  const bool within = position >= 0 && (size_t)position < strlen(text);
  const size_t length = within ? token_length(text + position) : 0;
  const int shown = length < LONGEST_TOKEN ? (int)length : LONGEST_TOKEN;
  if (position < 0 || place == NO_PLACE)
    snprintf(line, ROOM, "%s", said);
  else if (place == A_TOKEN && within)
    snprintf(line, ROOM, "%s \"%.*s%s\" found at position %d", said, shown, text + position,
             length > LONGEST_TOKEN ? "..." : "", position);
  else
    snprintf(line, ROOM, "%s at position %d", said, position);
  for (char *c = line; *c != '\0'; c++)
    *c = iscntrl((unsigned char)*c) ? ' ' : *c;
  return line;
}

char *plimi_text_copy(const char *text)
{
  char *copy = malloc(strlen(text) + 1);
  return copy != NULL ? strcpy(copy, text) : NULL;
}

/* muParser has assignments ("z = 2"), which would change the variable under our feet. */
static bool has_assignment(const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (*c != '=')
      continue;
    if (c[1] == '=')
      c++;
    else if (c == text || strchr("<>!", c[-1]) == NULL)
      return true;
  }
  return false;
}

/* Is the text short enough for muParser and for everybody's patience? */
static bool is_short(const char *text, char **why)
{
  enum { ROOM = 160 };
  const size_t length = strlen(text);
  if (length <= PLIM_LONGEST_EXPRESSION)
    return true;
  if (why != NULL && (*why = malloc(ROOM)) != NULL)
    snprintf(*why, ROOM, "an expression of %zu characters is too long; at most %d are accepted", length,
             (int)PLIM_LONGEST_EXPRESSION);
  return false;
}

plim_status plimi_text_check(const char *text, char **why)
{
  if (!is_short(text, why))
    return PLIM_INVALID;
  if (!has_assignment(text))
    return PLIM_OK;
  if (why != NULL)
    *why = plimi_text_copy("an assignment is not allowed; compare with ==");
  return PLIM_INVALID;
}

plim_status plimi_evaluator_alloc(const char *text, plimi_evaluator **evaluator, char **why)
{
  plimi_parse_error error;
  plim_status status = plimi_text_check(text, why);
  if (status != PLIM_OK)
    return status;
  status = plimi_parse(text, evaluator, &error);
  if (status == PLIM_INVALID && why != NULL)
    *why = plimi_parse_message(text, error);
  return status;
}
