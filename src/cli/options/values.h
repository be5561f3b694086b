/* SPDX-License-Identifier: GPL-3.0-or-later */
/* values.h - reading numbers, lists and grids from text.

   A list is 0.1,1,10. A grid is start:stop:count, evenly spaced, or start:stop:count:log, evenly spaced in the
   logarithm; both ends are hit exactly, and a count of 1 is accepted only where start equals stop. The elements
   of a list may be grids: 0,1e-4:10:20:log. */
#ifndef PLIM_CLI_VALUES_H
#define PLIM_CLI_VALUES_H

#include "../terminal/message.h"
#include "settings.h"

/* low <= x <= high, and x > low where `above_low`; +inf only where `infinity_allowed`. */
typedef struct {
  double low, high;
  bool above_low, below_high, infinity_allowed;
} plimi_range;

/* Each reads the whole of `text` into a fresh array (the caller frees what was there before) and returns true,
   or leaves the result alone, puts the reason into *why ("" if there is no more to say) and returns false. */
bool plimi_read_numbers(const char *text, const plimi_range *range, plimi_numbers *numbers,
                        plimi_message *why);

/* LOW:HIGH, two numbers in the range with LOW < HIGH. */
bool plimi_read_span(const char *text, const plimi_range *range, plimi_numbers *numbers);
/* Powers of 1/d: one to three numbers > 0 in ascending order, such as 1, 1/2 or 1/2,1. */
bool plimi_read_rates(const char *text, plimi_numbers *numbers, plimi_message *why);
/* Seconds, written 90, 90s, 1.5m or 2h, into one number. */
bool plimi_read_seconds(const char *text, const plimi_range *range, plimi_numbers *numbers);

/* Whole numbers up to 2^64 - 1; the points of a grid are rounded to the nearest. None may come twice. */
bool plimi_read_integers(const char *text, const plimi_range *range, plimi_integers *integers,
                         plimi_message *why);

/* One number, infinity among them, or one whole number: all of `text`, or false and nothing is written. */
bool plimi_read_number(const char *text, double *number);
bool plimi_read_whole(const char *text, uint64_t *whole);

/* Names of quantities with commas between, none twice, or all; the result's own array is replaced. */
bool plimi_read_quantities(const char *text, plimi_quantities *quantities, plimi_message *why);

/* Laws of the readout with commas between; a V@P after a comma goes on with the atoms before it. The result's own
   array is replaced. */
bool plimi_read_readouts(const char *text, plimi_readouts *readouts, plimi_message *why);

/* Laws of the inputs with commas between; ",whiten" and ",standardise" go on with the csv:FILE before them. The
   result's own array is replaced, and released by the next. What a law is called: as it was written. */
bool plimi_read_inputs(const char *text, plimi_inputs_list *list, plimi_message *why);
void plimi_inputs_release(plimi_inputs_list *list);
const char *plimi_inputs_called(const plimi_inputs *law);

/* K/N, 1 <= K <= N <= PLIMI_MOST_SHARDS. The result's own array is replaced, as by the next. */
enum { PLIMI_MOST_SHARDS = 4096 };
bool plimi_read_shard(const char *text, plimi_integers *shard);
/* Seconds as plimi_read_seconds has them, HH:MM:SS, or slurm, which is INFINITY. */
bool plimi_read_limit(const char *text, plimi_numbers *limit);

/* The next element of a list: up to the first comma outside parentheses and quotes, so that
   expr:max(z,0),relu has two elements. *rest moves past it and becomes NULL after the last. To be freed. */
char *plimi_next_element(const char **rest);

#endif
