"""`python -m viz lecture`, `step` and `exercise`, also installed as `autograd-lite lecture`, and so
on.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

import nn
from nn.files import REMEDY
from viz.language.formulas import LOSSES as LOSSES_OF_ONE
from viz.language.sheet_words import SHEET
from viz.lecture import folder
from viz.lesson.exercises.exam import write_exam
from viz.lesson.exercises.exercise import ACTIVATIONS as EXERCISED
from viz.lesson.exercises.exercise import KINDS as ASKED
from viz.lesson.lesson import form
from viz.lesson.stepper import stepper

KINDS = (nn.Tanh, nn.Sigmoid, nn.ReLU, nn.LeakyReLU, nn.PReLU, nn.ELU, nn.Softplus, nn.NormalCDF)
ACTIVATIONS = {kind.__name__.lower(): kind for kind in KINDS}
OUTPUTS = {"none": None, **ACTIVATIONS, "softmax": nn.Softmax, "logsoftmax": nn.LogSoftmax}
LOSSES = {
    loss.__name__: loss
    for loss in (
        *(nn.mse_loss, nn.l1_loss, nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits),
        *(nn.cross_entropy, nn.nll_loss),
    )
}
SIZES, NUMBERS = "3-2-1", "0.5,-1,2"  # how they are written
EXERCISE = """\
Sets an exam: exercises of which each student gets one with numbers of their own.

kinds:
  values           every s, h and o, and the loss
  backpropagation  these, and the derivative of the loss by every one of them and every weight
  step             these, the weights after a step of gradient descent, and the new loss
  dropout          the output for every mask of the hidden neurons, and its expectation

Written are, for variant N:
  worksheet-N      what is given, and a blank for each answer
  solution-N       the same with everything worked out
  live-N.html      the solution as a page to step through
  answers.csv      variant, symbol, answer, tolerance
  quiz.xml         a question for each variant, which Moodle imports as Moodle XML
  worksheets.pdf, solutions.pdf   all of them in one file, with --format pdf

Variant 1 is of --seed, variant 2 of the seed after it, and so on; a sheet says its seed in small.
The same seed and options give the same files everywhere. Whoever rounds intermediate results to no
fewer than four significant digits is within the tolerances.

  python -m viz exercise --variants 30 --seed 7 --kind step --captions ru --output exam
"""


def main(arguments=None):
    """Run the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m viz", description="Pictures of backpropagation."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _lecture(commands)
    _step(commands)
    _exercise(commands)
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal without Greek letters still gets the numbers.
        sys.stdout.reconfigure(errors="replace")
    try:
        options.run(options)
        print(end="", flush=True)
    except BrokenPipeError:  # the reader has seen enough, as `head` does; the files are written
        # For what Python flushes when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(_not_written(options, error), file=sys.stderr)
        return 1
    except (TypeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _not_written(options, error):
    """What to do, in terms of the command."""
    if REMEDY in str(error):
        return str(error).replace(REMEDY, "choose another place with --output, or pass --overwrite")
    return f"{options.output} cannot be written: {error}. Choose another place with --output."


def _lecture(commands):
    command = commands.add_parser(
        "lecture", help="the lecture's pictures, and its worked example with gradients three ways"
    )
    _add(command, "--output", "where the files go", "lecture", metavar="FOLDER")
    _add_captions(command)
    command.set_defaults(run=lambda options: folder.write(options.output, options.captions))


def _step(commands):
    command = commands.add_parser(
        "step", help="a live page that steps through backpropagation in a network of your choice"
    )
    _add(command, "--sizes", "neurons by layer, the features first", SIZES, type=_numbers(int))
    _add(command, "--activation", "of the hidden neurons", "tanh", choices=ACTIVATIONS)
    _add(command, "--last", "the activation of the outputs", "sigmoid", choices=OUTPUTS)
    _add(command, "--loss", "the loss", "binary_cross_entropy", choices=LOSSES)
    _add(command, "--x", f"the features, such as {NUMBERS}", None, type=_numbers(float))
    _add(command, "--y", "the target: a number for each output, or a label", None, type=_numbers())
    _add(command, "--lr", "α of the update", 0.1, type=float)
    _add(command, "--seed", "of the weights, and of features that are not given", 0, type=int)
    command.add_argument("--no-bias", action="store_true", help="weights alone, without biases")
    _add_captions(command)
    _add(command, "--output", "the page", "steps.html", metavar="FILE")
    command.add_argument("--overwrite", action="store_true", help="replace the file")
    command.set_defaults(run=_write_steps)


def _write_steps(options):
    """The page of a network with random weights."""
    sizes, rng = [int(n) for n in options.sizes], np.random.default_rng(options.seed)
    model = nn.MLP(
        sizes,
        ACTIVATIONS[options.activation],
        output=OUTPUTS[options.last],
        bias=not options.no_bias,
        rng=rng,
    )
    x = options.x or _features(sizes[0], rng)
    if len(x) != sizes[0]:
        raise ValueError(
            f"--x: the network has {sizes[0]} features, and {len(x)} numbers came. Write one for "
            f"each, with a decimal point, and commas between them: --x={NUMBERS}."
        )
    labels = options.loss in ("cross_entropy", "nll_loss")
    y = options.y or [0.0 if labels else 1.0] * (1 if labels else sizes[-1])
    page = stepper(model, x, y, LOSSES[options.loss], lr=options.lr, captions=options.captions)
    print(page.save(options.output, overwrite=options.overwrite))


def _features(count, rng):
    """Tenths between −2 and 2, no two alike, so that each can be told by its value."""
    tenths = [k / 10 for k in range(-20, 21) if k]
    return np.resize(rng.permutation(tenths), count).tolist()


def _exercise(commands):
    command = commands.add_parser(
        "exercise",
        help="exercises with numbers of their own for each student: worksheets, solutions, a quiz",
        description=EXERCISE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = {name: kind for name, kind in OUTPUTS.items() if kind in (None, *EXERCISED)}
    hidden = {name: kind for name, kind in kinds.items() if kind is not None}
    _add(command, "--variants", "how many", 1, type=int)
    _add(command, "--seed", "of variant 1; variant k is of the seed plus k − 1", 0, type=int)
    _add(command, "--kind", "what is asked, see above", "backpropagation", choices=ASKED)
    _add(command, "--sizes", "neurons by layer, the features first", "2-2-1", type=_numbers(int))
    _add(command, "--activation", "of the hidden neurons", "relu", choices=hidden)
    _add(command, "--last", "the activation of the output", "sigmoid", choices=kinds)
    losses = {name: loss for name, loss in LOSSES.items() if loss in LOSSES_OF_ONE}
    _add(command, "--loss", "the loss", "binary_cross_entropy", choices=losses)
    command.add_argument("--dead", action="store_true", help="one neuron of a ReLU is dead")
    _add_captions(command)
    _add(command, "--format", "of worksheets and solutions", "html", choices=["html", "pdf", "tex"])
    _add(command, "--output", "where the files go", "exam", metavar="FOLDER")
    command.add_argument("--overwrite", action="store_true", help="replace the files")
    command.set_defaults(run=_write_exam)


def _write_exam(options):
    """The folder of an exam."""
    if options.variants < 1:
        raise ValueError(f"--variants: got {options.variants}; give 1 or more.")
    write_exam(
        options.output,
        options.variants,
        options.seed,
        options.captions,
        options.format,
        options.overwrite,
        kind=options.kind,
        sizes=options.sizes,
        activation=ACTIVATIONS[options.activation],
        output=OUTPUTS[options.last],
        loss=LOSSES[options.loss],
        dead=options.dead,
    )
    words, folder = SHEET[options.captions], Path(options.output)
    print(
        words[f"files {form(options.variants)}"].format(folder=folder, n=options.variants), end=" "
    )
    print(words["begin"].format(folder / f"worksheet-1.{options.format}"))


def _add(command, name, says, default, **options):
    shown = "" if default is None else f" (default: {default})"
    command.add_argument(name, default=default, help=says + shown, **options)


def _add_captions(command):
    languages = ["en", "ru"]
    _add(command, "--captions", "the language of what is written", "en", choices=languages)


def _numbers(kind=float):
    """Reads 3-2-1 as whole numbers, or 0.5,-1,2 as numbers."""

    def numbers(text):
        try:
            return [kind(part) for part in text.split("-" if kind is int else ",")]
        except ValueError:
            example = SIZES if kind is int else NUMBERS
            raise argparse.ArgumentTypeError(f"got {text!r}; write it such as {example}") from None

    return numbers


if __name__ == "__main__":
    sys.exit(main())
