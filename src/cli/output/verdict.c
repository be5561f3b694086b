/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdict.c - the word for a verdict, the same in tables, CSV and JSON. */
#include "config.h"

#include "output.h"

const char *plimi_verdict_text(const plimi_judged *judged)
{
  return judged->judged ? plim_verdict_name(judged->judgement.verdict) : "WITHHELD";
}
