"""Pages of HTML: a file with $names in it, beside the code that fills them in."""

from importlib.resources import files
from string import Template


def read(package, name):
    """The file `name` of `package` as text."""
    return files(package).joinpath(name).read_text("utf-8")


def filled(package, name, **values):
    """The page `name` of `package`, each $name in it replaced by the HTML given for it."""
    return Template(read(package, name)).substitute(values)
