"""No option is dropped: each one that NumPy's function has is right, or refused when it is given.

An option counts as right if it is given in a sample and changes the result there: the tests of the
samples then compare value and derivatives. What no sample gives must be refused in words.
"""

import inspect
from functools import wraps

import numpy as np
import pytest
from samples import SAMPLES, Sample, results

import autograd_lite as ag
from autograd_lite import binding, tensor
from autograd_lite.arraylike import plain
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import FORMULAS
from autograd_lite.transforms import _flatten

UFUNC = ["out", "where", "casting", "order", "dtype", "subok", "signature"]
# Of C functions, of which an older NumPy tells nothing: required parameters, and options.
UNTOLD = {
    "ufunc.reduce": (["array"], ["axis", "dtype", "out", "keepdims", "initial", "where"]),
    "ufunc.accumulate": (["array"], ["axis", "dtype", "out"]),
    "ufunc.outer": (["A", "B"], UFUNC),
    "concatenate": (["arrays"], ["axis", "out", "dtype", "casting"]),
    "dot": (["a", "b"], ["out"]),
    "vdot": (["a", "b"], []),
    "inner": (["a", "b"], []),
    "bincount": (["x"], ["weights", "minlength"]),
    "where": (["condition"], ["x", "y"]),
}
KEYWORDS = {  # what **kwargs stands for
    np.clip: UFUNC[1:],
    np.einsum: ["dtype", "order", "casting"],
    np.pad: ["constant_values", "end_values", "stat_length", "reflect_type"],
}
# On the numbers: these choose an algorithm, say what is so anyhow, or where numbers lie in memory.
WITHOUT_EFFECT = {
    *((np.sort, "kind"), (np.sort, "stable"), (np.einsum, "optimize")),
    *((np.intersect1d, "assume_unique"), (np.setxor1d, "assume_unique")),
    *((np.meshgrid, "copy"), (np.astype, "copy")),
    (np.lib.stride_tricks.sliding_window_view, "subok"),
    (np.lib.stride_tricks.sliding_window_view, "writeable"),
}
# On the gradient: each entry of the result comes from the same entry as without them.
WITHOUT_EFFECT_ON_THE_GRADIENT = {
    *((np.nan_to_num, "nan"), (np.nan_to_num, "posinf"), (np.nan_to_num, "neginf")),
    *((np.unwrap, "discont"), (np.unwrap, "period"), (np.squeeze, "axis")),
    *((np.unique, option) for option in ("return_index", "return_inverse", "return_counts")),
    *(
        (np.intersect1d, "return_indices"),
        (np.setdiff1d, "assume_unique"),
        (np.bincount, "minlength"),
    ),
    *((np.linalg.eigh, "UPLO"), (np.unwrap, "axis")),
    *((np.fft.fft, "n"), (np.fft.ifft, "n"), (np.fft.irfft, "n"), (np.reshape, "shape")),
}


def signature(function):
    """(required, options): the names of a function's parameters, in order. What is required is no
    option.
    """
    if isinstance(function, np.ufunc):  # an older one tells nothing, either
        generalized = [o for o in [*UFUNC, "axes", "axis", "keepdims"] if o != "where"]
        options = generalized if function.signature else UFUNC
        return [f"x{i + 1}" for i in range(function.nin)], options
    is_method = isinstance(getattr(function, "__self__", None), np.ufunc)
    name = f"ufunc.{function.__name__}" if is_method else function.__name__
    if name in UNTOLD:
        return UNTOLD[name]
    told = inspect.signature(function).parameters.values()
    named = [p for p in told if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    named = [p for p in named if p.name != "newshape"]  # what shape was called before
    required = [p.name for p in named if p.default is p.empty]
    return required, [p.name for p in named[len(required) :]] + KEYWORDS.get(function, [])


def parameters(function):
    """The names of all parameters of a function, in order."""
    required, options = signature(function)
    return [*required, *options]


def options_of(function):
    """The names of a function's options."""
    return signature(function)[1]


FUNCTIONS = [f for f in dict.fromkeys((*RULES, *FORMULAS)) if f in SAMPLES]  # not those of tests
functions = pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)


@pytest.fixture(scope="module")
def calls():
    """{function: its calls [(arguments, options), …]}, as the samples make them with Tensors."""
    found, within = {}, []
    call = tensor._call

    def watched(function, arguments, options):
        if not within:  # not in the steps of a formula
            found.setdefault(function, []).append((arguments, options))
        within.append(function)
        try:
            return call(function, arguments, options)
        finally:
            within.pop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tensor, "_call", watched)
        for function in FUNCTIONS:
            for sample in SAMPLES[function]:
                sample = Sample(function, *sample)
                sample(*[ag.Tensor(x, requires_grad=True) for x in sample.inputs])
    return found


def with_and_without(function, option, calls):
    """[((arguments, options), the same without the option)] of the calls that give it."""
    pairs = []
    for arguments, options in calls.get(function, []):
        names = [] if function in KEYWORDS else parameters(function)
        if option in options:
            others = {name: value for name, value in options.items() if name != option}
            pairs.append(((arguments, options), (arguments, others)))
        elif option in names[: len(arguments)]:
            place = names.index(option)
            later = dict(zip(names[place + 1 :], arguments[place + 1 :], strict=False))
            pairs.append(((arguments, options), (arguments[:place], later | options)))
    return pairs


def outcome(function, call):
    """NumPy's results of a call, or that it has none."""
    try:
        return results(function(*plain(call[0]), **plain(call[1])))
    except Exception:
        return []


def differ(results, others):
    """Whether some result has another type, shape or number."""
    return len(results) != len(others) or any(
        np.result_type(a) != np.result_type(b)
        or np.shape(a) != np.shape(b)
        or not np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True)
        for a, b in zip(results, others, strict=True)
    )


@functions
def test_an_option_is_right_or_refused(function, calls):
    some = calls.get(
        function, [((ag.Tensor([0.5], requires_grad=True),) * len(signature(function)[0]), {})]
    )
    for option in options_of(function):
        pairs = with_and_without(function, option, calls)
        if not pairs:  # with a value that no option has: it is refused for its name
            places = [] if function in KEYWORDS else parameters(function)
            arguments, options = next(call for call in some if option not in places[: len(call[0])])
            match = None if option == "out" else rf"does not know the option {option}="
            with pytest.raises(TypeError, match=match):
                function(*arguments, **options, **{option: object()})
        elif (function, option) not in WITHOUT_EFFECT:
            assert any(differ(*[outcome(function, call) for call in pair]) for pair in pairs), (
                f"no sample shows what {option} does"
            )


def dropping(definition, option):
    """A rule or a formula that takes an option and does not look at it."""
    takes = inspect.signature(definition)

    @wraps(definition)
    def wrong(*arguments, **options):
        bound = takes.bind(*arguments, **options)
        for given in (bound.arguments, bound.arguments.get("options", {})):
            given.pop(option, None)
        return definition(*bound.args, **bound.kwargs)

    return wrong


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f in FORMULAS], ids=name_of)
def test_an_option_dropped_by_a_formula_would_be_noticed(function, calls, monkeypatch):
    definition = FORMULAS[function]
    for option in set(inspect.signature(definition).parameters) & set(options_of(function)):
        pairs = with_and_without(function, option, calls)
        if (function, option) not in WITHOUT_EFFECT:
            with monkeypatch.context() as patch:
                patch.setitem(FORMULAS, function, dropping(definition, option))
                ours = [_values(function, call) for call, _ in pairs]
            assert any(map(differ, ours, [outcome(function, call) for call, _ in pairs])), option


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f in RULES], ids=name_of)
def test_an_option_dropped_by_a_rule_would_be_noticed(function, calls, monkeypatch):
    rules = RULES[function]
    known = binding.form_of(function, rules).known
    for option in options_of(function):
        if option == "out" or not {option, "**"} & set(known):
            continue
        pairs = with_and_without(function, option, calls)
        if (function, option) not in WITHOUT_EFFECT | WITHOUT_EFFECT_ON_THE_GRADIENT:
            right = [_gradients(function, call) for call, _ in pairs]
            with monkeypatch.context() as patch:
                wrong = [rule and dropping(rule, option) for rule in np.atleast_1d(rules)]
                patch.setitem(RULES, function, wrong[0] if callable(rules) else tuple(wrong))
                ours = [_gradients(function, call) for call, _ in pairs]
            assert any(map(differ, ours, right)), option


def _values(function, call):
    """Our results of a call as plain arrays, or that it has none."""
    try:
        return [getattr(r, "_array", r) for r in results(function(*call[0], **call[1]))]
    except Exception:
        return []


def _gradients(function, call):
    """The gradients by all Tensors in the call, or that there are none."""
    leaves, rebuild = _flatten(call)
    leaves = [np.real(leaf) if isinstance(leaf, ag.Tensor) else leaf for leaf in leaves]
    arguments, options = rebuild(leaves)
    try:
        parts = results(function(*arguments, **options))
        flat = [np.reshape(part, -1) for part in parts if isinstance(part, ag.Tensor)]
        y = np.concatenate([half for part in flat for half in (np.real(part), np.imag(part))])
        inputs = [leaf for leaf in leaves if isinstance(leaf, ag.Tensor)]
        return ag.gradients(np.sum(y * np.cos(np.arange(y.size))), inputs)
    except Exception:
        return []


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f in FORMULAS], ids=name_of)
def test_a_formula_takes_options_by_position_in_numpys_order(function):
    taken = inspect.signature(FORMULAS[function]).parameters.values()
    named = [p.name for p in taken if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    first = len(signature(function)[0])
    assert named[first:] == parameters(function)[first : len(named)]


x, M = np.array([[0.3, -1.2, 2.5, 0.9], [1.7, 0.4, -0.6, -2.2]]), np.array([[2.0, 0.3], [0.7, 1.5]])
METHODS_OF_QUANTILES = (
    "inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen "
    "weibull linear median_unbiased normal_unbiased lower higher midpoint nearest"
)
PAD_MODES = "constant edge linear_ramp maximum mean median minimum reflect symmetric wrap empty"
ORDERS = [None, 0, 1, -1, 2, -2, 3, 0.5, np.inf, -np.inf, "fro", "nuc", "other"]
CHOICES = [
    *[(np.quantile, (x, 0.3), {"method": m}) for m in METHODS_OF_QUANTILES.split()],
    *[(np.percentile, (x, 30, 1), {"method": m}) for m in METHODS_OF_QUANTILES.split()],
    *[(np.nanquantile, (x, 0.3), {"method": m}) for m in METHODS_OF_QUANTILES.split()],
    *[(np.pad, (x, 1, mode), {}) for mode in PAD_MODES.split() if mode != "empty"],
    *[(np.pad, (x, 1, mode), {"constant_values": 2}) for mode in PAD_MODES.split()],
    *[(np.pad, (x, 1, m), {"reflect_type": "odd"}) for m in ("reflect", "symmetric")],
    *[(np.pad, (x, 1, m), {"stat_length": 1}) for m in ("maximum", "mean", "median", "minimum")],
    *[(np.linalg.norm, (a, p), {}) for p in ORDERS for a in (x, x[0], x[None])],
    *[(np.linalg.norm, (x, p, 1), {}) for p in ORDERS],
    *[(np.linalg.norm, (x[None], p), {"axis": (0, 2)}) for p in ORDERS],
    *[(np.linalg.vector_norm, (x,), {"ord": p}) for p in ORDERS if p is not None],
    *[(np.linalg.matrix_norm, (x,), {"ord": p}) for p in ORDERS if p is not None],
    *[(np.linalg.cond, (M, p), {}) for p in ORDERS],
    *[(np.convolve, (x[0], x[1, :2], mode), {}) for mode in ("full", "same", "valid", "f", 1)],
    *[(np.correlate, (x[1, :2], x[0], mode), {}) for mode in ("full", "same", "valid", "s", 2)],
    *[(np.take, (x, [0, 9, -9]), {"mode": mode}) for mode in ("raise", "wrap", "clip")],
    *[(np.choose, ([0, 9, -9, 1], x), {"mode": mode}) for mode in ("raise", "wrap", "clip", "w")],
    *[(np.reshape, (x, -1), {"order": order}) for order in ("C", "F", "A", "K", "f", None)],
    *[(np.ravel, (x.T,), {"order": order}) for order in ("C", "F", "A", "K", "f", None)],
    *[(np.linalg.eigvalsh, (M, half), {}) for half in ("L", "U", "l", "u", "X")],
    *[(np.linalg.qr, (M, mode), {}) for mode in ("reduced", "complete", "r", "raw")],
    *[(np.linalg.svd, (x, full, uv), {}) for full in (True, False) for uv in (True, False)],
    *[(np.meshgrid, (x[0], x[1]), {"indexing": indexing}) for indexing in ("xy", "ij", "yx")],
    *[(np.gradient, (x,), {"edge_order": order}) for order in (1, 2)],
    *[(np.fft.fft, (x,), {"norm": norm}) for norm in (None, "backward", "ortho", "forward", "o")],
    *[(np.fft.hfft, (x,), {"norm": norm}) for norm in (None, "backward", "ortho", "forward", "o")],
    *[(np.einsum, ("ij,ij", x, x), {"optimize": o}) for o in (True, "greedy", "optimal", ["x"])],
    *[(np.einsum, ("ij", x), {"order": order, "dtype": "f4"}) for order in "CFAK"],
    *[(np.sort, (x,), {"kind": kind}) for kind in ("quicksort", "heapsort", "stable", "other")],
]


@pytest.mark.parametrize(
    ("function", "arguments", "options"),
    CHOICES,
    ids=[f"{name_of(f)}{tuple(o for o in a[1:] if np.ndim(o) < 1)}{o}" for f, a, o in CHOICES],
)
def test_each_choice_of_an_option_is_numpys_or_refused(function, arguments, options):
    """Of the words and numbers that an option knows, none stands for another."""
    leaves, rebuild = _flatten(arguments)
    leaves = [
        ag.Tensor(leaf, requires_grad=True) if isinstance(leaf, np.ndarray) else leaf
        for leaf in leaves
    ]
    right = outcome(function, (arguments, options))
    try:
        ours = [getattr(r, "_array", r) for r in results(function(*rebuild(leaves), **options))]
    except Exception:
        return  # in words; and if NumPy refuses the call, with its own
    assert right, "NumPy refuses this"
    assert not differ(ours, right)
