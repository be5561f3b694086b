# SPDX-License-Identifier: GPL-3.0-or-later
"""ridge.py - the risk of ridge regression with isotropic inputs, a row a replica and penalty, for plim judge.

    python3 ridge.py >ridge.csv        # README.md has the formula below as one expression for plim judge

y = X beta + noise z, the n = d/gamma rows of X from N(0, I_d), |beta| = 1. The estimate minimises
|y - X b|^2/n + lambda |b|^2; value = |estimate - beta|^2. As d grows it tends to

    [((1 - gamma)^2 + lambda (1 + gamma))/s - (1 - gamma)] / (2 gamma)      from the bias
    + noise^2 [(1 + gamma + lambda)/s - 1] / 2                              from the noise

with s = sqrt((1 + gamma + lambda)^2 - 4 gamma): Dobriban and Wager 2018, Ann. Statist. 46:247, with the Stieltjes
transform of Marchenko and Pastur written out. The two penalties of a replica share its data: the column replica says
so.
"""
import csv
import sys

import numpy as np

noise = 0.65
rng = np.random.default_rng(20261013)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["gamma", "lambda", "noise", "d", "replica", "value"])
for gamma in (0.625, 2.5):
    for d in (20, 40, 80, 160):
        n = int(d / gamma)
        for replica in range(400):
            x = rng.standard_normal((n, d))
            beta = rng.standard_normal(d)
            beta /= np.linalg.norm(beta)
            y = x @ beta + noise * rng.standard_normal(n)
            for penalty in (0.137, 0.77):
                estimate = np.linalg.solve(x.T @ x / n + penalty * np.eye(d), x.T @ y / n)
                out.writerow([gamma, penalty, noise, d, replica, np.sum((estimate - beta) ** 2)])
