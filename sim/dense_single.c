/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense_single.c - what single precision asks of BLAS and LAPACK; dense.c is its double. */
#include "single.h"

#include <string.h>

#include <cblas.h>

/* LAPACK, as gfortran compiles it: every character argument adds a hidden length at the end. */
extern void ssytrd_sy2sb_(const char *uplo, const int *n, const int *kd, float *a, const int *lda, float *ab,
                          const int *ldab, float *tau, float *work, const int *lwork, int *info, size_t);
extern void sormqr_(const char *side, const char *trans, const int *m, const int *n, const int *k,
                    const float *a, const int *lda, const float *tau, float *c, const int *ldc, float *work,
                    const int *lwork, int *info, size_t, size_t);
extern void spbtrf_(const char *uplo, const int *n, const int *kd, float *ab, const int *ldab, int *info,
                    size_t);
extern void spbtrs_(const char *uplo, const int *n, const int *kd, const int *nrhs, const float *ab,
                    const int *ldab, float *b, const int *ldb, int *info, size_t);

void plimi_product_single(plimi_product_kind kind, const plimi_floats *a, const plimi_floats *b,
                          const plimi_floats *c)
{
  const size_t depth = kind == PLIMI_TN ? a->rows : a->columns;
  cblas_sgemm(CblasColMajor, kind == PLIMI_TN ? CblasTrans : CblasNoTrans,
              kind == PLIMI_NT ? CblasTrans : CblasNoTrans, (int)c->rows, (int)c->columns, (int)depth, 1.0F,
              a->at, (int)a->ld, b->at, (int)b->ld, 0.0F, c->at, (int)c->ld);
}

typedef struct {
  plimi_gram_kind kind;
  const plimi_floats *a, *gram;
} gram_work;

static plimi_floats side_of(const gram_work *work, size_t first, size_t count)
{
  return work->kind == PLIMI_OF_COLUMNS ? plimi_floats_block(work->a, 0, work->a->rows, first, count)
                                        : plimi_floats_block(work->a, first, count, 0, work->a->columns);
}

static void gram_tile(void *context, size_t task, size_t worker)
{
  const gram_work *work = context;
  const plimi_place place = plimi_gram_place(work->gram->rows, task);
  const bool inner = work->kind == PLIMI_OF_COLUMNS;
  const plimi_floats tile =
      plimi_floats_block(work->gram, place.row, place.rows, place.column, place.columns);
  const plimi_floats left = side_of(work, place.row, place.rows);
  const plimi_floats right = side_of(work, place.column, place.columns);
  (void)worker;
  if (place.row == place.column)
    cblas_ssyrk(CblasColMajor, CblasLower, inner ? CblasTrans : CblasNoTrans, (int)place.rows,
                (int)(inner ? work->a->rows : work->a->columns), 1.0F, left.at, (int)left.ld, 0.0F, tile.at,
                (int)tile.ld);
  else
    plimi_product_single(inner ? PLIMI_TN : PLIMI_NT, &left, &right, &tile);
}

void plimi_gram_single(plimi_team *team, plimi_gram_kind kind, const plimi_floats *a,
                       const plimi_floats *gram)
{
  gram_work work = {.kind = kind, .a = a, .gram = gram};
  plimi_team_run(team, plimi_gram_tasks(gram->rows), gram_tile, &work);
}

plim_status plimi_band_reduce_single(const plimi_band_single *band)
{
  const int order = (int)band->order, width = (int)band->bandwidth, ld = width + 1;
  const int length = (int)plimi_band_work(band->order);
  int info = 0;
  ssytrd_sy2sb_("L", &order, &width, band->a, &order, band->band, &ld, band->tau, band->work, &length, &info,
                1);
  return info == 0 ? PLIM_OK : PLIM_FAILED;
}

void plimi_band_rotate_single(const plimi_band_single *band, bool transposed, size_t columns, float *x,
                              float *work)
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
    sormqr_("L", transposed ? "T" : "N", &rows, &count, &reflectors, band->a + row + column * order, &ld,
            band->tau + column, x + row, &ld, work, &length, &info, 1, 1);
  }
}

/* LAPACK (ilaenv) factorises a band of up to 64 column by column, a broader one in blocks, which takes a third of the
   time: one more, of zeros. */
size_t plimi_band_factor_width(size_t order)
{
  const size_t width = plimi_band_width(order);
  return width + 1 < order ? width + 1 : width;
}

bool plimi_band_factor_single(const plimi_band_single *band, double shift, float *factor)
{
  const size_t own = band->bandwidth + 1, wide = plimi_band_factor_width(band->order) + 1;
  const int order = (int)band->order, width = (int)wide - 1, ld = (int)wide;
  int info = 0;
  memset(factor, 0, wide * band->order * sizeof *factor);
  for (size_t j = 0; j < band->order; j++) {
    memcpy(factor + j * wide, band->band + j * own, own * sizeof *factor);
    factor[j * wide] = (float)((double)factor[j * wide] + shift);
  }
  spbtrf_("L", &order, &width, factor, &ld, &info, 1);
  return info == 0;
}

void plimi_band_solve_single(const plimi_band_single *band, const float *factor, float *x)
{
  const int order = (int)band->order, width = (int)plimi_band_factor_width(band->order), ld = width + 1,
            one = 1;
  int info = 0;
  spbtrs_("L", &order, &width, &one, factor, &ld, x, &order, &info, 1);
}
