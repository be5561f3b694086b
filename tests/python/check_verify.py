# SPDX-License-Identifier: GPL-3.0-or-later
"""plim.verify: the design and the verdicts of plim compare on the same draws; right and wrong theorems; wrong input."""

import csv
import ctypes
import multiprocessing
import os
import subprocess
import unittest

import numpy as np

import plim
from plim import _library

PROGRAM = os.path.join(os.environ["builddir"], "plim")


def noisy_mean(d, rng, truth=2.385, drift=1.7):
    """A theorem with a known limit."""
    return truth + drift / d + 0.3 * rng.standard_normal()


def two_means(d, rng, truth):
    """Two of them."""
    draws = rng.standard_normal(2)
    return {"low": truth - 1.3 / d + 0.2 * draws[0], "high": 2 * truth + 0.2 * draws[1]}


class BesideCompare(unittest.TestCase):
    """What plim.verify does in Python and plim compare in C comes to the same."""

    def compare(self, *arguments):
        done = subprocess.run([PROGRAM, "compare", "-q", "risk1", "--psi1", "2", "--psi2", "1.5", "--teacher", "relu",
                               "--d", "20,40,80,160", "--format", "csv", "--seed", "20270211", *arguments],
                              check=False, capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        return list(csv.DictReader(done.stdout.splitlines()))

    def test_same_design_and_verdict(self):
        rows = self.compare("--margin", "0.14")
        drawn = {int(row["d"]): int(row["replicas"]) for row in rows if row["source"] == "simulation"}
        limit = next(row for row in rows if row["source"] == "extrapolation")
        samples = {d: iter(plim.simulate("risk1", d, count, seed=20270211, teacher="relu"))
                   for d, count in drawn.items()}  # verify draws a size in the order of its replicas
        seconds = _library.library.plim_replica_seconds
        seconds.restype, seconds.argtypes = ctypes.c_double, (ctypes.POINTER(_library.Size),)
        cost = [seconds(ctypes.byref(_library.Size(n=2 * d, d=d, width=3 * d // 2))) for d in drawn]
        found = plim.verify(lambda: plim.limit("risk1", teacher="relu"),
                            lambda d, rng: next(samples[d]), list(drawn), rate=plim.drift_rate("risk1"), margin=0.14,
                            cost=cost)[0]
        self.assertEqual(found.replicas.tolist(), list(drawn.values()))
        self.assertGreater(min(drawn.values()), 25)
        self.assertEqual(found.verdict, limit["verdict"])
        for name, column in (("limit", "value"), ("limit_error", "error"), ("p_agree", "p_agree"),
                             ("p_disagree", "p_disagree"), ("fit_p", "fit_p"), ("agree_margin", "agree_margin")):
            self.assertAlmostEqual(getattr(found, name) / float(limit[column]), 1, delta=1e-9, msg=name)


class Theorems(unittest.TestCase):
    """Of one's own."""

    sizes = (20, 40, 80)

    def test_right_and_wrong(self):
        right = plim.verify(lambda: 2.385, noisy_mean, self.sizes)
        wrong = plim.verify(lambda: (2.0, 1e-9), noisy_mean, self.sizes)
        self.assertEqual((right.verdict, wrong.verdict), ("AGREE", "DISAGREE"))
        self.assertEqual(wrong[0].numerical_error, 1e-9)
        self.assertGreaterEqual(right[0].looks, 2)
        bound = plim.verify(lambda: 2.2, noisy_mean, self.sizes, relation=">=")
        self.assertEqual(bound.verdict, "AGREE")
        self.assertEqual(plim.verify(lambda: 2.6, noisy_mean, self.sizes, relation=">=").verdict, "DISAGREE")

    def test_fixed_design_is_judge(self):
        found = plim.verify(lambda: 2.385, noisy_mean, self.sizes, replicas=31, seed=5)[0]
        values = [[noisy_mean(d, plim.generator(5, d, k)) for k in range(31)] for d in self.sizes]
        judged = plim.judge(self.sizes, values, 2.385)
        self.assertEqual((found.limit, found.p_agree, found.verdict), (judged.limit, judged.p_agree, judged.verdict))
        self.assertEqual(found.looks, 1)

    def test_family_of_points_and_quantities(self):
        found = plim.verify(lambda truth: {"low": truth, "high": 2.2 * truth}, two_means, self.sizes,
                            parameters=[{"truth": 2.385}, {"truth": 3.21}])
        self.assertEqual([member.name for member in found],
                         ["low truth=2.385", "high truth=2.385", "low truth=3.21", "high truth=3.21"])
        self.assertEqual([member.verdict for member in found], ["AGREE", "DISAGREE"] * 2)
        self.assertEqual(found.verdict, "DISAGREE")
        self.assertEqual(found["low truth=3.21"].parameters, {"truth": 3.21})

    def test_a_family_is_judged_more_strictly(self):
        alone = plim.verify(lambda: 2.385, noisy_mean, self.sizes, replicas=80)[0]
        just = {"margin": 0, "absolute_margin": 1.02 * alone.agree_margin, "replicas": 80}
        self.assertEqual(plim.verify(lambda: 2.385, noisy_mean, self.sizes, **just).verdict, "AGREE")
        both = plim.verify(lambda: {"a": 2.385, "b": 2.385},
                           lambda d, rng: dict.fromkeys("ab", noisy_mean(d, rng)), self.sizes, **just)
        self.assertEqual([member.verdict for member in both], ["UNDECIDED"] * 2)

    def test_in_parallel(self):
        alone = plim.verify(lambda: 2.385, noisy_mean, self.sizes, replicas=20)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            together = plim.verify(lambda: 2.385, noisy_mean, self.sizes, replicas=20, map=pool.imap)
        self.assertEqual(alone[0].limit, together[0].limit)

    def test_budget(self):
        found = plim.verify(lambda: 2.385, noisy_mean, self.sizes, margin=1e-4, budget=200)
        self.assertEqual(found.verdict, "UNDECIDED")
        self.assertEqual(found[0].replicas.tolist(), [25, 25, 25])

    def test_a_look_keeps_the_p_values_of_those_before(self):
        drawn = {}

        def spreads(d, rng):
            drawn[d] = drawn.get(d, 0) + 1
            return 2.385 + 1.7 / d + (0.3 if drawn[d] <= 25 else 30.0) * rng.standard_normal()

        first = plim.verify(lambda: 2.385, spreads, self.sizes, budget=1)[0]
        just = {"margin": 0, "absolute_margin": 0.9 * first.agree_margin}
        drawn.clear()
        pilot = plim.verify(lambda: 2.385, spreads, self.sizes, **just, budget=1)[0]
        drawn.clear()
        longer = plim.verify(lambda: 2.385, spreads, self.sizes, **just, budget=2000)[0]
        self.assertLess(pilot.p_agree, 0.5)
        self.assertEqual((pilot.verdict, pilot.looks), ("UNDECIDED", 1))
        self.assertGreater(longer.looks, 1)
        self.assertGreater(longer.limit_error, 3 * pilot.limit_error)
        self.assertEqual(longer.p_agree, pilot.p_agree)

    def test_generator(self):
        self.assertEqual(plim.generator(7, 100, 3).random(), plim.generator(7, 100, 3).random())
        firsts = {plim.generator(*key).random() for key in ((7, 100, 3), (7, 100, 4), (7, 101, 3), (8, 100, 3))}
        self.assertEqual(len(firsts), 4)

    def test_refusals(self):
        def predict():
            return 2.385

        for arguments, settings, said in (
                ((predict, noisy_mean, (20, 40)), {}, "at least 3"), ((predict, noisy_mean, (20, 40, 40)), {}, "different"),
                ((predict, noisy_mean, (20, 40, 80.5)), {}, "whole"), ((lambda: "x", noisy_mean, self.sizes), {}, "'x'"),
                ((predict, lambda d, rng: float("nan"), self.sizes), {}, "(d=20, replica 0) returned nan"),
                ((predict, lambda d, rng: "x", self.sizes), {}, "returned 'x'"),
                ((predict, lambda d, rng: {"a": 1}, self.sizes), {}, "returned ['a'], predict ['']"),
                ((lambda: {}, noisy_mean, self.sizes), {}, "empty dict"),
                ((predict, lambda d, rng: 1.0, self.sizes), {}, "all the same"),
                ((predict, noisy_mean, self.sizes), {"replicas": 1}, "replicas"),
                ((predict, noisy_mean, self.sizes), {"relation": "~"}, "relation"),
                ((predict, noisy_mean, self.sizes), {"power": 1}, "power"),
                ((predict, noisy_mean, self.sizes), {"seed": -1}, "seed"),
                ((predict, noisy_mean, self.sizes), {"cost": [1, 2]}, "cost"),
                ((predict, noisy_mean, self.sizes), {"cost": [1, 2, "x"]}, "cost"),
                ((predict, noisy_mean, self.sizes), {"next_ratio": -1}, "next_ratio"),
                ((predict, noisy_mean, self.sizes), {"map": lambda draw, jobs: []}, "fewer results"),
                ((predict, noisy_mean, self.sizes, []), {}, "parameters is empty")):
            with self.assertRaises(plim.Invalid, msg=said) as caught:
                plim.verify(*arguments, **settings)
            self.assertIn(said, str(caught.exception))
        with self.assertRaisesRegex(ZeroDivisionError, "zero"):
            plim.verify(predict, lambda d, rng: 1 / 0, self.sizes)


if __name__ == "__main__":
    unittest.main()
