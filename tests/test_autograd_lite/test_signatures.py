"""A declared function may have any signature that Python has: no argument is lost on the way to its
rules, or it is refused.

The functions here are made at random. Each is the product of 1 + w·p over all that it was given,
so that the derivative by one argument depends on every other: whatever is lost shows.
"""

import functools
import itertools

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of

NAMES = "abcdef"
VALUES = {
    "number": lambda rng: round(rng.uniform(0.5, 2.0), 3),
    "function": lambda rng: np.tanh,
    "string": lambda rng: "0.75",
    "list": lambda rng: [0.25, 1.0],
    "words": lambda rng: ["a", "b"],
    "nothing": lambda rng: None,
    "dict": lambda rng: {"scale": 0.3},
    "object": lambda rng: Scale(),
}


class Scale:
    size = 0.6


def number(value):
    """What an argument of any kind counts for."""
    if callable(value):
        return value(0.4)
    if isinstance(value, str | dict | list | Scale) or value is None:
        return len(str(value)) % 7 / 4 if not isinstance(value, Scale) else value.size
    return value


def product(parts):
    """Π (1 + (i + 2) p_i), the parts in order; those by name are told apart by their names."""
    return functools.reduce(lambda total, part: total * (1 + part[0] * number(part[1])), parts, 1.0)


def weighted(placed, star, named):
    weights = {name: 20.0 + ord(name[0]) for name in named}
    parts = [(i + 2.0, value) for i, value in enumerate([*placed, *star])]
    return parts + [(weights[name], value) for name, value in sorted(named.items())]


def others(parts, i):
    """The derivative by the part i."""
    return parts[i][0] * product([part for j, part in enumerate(parts) if j != i])


class Signature:
    """Parameters drawn at random, of all kinds, and how many of them have a rule."""

    def __init__(self, rng):
        count = int(rng.integers(1, 5))
        alone = int(rng.integers(0, count + 1)) if rng.integers(2) else 0
        by_name = int(rng.integers(0, count - alone + 1)) if rng.integers(2) else 0
        self.placed, self.by_name = (
            list(NAMES[: count - by_name]),
            list(NAMES[count - by_name : count]),
        )
        self.alone = min(alone, len(self.placed))
        self.star = "xs" if rng.integers(3) == 0 else None
        self.any = "options" if rng.integers(4) == 0 else None
        first_default = int(rng.integers(0, len(self.placed) + 1))
        self.defaults = {
            name: VALUES["number"](rng) for i, name in enumerate(self.placed) if i >= first_default
        }
        self.defaults |= {name: VALUES["number"](rng) for name in self.by_name if rng.integers(2)}
        if not self.placed and not self.star:
            self.star = "xs"
        most = len(self.placed) + (2 if self.star else 0)
        self.rules = int(rng.integers(1, most + 1))
        kinds = rng.choice(list(VALUES), len(self.placed))
        self.kinds = dict(zip(self.placed, kinds, strict=True))
        self.kinds |= dict.fromkeys(self.defaults, "number")
        if self.rules <= len(self.placed):
            self.kinds[self.placed[self.rules - 1]] = "number"

    def __str__(self):
        shown = lambda name: f"{name}={self.defaults[name]}" if name in self.defaults else name
        parts = [shown(name) for name in self.placed]
        if self.alone:
            parts.insert(self.alone, "/")
        if self.star or self.by_name:
            parts.append(f"*{self.star or ''}")
        parts += [shown(name) for name in self.by_name]
        return ", ".join(parts + ([f"**{self.any}"] if self.any else []))

    @property
    def parts(self):
        named = ", ".join(
            [f"'{n}': {n}" for n in self.by_name] + [f"**{self.any}"] * bool(self.any)
        )
        return f"weighted([{', '.join(self.placed)}], {self.star or '()'}, {{{named}}})"

    def function(self):
        return eval(f"lambda {self}: product({self.parts})", globals())

    def rule(self, i, text=None):
        return eval(f"lambda g, y, {text or self}: g * others({self.parts}, {i})", globals())

    def all_rules(self):
        placed = [*self.placed, *["number"] * self.rules][: self.rules]
        return [
            self.rule(i) if self.kinds.get(name, "number") == "number" else None
            for i, name in enumerate(placed)
        ]

    def calls(self, rng, count):
        """(arguments, options, places): calls that Python allows; where a number stands in them,
        and whether a rule belongs to it.
        """
        for _ in range(count):
            given = len(self.placed)
            while given and self.placed[given - 1] in self.defaults and rng.integers(2):
                given -= 1
            values = {name: VALUES[self.kinds[name]](rng) for name in self.placed[:given]}
            by_place = int(rng.integers(min(self.alone, given), given + 1))
            arguments = [values[name] for name in self.placed[:by_place]]
            options = {
                name: values[name]
                for name in self.placed[by_place:given]
                if name not in self.defaults or rng.integers(3)
            }
            if self.star and by_place == len(self.placed):
                arguments += [VALUES["number"](rng) for _ in range(rng.integers(0, 4))]
            for name in self.by_name:
                if name not in self.defaults or rng.integers(2):
                    options[name] = VALUES["number"](rng)
            if self.any and rng.integers(2):
                options["more"] = VALUES["number"](rng)
                if self.alone:  # the name of a parameter that has none for callers
                    options[self.placed[0]] = VALUES["number"](rng)
            yield arguments, options

    def has_rule(self, place):
        """Whether there is a rule for the argument at a place, or of a name."""
        if isinstance(place, str):
            if place not in self.placed[self.alone :]:
                return False
            place = self.placed.index(place)
        return place < self.rules


def places_of_numbers(arguments, options):
    yield from (i for i, value in enumerate(arguments) if isinstance(value, float))
    yield from (name for name, value in options.items() if isinstance(value, float))


def with_tensor(arguments, options, place):
    """The call with a Tensor at a place, and the Tensor."""
    arguments, options = list(arguments), dict(options)
    into = options if isinstance(place, str) else arguments
    into[place] = ag.Tensor(into[place], requires_grad=True)
    return arguments, options, into[place]


def slope(function, arguments, options, place):
    """∂f/∂(what stands there), by a difference: exact, since f is linear in each argument."""
    moved = lambda step: (
        [v + step if i == place else v for i, v in enumerate(arguments)],
        {name: v + step if name == place else v for name, v in options.items()},
    )
    up, down = moved(0.5), moved(-0.5)
    return function(*up[0], **up[1]) - function(*down[0], **down[1])


@pytest.mark.parametrize("seed", range(300))
def test_every_signature_works(seed):
    rng = np.random.default_rng(seed)
    signature = Signature(rng)
    plain = signature.function()
    rules = signature.all_rules()
    declared = ag.differentiable(*rules)(plain)
    for arguments, options in signature.calls(rng, 6):
        for place in places_of_numbers(arguments, options):
            given, named, tensor = with_tensor(arguments, options, place)
            call = f"f({signature}) called with {arguments}, {options}, a Tensor at {place}"
            if not signature.has_rule(place):
                with pytest.raises(TypeError, match=r"no rule|no derivative by"):
                    declared(*given, **named)
                continue
            result = declared(*given, **named)
            assert result.item() == pytest.approx(plain(*arguments, **options)), call
            result.backward()
            expected = slope(plain, arguments, options, place)
            assert tensor.grad == pytest.approx(expected), call


def test_the_signatures_are_of_all_kinds():
    drawn = [Signature(np.random.default_rng(seed)) for seed in range(300)]
    for kind in ("alone", "by_name", "star", "any", "defaults"):
        assert sum(bool(getattr(signature, kind)) for signature in drawn) > 40, kind
    kinds = {kind for signature in drawn for kind in signature.kinds.values()}
    assert kinds == set(VALUES)


def other_signatures(signature):
    """What a rule's signature might be by mistake."""
    text, names = str(signature), [*signature.placed, *signature.by_name]
    for name in names:
        shown = f"{name}={signature.defaults[name]}" if name in signature.defaults else name
        yield ", ".join(part for part in text.split(", ") if part != shown)  # forgotten
        yield text.replace(shown, "other" + shown[1:])  # of another name
        if name in signature.defaults:
            yield text.replace(shown, f"{name}=7.7")  # with another default
            yield text.replace(shown, name)  # without it
    for one, other in itertools.combinations(names, 2):  # in another order
        yield text.translate(str.maketrans({one: other, other: one}))
    yield text.replace("*xs", "*")
    yield text.replace(", **options", "")
    if signature.placed:
        yield f"surplus, {text}"


@pytest.mark.parametrize("seed", range(200))
def test_a_rule_with_another_signature_is_refused_or_right(seed):
    """It is refused when declared or when called, or gives the function's derivative all the same;
    never another number.
    """
    rng = np.random.default_rng(1000 + seed)
    signature = Signature(rng)
    plain, right = signature.function(), signature.all_rules()
    for text in other_signatures(signature):
        try:
            rules = [rule and signature.rule(i, text) for i, rule in enumerate(right)]
            declared = ag.differentiable(*rules)(plain)
        except (SyntaxError, TypeError):
            COUNTED["refused"] += 1
            continue
        for arguments, options in signature.calls(rng, 2):
            for place in places_of_numbers(arguments, options):
                given, named, tensor = with_tensor(arguments, options, place)
                try:
                    declared(*given, **named).backward()
                except (TypeError, NameError, IndexError):  # (its formula lacks what it needs)
                    continue
                expected = slope(plain, arguments, options, place)
                assert tensor.grad == pytest.approx(expected), (str(signature), text)
                COUNTED["right"] += 1


COUNTED = {"refused": 0, "right": 0}


def test_both_happened():
    if COUNTED["refused"]:  # (not so where the tests above were left out)
        assert COUNTED["refused"] > 500 and COUNTED["right"] > 100


POWER = lambda g, y, x, n=2: g * n * x ** (n - 1)


def declared_in(*rules, **options):
    """A class with a declared method."""

    class Power:
        n = 3.0

        @ag.differentiable(*rules, **options)
        def method(self, x, scale=1.0):
            return scale * x**self.n

        @staticmethod
        @ag.differentiable(POWER)
        def static(x, n=2):
            return x**n

        @classmethod
        @ag.differentiable(None, lambda g, y, cls, x: g * cls.n * x ** (cls.n - 1))
        def of_class(cls, x):
            return x**cls.n

    return Power()


def test_methods():
    power = declared_in(
        None, lambda g, y, self, x, scale=1.0: g * scale * self.n * x ** (self.n - 1)
    )
    ag.check_gradient(power.method, 2.0)
    ag.check_gradient(lambda x: power.method(x, scale=0.5), 2.0)
    ag.check_gradient(lambda x: type(power).method(power, x=x, scale=0.5), 2.0)
    ag.check_gradient(power.static, 2.0)
    ag.check_gradient(lambda x: power.static(x, n=3), 2.0)
    ag.check_gradient(power.of_class, 2.0)
    assert power.method(2.0) == 8.0 and power.of_class(2.0) == 8.0


def test_a_method_whose_self_was_forgotten_is_refused():
    with pytest.raises(TypeError, match=r"x stands in another place.*lambda g, y, self, x"):
        declared_in(lambda g, y, x, scale=1.0: g)


@pytest.mark.parametrize("of_a_class", [staticmethod, classmethod, property])
def test_what_is_no_function_yet_is_refused(of_a_class):
    def f(x):
        return x

    if of_a_class is staticmethod:  # which can be called
        ag.check_gradient(ag.differentiable(lambda g, y, x: g)(staticmethod(f)), 2.0)
    else:
        with pytest.raises(TypeError, match=f"got {of_a_class.__name__}.* below @"):
            ag.differentiable(lambda g, y, x: g)(of_a_class(f))


def test_a_forgotten_rule_is_told():
    @ag.differentiable
    def f(x):
        return x

    with pytest.raises(TypeError, match=r"got Tensor. Write @ag.differentiable\(rule, ...\)"):
        f(ag.Tensor(1.0))


def generate(x):
    yield x


@pytest.mark.parametrize(
    "function",
    [
        generate,
        lambda x: None,
        lambda x: "text",
        lambda x: {"a": x},
        lambda x: (x, "text"),
        lambda x: np.float64,
        lambda x: np.array([None]),
    ],
    ids=["generator", "None", "text", "dict", "tuple", "class", "objects"],
)
def test_a_result_that_is_no_number_is_refused(function):
    by_name = lambda x, n=1: function(x)
    with pytest.raises(TypeError, match="only numbers are differentiated"):
        ag.differentiable(lambda g, y, x: g)(function)(ag.Tensor(1.0, requires_grad=True))
    with pytest.raises(TypeError, match="only numbers are differentiated"):
        ag.differentiable(lambda g, y, x, n=1: g)(by_name)(ag.Tensor(1.0), n=2)


class Callable:
    def __call__(self, x, n=2):
        return x**n


@pytest.mark.parametrize(
    "function",
    [
        lambda x, n=2: x**n,
        functools.partial(lambda a, x, n=2: a * x**n, 1.0),
        functools.partial(lambda x, n, a: a * x**n, n=2, a=1.0),
        Callable(),
        Callable().__call__,
    ],
    ids=["lambda", "partial", "partial by name", "object", "bound method"],
)
def test_callables_of_all_kinds(function):
    declared = ag.differentiable(POWER)(function)
    for call in (declared, lambda x: declared(x, n=3), lambda x: declared(x=x, n=3)):
        ag.check_gradient(call, 2.0)
    x = ag.Tensor(2.0, requires_grad=True)
    assert repr(declared(x)).endswith(f"function={declared.__name__})")


def test_a_function_that_tells_no_signature_takes_its_rules():
    class Silent:
        __signature__ = None  # as a function written in C

        def __call__(self, x, n=2):
            return x**n

    declared = ag.differentiable(lambda g, y, x, n=2: g * n * x ** (n - 1))(Silent())
    for call in (declared, lambda x: declared(x, 3), lambda x: declared(x, n=3)):
        ag.check_gradient(call, 2.0)
    x = ag.Tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError):
        declared(x, 3, 4)
    with pytest.raises(TypeError, match="no derivative by n"):
        declared(2.0, x)


others_of = lambda xs, i: np.prod([x for j, x in enumerate(xs) if j != i])


def test_arguments_in_a_row_all_reach_the_rules():
    @ag.differentiable(
        lambda g, y, *xs: g * others_of(xs, 0), lambda g, y, *xs: g * others_of(xs, 1)
    )
    def product_of_all(*xs):
        return functools.reduce(lambda a, b: a * b, xs)

    assert ag.grad(lambda x: product_of_all(x, 3.0))(2.0) == 3.0
    assert ag.grad(lambda x: product_of_all(x, 3.0, 5.0))(2.0) == 15.0
    assert ag.grad(lambda x: product_of_all(3.0, x, 5.0, 7.0))(2.0) == 105.0
    assert ag.grad(product_of_all)(2.0) == 1.0
    with pytest.raises(TypeError, match=r"no rule for its argument number 3.*Declare one for each"):
        ag.grad(lambda x: product_of_all(2.0, 3.0, x))(5.0)


def test_rules_for_arguments_in_a_row_take_any_number():
    with pytest.raises(TypeError, match=r"any number of arguments may come.*lambda g, y, \*xs"):
        ag.differentiable(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)(lambda *xs: xs[0])


def test_a_tensor_within_an_option_is_refused():
    @ag.differentiable(lambda g, y, x, weights=None, **more: g)
    def f(x, weights=None, **more):
        return x + sum(weights or [0.0]) + more.get("shift", {"by": 0.0})["by"]

    t = ag.Tensor(3.0, requires_grad=True)
    for options in (
        {"weights": t},
        {"weights": [1.0, t]},
        {"weights": (1.0, [t])},
        {"shift": {"by": t}},
        {"unknown": {"deep": [{"er": (t,)}]}},
    ):
        with pytest.raises(TypeError, match=f"no derivative by {next(iter(options))}"):
            f(ag.Tensor(1.0, requires_grad=True), **options)
    assert f(ag.Tensor(1.0, requires_grad=True), weights=[ag.Tensor(2.0)]).item() == 3.0


def test_a_tensor_in_a_list_is_refused_wherever_it_stands():
    @ag.differentiable(None, lambda g, y, xs, scale: g * np.sum(xs))
    def f(xs, scale):
        return np.round(sum(xs)) * scale

    t = ag.Tensor(3.0, requires_grad=True)
    for call in (lambda: f([1.0, t], 2.0), lambda: f((t,), 2.0), lambda: f([t, 1.0], t)):
        with pytest.raises(TypeError, match=r"np\.stack"):
            call()
    assert f([ag.Tensor(1.0)], t).item() == 3.0


def test_a_tensor_that_the_function_met_on_its_own_is_refused():
    """The rule does not see it, and its gradient would be lost."""
    w, x = ag.Tensor(3.0, requires_grad=True), ag.Tensor(2.0, requires_grad=True)

    class Layer:
        weight = w

        @ag.differentiable(None, lambda g, y, self, x: g)
        def times(self, x):
            return self.weight * x

    closed_over = ag.differentiable(lambda g, y, x: g)(lambda x: w * x)
    several = ag.differentiable(lambda g, y, x: g[0])(lambda x: (w * x, x))
    by_name = ag.differentiable(lambda g, y, x, n=1: g)(lambda x, n=1: w * x)
    for call in (closed_over, several, Layer().times, lambda x: by_name(x, n=2)):
        with pytest.raises(TypeError, match="used a Tensor that is not among its arguments"):
            call(x)
    assert closed_over(2.0).requires_grad  # all plain: its own steps are recorded
    w.requires_grad = False
    assert closed_over(x).item() == 6.0


def test_whole_numbers_beside_a_result_leave_it_its_record():
    @ag.differentiable(lambda g, y, x: g[0] * 2 * x)
    def squares(x):
        return np.sum(x * x), np.size(x), np.arange(2)

    x = ag.Tensor([1.0, 2.0], requires_grad=True)
    total, count, places = squares(x)
    assert count == 2 and places.tolist() == [0, 1] and not isinstance(count, ag.Tensor)
    total.backward()
    assert x.grad.tolist() == [2.0, 4.0]
    ag.check_gradient(lambda x: squares(x)[0], [1.0, 2.0], order=2)


def test_lists_reach_the_function_as_they_are_and_its_rules_as_arrays():
    seen = []

    @ag.differentiable(
        None,
        lambda g, y, sizes, x, w: seen.append(("rule", sizes, w)) or g * w.sum(),
        lambda g, y, sizes, x, w: g * x,
    )
    def f(sizes, x, w):
        seen.append(("function", sizes, w))
        return np.sum(np.asarray(w)) * x

    ag.grad(lambda x: f([2, 3], x, [1.0, 2.0]))(np.ones(2).sum())
    f([2, 3], 2.0, [1.0, 2.0])
    assert [(who, type(sizes)) for who, sizes, _ in seen] == [
        ("function", list), ("rule", list), ("function", list),
    ]  # fmt: skip
    assert [type(w) for _, _, w in seen] == [list, np.ndarray, list]


def total(*operands, scale=1.0):
    return scale * functools.reduce(lambda a, b: a + b, operands)


def total_of_list(arrays, scale=1.0):
    return total(*arrays, scale=scale)


def total_from(first, *others, scale=1.0):
    return total(first, *others, scale=scale)


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_one_rule_for_the_members_of_a_list(scale):
    rule = lambda g, y, *operands, scale=1.0: [scale * g for _ in operands]
    bare, listed, from_first = (
        ag.differentiable(all=rule)(f) for f in (total, total_of_list, total_from)
    )
    for call in (
        lambda a, b: bare(a, 2.0, b, scale=scale),
        lambda a, b: from_first(a, 2.0, b, scale=scale),
        lambda a, b: from_first(2.0, a, b, scale=scale),
        lambda a, b: listed([a, 2.0, b], scale),
        lambda a, b: listed((a, 2.0, b), scale=scale),
        lambda a, b: listed(arrays=[a, 2.0, b], scale=scale),
    ):
        ag.check_gradient(call, 0.5, 0.7)
    with pytest.raises(TypeError, match="no derivative by scale"):
        listed([1.0, 2.0], scale=ag.Tensor(1.0, requires_grad=True))


def test_one_rule_for_all_is_refused_where_there_is_no_list():
    def times(a, b):
        return a * b

    with pytest.raises(TypeError, match=r"functions of one list.* Give a rule for each"):
        ag.differentiable(all=lambda g, y, a, b: (g * b, g * a))(times)
    with pytest.raises(TypeError, match=r"functions of one list.* this one has b too"):
        ag.differentiable(all=lambda g, y, *ab: (g * ab[1], g * ab[0]))(times)


def scaled(x, scale=2.0, *, shift=0.0):
    return scale * x + shift


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([lambda g, y, x: g], r"got an unexpected|missing|unexpected|differ"),
        ([lambda g, y, x, scale, *, shift=0.0: g * scale], r"missing .*'scale'"),
        ([lambda g, y, x, scale=3.0, *, shift=0.0: g * scale], r"scale=2.0 there, scale=3.0 here"),
        ([lambda g, y, x, scale=2.0, *, shift: g * scale], r"missing .*'shift'"),
        ([lambda g, y, x, scale=2.0, *, shift=1.0: g], r"shift=0.0 there, shift=1.0 here"),
        ([lambda g, y, scale, x=2.0: g], r"scale stands in another place"),
        ([lambda g, y, x, power, scale=2.0: g], r"missing .*'power'"),
        ([lambda g, y, x, scale=2.0: g] * 3, r"takes 2 arguments by place, got 3 rules"),
        ([lambda g: g], r"too many positional"),
        ([lambda: 0], r"too many positional"),
    ],
)
def test_what_does_not_fit_is_told_when_declared(rules, told):
    if told.startswith("got an"):  # an option that a rule does not know is refused when it comes
        declared = ag.differentiable(*rules)(scaled)
        with pytest.raises(TypeError, match=r"does not know the option shift=1.0"):
            declared(ag.Tensor(1.0, requires_grad=True), shift=1.0)
        return
    with pytest.raises(TypeError, match=told) as caught:
        ag.differentiable(*rules)(scaled)
    if "differ" in str(caught.value):
        assert "lambda g, y, x, scale=2.0, *, shift=0.0: ..." in str(caught.value)


def test_rules_that_know_different_options_know_those_that_all_have():
    @ag.differentiable(lambda g, y, x, w, scale=1.0: g * w * scale, lambda g, y, x, w: g * x)
    def times(x, w, scale=1.0):
        return scale * x * w

    x = ag.Tensor(2.0, requires_grad=True)
    assert ag.grad(lambda x: times(x, 3.0))(2.0) == 3.0
    with pytest.raises(TypeError, match=r"does not know the option scale=5.0"):
        times(x, 3.0, 5.0)


def test_a_ufunc_needs_a_rule_or_none_for_each_argument():
    special = pytest.importorskip("scipy.special")
    with pytest.raises(TypeError, match="takes 2 arguments by place, got 1 rules"):
        ag.derivative(special.stdtr, lambda g, y, df, t: g)
    with pytest.raises(TypeError, match="takes 1 arguments by place, got 2 rules"):
        ag.derivative(special.spence, lambda g, y, x: g, lambda g, y, x: g)


def test_the_tables_fit_their_functions():
    """What is asked of a user's rules holds for ours."""
    pytest.importorskip("scipy.special")
    import autograd_lite.scipy_special  # noqa: F401
    import nn  # noqa: F401
    from autograd_lite.declaring import refuse_misfits

    ours = {f: r for f, r in RULES.items() if not name_of(f).startswith("test")}
    for function, rules in ours.items():
        # (np.clip has two names for a bound; the others give whole numbers where one is left out)
        if function not in (np.clip, np.where, np.bincount):
            refuse_misfits(function, *((rules, None) if isinstance(rules, tuple) else ((), rules)))


def test_options_given_by_place_are_those_of_the_function():
    """np.linspace(start, stop, num, endpoint, retstep, dtype, axis)"""
    stop = np.arange(6.0).reshape(2, 3)
    for arguments in ((5, True, False, None, 1), (5, False, False, None, -1), (4,)):
        np.testing.assert_allclose(
            np.linspace(0.0, ag.Tensor(stop), *arguments).data, np.linspace(0.0, stop, *arguments)
        )
    with pytest.raises(TypeError, match="retstep=True"):
        np.linspace(0.0, ag.Tensor(stop, requires_grad=True), 5, True, True)
    for transform in (np.fft.fftn, np.fft.fft2):
        np.testing.assert_allclose(
            transform(ag.Tensor(stop), (2, 2), (0, 1), "ortho", None).data,
            transform(stop, (2, 2), (0, 1), "ortho", None),
        )
    with pytest.raises(TypeError, match="takes 6 arguments by place"):
        ag.Tensor(stop).trace(0, 0, 1, None, None, 7)
    with pytest.raises(TypeError, match="arguments by place"):
        ag.Tensor(stop).sum(*range(9))
