/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_words.c - in the order of the enumerations that they stand for. */
#include "config.h"

#include "option_words.h"

#include <stddef.h>

#include "plim_problem.h"
#include "plim_simulation.h"

#define WORD(code, name, meaning) name,
const char *const plimi_words_batches[] = {PLIM_BATCH_TABLE(WORD) NULL};
const char *const plimi_words_ridge_batches[] = {PLIM_RIDGE_BATCH_TABLE(WORD) NULL};
const char *const plimi_words_features[] = {PLIM_FEATURES_TABLE(WORD) NULL};
const char *const plimi_words_precisions[] = {PLIM_PRECISION_TABLE(WORD) NULL};
const char *const plimi_words_tex_formats[] = {"table", "csv", "json", "macros", NULL};
const char *const plimi_words_devices[] = {"cpu", "cuda", "auto", NULL};  /* PLIMI_DEVICE_CPU... */
const char *const plimi_words_formats[] = {"table", "csv", "json", NULL}; /* PLIMI_FORMAT_TABLE... */
const char *const plimi_words_searched[] = {"lambda", "eta", NULL};       /* PLIMI_OVER_LAMBDA... */
const char *const plimi_words_relations[] = {"=", "<=", ">=", NULL};      /* PLIMI_RELATION_EQUAL... */
const char *const plimi_words_bounds[] = {"lower", "upper", NULL};        /* PLIMI_BOUND_LOWER... */
const char *const plimi_words_tiers[] = {"quick", "full", NULL};          /* PLIMI_TIER_QUICK... */
const char *const plimi_words_notations[] = {"ba",   "mm",      "cui", "gcm",
                                             "mlhd", "sklearn", NULL};         /* plimi_notations */
const char *const plimi_words_pictures[] = {"svg", "pdf", "png", "tex", NULL}; /* PLIMI_PICTURE_TEX */
