# SPDX-License-Identifier: GPL-3.0-or-later
"""plim from Python."""

from . import plot
from ._library import version as __version__
from .activations import Activation, activations
from .errors import Error, Invalid
from .judging import Family, Verdict, family, judge
from .limits import Value, drift_rate, limit
from .problems import quantities
from .simulation import simulate
from .tables import Table, read_csv
from .verification import generator, verify

__all__ = ["Activation", "Error", "Family", "Invalid", "Table", "Value", "Verdict", "activations", "drift_rate",
           "family", "generator", "judge", "limit", "plot", "quantities", "read_csv", "simulate", "verify"]
