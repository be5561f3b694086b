/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs.c - inputs of every law of plim_inputs.h, a sample a column.

   Entry j of sample i is a function of its stream and of numbers i d + j of it alone (student: 2 (i d + j) and the
   next), or of those of the same sample: whole samples can be drawn in any order. Of one stream the Gaussian,
   Rademacher, sphere and ar1 laws take the same normals: x_rademacher = sign x_gaussian, so that what two laws give
   is paired.

     student        sqrt((DF - 2)(u^(-2/DF) - 1)) cos(2 pi v), u and v uniform: exactly Student's t of DF, any real
                    DF > 2, to variance 1 (R. W. Bailey 1994, Math. Comp. 62, 779-781)
     student-joint  its coordinates one after another: given the first k, whose squares sum to S (before scaling),
                    the next is t of DF + k times sqrt((DF + S)/(DF + k))
     sphere         sqrt(d) z/|z|
     ar1            x_1 = z_1, x_j = rho x_(j-1) + sqrt(1 - rho^2) z_j
     csv            rows in the order of a random permutation, a new one a replica: the gradient's batches, the rest
                    of the ridge regression's, then test points. Nothing comes twice in a replica. Where d is below
                    the number of columns, d of them, drawn anew in each replica; they are the same for all rows. */
#include <math.h>
#include <string.h>

#include "sim.h"
#include "vector.h"

static const double two_pi = 6.28318530717958647693;

plimi_stream plimi_stream_of(const plimi_replica *replica, plimi_purpose purpose, size_t index)
{
  return plimi_stream_named(replica->simulation->seed, &replica->size, replica->number, purpose, index);
}

/* ---- Laws with a formula -------------------------------------------------------------------------------- */

/* t = Student's t of `degrees`, of Bailey's two uniforms u and v each. Whole blocks: vector.h. */
PLIMI_CLONES static void bailey(const double u[PLIMI_BLOCK], const double v[PLIMI_BLOCK],
                                const double degrees[PLIMI_BLOCK], double t[PLIMI_BLOCK])
{
  PLIMI_ALIGNED double radius[PLIMI_BLOCK];
#pragma omp simd
  for (int i = 0; i < PLIMI_BLOCK; i++)
    radius[i] = sqrt(degrees[i] * expm1(-2.0 / degrees[i] * log(u[i])));
#pragma omp simd
  for (int i = 0; i < PLIMI_BLOCK; i++)
    t[i] = radius[i] * cos(two_pi * v[i]);
}

/* t_i = Student's t of degrees + i rise, entries first .. first + count - 1 of the stream; count <= PLIMI_BLOCK. The
   uniforms are taken apart before: of every second number the loops above would leave the last to a scalar function. */
static void students(const plimi_stream *stream, uint64_t first, size_t count, double degrees, double rise,
                     double *t)
{
  double uniforms[2 * PLIMI_BLOCK];
  PLIMI_ALIGNED double u[PLIMI_BLOCK], v[PLIMI_BLOCK], own[PLIMI_BLOCK], block[PLIMI_BLOCK];
  plimi_stream_uniforms(stream, 2 * first, 2 * count, uniforms);
  for (size_t i = 0; i < PLIMI_BLOCK; i++) {
    u[i] = i < count ? uniforms[2 * i] : 0.5; /* the rest is of entries that nobody reads */
    v[i] = i < count ? uniforms[2 * i + 1] : 0.5;
    own[i] = degrees + rise * (double)i;
  }
  bailey(u, v, own, block);
  memcpy(t, block, count * sizeof *t);
}

static void student(const plimi_stream *stream, uint64_t first, size_t count, double degrees, double *at)
{
  const double scale = sqrt((degrees - 2.0) / degrees);
  for (size_t done = 0; done < count; done += PLIMI_BLOCK) {
    const size_t made = count - done < PLIMI_BLOCK ? count - done : PLIMI_BLOCK;
    students(stream, first + done, made, degrees, 0.0, at + done);
    for (size_t i = 0; i < made; i++)
      at[done + i] *= scale;
  }
}

/* One sample of d coordinates. */
static void joint(const plimi_stream *stream, uint64_t first, size_t d, double degrees, double *at)
{
  const double scale = sqrt((degrees - 2.0) / degrees);
  double squares = 0.0;
  for (size_t done = 0; done < d; done += PLIMI_BLOCK) {
    const size_t made = d - done < PLIMI_BLOCK ? d - done : PLIMI_BLOCK;
    students(stream, first + done, made, degrees + (double)done, 1.0, at + done);
    for (size_t i = done; i < done + made; i++) {
      at[i] *= sqrt((degrees + squares) / (degrees + (double)i));
      squares += at[i] * at[i];
    }
  }
  for (size_t i = 0; i < d; i++)
    at[i] *= scale;
}

static void to_sphere(size_t d, double *at)
{
  const double factor = sqrt((double)d) / plimi_norm(d, at);
  for (size_t i = 0; i < d; i++)
    at[i] *= factor;
}

static void to_ar1(size_t d, double rho, double *at)
{
  const double fresh = sqrt((1.0 - rho) * (1.0 + rho));
  for (size_t i = 1; i < d; i++)
    at[i] = rho * at[i - 1] + fresh * at[i];
}

/* ---- Rows of a table ------------------------------------------------------------------------------------ */

static size_t batches(const plimi_replica *r)
{
  return r->problem->batch == PLIM_BATCH_FRESH ? r->problem->steps : 1;
}

/* The place in the permutation of sample 0 of a batch. */
static size_t place_of(const plimi_replica *r, plimi_purpose purpose, size_t index)
{
  const size_t gradient = batches(r) * plim_size_step_n(&r->size);
  switch (purpose) {
  case PLIMI_STREAM_RIDGE_INPUTS:
    return gradient - r->size.shared; /* whose first samples are the gradient's */
  case PLIMI_STREAM_TEST_INPUTS:
    return gradient + r->size.n - r->size.shared;
  default: /* PLIMI_STREAM_INPUTS */
    return index * plim_size_step_n(&r->size);
  }
}

static size_t rows_needed(const plimi_replica *r)
{
  const unsigned tested = PLIMI_NEEDS_SOME_RISK | PLIMI_NEEDS_STUDENT | PLIMI_NEEDS_TEST_POINTS;
  if (plimi_needs(r, tested))
    return place_of(r, PLIMI_STREAM_TEST_INPUTS, 0) + r->plan.test_points;
  if (plimi_needs(r, PLIMI_NEEDS_SECOND_BATCH))
    return place_of(r, PLIMI_STREAM_TEST_INPUTS, 0);
  return batches(r) * plim_size_step_n(&r->size);
}

/* The first `count` of a random permutation of `all` numbers (Fisher and Yates), into order[all]. */
static void permute(const plimi_stream *stream, size_t all, size_t count, uint32_t *order)
{
  double u[PLIMI_BLOCK];
  for (size_t i = 0; i < all; i++)
    order[i] = (uint32_t)i;
  for (size_t i = 0; i < count; i++) {
    if (i % PLIMI_BLOCK == 0)
      plimi_stream_uniforms(stream, i, count - i < PLIMI_BLOCK ? count - i : PLIMI_BLOCK, u);
    const size_t other =
        i + (size_t)(u[i % PLIMI_BLOCK] * (double)(all - i)); /* u < 1 - 2^-53, so below `all` */
    const uint32_t kept = order[i];
    order[i] = order[other];
    order[other] = kept;
  }
}

void plimi_draw_rows(plimi_replica *r)
{
  const plim_rows rows = plim_inputs_rows(r->problem->inputs);
  if (rows.count == 0)
    return;
  const plimi_stream of_rows = plimi_stream_of(r, PLIMI_STREAM_ROWS, 0),
                     of_columns = plimi_stream_of(r, PLIMI_STREAM_COLUMNS, 0);
  permute(&of_rows, rows.count, rows_needed(r), r->row_order);
  permute(&of_columns, rows.columns, r->size.d < rows.columns ? r->size.d : 0, r->column_order);
}

static void take_row(const plimi_replica *r, const plim_rows *rows, size_t place, double *at)
{
  const double *row = rows->values + r->row_order[place] * rows->columns;
  for (size_t j = 0; j < r->size.d; j++)
    at[j] = row[r->column_order[j]];
}

/* ---- Samples -------------------------------------------------------------------------------------------- */

/* Those of independent coordinates, all of them at once. */
static void draw_entries(const plimi_replica *r, const plimi_stream *stream, uint64_t first, size_t count,
                         double *at)
{
  switch (plim_inputs_kind_of(r->problem->inputs)) {
  case PLIM_INPUTS_UNIFORM:
    plimi_stream_uniforms(stream, first, count, at);
    for (size_t i = 0; i < count; i++)
      at[i] = sqrt(3.0) * (2.0 * at[i] - 1.0);
    return;
  case PLIM_INPUTS_STUDENT:
    student(stream, first, count, plim_inputs_parameter(r->problem->inputs), at);
    return;
  default:
    plimi_stream_normals(stream, first, count, at);
    return;
  }
}

void plimi_draw_samples(const plimi_replica *r, const plimi_samples *of, size_t count, double *at)
{
  const plim_inputs *inputs = r->problem->inputs;
  const plimi_stream stream = plimi_stream_of(r, of->purpose, of->index);
  const size_t d = r->size.d;
  const uint64_t first = (uint64_t)of->first * d;
  const plim_rows rows = plim_inputs_rows(inputs);
  const plim_inputs_kind kind = plim_inputs_kind_of(inputs);
  if (kind != PLIM_INPUTS_CSV && kind != PLIM_INPUTS_STUDENT_JOINT)
    draw_entries(r, &stream, first, count * d, at);
  if (kind == PLIM_INPUTS_RADEMACHER)
    for (size_t i = 0; i < count * d; i++)
      at[i] = copysign(1.0, at[i]);
  for (size_t i = 0; i < count; i++) {
    if (kind == PLIM_INPUTS_SPHERE)
      to_sphere(d, at + i * d);
    else if (kind == PLIM_INPUTS_AR1)
      to_ar1(d, plim_inputs_parameter(inputs), at + i * d);
    else if (kind == PLIM_INPUTS_STUDENT_JOINT)
      joint(&stream, first + (uint64_t)i * d, d, plim_inputs_parameter(inputs), at + i * d);
    else if (kind == PLIM_INPUTS_CSV)
      take_row(r, &rows, place_of(r, of->purpose, of->index) + of->first + i, at + i * d);
  }
}

/* ---- Do they suffice? ----------------------------------------------------------------------------------- */

/* The largest |f| between `from` and 1.5 `from` on either side; INFINITY where it is no number. */
static double largest(const plim_activation *f, double from)
{
  enum { POINTS = 64 };
  double z[2 * POINTS], value[2 * POINTS], most = 0.0;
  for (size_t i = 0; i < POINTS; i++) {
    z[2 * i] = from * (1.0 + 0.5 * ((double)i + 0.387) / POINTS);
    z[2 * i + 1] = -z[2 * i];
  }
  plim_activation_values(f, 2 * POINTS, z, value);
  for (size_t i = 0; i < 2 * POINTS; i++)
    most = isfinite(value[i]) ? fmax(most, fabs(value[i])) : INFINITY;
  return most;
}

/* The power of |z| with which f grows, between 1e3 and 1e6. */
static double growth(const plim_activation *f)
{
  const double near = largest(f, 1e3), far = largest(f, 1e6);
  if (!isfinite(far) || !isfinite(near))
    return INFINITY;
  return near > 0.0 && far > near ? log(far / near) / log(1e3) : 0.0;
}

/* A risk averages squares of errors, which grow like sigma and sigma*; that average has a variance where the fourth
   power has a mean. What grows more slowly than x, or not at all, is held to the same: the fourth moment is what
   the largest eigenvalue of X'X asks for. */
plim_status plimi_inputs_suffice(const plimi_replica *r, plim_inputs_need *need)
{
  const plim_inputs *inputs = r->problem->inputs;
  const plim_rows rows = plim_inputs_rows(inputs);
  *need = (plim_inputs_need){.moments = plim_inputs_moments(inputs)};
  if (isfinite(need->moments))
    need->moments_needed = 4.0 * fmax(1.0, fmax(growth(r->problem->activation), growth(r->problem->teacher)));
  if (rows.count > 0) {
    need->rows = rows.count;
    need->columns = rows.columns;
    need->rows_needed = rows_needed(r);
    need->columns_needed = r->size.d;
  }
  if (need->rows < need->rows_needed || need->columns < need->columns_needed)
    return PLIM_INVALID;
  return need->moments <= need->moments_needed ? PLIM_OUTSIDE_DOMAIN : PLIM_OK;
}
