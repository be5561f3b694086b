/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map.h - the activation and its derivative applied to many numbers at vector speed. Private to sim/.

   The same functions as plim_activation_values and plim_activation_derivatives to a few units in the last place (the
   tests measure how many), faster by the width of the vector unit for the named activations. Expressions go to
   muParser, one evaluator a thread: see plim_activation_clone. */
#ifndef PLIM_SIM_MAP_H
#define PLIM_SIM_MAP_H

#include <stddef.h>

#include "plim_activation.h"

/* value[i] = sigma(z[i]), not centred, i < count; `z` may be `value` itself. Each value depends on its argument
   alone, not on its neighbours or its place. */
void plimi_map_values(const plim_activation *activation, size_t count, const double *z, double *value);

/* derivative[i] = sigma'(z[i]), the mean of the one-sided values at a kink. */
void plimi_map_derivatives(const plim_activation *activation, size_t count, const double *z,
                           double *derivative);

/* x[i] = exp(x[i]). */
void plimi_map_exp(size_t count, double *x);

#endif
