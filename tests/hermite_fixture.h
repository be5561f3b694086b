/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hermite_fixture.h - expectations over N(0,1) on Gauss-Hermite nodes. */
#ifndef PLIM_TEST_HERMITE_FIXTURE_H
#define PLIM_TEST_HERMITE_FIXTURE_H

enum { NODES = 48 };
typedef struct {
  double x[NODES], weight[NODES]; /* of N(0,1) */
} hermite_rule;

hermite_rule hermite_rule_made(void);

#endif
