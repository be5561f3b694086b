/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.h - the one table of options. It drives the command line, the configuration reader, --help, the
   messages that say what is accepted, the provenance file and the fingerprint of a journal. */
#ifndef PLIM_CLI_OPTIONS_H
#define PLIM_CLI_OPTIONS_H

#include "../terminal/message.h"
#include "settings.h"
#include "values.h"

typedef enum {
  PLIMI_LIST = 1u << 0,
  PLIMI_CITE = 1u << 1,
  PLIMI_THEORY = 1u << 2,
  PLIMI_SIMULATE = 1u << 3,
  PLIMI_COMPARE = 1u << 4,
  PLIMI_FIGURES = 1u << 5,
  PLIMI_VERIFY = 1u << 6,
  PLIMI_OPTIMIZE = 1u << 7,
  PLIMI_SPECTRUM = 1u << 8,
  PLIMI_DESCENT = 1u << 9,
  PLIMI_HELP = 1u << 10,
  PLIMI_VERSION = 1u << 11,
  PLIMI_POWER = 1u << 12,
  PLIMI_JUDGE = 1u << 13,
  PLIMI_MERGE = 1u << 14,
  PLIMI_STATUS_OF = 1u << 15,
  PLIMI_REPORT = 1u << 16,
  PLIMI_CONVERT = 1u << 17,
  PLIMI_DIFF = 1u << 18,
  PLIMI_VALIDATE = 1u << 19,
  PLIMI_RERUN = 1u << 20,
  PLIMI_DOCTOR = 1u << 21,
  PLIMI_COMPLETION = 1u << 22
} plimi_command;

enum {
  PLIMI_EVERY_COMMAND = 0x7fffffff,              /* those to come too */
  PLIMI_JUDGED = PLIMI_COMPARE | PLIMI_POWER,    /* commands that know of margins and ladders of sizes */
  PLIMI_DRAWING = PLIMI_SIMULATE | PLIMI_JUDGED, /* commands that estimate quantities */
  /* commands that answer with rows of quantities */
  PLIMI_ROWS = PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_JUDGED | PLIMI_OPTIMIZE,
  PLIMI_STATED = PLIMI_ROWS | PLIMI_SPECTRUM | PLIMI_JUDGE | PLIMI_CONVERT, /* that take the whole problem */
  PLIMI_DRAWS_INPUTS = PLIMI_DRAWING | PLIMI_SPECTRUM | PLIMI_DESCENT,
  PLIMI_POSED = PLIMI_STATED | PLIMI_DESCENT, /* and a part of it */
  /* commands that compute for long enough to say how far they are */
  PLIMI_WORKING = PLIMI_ROWS | PLIMI_SPECTRUM | PLIMI_DESCENT | PLIMI_VERIFY | PLIMI_FIGURES | PLIMI_RERUN,
  /* commands whose replicas are kept, and can be drawn by several processes */
  PLIMI_KEPT = PLIMI_SIMULATE | PLIMI_COMPARE | PLIMI_VERIFY | PLIMI_SPECTRUM | PLIMI_DESCENT
};

/* How the text after an option is read, and what it is read into. */
typedef enum {
  PLIMI_TAKES_NOTHING,     /* bool */
  PLIMI_TAKES_NUMBERS,     /* plimi_numbers */
  PLIMI_TAKES_NUMBER,      /* plimi_numbers with one value */
  PLIMI_TAKES_SPAN,        /* plimi_numbers with two values, the first the lesser */
  PLIMI_TAKES_SECONDS,     /* plimi_numbers with one value; written 90, 90s, 10m or 2h */
  PLIMI_TAKES_INTEGERS,    /* plimi_integers */
  PLIMI_TAKES_INTEGER,     /* plimi_integers with one value */
  PLIMI_TAKES_WORDS,       /* plimi_choices from `words` */
  PLIMI_TAKES_WORD,        /* plimi_choices with one value */
  PLIMI_TAKES_ACTIVATIONS, /* plimi_activations */
  PLIMI_TAKES_READOUTS,    /* plimi_readouts */
  PLIMI_TAKES_INPUTS,      /* plimi_inputs_list */
  PLIMI_TAKES_QUANTITIES,  /* plimi_quantities */
  PLIMI_TAKES_RATES,       /* plimi_numbers; up to PLIM_MOST_TERMS, ascending, 1/2 allowed */
  PLIMI_TAKES_SHARD,       /* plimi_integers with two values, K of N; written K/N */
  PLIMI_TAKES_LIMIT,       /* plimi_numbers with one value: seconds, or INFINITY for slurm */
  PLIMI_TAKES_TEXT,        /* char *, anything but nothing */
  PLIMI_TAKES_PATH         /* char * */
} plimi_kind;

typedef enum {
  PLIMI_GROUP_PROBLEM,
  PLIMI_GROUP_DESCENT,
  PLIMI_GROUP_SEARCH,
  PLIMI_GROUP_SIZE,
  PLIMI_GROUP_NOTATION,
  PLIMI_GROUP_TABLE,
  PLIMI_GROUP_STATEMENT,
  PLIMI_GROUP_VERDICT,
  PLIMI_GROUP_OUTPUT,
  PLIMI_GROUP_GENERAL,
  PLIMI_GROUP_COUNT
} plimi_group;

/* What --resume asks of an option that shapes the result: which values may a journal have been begun with? */
typedef enum {
  PLIMI_RESUMED_SAME,      /* the same */
  PLIMI_RESUMED_WITH_MORE, /* some of the present ones */
  PLIMI_RESUMED_HIGHER,    /* none above the largest of the present ones */
  PLIMI_RESUMED_ANY        /* any: samples do not depend on it */
} plimi_resumption;

typedef struct {
  const char *name;
  const char *alias_of; /* the option this is another name of, or NULL */
  char letter;          /* short form, or 0 */
  plimi_kind kind;
  plimi_group group;
  unsigned commands; /* bits of plimi_command */
  size_t target;     /* offset in plimi_settings */
  plimi_range range; /* for numbers */
  const char *range_words;
  const char *const *words;  /* for words, ending in NULL */
  const char *argument;      /* what --help calls the value */
  const char *initial;       /* the default, read like a value; NULL: none */
  const char *initial_words; /* what --help says of the default where `initial` is NULL */
  const char *help;
  bool shapes_result; /* do the numbers depend on it? */
  plimi_resumption resumed;
} plimi_option;

extern const plimi_option plimi_options[];
extern const size_t plimi_option_count;

/* The option called `name` (dashes; underscores too if `underscores`) that one of `commands` takes, or NULL. */
const plimi_option *plimi_option_find(const char *name, unsigned commands, bool underscores);

/* The name nearest to a mistyped one among the options of `commands`, or NULL. */
const char *plimi_option_nearest(const char *name, unsigned commands);

/* "a number > 0, a list 0.1,1,10 or a grid start:stop:count[:log]" */
void plimi_option_accepted(const plimi_option *option, plimi_message *accepted);

/* Read `text` into the option's target. On refusal the settings stay as they were and *why holds
   "'-2' is not accepted; give ...". */
bool plimi_option_set(plimi_settings *settings, const plimi_option *option, const char *text,
                      plimi_message *why);

/* Every option of `commands` at its default. */
void plimi_settings_default(plimi_settings *settings, unsigned commands);
void plimi_settings_free(plimi_settings *settings);

/* The text of an option's present value, or NULL where it has none. */
const char *plimi_option_text(const plimi_settings *settings, const plimi_option *option);

#endif
