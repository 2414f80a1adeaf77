"""`python -m viz lecture`, also installed as `autograd-lite lecture`."""

import argparse
import os
import sys

from viz.lecture import folder


def main(arguments=None):
    """Run the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m viz", description="Pictures of backpropagation."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "lecture", help="the lecture's pictures, and its worked example with gradients three ways"
    )
    command.add_argument(
        "--output",
        default="lecture",
        metavar="FOLDER",
        help="where the files go (default: lecture/)",
    )
    command.add_argument(
        "--captions",
        default="en",
        choices=["en", "ru"],
        help="the language of the pictures (default: en)",
    )
    options = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        # A terminal without Greek letters still gets the numbers.
        sys.stdout.reconfigure(errors="replace")
    try:
        folder.write(options.output, options.captions)
        print(end="", flush=True)
    except BrokenPipeError:  # the reader has seen enough, as `head` does; the files are written
        # For what Python flushes when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(
            f"{options.output} cannot be written: {error}. Choose another folder with --output.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
