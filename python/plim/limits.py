# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of the theory, each with a bound on its numerical error."""

import contextlib
import ctypes

import numpy as np

from . import _library as _c
from ._work import Stop, interruptible
from .errors import Error, Invalid
from .problems import Problem, is_one, named, quantity as number_of


class Value:
    """A limit, or an array of them.

    value   the number(s)
    error   a bound on its numerical error: rounding, quadrature, root finding
    status  "ok"; in an array the status of each, and where it is another one value and error are NaN
    """

    def __init__(self, value, error, status="ok"):
        self.value, self.error, self.status = value, error, status

    def __float__(self):
        return float(self.value)

    def __iter__(self):
        return iter((self.value, self.error))

    def __repr__(self):
        if np.ndim(self.value) == 0:
            return f"Value({float(self.value):.12g}, error={float(self.error):.0e})"
        refused = int(np.sum(np.asarray(self.status) != "ok"))
        return f"Value of shape {np.shape(self.value)}" + (f", {refused} of them refused" if refused else "")


def drift_rate(quantity):
    """How a measurement of plim's at size d approaches its limit, value(d) = limit + O(d^-rate): the rate that
    ``plim.judge`` is told.

    >>> import plim
    >>> plim.drift_rate("risk0"), plim.drift_rate("risk1")
    (1.0, 0.5)
    """
    info = _c.library.plim_limit_describe(number_of(quantity))
    if not info:
        raise Invalid(f"{quantity}: it has no limit")
    return info.contents.drift_rate


_spare = []  # workspaces that nobody is using: they remember what was costly


@contextlib.contextmanager
def _workspace(tolerance):
    handle = ctypes.c_void_p()
    try:
        handle.value = _spare.pop()
    except IndexError:
        _c.require(_c.library.plim_theory_alloc(ctypes.byref(handle)), "theory")
    try:
        _c.require(_c.library.plim_theory_set_tolerance(handle, tolerance), f"tolerance = {tolerance!r}")
        yield handle
    finally:
        _spare.append(handle.value)


def _why(theory, name, status):
    """What to say of a limit that has no number."""
    trouble = _c.refusal(status, name)
    text = str(trouble)
    info = _c.library.plim_limit_describe(number_of(name))
    if trouble.status == "outside_domain" and info:
        domain = ctypes.cast(info.contents.domain, ctypes.c_char_p).value.decode()
        text += f" ({' '.join(domain.split())})"
    attainable = _c.library.plim_theory_attainable(theory)
    if trouble.status == "not_converged" and np.isfinite(attainable):
        text += f"; with tolerance={attainable:g} it has a value"
    return type(trouble)(text, trouble.status)


def _one(theory, name, parameters):
    problem, value = Problem(parameters), _c.Value()
    status = _c.library.plim_limit(theory, number_of(name), ctypes.byref(problem.c), ctypes.byref(value))
    problem.check()
    if status != _c.OK:
        raise _why(theory, name, status)
    return value.value, value.error


def _objects(value):
    """Any parameter as an array of objects: one value, or those of a list or an array."""
    if not is_one(value):
        return np.asarray(value, dtype=object)
    made = np.empty((), dtype=object)
    made[()] = value
    return made


def _all(theory, keys, arrays, stop):
    values, errors = (np.full(arrays[0].shape, np.nan) for _ in range(2))
    statuses = np.full(arrays[0].shape, "ok", dtype=f"<U{max(map(len, _c.STATUSES))}")
    for at in np.ndindex(arrays[0].shape):
        if stop.asked:
            return None
        given = [array[at] for array in arrays]
        try:
            values[at], errors[at] = _one(theory, given[0], dict(zip(keys, given[1:])))
        except Invalid as trouble:
            raise Invalid(f"at index {at}: {trouble}") from trouble.__cause__
        except Error as trouble:
            if trouble.status not in ("outside_domain", "diverges", "not_converged", "not_finite"):
                raise
            statuses[at] = trouble.status
    return Value(values, errors, statuses)


def limit(quantity, *, tolerance=_c.CONSTANTS["PLIM_USUAL_TOLERANCE"], **parameters):
    """The limit of a quantity, e.g. "risk1", for a problem: a Value.

    Parameters are those of the problem (see ``help(plim)``), everything dimensionless. The quantity and each of
    them may be an array; they broadcast as NumPy's do, and the Value then holds arrays. A point at which the theorem
    has no value is an exception, in an array a NaN with its status; what is not acceptable (psi1 = -1) always is an
    exception. ``tolerance`` is the relative error at which the quantities of a step of any size stop being refined.

    >>> import plim
    >>> risk = plim.limit("risk1", psi1=2.385, psi2=1.617, lambda_=0.137, eta=1.83, teacher="relu", noise=0.25)
    >>> f"{risk.value:.12f}", risk.error < 1e-12
    ('0.187946334888', True)
    >>> plim.limit(["risk0", "risk1"], psi1=[[1.5], [3.0]]).value.shape
    (2, 2)
    >>> plim.limit("risk1", psi1=-1)
    Traceback (most recent call last):
        ...
    plim.errors.Invalid: psi1 = -1.0 is not accepted: samples per input dimension, n/d > 0 (also n_over_d)
    """
    parameters, stop = named(parameters), Stop()
    tolerance = float(tolerance)
    plain = all(map(is_one, (quantity, *parameters.values())))

    def job():
        with _workspace(tolerance) as theory:
            if plain:
                return Value(*_one(theory, quantity, parameters))
            arrays = np.broadcast_arrays(*map(_objects, (quantity, *parameters.values())))
            return _all(theory, list(parameters), arrays, stop)

    return interruptible(job, stop, wait=False)
