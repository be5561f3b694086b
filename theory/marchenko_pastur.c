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
     E_t t/(t + z)^2 = -dy/dz = y / D            E_t 1/(t + z)^2 = -mh' = zmh / (zm D)
     (z m)' = psi2 y / D                         E_t t^2/(t + z)^2 = y (D - z) / D

   DOMAIN. a >= 0, z >= 0, not both 0. a = 0 (an activation without linear part) gives z m = z mh = 1, y = 0.
   z = 0 is the ridgeless limit of a linear activation; at psi2 = 1 it has D = 0, see inv_root in theory.h.
   ERROR. Running error analysis (bounded.h): rounding, and what the errors of a and z do. */
#include "bounded.h"
#include "theory.h"

/* z g(z) for the quadratic  c g^2 z + (z + shift) g - 1 = 0  in g, c >= 0, with root = sqrt((z + shift)^2 + 4 c z). */
static plim_value root_times_z(plim_value z, plim_value shift, plim_value c, plim_value root)
{
  const plim_value linear = v_add(z, shift);
  if (linear.value > 0.0)
    return v_div(v_scale(2.0, z), v_add(linear, root));
  return v_div(v_sub(root, linear), v_scale(2.0, c));
}

/* 1/g for the same g. */
static plim_value inverse_root(plim_value z, plim_value shift, plim_value c, plim_value root)
{
  const plim_value linear = v_add(z, shift);
  if (linear.value > 0.0)
    return v_scale(0.5, v_add(linear, root));
  if (z.value == 0.0)
    return v_exact(0.0);
  return v_div(v_scale(2.0, v_mul(c, z)), v_sub(root, linear));
}

plimi_mp plimi_mp_at(plim_value a, double psi2, plim_value z)
{
  const plim_value width = v_add(v_exact(psi2), v_exact(1.0));
  const plim_value gap = v_sub(v_exact(psi2), v_exact(1.0));
  const plim_value a_gap = v_mul(a, gap);
  const plim_value a_width = v_mul(a, width);
  const plim_value square = v_add(v_add(v_square(z), v_scale(2.0, v_mul(z, a_width))), v_square(a_gap));

  plimi_mp mp;
  mp.root = v_sqrt(square);
  mp.inv_root = mp.root.value > 0.0 ? v_div(v_exact(1.0), mp.root) : v_exact(0.0);
  mp.y = v_div(v_scale(2.0, a), v_add(v_add(z, a_width), mp.root));
  mp.zm = root_times_z(z, a_gap, a, mp.root);
  mp.zmh = root_times_z(z, v_scale(-1.0, a_gap), v_scale(psi2, a), mp.root);
  mp.inv_m = inverse_root(z, a_gap, a, mp.root);
  return mp;
}
