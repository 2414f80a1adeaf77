"""Call the public functions with nonsense: no crash, no hang, no message without a word about what
to do.

    python tests/test_autograd_lite/fuzzing.py 200 17        200 calls of each function, seed 17
    python tests/test_autograd_lite/fuzzing.py --call np.tanh 4711        one call, in full

A function's name and a number decide the arguments of a call, so that a new function changes the
calls of no other. A call may succeed, or raise one of the errors that a caller can expect, with a
message that names something; it may not end the interpreter, last longer than seconds, or leave a
Tensor behind that cannot be shown.
"""

import argparse
import faulthandler
import resource
import time
import traceback
import warnings
import zlib

import numpy as np

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import FORMULAS

EXPECTED = (
    TypeError,
    ValueError,
    IndexError,
    RuntimeError,
    AssertionError,
    OverflowError,
    np.linalg.LinAlgError,
)
SLOW = 5.0  # seconds


class Hostile:
    """An object that refuses to be asked anything."""

    def __getattr__(self, name):
        raise AttributeError(name)

    def __repr__(self):
        return "hostile"


def _cyclic():
    cycle = [1.0]
    cycle.append(cycle)
    return cycle


def _tensor(data, **options):
    return ag.Tensor(data, requires_grad=True, **options)


def _freed():
    x = _tensor([1.0, 2.0])
    y = np.sum(x * 2)
    y.backward(retain_graph=False)
    return y


def _stale():
    x = _tensor([1.0, 2.0])
    y = x * 2
    x.data = [3.0, 4.0]
    return y


MAKE = [
    lambda: _tensor(0.7),
    lambda: _tensor([0.3, -0.8, 1.5]),
    lambda: _tensor(np.linspace(-1, 1, 6).reshape(2, 3)),
    lambda: _tensor(np.eye(3) + 0.1),
    lambda: _tensor(np.zeros((0, 3))),
    lambda: _tensor(np.float32([1, 2])),
    lambda: _tensor(np.float16([1, 2])),
    lambda: _tensor([np.nan, np.inf, -np.inf]),
    lambda: _tensor([1e308, -1e308, 5e-324]),
    lambda: _tensor(np.zeros((2, 2))),
    lambda: _tensor(np.ones((2, 3, 4))[::-1, :, ::2]),
    lambda: ag.Tensor([1.0, 2.0]),
    lambda: _tensor([1.0, 2.0]) * 2,
    lambda: _tensor([1.0, 2.0], name="ω<b>&'\"\n"),
    _freed,
    _stale,
    lambda: np.array([1.0, 2.0]),
    lambda: np.array([1, 2, 3]),
    lambda: np.array([True, False]),
    lambda: np.array([[1j, 2.0]]),
    lambda: np.array([None, "a"], object),
    lambda: np.ma.array([1.0, 2.0], mask=[0, 1]),
    lambda: np.zeros((3, 0)),
    lambda: 0,
    lambda: -1,
    lambda: 2,
    lambda: 2.5,
    lambda: 10**4,  # more, and np.diff(x, n) is at work for ever, with or without us
    lambda: float("nan"),
    lambda: True,
    lambda: None,
    lambda: "ij,j",
    lambda: "",
    lambda: b"bytes",
    lambda: (),
    lambda: (0, 1),
    lambda: (-1,),
    lambda: [],
    lambda: [0, 1],
    lambda: [[1, 2], [3]],
    lambda: {},
    lambda: {"a": [_tensor(1.0), (2.0, {})]},
    lambda: [_tensor([1.0, 2.0]), _tensor([3.0, 4.0])],
    lambda: slice(None, None, -1),
    lambda: ...,
    lambda: np.float64,
    lambda: np.tanh,
    lambda: lambda x: x,
    lambda: lambda x: np.sum(np.tanh(x) ** 2),
    lambda: lambda *x: None,
    lambda: Hostile(),
    lambda: object(),
    lambda: 1 + 2j,
    lambda: {1.0, 2.0},
    lambda: range(3),
    _cyclic,
]
OPTIONS = [
    "axis",
    "keepdims",
    "out",
    "where",
    "dtype",
    "seed",
    "create_graph",
    "argnums",
    "name",
    "shape",
    "weight",
    "analytic",
]
OPTIONS += ["order", "ddof", "mode", "k", "n", "requires_grad", "tolerance", "loss"]


def _methods():
    names = [name for name in dir(ag.Tensor) if not name.startswith("_")]
    protocols = {"__array__", "__array_ufunc__", "__array_function__", "__slots__", "__weakref__"}
    names += [
        name
        for name in dir(ag.Tensor)
        if name.startswith("__") and name not in {*dir(object), *protocols}
    ]
    return [
        (f"Tensor.{name}", getattr(ag.Tensor, name))
        for name in names
        if callable(getattr(ag.Tensor, name))
    ]


def _made(maker):
    """A function that is made by a transform, and called at once: grad(f)(x)."""
    return lambda *arguments, **options: maker(*arguments[:1], **options)(*arguments[1:])


FUNCTIONS = {
    **{
        f"ag.{name}": getattr(ag, name)
        for name in ag.__all__
        if name not in ("derivative", "differentiable")
    },
    **{
        f"ag.{maker.__name__}(f)": _made(maker)
        for maker in (ag.grad, ag.value_and_grad, ag.jacobian, ag.hessian)
    },
    **dict(_methods()),
    **{
        name_of(f): f
        for f in (*RULES, *FORMULAS)
        if not (getattr(f, "__module__", None) or "").startswith("autograd_lite")
    },
}


def draw_call(name, number):
    """(arguments, options) of this function's call with this number."""
    rng = np.random.default_rng([zlib.crc32(name.encode()), number])
    draw = lambda: MAKE[rng.integers(len(MAKE))]()
    arguments = [draw() for _ in range(rng.integers(0, 5))]
    # What NumPy's functions do without a Tensor is NumPy's affair.
    if rng.integers(3) or not name.startswith("ag."):
        arguments[:1] = [MAKE[rng.integers(16)]()]
    options = {
        str(name): draw()
        for name in rng.choice(OPTIONS, rng.integers(0, 2) * rng.integers(0, 3), replace=False)
    }
    return arguments, options


def attempt(name, number):
    """None if the call behaved, else what was wrong with it."""
    arguments, options = draw_call(name, number)
    start = time.perf_counter()
    try:
        result = FUNCTIONS[name](*arguments, **options)
        for part in result if isinstance(result, list | tuple) else [result]:
            if isinstance(part, ag.Tensor):
                repr(part)
                if part.requires_grad and part.size and part.dtype.kind == "f":
                    ag.gradients(part, [part], seed=np.ones(part.shape))
                    np.sum(part).backward()
    except MemoryError:
        return None
    except EXPECTED as error:
        if len(str(error)) < 10:
            return f"{name} raised {type(error).__name__} with the message {str(error)!r}"
        if _is_accident(error):
            return (
                f"{name} stumbled over its own code: {_last_line(error)}: {type(error).__name__}: "
                f"{error}"
            )
    except Exception as error:
        # NumPy's, of a ufunc that was given objects
        of_objects = f"has no attribute '{name.split('.')[1]}'" in str(error)
        if of_objects or not _is_ours(traceback.extract_tb(error.__traceback__)[-1].filename):
            return None
        return f"{name} raised {type(error).__name__}: {error}, at {_last_line(error)}"
    if time.perf_counter() - start > SLOW:
        return f"{name} took {time.perf_counter() - start:.1f} s"
    return None


ACCIDENTS = (
    "has no attribute '_",
    "object is not subscriptable",
    "unhashable type",
    "list index out of range",
)
ACCIDENTS += (
    "tuple index out of range",
    "zip() argument",
    "argument of type",
    "local variable",
    "unpack",
)


def _is_accident(error):
    """An error that our own lines raised by accident, not by a `raise` with a message of ours, nor
    by NumPy.
    """
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return (
        _is_ours(frame.filename)
        and not (frame.line or "").startswith("raise")
        and any(accident in str(error) for accident in ACCIDENTS)
    )


def _is_ours(file):
    return "autograd_lite" in file and "tests" not in file


def _last_line(error):
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno} ({frame.line})"


def run(calls, seed):
    """{what was wrong: the first call in which it was}, after so many calls of each function."""
    faulthandler.enable()
    # np.tile(x, b"bytes") would be 100 terabytes
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    faults = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name in FUNCTIONS:
            for number in range(seed, seed + calls):
                faulthandler.dump_traceback_later(60, exit=True)  # a hang
                fault = attempt(name, number)
                if fault:
                    faults.setdefault(fault, (name, number))
    return faults


def main():
    """Run the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("calls", nargs="?", type=int, default=60, help="of each function")
    parser.add_argument("seed", nargs="?", type=int, default=0, help="the first call's number")
    parser.add_argument("--call", nargs=2, metavar=("FUNCTION", "NUMBER"), help="show one call")
    options = parser.parse_args()
    if options.call:
        name, number = options.call[0], int(options.call[1])
        print(name, *draw_call(name, number), attempt(name, number), sep="\n")
        return 0
    print(f"{options.calls} calls of each of {len(FUNCTIONS)} functions, seed {options.seed}")
    faults = run(options.calls, options.seed)
    for fault, (name, number) in faults.items():
        print(f"--call {name} {number}: {fault}")
    print(f"{options.calls * len(FUNCTIONS)} calls, {len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    raise SystemExit(main())
