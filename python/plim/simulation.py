# SPDX-License-Identifier: GPL-3.0-or-later
"""The experiment at finite size."""

import ctypes
import os
import threading

import numpy as np

from . import _library as _c
from ._work import Stop, interruptible
from .errors import Invalid
from .problems import Problem, named, quantity as number_of, word

_one_at_a_time = threading.Lock()  # plim_simulate sets the number of OpenBLAS's threads, which is the process's


def _processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(name, value, least):
    try:
        whole = int(value)
    except (TypeError, ValueError, OverflowError):
        whole = -1
    if whole != value or not least <= whole < 2 ** 64:
        raise Invalid(f"{name} = {value!r} is not a whole number >= {least}")
    return whole


def _run(problem, numbers, lambdas, simulation, stop):
    """samples[replica, quantity, lambda]"""
    samples = np.empty((simulation.replicas, len(numbers), len(lambdas)))
    asked = (ctypes.c_int * len(numbers))(*numbers)
    measurement = _c.Measurement(quantities=ctypes.addressof(asked), n_quantities=len(numbers),
                                 **{"lambda": lambdas.ctypes.data, "n_lambda": len(lambdas)})
    hooks = _c.Hooks(cancelled=stop.pointer)
    with _one_at_a_time:
        status = _c.library.plim_simulate(ctypes.byref(problem.c), ctypes.byref(simulation), ctypes.byref(measurement),
                                          ctypes.byref(hooks), _c.doubles(samples))
    problem.check()
    if status != _c.OK and not stop.asked:
        names = ", ".join(_c.QUANTITIES[number] for number in numbers)
        _c.require(status, f"{names} at d = {simulation.size.d}")
    return samples


def simulate(quantities, d, replicas, *, seed=1, threads=None, features="network", test_points=0,
             precision="double", **parameters):
    """Samples of one quantity, or of several, in independent replicas of the experiment at input dimension d.

    For one name an array, for a list of names a dict of such arrays. Its last axis is the replica; before it stand
    an axis for d and one for lambda where these are lists (penalties of one call share their draws and their
    factorisations). Replica k of a seed is the same bits whatever ``replicas`` and ``threads`` (default: the
    processors at hand). ``features="equivalent"`` draws the Gaussian equivalent model instead of sigma(W'x);
    ``test_points`` > 0 replaces the exact expectation over the test point by so many fresh ones;
    ``precision="single"`` takes the large products in float, and refines solutions to double. The sizes are
    n = round(psi1 d) and N = round(psi2 d). Ctrl-C stops a run after the replicas under way.

    >>> import plim
    >>> risk = plim.simulate("risk1", d=[20, 40], replicas=5, seed=7, teacher="relu")
    >>> risk.shape
    (2, 5)
    >>> both = plim.simulate(["risk0", "risk1"], d=20, replicas=5, seed=7, lambda_=[0.1, 1.0], teacher="relu")
    >>> both["risk1"].shape, bool((abs(both["risk1"][0] - risk[0]) < 1e-12).all())
    ((2, 5), True)
    """
    parameters = named(parameters)
    if "d" in parameters:
        raise Invalid("d is given twice")
    single = isinstance(quantities, str)
    names = [quantities] if single else list(quantities)
    if not names:
        raise Invalid("no quantity is named")
    numbers = [number_of(name) for name in names]
    for name, number in zip(names, numbers):
        if not _c.library.plim_experiment_describe(number):
            raise Invalid(f"{name}: there is no experiment that measures it")
    lambda_given = parameters.pop("lambda", getattr(_c.library.plim_problem_default(), "lambda"))
    lambdas = np.ascontiguousarray(np.atleast_1d(lambda_given), dtype=float).ravel()
    if lambdas.size == 0:
        raise Invalid("lambda is empty")
    problems = [Problem({**parameters, "lambda": penalty}) for penalty in lambdas]
    sizes = [_count("d", size, 1) for size in np.atleast_1d(d).ravel().tolist()]
    settings = {"replicas": _count("replicas", replicas, 1), "seed": _count("seed", seed, 0),
                "threads": _count("threads", threads or _processors(), 1),
                "test_points": _count("test_points", test_points, 0),
                "features": word("features", features, _c.FEATURES),
                "precision": word("precision", precision, _c.PRECISIONS)}
    stop, problem = Stop(), problems[0]

    def job():
        return [_run(problem, numbers, lambdas, _c.Simulation(size=problem.size_at(size), **settings), stop)
                for size in sizes if not stop.asked]

    drawn = np.array(interruptible(job, stop))  # d, replica, quantity, lambda
    drawn = np.moveaxis(drawn, 1, -1)  # d, quantity, lambda, replica
    made = {}
    for i, name in enumerate(names):
        samples = drawn[:, i]
        samples = samples if np.ndim(lambda_given) else samples[:, 0]
        made[name] = np.ascontiguousarray(samples if np.ndim(d) else samples[0])
    return made[quantities] if single else made
