# SPDX-License-Identifier: GPL-3.0-or-later
"""The judge: do measurements at several sizes have the limit that is predicted?"""

import ctypes
import html

import numpy as np

from . import _library as _c
from .errors import Invalid

RELATIONS = ("=", ">=", "<=")


def _numbers(name, given):
    try:
        made = np.ascontiguousarray(given, dtype=float)
    except (TypeError, ValueError):
        raise Invalid(f"{name} are not numbers") from None
    bad = np.flatnonzero(~np.isfinite(made.ravel()))
    if bad.size:
        raise Invalid(f"{name}: number {bad[0]} (counted from 0) is {made.ravel()[bad[0]]}")
    return made


def _estimate(values, about):
    """Mean and standard error of independent replicas, by plim's two passes."""
    if values.size < 2:
        raise Invalid(f"{about}: {values.size} replicas; a standard error takes at least 2")
    estimate = _c.Estimate()
    _c.require(_c.library.plim_estimate_from_samples(_c.doubles(values), 1, values.size, ctypes.byref(estimate)), about)
    return estimate.mean, estimate.error, values.size


def _rows_of_replicas(d, values):
    """(mean, error, replicas) of each size, and the sizes: from a row of replicas a size, or a number a replica."""
    if len(values) != len(d):
        raise Invalid(f"{len(d)} sizes d and {len(values)} values: one for each, or one row of replicas for each")
    is_flat = isinstance(values, np.ndarray) and values.ndim == 1  # no look at each of a million
    if not is_flat and any(np.ndim(row) for row in values):
        rows = [_numbers(f"values at d = {size:g}", row).ravel() for size, row in zip(d, values)]
        return d, [_estimate(row, f"values at d = {size:g}") for size, row in zip(d, rows)]
    values = _numbers("values", values)
    sizes = np.unique(d)
    return sizes, [_estimate(values[d == size], f"values at d = {size:g}") for size in sizes]


def rungs_of(d, values, error=None, replicas=None):
    """An array of plim_rung, and what stands in them."""
    d = np.atleast_1d(_numbers("d", d)).ravel()
    if error is None:
        if replicas is not None:
            raise Invalid("replicas belongs to error: values of single replicas are counted")
        sizes, rows = _rows_of_replicas(d, values)
    else:
        if replicas is None:
            raise Invalid("error is given without replicas, the number of them behind each mean")
        sizes = d
        columns = [np.broadcast_to(_numbers(name, column), d.shape)
                   for name, column in (("values", values), ("error", error), ("replicas", replicas))]
        rows = [(mean, spread, int(count)) for mean, spread, count in zip(*columns)]
        for size, (_, spread, count) in zip(d, rows):
            if spread <= 0.0 or count < 2:
                raise Invalid(f"at d = {size:g} error = {spread:g} and replicas = {count}: an error > 0 and at least "
                              "2 replicas are needed")
    if len(set(sizes)) != len(sizes):
        raise Invalid("a size d stands there twice")
    rungs = (_c.Rung * len(sizes))()
    for rung, size, (mean, spread, count) in zip(rungs, sizes, rows):
        rung.d, rung.value, rung.error, rung.replicas = size, mean, spread, count
        if size <= 0.0:
            raise Invalid(f"d = {size:g} is not a size")
        if not spread > 0.0:
            raise Invalid(f"the replicas at d = {size:g} are all the same: they have no standard error")
    return rungs


def fit_of(rungs, rate, next_ratio):
    """plim_extrapolation of a ladder."""
    rates = np.atleast_1d(_numbers("rate", rate)).ravel()
    fit, about = _c.Extrapolation(), f"extrapolation over {len(rungs)} sizes at the rate {rate}"
    least = 3 if rates.size == 1 else rates.size + 2
    if len(rungs) < least:
        raise Invalid(f"{about}: at least {least} sizes are needed")
    if rates.size == 1:
        status = _c.library.plim_extrapolate_covered(rungs, len(rungs), rates[0], next_ratio, ctypes.byref(fit))
    else:
        status = _c.library.plim_extrapolate_terms(rungs, len(rungs), _c.doubles(rates), rates.size, ctypes.byref(fit))
    _c.require(status, about)
    return fit


def ratio_of(next_ratio):
    """The bound on the next power of the drift."""
    if not np.isscalar(next_ratio) or not np.isfinite(next_ratio) or next_ratio < 0.0:
        raise Invalid(f"next_ratio = {next_ratio!r} is not a number >= 0")
    return float(next_ratio)


def criterion_of(margin, absolute_margin, level, fit_level):
    """plim_criterion from what users give."""
    criterion = _c.library.plim_criterion_default()
    for name, value, into in (("margin", margin, "relative_margin"), ("absolute_margin", absolute_margin, None),
                              ("level", level, None), ("fit_level", fit_level, None)):
        if not np.isscalar(value) or not np.isfinite(value) or value < 0.0:
            raise Invalid(f"{name} = {value!r} is not a number >= 0")
        setattr(criterion, into or name, float(value))
    return criterion


def judgement_of(fit, predicted, relation, criterion):
    """plim_judgement of a fit."""
    value, judgement = _c.Value(*predicted), _c.Judgement()
    if relation not in RELATIONS:
        raise Invalid(f"relation = {relation!r} is none of {', '.join(RELATIONS)}")
    about = f"judging {value.value:g} with the margin {criterion.relative_margin:g} |predicted| + " \
        f"{criterion.absolute_margin:g} at the level {criterion.level:g}"
    if relation == "=":
        status = _c.library.plim_judge(ctypes.byref(fit), ctypes.byref(value), ctypes.byref(criterion),
                                       ctypes.byref(judgement))
    else:
        side = _c.CONSTANTS["PLIM_LOWER_BOUND_OF" if relation == ">=" else "PLIM_UPPER_BOUND_OF"]
        status = _c.library.plim_judge_bound(ctypes.byref(fit), ctypes.byref(value), side, ctypes.byref(criterion),
                                             ctypes.byref(judgement))
    _c.require(status, about)
    return judgement


def predicted_of(predicted, predicted_error):
    """A pair of numbers, from a number, a Value or a pair."""
    pair = tuple(predicted) if hasattr(predicted, "__iter__") else (predicted, predicted_error)
    try:
        pair = tuple(map(float, pair))
    except (TypeError, ValueError):
        pair = ()
    if len(pair) != 2 or not np.all(np.isfinite(pair)) or pair[1] < 0.0:
        raise Invalid(f"predicted = {predicted!r} with error {predicted_error!r}: a number and its error >= 0 are "
                      "needed, or a Value")
    return pair


class Verdict:
    """What the judge says of one prediction. Besides the members of plim_judgement and plim_extrapolation, by their
    names there (``difference``, ``ci_low``, ``limit``, ``limit_error``, ``drift``, ...):

    verdict    "AGREE", "DISAGREE" or "UNDECIDED"
    predicted  and ``predicted_error``
    relation   "=", ">=" or "<=": the limit is, is at least, is at most what is predicted
    d, mean, error, replicas   the ladder, arrays
    name       of a member of a family
    """

    _ladder = {"d": "d", "mean": "value", "error": "error", "replicas": "replicas"}

    def __init__(self, rungs, fit, predicted, relation, judgement, name=""):
        self._rungs, self._fit, self._judgement = rungs, fit, judgement
        self.predicted, self.predicted_error = predicted
        self.relation, self.name = relation, name

    @property
    def verdict(self):
        """AGREE, DISAGREE or UNDECIDED."""
        return _c.VERDICTS[self._judgement.verdict]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._ladder:
            return np.array([getattr(rung, self._ladder[name]) for rung in self._rungs])
        for part in (self._judgement, self._fit):
            if any(name == field[0] for field in part._fields_):
                return getattr(part, name)
        raise AttributeError(f"a verdict has no {name!r}")

    def __dir__(self):
        fields = [field[0] for part in (self._judgement, self._fit) for field in part._fields_]
        return sorted({*super().__dir__(), *self._ladder, *fields})

    def __eq__(self, other):
        return self.verdict == other if isinstance(other, str) else self is other

    __hash__ = object.__hash__

    def row(self):
        """What a table shows: pairs of heading and text."""
        head = (("", self.name),) if self.name else ()
        return head + (
            ("predicted", f"{'' if self.relation == '=' else self.relation + ' '}{self.predicted:.6g}"),
            ("limit", f"{self.limit:.6g} ± {self.limit_error:.2g}"), ("difference", f"{self.difference:+.3g}"),
            ("margin", f"{self.margin:.3g}"), ("numerical", f"{self.numerical_error:.0e}"),
            ("drift at largest d", f"{self.finite_size_drift:+.2g}"),
            ("p agree", f"{self.p_agree:.2g}"), ("p disagree", f"{self.p_disagree:.2g}"),
            ("fit p", f"{self.fit_p:.2g}"), ("verdict", self.verdict))

    def __repr__(self):
        return text_of([self])

    def _repr_html_(self):
        return html_of([self])


def text_of(verdicts):
    """A table in plain text."""
    rows = [[head for head, _ in verdicts[0].row()]] + [[text for _, text in v.row()] for v in verdicts]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def html_of(verdicts):
    """The same for a notebook."""
    colours = {"AGREE": "#1a7f37", "DISAGREE": "#b3261e", "UNDECIDED": "#8a6100"}
    heads = "".join(f"<th>{html.escape(head)}</th>" for head, _ in verdicts[0].row())
    rows = ""
    for verdict in verdicts:
        cells = [f"<td>{html.escape(text)}</td>" for _, text in verdict.row()[:-1]]
        cells.append(f'<td style="color:{colours[verdict.verdict]}"><b>{verdict.verdict}</b></td>')
        rows += f"<tr>{''.join(cells)}</tr>"
    return f'<table class="plim-verdict"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


class Family(tuple):
    """Verdicts that hold together: Holm's step-down keeps the chance of any false AGREE, and of any false DISAGREE,
    among them at the level. ``verdict`` is DISAGREE where one is, else UNDECIDED where one is, else AGREE."""

    @property
    def verdict(self):
        """Of all together."""
        found = {member.verdict for member in self}
        return next(word for word in ("DISAGREE", "UNDECIDED", "AGREE") if word in found)

    def __getitem__(self, key):
        if isinstance(key, str):
            for member in self:
                if member.name == key:
                    return member
            raise KeyError(key)
        return super().__getitem__(key)

    def __repr__(self):
        return text_of(self)

    def _repr_html_(self):
        return html_of(self)


def holm(judgements, criterion):
    """Rewrites the verdicts of an array of plim_judgement as those of one family."""
    _c.require(_c.library.plim_judge_family(judgements, len(judgements), ctypes.byref(criterion)), "family")


def family(verdicts, *, level=0.05, fit_level=1e-3):
    """Several verdicts as one family, each judged at `level` before: Holm's correction.

    >>> import plim
    >>> one = plim.judge([20, 40, 80], [1.05, 1.025, 1.0125], 1.0, error=[.001] * 3, replicas=[100] * 3)
    >>> both = plim.family([one, one])
    >>> both.verdict, one.p_agree == both[0].p_agree
    ('AGREE', True)
    """
    verdicts = list(verdicts)
    if not verdicts:
        raise Invalid("a family has at least one member")
    criterion = criterion_of(0.05, 0.0, level, fit_level)
    judgements = (_c.Judgement * len(verdicts))(*(verdict._judgement for verdict in verdicts))
    holm(judgements, criterion)
    return Family(Verdict(v._rungs, v._fit, (v.predicted, v.predicted_error), v.relation,
                          _c.Judgement.from_buffer_copy(judgement), v.name)
                  for v, judgement in zip(verdicts, judgements))


def judge(d, values, predicted, predicted_error=0.0, *, error=None, replicas=None, rate=1.0, relation="=", margin=0.05,
          absolute_margin=0.0, level=0.05, fit_level=1e-3, next_ratio=_c.CONSTANTS["PLIM_USUAL_RATIO"], name=""):
    """Judge anybody's measurements against anybody's prediction of their limit as d grows: a Verdict.

    d, values   a row of independent replicas for each of at least 3 sizes (``values[i]`` at ``d[i]``, rows may differ
                in length); or one number a replica, ``values[k]`` at ``d[k]``, sizes repeating; or, with ``error``
                and ``replicas``, the mean of each size with its standard error and the replicas behind it
    predicted   the limit, a number, a pair or a plim.Value; ``predicted_error`` bounds its numerical error
    rate        value(d) = limit + drift d^-rate; the error covers a next power, c d^-2rate with
                |c| <= next_ratio |drift|. Several rates, such as (0.5, 1), are fitted together instead
    relation    "=": the limit is predicted to within ``margin`` |predicted| + ``absolute_margin``; ">=" and "<=":
                the prediction is a bound of it
    level       chance of a false AGREE with the truth at the margin, and of a false DISAGREE; ``fit_level``: a fit as
                poor as has this chance leaves it UNDECIDED

    The verdict is AGREE where the limit is certainly within the margin, DISAGREE where it is certainly outside,
    UNDECIDED otherwise. src/plim_compare.h says what was measured of its error rates.

    >>> import numpy, plim
    >>> rng = numpy.random.default_rng(20270203)
    >>> d = numpy.array([50, 100, 200, 400])
    >>> values = 2.385 + 1.7 / d[:, None] + 0.02 * rng.standard_normal((4, 60))
    >>> plim.judge(d, values, 2.385).verdict, plim.judge(d, values, 2.0).verdict
    ('AGREE', 'DISAGREE')
    """
    rungs = rungs_of(d, values, error, replicas)
    fit = fit_of(rungs, rate, ratio_of(next_ratio))
    predicted = predicted_of(predicted, predicted_error)
    judgement = judgement_of(fit, predicted, relation, criterion_of(margin, absolute_margin, level, fit_level))
    return Verdict(rungs, fit, predicted, relation, judgement, name)
