/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_stream.c - streams: the words are Philox4x32-10, the normals are normal, each value depends on its number
   alone.

   Statistical tests use fixed seeds, so they give the same answer every time; with another seed each fails by chance
   with the probability of a normal variable beyond 5 (6e-7), or as stated. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <Random123/philox.h>

#include "../sim/stream.h"
#include "plim_stream.h"
#include "run_cases.h"

static const double five_sigma = 5.0;
static const plim_size size = {.n = 137, .d = 59, .width = 83};

/* Random123's kat_vectors for philox4x32 with 10 rounds: counter, key, answer. */
START_TEST(known_answers)
{
  static const uint32_t vectors[3][10] = {{0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                          {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                                           0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                          {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822,
                                           0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
  const uint32_t *v = vectors[_i];
  const plimi_stream stream = {.key = {v[4], v[5]}, .replica = v[2], .purpose = v[3]};
  uint32_t words[4];
  plimi_stream_words(&stream, (uint64_t)v[1] << 32 | v[0], 1, words);
  for (int j = 0; j < 4; j++)
    ck_assert_uint_eq(words[j], v[6 + j]);
}
END_TEST

/* Word for word against Random123, across the carry from one counter word into the next. */
START_TEST(words_are_those_of_random123)
{
  enum { BLOCKS = 1000 };
  const plimi_stream stream = plimi_stream_named(42, &size, 7, PLIMI_STREAM_INPUTS, 3);
  const uint64_t first = UINT64_C(0x2fffffe0c);
  static uint32_t words[4 * BLOCKS];
  plimi_stream_words(&stream, first, BLOCKS, words);
  for (uint64_t b = 0; b < BLOCKS; b++) {
    const philox4x32_ctr_t counter = {
        {(uint32_t)(first + b), (uint32_t)((first + b) >> 32), stream.replica, stream.purpose}};
    const philox4x32_key_t key = {{stream.key[0], stream.key[1]}};
    const philox4x32_ctr_t answer = philox4x32(counter, key);
    for (size_t j = 0; j < 4; j++)
      ck_assert_uint_eq(words[4 * b + j], answer.v[j]);
  }
}
END_TEST

/* The names of streams are part of the reproducibility of results: this one's key is pinned. */
START_TEST(normals_follow_from_the_words)
{
  enum { COUNT = 600 };
  const double tolerance = 1e-14; /* vector against scalar log, sin, cos: a few ulp of values below 9 */
  const plimi_stream stream = plimi_stream_named(1, &size, 0, PLIMI_STREAM_WEIGHTS, 0);
  uint32_t words[2 * COUNT];
  double z[COUNT];
  plimi_stream_words(&stream, 0, COUNT / 2, words);
  plimi_stream_normals(&stream, 0, COUNT, z);
  for (size_t b = 0; b < COUNT / 2; b++) {
    const uint32_t *w = words + 4 * b;
    const double u = ldexp((double)(((uint64_t)w[0] << 32 | w[1]) >> 12) + 0.5, -52);
    const double v = ldexp((double)(((uint64_t)w[2] << 32 | w[3]) >> 12) + 0.5, -52);
    const double radius = sqrt(-2.0 * log(u)), angle = 8.0 * atan(1.0) * v;
    ck_assert_double_eq_tol(z[2 * b], radius * cos(angle), tolerance);
    ck_assert_double_eq_tol(z[2 * b + 1], radius * sin(angle), tolerance);
  }
}
END_TEST

START_TEST(a_value_is_a_pure_function_of_its_number)
{
  enum { COUNT = 2000 };
  const plimi_stream stream = plimi_stream_named(5, &size, 2, PLIMI_STREAM_NOISE, 0);
  double whole[COUNT], part[COUNT + 1];
  plimi_stream_normals(&stream, 0, COUNT, whole);
  for (size_t first = 0; first < 600; first += 37) {
    for (size_t count = 1; first + count <= COUNT; count = 3 * count + 2) {
      part[count] = -77.0;
      plimi_stream_normals(&stream, first, count, part);
      ck_assert(memcmp(part, whole + first, count * sizeof *part) == 0);
      ck_assert(part[count] == -77.0);
    }
  }
}
END_TEST

/* Mean, variance, third and fourth moment; 64 equally likely bins (chi^2 with 63 degrees of freedom beyond 135 has
   chance 3e-7); and the tails, which a truncated generator would lack. */
START_TEST(normals_are_normal)
{
  enum { COUNT = 2000000, BINS = 64 };
  const plimi_stream stream = plimi_stream_named(99, &size, 0, PLIMI_STREAM_INPUTS, 0);
  double *z = malloc(COUNT * sizeof *z), moment[5] = {0.0}, chi2 = 0.0, beyond = 0.0;
  size_t bin[BINS] = {0};
  ck_assert_ptr_nonnull(z);
  plimi_stream_normals(&stream, 0, COUNT, z);
  for (size_t i = 0; i < COUNT; i++) {
    double power = 1.0;
    for (int k = 1; k <= 4; k++)
      moment[k] += power *= z[i];
    const double p = 0.5 * erfc(-z[i] / sqrt(2.0));
    bin[(size_t)fmin(p * BINS, BINS - 1)]++;
    beyond += fabs(z[i]) > 4.5;
  }
  const double root = sqrt((double)COUNT);
  ck_assert_double_lt(fabs(moment[1] / COUNT) * root, five_sigma);
  ck_assert_double_lt(fabs(moment[2] / COUNT - 1.0) * root / sqrt(2.0), five_sigma);
  ck_assert_double_lt(fabs(moment[3] / COUNT) * root / sqrt(15.0), five_sigma);
  ck_assert_double_lt(fabs(moment[4] / COUNT - 3.0) * root / sqrt(96.0), five_sigma);
  for (size_t b = 0; b < BINS; b++)
    chi2 += pow((double)bin[b] - (double)COUNT / BINS, 2) / ((double)COUNT / BINS);
  ck_assert_double_lt(chi2, 135.0);
  const double expected =
      COUNT * erfc(4.5 / sqrt(2.0)); /* 13.6: Poisson, 1 .. 40 has chance above 1 - 1e-5 */
  ck_assert_double_gt(beyond, expected - 12.6);
  ck_assert_double_lt(beyond, expected + 26.4);
  free(z);
}
END_TEST

/* Streams whose names differ in one place are uncorrelated, and so is a stream with itself one step on. */
START_TEST(streams_are_independent)
{
  enum { COUNT = 200000, STREAMS = 10 };
  plim_size other_n = size, other_d = size, other_width = size;
  other_n.n++;
  other_d.d++;
  other_width.width++;
  const plimi_stream stream[STREAMS] = {
      plimi_stream_named(3, &size, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(4, &size, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3 + (UINT64_C(1) << 32), &size, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3, &other_n, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3, &other_d, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3, &other_width, 4, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3, &size, 5, PLIMI_STREAM_INPUTS, 0),
      plimi_stream_named(3, &size, 4, PLIMI_STREAM_RIDGE_INPUTS, 0),
      plimi_stream_named(3, &size, 4, PLIMI_STREAM_INPUTS, 1),
      plimi_stream_named(3, &size, 4, PLIMI_STREAM_WEIGHTS, 0),
  };
  double *z[STREAMS];
  for (size_t s = 0; s < STREAMS; s++) {
    z[s] = malloc(COUNT * sizeof *z[s]);
    ck_assert_ptr_nonnull(z[s]);
    plimi_stream_normals(&stream[s], 0, COUNT, z[s]);
  }
  for (size_t s = 0; s < STREAMS; s++) {
    for (size_t t = 0; t <= s; t++) {
      double here = 0.0, next = 0.0;
      for (size_t i = 0; i + 1 < COUNT; i++) {
        here += z[s][i] * z[t][i];
        next += z[s][i] * z[t][i + 1];
      }
      if (s != t)
        ck_assert_double_lt(fabs(here) / sqrt((double)COUNT), five_sigma);
      ck_assert_double_lt(fabs(next) / sqrt((double)COUNT), five_sigma);
    }
  }
  for (size_t s = 0; s < STREAMS; s++)
    free(z[s]);
}
END_TEST

/* ---- plim_stream.h -------------------------------------------------------------------------------------- */

/* tests/data/stream.csv, computed from the text of the header in whole numbers and many digits. */
START_TEST(known_answers_of_public_streams)
{
  const double normal_ulps = 4.0 * 0x1p-52; /* of log, sin, cos; of the radius up to 9 */
  const char *top = getenv("srcdir");
  char path[4096], line[512];
  size_t lines = 0;
  snprintf(path, sizeof path, "%s/tests/data/stream.csv", top != NULL ? top : ".");
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s cannot be read", path);
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file) != NULL) {
    uint64_t seed, length, block;
    uint32_t replica, purpose, word[4], got[4];
    double u[2], z[2], pair[2];
    ck_assert_int_eq(sscanf(line,
                            "%" SCNu64 ",%" SCNu64 ",%" SCNu32 ",%" SCNu32 ",%" SCNu64 ",%" SCNx32 ",%" SCNx32
                            ",%" SCNx32 ",%" SCNx32 ",%lf,%lf,%lf,%lf",
                            &seed, &length, &replica, &purpose, &block, &word[0], &word[1], &word[2],
                            &word[3], &u[0], &u[1], &z[0], &z[1]),
                     13);
    plim_stream stream = plim_stream_named(seed, length, replica, purpose);
    stream.block = block;
    plim_stream_words(&stream, 4, got);
    ck_assert(memcmp(got, word, sizeof got) == 0);
    ck_assert(stream.block == block + 1 && stream.within == 0);
    stream.block = block;
    plim_stream_uniforms(&stream, 2, pair);
    ck_assert(pair[0] == u[0] && pair[1] == u[1]);
    stream.block = block;
    plim_stream_normals(&stream, 2, pair);
    for (int i = 0; i < 2; i++)
      ck_assert_double_eq_tol(pair[i], z[i], normal_ulps * (1.0 + hypot(z[0], z[1])));
    lines++;
  }
  fclose(file);
  ck_assert_uint_eq(lines, 36);
}
END_TEST

/* However they are asked for, and of whatever kind: the same numbers, and no block serves two kinds. */
START_TEST(public_streams_go_on)
{
  enum { COUNT = 700 };
  static uint32_t words[COUNT], word[COUNT];
  double uniforms[COUNT], normals[COUNT], part[COUNT];
  plim_stream whole = plim_stream_named(3, 59, 4, 1);
  plim_stream_words(&whole, COUNT, words);
  whole = plim_stream_named(3, 59, 4, 1);
  plim_stream_uniforms(&whole, COUNT, uniforms);
  whole = plim_stream_named(3, 59, 4, 1);
  plim_stream_normals(&whole, COUNT, normals);
  for (size_t step = 1; step < 330; step = 2 * step + 1) {
    plim_stream by_words = plim_stream_named(3, 59, 4, 1), by_uniforms = by_words, by_normals = by_words;
    for (size_t done = 0; done < COUNT; done += step) {
      const size_t count = COUNT - done < step ? COUNT - done : step;
      plim_stream_words(&by_words, count, word + done);
      plim_stream_uniforms(&by_uniforms, count, part);
      ck_assert(memcmp(part, uniforms + done, count * sizeof *part) == 0);
      plim_stream_normals(&by_normals, count, part);
      ck_assert(memcmp(part, normals + done, count * sizeof *part) == 0);
    }
    ck_assert(memcmp(word, words, sizeof words) == 0);
  }
  plim_stream mixed = plim_stream_named(3, 59, 4, 1);
  plim_stream_normals(&mixed, 3, part); /* blocks 0 and 1 */
  plim_stream_uniforms(&mixed, 1, part);
  ck_assert_double_eq(part[0], uniforms[4]);
  plim_stream_words(&mixed, 5, word); /* blocks 3 and 4 */
  ck_assert(memcmp(word, words + 12, 5 * sizeof *word) == 0);
  plim_stream_normals(&mixed, 2, part);
  ck_assert(part[0] == normals[10] && part[1] == normals[11]);
  plim_stream_words(&mixed, 0, word);
  plim_stream_uniforms(&mixed, 1, part);
  ck_assert_double_eq(part[0], uniforms[12]);
  plim_stream other = plim_stream_for(&mixed, 1);
  plim_stream_normals(&other, 1, part);
  ck_assert_double_eq(part[0], normals[0]);
}
END_TEST

/* One word of the name is another: another stream; and none is that of plim's own experiments. */
START_TEST(public_streams_have_names)
{
  const plim_stream stream[] = {plim_stream_named(3, 59, 4, 1),
                                plim_stream_named(4, 59, 4, 1),
                                plim_stream_named(3 + (UINT64_C(1) << 32), 59, 4, 1),
                                plim_stream_named(3, 60, 4, 1),
                                plim_stream_named(3, 59 + (UINT64_C(1) << 32), 4, 1),
                                plim_stream_named(3, 59, 5, 1),
                                plim_stream_named(3, 59, 4, 2)};
  enum { STREAMS = sizeof stream / sizeof *stream };
  const plim_size own = {.n = 59, .d = 0, .width = 0};
  const plimi_stream inside = plimi_stream_named(3, &own, 4, PLIMI_STREAM_WEIGHTS, 0);
  double first[STREAMS + 1];
  for (size_t i = 0; i < STREAMS; i++) {
    plim_stream copy = stream[i];
    plim_stream_uniforms(&copy, 1, &first[i]);
  }
  plimi_stream_uniforms(&inside, 0, 1, &first[STREAMS]);
  for (size_t i = 0; i <= STREAMS; i++)
    for (size_t j = 0; j < i; j++)
      ck_assert_double_ne(first[i], first[j]);
}
END_TEST

int main(void)
{
  TCase *tests = tcase_create("stream");
  tcase_add_loop_test(tests, known_answers, 0, 3);
  tcase_add_test(tests, words_are_those_of_random123);
  tcase_add_test(tests, normals_follow_from_the_words);
  tcase_add_test(tests, a_value_is_a_pure_function_of_its_number);
  tcase_add_test(tests, normals_are_normal);
  tcase_add_test(tests, streams_are_independent);
  tcase_add_test(tests, known_answers_of_public_streams);
  tcase_add_test(tests, public_streams_go_on);
  tcase_add_test(tests, public_streams_have_names);
  return run_cases("stream", 1, &tests);
}
