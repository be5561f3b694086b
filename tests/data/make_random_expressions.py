#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaussian coefficients of random expressions, in many-digit arithmetic.

    python3 make_random_expressions.py [COUNT]     (needs mpmath; half an hour) writes random_expressions.tsv

An expression is built as a text for plim and, beside it, as a function with its derivative and the places where it has a
kink or is narrow, all of them exact: no root is searched for and no text is parsed. The numbers in it are taken as the
decimals they are written as. Averages are Gauss-Legendre sums of 40 points on pieces that are halved until they
stand still to 44 digits, at 60 working digits; 40 are written. One line an expression: text, mean, mu1, mu2, nu2,
separated by tabs.
"""
import os
import random
import sys

from mpmath import atan, atanh, asinh, cosh, erf, exp, log, log1p, mp, mpf, nstr, pi, sin, cos, sqrt, tanh

mp.dps = 60
SEED = 20260917
COUNT = 500
END = mpf(22)  # the density is 1e-105 there; nothing below grows faster than exp(0.08 z^2)
STILL = mpf(10) ** -44
RULE = 40


def gauss_legendre(n):
    nodes = []
    for i in range(n):
        x = cos(pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            p0, p1 = mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


NODES = gauss_legendre(RULE)


class Part:
    """text; z -> (value, derivative); cuts: kinks and the surroundings of narrow places."""

    def __init__(self, text, function, cuts=()):
        self.text, self.function, self.cuts = text, function, list(cuts)


def number(rng, low, high, digits=None):
    """A decimal of random length, as text and exactly."""
    text = "%.*g" % (digits or rng.choice([2, 3, 4, 6, 9]), rng.uniform(low, high))
    return text, mpf(text)


def size(rng):
    """Coefficients over ten powers of ten, large ones more often."""
    text = "%.*g" % (rng.choice([2, 3, 5]), rng.choice([-1, 1]) * 10 ** (-10 * rng.random() ** 3) * rng.uniform(0.3, 3))
    return text, mpf(text)


def around(place, width):
    return [place + width * k for k in (-16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16)]


def shifted(rng):
    """b*z+c with the place where it is 0."""
    bt, b = number(rng, 0.2, 4)
    ct, c = number(rng, -2, 2)
    return "(%s*z+(%s))" % (bt, ct), b, c


def smooth(rng):
    t, b, c = shifted(rng)
    kind = rng.randrange(10)
    if kind == 0:
        return Part("tanh" + t, lambda z: (tanh(b * z + c), b / cosh(b * z + c) ** 2))
    if kind == 1:
        return Part("erf" + t, lambda z: (erf(b * z + c), 2 * b / sqrt(pi) * exp(-((b * z + c) ** 2))))
    if kind == 2:
        return Part("sin" + t, lambda z: (sin(b * z + c), b * cos(b * z + c)))
    if kind == 3:
        return Part("ln(1+exp%s)" % t, lambda z: (log1p(exp(b * z + c)), b / (1 + exp(-b * z - c))))
    if kind == 4:
        return Part("atan" + t, lambda z: (atan(b * z + c), b / (1 + (b * z + c) ** 2)), around(-c / b, 1 / b))
    if kind == 5:
        return Part("asinh" + t, lambda z: (asinh(b * z + c), b / sqrt(1 + (b * z + c) ** 2)), around(-c / b, 1 / b))
    if kind == 6:
        return Part("sqrt(1+%s^2)" % t, lambda z: (sqrt(1 + (b * z + c) ** 2), b * (b * z + c) / sqrt(1 + (b * z + c) ** 2)),
                    around(-c / b, 1 / b))
    if kind == 7:
        n = rng.choice([1, 2, 2, 3, 4, 5])
        return Part("%s^%d" % (t, n), lambda z: ((b * z + c) ** n, n * b * (b * z + c) ** (n - 1)))
    if kind == 8:
        at, a = number(rng, 0.01, 0.08)
        return Part("exp(%s*z^2)" % at, lambda z: (exp(a * z * z), 2 * a * z * exp(a * z * z)))
    at, a = number(rng, -2.5, 2.5)
    return Part("exp(%s*z)" % at, lambda z: (exp(a * z), a * exp(a * z)))


def fast(rng):
    t, b, c = shifted(rng)
    kt, k = number(rng, 5, 60)
    if rng.random() < 0.5:
        return Part("sin(%s*z+(%s))" % (kt, nstr(c, 12)), lambda z: (sin(k * z + c), k * cos(k * z + c)),
                    [mpf(i) / 4 for i in range(-40, 41)])
    return Part("tanh(%s*%s)" % (kt, t), lambda z: (tanh(k * (b * z + c)), k * b / cosh(k * (b * z + c)) ** 2),
                around(-c / b, 1 / (k * b)))


def bump(rng):
    ct, c = number(rng, -3, 3)
    kt = "%.3g" % 10 ** rng.uniform(1, 7)
    k = mpf(kt)
    if rng.random() < 0.7:
        return Part("exp(-%s*(z-(%s))^2)" % (kt, ct),
                    lambda z: (exp(-k * (z - c) ** 2), -2 * k * (z - c) * exp(-k * (z - c) ** 2)), around(c, 1 / sqrt(k)))
    return Part("1/(1+%s*(z-(%s))^2)" % (kt, ct),
                lambda z: (1 / (1 + k * (z - c) ** 2), -2 * k * (z - c) / (1 + k * (z - c) ** 2) ** 2),
                around(c, 1 / sqrt(k)) + around(c, 16 / sqrt(k)))


def kinked(rng):
    kind = rng.randrange(7)
    ct, c = number(rng, -3, 3)
    if rng.random() < 0.1:
        ct = "%.4g" % (10 ** rng.uniform(-12, -3))
        c = mpf(ct)
    if kind == 0:
        return Part("abs(z-(%s))" % ct, lambda z: (abs(z - c), mpf(1) if z > c else mpf(-1)), [c])
    if kind == 1:
        return Part("max(z-(%s),0)" % ct, lambda z: (z - c, mpf(1)) if z > c else (mpf(0), mpf(0)), [c])
    if kind == 2:
        dt, d = number(rng, 0.05, 2)
        return Part("max(-%s,min(%s,z-(%s)))" % (dt, dt, ct),
                    lambda z: (z - c, mpf(1)) if abs(z - c) < d else (d if z > c else -d, mpf(0)), [c - d, c + d])
    if kind == 3:
        kt, k = number(rng, 1, 2000)
        return Part("max(0,1-%s*abs(z-(%s)))" % (kt, ct),
                    lambda z: (mpf(0), mpf(0)) if abs(z - c) * k > 1 else (1 - k * abs(z - c), -k if z > c else k),
                    [c - 1 / k, c, c + 1 / k])
    if kind == 4:
        bt, b = number(rng, 0.3, 3)
        tt, t = number(rng, 0.05, 0.9)
        return Part("abs(tanh(%s*z)-%s)" % (bt, tt),
                    lambda z: (abs(tanh(b * z) - t), (1 if tanh(b * z) > t else -1) * b / cosh(b * z) ** 2), [atanh(t) / b])
    if kind == 5:
        return Part("((z>%s) ? (z-(%s))^2 : 0)" % (ct, ct), lambda z: ((z - c) ** 2, 2 * (z - c)) if z > c else (mpf(0), mpf(0)), [c])
    dt, d = number(rng, 0.1, 1)
    return Part("((z>%s) ? z-(%s) : %s*(exp(z-(%s))-1))" % (ct, ct, dt, ct),
                lambda z: (z - c, mpf(1)) if z > c else (d * (exp(z - c) - 1), d * exp(z - c)), [c])


def composed(rng):
    inner = rng.choice([kinked, smooth, bump])(rng)
    outer = rng.randrange(4)
    if outer == 1 and ("exp(" in inner.text or inner.text[-2:] in ("^3", "^4", "^5")):
        outer = 0  # sin(exp(2 z)) and sin(z^5) vary without bound
    if outer == 0:
        name, g = "tanh", lambda x: (tanh(x), 1 / cosh(x) ** 2)
    elif outer == 1:
        name, g = "sin", lambda x: (sin(x), cos(x))
    elif outer == 2:
        name, g = "erf", lambda x: (erf(x), 2 / sqrt(pi) * exp(-x * x))
    else:
        name, g = "atan", lambda x: (atan(x), 1 / (1 + x * x))

    def function(z):
        value, slope = inner.function(z)
        y, by_x = g(value)
        return y, by_x * slope

    return Part("%s(%s)" % (name, inner.text), function, inner.cuts)


def product(rng):
    x, y = rng.choice([smooth, fast, bump])(rng), rng.choice([kinked, bump, smooth])(rng)
    if "exp(" in x.text and "exp(" in y.text:
        return x

    def function(z):
        (a, da), (b, db) = x.function(z), y.function(z)
        return a * b, da * b + a * db

    return Part("(%s)*(%s)" % (x.text, y.text), function, x.cuts + y.cuts)


def expression(rng):
    parts = [(size(rng), rng.choice([smooth, smooth, fast, bump, kinked, kinked, composed, product])(rng))
             for _ in range(rng.choice([1, 2, 2, 3, 4]))]
    if rng.random() < 0.25:
        parts.append((("1", mpf(1)), Part("z", lambda z: (z, mpf(1)))))

    def function(z):
        value = slope = mpf(0)
        for (_, a), part in parts:
            y, dy = part.function(z)
            value += a * y
            slope += a * dy
        return value, slope

    text = "+".join("(%s)*%s" % (t, part.text) for (t, _), part in parts)
    return Part(text, function, [c for _, part in parts for c in part.cuts])


def sums(function, low, high):
    half, middle = (high - low) / 2, (high + low) / 2
    total = [mpf(0)] * 4
    for x, w in NODES:
        z = middle + half * x
        value, slope = function(z)
        weight = w * half * exp(-z * z / 2) / sqrt(2 * pi)
        for i, term in enumerate((value, z * value, value * value, slope * slope)):
            total[i] += weight * term
    return total


def integrate(function, low, high, whole, scale, depth=0):
    middle = (low + high) / 2
    left, right = sums(function, low, middle), sums(function, middle, high)
    gap = max(abs(a + b - c) / (s + 1) for a, b, c, s in zip(left, right, whole, scale))
    if gap < STILL:
        return [a + b for a, b in zip(left, right)]
    if depth > 60:
        raise ArithmeticError("does not settle near %s" % nstr(middle, 10))
    left = integrate(function, low, middle, left, scale, depth + 1)
    right = integrate(function, middle, high, right, scale, depth + 1)
    return [a + b for a, b in zip(left, right)]


def coefficients(part):
    cuts = sorted({c for c in part.cuts if abs(c) < END} | {mpf(k) for k in range(-22, 23, 2)})
    total = [mpf(0)] * 4
    scale = [mpf(0)] * 4
    wholes = [sums(part.function, a, b) for a, b in zip(cuts, cuts[1:])]
    scale = [sum(w[i] for w in wholes if i > 1) for i in range(4)]
    for a, b, whole in zip(cuts, cuts[1:], wholes):
        piece = integrate(part.function, a, b, whole, scale)
        total = [x + y for x, y in zip(total, piece)]
    mean, mu1, square, slopes = total
    return mean, mu1, sqrt(abs(square - mean * mean - mu1 * mu1)), abs(slopes - mu1 * mu1)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    rng = random.Random(SEED)
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "random_expressions.tsv"), "w", encoding="ascii") as out:
        for _ in range(count):
            part = expression(rng)
            out.write("\t".join([part.text] + [nstr(c, 40) for c in coefficients(part)]) + "\n")
            out.flush()


main()
