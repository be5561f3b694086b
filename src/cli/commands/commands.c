/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "commands.h"

/* Paragraphs of `about` end in a line break each. help, version, rerun and completion have no function: main.c answers
   them. */
const plimi_command_entry plimi_commands[] = {
    {PLIMI_LIST, "list", "[quantities|claims|activations|figures]", "what there is, one line each",
     "Without an operand, everything under headings. Quantities stand with their symbol and with "
     "what knows of them: the theory, the simulation, or both. Claims stand with the statement "
     "they are about.\n"
     "The first word of a line is the name that other commands take: a quantity for --quantity and "
     "`plim cite`, a claim for `plim verify` and `plim cite`, an activation for --activation and "
     "--teacher, a figure for `plim figures`.",
     plimi_cmd_list},
    {PLIMI_CITE, "cite", "NAME...", "the statement behind a name, its source and its BibTeX",
     "NAME is a quantity from `plim list quantities`, a claim from `plim list claims` or a key of "
     "the bibliography, such as BA.\n"
     "Of a quantity: the limit as a formula, the problems for which it holds, the number of the "
     "statement in its source, how fast finite sizes approach it, and how the simulation measures "
     "it. Of a claim: what it states, how it is measured and what would make it fail. The entries "
     "of the bibliography follow as BibTeX.",
     plimi_cmd_cite},
    {PLIMI_THEORY, "theory", "", "limits, in milliseconds, without randomness",
     "Every list or grid is one factor of a product, and each point has a row a quantity. Each row "
     "carries a bound on its numerical error; a limit that is infinite has no value and the status "
     "diverges.\n"
     "Without --quantity every limit is computed that the problem has. What is asked for by name "
     "and is not defined for the problem is a row without a value, with the status that says why, "
     "and the exit status is 3.",
     plimi_cmd_theory},
    {PLIMI_SIMULATE, "simulate", "", "the same quantities at finite size, with standard errors",
     "Every list or grid is one factor of a product; all penalties of --lambda share one "
     "factorisation. Draws are functions of the seed, the size and the replica alone: the same for "
     "any --threads, and for problems that differ in lambda, eta, activation, teacher or noise "
     "only.\n"
     "Started by mpirun, where plim was built with MPI, ranks share the replicas; the result is the same.\n"
     "With -o FILE, finished replicas are kept in FILE.journal until FILE stands. After an "
     "interruption (a key, a kill, a batch system's warning by HUP, USR1, USR2 or XCPU) --resume "
     "goes on, and the result is the same to the last bit. On the way --replicas may be raised and "
     "sizes of --d and quantities added: what is there is used, and only what is lacking is "
     "computed. Anything else that shapes the samples must be as it was.",
     plimi_cmd_simulate},
    {PLIMI_COMPARE, "compare", "", "limit and simulation side by side, and a verdict",
     "The theory is evaluated at the integers drawn. Over three or more sizes the difference is "
     "extrapolated to d -> inf and judged: AGREE when the limit lies within the margin of the "
     "theory, DISAGREE when outside, UNDECIDED when the data do not settle it. The exit status is "
     "1 if any verdict is DISAGREE, else 3 if one is UNDECIDED or withheld; with one or two sizes "
     "there is no verdict, a message says so, and the status is that of the numbers. CSV and JSON "
     "have the verdict in the rows of the extrapolation.\n"
     "Without --replicas the sizes are drawn until every verdict is settled: first 25 replicas of each, "
     "the pilot; then, of the points where a verdict is open, as many as its standard errors call for "
     "(more where replicas are cheap and weigh in the limit, at least a quarter of the most), whatever "
     "the values are; then twice as many, at most 6 looks in all, as long as --budget pays for the next. "
     "The level is shared out over the looks before the first draw, so that looking again does not make "
     "errors likelier; a verdict that is settled stays. More replicas are not drawn for a verdict that is "
     "withheld, nor where two looks running show a lack of fit: they would not help. The rows are those of "
     "the last look; replicas of an extrapolation is empty where the sizes differ in it. The table says "
     "what would settle an UNDECIDED verdict. With --replicas the design is fixed and judged once, at the "
     "full level.\n"
     "The verdict takes for granted that the sizes are large enough for the leading power of d, "
     "which `plim cite NAME` states. A strong step at small d is not: where risk or train (for "
     "risk1, delta, train1) or stair1 (for ck_top), which have a value at each d, foresee that the "
     "extrapolation misses its own limit by more than a quarter of the margin, or where they have "
     "none and eta theta1/sqrt N is above 0.35, the verdict is withheld with that reason.\n"
     "With -o FILE, finished replicas are kept in FILE.journal until FILE stands; --resume goes on "
     "with them, as for `plim simulate`: with more replicas, sizes or quantities too.",
     plimi_cmd_compare},
    {PLIMI_POWER, "power", "", "replicas that will settle a verdict, before they are drawn",
     "Draws 25 replicas of each size and nothing more. From their standard errors and the margin, not from "
     "their values, it says what `plim compare` with the same options draws to settle each verdict with the "
     "chance --power if the prediction is right: the replicas of each size, their processor time, and "
     "whether --budget pays for it. settled is yes or no; never where the error of the prediction fills the "
     "margin; withheld where there would be no verdict. Quantities and penalties of a problem share draws: "
     "all together cost less than their sum.\n"
     "The exit status is 0 if the budget pays for all verdicts together, else 3.",
     plimi_cmd_power},
    {PLIMI_VERIFY, "verify", "[CLAIM...]", "the claims of the theorems, each with a verdict",
     "Without a CLAIM, all of `plim list claims`; `plim cite CLAIM` says what each states, how it "
     "is measured and what would make it fail. A claim AGREEs if every finding does, DISAGREEs if "
     "one does and stays UNDECIDED otherwise; levels are corrected for all findings of the run "
     "together (Holm). A pilot is drawn in any case; then what its standard errors call for, and "
     "twice as many at each further look, up to six looks in all, until every claim is decided or "
     "--budget is spent; what it has left makes a smaller look. A finding whose sizes do not follow "
     "the declared power of d leaves out the smallest, and has a larger one added where too few would "
     "be left. The exit status is 1 if a claim is DISAGREE, else 3 if one is UNDECIDED or withheld.\n"
     "With --claims FILE also claims of your own, and without a CLAIM those alone. Each is a section "
     "[name] of the INI file: title; statement, tex, source, method, failure (in words, as `plim cite` "
     "shows them); measured, a formula computed on every replica, in the quantities of `plim list "
     "quantities`, the parameters and d, n, N; relation, =, >=, <=, or from point to point increasing or "
     "decreasing; predicted, a formula in the limits of quantities and the parameters; rate, the exponents "
     "of the drift (1; 0.5,1); and, as in `plim compare`, the problem (lists make points), d, margin and "
     "absolute-margin. A text of several lines has its key once for each. Lines before the first section "
     "hold for all.\n"
     "With -o FILE, finished replicas are kept in FILE.journal until FILE stands, and --resume "
     "goes on with them, whichever claims are asked for.",
     plimi_cmd_verify},
    {PLIMI_JUDGE, "judge", "FILE", "verdicts on any table: your own theorem or simulation",
     "FILE is CSV with a header (-: standard input). Columns d and value make a row a replica; d, mean (or "
     "value), error "
     "and replicas a row a size. predicted and predicted_error are the prediction, n and width the sizes "
     "beside d "
     "(psi1 = n/d, psi2 = width/d); every other column is a key: each group of rows with equal keys has its "
     "verdict. A "
     "file of plim simulate, and the simulation in one of plim compare, is taken as it is. Lines that begin "
     "with # are "
     "comments.\n"
     "Each group's sizes, three or more, are extrapolated to d -> inf as plim compare does it, and judged: "
     "against the "
     "prediction (the column, --predicted, --predicted-expr or --against), or as --exponent, --compare, "
     "--increasing and "
     "--decreasing say. A group then is AGREE when what is stated holds within the margin, DISAGREE when it "
     "does not, "
     "else UNDECIDED, at a level for the whole table (Holm). Where --pair finds the numbers of replicas, "
     "groups are "
     "compared by the differences of replicas drawn together; else they are taken for independent, which "
     "rows per size "
     "with one seed are not: these are refused. The margin of --compare is that part of the first group's "
     "limit; of "
     "--increasing and --decreasing, between neighbours, --absolute-margin alone; of --exponent that part of "
     "X.\n"
     "With --against the sizes are corrected for ratios as drawn, and a verdict is withheld where a step is "
     "not small, "
     "as by plim compare. The exit status is that of compare; a wrong file is status 2 with its line and "
     "column, and "
     "nothing is judged.",
     plimi_cmd_judge},
    {PLIMI_OPTIMIZE, "optimize", "", "the best penalty or step size, and how that is known",
     "For each quantity and point the least value (of delta the greatest) that --over leaves room "
     "for, with three kinds of row: the quantity at its best, where ci_low and ci_high hold what "
     "is certain of the best of the whole range; NAME.optimal_lambda (or _eta), the place, with "
     "its bracket in ci_low and ci_high; NAME.curvature_lambda, the second derivative in the "
     "logarithm of the variable.\n"
     "How the best is known to be that of the whole range stands in the table, the CSV and in JSON "
     "(`optima`): proved (monotone), enclosed (covered by intervals with a proved bound each) or "
     "sampled (the best of a grid, refined: no proof). A sampled range goes on by the grid's "
     "spacing while its best is at an end that the user did not give; columns at the end of the "
     "CSV, place, certificate, searched_low and searched_high, say what was searched and where in "
     "it the best is (low_end, high_end: at an end). A best place that is no number, as the step "
     "size of risk1, whose risk falls for ever, has the status diverges; one that does not matter, "
     "outside_domain.",
     plimi_cmd_optimize},
    {PLIMI_SPECTRUM, "spectrum", "weights|kernel", "a whole spectrum: histogram, limiting density, outliers",
     "weights: the singular values of W1, N of them with the N - d zeros where N > d. kernel: the "
     "N eigenvalues of F'F/n, F = sigma(Xt W1). The theory is evaluated at the integers drawn.\n"
     "The CSV has three columns more than that of simulate, spectrum, low and high, and these "
     "quantities: mass (the fraction of the values between low and high, 0 and 0 for the point "
     "mass at 0), top (the largest value), outlier (of the limit: how many values tend to a place "
     "outside the bulk, between low and high; one that the step makes and, where E sigma'' is not "
     "0, those of the weights' and inputs' norms), below and above (values a replica outside the "
     "limiting bulk, from low to high, zeros apart), bin (the mean density between low and high, which a "
     "bar of the histogram shows), and density (the limiting density itself at low = high, for "
     "drawing).\n"
     "With -o FILE, finished replicas are kept in FILE.journal until FILE stands; --resume goes on "
     "with them, with more replicas or sizes too.",
     plimi_cmd_spectrum},
    {PLIMI_DESCENT, "descent", "mean-field|ntk", "training to the end, a teacher of two neurons: their paths",
     "Full-batch gradient descent on W, readout fixed, from W0 until the loss L = (1/2n) |y - f|^2 "
     "is below --loss; y = sum over k = 1, 2 of sigma*(<x, b_k>), plus noise, with unit vectors "
     "b_1 and b_2 at --angle. mean-field: f = (1/N) sum zeta_j sigma(<x, w_j>). ntk: N^-1/2 in the "
     "place of 1/N.\n"
     "eta is in units in which f moves alike in both; for ReLU, eta < 2/(1 + sqrt(d/n))^2 "
     "(Rademacher readout; divide by the mean of zeta^2) lets the loss fall at every step. A loss "
     "above its start, or not low enough after --most-steps, is not_converged, without numbers.\n"
     "The CSV has two columns more than that of simulate, scaling and neuron, its column steps is "
     "the number of steps taken, thinner as they grow, and these are its quantities: loss, moved "
     "(|W - W0|_F/|W0|_F), in_plane (the share of |W|_F^2 in the plane of b_1 and b_2, 2/d by "
     "chance), of each of the first --paths neurons zeta, along and across (<w_j, b_1>, and the "
     "same with the plane's unit vector across b_1), and teacher_along, teacher_across of b_1 and "
     "b_2.",
     plimi_cmd_descent},
    {PLIMI_FIGURES, "figures", "[NAME...]", "data and pictures of the paper's figures",
     "Writes DIR/NAME.csv with its provenance and draws DIR/NAME.svg (or pdf, png) with gnuplot; "
     "without a NAME, all of `plim list figures`. Title, legend, axes and ranges come from the rows "
     "and from the title in figures/NAME.ini: a copy of that file with other parameters is a figure "
     "of its own, drawn by figures/NAME.gp or, where there is none, by curves.gp there if it has a "
     "section [theory] or [simulate], else by spectrum.gp or, for a descent, 2.gp. Bars are 95 % "
     "confidence intervals.\n"
     "With --resume, figures whose data stand as they were written are only drawn again, and the "
     "replicas of an interrupted one are used. The environment variable PLIM_DATADIR names another folder to "
     "take "
     "figures/ from.",
     plimi_cmd_figures},
    {PLIMI_CONVERT, "convert", "[NAME=X...]", "the parameters of a problem in the notation of other papers",
     "From ba, plim's own and that of Ba et al., the problem is told by options, lists making points; from "
     "mm "
     "(Mei & Montanari), cui (Cui et al.), gcm (the Gaussian covariate model), mlhd (Moniri et al.) and "
     "sklearn (scikit-learn's Ridge) by operands in their own names. What a notation has no word for, or "
     "whose word is not known for certain, is left_out, with the reason: nothing is guessed. doc/notation.md "
     "says where each line comes from.\n"
     "A number goes there and back to the same bits or their neighbours (of psi1 by way of gcm, and of eta "
     "by "
     "way of mlhd, to two away). In CSV and JSON a row is a parameter: point, notation, name, value, formula "
     "(in the names of ba), status (ok, formula, left_out) and meaning.",
     plimi_cmd_convert},
    {PLIMI_DIFF, "diff", "A.csv B.csv", "which numbers moved between two files, beyond their errors",
     "A and B are CSV, of plim or anybody's (-: standard input). Rows are matched by their identifying "
     "cells, "
     "which are all that are no results, numbers by their value; seed and replicas count only where nothing "
     "else "
     "tells rows apart, so that runs with other seeds can be compared. Of theory, whose errors are bounds, a "
     "number moved where the difference is larger than both bounds together; of the rest, where it is larger "
     "than the standard errors of both make likely (Student's t); without an error, where it differs at "
     "all.\n"
     "Printed are numbers that moved, with the difference over the combined error, words that changed "
     "(status, "
     "verdict), and rows of one file alone: missing in B, or extra there. The exit status is 0 where there "
     "is "
     "nothing of these, else 1.",
     plimi_cmd_diff},
    {PLIMI_VALIDATE, "validate", "FILE...", "the first thing wrong with a file of plim, with its line",
     "FILE is CSV or JSON that plim wrote, or a provenance. Looked at are the columns and their order, what "
     "each "
     "may hold, by itself and beside the others (a value where the status is ok and nowhere else), rows that "
     "cannot be told apart, and, where data and provenance lie side by side, whether the data are what was "
     "written: bytes and checksum. doc/format.md describes the files, doc/plim.schema.json is a JSON Schema "
     "of the "
     "JSON ones.\n"
     "One line a file says what it is. The exit status is 0 where all are right, 2 where one is not, 4 where "
     "one "
     "cannot be read.",
     plimi_cmd_validate},
    {PLIMI_RERUN, "rerun", "FILE.provenance.json", "the same bytes again, or what differs",
     "Runs the command line that the provenance records, with the output in a temporary folder (TMPDIR) or "
     "at -o, and "
     "compares the bytes. Files that the command reads are looked for from the present folder. Where the "
     "bytes "
     "differ it says what else does: the version, compiler, libraries, BLAS and its kernels, host, options "
     "(a "
     "configuration file may have changed); and, where the first file still stands beside its provenance as "
     "it "
     "was written, which lines, and how many numbers moved beyond their errors.\n"
     "The exit status is 0 for the same bytes, 1 for others, 3 where nothing was made. `plim figures` is not "
     "run "
     "again, nor what read standard input.",
     NULL},
    {PLIMI_DOCTOR, "doctor", "", "what plim stands on here, and whether it works",
     "In some seconds: the program and its libraries; the processor and the kernels that OpenBLAS has chosen "
     "for "
     "it; threads and memory that this process may use; a product by the BLAS, and by a graphics processor "
     "where "
     "CUDA has one (`--device`); random numbers, two limits "
     "and a small "
     "simulation against known answers, the last on one thread and on all, which must give the same bits; "
     "whether a "
     "file is kept in the present folder and in the temporary one (TMPDIR), and the room that there is; the "
     "figures' "
     "folder (PLIM_DATADIR); and a picture by gnuplot.\n"
     "Each works, fails, or is absent, which the graphics processor and MPI may be: `unneeded`. The exit "
     "status is 0 where all else work, else 3.",
     plimi_cmd_doctor},
    {PLIMI_REPORT, "report", "FILE...", "verdicts as one page of HTML that needs nothing else",
     "FILE is the JSON that plim verify, compare or judge wrote with -o FILE.json (-: standard input); "
     "several "
     "make one page. It has the table of verdicts with their counts, to be sorted and filtered; of each "
     "claim the "
     "statement, a picture of its sizes with fit, limit, margin and prediction, the errors, and a sentence "
     "for the "
     "paper; and where the numbers come from, taken from FILE.provenance.json.\n"
     "The page loads nothing, from nowhere, and can be sent as it is: the names of hosts and folders are "
     "left out "
     "of it unless --with-host asks for them. The exit status is 0 where it was written, whatever the "
     "verdicts.",
     plimi_cmd_report},
    {PLIMI_MERGE, "merge", "[JOURNAL...]", "make one file of what shards have drawn",
     "Reads the journals of one command, those beside FILE (FILE.journal, FILE.shard-K-of-N.journal) or "
     "those "
     "named and FILE.journal, and writes FILE, byte for byte what the command without --shard writes. N may "
     "have "
     "changed on the way. A journal of another configuration is refused with the difference; where two have "
     "the "
     "same replica, its bits must be the same.\n"
     "With --so-far, of plim verify without --replicas: FILE has the verdicts that the replicas there are "
     "come to. A look is cut to them, nothing is drawn, and all journals stay, so that the command goes on "
     "with --resume. What more replicas would settle is UNDECIDED; a claim whose first look is not there has "
     "no verdict.\n"
     "Where replicas are missing, no FILE is made: what there is goes into FILE.journal, the command that "
     "makes "
     "the others is printed on standard output, and the exit status is 75. So it is after each look where a "
     "command draws until its verdicts are settled: shards draw the look at hand, merge says whether there "
     "is "
     "another. Journals beside FILE are removed when FILE stands; those named are left. The exit status is "
     "otherwise that of the command.",
     plimi_cmd_merge},
    {PLIMI_STATUS_OF, "status", "[JOURNAL...]", "how much of FILE shards and interrupted runs have drawn",
     "For each size, or each claim of plim verify: replicas that are done, that are left, and the processor "
     "time "
     "of those by plim's model of it, one core of a present-day machine within a factor of two. Of a command "
     "that "
     "draws until its verdicts are settled, what the look at hand takes.\n"
     "The journals are those of plim merge, read as they grow. Nothing is written or changed. The exit "
     "status is 75 "
     "where something is left, else 0.",
     plimi_cmd_status},
    {PLIMI_COMPLETION, "completion", "bash|zsh|fish", "a script by which the Tab key completes words of plim",
     "Commands, options, and values: quantities, activations, readouts, notations, formats, claims, figures. "
     "`make install` puts the scripts where bash (with the package bash-completion), zsh and fish look by "
     "themselves, below the prefix. Elsewhere: `source <(plim completion bash)` in ~/.bashrc; `source <(plim "
     "completion zsh)` in ~/.zshrc after compinit; `plim completion fish | source` in "
     "~/.config/fish/config.fish.\n"
     "The scripts ask plim at each key: `plim completion words -- WORD...` prints what the last WORD of a "
     "line "
     "can become, one a line, a description behind a tab; :files and :folders stand for names of these.",
     NULL},
    {PLIMI_HELP, "help", "[COMMAND...]", "what the program or a command does, and its options",
     "Without a COMMAND, what commands there are; with one, what `plim COMMAND --help` says: the usual "
     "options and "
     "two examples, on one screen.\n"
     "With --all, everything that the manual page plim-COMMAND(1) says; without a COMMAND, every option of "
     "every "
     "command in one list.\n"
     "Lines are as long as COLUMNS says, or else the terminal is wide.",
     NULL},
    {PLIMI_VERSION, "version", "", "the version of plim and of its libraries",
     "The same as `plim --version`: the version, the licence, the compiler, the BLAS that is in "
     "use with its configuration, and the versions of the other libraries.\n"
     "These are also in the provenance beside every file of -o.",
     NULL},
};
const size_t plimi_command_count = sizeof plimi_commands / sizeof plimi_commands[0];

const char *const plimi_config_sections[] = {"theory",   "simulate", "compare", "power",   "optimize",
                                             "spectrum", "descent",  "judge",   "convert", NULL};

const plimi_command_entry *plimi_command_entry_of(plimi_command command)
{
  for (size_t i = 0; i < plimi_command_count; i++)
    if (plimi_commands[i].command == command)
      return &plimi_commands[i];
  return NULL;
}
