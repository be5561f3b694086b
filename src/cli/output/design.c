/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "design.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zlib.h>

#include "../terminal/message.h"

void plimi_design_fix(plimi_design *design, char *text)
{
  struct tm parts;
  const time_t now = time(NULL);
  gmtime_r(&now, &parts);
  design->text = text;
  snprintf(design->crc32, sizeof design->crc32, "%08lx",
           crc32_z(0, (const unsigned char *)text, strlen(text)) & 0xffffffffUL);
  strftime(design->fixed, sizeof design->fixed, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void plimi_design_free(plimi_design *design)
{
  free(design->text);
  design->text = NULL;
}

json_t *plimi_design_object(const plimi_design *design)
{
  if (design == NULL)
    return json_null();
  json_t *object = json_object(), *lines = json_array();
  for (const char *line = design->text; *line != '\0';) {
    const size_t length = strcspn(line, "\n");
    char *copy = plimi_unless_no_memory(strndup(line, length));
    json_array_append_new(lines, plimi_json_text(copy));
    free(copy);
    line += length + (line[length] == '\n' ? 1 : 0);
  }
  json_object_set_new(object, "crc32", plimi_json_text(design->crc32));
  json_object_set_new(object, "lines", lines);
  return object;
}

json_t *plimi_design_sum(const plimi_design *design)
{
  if (design == NULL)
    return json_null();
  json_t *object = json_object();
  json_object_set_new(object, "crc32", plimi_json_text(design->crc32));
  json_object_set_new(object, "fixed", plimi_json_text(design->fixed));
  return object;
}
