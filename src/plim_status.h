/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_status.h - what every fallible function of plim returns. */
#ifndef PLIM_STATUS_H
#define PLIM_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PLIM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define PLIM_MUST_CHECK
#endif

/* The one list of statuses: X(enumerator, name in tables and files, meaning).
   A function that returns anything but PLIM_OK has left its result untouched. */
#define PLIM_STATUS_TABLE(X)                                                                                 \
  X(PLIM_OK, "ok", "done")                                                                                   \
  X(PLIM_INVALID, "invalid", "an argument is not acceptable: not finite, out of range, or unknown")          \
  X(PLIM_OUTSIDE_DOMAIN, "outside_domain", "the statement does not cover this problem, so it has no value")  \
  X(PLIM_DIVERGES, "diverges", "the limit is infinite at this point")                                        \
  X(PLIM_NOT_CONVERGED, "not_converged", "the computation did not reach the accuracy it promises")           \
  X(PLIM_NOT_FINITE, "not_finite",                                                                           \
    "a NaN or an infinity appeared in a computation, or the value is larger than any double")                \
  X(PLIM_OVERFLOW, "overflow", "the sizes asked for do not fit in memory's addresses")                       \
  X(PLIM_NO_MEMORY, "no_memory", "memory could not be allocated")                                            \
  X(PLIM_NO_THREAD, "no_thread",                                                                             \
    "a thread could not be started: a limit on processes or memory is in the way")                           \
  X(PLIM_INTERRUPTED, "interrupted", "stopped on request before it was done")                                \
  X(PLIM_FAILED, "failed", "a library or the operating system refused a call")                               \
  X(PLIM_NO_DEVICE, "no_device",                                                                             \
    "the graphics processor cannot be used, has no memory left, or refused a call")

#define PLIM_STATUS_ENUM(code, name, meaning) code,
typedef enum { PLIM_STATUS_TABLE(PLIM_STATUS_ENUM) PLIM_STATUS_COUNT } plim_status;
#undef PLIM_STATUS_ENUM

/* The name that tables and files carry ("ok", "diverges", ...); "unknown" for a code outside the list. */
const char *plim_status_name(plim_status status);

/* One clause of plain English, without a capital or a full stop. Never NULL. */
const char *plim_status_meaning(plim_status status);

#ifdef __cplusplus
}
#endif
#endif
