/* SPDX-License-Identifier: GPL-3.0-or-later */
/* brief_words.c - the usual options of each command in a few words, and its examples. Whatever has no row here is named
   in --help, and described in the manual page by the words of the options table. */
#include "config.h"

#include <string.h>

#include "brief.h"

static const struct {
  unsigned commands;
  const char *option, *words;
} briefs[] = {
    {PLIMI_ROWS, "quantity", "what: names of `plim list quantities`, or all"},
    {PLIMI_POSED & ~PLIMI_JUDGE, "psi1", "samples per input dimension, n/d"},
    {PLIMI_POSED & ~PLIMI_JUDGE, "psi2", "neurons per input dimension, N/d"},
    {PLIMI_ROWS | PLIMI_CONVERT, "lambda", "ridge penalty"},
    {PLIMI_POSED & ~PLIMI_JUDGE, "eta", "size of the gradient step"},
    {PLIMI_POSED & ~PLIMI_JUDGE, "activation", "the network's sigma"},
    {PLIMI_THEORY | PLIMI_SPECTRUM, "teacher", "the labels' sigma*"},
    {PLIMI_THEORY | PLIMI_DESCENT | PLIMI_CONVERT, "noise", "standard deviation of the label noise"},
    {PLIMI_THEORY, "d", "input dimension, for what depends on it"},
    {PLIMI_JUDGED, "d", "input dimensions: a ladder"},
    {PLIMI_SIMULATE | PLIMI_SPECTRUM | PLIMI_DESCENT, "d", "input dimension; n = round(psi1 d)"},
    {PLIMI_DESCENT, "angle", "between the teacher's neurons, degrees"},
    {PLIMI_DESCENT, "loss", "descend until the loss is below X"},
    {PLIMI_OPTIMIZE, "over", "lambda, eta or lambda,eta"},
    {PLIMI_OPTIMIZE, "search-lambda", "penalties to choose from"},
    {PLIMI_OPTIMIZE, "search-eta", "step sizes to choose from"},
    {PLIMI_SIMULATE | PLIMI_SPECTRUM, "replicas", "independent repetitions"},

    {PLIMI_VERIFY, "replicas", "a fixed design, judged once"},
    {PLIMI_SIMULATE | PLIMI_SPECTRUM | PLIMI_DESCENT | PLIMI_VERIFY, "seed", "of the random streams"},
    {PLIMI_DRAWING | PLIMI_SPECTRUM | PLIMI_DESCENT | PLIMI_VERIFY | PLIMI_FIGURES | PLIMI_DOCTOR, "threads",
     "threads to use"},
    {PLIMI_SPECTRUM, "bins", "bins of the histogram"},
    {PLIMI_CONVERT, "from", "whose notation is given"},
    {PLIMI_CONVERT, "to", "whose are wanted"},
    {PLIMI_JUDGE, "predicted", "the limit that is predicted"},
    {PLIMI_JUDGE, "predicted-expr", "from columns: psi1/(1 + psi1)"},
    {PLIMI_JUDGE, "against", "plim's own limit of it"},
    {PLIMI_JUDGE, "relation", "=, <= or >="},
    {PLIMI_JUDGE, "exponent", "the value goes like d^X"},
    {PLIMI_JUDGE, "compare", "two groups have one limit"},
    {PLIMI_JUDGE, "increasing", "the limit rises with a key"},
    {PLIMI_JUDGE, "decreasing", "the limit falls with a key"},
    {PLIMI_JUDGE, "rate", "finite sizes differ by d^-P"},
    {PLIMI_JUDGED, "margin", "limits within X |prediction| agree"},
    {PLIMI_JUDGE, "margin", "X |prediction| agrees"},
    {PLIMI_VERIFY, "level", "chance allowed for a false verdict"},
    {PLIMI_DIFF, "level", "chance of a false alarm"},
    {PLIMI_DIFF, "ignore", "columns to leave aside"},
    {PLIMI_VERIFY | PLIMI_LIST | PLIMI_CITE, "claims", "claims of your own, from an INI file"},
    {PLIMI_JUDGED | PLIMI_VERIFY, "budget", "processor time to spend"},
    {PLIMI_POWER, "power", "chance to settle a right prediction"},
    {PLIMI_THEORY | PLIMI_SIMULATE | PLIMI_COMPARE, "format", "table, csv, json, macros (of TeX)"},
    {PLIMI_FIGURES, "format", "svg, pdf, png, tex"},
    {PLIMI_EVERY_COMMAND, "format", "table, csv, json"},
    {PLIMI_MERGE | PLIMI_STATUS_OF, "output", "the file that the shards are parts of"},
    {PLIMI_RERUN, "output", "keep the new file"},
    {PLIMI_EVERY_COMMAND, "output", "write to FILE, its provenance beside it"},
    {PLIMI_EVERY_COMMAND & ~PLIMI_COMPARE, "resume", "go on with what was interrupted"},
    {PLIMI_VERIFY, "shard", "draw part K of N; `plim merge` joins them"},
    {PLIMI_VERIFY | PLIMI_FIGURES, "time-limit", "end in TIME; --resume goes on"},
    {PLIMI_FIGURES, "out", "folder for the data and the pictures"},
    {PLIMI_FIGURES, "no-title", "no lines above the picture, for a paper"},
    {PLIMI_FIGURES, "size", "such as 3.25x2.2in"},
    {PLIMI_FIGURES | PLIMI_VERIFY, "tier", "quick (minutes) or full (hours)"},
    {PLIMI_REPORT, "with-host", "show host and folders too"},
    {PLIMI_HELP, "all", "with every word of the manual page"},
};

const char *plimi_brief_of(const plimi_option *option, plimi_command command)
{
  for (size_t i = 0; i < sizeof briefs / sizeof briefs[0]; i++)
    if ((briefs[i].commands & (unsigned)command) != 0 && strcmp(briefs[i].option, option->name) == 0)
      return briefs[i].words;
  return NULL;
}

static const struct {
  plimi_command command;
  const char *lines[PLIMI_EXAMPLES];
} examples[] = {
    {PLIMI_LIST, {"plim list quantities", "plim list claims"}},
    {PLIMI_CITE, {"plim cite risk1", "plim cite kernel-lower-bound BA"}},
    {PLIMI_THEORY,
     {"plim theory -q risk0,risk1,delta --eta 1.5",
      "plim theory -q risk1 --psi1 0.5:8:20:log --lambda 1e-3,1e-1 -o risk.csv"}},
    {PLIMI_SIMULATE,
     {"plim simulate -q risk1 --d 64 --replicas 10",
      "plim simulate -q risk0,risk1 --activation relu --d 16,32 -o runs.csv"}},
    {PLIMI_COMPARE,
     {"plim compare -q train0 --d 16,32,64 --margin 0.1",
      "plim compare -q risk1 --d 24,48 --replicas 20 -o both.csv"}},
    {PLIMI_POWER,
     {"plim power -q risk1 --d 16,32,64 --margin 0.1", "plim power -q risk0 --d 16,32,64 --budget 1h"}},
    {PLIMI_VERIFY,
     {"plim verify kernel-lower-bound --replicas 10 -o claim.json",
      "plim verify --claims mine.ini --budget 10s"}},
    {PLIMI_JUDGE,
     {"plim judge mine.csv --predicted-expr 'psi1/(1 + psi1)'",
      "plim judge mine.csv --predicted-expr 'psi1/(1 + psi1)' --relation '<='"}},
    {PLIMI_OPTIMIZE,
     {"plim optimize -q risk1", "plim optimize -q risk0 --psi1 1,2 --search-lambda 1e-3:10 -o best.csv"}},
    {PLIMI_SPECTRUM,
     {"plim spectrum weights --d 64 --replicas 5", "plim spectrum kernel --d 32 --bins 20 -o kernel.csv"}},
    {PLIMI_DESCENT,
     {"plim descent ntk --psi1 2 --psi2 4 --d 16 --loss 0.01",
      "plim descent mean-field --psi1 2 --psi2 4 --d 16 --noise 0 -o paths.csv"}},
    {PLIMI_FIGURES,
     {"plim figures 3a --format tex --out paper",
      "plim figures 3a --format pdf --no-title --size 3.25x2.2in"}},
    {PLIMI_CONVERT,
     {"plim convert --psi1 2.5 --psi2 1.6 --lambda 0.3 --to mm",
      "plim convert --from sklearn --to ba alpha=0.47 n/N=1.5625"}},
    {PLIMI_DIFF,
     {"plim diff before.csv after.csv", "plim diff --ignore status --format csv before.csv after.csv"}},
    {PLIMI_VALIDATE, {"plim validate risk.csv", "plim validate risk.csv risk.csv.provenance.json"}},
    {PLIMI_RERUN,
     {"plim rerun risk.csv.provenance.json", "plim rerun -o again.csv risk.csv.provenance.json"}},
    {PLIMI_DOCTOR, {"plim doctor", "plim doctor --threads 1 --format json"}},
    {PLIMI_REPORT, {"plim report claim.json", "plim report claim.json compared.json -o report.html"}},
    {PLIMI_STATUS_OF,
     {"plim status -o shared.csv", "plim status -o shared.csv shared.csv.shard-1-of-1.journal"}},
    {PLIMI_MERGE, {"plim merge -o shared.csv shared.csv.shard-1-of-1.journal", "plim merge -o shared.csv"}},
    {PLIMI_COMPLETION, {"plim completion bash", "plim completion words -- theory --quantity r"}},
    {PLIMI_HELP, {"plim help simulate", "plim help --all theory"}},
    {PLIMI_VERSION, {"plim version", "plim --version"}},
};

const char *const *plimi_examples_of(plimi_command command)
{
  for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
    if (examples[i].command == command)
      return examples[i].lines;
  return NULL;
}
