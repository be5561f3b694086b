/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design_text.h - the design of what a command draws and judges, for plimi_design_fix. */
#ifndef PLIM_CLI_DESIGN_TEXT_H
#define PLIM_CLI_DESIGN_TEXT_H

#include "../output/verified.h"
#include "work.h"

/* Of plim compare, from a campaign that has begun; of plim verify, from the claims chosen. To be given to
   plimi_design_fix, or freed. `seconds`: the budget of plim verify. */
char *plimi_design_of_campaign(const plimi_campaign *campaign);
char *plimi_design_of_claims(const plimi_verified *verified, const plim_claim_settings *asked,
                             double seconds);

#endif
