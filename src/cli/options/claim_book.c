/* SPDX-License-Identifier: GPL-3.0-or-later */
/* claim_book.c - claims from an INI file, a section each.

   The keys of a section are those of its claim (`keys` below) and the options of `plim compare` that state a problem,
   a ladder and a margin, read by the one table of options: lists make a point for each of their combinations. Lines
   before the first section hold for all. */
#include "config.h"

#include "claim_book.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "ini_file.h"
#include "inputs_file.h"
#include "options.h"
#include "product.h"
#include "reconcile.h"

/* What a section says besides options. Texts may have several lines: the key once for each. */
enum { TITLE, STATEMENT, TEX, SOURCE, METHOD, APPROACH, FAILURE, MEASURED, PREDICTED, RELATION, RATE, KEYS };
static const struct {
  const char *name;
  bool several_lines;
} keys[KEYS] = {
    [TITLE] = {"title", false},       [STATEMENT] = {"statement", true}, [TEX] = {"tex", true},
    [SOURCE] = {"source", false},     [METHOD] = {"method", true},       [APPROACH] = {"approach", true},
    [FAILURE] = {"failure", true},    [MEASURED] = {"measured", true},   [PREDICTED] = {"predicted", true},
    [RELATION] = {"relation", false}, [RATE] = {"rate", false}};

static const char *const no_section = "";

/* One claim while it is read. */
typedef struct {
  const plimi_ini *file;
  const char *name;
  size_t line;                       /* of its first entry */
  char *text[KEYS];                  /* NULL: not given */
  size_t lines[KEYS];                /* where */
  size_t set_at[PLIMI_MOST_OPTIONS]; /* where an option stands, 0: nowhere */
  plimi_settings settings;
  unsigned long sum;
} draft;

static int complain(const draft *d, size_t line, const char *key, const char *why)
{
  plimi_complain("%s:%zu: %s%s%s", d->file->path, line, key, key[0] != '\0' ? ": " : "", why);
  return PLIM_EXIT_USAGE;
}

/* ---- Keys ----------------------------------------------------------------------------------------------- */

static bool is_of_claims(const plimi_option *option)
{
  if (option->target == offsetof(plimi_settings, quantities) ||
      option->target == offsetof(plimi_settings, tolerance))
    return false;
  return option->group == PLIMI_GROUP_PROBLEM || option->target == offsetof(plimi_settings, d) ||
         option->target == offsetof(plimi_settings, margin) ||
         option->target == offsetof(plimi_settings, absolute_margin);
}

static const plimi_option *option_of(const char *name)
{
  const plimi_option *option = plimi_option_find(name, PLIMI_COMPARE, true);
  return option != NULL && is_of_claims(option) ? option : NULL;
}

static int key_of(const char *name)
{
  int key = 0;
  while (key < KEYS && strcmp(name, keys[key].name) != 0)
    key++;
  return key;
}

static int complain_unknown(const draft *d, const plimi_ini_entry *entry)
{
  const char **names = plimi_allocate(KEYS + plimi_option_count, sizeof *names);
  size_t count = 0;
  for (int key = 0; key < KEYS; key++)
    names[count++] = keys[key].name;
  for (size_t i = 0; i < plimi_option_count; i++)
    if (((unsigned)plimi_options[i].commands & PLIMI_COMPARE) != 0 && is_of_claims(&plimi_options[i]))
      names[count++] = plimi_options[i].name;
  const char *nearest = plimi_nearest(entry->name, names, count);
  plimi_complain("%s:%zu: a claim has no key %s%s%s%s", d->file->path, entry->line, entry->name,
                 nearest != NULL ? "; did you mean " : " (`plim help verify` lists them)",
                 nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
  free(names);
  return PLIM_EXIT_USAGE;
}

/* A text goes on below its last line; an option, or a text of one line, may stand once in a section. */
static int take_text(draft *d, int key, const plimi_ini_entry *entry, bool anew)
{
  plimi_message why;
  if (anew || d->text[key] == NULL) {
    free(d->text[key]);
    d->text[key] = plimi_copy(entry->value);
    d->lines[key] = entry->line;
    return PLIM_EXIT_DONE;
  }
  if (!keys[key].several_lines) {
    plimi_message_set(&why, "it was already given on line %zu", d->lines[key]);
    return complain(d, entry->line, entry->name, why.text);
  }
  char *begun = plimi_join(d->text[key], "\n");
  free(d->text[key]);
  d->text[key] = plimi_join(begun, entry->value);
  free(begun);
  return PLIM_EXIT_DONE;
}

static int take_option(draft *d, const plimi_option *option, const plimi_ini_entry *entry, bool anew)
{
  plimi_message why;
  const plimi_option *meant = option->alias_of != NULL ? option_of(option->alias_of) : option;
  size_t *at = &d->set_at[meant - plimi_options];
  if (!anew && *at > 0) {
    plimi_message_set(&why, "it was already given on line %zu", *at);
    return complain(d, entry->line, entry->name, why.text);
  }
  *at = entry->line;
  return plimi_option_set(&d->settings, option, entry->value, &why)
             ? PLIM_EXIT_DONE
             : complain(d, entry->line, entry->name, why.text);
}

/* The entries of one section. What a section says takes the place of what was said for all. */
static int take_section(draft *d, const char *section)
{
  bool had_text[KEYS], had_option[PLIMI_MOST_OPTIONS];
  for (int key = 0; key < KEYS; key++)
    had_text[key] = d->text[key] != NULL;
  for (size_t i = 0; i < PLIMI_MOST_OPTIONS; i++)
    had_option[i] = d->set_at[i] > 0;
  for (size_t i = 0; i < d->file->count; i++) {
    const plimi_ini_entry *entry = &d->file->entries[i];
    if (strcmp(entry->section, section) != 0)
      continue;
    d->sum = crc32(d->sum, (const unsigned char *)entry->name, (unsigned)strlen(entry->name) + 1);
    d->sum = crc32(d->sum, (const unsigned char *)entry->value, (unsigned)strlen(entry->value) + 1);
    const int key = key_of(entry->name);
    const plimi_option *option = key == KEYS ? option_of(entry->name) : NULL;
    if (key == KEYS && option == NULL)
      return complain_unknown(d, entry);
    int status;
    if (key < KEYS) {
      status = take_text(d, key, entry, had_text[key]);
      had_text[key] = false;
    } else {
      const plimi_option *meant = option->alias_of != NULL ? option_of(option->alias_of) : option;
      status = take_option(d, option, entry, had_option[meant - plimi_options]);
      had_option[meant - plimi_options] = false;
    }
    if (status != PLIM_EXIT_DONE)
      return status;
  }
  return PLIM_EXIT_DONE;
}

/* ---- From a draft to a claim ---------------------------------------------------------------------------- */

static int read_relation(const draft *d, plim_own_relation *relation)
{
  const char *given = d->text[RELATION] != NULL ? d->text[RELATION] : "=";
  for (int i = 0; i < PLIM_OWN_RELATION_COUNT; i++) {
    if (strcmp(given, plim_own_relation_symbol((plim_own_relation)i)) == 0) {
      *relation = (plim_own_relation)i;
      return PLIM_EXIT_DONE;
    }
  }
  plimi_message why;
  plimi_message_set(&why, "'%.80s' is not accepted; give =, >=, <=, increasing or decreasing", given);
  return complain(d, d->lines[RELATION], keys[RELATION].name, why.text);
}

static int read_rates(const draft *d, double *rates)
{
  plimi_numbers read = {.count = 0};
  plimi_message why, said;
  rates[0] = 1.0;
  if (d->text[RATE] == NULL)
    return PLIM_EXIT_DONE;
  if (!plimi_read_rates(d->text[RATE], &read, &why)) {
    plimi_message_set(&said, "'%.80s' is not accepted; give powers of 1/d such as 1, 1/2 or 1/2,1%s%s",
                      d->text[RATE], why.text[0] != '\0' ? ": " : "", why.text);
    return complain(d, d->lines[RATE], keys[RATE].name, said.text);
  }
  memcpy(rates, read.values, read.count * sizeof *rates);
  free(read.values);
  return PLIM_EXIT_DONE;
}

/* Points in the order of the one list; of two lists nobody could say which comes next. */
static int check_order(const draft *d, plim_own_relation relation, const plimi_product *product)
{
  size_t lists = 0;
  for (size_t i = 0; i < PLIMI_FACTORS; i++)
    lists += product->lengths[i] > 1;
  if (relation < PLIM_OWN_INCREASING || lists == 1)
    return PLIM_EXIT_DONE;
  return complain(d, d->lines[RELATION], keys[RELATION].name,
                  "from point to point wants one list of values, such as psi1 = 1.3,2.1,3.4, and no other");
}

/* The line to look at for a member of plim_own_claim that was refused. */
static size_t line_of(const draft *d, const char *field)
{
  const int key = strcmp(field, "rates") == 0 ? RATE : key_of(field);
  const plimi_option *option = key == KEYS ? option_of(field) : NULL;
  if (key < KEYS && d->lines[key] > 0)
    return d->lines[key];
  return option != NULL && d->set_at[option - plimi_options] > 0 ? d->set_at[option - plimi_options]
                                                                 : d->line;
}

static int add_claim(const draft *d, const plimi_product *product, plim_own_claim *claim,
                     plim_own_claims *own)
{
  const char *field = "";
  char *why = NULL;
  plim_problem points[PLIM_OWN_MOST_POINTS];
  size_t sizes[PLIM_OWN_MOST_SIZES];
  claim->n_points = product->count;
  claim->n_sizes = d->settings.d.count;
  for (size_t i = 0; i < product->count && i < PLIM_OWN_MOST_POINTS; i++)
    points[i] = plimi_product_at(product, i).problem;
  for (size_t k = 0; k < claim->n_sizes && k < PLIM_OWN_MOST_SIZES; k++)
    sizes[k] = (size_t)d->settings.d.values[k];
  claim->points = points;
  claim->d = sizes;
  const plim_status status = plim_own_claims_add(own, claim, &field, &why);
  if (status == PLIM_OK)
    return PLIM_EXIT_DONE;
  if (status == PLIM_NO_MEMORY)
    plimi_no_memory();
  complain(d, line_of(d, field), field, why != NULL ? why : plim_status_meaning(status));
  free(why);
  return PLIM_EXIT_USAGE;
}

/* The claim is of what its tables hold, not of their names. */
static void add_tables(draft *d)
{
  for (size_t i = 0; i < d->settings.inputs.count; i++) {
    const plim_rows rows = plim_inputs_rows(d->settings.inputs.values[i].inputs);
    if (rows.count > 0)
      d->sum = crc32_z(d->sum, (const unsigned char *)rows.values,
                       rows.count * rows.columns * sizeof *rows.values);
  }
}

static int finish(draft *d, plim_own_claims *own)
{
  plim_own_claim claim = {.info = {.name = d->name,
                                   .title = d->text[TITLE],
                                   .statement = d->text[STATEMENT],
                                   .source = d->text[SOURCE],
                                   .method = d->text[METHOD],
                                   .approach = d->text[APPROACH],
                                   .failure = d->text[FAILURE],
                                   .tex = d->text[TEX]},
                          .measured = d->text[MEASURED],
                          .predicted = d->text[PREDICTED],
                          .relative_margin = d->settings.margin.values[0],
                          .absolute_margin = d->settings.absolute_margin.values[0]};
  plimi_product product;
  plimi_message why;
  if (!plimi_settings_agree(&d->settings, &why))
    return complain(d, d->line, d->name, why.text);
  int status = plimi_inputs_load(&d->settings);
  if (status != PLIM_EXIT_DONE)
    return status;
  add_tables(d);
  if (!plimi_product_begin(&product, &d->settings, false)) {
    plimi_complain("%s:%zu: the lists of [%s] together ask for more than %d points", d->file->path, d->line,
                   d->name, PLIM_OWN_MOST_POINTS);
    return PLIM_EXIT_USAGE;
  }
  status = read_relation(d, &claim.relation);
  if (status == PLIM_EXIT_DONE)
    status = read_rates(d, claim.rates);
  if (status == PLIM_EXIT_DONE)
    status = check_order(d, claim.relation, &product);
  return status == PLIM_EXIT_DONE ? add_claim(d, &product, &claim, own) : status;
}

/* The claim of the section whose first entry is number `first`. */
static int read_claim(const plimi_ini *file, size_t first, plimi_claim_book *book)
{
  draft d = {.file = file, .name = file->entries[first].section, .line = file->entries[first].line};
  plimi_settings_default(&d.settings, PLIMI_COMPARE);
  d.sum = crc32(0, NULL, 0);
  int status = take_section(&d, no_section);
  if (status == PLIM_EXIT_DONE)
    status = take_section(&d, d.name);
  if (status == PLIM_EXIT_DONE)
    status = finish(&d, book->own);
  if (status == PLIM_EXIT_DONE) {
    const size_t count = plim_own_claims_count(book->own);
    book->sums = plimi_reallocate(book->sums, count, sizeof *book->sums);
    book->sums[count - 1] = d.sum;
  }
  for (int key = 0; key < KEYS; key++)
    free(d.text[key]);
  plimi_settings_free(&d.settings);
  return status;
}

static int read_claims(const plimi_ini *file, plimi_claim_book *book)
{
  for (size_t i = 0; i < file->count; i++) {
    const char *section = file->entries[i].section;
    if (section[0] == '\0' || (i > 0 && strcmp(section, file->entries[i - 1].section) == 0))
      continue;
    for (size_t k = 0; k < i; k++) {
      if (strcmp(file->entries[k].section, section) == 0) {
        plimi_complain("%s:%zu: the section [%s] was begun on line %zu already", file->path,
                       file->entries[i].line, section, file->entries[k].line);
        return PLIM_EXIT_USAGE;
      }
    }
    const int status = read_claim(file, i, book);
    if (status != PLIM_EXIT_DONE)
      return status;
  }
  if (plim_own_claims_count(book->own) > 0)
    return PLIM_EXIT_DONE;
  plimi_complain("%s: no claim in it; each has a section of its own, [name] and what it says", file->path);
  return PLIM_EXIT_USAGE;
}

/* ---- The book ------------------------------------------------------------------------------------------- */

int plimi_claim_book_open(const char *path, plimi_claim_book *book)
{
  *book = (plimi_claim_book){.own = NULL};
  if (path == NULL)
    return PLIM_EXIT_DONE;
  plimi_ini file;
  book->own = plimi_unless_no_memory(plim_own_claims_alloc());
  int status = plimi_ini_read(path, "claim file", &file);
  if (status == PLIM_EXIT_DONE)
    status = read_claims(&file, book);
  plimi_ini_free(&file);
  return status;
}

void plimi_claim_book_free(plimi_claim_book *book)
{
  plim_own_claims_free(book->own);
  free(book->sums);
}

size_t plimi_claim_book_count(const plimi_claim_book *book)
{
  return plim_claim_count() + (book->own != NULL ? plim_own_claims_count(book->own) : 0);
}

const plim_claim_info *plimi_claim_book_at(const plimi_claim_book *book, size_t claim)
{
  const size_t built_in = plim_claim_count();
  if (claim < built_in)
    return plim_claim_describe(claim);
  return book->own != NULL ? plim_own_claims_describe(book->own, claim - built_in) : NULL;
}

bool plimi_claim_book_find(const plimi_claim_book *book, const char *name, size_t *claim)
{
  const plim_claim_info *info;
  for (size_t i = 0; (info = plimi_claim_book_at(book, i)) != NULL; i++) {
    if (strcmp(info->name, name) == 0) {
      *claim = i;
      return true;
    }
  }
  return false;
}

const char *plimi_claim_book_nearest(const plimi_claim_book *book, const char *name)
{
  const size_t count = plimi_claim_book_count(book);
  const char **names = plimi_allocate(count, sizeof *names);
  for (size_t i = 0; i < count; i++)
    names[i] = plimi_claim_book_at(book, i)->name;
  const char *nearest = plimi_nearest(name, names, count);
  free(names);
  return nearest;
}
