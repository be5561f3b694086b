/* SPDX-License-Identifier: GPL-3.0-or-later */
/* between.c - eta = eta0 N^alpha with 0 < alpha < 1/2 where d is infinite: a closed form for any activation.

   SOURCE. any_activation.md C, derived there; [MLHD] Thms 4.4 and 4.5 have l = 1 and 2.
   NOTATION. c_i = E sigma^(i), q = nu2 s2/psi1, theta1 and gam of any_step.h, rho^2 = 1 - gam^2; kappa, z, m, mh,
   gamma of small_step.c (gamma is not gam). k ~ N(0,1) is the input along X'y.
   FORMULA. e = eta/sqrt N -> 0, the bulk is that of W0, and of the orders
     P_i(k) = E (theta1 k + sqrt(q) g)^i,   i in I,
   as many functions cost nothing:
     I = { i : c_i != 0, i (1 - 2 alpha) < 1 } for a Gaussian readout, {1} and its least even i for rademacher, {1} for
   constant; other readouts with finitely many values: atoms.c. With Pi on their span, h(k) = E_t sigma*(gam k + rho t),
     H = -<Pi h, 1>,   nu = 1 - |Pi 1|^2,   cc = c2^2 psi2/2,
     Th = cc mh/(1 + nu cc mh),   Th' = cc mh'/(1 + nu cc mh)^2,
     total = { U + noise^2 + rho^2 mu1*^2 (zm - kappa (zm)') - H^2 (Th - kappa Th') }/(1 - gamma),
     U = |sigma*|^2 - rho^2 mu1*^2 - |Pi h|^2,   risk = total - noise^2,   train = total (lambda/kappa)^2,
   zm - kappa (zm)' as in small_step.c, mh' = (y/D - mh)/z. The H term: P_2 is not centred, to learn k^2 - 1 takes a
   constant, and the only source of one is the norms of the neurons. Besides, tau = 0, p = rho mu1* (1 - zm)/mu1, and
   1 + V = kappa/lambda.
   [MLHD] as recorded in theory.md has k^2 in the place of P_2 (q = 0) and columns of W0 of one length (H = 0): the
   step's noise lengthens neuron j by e^2 zeta_j^2 q, which is of the order of the k^2 direction itself, so that their 3
   is 3 + 2x + x^2, x = q/theta1^2.
   METHOD. In Hermite coefficients: h has gam^j E sigma*^(j)/sqrt(j!), and P_i those of z^i times tau^j, tau^2 =
   theta1^2/(theta1^2 + q). Orthonormal by QR (GSL).
   ERROR. Running error analysis; what the projection leaves to rounding; and the difference that orders make of which
   it is not known whether they are there (an expression's c_i that are not told from 0, orders above PLIMI_MOST_ORDER).
   DOMAIN. mu1 != 0, lambda > 0. PLIM_OUTSIDE_DOMAIN where i (1 - 2 alpha) = 1 for an i that would be in I: that
   direction is of order one, and depends on eta.
   LIMITING CASES. I = {1}: section 5 at eta -> infinity. */
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include "../bounded.h"
#include "kinds.h"

enum { COEFFICIENTS = PLIMI_MOST_ORDER + 1 };

/* ---- the orders ---- */

/* Of all that sigma has, what is learned below the order `end`; orders above PLIMI_MOST_ORDER at most. */
static plimi_free_functions learned(const plimi_free_functions *all, plim_readout readout, double end,
                                    bool at_most)
{
  const bool goes_on = at_most && readout == PLIM_READOUT_GAUSSIAN && end > PLIMI_MOST_ORDER + 1.0;
  plimi_free_functions made = {.all = {goes_on && all->all[0], goes_on && all->all[1]}};
  bool has_even = false;
  for (unsigned i = 1; i <= PLIMI_MOST_ORDER && i < end; i++) {
    const bool is_first = i == 1 || (readout == PLIM_READOUT_RADEMACHER && i % 2 == 0 && !has_even);
    if (!plimi_has_order(all, i) || made.all[i % 2] || (readout != PLIM_READOUT_GAUSSIAN && !is_first))
      continue;
    has_even = has_even || i % 2 == 0;
    made.degree[made.count++] = i;
  }
  return made;
}

/* Is the order at which the size is of order one one of those that would be learned? */
static bool is_critical(const plimi_free_functions *all, plim_readout readout, double end, double *below)
{
  static const double close = 1e-9;
  const double nearest = round(end);
  *below = end;
  if (fabs(end - nearest) > close * end || nearest > PLIMI_MOST_ORDER)
    return false;
  const unsigned i = (unsigned)nearest;
  *below = nearest; /* orders less than that */
  if (readout == PLIM_READOUT_CONSTANT || !plimi_has_order(all, i))
    return false;
  if (readout == PLIM_READOUT_GAUSSIAN)
    return true;
  for (unsigned j = 2; j < i; j += 2)
    if (plimi_has_order(all, j))
      return false;
  return i % 2 == 0;
}

/* The same of a readout with finitely many values: is the critical order one that its kinds would learn? */
static plim_status orders_of_atoms(const plimi_step *step, const plimi_free_functions *seen,
                                   const plimi_free_functions *possible, double end,
                                   plimi_free_functions *least, plimi_free_functions *largest)
{
  double below;
  plimi_free_functions beyond;
  const bool is_near = is_critical(possible, PLIM_READOUT_GAUSSIAN, end, &below);
  plim_status status = plimi_atoms_learned(step, seen, below, least);
  if (status == PLIM_OK)
    status = plimi_atoms_learned(step, possible, below, largest);
  if (status == PLIM_OK && is_near) {
    status = plimi_atoms_learned(step, possible, below + 0.5, &beyond);
    if (status == PLIM_OK && beyond.count > largest->count)
      status = PLIM_OUTSIDE_DOMAIN;
  }
  return status;
}

static plim_status orders_of(const plimi_input *in, const plimi_step *step, plimi_free_functions *least,
                             plimi_free_functions *largest)
{
  const plim_problem *p = in->problem;
  plimi_free_functions seen, possible;
  const plim_status status = plimi_free_functions_of(in, &seen, &possible);
  if (status != PLIM_OK)
    return status;
  double end = 1.0 / (1.0 - 2.0 * p->eta_exponent);
  if (step->readout == PLIM_READOUT_ATOMS)
    return orders_of_atoms(step, &seen, &possible, end, least, largest);
  if (is_critical(&possible, plimi_readout_of(p), end, &end))
    return PLIM_OUTSIDE_DOMAIN;
  *least = learned(&seen, plimi_readout_of(p), end, false);
  *largest = learned(&possible, plimi_readout_of(p), end, true);
  return PLIM_OK;
}

/* ---- what they leave of h ---- */

/* h in normalised Hermite polynomials, and its squares by parity. */
typedef struct {
  double h[COEFFICIENTS], square[2];
} teacher_seen;

static plim_status squares_of(const plimi_input *in, double gam, double square[2])
{
  enum { MOST_POINTS = 4000 };
  const plimi_half_rule rule = plimi_half_rule_for(gam / sqrt(1.0 - gam * gam), 0.25, 1e-18, 2);
  const double most = gam * sinh(rule.scale * rule.step * ((double)rule.n + 1.0)) / fmax(rule.scale, 1e-8);
  double k[MOST_POINTS], weight[MOST_POINTS];
  plimi_ruler *ruler;
  if (rule.n > MOST_POINTS)
    return PLIM_NOT_CONVERGED;
  plimi_half_rule_fill(&rule, k, weight);
  const double reach = fmax(fabs(most), fabs(gam) * k[rule.n - 1]);
  const plim_status status =
      plimi_ruler_alloc(in->problem->teacher, in->star.mean.value,
                        (plimi_reach){.low = -reach, .high = reach, .sd = sqrt(1.0 - gam * gam)}, &ruler);
  if (status != PLIM_OK)
    return status;
  square[0] = square[1] = 0.0;
  for (size_t i = 0; i < rule.n; i++) {
    double right, left, slope, rest;
    plimi_ruler_average(ruler, gam * k[i], &right, &slope, &rest);
    plimi_ruler_average(ruler, -gam * k[i], &left, &slope, &rest);
    square[0] += weight[i] * 0.25 * (right + left) * (right + left);
    square[1] += weight[i] * 0.25 * (right - left) * (right - left);
  }
  plimi_ruler_free(ruler);
  return PLIM_OK;
}

static plim_status see_teacher(const plimi_input *in, double gam, bool by_parity, teacher_seen *seen)
{
  plim_problem turned = *in->problem;
  plimi_input of_teacher = *in;
  turned.activation = in->problem->teacher;
  of_teacher.problem = &turned;
  of_teacher.sigma = in->star;
  plim_status status = plimi_hermite_moments(&of_teacher, PLIMI_MOST_ORDER, seen->h);
  double size = 1.0;
  for (size_t j = 0; j < COEFFICIENTS && status == PLIM_OK; j++) {
    seen->h[j] *= size;
    size *= gam / sqrt((double)j + 1.0);
  }
  seen->h[0] = 0.0; /* centred */
  seen->h[1] = gam * in->star.mu1.value;
  if (status == PLIM_OK && by_parity)
    status = squares_of(in, gam, seen->square);
  return status;
}

/* P_i in normalised Hermite polynomials, of size 1, as column c. */
static void polynomial(unsigned i, double tau, size_t n, double *column)
{
  double value = 1.0, size = 0.0;
  for (unsigned j = i;; j -= 2) { /* E z^i he_j(z), beside j = i, over tau^(i - j) */
    column[j * n] = value;
    size += value * value;
    if (j < 2)
      break;
    value *= sqrt((double)j * (double)(j - 1)) / ((double)(i - j + 2) * tau * tau);
  }
  for (unsigned j = 0; j <= i; j++)
    column[j * n] /= sqrt(size);
}

typedef struct {
  double square, along_one, one; /* |Pi h|^2, <Pi h, 1>, |Pi 1|^2 */
} projection;

static plim_status project(const plimi_free_functions *free, double tau, const teacher_seen *seen,
                           projection *made)
{
  double matrix[COEFFICIENTS * PLIMI_MOST_ORDER] = {0.0}, scale[PLIMI_MOST_ORDER], one[COEFFICIENTS] = {1.0},
                               h[COEFFICIENTS];
  const size_t n = free->count;
  *made = (projection){.square = 0.0};
  for (size_t c = 0; c < n; c++)
    polynomial(free->degree[c], tau, n, matrix + c);
  memcpy(h, seen->h, sizeof h);
  if (n > 0) {
    gsl_matrix_view a = gsl_matrix_view_array(matrix, COEFFICIENTS, n);
    gsl_vector_view t = gsl_vector_view_array(scale, n), x = gsl_vector_view_array(h, COEFFICIENTS),
                    y = gsl_vector_view_array(one, COEFFICIENTS);
    if (gsl_linalg_QR_decomp(&a.matrix, &t.vector) != GSL_SUCCESS ||
        gsl_linalg_QR_QTvec(&a.matrix, &t.vector, &x.vector) != GSL_SUCCESS ||
        gsl_linalg_QR_QTvec(&a.matrix, &t.vector, &y.vector) != GSL_SUCCESS)
      return PLIM_NOT_CONVERGED;
  }
  for (size_t c = 0; c < n; c++) {
    made->square += h[c] * h[c];
    made->along_one += h[c] * one[c];
    made->one += one[c] * one[c];
  }
  for (size_t parity = 0; parity < 2; parity++)
    made->square += free->all[parity] ? seen->square[parity] : 0.0;
  if (free->all[0]) { /* the constant is among them, and h has none */
    made->along_one = 0.0;
    made->one = 1.0;
  }
  return PLIM_OK;
}

/* ---- the closed form ---- */

/* With their errors: rho^2 mu1*^2, and of the projection what rounding leaves. */
typedef struct {
  plim_value across, unlearned, constant, short_of_one; /* U, H^2, nu */
} parts_of_teacher;

static parts_of_teacher parts_of(const plimi_input *in, const plimi_step *step, const projection *x)
{
  static const double exact = 1e-13; /* of the Hermite coefficients, beside sigma* */
  const double size = in->star1.value + in->star2.value;
  const plim_value gam2 = v_div(in->star1, v_add(in->star1, v_div(in->s2, v_exact(step->step_psi1)))),
                   square = {x->square, exact * size}, one = {x->one, exact};
  return (parts_of_teacher){.across = v_mul(in->star1, v_sub(v_exact(1.0), gam2)),
                            .unlearned = v_add(in->star2, v_sub(v_mul(gam2, in->star1), square)),
                            .constant = v_square((plim_value){x->along_one, exact * sqrt(size)}),
                            .short_of_one = v_sub(v_exact(1.0), one)};
}

/* H^2 (Th - kappa Th') */
static plim_value price_of_constant(const plimi_input *in, const plimi_fixed_point *point,
                                    const parts_of_teacher *p)
{
  const plim_value z = w_value(point->z), mh = v_div(w_value(point->mp.zmh), z),
                   falling = v_div(v_sub(mh, v_mul(w_value(point->mp.y), w_value(point->mp.inv_root))), z),
                   cc = v_scale(0.5 * in->problem->psi2, v_square(in->sigma.c2));
  const plim_value damping = v_add(v_exact(1.0), v_mul(p->short_of_one, v_mul(cc, mh)));
  const plim_value sum = v_add(v_div(v_mul(cc, mh), damping),
                               v_div(v_mul(cc, v_mul(w_value(point->kappa), falling)), v_square(damping)));
  return v_mul(p->constant, sum);
}

static void numbers_of(const plimi_input *in, const plimi_step *step, const plimi_fixed_point *point,
                       const projection *x, plim_value number[PLIMI_ANY_NUMBERS])
{
  const parts_of_teacher p = parts_of(in, step, x);
  const plim_value zm = w_value(point->mp.zm), kappa = w_value(point->kappa),
                   inv_root = w_value(point->mp.inv_root),
                   b_mh = v_mul(w_value(point->b_share), w_value(point->mp.zmh)),
                   q = v_add(in->b, v_mul(in->a, v_add(zm, v_scale(in->problem->psi2, b_mh)))),
                   bulk = v_mul(v_mul(zm, inv_root), v_add(q, kappa)), ratio = w_value(point->ratio);
  const plim_value wrong = v_sub(v_add(p.unlearned, v_mul(p.across, bulk)), price_of_constant(in, point, &p));
  const plim_value residual = w_value(point->residual);
  number[PLIMI_ANY_RISK] = v_div(v_add(wrong, v_mul(w_value(point->gamma), in->noise2)), residual);
  number[PLIMI_ANY_TRAIN] = v_mul(v_square(ratio), v_div(v_add(wrong, in->noise2), residual));
  number[PLIMI_ANY_TAU] = v_exact(0.0);
  number[PLIMI_ANY_P] = v_div(v_mul(v_sqrt(p.across), v_sub(v_exact(1.0), zm)), in->sigma.mu1);
  if (in->star.mu1.value < 0.0)
    number[PLIMI_ANY_P].value = -number[PLIMI_ANY_P].value;
  number[PLIMI_ANY_V] = v_sub(v_div(v_exact(1.0), ratio), v_exact(1.0));
}

plim_status plimi_between_value(const plimi_input *in, const plimi_step *step, plimi_any_number which,
                                plim_value *value)
{
  plimi_fixed_point point;
  plimi_free_functions order[2];
  teacher_seen seen;
  plim_value number[2][PLIMI_ANY_NUMBERS];
  plim_status status = orders_of(in, step, &order[0], &order[1]);
  if (status == PLIM_OK)
    status = plimi_fixed_point_solve(in, &point);
  if (status == PLIM_OK)
    status = see_teacher(in, step->gam, order[1].all[0] || order[1].all[1], &seen);
  const double size = step->theta1 * step->theta1,
               tau = sqrt(size / (size + step->nu2 * step->s2 / step->step_psi1));
  for (size_t i = 0; i < 2 && status == PLIM_OK; i++) {
    projection x;
    status = project(&order[i], tau, &seen, &x);
    if (status == PLIM_OK)
      numbers_of(in, step, &point, &x, number[i]);
  }
  if (status != PLIM_OK)
    return status;
  const double apart = fabs(number[0][which].value - number[1][which].value);
  *value = (plim_value){number[1][which].value, number[1][which].error + apart};
  if (value->error > in->tolerance * fabs(value->value) && apart > 0.0) {
    *in->attainable = value->error / fabs(value->value);
    return PLIM_NOT_CONVERGED;
  }
  return PLIM_OK;
}
