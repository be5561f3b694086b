# SPDX-License-Identifier: GPL-3.0-or-later
# Statements of the theorems as claims; they see theory and simulation through the public headers alone.
noinst_LTLIBRARIES += src/claims/libclaims.la
src_claims_libclaims_la_SOURCES = \
	src/claims/any_activation.c \
	src/claims/any_step.c \
	src/claims/between_exponents.c \
	src/claims/claims.c \
	src/claims/claims.h \
	src/claims/conjugate_kernel.c \
	src/claims/course.c \
	src/claims/course.h \
	src/claims/decide.c \
	src/claims/design.c \
	src/claims/equivalence.c \
	src/claims/findings.c \
	src/claims/fixed_kernels.c \
	src/claims/gradient.c \
	src/claims/improvement.c \
	src/claims/large_step.c \
	src/claims/lower_bound.c \
	src/claims/measure.c \
	src/claims/optimum.c \
	src/claims/own.c \
	src/claims/own.h \
	src/claims/own_checks.c \
	src/claims/own_claims.c \
	src/claims/parts.c \
	src/claims/points.h \
	src/claims/predictions.c \
	src/claims/resolvents.c \
	src/claims/same_batch.c \
	src/claims/second_step.c \
	src/claims/several_steps.c \
	src/claims/share.c \
	src/claims/sizes.c \
	src/claims/small_step.c \
	src/claims/spectrum.c \
	src/claims/spectrum_samples.c \
	src/claims/staircase.c \
	src/claims/step_regimes.c \
	src/claims/student_slope.c \
	src/claims/two_steps.c \
	src/claims/universality.c \
	src/claims/weights.c
