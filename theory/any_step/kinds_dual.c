/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_dual.c - arithmetic of kinds_dual.h. (a b)' = a'b + ab';  (a^-1 b)' = a^-1 (b' - a' a^-1 b).

   METHOD. Elimination with partial pivoting. It is here because the matrices are small and many, one for each point of
   the law of y: GSL's own allocates at every call, and does not look; its QR takes three times the work. All of it is
   rows that are added to rows: CLONES compiles that for several instruction sets. */
#include <math.h>
#include <string.h>

#include "kinds_dual.h"

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && __GNUC__ >= 12 &&                      \
    !defined(__clang__) &&                                                                                   \
    !defined(__SANITIZE_THREAD__) /* whose own start comes after that of the clones */
#define CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

/* to += factor from */
static inline void add_row(size_t n, double factor, const double *restrict from, double *restrict to)
{
  for (size_t j = 0; j < n; j++)
    to[j] += factor * from[j];
}

plimi_dual plimi_dual_take(double **next, size_t rows, size_t cols, size_t parts)
{
  const plimi_dual taken = {.rows = rows, .cols = cols, .parts = parts, .x = *next};
  *next += rows * cols * parts;
  return taken;
}

void plimi_dual_clear(plimi_dual *a)
{
  memset(a->x, 0, a->parts * plimi_dual_size(a) * sizeof *a->x);
}

void plimi_dual_copy(plimi_dual *to, const plimi_dual *from)
{
  memcpy(to->x, from->x, from->parts * plimi_dual_size(from) * sizeof *to->x);
}

void plimi_dual_add(plimi_dual *a, double factor, const plimi_dual *b)
{
  add_row(a->parts * plimi_dual_size(a), factor, b->x, a->x);
}

void plimi_dual_symmetrise(plimi_dual *a)
{
  for (size_t part = 0; part < a->parts; part++) {
    double *x = plimi_dual_part(a, part);
    for (size_t i = 0; i < a->rows; i++)
      for (size_t j = 0; j < i; j++)
        x[i * a->cols + j] = x[j * a->cols + i] = 0.5 * (x[i * a->cols + j] + x[j * a->cols + i]);
  }
}

void plimi_dual_add_one(plimi_dual *a)
{
  for (size_t i = 0; i < a->rows; i++)
    a->x[i * a->cols + i] += 1.0;
}

void plimi_dual_put(plimi_dual *a, size_t row, size_t col, double factor, const plimi_dual *b)
{
  for (size_t part = 0; part < a->parts; part++) {
    double *to = plimi_dual_part(a, part) + row * a->cols + col;
    const double *from = plimi_dual_part(b, part);
    for (size_t i = 0; i < b->rows; i++)
      for (size_t j = 0; j < b->cols; j++)
        to[i * a->cols + j] += factor * from[i * b->cols + j];
  }
}

void plimi_dual_get(plimi_dual *to, const plimi_dual *from, size_t row, size_t col)
{
  for (size_t part = 0; part < to->parts; part++)
    for (size_t i = 0; i < to->rows; i++)
      memcpy(plimi_dual_part(to, part) + i * to->cols,
             plimi_dual_part(from, part) + (row + i) * from->cols + col, to->cols * sizeof *to->x);
}

void plimi_dual_transpose(plimi_dual *to, const plimi_dual *from)
{
  for (size_t part = 0; part < from->parts; part++)
    for (size_t i = 0; i < from->rows; i++)
      for (size_t j = 0; j < from->cols; j++)
        plimi_dual_part(to, part)[j * to->cols + i] = plimi_dual_part(from, part)[i * from->cols + j];
}

/* c += sign a b: n x k times k x m */
CLONES static void multiply_add(size_t n, size_t k, size_t m, double sign, const double *a, const double *b,
                                double *c)
{
  for (size_t i = 0; i < n; i++)
    for (size_t l = 0; l < k; l++)
      add_row(m, sign * a[i * k + l], b + l * m, c + i * m);
}

void plimi_dual_multiply(plimi_dual *c, const plimi_dual *a, const plimi_dual *b)
{
  plimi_dual_clear(c);
  for (size_t part = 0; part < c->parts; part++) {
    multiply_add(a->rows, a->cols, b->cols, 1.0, a->x, plimi_dual_part(b, part), plimi_dual_part(c, part));
    if (part > 0)
      multiply_add(a->rows, a->cols, b->cols, 1.0, plimi_dual_part(a, part), b->x, plimi_dual_part(c, part));
  }
}

static void exchange(size_t n, double *restrict one, double *restrict two)
{
  for (size_t j = 0; j < n; j++) {
    const double kept = one[j];
    one[j] = two[j];
    two[j] = kept;
  }
}

/* Factor a in place; pivot[i]: the row that was exchanged with row i. False: singular. */
CLONES static int factor(size_t n, double *a, double *pivot)
{
  for (size_t k = 0; k < n; k++) {
    size_t best = k;
    for (size_t i = k + 1; i < n; i++)
      if (fabs(a[i * n + k]) > fabs(a[best * n + k]))
        best = i;
    if (!(fabs(a[best * n + k]) > 0.0))
      return 0;
    pivot[k] = (double)best;
    if (best != k)
      exchange(n, a + k * n, a + best * n);
    for (size_t i = k + 1; i < n; i++) {
      a[i * n + k] /= a[k * n + k];
      add_row(n - k - 1, -a[i * n + k], a + k * n + k + 1, a + i * n + k + 1);
    }
  }
  return 1;
}

CLONES static void substitute(size_t n, size_t m, const double *a, const double *pivot, double *b)
{
  for (size_t k = 0; k < n; k++)
    if ((size_t)pivot[k] != k)
      exchange(m, b + k * m, b + (size_t)pivot[k] * m);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++)
      add_row(m, -a[i * n + k], b + k * m, b + i * m);
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++)
      add_row(m, -a[i * n + k], b + k * m, b + i * m);
    for (size_t j = 0; j < m; j++)
      b[i * m + j] /= a[i * n + i];
  }
}

plim_status plimi_dual_solve(plimi_dual *a, plimi_dual *b, double *room)
{
  const size_t n = a->rows, m = b->cols;
  if (!factor(n, a->x, room))
    return PLIM_NOT_CONVERGED;
  substitute(n, m, a->x, room, b->x);
  for (size_t part = 1; part < a->parts; part++) {
    multiply_add(n, n, m, -1.0, plimi_dual_part(a, part), b->x, plimi_dual_part(b, part));
    substitute(n, m, a->x, room, plimi_dual_part(b, part));
  }
  return PLIM_OK;
}
