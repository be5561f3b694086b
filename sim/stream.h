/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.h - counter-based random numbers. Private to sim/; plim_stream.h is made of it.

   A stream is named by (seed, size, replica, purpose, index) and nothing else: not by lambda, eta, activation
   or noise, so problems that differ in those see the same draws. Value number i of a stream is a pure function
   of the name and i: no state, no order, no dependence on threads or on how many values are asked for at once.

   Guarantee: the 32-bit words are the same on every machine. The normals are made from them by vector logarithm,
   sine and cosine where the C library has them, by the scalar ones elsewhere: the same bits for one build on one
   kind of processor; between instruction sets, compilers and C libraries they agree to a few units in the
   last place. */
#ifndef PLIM_SIM_STREAM_H
#define PLIM_SIM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "plim_problem.h"

/* What a stream is for. The numbers are part of the reproducibility of results: never renumber, only append. */
typedef enum {
  PLIMI_STREAM_BETA = 0,    /* beta* before normalisation, d */
  PLIMI_STREAM_WEIGHTS = 1, /* sqrt(d) W0, d x N */
  PLIMI_STREAM_READOUT = 2, /* zeta, N (Rademacher: their signs) */
  PLIMI_STREAM_INPUTS =
      3, /* X', one column a sample; index = batch: 0 the first, t the fresh batch of step t + 1 */
  PLIMI_STREAM_NOISE = 4, /* label noise of that batch */
  PLIMI_STREAM_RIDGE_INPUTS =
      5, /* the batch that the ridge regression sees, d x n, but for the pairs it shares with INPUTS, 0 */
  PLIMI_STREAM_RIDGE_NOISE = 6,     /* its label noise, n */
  PLIMI_STREAM_TEST_INPUTS = 7,     /* test points, d x test_points */
  PLIMI_STREAM_EQUIVALENT = 8,      /* z of the Gaussian-equivalent features on the second batch, N x n */
  PLIMI_STREAM_TEST_EQUIVALENT = 9, /* and on the test points, N x test_points */
  PLIMI_STREAM_SPIKE =
      10, /* the spike's direction before its part along beta* is set, d (spiked random features) */
  PLIMI_STREAM_ROWS = 11,    /* the order of the rows of a table of inputs */
  PLIMI_STREAM_COLUMNS = 12, /* and which of its columns */
} plimi_purpose;

/* The largest replica number and index a stream's name can hold. */
#define PLIMI_STREAM_MAX_REPLICA UINT32_MAX
#define PLIMI_STREAM_MAX_INDEX ((UINT32_C(1) << 24) - 1)

typedef struct {
  uint32_t key[2];
  uint32_t replica;
  uint32_t purpose;
} plimi_stream;

/* `replica` and `index` must not pass the two limits above. */
plimi_stream plimi_stream_named(uint64_t seed, const plim_size *size, size_t replica, plimi_purpose purpose,
                                size_t index);

/* The key of a seed and three more words: "plim" in the last of plim's own experiments, "user" in that of others. */
typedef struct {
  uint32_t word[4];
} plimi_stream_domain;
void plimi_stream_key(uint64_t seed, plimi_stream_domain domain, uint32_t key[2]);

/* words[4 b + j], j < 4: the Philox4x32-10 output for counter (first + b, replica, purpose), b < blocks. */
void plimi_stream_words(const plimi_stream *stream, uint64_t first, size_t blocks, uint32_t *words);

/* u[i] = uniform number first + i in (0, 1), i < count: of 52 bits, two a block. */
void plimi_stream_uniforms(const plimi_stream *stream, uint64_t first, size_t count, double *u);

/* z[i] = standard normal number first + i, i < count. */
void plimi_stream_normals(const plimi_stream *stream, uint64_t first, size_t count, double *z);

#endif
