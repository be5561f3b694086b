# SPDX-License-Identifier: GPL-3.0-or-later
"""plim from Python: limits of high-dimensional learning, the same experiment at finite size, and a judge between them.

    plim.limit("risk1", psi1=..., teacher="relu")    a limit with a bound on its numerical error
    plim.simulate("risk1", d=..., replicas=...)      samples of the experiment, an array
    plim.judge(d, values, predicted)                 a verdict on anybody's numbers
    plim.verify(predict, simulate, sizes)            a theorem of one's own: two functions, drawn until it is settled
    plim.Activation(function)                        a nonlinearity of one's own
    plim.read_csv(path), plim.plot.overlay(table)    plim's files, and a picture of them (with matplotlib)

Units and normalisation (all dimensionless; plim_problem.h has the whole statement)

    psi1, psi2      n/d samples and N/d neurons per input dimension (n_over_d, width_over_d; Mei and Montanari use
                    psi1 and psi2 the other way round)
    lambda_         ridge penalty: (1/n)|y - Phi a|^2 + (lambda/N)|a|^2 is minimised
    eta             step size, W1 = W0 + eta N^eta_exponent sqrt(N) G0; W0 has entries N(0, 1/d); steps of them,
                    on the same or a fresh ``batch``
    noise           standard deviation of the label noise, not its variance
    teacher         y = teacher(<x, beta>) + noise, |beta| = 1, x ~ N(0, I_d)
    activation      of the network N^-1/2 a' sigma(W'x), a = zeta/sqrt(N), zeta by ``readout``; both nonlinearities
                    are centred where they are used
    risks           against the noise-free teacher, without a factor 1/2

What is refused is a plim.Error (plim.Invalid, a ValueError too, where an argument is not acceptable) with plim's message.
Ctrl-C ends a long call. Calls may be made from several threads; simulations then wait for each other, for they set
the number of OpenBLAS's threads, which is the process's.

The package is ctypes over libplim.so and needs NumPy. PLIM_LIBRARY names another library file; one whose structures
do not lie as in the headers that the package was made from is refused at import.
"""

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
