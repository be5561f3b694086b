/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plim_stream.h - random numbers that are a function of their name and their number, and of nothing else.

   A stream is named by (seed, size, replica, purpose). Its blocks are those of Philox4x32-10 (Salmon, Moraes, Dror &
   Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"; numpy and Random123 have it too), all numbers in 32-bit
   words, low word first:

     key      the first two words of philox(counter = (size, size >> 32, 0, 0x75736572), key = (seed, seed >> 32));
              0x75736572 is "user", which no stream of plim's own experiments has there
     block b  the four words w of philox(counter = (b, b >> 32, replica, purpose), key)

   Streams of one seed and size never meet; two seeds or sizes share a key with chance 2^-64. From block b come
     words    number 4b + j: w[j]
     uniforms u(high, low) = ((high 2^32 + low) >> 12) 2^-52 + 2^-53, in (0, 1), never 0 or 1:
              number 2b: u(w[0], w[1]);  number 2b + 1: u(w[2], w[3])
     normals  with r = sqrt(-2 log u(w[0], w[1])), a = 2 pi u(w[2], w[3]) (Box & Muller 1958):
              number 2b: r cos a;  number 2b + 1: r sin a

   A stream goes on where it stopped: 3 normals and then 5 are the first 8, however they are asked for. What is of
   another kind than what was drawn last begins with the next whole block, so that no block serves twice.

   Known answers, of seed 20220502, size 137, replica 7, purpose 3 (more in tests/data/stream.csv, with the program
   that computed them from this text):
     key      cbc5d57d 9865204a
     words    16981d1a 568b53dc 71f468a1 a51f6dfe  5044cd36 ...
     uniforms 0.088258570604506814 0.44513563105021847 ...
     normals  -2.0737714312938178 0.74460794506584061 ...

   Words and uniforms are the same bits on every machine. Normals are the same bits for one build on one kind of
   processor, and agree to a few units in the last place elsewhere. */
#ifndef PLIM_STREAM_H
#define PLIM_STREAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value to be copied and thrown away at will; a copy goes on from the same place. Its members are for reading. */
typedef struct {
  uint32_t key[2];
  uint32_t replica;
  uint32_t purpose;
  uint64_t block;  /* the one that comes next; below 2^63 */
  uint32_t within; /* how many words, uniforms or normals of it are used */
  uint32_t kind;   /* of what was drawn last: 0 nothing, 1 words, 2 uniforms, 3 normals */
} plim_stream;

plim_stream plim_stream_named(uint64_t seed, uint64_t size, uint32_t replica, uint32_t purpose);

/* The beginning of the stream of the same seed, size and replica with another purpose: independent numbers that do
   not depend on how many were drawn here. */
plim_stream plim_stream_for(const plim_stream *stream, uint32_t purpose);

/* The next `count` of each kind. Ask for many at once: uniforms and normals are made 256 at a time, whatever is asked
   for. */
void plim_stream_words(plim_stream *stream, size_t count, uint32_t *words);
void plim_stream_uniforms(plim_stream *stream, size_t count, double *uniforms);
void plim_stream_normals(plim_stream *stream, size_t count, double *normals);

#ifdef __cplusplus
}
#endif
#endif
