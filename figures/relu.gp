# SPDX-License-Identifier: GPL-3.0-or-later
# relu.gp - risk against the step size, as in crossover.gp.
load "crossover.gp"
