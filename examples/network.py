# SPDX-License-Identifier: GPL-3.0-or-later
"""network.py - the risk after one gradient step on the first layer, simulated from its definition, for plim judge.

    python3 network.py >network.csv        # README.md has the command that judges it

The definition is the comment at the head of plim_problem.h and nothing else of plim's: y = sigma*(<x, beta*>) + eps;
the network f(x) = N^-1/2 a' sigma(W'x) with W0 from N(0, 1/d) and a from N(0, 1/N); one step W1 = W0 + eta sqrt(N) G0
down the gradient of |f - y|^2/(2n); ridge regression on the features of n fresh pairs; the risk against the teacher
without noise. sigma and sigma* are odd, so centred as they are.
"""
import csv
import sys

import numpy as np

psi1, psi2, penalty, eta, noise = 2.4, 1.6, 0.17, 3, 0.35
sigma, slope, teacher = np.tanh, lambda z: 1 - np.tanh(z) ** 2, np.sin
rng = np.random.default_rng(20261014)


def draw(n, d, beta):
    x = rng.standard_normal((n, d))
    return x, teacher(x @ beta)


def replica(d):
    n, width = round(psi1 * d), round(psi2 * d)
    beta = rng.standard_normal(d)
    beta /= np.linalg.norm(beta)
    w = rng.standard_normal((d, width)) / np.sqrt(d)
    a = rng.standard_normal(width) / np.sqrt(width)
    x, clean = draw(n, d, beta)
    y = clean + noise * rng.standard_normal(n)
    h = x @ w
    f = sigma(h) @ a / np.sqrt(width)
    gradient = x.T @ (np.outer(f - y, a) / np.sqrt(width) * slope(h)) / n  # of |f - y|^2/(2n) in W
    w -= eta * np.sqrt(width) * gradient
    x, clean = draw(n, d, beta)
    y = clean + noise * rng.standard_normal(n)
    phi = sigma(x @ w) / np.sqrt(width)
    a = np.linalg.solve(phi.T @ phi / n + penalty / width * np.eye(width), phi.T @ y / n)
    x, clean = draw(10 * d, d, beta)  # never seen before: the mean is the risk
    return np.mean((sigma(x @ w) @ a / np.sqrt(width) - clean) ** 2)


out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["d", "value"])
for d, replicas in ((15, 4000), (30, 2000), (60, 800), (120, 250)):
    for _ in range(replicas):
        out.writerow([d, replica(d)])
