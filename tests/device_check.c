/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_check.c - a replica with a device against one without. Started by tests/device.test, which puts the stand-in
   of fake_cuda.c in the place of CUDA's libraries: what is tested is what plim makes of them, not their arithmetic. */
#include "config.h"

#include <check.h>
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plim.h"

/* What plim_device.h promises of samples; the stand-in's own sums are apart by far less. */
static const double samples_agree = 1e-9;
/* A training error that is 0 without a penalty is the square of a rounding. */
static const double rounding_of_0 = 1e-24;
/* 150 terms a sum and a system with condition below 100: some hundred eps. */
static const double operations_agree = 1e-12;

enum { MOST_QUANTITIES = 8, PENALTIES = 3, REPLICAS = 3, MOST = MOST_QUANTITIES * PENALTIES * REPLICAS };

/* A counter of the stand-in's. */
static size_t counter(const char *name)
{
  void *library = dlopen("libcublas.so.13", RTLD_NOW);
  ck_assert_ptr_nonnull(library);
  const size_t *at = dlsym(library, name);
  ck_assert_ptr_nonnull(at);
  const size_t count = *at;
  dlclose(library);
  return count;
}

static plim_device *open_device(void)
{
  char report[1000];
  plim_device *device = NULL;
  ck_assert_msg(plim_device_open(report, sizeof report, &device) == PLIM_OK, "%s", report);
  return device;
}

typedef struct {
  plim_size size;
  const char *activation;
  double eta;
  size_t steps, test_points;
  plim_features features;
  plim_quantity quantities[MOST_QUANTITIES];
  size_t count;
} trial;

static plim_status draw(const trial *t, plim_device *device, size_t replicas, size_t threads, double *samples)
{
  static const double lambda[PENALTIES] = {0.0, 0.0137, 2.385};
  plim_problem problem = plim_problem_default();
  plim_activation *activation = NULL, *teacher = NULL;
  ck_assert_int_eq(plim_activation_alloc(t->activation, &activation, NULL), PLIM_OK);
  ck_assert_int_eq(plim_activation_alloc("relu", &teacher, NULL), PLIM_OK);
  problem.activation = activation;
  problem.teacher = teacher;
  problem.eta = t->eta;
  problem.noise = 0.23;
  problem.steps = t->steps;
  const plim_simulation simulation = {.size = t->size,
                                      .replicas = replicas,
                                      .seed = 2385,
                                      .threads = threads,
                                      .test_points = t->test_points,
                                      .features = t->features,
                                      .device = device};
  const plim_measurement measurement = {t->quantities, t->count, lambda, PENALTIES};
  const plim_status status = plim_simulate(&problem, &simulation, &measurement, NULL, samples);
  plim_activation_free(activation);
  plim_activation_free(teacher);
  return status;
}

/* Above 512^3 multiplications in every product; orders that are no multiple of a tile or of a panel. */
static const trial trials[] = {
    {.size = {.n = 571, .d = 530, .width = 523},
     .activation = "tanh",
     .eta = 1.37,
     .steps = 1,
     .quantities = {PLIM_RISK0, PLIM_RISK1, PLIM_DELTA, PLIM_TRAIN0, PLIM_TRAIN1, PLIM_KAPPA, PLIM_DF2,
                    PLIM_GCV},
     .count = 8},
    {.size = {.n = 519, .d = 561, .width = 603}, /* by samples; several steps */
     .activation = "erf",
     .eta = 0.85,
     .steps = 2,
     .quantities = {PLIM_RISK1, PLIM_TRAIN1, PLIM_GRAD_FRO2},
     .count = 3},
    {.size = {.n = 531, .d = 517, .width = 520}, /* a test set, the spiked weights, a kernel */
     .activation = "tanh",
     .eta = 1.37,
     .steps = 1,
     .test_points = 300,
     .quantities = {PLIM_SRF_RISK, PLIM_SRF_TRAIN, PLIM_LINEAR_RIDGE, PLIM_THETA1, PLIM_W1_TOP},
     .count = 5},
    {.size = {.n = 537, .d = 515, .width = 529},
     .activation = "softplus",
     .eta = 1.37,
     .steps = 1,
     .features = PLIM_FEATURES_EQUIVALENT,
     .quantities = {PLIM_RISK0, PLIM_RISK1},
     .count = 2},
};
enum { TRIALS = sizeof trials / sizeof *trials };

START_TEST(operations_are_those_of_the_processor)
{
  plim_device *device = open_device();
  double error = INFINITY;
  ck_assert_str_eq(plim_device_name(device), "Stand-in, CUDA 13.0 (driver 13.1)");
  ck_assert_int_eq(plim_device_check(device, &error), PLIM_OK);
  ck_assert_double_lt(error, operations_agree);
  ck_assert_str_eq(plim_device_failure(device), "");
  ck_assert_uint_eq(counter("fake_cuda_live"), 0);
  plim_device_close(device);
}
END_TEST

START_TEST(samples_are_those_of_the_processor)
{
  double here[MOST], there[MOST];
  const trial *t = &trials[_i];
  plim_device *device = open_device();
  ck_assert_int_eq(draw(t, NULL, 1, 1, here), PLIM_OK);
  ck_assert_uint_eq(counter("fake_cuda_products"), 0);
  ck_assert_int_eq(draw(t, device, 1, 2, there), PLIM_OK);
  ck_assert_uint_gt(counter("fake_cuda_products"), 0);
  ck_assert_uint_gt(counter("fake_cuda_reductions"), 0);
  for (size_t i = 0; i < t->count * PENALTIES; i++) {
    const char *name = plim_quantity_name(t->quantities[i / PENALTIES]);
    ck_assert_msg(fabs(there[i] - here[i]) <= samples_agree * fabs(here[i]) + rounding_of_0,
                  "%s, penalty %zu: %.17g, %.17g", name, i % PENALTIES, there[i], here[i]);
  }
  ck_assert_uint_eq(counter("fake_cuda_live"), 0);
  plim_device_close(device);
}
END_TEST

/* One queue a replica, side by side: the same bits as one after another. */
START_TEST(threads_do_not_matter)
{
  double one[MOST], many[MOST];
  const trial t = {.size = {.n = 520, .d = 515, .width = 514},
                   .activation = "tanh",
                   .eta = 1.37,
                   .steps = 1,
                   .quantities = {PLIM_RISK0, PLIM_TRAIN1},
                   .count = 2};
  plim_device *device = open_device();
  ck_assert_int_eq(draw(&t, device, REPLICAS, 1, one), PLIM_OK);
  ck_assert_int_eq(draw(&t, device, REPLICAS, 3, many), PLIM_OK);
  ck_assert_mem_eq(one, many, REPLICAS * t.count * PENALTIES * sizeof *one);
  ck_assert_uint_ge(counter("fake_cuda_pinned"), 1 + REPLICAS);
  plim_device_close(device);
}
END_TEST

/* What is small never goes there: the same bits. */
START_TEST(small_replicas_stay)
{
  double here[MOST], there[MOST];
  trial t = trials[0];
  t.size = (plim_size){.n = 71, .d = 40, .width = 53};
  plim_device *device = open_device();
  ck_assert_int_eq(draw(&t, NULL, 1, 1, here), PLIM_OK);
  ck_assert_int_eq(draw(&t, device, 1, 1, there), PLIM_OK);
  ck_assert_mem_eq(here, there, t.count * PENALTIES * sizeof *here);
  ck_assert_uint_eq(counter("fake_cuda_products"), 0);
  ck_assert_uint_eq(counter("fake_cuda_pinned"), 0);
  plim_device_close(device);
}
END_TEST

static void assert_failure(const plim_device *device, const char *words)
{
  ck_assert_msg(strstr(plim_device_failure(device), words) != NULL, "'%s' does not say '%s'",
                plim_device_failure(device), words);
}

/* A call that is refused ends the run; nothing of it comes out, and nothing is left behind. */
START_TEST(refused_calls_end_the_run)
{
  static const struct {
    const char *how, *words;
    plim_quantity
        quantity; /* the norm of the gradient takes products alone, which give no status of their own */
  } refusals[] = {{"gemm", "cublasDgemm_v2: status 13", PLIM_RISK1},
                  {"gemm", "cublasDgemm_v2: status 13", PLIM_GRAD_FRO2},
                  {"qr", "cusolverDnDgeqrf: status 6", PLIM_RISK1}};
  double samples[MOST] = {-7.5};
  trial t = trials[0];
  t.quantities[0] = refusals[_i].quantity;
  t.count = 1;
  plim_device *device = open_device();
  ck_assert_int_eq(setenv("FAKE_CUDA", refusals[_i].how, 1), 0);
  ck_assert_int_eq(draw(&t, device, 2, 1, samples), PLIM_NO_DEVICE);
  assert_failure(device, refusals[_i].words);
  ck_assert(samples[0] == -7.5);
  ck_assert_uint_eq(counter("fake_cuda_live"), 0);
  plim_device_close(device);
}
END_TEST

/* The call that the stand-in was asked to refuse, once it has; `library` is held open so that it does not forget. */
static const char *refused(void *library)
{
  const char *const *at = dlsym(library, "fake_cuda_refused");
  ck_assert_ptr_nonnull(at);
  return *at;
}

static void ask_to_refuse(size_t call)
{
  char text[40];
  snprintf(text, sizeof text, "call=%zu", call);
  ck_assert_int_eq(setenv("FAKE_CUDA", text, 1), 0);
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

/* Every call of the test of a device, each refused once: it is named, the number is left alone, and nothing stays. The
   name of a device may stay unknown, and a queue that is closed waits once more, for nothing. */
START_TEST(each_call_may_be_refused)
{
  static const char *const finding[] = {"cudaRuntimeGetVersion", "cudaDriverGetVersion",
                                        "cudaGetDeviceCount"};
  size_t seen = 0, in_vain = 0;
  void *library = dlopen("libcublas.so.13", RTLD_NOW);
  for (size_t call = 1; call == seen + 1; call++) {
    char report[1000];
    double error = -7.5;
    plim_device *device = NULL;
    ask_to_refuse(call);
    const plim_status opened = plim_device_open(report, sizeof report, &device);
    plim_status status = opened;
    if (opened == PLIM_OK)
      status = plim_device_check(device, &error);
    const char *name = refused(library);
    seen += name != NULL;
    if (status == PLIM_OK) {
      const bool unnamed = name != NULL && strcmp(name, "cudaGetDeviceProperties") == 0;
      ck_assert(name == NULL || unnamed || strcmp(name, "cudaStreamSynchronize") == 0);
      in_vain += name != NULL && !unnamed;
      ck_assert_double_lt(error, operations_agree);
      ck_assert_str_eq(plim_device_name(device), unnamed ? "a CUDA device, CUDA 13.0 (driver 13.1)"
                                                         : "Stand-in, CUDA 13.0 (driver 13.1)");
    } else {
      ck_assert_int_eq(status, PLIM_NO_DEVICE);
      ck_assert(error == -7.5);
      ck_assert_int_eq(opened == PLIM_NO_DEVICE, is_among(name, finding, sizeof finding / sizeof *finding));
      if (opened == PLIM_OK)
        assert_failure(device, name);
      else
        ck_assert_ptr_nonnull(strstr(report, "libcudart.so.13 sees no device: invalid argument"));
    }
    ck_assert_uint_eq(counter("fake_cuda_live"), 0);
    plim_device_close(device);
  }
  ck_assert_uint_gt(seen, 60);
  ck_assert_uint_eq(in_vain, 1);
  dlclose(library);
}
END_TEST

/* The same in a simulation, at places spread over it. */
START_TEST(each_call_of_a_simulation_may_be_refused)
{
  enum { PLACES = 6 };
  const trial *t = &trials[_i];
  double samples[MOST];
  void *library = dlopen("libcublas.so.13", RTLD_NOW);
  plim_device *device = open_device();
  ask_to_refuse(SIZE_MAX);
  ck_assert_int_eq(draw(t, device, 1, 1, samples), PLIM_OK);
  const size_t calls = counter("fake_cuda_calls");
  plim_device_close(device);
  for (size_t place = 0; place < PLACES; place++) {
    device = open_device();
    ask_to_refuse(1 + place * (calls - 2) / (PLACES - 1)); /* the last is that wait for nothing */
    samples[0] = -7.5;
    const plim_status status = draw(t, device, 1, 1, samples);
    const char *name = refused(library);
    ck_assert_ptr_nonnull(name);
    ck_assert_msg(status == PLIM_NO_DEVICE && samples[0] == -7.5, "%s: %s", name,
                  plim_status_meaning(status));
    assert_failure(device, name);
    ck_assert_uint_eq(counter("fake_cuda_live"), 0);
    plim_device_close(device);
  }
  dlclose(library);
}
END_TEST

/* Memory that cannot be pinned is used as it is. */
START_TEST(pinning_may_fail)
{
  double pinned[PENALTIES], plain[PENALTIES];
  trial t = trials[1];
  t.count = 1;
  plim_device *device = open_device();
  ck_assert_int_eq(draw(&t, device, 1, 1, pinned), PLIM_OK);
  ck_assert_int_eq(setenv("FAKE_CUDA", "pin", 1), 0);
  ck_assert_int_eq(draw(&t, device, 1, 1, plain), PLIM_OK);
  ck_assert_mem_eq(pinned, plain, sizeof pinned);
  ck_assert_uint_eq(counter("fake_cuda_pinned"), 1);
  ck_assert_uint_eq(counter("fake_cuda_live"), 0);
  plim_device_close(device);
}
END_TEST

/* Memory for one replica, not for two: they take turns. For none: how much that is. */
START_TEST(memory_is_counted)
{
  double ample[MOST], scarce[MOST];
  trial t = trials[0];
  t.count = 2;
  plim_device *device = open_device();
  ck_assert_int_eq(draw(&t, device, 2, 2, ample), PLIM_OK);
  ck_assert_int_eq(setenv("FAKE_CUDA", "memory=90000000", 1),
                   0); /* 8 MB for each of two, and the handles of one */
  ck_assert_int_eq(draw(&t, device, 2, 2, scarce), PLIM_OK);
  ck_assert_mem_eq(ample, scarce, 2 * t.count * PENALTIES * sizeof *ample);
  ck_assert_int_eq(setenv("FAKE_CUDA", "memory=70000000", 1), 0);
  ck_assert_int_eq(draw(&t, device, 2, 2, scarce), PLIM_NO_DEVICE);
  assert_failure(device, "its memory does not hold one replica: ");
  assert_failure(device, "bytes, and 70000000 of 70000000 are free");
  plim_device_close(device);
}
END_TEST

/* Somebody else takes it between the question and the call. */
START_TEST(allocations_may_fail)
{
  double error = -7.5;
  plim_device *device = open_device();
  ck_assert_int_eq(setenv("FAKE_CUDA", "memory=400000", 1), 0); /* one slot of 276 kB */
  ck_assert_int_eq(plim_device_check(device, &error), PLIM_NO_DEVICE);
  assert_failure(device, "cudaMalloc of 276000 bytes: out of memory (2); 124000 of 400000 are free");
  ck_assert(error == -7.5);
  ck_assert_uint_eq(counter("fake_cuda_live"), 0);
  plim_device_close(device);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("device");
  TCase *tests = tcase_create("device");
  tcase_add_test(tests, operations_are_those_of_the_processor);
  tcase_add_loop_test(tests, samples_are_those_of_the_processor, 0, TRIALS);
  tcase_add_test(tests, threads_do_not_matter);
  tcase_add_test(tests, small_replicas_stay);
  tcase_add_loop_test(tests, refused_calls_end_the_run, 0, 3);
  tcase_add_test(tests, each_call_may_be_refused);
  tcase_add_loop_test(tests, each_call_of_a_simulation_may_be_refused, 0, TRIALS);
  tcase_add_test(tests, pinning_may_fail);
  tcase_add_test(tests, memory_is_counted);
  tcase_add_test(tests, allocations_may_fail);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
