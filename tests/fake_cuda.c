/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fake_cuda.c - stands in for libcudart, libcublas and libcusolver where there is no graphics processor: their entry
   points over ordinary memory and OpenBLAS. tests/device.test puts it in their place by their names.

   It is stricter than the real ones: addresses "on the device" cannot be read by the processor (a bit is set that no
   address has); each use of them must lie in memory that is allocated; and what is copied from the device is NaN until
   the stream was waited for. FAKE_CUDA asks it to fail: "nodevice", "none" (a runtime that sees no device and thinks
   nothing of it), "old", "gemm", "qr", "pin", "memory=BYTES", or "call=K": the K-th call of those that answer with a
   status, counted anew for each K. */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

extern void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
                    const int *lwork, int *info);

enum { NO_MEMORY = 2, INVALID = 1, NO_DEVICE = 100, BLAS_FAILED = 13, SOLVER_FAILED = 6 };
enum { MOST = 1024, WORK = 64 };
static const uintptr_t disguise = (uintptr_t)1 << 50;

typedef struct {
  char *at;
  size_t bytes;
} region;
typedef struct {
  void *stream;
  char *to, *content;
  size_t pitch, width, height;
} delivery;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static region regions[MOST];
static delivery deliveries[MOST];
static size_t used, delivery_count;
size_t fake_cuda_products, fake_cuda_reductions, fake_cuda_pinned; /* how often, for the tests */
size_t fake_cuda_live;         /* regions allocated, streams and handles */
size_t fake_cuda_calls;        /* that call=K counts */
const char *fake_cuda_refused; /* the one that it refused */

static int fails(const char *how)
{
  const char *asked = getenv("FAKE_CUDA");
  return asked != NULL && strcmp(asked, how) == 0;
}

/* Whether this call is the one that call=K asks for. Threads that call at the same time may count in any order. */
static int refuses(const char *call)
{
  static size_t asked_of;
  const char *asked = getenv("FAKE_CUDA");
  const size_t wanted =
      asked != NULL && strncmp(asked, "call=", 5) == 0 ? (size_t)strtoull(asked + 5, NULL, 10) : 0;
  pthread_mutex_lock(&lock);
  if (wanted != asked_of) {
    fake_cuda_calls = 0;
    fake_cuda_refused = NULL;
  }
  asked_of = wanted;
  const int it_is = ++fake_cuda_calls == wanted;
  if (it_is)
    fake_cuda_refused = call;
  pthread_mutex_unlock(&lock);
  return it_is;
}

static size_t capacity(void)
{
  const char *asked = getenv("FAKE_CUDA");
  return asked != NULL && strncmp(asked, "memory=", 7) == 0 ? (size_t)strtoull(asked + 7, NULL, 10)
                                                            : (size_t)1 << 34;
}

/* The address behind one on the device, for `bytes` of it. */
static void *real(const void *address, size_t bytes)
{
  char *at = (char *)((uintptr_t)address ^ disguise);
  int found = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < MOST && !found; i++)
    found = regions[i].at != NULL && at >= regions[i].at && at + bytes <= regions[i].at + regions[i].bytes;
  pthread_mutex_unlock(&lock);
  if (!found) {
    fprintf(stderr, "fake_cuda: %zu bytes at %p are not on the device\n", bytes, address);
    abort();
  }
  return at;
}

/* A matrix on the device with so many columns. */
static double *matrix(const double *address, int rows, int columns, int ld)
{
  return real(address,
              ((size_t)ld * (size_t)(columns > 0 ? columns - 1 : 0) + (size_t)rows) * sizeof(double));
}

/* ---- the runtime ---- */

int cudaGetDeviceCount(int *count);
int cudaGetDeviceCount(int *count)
{
  *count = fails("nodevice") || fails("none") ? 0 : 1;
  return fails("nodevice") ? NO_DEVICE : refuses(__func__) ? INVALID : 0;
}

int cudaGetDeviceProperties(void *properties, int device);
int cudaGetDeviceProperties(void *properties, int device)
{
  strcpy(properties, "Stand-in");
  return device == 0 && !refuses(__func__) ? 0 : INVALID;
}

int cudaDriverGetVersion(int *version);
int cudaDriverGetVersion(int *version)
{
  *version = 13010;
  return refuses(__func__) ? INVALID : 0;
}

int cudaRuntimeGetVersion(int *version);
int cudaRuntimeGetVersion(int *version)
{
  *version = fails("old") ? 10020 : 13000;
  return refuses(__func__) ? INVALID : 0;
}

const char *cudaGetErrorString(int error);
const char *cudaGetErrorString(int error)
{
  return error == NO_MEMORY   ? "out of memory"
         : error == NO_DEVICE ? "no CUDA-capable device is detected"
                              : "invalid argument";
}

int cudaGetLastError(void);
int cudaGetLastError(void)
{
  return 0;
}

int cudaMalloc(void **at, size_t bytes);
int cudaMalloc(void **at, size_t bytes)
{
  if (refuses(__func__))
    return NO_MEMORY;
  int code = NO_MEMORY;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < MOST && used + bytes <= capacity() && code != 0; i++) {
    if (regions[i].at != NULL)
      continue;
    regions[i] = (region){malloc(bytes), bytes};
    memset(regions[i].at, 0xff, bytes); /* NaN */
    *at = (void *)((uintptr_t)regions[i].at ^ disguise);
    used += bytes;
    fake_cuda_live++;
    code = 0;
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int cudaFree(void *at);
int cudaFree(void *at)
{
  int code = at == NULL ? 0 : INVALID;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < MOST && code != 0; i++) {
    if (regions[i].at == NULL || regions[i].at != (char *)((uintptr_t)at ^ disguise))
      continue;
    used -= regions[i].bytes;
    free(regions[i].at);
    regions[i].at = NULL;
    fake_cuda_live--;
    code = 0;
  }
  pthread_mutex_unlock(&lock);
  return code;
}

int cudaMemGetInfo(size_t *unused, size_t *total);
int cudaMemGetInfo(size_t *unused, size_t *total)
{
  *total = capacity();
  *unused = *total - used;
  return refuses(__func__) ? INVALID : 0;
}

int cudaHostRegister(void *at, size_t bytes, unsigned flags);
int cudaHostRegister(void *at, size_t bytes, unsigned flags)
{
  if (refuses(__func__) || fails("pin"))
    return INVALID;
  (void)at, (void)bytes, (void)flags;
  __atomic_add_fetch(&fake_cuda_pinned, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&fake_cuda_live, 1, __ATOMIC_SEQ_CST);
  return 0;
}

int cudaHostUnregister(void *at);
int cudaHostUnregister(void *at)
{
  (void)at;
  __atomic_sub_fetch(&fake_cuda_live, 1, __ATOMIC_SEQ_CST);
  return 0;
}

/* ---- streams and handles: an allocation each ---- */

static int create(void **handle, const char *call)
{
  if (refuses(call))
    return INVALID;
  *handle = malloc(1);
  __atomic_add_fetch(&fake_cuda_live, 1, __ATOMIC_SEQ_CST);
  return 0;
}

static int destroy(void *handle)
{
  free(handle);
  __atomic_sub_fetch(&fake_cuda_live, 1, __ATOMIC_SEQ_CST);
  return 0;
}

#define HANDLE(made, destroyed)                                                                              \
  int made(void **handle);                                                                                   \
  int made(void **handle)                                                                                    \
  {                                                                                                          \
    return create(handle, __func__);                                                                         \
  }                                                                                                          \
  int destroyed(void *handle);                                                                               \
  int destroyed(void *handle)                                                                                \
  {                                                                                                          \
    return destroy(handle);                                                                                  \
  }
HANDLE(cudaStreamCreate, cudaStreamDestroy)
HANDLE(cublasCreate_v2, cublasDestroy_v2)
HANDLE(cusolverDnCreate, cusolverDnDestroy)

int cublasSetStream_v2(void *handle, void *stream);
int cublasSetStream_v2(void *handle, void *stream)
{
  return handle != NULL && stream != NULL && !refuses(__func__) ? 0 : BLAS_FAILED;
}

int cusolverDnSetStream(void *handle, void *stream);
int cusolverDnSetStream(void *handle, void *stream)
{
  return handle != NULL && stream != NULL && !refuses(__func__) ? 0 : SOLVER_FAILED;
}

static void copy_rows(char *to, size_t to_pitch, const char *from, size_t from_pitch, const delivery *shape)
{
  for (size_t i = 0; i < shape->height; i++)
    memcpy(to + i * to_pitch, from + i * from_pitch, shape->width);
}

/* What comes from the device is kept until the stream is waited for. */
static void promise(const delivery *shape, const char *from, size_t from_pitch)
{
  delivery made = *shape;
  made.content = malloc(shape->width * shape->height);
  copy_rows(made.content, shape->width, from, from_pitch, shape);
  for (size_t i = 0; i < shape->height; i++)
    memset(shape->to + i * shape->pitch, 0xff, shape->width);
  pthread_mutex_lock(&lock);
  if (delivery_count == MOST)
    abort();
  deliveries[delivery_count++] = made;
  pthread_mutex_unlock(&lock);
}

int cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                      size_t height, int kind, void *stream);
int cudaMemcpy2DAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width,
                      size_t height, int kind, void *stream)
{
  const delivery shape = {.stream = stream, .to = to, .pitch = to_pitch, .width = width, .height = height};
  const size_t to_bytes = to_pitch * (height - 1) + width, from_bytes = from_pitch * (height - 1) + width;
  if (width > to_pitch || width > from_pitch || height == 0 || refuses(__func__))
    return INVALID;
  if (kind == 1)
    copy_rows(real(to, to_bytes), to_pitch, from, from_pitch, &shape);
  else if (kind == 2)
    promise(&shape, real(from, from_bytes), from_pitch);
  else if (kind == 3)
    copy_rows(real(to, to_bytes), to_pitch, real(from, from_bytes), from_pitch, &shape);
  else
    return INVALID;
  return 0;
}

int cudaStreamSynchronize(void *stream);
int cudaStreamSynchronize(void *stream)
{
  if (refuses(__func__))
    return INVALID;
  size_t kept = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < delivery_count; i++) {
    const delivery *d = &deliveries[i];
    if (d->stream == stream) {
      copy_rows(d->to, d->pitch, d->content, d->width, d);
      free(d->content);
    } else {
      deliveries[kept++] = *d;
    }
  }
  delivery_count = kept;
  pthread_mutex_unlock(&lock);
  return 0;
}

/* ---- cuBLAS ---- */

static CBLAS_TRANSPOSE op(int of)
{
  return of == 1 ? CblasTrans : CblasNoTrans;
}

int cublasDgemm_v2(void *handle, int of_a, int of_b, int m, int n, int k, const double *alpha,
                   const double *a, int lda, const double *b, int ldb, const double *beta, double *c,
                   int ldc);
int cublasDgemm_v2(void *handle, int of_a, int of_b, int m, int n, int k, const double *alpha,
                   const double *a, int lda, const double *b, int ldb, const double *beta, double *c, int ldc)
{
  if (handle == NULL || fails("gemm") || refuses(__func__))
    return BLAS_FAILED;
  __atomic_add_fetch(&fake_cuda_products, 1, __ATOMIC_SEQ_CST);
  cblas_dgemm(CblasColMajor, op(of_a), op(of_b), m, n, k, *alpha, matrix(a, of_a ? k : m, of_a ? m : k, lda),
              lda, matrix(b, of_b ? n : k, of_b ? k : n, ldb), ldb, *beta, matrix(c, m, n, ldc), ldc);
  return 0;
}

int cublasDsyrk_v2(void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a,
                   int lda, const double *beta, double *c, int ldc);
int cublasDsyrk_v2(void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a,
                   int lda, const double *beta, double *c, int ldc)
{
  if (handle == NULL || refuses(__func__))
    return BLAS_FAILED;
  cblas_dsyrk(CblasColMajor, triangle == 0 ? CblasLower : CblasUpper, op(of_a), n, k, *alpha,
              matrix(a, of_a ? k : n, of_a ? n : k, lda), lda, *beta, matrix(c, n, n, ldc), ldc);
  return 0;
}

int cublasDsymm_v2(void *handle, int side, int triangle, int m, int n, const double *alpha, const double *a,
                   int lda, const double *b, int ldb, const double *beta, double *c, int ldc);
int cublasDsymm_v2(void *handle, int side, int triangle, int m, int n, const double *alpha, const double *a,
                   int lda, const double *b, int ldb, const double *beta, double *c, int ldc)
{
  const int order = side == 0 ? m : n;
  if (handle == NULL || refuses(__func__))
    return BLAS_FAILED;
  cblas_dsymm(CblasColMajor, side == 0 ? CblasLeft : CblasRight, triangle == 0 ? CblasLower : CblasUpper, m,
              n, *alpha, matrix(a, order, order, lda), lda, matrix(b, m, n, ldb), ldb, *beta,
              matrix(c, m, n, ldc), ldc);
  return 0;
}

int cublasDsyr2k_v2(void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a,
                    int lda, const double *b, int ldb, const double *beta, double *c, int ldc);
int cublasDsyr2k_v2(void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a,
                    int lda, const double *b, int ldb, const double *beta, double *c, int ldc)
{
  if (handle == NULL || refuses(__func__))
    return BLAS_FAILED;
  cblas_dsyr2k(CblasColMajor, triangle == 0 ? CblasLower : CblasUpper, op(of_a), n, k, *alpha,
               matrix(a, of_a ? k : n, of_a ? n : k, lda), lda, matrix(b, of_a ? k : n, of_a ? n : k, ldb),
               ldb, *beta, matrix(c, n, n, ldc), ldc);
  return 0;
}

/* ---- cuSOLVER ---- */

int cusolverDnDgeqrf_bufferSize(void *handle, int m, int n, double *a, int lda, int *length);
int cusolverDnDgeqrf_bufferSize(void *handle, int m, int n, double *a, int lda, int *length)
{
  (void)a;
  *length = WORK * n + (m % 7 == 3 ? 1000 : 0); /* no rule that a caller could rely on */
  return handle != NULL && lda >= m && !refuses(__func__) ? 0 : SOLVER_FAILED;
}

int cusolverDnDgeqrf(void *handle, int m, int n, double *a, int lda, double *tau, double *work, int length,
                     int *info);
int cusolverDnDgeqrf(void *handle, int m, int n, double *a, int lda, double *tau, double *work, int length,
                     int *info)
{
  if (handle == NULL || length < WORK * n + (m % 7 == 3 ? 1000 : 0) || fails("qr") || refuses(__func__))
    return SOLVER_FAILED;
  __atomic_add_fetch(&fake_cuda_reductions, 1, __ATOMIC_SEQ_CST);
  dgeqrf_(&m, &n, matrix(a, m, n, lda), &lda, matrix(tau, m < n ? m : n, 1, m < n ? m : n),
          matrix(work, length, 1, length), &length, real(info, sizeof *info));
  return 0;
}
