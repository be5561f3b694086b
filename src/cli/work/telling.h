/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telling.h - what --verbose says of the work. Nothing is said without it. */
#ifndef PLIM_CLI_TELLING_H
#define PLIM_CLI_TELLING_H

#include "work.h"

/* What computes: threads, the BLAS and the processor that its kernels are made for. */
void plimi_tell_machine(const plimi_settings *settings);

/* That many replicas of a run were drawn, in so many seconds of the clock. */
void plimi_tell_run(const plimi_settings *settings, const plim_size *size, size_t replicas, double seconds);

#endif
