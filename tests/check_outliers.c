/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_outliers.c - what an even part of sigma adds to the kernel's outliers, by the determinant of the population's
   rank-one parts with its integrals by quadrature; thresholds and ties to the last bit. */
#include <math.h>

#include "spectral_map_fixture.h"
#include "tolerances.h"

/* ---- an even part: the population's determinant, with its integrals by quadrature ---- */

typedef struct {
  double b, l;
} population;

static double inverse(double t, void *params)
{
  const population *q = params;
  return 1.0 / (q->l - q->b - t);
}

static double inverse2(double t, void *params)
{
  return inverse(t, params) * inverse(t, params);
}

static double linear_part(double t, void *params)
{
  return t * inverse(t, params);
}

static double linear_part2(double t, void *params)
{
  return t * inverse2(t, params);
}

/* The rank-one parts over H: s of the step, chi of the norms in the step's direction (0: in one of its own). */
typedef struct {
  double s, chi;
} parts;

/* det(I - K G), G = diag(v'Rv, w'Rw), v = a/|a|, w = W0'u; 1 - chi v'Rv where s = 0 */
static double determinant(const plimi_input *in, const parts *part, double l)
{
  population q = {in->b.value, l};
  const double a = in->a.value, psi2 = in->problem->psi2;
  const double vv = spectral_average(a, psi2, inverse, &q);
  const double ww = a > 0.0 ? psi2 / a * spectral_average(a, psi2, linear_part, &q) : 0.0;
  return 1.0 - (a * part->s + part->chi) * vv - a * a * part->s * vv * ww;
}

/* The largest l beyond H where the determinant is 0, or 0. */
static double population_spike(const plimi_input *in, const parts *part)
{
  const double right = right_end_of(in);
  double low = right * (1.0 + 1e-7), high = 10.0 * (right + part->chi + in->a.value * part->s);
  if (determinant(in, part, low) >= 0.0)
    return 0.0;
  for (int i = 0; i < 60; i++) {
    const double middle = 0.5 * (low + high);
    if (determinant(in, part, middle) < 0.0)
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* psi'(l) mu1^2 (beta*'W1 xi)^2/l with xi made from the resolvent and normalised by its derivatives */
static double overlap_by_quadrature(const plimi_input *in, const parts *part, double share, double l)
{
  population q = {in->b.value, l};
  const double a = in->a.value, psi2 = in->problem->psi2;
  const double vv = spectral_average(a, psi2, inverse, &q), vv2 = spectral_average(a, psi2, inverse2, &q);
  const double ww = psi2 / a * spectral_average(a, psi2, linear_part, &q);
  const double ww2 = psi2 / a * spectral_average(a, psi2, linear_part2, &q);
  const double along_v2 = 1.0 / (vv2 / (vv * vv) + a * a * part->s * ww2);
  const double push = 1.0 + a * ww;
  return slope_at(in, q.l) * a / l * share * part->s * along_v2 * push * push;
}

static const char *const mixtures[] = {"relu", "expr:0.8*z+0.6*(z*z-1)", "expr:0.31*z+z*z", "silu",
                                       "hermite2"};
enum { MIXTURES = sizeof mixtures / sizeof mixtures[0] };

START_TEST(even_part_by_quadrature)
{
  const plim_readout readout = (plim_readout)_i;
  const bool constant = readout == PLIM_READOUT_CONSTANT;
  plim_theory *theory = new_theory();
  sweep s = {77003 + (unsigned)_i};
  int norms = 0, steps = 0, edges = 0;
  for (int i = 0; i < 120; i++) {
    plim_problem p = problem_called(mixtures[i % MIXTURES], "tanh");
    p.readout = readout;
    p.noise = 0.37;
    p.psi1 = sweep_log(&s, 0.3, 20.0);
    p.psi2 = sweep_log(&s, 0.3, 6.0);
    p.eta = sweep_log(&s, 0.5, 12.0);
    const plimi_input in = input_of(theory, &p);
    const plimi_spike spike = plimi_spike_of(&in);
    const double c2 = in.sigma.c2.value, chi = 0.5 * p.psi2 * c2 * c2;
    const parts step = {spike.total.value, constant ? chi : 0.0}, norm = {0.0, chi};
    const double by_step = in.a.value > 0.0 ? population_spike(&in, &step) : 0.0;
    const double by_norms = population_spike(&in, &norm), l = fmax(by_step, by_norms);
    const double steepness = l > 0.0 ? slope_at(&in, l) : -1.0;
    const double top = limit_of(theory, PLIM_CK_TOP, &p).value,
                 overlap = limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value;
    if (steepness > 1e-3) {
      assert_close(top, image_at(&in, l), 1e-10, 0.0, "psi(l)");
      const double expected =
          by_step > by_norms
              ? overlap_by_quadrature(&in, &step, spike.signal.value / spike.total.value, by_step)
              : 0.0;
      assert_close(overlap, expected, 1e-8, 1e-10, "alignment");
      if (by_step > by_norms)
        steps++;
      else
        norms++;
    } else if (steepness < -1e-3) {
      assert_close(top, edge_by_search(&in), 1e-9, 0.0, "edge");
      ck_assert(overlap == 0.0);
      edges++;
    }
    problem_clear(&p);
  }
  ck_assert_msg(norms > 5 && steps > 20 && edges > 10, "%d norms, %d steps, %d edges", norms, steps, edges);
  plim_theory_free(theory);
}
END_TEST

/* Mixed with the inputs' norms the step is seen earlier and at a larger value, whatever the readout's other choices. */
START_TEST(constant_readout_lifts_the_spike)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("relu", "tanh");
  p.psi1 = 2.385;
  p.psi2 = 1.31;
  int seen = 0, unseen = 0;
  for (double eta = 0.3; eta < 9.0; eta *= 1.07) {
    p.eta = eta;
    p.readout = PLIM_READOUT_GAUSSIAN;
    const double alone = limit_of(theory, PLIM_CK_TOP, &p).value;
    p.readout = PLIM_READOUT_CONSTANT;
    const double mixed = limit_of(theory, PLIM_CK_TOP, &p).value;
    ck_assert_double_ge(mixed, alone * (1.0 - 1e-12));
    if (limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value > 0.0) {
      ck_assert_double_gt(mixed, alone);
      seen++;
    } else
      unseen++;
  }
  ck_assert_msg(seen > 10 && unseen > 0, "the step is seen %d times, %d not", seen, unseen);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* On both sides of the step's threshold, one double apart, the errors cover what the other side says. */
START_TEST(errors_cover_the_threshold)
{
  const char *const names[] = {"tanh", "erf", "relu", "softplus", "expr:0.8*z+0.6*(z*z-1)"};
  plim_theory *theory = new_theory();
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
      plim_problem p = problem_called(names[k], "erf");
      p.readout = (plim_readout)readout;
      p.psi1 = 2.385;
      p.psi2 = 1.31;
      double low = 0.01, high = 50.0;
      while (nextafter(low, high) < high) {
        p.eta = low + 0.5 * (high - low);
        if (limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value > 0.0)
          high = p.eta;
        else
          low = p.eta;
      }
      p.eta = low;
      const plim_value none = limit_of(theory, PLIM_CK_LEFT_XBETA, &p),
                       edge = limit_of(theory, PLIM_CK_TOP, &p);
      p.eta = high;
      const plim_value some = limit_of(theory, PLIM_CK_LEFT_XBETA, &p),
                       top = limit_of(theory, PLIM_CK_TOP, &p);
      ck_assert_msg(none.value == 0.0 && none.error > 0.0, "%s: 0 with the error %g", names[k], none.error);
      ck_assert_double_le(some.value, none.error + some.error);
      ck_assert_double_le(fabs(top.value - edge.value), top.error + edge.error);
      ck_assert_double_le(fmax(none.error, some.error), 1e-10); /* and are of use */
      ck_assert_double_le(fmax(top.error, edge.error), TOLERANCE_BOUND * top.value);
      problem_clear(&p);
    }
  }
  plim_theory_free(theory);
}
END_TEST

/* Where the step's eigenvalue overtakes that of the norms, the top vector jumps: there it has no limit. */
START_TEST(vectors_tie)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called("expr:0.31*z+z*z", "tanh");
  plim_value value = {NAN, NAN}, top = {NAN, NAN};
  p.psi1 = 3.7;
  p.psi2 = 2.385;
  double low = 0.1, high = 100.0; /* the norms' vector, the step's */
  plim_status status = PLIM_OK;
  for (int i = 0; i < 80; i++) {
    p.eta = 0.5 * (low + high);
    status = plim_limit(theory, PLIM_CK_LEFT_XBETA, &p, &value);
    if (status != PLIM_OK)
      break;
    if (value.value > 0.0)
      high = p.eta;
    else
      low = p.eta;
  }
  ck_assert_int_eq(status, PLIM_OUTSIDE_DOMAIN);
  ck_assert_int_eq(plim_limit(theory, PLIM_CK_TOP, &p, &top), PLIM_OK);
  p.eta = low;
  ck_assert(limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value == 0.0);
  p.eta = high;
  ck_assert_double_gt(limit_of(theory, PLIM_CK_LEFT_XBETA, &p).value, 0.1);
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

/* Its root in the gap of H, from -infinity at the point mass upwards. */
static double root_in_gap(const plimi_input *in, const parts *part)
{
  const double width = in->a.value * pow(sqrt(in->problem->psi2) - 1.0, 2.0);
  double low = in->b.value + 1e-6 * width, high = in->b.value + (1.0 - 1e-6) * width;
  for (int i = 0; i < 45; i++) {
    const double middle = 0.5 * (low + high);
    if (determinant(in, part, middle) < 0.0)
      low = middle;
    else
      high = middle;
  }
  return high;
}

START_TEST(outliers_in_the_gap)
{
  plim_theory *theory = new_theory();
  plim_problem p = problem_called(_i == 0 ? "relu" : "gelu", "tanh");
  p.psi1 = 29.3;
  p.psi2 = 4.17;
  p.eta = 5.385;
  for (int readout = 0; readout < PLIM_READOUT_ATOMS; readout++) {
    p.readout = (plim_readout)readout;
    const plimi_input in = input_of(theory, &p);
    const double chi = 0.5 * p.psi2 * in.sigma.c2.value * in.sigma.c2.value;
    const parts norms = {0.0, chi}, both = {plimi_spike_of(&in).total.value, chi};
    const double alone = root_in_gap(&in, &norms), mixed = root_in_gap(&in, &both);
    plim_density *density = NULL;
    ck_assert_int_eq(plim_density_alloc(theory, PLIM_SPECTRUM_KERNEL, &p, &density), PLIM_OK);
    const plim_support *support = plim_density_support(density);
    ck_assert_uint_eq(support->intervals, 2);
    ck_assert_uint_eq(support->outliers, 3); /* the step's is above the bulk */
    ck_assert_double_gt(support->outlier[0].value, support->interval[1].high.value);
    /* of the weights' norms, and of the inputs' but for `constant` */
    const double own = image_at(&in, alone);
    const double other = p.readout == PLIM_READOUT_CONSTANT ? image_at(&in, mixed) : own;
    assert_close(support->outlier[1].value, fmax(own, other), 1e-10, 0.0, "first in the gap");
    assert_close(support->outlier[2].value, fmin(own, other), 1e-10, 0.0, "second in the gap");
    ck_assert_double_lt(support->outlier[1].value, support->interval[1].low.value);
    ck_assert_double_gt(support->outlier[2].value, support->interval[0].high.value);
    plim_density_free(density);
  }
  problem_clear(&p);
  plim_theory_free(theory);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("outliers");
  tcase_add_loop_test(tests, even_part_by_quadrature, 0, PLIM_READOUT_ATOMS);
  tcase_add_test(tests, constant_readout_lifts_the_spike);
  tcase_add_test(tests, errors_cover_the_threshold);
  tcase_add_test(tests, vectors_tie);
  tcase_add_loop_test(tests, outliers_in_the_gap, 0, 2);
  return run_case(tests, "outliers");
}
