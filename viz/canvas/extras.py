"""Libraries that are installed only with an extra of the package."""

import importlib


def extra(module, name):
    """Import `module`, which comes with the extra `name`, at its one use.

    Raises ImportError, which says what to type, where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f'this needs {module.split(".")[0]}: pip install "autograd-lite[{name}]"'
        ) from error
