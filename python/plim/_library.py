# SPDX-License-Identifier: GPL-3.0-or-later
"""libplim: found, compared with what the package was made for, and its functions with their types."""

import ctypes
import os

from . import _layout
from .errors import Error, Invalid

CONSTANTS = _layout.CONSTANTS

_here = os.path.dirname(os.path.abspath(__file__))


def _candidates():
    """Where the library may be: $PLIM_LIBRARY alone where it is set; the build tree about the package; the folder it
    was configured for; wherever the system looks."""
    given = os.environ.get("PLIM_LIBRARY")
    if given:
        return [given]
    built = os.path.join(_here, os.pardir, os.pardir, ".libs", _layout.LIBRARY)
    configured = os.path.join(_layout.FOLDER, _layout.LIBRARY)
    return [path for path in (built, configured) if os.path.exists(path)] + [_layout.LIBRARY]


def _load():
    path = _candidates()[0]
    try:
        return ctypes.CDLL(path), path
    except OSError as trouble:
        raise ImportError(f"plim cannot load its library: {trouble}; PLIM_LIBRARY may name another file") from None


library, path = _load()


class _Member(ctypes.Structure):
    """plim_member: the row of the table in which the library says how its structures lie."""

    _fields_ = [("structure", ctypes.c_char_p), ("member", ctypes.c_char_p), ("type", ctypes.c_char_p),
                ("offset", ctypes.c_size_t), ("size", ctypes.c_size_t)]


def _exported_layout():
    try:
        layout = library.plim_layout
    except AttributeError:
        raise ImportError(f"{path} is not the library of this package: it has no plim_layout") from None
    layout.restype = ctypes.POINTER(_Member)
    count = ctypes.c_size_t()
    members = layout(ctypes.byref(count))
    return tuple((m.structure.decode(), m.member.decode(), m.type.decode(), m.offset, m.size)
                 for m in members[:count.value])


def check_layout(exported, version):
    """ImportError unless the library in use lays its structures out as the headers did when this package was made."""
    about = f"{path} (plim {version}) is not the library that this package (plim {_layout.VERSION}) was made for"
    if version != _layout.VERSION:
        raise ImportError(about)
    if exported != _layout.STRUCTURES:
        differing = [row for row in _layout.STRUCTURES if row not in exported] or \
            [row for row in exported if row not in _layout.STRUCTURES] or [exported[0]]
        raise ImportError(f"{about}: {'.'.join(filter(None, differing[0][:2]))} lies elsewhere")


library.plim_version.restype = ctypes.c_char_p
version = library.plim_version().decode()
check_layout(_exported_layout(), version)

_INTEGERS = {4: ctypes.c_uint32, 8: ctypes.c_uint64}


def _structures():
    """A ctypes class for each structure, e.g. plim_value; its members lie where the table has them."""
    made = {}
    for name, member, kind, _, size in _layout.STRUCTURES:
        if member == "":
            made[name] = []
            continue
        simple = {"double": ctypes.c_double, "bool": ctypes.c_bool, "pointer": ctypes.c_void_p}
        if kind in ("doubles", "text"):
            of = ctypes.c_double if kind == "doubles" else ctypes.c_char
            made[name].append((member, of * (size // ctypes.sizeof(of))))
            continue
        made[name].append((member, simple.get(kind) or _INTEGERS.get(size if kind == "integer" else 0) or kind))
    classes = {}
    for name, members in made.items():
        fields = [(member, classes[kind] if isinstance(kind, str) else kind) for member, kind in members]
        classes[name] = type(name, (ctypes.Structure,), {"_fields_": fields})
    for name, member, _, offset, size in _layout.STRUCTURES:
        found = (0, ctypes.sizeof(classes[name])) if member == "" else \
            (getattr(classes[name], member).offset, getattr(classes[name], member).size)
        if found != (offset, size):
            raise ImportError(f"ctypes lays {name}.{member} out in another way than the compiler of {path}")
    return classes


structures = _structures()
Value, Estimate, Size, Problem = (structures["plim_" + n] for n in ("value", "estimate", "size", "problem"))
Atoms = structures["plim_atoms"]
Rows = structures["plim_rows"]
Function = structures["plim_activation_function"]
Simulation, Measurement = structures["plim_simulation"], structures["plim_measurement"]
Hooks, Rung, Extrapolation = (structures["plim_" + n] for n in ("simulation_hooks", "rung", "extrapolation"))
Criterion, Judgement, Pilot = (structures["plim_" + n] for n in ("criterion", "judgement", "pilot"))
LimitInfo, ExperimentInfo = structures["plim_limit_info"], structures["plim_experiment_info"]

VALUES = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_double),
                          ctypes.POINTER(ctypes.c_double))
CANCELLED = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)
RECALL = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_double))

_P, _D, _Z, _I, _S = ctypes.c_void_p, ctypes.c_double, ctypes.c_size_t, ctypes.c_int, ctypes.c_char_p
_to = ctypes.POINTER


def _declare(name, result, *arguments):
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments
    return function


for _name in ("status", "quantity", "activation_kind", "readout", "batch", "ridge_batch", "features", "precision", "verdict"):
    _declare(f"plim_{_name}_name", _S, _I)
_declare("plim_status_meaning", _S, _I)
_declare("plim_quantity_title", _S, _I)
_declare("plim_activation_kind_formula", _S, _I)
_declare("plim_activation_alloc", _I, _S, _to(_P), _to(_P))
_declare("plim_activation_from_function", _I, _to(Function), _to(_P), _to(_P))
_declare("plim_activation_clone", _I, _P, _to(_P))
_declare("plim_activation_free", None, _P)
_declare("plim_activation_name", _S, _P)
_declare("plim_activation_values", None, _P, _Z, _to(_D), _to(_D))
_declare("plim_activation_derivatives", None, _P, _Z, _to(_D), _to(_D))
_declare("plim_activation_kinks", _to(_D), _P, _to(_Z))
_declare("plim_atoms_read", _I, _S, _to(Atoms), _to(_S))
_declare("plim_inputs_alloc", _I, _S, _to(_P), _to(_S))
_declare("plim_inputs_of_rows", _I, _S, _to(Rows), _to(_P), _to(_S))
_declare("plim_inputs_free", None, _P)
_declare("plim_standardise", _I, _to(_D), _Z, _Z, _to(_Z))
_declare("plim_problem_default", Problem)
_declare("plim_problem_validate", _I, _to(Problem), _to(_S))
_declare("plim_size_from_problem", _I, _to(Problem), _Z, _to(Size))
_declare("plim_problem_at_size", Problem, _to(Problem), _to(Size))
_declare("plim_theory_alloc", _I, _to(_P))
_declare("plim_theory_free", None, _P)
_declare("plim_theory_set_tolerance", _I, _P, _D)
_declare("plim_theory_attainable", _D, _P)
_declare("plim_limit", _I, _P, _I, _to(Problem), _to(Value))
_declare("plim_limit_describe", _to(LimitInfo), _I)
_declare("plim_experiment_describe", _to(ExperimentInfo), _I)
_declare("plim_simulate", _I, _to(Problem), _to(Simulation), _to(Measurement), _to(Hooks), _to(_D))
_declare("plim_estimate_from_samples", _I, _to(_D), _Z, _Z, _to(Estimate))
_declare("plim_extrapolate_terms", _I, _to(Rung), _Z, _to(_D), _Z, _to(Extrapolation))
_declare("plim_extrapolate_covered", _I, _to(Rung), _Z, _D, _D, _to(Extrapolation))
_declare("plim_criterion_default", Criterion)
_declare("plim_judge", _I, _to(Extrapolation), _to(Value), _to(Criterion), _to(Judgement))
_declare("plim_judge_bound", _I, _to(Extrapolation), _to(Value), _I, _to(Criterion), _to(Judgement))
_declare("plim_judge_family", _I, _to(Judgement), _Z, _to(Criterion))
_declare("plim_look_share", _D, _Z)
_declare("plim_judge_after", _I, _to(Judgement), _to(Judgement), _D)
_declare("plim_growth_needed", _D, _to(Judgement), _D, _D)
_declare("plim_replicas_needed", _I, _to(Pilot), _to(Judgement), _D, _D, _to(_D))

# so many bytes that free() takes: reasons that plim hands over
_free = ctypes.CDLL(None).free
_free.argtypes, _free.restype = (_P,), None


def taken(pointer):
    """The text at a pointer that is ours to free, or ''."""
    if not pointer.value:
        return ""
    text = ctypes.cast(pointer, _S).value.decode(errors="replace")
    _free(pointer)
    return text


def names(what, count):
    """The names of an enumeration, in its order."""
    function = getattr(library, f"plim_{what}_name")
    return tuple(function(i).decode() for i in range(count))


STATUSES = names("status", CONSTANTS["PLIM_STATUS_COUNT"])
QUANTITIES = names("quantity", CONSTANTS["PLIM_QUANTITY_COUNT"])
ACTIVATIONS = names("activation_kind", CONSTANTS["PLIM_ACTIVATION_COUNT"])
READOUTS = names("readout", CONSTANTS["PLIM_READOUT_COUNT"])
RIDGE_BATCHES = names("ridge_batch", CONSTANTS["PLIM_RIDGE_BATCH_COUNT"])
BATCHES = names("batch", CONSTANTS["PLIM_BATCH_COUNT"])
FEATURES = names("features", CONSTANTS["PLIM_FEATURES_COUNT"])
PRECISIONS = names("precision", CONSTANTS["PLIM_PRECISION_COUNT"])
VERDICTS = names("verdict", CONSTANTS["PLIM_VERDICT_COUNT"])
OK, INVALID, INTERRUPTED = (STATUSES.index(word) for word in ("ok", "invalid", "interrupted"))


def refusal(status, about):
    """The exception for a status: what it is about, and plim's words for it."""
    meaning = library.plim_status_meaning(status).decode()
    kind = Invalid if status == INVALID else Error
    return kind(f"{about}: {meaning}", STATUSES[status])


def require(status, about):
    """Nothing where the status is "ok"; else the exception."""
    if status == INTERRUPTED:
        raise KeyboardInterrupt
    if status != OK:
        raise refusal(status, about)


def doubles(array):
    """A pointer to the numbers of a contiguous array of float64."""
    return array.ctypes.data_as(_to(_D))
