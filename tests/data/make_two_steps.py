#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spikes and trace of the weights after two steps, by plain trapezoidal sums in every variable: two_steps.csv.

Nothing here is tabulated, interpolated or refined: f1, D, A, B, C and V are sums over (z, g) at every (xi, eps, nn), as
they stand in the definitions. relu: g in closed form, z on two half-lines (Gauss-Legendre). Needs numpy; a few minutes.

    ./make_two_steps.py > two_steps.csv
"""
import math
import numpy as np

EDGE = 8.6


def trapezoid(step):
    n = int(math.ceil(EDGE / step))
    x = step * np.arange(-n, n + 1)
    return x, step * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def half_lines(count):
    x, w = np.polynomial.legendre.leggauss(count)
    x, w = EDGE * (x + 1) / 2, EDGE * w / 2
    x, w = np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w])
    return x, w * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


erf = np.vectorize(math.erf)


def normal_cdf(x):
    return 0.5 * (1 + fast_erf(x / math.sqrt(2)))


def fast_erf(x):  # numpy has none: a table of the exact one, degree 7 in between
    size, reach = 4096, 7.0
    global _TABLE
    if "_TABLE" not in globals():
        _TABLE = erf(np.linspace(-reach, reach, size + 1))
    h = 2 * reach / size
    y = np.clip(x, -reach + 8 * h, reach - 8 * h)
    i = np.rint((y + reach) / h).astype(int)
    at = -reach + i * h
    t = y - at
    f = 2 / math.sqrt(math.pi) * np.exp(-at * at)
    series = t - at * t**2 + (2 * at**2 - 1) * t**3 / 3 + (-2 * at**3 + 3 * at) * t**4 / 6 \
        + (4 * at**4 - 12 * at**2 + 3) * t**5 / 30
    return np.where(np.abs(x) > reach - 8 * h, np.sign(x), _TABLE[i] + f * series)


def tanh(z):
    t = np.tanh(z)
    return t, 1 - t * t


def silu(z):
    s = 1 / (1 + np.exp(-z))
    return z * s, s * (1 + z * (1 - s))


def sine(z):
    return np.sin(z), np.cos(z)


def relu(z):
    return np.maximum(z, 0), (z > 0) * 1.0


FUNCTIONS = {"tanh": tanh, "silu": silu, "sin": sine, "relu": relu}


def moments(name):
    x, w = half_lines(160)
    value, slope = FUNCTIONS[name](x)
    mean, mu1 = w @ value, w @ (x * value)
    return mean, mu1, w @ (slope * slope) - mu1**2, w @ (x * slope), w @ (value - mean)**2


def same_averages(name, m, s, z, wz, slope_z):
    """E over g and z of sigma, sigma', z sigma', g sigma', sigma'(z) sigma'(h), sigma'(h)^2 for rows m(z)."""
    if name == "relu":
        p = normal_cdf(m / s)
        d = np.exp(-(m / s)**2 / 2) / math.sqrt(2 * math.pi)
        value, one, tilt, square = m * p + s * d, p, d, p
    else:
        g, wg = trapezoid(STEP)
        value = one = tilt = square = 0
        for gi, wi in zip(g, wg):
            f, slope = FUNCTIONS[name](m + s * gi)
            value, one = value + wi * f, one + wi * slope
            tilt, square = tilt + wi * gi * slope, square + wi * slope * slope
    return [value @ wz, one @ wz, one @ (wz * z), tilt @ wz, one @ (wz * slope_z), square @ wz]


def fresh_averages(name, shift, sd):
    z, wz = trapezoid(STEP / 2)
    m = shift[:, None] + sd * z[None, :]
    if name == "relu":  # closed form
        p = normal_cdf(shift / sd)
        d = np.exp(-(shift / sd)**2 / 2) / math.sqrt(2 * math.pi)
        return [shift * p + sd * d, p, d / sd, p]
    f, slope = FUNCTIONS[name](m)
    return [f @ wz, slope @ wz, slope @ (wz * z) / sd, (slope * slope) @ wz]


def case(sigma, teacher, readout, psi1, noise, e1, e2, batch):
    mean, mu1, nu2, c2, _ = moments(sigma)
    tmean, star, _, _, variance = moments(teacher)
    s2 = variance + noise**2
    up, q0 = math.sqrt(s2 / psi1), nu2 * s2 / psi1
    x, w = trapezoid(OUTER)
    xi, nn = x[:, None, None], x[None, None, :]
    if noise > 0:
        eps, weight = x[None, :, None] * noise, w[:, None, None] * w[None, :, None] * w[None, None, :]
    else:
        eps, weight = np.zeros((1, 1, 1)), w[:, None, None] * w[None, None, :]
    y, t = np.broadcast_arrays(FUNCTIONS[teacher](xi)[0] - tmean + eps, mu1 * (star * xi + up * nn))
    xi, nn, weight = (np.broadcast_to(v, y.shape).ravel() for v in (xi, nn, weight))
    y, t = y.ravel(), t.ravel()
    keep = weight > 1e-19
    xi, nn, weight, y, t = xi[keep], nn[keep], weight[keep], y[keep], t[keep]
    E = lambda v: weight @ v
    if readout == "gaussian":
        zeta, pi = trapezoid(ZETA)
    else:
        zeta, pi = (np.array([1.0]), np.array([1.0])) if readout == "constant" else (np.array([1.0, -1.0]), np.array([.5, .5]))
    z, wz = half_lines(400) if sigma == "relu" else trapezoid(STEP)
    slope_z = FUNCTIONS[sigma](z)[1]
    f1, tables = 0, []
    for zb, pb in zip(zeta, pi):
        if batch == "same":
            columns = [np.empty_like(y) for _ in range(6)]
            for a in range(0, len(y), 4000):
                sl = slice(a, a + 4000)
                m = z[None, :] + e1 * zb * (t[sl, None] + slope_z[None, :] * y[sl, None] / psi1)
                s = max(e1 * abs(zb) * math.sqrt(q0), 1e-12)
                for c, v in zip(columns, same_averages(sigma, m, s, z, wz, slope_z)):
                    c[sl] = v
            F, D, A, B, C, V = columns
            B, C, V = np.sign(zb) * B, C - mu1 * D, V - D * D
        else:
            sd = math.sqrt(1 + (e1 * zb)**2 * q0)
            short, back = np.unique(t, return_inverse=True)
            F, D, A, V = (v[back] for v in fresh_averages(sigma, e1 * zb * short, sd))
            B, C, V = 0 * D, 0 * D, V - D * D
        f1 = f1 + pb * zb * (F - mean)
        tables.append((D, A, B, C, V))
    R = y - f1
    f = [R * D for D, *_ in tables]
    root = np.sqrt(pi) * zeta
    q = np.array([E(y * v) for v in f])
    along = e1 * mu1 * star + e2 * np.array([E(xi * v) for v in f])
    perp = e1 * mu1 * up + e2 * np.array([E(nn * v) for v in f])
    F2 = np.array(f)
    Q = (F2 * weight) @ F2.T
    if batch == "same":
        perp, rest = perp + e2 * up * q / s2, Q - np.outer(q, q) / s2
    else:
        rest = Q
    L = np.outer(along, along) + np.outer(perp, perp) + e2**2 * rest / psi1
    ev, vec = np.linalg.eigh(np.outer(root, root) * L)
    ev, vec = ev[::-1], vec[:, ::-1]
    gam2 = [(vec[:, l] @ (root * along))**2 / ev[l] for l in range(min(2, len(ev)))] + [0.0]
    trace = 0
    for zb, pb, (D, A, B, C, V) in zip(zeta, pi, tables):
        if batch == "same":
            al, yr = e2 * E(R * A) + e1 * c2 * E(y), E(y * (e1 * y * nu2 + e2 * R * C))
            be = e2 * E(R * B) / math.sqrt(q0)
            c = 1 + 2 * zb * al + zb**2 * (E(e1**2 * y**2 * nu2 + 2 * e1 * e2 * y * R * C + e2**2 * R**2 * V) / psi1
                                           + al**2 + be**2 * q0 + 2 * be * yr / psi1)
        else:
            c1 = 1 + (e1 * zb)**2 * q0
            c = c1 * (1 + e2 * zb * E(R * A))**2 + (e2 * zb)**2 * E(R**2 * V) / psi1
        trace += pb * c
    second = ev[1] if len(ev) > 1 and ev[1] > 1e-13 * ev[0] else 0.0
    print(f"{sigma},{teacher},{readout},{psi1},{noise},{e1},{e2},{batch},{ev[0]:.15g},{second:.15g},"
          f"{gam2[0]:.15g},{gam2[1] if second else 0.0:.15g},{trace:.15g}", flush=True)


print("activation,teacher,readout,psi1,noise,e1,e2,batch,strength1,strength2,along1,along2,trace")
STEP, OUTER, ZETA = 0.25, 0.3, 0.25
case("silu", "tanh", "constant", 1.317, 0.371, 0.83, 1.13, "same")
case("tanh", "sin", "rademacher", 3.171, 0.213, 0.91, 1.42, "same")
case("silu", "tanh", "rademacher", 1.873, 0.291, 0.77, 0.64, "same")
case("silu", "sin", "constant", 1.317, 0.371, 0.83, 1.13, "fresh")
OUTER = 0.28
case("relu", "tanh", "constant", 1.653, 0.319, 0.71, 0.93, "same")
case("relu", "tanh", "rademacher", 2.411, 0.157, 0.68, 0.87, "fresh")
OUTER = 0.3
case("silu", "tanh", "gaussian", 2.293, 0.317, 0.43, 0.71, "fresh")
OUTER = 0.3
case("tanh", "sin", "gaussian", 2.117, 0.0, 0.41, 0.67, "same")
