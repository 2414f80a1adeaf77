"""The live page: lesson, program, picture and scripts in one file, which loads nothing and may run
no other script than its own.
"""

import base64
import hashlib
import importlib.util
import json
import math
import re
from html import escape
from importlib.resources import files

from autograd_lite.entries import as_data
from viz.canvas.colours import CLASSES
from viz.canvas.pages import filled, read
from viz.language.lesson_words import LESSON
from viz.language.plain import LETTERS, LOWERED, RAISED
from viz.language.sample_words import SAMPLE
from viz.language.templates import Filling
from viz.language.words import WORDS
from viz.pictures.gradient_flow import FAINT

LOADS_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; font-src data:"
SCRIPTS = ("functions", "program", "formula", "mathml", "lesson", "sample", "training", "curve")
SCRIPTS += ("stuck", "region", "fit", "observations", "beside", "together", "predict", "picture")
SCRIPTS += ("panel", "edit", "present", "main")
FRAME = 820  # pixels: the height of the page in a notebook
CAPTIONS = ("input", "hidden", "output", "loss")  # words that the pictures have, too
COLUMNS = ("slide", "ours")  # and the lecture's page
FITS = ("curve", "boundary")
FLOWS = ("vanish", "explode", "steady", "nothing", "flat", "nan", "infinite")


def page(stepper, scene):
    """The page of a Stepper, whose picture is the SVG `scene`."""
    font = base64.b64encode(files(__package__).joinpath("fonts/stix-two-math.woff2").read_bytes())
    style = read(__package__, "page/page.css") + read(__package__, "page/sample.css")
    style = style.replace("FONT", font.decode())
    script = "\n".join(read(__package__, f"page/{name}.js") for name in SCRIPTS)
    words = _words()[stepper.captions]
    return filled(
        __package__,
        "page/page.html",
        policy=f"{LOADS_NOTHING}; script-src {_hash(script)}; style-src {_hash(style)}",
        language=stepper.captions,
        title=escape(stepper.title),
        style=style,
        script=script,
        kind=stepper.kind,
        scene=_with_numbers(scene, stepper, words),
        still=escape(words["no script"]),
        lesson=in_script(_data(stepper)),
    )


def in_notebook(stepper, still):
    """The bundle of representations for Jupyter: the page in a sandbox of its own, which can
    neither read the notebook nor change it. Where it is not trusted, what lies below is seen: a
    still picture, with a sentence.
    """
    html, words = stepper.html(), LESSON[stepper.captions]
    svg = still.svg() if hasattr(still, "svg") else still.pipe("svg").decode()
    image = base64.b64encode(svg.encode()).decode()
    frame = (
        f'<iframe sandbox="allow-scripts" srcdoc="{escape(html)}" title="{escape(stepper.title)}" '
        f'style="position:absolute;left:0;top:0;width:100%;height:{FRAME}px;border:0;'
        'background:white"></iframe>'
    )
    below = (
        f'<p>{escape(words["untrusted"])}</p><img style="max-width:100%" alt="" '
        f'src="data:image/svg+xml;base64,{image}">'
    )
    box = f'<div style="position:relative;height:{FRAME}px;overflow:hidden">{below}{frame}</div>'
    bundle = {"text/html": box, "text/plain": repr(stepper)}
    if importlib.util.find_spec("resvg_py") and hasattr(still, "png"):
        bundle["image/png"] = base64.b64encode(still.png()).decode()
    return bundle


def _words():
    """{language: {key: word}} of all that the page says."""
    return {
        language: {
            **words,
            **SAMPLE[language],
            **{key: WORDS[language][key] for key in CAPTIONS},
            **{key: WORDS[language]["lecture"][key] for key in COLUMNS},
            **{f"fitted {key}": WORDS[language]["fitted"][key] for key in FITS},
            **{f"flow {key}": WORDS[language]["flow"][key] for key in FLOWS},
        }
        for language, words in LESSON.items()
    }


def _data(stepper):
    """What the scripts get."""
    program = as_data(stepper.program)
    places = {name: place for place, name in enumerate(program["given"])} | program["names"]
    return {
        "program": program,
        "lesson": stepper.lesson.as_data(places),
        "words": _words(),
        "language": stepper.captions,
        "letters": {
            "said": LETTERS,
            "raised": {chr(a): chr(b) for a, b in RAISED.items()},
            "lowered": {chr(a): chr(b) for a, b in LOWERED.items()},
        },
        "why": stepper.why,
        "held": stepper.held,
        "sample": stepper.sample and stepper.sample.as_data(),
        "beside": stepper.beside,
        "together": stepper.together,
        "faint": FAINT,
        "colours": CLASSES,
    }


def _with_numbers(scene, stepper, words):
    """The picture with all that stands in it at the last step before the update: what is seen where
    no script may run.
    """
    lesson = stepper.lesson
    last = max(k for k, step in enumerate(lesson.steps) if step.phase == "backward")
    filling = Filling(stepper.program.run(), words, tuple(lesson.texts))
    shown = {
        (mark.part, mark.what): filling.text(mark.template)
        for mark in lesson.marks
        if mark.first <= last and (mark.until is None or last < mark.until)
    }

    def number(found):
        return f"{found[0][:-1]}>{escape(shown.get((found[1], found[2]), ''))}"

    def caption(found):
        return f"{found[0]}{escape(words[found[1]] + found[2])}"

    scene = re.sub(r'<text[^>]*data-part="([^"]*)" data-what="([^"]*)"[^>]*?>', number, scene)
    return re.sub(r'<text[^>]*data-word="([^"]*)" data-after="([^"]*)">', caption, scene)


def _hash(text):
    """How a content-security policy names the one script, or style sheet, that it lets in."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def in_script(data):
    """JSON that can stand in a script element: nothing in it can end the element, or a line of
    JavaScript. Numbers that JSON lacks are texts.
    """
    written = json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return written


def _finite(data):
    """The same, with "NaN", "Infinity" and "-Infinity" in the place of what is not finite."""
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return "NaN" if math.isnan(data) else "Infinity" if data > 0 else "-Infinity"
    return data
