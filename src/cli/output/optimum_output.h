/* SPDX-License-Identifier: GPL-3.0-or-later */
/* optimum_output.h - what plim optimize found, as a table, CSV or JSON. */
#ifndef PLIM_CLI_OPTIMUM_OUTPUT_H
#define PLIM_CLI_OPTIMUM_OUTPUT_H

#include "output.h"
#include "plim_optimum.h"

/* The best of one quantity of one problem. */
typedef struct {
  plim_quantity quantity;
  plim_problem problem; /* as asked, so that a variable that was searched stands at what it was */
  plim_status status;
  plim_optimum optimum; /* where PLIM_OK */
} plimi_found;

typedef struct {
  const plimi_output_request *request;
  plim_search search;
  plimi_found *found;
  size_t count;
} plimi_findings;

/* For plimi_output_request: `content` is plimi_findings. */
void plimi_optimum_write(const void *content, unsigned format, FILE *stream);

#endif
