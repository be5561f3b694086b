/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gsl_errors.h - GSL's default error handler aborts the process, which a library must not do to its host. Private to
   theory/ and the judge, the two parts that call GSL; every public function of theirs that reaches it begins here.

   Only the default is switched off, and for good: a handler that the host has set stays. To look at the handler
   without touching it, GSL's own variable is read. It is exported by every GSL that configure accepts and declared in
   none of its headers. By the documented functions alone the host's handler would have to be taken out and put back,
   and of two threads that do so at once one can leave the host without it; so that is only the way out for a GSL
   that hides the variable. Putting the default back at the end would need a count of the calls under way, a mutable
   static, or else switch it on under another thread's call. */
#ifndef PLIM_GSL_ERRORS_H
#define PLIM_GSL_ERRORS_H

#include "config.h"

#include <gsl/gsl_errno.h>

#ifdef HAVE_GSL_ERROR_HANDLER
extern gsl_error_handler_t *gsl_error_handler; /* NULL: the default */
#endif

static inline void plimi_gsl_errors_return(void)
{
#ifdef HAVE_GSL_ERROR_HANDLER
  if (__atomic_load_n(&gsl_error_handler, __ATOMIC_RELAXED) == NULL)
    (void)gsl_set_error_handler_off();
#else
  gsl_error_handler_t *const found = gsl_set_error_handler_off();
  if (found != NULL)
    (void)gsl_set_error_handler(found);
#endif
}

#endif
