/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_layout.h - how the structures of plim's interface lie in memory, for languages that do not read C headers.

   A caller from Python, R or Julia lays its structures out by this table; one that has laid them out beforehand
   compares: where a member has moved, library and caller are of two versions and must not meet. */
#ifndef PLIM_LAYOUT_H
#define PLIM_LAYOUT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One member of one structure, in the order of its declaration. Strings are static.
     type   "double", "integer" (unsigned, or an enumeration), "bool", "pointer" (to data or to a function), "doubles"
            and "text" (arrays), or the name of another structure of the table, which stands before
     The entry whose member is "" is of the structure as a whole: offset 0, size sizeof, type "structure"; its members
     follow. */
typedef struct {
  const char *structure;
  const char *member;
  const char *type;
  size_t offset, size; /* bytes */
} plim_member;

/* Of the structures that stand in calls from other languages: plim_value, plim_estimate, plim_size, plim_problem,
   plim_atoms, plim_activation_function, plim_limit_info, plim_experiment_info, plim_simulation, plim_measurement,
   plim_simulation_hooks, plim_memory, plim_rung, plim_extrapolation, plim_criterion, plim_judgement, plim_pilot.
   *count entries. */
const plim_member *plim_layout(size_t *count);

#ifdef __cplusplus
}
#endif
#endif
