# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits against reference values, samples against the program's, verdicts against a fit by NumPy."""

import csv
import os
import re
import subprocess
import unittest

import numpy as np

import plim
from plim import _layout, _library

DATA = os.path.join(os.environ["srcdir"], "tests", "data")
PROGRAM = os.path.join(os.environ["builddir"], "plim")
REFERENCE = 1e-10  # relative; points.csv comes from another program, at about this accuracy


class Limits(unittest.TestCase):
    """plim.limit"""

    def test_reference_points(self):
        compared = 0
        with open(os.path.join(DATA, "points.csv"), newline="", encoding="utf-8") as file:
            for point in csv.DictReader(file):
                parameters = {key: point[key] for key in ("activation", "teacher")}
                parameters |= {key: float(point[key]) for key in ("psi1", "psi2", "lambda", "eta", "noise")}
                for name in ("risk0", "risk1", "delta", "train0", "theta1", "theta2", "kappa", "linear_ridge"):
                    if point[name] == "":
                        continue
                    found = plim.limit(name, **parameters)
                    self.assertLess(abs(found.value - float(point[name])), REFERENCE * (1 + abs(found.value)),
                                    (name, point))
                    self.assertLess(found.error, REFERENCE)
                    compared += 1
        self.assertGreater(compared, 50)

    def test_broadcasting(self):
        psi1, eta = np.array([0.731, 2.385, 5.19])[:, None], np.array([0.617, 1.83])
        both = plim.limit("risk1", psi1=psi1, eta=eta, psi2=1.617, teacher=[["relu"], ["erf"], ["expr:z*abs(z)"]])
        self.assertEqual(both.value.shape, (3, 2))
        for i, teacher in enumerate(("relu", "erf", "expr:z*abs(z)")):
            for k in range(2):
                one = plim.limit("risk1", psi1=psi1[i, 0], eta=eta[k], psi2=1.617, teacher=teacher)
                self.assertEqual((one.value, one.error), (both.value[i, k], both.error[i, k]))

    def test_refusals(self):
        with self.assertRaises(plim.Error) as caught:
            plim.limit("risk0", lambda_=0, psi1=1.531, psi2=1.531)
        self.assertEqual(caught.exception.status, "diverges")
        mixed = plim.limit("risk0", lambda_=[0, 0.137], psi1=1.531, psi2=1.531)
        self.assertEqual(mixed.status.tolist(), ["diverges", "ok"])
        self.assertTrue(np.isnan(mixed.value[0]) and np.isnan(mixed.error[0]) and mixed.value[1] > 0)
        for parameters, said in (({"psi1": -1.3}, "psi1 = -1.3"), ({"noise": float("nan")}, "noise = nan"),
                                 ({"teacher": "rleu"}, "no activation of that name"), ({"steps": 1.5}, "steps = 1.5"),
                                 ({"activation": "expr:sign(z)"}, "it jumps"), ({"batch": "old"}, "batch = 'old'"),
                                 ({"psi3": 2}, "psi3"), ({"lambda": 1, "lambda_": 2}, "twice"),
                                 ({"psi1": [2, -1]}, "at index (1,)"), ({"psi1": "two"}, "not a number"),
                                 ({"activation": 3}, "no activation"), ({"steps": -1}, "steps = -1")):
            with self.assertRaises(plim.Invalid, msg=parameters) as caught:
                plim.limit("risk1", **parameters)
            self.assertIn(said, str(caught.exception))
        for parameters, said in (({"overlap": 1.2}, "overlap = 1.2"), ({"overlap": 0}, "extra = 0"),
                                 ({"extra": -1}, "extra = -1"), ({"step_psi1": -2}, "step_psi1 = -2"),
                                 ({"ridge_batch": "old"}, "ridge_batch = 'old'"),
                                 ({"overlap": 0.5, "step_psi1": 1}, "step_psi1 = 1"),
                                 ({"eta_second": 1}, "eta_second = 1"),
                                 ({"overlap": 1, "steps": 2, "batch": "fresh"}, "ridge_batch = 1"),
                                 ({"readout": "atoms:2@1"}, "mean of the squares"),
                                 ({"readout": "atoms:1@0.3"}, "sum to 1"), ({"readout": "atoms"}, "atoms")):
            with self.assertRaises(plim.Invalid, msg=parameters) as caught:
                plim.limit("grad_op", **parameters)
            self.assertIn(said, str(caught.exception))
        with self.assertRaisesRegex(plim.Invalid, "no quantity 'rsk'"):
            plim.limit("rsk")
        with self.assertRaisesRegex(plim.Invalid, "tolerance = 5"):
            plim.limit("risk", tolerance=5)
        with self.assertRaises(plim.Error) as caught:
            plim.limit("risk1", eta_exponent=0.25)
        self.assertEqual(caught.exception.status, "outside_domain")
        self.assertIn("does not cover this problem, so it has no value (", str(caught.exception))


    def test_batches_of_their_own(self):
        def value(quantity, **parameters):
            return plim.limit(quantity, **parameters).value

        whole = value("grad_op", psi1=0.617)
        self.assertEqual(value("grad_op", psi1=4.31, step_psi1=0.617), whole)
        self.assertAlmostEqual(value("grad_op", psi1=4.31, overlap=0.1, extra=0.186), whole, places=14)
        self.assertNotEqual(value("risk1", step_psi1=0.617), value("risk1"))
        self.assertEqual(value("risk1", readout="atoms:1@0.5,-1@0.5"), value("risk1", readout="rademacher"))


class Samples(unittest.TestCase):
    """plim.simulate"""

    def test_batches_of_their_own(self):
        asked = {"d": 20, "replicas": 3, "psi1": 2.4}
        fresh, same = (plim.simulate(["risk0", "grad_op"], **asked, **more) for more in ({}, {"ridge_batch": "same"}))
        part = plim.simulate(["risk0", "grad_op"], **asked, overlap=0.5, extra=1.2)
        named, atoms = (plim.simulate(["grad_op"], **asked, readout=readout) for readout in ("constant", "atoms:1@1"))
        self.assertTrue(np.array_equal(fresh["grad_op"], same["grad_op"]))
        self.assertTrue(np.array_equal(fresh["grad_op"], part["grad_op"]))
        self.assertFalse(np.any(fresh["risk0"] == same["risk0"]))
        self.assertTrue(np.array_equal(named["grad_op"], atoms["grad_op"]))

    def test_inputs_of_other_laws(self):
        asked = {"d": 12, "replicas": 3, "psi1": 1.7, "test_points": 60}
        rows = np.sin(np.arange(200.0 * 12) ** 1.5).reshape(200, 12)
        plain, none, signs, table, scaled, short = (
            plim.simulate(["risk0"], **asked, **more)["risk0"]
            for more in ({}, {"inputs": "gaussian"}, {"inputs": "rademacher"}, {"inputs": rows}, {"inputs": 3 * rows + 5},
                         {"inputs": rows[:150]}))
        self.assertTrue(np.array_equal(plain, plim.simulate(["risk0"], **asked)["risk0"]))
        self.assertTrue(np.array_equal(plain, none))
        self.assertTrue(np.allclose(table, scaled, rtol=1e-9, atol=0))
        for other in (signs, table, short):
            self.assertFalse(np.any(plain == other))
        for inputs, said in (("student:4", "student:DF wants more"), ([1.0, 2.0], "two dimensions"),
                             ([[1.0, 2.0], [3.0, 2.0]], "column 1 is constant"), (rows[:60], "not acceptable")):
            with self.assertRaises(plim.Invalid, msg=said) as caught:
                plim.simulate(["risk0"], **asked, inputs=inputs)
            self.assertIn(said, str(caught.exception))

    def test_same_bits_as_the_program(self):
        out = subprocess.run([PROGRAM, "simulate", "-q", "risk0,risk1", "--d", "20,40", "--lambda", "0.137,1.5",
                              "--replicas", "7", "--seed", "20270207", "--teacher", "relu", "--psi1", "2.385",
                              "--format", "csv"], check=True, capture_output=True, text=True).stdout
        rows = {(r["quantity"], int(r["d"]), float(r["lambda"])): r for r in csv.DictReader(out.splitlines())}
        self.assertEqual(len(rows), 8)
        drawn = plim.simulate(["risk0", "risk1"], [20, 40], 7, seed=20270207, threads=2, teacher="relu", psi1=2.385,
                              lambda_=[0.137, 1.5])
        for (name, d, penalty), row in rows.items():
            samples = drawn[name][[20, 40].index(d), [0.137, 1.5].index(penalty)]
            self.assertEqual(samples.shape, (7,))
            # the program's mean is of two passes: its rounding is not NumPy's
            self.assertAlmostEqual(samples.mean(), float(row["value"]), delta=1e-15)
            self.assertAlmostEqual(samples.std(ddof=1), float(row["std"]), delta=1e-15)

    def test_shapes_and_threads(self):
        alone = plim.simulate("risk1", 23, 4, seed=3, threads=1)
        self.assertEqual(alone.shape, (4,))
        more = plim.simulate("risk1", 23, 6, seed=3, threads=2)
        self.assertTrue((more[:4] == alone).all())
        self.assertFalse((plim.simulate("risk1", 23, 4, seed=4) == alone).any())
        self.assertEqual(plim.simulate("risk1", [23], 4, lambda_=[0.1, 0.2, 0.3]).shape, (1, 3, 4))

    def test_refusals(self):
        for arguments, said in (((["risk1"], 0, 3), "d = 0"), (("risk1", 2.5, 3), "d = 2.5"), (("risk1", 20, 0),
                                "replicas = 0"), (([], 20, 3), "no quantity"), (("rsk", 20, 3), "'rsk'")):
            with self.assertRaisesRegex(plim.Invalid, said):
                plim.simulate(*arguments)
        for settings, said in (({"seed": -1}, "seed = -1"), ({"features": "none"}, "features"), ({"psi1": 0}, "psi1"),
                               ({"seed": 2 ** 64}, "seed"), ({"lambda_": []}, "lambda is empty"),
                               ({"d": 3, "psi1": 2, "n_over_d": 2}, "psi1 is given twice")):
            with self.assertRaisesRegex(plim.Invalid, said):
                plim.simulate("risk1", *(() if "d" in settings else (20,)), replicas=3, **settings)
        with self.assertRaisesRegex(plim.Invalid, "no experiment that measures it"):
            plim.simulate("lower_bound", 20, 3)
        with self.assertRaisesRegex(plim.Error, "risk1 at d = 100000000: ") as caught:
            plim.simulate("risk1", 10 ** 8, 3)
        self.assertEqual(caught.exception.status, "no_memory")


class Verdicts(unittest.TestCase):
    """plim.judge"""

    d = np.array([50.0, 100.0, 200.0, 400.0])

    def draws(self, truth=2.385, drift=1.7):
        rng = np.random.default_rng(20270203)
        return truth + drift / self.d[:, None] + 0.02 * rng.standard_normal((4, 60))

    def test_fit_is_least_squares(self):
        values = self.draws()
        found = plim.judge(self.d, values, 2.385, next_ratio=0)
        weight = 1 / (values.std(axis=1, ddof=1) / np.sqrt(60))
        design = np.stack([np.ones(4), 1 / self.d], axis=1)
        solution = np.linalg.lstsq(design * weight[:, None], values.mean(axis=1) * weight, rcond=None)[0]
        self.assertAlmostEqual(found.limit, solution[0], delta=1e-12)
        self.assertAlmostEqual(found.drift, solution[1], delta=1e-9)
        self.assertEqual(found.rungs, 4)
        self.assertAlmostEqual(found.difference, found.limit - 2.385, delta=1e-15)
        self.assertAlmostEqual(found.margin, 0.05 * 2.385, delta=1e-15)
        self.assertTrue((found.mean - values.mean(axis=1) < 1e-15).all())

    def test_verdicts(self):
        values = self.draws()
        self.assertEqual(plim.judge(self.d, values, 2.385).verdict, "AGREE")
        self.assertEqual(plim.judge(self.d, values, 2.0).verdict, "DISAGREE")
        self.assertEqual(plim.judge(self.d, values, 2.385, margin=1e-5).verdict, "UNDECIDED")
        self.assertEqual(plim.judge(self.d, values, 2.3, relation=">=").verdict, "AGREE")
        self.assertEqual(plim.judge(self.d, values, 2.0, relation="<=").verdict, "DISAGREE")
        self.assertEqual(plim.judge(self.d, values, 2.385, 0.2).verdict, "UNDECIDED")
        self.assertEqual(plim.judge(self.d, values, plim.Value(2.385, 1e-9), rate=(0.5, 1)).terms, 2)

    def test_three_ways_to_give_the_ladder(self):
        values = self.draws()
        rows = plim.judge(self.d, values, 2.385)
        long = plim.judge(np.repeat(self.d, 60), values.ravel(), 2.385)
        means = plim.judge(self.d, rows.mean, 2.385, error=rows.error, replicas=60)
        for other in (long, means):
            self.assertEqual((other.limit, other.limit_error, other.p_agree),
                             (rows.limit, rows.limit_error, rows.p_agree))

    def test_family(self):
        values = self.draws()
        margin = 1.02 * plim.judge(self.d, values, 2.385).agree_margin
        close = plim.judge(self.d, values, 2.385, margin=0, absolute_margin=margin, name="close")
        self.assertTrue(0.025 < close.p_agree < 0.05)
        self.assertEqual(close.verdict, "AGREE")
        together = plim.family([close, close])
        self.assertEqual([member.verdict for member in together], ["UNDECIDED"] * 2)
        self.assertIn("<td>close</td>", together._repr_html_())
        self.assertIs(together["close"], together[0])
        self.assertEqual(plim.family([close, plim.judge(self.d, values, 2.0)]).verdict, "DISAGREE")
        with self.assertRaises(plim.Invalid):
            plim.family([])

    def test_html(self):
        shown = plim.judge(self.d, self.draws(), 2.385, name="<b>&")._repr_html_()
        self.assertIn("&lt;b&gt;&amp;", shown)
        self.assertIn("AGREE", shown)

    def test_refusals(self):
        values, broken = self.draws(), self.draws()
        broken[2, 5] = np.inf
        for arguments, said in (((self.d, broken, 2.385), "values at d = 200: number 5"),
                                ((self.d[:2], values[:2], 2.385), "at least 3 sizes"),
                                ((self.d, values[:, :1], 2.385), "1 replicas"),
                                ((self.d, np.ones((4, 5)), 2.385), "all the same"),
                                (([1, 2, 2, 3], values, 2.385), "twice"), (([0, 1, 2, 3], values, 2.385), "d = 0"),
                                ((self.d, values, float("nan")), "predicted = nan"), ((self.d, values, "x"), "'x'"),
                                ((self.d, values, 2.0, -1), "error -1"), ((self.d, values[:3], 2.0), "3 values"),
                                ((self.d, values, 0.0), "margin 0.05")):
            with self.assertRaises(plim.Invalid) as caught:
                plim.judge(*arguments)
            self.assertIn(said, str(caught.exception))
        for settings, said in (({"relation": "~"}, "relation"), ({"level": 0.7}, "level 0.7"), ({"margin": -1}, "margin"),
                               ({"rate": 0}, "rate 0"), ({"rate": (1, 1)}, "rate"), ({"next_ratio": -1}, "next_ratio"),
                               ({"replicas": 5}, "replicas"), ({"error": 1}, "replicas"),
                               ({"error": 1, "replicas": 1}, "at least")):
            with self.assertRaises(plim.Invalid, msg=settings) as caught:
                plim.judge(self.d, values if "error" not in settings else values[:, 0], 2.385, **settings)
            self.assertIn(said, str(caught.exception))


class Layout(unittest.TestCase):
    """The library's table against the package's."""

    def test_another_library_is_refused(self):
        moved = list(_layout.STRUCTURES)
        at = next(i for i, row in enumerate(moved) if row[:2] == ("plim_problem", "noise"))
        moved[at] = (*moved[at][:3], moved[at][3] + 8, moved[at][4])
        with self.assertRaisesRegex(ImportError, "plim_problem.noise lies elsewhere"):
            _library.check_layout(tuple(moved), _library.version)
        with self.assertRaisesRegex(ImportError, "plim 9.9"):
            _library.check_layout(_layout.STRUCTURES, "9.9")
        longer = (*_layout.STRUCTURES, ("plim_other", "", "structure", 0, 8))
        with self.assertRaisesRegex(ImportError, "plim_other"):
            _library.check_layout(longer, _library.version)

    def test_the_structure_written_in_julia(self):
        with open(os.path.join(os.environ["srcdir"], "examples", "limit.jl"), encoding="utf-8") as file:
            written = re.search(r"mutable struct Problem.*?\n(.*?)\nend", file.read(), re.S).group(1)
        types = {"Cdouble": ("double", 8), "Csize_t": ("integer", 8), "Cuint": ("integer", 4), "Ptr{Cvoid}": ("pointer", 8)}
        members = [(name, *types[kind]) for name, kind in re.findall(r"(\w+)::(\S+)", written)]
        self.assertEqual(members, [(row[1], row[2], row[4]) for row in _layout.STRUCTURES
                                   if row[0] == "plim_problem" and row[1]])

    def test_a_file_that_is_no_library(self):
        outcome = subprocess.run([os.sys.executable, "-c", "import plim"], capture_output=True, text=True, check=False,
                                 env={**os.environ, "PLIM_LIBRARY": os.path.join(DATA, "points.csv")})
        self.assertNotEqual(outcome.returncode, 0)
        self.assertIn("ImportError: plim cannot load its library", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
