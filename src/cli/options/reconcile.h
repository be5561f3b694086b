/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reconcile.h - what options say of each other. */
#ifndef PLIM_CLI_RECONCILE_H
#define PLIM_CLI_RECONCILE_H

#include "settings.h"

/* --overlap and --extra imply --ridge-batch same. Values that no problem can have together are refused: PLIM_EXIT_USAGE
   with a message; or PLIM_EXIT_DONE. */
int plimi_settings_reconcile(plimi_settings *settings);

#endif
