# SPDX-License-Identifier: GPL-3.0-or-later
"""The same with NumPy: columns as arrays. csv reads, for NumPy's own readers take no quotes: python3 read_numpy.py FILE.csv"""
import csv
import sys

import numpy as np

with open(sys.argv[1], newline="", encoding="utf-8") as file:
    names, *rows = csv.reader(file)
column = dict(zip(names, np.array(rows).T))
measured = (column["source"] == "simulation") & (column["status"] == "ok")
number = {name: np.where(column[name] == "", "nan", column[name])[measured].astype(float) for name in ("psi1", "d", "value", "error")}
for quantity, *numbers in zip(column["quantity"][measured], *number.values()):
    print("{} psi1={:g} d={:g} {:.12g} {:.12g}".format(quantity, *numbers))
