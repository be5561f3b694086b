/* SPDX-License-Identifier: GPL-3.0-or-later */
/* brief.c - --help on one screen of 24 lines by 80 columns. */
#include "config.h"

#include "brief.h"

#include <stdio.h>
#include <string.h>

#include "../terminal/columns.h"

enum { NARROW = 60, WIDEST_HEAD = 36, SHORT_LINE = 80 };

static void head_of(const plimi_option *option, plimi_message *head)
{
  plimi_message_set(head, "%s", "");
  if (option->letter != 0)
    plimi_message_add(head, "  -%c, ", option->letter);
  else
    plimi_message_add(head, "%s", "      ");
  plimi_message_add(head, "--%s%s%s", option->name, option->argument != NULL ? "=" : "",
                    option->argument != NULL ? option->argument : "");
}

static bool is_usual(const plimi_option *option, const plimi_command_entry *entry)
{
  return (option->commands & (unsigned)entry->command) != 0 && plimi_brief_of(option, entry->command) != NULL;
}

/* Where the words begin: behind the longest head. */
static size_t column_of(const plimi_command_entry *entry)
{
  plimi_message head;
  size_t column = 0;
  for (size_t i = 0; i < plimi_option_count; i++) {
    if (!is_usual(&plimi_options[i], entry))
      continue;
    head_of(&plimi_options[i], &head);
    if (strlen(head.text) + 2 > column)
      column = strlen(head.text) + 2;
  }
  return column < WIDEST_HEAD ? column : WIDEST_HEAD;
}

/* The default is told where there is room for it on the line. */
static void print_usual(const plimi_option *option, const plimi_command_entry *entry, size_t column,
                        size_t width)
{
  plimi_message head, words;
  const char *initial = option->initial != NULL ? option->initial : option->initial_words;
  head_of(option, &head);
  plimi_message_set(&words, "%s", plimi_brief_of(option, entry->command));
  if (initial != NULL && column + strlen(words.text) + strlen(initial) + strlen(" (default: )") <= SHORT_LINE)
    plimi_message_add(&words, " (default: %s)", initial);
  if (width < NARROW || strlen(head.text) + 2 > column)
    printf("%s\n%*s", head.text, (int)(column = width < NARROW ? 10 : column), "");
  else
    printf("%-*s", (int)column, head.text);
  plimi_print_wrapped(words.text, column, column, width, stdout);
}

static void print_options(const plimi_command_entry *entry, size_t width)
{
  const size_t column = column_of(entry);
  plimi_message rest = {.text = "Also:"};
  for (size_t i = 0; i < plimi_option_count; i++)
    if (is_usual(&plimi_options[i], entry))
      print_usual(&plimi_options[i], entry, column, width);
  for (size_t i = 0; i < plimi_option_count; i++)
    if ((plimi_options[i].commands & (unsigned)entry->command) != 0 && !is_usual(&plimi_options[i], entry))
      plimi_message_add(&rest, " --%s", plimi_options[i].name);
  plimi_print_wrapped(rest.text, 0, 2, width, stdout);
  if ((entry->command & PLIMI_POSED) != 0 && entry->command != PLIMI_JUDGE)
    plimi_print_wrapped("A number X may be a list 0.1,1,10 or a grid 1e-3:10:9:log, start:stop:count.", 0, 0,
                        width, stdout);
}

void plimi_print_example(const char *line, size_t width)
{
  size_t column = 2;
  printf("%*s", (int)column, "");
  for (const char *word = line; *word != '\0';) {
    const size_t length = strcspn(word, " ");
    const bool last = word[length] == '\0';
    if (column > 6 && column + 1 + length + (last ? 0 : 2) > width) {
      fputs(" \\\n     ", stdout);
      column = 5;
    }
    column += length + (word == line ? 0 : 1);
    printf("%s%.*s", word == line ? "" : " ", (int)length, word);
    word += length + (last ? 0 : 1);
  }
  putchar('\n');
}

void plimi_print_brief_help(const plimi_command_entry *entry)
{
  const size_t width = plimi_line_width(stdout) > 0 ? plimi_line_width(stdout) : 100;
  const char *const *examples = plimi_examples_of(entry->command);
  plimi_message line;
  plimi_message_set(&line, "Usage: plim %s [OPTION]... %s", entry->name, entry->operands);
  plimi_print_wrapped(line.text, 0, 7, width, stdout);
  plimi_message_set(&line, "%c%s.",
                    entry->summary[0] - ('a' <= entry->summary[0] && entry->summary[0] <= 'z' ? 32 : 0),
                    entry->summary + 1);
  plimi_print_wrapped(line.text, 0, 0, width, stdout);
  print_options(entry, width);
  if (examples != NULL)
    puts("Examples:");
  for (size_t i = 0; examples != NULL && i < PLIMI_EXAMPLES; i++)
    plimi_print_example(examples[i], width);
  plimi_message_set(&line, "All of it: `man plim-%s` or `plim help --all %s`.", entry->name, entry->name);
  plimi_print_wrapped(line.text, 0, 0, width, stdout);
}
