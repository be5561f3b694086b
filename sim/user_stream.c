/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_stream.c - the streams of plim_stream.h: those of stream.h with a place in them. */
#include "plim_stream.h"

#include <string.h>

#include "stream.h"

enum { USER = 0x75736572 }; /* "user" */
typedef enum { OF_NOTHING, OF_WORDS, OF_UNIFORMS, OF_NORMALS } kind;
enum { WORDS_A_BLOCK = 4, VALUES_A_BLOCK = 2 };

plim_stream plim_stream_named(uint64_t seed, uint64_t size, uint32_t replica, uint32_t purpose)
{
  const plimi_stream_domain domain = {{(uint32_t)size, (uint32_t)(size >> 32), 0, USER}};
  plim_stream named = {.replica = replica, .purpose = purpose};
  plimi_stream_key(seed, domain, named.key);
  return named;
}

plim_stream plim_stream_for(const plim_stream *stream, uint32_t purpose)
{
  return (plim_stream){
      .key = {stream->key[0], stream->key[1]}, .replica = stream->replica, .purpose = purpose};
}

static plimi_stream inner(const plim_stream *stream)
{
  return (plimi_stream){
      .key = {stream->key[0], stream->key[1]}, .replica = stream->replica, .purpose = stream->purpose};
}

/* Numbers of another kind do not share a block with those before. */
static void begin(plim_stream *stream, kind wanted)
{
  if (stream->kind != (uint32_t)wanted && stream->within > 0) {
    stream->block++;
    stream->within = 0;
  }
  stream->kind = (uint32_t)wanted;
}

/* `count` numbers more are used, of so many in a block. */
static void pass(plim_stream *stream, size_t count, uint32_t a_block)
{
  stream->block += count / a_block;
  stream->within += (uint32_t)(count % a_block);
  if (stream->within >= a_block) {
    stream->block++;
    stream->within -= a_block;
  }
}

void plim_stream_words(plim_stream *stream, size_t count, uint32_t *words)
{
  const plimi_stream in = inner(stream);
  begin(stream, OF_WORDS);
  while (count > 0) {
    uint32_t block[WORDS_A_BLOCK];
    size_t made = WORDS_A_BLOCK - stream->within;
    if (stream->within == 0 && count >= WORDS_A_BLOCK) {
      made = count - count % WORDS_A_BLOCK;
      plimi_stream_words(&in, stream->block, made / WORDS_A_BLOCK, words);
    } else {
      made = made < count ? made : count;
      plimi_stream_words(&in, stream->block, 1, block);
      memcpy(words, block + stream->within, made * sizeof *words);
    }
    pass(stream, made, WORDS_A_BLOCK);
    words += made;
    count -= made;
  }
}

void plim_stream_uniforms(plim_stream *stream, size_t count, double *uniforms)
{
  const plimi_stream in = inner(stream);
  begin(stream, OF_UNIFORMS);
  plimi_stream_uniforms(&in, VALUES_A_BLOCK * stream->block + stream->within, count, uniforms);
  pass(stream, count, VALUES_A_BLOCK);
}

void plim_stream_normals(plim_stream *stream, size_t count, double *normals)
{
  const plimi_stream in = inner(stream);
  begin(stream, OF_NORMALS);
  plimi_stream_normals(&in, VALUES_A_BLOCK * stream->block + stream->within, count, normals);
  pass(stream, count, VALUES_A_BLOCK);
}
