# SPDX-License-Identifier: GPL-3.0-or-later
"""Python functions as activations; Ctrl-C in long calls."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np

import plim

SOLVER = 1e-12  # of samples of one formula written twice

# A run of half a minute, interrupted after a second; then plim must still work.
INTERRUPTED = """
import signal, sys, time, plim
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests in the background has it ignored
quick = plim.simulate("risk1", 30, 2)
try:
    print("begin", flush=True)
    {call}
except KeyboardInterrupt:
    print("interrupted", (plim.simulate("risk1", 30, 2) == quick).all(), plim.limit("risk1").value > 0)
"""


class Functions(unittest.TestCase):
    """plim.Activation of a function"""

    def test_limits_and_samples(self):
        mine = plim.Activation(lambda z: np.where(z > 0.3719, z - 0.3719, 0.0) + 0.2 * np.tanh(z), name="hinge")
        written = plim.Activation("expr:max(z-0.3719,0)+0.2*tanh(z)")
        self.assertTrue(np.allclose(mine.kinks, [0.3719], rtol=0, atol=1e-10))
        self.assertTrue(mine.name.startswith("function:hinge:"))
        for name in ("risk0", "risk1", "theta1"):
            one, other = (plim.limit(name, activation=a, teacher=a, psi1=2.385) for a in (mine, written))
            self.assertLessEqual(abs(one.value - other.value), one.error + other.error)
            self.assertLess(one.error, 1e-9)
        one, other = (plim.simulate("risk1", 40, 6, activation=a, teacher=a, threads=3) for a in (mine, written))
        self.assertLess(np.abs(one - other).max(), SOLVER)

    def test_another_function_is_another_activation(self):
        def make(shift):
            return lambda z: np.tanh(z - shift)

        first, second = (plim.Activation(make(shift), name="shifted") for shift in (0.3, 0.7))
        self.assertNotEqual(first.name, second.name)
        self.assertNotEqual(plim.limit("risk1", activation=first).value, plim.limit("risk1", activation=second).value)
        both = plim.limit("risk1", activation=[first, second])
        self.assertEqual(both.value[1], plim.limit("risk1", activation=second).value)

    def test_straight_into_limit(self):
        self.assertAlmostEqual(plim.limit("risk1", teacher=np.tanh).value, plim.limit("risk1", teacher="tanh").value,
                               delta=1e-12)

    def test_what_it_raises_arrives(self):
        for wrong, kind, said in ((lambda z: 1 / 0, ZeroDivisionError, "zero"), (np.sign, plim.Invalid, "it jumps"),
                                  (np.log, plim.Invalid, "not finite"), (lambda z: z[:1], plim.Invalid, "shape"),
                                  (lambda z: z * 1j, plim.Invalid, "complex"),
                                  (lambda z: np.random.default_rng().random(z.size), plim.Invalid, "each time")):
            with self.assertRaisesRegex(kind, said):
                plim.Activation(wrong)
        calls = []

        def breaks_later(z):
            calls.append(1)
            if len(calls) > breaks_later.after:
                raise RuntimeError("too late")
            return np.tanh(z)

        breaks_later.after = 10 ** 9
        activation = plim.Activation(breaks_later)
        breaks_later.after = 0
        for call in (lambda: plim.limit("risk1", activation=activation), lambda: activation([1.0]),
                     lambda: plim.simulate("risk1", 30, 2, activation=activation)):
            with self.assertRaisesRegex(RuntimeError, "too late"):
                call()
        breaks_later.after = 0
        calls.clear()
        with self.assertRaisesRegex(plim.Invalid, "kink that is declared"):
            plim.Activation(np.tanh, kinks=[np.inf])
        with self.assertRaisesRegex(plim.Invalid, "belong to a function"):
            plim.Activation("tanh", kinks=[0.1])

    def test_in_several_threads(self):
        activation, found = plim.Activation("expr:z*tanh(z)"), []

        def work():
            found.append([plim.limit("risk1", psi1=psi1, activation=activation).value for psi1 in (1.5, 2.5, 3.5)])

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [found[0]] * 4)


class Interrupted(unittest.TestCase):
    """Ctrl-C"""

    def interrupt(self, call):
        program = subprocess.Popen([sys.executable, "-c", INTERRUPTED.format(call=call)], stdout=subprocess.PIPE,
                                   text=True, env=os.environ)
        self.assertEqual(program.stdout.readline(), "begin\n")
        time.sleep(0.5)
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        said = program.communicate(timeout=300)[0]
        self.assertEqual(said, "interrupted True True\n")
        self.assertLess(time.monotonic() - began, 60)

    def test_simulate(self):
        self.interrupt("plim.simulate('risk1', 100, 10 ** 6, threads=2)")

    def test_limit(self):
        self.interrupt("plim.limit('risk1', psi1=[[2.385] * 10 ** 6])")

    def test_verify(self):
        self.interrupt("plim.verify(lambda: 1, lambda d, rng: rng.random(), [20, 40, 80], replicas=10 ** 7)")


if __name__ == "__main__":
    unittest.main()
