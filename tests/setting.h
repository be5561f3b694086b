/* SPDX-License-Identifier: GPL-3.0-or-later */
/* setting.h - a simulation of everything that can be measured, for the tests of plim_simulate. */
#ifndef PLIM_TEST_SETTING_H
#define PLIM_TEST_SETTING_H

#include "plim_simulation.h"

enum { MOST = PLIM_QUANTITY_COUNT };

typedef struct {
  plim_activation *activation, *teacher;
  plim_problem problem;
  plim_simulation simulation;
  plim_quantity quantities[MOST];
  double lambda[2];
  plim_measurement measurement;
} setting;

/* Everything that can be measured after two steps, at sizes that cross a tile in one place. */
void open_setting(setting *s, const char *activation);
void close_setting(setting *s);

size_t row_of(const setting *s);    /* samples a replica */
double *simulate(const setting *s); /* replicas x row_of, to be freed; fails the test if it cannot */

#endif
