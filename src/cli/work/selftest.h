/* SPDX-License-Identifier: GPL-3.0-or-later */
/* selftest.h - do the parts of plim that compute work on this machine? A second for each at most. */
#ifndef PLIM_CLI_SELFTEST_H
#define PLIM_CLI_SELFTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "../terminal/message.h"

/* Each: does it work? *found says what there is, or what is wrong. */
bool plimi_selftest_blas(plimi_message *found);
bool plimi_selftest_stream(plimi_message *found);
bool plimi_selftest_theory(plimi_message *found);
/* On that many threads and on one: the same bits, and near the limit. */
bool plimi_selftest_simulation(size_t threads, plimi_message *found);
bool plimi_selftest_memory(plimi_message *found);
/* A graphics processor; *there tells whether one was found. */
bool plimi_selftest_device(bool *there, plimi_message *found);

#endif
