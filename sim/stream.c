/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stream.c - Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) over many counters at once, then Box-Muller.

   Random123 gives one block a call. Written as one loop over blocks the same ten rounds run in the lanes of the
   vector unit; the tests compare them with Random123 word for word. No rejection anywhere, so value number i costs
   the same wherever it stands. One block of four words makes two uniforms of 52 bits and two normals. */
#include "stream.h"

#include <string.h>

#define R123_ASSERT(x) ((void)0) /* of the number of rounds, a constant here; a library does not abort */
#include <Random123/philox.h>

#include "vector.h"

enum { ROUNDS = 10, INDEX_SHIFT = 8 };

/* The key mixes seed and size: 64 bits of a cipher's output. Replica, purpose and block are in the counter, so streams
   of one experiment never meet; two sizes or seeds share a key with probability 2^-64. */
void plimi_stream_key(uint64_t seed, plimi_stream_domain domain, uint32_t key[2])
{
  const philox4x32_key_t seed_key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  const uint32_t *w = domain.word;
  const philox4x32_ctr_t dimensions = {{w[0], w[1], w[2], w[3]}};
  const philox4x32_ctr_t mixed = philox4x32(dimensions, seed_key);
  key[0] = mixed.v[0];
  key[1] = mixed.v[1];
}

plimi_stream plimi_stream_named(uint64_t seed, const plim_size *size, size_t replica, plimi_purpose purpose,
                                size_t index)
{
  /* replica <= PLIMI_STREAM_MAX_REPLICA and index <= PLIMI_STREAM_MAX_INDEX: plim_simulate has checked */
  const plimi_stream_domain domain = {
      {(uint32_t)size->n, (uint32_t)size->d, (uint32_t)size->width, UINT32_C(0x706c696d)}}; /* "plim" */
  plimi_stream named = {.replica = (uint32_t)replica,
                        .purpose = (uint32_t)purpose | (uint32_t)index << INDEX_SHIFT};
  plimi_stream_key(seed, domain, named.key);
  return named;
}

/* The ten rounds for PLIMI_BLOCK counters from `first` on; word j of block b goes to words[j][b]. */
PLIMI_CLONES static void philox_block(const plimi_stream *stream, uint64_t first,
                                      uint32_t words[4][PLIMI_BLOCK])
{
  const uint32_t key0 = stream->key[0], key1 = stream->key[1];
  const uint32_t replica = stream->replica, purpose = stream->purpose;
#pragma omp simd
  for (uint32_t b = 0; b < PLIMI_BLOCK; b++) {
    const uint64_t block = first + b;
    uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = replica, c3 = purpose;
    uint32_t k0 = key0, k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      const uint64_t product0 = (uint64_t)PHILOX_M4x32_0 * c0;
      const uint64_t product1 = (uint64_t)PHILOX_M4x32_1 * c2;
      c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
      c1 = (uint32_t)product1;
      c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
      c3 = (uint32_t)product0;
      k0 += PHILOX_W32_0;
      k1 += PHILOX_W32_1;
    }
    words[0][b] = c0;
    words[1][b] = c1;
    words[2][b] = c2;
    words[3][b] = c3;
  }
}

/* 52 bits to the middle of one of 2^52 equal parts of (0, 1): never 0, never 1. */
static inline double uniform(uint32_t high, uint32_t low)
{
  const uint64_t bits = ((uint64_t)high << 32 | low) >> 12 | UINT64_C(0x3ff0000000000000);
  double one_to_two;
  memcpy(&one_to_two, &bits, sizeof one_to_two);
  return one_to_two - (1.0 - 0x1p-53);
}

/* Two normals a block: z[2 b] and z[2 b + 1]. */
PLIMI_CLONES static void box_muller(uint32_t words[4][PLIMI_BLOCK], double z[2 * PLIMI_BLOCK])
{
  const double two_pi = 6.28318530717958647693;
  PLIMI_ALIGNED double radius[PLIMI_BLOCK], angle[PLIMI_BLOCK];
#pragma omp simd
  for (int b = 0; b < PLIMI_BLOCK; b++) {
    radius[b] = sqrt(-2.0 * log(uniform(words[0][b], words[1][b])));
    angle[b] = two_pi * uniform(words[2][b], words[3][b]);
  }
  /* Two loops: GCC joins sin and cos of one angle in one loop to a complex exponential, which has no vector form. */
#pragma omp simd
  for (int b = 0; b < PLIMI_BLOCK; b++)
    z[2 * b] = radius[b] * cos(angle[b]);
#pragma omp simd
  for (int b = 0; b < PLIMI_BLOCK; b++)
    z[2 * b + 1] = radius[b] * sin(angle[b]);
}

void plimi_stream_words(const plimi_stream *stream, uint64_t first, size_t blocks, uint32_t *words)
{
  PLIMI_ALIGNED uint32_t lanes[4][PLIMI_BLOCK];
  for (size_t done = 0; done < blocks; done += PLIMI_BLOCK) {
    philox_block(stream, first + done, lanes);
    for (size_t b = 0; b < PLIMI_BLOCK && done + b < blocks; b++)
      for (size_t j = 0; j < 4; j++)
        words[4 * (done + b) + j] = lanes[j][b];
  }
}

void plimi_stream_uniforms(const plimi_stream *stream, uint64_t first, size_t count, double *u)
{
  PLIMI_ALIGNED uint32_t lanes[4][PLIMI_BLOCK];
  size_t done = 0;
  while (done < count) {
    const uint64_t value = first + done;
    const size_t skip = (size_t)(value % 2);
    const size_t left = count - done;
    const size_t made = left < 2 * PLIMI_BLOCK - skip ? left : 2 * PLIMI_BLOCK - skip;
    philox_block(stream, value / 2, lanes);
    for (size_t i = 0; i < made; i++) {
      const size_t block = (skip + i) / 2, half = 2 * ((skip + i) % 2);
      u[done + i] = uniform(lanes[half][block], lanes[half + 1][block]);
    }
    done += made;
  }
}

void plimi_stream_normals(const plimi_stream *stream, uint64_t first, size_t count, double *z)
{
  PLIMI_ALIGNED uint32_t lanes[4][PLIMI_BLOCK];
  PLIMI_ALIGNED double pairs[2 * PLIMI_BLOCK];
  size_t done = 0;
  while (done < count) {
    const uint64_t value = first + done;
    const size_t skip = (size_t)(value % 2);
    const size_t left = count - done;
    const size_t made = left < 2 * PLIMI_BLOCK - skip ? left : 2 * PLIMI_BLOCK - skip;
    philox_block(stream, value / 2, lanes);
    box_muller(lanes, pairs);
    memcpy(z + done, pairs + skip, made * sizeof *z);
    done += made;
  }
}
