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
   Below alpha = 1/2 the direction of P_i has the size N^(1/2 - i (1/2 - alpha)), which is free if it grows with N and
   is not there if it falls: those with i (1 - 2 alpha) < 1, or that of i = 1 alone where |zeta| = 1, at e -> 0. At
   i (1 - 2 alpha) = 1 the size is of order one and the limit depends on eta, which only alpha = 0 (section 5) covers.
   NUMERICAL METHOD. Computed from atoms the P_i cannot be told apart at small e, so they are used as such; where no
   lower one is missing their span is that of the he_i, which are better conditioned.
   UNCERTAIN. An expression is known by its numbers, and c_i below about 1e-13 not from 0. It is a polynomial if c_i
   falls to nothing from where the next would still have been seen, and lacks none if four or more, without a gap, fade
   into what cannot be seen (sin(z/2)): a polynomial that imitates such a function to 1e-13 would be taken for it.
   Otherwise there are two spans, what is seen and what may be there; the difference between their answers is part of
   the error.
   NOT ODD. The same for each parity by itself (plimi_free_functions_of), at alpha = 1/2: of 1, P_2, P_4, ... nothing is
   missing where every even c_i is there, for the value at 0 that the P_2i have in common is no bounded functional.
   relu, softplus, silu and gelu are z/2 and an even function whose Fourier transform has one sign: P_1 and all even
   functions.
   LIMITING CASES. linear: i = 1 alone. 0 < alpha < 1/3: i = 1 alone, which is section 5 at eta -> infinity. */
#include "kinds.h"
#include "../bounded.h"

static void add(plimi_span *span, unsigned degree)
{
  span->degree[span->count++] = degree;
}

/* Does the sequence of c_i, `seen` of them above 0 up to the one of size `last`, end there? */
static bool ends(size_t seen, double last, double ratio)
{
  static const double certainly_seen = 1e-8; /* the next one, as the last two tell it */
  return seen > 0 && last * fmin(ratio, 1.0) > certainly_seen;
}

/* Degrees up to `most` whose c_i are known not to be 0, and those that may not be. */
static plim_status of_expression(const plimi_input *in, unsigned most, plimi_span *least, plimi_span *largest)
{
  const unsigned enough = 4; /* coefficients that show how the sequence falls */
  const double size = sqrt(in->a.value + in->b.value);
  double moment[PLIMI_MOST_ORDER + 1], root = size, last = 0.0, ratio = 0.0;
  unsigned seen = 0, highest = 0;
  const plim_status status = plimi_hermite_moments(in, PLIMI_MOST_ORDER, moment);
  if (status != PLIM_OK)
    return status;
  for (unsigned i = 1; i <= PLIMI_SPAN_DEGREE; i += 2) {
    const double c = fabs(moment[i]) / root;
    root *= sqrt((double)(i + 1) * (double)(i + 2));
    if (c == 0.0)
      continue;
    if (i <= most)
      add(least, i);
    ratio = seen > 0 ? c / last : 0.0;
    last = c;
    highest = i;
    seen++;
  }
  const bool is_linear = in->b.value == 0.0, has_gaps = 2 * seen != highest + 1;
  if (is_linear || (highest < PLIMI_SPAN_DEGREE && ends(seen, last, ratio))) {
    *largest = *least;
    return PLIM_OK;
  }
  for (unsigned i = 1; i <= most && i <= PLIMI_SPAN_DEGREE; i += 2)
    add(largest, i);
  if (seen >= enough && !has_gaps)
    *least = *largest;
  return PLIM_OK;
}

/* tanh, erf and sin lack none. */
static plim_status gaussian_readout(const plimi_input *in, unsigned most, plimi_span *least,
                                    plimi_span *largest)
{
  const plim_activation *sigma = in->problem->activation;
  if (!plim_activation_is_named(sigma)) {
    const plim_status status = of_expression(in, most, least, largest);
    if (status != PLIM_OK)
      return status;
  } else {
    if (plim_activation_kind_of(sigma) == PLIM_LINEAR)
      most = 1;
    for (unsigned i = 1; i <= most && i <= PLIMI_SPAN_DEGREE; i += 2)
      add(least, i);
    *largest = *least;
  }
  const bool is_full = least->count == largest->count && largest->count == PLIMI_SPAN_COUNT;
  if (most > PLIMI_SPAN_DEGREE && largest->count == PLIMI_SPAN_COUNT)
    largest->kind = PLIMI_SPAN_ALL;
  if (is_full && in->problem->eta_exponent == 0.5)
    least->kind = PLIMI_SPAN_ALL;
  return PLIM_OK;
}

/* The largest odd i with i (1 - 2 alpha) <= 1, as far as degrees are looked at, and whether equality holds. */
static unsigned highest_degree(double exponent, bool *is_critical)
{
  const double order = 1.0 / (1.0 - 2.0 * exponent), close = 1e-9;
  unsigned degree = 1;
  while (degree <= PLIMI_SPAN_DEGREE && (double)degree + 2.0 <= order * (1.0 + close))
    degree += 2;
  *is_critical = degree <= PLIMI_SPAN_DEGREE && fabs(order - (double)degree) <= close * order;
  return degree;
}

plim_status plimi_spans_of(const plimi_input *in, plimi_span *least, plimi_span *largest)
{
  const plim_problem *p = in->problem;
  bool is_critical;
  const unsigned most = highest_degree(p->eta_exponent, &is_critical);
  *least = *largest = (plimi_span){.kind = PLIMI_SPAN_DEGREES};
  if (p->readout == PLIM_READOUT_GAUSSIAN) {
    const plim_status status = gaussian_readout(in, most, least, largest);
    const bool is_there = largest->count > 0 && largest->degree[largest->count - 1] == most;
    return status == PLIM_OK && is_critical && is_there ? PLIM_OUTSIDE_DOMAIN : status;
  }
  if (p->eta_exponent == 0.5)
    least->kind = PLIMI_SPAN_NEURON;
  else
    add(least, 1);
  *largest = *least;
  return PLIM_OK;
}

/* ---- activations that are not odd ---- */

static void add_free(plimi_free_functions *functions, unsigned degree)
{
  unsigned at = functions->count++;
  for (; at > 0 && functions->degree[at - 1] > degree; at--)
    functions->degree[at] = functions->degree[at - 1];
  functions->degree[at] = degree;
}

/* One parity, of which `first` is the lowest degree: see UNCERTAIN. */
static void of_parity(const double *moment, double size, unsigned first, plimi_free_functions *least,
                      plimi_free_functions *largest)
{
  const unsigned enough = 4, limit = PLIMI_MOST_ORDER - first % 2;
  unsigned degree[PLIMI_MOST_ORDER], seen = 0;
  double last = 0.0, ratio = 0.0;
  for (unsigned i = 1; i <= limit; i++) {
    size *= sqrt((double)i); /* of E He_i sigma: i!^(1/2) |sigma| */
    const double c = fabs(moment[i]) / size;
    if (i % 2 != first % 2 || c == 0.0)
      continue;
    ratio = seen > 0 ? c / last : 1.0; /* of one alone nothing but its size is known */
    last = c;
    degree[seen++] = i;
  }
  const bool is_finite = seen == 0 || (degree[seen - 1] < limit && ends(seen, last, ratio));
  const bool is_full = seen >= enough && degree[seen - 1] == first + 2 * (seen - 1);
  const unsigned parity = first % 2;
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
  const plim_status status = plimi_hermite_moments(in, PLIMI_MOST_ORDER, moment);
  if (status != PLIM_OK)
    return status;
  const double size = sqrt(in->a.value + in->b.value);
  of_parity(moment, size, 1, least, largest);
  of_parity(moment, size, 2, least, largest);
  return PLIM_OK;
}

void plimi_span_at(const plimi_span *span, const plimi_step *step, double k, double *value)
{
  const double along2 = step->theta1 * step->theta1, spread = step->nu2 * step->s2 / step->psi1;
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
