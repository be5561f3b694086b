# SPDX-License-Identifier: GPL-3.0-or-later
"""plim from Python."""

from . import plot
from ._library import version as __version__
from .activations import Activation, activations
from .errors import Error, Invalid
from .judging import Family, Verdict, family, judge
from .limits import Value, limit
from .problems import quantities
from .simulation import simulate
from .tables import Table, read_csv

__all__ = ["Activation", "Error", "Family", "Invalid", "Table", "Value", "Verdict", "activations", "family", "judge",
           "limit", "plot", "quantities", "read_csv", "simulate"]
