"""Every kind of page in a real browser: quiet, whole without scripts, narrow, by keys, on paper, and for every reader."""

import re

import pytest
from make_screenshots import PICTURES

from browser.looking import DESK, PHONE, context, file_of, judged_by_axe, links, watched

pytestmark = pytest.mark.heavy

LEAST = 11.5
"""Pixels of the smallest text on a phone: the scale's smallest is 13, and a sign beside a number may be a little less."""
LONGEST = 60
"""Steps of the key Tab that are tried on one page."""

WIDER = """() => {
  const most = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= most) return [];
  const held = one => one.closest('.scroll') && !one.matches('.scroll');
  return [...document.body.querySelectorAll('*')]
    .filter(one => !held(one) && !one.matches('.hidden, .hidden *, .skip'))
    .filter(one => { const at = one.getBoundingClientRect(); return at.right > most + 1 || at.left < -1; })
    .slice(0, 3).map(one => one.outerHTML.slice(0, 160));
}"""
"""What is wider than the window, where the page can be scrolled sideways."""

SMALL = """least => [...document.querySelectorAll('body *')]
  .filter(one => [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim()))
  .filter(one => !one.closest('svg') && parseFloat(getComputedStyle(one).fontSize) < least)
  .slice(0, 3).map(one => one.outerHTML.slice(0, 120))"""

HOLES = """() => {
  const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => Number(one.tagName[1]));
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  return {
    first: document.querySelectorAll('h1').length,
    jumps: levels.filter((level, at) => at && level > levels[at - 1] + 1).length,
    twice: ids.filter((id, at) => ids.indexOf(id) !== at).slice(0, 3),
    main: document.querySelectorAll('main').length,
  };
}"""


def told(place, check):
    """What is wrong, by page; `check` is given each page's name and says what is wrong there."""
    found = {page: check(page) for page in place.pages}
    return {page: wrong for page, wrong in found.items() if wrong}


def test_there_is_a_page_of_each_kind(place):
    """The place is not empty, and its first page is among those looked at."""
    assert any(page in {"index.html", ""} for page in place.pages)


def test_a_page_is_quiet(browser, place):
    """No complaint of the browser, no failed or foreign request, no window; the sheet is in force."""
    with context(browser, viewport=DESK) as opened:

        def check(name):
            seen = watched(opened)
            seen.page.goto(place.address(name))
            seen.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            seen.page.evaluate(PICTURES)
            styled = seen.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')")
            if place.folder is None:  # a script may ask for what it draws; closing would cut that off
                seen.page.wait_for_load_state("networkidle")
            wrong = [*seen.wrong, *seen.outside(place), *([] if styled else ["no style sheet"])]
            seen.page.close()
            return wrong

        assert told(place, check) == {}


def test_a_page_says_all_without_scripts(browser, place):
    """With scripts off the same words are on the page; a site on disk has no script at all."""
    with (
        context(browser, viewport=DESK) as on,
        context(browser, viewport=DESK, java_script_enabled=False) as off,
    ):
        pages = on.new_page(), off.new_page()

        def check(name):
            said = []
            for page in pages:
                page.goto(place.address(name))
                page.wait_for_load_state("networkidle")
                text, drawn = page.inner_text("main"), page.locator("figure:has(.drawing)")
                for one in drawn.all():  # what a script draws stands in the table below it, in numbers
                    text = text.replace(one.inner_text(), "")
                said.append(re.sub(r"\s+", " ", text))
            some = place.folder and "<script" in (place.folder / name).read_text("utf-8").lower()
            return [*(["other words"] if said[0] != said[1] else []), *(["a script"] if some else [])]

        assert told(place, check) == {}


def test_a_phone_needs_no_scrolling_sideways(browser, place):
    """At 360 pixels nothing is wider than the window, folded or unfolded, and no text is too small."""
    with context(browser, viewport=PHONE, device_scale_factor=1, is_mobile=True, has_touch=True) as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            found = page.evaluate(WIDER)
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            return [
                *found,
                *page.evaluate(WIDER),
                *([wide] if wide > PHONE["width"] else []),
                *page.evaluate(SMALL, LEAST),
            ]

        assert told(place, check) == {}


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"])
def test_axe_finds_nothing_serious(browser, place, size, scheme):
    """Contrast, names of controls, tables, landmarks: nothing that axe-core calls serious or critical."""
    with context(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            return judged_by_axe(page)

        assert told(place, check) == {}


def test_headings_and_names_are_in_order(browser, place):
    """One first heading, no level left out, one main part, no name given twice."""
    with context(browser, viewport=DESK) as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            found = page.evaluate(HOLES)
            return [] if found == {"first": 1, "jumps": 0, "twice": [], "main": 1} else [found]

        assert told(place, check) == {}


def test_keys_are_enough(browser, place):
    """Tab goes to what can be used in the order of the page, and it is seen where it is; Enter unfolds."""
    with context(browser, viewport=DESK) as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            usable = "a[href], button, input, select, summary, [tabindex='0']"
            wanted = page.evaluate(
                "usable => [...document.querySelectorAll(usable)].filter(one => one.checkVisibility()).length", usable
            )
            wrong = []
            for _ in range(min(wanted, LONGEST)):
                page.keyboard.press("Tab")
                now = page.evaluate(
                    "usable => { const one = document.activeElement; const line = getComputedStyle(one);"
                    " return [one.matches(usable), line.outlineStyle !== 'none' || one.matches('.skip'),"
                    " one.outerHTML.slice(0, 120)]; }",
                    usable,
                )
                wrong.extend([now] if not (now[0] and now[1]) else [])
            folded = page.locator("summary").first
            if folded.count():
                was = page.evaluate("document.querySelector('details').open")
                folded.press("Enter")
                wrong.extend(
                    ["Enter does not unfold"]
                    if page.evaluate("document.querySelector('details').open") == was
                    else []
                )
            return wrong[:3]

        assert told(place, check) == {}


def test_a_page_prints(browser, place):
    """On paper what was folded is open, what is for the screen only is gone, and the paper is white."""
    with context(browser, viewport=DESK, color_scheme="dark") as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            page.emulate_media(media="print", color_scheme="dark")
            hidden = page.evaluate(
                "[...document.querySelectorAll('details > :not(summary, form)')].filter(one => !one.offsetHeight && one.innerText.trim())"
                ".slice(0, 2).map(one => one.outerHTML.slice(0, 120))"
            )
            shown = page.evaluate(
                "[...document.querySelectorAll('nav.top, .skip, .search, .filters, button, input')].filter(one => one.offsetHeight).length"
            )
            ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            paper = page.pdf(format="A4", print_background=True)
            sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
            page.emulate_media(media="screen")
            wrong = [*hidden, *([f"{shown} parts for the screen"] if shown else [])]
            wrong.extend([ground] if ground not in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"} else [])
            return [*wrong, *([] if sheets else ["no sheet"])]

        assert told(place, check) == {}


def test_links_lead_somewhere(browser, place):
    """Each link of a site on disk leads to a file of it and to a place that is there, or to mail."""
    if place.folder is None:
        pytest.skip("the links of a server are looked at with it")
    with context(browser, viewport=DESK) as opened:
        page = opened.new_page()

        def check(name):
            page.goto(place.address(name))
            wrong = []
            for address in links(page):
                if address.startswith("mailto:"):
                    continue
                file, fragment = file_of(address)
                inside = address.startswith(f"{place.base}/") and file.is_file()
                if not inside:
                    wrong.append(address)
                elif fragment and f'id="{fragment}"' not in file.read_text("utf-8"):
                    wrong.append(f"{file.name} has no #{fragment}")
            return wrong[:5]

        assert told(place, check) == {}
