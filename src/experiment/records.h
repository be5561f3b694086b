/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records.h - the journal of an experiment: a header that says of which experiment, seed and values, then a line for
   each replica with the bits of its values, each line with a checksum (journal/line.h). What a kill left of a last line
   is cut off; another spoilt line is passed over, and its replica drawn again. Private to src/experiment/. */
#ifndef PLIM_EXPERIMENT_RECORDS_H
#define PLIM_EXPERIMENT_RECORDS_H

#include "plim_experiment.h"

typedef struct plimi_records plimi_records;

/* Open the file, or create it, for this process alone. The reason is written on failure: PLIM_INVALID for a file that
   is of another experiment or no journal, which is left as it is; PLIM_FAILED where it cannot be read or written. */
plim_status plimi_records_open(const char *path, const plim_experiment *experiment, uint64_t seed,
                               plimi_records **records, plim_experiment_failure *failure) PLIM_MUST_CHECK;
void plimi_records_close(plimi_records *records); /* NULL is allowed */

typedef struct {
  size_t d, replica;
  double *values;
} plimi_record;

/* Those that were there when it was opened, by size and replica. */
const plimi_record *plimi_records_find(const plimi_records *records, size_t d, size_t replica); /* or NULL */
const plimi_record *plimi_records_first(const plimi_records *records);                          /* or NULL */
size_t plimi_records_spoilt(const plimi_records *records);

/* Add a replica; out of this process when it returns. False with errno. */
bool plimi_records_keep(plimi_records *records, size_t d, size_t replica, const double *values);

#endif
