/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_values.h - JSON without gaps. What jansson cannot make it answers with NULL, which json_object_set_new() and
   json_array_append_new() then leave out unseen: a member less, an element less. For want of memory: our allocator has
   some, or ends the program. For text that is no UTF-8 and numbers that are not finite, which JSON cannot hold: these
   are made here alone, and become null. */
#ifndef PLIM_CLI_JSON_VALUES_H
#define PLIM_CLI_JSON_VALUES_H

#include <jansson.h>

/* To be called before anything else is asked of jansson. */
void plimi_json_set_allocator(void);

json_t *plimi_json_text(const char *text); /* null where it is no UTF-8, or NULL */
json_t *plimi_json_number(double number);  /* null where it is not finite */

/* The JSON in the file at `path`, read with jansson's `flags`; NULL where it cannot be opened or holds none.
   json_load_file() also where the stream finds no memory. */
json_t *plimi_json_load(const char *path, size_t flags);

#endif
