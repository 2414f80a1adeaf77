"""Derivatives of Python functions, made from the walk: gradients, grad, value_and_grad, vjp,
jacobian, hessian; and `ancestors`, all results on the way to one.

Arguments are arrays, numbers, Tensors, or nested lists, tuples and dicts of them; results have the
same structure. Plain arguments give plain arrays. Inside another derivative, where an argument or a
closed-over value is being recorded, the result is recorded too, so that derivatives nest:
grad(grad(f)), or a gradient penalty inside a loss.
"""

import math
from functools import wraps

import numpy as np

from autograd_lite.backpropagation import NOT_RECORDED, adjoints, paths_between, results_before
from autograd_lite.batching import Stack, fill, rules_on, seeds_at_once
from autograd_lite.derivatives import RULES
from autograd_lite.recording import enable_grad
from autograd_lite.tensor import Tensor


def ancestors(tensor: Tensor) -> list[Tensor]:
    """All recorded results that lead to a tensor, itself among them: oldest first. What each was
    made from stands in its `.record`.

    tensor: a result. For a leaf, to which nothing leads, the list is empty.

    Raises TypeError for what is no Tensor.

        >>> x = ag.Tensor(0.5, requires_grad=True)
        >>> [result.record.function.__name__ for result in ag.ancestors(np.exp(x) * x)]
        ['exp', 'multiply']
    """
    if not isinstance(tensor, Tensor):
        raise TypeError(f"ancestors needs a Tensor, got {type(tensor).__name__}.")
    return results_before(tensor)


def gradients(output, inputs, seed=None, create_graph=False):
    """∂output/∂input for each of the inputs, which may be leaves or results; no `.grad` is touched.

    output: a Tensor of one entry; or of any shape, together with a seed.
    inputs: a list of Tensors that require a gradient. The walk goes no further than these.
    seed: the gradient to start from, of the output's shape; by default 1.
    create_graph: return recorded Tensors that can be differentiated again; otherwise plain arrays.

    Returns a list with the derivative by each input, in the shape of that input; zeros where an
    input does not lead to the output. Raises TypeError for inputs that are no Tensors with
    requires_grad, and what `Tensor.backward` raises. (torch.autograd.grad.)

        >>> x = ag.Tensor(3.0, requires_grad=True)
        >>> s = x * x
        >>> l = 2 * s
        >>> ag.gradients(l, [s, x])  # ∂l/∂s = 2, ∂l/∂x = 2 · 2x
        [array(2.), array(12.)]
    """
    inputs = _checked(output, inputs)
    return _walk(output, inputs, seed, create_graph, _paths(output, inputs))


def gradients_for_seeds(output, inputs, seeds, count):
    """`gradients` for each of many seeds, many at a time: of each input an array of the shape
    (count, *shape of the input).

    output, inputs: as for `gradients`.
    seeds: a function; seeds(start, stop) gives some of them as one array, of the shape
        (stop − start, *shape of the output).
    count: how many there are.
    """
    inputs = _checked(output, inputs)
    return _rows(output, inputs, seeds, count, _paths(output, inputs))


def _checked(output, inputs):
    """The inputs as a list. Raises TypeError, or RuntimeError, where there is no way to them."""
    if isinstance(inputs, Tensor):
        raise TypeError(
            "gradients needs a list of inputs, got a Tensor: write gradients(output, [x])."
        )
    inputs = list(inputs)
    for tensor in (output, *inputs):
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"gradients needs Tensors, got {type(tensor).__name__}; a result that is no Tensor "
                "lost its record."
            )
    for tensor in inputs:
        if not tensor.requires_grad:
            raise TypeError(
                f"{tensor._describe()} has requires_grad=False, so nothing made from it was "
                "recorded."
            )
    if output._wanted is NOT_RECORDED:
        output._needs_record()
    return inputs


def _paths(output, inputs):
    return paths_between(inputs, output) if output.requires_grad and inputs else ()


def _rows(output, inputs, seeds, count, paths):
    """Of each input the gradients for all seeds, one row for each."""
    rows = [np.empty((count, *tensor.shape), tensor.dtype) for tensor in inputs]
    walk = lambda seed: _walk(output, inputs, seed, False, paths)
    if rows:
        fill(rows, walk, seeds, seeds_at_once([output, *paths]))
    return rows


def _walk(output, inputs, seed, create_graph, paths):
    if create_graph and isinstance(seed, Tensor):
        # The same checks; the Tensor itself goes on, so that the result can be differentiated by
        # it.
        output._seed(seed)
    else:
        seed = output._seed(seed)
        seed = Tensor(seed) if create_graph else seed
    found = {}
    if paths:
        with enable_grad():
            rules = rules_on(paths) if isinstance(seed, Stack) else RULES
            found = dict(adjoints(output, seed, set(inputs), paths, create_graph, table=rules))
    adjoint_of = [
        found[tensor] if tensor in found else np.zeros(tensor.shape, tensor.dtype)
        for tensor in inputs
    ]
    return (
        [g if isinstance(g, Tensor) else Tensor(g) for g in adjoint_of]
        if create_graph
        else [np.copy(g) for g in adjoint_of]
    )


def vjp(f, *args):
    """The value f(*args), and the pullback: a function that gives seedᵀ ∂f/∂argument, a
    vector-Jacobian product, for each of the arguments.

    f: a function of arrays, written with NumPy's functions.
    args: its arguments: arrays, numbers, Tensors, or lists, tuples and dicts of them.

    Returns (value, pullback). pullback(seed) takes a seed of the value's shape (by default 1, if
    the value is one number), and returns a tuple with a derivative in the form of each argument. It
    can be called often; with a Tensor as seed it can be differentiated itself.

    Raises TypeError if f returns no Tensor: then the record was lost on the way.

        >>> value, pullback = ag.vjp(lambda x: x * x, np.array([1.0, 2.0]))
        >>> value, pullback(np.array([1.0, 10.0]))
        (array([1., 4.]), (array([ 2., 40.]),))
    """
    value, inputs, paths, recorded, rebuild = _run(f, args)

    def pullback(seed=None):
        create_graph = recorded or (isinstance(seed, Tensor) and seed.requires_grad)
        return rebuild(_walk(value, inputs, seed, create_graph, paths))

    return value if recorded else value.data, pullback


def _run(f, args):
    """(value, inputs, paths, recorded, rebuild): f(*args), the tensors that f was given in place of
    the arguments' leaves, the paths between them, whether a derivative must be recorded itself, and
    what puts others in the leaves' places.
    """
    flat, rebuild = _flatten(args)
    inputs = [_input(leaf) for leaf in flat]
    with enable_grad():
        value = f(*rebuild(inputs))
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{_name(f)} returned {type(value).__name__}, not a Tensor: "
            + (
                "join several results into one with np.stack or np.concatenate."
                if isinstance(value, list | tuple)
                else "the record was lost. Use NumPy's functions inside it, "
                "not math's, float() or .data."
            )
        )
    if value._wanted is NOT_RECORDED:
        value._needs_record()
    paths = _paths(value, inputs)
    recorded = _is_recorded(value, inputs)
    for leaf in inputs:
        # Ours alone: a derivative around this one must not take it for a parameter.
        if leaf.function is None:
            leaf.requires_grad = False
    return value, inputs, paths, recorded, rebuild


def value_and_grad(f, argnums=0):
    """A function that returns (f(…), ∂f/∂argument).

    f: a function of arrays that gives one number, written with NumPy's functions.
    argnums: the position of the argument to differentiate by; or a tuple of positions, which gives
        a tuple of derivatives.

    The derivative has the structure and the shapes of the argument. Given plain arrays, value and
    derivative are plain: the form that `scipy.optimize.minimize(value_and_grad(f), x0, jac=True)`
    takes. The function that is returned raises ValueError for a value of more than one entry;
    TypeError where the value is no Tensor, and where `argnums` names no positional argument.

        >>> ag.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
        (np.float64(5.0), array([2., 4.]))
    """

    @wraps(f, updated=())
    def value_and_gradient(*args, **options):
        partial, chosen = _partial(f, argnums, args, options)
        value, pullback = vjp(partial, *chosen)
        if np.size(value) != 1:
            raise ValueError(
                f"{_name(f)} returned an array of shape {np.shape(value)}; a gradient needs one "
                "number. Reduce it (np.sum, np.mean), or ask for all derivatives with ag.jacobian."
            )
        derivatives = pullback()
        return value, derivatives[0] if np.ndim(argnums) == 0 else derivatives

    return value_and_gradient


def grad(f, argnums=0):
    """A function that returns ∂f/∂argument, with the structure and the shapes of that argument.

    f: a function of arrays that gives one number, written with NumPy's functions.
    argnums: the position of the argument to differentiate by; or a tuple of positions, which gives
        a tuple of derivatives.

    What `grad` gives can be differentiated again: grad(grad(f)). It raises what `value_and_grad`
    does.

        >>> ag.grad(np.sin)(0.0)  # cos 0
        array(1.)
        >>> ag.grad(lambda x, y: x * y**2, argnums=(0, 1))(2.0, 3.0)  # y², 2 x y
        (array(9.), array(12.))
        >>> ag.grad(lambda p: p["slope"] * 2.0 + p["bias"])({"slope": 1.0, "bias": 0.5})
        {'slope': array(2.), 'bias': array(1.)}
    """
    both = value_and_grad(f, argnums)

    @wraps(f, updated=())
    def gradient(*args, **options):
        return both(*args, **options)[1]

    return gradient


def jacobian(f, argnums=0):
    """A function that returns the derivatives of all entries of f(…) by all entries of an argument.

    f: a function of arrays, written with NumPy's functions.
    argnums: the position of the argument to differentiate by; or a tuple of positions, which gives
        a tuple of Jacobians.

    The result has the shape of the value + the shape of the argument: J[i, j] = ∂f_i/∂x_j of two
    vectors. Where f returns a structure (lists, tuples and dicts of values), the result has it, and
    in the place of each value the structure of the argument. Many entries of the value are walked
    back at once.

        >>> ag.jacobian(lambda x: np.stack([x[0] * x[1], x[0] ** 2]))(np.array([2.0, 3.0]))
        array([[3., 2.],
               [4., 0.]])
    """

    @wraps(f, updated=())
    def all_derivatives(*args, **options):
        partial, chosen = _partial(f, argnums, args, options)
        joined, structure = _joined(partial)
        value, inputs, paths, recorded, rebuild = _run(joined, chosen)
        n = value.size
        # rows of the unit matrix, (seeds, n), each in the shape of the value
        one_hot = lambda start, stop: np.eye(stop - start, n, start).reshape(-1, *value.shape)
        if recorded and n:  # one walk after the other: a Stack is not recorded
            rows = [_walk(value, inputs, seed, True, paths) for seed in one_hot(0, n)]
            columns = [np.stack(column) for column in zip(*rows, strict=True)]
        else:
            columns = _rows(value, inputs, one_hot, n, paths)
        shapes, rebuild_value = structure
        blocks, start = [], 0
        for shape in shapes:  # the rows of each of the values
            stop = start + math.prod(shape)
            # of each input (rows, shape of the input) → (shape of the value, shape of the input)
            block = rebuild(
                [column[start:stop].reshape(shape + column.shape[1:]) for column in columns]
            )
            blocks.append(block[0] if np.ndim(argnums) == 0 else block)
            start = stop
        return rebuild_value(blocks)

    return all_derivatives


def hessian(f, argnums=0):
    """A function that returns all second derivatives ∂²f/∂x_i ∂x_j by the entries of an argument x.

    f: a function of arrays that gives one number, written with NumPy's functions.
    argnums: the position of the argument to differentiate by; or a tuple of positions.

    The result has the shape of the argument twice, (n, n) for a vector. For several arguments, or
    one with a structure, H[i][j] is the derivative by i and by j. It is the Jacobian of the
    gradient, and raises what `grad` does.

        >>> ag.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 3.0]))
        array([[6., 2.],
               [2., 0.]])
    """
    return jacobian(grad(f, argnums), argnums)


def _joined(f):
    """f with its values in one row, if there are several; and a list that after a call holds their
    shapes and structure.
    """
    structure = []

    @wraps(f, updated=())
    def joined(*args):
        value = f(*args)
        leaves, rebuild = _flatten(value)
        structure[:] = [[np.shape(leaf) for leaf in leaves], rebuild]
        return (
            leaves[0]
            if len(leaves) == 1
            else np.concatenate([np.reshape(leaf, -1) for leaf in leaves])
        )

    return joined, structure


def _partial(f, argnums, args, options):
    """f as a function of the chosen arguments alone, and these arguments."""
    positions = (argnums,) if np.ndim(argnums) == 0 else tuple(argnums)
    for position in positions:
        if not -len(args) <= position < len(args):
            raise TypeError(
                f"argnums={argnums!r}, but {_name(f)} was called with {len(args)} positional "
                "arguments. Pass what is differentiated by position, not by keyword."
            )
    if len({position % len(args) for position in positions}) < len(positions):
        raise TypeError(f"argnums={argnums!r} names an argument twice.")

    @wraps(f, updated=())
    def partial(*chosen):
        completed = list(args)
        for position, argument in zip(positions, chosen, strict=True):
            completed[position] = argument
        return f(*completed, **options)

    return partial, tuple(args[position] for position in positions)


def _input(leaf):
    """What f is given in place of an argument: a tensor of its own, so that the argument can also
    be closed over.
    """
    if isinstance(leaf, Tensor) and leaf.requires_grad:
        with enable_grad():
            return +leaf
    return Tensor(leaf.data if isinstance(leaf, Tensor) else leaf, requires_grad=True)


def _is_recorded(value, inputs):
    """Whether something other than the fresh inputs needs a gradient of the result: then it must be
    recorded.
    """
    if any(tensor.function is not None for tensor in inputs):
        return True
    leaves = {value, *(t.arguments[i] for t in ancestors(value) for i in t._wanted)}
    return any(t.requires_grad and t.function is None for t in leaves.difference(inputs))


def _flatten(tree):
    """(leaves, rebuild) of nested lists, tuples and dicts: rebuild(new_leaves) puts others in the
    same places.
    """
    if isinstance(tree, dict):
        keys, children = list(tree), list(tree.values())
        make = lambda parts: dict(zip(keys, parts, strict=True))
    elif isinstance(tree, list | tuple):
        children = list(tree)
        make = lambda parts: type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    else:
        return [tree], lambda leaves: leaves[0]
    branches = [_flatten(child) for child in children]

    def rebuild(leaves):
        leaves, parts = iter(leaves), []
        for flat, rebuild_child in branches:
            parts.append(rebuild_child([next(leaves) for _ in flat]))
        return make(parts)

    return [leaf for flat, _ in branches for leaf in flat], rebuild


def _name(f):
    return getattr(f, "__name__", repr(f))
