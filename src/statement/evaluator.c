/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluator.c - an expression in z compiled by muParser.

   Threads: a muParser handle holds the variable and the compiled expression, so each belongs to one thread at
   a time, and different handles are independent. Two things of muParser are shared by all handles: its locale,
   which is its own (whatever setlocale() says, "." is the decimal point and "," separates arguments), and a buffer of
   2048 characters into which mupGetErrorMsg and mupGetErrorToken print without looking at the length: a long name
   overflows it, and two threads garble it. They are never called: what is wrong is said here, from the error's number
   and position and from the text itself. mupEvalBulk is left alone: Debian builds it with OpenMP, which would start
   threads inside the workers of a simulation for a gain of a third on one core.

   muParser does not print: without an error handler it only sets the flag that mupError reads and clears.

   Some of muParser's own functions and constants are worse than double arithmetic: builds of it have pi to 13 digits,
   asinh and atanh lose all digits near 0, log2 and rint the last. Those have the C library's here. */
#include "evaluator.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muParserDLL.h>

#include "plim_activation.h"

struct plimi_evaluator {
  muParserHandle_t parser;
  double z; /* the variable muParser reads */
};

double plimi_evaluate(void *evaluator, double z)
{
  plimi_evaluator *e = evaluator;
  e->z = z;
  return mupEval(e->parser);
}

enum { LONGEST_TOKEN = 40 }; /* of a message; a longer one is cut */

/* What muParser's error numbers (EErrorCodes of its muParserDef.h) say, and what stands at the position they come with.
   The numbers of wrong callbacks and wrong names of ours cannot occur. */
typedef enum { NO_PLACE, A_PLACE, A_TOKEN } error_place;

static const struct {
  int code;
  const char *text;
  error_place place;
} errors[] = {{0, "unexpected operator", A_TOKEN},
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

/* The message of an error, one line, to be freed; NULL without memory. */
static char *message_of(const char *text, int code, int position)
{
  enum { ROOM = 160 }; /* the longest text, a token and a number */
  const char *said = "it cannot be read as an expression";
  error_place place = A_PLACE;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    if (errors[i].code == code) {
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

static void define_names(plimi_evaluator *e)
{
  const double pi = 3.14159265358979323846, euler = 2.71828182845904523536;
  const struct {
    const char *name;
    double (*function)(double);
  } functions[] = {{"erf", erf},     {"asinh", asinh}, {"acosh", acosh},
                   {"atanh", atanh}, {"log2", log2},   {"rint", rint}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    mupDefineFun1(e->parser, functions[i].name, functions[i].function, 1);
  mupDefineConst(e->parser, "pi", pi);
  mupDefineConst(e->parser, "_pi", pi);
  mupDefineConst(e->parser, "_e", euler);
  mupDefineVar(e->parser, "z", &e->z);
}

/* Compile the expression and evaluate it once. */
static plim_status compile(plimi_evaluator *e, const char *text, char **why)
{
  int results = 0;
  char *wrong;
  if (has_assignment(text)) {
    wrong = why != NULL ? plimi_text_copy("an assignment is not allowed; compare with ==") : NULL;
  } else {
    define_names(e);
    mupSetExpr(e->parser, text);
    bool failed = mupError(e->parser); /* reading the flag clears it */
    if (!failed) {
      mupEvalMulti(e->parser, &results);
      failed = mupError(e->parser);
    }
    if (!failed && results == 1)
      return PLIM_OK;
    if (why == NULL)
      wrong = NULL;
    else if (failed)
      wrong = message_of(text, mupGetErrorCode(e->parser), mupGetErrorPos(e->parser));
    else
      wrong = plimi_text_copy("a comma outside a function makes several results (the decimal point is .)");
  }
  if (why != NULL)
    *why = wrong;
  return PLIM_INVALID;
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

plim_status plimi_evaluator_alloc(const char *text, plimi_evaluator **evaluator, char **why)
{
  plim_status status = PLIM_NO_MEMORY;
  if (!is_short(text, why))
    return PLIM_INVALID;
  plimi_evaluator *made = calloc(1, sizeof *made);
  if (made == NULL)
    return PLIM_NO_MEMORY;
  made->parser = mupCreate(muBASETYPE_FLOAT);
  if (made->parser != NULL)
    status = compile(made, text, why);
  if (status == PLIM_OK)
    *evaluator = made;
  else
    plimi_evaluator_free(made);
  return status;
}

void plimi_evaluator_free(plimi_evaluator *evaluator)
{
  if (evaluator == NULL)
    return;
  if (evaluator->parser != NULL)
    mupRelease(evaluator->parser);
  free(evaluator);
}
