#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference values in many-digit arithmetic, by the formulas as displayed (not by the forms plim computes with).

    python3 make_golden.py        (needs mpmath, and gmpy2 to be done within the hour) writes golden.csv, extremes.csv and golden_large_step.csv

Every input is the double that the C tests read from the CSV, taken as exact. Working precision is 110 digits, because the
displayed formulas cancel up to 60 of them at the corners of the box; values are written with 17.
"""
import csv
import itertools
import os
import random

from mpmath import (mp, mpf, erf, erfc, exp, expm1, inf, log, log1p, pi, quad, sqrt, sin, cos, cosh, tanh, mpc)

mp.dps = 110
HERE = os.path.dirname(os.path.abspath(__file__))


def phi(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def Phi(z):
    return erfc(-z / sqrt(mpf(2))) / 2


def sigmoid(z):
    return 1 / (1 + exp(-z))


# name: (sigma, sigma', kinks)
ACTIVATIONS = {
    "linear": (lambda z: z, lambda z: mpf(1), []),
    "tanh": (tanh, lambda z: 1 / cosh(z) ** 2, []),
    "erf": (erf, lambda z: 2 / sqrt(pi) * exp(-z * z), []),
    "relu": (lambda z: z if z > 0 else mpf(0), lambda z: mpf(1) if z > 0 else mpf(0), [0]),
    "softplus": (lambda z: log1p(exp(z)), sigmoid, []),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)), []),
    "sin": (sin, cos, []),
    "gelu": (lambda z: z * Phi(z), lambda z: Phi(z) + z * phi(z), []),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))), []),
    "hermite2": (lambda z: (z * z - 1) / sqrt(mpf(2)), lambda z: sqrt(mpf(2)) * z, []),
    "hermite3": (lambda z: (z**3 - 3 * z) / sqrt(mpf(6)), lambda z: 3 * (z * z - 1) / sqrt(mpf(6)), []),
}


def average(f, kinks):
    """E f(z): trapezoidal rule where f is analytic in a strip (error e^(-2 pi strip/h)), closed pieces at a kink."""
    if kinks:
        return quad(lambda z: f(z) * phi(z), [-24, -12, -6, -3, -1, 0, 1, 3, 6, 12, 24])
    h = mpf(1) / 32
    return h * sum(f(h * k) * phi(h * k) for k in range(-24 * 32, 24 * 32 + 1))


COEFFICIENTS = {}


def coefficients(name):
    """mean, mu1, mu2^2, nu2; good to 60 digits (the strip of tanh is pi/2, its h = 1/32)."""
    if name not in COEFFICIENTS:
        f, df, kinks = ACTIVATIONS[name]
        mean = average(f, kinks)
        mu1 = average(lambda z: z * f(z), kinks)
        b = average(lambda z: (f(z) - mean - mu1 * z) ** 2, kinks)
        nu2 = average(lambda z: (df(z) - mu1) ** 2, kinks)
        if name == "relu":  # exact; the average has only quad's accuracy
            mean, mu1, b, nu2 = 1 / sqrt(2 * pi), mpf(1) / 2, mpf(1) / 4 - 1 / (2 * pi), mpf(1) / 4
        if abs(mu1) < mpf(10) ** -50:
            mu1 = mpf(0)
        if abs(b) < mpf(10) ** -50:
            b = mpf(0)
        COEFFICIENTS[name] = mean, mu1, b, nu2
    return COEFFICIENTS[name]


def mp_m(a, psi2, z):
    """m(z) with its derivative, from a z m^2 + (z + a (psi2 - 1)) m - 1 = 0."""
    B = z + a * (psi2 - 1)
    if a == 0:
        return 1 / z, -1 / z**2
    m = (-B + sqrt(B * B + 4 * a * z)) / (2 * a * z)
    dm = -(a * m * m + m) / (2 * a * z * m + B)
    return m, dm


def mp_mh(a, psi2, z):
    m, dm = mp_m(a, psi2, z)
    mh = 1 / (z * (1 + a * m))
    return mh, -mh * mh * (1 + a * m + z * a * dm)


def solve_kappa(a, b, psi1, psi2, lam):
    """The root of psi1 (1 - lambda/kappa) = psi2 (1 - kappa mh) by bisection in log kappa, then secants."""
    def f(kappa):
        return psi1 * (1 - lam / kappa) - psi2 * (1 - kappa * mp_mh(a, psi2, b + kappa)[0])
    low, high = mpf(10) ** -40, lam + psi2 / psi1 * (a + b) + 1
    assert f(low) < 0 < f(high), (psi1, psi2, lam)
    low, high = log(low), log(high)
    for _ in range(360):
        middle = (low + high) / 2
        if f(exp(middle)) < 0:
            low = middle
        else:
            high = middle
    return exp((low + high) / 2)


def curvature(name):
    """E sigma'' = E (z^2 - 1) sigma."""
    if name == "relu":
        return 1 / sqrt(2 * pi)
    f = ACTIVATIONS[name][0]
    c2 = average(lambda z: (z * z - 1) * f(z), [])
    return mpf(0) if abs(c2) < mpf(10) ** -50 else c2


def small_step(p, out, solve=None):
    (_, mu1, b, nu2), (_, mu1s, star2, _) = coefficients(p["activation"]), coefficients(p["teacher"])
    psi1, psi2, lam, eta, noise = (mpf(float(p[k])) for k in ("psi1", "psi2", "lambda", "eta", "noise"))
    a, star1 = mu1**2, mu1s**2
    s2 = star1 + star2 + noise**2
    steps = int(p["steps"])
    push = (steps * eta) ** 2
    spread = push if p["batch"] == "same" else steps * eta**2
    s = a * (push * star1 + spread * s2 / psi1)
    r = push * a * star1
    rank = psi2 if b > 0 else min(psi2, mpf(1))
    chi = psi2 * curvature(p["activation"]) ** 2 / 2 if p.get("readout") == "constant" else mpf(0)
    if solve is not None:
        lam, kappa = solve(a, b, psi1, psi2, lam)
    elif lam == 0 and psi1 > rank:
        # kappa = 0 and kappa/lambda = psi1/(psi1 - rank); reached at lambda = 1e-60 to 60 digits where b > 0
        lam = mpf(10) ** -80
        with_lambda = solve_tiny(a, b, psi1, psi2, lam)
        kappa = with_lambda
    else:
        kappa = solve_kappa(a, b, psi1, psi2, lam)
    z = b + kappa
    m, dm = mp_m(a, psi2, z)
    mh, dmh = mp_mh(a, psi2, z)
    gamma = psi2 / psi1 * (1 - 2 * kappa * mh - kappa**2 * dmh)

    def total(s, r):
        top = z * m * m * mh
        dtop = m * m * mh + 2 * z * m * dm * mh + z * m * m * dmh
        bottom = 1 + (s * a * z * m + chi) * mh
        dbottom = s * a * (m * mh + z * dm * mh + z * m * dmh) + chi * dmh
        q = m - r * a * top / bottom
        dq = dm - r * a * (dtop * bottom - top * dbottom) / bottom**2
        return (s2 - star1 * (1 - z * q) - kappa * star1 * (q + z * dq)) / (1 - gamma)

    before, after = total(mpf(0), mpf(0)), total(s, r)
    out["kappa"] = kappa if p["lambda"] != "0" or psi1 < rank else mpf(0)
    out["df2"] = gamma
    out["risk0"], out["risk1"] = before - noise**2, after - noise**2
    out["delta"] = before - after
    out["train0"], out["train1"] = before * (lam / kappa) ** 2, after * (lam / kappa) ** 2
    out["theta1"] = abs(mu1) * sqrt(star1 + s2 / psi1)
    out["theta2"] = mu1 * mu1s
    out["grad_op"] = out["theta1"]
    out["grad_fro2"] = out["theta1"] ** 2 + s2 * nu2 / psi1
    out["step_op"] = sqrt(s) / (1 + sqrt(psi2))
    norms = psi2 * curvature(p["activation"]) ** 2 / 2
    outliers((a, b, norms), psi1, psi2, s, r, out, solve is None)
    kernels(a, nu2, psi1, psi2, mpf(float(p["lambda"])), star1, star2, noise, out)


def solve_tiny(a, b, psi1, psi2, lam):
    """kappa for a lambda that stands for lambda -> 0: fixed-point iteration kappa = lambda psi1/(psi1 - psi2 df1)."""
    kappa = lam
    for _ in range(400):
        df1 = 1 - kappa * mp_mh(a, psi2, b + kappa)[0]
        kappa = lam * psi1 / (psi1 - psi2 * df1)
    return kappa


def outliers(sigma, psi1, psi2, s, r, out, with_kernel):
    """Gaussian readout: chi, the strength of each of the two parts that the norms of weights and inputs make."""
    a, b, chi = sigma
    edge = 1 + sqrt(psi2)
    out["w1_top"], out["w1_left_beta"], out["w1_right_a"] = edge, mpf(0), mpf(0)
    above = s * s > psi2
    if above:
        out["w1_top"] = sqrt((1 + s) * (psi2 + s) / s)
        out["w1_left_beta"] = r / s * (1 - (psi2 + s) / (s * (s + 1)))
        out["w1_right_a"] = 1 - psi2 * (1 + s) / (s * (s + psi2))
    if not with_kernel:
        return
    phi_ = psi2 / psi1
    if a == 0:
        edge2, l = b * (1 + sqrt(phi_)) ** 2, b + chi
        above = chi > 0 and phi_ * (b / chi) ** 2 < 1
        out["ck_top"], out["ck_left_xbeta"] = l * (1 + phi_ * b / chi) if above else edge2, mpf(0)
        return

    def transforms(l):
        """int t dH/(l - t) and int t^2 dH/(l - t)^2 through mh at the negative argument -(l - b)."""
        x = l - b
        y = a * (x / a - (1 + psi2)) - sqrt((x - a * (1 + psi2)) ** 2 - 4 * a * a * psi2)
        T = y / (2 * a * psi2)                      # int t/(x - t), t an eigenvalue of a W0'W0
        dT = (1 - (x - a * (1 + psi2)) / sqrt((x - a * (1 + psi2)) ** 2 - 4 * a * a * psi2)) / (2 * a * psi2)
        one = (1 + T) / x                           # int 1/(x - t)
        done = dT / x - (1 + T) / x**2
        first = l * one - 1                         # int (b + t)/(l - b - t)
        second = -(l * l) * done - 2 * l * one + 1  # int ((l/(l - t) - 1)^2
        return first, second, one

    def image(l):
        return l * (1 + phi_ * transforms(l)[0])

    def slope(l):
        return 1 - phi_ * transforms(l)[1]

    right = b + a * edge**2
    l = b + a * out["w1_top"] ** 2 if above else mpf(0)
    overlap = a * out["w1_top"] ** 2 * out["w1_left_beta"] / l if above else mpf(0)
    end = right * (1 + mpf(10) ** -50)
    if chi > 0 and chi * transforms(end)[2] > 1:  # the norms': chi int dH/(l - t) = 1
        low, high = end, right + chi
        for _ in range(400):
            middle = (low + high) / 2
            low, high = (middle, high) if chi * transforms(middle)[2] > 1 else (low, middle)
        if high > l:
            l, overlap = high, mpf(0)
    if l > 0 and slope(l) > 0:
        out["ck_top"], out["ck_left_xbeta"] = image(l), slope(l) * overlap
        return
    out["ck_left_xbeta"] = mpf(0)
    low, high = log(right * mpf(10) ** -50), log(right * mpf(10) ** 12)  # of l - right
    for _ in range(500):
        middle = (low + high) / 2
        if slope(right + exp(middle)) < 0:
            low = middle
        else:
            high = middle
    out["ck_top"] = image(right + exp((low + high) / 2))


def kernels(a, nu2, psi1, psi2, lam, star1, star2, noise, out):
    def r_lin(l):
        C = 1 - l - 1 / psi1
        kappa = (-C + sqrt(C * C + 4 * l)) / 2
        return (star1 * (kappa / (1 + kappa)) ** 2 + star2 + noise**2) / (1 - 1 / (psi1 * (1 + kappa) ** 2)) - noise**2
    out["linear_ridge"] = r_lin(lam)
    out["kernel_exp_inner"] = r_lin((lam + exp(mpf(1)) - 1 - 1) / psi1)
    out["kernel_exp_dist"] = r_lin((lam + 1 - exp(mpf(-2)) - 2 * exp(mpf(-2))) / (2 * exp(mpf(-2)) * psi1))
    out["ntk_ridge"] = star1 + star2 if a == 0 else r_lin((lam * psi1 / psi2 + nu2) / (a * psi1))
    out["lower_bound"] = star2


INPUTS = ["psi1", "psi2", "lambda", "eta", "activation", "teacher", "noise", "steps", "batch"]
QUANTITIES = ["theta1", "theta2", "kappa", "df2", "risk0", "risk1", "delta", "train0", "train1", "w1_top", "w1_left_beta",
              "w1_right_a", "ck_top", "ck_left_xbeta", "grad_op", "grad_fro2", "linear_ridge", "ntk_ridge",
              "kernel_exp_inner", "kernel_exp_dist", "lower_bound"]

# Inside the box, with what points.csv lacks: linear and Hermite activations, several steps, fresh batches, no ridge.
ORDINARY = """
0.613 2.291 0.0413 3.17 linear tanh 0.21 1 same
3.271 0.479 0.00619 2.83 linear relu 0.13 1 same
2.617 5.113 0.731 1.37 linear linear 0.29 1 same
1.913 0.871 0.0237 7.9 hermite3 tanh 0.17 1 same
0.877 1.733 0.219 2.3 hermite2 erf 0.41 1 same
2.119 1.319 0.0911 5.7 tanh hermite2 0.23 1 same
2.119 1.319 0.0911 5.7 erf hermite3 0.07 1 same
1.487 2.093 0.0147 1.71 sigmoid softplus 0.19 3 same
1.487 2.093 0.0147 1.71 sigmoid softplus 0.19 3 fresh
4.231 1.177 0.00331 2.93 gelu silu 0.11 5 fresh
0.337 0.719 0 3.9 tanh relu 0.31 1 same
2.713 0.719 0 3.9 tanh relu 0.31 1 same
0.591 3.47 0 2.1 erf erf 0 1 same
1.731 3.47 0 2.1 linear erf 0.09 1 same
0.731 3.47 0 2.1 linear erf 0.09 1 same
0.443 0.617 0 2.1 linear erf 0.09 1 same
0.913 0.617 0 2.1 linear erf 0.09 1 same
1.379 1.379 1e-09 4.3 relu tanh 0.13 1 same
6.313 0.137 0.0173 11.3 silu sin 0.71 2 fresh
0.0731 0.0219 0.211 23.7 softplus gelu 0.27 1 same
37.9 17.3 0.00713 0.83 sin silu 0.033 1 same
""".split("\n")

CORNERS = [(psi1, psi2, lam, eta, activation, teacher)
           for (psi1, psi2), (lam, eta), (activation, teacher) in zip(
               itertools.cycle([("0.001", "0.001"), ("0.001", "1000"), ("1000", "0.001"), ("1000", "1000"),
                                ("999.7", "1000"), ("1.0001", "1"), ("0.00317", "0.00318")]),
               itertools.chain.from_iterable([[("1e-12", "1e-08"), ("1e-12", "1000000"), ("1000000", "1e-08"),
                                               ("1000000", "1000000"), ("1e-12", "3.7"), ("0", "1000000")]] * 5),
               itertools.cycle([("tanh", "relu"), ("erf", "linear"), ("sigmoid", "softplus"), ("linear", "tanh"),
                                ("relu", "hermite2")]))]


def problems():
    for line in ORDINARY:
        if line.strip():
            yield dict(zip(INPUTS, line.split()))
    for number, (psi1, psi2, lam, eta, activation, teacher) in enumerate(CORNERS):
        noise = ["0", "0.37", "2.3"][number % 3]
        if lam == "0" and (activation == "linear" or psi1 == psi2):
            continue  # the ordinary points have the one; the risk diverges in the other
        yield dict(zip(INPUTS, [psi1, psi2, lam, eta, activation, teacher, noise, "1", "same"]))


def seventeen(x):
    return mp.nstr(x, 17, min_fixed=-5, max_fixed=17) if x != 0 else "0"


def write_golden():
    with open(os.path.join(HERE, "golden.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(INPUTS + QUANTITIES)
        for p in problems():
            out = {}
            small_step(p, out)
            writer.writerow([p[k] for k in INPUTS] + [seventeen(out[k]) for k in QUANTITIES])


# Anywhere in the doubles. The displayed formulas lose all digits of ratios of 1e600 and more, hence the precision.
EXTREME_INPUTS = INPUTS + ["readout"]
EXTREME_QUANTITIES = ["theta1", "theta2", "kappa", "df2", "risk0", "risk1", "delta", "train0", "train1", "w1_top",
                      "w1_left_beta", "w1_right_a", "grad_op", "grad_fro2", "step_op", "linear_ridge", "ntk_ridge",
                      "kernel_exp_inner", "kernel_exp_dist", "lower_bound"]
EXTREME_DIGITS, EXTREME_ROWS = 2600, 163


def solve_extreme(a, b, psi1, psi2, lam):
    """lambda (1e-1300 for lambda -> 0) and kappa, by Newton's method from the right: the function is concave."""
    rank = psi2 if b > 0 else min(psi2, mpf(1))
    if lam == 0:
        lam = mpf(10) ** -1300
    kappa = lam + psi2 / psi1 * (a + b)
    if psi1 > rank:
        kappa = min(kappa, psi1 * lam / (psi1 - rank))
    enough = mpf(10) ** -(EXTREME_DIGITS - 700)
    for _ in range(12000):
        z = b + kappa
        mh, dmh = mp_mh(a, psi2, z)
        X = psi1 - psi2 * (1 - kappa * mh)
        change = (psi1 * lam - kappa * X) / (X + kappa * psi2 * (mh + kappa * dmh))
        kappa += change
        if abs(change) <= enough * kappa:
            return lam, kappa
    raise ArithmeticError((psi1, psi2, lam))


def extreme_problems():
    draw = random.Random(2385)

    def number(zero, narrow):
        if draw.random() < zero:
            return "0"
        reach = 2 if draw.random() < narrow else 300
        return "%.4ge%d" % (draw.uniform(1, 10), draw.randint(-reach, reach - 1))
    for _ in range(EXTREME_ROWS):
        narrow = draw.choice([0.3, 0.6, 0.9])
        yield dict(zip(EXTREME_INPUTS, [
            number(0, narrow), number(0, narrow), number(0.1, narrow), number(0.05, narrow),
            draw.choice(["tanh", "erf", "relu", "softplus", "linear", "hermite2", "hermite3", "silu"]),
            draw.choice(["tanh", "relu", "linear", "hermite2", "sin"]), number(0.2, narrow),
            draw.choice(["1", "3"]), draw.choice(["same", "fresh"]), draw.choice(["gaussian", "constant"])]))


def write_extremes():
    ordinary = mp.dps
    with open(os.path.join(HERE, "extremes.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(EXTREME_INPUTS + EXTREME_QUANTITIES)
        for p in extreme_problems():
            coefficients(p["activation"]), coefficients(p["teacher"])
            mp.dps = EXTREME_DIGITS
            out = {}
            small_step(p, out, solve_extreme)
            for k in ("kappa", "train0", "train1"):
                if p["lambda"] == "0" and abs(out[k]) < mpf(10) ** -600:
                    out[k] = mpf(0)
            writer.writerow([p[k] for k in EXTREME_INPUTS] + [seventeen(out[k]) for k in EXTREME_QUANTITIES])
            mp.dps = ordinary


def smoothed(name):
    """S(v) = E sigma(v + y) and S'(v)."""
    r2 = sqrt(mpf(2))
    if name == "relu":
        return lambda v: (v * Phi(v) + phi(v), Phi(v))
    if name == "gelu":
        return lambda v: (v * Phi(v / r2) + phi(v / r2) / r2, Phi(v / r2) + v * phi(v / r2) / (2 * r2))
    f = ACTIVATIONS[name][0]
    h = mpf(1) / 8
    nodes = [h * k for k in range(-12 * 8, 12 * 8 + 1)]
    weights = [h * phi(y) for y in nodes]

    def both(v):
        values = [f(v + y) for y in nodes]
        return (sum(w * s for w, s in zip(weights, values)),
                sum(w * s * y for w, s, y in zip(weights, values, nodes)))
    return both


LARGE_STEP = [("erf", "tanh", "1.46"), ("relu", "softplus", "0.86"), ("gelu", "relu", "0.94"), ("tanh", "sin", "1.78"),
              ("silu", "gelu", "0.98"), ("sigmoid", "hermite3", "-8.3")]


def write_large_step():
    """tau* and k*, each from the start given, by secants on the derivative. 30 digits are enough here."""
    with open(os.path.join(HERE, "golden_large_step.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["activation", "teacher", "kappa_star", "tau_star"])
        rows = []
        for activation, teacher, start in LARGE_STEP:
            mean, star_mean = coefficients(activation)[0], coefficients(teacher)[0]
            rows.append((activation, teacher, start, mean, star_mean))
        mp.dps = 30
        for activation, teacher, start, mean, star_mean in rows:
            S, f, kinks = smoothed(activation), ACTIVATIONS[teacher][0], ACTIVATIONS[teacher][2]

            def integral(g, k):
                if kinks:
                    return quad(lambda x: g(x) * phi(x), [-12, -6, -3, -1, 0, 1, 3, 6, 12])
                h = mpf(1) / 16 / max(1, abs(k) / 4)
                count = int(12 / h)
                return h * sum(g(h * i) * phi(h * i) for i in range(-count, count + 1))

            def residual(x, k):
                return f(x) - star_mean - (S(k * x)[0] - mean)

            def slope(k):
                return -2 * integral(lambda x: residual(x, k) * x * S(k * x)[1], k)
            k = mp.findroot(slope, (mpf(start), mpf(start) * mpf("1.01")), solver="secant", tol=mpf(10) ** -44)
            tau = integral(lambda x: residual(x, k) ** 2, k)
            writer.writerow([activation, teacher, seventeen(k), seventeen(tau)])


if __name__ == "__main__":
    write_golden()
    write_extremes()
    write_large_step()
