# SPDX-License-Identifier: GPL-3.0-or-later
# One figure, two files: NAME.ini says what to compute, NAME.gp how to draw it (curves.gp where there is none; style.gp,
# labels.gp and rows.gp are shared). `plim figures` reads both.
figuresdir = $(pkgdatadir)/figures
dist_figures_DATA = figures/style.gp figures/labels.gp figures/rows.gp figures/curves.gp
dist_figures_DATA += figures/3a.ini figures/3a.gp figures/3b.ini figures/3b.gp
dist_figures_DATA += figures/alignment.ini figures/alignment.gp figures/spectrum.ini figures/spectrum.gp
dist_figures_DATA += figures/1.ini figures/1.gp figures/2.ini figures/2.gp figures/3c.ini figures/3c.gp
dist_figures_DATA += figures/crossover.ini figures/crossover.gp figures/anisotropy.ini figures/anisotropy.gp
dist_figures_DATA += figures/same-batch.ini figures/overlap.ini figures/relu.ini figures/relu.gp
dist_figures_DATA += figures/two-steps-risk.ini figures/two-step-outliers.ini
