/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sim_fixture.h - what the tests of sim/ share: an open replica, and slow plain arithmetic to hold it against. */
#ifndef PLIM_TESTS_SIM_FIXTURE_H
#define PLIM_TESTS_SIM_FIXTURE_H

#include "../sim/sim.h"

/* A replica opened for some quantities, not yet run. `path` are its penalties. */
typedef struct {
  plim_activation *activation, *teacher;
  plim_problem problem;
  plim_simulation simulation;
  plim_measurement measurement;
  size_t row_block; /* 0: what the simulation has */
  plimi_replica replica;
} fixture;

/* Sizes n, d, width; activation and teacher by name; quantities and penalties as given. eta = 1.37, noise = 0.23. */
typedef struct {
  plim_size size;
  const char *activation, *teacher;
  const plim_quantity *quantities;
  size_t n_quantities;
  const double *lambda;
  size_t n_lambda;
  size_t test_points;
  plim_features features;
} fixture_settings;

/* Fails the test on any error. */
void fixture_prepare(const fixture_settings *settings, fixture *f); /* all but the replica */
void fixture_open(fixture *f, size_t workers);
void fixture_close(fixture *f); /* the replica and the activations */

/* Solve the order x order system in place by Gaussian elimination with pivoting: x becomes the solution. */
void plain_solve(size_t order, double *a, double *x);

/* Eigenvalues of the symmetric matrix `a`, which is overwritten, ascending, and if vectors is not NULL the unit
   eigenvectors in its columns: cyclic Jacobi rotations. */
void plain_eigen(size_t order, double *a, double *values, double *vectors);

/* f(x) of the network of a replica at `weights`, by the definition. */
double plain_output(const fixture *f, const plimi_matrix *weights, const double *x);

/* sigma(z) - E sigma and sigma'(z) of the student through the scalar functions. */
double plain_sigma(const fixture *f, double z);

#endif
