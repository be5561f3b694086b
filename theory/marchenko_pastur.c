/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marchenko_pastur.c - averages over the spectrum of a W0'W0.

   SOURCES. Marchenko and Pastur [MP]; used as in [BA] NeurIPS section 4.

   NOTATION.
     paper        here            meaning
     m(z)         zm / z          lim (1/d) tr (a W0W0' + z)^-1, d x d
     mh(z)        zmh / z         lim (1/N) tr (a W0'W0 + z)^-1, N x N
     psi2         psi2            N/d
     -            y               E_t t/(t + z), t an eigenvalue of a W0'W0
     -            root            D below
   NORMALISATION. W0 is d x N with entries N(0, 1/d), so E_t t = a, and the eigenvalues of W0'W0 that are not 0
   fill [(1 - sqrt psi2)^2, (1 + sqrt psi2)^2].

   FORMULA. m is the positive root of  a z m^2 + (z + a (psi2 - 1)) m - 1 = 0,  and  mh = 1 / (z (1 + a m)).
   With D = sqrt(z^2 + 2 a z (psi2 + 1) + a^2 (psi2 - 1)^2), a sum of positive terms, and B = z + a (psi2 - 1),
   Bh = z + a (1 - psi2) (derived here, by solving each quantity's own quadratic):

     z m  = 2 z / (B + D)   = (D - B) / (2 a)          the first for B > 0, the second for B <= 0
     z mh = 2 z / (Bh + D)  = (D - Bh) / (2 a psi2)    likewise
     y    = 2 a / (z + a (psi2 + 1) + D)
     1/m  = (B + D) / 2     = 2 a z / (D - B)

   WHY NOTHING CANCELS. Each line is read in the form whose terms have one sign. B itself may be a difference, but
   then 4 a z, not B^2, is what D is made of: D^2 = B^2 + 4 a z.

   DERIVATIVES. From the quadratics, no differences (derived here):
     E_t t/(t + z)^2 = -dy/dz = y / D            E_t 1/(t + z)^2 = -mh' = mh / (zm D)
     (z m)' = psi2 y / D                         E_t t^2/(t + z)^2 = y (D - z) / D

   DOMAIN. a >= 0, z >= 0, not both 0. a = 0 (an activation without linear part) gives z m = z mh = 1, y = 0.
   z = 0 is the ridgeless limit of a linear activation; at psi2 = 1 it has D = 0, see inv_root in theory.h.
   ERROR. Running error analysis (wide.h): rounding, and what the errors of a and z do. */
#include "theory.h"

/* z g(z) for the quadratic  c g^2 z + (z + shift) g - 1 = 0  in g, c >= 0, with root = sqrt((z + shift)^2 + 4 c z). */
static plimi_wide root_times_z(plimi_wide z, plimi_wide shift, plimi_wide c, plimi_wide root)
{
  const plimi_wide linear = w_add(z, shift);
  if (w_sign(linear) > 0)
    return w_div(w_scale(2.0, z), w_add(linear, root));
  return w_div(w_sub(root, linear), w_scale(2.0, c));
}

/* 1/g for the same g. */
static plimi_wide inverse_root(plimi_wide z, plimi_wide shift, plimi_wide c, plimi_wide root)
{
  const plimi_wide linear = w_add(z, shift);
  if (w_sign(linear) > 0)
    return w_scale(0.5, w_add(linear, root));
  if (w_sign(z) == 0)
    return w_exact(0.0);
  return w_div(w_scale(2.0, w_mul(c, z)), w_sub(root, linear));
}

plimi_mp plimi_mp_at(plimi_wide a, double psi2, plimi_wide z)
{
  const plimi_wide width = w_add(w_exact(psi2), w_exact(1.0));
  const plimi_wide gap = w_sub(w_exact(psi2), w_exact(1.0));
  const plimi_wide a_gap = w_mul(a, gap);
  const plimi_wide a_width = w_mul(a, width);
  const plimi_wide square = w_add(w_add(w_square(z), w_scale(2.0, w_mul(z, a_width))), w_square(a_gap));

  plimi_mp mp;
  mp.root = w_sqrt(square);
  mp.inv_root = w_sign(mp.root) > 0 ? w_div(w_exact(1.0), mp.root) : w_exact(0.0);
  mp.y = w_div(w_scale(2.0, a), w_add(w_add(z, a_width), mp.root));
  mp.zm = root_times_z(z, a_gap, a, mp.root);
  mp.zmh = root_times_z(z, w_negative(a_gap), w_scale(psi2, a), mp.root);
  mp.inv_m = inverse_root(z, a_gap, a, mp.root);
  return mp;
}
