"""Programs as functions with arrays made once: the numbers of `Program.run` to the last bit."""

import numpy as np
import pytest
from test_tracing import ALL, named, near, one_number, program_of, with_ties

from autograd_lite import programs
from autograd_lite.nested import leaves
from autograd_lite.programs import VIEWS, WITH_OUT, compiled
from autograd_lite.tracing import OtherBranch, Program, Symbol, Untraceable


def places(program):
    """Arrays for what a Program is given, and for its results."""
    given = {name: np.array(symbol.example) for name, symbol in program.symbols.items()}
    examples = {
        name: value.example if isinstance(value, Symbol) else np.asarray(value)
        for name, value in program.names.items()
    }
    return given, {name: np.full(e.shape, 7, e.dtype) for name, e in examples.items()}


def give(given, numbers):
    for name, array in given.items():
        array[...] = numbers[name]


@pytest.mark.filterwarnings("ignore")
def test_every_function_of_the_tables_and_its_derivatives_bit_by_bit():
    equal, branches, seen = 0, 0, set()
    for sample in ALL:
        try:
            program = program_of(one_number(sample), sample.inputs)
        except Untraceable:
            continue
        given, results = places(program)
        run = compiled(program, given, results)
        seen |= {step.function for step in program.steps.values()}
        for change in (near, with_ties, near):  # again: what was left in the arrays is no matter
            numbers = named(change(sample.inputs))
            give(given, numbers)
            try:
                expected = program.run(numbers)
            except np.linalg.LinAlgError:  # a singular matrix
                continue
            except OtherBranch:
                branches += 1
                with pytest.raises(OtherBranch):
                    run()
                continue
            run()
            for name, array in results.items():
                np.testing.assert_array_equal(array, expected[name], err_msg=f"{sample} {name}")
            for name, array in given.items():
                np.testing.assert_array_equal(array, numbers[name])
            equal += 1
    assert equal > 1300 and branches > 5
    assert seen >= (VIEWS | WITH_OUT) - {np.expand_dims, np.mean}


def network(n=8):
    """A program with many intermediate results, and a question at its end."""
    rng, program = np.random.default_rng(0), Program()
    x = program.symbol("x", rng.normal(size=(n, 3)))
    w = program.symbol("w", rng.normal(size=(4, 3)))
    h = np.tanh(np.dot(x, w.T) * 2 + 1)
    g = (1 - h * h) * np.where(h > 0, h, 0.1)
    total = np.sum(g)
    program.name("small", bool(total < 1e6))
    program.name("dw", np.dot(g.T, x))
    program.name("dx", np.dot(g, w))
    program.name("again", h)
    return program


def test_arrays_are_made_once_and_used_again():
    program = network()
    given, results = places(program)
    run = compiled(program, given, results)
    standing = {id(v): v for v in run.__defaults__ if isinstance(v, np.ndarray) and v.ndim == 2}
    own = [a for a in standing.values() if a.base is None]
    own = [a for a in own if not any(a is b for b in (given | results).values())]
    makes = [n for n, step in program.steps.items() if program.examples[n].shape == (8, 4)]
    assert len(makes) > 2 * sum(a.shape == (8, 4) for a in own)
    run()
    expected = program.run()
    for name, array in results.items():
        np.testing.assert_array_equal(array, expected[name])


def test_results_stay_untouched_where_the_answer_is_another():
    program = network()
    given, results = places(program)
    run = compiled(program, given, results)
    given["x"][...] = np.nan
    with pytest.raises(OtherBranch):
        run()
    assert all(np.all(array == 7) for name, array in results.items() if name != "small")


def test_a_question_about_what_is_given_itself():
    program = Program()
    x = program.symbol("x", 1.0)
    program.name("y", x * 2 if x > 0 else x)
    given, results = places(program)
    run = compiled(program, given, results)
    run()
    assert results["y"] == 2
    given["x"][...] = -1
    with pytest.raises(OtherBranch):
        run()
    direct = Program()
    x = direct.symbol("x", 1.0)
    assert x
    direct.name("y", x)
    given, results = places(direct)
    run = compiled(direct, given, results)
    given["x"][...] = 0
    with pytest.raises(OtherBranch):
        run()


def test_another_shape_is_another_branch():
    program = Program()
    x = program.symbol("x", [1.0, -1.0, 2.0])
    program.name("y", np.sum(x[x > 0]))
    given, results = places(program)
    run = compiled(program, given, results)
    run()
    assert results["y"] == 3
    given["x"][...] = [1.0, 1.0, 2.0]
    with pytest.raises(OtherBranch):
        run()


def test_results_of_any_kind():
    """What is given, a view, a constant, the same twice, and several results of one step."""
    program = Program()
    x = program.symbol("my x", [[1.0, 2.0], [3.0, 4.0]])
    first, second = np.split(x, 2)
    program.name("given", x)
    program.name("view", x.T)
    program.name("constant", np.array([5.0]))
    program.name("one", np.sin(x))
    program.name("two", np.sin(x))
    program.name("part", first + second[::-1])
    program.name("turned", np.sin(x.T))  # which lies in memory as x.T does
    program.name("run", np.exp(x))
    given, results = places(program)
    compiled(program, given, results)()
    for name, value in program.run().items():
        if name in results:
            np.testing.assert_array_equal(results[name], value)


def test_every_array_lies_in_memory_as_numpys_own_would():
    program = Program()
    x = program.symbol("x", np.arange(12.0).reshape(3, 4))
    turned = np.sin(x.T) * 2
    program.name("y", np.dot(turned, x) + turned @ turned.T)
    given, results = places(program)
    run = compiled(program, given, results)
    arrays = [a for a in run.__defaults__ if isinstance(a, np.ndarray)]
    number = next(s.number for s in leaves([s.arguments for s in program.steps.values()], Symbol))
    assert program.examples[number].shape == (3, 4)
    assert any(a.shape == (4, 3) and a.flags.f_contiguous for a in arrays if a.base is None)


def looked_at():
    """A view is read after the array that it looks at was read for the last time."""
    program = Program()
    x = program.symbol("x", [[1.0, 2.0], [3.0, 4.0]])
    view = np.sin(x).T
    program.name("y", np.dot(view, np.cos(x)))
    given, results = places(program)
    compiled(program, given, results)()
    return np.array_equal(results["y"], program.run()["y"])


def test_an_array_is_not_used_again_while_a_view_looks_at_it(monkeypatch):
    assert looked_at()

    def short_sighted(self, number):
        read = [symbol.number for symbol in leaves(self.steps[number][1:], Symbol)]
        self.last.update(dict.fromkeys(read, number))
        self.roots[number] = {number}

    monkeypatch.setattr(programs._Writer, "follow", short_sighted)
    assert not looked_at()


@pytest.mark.parametrize("wrong", [np.zeros(2), np.zeros(3, np.float32), np.zeros((3, 1))])
def test_arrays_of_another_shape_or_dtype_are_refused(wrong):
    program = Program()
    x = program.symbol("x", np.ones(3))
    program.name("y", np.sin(x))
    for given, results in [({"x": wrong}, {"y": np.ones(3)}), ({"x": np.ones(3)}, {"y": wrong})]:
        with pytest.raises(ValueError, match="got an array of shape"):
            compiled(program, given, results)
