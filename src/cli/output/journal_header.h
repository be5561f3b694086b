/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal_header.h - which configurations a journal serves, and on which machine it was written; for journal.c. */
#ifndef PLIM_CLI_JOURNAL_HEADER_H
#define PLIM_CLI_JOURNAL_HEADER_H

#include "json_values.h"
#include "output.h"

json_t *plimi_journal_header(const plimi_output_request *request);

/* The command of the request, as words: an array of texts, to be released. Not where its file stands, nor the options
   that say how much of it is done at a time and how fast. */
json_t *plimi_journal_again(const plimi_output_request *request);

/* Do samples of a journal that begins with `older` serve the request, whose header is `present`? All that shapes
   samples must have the same values, however they are written; --replicas may be larger, and --d and --quantity
   may have more. Where not, *why names the first difference, in parentheses. */
bool plimi_journal_compatible(const json_t *older, const json_t *present, const plimi_output_request *request,
                              plimi_message *why);

/* Were both written on the same kind of processor with the same BLAS? If not, *what names the differences. */
bool plimi_journal_same_machine(const json_t *older, const json_t *present, plimi_message *what);

#endif
