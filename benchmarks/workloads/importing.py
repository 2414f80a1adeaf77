"""W9: how long an import takes beyond `import numpy`, each time in a fresh process."""

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
        code = CODE.format(path=sys.path, modules=modules)  # the paths of this process: the engine that is to be measured

        def step():
            return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)

        return Contest(step)

    return build


IMPORTS = {"ours": "autograd_lite, nn", "pytorch": "torch", "jax_jit": "jax", "hips": "autograd", "mygrad": "mygrad"}
ENTRIES = {name: importing(modules) for name, modules in IMPORTS.items()}
VIZ = {"ours": importing("viz")}
