# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables: plim's CSV, and anybody's."""

import csv
import json
import os

import numpy as np

from .errors import Invalid


class Table(dict):
    """Columns by name, arrays of one length: float64 where every cell is a number or empty (NaN), else text.

    ``provenance`` is what FILE.provenance.json says beside a file of plim's, or None."""

    provenance = None

    def __len__(self):
        return len(next(iter(self.values()))) if dict.__len__(self) else 0

    def __bool__(self):
        return dict.__len__(self) > 0

    def where(self, **cells):
        """The rows in which these columns have these values: table.where(quantity="risk1", source="theory")."""
        chosen = np.ones(len(self), dtype=bool)
        for name, value in cells.items():
            name = "lambda" if name == "lambda_" and name not in self else name
            if name not in self:
                raise Invalid(f"there is no column {name!r}; there are {', '.join(self)}")
            chosen &= self[name] == value
        made = Table({name: column[chosen] for name, column in self.items()})
        made.provenance = self.provenance
        return made


def _column(cells):
    try:
        return np.array([float(cell) if cell else np.nan for cell in cells])
    except ValueError:
        return np.array(cells)


def _rows(lines, path, delimiter):
    """Header and rows, each with its line number; comments and empty lines are passed over."""
    kept = []

    def feed():
        for number, line in enumerate(lines, 1):
            if line.startswith("#") or (not kept and not line.strip()):
                continue
            kept.append(number)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if row:
                yield kept[-1], row
    except csv.Error as trouble:
        raise Invalid(f"{path}, line {kept[-1] if kept else 1}: {trouble}") from None


def _provenance(path):
    beside = f"{path}.provenance.json"
    if not os.path.exists(beside):
        return None
    with open(beside, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError as trouble:
            raise Invalid(f"{beside}: {trouble}") from None


def read_csv(path, delimiter=","):
    """The columns of a CSV file: a Table. Byte order mark, CRLF, quoted cells and lines that begin with # (before a
    quoted cell spans lines) are accepted; delimiter="\\t" reads tab-separated ones.

    A file that ``plim ... -o`` wrote has its columns (quantity, source, value, error, ...) and brings its provenance.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(_rows(file, path, delimiter))
        except UnicodeDecodeError as trouble:
            raise Invalid(f"{path}: it is not UTF-8 text: {trouble}") from None
    if not rows:
        raise Invalid(f"{path}: it has no header")
    header = [name.strip() for name in rows[0][1]]
    if len(set(header)) != len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise Invalid(f"{path}, line {rows[0][0]}: the column {twice!r} stands there twice")
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise Invalid(f"{path}, line {line}: {len(row)} cells, and the header has {len(header)}")
    cells = [row for _, row in rows[1:]]
    table = Table({name: _column([row[i] for row in cells]) for i, name in enumerate(header)})
    table.provenance = _provenance(path)
    return table
