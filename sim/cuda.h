/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cuda.h - the part of CUDA that sim/device*.c call. Private to sim/.

   No header of CUDA is needed to build plim, and no library of it is linked. Prototypes and values are those of
   cuda_runtime_api.h and driver_types.h (the runtime), cublas_api.h and cusolverDn.h, which are the same from CUDA 11.0
   to 13.0; enumerations are int in the C ABI, handles pointers to what only CUDA knows. */
#ifndef PLIM_SIM_CUDA_H
#define PLIM_SIM_CUDA_H

#include <stdbool.h>
#include <stddef.h>

enum { PLIMI_CUDA_OK = 0 }; /* cudaSuccess, CUBLAS_STATUS_SUCCESS, ... */
enum { PLIMI_CUDA_TO_DEVICE = 1, PLIMI_CUDA_TO_HOST = 2, PLIMI_CUDA_ON_DEVICE = 3 }; /* cudaMemcpyKind */
enum { PLIMI_CUDA_N = 0, PLIMI_CUDA_T = 1 };                                         /* cublasOperation_t */
enum { PLIMI_CUDA_LOWER = 0, PLIMI_CUDA_LEFT = 0 }; /* cublasFillMode_t, cublasSideMode_t */
enum { PLIMI_CUDA_PINNED = 1 };                     /* cudaHostRegisterPortable */
enum {
  PLIMI_CUDA_PROPERTIES = 1 << 14,
  PLIMI_CUDA_NAME = 256
}; /* cudaDeviceProp: under 2 kB, and begins with name */

typedef enum {
  PLIMI_CUDA_RUNTIME,
  PLIMI_CUDA_BLAS,
  PLIMI_CUDA_SOLVER,
  PLIMI_CUDA_LIBRARIES
} plimi_cuda_library;

/* X(name here, library, symbol, arguments); all return int. */
#define PLIMI_CUDA_TABLE(X)                                                                                  \
  X(count, PLIMI_CUDA_RUNTIME, "cudaGetDeviceCount", (int *count))                                           \
  X(driver, PLIMI_CUDA_RUNTIME, "cudaDriverGetVersion", (int *version))                                      \
  X(runtime, PLIMI_CUDA_RUNTIME, "cudaRuntimeGetVersion", (int *version))                                    \
  X(allocate, PLIMI_CUDA_RUNTIME, "cudaMalloc", (void **at, size_t bytes))                                   \
  X(release, PLIMI_CUDA_RUNTIME, "cudaFree", (void *at))                                                     \
  X(memory, PLIMI_CUDA_RUNTIME, "cudaMemGetInfo", (size_t * free, size_t * total))                           \
  X(pin, PLIMI_CUDA_RUNTIME, "cudaHostRegister", (void *at, size_t bytes, unsigned flags))                   \
  X(unpin, PLIMI_CUDA_RUNTIME, "cudaHostUnregister", (void *at))                                             \
  X(last_error, PLIMI_CUDA_RUNTIME, "cudaGetLastError", (void))                                              \
  X(stream_create, PLIMI_CUDA_RUNTIME, "cudaStreamCreate", (void **stream))                                  \
  X(stream_destroy, PLIMI_CUDA_RUNTIME, "cudaStreamDestroy", (void *stream))                                 \
  X(stream_wait, PLIMI_CUDA_RUNTIME, "cudaStreamSynchronize", (void *stream))                                \
  X(copy, PLIMI_CUDA_RUNTIME, "cudaMemcpy2DAsync",                                                           \
    (void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height, int kind,  \
     void *stream))                                                                                          \
  X(blas_create, PLIMI_CUDA_BLAS, "cublasCreate_v2", (void **handle))                                        \
  X(blas_destroy, PLIMI_CUDA_BLAS, "cublasDestroy_v2", (void *handle))                                       \
  X(blas_stream, PLIMI_CUDA_BLAS, "cublasSetStream_v2", (void *handle, void *stream))                        \
  X(gemm, PLIMI_CUDA_BLAS, "cublasDgemm_v2",                                                                 \
    (void *handle, int of_a, int of_b, int m, int n, int k, const double *alpha, const double *a, int lda,   \
     const double *b, int ldb, const double *beta, double *c, int ldc))                                      \
  X(syrk, PLIMI_CUDA_BLAS, "cublasDsyrk_v2",                                                                 \
    (void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a, int lda,      \
     const double *beta, double *c, int ldc))                                                                \
  X(symm, PLIMI_CUDA_BLAS, "cublasDsymm_v2",                                                                 \
    (void *handle, int side, int triangle, int m, int n, const double *alpha, const double *a, int lda,      \
     const double *b, int ldb, const double *beta, double *c, int ldc))                                      \
  X(syr2k, PLIMI_CUDA_BLAS, "cublasDsyr2k_v2",                                                               \
    (void *handle, int triangle, int of_a, int n, int k, const double *alpha, const double *a, int lda,      \
     const double *b, int ldb, const double *beta, double *c, int ldc))                                      \
  X(solver_create, PLIMI_CUDA_SOLVER, "cusolverDnCreate", (void **handle))                                   \
  X(solver_destroy, PLIMI_CUDA_SOLVER, "cusolverDnDestroy", (void *handle))                                  \
  X(solver_stream, PLIMI_CUDA_SOLVER, "cusolverDnSetStream", (void *handle, void *stream))                   \
  X(qr_work, PLIMI_CUDA_SOLVER, "cusolverDnDgeqrf_bufferSize",                                               \
    (void *handle, int m, int n, double *a, int lda, int *length))                                           \
  X(qr, PLIMI_CUDA_SOLVER, "cusolverDnDgeqrf",                                                               \
    (void *handle, int m, int n, double *a, int lda, double *tau, double *work, int length, int *info))

#define PLIMI_CUDA_MEMBER(name, library, symbol, arguments) int(*name) arguments;
typedef struct {
  void *library[PLIMI_CUDA_LIBRARIES]; /* of dlopen */
  const char *(*describe)(int error);  /* cudaGetErrorString, the one that returns no int */
  int (*properties)(void *properties,
                    int device); /* cudaGetDeviceProperties, or NULL: CUDA 12 has two of them */
  PLIMI_CUDA_TABLE(PLIMI_CUDA_MEMBER)
  int version, driver_version; /* 12040 is 12.4 */
} plimi_cuda;
#undef PLIMI_CUDA_MEMBER

/* The newest set of libraries that is there, whole, and sees a device. What was tried is added to `report`. */
bool plimi_cuda_open(char *report, size_t length, plimi_cuda *cuda);
void plimi_cuda_close(plimi_cuda *cuda);

#endif
