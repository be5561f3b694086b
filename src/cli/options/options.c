/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c - the table itself. */
#include "config.h"

#include "options.h"

#include <float.h>
#include <stddef.h>

#include "option_words.h"
#include "plim_theory.h"

#define POSITIVE .range = {.low = 0.0, .high = DBL_MAX, .above_low = true}, .range_words = "a number > 0"
#define NON_NEGATIVE .range = {.low = 0.0, .high = DBL_MAX}, .range_words = "a number >= 0"
#define COUNT(least, most, text) .range = {.low = (least), .high = (most)}, .range_words = text
#define INTO(field) .target = offsetof(plimi_settings, field)
#define ALIAS(other) .alias_of = other

#define PROBLEM(what)                                                                                        \
  .kind = what, .group = PLIMI_GROUP_PROBLEM, .commands = PLIMI_STATED, .shapes_result = true
#define SHARED(what)                                                                                         \
  .kind = what, .group = PLIMI_GROUP_PROBLEM, .commands = PLIMI_POSED, .shapes_result = true
#define DESCENT(what)                                                                                        \
  .kind = what, .group = PLIMI_GROUP_DESCENT, .commands = PLIMI_DESCENT, .shapes_result = true
#define QUANTITY(what)                                                                                       \
  .kind = what, .group = PLIMI_GROUP_PROBLEM, .commands = PLIMI_ROWS, .shapes_result = true
#define SEARCH(what)                                                                                         \
  .kind = what, .group = PLIMI_GROUP_SEARCH, .commands = PLIMI_OPTIMIZE, .shapes_result = true
#define SPAN                                                                                                 \
  .range = {.low = 0.0, .high = DBL_MAX, .infinity_allowed = true},                                          \
  .range_words = "two numbers from 0 to inf, the first the lesser"
#define SIZE(what, who) .kind = what, .group = PLIMI_GROUP_SIZE, .commands = who, .shapes_result = true
#define VERDICT(what) .kind = what, .group = PLIMI_GROUP_VERDICT, .commands = PLIMI_JUDGED | PLIMI_JUDGE
#define TABLE(what) .kind = what, .group = PLIMI_GROUP_TABLE, .commands = PLIMI_JUDGE, .shapes_result = true
#define STATEMENT(what)                                                                                      \
  .kind = what, .group = PLIMI_GROUP_STATEMENT, .commands = PLIMI_JUDGE, .shapes_result = true
#define NOTATION(what)                                                                                       \
  .kind = what, .group = PLIMI_GROUP_NOTATION, .commands = PLIMI_CONVERT, .shapes_result = true
#define OUTPUT(what, who) .kind = what, .group = PLIMI_GROUP_OUTPUT, .commands = who
#define GENERAL(what, who) .kind = what, .group = PLIMI_GROUP_GENERAL, .commands = who

const plimi_option plimi_options[] = {
    {"quantity", .letter = 'q', QUANTITY(PLIMI_TAKES_QUANTITIES), INTO(quantities), .argument = "NAME,...",
     .resumed = PLIMI_RESUMED_WITH_MORE,
     .initial_words = "theory: every limit the problem has; simulate: risk0, risk1, train0, train1, delta; "
                      "compare and power: risk0, risk1, train0, train1; optimize: risk1",
     .help = "what to compute: names from `plim list quantities`, or all"},
    {"psi1", SHARED(PLIMI_TAKES_NUMBERS), INTO(psi1), POSITIVE, .argument = "X", .initial = "2",
     .help = "samples per input dimension, n/d (psi2 in Mei & Montanari, who use the two names the other way "
             "round)"},
    {"n-over-d", ALIAS("psi1"), SHARED(PLIMI_TAKES_NUMBERS), INTO(psi1), POSITIVE, .argument = "X",
     .help = "the same as --psi1, without the ambiguity"},
    {"psi2", SHARED(PLIMI_TAKES_NUMBERS), INTO(psi2), POSITIVE, .argument = "X", .initial = "1.5",
     .help = "neurons per input dimension, N/d (psi1 in Mei & Montanari, who use the two names the other way "
             "round)"},
    {"width-over-d", ALIAS("psi2"), SHARED(PLIMI_TAKES_NUMBERS), INTO(psi2), POSITIVE, .argument = "X",
     .help = "the same as --psi2, without the ambiguity"},
    {"lambda", .kind = PLIMI_TAKES_NUMBERS, .group = PLIMI_GROUP_PROBLEM,
     .commands = PLIMI_ROWS | PLIMI_JUDGE | PLIMI_CONVERT, .shapes_result = true, INTO(lambda), NON_NEGATIVE,
     .argument = "X", .initial = "0.1",
     .help = "ridge penalty (lambda/N)|a|^2 beside the mean square error; 0 is the ridgeless limit"},
    {"eta", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(eta), NON_NEGATIVE, .argument = "X", .initial = "1",
     .help = "step size, W1 = W0 + eta sqrt(N) G0; times N^exponent with --eta-exponent"},
    {"eta-exponent", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(eta_exponent), .range = {.low = 0.0, .high = 0.5},
     .range_words = "a number from 0 to 0.5", .argument = "X", .initial = "0",
     .help = "the step size is eta N^X"},
    {"activation", PROBLEM(PLIMI_TAKES_ACTIVATIONS), INTO(activation), .argument = "NAME", .initial = "tanh",
     .help = "the network's sigma: a name from `plim list activations` or expr:EXPRESSION in z"},
    {"teacher", PROBLEM(PLIMI_TAKES_ACTIVATIONS), INTO(teacher), .argument = "NAME", .initial = "tanh",
     .help = "the labels' sigma*, y = sigma*(<x, beta*>) + noise; named like --activation"},
    {"noise", SHARED(PLIMI_TAKES_NUMBERS), INTO(noise), NON_NEGATIVE, .argument = "X", .initial = "0.1",
     .help = "standard deviation of the label noise (not its variance)"},
    {"readout", SHARED(PLIMI_TAKES_READOUTS), INTO(readout), .argument = "NAME", .initial = "gaussian",
     .range_words = "gaussian, rademacher, constant, or atoms:V@P,V@P,... (V with chance P, E V^2 = 1)",
     .help = "law of the second layer's entries times sqrt(N)"},
    {"steps", PROBLEM(PLIMI_TAKES_INTEGERS), INTO(steps),
     COUNT(1, 1000000, "a whole number from 1 to 1000000"), .argument = "K", .initial = "1",
     .help = "gradient steps, each of the size above"},
    {"batch", PROBLEM(PLIMI_TAKES_WORDS), INTO(batch), .words = plimi_words_batches, .argument = "NAME",
     .initial = "same", .help = "data of the second and later steps: the first batch, or n new pairs each"},
    {"eta-second", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(eta_second), NON_NEGATIVE, .argument = "X",
     .initial_words = "that of the first",
     .help = "size of the second step where --steps is 2, in the units of --eta"},
    {"eta-second-exponent", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(eta_second_exponent),
     .range = {.low = 0.0, .high = 0.5}, .range_words = "a number from 0 to 0.5", .argument = "X",
     .initial_words = "that of the first", .help = "the power of N in it, as --eta-exponent"},
    {"ridge-batch", PROBLEM(PLIMI_TAKES_WORDS), INTO(ridge_batch), .words = plimi_words_ridge_batches,
     .argument = "NAME", .initial_words = "fresh; same where --overlap or --extra is given",
     .help = "data of the ridge regression: n new pairs, or the pairs of the gradient's batch again"},
    {"overlap", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(overlap), .range = {.low = 0.0, .high = 1.0},
     .range_words = "a number from 0 to 1", .argument = "PHI",
     .initial_words = "1 where the ridge batch is the same",
     .help = "share of the ridge regression's n pairs that were in the gradient's batch"},
    {"extra", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(extra), NON_NEGATIVE, .argument = "PSI",
     .initial_words = "0 where the ridge batch is the same",
     .help = "further pairs of the gradient's batch, which the ridge regression does not see, per input "
             "dimension"},
    {"step-psi1", PROBLEM(PLIMI_TAKES_NUMBERS), INTO(step_psi1), POSITIVE, .argument = "X",
     .initial_words = "psi1",
     .help = "pairs of the gradient's batch per input dimension where the ridge batch is fresh"},
    {"inputs", .kind = PLIMI_TAKES_INPUTS, .group = PLIMI_GROUP_PROBLEM, .commands = PLIMI_DRAWS_INPUTS,
     .shapes_result = true, INTO(inputs), .argument = "LAW", .initial = "gaussian",
     .range_words = "gaussian, rademacher, uniform, student:DF, student-joint:DF (DF > 4), sphere, ar1:RHO "
                    "or csv:FILE[,whiten]",
     .help = "law of the inputs, mean 0 and variance 1 each; limits are those of gaussian. The risk of "
             "another is measured on --test-points, max(1000, 2 max(n, d, N)) unless given"},
    {"d", .kind = PLIMI_TAKES_NUMBERS, .group = PLIMI_GROUP_PROBLEM,
     .commands = PLIMI_THEORY | PLIMI_OPTIMIZE, .shapes_result = true, INTO(dimension),
     .range = {.low = 1.0, .high = DBL_MAX, .infinity_allowed = true}, .range_words = "a number >= 1, or inf",
     .argument = "X", .initial = "inf",
     .help = "input dimension, for what depends on it: risk, train, srf_risk, srf_train, any_*, stair*, and "
             "a step size that grows with N"},

    {"tol", .kind = PLIMI_TAKES_NUMBER, .group = PLIMI_GROUP_PROBLEM,
     .commands = PLIMI_THEORY | PLIMI_JUDGED | PLIMI_OPTIMIZE | PLIMI_JUDGE, .shapes_result = true,
     .resumed = PLIMI_RESUMED_ANY, INTO(tolerance),
     .range = {.low = PLIM_FINEST_TOLERANCE, .high = PLIM_COARSEST_TOLERANCE},
     .range_words = "a number from 1e-11 to 1e-2", .argument = "X", .initial = "1e-7",
     .help = "relative error to which risk, train, srf_risk, srf_train, any_* and stair* are refined; where "
             "it cannot be met they are not_converged, and the message names the X that would do; other "
             "limits have 1e-11 or better"},

    {"eta", DESCENT(PLIMI_TAKES_NUMBERS), INTO(eta), POSITIVE, .argument = "X", .initial = "1",
     .help = "step size, W <- W - eta/(N s^2) dL/dW, s = 1/N or N^-1/2: the same for f in both scalings"},
    {"activation", DESCENT(PLIMI_TAKES_ACTIVATIONS), INTO(activation), .argument = "NAME", .initial = "relu",
     .help = "the network's sigma: a name from `plim list activations` or expr:EXPRESSION in z"},
    {"teacher", DESCENT(PLIMI_TAKES_ACTIVATIONS), INTO(teacher), .argument = "NAME", .initial = "relu",
     .help = "the labels' sigma*, y = sigma*(<x, b_1>) + sigma*(<x, b_2>) + noise; named like --activation"},
    {"angle", DESCENT(PLIMI_TAKES_NUMBER), INTO(angle),
     .range = {.low = 0.0, .high = 180.0, .above_low = true, .below_high = true},
     .range_words = "a number > 0 and < 180", .argument = "X", .initial = "120",
     .help = "between the teacher's two neurons, in degrees"},
    {"loss", DESCENT(PLIMI_TAKES_NUMBER), INTO(loss), POSITIVE, .argument = "X", .initial = "1e-3",
     .help = "descend until the loss (1/2n) |y - f|^2 is below X"},
    {"most-steps", DESCENT(PLIMI_TAKES_INTEGER), INTO(most_steps),
     COUNT(1, 1000000, "a whole number from 1 to 1000000"), .argument = "K", .initial = "1000",
     .help = "steps after which a loss that is still above has not converged"},
    {"paths", DESCENT(PLIMI_TAKES_INTEGER), INTO(paths),
     COUNT(0, 2147483647, "a whole number from 0 to 2147483647"), .argument = "K", .initial = "100",
     .help = "neurons, the first of them, whose paths stand in the CSV"},

    {"over", SEARCH(PLIMI_TAKES_WORDS), INTO(over), .words = plimi_words_searched, .argument = "NAME,...",
     .initial = "lambda", .help = "what to choose best: lambda, eta, or lambda,eta for both"},
    {"search-lambda", SEARCH(PLIMI_TAKES_SPAN), INTO(search_lambda), SPAN, .argument = "LOW:HIGH",
     .initial = "0:inf",
     .help = "the penalties to choose from; an end of 0 or inf is no end: where nothing is proved, the range "
             "sampled grows while the best is at its end"},
    {"search-eta", SEARCH(PLIMI_TAKES_SPAN), INTO(search_eta), SPAN, .argument = "LOW:HIGH",
     .initial = "0:inf", .help = "the step sizes to choose from, in the units of --eta; likewise"},

    {"d", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_SIMULATE | PLIMI_SPECTRUM), INTO(d),
     .resumed = PLIMI_RESUMED_WITH_MORE, COUNT(1, 2147483647, "a whole number from 1 to 2147483647"),
     .argument = "D", .initial = "256", .help = "input dimension; n = round(psi1 d), N = round(psi2 d)"},
    {"d", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_DESCENT), INTO(d), .resumed = PLIMI_RESUMED_WITH_MORE,
     COUNT(2, 2147483647, "a whole number from 2 to 2147483647"), .argument = "D", .initial = "128",
     .help = "input dimension; n = round(psi1 d), N = round(psi2 d)"},
    {"d", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_JUDGED), INTO(d), .resumed = PLIMI_RESUMED_WITH_MORE,
     COUNT(1, 2147483647, "a whole number from 1 to 2147483647"), .argument = "D,...",
     .initial = "32,64,128,256",
     .help =
         "ladder of input dimensions; three or more give a verdict; n = round(psi1 d), N = round(psi2 d)"},
    {"replicas", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_SIMULATE | PLIMI_SPECTRUM), INTO(replicas),
     .resumed = PLIMI_RESUMED_HIGHER, COUNT(1, 1000000000, "a whole number from 1 to 1000000000"),
     .argument = "K", .initial = "20", .help = "independent repetitions, everything drawn anew in each"},
    {"replicas", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_COMPARE), INTO(replicas), .resumed = PLIMI_RESUMED_HIGHER,
     COUNT(2, 1000000000, "a whole number from 2 to 1000000000"), .argument = "K",
     .initial_words = "as many as the verdicts take; 400 with fewer than three sizes",
     .help = "a fixed design: K independent repetitions at each size, everything drawn anew in each, judged "
             "once"},
    {"replicas", SIZE(PLIMI_TAKES_INTEGER, PLIMI_VERIFY), INTO(replicas), .resumed = PLIMI_RESUMED_ANY,
     COUNT(10, 1000000000, "a whole number from 10 to 1000000000"), .argument = "K",
     .initial_words = "as many as it takes",
     .help = "a fixed design: K independent repetitions at every size of every claim, judged once"},
    {"seed", SIZE(PLIMI_TAKES_INTEGERS, PLIMI_DRAWING | PLIMI_SPECTRUM | PLIMI_DESCENT), INTO(seed),
     COUNT(0, 18446744073709551615.0, "a whole number from 0 to 18446744073709551615"), .argument = "K",
     .initial = "1", .help = "of the random streams; the same seed gives the same bits for any --threads"},
    {"seed", SIZE(PLIMI_TAKES_INTEGER, PLIMI_VERIFY), INTO(seed),
     COUNT(0, 18446744073709551615.0, "a whole number from 0 to 18446744073709551615"), .argument = "K",
     .initial = "1", .help = "of the random streams; every claim makes its own from it"},
    {"threads", .letter = 'j', .kind = PLIMI_TAKES_INTEGER, .group = PLIMI_GROUP_SIZE,
     .commands = PLIMI_DRAWING | PLIMI_SPECTRUM | PLIMI_DESCENT | PLIMI_FIGURES | PLIMI_VERIFY | PLIMI_DOCTOR,
     INTO(threads), COUNT(1, 4096, "a whole number from 1 to 4096"), .argument = "K",
     .initial_words = "the processors available", .help = "threads to use; never changes a result"},
    {"device", .kind = PLIMI_TAKES_WORD, .group = PLIMI_GROUP_SIZE,
     .commands = PLIMI_SIMULATE | PLIMI_COMPARE | PLIMI_VERIFY, INTO(device), .words = plimi_words_devices,
     .argument = "NAME", .initial = "cpu",
     .help = "where large products and reductions are computed: the processor, a graphics processor by CUDA "
             "(samples agree to 1e-9), or that where there is one"},
    {"features", SIZE(PLIMI_TAKES_WORD, PLIMI_DRAWING | PLIMI_SPECTRUM), INTO(features),
     .words = plimi_words_features, .argument = "NAME", .initial = "network",
     .help = "the real features sigma(W'x), or their Gaussian equivalent mu1 W'x + mu2 z"},
    {"precision", SIZE(PLIMI_TAKES_WORD, PLIMI_SIMULATE), INTO(precision), .words = plimi_words_precisions,
     .argument = "NAME", .initial = "double",
     .help = "of the products of inputs and weights; single is faster, solutions are refined to double, and "
             "how far off "
             "it all is is measured and said; not with --device cuda"},
    {"test-points", SIZE(PLIMI_TAKES_INTEGER, PLIMI_DRAWING), INTO(test_points),
     COUNT(0, 2147483647, "a whole number from 0 to 2147483647"), .argument = "K", .initial = "0",
     .help = "fresh test points per replica for the risk; 0: the exact expectation wherever there is one"},
    {"bins", SIZE(PLIMI_TAKES_INTEGER, PLIMI_SPECTRUM), INTO(bins), .resumed = PLIMI_RESUMED_ANY,
     COUNT(1, 100000, "a whole number from 1 to 100000"), .argument = "K", .initial = "40",
     .help = "bins of the histogram, equal parts of the limiting bulk"},

    {"from", NOTATION(PLIMI_TAKES_WORD), INTO(from), .words = plimi_words_notations, .argument = "NAME",
     .initial = "ba",
     .help = "whose notation is given: ba by the options above, another by operands NAME=X in its own names"},
    {"to", NOTATION(PLIMI_TAKES_WORDS), INTO(to), .words = plimi_words_notations, .argument = "NAME,...",
     .initial = "ba,mm,cui,gcm,mlhd,sklearn", .help = "whose notations are wanted"},

    {"tsv", TABLE(PLIMI_TAKES_NOTHING), INTO(tabs),
     .help = "the fields of FILE stand between tabs, not commas"},
    {"ignore", TABLE(PLIMI_TAKES_TEXT), INTO(ignored), .argument = "NAME,...",
     .range_words = "names of columns with commas between",
     .help = "columns that are to be left aside; every other one that has no meaning of its own is a key"},
    {"pair", TABLE(PLIMI_TAKES_TEXT), INTO(joined), .argument = "NAME", .range_words = "the name of a column",
     .initial_words = "replica, where there is a column of that name",
     .help = "column with the number of the replica: no number comes twice in a group, and what two groups "
             "have under one number was drawn together"},

    {"predicted", STATEMENT(PLIMI_TAKES_NUMBER), INTO(predicted), .range = {.low = -DBL_MAX, .high = DBL_MAX},
     .range_words = "a finite number", .argument = "X", .initial_words = "the column predicted",
     .help = "the limit that is predicted, the same for every group"},
    {"predicted-expr", STATEMENT(PLIMI_TAKES_TEXT), INTO(formula), .argument = "EXPRESSION",
     .range_words = "an expression in the names of columns, such as 'psi1/(1 + psi1)'",
     .help = "the limit that is predicted, computed from the keys of each group, psi1 and psi2 among them "
             "where the file has n and width"},
    {"against", STATEMENT(PLIMI_TAKES_QUANTITIES), INTO(against), .argument = "QUANTITY",
     .help = "plim's own limit of it, at the parameters in the columns, which have the names of the options; "
             "those "
             "that are not in the file are taken from the options; all: of what the column quantity names"},
    {"relation", STATEMENT(PLIMI_TAKES_WORD), INTO(relation), .words = plimi_words_relations, .argument = "R",
     .initial = "=",
     .help =
         "of the limit to the prediction: = (within the margin), <= or >= (beyond it by the margin at most)"},
    {"bound", STATEMENT(PLIMI_TAKES_WORD), INTO(bound), .words = plimi_words_bounds, .argument = "SIDE",
     .help =
         "the prediction is a lower or an upper bound of the limit: another name of --relation >= and <="},
    {"exponent", STATEMENT(PLIMI_TAKES_NUMBER), INTO(exponent), .range = {.low = -DBL_MAX, .high = DBL_MAX},
     .range_words = "a finite number", .argument = "X",
     .help = "the value is predicted to go like d^X: the slope of its logarithm in log d is extrapolated"},
    {"compare", STATEMENT(PLIMI_TAKES_TEXT), INTO(compared), .argument = "[NAME=]A,B",
     .range_words = "two values of a key with a comma between, or NAME=A,B with the name of its column",
     .help = "two groups that differ in one key, A and B, are predicted to have one limit (or --relation)"},
    {"increasing", STATEMENT(PLIMI_TAKES_TEXT), INTO(increasing), .argument = "NAME",
     .range_words = "the name of a column", .help = "the limit is predicted to rise with this key"},
    {"decreasing", STATEMENT(PLIMI_TAKES_TEXT), INTO(decreasing), .argument = "NAME",
     .range_words = "the name of a column", .help = "the limit is predicted to fall with this key"},
    {"rate", STATEMENT(PLIMI_TAKES_RATES), INTO(rates), .argument = "P[,P...]",
     .initial_words = "with --against that of the limit, else 1",
     .help = "power with which finite sizes approach the limit, d^-P, known from theory: 1, 1/2, 2/3; with "
             "one alone the error covers the next power, 2 P; several are fitted together"},

    {"margin", VERDICT(PLIMI_TAKES_NUMBER), INTO(margin), NON_NEGATIVE, .argument = "X", .initial = "0.05",
     .help = "limits within X |prediction| agree"},
    {"absolute-margin", VERDICT(PLIMI_TAKES_NUMBER), INTO(absolute_margin), NON_NEGATIVE, .argument = "X",
     .initial = "0", .help = "added to the margin; needed where the prediction is 0"},
    {"level", .kind = PLIMI_TAKES_NUMBER, .group = PLIMI_GROUP_VERDICT,
     .commands = PLIMI_JUDGED | PLIMI_VERIFY | PLIMI_JUDGE, INTO(level),
     .range = {.low = 0.0, .high = 0.5, .above_low = true, .below_high = true},
     .range_words = "a number > 0 and < 0.5", .argument = "X", .initial = "0.05",
     .help = "chance allowed for any false AGREE, and for any false DISAGREE, in the whole table (Holm)"},

    {"level", .kind = PLIMI_TAKES_NUMBER, .group = PLIMI_GROUP_TABLE, .commands = PLIMI_DIFF, INTO(level),
     .range = {.low = 0.0, .high = 0.5, .above_low = true, .below_high = true},
     .range_words = "a number > 0 and < 0.5", .argument = "X", .initial = "0.05",
     .help = "chance allowed for any number that did not move to be said to have, in the whole table "
             "(Bonferroni)"},
    {"ignore", .kind = PLIMI_TAKES_TEXT, .group = PLIMI_GROUP_TABLE, .commands = PLIMI_DIFF, INTO(ignored),
     .argument = "NAME,...", .range_words = "names of columns with commas between",
     .help = "columns that are to be left aside"},

    {"claims", .kind = PLIMI_TAKES_PATH, .group = PLIMI_GROUP_VERDICT,
     .commands = PLIMI_VERIFY | PLIMI_LIST | PLIMI_CITE, INTO(claims), .argument = "FILE",
     .help = "claims of your own, from an INI file (-: standard input) with a section for each"},
    {"budget", .kind = PLIMI_TAKES_SECONDS, .group = PLIMI_GROUP_VERDICT, .commands = PLIMI_VERIFY,
     .shapes_result = true, .resumed = PLIMI_RESUMED_ANY, INTO(budget),
     .range = {.low = 0.0, .high = DBL_MAX, .above_low = true, .infinity_allowed = true},
     .range_words = "a number > 0, or inf", .argument = "TIME", .initial_words = "60m; 48h with --tier full",
     .help = "without --replicas: processor time after which what is not decided stays UNDECIDED, counted by "
             "a model of the cost, so that a command has one result; one core's: two need half of it"},
    {"budget", .kind = PLIMI_TAKES_SECONDS, .group = PLIMI_GROUP_VERDICT, .commands = PLIMI_COMPARE,
     .shapes_result = true, .resumed = PLIMI_RESUMED_ANY, INTO(budget),
     .range = {.low = 0.0, .high = DBL_MAX, .above_low = true, .infinity_allowed = true},
     .range_words = "a number > 0, or inf", .argument = "TIME", .initial = "20m",
     .help = "without --replicas: processor time after which what is not decided stays UNDECIDED, beyond a "
             "pilot; counted by a model of the cost, so that a command has one result; one core's: two need "
             "half of it"},
    {"budget", .kind = PLIMI_TAKES_SECONDS, .group = PLIMI_GROUP_VERDICT, .commands = PLIMI_POWER,
     .shapes_result = true, INTO(budget),
     .range = {.low = 0.0, .high = DBL_MAX, .above_low = true, .infinity_allowed = true},
     .range_words = "a number > 0, or inf", .argument = "TIME", .initial = "20m",
     .help = "processor time that is to be had, counted as `plim compare` counts it"},
    {"power", .kind = PLIMI_TAKES_NUMBER, .group = PLIMI_GROUP_VERDICT,
     .commands = PLIMI_JUDGED | PLIMI_VERIFY, .shapes_result = true, .resumed = PLIMI_RESUMED_ANY,
     INTO(power), .range = {.low = 0.5, .high = 1.0, .below_high = true},
     .range_words = "a number >= 0.5 and < 1", .argument = "X", .initial = "0.9",
     .help = "without --replicas: the chance of a right prediction to be settled by the first look after the "
             "pilot; a higher one draws more at once and looks less often"},

    {"format", OUTPUT(PLIMI_TAKES_WORD, PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_COMPARE), INTO(format),
     .words = plimi_words_tex_formats, .argument = "NAME",
     .initial_words = "by the suffix of -o FILE (.csv, .json, .tex, .txt), else table",
     .help = "table, csv (one row per point, quantity and source; RFC 4180 but for line ends, which are LF), "
             "json, or macros (a command of TeX for each number: value and error, 0.1846(17))"},
    {"format",
     OUTPUT(PLIMI_TAKES_WORD, (PLIMI_POSED | PLIMI_VERIFY | PLIMI_DIFF | PLIMI_DOCTOR) &
                                  ~(PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_COMPARE)),
     INTO(format), .words = plimi_words_formats, .argument = "NAME",
     .initial_words = "by the suffix of -o FILE (.csv, .json, .txt), else table",
     .help = "table, csv (one row per point, quantity and source; RFC 4180 but for line ends, which are LF) "
             "or json"},
    {"wide",
     OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_COMPARE | PLIMI_JUDGE | PLIMI_DESCENT),
     INTO(wide),
     .help = "CSV with one row per point and source, and of each quantity a column of values, one of errors "
             "and one of statuses"},
    {"output", .letter = 'o',
     OUTPUT(PLIMI_TAKES_PATH, PLIMI_POSED | PLIMI_VERIFY | PLIMI_DIFF | PLIMI_DOCTOR | PLIMI_REPORT),
     INTO(output), .argument = "FILE", .initial_words = "standard output",
     .help = "write to FILE, whole or not at all, with FILE.provenance.json beside it; - and what is no file "
             "(/dev/stdout, a FIFO) are written to as they are, with nothing beside them"},
    {"output", .letter = 'o', OUTPUT(PLIMI_TAKES_PATH, PLIMI_RERUN), INTO(output), .argument = "FILE",
     .initial_words = "a temporary one, which is removed",
     .help = "keep the new file, with its provenance beside it; its suffix is that of the first"},
    {"resume", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_SIMULATE | PLIMI_COMPARE | PLIMI_SPECTRUM), INTO(resume),
     .help = "continue from FILE.journal what an interrupted run with -o FILE began; --replicas may be "
             "larger, --d and --quantity may have more"},
    {"output", .letter = 'o', OUTPUT(PLIMI_TAKES_PATH, PLIMI_MERGE | PLIMI_STATUS_OF), INTO(output),
     .argument = "FILE", .help = "the file that the shards are parts of"},
    {"so-far", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_MERGE), INTO(so_far),
     .help = "of plim verify: judge the claims on the replicas that there are, and keep the journals"},
    {"resume", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_VERIFY | PLIMI_DESCENT), INTO(resume),
     .help = "continue from FILE.journal what an interrupted run with -o FILE began"},
    {"resume", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_FIGURES), INTO(resume),
     .help = "continue from DIR/NAME.csv.journal what an interrupted run began; finished data are only drawn "
             "again"},
    {"shard", OUTPUT(PLIMI_TAKES_SHARD, PLIMI_KEPT | PLIMI_FIGURES), INTO(shard), .argument = "K/N",
     .range_words = "K/N, whole numbers with 1 <= K <= N <= 4096",
     .help = "draw the K-th of N parts, into FILE.shard-K-of-N.journal and no other file; `plim merge -o "
             "FILE` then makes FILE of all, the bytes it has without shards"},
    {"time-limit", OUTPUT(PLIMI_TAKES_LIMIT, PLIMI_KEPT | PLIMI_FIGURES), INTO(time_limit),
     .argument = "TIME", .range_words = "seconds > 0, 10m, 2h, HH:MM:SS or slurm",
     .initial_words = "slurm where SLURM_JOB_END_TIME is a time to come, else none",
     .help =
         "begin no replica that would not end in TIME from the start (1.5 times the slowest of its size), "
         "keep what is finished beside -o FILE and end with status 75, from which --resume goes on"},
    {"out", OUTPUT(PLIMI_TAKES_PATH, PLIMI_FIGURES), INTO(directory), .argument = "DIR", .initial = ".",
     .help = "folder for the data and the pictures"},
    {"format", OUTPUT(PLIMI_TAKES_WORDS, PLIMI_FIGURES), INTO(pictures), .words = plimi_words_pictures,
     .argument = "NAME,...", .initial = "svg",
     .help = "kinds of picture to draw: svg, pdf, png; tex: NAME.tex for pgfplots, with its data in "
             "NAME.theory.dat and NAME.simulation.dat, of figures of curves"},
    {"no-title", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_FIGURES), INTO(no_title),
     .help = "leave out the lines above the pictures, for a paper whose caption says what they say: title, "
             "problem, sizes, and that bars are 95 % intervals"},
    {"size", OUTPUT(PLIMI_TAKES_TEXT, PLIMI_FIGURES), INTO(size), .argument = "WxH",
     .range_words = "WIDTHxHEIGHT with in, cm, mm or pt behind, such as 3.25x2.2in",
     .initial_words = "17 cm wide; of tex, the width of a line",
     .help =
         "size of a picture, such as 3.25x2.2in for a column of a paper; text is no smaller than 6.5 points"},
    {"with-host", OUTPUT(PLIMI_TAKES_NOTHING, PLIMI_REPORT), INTO(with_host),
     .help = "show the host, the folders and the command line as they were, too"},
    {"tier", OUTPUT(PLIMI_TAKES_WORD, PLIMI_FIGURES), INTO(tier), .words = plimi_words_tiers,
     .argument = "NAME", .initial = "quick", .shapes_result = true,
     .help = "quick: fewer points and replicas, minutes; full: the paper's sizes, hours"},

    {"tier", OUTPUT(PLIMI_TAKES_WORD, PLIMI_VERIFY), INTO(tier), .words = plimi_words_tiers,
     .argument = "NAME", .initial = "quick", .shapes_result = true,
     .help = "quick: all claims in minutes; full: one size more, half the margins, so eight times the work "
             "and more"},

    {"config", GENERAL(PLIMI_TAKES_PATH, PLIMI_POSED), INTO(config), .argument = "FILE",
     .help = "read options from an INI file (-: standard input): the same names, [theory], [simulate], "
             "[compare], [power], [optimize], [spectrum], [descent], [judge] and [convert] sections for one "
             "command; the command line wins"},
    {"quiet", GENERAL(PLIMI_TAKES_NOTHING, PLIMI_WORKING | PLIMI_JUDGE | PLIMI_MERGE), INTO(quiet),
     .help =
         "say nothing on standard error but errors and what decides the exit status: no progress, no notes"},
    {"verbose", GENERAL(PLIMI_TAKES_NOTHING, PLIMI_WORKING), INTO(verbose),
     .help = "say on standard error what works and how fast: BLAS and its kernels, threads, sizes, seconds a "
             "replica"},
    {"all", GENERAL(PLIMI_TAKES_NOTHING, PLIMI_HELP), INTO(all),
     .help = "all that the manual page says, and without a COMMAND every option there is"},
    {"help", .letter = 'h', GENERAL(PLIMI_TAKES_NOTHING, PLIMI_EVERY_COMMAND), INTO(help),
     .help = "print this help and exit"},
    {"version", .letter = 'V', GENERAL(PLIMI_TAKES_NOTHING, PLIMI_EVERY_COMMAND), INTO(version),
     .help = "print the version of plim and of its libraries and exit"},
};
const size_t plimi_option_count = sizeof plimi_options / sizeof plimi_options[0];
_Static_assert(sizeof plimi_options / sizeof plimi_options[0] <= PLIMI_MOST_OPTIONS, "enlarge the settings");
