/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLIM_TEST_CLAIM_FINDINGS_H
#define PLIM_TEST_CLAIM_FINDINGS_H

#include <check.h>

TCase *claim_findings(void);

#endif
