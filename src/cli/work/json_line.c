/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_line.c - jansson says where JSON is ill-formed, but not where the members of what it has read stood. Of text
   that it has accepted the place is found here: values are passed over, nothing is read. */
#include "config.h"

#include <string.h>

#include "validity.h"

static const char *blanks(const char *p)
{
  return p + strspn(p, " \t\r\n");
}

/* Past the string that begins at p. */
static const char *past_string(const char *p)
{
  for (p++; *p != '"' && *p != '\0'; p++)
    if (*p == '\\')
      p++;
  return p + (*p == '"' ? 1 : 0);
}

static const char *past_value(const char *p)
{
  size_t depth = 0;
  do {
    if (*p == '"')
      p = past_string(p);
    else {
      depth += *p == '{' || *p == '[' ? 1 : 0;
      depth -= (*p == '}' || *p == ']') && depth > 0 ? 1 : 0;
      p++;
    }
  } while (*p != '\0' && (depth > 0 || strchr(",]} \t\r\n", *p) == NULL));
  return p;
}

/* The value of member `key` of the object at p, and where its name stands; NULL: there is none. */
static const char *member(const char *p, const char *key, const char **name)
{
  const size_t length = strlen(key);
  for (p = blanks(p + 1); *p == '"'; p = blanks(p + (*p == ',' ? 1 : 0))) {
    const char *begin = p, *end = past_string(p);
    const char *value = blanks(blanks(end) + 1);
    if ((size_t)(end - begin) == length + 2 && strncmp(begin + 1, key, length) == 0) {
      *name = begin;
      return value;
    }
    p = blanks(past_value(value));
  }
  return NULL;
}

static const char *element(const char *p, size_t index)
{
  p = blanks(p + 1);
  for (size_t i = 0; i < index && *p != ']' && *p != '\0'; i++) {
    p = blanks(past_value(p));
    p = blanks(p + (*p == ',' ? 1 : 0));
  }
  return p;
}

size_t plimi_json_line(const char *text, const char *list, size_t index, const char *key)
{
  const char *place = blanks(text), *name = place, *at = place;
  size_t line = 1;
  if (list != NULL && (at = member(place, list, &name)) != NULL)
    name = place = at = element(at, index);
  if (at != NULL && key != NULL && *at == '{' && member(at, key, &name) == NULL)
    name = at;
  for (const char *c = text; c < name; c++)
    line += *c == '\n' ? 1 : 0;
  return line;
}
