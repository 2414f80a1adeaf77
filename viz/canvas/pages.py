"""Pages of HTML: a file with $names in it, beside the code that fills them in."""

from importlib.resources import files
from string import Template


def filled(package, name, **values):
    """The page `name` of `package` as text, each $name in it replaced by the HTML given for it."""
    page = files(package).joinpath(name).read_text("utf-8")
    return Template(page).substitute(values)
