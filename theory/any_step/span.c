/* SPDX-License-Identifier: GPL-3.0-or-later */
/* span.c - which functions of k one step learns where d is infinite.

   SOURCE. Derived here, with the orders of section 10 of theory.md ([MLHD]).

   NOTATION. As in any_step.h; c_i = E sigma(g) he_i(g), he_i the normalised Hermite polynomials; q = nu2 s2/psi1,
   so that the bulk of neuron j has variance 1 + e^2 zeta_j^2 q; alpha = eta_exponent.
   FORMULA. The mean of the predictor is sum_b M_b m_b(k) + k S'tau, and at infinite d M costs nothing: however short
   a direction is, it is learned, and what counts is the span of the m_b. For a Gaussian readout
     m(zeta, k) = E sigma(e zeta (theta1 k + sqrt(q) g') + g) = sum_i (c_i/sqrt(i!)) (e zeta)^i P_i(k),
     P_i(k) = E (theta1 k + sqrt(q) g')^i,
   so it is that of the P_i with i odd and c_i != 0. Where no c_i is 0 that is every odd function: the mean is then
   the odd part of h whatever tau is. A polynomial sigma has finitely many. With `rademacher` and `constant`
   |zeta| = 1: one direction, m itself.
   Below alpha = 1/2: between.c.
   NUMERICAL METHOD. Computed from atoms the P_i cannot be told apart at small e, so they are used as such; where no
   lower one is missing their span is that of the he_i, which are better conditioned.
   UNCERTAIN. An expression is known by its numbers, and c_i below about 1e-13 not from 0. It is a polynomial if c_i
   falls to nothing from where the next would still have been seen and what is seen is all of |sigma|^2, and lacks none
   if four or more, without a gap, fade into what cannot be seen (sin(z/2)): a polynomial that imitates such a function
   to 1e-13 would be taken for it. Otherwise there are two spans, what is seen and what may be there; the difference
   between their answers is part of the error.
   NOT ODD. The same for each parity by itself (plimi_free_functions_of), at alpha = 1/2: of 1, P_2, P_4, ... nothing is
   missing where every even c_i is there, for the value at 0 that the P_2i have in common is no bounded functional.
   relu, softplus, silu and gelu are z/2 and an even function whose Fourier transform has one sign: P_1 and all even
   functions.
   LIMITING CASES. linear: i = 1 alone. */
#include "../bounded.h"
#include "../gaussian_grid.h"
#include "kinds.h"

/* Does the sequence of c_i, `seen` of them above 0 up to the one of size `last`, end there? */
static bool ends(size_t seen, double last, double ratio)
{
  static const double certainly_seen = 1e-8; /* the next one, as the last two tell it */
  return seen > 0 && last * fmin(ratio, 1.0) > certainly_seen;
}

static void add_free(plimi_free_functions *functions, unsigned degree)
{
  unsigned at = functions->count++;
  for (; at > 0 && functions->degree[at - 1] > degree; at--)
    functions->degree[at] = functions->degree[at - 1];
  functions->degree[at] = degree;
}

/* |sigma|^2 of the even and of the odd part, beside all of it. */
static plim_status shares_of(const plimi_input *in, double share[2])
{
  plimi_gaussian_grid g;
  double square[2] = {0.0, 0.0};
  const plim_status status = plimi_gaussian_grid_make(in->problem->activation, &g);
  for (size_t i = 0; i < g.nodes && status == PLIM_OK; i++) {
    const double p = g.weight[i] * plimi_normal_density(g.z[i]),
                 even = 0.5 * (g.sigma[0][i] + g.sigma[1][i]) - in->sigma.mean.value,
                 odd = 0.5 * (g.sigma[0][i] - g.sigma[1][i]);
    square[0] += p * even * even;
    square[1] += p * odd * odd;
  }
  plimi_gaussian_grid_clear(&g);
  for (size_t parity = 0; parity < 2; parity++)
    share[parity] = square[parity] / (square[0] + square[1]);
  return status;
}

/* One parity, of which `first` is the lowest degree, and what it has of |sigma|^2: see UNCERTAIN. */
static void of_parity(const double *moment, double size, unsigned first, double share,
                      plimi_free_functions *least, plimi_free_functions *largest)
{
  static const double accounted_for = 1e-9, nothing = 1e-24;
  const unsigned enough = 4, parity = first % 2, limit = PLIMI_MOST_ORDER - parity;
  unsigned degree[PLIMI_MOST_ORDER], seen = 0;
  double last = 0.0, ratio = 0.0, left = share;
  for (unsigned i = 1; i <= limit; i++) {
    size *= sqrt((double)i); /* of E He_i sigma: i!^(1/2) |sigma| */
    const double c = fabs(moment[i]) / size;
    if (i % 2 != parity || c == 0.0)
      continue;
    ratio = seen > 0 ? c / last : 1.0; /* of one alone what it leaves is known */
    left -= c * c;
    last = c;
    degree[seen++] = i;
  }
  const bool is_finite =
      seen == 0 ? share <= nothing
                : degree[seen - 1] < limit && ends(seen, last, ratio) && left <= accounted_for * share;
  const bool is_full = seen >= enough && degree[seen - 1] == first + 2 * (seen - 1);
  for (unsigned i = 0; i < seen; i++) {
    if (is_finite || !is_full)
      add_free(least, degree[i]);
    if (is_finite)
      add_free(largest, degree[i]);
  }
  least->all[parity] = !is_finite && is_full;
  largest->all[parity] = !is_finite;
}

plim_status plimi_free_functions_of(const plimi_input *in, plimi_free_functions *least,
                                    plimi_free_functions *largest)
{
  *least = *largest = (plimi_free_functions){.count = 0};
  const plim_activation *sigma = in->problem->activation;
  if (plim_activation_is_named(sigma)) {
    const bool is_linear = plim_activation_kind_of(sigma) == PLIM_LINEAR;
    largest->all[0] = !plim_activation_is_odd(sigma);
    largest->all[1] = plim_activation_is_odd(sigma) && !is_linear;
    if (!largest->all[1])
      add_free(largest, 1);
    *least = *largest;
    return PLIM_OK;
  }
  double moment[PLIMI_MOST_ORDER + 1];
  plim_status status = plimi_hermite_moments(in, PLIMI_MOST_ORDER, moment);
  if (status != PLIM_OK)
    return status;
  const double size = sqrt(in->a.value + in->b.value);
  double share[2];
  status = shares_of(in, share);
  if (status != PLIM_OK)
    return status;
  of_parity(moment, size, 1, share[1], least, largest);
  if (!plim_activation_is_odd(sigma))
    of_parity(moment, size, 2, share[0], least, largest);
  return PLIM_OK;
}

/* The same of an odd sigma in the terms of section 9. Other readouts have one kind of neuron there. */
static plimi_span span_of(const plimi_free_functions *free)
{
  plimi_span made = {.kind = free->all[1] ? PLIMI_SPAN_ALL : PLIMI_SPAN_DEGREES};
  for (; made.count < free->count; made.count++)
    made.degree[made.count] = free->degree[made.count];
  return made;
}

plim_status plimi_spans_of(const plimi_input *in, plimi_span *least, plimi_span *largest)
{
  plimi_free_functions free_least, free_largest;
  if (plimi_readout_of(in->problem) != PLIM_READOUT_GAUSSIAN) {
    *least = *largest = (plimi_span){.kind = PLIMI_SPAN_NEURON};
    return PLIM_OK;
  }
  const plim_status status = plimi_free_functions_of(in, &free_least, &free_largest);
  if (status != PLIM_OK)
    return status;
  *least = span_of(&free_least);
  *largest = span_of(&free_largest);
  return PLIM_OK;
}

void plimi_span_at(const plimi_span *span, const plimi_step *step, double k, double *value)
{
  const double along2 = step->theta1 * step->theta1, spread = step->nu2 * step->s2 / step->step_psi1;
  const bool is_whole = span->count == 0 || span->degree[span->count - 1] == 2 * span->count - 1;
  const double x = is_whole ? k : k * sqrt(along2 / (along2 + spread));
  const double square = is_whole ? -1.0 : spread / (along2 + spread);
  double now = 1.0, before = 0.0;
  for (unsigned i = 0, found = 0; found < span->count; i++) {
    if (i == span->degree[found])
      value[found++] = now;
    const double next = (x * now + square * sqrt((double)i) * before) / sqrt((double)i + 1.0);
    before = now;
    now = next;
  }
}
