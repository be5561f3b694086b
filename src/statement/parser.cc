// SPDX-License-Identifier: GPL-3.0-or-later
// parser.cc - muParser behind a boundary that lets no exception through.
//
// muParser's own C interface is no such boundary: mupCreate and its error handling throw std::bad_alloc into C, and
// what it catches it reports as an internal error, so that a lack of memory passes for a wrong expression. So its
// class is used.
#include "parser.h"

#include <cmath>
#include <locale>
#include <new>
#include <sstream>
#include <vector>

#include <muParser.h>

namespace
{
// muParser's way to read a number, but a lack of memory shows: there the stream swallows it, and "0.25" is an
// unexpected token. What begins with no digit is left to muParser's own.
int read_number(const mu::char_type *text, int *position, mu::value_type *number)
{
  if ((*text < '0' || *text > '9') && *text != '.')
    return 0;
  std::istringstream stream(text);
  stream.exceptions(std::ios::badbit);
  stream.imbue(std::locale::classic());
  mu::value_type read = 0;
  stream >> read;
  const std::istringstream::pos_type end = stream.tellg();
  if (end == std::istringstream::pos_type(-1))
    return 0;
  *position += static_cast<int>(end);
  *number = read;
  return 1;
}

// Some of muParser's own functions and constants are worse than double arithmetic: builds of it have pi to 13 digits,
// asinh and atanh lose all digits near 0, log2 and rint the last. Those have the C library's here.
void define_names(mu::Parser &parser)
{
  using function = double (*)(double);
  const double pi = 3.14159265358979323846, euler = 2.71828182845904523536;
  parser.AddValIdent(read_number);
  parser.DefineFun("erf", static_cast<function>(std::erf));
  parser.DefineFun("asinh", static_cast<function>(std::asinh));
  parser.DefineFun("acosh", static_cast<function>(std::acosh));
  parser.DefineFun("atanh", static_cast<function>(std::atanh));
  parser.DefineFun("log2", static_cast<function>(std::log2));
  parser.DefineFun("rint", static_cast<function>(std::rint));
  parser.DefineConst("pi", pi);
  parser.DefineConst("_pi", pi);
  parser.DefineConst("_e", euler);
}

void define_variable(mu::Parser &parser, const char *name, double *value)
{
  try {
    parser.DefineVar(name, value);
  } catch (const mu::ParserError &) {
    // no identifier, or a constant's name; before "(" a name is a function's all the same
  }
}
} // namespace

struct plimi_evaluator {
  mu::Parser parser;
  std::vector<double> values; // of the variables: where the parser reads them
  std::vector<bool> used;

  plimi_evaluator(const char *text, const plimi_variables &variables)
      : values(variables.count), used(variables.count)
  {
    define_names(parser);
    for (size_t i = 0; i < variables.count; i++)
      define_variable(parser, variables.names[i], &values[i]);
    parser.SetExpr(text);
  }

  void find_used()
  {
    for (const auto &variable : parser.GetUsedVar())
      used[static_cast<size_t>(variable.second - values.data())] = true;
  }
};

plim_status plimi_parse(const char *text, const plimi_variables *variables, plimi_evaluator **evaluator,
                        plimi_parse_error *error)
{
  plimi_evaluator *made = nullptr;
  plim_status status = PLIM_INVALID;
  try {
    int results = 0;
    made = new plimi_evaluator(text, *variables);
    made->parser.Eval(results);
    made->find_used();
    if (results == 1)
      status = PLIM_OK;
    else
      *error = {PLIMI_SEVERAL_RESULTS, -1};
  } catch (const mu::ParserError &wrong) {
    *error = {wrong.GetCode(), wrong.GetPos()};
  } catch (const std::bad_alloc &) {
    status = PLIM_NO_MEMORY;
  } catch (...) {
    *error = {mu::ecINTERNAL_ERROR, -1};
  }
  if (status == PLIM_OK)
    *evaluator = made;
  else
    delete made;
  return status;
}

void plimi_evaluator_free(plimi_evaluator *evaluator)
{
  delete evaluator;
}

double plimi_evaluate(void *evaluator, double z)
{
  auto *const e = static_cast<plimi_evaluator *>(evaluator);
  try {
    e->values[0] = z;
    return e->parser.Eval();
  } catch (...) {
    return NAN; // a branch that muParser compiled and cannot run; such an expression is refused as not finite
  }
}

double plimi_evaluate_at(plimi_evaluator *evaluator, const double *values)
{
  try {
    for (double &value : evaluator->values)
      value = *values++;
    return evaluator->parser.Eval();
  } catch (...) {
    return NAN;
  }
}

bool plimi_evaluator_uses(const plimi_evaluator *evaluator, size_t variable)
{
  return variable < evaluator->used.size() && evaluator->used[variable];
}
