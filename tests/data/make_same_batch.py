#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ridge regression on the step's own batch in many-digit arithmetic, by the formulas as displayed: theory.md 14.3 (any
overlap, which holds 14.1) with every form (1/n) y'f(S)y taken from one list of traces, and 14.2 at a finite d.

    python3 make_same_batch.py        (needs mpmath) writes golden_same_batch.csv

It shares no formula with theory/same_batch: the traces come from the moments of the Marchenko-Pastur law and the
derivative of its quadratic, k from its own equation, and nothing is rearranged; 240 digits pay for what cancels.
"""
import csv
import os
import random

from mpmath import mp, mpf, exp, inf, log, sqrt

from make_golden import coefficients, curvature, seventeen

HERE = os.path.dirname(os.path.abspath(__file__))


class Traces:
    """tr/n of S^j P and S^j P^2, P = (S + z)^-1, S = a X X'/d of shape n x n; psi1 = n/d."""

    def __init__(self, a, psi1, z):
        self.z = z
        if a == 0:
            self.first = [1 / z] + [mpf(0)] * 4
            self.second = [1 / z**2] + [mpf(0)] * 4
            return
        # a psi1 z p^2 + (z + a (1 - psi1)) p - 1 = 0
        B = z + a * (1 - psi1)
        p = (-B + sqrt(B * B + 4 * a * psi1 * z)) / (2 * a * psi1 * z)
        dp = -(a * psi1 * p * p + p) / (2 * a * psi1 * z * p + B)
        moments = [mpf(1), a, a**2 * (1 + psi1), a**3 * (1 + 3 * psi1 + psi1**2)]
        self.first, self.second = [p], [-dp]
        for j in range(4):  # S^(j+1) P = S^j - z S^j P
            self.first.append(moments[j] - z * self.first[j])
            self.second.append(self.first[j] - z * self.second[j])


def solve_k(a, b, psi1, psi2, lam):
    """The root of L = k (1 - rho (1 - k p(m + k))), by bisection in log k; lambda -> 0 by its limit, or by 1e-40."""
    if lam == 0 and b == 0:
        lam = mpf(10) ** -40
    rho, L = psi1 / psi2, lam * psi1 / psi2

    def f(k):
        return k * (1 - rho * (1 - k * Traces(a, psi1, b + k).first[0])) - L
    low, high = log(mpf(10) ** -60), log(mpf(10) ** 30)
    if lam == 0 and psi2 > psi1:
        return mpf(0)
    for _ in range(420):
        middle = (low + high) / 2
        if f(exp(middle)) < 0:
            low = middle
        else:
            high = middle
    return exp((low + high) / 2)


def same_batch(p):
    (_, mu1, m, nu), (_, mu1s, star2, _) = coefficients(p["activation"]), coefficients(p["teacher"])
    psi1, psi2, lam, eta, noise, phi, psiE = (
        mpf(float(p[key])) for key in ("psi1", "psi2", "lambda", "eta", "noise", "overlap", "extra"))
    d = inf if p["d"] == "inf" else mpf(float(p["d"]))
    eta *= int(p["steps"])
    a, Ms = mu1**2, mu1s**2
    s2 = Ms + star2 + noise**2
    chi = psi2 * curvature(p["activation"]) ** 2 / 2 if p["readout"] == "constant" else mpf(0)
    rho, k = psi1 / psi2, solve_k(a, m, psi1, psi2, lam)
    psiG = phi * psi1 + psiE
    z = m + k
    tr = Traces(a, psi1, z)

    def at(eta):
        e = eta / psiG
        beta_g, g2 = a * psiE * mu1s, (a * psiE * mu1s) ** 2 + a**2 * psiE * s2

        # forms of f = S^j P (power 1) or S^j P^2 (power 2)
        def t_(j, power):
            return (tr.first if power == 1 else tr.second)[j]

        def over_a(j, power):  # tr S^j f/(a n), j >= 1; a = 0: no linear part
            return t_(j, power) / a if a != 0 else mpf(0)

        def yfy(j, power):
            if a == 0:  # S = 0: X beta* is white as well
                return (s2 - Ms) * t_(j, power) + (Ms * (t_(0, power)) if j == 0 else 0)
            return (s2 - Ms) * t_(j, power) + Ms * t_(j + 1, power) / a

        def yfJy(j, power):
            return phi * yfy(j, power)

        def yJfJy(j, power):
            return phi * s2 * t_(j, power) + phi**2 * (yfy(j, power) - s2 * t_(j, power))

        def yfXg(j, power):
            return beta_g * mu1s * over_a(j + 1, power)

        def gXfXg(j, power):
            return g2 * over_a(j + 1, power)

        yPb = e * (yfJy(1, 1) + nu * yfJy(0, 1) + yfXg(0, 1))
        bPb = e**2 * (yJfJy(2, 1) + 2 * nu * yJfJy(1, 1) + nu**2 * yJfJy(0, 1)
                      + 2 * phi * (yfXg(1, 1) + nu * yfXg(0, 1)) + gXfXg(0, 1))
        p_, SP2, S2P2, P2 = tr.first[0], tr.second[1], tr.second[2], tr.second[0]
        eps = e / sqrt(psi2 * d) if d != inf else mpf(0)
        cN = 1 + eps * (z - nu)

        def sm(i, j, power):  # tr S_m^i S^j f
            return t_(j, power) if i == 0 else sm(i - 1, j + 1, power) + m * sm(i - 1, j, power)
        # 1 - O^2 = 2 eps (S + nu) - eps^2 (S + nu)^2
        dq = rho * (2 * eps * (sm(1, 1, 1) + nu * sm(1, 0, 1))
                    - eps**2 * (sm(1, 2, 1) + 2 * nu * sm(1, 1, 1) + nu**2 * sm(1, 0, 1)))
        assert eps == 0 or (phi == 1 and psiE == 0 and chi == 0)
        tau = rho * yPb / (1 - dq + rho * chi * p_ + rho * bPb)
        t = e * tau
        # y_eff = y - tau b
        def eff(j, power):
            yfb = e * (yfJy(j + 1, power) + nu * yfJy(j, power) + yfXg(j, power))
            bfb = e**2 * (yJfJy(j + 2, power) + 2 * nu * yJfJy(j + 1, power) + nu**2 * yJfJy(j, power)
                          + 2 * phi * (yfXg(j + 1, power) + nu * yfXg(j, power)) + gXfXg(j, power))
            return yfy(j, power) - 2 * tau * yfb + tau**2 * bfb + tau**2 * chi * t_(j, power)
        D = 1 - rho * (1 - 2 * k * p_ + k**2 * P2)
        # tr S_m^i (cN P - eps)^2 without a trace of S_m alone: P (1 - eps (S + nu)) squared
        def spike(i, j):
            return (sm(i, j, 2) * (1 - eps * nu) ** 2 - 2 * eps * (1 - eps * nu) * sm(i, j + 1, 2)
                    + eps**2 * sm(i, j + 2, 2))
        rest = rho * (eff(1, 2) + m * eff(0, 2))  # of y_eff'P S_m P y_eff
        Psi = (rest + tau**2 * rho * spike(2, 0)) / D  # without tau^2 itself
        Q = eff(0, 2) + tau**2 * spike(1, 0)
        gcv = (Q + (SP2 + m * P2) * Psi) / p_**2
        T = k**2 * (Q + (SP2 + m * P2) * Psi)
        # linear part minus mu1* beta*: (a/d) X'P yt + t z (a X'X/d + z)^-1 g - mu1* beta*
        s = t * (z - nu)
        ytf = yfy(1, 2) + 2 * s * yfJy(1, 2) + s**2 * yJfJy(1, 2)
        tr_Pd = (1 - psi1 * tr.first[1]) / z
        tr_Pd2 = (1 - 2 * psi1 * tr.first[1] + psi1 * tr.second[2]) / z**2
        v = 1 / (1 + a * psi1 * p_)
        linear = (a * psi1 * ytf + (t * z) ** 2 * g2 * tr_Pd2 + Ms
                  + 2 * a * psi1 * t * z * (1 + s * phi) * yfXg(0, 2)
                  - 2 * (1 + s * phi) * psi1 * Ms * tr.first[1] - 2 * t * z * mu1s * beta_g * tr_Pd)
        extra = tau**2 * (a * (1 - psi1 * (2 * cN * tr.first[1] - cN**2 * (S2P2 + m * SP2))) + m)
        ww = psi1 * tr.first[1] ** 2
        R = (star2 + linear + (a * (v**2 / (1 - ww) + psi1 * m * SP2) + m) * Psi + extra
             + tau**2 * chi * (1 + a * psi1 * SP2))
        return R, T, gcv

    before, after = at(mpf(0)), at(eta)
    if lam == 0 and before[1] < mpf(10) ** -70:  # of the 1e-40 that stands for lambda -> 0
        before, after = (before[0], mpf(0), before[2]), (after[0], mpf(0), after[2])
    return {"risk0": before[0], "risk1": after[0], "delta": before[0] - after[0], "train0": before[1],
            "train1": after[1], "gcv": after[2]}


INPUTS = ["psi1", "psi2", "lambda", "eta", "noise", "d", "steps", "overlap", "extra", "activation", "teacher", "readout"]
QUANTITIES = ["risk0", "risk1", "delta", "train0", "train1", "gcv"]

# No ridge on both sides of psi1 = psi2, no linear part, linear activations, a finite d.
CHOSEN = """
1.913 3.271 0 2.385 0.31 inf 1 1 0 tanh relu gaussian
3.271 1.913 0 2.385 0.31 inf 1 1 0 tanh relu gaussian
3.271 0.613 0 1.7 0.21 inf 1 1 0 linear tanh gaussian
0.613 3.271 0 1.7 0.21 inf 1 0.37 0.83 linear tanh gaussian
1.913 0.871 0.0237 7.9 0.17 inf 1 1 0 hermite3 tanh gaussian
0.877 1.733 0.219 231 0.41 inf 1 1 0 hermite2 erf constant
0.877 1.733 0.219 23 0.41 inf 1 0.61 1.3 hermite2 erf gaussian
2.119 1.319 0.0911 5.7 0.23 inf 2 1 0 tanh hermite2 gaussian
1.487 2.093 0.0147 1.71 0.19 inf 3 1 0 sigmoid softplus constant
1.487 2.093 0.0147 1.71 0.19 417 1 1 0 sigmoid softplus gaussian
2.239 1.471 0.0117 3.1 0.31 384 1 1 0 sin tanh gaussian
2.239 1.471 0.0117 3.1 0.31 96 2 1 0 relu relu gaussian
0.731 3.47 0 2.1 0.09 200 1 1 0 erf erf gaussian
1.5 1.5 3 2 2 inf 1 1 0 erf erf gaussian
1.37 0.93 31700 4.3 0.7 inf 1 0.43 0.29 softplus gelu constant
"""


def problems():
    for line in CHOSEN.strip().split("\n"):
        yield dict(zip(INPUTS, line.split()))
    draw = random.Random(14385)

    def number(low, high):
        return "%.4g" % 10 ** draw.uniform(low, high)
    for row in range(60):
        whole = row % 3 == 0
        yield dict(zip(INPUTS, [
            number(-3, 3), number(-3, 3), number(-8, 5), number(-2, 4), draw.choice(["0", number(-2, 1)]), "inf",
            draw.choice(["1", "3"]), "1" if whole else "%.3g" % draw.random(), "0" if whole else number(-2, 2),
            draw.choice(["tanh", "erf", "relu", "softplus", "linear", "hermite2", "silu", "gelu"]),
            draw.choice(["tanh", "relu", "linear", "hermite2", "sin"]), draw.choice(["gaussian", "constant"])]))


def main():
    mp.dps = 240
    with open(os.path.join(HERE, "golden_same_batch.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(INPUTS + ["ridge_batch"] + QUANTITIES)
        for p in problems():
            out = same_batch(p)
            writer.writerow([p[key] for key in INPUTS] + ["same"] + [seventeen(out[key]) for key in QUANTITIES])


if __name__ == "__main__":
    main()
