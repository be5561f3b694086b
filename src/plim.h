/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim.h - all of libplim: limits of high-dimensional learning, the same experiment at finite size, a verdict

   Overview
     plim_problem.h     the statement of the problem, shared by both halves, with its validation
     plim_activation.h  the student's sigma and the teacher's sigma*: named ones and expressions
     plim_inputs.h      laws of the inputs other than the theorems', for the simulation
     plim_formula.h     expressions in named variables
     plim_quantity.h    the names of what can be predicted or measured
     plim_theory.h      limits, deterministic, each with a bound on its numerical error
     plim_optimum.h     the best penalty and step size in the limit, and what is certain about them
     plim_simulation.h  the experiment at finite size, in independent replicas
     plim_device.h      a graphics processor for its large products
     plim_descent.h     training to the end with a teacher of two neurons, in two scalings
     plim_compare.h     extrapolation over a ladder of sizes, equivalence test, Holm's correction
     plim_looks.h       the level of a verdict shared out over repeated looks
     plim_claim.h       the statements of the theorems as claims, each with a verdict
     plim_own_claim.h   claims of one's own: formulas on what is measured and predicted
     plim_experiment.h  your own theorem: a function that draws, a prediction, the ladder and the verdict
     plim_draw.h        your own experiment at one size, in independent replicas over threads
     plim_stream.h      the random numbers: functions of their name and number, with known answers
     plim_layout.h      how the structures lie in memory, for other languages
     plim_value.h       numbers that carry their error
     plim_status.h      what every fallible function returns

   Units and normalisation
     All is dimensionless. Inputs x ~ N(0, I_d); W0 has entries N(0, 1/d); the readout is zeta_j/sqrt(N)
     and the network carries another N^-1/2. psi1 = n/d and psi2 = N/d (Mei & Montanari use the two names the
     other way round). lambda multiplies |a|^2 / N beside the mean square error, so the normal equations hold
     lambda n/N. noise is a standard deviation. The risk is against the noise-free teacher, no factor 1/2.
     Activations are stored as written and centred where they are used: sigma stands for sigma - E sigma(z),
     z ~ N(0,1).

   Errors
     A fallible function returns a plim_status and writes its result through its last pointer only on PLIM_OK.
     The library does not print, exit, abort or raise signals, and keeps no mutable static data. Where GSL's default
     error handler, which aborts, is in place when a function of plim_theory.h, plim_optimum.h, plim_compare.h,
     plim_looks.h or plim_experiment.h is called, it is switched off (gsl_set_error_handler_off) and stays off, for
     the whole process. A handler that the program has set is left alone and must return: it is told of errors of
     GSL that plim goes on from, such as round-off in a quadrature.

   Threads
     Different objects may be used by different threads at once. One plim_theory, and one activation made from
     an expression (plim_activation_clone copies it), belong to one thread at a time; named activations and
     plain structs that nobody changes may be shared. plim_simulate, plim_simulate_spectrum, plim_claim_run,
     plim_claims_decide, plim_descend, plim_draw and plim_experiment_run start and join the threads they are told
     to use. They want one BLAS thread per worker and set OpenBLAS's thread count, which belongs to the whole
     process, while they run: do not call them from two threads at once.

   A complete program (examples/verdict.c; build with: cc verdict.c $(pkg-config --cflags --libs plim))

     #include <plim.h>
     #include <stdio.h>
     #include <stdlib.h>

     enum { SIZES = 3, REPLICAS = 200 };

     static void require(plim_status status)
     {
       if (status == PLIM_OK)
         return;
       fprintf(stderr, "verdict: %s\n", plim_status_meaning(status));
       exit(EXIT_FAILURE);
     }

     // The risk after the step, measured at input dimension d.
     static plim_rung measure(const plim_problem *problem, size_t d)
     {
       const plim_quantity risk = PLIM_RISK1;
       const plim_measurement measurement = {
           .quantities = &risk, .n_quantities = 1, .lambda = &problem->lambda, .n_lambda = 1};
       plim_simulation simulation = {.replicas = REPLICAS, .seed = 20220502, .threads = 2};
       double samples[REPLICAS];
       plim_estimate estimate;

       require(plim_size_from_problem(problem, d, &simulation.size));
       require(plim_simulate(problem, &simulation, &measurement, NULL, samples));
       require(plim_estimate_from_samples(samples, 1, REPLICAS, &estimate));
       printf("d = %3zu   R1 = %.5f, standard error %.5f\n", d, estimate.mean, estimate.error);
       return (plim_rung){
           .d = (double)d, .value = estimate.mean, .error = estimate.error, .replicas = estimate.replicas};
     }

     int main(void)
     {
       const size_t sizes[SIZES] = {50, 100, 200};
       plim_activation *sigma, *teacher;
       plim_theory *theory;
       plim_value limit;
       plim_rung rungs[SIZES];
       plim_extrapolation fit;
       plim_judgement judgement;

       require(plim_activation_alloc("tanh", &sigma, NULL));
       require(plim_activation_alloc("relu", &teacher, NULL));
       plim_problem problem = plim_problem_default();
       problem.psi1 = 3.25; // n/d
       problem.psi2 = 1.75; // N/d
       problem.lambda = 0.2;
       problem.eta = 1.5;
       problem.activation = sigma;
       problem.teacher = teacher;

       require(plim_theory_alloc(&theory));
       require(plim_limit(theory, PLIM_RISK1, &problem, &limit));
       printf("limit     R1 = %.10f, numerical error below %.0e\n", limit.value, limit.error);

       for (int i = 0; i < SIZES; i++)
         rungs[i] = measure(&problem, sizes[i]);
       const plim_criterion criterion = plim_criterion_default();
       require(plim_extrapolate(rungs, SIZES, plim_limit_describe(PLIM_RISK1)->drift_rate, &fit));
       require(plim_judge(&fit, &limit, &criterion, &judgement));
       printf("d -> inf  R1 = %.5f, standard error %.5f: %s within %.0f %%\n", fit.limit, fit.limit_error,
              plim_verdict_name(judgement.verdict), 100.0 * criterion.relative_margin);

       plim_theory_free(theory);
       plim_activation_free(teacher);
       plim_activation_free(sigma);
       return judgement.verdict == PLIM_DISAGREE;
     }
*/
#ifndef PLIM_H
#define PLIM_H

#include "plim_activation.h"
#include "plim_claim.h"
#include "plim_compare.h"
#include "plim_descent.h"
#include "plim_device.h"
#include "plim_draw.h"
#include "plim_experiment.h"
#include "plim_formula.h"
#include "plim_inputs.h"
#include "plim_layout.h"
#include "plim_looks.h"
#include "plim_optimum.h"
#include "plim_own_claim.h"
#include "plim_problem.h"
#include "plim_quantity.h"
#include "plim_simulation.h"
#include "plim_status.h"
#include "plim_stream.h"
#include "plim_theory.h"
#include "plim_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library in use, e.g. "0.1.0". */
const char *plim_version(void);

#ifdef __cplusplus
}
#endif
#endif
