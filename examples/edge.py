# SPDX-License-Identifier: GPL-3.0-or-later
"""edge.py - the largest eigenvalue of a sample covariance, a row a replica, for plim judge.

    python3 edge.py >edge.csv
    plim judge edge.csv --predicted-expr '(1 + 1/sqrt(ratio))^2' --rate 2/3 --margin 0.02

S = X'X/n, X with n = ratio d rows of N(0, I_d). The theorem: its largest eigenvalue tends to (1 + sqrt(d/n))^2, the
upper edge of the Marchenko-Pastur law (Geman 1980, Ann. Probab. 8:252).

How fast is a part of it. The eigenvalue fluctuates on the scale d^-2/3 and its mean is off by as much (Johnstone
2001, Ann. Statist. 29:295). The next term would be d^-1; about the centre (sqrt(n - 1/2) + sqrt(d - 1/2))^2/n there is
none (Ma 2012, Bernoulli 18:322), and what then comes next, d^-4/3, is the power that the judge covers where 2/3 is
declared. So the value written is the eigenvalue less this centre plus the edge.
"""
import csv
import sys

import numpy as np

rng = np.random.default_rng(20261012)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["ratio", "d", "value"])
for ratio in (1.25, 4.5):
    for d, replicas in ((16, 6000), (32, 3000), (64, 1200), (128, 500)):
        n = int(ratio * d)
        edge = (1 + np.sqrt(d / n)) ** 2
        centre = (np.sqrt(n - 0.5) + np.sqrt(d - 0.5)) ** 2 / n
        for _ in range(replicas):
            x = rng.standard_normal((n, d))
            largest = np.linalg.eigvalsh(x.T @ x / n)[-1]
            out.writerow([ratio, d, largest - centre + edge])
