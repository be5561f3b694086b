/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_words.h - what options take that have a choice of words; each list ends in NULL. */
#ifndef PLIM_CLI_OPTION_WORDS_H
#define PLIM_CLI_OPTION_WORDS_H

extern const char *const plimi_words_batches[];
extern const char *const plimi_words_ridge_batches[];
extern const char *const plimi_words_features[];
extern const char *const plimi_words_precisions[];
extern const char *const plimi_words_tex_formats[];
extern const char *const plimi_words_devices[];
extern const char *const plimi_words_formats[];
extern const char *const plimi_words_searched[];
extern const char *const plimi_words_relations[];
extern const char *const plimi_words_bounds[];
extern const char *const plimi_words_tiers[];
extern const char *const plimi_words_notations[];
extern const char *const plimi_words_pictures[];

#endif
