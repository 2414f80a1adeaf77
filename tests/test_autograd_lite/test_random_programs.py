"""Programs of random functions on random arrays agree with PyTorch in value, first and second
gradient.
"""

import pytest

pytest.importorskip("torch")

from random_programs import OPERATIONS, compare, draw_program, main


def test_1500_programs():
    main(0, 1500)


@pytest.mark.slow
def test_20000_programs():
    main(0, 20_000)


def test_every_operation_takes_part():
    met = {step.name.split("[")[0] for seed in range(1500) for step in draw_program(seed).steps}
    assert len(met) == len(OPERATIONS)


def test_a_disagreement_is_found():
    """The same program with one weight changed in what PyTorch computes must not pass."""
    program = draw_program(0)
    last = program.steps[-1]
    wrong = last._replace(theirs=lambda *operands: last.theirs(*operands) * 1.000001)
    with pytest.raises(AssertionError):
        compare(program._replace(steps=[*program.steps[:-1], wrong]))
