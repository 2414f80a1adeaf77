"""W9: how long an import takes beyond `import numpy`, each time in a fresh process."""

import os
import subprocess
import sys

from benchmarks.workload import Contest

CODE = """
import sys, time
sys.path[:0] = {path!r}
import numpy
start = time.perf_counter()
import {modules}
print(time.perf_counter() - start)
"""


def importing(modules):
    """A builder of the contest that imports these modules; its step tells the seconds itself."""

    def build(problem):
        # The paths of this process: the engine that is to be measured.
        code = CODE.format(path=sys.path, modules=modules)
        environment = {
            name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
        }
        command = [sys.executable, "-c", code]

        def step():
            return float(
                subprocess.run(
                    command, env=environment, capture_output=True, text=True, check=True
                ).stdout
            )

        step()  # the first import compiles
        return Contest(step)

    return build


IMPORTS = {
    "ours": "autograd_lite, nn",
    "pytorch": "torch",
    "jax_jit": "jax",
    "hips": "autograd",
    "mygrad": "mygrad",
}
ENTRIES = {name: importing(modules) for name, modules in IMPORTS.items()}
VIZ = {"ours": importing("viz")}
