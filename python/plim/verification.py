# SPDX-License-Identifier: GPL-3.0-or-later
"""Your own theorem: a function that predicts, a function that simulates, and the judge between them.

Looks at the data are repeated until every verdict is settled, as `plim compare` does it: a pilot, whose standard errors
say how many replicas a verdict takes; then a look at that many; then at twice as many, and again. The level is shared
out over the looks before the first draw (src/plim_looks.h), and no size of a look depends on the values judged."""

import ctypes
import itertools
import math

import numpy as np

from . import _library as _c
from .errors import Invalid
from .judging import RELATIONS, Family, Verdict, criterion_of, fit_of, holm, judgement_of, predicted_of, ratio_of, \
    rungs_of

PILOT = 25  # a standard error from so many is good to 15 %
LEAST_FACTOR = 1.5  # less would be a look at the same data
MISFITS = 2  # looks running with a lack of fit: replicas do not mend it
MOST_REPLICAS = 10 ** 9


def generator(seed, d, replica):
    """The random numbers of one replica: a numpy.random.Generator that depends on (seed, d, replica) and on nothing
    else, so that a replica may be drawn anywhere and in any order.

    >>> import numpy, plim
    >>> numpy.allclose(plim.generator(7, 100, 3).random(), plim.generator(7, 100, 3).random(), rtol=0)
    True
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(d, replica))))


class _Draw:
    """One call of the user's function; an object of a module, so that processes of a pool can be sent it."""

    def __init__(self, simulate, seed):
        self.simulate, self.seed = simulate, seed

    def __call__(self, job):
        parameters, d, replica = job
        return self.simulate(d, generator(self.seed, d, replica), **parameters)


def _named(result, what):
    """{name: value} of what a function returned: a dict, or one value, whose name is ''."""
    made = dict(result) if isinstance(result, dict) else {"": result}
    if not made:
        raise Invalid(f"{what} returned an empty dict")
    return made


def _sample(name, value, at):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise Invalid(f"simulate{at} returned {value!r}{' for ' + name if name else ''}: a number is needed") from None
    if not math.isfinite(number):
        raise Invalid(f"simulate{at} returned {number}{' for ' + name if name else ''}")
    return number


class _Point:
    """One set of parameters: its predictions, and the replicas drawn of it at each size."""

    def __init__(self, predict, parameters, sizes):
        self.parameters = parameters
        self.predicted = {name: predicted_of(value, 0.0)
                          for name, value in _named(predict(**parameters), "predict").items()}
        self.values = {name: [[] for _ in sizes] for name in self.predicted}
        self.wanted = [0] * len(sizes)
        self.grown = False

    def replicas(self):
        """Drawn at each size."""
        return [len(row) for row in next(iter(self.values.values()))]

    def draw(self, draw, sizes, mapping):
        """What is wanted and not there."""
        for k, (d, there) in enumerate(zip(sizes, self.replicas())):
            jobs = [(self.parameters, d, replica) for replica in range(there, self.wanted[k])]
            for job, result in zip(jobs, mapping(draw, jobs)):
                at = f"(d={d}, replica {job[2]})"
                found = _named(result, "simulate")
                if found.keys() != self.predicted.keys():
                    raise Invalid(f"simulate{at} returned {list(found)}, predict {list(self.predicted)}")
                for name, value in found.items():
                    self.values[name][k].append(_sample(name, value, at))
            if self.replicas()[k] < self.wanted[k]:
                raise Invalid("map gave fewer results than it was given replicas")


class _Member:
    """One prediction of one point, with its verdict so far."""

    def __init__(self, point, name):
        self.point, self.quantity = point, name
        words = [name] if name else []
        words += [f"{key}={value}" for key, value in point.parameters.items()]
        self.name = " ".join(words)
        self.looks = self.misfits = 0
        self.rungs = self.fit = self.judgement = None


class _Study:
    """All members; how they are drawn and judged."""

    def __init__(self, settings, sizes, cost):
        self.settings, self.sizes = settings, sizes
        self.cost = cost
        self.criterion = criterion_of(settings["margin"], settings["absolute_margin"], settings["level"],
                                      settings["fit_level"])
        self.members = []

    def judge(self, member, in_looks):
        """A look at what is drawn."""
        s = self.settings
        member.rungs = rungs_of(self.sizes, member.point.values[member.quantity])
        member.fit = fit_of(member.rungs, s["rate"], s["next_ratio"])
        criterion = _c.Criterion.from_buffer_copy(self.criterion)
        if in_looks:
            criterion.reserved = 1.0 - _c.library.plim_look_share(member.looks)
        before = member.judgement
        member.judgement = judgement_of(member.fit, member.point.predicted[member.quantity], s["relation"], criterion)
        member.looks += 1
        if in_looks:
            status = _c.library.plim_judge_after(ctypes.byref(member.judgement),
                                                 ctypes.byref(before) if before is not None else None,
                                                 criterion.fit_level)
            _c.require(status, f"look {member.looks} at {member.name or 'it'}")
        member.misfits = member.misfits + 1 if member.judgement.fit_p < criterion.fit_level else 0

    def holm(self):
        """Holm over all of them."""
        family = (_c.Judgement * len(self.members))(*(member.judgement for member in self.members))
        holm(family, self.criterion)
        for member, judgement in zip(self.members, family):
            member.judgement = _c.Judgement.from_buffer_copy(judgement)

    def is_open(self, member):
        """Would more replicas settle it?"""
        return (_c.VERDICTS[member.judgement.verdict] == "UNDECIDED" and member.looks < _c.CONSTANTS["PLIM_MOST_LOOKS"]
                and member.misfits < MISFITS and member.judgement.numerical_error < member.judgement.margin)

    def needed(self, member):
        """Replicas at each size that settle a right prediction at look 1, or None."""
        rates = np.atleast_1d(np.asarray(self.settings["rate"], dtype=float))
        judgement = _c.Judgement.from_buffer_copy(member.judgement)
        ratio = self.settings["next_ratio"]
        if rates.size == 1 and len(self.sizes) > 3 and ratio * min(self.sizes) ** -rates[0] > 0.5:
            rates = np.array([rates[0], 2.0 * rates[0]])  # with replicas enough the limit is that of both powers
            judgement.neglected_bias = 0.0
        cost, found = np.array(self.cost, dtype=float), np.empty(len(self.sizes))
        pilot = _c.Pilot(rungs=ctypes.addressof(member.rungs), cost=cost.ctypes.data, count=len(self.sizes),
                         rates=rates.ctypes.data, terms=rates.size)
        level = self.criterion.level * _c.library.plim_look_share(1) / len(self.members)
        status = _c.library.plim_replicas_needed(ctypes.byref(pilot), ctypes.byref(judgement), level,
                                                 self.settings["power"], _c.doubles(found))
        if _c.STATUSES[status] == "outside_domain":
            return None
        _c.require(status, "the replicas that are needed")
        return found

    def plan(self, point):
        """What the next look at the point is to have."""
        there = point.replicas()
        if point.grown:
            wanted = [2 * count for count in there]
        else:
            needed = [self.needed(member) for member in self.members if member.point is point]
            wanted = [max([count, *(math.ceil(min(row[k], MOST_REPLICAS)) for row in needed if row is not None)])
                      for k, count in enumerate(there)]
            if max(new / old for new, old in zip(wanted, there)) < LEAST_FACTOR:
                wanted = [math.ceil(LEAST_FACTOR * count) for count in there]
        return [min(count, MOST_REPLICAS) for count in wanted]


def _points(predict, parameters, sizes):
    given = [{}] if parameters is None else [parameters] if isinstance(parameters, dict) else list(parameters)
    if not given:
        raise Invalid("parameters is empty")
    return [_Point(predict, dict(one), sizes) for one in given]


def _sizes(sizes):
    made = list(np.atleast_1d(sizes).tolist())
    if any(size != int(size) or size < 1 for size in made):
        raise Invalid(f"sizes = {made!r}: whole numbers >= 1 are needed")
    made = [int(size) for size in made]
    if len(set(made)) < len(made) or len(made) < 3:
        raise Invalid(f"sizes = {made!r}: at least 3 different ones are needed")
    return made


def _affordable(study, points, spent, settings):
    """Points with something open whose next look keeps to the budget, the cheapest first; their plans are set."""
    plans = []
    for i, point in enumerate(points):
        if any(study.is_open(member) for member in study.members if member.point is point):
            wanted, there = study.plan(point), point.replicas()
            more = [new - old for new, old in zip(wanted, there)]
            plans.append((sum(n * c for n, c in zip(more, study.cost)), i, wanted, sum(more)))
    chosen = []
    for work, i, wanted, more in sorted(plans):
        if spent + more > settings["budget"]:
            break
        spent += more
        points[i].wanted, points[i].grown = wanted, True
        chosen.append(points[i])
    return chosen, spent


def verify(predict, simulate, sizes, parameters=None, *, replicas=None, seed=1, rate=1.0, relation="=", margin=0.05,
           absolute_margin=0.0, level=0.05, fit_level=1e-3, next_ratio=_c.CONSTANTS["PLIM_USUAL_RATIO"], power=0.9,
           budget=100_000, cost=None, map=map):  # pylint: disable=redefined-builtin
    """Judge a theorem of your own: is what ``predict`` says the limit of what ``simulate`` measures?

    predict(**parameters)           the limit: a number, a pair (value, error) or a plim.Value; or a dict of them by
                                    name, where several things are predicted
    simulate(d, rng, **parameters)  one replica at size d, a number (or a dict with predict's names). All its random
                                    numbers come from ``rng``, a numpy Generator that depends on (seed, d, replica)
                                    alone: ``plim.generator`` makes it
    sizes        at least 3 sizes d
    parameters   a dict, handed to both functions, or a list of dicts: one theorem at several points. Points see the
                 same draws
    replicas     of every size: a fixed design, judged once. Without it replicas are drawn until every verdict is
                 settled: a pilot of 25, then what its standard errors call for, then twice as many at each look, at most
                 6 looks; the level is shared out over them
    power        chance of a right prediction to be settled by the first look after the pilot
    budget       replicas, of all sizes together, beyond which what is open stays UNDECIDED
    cost         of a replica at each size, in any unit (default: d^3); the same for the same command, so that it has
                 one result
    map          what maps a function over jobs: the map of a multiprocessing.Pool or of an executor runs them in
                 parallel, with the same result (simulate must then be a function of a module)

    The rest is as in ``plim.judge``. The verdicts are one Family, Holm's correction over all of them; of a single one
    ``verify(...)[0]`` is it. Each also has ``looks``.

    >>> import numpy, plim
    >>> def largest_eigenvalue(d, rng, ratio):
    ...     x = rng.standard_normal((d, int(ratio * d)))
    ...     return numpy.linalg.eigvalsh(x @ x.T / x.shape[1])[-1]
    >>> def edge(ratio):
    ...     return (1 + ratio ** -0.5) ** 2                      # Marchenko and Pastur
    >>> ladder = dict(sizes=[16, 32, 64, 128], rate=2/3, parameters={"ratio": 2})   # Tracy and Widom
    >>> plim.verify(edge, largest_eigenvalue, **ladder).verdict
    'AGREE'
    >>> plim.verify(lambda ratio: 1.1 * edge(ratio), largest_eigenvalue, **ladder).verdict
    'DISAGREE'
    """
    settings = {"rate": rate, "relation": relation, "margin": margin, "absolute_margin": absolute_margin, "level": level,
                "fit_level": fit_level, "next_ratio": ratio_of(next_ratio), "power": power, "budget": budget}
    if relation not in RELATIONS:
        raise Invalid(f"relation = {relation!r} is none of {', '.join(RELATIONS)}")
    if not 0.5 <= power < 1.0:
        raise Invalid(f"power = {power!r} is not a number >= 0.5 and < 1")
    if isinstance(seed, bool) or int(seed) != seed or seed < 0:
        raise Invalid(f"seed = {seed!r} is not a whole number >= 0")
    if replicas is not None and (int(replicas) != replicas or replicas < 2):
        raise Invalid(f"replicas = {replicas!r} is not a whole number >= 2")
    sizes = _sizes(sizes)
    cost = [float(d) ** 3 for d in sizes] if cost is None else list(map_floats(cost))
    if len(cost) != len(sizes) or any(not 0.0 < c < math.inf for c in cost):
        raise Invalid(f"cost = {cost!r}: a number > 0 for each of the {len(sizes)} sizes is needed")
    points, study = _points(predict, parameters, sizes), _Study(settings, sizes, cost)
    study.members = [_Member(point, name) for point in points for name in point.predicted]
    in_looks, draw = replicas is None, _Draw(simulate, int(seed))
    chosen, spent = points, 0
    for point in points:
        point.wanted = [PILOT if in_looks else int(replicas)] * len(sizes)
        spent += sum(point.wanted)
    for look in itertools.count():
        for point in chosen:
            point.draw(draw, sizes, map)
            for member in study.members:
                if member.point is point and (look == 0 or study.is_open(member)):
                    study.judge(member, in_looks)
        study.holm()
        chosen, spent = _affordable(study, points, spent, settings) if in_looks else ([], spent)
        if not chosen:
            break
    return Family(_verdict(member, relation) for member in study.members)


def map_floats(cost):
    """Numbers of anything that holds some; for `map` is another function where this is used."""
    try:
        return [float(c) for c in np.atleast_1d(cost)]
    except (TypeError, ValueError):
        raise Invalid(f"cost = {cost!r} are not numbers") from None


def _verdict(member, relation):
    verdict = Verdict(member.rungs, member.fit, member.point.predicted[member.quantity], relation, member.judgement,
                      member.name)
    verdict.looks, verdict.parameters = member.looks, dict(member.point.parameters)
    return verdict
