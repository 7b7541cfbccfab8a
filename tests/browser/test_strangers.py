"""What strangers wrote does nothing in a real browser; a language from the right turns the page."""

import pytest

from browser.looking import DESK, PHONE, context, watched

pytestmark = pytest.mark.heavy

ALIVE = """() => ({
  scripts: document.querySelectorAll('script').length,
  frames: document.querySelectorAll('iframe, object, embed, base').length,
  foreign: [...document.querySelectorAll('[src], [href]')].map(one => new URL(one.src ?? one.href, document.baseURI))
    .filter(one => one.origin !== location.origin || one.protocol !== location.protocol).length,
  handlers: [...document.querySelectorAll('*')].filter(one => [...one.attributes].some(own => own.name.startsWith('on'))).length,
  styles: document.querySelectorAll('[style]').length,
  owned: document.title === 'owned',
})"""
INERT = {"scripts": 0, "frames": 0, "foreign": 0, "handlers": 0, "styles": 0, "owned": False}
TOUCHED = """() => document.querySelectorAll('*').forEach(one => {
  for (const kind of ['mouseover', 'mouseenter', 'focus', 'error', 'load', 'toggle'])
    one.dispatchEvent(new Event(kind));
})"""
"""Each element as if a reader had come upon it: a handler that had got onto the page would run."""
TURNED = """() => [...document.body.innerText].filter(one => /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]/.test(one)).length"""
"""Characters of control and direction that are on the page as themselves."""


@pytest.mark.parametrize("place", ["hostile"], indirect=True)
def test_hostile_texts_are_inert(browser, place):
    """Scripts, handlers, frames and styles in titles and names stay text; nothing is asked for, nothing opens."""
    with context(browser, viewport=DESK) as opened:
        for name in place.pages:
            seen = watched(opened)
            seen.page.goto(place.address(name))
            seen.page.evaluate(TOUCHED)
            assert seen.page.evaluate(ALIVE) == INERT, name
            assert seen.page.evaluate(TURNED) == 0, name
            assert [*seen.wrong, *seen.outside(place)] == [], name
            seen.page.close()


@pytest.mark.parametrize("place", ["hostile"], indirect=True)
def test_hostile_texts_are_bounded(browser, place):
    """A title of ten thousand letters neither widens a phone nor pushes the page out of sight."""
    with context(browser, viewport=PHONE) as opened:
        page = opened.new_page()
        for name in place.pages:
            page.goto(place.address(name))
            assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], name
            tallest = page.evaluate(
                "Math.max(0, ...[...document.querySelectorAll('h1, nav.top, th, td')].map(one => one.offsetHeight))"
            )
            assert tallest < 4 * PHONE["height"], name


@pytest.mark.parametrize("place", ["right_to_left"], indirect=True)
def test_a_language_from_the_right_turns_the_page(browser, place):
    """Text begins at the right, the first column of the grid is the rightmost, and nothing is cut off at the left."""
    with context(browser, viewport=PHONE) as opened:
        page = opened.new_page()
        for name in place.pages:
            page.goto(place.address(name))
            assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl", name
            assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], name
            assert (
                page.evaluate(
                    "Math.min(0, ...[...document.querySelectorAll('h1, h2, p')].map(one => one.getBoundingClientRect().left))"
                )
                >= 0
            ), name
        page.goto(place.address("index.html"))
        row = "document.querySelector('.grid tbody tr:not(.category)')"
        assert page.evaluate(
            f"{row}.querySelector('th').getBoundingClientRect().right > {row}.querySelector('td').getBoundingClientRect().right"
        )
