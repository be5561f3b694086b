#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""table.py - what plim costs, in one table: `make bench` runs it in the build folder.

usage: table.py [--csv FILE] [--page FILE] [--quick]

Seconds are processor time (user and system) of all threads of a process, the median of its repetitions, with their range:
on a machine with other work wall clock says little. One replica is risk0 and risk1 at 20 penalties, n = d = N, tanh and
tanh. NumPy does the same on one thread with a test set of 2 n points in place of the exact expectation; the products are
the dgemm and dsyrk calls that a replica is made of, each as one call on the whole matrix. --page renews the table
of doc/performance.md.
"""
import argparse
import csv
import math
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys

PENALTIES = 20


def numpy_replica(how, n):
    """One replica the way one would write it: eigh once a side, or a solve for each penalty."""
    import numpy as np
    random = np.random.default_rng(1)
    beta = random.standard_normal(n)
    beta /= np.linalg.norm(beta)
    w0 = random.standard_normal((n, n)) / math.sqrt(n)
    a = random.standard_normal(n) / math.sqrt(n)

    def draw(count):
        x = random.standard_normal((count, n))
        return x, np.tanh(x @ beta)

    x, y = draw(n)
    y = y + 0.1 * random.standard_normal(n)
    z = np.tanh(x @ w0)
    residual = y - z @ a / math.sqrt(n)
    w1 = w0 + x.T @ (np.outer(residual, a) * (1.0 - z * z)) / n
    x, y = draw(n)
    y = y + 0.1 * random.standard_normal(n)
    test, target = draw(2 * n)
    for w in (w0, w1):
        phi, phi_test = np.tanh(x @ w) / math.sqrt(n), np.tanh(test @ w) / math.sqrt(n)
        gram, right = phi.T @ phi, phi.T @ y
        shifts = [10.0 ** (-4.0 + 5.0 * i / (PENALTIES - 1)) for i in range(PENALTIES)]
        if how == "eigh":
            values, vectors = np.linalg.eigh(gram)
            part = vectors.T @ right
            solutions = vectors @ np.stack([part / (values + shift) for shift in shifts], axis=1)
        else:
            solutions = np.stack([np.linalg.solve(gram + shift * np.eye(n), right) for shift in shifts], axis=1)
        assert np.isfinite(np.mean((phi_test @ solutions - target[:, None]) ** 2, axis=0)).all()


def python_with_numpy():
    """An interpreter that has NumPy: this one, python3 of the path, the system's; or None."""
    for candidate in (sys.executable, "python3", "/usr/bin/python3"):
        if subprocess.run([candidate, "-c", "import numpy"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return candidate
    return None


def spent(command, repeats, **environment):
    """Processor seconds of a command, sorted; its last output."""
    seconds = []
    for _ in range(repeats):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return sorted(seconds), done.stdout.decode()


class Table:
    """Rows: what, setting, seconds, least, most, ratio, of what the ratio is."""

    def __init__(self):
        self.rows = []

    def add(self, what, setting, seconds, ratio=None, of=""):
        middle = statistics.median(seconds)
        self.rows.append((what, setting, middle, seconds[0], seconds[-1], ratio, of))
        print(f"{what:34} {setting:38} {middle:9.3f} s  ({seconds[0]:.3f} to {seconds[-1]:.3f})"
              + ("" if ratio is None else f"  {ratio:6.2f} {of}"), flush=True)
        return middle

    def note(self, what, setting, number, of):
        self.rows.append((what, setting, None, None, None, number, of))
        print(f"{what:34} {setting:38} {'':32}{number:8.2g} {of}", flush=True)


def replica(dimension, repeats, threads=1, precision="double"):
    """bench/replica prints wall and processor seconds of each repetition."""
    _, text = spent(["bench/replica", str(dimension), str(threads), str(repeats), "0", precision], 1)
    return sorted(float(line.split()[4]) for line in text.splitlines() if line.startswith("wall"))


def products(dimension, repeats):
    """Seconds of the products of one replica, and its stages, from bench/phases."""
    _, text = spent(["bench/phases", str(dimension), str(repeats)], 1)
    lines = text.splitlines()
    words = lines[-1].replace(",", "").split()
    stages = [(line[:34].strip(), float(line[34:].split()[0])) for line in lines[:-2]]
    return 4.0 * float(words[2]) + 4.0 * float(words[6]), stages


def measure(table, quick):
    large, repeats = (500, 2) if quick else (2000, 3)
    replica_setting = f"n = d = N = {large}, 20 penalties"
    own = table.add("plim, one replica", replica_setting, replica(large, repeats))
    bound, stages = products(large, repeats)
    table.add("its products, whole", "4 dgemm, 4 dsyrk", [bound], own / bound, "times the products: plim")
    for name, seconds in stages:
        table.add("  of it", name, [seconds], seconds / own, "of plim's")
    single = replica(large, repeats, precision="single")
    table.add("plim, --precision single", replica_setting, single, own / statistics.median(single),
              "times as fast as double")
    python = python_with_numpy()
    if python is None:
        print("NumPy: not measured, no python3 has it")
    for how, name in () if python is None else (("eigh", "NumPy, one eigh a side"), ("solve", "NumPy, a solve a penalty")):
        seconds, _ = spent([python, __file__, "--numpy", how, str(large)], 1 if how == "solve" else 2,
                           OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
        table.add(name, replica_setting + f", {2 * large} test points", seconds, statistics.median(seconds) / own,
                  "times plim's")

    sizes = [125, 250, 500] if quick else [250, 500, 1000]
    points = [(large, own)] + [(size, table.add("one replica", f"n = d = N = {size}", replica(size, 5)))
                               for size in sizes]
    x, y = [math.log(p[0]) for p in points], [math.log(p[1]) for p in points]
    slope = (statistics.fmean(a * b for a, b in zip(x, y)) - statistics.fmean(x) * statistics.fmean(y)) / \
        statistics.pvariance(x)
    table.note("one replica", f"d = {min(p[0] for p in points)} to {large}", slope, "fitted exponent of d")

    middle = sizes[-1]
    base = ["./plim", "simulate", "-q", "risk0,risk1", "--psi1", "1", "--psi2", "1", "--format", "csv", "--d", str(middle)]
    one, _ = spent(base + ["--threads", "1", "--replicas", "1", "--lambda", "0.1"], 3)
    first = table.add("plim simulate, penalties", f"d = {middle}, 1", one)
    for count in (20, 100):
        seconds, _ = spent(base + ["--threads", "1", "--replicas", "1", "--lambda", f"1e-4:10:{count}:log"], 3)
        table.add("plim simulate, penalties", f"d = {middle}, {count}", seconds, statistics.median(seconds) / first,
                  "times one penalty")
    for replicas in (2, 4):
        seconds, _ = spent(base + ["--threads", "1", "--replicas", str(replicas), "--lambda", "0.1"], 2)
        table.add("plim simulate, replicas", f"d = {middle}, {replicas}", seconds,
                  statistics.median(seconds) / first / replicas, "times one replica, each")
    for threads in (2, 4):
        seconds, _ = spent(base + ["--threads", str(threads), "--replicas", "4", "--lambda", "0.1"], 2)
        table.add("plim simulate, threads", f"d = {middle}, 4 replicas on {threads}", seconds,
                  statistics.median(seconds) / first / 4, "times one thread's processor time")
    ranks(table, base, first)
    limits(table, quick)
    precision(table, quick)


def ranks(table, base, first):
    """Processor time on two ranks, where plim was built for them."""
    with open("config.h", encoding="utf-8") as config:
        has_mpi = "#define HAVE_MPI 1" in config.read()
    if not has_mpi or shutil.which("mpirun") is None:
        print("ranks: not measured (configure --with-mpi)")
        return
    command = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "2"] + base
    seconds, _ = spent(command + ["--threads", "1", "--replicas", "4", "--lambda", "0.1"], 1)
    table.add("plim simulate, ranks", "4 replicas on 2", seconds, statistics.median(seconds) / first / 4,
              "times one rank's processor time")


def limits(table, quick):
    """Limits: small steps by the million, any step by the ten thousand."""
    side = 100 if quick else 1000
    command = ["./plim", "theory", "-q", "delta", "--psi1", f"1.1:3.7:{side}", "--lambda", f"0.01:2.385:{side}",
               "--format", "csv"]
    seconds, _ = spent(command, 1)
    table.add("small steps, delta", f"{side * side} points", seconds, 1e6 * statistics.median(seconds) / side ** 2,
              "microseconds a point")
    count = 10 if quick else 30
    command = ["./plim", "theory", "-q", "risk", "--eta-exponent", "0.5", "--activation", "erf", "--teacher", "erf",
               "--psi1", f"1.1:3.7:{count}", "--lambda", f"0.01:2.385:{count}", "--d", "400", "--format", "csv"]
    seconds, _ = spent(command, 1)
    table.add("any step, risk", f"{count * count} points", seconds, 1e3 * statistics.median(seconds) / count ** 2,
              "milliseconds a point, seconds a thousand")


def precision(table, quick):
    """How far single precision is from double, as simulate says it."""
    quantities = ("risk0,risk1,delta,train0,train1,gcv,kappa,df2,theta1,theta2,grad_op,grad_fro2,grad_rank_one,w1_top,"
                  "w1_left_beta,step_op,ck_top,ck_left_xbeta,srf_risk,student_risk,stair1,stair_angle,any_m,any_tau")
    size = 100 if quick else 400
    command = ["./plim", "simulate", "-q", quantities, "--d", str(size), "--lambda", "1e-4,0.0371,2.385", "--replicas",
               "20", "--precision", "single", "--format", "csv"]
    said = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True).stderr.decode()
    for error, name, share in re.findall(r"([0-9.e+-]+) in (\w+) \(([0-9.e+-]+) of its standard error", said):
        table.note("single precision, off double", f"{name}, d = {size}, 20 replicas", float(share),
                   f"of the standard error; {error}")


def write_page(table, name):
    """Between the two markers of the page; what stands around them stays."""
    with open(name, encoding="utf-8") as page:
        before, rest = page.read().split("<!-- table -->\n")
    after = rest.split("<!-- end of the table -->\n")[1]
    lines = ["| what | setting | s | range | ratio |", "|---|---|---|---|---|"]
    for what, setting, middle, least, most, ratio, of in table.rows:
        seconds = "" if middle is None else f"{middle:.3f}"
        spread = "" if middle is None or least == most else f"{least:.3f} to {most:.3f}"
        lines.append(f"| {what.strip()} | {setting} | {seconds} | {spread} | {'' if ratio is None else f'{ratio:.3g} {of}'} |")
    with open(name, "w", encoding="utf-8") as page:
        page.write(before + "<!-- table -->\n" + "\n".join(lines) + "\n<!-- end of the table -->\n" + after)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", default="bench/table.csv")
    parser.add_argument("--page")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--numpy", nargs=2)
    given = parser.parse_args()
    if given.numpy:
        numpy_replica(given.numpy[0], int(given.numpy[1]))
        return
    table = Table()
    measure(table, given.quick)
    with open(given.csv, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["what", "setting", "seconds", "least", "most", "ratio", "of"])
        writer.writerows(table.rows)
    if given.page:
        write_page(table, given.page)


if __name__ == "__main__":
    main()
