"""A browser that is offline, for the pages; tests are skipped where there is no Chromium."""

import shutil

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a stepper's file; in the end, nothing must have gone wrong, nor
    anything been asked of a network.
    """
    troubles, pages = [], []

    def opened(stepper, width=1280, after="", **options):
        path = stepper.save(tmp_path / f"page{len(pages)}.html")
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: (troubles.append("a dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda asked: (
                asked.url.split("#")[0] == path.as_uri()
                or asked.url.startswith("data:font")
                or troubles.append(asked.url)
            ),
        )
        page.goto(path.as_uri() + after)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert troubles == []
