# SPDX-License-Identifier: GPL-3.0-or-later
"""Activations and teachers: names, expressions in z, and functions of Python's own."""

import ctypes
import functools
import weakref

import numpy as np

from . import _library as _c
from .errors import Invalid


def _new(allocate, about):
    """A handle that `allocate(handle, why)` fills, or the reason as an exception."""
    handle, why = ctypes.c_void_p(), ctypes.c_void_p()
    status = allocate(ctypes.byref(handle), ctypes.byref(why))
    reason = _c.taken(why)
    if status != _c.OK and reason:
        raise Invalid(f"{about}: {reason}")
    _c.require(status, about)
    return handle.value


class Activation:
    """A scalar nonlinearity, the student's sigma or the teacher's sigma*.

    ``source`` is one of plim's names (``plim.activations()``) or "expr:" and an expression in z. As everywhere in
    plim it is taken as written and centred where it is used: sigma stands for sigma(z) - E sigma(z), z ~ N(0,1).

    >>> import plim
    >>> sigma = plim.Activation("expr:abs(z-0.75)")
    >>> sigma.kinks.round(9).tolist()
    [0.75]
    >>> sigma([-1.0, 2.0]).tolist(), sigma.derivative([-1.0, 2.0]).round(9).tolist()
    ([1.75, 1.25], [-1.0, 1.0])
    """

    def __init__(self, source):
        if not isinstance(source, str):
            raise Invalid(f"{source!r} is no activation: a name or 'expr:...' is needed")
        self._handle = _new(lambda handle, why: _c.library.plim_activation_alloc(source.encode(), handle, why),
                            f"activation {source!r}")
        self._own()

    def _own(self, keep=None):
        self._keep = keep
        weakref.finalize(self, _c.library.plim_activation_free, self._handle)

    def _copy(self):
        """For one call: an expression's evaluator belongs to one thread at a time."""
        copy = ctypes.c_void_p()
        _c.require(_c.library.plim_activation_clone(self._handle, ctypes.byref(copy)), self.name)
        made = object.__new__(Activation)
        made._handle = copy.value
        made._own(self._keep)
        return made

    @property
    def name(self):
        """As given."""
        return _c.library.plim_activation_name(self._handle).decode()

    @property
    def kinks(self):
        """Where its slope jumps, ascending."""
        count = ctypes.c_size_t()
        kinks = _c.library.plim_activation_kinks(self._handle, ctypes.byref(count))
        return np.array(kinks[:count.value])

    def _map(self, function, z):
        z = np.ascontiguousarray(z, dtype=float)
        result = np.empty_like(z)
        copy = self._copy()  # freed when the name is gone
        function(copy._handle, z.size, _c.doubles(z), _c.doubles(result))
        return result

    def __call__(self, z):
        """sigma(z), not centred, for an array of any shape."""
        return self._map(_c.library.plim_activation_values, z)

    def derivative(self, z):
        """sigma'(z); at a kink the mean of its two one-sided values."""
        return self._map(_c.library.plim_activation_derivatives, z)

    def __repr__(self):
        return f"Activation({self.name!r})"


@functools.lru_cache(maxsize=64)
def _named(name):
    return Activation(name)


def activation_of(given):
    """An Activation from what users give: one, or what makes one."""
    return given if isinstance(given, Activation) else _named(given) if isinstance(given, str) else Activation(given)


def activations():
    """Names of the activations and teachers that plim knows by name, with their formulas.

    >>> import plim
    >>> plim.activations()["relu"]
    'max(z, 0)'
    """
    return {name: _c.library.plim_activation_kind_formula(i).decode() for i, name in enumerate(_c.ACTIVATIONS)}
