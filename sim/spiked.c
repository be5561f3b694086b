/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spiked.c - spiked random features: first-layer weights drawn from the law that W1 tends to, in place of a step.

   With e = eta/sqrt N and a_j = zeta_j/sqrt N the readout,

     w_j = e theta1 zeta_j v + sqrt(c_j) g_j/sqrt(d),   g_j ~ N(0, I_d),   c_j = 1 + e^2 zeta_j^2 nu2 s2/psi1,

   v a unit vector with <v, beta*> = theta2/theta1, and (theory.md 9.3, last paragraphs)

     theta1^2 = mu1^2 (mu1*^2 + s2/psi1),   theta2 = mu1 mu1*,   s2 = E y^2 = Var sigma* + noise^2,

   psi1 that of the gradient's batch.

   mu1, nu2 and the teacher's are the simulation's own averages (moments.c). g_j/sqrt d is the W0 of the same
   replica and the ridge regression sees the same second batch, so that the difference from the real step is
   paired; the part of v orthogonal to beta* has a stream of its own, as X'y has in the real step. The law is
   that of the model all the same: W0, v and the second batch are independent. */
#include <math.h>

#include "sim.h"

/* v into `direction`, d numbers. */
static void draw_direction(plimi_replica *r, double cosine, double *direction)
{
  const size_t d = r->size.d;
  const plimi_stream stream = plimi_stream_of(r, PLIMI_STREAM_SPIKE, 0);
  plimi_stream_normals(&stream, 0, d, direction);
  const double along = plimi_dot(d, direction, r->beta);
  for (size_t i = 0; i < d; i++)
    direction[i] -= along * r->beta[i];
  const double norm = plimi_norm(d, direction); /* 0 in one dimension, where v can only be beta* */
  const double sine = norm > 0.0 ? sqrt(fmax(0.0, 1.0 - cosine * cosine)) / norm : 0.0;
  for (size_t i = 0; i < d; i++)
    direction[i] = cosine * r->beta[i] + sine * direction[i];
}

void plimi_draw_spiked(plimi_replica *r)
{
  const size_t d = r->size.d, width = r->size.width;
  const double psi1 = (double)plim_size_step_n(&r->size) / (double)d, root = sqrt((double)width);
  const double e = plim_problem_step_size(r->problem, (double)width) / root;
  const double s2 = r->teacher.variance + r->problem->noise * r->problem->noise;
  const double theta2 = r->activation.mu1 * r->teacher.mu1;
  const double theta1 = fabs(r->activation.mu1) * sqrt(r->teacher.mu1 * r->teacher.mu1 + s2 / psi1);
  double *v = r->vectors; /* d */
  draw_direction(r, theta1 > 0.0 ? theta2 / theta1 : 0.0, v);
  for (size_t j = 0; j < width; j++) {
    const double zeta = root * r->readout[j], push = e * theta1 * zeta;
    const double spread = sqrt(1.0 + e * e * zeta * zeta * r->activation.slope_variance * s2 / psi1);
    for (size_t i = 0; i < d; i++)
      r->spiked.at[i + j * d] = push * v[i] + spread * r->w0.at[i + j * d];
  }
}
