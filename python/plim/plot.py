# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures, by matplotlib where it is installed."""

import numpy as np

from .errors import Error, Invalid


def _axes(ax):
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise Error("a picture takes matplotlib, which is not installed (on Debian: apt-get install "
                    "python3-matplotlib); plim needs it for nothing else") from None
    return pyplot.subplots()[1]


def _series(table, x):
    """Groups of rows that differ in x alone, ascending in it: (label, is it theory?, rows)."""
    varying = [name for name in ("quantity", "lambda", "eta", "psi1", "psi2", "d", "activation", "teacher", "noise",
                                 "readout", "steps", "batch")
               if name in table and name != x and len(set(map(str, table[name]))) > 1]
    groups = {}
    for i in range(len(table)):
        key = tuple(str(table[name][i]) for name in varying if table["source"][i] != "theory" or name != "d")
        groups.setdefault((table["source"][i], key), []).append(i)
    for (source, key), rows in groups.items():
        rows = sorted(rows, key=lambda i: table[x][i])
        yield ", ".join((source, *key)), source == "theory", rows


def overlay(table, x="psi1", *, ax=None):
    """Theory as lines, simulation as points with bars of 2 standard errors, over the column x: the axes.

    ``table`` is what ``plim.read_csv`` reads of plim's own files, or a dict with columns source, value, error and x.
    ``ax``: axes of matplotlib to draw into; without it new ones are made."""
    for name in ("source", "value", "error", x):
        if name not in table:
            raise Invalid(f"the table has no column {name!r}")
    table = {name: np.asarray(column) for name, column in table.items()}
    count = len(table["value"])
    kept = np.isfinite(table["value"].astype(float)) & np.isin(table["source"], ("theory", "simulation"))
    if not kept.any():
        raise Invalid(f"none of the {count} rows has a value of theory or simulation")
    table = type("Rows", (dict,), {"__len__": lambda self: int(kept.sum())})(
        {name: column[kept] for name, column in table.items()})
    ax = _axes(ax)
    for label, is_theory, rows in _series(table, x):
        if is_theory:
            ax.plot(table[x][rows], table["value"][rows], label=label)
        else:
            ax.errorbar(table[x][rows], table["value"][rows], 2.0 * table["error"][rows], fmt="o", label=label)
    ax.set_xlabel(x)
    ax.legend()
    return ax
