/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_inputs.h - the law of the inputs x in a simulation. The theorems have x ~ N(0, I_d); another law is for asking
   whether they hold beyond it (universality). Theory reads nothing of it.

   Every law has mean 0 and variance 1 in each coordinate. All but ar1 have covariance I_d; so has a table once it is
   whitened. In a plim_problem NULL stands for the Gaussian law. */
#ifndef PLIM_INPUTS_H
#define PLIM_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "plim_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(enumerator, name, law). */
#define PLIM_INPUTS_TABLE(X)                                                                                 \
  X(PLIM_INPUTS_GAUSSIAN, "gaussian", "N(0, I_d), the theorems'")                                            \
  X(PLIM_INPUTS_RADEMACHER, "rademacher", "coordinates +1 or -1 with equal chance")                          \
  X(PLIM_INPUTS_UNIFORM, "uniform", "coordinates uniform between -sqrt(3) and sqrt(3)")                      \
  X(PLIM_INPUTS_STUDENT, "student",                                                                          \
    "coordinates of Student's t with DF > 4 degrees of freedom, scaled to variance 1")                       \
  X(PLIM_INPUTS_STUDENT_JOINT, "student-joint",                                                              \
    "Student's t of DF > 4 in d dimensions, scaled: one length for all coordinates")                         \
  X(PLIM_INPUTS_SPHERE, "sphere", "uniform on the sphere of radius sqrt(d)")                                 \
  X(PLIM_INPUTS_AR1, "ar1", "Gaussian with covariance RHO^|i - j|, -1 < RHO < 1")                            \
  X(PLIM_INPUTS_CSV, "csv", "rows of a table, without replacement, and d of its columns")

#define PLIM_INPUTS_ENUM(code, name, meaning) code,
typedef enum { PLIM_INPUTS_TABLE(PLIM_INPUTS_ENUM) PLIM_INPUTS_COUNT } plim_inputs_kind;
#undef PLIM_INPUTS_ENUM
const char *plim_inputs_kind_name(plim_inputs_kind kind); /* NULL outside the list */

typedef struct plim_inputs plim_inputs;

enum { PLIM_INPUTS_NAME_SIZE = 256 };

/* The law called `name`: gaussian, rademacher, uniform, student:DF, student-joint:DF, sphere or ar1:RHO. DF > 4: with
   fewer the square of an error that grows like x, which is what a risk averages, has no variance, and no standard
   error would mean anything; what grows faster asks for more (plim_inputs_moments). PLIM_INVALID: *why (if not
   NULL) is a static text; *inputs is then as it was. */
plim_status plim_inputs_alloc(const char *name, plim_inputs **inputs, const char **why) PLIM_MUST_CHECK;

/* Rows of real data: rows[i * columns + j] is entry j of row i, each column of mean 0 and mean square 1 within 1e-6
   (plim_standardise and plim_whiten of plim_simulation.h make it so), at least two rows; they are copied. `name` is
   what names the law in messages and files, at most PLIM_INPUTS_NAME_SIZE - 1 characters. */
typedef struct {
  const double *values;
  size_t count, columns;
} plim_rows;
plim_status plim_inputs_of_rows(const char *name, const plim_rows *rows, plim_inputs **inputs,
                                const char **why) PLIM_MUST_CHECK;

/* Another owner of the same: no copy of the rows. NULL gives NULL. */
plim_inputs *plim_inputs_share(const plim_inputs *inputs);
void plim_inputs_free(plim_inputs *inputs); /* NULL is allowed */

/* NULL is Gaussian in all of these. */
plim_inputs_kind plim_inputs_kind_of(const plim_inputs *inputs);
const char *plim_inputs_name(const plim_inputs *inputs);           /* as given */
double plim_inputs_parameter(const plim_inputs *inputs);           /* DF or RHO; else 0 */
plim_rows plim_inputs_rows(const plim_inputs *inputs);             /* count = 0 where it is no table */
bool plim_inputs_same(const plim_inputs *a, const plim_inputs *b); /* of one name, and one content */
/* Moments E |x_j|^p exist for p below this: DF, else INFINITY. */
double plim_inputs_moments(const plim_inputs *inputs);

#ifdef __cplusplus
}
#endif
#endif
