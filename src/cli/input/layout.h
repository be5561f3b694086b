/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.h - what the columns of a table of observations are, by their names. */
#ifndef PLIM_CLI_LAYOUT_H
#define PLIM_CLI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "../options/records.h"

/* X(enumerator, name of the column) */
#define PLIMI_ROLE_TABLE(X)                                                                                  \
  X(PLIMI_ROLE_D, "d")                                                                                       \
  X(PLIMI_ROLE_VALUE, "value")                                                                               \
  X(PLIMI_ROLE_MEAN, "mean")                                                                                 \
  X(PLIMI_ROLE_ERROR, "error")                                                                               \
  X(PLIMI_ROLE_REPLICAS, "replicas")                                                                         \
  X(PLIMI_ROLE_REPLICA, "replica")                                                                           \
  X(PLIMI_ROLE_PREDICTED, "predicted")                                                                       \
  X(PLIMI_ROLE_PREDICTED_ERROR, "predicted_error")                                                           \
  X(PLIMI_ROLE_N, "n")                                                                                       \
  X(PLIMI_ROLE_WIDTH, "width")                                                                               \
  X(PLIMI_ROLE_SOURCE, "source")                                                                             \
  X(PLIMI_ROLE_STATUS, "status")
#define PLIMI_ROLE_ENUM(code, name) code,
typedef enum {
  PLIMI_ROLE_TABLE(PLIMI_ROLE_ENUM) PLIMI_ROLE_KEY,
  PLIMI_ROLE_IGNORED,
  PLIMI_ROLE_COUNT
} plimi_role;
#undef PLIMI_ROLE_ENUM

#define PLIMI_NO_COLUMN ((size_t)-1)

typedef struct {
  const char *ignored;  /* names with commas between, or NULL */
  const char *joined;   /* the column that numbers the replicas, if there is one of that name */
  bool joined_is_asked; /* it must be there */
} plimi_layout_request;

typedef struct {
  size_t columns, line; /* of the header */
  char **names;
  plimi_role *roles;
  size_t at[PLIMI_ROLE_COUNT]; /* the column of each role, or PLIMI_NO_COLUMN */
  size_t *keys; /* the columns that are keys, then PLIMI_NO_COLUMN for each ratio that is made */
  const char **key_names;
  size_t key_count;
  size_t ratio_key[2]; /* which key is psi1, which psi2; PLIMI_NO_COLUMN: none */
  bool ratio_made[2];  /* of n and d, or of width and d, for the file has no column of that name */
  size_t value;        /* the column of what was measured */
  bool per_replica;    /* a row a replica; else a row a size */
  bool of_simulate;    /* rows as plim simulate writes them */
} plimi_layout;

/* From the header, the present record. PLIM_EXIT_DONE, or a message and an exit status. */
int plimi_layout_read(const plimi_records *records, const char *const *fields, size_t count,
                      const plimi_layout_request *request, plimi_layout *layout);
void plimi_layout_free(plimi_layout *layout);

bool plimi_layout_has(const plimi_layout *layout, plimi_role role);

#endif
