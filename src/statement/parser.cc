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
void define_functions(mu::Parser &parser)
{
  using function = double (*)(double);
  parser.AddValIdent(read_number);
  parser.DefineFun("erf", static_cast<function>(std::erf));
  parser.DefineFun("asinh", static_cast<function>(std::asinh));
  parser.DefineFun("acosh", static_cast<function>(std::acosh));
  parser.DefineFun("atanh", static_cast<function>(std::atanh));
  parser.DefineFun("log2", static_cast<function>(std::log2));
  parser.DefineFun("rint", static_cast<function>(std::rint));
}

const struct {
  const char *name;
  double value;
} constants[] = {
    {"pi", 3.14159265358979323846}, {"_pi", 3.14159265358979323846}, {"_e", 2.71828182845904523536}};

// Variables first: a constant of the same name gives way.
void define_constants(mu::Parser &parser)
{
  for (const auto &constant : constants)
    if (parser.GetVar().find(constant.name) == parser.GetVar().end())
      parser.DefineConst(constant.name, constant.value);
}

// What `make` makes of a text, its parser evaluated once, or the reason where it is no expression.
template <typename Made, typename Make>
plim_status checked(Make make, Made **result, plimi_parse_error *error)
{
  Made *made = nullptr;
  plim_status status = PLIM_INVALID;
  try {
    int results = 0;
    made = make();
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
    *result = made;
  else
    delete made;
  return status;
}
} // namespace

struct plimi_evaluator {
  mu::Parser parser;
  double z = 0; // the variable the parser reads

  explicit plimi_evaluator(const char *text)
  {
    define_functions(parser);
    parser.DefineVar("z", &z);
    define_constants(parser);
    parser.SetExpr(text);
  }

  void find_used()
  {
  } // there is z alone
};

plim_status plimi_parse(const char *text, plimi_evaluator **evaluator, plimi_parse_error *error)
{
  return checked([=] { return new plimi_evaluator(text); }, evaluator, error);
}

void plimi_evaluator_free(plimi_evaluator *evaluator)
{
  delete evaluator;
}

double plimi_evaluate(void *evaluator, double z)
{
  auto *const e = static_cast<plimi_evaluator *>(evaluator);
  try {
    e->z = z;
    return e->parser.Eval();
  } catch (...) {
    return NAN; // a branch that muParser compiled and cannot run; such an expression is refused as not finite
  }
}

struct plimi_compiled {
  mu::Parser parser;
  size_t count;
  double *values; // of the variables, read by the parser
  bool *used;

  plimi_compiled(const char *text, const char *const *names, size_t variables)
      : count(variables), values(new double[variables + 1]()), used(nullptr)
  {
    used = new (std::nothrow) bool[variables + 1]();
    if (used == nullptr) {
      delete[] values;
      throw std::bad_alloc();
    }
    try {
      prepare(text, names);
    } catch (...) {
      delete[] values;
      delete[] used;
      throw;
    }
  }
  plimi_compiled(const plimi_compiled &) = delete;
  plimi_compiled &operator=(const plimi_compiled &) = delete;
  ~plimi_compiled()
  {
    delete[] values;
    delete[] used;
  }

  // Of an expression that was evaluated once: GetUsedVar overlooks names that are unknown, and then so does Eval.
  void find_used()
  {
    for (const auto &variable : parser.GetUsedVar())
      for (size_t i = 0; i < count; i++)
        used[i] = used[i] || variable.second == &values[i];
  }

private:
  // Names may have letters of any alphabet: what UTF-8 has above ASCII.
  void prepare(const char *text, const char *const *names)
  {
    std::string characters(parser.ValidNameChars());
    for (int c = 0x80; c <= 0xff; c++)
      characters += static_cast<char>(c);
    parser.DefineNameChars(characters.c_str());
    define_functions(parser);
    parser.ClearConst();
    for (size_t i = 0; i < count; i++)
      define(names[i], &values[i]);
    define_constants(parser);
    parser.SetExpr(text);
  }

  void define(const char *name, double *value)
  {
    try {
      parser.DefineVar(name, value);
    } catch (const mu::ParserError &wrong) {
      if (wrong.GetCode() != mu::ecINVALID_NAME)
        throw;
    }
  }
};

plim_status plimi_compile(const char *text, const char *const *names, size_t count, plimi_compiled **compiled,
                          plimi_parse_error *error)
{
  return checked([=] { return new plimi_compiled(text, names, count); }, compiled, error);
}

void plimi_compiled_free(plimi_compiled *compiled)
{
  delete compiled;
}

bool plimi_compiled_uses(const plimi_compiled *compiled, size_t variable)
{
  return variable < compiled->count && compiled->used[variable];
}

plim_status plimi_compiled_value(plimi_compiled *compiled, const double *values, double *value)
{
  try {
    for (size_t i = 0; i < compiled->count; i++)
      compiled->values[i] = values[i];
    *value = compiled->parser.Eval(); // the first time it may compile anew, which takes memory
  } catch (const std::bad_alloc &) {
    return PLIM_NO_MEMORY;
  } catch (...) {
    *value = NAN;
  }
  return PLIM_OK;
}
