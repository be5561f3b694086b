/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reconcile.h - what options say of each other. */
#ifndef PLIM_CLI_RECONCILE_H
#define PLIM_CLI_RECONCILE_H

#include <stdbool.h>

#include "../terminal/message.h"
#include "settings.h"

/* Can a problem have these values together? If not, *why says what to change. To be asked of settings that are whole,
   wherever they come from. */
bool plimi_settings_agree(const plimi_settings *settings, plimi_message *why);

#endif
