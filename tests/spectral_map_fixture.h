/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spectral_map_fixture.h - the kernel's map of its population's spectrum, by quadrature over the eigenvalues b + t of
   H: psi(l) = l (1 + (psi2/psi1) E[(b + t)/(l - b - t)]) for real l outside the spectrum of H. */
#ifndef PLIM_TEST_SPECTRAL_MAP_FIXTURE_H
#define PLIM_TEST_SPECTRAL_MAP_FIXTURE_H

#include "fixture.h"

double image_at(const plimi_input *in, double l); /* psi(l) */
double slope_at(const plimi_input *in, double l); /* psi'(l) */

/* The right end of the spectrum of H. */
double right_end_of(const plimi_input *in);
/* The edge is the least of psi to the right of H: golden section on what the quadrature gives. */
double edge_by_search(const plimi_input *in);

#endif
