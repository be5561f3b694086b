# SPDX-License-Identifier: GPL-3.0-or-later
"""plim.read_csv and plim.plot.overlay."""

import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import plim

PROGRAM = os.path.join(os.environ["builddir"], "plim")


class Tables(unittest.TestCase):
    """plim.read_csv"""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "table.csv")

    def write(self, text):
        with open(self.path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return self.path

    def read(self, text, **settings):
        return plim.read_csv(self.write(text), **settings)

    def test_what_plim_writes(self):
        subprocess.run([PROGRAM, "compare", "-q", "risk1", "--d", "20,40,80", "--replicas", "40", "--teacher", "relu",
                        "--margin", "0.2", "-o", self.path], check=False, capture_output=True)
        table = plim.read_csv(self.path)
        self.assertEqual(table.provenance["command"], "compare")
        measured = table.where(quantity="risk1", source="simulation")
        self.assertEqual(measured["d"].tolist(), [20, 40, 80])
        limit = table.where(source="theory", d=80)["value"][0]
        self.assertEqual(limit, plim.limit("risk1", teacher="relu").value)
        again = plim.judge(measured["d"], measured["value"], limit, error=measured["error"],
                           replicas=measured["replicas"], margin=0.2, rate=plim.drift_rate("risk1"))
        told = table.where(source="extrapolation")
        self.assertEqual(again.verdict, told["verdict"][0])
        self.assertAlmostEqual(again.limit, told["value"][0], delta=1e-12)
        self.assertAlmostEqual(again.p_agree, told["p_agree"][0], delta=1e-9)

    def test_others(self):
        text = '\ufeff# made by hand\r\n"größe d",value,note\r\n20,1.5,"a, b"\r\n# more\r\n40,,"two\nlines"\r\n\r\n'
        table = self.read(text)
        self.assertEqual(list(table), ["größe d", "value", "note"])
        self.assertEqual(table["größe d"].tolist(), [20, 40])
        self.assertTrue(table["value"][0] == 1.5 and np.isnan(table["value"][1]))
        self.assertEqual(table["note"].tolist(), ["a, b", "two\nlines"])
        self.assertEqual(len(table), 2)
        self.assertIsNone(table.provenance)
        self.assertEqual(self.read("d\tvalue\n20\t1\n", delimiter="\t")["value"].tolist(), [1])
        self.assertEqual(len(self.read("d,value\n")), 0)

    def test_refusals(self):
        for text, said in (("", "no header"), ("# only\n", "no header"), ("d,value\n1,2\n1,2,3\n", "line 3: 3 cells"),
                           ("d,d\n1,2\n", "line 1: the column 'd' stands there twice"), ('d\n"a"b\n', "line 2"),
                           (b"d\n\xff\n", "not UTF-8")):
            with self.assertRaises(plim.Invalid, msg=text) as caught:
                self.read(text)
            self.assertIn(said, str(caught.exception))
            self.assertIn(self.path, str(caught.exception))
        with self.assertRaisesRegex(plim.Invalid, "no column 'q'; there are d"):
            self.read("d\n1\n").where(q=1)
        with self.assertRaises(FileNotFoundError):
            plim.read_csv(self.path + ".none")


class Axes:
    """What overlay asks of matplotlib's axes."""

    def __init__(self):
        self.lines, self.points, self.xlabel, self.has_legend = [], [], None, False

    def plot(self, x, y, label):
        self.lines.append((list(x), list(y), label))

    def errorbar(self, x, y, bar, fmt, label):
        self.points.append((list(x), list(y), list(bar), label))

    def set_xlabel(self, text):
        self.xlabel = text

    def legend(self):
        self.has_legend = True


class Pictures(unittest.TestCase):
    """plim.plot.overlay"""

    table = {"quantity": ["risk0", "risk1", "risk0", "risk1"] * 2, "source": ["theory"] * 4 + ["simulation"] * 4,
             "value": [3.0, 4.0, 1.0, 2.0, 3.1, 4.1, 1.1, 2.1], "error": [1e-15] * 4 + [0.1] * 4,
             "psi1": [2.0, 2.0, 1.0, 1.0] * 2, "d": [""] * 4 + ["50"] * 4}

    def test_lines_and_points(self):
        axes = plim.plot.overlay(self.table, ax=Axes())
        self.assertEqual(axes.lines, [([1.0, 2.0], [1.0, 3.0], "theory, risk0"),
                                      ([1.0, 2.0], [2.0, 4.0], "theory, risk1")])
        self.assertEqual([p[:2] for p in axes.points], [([1.0, 2.0], [1.1, 3.1]), ([1.0, 2.0], [2.1, 4.1])])
        self.assertTrue(np.allclose(axes.points[0][2], 0.2))
        self.assertEqual((axes.xlabel, axes.has_legend), ("psi1", True))
        with self.assertRaisesRegex(plim.Invalid, "no column 'eta'"):
            plim.plot.overlay(self.table, "eta", ax=Axes())
        with self.assertRaisesRegex(plim.Invalid, "none of the 8 rows"):
            plim.plot.overlay({**self.table, "source": ["other"] * 8}, ax=Axes())

    def test_without_matplotlib(self):
        code = "import sys; sys.modules['matplotlib'] = None\nimport plim\n" \
            "try:\n  plim.plot.overlay(dict(source=['theory'], value=[1.0], error=[0.0], psi1=[1.0]))\n" \
            "except plim.Error as trouble:\n  print(trouble)\n"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        self.assertIn("a picture takes matplotlib, which is not installed", said)

    def test_with_matplotlib(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not installed")
        matplotlib.use("Agg")
        self.assertEqual(len(plim.plot.overlay(self.table).lines), 2 + 2)


if __name__ == "__main__":
    unittest.main()
