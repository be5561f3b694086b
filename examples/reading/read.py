# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, out of a CSV file of plim: python3 read.py FILE.csv"""
import csv
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        if row["source"] == "simulation" and row["status"] == "ok":
            value, error = float(row["value"]), float(row["error"] or "nan")
            print(f"{row['quantity']} psi1={float(row['psi1']):g} d={row['d']} {value:.12g} {error:.12g}")
