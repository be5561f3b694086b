/* SPDX-License-Identifier: GPL-3.0-or-later */
/* small_step.c - ridge regression on the features at W0, at W1, at spiked weights and between two steps: risk, training
   error, effective ridge.

   Phi = N^-1/2 sigma(Xt W), n x N, from the second batch (that of the ridge regression; it may share pairs with the
   gradient's); for every lambda of the path
     ahat = (Phi'Phi + shift I)^-1 Phi'yt = Phi'(Phi Phi' + shift I)^-1 yt,   shift = lambda n/N
   ([BA] NeurIPS section 3) by whichever side is smaller. With the eigenvalues e_i of Phi Phi' (n of them, those beyond
   min(n, N) being 0)
     kappa = N / sum_i 1/(e_i + shift)          = lambda / (1 - df1/n), df1 the trace of the hat matrix
     gamma = 1 - (sum_i 1/(e_i + shift))^2 / (n sum_i 1/(e_i + shift)^2),   1/(1 - gamma) = d kappa/d lambda
   (derived here; the second form of kappa has the limit lambda -> 0 in it). */
#include <float.h>
#include <math.h>
#include <string.h>

#include "sim.h"

static bool by_samples(const plimi_replica *r)
{
  return r->size.n <= r->size.width;
}

/* The Gram matrix of the features in a lane. */
static void form_gram(plimi_replica *r, size_t lane)
{
  const plimi_path *path = &r->path[lane];
  const plimi_matrix gram = plimi_matrix_of(path->band.a, path->band.order, path->band.order);
  plimi_gram(r->team, by_samples(r) ? PLIMI_OF_ROWS : PLIMI_OF_COLUMNS, &r->features[lane], &gram);
}

/* The path of one side but for that: the right-hand side. */
static void prepare(plimi_replica *r, size_t lane)
{
  plimi_path *path = &r->path[lane];
  const plimi_matrix *phi = &r->features[lane];
  path->band.order = by_samples(r) ? r->size.n : r->size.width;
  path->shift = r->shift;
  if (by_samples(r))
    memcpy(path->rhs, r->y, r->size.n * sizeof *path->rhs);
  else
    plimi_apply_transposed(1.0, phi, r->y, 0.0, path->rhs);
}

/* ahat and the training error from the solutions of a lane. By samples the residual is shift times the solution, which
   keeps its digits however small it is; the limit shift = 0 takes it by subtraction, like the other side. */
static void finish(plimi_replica *r, size_t lane, plimi_side *side)
{
  const size_t n = r->size.n, n_lambda = r->measurement->n_lambda;
  const plimi_matrix *phi = &r->features[lane];
  const plimi_matrix solution = plimi_matrix_of(r->path[lane].solutions, r->path[lane].band.order, n_lambda);
  const plimi_matrix coefficients = plimi_matrix_of(side->coefficients, r->size.width, n_lambda);
  if (by_samples(r))
    plimi_product(PLIMI_TN, 1.0, phi, &solution, 0.0, &coefficients);
  else
    memcpy(side->coefficients, solution.at, r->size.width * n_lambda * sizeof *solution.at);
  for (size_t l = 0; l < n_lambda; l++) {
    const double over_shift = by_samples(r) ? plimi_norm(n, solution.at + l * n) : 0.0;
    double norm;
    side->limit[l] = over_shift * over_shift / (double)n;
    if (by_samples(r) && r->shift[l] > 0.0) {
      norm = r->shift[l] * over_shift;
    } else {
      memcpy(r->output, r->y, n * sizeof *r->output);
      plimi_apply(-1.0, phi, side->coefficients + l * r->size.width, 1.0, r->output);
      norm = plimi_norm(n, r->output);
    }
    side->training[l] = norm * norm / (double)n;
  }
}

static void finish_blocks(plimi_replica *r, size_t lane, plimi_side *side)
{
  const size_t length = r->size.width * r->measurement->n_lambda;
  memcpy(side->coefficients, r->path[lane].solutions, length * sizeof *side->coefficients);
  if (plimi_needs(r, PLIMI_NEEDS_TRAINING))
    plimi_block_training(r, lane, side);
}

/* The systems of the sides given, one a lane. */
static void prepare_lanes(plimi_replica *r, const size_t *wanted, size_t lanes)
{
  plimi_block_sums sums = {.lanes = lanes};
  for (size_t lane = 0; lane < lanes; lane++) {
    sums.weights[lane] = &r->side[wanted[lane]].weights;
    if (r->plan.by_blocks)
      continue;
    plimi_features(r, sums.weights[lane], lane);
    prepare(r, lane);
  }
  if (r->plan.by_blocks)
    plimi_sum_blocks(r, &sums);
}

/* Is a path in float worth a trial? Not where eigenvalues are wanted, which nothing refines, nor with a penalty that is
   lost in the rounding of the Gram matrix, whose largest eigenvalue is about that of independent entries. */
static bool try_single(const plimi_replica *r, size_t side)
{
  const double edge = 1.0 + sqrt((double)r->size.n / (double)r->size.width);
  const double least = plimi_single_path_least(r->activation.variance * edge * edge);
  bool above = true;
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    above = above && r->shift[l] >= least;
  return above && plimi_has_single_paths(r) && !plimi_needs(r, plimi_eigen_at(side));
}

/* The systems that prepare_lanes has left: in float where that serves, all others in double. */
static plim_status solve_lanes(plimi_replica *r, const size_t *wanted, size_t lanes)
{
  const plimi_path_settings settings = {
      .team = r->team, .factors = r->factors, .n_shift = r->measurement->n_lambda};
  size_t left = 0;
  plim_status status = PLIM_OK;
  for (size_t lane = 0; lane < lanes; lane++) {
    plimi_single_path *single = &r->single[lane];
    single->path = &r->path[lane];
    single->phi = &r->features[lane];
    single->of_rows = by_samples(r);
    single->serves = try_single(r, wanted[lane]);
  }
  plimi_single_paths_solve(&settings, lanes, r->single);
  for (size_t lane = 0; lane < lanes; lane++)
    left += !r->single[lane].serves;
  r->paths += lanes;
  r->paths_in_double += left;
  for (size_t lane = 0; lane < lanes && !r->plan.by_blocks; lane++)
    if (!r->single[lane].serves)
      form_gram(r, lane);
  if (left == lanes) /* side by side */
    return plimi_paths_solve(&settings, lanes, r->path);
  for (size_t lane = 0; lane < lanes && status == PLIM_OK; lane++)
    if (!r->single[lane].serves)
      status = plimi_paths_solve(&settings, 1, &r->path[lane]);
  return status;
}

/* Solve the sides wanted, as many at a time as there are lanes. */
static plim_status solve_sides(plimi_replica *r)
{
  size_t wanted[PLIMI_SIDES], count = 0;
  for (size_t s = 0; s < PLIMI_SIDES; s++)
    if (plimi_needs(r, plimi_ridge_at(s)))
      wanted[count++] = s;
  for (size_t done = 0; done < count; done += r->plan.lanes) {
    const size_t lanes = count - done < r->plan.lanes ? count - done : r->plan.lanes;
    prepare_lanes(r, wanted + done, lanes);
    const plim_status status = solve_lanes(r, wanted + done, lanes);
    if (status != PLIM_OK)
      return status;
    for (size_t lane = 0; lane < lanes; lane++) {
      plimi_side *side = &r->side[wanted[done + lane]];
      if (r->plan.by_blocks)
        finish_blocks(r, lane, side);
      else
        finish(r, lane, side);
      if (plimi_needs(r, plimi_eigen_at(wanted[done + lane]))) {
        const plim_status eigen = plimi_path_eigenvalues(&r->path[lane], side->eigenvalues);
        if (eigen != PLIM_OK)
          return eigen;
      }
    }
  }
  return PLIM_OK;
}

/* All risks by the same estimator, so that their differences are paired. Those after the first step and on the other
   data stand where their differences will. */
static plim_status measure_risks(plimi_replica *r)
{
  const plim_quantity name[PLIMI_SIDES] = {PLIM_RISK0, PLIM_RISK1, PLIM_SRF_RISK, PLIM_DELTA2,
                                           PLIM_REUSE_GAIN};
  bool exact = plimi_has_exact_risk(r);
  for (size_t s = 0; s < PLIMI_SIDES && exact; s++) {
    if (!plimi_needs(r, plimi_risk_at(s)))
      continue;
    const plim_status status = plimi_exact_risk(r, &r->side[s], plimi_result(r, name[s]));
    if (status == PLIM_NOT_CONVERGED)
      exact = false;
    else if (status != PLIM_OK)
      return status;
  }
  for (size_t s = 0; s < PLIMI_SIDES && !exact; s++) {
    if (plimi_needs(r, plimi_risk_at(s)))
      plimi_test_risk(r, &r->side[s], plimi_result(r, name[s]));
  }
  return PLIM_OK;
}

/* The n eigenvalues of Phi Phi' at a side: `nonzero` of them are not 0, and end the array of `order`. */
typedef struct {
  const double *eigenvalues;
  size_t order, nonzero;
  double zeros; /* n - nonzero */
} spectrum;

static spectrum spectrum_of(const plimi_replica *r, const plimi_side *side)
{
  const size_t order = by_samples(r) ? r->size.n : r->size.width;
  const double zero = (double)order * DBL_EPSILON * side->eigenvalues[order - 1];
  size_t nonzero = 0;
  while (nonzero < order && side->eigenvalues[order - 1 - nonzero] > zero)
    nonzero++;
  return (spectrum){.eigenvalues = side->eigenvalues,
                    .order = order,
                    .nonzero = nonzero,
                    .zeros = (double)r->size.n - (double)nonzero};
}

/* Added to what is there: sum_i 1/(e_i + shift) and the sum of its terms' squares, without those of e_i = 0. */
static void add_inverses(const spectrum *of, double shift, double *first, double *second)
{
  for (size_t i = of->order - of->nonzero; i < of->order; i++) {
    const double inverse = 1.0 / (of->eigenvalues[i] + shift);
    *first += inverse;
    *second += inverse * inverse;
  }
}

/* kappa and gamma for one shift. Eigenvalues of 0 contribute zeros/shift to the sum, which as shift -> 0 leaves
   kappa = 0 and gamma = nonzero/n. */
static void degrees(const plimi_replica *r, double shift, const spectrum *of, double *kappa, double *gamma)
{
  const double n = (double)r->size.n, zeros = of->zeros;
  if (shift == 0.0 && zeros > 0.0) {
    *kappa = 0.0;
    *gamma = (double)of->nonzero / n;
    return;
  }
  double first = zeros > 0.0 ? zeros / shift : 0.0, second = zeros > 0.0 ? zeros / (shift * shift) : 0.0;
  add_inverses(of, shift, &first, &second);
  *kappa = (double)r->size.width / first;
  *gamma = 1.0 - first * (first / second) / n;
}

static void measure_degrees(plimi_replica *r)
{
  const spectrum at_w0 = spectrum_of(r, &r->side[PLIMI_AT_W0]);
  for (size_t l = 0; l < r->measurement->n_lambda; l++)
    degrees(r, r->shift[l], &at_w0, plimi_result(r, PLIM_KAPPA) + l, plimi_result(r, PLIM_DF2) + l);
}

/* T1 / ((1/n) tr (I - H))^2, H the hat matrix at W1: tr (I - H) = zeros + shift sum_i 1/(e_i + shift). Where no e_i
   is 0 both parts vanish with the shift, and what is left is the ratio of their limits over shift^2. */
static void measure_validation(plimi_replica *r)
{
  const plimi_side *side = &r->side[PLIMI_AT_W1];
  const spectrum at_w1 = spectrum_of(r, side);
  double *row = plimi_result(r, PLIM_GCV);
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    double first = 0.0, second = 0.0;
    add_inverses(&at_w1, r->shift[l], &first, &second);
    const bool vanishes = r->shift[l] == 0.0 && at_w1.zeros == 0.0;
    const double free = (vanishes ? first : at_w1.zeros + r->shift[l] * first) / (double)r->size.n;
    row[l] = (vanishes ? side->limit[l] : side->training[l]) / (free * free);
  }
}

/* What was measured along the path of a side, where it is wanted under this name. */
static void copy_row(plimi_replica *r, plim_quantity name, const double *row)
{
  if (r->plan.wants[name])
    memcpy(plimi_result(r, name), row, r->measurement->n_lambda * sizeof *row);
}

/* delta2 = R(W after the first step) - R(W2); reuse_gain = R(W2, fresh batch) - R(W2, same batch). */
static void compare_steps(plimi_replica *r)
{
  const double sign =
      r->problem->batch == PLIM_BATCH_SAME ? 1.0 : -1.0; /* the other batch is the fresh one */
  const double *after = plimi_result(r, PLIM_RISK1);
  double *gain = plimi_result(r, PLIM_DELTA2), *reuse = plimi_result(r, PLIM_REUSE_GAIN);
  for (size_t l = 0; l < r->measurement->n_lambda; l++) {
    if (plimi_needs(r, PLIMI_NEEDS_RISK_AT_FIRST))
      gain[l] -= after[l];
    if (plimi_needs(r, PLIMI_NEEDS_RISK_AT_OTHER))
      reuse[l] = sign * (reuse[l] - after[l]);
  }
}

static plim_status measure(plimi_replica *r)
{
  if (!plimi_needs(r, PLIMI_NEEDS_SOME_RIDGE))
    return PLIM_OK;
  const size_t n_lambda = r->measurement->n_lambda;
  for (size_t l = 0; l < n_lambda; l++)
    r->shift[l] = r->measurement->lambda[l] * ((double)r->size.n / (double)r->size.width);
  r->side[PLIMI_AT_W0].weights = r->w0;
  r->side[PLIMI_AT_W1].weights = r->w1;
  r->side[PLIMI_AT_SPIKED].weights = r->spiked;
  r->side[PLIMI_AT_FIRST].weights = r->first;
  r->side[PLIMI_AT_OTHER].weights = r->other;
  plim_status status = solve_sides(r);
  if (status == PLIM_OK)
    status = measure_risks(r);
  if (status != PLIM_OK)
    return status;
  if (plimi_needs(r, PLIMI_NEEDS_EIGEN_AT_W0))
    measure_degrees(r);
  if (plimi_needs(r, PLIMI_NEEDS_EIGEN_AT_W1))
    measure_validation(r);
  copy_row(r, PLIM_TRAIN0, r->side[PLIMI_AT_W0].training);
  copy_row(r, PLIM_TRAIN1, r->side[PLIMI_AT_W1].training);
  copy_row(r, PLIM_TRAIN, r->side[PLIMI_AT_W1].training);
  copy_row(r, PLIM_TRAIN2, r->side[PLIMI_AT_W1].training);
  copy_row(r, PLIM_SRF_TRAIN, r->side[PLIMI_AT_SPIKED].training);
  copy_row(r, PLIM_RISK, plimi_result(r, PLIM_RISK1));
  copy_row(r, PLIM_RISK2, plimi_result(r, PLIM_RISK1));
  compare_steps(r);
  for (size_t l = 0; l < n_lambda && r->plan.wants[PLIM_DELTA]; l++)
    plimi_result(r, PLIM_DELTA)[l] = plimi_result(r, PLIM_RISK0)[l] - plimi_result(r, PLIM_RISK1)[l];
  return PLIM_OK;
}

static const plimi_experiment experiments[] = {
    {{PLIM_KAPPA, "N / tr (Phi Phi' + (lambda n/N) I)^-1 with Phi the features at W0 of the second batch",
      true},
     PLIMI_NEEDS_EIGEN_AT_W0},
    {{PLIM_DF2, "1 - (tr M)^2 / (n tr M^2), M = (Phi Phi' + (lambda n/N) I)^-1, Phi the features at W0",
      true},
     PLIMI_NEEDS_EIGEN_AT_W0},
    {{PLIM_RISK0,
      "ridge on Phi = N^-1/2 sigma(Xt W0) of the second batch, penalty (lambda/N)|a|^2; expectation of "
      "(ahat' phi(x) - f*(x))^2 over the test point, exact where available, else over a fresh test set",
      true},
     PLIMI_NEEDS_RISK_AT_W0},
    {{PLIM_RISK1, "the same at W1, the weights after the gradient step(s) on the first batch", true},
     PLIMI_NEEDS_RISK_AT_W1},
    {{PLIM_DELTA, "risk0 - risk1 of the same replica", true},
     PLIMI_NEEDS_RISK_AT_W0 | PLIMI_NEEDS_RISK_AT_W1},
    {{PLIM_TRAIN0, "(1/n) |yt - Phi ahat|^2 of the ridge regression on the features at W0", true},
     PLIMI_NEEDS_RIDGE_AT_W0 | PLIMI_NEEDS_TRAINING},
    {{PLIM_TRAIN1, "(1/n) |yt - Phi ahat|^2 of the ridge regression on the features at W1", true},
     PLIMI_NEEDS_RIDGE_AT_W1 | PLIMI_NEEDS_TRAINING},
    {{PLIM_GCV, "T1 / ((1/n) tr (I - H))^2, H the hat matrix of the ridge regression on the features at W1",
      true},
     PLIMI_NEEDS_EIGEN_AT_W1 | PLIMI_NEEDS_TRAINING},
    {{PLIM_RISK, "the measurement of risk1", true}, PLIMI_NEEDS_RISK_AT_W1},
    {{PLIM_TRAIN, "the measurement of train1", true}, PLIMI_NEEDS_RIDGE_AT_W1 | PLIMI_NEEDS_TRAINING},
    {{PLIM_RISK2, "the measurement of risk1 after two steps", true},
     PLIMI_NEEDS_RISK_AT_W1 | PLIMI_NEEDS_TWO_STEPS},
    {{PLIM_TRAIN2, "the measurement of train1 after two steps", true},
     PLIMI_NEEDS_RIDGE_AT_W1 | PLIMI_NEEDS_TRAINING | PLIMI_NEEDS_TWO_STEPS},
    {{PLIM_DELTA2, "the risk at the weights after the first of two steps, less risk2 of the same replica",
      true},
     PLIMI_NEEDS_RISK_AT_FIRST | PLIMI_NEEDS_RISK_AT_W1 | PLIMI_NEEDS_TWO_STEPS},
    {{PLIM_REUSE_GAIN,
      "risk2 with the second step on a fresh batch, less risk2 with it on the first batch, from one W0, "
      "first step "
      "and ridge batch; one number whichever --batch says",
      true},
     PLIMI_NEEDS_RISK_AT_OTHER | PLIMI_NEEDS_RISK_AT_W1 | PLIMI_NEEDS_TWO_STEPS},
    {{PLIM_SRF_RISK,
      "the same at weights drawn from the law that W1 tends to: e theta1 zeta_j v + sqrt(c_j) w0_j, on the "
      "same W0",
      true},
     PLIMI_NEEDS_RISK_AT_SPIKED | PLIMI_NEEDS_SINGLE_STEP},
    {{PLIM_SRF_TRAIN, "(1/n) |yt - Phi ahat|^2 of the ridge regression on the features at those weights",
      true},
     PLIMI_NEEDS_RIDGE_AT_SPIKED | PLIMI_NEEDS_TRAINING | PLIMI_NEEDS_SINGLE_STEP},
};

const plimi_subject plimi_small_step_subject = {.experiments = experiments,
                                                .count = sizeof experiments / sizeof *experiments,
                                                .stage = PLIMI_AFTER_SECOND_BATCH,
                                                .measure = measure};
