/* SPDX-License-Identifier: GPL-3.0-or-later */
/* atoms.c - a readout with finitely many values: the kinds of neuron it makes, and the functions of k they learn where
   d is infinite.

   KINDS. One for each value. Odd sigma: those of zeta and -zeta are one (kinds_tables.c), of |zeta|.
   FORMULA (derived here). m_b(k) = sum_i (c_i/sqrt(i!)) (e zeta_b)^i P_i(k) (span.c). Combinations of the m_b in which
   all zeta^j, j < i, c_j != 0, drop out are of size e^i and have P_i in the lead, and there is one wherever the vector
   (zeta_b^i)_b is not in the span of those before it. So of the orders of a Gaussian readout only these are learned, at
   most as many as there are values other than 0; at e of order one as many functions as there are such orders are free.
   constant: {1}; rademacher: {1} and the least even one.
   NUMERICAL METHOD. Gram-Schmidt, twice. What is left of a vector is judged beside it; between what values typed as
   different leave and what rounding does there is PLIM_NOT_CONVERGED. */
#include <math.h>

#include "kinds.h"

void plimi_step_take_atoms(const plimi_input *in, plimi_step *step)
{
  if (step->readout != PLIM_READOUT_ATOMS)
    return;
  const plim_atoms *atoms = in->problem->atoms;
  const bool is_odd = plim_activation_is_odd(in->problem->activation);
  for (size_t i = 0; i < atoms->count; i++) {
    const double zeta = is_odd ? fabs(atoms->value[i]) : atoms->value[i];
    size_t at = 0;
    while (at < step->atoms && step->atom[at] != zeta)
      at++;
    step->atom[at] = zeta;
    step->chance[at] += atoms->probability[i];
    step->atoms += at == step->atoms ? 1 : 0;
  }
}

bool plimi_same_atoms(const plimi_step *a, const plimi_step *b)
{
  bool same = a->atoms == b->atoms;
  for (size_t i = 0; i < a->atoms && same; i++)
    same = a->atom[i] == b->atom[i] && a->chance[i] == b->chance[i];
  return same;
}

double plimi_largest_zeta(const plimi_step *step)
{
  double largest = 1.0; /* as E zeta^2 = 1 */
  for (size_t i = 0; i < step->atoms; i++)
    largest = fmax(largest, fabs(step->atom[i]));
  return largest;
}

/* Take the part along the orthonormal `basis` off x, and make what is left of size 1; its size beside x. */
static double orthonormalise(size_t n, size_t count, double (*basis)[PLIM_MOST_ATOMS], double *x)
{
  double before = 0.0, after = 0.0;
  for (size_t b = 0; b < n; b++)
    before += x[b] * x[b];
  for (int twice = 0; twice < 2; twice++)
    for (size_t i = 0; i < count; i++) {
      double along = 0.0;
      for (size_t b = 0; b < n; b++)
        along += basis[i][b] * x[b];
      for (size_t b = 0; b < n; b++)
        x[b] -= along * basis[i][b];
    }
  for (size_t b = 0; b < n; b++)
    after += x[b] * x[b];
  for (size_t b = 0; b < n; b++)
    x[b] /= sqrt(after);
  return sqrt(after / before);
}

plim_status plimi_atoms_learned(const plimi_step *step, const plimi_free_functions *all, double end,
                                plimi_free_functions *learned)
{
  static const double told = 1e-9, rounding = 1e-12;
  double basis[PLIM_MOST_ATOMS][PLIM_MOST_ATOMS];
  size_t values = 0;
  plimi_free_functions made = {.count = 0};
  for (size_t b = 0; b < step->atoms; b++)
    values += step->atom[b] != 0.0 ? 1 : 0;
  unsigned i = 1;
  for (; i <= PLIMI_MOST_ORDER && i < end && made.count < values; i++) {
    if (!plimi_has_order(all, i))
      continue;
    double *x = basis[made.count];
    for (size_t b = 0; b < step->atoms; b++)
      x[b] = sqrt(step->chance[b]) * pow(step->atom[b], (double)i);
    const double left = orthonormalise(step->atoms, made.count, basis, x);
    if (left > told)
      made.degree[made.count++] = i;
    else if (!(left <= rounding))
      return PLIM_NOT_CONVERGED;
  }
  *learned = made;
  const bool goes_on = (all->all[0] || all->all[1]) && i > PLIMI_MOST_ORDER && end > i;
  return made.count < values && goes_on ? PLIM_NOT_CONVERGED : PLIM_OK;
}
