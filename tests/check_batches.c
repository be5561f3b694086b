/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_batches.c - the gradient's batch and that of the ridge regression: which pairs they share, to the bit; what is
   then measured, against the definitions; readouts of finitely many values. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run_cases.h"
#include "sim_fixture.h"

static const plim_quantity quantities[] = {PLIM_RISK0,   PLIM_RISK1,        PLIM_DELTA,  PLIM_TRAIN1,
                                           PLIM_GCV,     PLIM_GRAD_FRO2,    PLIM_W1_TOP, PLIM_THETA1,
                                           PLIM_GRAD_OP, PLIM_GRAD_RANK_ONE};
enum { QUANTITIES = sizeof quantities / sizeof *quantities, PENALTIES = 3 };
static const double penalties[PENALTIES] = {0.0, 0.0385, 2.385};

/* Labels of one pair by matrix-vector products of two shapes: sums of d terms of order 1. */
static const double label_rounding = 1e-14;

typedef struct {
  plim_size size;
  plim_ridge_batch ridge_batch;
} batches;

static void open_batches(const batches *of, const char *activation, size_t steps, fixture *f)
{
  const fixture_settings settings = {.size = of->size,
                                     .activation = activation,
                                     .teacher = "softplus",
                                     .quantities = quantities,
                                     .n_quantities = QUANTITIES,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES};
  fixture_prepare(&settings, f);
  f->problem.ridge_batch = of->ridge_batch;
  f->problem.steps = steps;
  const plim_problem stated = plim_problem_at_size(&f->problem, &of->size);
  f->problem.overlap = stated.overlap;
  f->problem.extra = stated.extra;
  f->problem.step_psi1 = stated.step_psi1;
  fixture_open(f, 2);
}

static void run_batches(const batches *of, const char *activation, size_t steps, fixture *f)
{
  open_batches(of, activation, steps, f);
  ck_assert_int_eq(plimi_replica_run(&f->replica, 3), PLIM_OK);
}

/* What the fresh experiment draws, in the size without batches of their own. */
static void assert_draw(const fixture *f, plimi_purpose inputs, plimi_purpose noise, size_t from, size_t to)
{
  const plimi_replica *r = &f->replica;
  const size_t d = r->size.d;
  const plim_size plain = {.n = r->size.n, .d = d, .width = r->size.width};
  const plimi_stream x = plimi_stream_named(f->simulation.seed, &plain, r->number, inputs, 0);
  const plimi_stream e = plimi_stream_named(f->simulation.seed, &plain, r->number, noise, 0);
  double *column = malloc(d * sizeof *column);
  for (size_t i = from; i < to; i++) {
    double eps;
    plimi_stream_normals(&x, i * d, d, column);
    plimi_stream_normals(&e, i, 1, &eps);
    ck_assert_mem_eq(r->x.at + i * d, column, d * sizeof *column);
    const double y = plim_activation_value(f->teacher, plimi_dot(d, column, r->beta)) - r->teacher.mean;
    ck_assert_double_eq_tol(r->y[i], y + 0.23 * eps, label_rounding);
  }
  free(column);
}

/* n = 300 passes a tile; the parts are at odd places. */
static const batches designs[] = {
    {{.n = 23, .d = 11, .width = 17}, PLIM_RIDGE_FRESH},
    {{.n = 23, .d = 11, .width = 17, .step_n = 57}, PLIM_RIDGE_FRESH},
    {{.n = 23, .d = 11, .width = 17, .step_n = 5}, PLIM_RIDGE_FRESH},
    {{.n = 23, .d = 11, .width = 17, .shared = 23}, PLIM_RIDGE_SAME},
    {{.n = 23, .d = 11, .width = 17, .step_n = 9, .shared = 9}, PLIM_RIDGE_SAME},
    {{.n = 23, .d = 11, .width = 17, .step_n = 40, .shared = 9}, PLIM_RIDGE_SAME},
    {{.n = 23, .d = 11, .width = 17, .step_n = 12}, PLIM_RIDGE_SAME}, /* no overlap: 12 other pairs */
    {{.n = 300, .d = 13, .width = 7, .step_n = 600, .shared = 259}, PLIM_RIDGE_SAME},
};
enum { DESIGNS = sizeof designs / sizeof *designs };

/* The gradient's batch is step_n columns of INPUTS; of the ridge regression's the first `shared` are those, and the
   others those that a fresh one would have at their places. The network is the same in all. */
START_TEST(batches_share_what_is_stated)
{
  const batches *design = &designs[_i];
  const size_t d = design->size.d, shared = design->size.shared, n = design->size.n;
  fixture f, plain;
  open_batches(design, "tanh", 1, &f);
  open_batches(&(batches){{.n = n, .d = d, .width = design->size.width}, PLIM_RIDGE_FRESH}, "tanh", 1,
               &plain);
  f.replica.number = plain.replica.number = 3;
  plimi_draw_network(&f.replica);
  plimi_draw_network(&plain.replica);
  ck_assert_mem_eq(f.replica.w0.at, plain.replica.w0.at, d * design->size.width * sizeof(double));
  ck_assert_mem_eq(f.replica.readout, plain.replica.readout, design->size.width * sizeof(double));
  ck_assert_mem_eq(f.replica.beta, plain.replica.beta, d * sizeof(double));

  plimi_draw_batch(&f.replica, 0);
  ck_assert_uint_eq(f.replica.x.columns, plim_size_step_n(&design->size));
  assert_draw(&f, PLIMI_STREAM_INPUTS, PLIMI_STREAM_NOISE, 0, f.replica.x.columns);
  double *x = malloc((shared * d + 1) * sizeof *x), *y = malloc((shared + 1) * sizeof *y);
  memcpy(x, f.replica.x.at, shared * d * sizeof *x);
  memcpy(y, f.replica.y, shared * sizeof *y);
  plimi_gradient(&f.replica);
  ck_assert_int_eq(plimi_step(&f.replica), PLIM_OK);

  plimi_draw_ridge_batch(&f.replica);
  ck_assert_uint_eq(f.replica.x.columns, n);
  ck_assert_mem_eq(f.replica.x.at, x, shared * d * sizeof *x);
  ck_assert_mem_eq(f.replica.y, y, shared * sizeof *y);
  assert_draw(&f, PLIMI_STREAM_RIDGE_INPUTS, PLIMI_STREAM_RIDGE_NOISE, shared, n);
  free(x);
  free(y);
  fixture_close(&f);
  fixture_close(&plain);
}
END_TEST

/* Whatever the ridge regression sees, the same gradient's batch makes the same W1 bit for bit, after several steps too;
   and the fresh experiment is what it is without a size of its own. */
START_TEST(fresh_and_same_are_pairs)
{
  const size_t steps = _i % 2 == 0 ? 1 : 3, step_n = _i < 2 ? 0 : 31;
  const size_t step_all = step_n > 0 ? step_n : 23;
  fixture fresh, same, part;
  run_batches(&(batches){{.n = 23, .d = 11, .width = 17, .step_n = step_n}, PLIM_RIDGE_FRESH}, "relu", steps,
              &fresh);
  run_batches(&(batches){{.n = 23, .d = 11, .width = 17, .step_n = step_n, .shared = 23}, PLIM_RIDGE_SAME},
              "relu", steps, &same);
  run_batches(&(batches){{.n = 23, .d = 11, .width = 17, .step_n = step_all, .shared = 10}, PLIM_RIDGE_SAME},
              "relu", steps, &part);
  const size_t bytes = 11 * 17 * sizeof(double);
  ck_assert_mem_eq(same.replica.w1.at, fresh.replica.w1.at, bytes);
  ck_assert_mem_eq(part.replica.w1.at, fresh.replica.w1.at, bytes);
  ck_assert_mem_eq(part.replica.x.at, same.replica.x.at, 10 * 11 * sizeof(double));
  ck_assert_mem_eq(part.replica.y, same.replica.y, 10 * sizeof(double));
  ck_assert_mem_eq(part.replica.x.at + 110, fresh.replica.x.at + 110, 13 * 11 * sizeof(double));
  for (size_t i = 10; i < 23; i++)
    ck_assert_double_eq_tol(part.replica.y[i], fresh.replica.y[i], label_rounding);
  ck_assert_double_ne(same.replica.y[0], fresh.replica.y[0]);
  static const plim_quantity of_gradient[] = {PLIM_GRAD_FRO2, PLIM_GRAD_OP, PLIM_GRAD_RANK_ONE, PLIM_THETA1,
                                              PLIM_W1_TOP};
  for (size_t q = 0; q < sizeof of_gradient / sizeof *of_gradient; q++) {
    ck_assert_double_eq(plimi_result(&same.replica, of_gradient[q])[0],
                        plimi_result(&fresh.replica, of_gradient[q])[0]);
    ck_assert_double_eq(plimi_result(&part.replica, of_gradient[q])[0],
                        plimi_result(&fresh.replica, of_gradient[q])[0]);
  }
  for (size_t l = 0; l < PENALTIES; l++) {
    ck_assert_double_ne(plimi_result(&same.replica, PLIM_RISK1)[l],
                        plimi_result(&fresh.replica, PLIM_RISK1)[l]);
    ck_assert_double_ne(plimi_result(&same.replica, PLIM_RISK0)[l],
                        plimi_result(&fresh.replica, PLIM_RISK0)[l]);
  }
  fixture_close(&fresh);
  fixture_close(&same);
  fixture_close(&part);
}
END_TEST

/* sqrt(N) G0 has the mean over all step_n pairs, by the formula of section 1 with plain loops. */
START_TEST(gradient_is_the_mean_over_its_own_batch)
{
  fixture f;
  open_batches(&(batches){{.n = 4, .d = 5, .width = 6, .step_n = 9}, PLIM_RIDGE_FRESH}, "gelu", 1, &f);
  plimi_replica *r = &f.replica;
  plimi_draw_network(r);
  plimi_draw_batch(r, 0);
  double y[9], product[5] = {0.0};
  memcpy(y, r->y, sizeof y);
  plimi_gradient(r);
  for (size_t j = 0; j < 6; j++) {
    for (size_t k = 0; k < 5; k++) {
      double sum = 0.0;
      for (size_t i = 0; i < 9; i++) {
        const double *x = r->x.at + i * 5, z = plimi_dot(5, x, r->w0.at + j * 5);
        sum += x[k] * (y[i] - plain_output(&f, &r->w0, x)) * r->readout[j] *
               plim_activation_derivative(f.activation, z) / 9.0;
      }
      ck_assert_double_eq_tol(r->w1.at[k + j * 5], sum, 1e-14);
    }
  }
  for (size_t i = 0; i < 9; i++)
    for (size_t k = 0; k < 5; k++)
      product[k] += r->x.at[k + 5 * i] * y[i] / 9.0;
  ck_assert_int_eq(plimi_gradient_subject.measure(r), PLIM_OK); /* change = sqrt(N) (G0 - A) */
  for (size_t j = 0; j < 6; j++)
    for (size_t k = 0; k < 5; k++)
      ck_assert_double_eq_tol(r->change.at[k + j * 5],
                              r->w1.at[k + j * 5] - r->activation.mu1 * product[k] * r->readout[j], 1e-14);
  fixture_close(&f);
}
END_TEST

/* risk0 needs no gradient, yet on the same batch it sees the pairs of one: alone and beside risk1 it is the same
   number. */
START_TEST(initial_risk_sees_the_same_pairs)
{
  static const plim_quantity alone[] = {PLIM_RISK0};
  const batches *design = &designs[3 + _i];
  fixture f, whole;
  const fixture_settings settings = {.size = design->size,
                                     .activation = "tanh",
                                     .teacher = "softplus",
                                     .quantities = alone,
                                     .n_quantities = 1,
                                     .lambda = penalties,
                                     .n_lambda = PENALTIES};
  fixture_prepare(&settings, &f);
  f.problem.ridge_batch = PLIM_RIDGE_SAME;
  fixture_open(&f, 1);
  memset(f.replica.x.at, 0xff,
         f.replica.x.columns * design->size.d * sizeof(double)); /* no pair left by chance */
  ck_assert_int_eq(plimi_replica_run(&f.replica, 3), PLIM_OK);
  run_batches(design, "tanh", 1, &whole);
  for (size_t l = 0; l < PENALTIES; l++)
    ck_assert_double_eq(plimi_result(&f.replica, PLIM_RISK0)[l], plimi_result(&whole.replica, PLIM_RISK0)[l]);
  fixture_close(&f);
  fixture_close(&whole);
}
END_TEST

/* ---- what is measured on it ---- */

/* tr (I - H) / n and T1 of a finished replica with H = Phi (Phi'Phi + s I)^-1 Phi', s = shift, by elimination. */
typedef struct {
  double free, training;
} plain_fit;

static plain_fit fit_by_definition(const fixture *f, double shift)
{
  const plimi_replica *r = &f->replica;
  const size_t n = r->size.n, d = r->size.d, width = r->size.width;
  double *phi = malloc(n * width * sizeof *phi), *system = malloc(n * n * sizeof *system);
  double *column = malloc(n * sizeof *column);
  plain_fit fit = {0.0, 0.0};
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++)
      phi[i + j * n] = plain_sigma(f, plimi_dot(d, r->x.at + i * d, r->w1.at + j * d)) / sqrt((double)width);
  for (size_t e = 0; e <= n; e++) { /* I - H = s (Phi Phi' + s I)^-1, its columns and then the residual */
    for (size_t i = 0; i < n; i++) {
      for (size_t k = 0; k < n; k++) {
        double sum = i == k ? shift : 0.0;
        for (size_t j = 0; j < width; j++)
          sum += phi[i + j * n] * phi[k + j * n];
        system[i + k * n] = sum;
      }
      column[i] = e < n ? (i == e ? 1.0 : 0.0) : r->y[i];
    }
    plain_solve(n, system, column);
    for (size_t i = 0; i < n && e == n; i++)
      fit.training += pow(shift * column[i], 2) / (double)n;
    fit.free += e < n ? shift * column[e] / (double)n : 0.0;
  }
  free(phi);
  free(system);
  free(column);
  return fit;
}

/* gcv and train1 on the batches as drawn; gcv at lambda = 0 is its limit, by more samples than neurons, fewer, and as
   many. */
START_TEST(validation_by_the_definition)
{
  static const batches shapes[] = {
      {{.n = 19, .d = 6, .width = 8, .shared = 19}, PLIM_RIDGE_SAME},
      {{.n = 8, .d = 6, .width = 19, .step_n = 15, .shared = 3}, PLIM_RIDGE_SAME},
      {{.n = 9, .d = 6, .width = 9, .step_n = 30}, PLIM_RIDGE_FRESH},
  };
  /* linear features have rank d: zeros on both sides */
  const char *activation = _i < 3 ? "tanh" : "linear";
  const batches *shape = &shapes[_i % 3];
  const double near_zero = 1e-9, ratio = (double)shape->size.n / (double)shape->size.width;
  fixture f;
  run_batches(shape, activation, 1, &f);
  const double *gcv = plimi_result(&f.replica, PLIM_GCV), *train = plimi_result(&f.replica, PLIM_TRAIN1);
  for (size_t l = 0; l < PENALTIES; l++) {
    const double lambda = penalties[l] > 0.0 ? penalties[l] : near_zero;
    const plain_fit fit = fit_by_definition(&f, lambda * ratio);
    const double expected = fit.training / (fit.free * fit.free);
    const double tolerance = penalties[l] > 0.0 ? 1e-11 : 1e-4; /* the limit against a penalty near it */
    ck_assert_double_eq_tol(gcv[l], expected, tolerance * expected);
    if (penalties[l] > 0.0)
      ck_assert_double_eq_tol(train[l], fit.training, 1e-11 * fit.training);
  }
  fixture_close(&f);
}
END_TEST

/* ---- readouts ---- */

static void set_atoms(fixture *f, const char *name, plim_atoms *atoms)
{
  const char *why = NULL;
  ck_assert_int_eq(plim_atoms_read(name, atoms, &why), PLIM_OK);
  f->problem.readout = PLIM_READOUT_ATOMS;
  f->problem.atoms = atoms;
  plimi_draw_network(&f->replica);
}

/* Each zeta is the atom at the rank of the Gaussian one: monotone in it, with the stated shares (five standard
   deviations of a binomial count: 6e-7 each), and those of named laws to the bit. */
START_TEST(atoms_by_inversion)
{
  enum { WIDTH = 4000 };
  const batches design = {{.n = 2, .d = 2, .width = WIDTH}, PLIM_RIDGE_FRESH};
  fixture f;
  plim_atoms atoms;
  open_batches(&design, "tanh", 1, &f);
  double *gaussian = malloc(WIDTH * sizeof *gaussian), *zeta = malloc(WIDTH * sizeof *zeta);
  const double root = sqrt((double)WIDTH);
  plimi_draw_network(&f.replica);
  memcpy(gaussian, f.replica.readout, WIDTH * sizeof *gaussian);
  set_atoms(&f, "atoms:sqrt(1.5)@0.5,-sqrt(2/3)@0.3,sqrt(1/4)@0.2", &atoms);
  size_t count[3] = {0};
  for (size_t j = 0; j < WIDTH; j++) {
    zeta[j] = f.replica.readout[j] * root;
    const double u = 0.5 * (1.0 + erf(gaussian[j] * root / sqrt(2.0)));
    const size_t atom = u <= 0.3 ? 0 : u <= 0.5 ? 1 : 2;
    ck_assert_double_eq_tol(zeta[j], atoms.value[atom], 1e-14);
    count[atom]++;
  }
  for (size_t i = 0; i < 3; i++) {
    const double p = atoms.probability[i];
    ck_assert_double_eq_tol((double)count[i] / WIDTH, p, 5.0 * sqrt(p * (1.0 - p) / WIDTH));
  }
  set_atoms(&f, "atoms:1@0.5,-1@0.5", &atoms);
  memcpy(zeta, f.replica.readout, WIDTH * sizeof *zeta);
  f.problem.readout = PLIM_READOUT_RADEMACHER;
  plimi_draw_network(&f.replica);
  ck_assert_mem_eq(f.replica.readout, zeta, WIDTH * sizeof *zeta);
  set_atoms(&f, "atoms:1@1", &atoms);
  memcpy(zeta, f.replica.readout, WIDTH * sizeof *zeta);
  f.problem.readout = PLIM_READOUT_CONSTANT;
  plimi_draw_network(&f.replica);
  ck_assert_mem_eq(f.replica.readout, zeta, WIDTH * sizeof *zeta);
  free(gaussian);
  free(zeta);
  fixture_close(&f);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("batches");
  tcase_add_loop_test(tests, batches_share_what_is_stated, 0, DESIGNS);
  tcase_add_loop_test(tests, fresh_and_same_are_pairs, 0, 4);
  tcase_add_test(tests, gradient_is_the_mean_over_its_own_batch);
  tcase_add_loop_test(tests, initial_risk_sees_the_same_pairs, 0, DESIGNS - 3);
  tcase_add_loop_test(tests, validation_by_the_definition, 0, 6);
  tcase_add_test(tests, atoms_by_inversion);
  return run_cases("batches", 1, &tests);
}
