#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ridge regression on the step's own batch in many-digit arithmetic, by the formulas as displayed: theory.md 14.3 (any
overlap) with every form (1/n) u'f(S)u taken from one list of traces, and at a finite d the same for W0's own part.
Where the whole batch is used again the result is held against 14.1 and 14.2 as they stand.

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

    def t_(j, power):
        return (tr.first if power == 1 else tr.second)[j]

    def over_a(j, power):  # tr S^j f/(a n), j >= 1; a = 0: no linear part
        return t_(j, power) / a if a != 0 else mpf(0)

    p_, SP2, S2P2, P2 = tr.first[0], tr.second[1], tr.second[2], tr.second[0]
    v = 1 / (1 + a * psi1 * p_)
    tr_Pd = (1 - psi1 * tr.first[1]) / z
    tr_Pd2 = (1 - 2 * psi1 * tr.first[1] + psi1 * tr.second[2]) / z**2

    class Like:
        """u - size ((S + nu) J u + X g_u), u of linear part l1 and rest l0; forms in S^j P (power 1) or S^j P^2."""

        def __init__(self, l1, l0):
            self.l1, self.l0, self.both = l1, l0, l1 + l0
            self.beta_g = a * psiE * l1  # times the root of l1
            self.g2 = (a * psiE) ** 2 * l1 + a**2 * psiE * self.both

        def ufu(self, j, power):
            if a == 0:  # S = 0: X b is white as well
                return self.l0 * t_(j, power) + (self.l1 * t_(0, power) if j == 0 else 0)
            return self.l0 * t_(j, power) + self.l1 * t_(j + 1, power) / a

        def ufJu(self, j, power):
            return phi * self.ufu(j, power)

        def uJfJu(self, j, power):
            return phi * self.both * t_(j, power) + phi**2 * (self.ufu(j, power) - self.both * t_(j, power))

        def ufXg(self, j, power):
            return self.beta_g * over_a(j + 1, power)

        def ufb(self, j, power):  # b over e
            return self.ufJu(j + 1, power) + nu * self.ufJu(j, power) + self.ufXg(j, power)

        def bfb(self, j, power):
            return (self.uJfJu(j + 2, power) + 2 * nu * self.uJfJu(j + 1, power) + nu**2 * self.uJfJu(j, power)
                    + 2 * phi * (self.ufXg(j + 1, power) + nu * self.ufXg(j, power)) + self.g2 * over_a(j + 1, power))

        def form(self, size, j, power):
            return self.ufu(j, power) - 2 * size * self.ufb(j, power) + size**2 * self.bfb(j, power)

        def linear(self, t):
            """|(a/d) X'P yt + t z (a X'X/d + z)^-1 g - root(l1) b|^2, yt = (1 + s J) u"""
            s = t * (z - nu)
            ytf = self.ufu(1, 2) + 2 * s * self.ufJu(1, 2) + s**2 * self.uJfJu(1, 2)
            return (a * psi1 * ytf + (t * z) ** 2 * self.g2 * tr_Pd2 + self.l1
                    + 2 * a * psi1 * t * z * (1 + s * phi) * self.ufXg(0, 2)
                    - 2 * (1 + s * phi) * psi1 * self.l1 * tr.first[1] - 2 * t * z * self.beta_g * tr_Pd)

    def at(eta):
        e = eta / psiG
        y, own = Like(Ms, s2 - Ms), Like(a, m + chi)  # own: W0's part of the direction a, which f0 in G0 bends
        eps = e / sqrt(psi2 * d) if d != inf else mpf(0)
        if a == 0:
            assert psiE == 0 or eps == 0
        response = own.form(eps, 0, 1)
        slack = 1 - rho * (1 - k * p_)  # L/k
        tau = rho * e * y.ufb(0, 1) / (slack + rho * response + rho * e**2 * y.bfb(0, 1))
        t = e * tau

        def total(j):
            return y.form(t, j, 2) + tau**2 * own.form(eps, j, 2)
        D = 1 - rho * (1 - 2 * k * p_ + k**2 * P2)
        Psi = rho * (total(1) + m * total(0)) / D  # without the direction a
        T_over_k2 = total(0) + (SP2 + m * P2) * Psi
        R = (star2 + y.linear(t) + tau**2 * (own.linear(eps) + m + chi)
             + (a * (v**2 / (1 - psi1 * tr.first[1] ** 2) + psi1 * m * SP2) + m) * Psi)
        if phi == 1 and psiE == 0 and chi == 0 and a != 0:
            check(eps, e, R, T_over_k2)
        return R, k**2 * T_over_k2, T_over_k2 / p_**2

    def check(eps, e, R, T_over_k2):
        """14.1 and 14.2 as they stand, where f0 multiplies G a by O = 1 - eps (S + nu)."""
        y = Like(Ms, s2 - Ms)

        def sm(i, j, power):  # tr S_m^i S^j f
            return t_(j, power) if i == 0 else sm(i - 1, j + 1, power) + m * sm(i - 1, j, power)

        def spike(i):  # tr S_m^i (cN P - eps)^2
            return (sm(i, 0, 2) * (1 - eps * nu) ** 2 - 2 * eps * (1 - eps * nu) * sm(i, 1, 2) + eps**2 * sm(i, 2, 2))
        cN = 1 + eps * (z - nu)
        dq = rho * (2 * eps * (sm(1, 1, 1) + nu * sm(1, 0, 1))
                    - eps**2 * (sm(1, 2, 1) + 2 * nu * sm(1, 1, 1) + nu**2 * sm(1, 0, 1)))
        x, E, H = rho * e**2, y.ufb(0, 1), y.bfb(0, 1)
        t = x * E / (1 - dq + x * H)
        tau2 = (rho * e * E / (1 - dq + x * H)) ** 2
        Q = y.form(t, 0, 2)
        D = 1 - rho * (1 - 2 * k * p_ + k**2 * P2)
        Psi = rho * (y.form(t, 1, 2) + m * Q + tau2 * spike(2)) / D
        b = psi1 * tr.first[1] ** 2
        c = 1 + t * (z - nu)
        risk = (star2 + Ms * ((1 - c * (1 - v)) ** 2 + c**2 * v**2 * b / (1 - b)) + c**2 * a * psi1 * (s2 - Ms) * SP2
                + (a * (v**2 / (1 - b) + psi1 * m * SP2) + m) * Psi
                + tau2 * (a * (1 - psi1 * (2 * cN * tr.first[1] - cN**2 * (S2P2 + m * SP2))) + m))
        assert abs(risk - R) <= mpf(10) ** -60 * abs(R)
        T = Q + tau2 * spike(1) + (SP2 + m * P2) * Psi
        assert abs(T - T_over_k2) <= mpf(10) ** -60 * abs(T)

    before, after = at(mpf(0)), at(eta)
    if lam == 0 and before[1] < mpf(10) ** -70:  # of the 1e-40 that stands for lambda -> 0
        before, after = (before[0], mpf(0), before[2]), (after[0], mpf(0), after[2])
    return {"risk0": before[0], "risk1": after[0], "delta": before[0] - after[0], "train0": before[1],
            "train1": after[1], "gcv": after[2]}


INPUTS = ["psi1", "psi2", "lambda", "eta", "noise", "d", "steps", "overlap", "extra", "activation", "teacher",
          "readout"]
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
2.239 1.471 0.0117 3.1 0.31 384 1 0.43 0.77 tanh relu gaussian
1.313 2.471 0.0317 1.9 0.51 200 2 0.71 2.3 relu tanh constant
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
