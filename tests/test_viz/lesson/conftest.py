"""The browser's pages of steppers."""

import pytest


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
