# SPDX-License-Identifier: GPL-3.0-or-later
# The simulation. Vector functions need -fopenmp-simd -fno-math-errno: see sim/vector.h.
noinst_LTLIBRARIES += sim/libsim.la
sim_libsim_la_SOURCES = \
	sim/any_step.c \
	sim/arena.c \
	sim/arena.h \
	sim/batches.c \
	sim/checks.c \
	sim/checks.h \
	sim/cuda.c \
	sim/cuda.h \
	sim/data.c \
	sim/dense.c \
	sim/dense.h \
	sim/dense_single.c \
	sim/descent.c \
	sim/device.c \
	sim/device.h \
	sim/device_band.c \
	sim/device_check.c \
	sim/device_queue.h \
	sim/draw.c \
	sim/exact_risk.c \
	sim/gradient.c \
	sim/inputs.c \
	sim/kernel_risk.c \
	sim/kernels.c \
	sim/map.c \
	sim/map.h \
	sim/matrix.c \
	sim/memory.c \
	sim/memory.h \
	sim/moments.c \
	sim/moments.h \
	sim/names.c \
	sim/network.c \
	sim/plan.c \
	sim/precision.c \
	sim/quadratic.c \
	sim/replica.c \
	sim/replicas.c \
	sim/result.c \
	sim/ridge_path.c \
	sim/ridge_path.h \
	sim/row_blocks.c \
	sim/sim.h \
	sim/single.c \
	sim/single.h \
	sim/single_path.c \
	sim/single_path.h \
	sim/small_step.c \
	sim/spectrum.c \
	sim/spiked.c \
	sim/staircase.c \
	sim/step_scaling.c \
	sim/steps.c \
	sim/stream.c \
	sim/stream.h \
	sim/student.c \
	sim/subjects.c \
	sim/tangent.c \
	sim/team.c \
	sim/team.h \
	sim/test_risk.c \
	sim/two_steps.c \
	sim/user_stream.c \
	sim/vector.h \
	sim/weights.c \
	sim/whole_spectrum.c
sim_libsim_la_CFLAGS = $(AM_CFLAGS) -O3 -fopenmp-simd -fno-math-errno
sim_libsim_la_LIBADD = $(OPENBLAS_LIBS) $(PTHREAD_LIBS) -lm
