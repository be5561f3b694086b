/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.c - the one file that sees CBLAS and LAPACK. Dimensions are size_t outside and int here: whoever makes a size
   (plim_size_from_problem, plim_simulate) has checked that it fits. */
#include "dense.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "device.h"
#include "plim_simulation.h"

/* LAPACK, as gfortran compiles it: every character argument adds a hidden length at the end. */
extern void dsytrd_sy2sb_(const char *uplo, const int *n, const int *kd, double *a, const int *lda,
                          double *ab, const int *ldab, double *tau, double *work, const int *lwork, int *info,
                          size_t);
extern void dormqr_(const char *side, const char *trans, const int *m, const int *n, const int *k,
                    const double *a, const int *lda, const double *tau, double *c, const int *ldc,
                    double *work, const int *lwork, int *info, size_t, size_t);
extern void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
extern void dpbtrf_(const char *uplo, const int *n, const int *kd, double *ab, const int *ldab, int *info,
                    size_t);
extern void dpbtrs_(const char *uplo, const int *n, const int *kd, const int *nrhs, const double *ab,
                    const int *ldab, double *b, const int *ldb, int *info, size_t);
extern void dpbcon_(const char *uplo, const int *n, const int *kd, const double *ab, const int *ldab,
                    const double *anorm, double *rcond, double *work, int *iwork, int *info, size_t);
extern double dlansb_(const char *norm, const char *uplo, const int *n, const int *k, const double *ab,
                      const int *ldab, double *work, size_t, size_t);
extern void dsbevd_(const char *jobz, const char *uplo, const int *n, const int *kd, double *ab,
                    const int *ldab, double *w, double *z, const int *ldz, double *work, const int *lwork,
                    int *iwork, const int *liwork, int *info, size_t, size_t);
extern void dsyevr_(const char *jobz, const char *range, const char *uplo, const int *n, double *a,
                    const int *lda, const double *vl, const double *vu, const int *il, const int *iu,
                    const double *abstol, int *m, double *w, double *z, const int *ldz, int *isuppz,
                    double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t, size_t,
                    size_t);

plim_status plimi_cholesky(const plimi_matrix *a, double least, size_t *column)
{
  const int n = (int)a->rows, ld = (int)a->ld;
  int info = 0;
  dpotrf_("L", &n, a->at, &ld, &info, 1);
  *column = info > 0 ? (size_t)info - 1 : a->rows;
  for (size_t j = *column; j-- > 0;)
    if (!(a->at[j + j * a->ld] * a->at[j + j * a->ld] > least))
      *column = j;
  return *column < a->rows ? PLIM_OUTSIDE_DOMAIN : PLIM_OK;
}

void plimi_solve_lower(const plimi_matrix *l, const plimi_matrix *x)
{
  cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (int)x->rows, (int)x->columns,
              1.0, l->at, (int)l->ld, x->at, (int)x->ld);
}

int plimi_dense_single_thread(void)
{
  const int previous = openblas_get_num_threads();
  openblas_set_num_threads(PLIM_SIMULATION_BLAS_THREADS);
  return previous;
}

void plimi_dense_restore_threads(int previous)
{
  openblas_set_num_threads(previous);
}

void plimi_dense_hold_worker(void)
{
  if (openblas_get_parallel() == OPENBLAS_OPENMP) /* in another, many threads would write one variable */
    openblas_set_num_threads(PLIM_SIMULATION_BLAS_THREADS);
}

void plimi_product(plimi_product_kind kind, double alpha, const plimi_matrix *a, const plimi_matrix *b,
                   double beta, const plimi_matrix *c)
{
  const size_t depth = kind == PLIMI_TN ? a->rows : a->columns;
  cblas_dgemm(CblasColMajor, kind == PLIMI_TN ? CblasTrans : CblasNoTrans,
              kind == PLIMI_NT ? CblasTrans : CblasNoTrans, (int)c->rows, (int)c->columns, (int)depth, alpha,
              a->at, (int)a->ld, b->at, (int)b->ld, beta, c->at, (int)c->ld);
}

void plimi_apply(double alpha, const plimi_matrix *a, const double *x, double beta, double *y)
{
  cblas_dgemv(CblasColMajor, CblasNoTrans, (int)a->rows, (int)a->columns, alpha, a->at, (int)a->ld, x, 1,
              beta, y, 1);
}

void plimi_apply_transposed(double alpha, const plimi_matrix *a, const double *x, double beta, double *y)
{
  cblas_dgemv(CblasColMajor, CblasTrans, (int)a->rows, (int)a->columns, alpha, a->at, (int)a->ld, x, 1, beta,
              y, 1);
}

double plimi_dot(size_t count, const double *x, const double *y)
{
  return cblas_ddot((int)count, x, 1, y, 1);
}

double plimi_norm(size_t count, const double *x)
{
  return cblas_dnrm2((int)count, x, 1);
}

typedef struct {
  plimi_gram_kind kind;
  double keep;
  const plimi_matrix *a, *gram;
} gram_work;

/* The columns or rows of `a` that entries first .. of the Gram matrix are inner products of. */
static plimi_matrix side_of(const gram_work *work, size_t first, size_t count)
{
  return work->kind == PLIMI_OF_COLUMNS ? plimi_matrix_columns(work->a, first, count)
                                        : plimi_matrix_block(work->a, first, count, 0, work->a->columns);
}

static void gram_tile(void *context, size_t task, size_t worker)
{
  const gram_work *work = context;
  const plimi_place place = plimi_gram_place(work->gram->rows, task);
  const bool inner = work->kind == PLIMI_OF_COLUMNS;
  const plimi_matrix tile =
      plimi_matrix_block(work->gram, place.row, place.rows, place.column, place.columns);
  const plimi_matrix left = side_of(work, place.row, place.rows);
  const plimi_matrix right = side_of(work, place.column, place.columns);
  (void)worker;
  if (place.row == place.column)
    cblas_dsyrk(CblasColMajor, CblasLower, inner ? CblasTrans : CblasNoTrans, (int)place.rows,
                (int)(inner ? work->a->rows : work->a->columns), 1.0, left.at, (int)left.ld, work->keep,
                tile.at, (int)tile.ld);
  else
    plimi_product(inner ? PLIMI_TN : PLIMI_NT, 1.0, &left, &right, work->keep, &tile);
}

void plimi_gram(plimi_team *team, plimi_gram_kind kind, const plimi_matrix *a, const plimi_matrix *gram)
{
  plimi_gram_add(team, kind, a, 0.0, gram);
}

void plimi_gram_add(plimi_team *team, plimi_gram_kind kind, const plimi_matrix *a, double keep,
                    const plimi_matrix *gram)
{
  gram_work work = {.kind = kind, .keep = keep, .a = a, .gram = gram};
  plimi_queue *queue = plimi_team_queue(team);
  if (plimi_queue_takes(queue, a->rows, a->columns, gram->rows)) {
    plimi_queue_gram_add(queue, kind, a, keep, gram);
    return;
  }
  plimi_team_run(team, plimi_gram_tasks(gram->rows), gram_tile, &work);
}

/* dsyevr: work 26 n (more for blocked reduction), iwork 10 n, values n, isuppz 2 a vector. */
enum { EVR_BLOCK = 64 };

size_t plimi_top_several_work(size_t order, size_t count)
{
  return (26 + EVR_BLOCK) * order + 10 * order + (1 + count) * order + 2 * count + 64;
}

size_t plimi_top_singular_work(size_t order)
{
  return plimi_top_several_work(order, 1);
}

plim_status plimi_top_of_gram(size_t size, const plimi_top_workspace *workspace, size_t count,
                              double **eigenvalues, double **vectors)
{
  const int order = (int)size, lwork = (26 + EVR_BLOCK) * order, liwork = 10 * order;
  const int first = order - (int)count + 1;
  const double none = 0.0;
  double *work = workspace->work;
  *eigenvalues = work + lwork;
  *vectors = *eigenvalues + size;
  int *iwork = (int *)(void *)(*vectors + count * size); /* 10 n of int in the space of 10 n of double */
  int *support = (int *)(void *)(*vectors + (count + 10) * size), found = 0, info = 0;
  dsyevr_("V", "I", "L", &order, workspace->gram, &order, &none, &none, &first, &order, &none, &found,
          *eigenvalues, *vectors, &order, support, work, &lwork, iwork, &liwork, &info, 1, 1, 1);
  return info == 0 && found == (int)count ? PLIM_OK : PLIM_NOT_CONVERGED;
}

/* The same for the smaller Gram matrix of `a`. */
static plim_status top_eigen(const plimi_matrix *a, const plimi_top_workspace *workspace, size_t count,
                             double **eigenvalues, double **vectors)
{
  const bool inner = a->columns <= a->rows;
  const size_t size = inner ? a->columns : a->rows;
  const plimi_matrix gram = plimi_matrix_of(workspace->gram, size, size);
  plimi_gram(workspace->team, inner ? PLIMI_OF_COLUMNS : PLIMI_OF_ROWS, a, &gram);
  return plimi_top_of_gram(size, workspace, count, eigenvalues, vectors);
}

/* other = a vector or a' vector, of norm 1: the other side's vector; its norm before is the singular value without the
   square root of a rounded square. */
static double other_side(const plimi_matrix *a, const double *vector, double *other)
{
  const bool inner = a->columns <= a->rows;
  const size_t size = inner ? a->rows : a->columns;
  if (inner)
    plimi_apply(1.0, a, vector, 0.0, other);
  else
    plimi_apply_transposed(1.0, a, vector, 0.0, other);
  const double norm = plimi_norm(size, other);
  if (norm > 0.0)
    cblas_dscal((int)size, 1.0 / norm, other, 1);
  return norm;
}

plim_status plimi_top_singular(const plimi_matrix *a, const plimi_top_workspace *workspace, double *value,
                               double *left, double *right)
{
  const bool inner = a->columns <= a->rows;
  double *same = inner ? right : left, *other = inner ? left : right, *eigenvalue, *vector;
  const plim_status status = top_eigen(a, workspace, 1, &eigenvalue, &vector);
  if (status != PLIM_OK)
    return status;
  *value = other != NULL ? other_side(a, vector, other) : sqrt(fmax(*eigenvalue, 0.0));
  if (same != NULL)
    memcpy(same, vector, (inner ? a->columns : a->rows) * sizeof *vector);
  return PLIM_OK;
}

plim_status plimi_top_several(const plimi_matrix *a, const plimi_top_workspace *workspace, size_t count,
                              double *value, double *left)
{
  const bool inner = a->columns <= a->rows;
  const size_t size = inner ? a->columns : a->rows;
  double *eigenvalues, *vectors;
  const plim_status status = top_eigen(a, workspace, count, &eigenvalues, &vectors);
  for (size_t i = 0; i < count && status == PLIM_OK; i++) {
    const double *vector = vectors + (count - 1 - i) * size;
    double *here = left + i * a->rows;
    if (inner) {
      value[i] = other_side(a, vector, here);
    } else {
      memcpy(here, vector, size * sizeof *here);
      value[i] = sqrt(fmax(eigenvalues[count - 1 - i], 0.0));
    }
  }
  return status;
}

/* 64 keeps the reduction in large products; the solves cost order * bandwidth^2 each. Measured, see bench/. */
enum { BAND = 64, QR_BLOCK = 32 };

size_t plimi_band_width(size_t order)
{
  return order > BAND ? BAND : order - 1;
}

/* dsytrd_sy2sb: n kd + n max(kd, factor block) + 2 kd^2. */
size_t plimi_band_work(size_t order)
{
  return order * (BAND + 2 * BAND) + 2 * BAND * BAND + BAND;
}

plim_status plimi_band_reduce(const plimi_team *team, const plimi_band *band)
{
  plimi_queue *queue = plimi_team_queue(team);
  if (plimi_queue_takes(queue, band->order, band->order, band->order))
    return plimi_queue_band_reduce(queue, band);
  const int order = (int)band->order, width = (int)band->bandwidth, ld = width + 1;
  const int length = (int)plimi_band_work(band->order);
  int info = 0;
  dsytrd_sy2sb_("L", &order, &width, band->a, &order, band->band, &ld, band->tau, band->work, &length, &info,
                1);
  return info == 0 ? PLIM_OK : PLIM_FAILED;
}

double plimi_band_norm(const plimi_band *band)
{
  const int order = (int)band->order, width = (int)band->bandwidth, ld = width + 1;
  return dlansb_("1", "L", &order, &width, band->band, &ld, band->work, 1, 1);
}

size_t plimi_band_rotate_work(size_t columns)
{
  return columns * 64 + 65 * 64; /* dormqr: nrhs nb + its table of block reflectors */
}

void plimi_band_rotate(const plimi_band *band, bool transposed, size_t columns, double *x, double *work)
{
  const size_t order = band->order, width = band->bandwidth;
  if (order <= width + 1)
    return; /* the matrix was a band already: Q = I */
  const size_t panels = (order - width + width - 1) / width;
  const int ld = (int)order, count = (int)columns, length = (int)plimi_band_rotate_work(columns);
  int info = 0;
  for (size_t p = 0; p < panels; p++) {
    const size_t panel = transposed ? p : panels - 1 - p; /* Q = Q_1 Q_2 ... */
    const size_t column = panel * width, row = column + width;
    const int rows = (int)(order - row);
    const int reflectors = rows < (int)width ? rows : (int)width;
    dormqr_("L", transposed ? "T" : "N", &rows, &count, &reflectors, band->a + row + column * order, &ld,
            band->tau + column, x + row, &ld, work, &length, &info, 1, 1);
  }
}

plim_status plimi_band_solve(const plimi_band *band, double shift, double *factor, double *x,
                             double *condition)
{
  const int order = (int)band->order, width = (int)band->bandwidth, ld = width + 1, one = 1;
  const size_t stride = band->bandwidth + 1;
  int info = 0;
  memcpy(factor, band->band, stride * band->order * sizeof *factor);
  for (size_t i = 0; i < band->order; i++)
    factor[i * stride] += shift;
  double *work = factor + stride * band->order;
  double norm = 0.0;
  if (condition != NULL)
    norm = dlansb_("1", "L", &order, &width, factor, &ld, work, 1, 1);
  dpbtrf_("L", &order, &width, factor, &ld, &info, 1);
  if (info != 0)
    return PLIM_NOT_CONVERGED;
  if (condition != NULL) {
    int *iwork = malloc(band->order * sizeof *iwork);
    if (iwork == NULL)
      return PLIM_NO_MEMORY;
    dpbcon_("L", &order, &width, factor, &ld, &norm, condition, work, iwork, &info, 1);
    free(iwork);
  }
  dpbtrs_("L", &order, &width, &one, factor, &ld, x, &order, &info, 1);
  return info == 0 ? PLIM_OK : PLIM_FAILED;
}

plim_status plimi_band_eigen(const plimi_band *band, double *eigenvalues, double *vectors)
{
  const int order = (int)band->order, width = (int)band->bandwidth, ld = width + 1;
  const size_t n = band->order, length = (band->bandwidth + 1) * n;
  const size_t work_length = vectors != NULL ? 1 + 5 * n + 2 * n * n : 2 * n;
  const size_t iwork_length = vectors != NULL ? 3 + 5 * n : 1;
  plim_status status = PLIM_OK;
  double *copy = malloc(length * sizeof *copy), *work = malloc(work_length * sizeof *work);
  int *iwork = malloc(iwork_length * sizeof *iwork), info = 0;
  if (copy == NULL || work == NULL || iwork == NULL) {
    status = PLIM_NO_MEMORY;
    goto done;
  }
  memcpy(copy, band->band, length * sizeof *copy);
  if (work_length > INT_MAX) {
    status = PLIM_OVERFLOW;
    goto done;
  }
  const int lwork = (int)work_length, liwork = (int)iwork_length;
  dsbevd_(vectors != NULL ? "V" : "N", "L", &order, &width, copy, &ld, eigenvalues, vectors, &order, work,
          &lwork, iwork, &liwork, &info, 1, 1);
  if (info != 0)
    status = PLIM_NOT_CONVERGED;
done:
  free(iwork);
  free(work);
  free(copy);
  return status;
}
