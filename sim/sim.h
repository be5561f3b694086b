/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sim.h - one replica of the experiment and what may be measured on it. Private to sim/.

   network.c and batches.c draw the replica, steps.c takes the gradient steps; each subject (gradient.c, weights.c,
   small_step.c, ...; subjects.c is the list) declares what its quantities need and measures them at the stage where
   that is at hand; plan.c makes one plan of the needs; replica.c owns the memory and runs the stages; replicas.c runs
   many replicas. */
#ifndef PLIM_SIM_SIM_H
#define PLIM_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "dense.h"
#include "device.h"
#include "moments.h"
#include "plim_simulation.h"
#include "ridge_path.h"
#include "single.h"
#include "single_path.h"
#include "stream.h"
#include "team.h"

/* The feature maps that ridge regression compares: at W0, at W1 (after all steps), at weights drawn from the law W1
   tends to; and of two steps after the first alone, and after a second one on the data that the problem does not
   take, a fresh batch for the same and the same for a fresh one. */
enum { PLIMI_AT_W0, PLIMI_AT_W1, PLIMI_AT_SPIKED, PLIMI_AT_FIRST, PLIMI_AT_OTHER, PLIMI_SIDES };
enum { PLIMI_LANES = 2 }; /* ridge paths at a time, at most */

/* What a quantity needs of a replica, declared in its descriptor. The plan of a replica is the union over what was
   asked, with what each need rests on itself (plan.c). */
enum {
  PLIMI_NEEDS_GRADIENT = 1 << 0,        /* sqrt(N) G0 is formed */
  PLIMI_NEEDS_STEP = 1 << 1,            /* W1 is formed */
  PLIMI_NEEDS_CHANGE = 1 << 2,          /* so is sqrt(N) (G0 - A) or W1 - W0 */
  PLIMI_NEEDS_DIRECTION = 1 << 3,       /* X'y of the first batch is remembered */
  PLIMI_NEEDS_SPIKED = 1 << 4,          /* the weights of the spiked random features are drawn */
  PLIMI_NEEDS_SECOND_BATCH = 1 << 5,    /* the batch that ridge regressions see is drawn */
  PLIMI_NEEDS_FEATURES = 1 << 6,        /* memory for n x N features */
  PLIMI_NEEDS_RIDGE_AT_W0 = 1 << 7,     /* a ridge path on the features at W0 */
  PLIMI_NEEDS_RIDGE_AT_W1 = 1 << 8,     /* at W1 */
  PLIMI_NEEDS_RIDGE_AT_SPIKED = 1 << 9, /* at the spiked weights */
  PLIMI_NEEDS_RISK_AT_W0 = 1 << 10,     /* its risk as well */
  PLIMI_NEEDS_RISK_AT_W1 = 1 << 11,
  PLIMI_NEEDS_RISK_AT_SPIKED = 1 << 12,
  PLIMI_NEEDS_EIGEN_AT_W0 = 1 << 13,      /* eigenvalues of the smaller Gram matrix of the features at W0 */
  PLIMI_NEEDS_ORDER_PARAMETERS = 1 << 14, /* averages over the neurons at W1, weighed with ahat */
  PLIMI_NEEDS_STUDENT = 1 << 15,          /* the good student is built */
  PLIMI_NEEDS_STAIR_EDGE = 1 << 16,       /* the largest singular value of the features at W0 */
  PLIMI_NEEDS_STAIRS = 1 << 17,           /* the first ones at W1 */
  PLIMI_NEEDS_TANGENT = 1 << 18,          /* the tangent kernel at test points */
  PLIMI_NEEDS_WEIGHTS_GRAM = 1 << 19,     /* a symmetric system of order min(d, N) */
  PLIMI_NEEDS_FEATURES_GRAM = 1 << 20,    /* min(n, N) */
  PLIMI_NEEDS_INPUTS_GRAM = 1 << 21,      /* min(n, d) */
  PLIMI_NEEDS_KERNEL = 1 << 22,           /* n */
  PLIMI_NEEDS_SINGLE_STEP = 1 << 23,      /* no meaning after several steps */
  PLIMI_NEEDS_EIGEN_AT_W1 = 1 << 24,      /* eigenvalues of that matrix at W1 */
  PLIMI_NEEDS_TWO_STEPS = 1 << 25,        /* of two steps only */
  PLIMI_NEEDS_TRAINING = 1 << 26,         /* the training error of the ridge regressions */
  PLIMI_NEEDS_TEST_POINTS = 1 << 27, /* points of a test set: always, or where the inputs are not Gaussian */
  PLIMI_NEEDS_OUTLIERS = 1 << 28,    /* room for left vectors of W2 */
  PLIMI_NEEDS_RISK_AT_FIRST = 1 << 29, /* a ridge path after the first of two steps, and its risk */
  PLIMI_NEEDS_RISK_AT_OTHER = 1 << 30, /* after a second one on the other data */

  PLIMI_NEEDS_SOME_RIDGE = PLIMI_NEEDS_RIDGE_AT_W0 | PLIMI_NEEDS_RIDGE_AT_W1 | PLIMI_NEEDS_RIDGE_AT_SPIKED |
                           PLIMI_NEEDS_RISK_AT_FIRST | PLIMI_NEEDS_RISK_AT_OTHER,
  PLIMI_NEEDS_SOME_RISK = PLIMI_NEEDS_RISK_AT_W0 | PLIMI_NEEDS_RISK_AT_W1 | PLIMI_NEEDS_RISK_AT_SPIKED |
                          PLIMI_NEEDS_RISK_AT_FIRST | PLIMI_NEEDS_RISK_AT_OTHER
};

enum { PLIMI_ZETA_POWERS = 5 }; /* 0 .. 4, of zeta: two_steps.c */

/* What the measurement comes to, decided once for all replicas. */
typedef struct {
  unsigned needs;
  bool wants[PLIM_QUANTITY_COUNT];
  bool whole[PLIM_SPECTRUM_COUNT]; /* all values of a spectrum */
  size_t lanes;                    /* ridge paths held in memory side by side: 1 or 2 */
  size_t order;                    /* largest symmetric system that is reduced or decomposed */
  size_t test_points;              /* of a test set where one is used */
  size_t rows;                     /* samples of a batch held at a time, at most */
  bool by_blocks; /* the second batch is drawn block by block, and what is kept are sums over it */
} plimi_plan;

/* Samples number `first` and later of a batch. */
typedef struct {
  size_t first, count;
} plimi_rows;

/* Samples that are held at a time of a batch of more. Sums over a batch are added block by block, so this decides the
   last bits of the results of sizes above it. */
enum { PLIMI_ROW_BLOCK = 16384 };

/* Scratch memory of one worker of the team. */
typedef struct {
  plim_activation *activation, *teacher; /* its own: an expression's evaluator holds state */
  double *inputs;                        /* d x TILE: a block of test points */
  double *tile[2];                       /* TILE x TILE each */
  double *target;                        /* TILE: sigma* at the test points */
  double *normals;                       /* TILE */
  double *block;                         /* TILE x n_lambda */
  float *single;                         /* a tall tile in single precision */
  double *panel;                         /* TILE x n, for the tangent kernel at test points */
  double *grid;                          /* PLIMI_GRID_WORK */
} plimi_scratch;

/* Ridge regression on the features of a side, after plimi_side_solve. */
typedef struct {
  plimi_matrix weights; /* d x N */
  double *coefficients; /* N x n_lambda: ahat */
  double *training;     /* n_lambda: (1/n) |yt - Phi ahat|^2 */
  double *limit; /* n_lambda: where the shift is 0, the limit of `training` over its square; else not set */
  double *eigenvalues; /* of the smaller Gram matrix of the features, ascending, where they are wanted */
} plimi_side;

typedef struct {
  const plim_problem *problem;
  const plim_simulation *simulation;
  const plim_measurement *measurement;
  const plim_spectrum *spectrum; /* the one wanted whole, or NULL */
  plim_size size;
  plimi_plan plan;
  plimi_moments activation, teacher; /* Gaussian moments of sigma and sigma* */
  plimi_team *team;
  char *memory;           /* the arena's block */
  plimi_scratch *scratch; /* one a worker */
  double **factors;       /* one a worker: plimi_path_factor_size(order) */
  size_t number;          /* of the replica */
  size_t row_block;       /* PLIMI_ROW_BLOCK but in tests, and all of the batch in a descent */
  uint32_t *row_order;    /* where the inputs are a table: its rows in the order of this replica */
  uint32_t *column_order; /* and its columns: the first d are those in use */

  double *beta;        /* d: beta*, a unit vector */
  double *readout;     /* N: a */
  plimi_matrix w0;     /* d x N */
  plimi_matrix w1;     /* d x N: sqrt(N) G0 until the step is taken, then W1 */
  plimi_matrix change; /* d x N: sqrt(N) (G0 - A), later W1 - W0, where their norms are wanted */
  plimi_matrix spiked; /* d x N: the weights of the spiked random features */
  plimi_matrix first;  /* d x N: after the first of two steps, where that is compared */
  plimi_matrix other;  /* d x N: after both, the second on the other data, likewise */
  plimi_matrix
      x; /* d x its columns: X', column i is sample first_row + i of the gradient's batch, later the ridge's */
  size_t first_row;
  float *x_single, *w_single; /* x and the weights last multiplied, in single precision */
  double *y;                  /* its labels, one a column of x */
  double *output;             /* likewise: the network's output, then the residual */
  double *plane;              /* d x 2: where order parameters are wanted, b and what the network reads */
  double *partial;            /* samples of the batch in x, x tiles(N): parts of sums over neurons */
  plimi_matrix
      features[PLIMI_LANES]; /* samples of the batch in x, x N, one a lane; also workspace of the gradient and
                                of the kernels */
  plimi_path path[PLIMI_LANES];          /* one a lane; path[0].band.a also workspace of decompositions */
  plimi_single_path single[PLIMI_LANES]; /* likewise, in single precision */
  size_t paths,
      paths_in_double; /* ridge paths of this replica, and those of them that single precision left */
  bool *by_eigen;      /* PLIMI_LANES x n_lambda, shared out to the paths */
  double *shift;       /* n_lambda: the shifts of the path in use */
  plimi_side side[PLIMI_SIDES];
  plimi_side student;      /* its coefficients, the same for every lambda */
  double *spectrum_values; /* N: the spectrum wanted whole, ascending */
  double *vectors;         /* 2 n + 2 d + 2 N + plimi_top_several_work(order, PLIM_STAIRS) */
  double *along;           /* d: X'y of the first batch, to length 1 */
  double pull;             /* |X'y|/n of the first batch */
  double *stairs;          /* n x (PLIM_STAIRS + PLIM_STAIR_POWERS + 1): left vectors, powers of Xt X'y */
  double *lefts;           /* d x PLIM_W2_COUNTED: left vectors of W2 */
  double *powers;          /* N x PLIMI_ZETA_POWERS: of zeta, made orthonormal */
  double *moments[PLIMI_LANES]; /* N each: Phi'y, where the second batch is drawn block by block */
  double square;                /* y'y of the second batch, likewise */
  double *expansion; /* plimi_expansion_size(N): Hermite coefficients of every neuron, for the exact risk */
  plimi_expansion_state expansion_state; /* what that knows from replica to replica */
  double *sums;                          /* plimi_sums_size: partial sums of a risk, n_lambda a task */
  double *result; /* PLIM_QUANTITY_COUNT x n_lambda: result[quantity * n_lambda + lambda] */
} plimi_replica;

/* How a quantity is measured, and a whole spectrum. */
typedef struct {
  plim_experiment_info info;
  unsigned needs; /* PLIMI_NEEDS_..., as bits */
} plimi_experiment;
typedef struct {
  plim_spectrum spectrum;
  unsigned needs;
} plimi_whole_experiment;

/* When a subject measures: while w1 still holds sqrt(N) G0, when it has become W1, and with the second batch in x. */
typedef enum { PLIMI_AFTER_GRADIENT, PLIMI_AFTER_STEP, PLIMI_AFTER_SECOND_BATCH } plimi_stage;

/* A subject: its descriptors and how it measures. `measure` writes plimi_result rows of the quantities wanted. */
typedef struct {
  const plimi_experiment *experiments;
  size_t count;
  const plimi_whole_experiment *whole; /* the spectrum it can give whole, or NULL */
  plimi_stage stage;
  plim_status (*measure)(plimi_replica *replica);
} plimi_subject;

extern const plimi_subject plimi_gradient_subject;
extern const plimi_subject plimi_step_scaling_subject;
extern const plimi_subject plimi_weights_subject;
extern const plimi_subject plimi_two_steps_subject;
extern const plimi_subject plimi_small_step_subject;
extern const plimi_subject plimi_any_step_subject;
extern const plimi_subject plimi_spectrum_subject;
extern const plimi_subject plimi_kernels_subject;
extern const plimi_subject plimi_student_subject;
extern const plimi_subject plimi_staircase_subject;

/* |M|_F^2, one sum a column, so that the order of addition is fixed. */
double plimi_square_norm(const plimi_matrix *matrix);

/* Is any of these bits in the plan? And the bits of the ridge path, its eigenvalues and the risk on a side. */
static inline bool plimi_needs(const plimi_replica *replica, unsigned needs)
{
  return (replica->plan.needs & needs) != 0;
}
static inline unsigned plimi_ridge_at(size_t side)
{
  static const unsigned need[PLIMI_SIDES] = {PLIMI_NEEDS_RIDGE_AT_W0, PLIMI_NEEDS_RIDGE_AT_W1,
                                             PLIMI_NEEDS_RIDGE_AT_SPIKED, PLIMI_NEEDS_RISK_AT_FIRST,
                                             PLIMI_NEEDS_RISK_AT_OTHER};
  return need[side];
}
static inline unsigned plimi_eigen_at(size_t side)
{
  static const unsigned need[PLIMI_SIDES] = {PLIMI_NEEDS_EIGEN_AT_W0, PLIMI_NEEDS_EIGEN_AT_W1};
  return need[side]; /* of the spiked weights nobody asks for them */
}
static inline unsigned plimi_risk_at(size_t side)
{
  static const unsigned need[PLIMI_SIDES] = {PLIMI_NEEDS_RISK_AT_W0, PLIMI_NEEDS_RISK_AT_W1,
                                             PLIMI_NEEDS_RISK_AT_SPIKED, PLIMI_NEEDS_RISK_AT_FIRST,
                                             PLIMI_NEEDS_RISK_AT_OTHER};
  return need[side];
}

/* plan.c: the plan of what replica->measurement or replica->spectrum asks for, with `workers` threads a replica. */
void plimi_plan_make(plimi_replica *replica, size_t workers);

/* result.c: the row of a quantity, n_lambda numbers; and the same number along the whole path. */
double *plimi_result(const plimi_replica *replica, plim_quantity quantity);
void plimi_result_constant(const plimi_replica *replica, plim_quantity quantity, double value);

/* replica.c. The pattern holds what all replicas share (with the Gaussian moments); `bytes` is the memory a replica
   with a team of `workers` takes, `open` takes it and starts the team, `run` draws and measures replica `number`. */
plim_status plimi_replica_pattern(const plim_problem *problem, const plim_simulation *simulation,
                                  const plim_measurement *measurement,
                                  plimi_replica *pattern) PLIM_MUST_CHECK;
plim_status plimi_replica_bytes(const plimi_replica *pattern, size_t workers, size_t *bytes) PLIM_MUST_CHECK;
plimi_queue_room plimi_replica_room(const plimi_replica *pattern); /* the memory it takes on a device */
plim_status plimi_replica_open(const plimi_replica *pattern, size_t workers,
                               plimi_replica *replica) PLIM_MUST_CHECK;
void plimi_replica_close(plimi_replica *replica);
plim_status plimi_replica_run(plimi_replica *replica, size_t number) PLIM_MUST_CHECK;

/* subjects.c: the one list, in the order in which subjects of one stage measure; how a quantity is measured, or
   NULL. */
extern const plimi_subject *const plimi_subjects[];
extern const size_t plimi_subject_count;
const plimi_experiment *plimi_experiment_of(plim_quantity quantity);

/* inputs.c: a stream of this replica. */
plimi_stream plimi_stream_of(const plimi_replica *replica, plimi_purpose purpose, size_t index);
/* Samples `first` and later of a batch, `count` of them, into the columns of `at` (d each). */
typedef struct {
  plimi_purpose purpose; /* INPUTS, RIDGE_INPUTS, TEST_INPUTS */
  size_t index;          /* of the batch */
  size_t first;
} plimi_samples;
void plimi_draw_samples(const plimi_replica *replica, const plimi_samples *of, size_t count, double *at);
void plimi_draw_rows(plimi_replica *replica); /* which rows and columns of a table serve this replica */
/* plim_simulation_inputs, once the plan is made. */
plim_status plimi_inputs_suffice(const plimi_replica *replica, plim_inputs_need *need) PLIM_MUST_CHECK;

/* network.c: the parts of a replica, in the order of the experiment */
void plimi_draw_network(plimi_replica *replica);
/* value = sigma*(value) - E sigma*, for `count` values of <x, beta*>. */
void plimi_teach(const plimi_replica *replica, const plimi_scratch *scratch, size_t count, double *value);
/* batches.c: the gradient's batch (number `index`, of them the first is 0) and that of the ridge regression come into x
   and y. Of the latter the first size.shared pairs are those of the gradient's first batch: they are there already once
   that was drawn, and nothing else since. */
void plimi_draw_batch(plimi_replica *replica, size_t index);
void plimi_draw_ridge_batch(plimi_replica *replica);
/* Blocks of rows in a batch of so many samples; and one of them into x and y, whatever was there before. Where a
   batch has several, plimi_draw_batch draws the first. */
size_t plimi_row_blocks(const plimi_replica *replica, size_t samples);
void plimi_draw_batch_block(plimi_replica *replica, size_t index, size_t block);
void plimi_draw_ridge_block(plimi_replica *replica, size_t block);
/* steps.c: output = y - f at `weights` with f = sigma(X W) a / divisor, and features[0] = sigma'(X W); after which
   w1 = keep w1 + (scale/n) X' [ ((y - f) a') o sigma'(X W) ]. */
void plimi_residual(plimi_replica *replica, const plimi_matrix *weights, double divisor);
void plimi_descend(plimi_replica *replica, double scale, double keep);
/* w1 = sqrt(N) G0, from the first batch, of which the first block is in x; and along = X'y/|X'y|, where it is
   wanted. */
void plimi_gradient(plimi_replica *replica);
/* w1 = W1: the first step from sqrt(N) G0, then the others. PLIM_NOT_FINITE if the weights overflow. */
plim_status plimi_step(plimi_replica *replica) PLIM_MUST_CHECK;
void plimi_draw_spiked(plimi_replica *replica); /* spiked.c, after the network is drawn */
/* out = X W by the replica's device, where it is large enough for that; was it? */
bool plimi_multiply_on_device(const plimi_replica *replica, const plimi_matrix *weights,
                              const plimi_matrix *out);
/* features[lane] = Phi for the weights given, from the batch in x */
void plimi_features(plimi_replica *replica, const plimi_matrix *weights, size_t lane);
/* A tile of X W on its way to become features: rows first_row .. of the batch, neurons first_column .. */
typedef struct {
  plimi_matrix phi;
  plimi_stream noise; /* of z, for the Gaussian-equivalent features */
  size_t first_row, first_column;
} plimi_feature_block;
void plimi_featurise(const plimi_replica *replica, plimi_scratch *scratch, const plimi_feature_block *block);
/* Test points first .. first + count - 1, count <= TILE: scratch->inputs (d x count) and scratch->target (sigma*). */
void plimi_test_block(const plimi_replica *replica, size_t first, size_t count, plimi_scratch *scratch);

/* precision.c: z = left'weights at a place, left being x or the weights, in the precision asked for. Before it, the two
   are copied where that is single; x after each draw. */
typedef struct {
  const plimi_replica *replica;
  const plimi_matrix *left, *weights;
} plimi_inner_work;
bool plimi_is_single(const plimi_replica *replica);
bool plimi_has_single_paths(const plimi_replica *replica); /* may ridge paths be solved by single_path.h? */
void plimi_copy_inputs(plimi_replica *replica);
void plimi_copy_weights(plimi_replica *replica, const plimi_matrix *weights);
void plimi_inner(const plimi_inner_work *work, const plimi_place *place, plimi_scratch *scratch,
                 const plimi_matrix *z);

/* row_blocks.c: sums over the second batch, drawn block by block: path[lane].band.a = Phi'Phi and
   path[lane].rhs = moments[lane] = Phi'y for the features at the weights given for each lane. */
typedef struct {
  const plimi_matrix *weights[PLIMI_LANES];
  size_t lanes;
  double *signal; /* N: Phi'X beta* of lane 0; NULL: not wanted */
} plimi_block_sums;
void plimi_sum_blocks(plimi_replica *replica, const plimi_block_sums *sums);
/* side->training of a lane whose path has been solved and whose coefficients are there: from the sums where they tell
   it to eleven digits, else from the residuals, in another pass over the batch. */
void plimi_block_training(plimi_replica *replica, size_t lane, plimi_side *side);

/* quadratic.c: form[l] = c_l' M c_l for the columns c_l of coefficients (order x n_lambda), M symmetric and never
   stored: `fill` writes one tile of it at a time. PLIM_NOT_CONVERGED if a call of `fill` returned false. */
typedef struct {
  size_t order;
  const double *coefficients;
  /* tile (rows x columns, ld rows) = the entries of M at `place`, all of them also on the diagonal */
  bool (*fill)(const void *context, const plimi_place *place, plimi_scratch *scratch, double *tile);
  const void *context;
} plimi_form;
plim_status plimi_quadratic_forms(plimi_replica *replica, const plimi_form *form,
                                  double *value) PLIM_MUST_CHECK;

/* Is the risk to be taken as an exact expectation over the test point, where there is one? Not with a test set of a
   size asked for, nor with inputs of another law. */
static inline bool plimi_has_gaussian_inputs(const plimi_replica *replica)
{
  return plim_inputs_kind_of(replica->problem->inputs) == PLIM_INPUTS_GAUSSIAN;
}
static inline bool plimi_has_exact_risk(const plimi_replica *replica)
{
  return replica->simulation->test_points == 0 && plimi_has_gaussian_inputs(replica);
}

/* test_risk.c: the risk of the coefficients of a side on a fresh test set, for each lambda */
void plimi_test_risk(plimi_replica *replica, const plimi_side *side, double *risk);
/* Its parts: sums[block] = sum over the block's points of (scratch->block - scratch->target)^2, for each lambda; and
   the mean over all test points. */
void plimi_add_errors(const plimi_replica *replica, const plimi_scratch *scratch, size_t block, size_t rows);
void plimi_mean_errors(const plimi_replica *replica, size_t blocks, double *risk);

/* kernel_risk.c: the risk of sum_i k(x, x_i) solution_i over the samples x_i of the batch in x, on a test set; of
   <x, solution> where the map is NULL. k = inner <x, y>, or the exponential of that and own (|x|^2 + |y|^2). */
typedef struct {
  bool exponential;
  double inner, own;
  const double *square; /* |x_i|^2, where it is exponential */
} plimi_kernel_map;
void plimi_kernel_test_risk(plimi_replica *replica, const plimi_kernel_map *map,
                            const plimi_matrix *solutions, double *risk);

/* tangent.c: ntk_ridge */
plim_status plimi_tangent_ridge(plimi_replica *replica) PLIM_MUST_CHECK;

/* exact_risk.c: the risk as an exact expectation over the test point. PLIM_NOT_CONVERGED where its error bound is not
   met: then a test set serves. `expansion` is its table, plimi_expansion_size(N) numbers. */
plim_status plimi_exact_risk(plimi_replica *replica, const plimi_side *side, double *risk) PLIM_MUST_CHECK;
size_t plimi_expansion_size(size_t width);

/* whole_spectrum.c: values[N] = eigenvalues of a'a, ascending, for a with N columns; those that rank makes 0 are 0
   exactly. Uses path[0].band. */
plim_status plimi_whole_spectrum(plimi_replica *replica, const plimi_matrix *a,
                                 double *values) PLIM_MUST_CHECK;
/* The same from the smaller Gram matrix of `order` in path[0].band.a: `count` = N values. */
plim_status plimi_spectrum_of_gram(plimi_replica *replica, size_t order, size_t count,
                                   double *values) PLIM_MUST_CHECK;

/* The size of the test set where none was asked for but the exact expectation is not available. */
size_t plimi_default_test_points(const plim_size *size);

#endif
