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


class _Callback:
    """A Python function as plim calls it, from whatever thread; ctypes takes the lock of the interpreter each time."""

    def __init__(self, function):
        self.function, self.trouble = function, None
        self.c = _c.VALUES(self._fill)

    def values(self, z):
        """function(z), checked."""
        with np.errstate(all="ignore"):  # plim says where it is not finite
            result = np.asarray(self.function(z.copy()))
        if result.shape != z.shape or result.dtype.kind not in "fiub":
            raise Invalid(f"it gives {result.dtype} of shape {result.shape} for float64 of shape {z.shape}: one real "
                          "number for each z is needed")
        return result

    def _fill(self, _, count, z, value):
        z, value = (np.frombuffer((ctypes.c_double * count).from_address(ctypes.addressof(p.contents)))
                    for p in (z, value))
        try:
            value[:] = self.values(z)
        except BaseException as trouble:  # pylint: disable=broad-except
            self.trouble = self.trouble or trouble
            value[:] = np.nan

    def check(self):
        """Raise what the function has raised since last time."""
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            raise trouble


class Activation:
    """A scalar nonlinearity, the student's sigma or the teacher's sigma*.

    source  one of plim's names (``plim.activations()``), "expr:" and an expression in z, or a function of an array of
            float64 that returns its values, the same bits each time. A function may be called from several threads at
            once. What holds of expressions holds of it: it must be finite and continuous for |z| <= 12, its kinks
            and its derivative are found from its values, some 3e4 to 1e5 of them taken one at a time: a second
    kinks   where a function, or its slope, may not be smooth, if features lie closer together than 1/512
    name    of a function, for messages

    As everywhere in plim it is taken as written and centred where it is used: sigma stands for sigma(z) - E sigma(z),
    z ~ N(0,1).

    >>> import numpy, plim
    >>> sigma = plim.Activation("expr:abs(z-0.75)")
    >>> sigma.kinks.round(9).tolist()
    [0.75]
    >>> sigma([-1.0, 2.0]).tolist(), sigma.derivative([-1.0, 2.0]).round(9).tolist()
    ([1.75, 1.25], [-1.0, 1.0])
    >>> mine = plim.Activation(lambda z: numpy.abs(z - 0.75), name="shifted")
    >>> by_function, by_expression = plim.limit("risk1", teacher=mine), plim.limit("risk1", teacher=sigma)
    >>> abs(by_function.value - by_expression.value) <= by_function.error + by_expression.error
    True
    """

    def __init__(self, source, kinks=(), name=None):
        if callable(source) and not isinstance(source, Activation):
            self._of_function(source, kinks, name)
            return
        if not isinstance(source, str):
            raise Invalid(f"{source!r} is no activation: a name, 'expr:...' or a function is needed")
        if np.size(kinks) or name is not None:
            raise Invalid(f"activation {source!r}: kinks and name belong to a function")
        self._handle = _new(lambda handle, why: _c.library.plim_activation_alloc(source.encode(), handle, why),
                            f"activation {source!r}")
        self._own()

    def _of_function(self, function, kinks, name):
        name = name or getattr(function, "__name__", type(function).__name__)
        callback, kinks = _Callback(function), np.ascontiguousarray(kinks, dtype=float).ravel()
        about = f"activation {name!r}"
        probe = np.array([-2.385, -0.137, 0.0, 0.731, 1.617])
        try:
            if not np.array_equal(callback.values(probe), callback.values(probe), equal_nan=True):
                raise Invalid("it gives other values each time")
        except Invalid as trouble:
            raise Invalid(f"{about}: {trouble}") from None
        given = _c.Function(name=ctypes.cast(ctypes.c_char_p(name.encode()), ctypes.c_void_p),
                            values=ctypes.cast(callback.c, ctypes.c_void_p), kinks=kinks.ctypes.data,
                            n_kinks=kinks.size)
        try:
            self._handle = _new(lambda handle, why: _c.library.plim_activation_from_function(ctypes.byref(given), handle,
                                                                                             why), about)
        except Invalid:
            callback.check()
            raise
        self._own(callback)

    def _check(self):
        """Raise what the function has raised, if it is one of Python's."""
        if self._keep is not None:
            self._keep.check()

    def _own(self, keep=None):
        self._keep = keep
        # not at exit, when an interrupted call may still be at work with it
        weakref.finalize(self, _c.library.plim_activation_free, self._handle).atexit = False

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
        self._check()
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
