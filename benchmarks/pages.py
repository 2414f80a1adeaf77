"""Live pages: how long one takes to make, how large it is, and how long an edit takes in it, with
everything drawn anew: python -m benchmarks.pages.

Milliseconds on this machine, medians; of an edit as the browser's own clock tells them. It needs
Playwright and Chromium.
"""

import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import sync_playwright

import nn
import viz

PAGES = [
    ([3, 2, 1], 1),
    ([4, 6, 4, 1], 1),
    ([8, 8, 4], 1),
    ([8, 8, 4, 1], 100),
    ([2, 6, 4, 1], 100),
]
EDITS = """async () => {
  const times = [];
  for (let k = 0; k < 41; k += 1) {
    const start = performance.now();
    lesson.set("weight-1-1-1", k / 10);
    document.body.getBoundingClientRect(); // laid out, too
    times.push(performance.now() - start);
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  }
  return times;
}"""


def main():
    browsers = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
        chromium = next(filter(None, browsers), None)
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print("network     observations      made      size    an edit")
        for sizes, observations in PAGES:
            path = Path(folder, "page.html")
            made = [write(sizes, observations, path) for _ in range(5)]
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(path.as_uri())
            if observations > 1:  # all its tables open
                page.click("#observations summary")
                page.select_option("#kind", "mean")
                page.check("#with-gradients")
            edits = page.evaluate(EDITS)
            page.close()
            print(
                f"{'-'.join(map(str, sizes)):12}{observations:12}{median(made):7.0f} ms"
                f"{path.stat().st_size / 1000:7.0f} kB{median(edits):8.1f} ms"
            )


def write(sizes, observations, path):
    """Milliseconds for the page of a new network."""
    rng = np.random.default_rng(0)
    model = nn.MLP(sizes, nn.Tanh, output=nn.Sigmoid, rng=rng)
    x = rng.normal(size=(observations, sizes[0]))
    y = rng.integers(0, 2, (observations, sizes[-1])).astype(float)
    start = time.perf_counter()
    viz.stepper(model, x, y, nn.binary_cross_entropy).save(path, overwrite=True)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
