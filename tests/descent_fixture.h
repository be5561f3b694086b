/* SPDX-License-Identifier: GPL-3.0-or-later */
/* descent_fixture.h - a descent and what was seen of it, for the tests of plim_descent.h. */
#ifndef PLIM_TEST_DESCENT_FIXTURE_H
#define PLIM_TEST_DESCENT_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_descent.h"

enum { MOST_STATES = 400 }; /* states kept */

typedef struct {
  plim_activation *activation, *teacher;
  plim_descent descent;
  plim_descent_settings settings;
  size_t observed, stop_at; /* stop_at: observe refuses there */
  bool cancel;
  double loss[MOST_STATES], moved[MOST_STATES], in_plane[MOST_STATES];
  double *along[2], *across[2], *zeta; /* of the first two states; N each */
} descent_fixture;

/* Fails the test if it cannot. */
descent_fixture *descent_fixture_new(const char *activation, const char *teacher, plim_size size);
void descent_fixture_free(descent_fixture *f);

/* plim_descend, with its states kept in `f`. */
plim_status descend(descent_fixture *f, plim_descent_end *end);

#endif
