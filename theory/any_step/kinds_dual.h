/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds_dual.h - matrices of dual numbers: a value and its derivatives in the penalty lambda and in the weight eps that
   the risk has in the objective (any_activation.md B.5).

   WHY DUAL NUMBERS. The risk is dObj/d eps and the training error Obj - lambda dObj/d lambda. A complex step has one
   derivative at four times the arithmetic, and the adjoint of the fixed point wants every formula transposed by hand;
   here each formula stands once, for the map, for its derivative and for what follows. */
#ifndef PLIM_KINDS_DUAL_H
#define PLIM_KINDS_DUAL_H

#include <stddef.h>

#include "plim_status.h"

enum { PLIMI_BY_LAMBDA = 1, PLIMI_BY_EXTRA = 2, PLIMI_PARTS = 3 };
/* rows x cols, row-major; the parts one after another: value, d/d lambda, d/d eps. parts is 1 or PLIMI_PARTS, the
   same in all operands. */
typedef struct {
  size_t rows, cols, parts;
  double *x;
} plimi_dual;

static inline size_t plimi_dual_size(const plimi_dual *a)
{
  return a->rows * a->cols;
}
static inline double *plimi_dual_part(const plimi_dual *a, size_t part)
{
  return a->x + part * plimi_dual_size(a);
}
/* From *next on, which moves on. */
plimi_dual plimi_dual_take(double **next, size_t rows, size_t cols, size_t parts);
void plimi_dual_clear(plimi_dual *a);
void plimi_dual_copy(plimi_dual *to, const plimi_dual *from);
/* a += factor b; a is square: a = (a + a')/2; a += 1 */
void plimi_dual_add(plimi_dual *a, double factor, const plimi_dual *b);
void plimi_dual_symmetrise(plimi_dual *a);
void plimi_dual_add_one(plimi_dual *a);
/* a += b at (row, col) of a */
void plimi_dual_put(plimi_dual *a, size_t row, size_t col, double factor, const plimi_dual *b);
/* to = what stands at (row, col) of from */
void plimi_dual_get(plimi_dual *to, const plimi_dual *from, size_t row, size_t col);
void plimi_dual_transpose(plimi_dual *to, const plimi_dual *from);
/* c = a b; c is neither. */
void plimi_dual_multiply(plimi_dual *c, const plimi_dual *a, const plimi_dual *b);
/* b = a^-1 b; a is lost. room: rows of a doubles for each column of b, and rows more. PLIM_NOT_CONVERGED: singular. */
plim_status plimi_dual_solve(plimi_dual *a, plimi_dual *b, double *room) PLIM_MUST_CHECK;

#endif
