/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c - what `plim help --all` says, made from the tables of options and commands; the manual pages are made
   of it. brief.c has what fits on a screen. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../terminal/columns.h"
#include "brief.h"
#include "commands.h"

enum { TEXT = 27, DEEPER = 29, NARROW = 60, NARROW_TEXT = 10 };

static const char *const group_titles[PLIMI_GROUP_COUNT] = {
    [PLIMI_GROUP_PROBLEM] = "Problem",     [PLIMI_GROUP_DESCENT] = "Descent",
    [PLIMI_GROUP_SEARCH] = "Search",       [PLIMI_GROUP_TABLE] = "Table",
    [PLIMI_GROUP_STATEMENT] = "Statement", [PLIMI_GROUP_SIZE] = "Size",
    [PLIMI_GROUP_VERDICT] = "Verdict",     [PLIMI_GROUP_OUTPUT] = "Output",
    [PLIMI_GROUP_GENERAL] = "General",     [PLIMI_GROUP_NOTATION] = "Notation"};

/* How long lines of help are: as COLUMNS or the terminal says, else 100. */
static size_t help_width(void)
{
  const size_t width = plimi_line_width(stdout);
  return width > 0 ? width : 100;
}

static void add_default(const plimi_option *option, plimi_message *text)
{
  if (option->initial != NULL)
    plimi_message_add(text, " (default: %s)", option->initial);
  else if (option->initial_words != NULL)
    plimi_message_add(text, " (default: %s)", option->initial_words);
}

/* "theory, compare", where not every command that answers with rows takes the option. */
static void add_commands(const plimi_option *option, plimi_message *text)
{
  size_t named = 0;
  if (option->commands == PLIMI_POSED || option->commands == PLIMI_EVERY_COMMAND)
    return;
  plimi_message_add(text, "%s", " [");
  for (size_t i = 0; i < plimi_command_count; i++)
    if ((option->commands & plimi_commands[i].command) != 0)
      plimi_message_add(text, "%s%s", named++ > 0 ? ", " : "", plimi_commands[i].name);
  plimi_message_add(text, "%s", "]");
}

static bool wants_its_values_told(const plimi_option *option)
{
  return option->alias_of == NULL && option->kind != PLIMI_TAKES_NOTHING &&
         option->kind != PLIMI_TAKES_PATH && option->kind != PLIMI_TAKES_ACTIVATIONS &&
         option->kind != PLIMI_TAKES_QUANTITIES;
}

static void add_accepted(const plimi_option *option, plimi_message *text)
{
  if (option->range_words != NULL)
    plimi_message_add(text, "; %s", option->range_words);
  if (option->words == NULL || strstr(option->help, option->words[0]) != NULL)
    return; /* the sentence has named them */
  plimi_message_add(text, "%s", "; ");
  for (size_t i = 0; option->words[i] != NULL; i++)
    plimi_message_add(text, "%s%s", i > 0 ? ", " : "", option->words[i]);
}

/* The first column holds the option, the second its words; a head that does not fit has a line for itself, as every
   head has where lines are short. help2man takes a line that is further in than the one before it to go on with it. */
static void print_option(const plimi_option *option, bool with_commands)
{
  plimi_message head = {.text = ""}, text = {.text = ""};
  const size_t width = help_width();
  if (option->letter != 0)
    plimi_message_add(&head, "  -%c, ", option->letter);
  else
    plimi_message_add(&head, "%s", "      ");
  plimi_message_add(&head, "--%s", option->name);
  if (option->argument != NULL)
    plimi_message_add(&head, "=%s", option->argument);
  plimi_message_add(&text, "%s", option->help);
  if (wants_its_values_told(option))
    add_accepted(option, &text);
  add_default(option, &text);
  if (with_commands)
    add_commands(option, &text);
  if (width < NARROW) {
    printf("%s\n%*s", head.text, NARROW_TEXT, "");
    plimi_print_wrapped(text.text, NARROW_TEXT, NARROW_TEXT, width, stdout);
  } else if (strlen(head.text) + 2 > TEXT) {
    printf("%s\n%*s", head.text, TEXT, "");
    plimi_print_wrapped(text.text, TEXT, TEXT, width, stdout);
  } else {
    printf("%-*s", TEXT, head.text);
    plimi_print_wrapped(text.text, TEXT, DEEPER, width, stdout);
  }
}

static void print_options(unsigned commands, bool with_commands)
{
  for (int group = 0; group < PLIMI_GROUP_COUNT; group++) {
    bool begun = false;
    for (size_t i = 0; i < plimi_option_count; i++) {
      const plimi_option *option = &plimi_options[i];
      if ((option->commands & commands) == 0 || (int)option->group != group)
        continue;
      if (!begun)
        printf("\n%s options:\n", group_titles[group]);
      begun = true;
      print_option(option, with_commands);
    }
  }
}

/* Paragraphs, with a line break between each two in `text` and a blank line on paper. */
static void print_paragraphs(const char *text)
{
  while (*text != '\0') {
    const size_t length = strcspn(text, "\n");
    char *paragraph = plimi_copy(text);
    paragraph[length] = '\0';
    plimi_print_wrapped(paragraph, 0, 0, help_width(), stdout);
    free(paragraph);
    text += length;
    if (*text == '\n') {
      putchar('\n');
      text++;
    }
  }
}

/* "  head  words", the words in a column of their own. */
static void print_item(const char *head, size_t column, const char *words)
{
  printf("  %-*s", (int)(column - 2), head);
  plimi_print_wrapped(words, column, column, help_width(), stdout);
}

static void print_lists_and_grids(void)
{
  putchar('\n');
  print_paragraphs(
      "Numeric options of the problem and of --d, --replicas, --seed take one value, a list 0.1,1,10 or a "
      "grid start:stop:count, with :log evenly spaced in the logarithm; the elements of a list may be "
      "grids. Both ends of a grid are hit exactly, a whole number's grid is rounded, and a grid of one "
      "point has start equal to stop. Several lists make their product. An option is given once.");
}

static void print_statuses(void)
{
  static const struct {
    const char *status, *words;
  } statuses[] = {
      {"0", "done, and every verdict is AGREE"},
      {"1", "a verdict is DISAGREE"},
      {"2", "bad usage or input"},
      {"3",
       "a computation did not converge or failed, a quantity asked for is not defined for the problem, or "
       "a verdict is UNDECIDED or withheld"},
      {"4", "a file could not be read or written"},
      {"75",
       "unfinished: a time limit came first, or shards are missing; the same command with --resume goes on"},
  };
  puts("\nExit status:");
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
    print_item(statuses[i].status, 5, statuses[i].words);
}

/* What there is, and how to go on from here. `all`: with the options of every command. */
static void print_program_help(bool all)
{
  static const char *const examples[] = {
      "plim compare", "plim theory -q risk0,risk1 --psi1 0.1:10:40:log --lambda 1e-3,1e-1 -o risk.csv",
      "plim simulate -q risk1 --activation relu --teacher 'expr:max(z,0)+0.1*z'",
      "plim judge mine.csv --predicted-expr 'psi1/(1 + psi1)'"};
  puts("Usage: plim COMMAND [OPTION]...");
  print_paragraphs(
      "Check high-dimensional limit theorems against finite-size simulation: ridge regression on the "
      "features of a two-layer network after a gradient step, in the proportional limit n, d, N -> inf.");
  puts("\nCommands:");
  for (size_t i = 0; i < plimi_command_count; i++) {
    plimi_message head;
    plimi_message_set(&head, "plim %s", plimi_commands[i].name);
    print_item(head.text, 19, plimi_commands[i].summary);
  }
  if (all) {
    print_options(PLIMI_EVERY_COMMAND, true);
    print_lists_and_grids();
    print_statuses();
  }
  puts("\nExamples:");
  for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
    plimi_print_example(examples[i], help_width());
  if (!all) {
    putchar('\n');
    print_paragraphs(
        "Of one command: `plim COMMAND --help`, `man plim-COMMAND`. Of every option: `plim help --all`.");
  }
}

static void print_command_help(const plimi_command_entry *entry)
{
  plimi_message usage, summary;
  const char *const *examples = plimi_examples_of(entry->command);
  plimi_message_set(&usage, "Usage: plim %s [OPTION]... %s", entry->name, entry->operands);
  plimi_print_wrapped(usage.text, 0, 7, help_width(), stdout);
  plimi_message_set(&summary, "%c%s.",
                    entry->summary[0] - ('a' <= entry->summary[0] && entry->summary[0] <= 'z' ? 32 : 0),
                    entry->summary + 1);
  print_paragraphs(summary.text);
  putchar('\n');
  print_paragraphs(entry->about);
  print_options(entry->command, false);
  if ((entry->command & PLIMI_POSED) != 0 && entry->command != PLIMI_JUDGE)
    print_lists_and_grids();
  print_statuses();
  if (examples != NULL)
    puts("\nExamples:");
  for (size_t i = 0; examples != NULL && i < PLIMI_EXAMPLES; i++)
    plimi_print_example(examples[i], help_width());
}

void plimi_print_help(const plimi_command_entry *entry, bool all)
{
  if (entry == NULL)
    print_program_help(all);
  else if (all)
    print_command_help(entry);
  else
    plimi_print_brief_help(entry);
}
