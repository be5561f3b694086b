# SPDX-License-Identifier: GPL-3.0-or-later
"""The statement of the problem: the parameters that theory and simulation share."""

import ctypes
import numbers

import numpy as np

from . import _library as _c
from .activations import Activation, activation_of
from .errors import Invalid

# name: what it is
PARAMETERS = {
    "psi1": "samples per input dimension, n/d > 0 (also n_over_d)",
    "psi2": "neurons per input dimension, N/d > 0 (also width_over_d)",
    "lambda": "ridge penalty >= 0, (lambda/N)|a|^2 beside the mean square error (written lambda_, lambda being a word "
              "of Python)",
    "eta": "step size >= 0, or eta0 of eta0 N^eta_exponent",
    "eta_exponent": "0 to 1/2",
    "noise": "standard deviation of the label noise >= 0, not its variance",
    "d": "input dimension, for limits that keep a finite-d effect; inf: the limit itself",
    "steps": "gradient steps >= 1",
    "batch": "'same' or 'fresh': the data of later steps",
    "readout": "'gaussian', 'rademacher', 'constant' or 'atoms:V@P,V@P,...': the law of the readout at the start",
    "eta_second": "size of the second of two steps; that of the first",
    "ridge_batch": "'fresh' or 'same': the data of the ridge regression",
    "overlap": "0 to 1, the share of the ridge regression's pairs that were in the gradient's batch, where ridge_batch is "
               "'same'",
    "extra": "further pairs of the gradient's batch per input dimension, likewise",
    "step_psi1": "pairs of the gradient's batch per input dimension where ridge_batch is 'fresh'; 0: psi1",
    "eta_second_exponent": "its power of N; that of the first",
    "inputs": "the law of the inputs of simulations: 'gaussian' (also of every limit), 'rademacher', 'uniform', 'student:DF', "
              "'student-joint:DF', 'sphere', 'ar1:RHO', or an array of real data, a row a sample (standardised here)",
    "activation": "the student's sigma: a name, 'expr:...', a Python function or an Activation",
    "teacher": "the labels' sigma*, likewise",
}
_WORDS = {"batch": _c.BATCHES, "ridge_batch": _c.RIDGE_BATCHES, "readout": _c.READOUTS}
_SYNONYMS = {"lambda_": "lambda", "n_over_d": "psi1", "width_over_d": "psi2"}


def named(given):
    """Parameters under the names of the table; an unknown one or one given twice is refused."""
    made = {}
    for name, value in given.items():
        name = _SYNONYMS.get(name, name)
        if name not in PARAMETERS:
            raise Invalid(f"there is no parameter {name!r}; there are {', '.join(PARAMETERS)}")
        if name in made:
            raise Invalid(f"{name} is given twice")
        made[name] = value
    return made


def word(name, value, words):
    """The number of a word in its list."""
    if value not in words:
        raise Invalid(f"{name} = {value!r} is none of {', '.join(words)}")
    return words.index(value)


def _whole(name, value):
    if isinstance(value, (numbers.Integral, np.integer)) or (isinstance(value, float) and value.is_integer()):
        if 0 <= int(value) < 2 ** 64:
            return int(value)
    raise Invalid(f"{name} = {value!r} is not a whole number >= 0")


def _number(name, value):
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Invalid(f"{name} = {value!r} is not a number") from None


class _Inputs:
    """Owner of a plim_inputs."""

    def __init__(self):
        self.handle = ctypes.c_void_p()

    def __del__(self):
        _c.library.plim_inputs_free(self.handle)


class Problem:
    """plim_problem with what it points to. Parameters left out are those of the program: psi1 = 2, psi2 = 1.5,
    lambda = 0.1, eta = 1, noise = 0.1, tanh for both nonlinearities, one step, a Gaussian readout."""

    def __init__(self, parameters):
        self.c = _c.library.plim_problem_default()
        parameters = named(parameters)
        if ("overlap" in parameters or "extra" in parameters) and "ridge_batch" not in parameters:
            parameters["ridge_batch"] = "same"
        for name, value in {"activation": "tanh", "teacher": "tanh", **parameters}.items():
            if name in ("activation", "teacher"):
                value = self._nonlinearity(name, value)
            elif name == "readout" and str(value).startswith("atoms"):
                value = self._law(value)
            elif name == "inputs":
                value = self._inputs_of(value)
            elif name in _WORDS:
                value = word(name, value, _WORDS[name])
            else:
                value = _whole(name, value) if name == "steps" else _number(name, value)
            setattr(self.c, name, value)
        field = ctypes.c_char_p()
        status = _c.library.plim_problem_validate(ctypes.byref(self.c), ctypes.byref(field))
        if status != _c.OK:
            name = field.value.decode()
            raise Invalid(f"{name} = {getattr(self.c, name)!r} is not accepted: {PARAMETERS[name]}")

    def _nonlinearity(self, name, given):
        try:
            activation = activation_of(given)._copy()
        except Invalid as trouble:
            raise Invalid(f"{name}: {trouble}") from trouble.__cause__
        setattr(self, "_" + name, activation)  # lives as long as the pointer to it
        return activation._handle

    def _law(self, name):
        self._atoms, why = _c.Atoms(), ctypes.c_char_p()  # lives as long as the pointer to it
        status = _c.library.plim_atoms_read(name.encode(), ctypes.byref(self._atoms), ctypes.byref(why))
        if status != _c.OK:
            raise Invalid(f"readout = {name!r} is not accepted: {why.value.decode()}")
        self.c.atoms = ctypes.addressof(self._atoms)
        return _c.READOUTS.index("atoms")

    def _inputs_of(self, given):
        self._inputs, why = _Inputs(), ctypes.c_char_p()  # lives as long as the pointer to it
        if isinstance(given, str):
            if given == "gaussian":
                return None
            status = _c.library.plim_inputs_alloc(given.encode(), ctypes.byref(self._inputs.handle), ctypes.byref(why))
            about = f"inputs = {given!r}"
        else:
            about, rows = "inputs", np.array(given, dtype=np.float64, order="C")
            if rows.ndim != 2 or not np.isfinite(rows).all():
                raise Invalid("inputs: an array of real data has two dimensions, a row a sample, and finite numbers")
            column = ctypes.c_size_t()
            status = _c.library.plim_standardise(_c.doubles(rows), *rows.shape, ctypes.byref(column))
            if status == _c.STATUSES.index("outside_domain"):
                raise Invalid(f"inputs: column {column.value} is constant")
            _c.require(status, "inputs")
            table = _c.Rows(rows.ctypes.data, *rows.shape)
            status = _c.library.plim_inputs_of_rows(b"array", ctypes.byref(table), ctypes.byref(self._inputs.handle),
                                                    ctypes.byref(why))
        if status != _c.OK:
            raise Invalid(f"{about} is not accepted: {(why.value or b'').decode()}")
        return self._inputs.handle.value

    def check(self):
        """Raise what a function of Python's has raised as activation or teacher."""
        self._activation._check()
        self._teacher._check()

    def size_at(self, d):
        """n, d and N: psi1 d and psi2 d, rounded."""
        size = _c.Size()
        _c.require(_c.library.plim_size_from_problem(ctypes.byref(self.c), d, ctypes.byref(size)), f"d = {d}")
        return size


def quantity(name):
    """The number of a quantity."""
    if name not in _c.QUANTITIES:
        raise Invalid(f"there is no quantity {name!r}; plim.quantities() has their names")
    return _c.QUANTITIES.index(name)


def quantities():
    """Names of what can be predicted or measured, each with its title.

    >>> import plim
    >>> plim.quantities()["risk1"]
    'risk of ridge on the features at W1'
    """
    return {name: _c.library.plim_quantity_title(i).decode() for i, name in enumerate(_c.QUANTITIES)}


def is_one(value):
    """One value of a parameter, not an array of them?"""
    return isinstance(value, (str, Activation)) or callable(value) or np.ndim(value) == 0
