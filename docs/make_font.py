"""Make viz/lesson/fonts: the letters of STIX Two Math that the live page needs, and their widths.

Run `python docs/make_font.py` from the repository, with fonttools and brotli installed. What it
writes is committed, so nobody else needs them.
"""

import json
import pathlib

import ziamath  # whose wheel carries the font
from fontTools import subset

FONT = pathlib.Path(ziamath.__file__).parent / "fonts/STIXTwoMath-Regular.ttf"
FOLDER = pathlib.Path(__file__).parents[1] / "viz/lesson/fonts"
ITALIC = [chr(0x1D44E + i) for i in range(26) if chr(0x1D44E + i) != "\U0001d455"] + [*"ℎ𝐿𝑇"]
GREEK = [*"αδεμπστωΦΣ∂", *"𝛼𝛿𝜀𝜇𝜋𝜎𝜏𝜔𝜕"]
SIGNS = [*"−·×÷≈≤≥≠←∞⋯…√¬∧∨", *"⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "\u0303", "˜", "′"]
PLAIN = [*" 0123456789abcdefghijklmnopqrstuvwxyz", *"()[]|+-=.,/*<>~"]
LETTERS = [*PLAIN, *ITALIC, *GREEK, *SIGNS]


def main():
    """Write the subset as WOFF2, and {letter: its width in thousandths of an em}."""
    options = subset.Options(flavor="woff2", hinting=False, notdef_outline=True)
    options.layout_features = ["ssty", "dtls", "mark"]  # what mathematics is set by
    options.name_IDs = [0, 1, 2, 13, 14]
    options.recalc_timestamp = False
    font = subset.load_font(FONT, options)
    widths = {
        letter: font["hmtx"][font.getBestCmap()[ord(letter)]][0]
        for letter in LETTERS
        if ord(letter) in font.getBestCmap()
    }
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, LETTERS))
    subsetter.subset(font)
    FOLDER.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, FOLDER / "stix-two-math.woff2", options)
    written = json.dumps(widths, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "widths.json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
