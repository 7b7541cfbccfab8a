"""Addresses -> pages."""

from urllib.parse import parse_qsl

import msgspec
import pytest

from hushmap.report.explore.routing import nothing, page
from hushmap.report.explore.wanted import WantedError
from unit.archive.verdicts import table
from unit.report.explore.explored import FINE, ROWS, WORD, A, B, made, row
from unit.report.explore.test_measuring import STEP
from unit.report.explore.test_triggering import found
from unit.report.test_words import CODES, Plain


@pytest.fixture(scope="module")
def opened():
    """The usual verdicts."""
    return made()


PAGES = {
    "": "What this cannot show",
    "days": "Day by day",
    "method": "How",
    "data": "Data",
    "compare": "Give the ids of two records",
    f"targets/{A}": "a.example",
    f"targets/{A}/measurements": "Every measurement",
    "networks/as64501-xe": "AS64501",
    "measurements/r2": "Blocked by name",
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_is_set_in_every_language_and_is_told_to_programs(lang):
    """No text is missing, and each has a JSON."""
    opened = made(lang=lang)
    for path, text in PAGES.items():
        found = page(opened, path, [])
        html = found.rendered().decode()
        assert found.json.startswith(b'{"schema":"hushmap.explore/1"')
        assert f'<html lang="{lang}"' in html
        assert lang != "en" or text in html, path


@pytest.mark.parametrize(
    "path", ["nope", "targets/nope", f"targets/{A}/nope", "networks/nope", "incidents/x", "measurements/x", "lists/x"]
)
def test_what_is_not_there_has_no_page(opened, path):
    """It is no result."""
    assert page(opened, path, []) is None


def test_a_target_is_told_on_all_its_networks_or_on_those_that_are_meant(opened):
    """A filter narrows the book of the page."""
    assert {one.id for one in page(opened, f"targets/{A}", []).making.book.networks} == {"as64501-xe", "as64502-xf"}
    narrowed = page(opened, f"targets/{A}", [("country", "XF")])
    assert [one.id for one in narrowed.making.book.networks] == ["as64502-xf"]
    assert narrowed.making.explored.json == f"/targets/{A}.json?country=XF"
    assert page(opened, "networks/as64502-xf", [("since", "2027-01-01")]) is None


def test_a_target_names_the_networks_that_measured_others_of_its_kind():
    """A blank is told by name: those that are meant, sites beside sites; a network that measured words alone is none."""
    third = row("r9", 3, 8, 64503, FINE, "https://b.example/", country="XF")
    words = row("w1", 3, 8, 64504, WORD, "some word") | WORD | {"category": None}
    opened = made((*ROWS, third, words))
    for pairs, named in (([], True), ([("country", "XF")], True), ([("country", "XE")], False)):
        found = page(opened, f"targets/{A}", pairs)
        assert msgspec.json.decode(found.json)["not_measured_on"] == ["as64503-xf"] * named
        html = found.rendered().decode()
        assert ("Not measured on:" in html) is named
        assert ("AS64503" in html) is named
        assert "AS64504" not in html


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("words", "/?part=words"),
        ("category-news", "/?category=NEWS"),
        ("label-blocked", "/?group=Blocked"),
        ("network-as64501-xe", "/?network=as64501-xe"),
    ],
)
def test_lists_of_a_site_are_filters(opened, name, address):
    """The same addresses lead to the same targets."""
    assert page(opened, f"lists/{name}", []) == address


def test_two_records_are_put_side_by_side(opened):
    """With all that both say; one that is not there is told."""
    html = page(opened, "compare", [("first", "r2"), ("second", "r6")]).rendered().decode()
    assert "no evidence of blocking" in html
    assert "differs" in html
    with pytest.raises(WantedError, match="no such record"):
        page(opened, "compare", [("first", "r2"), ("second", "nobody")])
    with pytest.raises(WantedError, match="no such filter"):
        page(opened, "compare", [("third", "r2")])
    with pytest.raises(WantedError, match="is no day"):
        page(opened, "measurements/r2", [("day", "x")])


def test_a_change_has_the_page_that_a_site_gives_it():
    """Where one was found."""
    from unit.report.explore.explored import BLOCKED, FINE, row

    rows = [row(f"r{n:03}", 1 + n // 12, 2 * (n % 12), 64501, FINE if n < 60 else BLOCKED) for n in range(120)]
    opened = made(rows)
    one = opened.incidents[0]
    assert b"a.example" in page(opened, f"incidents/{one.id}", []).rendered()
    assert one.id.encode() in page(opened, f"targets/{A}", []).rendered()


def test_an_error_is_a_page(opened):
    """With a way back."""
    assert b'href="/"' in nothing(opened, "explore.wrong", "because").rendered()
    assert page(opened, "drawing", []).told["drawing"]["data"]["values"]
    assert B in page(opened, "index", [("q", "b.ex")]).rendered().decode()


def test_data_are_cited_with_their_time_and_networks(opened):
    """What is copied from there holds for no other time and no other network."""
    html = page(opened, "data", []).rendered().decode()
    assert "1 Nov 2026, 08:30 to 4 Nov 2026, 09:30 UTC on 2 networks" in html


def test_a_chinese_page_has_no_code_for_a_text():
    """Outcomes, reasons, mechanisms and places are told in words on every page of the explorer, too."""
    some = {
        "steps": table("steps", STEP | {"step": None, "undone": "budget"}),
        "triggers": table("triggers", found("词", encoding="utf-8", direction="client_to_server")),
    }
    opened = made(lang="zh", **some)
    paths = [*PAGES, "incidents", "triggers", "measurements/r4", *(f"triggers/{name}" for name in opened.triggers)]
    paths += ["compare?first=r2&second=r4"]
    assert len(opened.triggers) == 1
    for path in paths:
        bare, _, query = path.partition("?")
        reader = Plain()
        reader.feed(page(opened, bare, parse_qsl(query)).rendered().decode())
        assert [text for text in reader.texts if text in CODES or "Blocked" in text] == [], path
