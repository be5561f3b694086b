/* SPDX-License-Identifier: GPL-3.0-or-later */
/* provenance.h - what stands in a file's provenance, for those who read one. */
#ifndef PLIM_CLI_PROVENANCE_H
#define PLIM_CLI_PROVENANCE_H

#include "json_values.h"

enum { PLIMI_PROVENANCE_SCHEMA = 1 };

/* {"bytes", "crc32"} of what the file at `path` holds: CRC-32 as 8 hexadecimal digits. It shows what a disk or an
   editor did to a file, not what somebody did who wants it unseen. Null where the file cannot be read. */
json_t *plimi_provenance_content(const char *path);

#endif
