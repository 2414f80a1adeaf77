"""detect_anomaly names the operation that made the first NaN or infinity, and an array that was
written into between forward and backward, with the line of the program; without it nothing is
changed.
"""

import array
import linecache
import threading
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from samples import SAMPLES, Sample, joined, results

import autograd_lite as ag
import nn
from autograd_lite.recording import contexts, recording

ALL = [Sample(function, *call) for function, calls in SAMPLES.items() for call in calls]
samples = pytest.mark.parametrize("sample", ALL, ids=str)
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def parameter(data):
    return ag.Tensor(data, requires_grad=True)


def test_forward_the_line_and_the_range_are_named():
    x = parameter([1.0, 0.5, 0.0])
    with pytest.raises(FloatingPointError) as error, ag.detect_anomaly():
        y = x * 2
        z = np.log(y)  # the guilty line
        np.sum(z)
    message = str(error.value)
    assert "np.log was the first to give infinity" in message
    assert "test_anomaly.py" in message
    assert "z = np.log(y)  # the guilty line" in message
    assert "shape (3,) with entries from 0 to 2" in message


def test_nan_out_of_numbers():
    with (
        pytest.raises(
            FloatingPointError, match=r"np\.sqrt was the first to give NaN.*np\.sqrt\(parameter"
        ),
        ag.detect_anomaly(),
    ):
        np.sqrt(parameter(-1.0))


def test_backward_the_line_of_the_operation_is_named():
    x = parameter([4.0, 0.0])
    guilty = r"derivative of np\.sqrt by its argument number 1, a .* first to be infinity.*guilty"
    with pytest.raises(FloatingPointError, match=guilty), ag.detect_anomaly():
        y = np.sqrt(x)  # guilty
        np.sum(y * 3).backward()


def test_second_derivatives_too():
    f = lambda x: x**1.5
    with ag.detect_anomaly():
        assert ag.grad(f)(0.0) == 0
    with pytest.raises(FloatingPointError, match="Backward"), ag.detect_anomaly():
        ag.grad(ag.grad(f))(0.0)


def test_nan_that_was_given_is_called_that():
    x, array = ag.Tensor([1.0, np.nan], requires_grad=True, name="x"), np.array([np.nan, 0])
    for compute, what in (
        (
            lambda: x + 1,
            "Tensor 'x', which was given and not computed, holds NaN: argument number 1 of np.add",
        ),
        (lambda: parameter([1.0, 2.0]) * array, "An array of shape .2,., which was given"),
        (lambda: parameter(1.0) - np.nan, "A number, which was given .* number 2 of np.subtract"),
    ):
        with pytest.raises(FloatingPointError, match=what), ag.detect_anomaly():
            compute()
    made_before = np.log(parameter(-1.0))
    with (
        pytest.raises(FloatingPointError, match=r"np\.log, which was computed outside"),
        ag.detect_anomaly(),
    ):
        made_before + 1


def test_a_mask_of_infinities_is_no_anomaly():
    scores = parameter([1.0, 2.0, 3.0])
    with ag.detect_anomaly():
        weights = ag.softmax(np.where([True, False, True], scores, -np.inf))
        np.sum(weights**2).backward()
    assert np.all(np.isfinite(scores.grad))


def test_one_of_several_results_is_blamed_on_its_function():
    with (
        pytest.raises(
            FloatingPointError, match=r"np\.linalg\.slogdet was the first to give infinity"
        ),
        ag.detect_anomaly(),
    ):
        np.linalg.slogdet(parameter(np.zeros((2, 2))))


def test_of_several_results_one_may_be_used_alone():
    x = parameter([1.0, 2.0, 3.0, 4.0])
    with ag.detect_anomaly():
        first, _ = np.split(x, 2)
        np.sum(first).backward()
    np.testing.assert_array_equal(x.grad, [1, 1, 0, 0])


def test_inside_a_layer_the_callers_line_is_named():
    model = nn.Sequential(nn.Linear(2, 1))
    model.parameters()[0].data[:] = 1e308
    with pytest.raises(FloatingPointError, match="L = model"), ag.detect_anomaly():
        L = model(np.full((3, 2), 1e308))
        L.sum()


def test_an_infinity_that_was_given_is_remembered():
    x = ag.Tensor([1.0, np.inf], requires_grad=True, name="x")
    with ag.detect_anomaly() as seen:
        y = parameter(2.0) * 3
        assert seen.infinity is None
        y = y * x
        np.sum(y)
    assert seen.infinity.startswith("Tensor 'x', which was given and not computed, holds infinity")
    assert "y = y * x" in seen.infinity


def test_what_two_results_hand_on_may_be_too_much_together():
    x = ag.Tensor(0.0, requires_grad=True, name="x")
    too_much = r"What Tensor 'x' gets from .* adds up to infinity"
    with pytest.raises(FloatingPointError, match=too_much), ag.detect_anomaly():
        (x * 1e308 + x * 1.5e308).backward()


def test_what_a_rule_computes_on_its_way_is_no_anomaly():
    guarded = lambda g, y, x: np.where(x == 0, g * 0, g / x)
    magnitude = ag.differentiable(guarded)(lambda x: np.log(np.where(x == 0, 1, x)))
    x = parameter([0.0, 2.0])
    with ag.detect_anomaly():
        (gradient,) = ag.gradients(np.sum(magnitude(x)), [x], create_graph=True)
    np.testing.assert_array_equal(gradient.data, [0, 0.5])


def test_nothing_needs_to_be_recorded_to_be_looked_at():
    first = pytest.raises(FloatingPointError, match="slogdet was the first to give infinity")
    with first, ag.detect_anomaly(), ag.no_grad():
        np.linalg.slogdet(parameter(np.zeros((2, 2))))


def test_ranges_of_all_kinds_of_numbers():
    x = parameter([1.0, 2.0])
    for divisor, shown in (
        (0, "from 1 to 2 and 0."),
        (np.array([False, True]), "with entries from 0 to 1."),
        (np.float32(0), "and 0."),
        (np.zeros(2, complex), "0+0j to 0+0j."),
    ):
        with pytest.raises(FloatingPointError) as error, ag.detect_anomaly():
            x / divisor
        assert str(error.value).endswith(shown)


@samples
def test_nothing_is_changed_and_nothing_sound_is_an_anomaly(sample):
    """Values and gradients, first and second, of everything in the tables."""

    def computed():
        inputs = [parameter(x) for x in sample.inputs]
        y = np.sum(joined(sample)(*inputs) ** 2)
        first = ag.gradients(y, inputs, create_graph=True)
        second = ag.gradients(sum(map(np.sum, first), 0 * y), inputs)
        return [y.data, *(g.data for g in first), *second]

    plain = computed()
    try:
        with ag.detect_anomaly():
            watched = computed()
    except FloatingPointError as error:  # some samples are about NaN
        given = ("A number, which was given", "A plain list, which was given")
        # The deviation of a single number, 0, has no direction, and that no derivative.
        assert str(error).startswith((*given, "Backward: The derivative of unit by"))
        assert "NaN" in str(error)
    else:
        for a, b in zip(plain, watched, strict=True):
            np.testing.assert_array_equal(a, b)


# Written into between forward and backward.


def written_into(message):
    return pytest.raises(
        RuntimeError, match=f"{message}.*was written into between forward and back"
    )


def test_a_leaf_is_named_with_the_line_and_the_entry():
    w = ag.Tensor([[1.0, 2.0]], requires_grad=True, name="w")
    with written_into("Tensor 'w', argument number 1 of np.exp") as error, ag.detect_anomaly():
        loss = np.sum(np.exp(w))  # here
        w.data[0, 1] = 5
        loss.backward()
    assert "its entry [0, 1] was 2.0 and is 5.0." in str(error.value)
    assert "loss = np.sum(np.exp(w))  # here" in str(error.value)
    assert w.grad is None


def test_an_array_beside_a_tensor():
    x = parameter([1.0, 2.0])
    for factor, what in (
        (
            np.array([3.0, np.nan])[:1],
            r"An array of shape \(1,\), argument number 2 of np.multiply",
        ),
        (np.array(3.0), r"An array of shape \(\), argument number 2 of np.multiply"),
    ):
        with written_into(what) as error, ag.detect_anomaly():
            y = np.sum(x * factor)
            factor[...] = 4
            y.backward()
        assert "was 3.0 and is 4.0. np.multiply was computed in line" in str(error.value)


def test_where_the_derivative_does_not_depend_on_it_too():
    x, array = parameter([1.0, 2.0]), np.ones(2)
    with written_into("argument number 2 of np.add"), ag.detect_anomaly():
        y = np.sum(x + array)
        array[0] = 5
        y.backward()


def test_indices_masks_and_other_options():
    x, indices, mask = parameter([1.0, 2.0, 3.0]), np.array([0, 0]), np.array([True, False, True])
    for compute, changed, role in (
        (lambda: np.take(x, indices), indices, "the option indices of np.take"),
        (lambda: np.repeat(x, indices[:1]), indices, "the option repeats of np.repeat"),
        (lambda: np.compress(mask, x), mask, "argument number 1 of np.compress"),
        (lambda: np.where(mask, x, 0), mask, "argument number 1 of np.where"),
        (lambda: np.delete(x, indices), indices, "the option obj of np.delete"),
        (lambda: np.insert(x, indices, 1), indices, "argument number 2 of np.insert"),
    ):
        with written_into(role), ag.detect_anomaly():
            y = np.sum(compute())
            changed[0] = not changed[0]
            y.backward()
    with ag.detect_anomaly():  # of an index within brackets the record has a copy anyway
        y = np.sum(x[indices])
        indices[:] = 2
        y.backward()
    np.testing.assert_array_equal(x.grad, [2, 0, 0])


def test_an_option_of_ones_own_function():
    @ag.differentiable(lambda g, y, x, *, tables: g * tables["slope"][0])
    def scaled(x, *, tables):
        return x * tables["slope"][0]

    slope = np.array([2.0])
    with written_into("the option tables of .*scaled"), ag.detect_anomaly():
        y = scaled(parameter(1.0), tables={"slope": [slope]})[0]
        slope[0] = 3
        y.backward()


def test_what_numpy_takes_for_an_array_is_one():
    pandas = pytest.importorskip("pandas")
    x = parameter([1.0, 2.0, 3.0])
    for chosen in (pandas.Series([0, 1]), array.array("q", [0, 1]), memoryview(np.array([0, 1]))):
        name = type(chosen).__name__
        with (
            written_into(f"A plain {name}, the option indices of np.take") as error,
            ag.detect_anomaly(),
        ):
            y = np.sum(np.take(x, chosen))
            chosen[0] = 2
            y.backward()
        assert "its entry [0] was 0 and is 2." in str(error.value)


def test_a_window_on_a_leaf_leads_back_to_the_leaf():
    w = ag.Tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True, name="w")
    for window in (
        lambda: w[1:],
        lambda: np.reshape(w, (2, 2))[0].T,
        lambda: np.split(w, 2)[0],
        lambda: np.broadcast_to(w, (2, 4)),
    ):
        with written_into("Tensor 'w', argument number 1 of"), ag.detect_anomaly():
            y = np.sum(window() ** 2)
            w.data[:2] += 1
            y.backward()


def test_a_result_that_a_function_keeps():
    kept = np.zeros(2)

    @ag.differentiable(lambda g, y, x: g * y)
    def exp(x):
        kept[...] = np.exp(x)
        return kept[:]

    with (
        written_into("A Tensor.*the result of.*exp"),
        ag.detect_anomaly(),
    ):
        y = np.sum(exp(parameter([1.0, 2.0])))
        kept[0] = 0
        y.backward()


def test_several_results_and_formulas():
    matrix = ag.Tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True, name="M")
    weights = np.array([1.0, 2.0])
    for compute, changed, role in (
        (
            lambda: np.linalg.eigh(matrix)[0],
            matrix.data,
            "'M', argument number 1 of np.linalg.eigh",
        ),
        (
            lambda: np.average(matrix[0], weights=weights),
            weights,
            "argument number 2 of np.multiply",
        ),
        (lambda: np.trapezoid(matrix, axis=0), matrix.data, "'M', argument number 1 of getitem"),
    ):
        with written_into(role), ag.detect_anomaly():
            y = np.sum(compute())
            changed[..., 0] += 1
            y.backward()


def test_every_walk_compares():
    array = np.array([1.0, 2.0])

    def f(x):
        """Changes what it has used, in between."""
        y = np.sum((x * array) ** 3)
        array[0] += 1
        return y

    x = parameter([1.0, 1.0])
    for walk in (
        lambda: f(x).backward(retain_graph=False),
        lambda: ag.gradients(f(x), [x]),
        lambda: ag.gradients(f(x), [x], create_graph=True),
        lambda: ag.grad(f)(np.ones(2)),
        lambda: ag.value_and_grad(f)(np.ones(2)),
        lambda: ag.jacobian(f)(np.ones(2)),
        lambda: ag.hessian(f)(np.ones(2)),
        lambda: ag.vjp(f, np.ones(2))[1](),
    ):
        with written_into("argument number 2 of np.multiply"), ag.detect_anomaly():
            walk()
    with pytest.raises(ValueError, match="different values for the same inputs"):
        ag.check_gradient(f, np.ones(2))  # which asks twice before it walks


def test_what_the_rules_recorded_is_compared_too():
    x, seed, array = parameter([1.0, 1.0]), parameter([1.0, 2.0]), np.array([3.0, 4.0])
    with written_into("argument number 2 of np.multiply") as error, ag.detect_anomaly():
        (gradient,) = ag.gradients(x * array, [x], seed=seed, create_graph=True)
        array[0] = 5
        ag.gradients(np.sum(gradient**2), [seed])
    assert "(gradient,) = ag.gradients(" in str(error.value)


def test_what_changes_nothing_may_be_written():
    given, array = np.array([1.0, 2.0]), np.array([np.nan, -0.0])
    x = ag.Tensor(given, requires_grad=True)
    several, inside = [3.0, 4.0], [array[1:], np.zeros(1)]
    with ag.detect_anomaly():
        y = np.sum(x * several) + np.sum(np.where([False, True], array, x)) + np.sum(x[1:] * inside)
        given[:] = 7  # a Tensor has a copy
        several[0] = 7.0  # and so has an operation of a list
        array[0] = np.nan  # the same
        inside[1] = np.ones(1)
        y.backward()
    np.testing.assert_array_equal(x.grad, [4, 4])


def test_an_array_may_be_written_into_between_two_uses():
    x, buffer = parameter([1.0, 2.0]), np.array([3.0, 4.0])
    with ag.detect_anomaly():
        before = np.sum(x * buffer)
        buffer[0] = 5
        after = np.sum(x * buffer)
        after.backward()
        np.testing.assert_array_equal(x.grad, [5, 4])
        with written_into("An array"):
            before.backward()


def test_a_leaf_that_was_assigned_is_told_as_without():
    x = parameter([1.0, 2.0])
    with pytest.raises(RuntimeError, match="was assigned new data"), ag.detect_anomaly():
        y = np.sum(x * x)
        x.data -= 1
        y.backward()


def test_what_was_computed_before_the_context_is_not_compared():
    x = parameter([1.0, 2.0])
    y = np.sum(x * x)
    x.data[0] = 3
    with ag.detect_anomaly():
        y.backward()


def test_forward_and_backward_may_have_a_context_each():
    x = parameter([1.0, 2.0])
    with ag.detect_anomaly():
        y = np.sum(x * x)
    x.data[0] = 3
    with written_into("argument number 1 of np.multiply"), ag.detect_anomaly():
        y.backward()


def test_copies_are_shared_and_die_with_the_record():
    w, array = parameter(np.ones(1000)), np.ones(1000)
    with ag.detect_anomaly() as seen:
        y = w
        for _ in range(10):
            y = y * array * w
        assert len(seen.copies) == 22  # w, array, and a copy of each result
        np.sum(y).backward(retain_graph=False)
        del y
        assert len(seen.copies) == 0


@samples
def test_whatever_is_written_into_is_named_or_does_not_matter(sample):
    """Every array and every list in every call, once as the array of a Tensor and once beside
    one.
    """
    for wanted in [range(len(sample.inputs)), *([i] for i in range(len(sample.inputs)))]:
        for number in range(len(changeable(calling(sample, wanted).given))):
            call = calling(sample, wanted)
            with np.errstate(all="ignore"), ag.detect_anomaly():
                try:
                    y = call.output()
                except (FloatingPointError, TypeError, ValueError):  # NaN; NumPy needs the others
                    continue
                if y is None:  # it depends on the others alone
                    continue
                before = ag.gradients(y, call.inputs)
                write_into(changeable(call.given)[number])
                try:
                    after = ag.gradients(y, call.inputs)
                except RuntimeError as error:
                    assert "written into" in str(error)
                    continue
            for a, b in zip(before, after, strict=True):
                np.testing.assert_array_equal(a, b)


def calling(sample, wanted):
    """A call of a sample with arrays of its own; the inputs at the places `wanted` are Tensors."""
    leaves = [np.array(leaf) if isinstance(leaf, np.ndarray) else leaf for leaf in sample.leaves]
    inputs = []
    for i in wanted:
        leaves[sample.places[i]] = parameter(sample.inputs[i])
        inputs.append(leaves[sample.places[i]])
    given = sample._rebuild(leaves)

    def output():
        found = results(sample.calling(*given[0], **given[1]))
        rows = [np.ravel(r) for r in found if getattr(r, "requires_grad", False)]
        return np.sum(np.concatenate(rows) ** 2) if rows else None

    return SimpleNamespace(given=given, inputs=inputs, output=output)


def changeable(thing):
    """All arrays and lists in it that have entries."""
    if isinstance(thing, ag.Tensor):
        return changeable(thing.data)
    if isinstance(thing, np.ndarray):
        return [thing] if thing.size and thing.flags.writeable else []
    if isinstance(thing, dict):
        thing = tuple(thing.values())
    if not isinstance(thing, list | tuple):
        return []
    own = [thing] if isinstance(thing, list) and thing and np.isscalar(thing[0]) else []
    return own + [inner for member in thing for inner in changeable(member)]


def write_into(thing):
    if isinstance(thing, list):
        thing[0] = type(thing[0])(thing[0] == 0)
    elif thing.dtype.kind == "f":
        thing[...] = np.flip(thing) * 1.5 + 0.1
    else:
        thing[...] = thing == 0


# Who watches, and for how long.


def test_it_ends_with_the_context():
    with ag.detect_anomaly():
        with ag.detect_anomaly():
            pass
        with pytest.raises(FloatingPointError):
            np.log(parameter(0.0))
    assert not contexts
    assert not recording.watches
    assert np.log(parameter(0.0)).item() == -np.inf


def test_with_recording_switched_off_and_on_in_any_order():
    x = parameter([1.0, 2.0])
    with ag.no_grad(), ag.detect_anomaly(), ag.enable_grad():
        y = np.sum(x * x)
    with ag.detect_anomaly(), ag.no_grad():
        np.sum(x * x)
        x.data[0] = 3
    with written_into("argument number 1"), ag.detect_anomaly(), ag.no_grad():
        y.backward()
    # Contexts that cross each other, as those of two generators do.
    watching, without = ag.detect_anomaly(), ag.no_grad()
    watching.__enter__()
    without.__enter__()
    watching.__exit__(None, None, None)
    assert np.log(parameter(0.0)).item() == -np.inf
    without.__exit__(None, None, None)
    assert not contexts
    assert (x * 2).requires_grad


def test_generators_that_take_turns():
    def watching():
        with ag.detect_anomaly():
            yield
            with pytest.raises(FloatingPointError):
                np.log(parameter(0.0))
            yield

    for first_to_end in (0, 1):
        both = [watching(), watching()]
        for _ in range(2):
            for generator in both:
                next(generator)
        both[first_to_end].close()
        with pytest.raises(FloatingPointError):
            np.log(parameter(0.0))
        both[1 - first_to_end].close()
        assert np.log(parameter(0.0)).item() == -np.inf


def test_a_generator_may_end_in_another_thread():
    def watching():
        with ag.detect_anomaly():
            yield

    generator = watching()
    next(generator)
    thread = threading.Thread(target=generator.close)
    thread.start()
    thread.join()
    assert not recording.watches
    assert np.log(parameter(0.0)).item() == -np.inf


def test_it_decorates():
    @ag.detect_anomaly()
    def logarithm(x):
        return np.log(x)

    for _ in range(2):
        with pytest.raises(FloatingPointError):
            logarithm(parameter(0.0))


def test_a_record_keeps_its_copies_in_every_thread():
    x = parameter([1.0, 2.0])
    found = []

    def forward():
        with ag.detect_anomaly():
            found.append(np.sum(x * x))

    thread = threading.Thread(target=forward)
    thread.start()
    thread.join()
    x.data[0] = 3
    with written_into("argument number 1"), ag.detect_anomaly():
        found[0].backward()


def test_the_record_still_dies_with_its_tensors():
    with ag.detect_anomaly():
        y = np.sum(np.exp(parameter(np.ones(3))))
        y.backward()
        gone = weakref.ref(y)
        del y
    assert gone() is None


def test_a_line_of_a_notebook():
    cell, lines = "<ipython-input-7-0123456789ab>", ["import numpy as np\n", "y = np.log(x)\n"]
    linecache.cache[cell] = (sum(map(len, lines)), None, lines, cell)
    x = parameter(0.0)
    with pytest.raises(FloatingPointError) as error, ag.detect_anomaly():
        exec(compile("".join(lines), cell, "exec"), {"x": x})
    assert f"in line 2 of {cell} (y = np.log(x))" in str(error.value)


def test_a_folder_whose_name_begins_like_ours_is_the_programs():
    program = f"{nn.__path__[0]}_lessons/first.py"
    with pytest.raises(FloatingPointError, match=r"in line 1 of .*nn_lessons"), ag.detect_anomaly():
        exec(compile("np.log(x)", program, "exec"), {"np": np, "x": parameter(0.0)})


def test_other_threads_are_left_alone():
    found = []
    with ag.detect_anomaly():
        thread = threading.Thread(target=lambda: found.append(np.log(parameter(0.0)).item()))
        thread.start()
        thread.join()
    assert found == [-np.inf]
