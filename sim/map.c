/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map.h"

#include <string.h>

#include "vector.h"

static const double inv_sqrt_2 = 0.70710678118654752440;
static const double inv_sqrt_2pi = 0.39894228040143267794;
static const double inv_sqrt_6 = 0.40824829046386301637;
static const double two_over_sqrt_pi = 1.12837916709551257390;
static const double sqrt_2 = 1.41421356237309504880;

/* 1/(1 + e^-z) and its derivative from e = e^-|z|: no overflow, and no cancellation in the tails. */
static inline double sigmoid(double z)
{
  const double e = exp(-fabs(z));
  return (z >= 0.0 ? 1.0 : e) / (1.0 + e);
}

static inline double sigmoid_slope(double z)
{
  const double e = exp(-fabs(z));
  return e / ((1.0 + e) * (1.0 + e));
}

/* 1/cosh^2 from e = e^-2|z|: 1 - tanh^2 would cancel in the tails. */
static inline double tanh_slope(double z)
{
  const double e = exp(-2.0 * fabs(z));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

static inline double normal_distribution(double z)
{
  return 0.5 * erfc(-z * inv_sqrt_2);
}

/* One function over a whole block in place, for every instruction set. */
#define BLOCK_MAP(name, expression)                                                                          \
  PLIMI_CLONES static void name(double block[PLIMI_BLOCK])                                                   \
  {                                                                                                          \
    _Pragma("omp simd") for (int i = 0; i < PLIMI_BLOCK; i++)                                                \
    {                                                                                                        \
      const double z = block[i];                                                                             \
      block[i] = (expression);                                                                               \
    }                                                                                                        \
  }

BLOCK_MAP(linear_values, z)
BLOCK_MAP(tanh_values, tanh(z))
BLOCK_MAP(erf_values, erf(z))
BLOCK_MAP(relu_values, z > 0.0 ? z : 0.0)
BLOCK_MAP(softplus_values, (z > 0.0 ? z : 0.0) + log1p(exp(-fabs(z))))
BLOCK_MAP(sigmoid_values, sigmoid(z))
BLOCK_MAP(sin_values, sin(z))
BLOCK_MAP(gelu_values, z *normal_distribution(z))
BLOCK_MAP(silu_values, z *sigmoid(z))
BLOCK_MAP(hermite2_values, (z * z - 1.0) * inv_sqrt_2)
BLOCK_MAP(hermite3_values, z *(z *z - 3.0) * inv_sqrt_6)

BLOCK_MAP(exp_values, exp(z))

BLOCK_MAP(linear_slopes, 0.0 * z + 1.0)
BLOCK_MAP(tanh_slopes, tanh_slope(z))
BLOCK_MAP(erf_slopes, two_over_sqrt_pi *exp(-z *z))
BLOCK_MAP(relu_slopes, z > 0.0 ? 1.0 : z < 0.0 ? 0.0 : 0.5)
BLOCK_MAP(sigmoid_slopes, sigmoid_slope(z))
BLOCK_MAP(sin_slopes, cos(z))
BLOCK_MAP(gelu_slopes, normal_distribution(z) + z * inv_sqrt_2pi * exp(-0.5 * z * z))
BLOCK_MAP(silu_slopes, sigmoid(z) + z * sigmoid_slope(z))
BLOCK_MAP(hermite2_slopes, sqrt_2 *z)
BLOCK_MAP(hermite3_slopes, 3.0 * (z * z - 1.0) * inv_sqrt_6)

typedef void (*block_map)(double *block);

static const block_map value_maps[PLIM_ACTIVATION_COUNT] = {
    [PLIM_LINEAR] = linear_values,     [PLIM_TANH] = tanh_values,         [PLIM_ERF] = erf_values,
    [PLIM_RELU] = relu_values,         [PLIM_SOFTPLUS] = softplus_values, [PLIM_SIGMOID] = sigmoid_values,
    [PLIM_SIN] = sin_values,           [PLIM_GELU] = gelu_values,         [PLIM_SILU] = silu_values,
    [PLIM_HERMITE2] = hermite2_values, [PLIM_HERMITE3] = hermite3_values,
};

static const block_map slope_maps[PLIM_ACTIVATION_COUNT] = {
    [PLIM_LINEAR] = linear_slopes,     [PLIM_TANH] = tanh_slopes,         [PLIM_ERF] = erf_slopes,
    [PLIM_RELU] = relu_slopes,         [PLIM_SOFTPLUS] = sigmoid_values,  [PLIM_SIGMOID] = sigmoid_slopes,
    [PLIM_SIN] = sin_slopes,           [PLIM_GELU] = gelu_slopes,         [PLIM_SILU] = silu_slopes,
    [PLIM_HERMITE2] = hermite2_slopes, [PLIM_HERMITE3] = hermite3_slopes,
};

static void run(block_map map, size_t count, const double *z, double *result)
{
  PLIMI_ALIGNED double block[PLIMI_BLOCK] = {0.0};
  for (size_t done = 0; done < count; done += PLIMI_BLOCK) {
    const size_t part = count - done < PLIMI_BLOCK ? count - done : PLIMI_BLOCK;
    memcpy(block, z + done, part * sizeof *z);
    map(block);
    memcpy(result + done, block, part * sizeof *z);
  }
}

void plimi_map_values(const plim_activation *activation, size_t count, const double *z, double *value)
{
  const plim_activation_kind kind = plim_activation_kind_of(activation);
  if (!plim_activation_is_named(activation))
    plim_activation_values(activation, count, z, value);
  else
    run(value_maps[kind], count, z, value);
}

void plimi_map_derivatives(const plim_activation *activation, size_t count, const double *z,
                           double *derivative)
{
  const plim_activation_kind kind = plim_activation_kind_of(activation);
  if (!plim_activation_is_named(activation))
    plim_activation_derivatives(activation, count, z, derivative);
  else
    run(slope_maps[kind], count, z, derivative);
}

void plimi_map_exp(size_t count, double *x)
{
  run(exp_values, count, x, x);
}
