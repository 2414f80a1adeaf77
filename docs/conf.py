"""The site. It is built by

    python -m sphinx -W -n -q -d build/doctrees docs build/site

in the repository, with the extra `site` installed. What comes out are static files, which ask for
nothing outside of their folder. Sphinx reads this file; what is ours beside it is in _extensions/.
"""

import os
import pathlib
import sys

import tomllib

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "_extensions")]
os.environ["PYTHONPATH"] = str(ROOT)  # for the kernels that run the pages' cells

project = "autograd-lite"
author = copyright = "The autograd-lite authors"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_copybutton"]
extensions += ["plain_docstrings", "formulas", "names_of_pictures", "made_files"]
exclude_patterns = ["_extensions"]

# A notebook appears as it is committed. A page that begins with `execution_mode: force` is run.
nb_execution_mode = "off"
nb_execution_in_temp = True  # where snippets may write files
nb_execution_timeout = 120
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False  # of `forward` and the like, which stand above
autodoc_typehints = "none"  # the docstring says what each argument may be
nitpick_ignore = [("py:class", "contextlib.ContextDecorator")]

html_theme = "pydata_sphinx_theme"
html_title = "autograd-lite"  # with a longer one, every page is wider than a phone
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "formulas"
html_domain_indices = False  # the general index has every name
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # a browser fetches no page for it from a folder
html_context = {"default_mode": "light"}
html_theme_options = {
    "header_links_before_dropdown": 7,
    "navbar_end": [],  # no switch for a dark mode: the pictures are on white
    "navbar_persistent": ["search-button"],
    "secondary_sidebar_items": {"**": ["page-toc"], "index": [], "ru": []},
    "footer_start": ["copyright"],
    "footer_end": [],
}
# The column is wide enough for pictures where there is nothing on its left.
WIDE = ["index", "ru", "gallery", "tutorials/*", "how-to/*", "explanation/*", "architecture"]
WIDE += ["functions", "comparison", "benchmarks"]
html_sidebars = {page: [] for page in WIDE}
