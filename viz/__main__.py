"""`python -m viz lecture` and `python -m viz step`, also installed as `autograd-lite lecture` and
`autograd-lite step`.
"""

import argparse
import os
import sys

import numpy as np

import nn
from viz.lecture import folder
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


def main(arguments=None):
    """Run the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m viz", description="Pictures of backpropagation."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _lecture(commands)
    _step(commands)
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
        print(
            f"{options.output} cannot be written: {error}. Choose another place with --output.",
            file=sys.stderr,
        )
        return 1
    except (TypeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


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
    _add(command, "--sizes", "neurons by layer, the features first", "3-2-1", type=_numbers(int))
    _add(command, "--activation", "of the hidden neurons", "tanh", choices=ACTIVATIONS)
    _add(command, "--last", "the activation of the outputs", "sigmoid", choices=OUTPUTS)
    _add(command, "--loss", "the loss", "binary_cross_entropy", choices=LOSSES)
    _add(command, "--x", "the features, such as 0.5,-1,2", None, type=_numbers(float))
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
    x = options.x or rng.normal(size=sizes[0]).round(1).tolist()
    labels = options.loss in ("cross_entropy", "nll_loss")
    y = options.y or [0.0 if labels else 1.0] * (1 if labels else sizes[-1])
    page = stepper(model, x, y, LOSSES[options.loss], lr=options.lr, captions=options.captions)
    print(page.save(options.output, overwrite=options.overwrite))


def _add(command, name, says, default, **options):
    shown = "" if default is None else f" (default: {default})"
    command.add_argument(name, default=default, help=says + shown, **options)


def _add_captions(command):
    languages = ["en", "ru"]
    _add(command, "--captions", "the language of what is written", "en", choices=languages)


def _numbers(kind=float):
    """Reads 3-2-1 as whole numbers, or 0.5,-1,2 as numbers."""

    def numbers(text):
        return [kind(part) for part in text.split("-" if kind is int else ",")]

    return numbers


if __name__ == "__main__":
    sys.exit(main())
