/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_convert.c - plim convert: the parameters of a problem in the notation of other papers. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../options/product.h"
#include "../output/sheet.h"
#include "../work/notation.h"
#include "../work/work.h"
#include "commands.h"

static const char *const columns[] = {"point", "notation", "name", "value", "formula", "status", "meaning"};
enum { POINT, NOTATION, NAME, VALUE, FORMULA, STATUS, MEANING, COLUMNS };

/* What is translated: a problem, or of one what somebody gave in another notation. */
typedef struct {
  const plimi_notation *from;
  const long double *given; /* in `from`; NULL: ba has it all */
  plimi_parameters ba;
  plim_problem problem; /* with what is not told as it is where nobody loses anything */
  size_t point;         /* from 1 */
} conversion;

static void begin_row(plimi_sheet *sheet, const conversion *of, const plimi_notation *in, const char *name)
{
  plimi_sheet_row(sheet);
  plimi_sheet_put_integer(sheet, POINT, of->point);
  plimi_sheet_put_text(sheet, NOTATION, in->name);
  plimi_sheet_put_text(sheet, NAME, name);
}

static void leave_out(plimi_sheet *sheet, const conversion *of, const plimi_notation *in, const char *name,
                      const char *why)
{
  begin_row(sheet, of, in, name);
  plimi_sheet_put_text(sheet, STATUS, "left_out");
  plimi_sheet_put_text(sheet, MEANING, why);
}

/* A double that has all its bits; 0 is one where something was 0. */
static bool is_whole(long double exact)
{
  const double rounded = (double)exact;
  return isnan(exact) || exact == 0.0L || (isfinite(rounded) && isnormal(rounded));
}

static int add_symbol(plimi_sheet *sheet, const conversion *of, const plimi_notation *in, size_t i,
                      long double value)
{
  const plimi_symbol *symbol = &in->symbols[i];
  const bool is_ba = in == plimi_notations;
  if (!is_whole(value)) {
    plimi_complain("%s of %s, %s, is %Lg here: outside of what a double holds with all its digits",
                   symbol->name, in->name, symbol->formula, value);
    return PLIM_EXIT_USAGE;
  }
  begin_row(sheet, of, in, symbol->name);
  plimi_sheet_put_number(sheet, VALUE, (double)value);
  plimi_sheet_put_text(sheet, FORMULA, is_ba ? NULL : symbol->formula);
  plimi_sheet_put_text(sheet, STATUS, "ok");
  plimi_sheet_put_text(sheet, MEANING, symbol->meaning);
  return PLIM_EXIT_DONE;
}

/* Everything that `in` says of it, then what it has no word for. */
static int add_notation(plimi_sheet *sheet, const conversion *of, const plimi_notation *in)
{
  long double values[PLIMI_MOST_SYMBOLS];
  in->from_ba(&of->ba, values);
  if (in == of->from && of->given != NULL)
    memcpy(values, of->given, in->count * sizeof *values);
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < in->count && status == PLIM_EXIT_DONE; i++)
    if (!isnan(values[i]))
      status = add_symbol(sheet, of, in, i, values[i]);
  if (in->error != NULL) {
    begin_row(sheet, of, in, "error");
    plimi_sheet_put_text(sheet, FORMULA, in->error);
    plimi_sheet_put_text(sheet, STATUS, "formula");
    plimi_sheet_put_text(sheet, MEANING, "mean square, without a factor 1/2");
  } else {
    leave_out(sheet, of, in, "error", "whether with the noise of a new label is not known for certain here");
  }
  for (size_t i = 0; in != of->from && i < in->loss_count; i++)
    if (in->losses[i].is_lost(&of->problem))
      leave_out(sheet, of, in, in->losses[i].name, in->losses[i].why);
  for (size_t i = 0; of->given != NULL && i < in->count; i++)
    if (isnan(values[i]))
      leave_out(sheet, of, in, in->symbols[i].name, "not told by what was given");
  return status;
}

static int add_all(plimi_sheet *sheet, const conversion *of, const plimi_choices *to)
{
  int status = add_notation(sheet, of, of->from);
  for (size_t i = 0; i < to->count && status == PLIM_EXIT_DONE; i++)
    if (&plimi_notations[to->values[i]] != of->from)
      status = add_notation(sheet, of, &plimi_notations[to->values[i]]);
  return status;
}

/* ---- From ba: the options ---- */

static int convert_problems(const plimi_settings *settings, plimi_sheet *sheet)
{
  plimi_product product;
  if (!plimi_product_begin(&product, settings, false))
    return plimi_too_many_points();
  int status = PLIM_EXIT_DONE;
  for (size_t i = 0; i < product.count && status == PLIM_EXIT_DONE; i++) {
    const plimi_point point = plimi_product_at(&product, i);
    const conversion of = {.from = plimi_notations,
                           .ba = plimi_parameters_of(&point.problem),
                           .problem = point.problem,
                           .point = i + 1};
    status = add_all(sheet, &of, &settings->to);
  }
  sheet->without_column = product.count == 1 ? 1u << POINT : 0;
  return status;
}

/* ---- From others: the operands ---- */

static int refuse_name(const plimi_notation *from, const char *operand, size_t length)
{
  plimi_message known = {.text = ""};
  for (size_t i = 0; i < from->count; i++)
    plimi_message_add(&known, "%s%s=X", i > 0 ? ", " : "", from->symbols[i].name);
  plimi_complain("'%.*s' is no parameter of %s; give some of %s", (int)length, operand, from->name,
                 known.text);
  return PLIM_EXIT_USAGE;
}

static int read_operand(const plimi_notation *from, const char *operand, long double *values)
{
  const size_t length = strcspn(operand, "=");
  plimi_numbers numbers = {.values = NULL};
  plimi_message why;
  size_t i = 0;
  while (i < from->count &&
         !(strncmp(from->symbols[i].name, operand, length) == 0 && from->symbols[i].name[length] == '\0'))
    i++;
  if (i == from->count || operand[length] == '\0')
    return refuse_name(from, operand, length);
  const plimi_symbol *symbol = &from->symbols[i];
  if (!isnan(values[i])) {
    plimi_complain("%s was already given", symbol->name);
    return PLIM_EXIT_USAGE;
  }
  if (!plimi_read_numbers(operand + length + 1, &symbol->range, &numbers, &why) || numbers.count != 1) {
    free(numbers.values);
    plimi_complain("%s: '%s' is not accepted; give %s", symbol->name, operand + length + 1,
                   symbol->range_words);
    return PLIM_EXIT_USAGE;
  }
  values[i] = numbers.values[0];
  free(numbers.values);
  return PLIM_EXIT_DONE;
}

/* Of the problem nothing but what the operands say is known: an option of it would go unheard. */
static int check_options(const plimi_settings *settings, const plimi_notation *from)
{
  for (size_t i = 0; i < plimi_option_count; i++) {
    const plimi_option *option = &plimi_options[i];
    const char *text = plimi_option_text(settings, option);
    if (option->group != PLIMI_GROUP_PROBLEM || (option->commands & PLIMI_CONVERT) == 0 || text == NULL ||
        option->alias_of != NULL || (option->initial != NULL && strcmp(text, option->initial) == 0))
      continue;
    plimi_complain("--%s is of ba; from %s give its own parameters, such as %s=X", option->name, from->name,
                   from->symbols[0].name);
    return PLIM_EXIT_USAGE;
  }
  return PLIM_EXIT_DONE;
}

/* 0 where it is not told. */
static double told(long double value)
{
  return isnan(value) ? 0.0 : (double)value;
}

/* A problem that has what is told of it. */
static plim_problem problem_of(const plimi_notation *from, const plimi_parameters *ba)
{
  plim_problem problem = plim_problem_default();
  problem.psi1 = told(ba->psi1);
  problem.psi2 = told(ba->psi2);
  problem.lambda = told(ba->lambda);
  problem.eta = told(ba->eta);
  problem.eta_exponent = told(ba->eta_exponent);
  problem.noise = told(ba->noise);
  problem.step_psi1 = told(ba->step_psi1);
  problem.readout = from->readout;
  return problem;
}

static int convert_operands(const plimi_settings *settings, char **operands, size_t count, plimi_sheet *sheet)
{
  const plimi_notation *from = &plimi_notations[settings->from.values[0]];
  long double values[PLIMI_MOST_SYMBOLS];
  const long double untold = NAN;
  for (size_t i = 0; i < PLIMI_MOST_SYMBOLS; i++)
    values[i] = untold;
  int status = check_options(settings, from);
  for (size_t i = 0; i < count && status == PLIM_EXIT_DONE; i++)
    status = read_operand(from, operands[i], values);
  if (status == PLIM_EXIT_DONE && count == 0)
    status = refuse_name(from, "", 0);
  if (status != PLIM_EXIT_DONE)
    return status;
  conversion of = {.from = from,
                   .given = values,
                   .ba = {untold, untold, untold, untold, untold, untold, untold},
                   .point = 1};
  from->to_ba(values, &of.ba);
  of.problem = problem_of(from, &of.ba);
  sheet->without_column = 1u << POINT;
  sheet->without_problem = true;
  return add_all(sheet, &of, &settings->to);
}

int plimi_cmd_convert(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_CONVERT, "convert", settings};
  plimi_output_request request = {
      .command = "convert", .parts = &part, .part_count = 1, .write = plimi_sheet_write};
  plimi_sheet sheet = {.request = &request, .names = columns, .columns = COLUMNS};
  plimi_output *output = NULL;
  request.content = &sheet;
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE && settings->from.values[0] == 0 && operand_count > 0) {
    plimi_complain("'%s' is not an option; from ba the problem is told by options", operands[0]);
    status = PLIM_EXIT_USAGE;
  }
  if (status == PLIM_EXIT_DONE)
    status = settings->from.values[0] == 0 ? convert_problems(settings, &sheet)
                                           : convert_operands(settings, operands, operand_count, &sheet);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_finish(output, NULL, 0);
  plimi_sheet_free(&sheet);
  return status;
}
