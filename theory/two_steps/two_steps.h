/* SPDX-License-Identifier: GPL-3.0-or-later */
/* two_steps.h - what the files of theory/two_steps/ share: the weights after two gradient steps, two_steps.md.

   Notation (two_steps.md -> here; the files add their own):
     e1, e2         e[0], e[1]   eta_i/sqrt N, what the preactivations at W1 and the bulk see; 0 where d is infinite
                                 and the exponent below 1/2
     -              push[i]      the step in the spikes: e_i, or eta_i itself where e = 0 and the exponent is 0
     zeta_b, pi_b   zeta, pi     kinds of neuron and their weights
     up             up           sqrt(s2/psi1);  q0 = nu2 s2/psi1
     xi, nn, eps                 independent N(0,1) (times the noise): y = sigma*(xi) + eps, t = mu1 (mu1* xi + up nn)
     h              -            a preactivation at W1 of a sample of the batch of the second step:
                                   same:   h = z + e1 zeta (t + sigma'(z) y/psi1) + e1 zeta sqrt(q0) g
                                   fresh:  h = sqrt(c1) z + e1 zeta t,   c1 = 1 + e1^2 zeta^2 q0
   NORMALISATION. As in plim_problem.h: W0 has entries N(0, 1/d), noise is a standard deviation. Both batches have n
   samples. Matrices are flat and row-major, with the shape in the comment. */
#ifndef PLIM_TWO_STEPS_H
#define PLIM_TWO_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "../theory.h"

typedef struct {
  double e[2], push[2];
  double mu1, c2, nu2, star_mu1, s2, psi1, up, q0, noise;
  bool is_same;   /* both steps see one batch */
  bool is_folded; /* sigma odd: neurons with zeta and -zeta act alike, zeta > 0 stands for both */
  plim_readout readout;
  const plim_atoms *atoms; /* where the readout has them */
} plimi_two;

/* average.c: E sigma, E sigma', E g sigma', E sigma'^2 at m + sd g, sigma not centred. */
enum { PLIMI_TWO_VALUE, PLIMI_TWO_SLOPE, PLIMI_TWO_TILT, PLIMI_TWO_SQUARE, PLIMI_TWO_AVERAGES };
typedef struct plimi_two_averager plimi_two_averager;
plim_status plimi_two_averager_alloc(const plim_activation *activation,
                                     plimi_two_averager **averager) PLIM_MUST_CHECK;
void plimi_two_averager_free(plimi_two_averager *averager); /* NULL is allowed */
plim_status plimi_two_average(plimi_two_averager *averager, double m, double sd,
                              double average[PLIMI_TWO_AVERAGES]) PLIM_MUST_CHECK;

/* chart.c: the same at one sd for every m from low to high, as piecewise polynomials. */
enum { PLIMI_CHART_NODES = 16 };
typedef struct {
  size_t cells, room;
  double *edge;        /* cells + 1, ascending */
  double *coefficient; /* cells x PLIMI_CHART_NODES x PLIMI_TWO_AVERAGES, Chebyshev's */
} plimi_two_chart;
typedef struct {
  double sd, low, high;
} plimi_two_span;
/* To be cleared also where it fails. */
plim_status plimi_two_chart_make(const plim_activation *activation, plimi_two_averager *averager,
                                 plimi_two_span span, plimi_two_chart *chart) PLIM_MUST_CHECK;
void plimi_two_chart_clear(plimi_two_chart *chart);
/* *cell is where the last one was, 0 at first. */
void plimi_two_chart_at(const plimi_two_chart *chart, size_t *cell, double m,
                        double average[PLIMI_TWO_AVERAGES]);

/* law.c: the law of (y, t): sum p[k] G = E G(y, t), E xi G, E nn G, E xi^2 G, on the product of ny and nt points.
   points.c: the same cut off, as a list of ny points with nt = 1, and p[PLIMI_TWO_PLAIN] alone. */
enum { PLIMI_TWO_PLAIN, PLIMI_TWO_BY_XI, PLIMI_TWO_BY_NN, PLIMI_TWO_BY_XI2, PLIMI_TWO_WEIGHTS };
typedef struct {
  size_t ny, nt;
  bool is_list;
  double *y, *t;                /* ny, nt; a list: ny of each */
  double *p[PLIMI_TWO_WEIGHTS]; /* ny x nt */
  double *storage;
} plimi_two_law;
/* To be cleared also where it fails. `level` 0, 1, ...: each is finer by sqrt 2. */
plim_status plimi_two_law_make(const plimi_input *in, const plimi_two *two, unsigned level,
                               plimi_two_law *law) PLIM_MUST_CHECK;
void plimi_two_law_clear(plimi_two_law *law);
/* Given |xi|, |eps|/noise and |nn| <= end. */
plim_status plimi_two_points_make(const plimi_input *in, const plimi_two *two, unsigned level, double end,
                                  plimi_two_law *law) PLIM_MUST_CHECK;
static inline double plimi_two_y(const plimi_two_law *law, size_t i)
{
  return law->y[i / law->nt];
}
static inline double plimi_two_t(const plimi_two_law *law, size_t i)
{
  return law->t[law->is_list ? i : i % law->nt];
}

/* tables.c: what a neuron of each kind does at (y, t); where batches are fresh at t alone (rows = 1). Column names
   as in two_steps.md 1: */
enum {
  PLIMI_TWO_D, /* E sigma'(h) */
  PLIMI_TWO_A, /* same: E z sigma'(h); fresh: E sigma''(h) */
  PLIMI_TWO_B, /* same: E g sigma'(h) */
  PLIMI_TWO_C, /* same: Cov(sigma'(z), sigma'(h)) */
  PLIMI_TWO_V, /* Var sigma'(h) */
  PLIMI_TWO_COLUMNS
};
typedef struct {
  plimi_two two;
  plimi_two_law law;
  size_t kinds, rows;
  double *zeta, *pi;                 /* kinds */
  double *f1;                        /* rows x nt */
  double *column[PLIMI_TWO_COLUMNS]; /* kinds x rows x nt */
  double *storage;
} plimi_two_tables;
/* `end` as in plimi_two_points_make; INFINITY: the whole law. */
plim_status plimi_two_tables_alloc(const plimi_input *in, const plimi_two *two, unsigned level, double end,
                                   plimi_two_tables **tables) PLIM_MUST_CHECK;
void plimi_two_tables_free(plimi_two_tables *tables); /* NULL is allowed */
static inline double plimi_two_at(const plimi_two_tables *t, int column, size_t kind, size_t i)
{
  const size_t own = t->rows == 1 ? i % t->law.nt : i;
  return t->column[column][kind * t->rows * t->law.nt + own];
}
/* y - f1 at point i of the law */
static inline double plimi_two_residual(const plimi_two_tables *t, size_t i)
{
  return plimi_two_y(&t->law, i) - t->f1[t->rows == 1 ? i % t->law.nt : i];
}

/* zeta.c: the kinds of neuron. PLIM_NO_MEMORY */
plim_status plimi_two_kinds(const plimi_two *two, unsigned level, size_t *kinds, double **zeta,
                            double **pi) PLIM_MUST_CHECK; /* both to be released with free() */

/* spikes.c: eigenvalues of H, descending, in units of push^2, and <v_l, beta*>^2; the trace of the bulk. */
enum { PLIMI_TWO_SPIKES = 8 };
typedef struct {
  plim_value strength[PLIMI_TWO_SPIKES], along[PLIMI_TWO_SPIKES];
  plim_value trace;  /* mean over the kinds of c_b */
  plim_value growth; /* mean square over the kinds of what the bulk multiplies <w_j, beta*> by */
} plimi_two_spikes;
plim_status plimi_two_spikes_of(const plimi_two_tables *tables, plimi_two_spikes *spikes) PLIM_MUST_CHECK;

/* pencil.c: T(-x) = (1/d) tr (1 - x Sigma)^-1 and its derivative in x, one kind. `r` is where the last one was. */
enum { PLIMI_PENCIL = 5 };
typedef struct {
  double x, r[PLIMI_PENCIL * PLIMI_PENCIL], rise[PLIMI_PENCIL * PLIMI_PENCIL]; /* rise: dr/dx */
  double t, slope;
} plimi_two_point;
plim_status plimi_two_pencil_start(const plimi_two_tables *tables,
                                   plimi_two_point *point) PLIM_MUST_CHECK; /* x = 0 */
plim_status plimi_two_pencil_move(const plimi_two_tables *tables, double x,
                                  plimi_two_point *point) PLIM_MUST_CHECK;

/* bulk.c: the bulk's edge and the outliers above it. */
typedef struct {
  const plimi_two_tables *tables; /* NULL: isotropic, Sigma = trace */
  double trace, psi2;
} plimi_two_bulk;
typedef struct {
  double x, square; /* square: of the singular value */
} plimi_two_place;
plim_status plimi_two_edge(const plimi_two_bulk *bulk, plimi_two_place *edge) PLIM_MUST_CHECK;
/* PLIM_OUTSIDE_DOMAIN: a spike of squared strength `strength` stays inside. *overlap: <left vector, v>^2. */
plim_status plimi_two_outlier(const plimi_two_bulk *bulk, double strength, plimi_two_place *place,
                              double *overlap) PLIM_MUST_CHECK;

/* two_steps.c: all of it, refined to the tolerance and kept. */
typedef struct {
  plimi_two two;
  plimi_two_spikes spikes;
  bool has_pencil;    /* one kind of neuron, e1 or e2 > 0 */
  plim_status pencil; /* where has_pencil: are these set? */
  const plimi_two_tables *coarser, *finer;
} plimi_two_solution;
plim_status plimi_two_solve(const plimi_input *in, const plimi_two_solution **solution) PLIM_MUST_CHECK;

#endif
