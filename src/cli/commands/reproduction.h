/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reproduction.h - a file that was made again, beside what its first provenance says. */
#ifndef PLIM_CLI_REPRODUCTION_H
#define PLIM_CLI_REPRODUCTION_H

#include <jansson.h>

/* Say on standard output whether the file at `made`, whose own provenance stands beside it, has the bytes that `first`,
   read from `path`, records; and if not, what else differs: version, libraries, BLAS, processor, options, and where the
   first file still stands as it was written, which lines. PLIM_EXIT_DONE, or PLIM_EXIT_DISAGREE. */
int plimi_reproduction_report(const char *path, const json_t *first, const char *made);

#endif
