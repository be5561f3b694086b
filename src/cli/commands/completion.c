/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.c - plim completion: the scripts that a shell's Tab key runs, and the words that they ask for. The words
   come from the tables of commands and options; the scripts know none of them. */
#include "config.h"

#include "completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../options/claim_book.h"
#include "../work/registry.h"
#include "brief.h"
#include "commands.h"
#include "completion_bash.inc"
#include "completion_fish.inc"
#include "completion_zsh.inc"
#include "figure_files.h"

/* The word to be completed. Every candidate stands on a line of its own, a description behind a tab. */
typedef struct {
  const plimi_command_entry *entry;
  char **words; /* of the line, after the command */
  size_t count;
  const char *head;    /* of the word: "--format=" or "risk0,", to stand before every candidate */
  size_t head_length;  /* of it, so many bytes */
  const char *partial; /* the rest */
} request;

static void offer(const request *r, const char *word, const char *description)
{
  if (strncmp(word, r->partial, strlen(r->partial)) != 0)
    return;
  printf("%.*s%s%s%s\n", (int)r->head_length, r->head, word, description != NULL ? "\t" : "",
         description != NULL ? description : "");
}

/* Has the list before the element at hand this one already? */
static bool is_listed(const request *r, const char *word)
{
  const char *begin = strchr(r->head, '='), *end = r->head + r->head_length;
  begin = begin != NULL && begin < end ? begin + 1 : r->head;
  for (const char *at = begin; at < end; at += strcspn(at, ",") + 1)
    if (strncmp(at, word, strlen(word)) == 0 && at[strlen(word)] == ',')
      return true;
  return false;
}

static void offer_of_list(const request *r, const char *word, const char *description)
{
  if (!is_listed(r, word))
    offer(r, word, description);
}

static void offer_quantities(const request *r, unsigned command)
{
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plimi_pairing pairing = plimi_registry_pairing((plim_quantity)i);
    const bool has_limit = pairing.limit != NULL, is_measured = pairing.experiment != NULL;
    const bool fits = (command & PLIMI_SIMULATE) != 0                                  ? is_measured
                      : (command & (PLIMI_THEORY | PLIMI_OPTIMIZE | PLIMI_JUDGE)) != 0 ? has_limit
                      : (command & PLIMI_JUDGED) != 0 ? has_limit && is_measured
                                                      : has_limit || is_measured;
    if (fits)
      offer_of_list(r, plim_quantity_name((plim_quantity)i), plim_quantity_title((plim_quantity)i));
  }
}

static void offer_claims(const request *r, const char *file)
{
  plimi_claim_book book;
  const plim_claim_info *info;
  if (plimi_claim_book_open(file, &book) == PLIM_EXIT_DONE)
    for (size_t i = 0; (info = plimi_claim_book_at(&book, i)) != NULL; i++)
      offer(r, info->name, info->title);
  plimi_claim_book_free(&book);
}

static void offer_figures(const request *r)
{
  plimi_figure_names names;
  if (!plimi_figure_names_find(&names))
    return;
  for (size_t i = 0; i < names.count; i++)
    offer(r, names.names[i], NULL);
  plimi_figure_names_free(&names);
}

static void offer_commands(const request *r)
{
  for (size_t i = 0; i < plimi_command_count; i++)
    offer(r, plimi_commands[i].name, plimi_commands[i].summary);
}

static void offer_values(const request *whole, const plimi_option *option)
{
  request r = *whole;
  const char *comma = strrchr(r.partial, ',');
  if (comma != NULL && (option->kind == PLIMI_TAKES_WORDS || option->kind == PLIMI_TAKES_ACTIVATIONS ||
                        option->kind == PLIMI_TAKES_READOUTS || option->kind == PLIMI_TAKES_QUANTITIES ||
                        option->kind == PLIMI_TAKES_INPUTS)) {
    if (r.head_length == 0)
      r.head = r.partial;
    r.head_length += (size_t)(comma + 1 - r.partial);
    r.partial = comma + 1;
  }
  if (option->kind == PLIMI_TAKES_PATH)
    puts(option->target == offsetof(plimi_settings, directory) ? ":folders" : ":files");
  for (size_t i = 0; option->words != NULL && option->words[i] != NULL; i++)
    offer_of_list(&r, option->words[i], NULL);
  if (option->kind == PLIMI_TAKES_QUANTITIES) {
    offer_quantities(&r, (unsigned)r.entry->command);
    offer_of_list(&r, "all", "every one");
  }
  for (int i = 0; option->kind == PLIMI_TAKES_ACTIVATIONS && i < PLIM_ACTIVATION_COUNT; i++)
    offer_of_list(&r, plim_activation_kind_name((plim_activation_kind)i),
                  plim_activation_kind_formula((plim_activation_kind)i));
  if (option->kind == PLIMI_TAKES_ACTIVATIONS)
    offer(&r, "expr:", "a formula in z");
  for (int i = 0; option->kind == PLIMI_TAKES_READOUTS && i < PLIM_READOUT_COUNT; i++)
    offer_of_list(&r, (plim_readout)i == PLIM_READOUT_ATOMS ? "atoms:" : plim_readout_name((plim_readout)i),
                  NULL);
  static const char *const inputs[] = {
      "gaussian", "rademacher", "uniform", "student:", "student-joint:", "sphere", "ar1:", "csv:"};
  for (size_t i = 0; option->kind == PLIMI_TAKES_INPUTS && i < sizeof inputs / sizeof inputs[0]; i++)
    offer_of_list(&r, inputs[i], NULL);
  if (option->kind == PLIMI_TAKES_LIMIT)
    offer(&r, "slurm", "the time that Slurm has given");
}

/* Was the option given, under whichever of its names, before the word at hand? */
static bool is_given(const request *r, const plimi_option *option)
{
  for (size_t i = 0; i + 1 < r->count; i++) {
    const char *word = r->words[i];
    for (size_t k = 0; k < plimi_option_count; k++) {
      const plimi_option *other = &plimi_options[k];
      const size_t length = strlen(other->name);
      if ((other->commands & (unsigned)r->entry->command) == 0 || other->target != option->target)
        continue;
      if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, other->name, length) == 0 &&
          (word[2 + length] == '\0' || word[2 + length] == '='))
        return true;
      if (word[0] == '-' && word[1] == other->letter && other->letter != 0)
        return true;
    }
  }
  return false;
}

static void offer_options(const request *r)
{
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    char name[64];
    if ((option->commands & (unsigned)r->entry->command) == 0 || is_given(r, option))
      continue;
    const char *brief = plimi_brief_of(option, r->entry->command);
    snprintf(name, sizeof name, "--%s", option->name);
    offer(r, name, brief != NULL ? brief : option->help);
  }
}

/* The value of an option among the words, or NULL. */
static const char *value_of(const request *r, const char *name)
{
  const size_t length = strlen(name);
  for (size_t i = 0; i + 1 < r->count; i++) {
    if (strcmp(r->words[i], name) == 0 && i + 2 < r->count)
      return r->words[i + 1];
    if (strncmp(r->words[i], name, length) == 0 && r->words[i][length] == '=')
      return r->words[i] + length + 1;
  }
  return NULL;
}

static void offer_operands(const request *r)
{
  const unsigned command = (unsigned)r->entry->command;
  char *names = plimi_copy(r->entry->operands);
  if (command == PLIMI_HELP)
    offer_commands(r);
  else if (command == PLIMI_CITE)
    offer_quantities(r, command);
  else if (command == PLIMI_FIGURES)
    offer_figures(r);
  else if ((command & (PLIMI_JUDGE | PLIMI_DIFF | PLIMI_VALIDATE | PLIMI_RERUN | PLIMI_REPORT | PLIMI_MERGE |
                       PLIMI_STATUS_OF)) != 0)
    puts(":files");
  else if (strchr(names, '|') != NULL) /* "[quantities|claims]": one of these */
    for (char *word = strtok(names, "[]|"); word != NULL; word = strtok(NULL, "[]|"))
      offer(r, word, NULL);
  if ((command & (PLIMI_CITE | PLIMI_VERIFY)) != 0)
    offer_claims(r, value_of(r, "--claims"));
  free(names);
}

static const plimi_option *option_of_word(const char *word, unsigned command)
{
  if (strncmp(word, "--", 2) == 0)
    return plimi_option_find(word + 2, command, false);
  for (size_t i = 0; word[0] == '-' && word[1] != '\0' && word[2] == '\0' && i < plimi_option_count; i++)
    if (plimi_options[i].letter == word[1] && (plimi_options[i].commands & command) != 0)
      return &plimi_options[i];
  return NULL;
}

/* The value of `--name=...` or of the option in the word before, else an option, else an operand. */
static void complete(request *r)
{
  const unsigned command = (unsigned)r->entry->command;
  const char *last = r->words[r->count - 1], *equals = strchr(last, '=');
  const plimi_option *option = r->count > 1 ? option_of_word(r->words[r->count - 2], command) : NULL;
  r->partial = last;
  if (option != NULL && option->kind != PLIMI_TAKES_NOTHING) {
    offer_values(r, option);
  } else if (strncmp(last, "--", 2) == 0 && equals != NULL) {
    char *name = plimi_copy(last);
    name[equals - last] = '\0';
    option = option_of_word(name, command);
    r->head = last;
    r->head_length = (size_t)(equals + 1 - last);
    r->partial = equals + 1;
    if (option != NULL)
      offer_values(r, option);
    free(name);
  } else if (last[0] == '-') {
    offer_options(r);
  } else {
    offer_operands(r);
  }
}

static int offer_words(char **words, size_t count)
{
  request r = {.head = ""};
  if (count < 2) {
    r.partial = count == 1 ? words[0] : "";
    offer_commands(&r);
    offer(&r, "--help", "what there is");
    offer(&r, "--version", "of plim and of its libraries");
    return PLIM_EXIT_DONE;
  }
  for (size_t i = 0; i < plimi_command_count; i++)
    if (strcmp(plimi_commands[i].name, words[0]) == 0)
      r.entry = &plimi_commands[i];
  r.words = words + 1;
  r.count = count - 1;
  if (r.entry != NULL)
    complete(&r);
  return PLIM_EXIT_DONE;
}

int plimi_completion(char **operands, size_t operand_count)
{
  static const struct {
    const char *shell;
    const char *const *script;
  } scripts[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
  if (operand_count > 0 && strcmp(operands[0], "words") == 0)
    return offer_words(operands + 1, operand_count - 1);
  for (size_t i = 0; operand_count == 1 && i < sizeof scripts / sizeof scripts[0]; i++) {
    if (strcmp(operands[0], scripts[i].shell) != 0)
      continue;
    for (const char *const *line = scripts[i].script; *line != NULL; line++)
      fputs(*line, stdout);
    return PLIM_EXIT_DONE;
  }
  if (operand_count == 0)
    plimi_complain("completion: which shell is missing; give bash, zsh or fish");
  else
    plimi_complain("completion: '%s' is not accepted; give one of bash, zsh, fish",
                   operands[operand_count > 1 ? 1 : 0]);
  return PLIM_EXIT_USAGE;
}
