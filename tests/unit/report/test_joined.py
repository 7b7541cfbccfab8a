"""The page of several networks: complete, balanced, harmless, and the same for the same records."""

import pytest

from hushmap.model import Outcome, Software, Vantage
from hushmap.report import JoinedView, join
from hushmap.report.joined import render
from hushmap.report.page import POLICY
from unit.report.sample import entries
from unit.report.test_grid import BLOCKED, FINE, OTHER, SITE, UNDECIDED, B, made
from unit.report.test_page import HOSTILE, Reader

TITLE = "Three networks in Exampleland"


def view(**more):
    """The page as a whole."""
    fields = {
        "title": TITLE, "software": Software(version="0.1.0", python="3.11.2"), "rules": "5", "knowledge": "sha256:41",
        "again": "hushmap report a b -o page",
    }  # fmt: skip
    return JoinedView(**fields | more)


TWO = [
    made(1, SITE, BLOCKED, category="NEWS"),
    made(2, SITE, FINE, B, "r-2", category="NEWS"),
    made(3, OTHER, UNDECIDED, B, "r-2"),
]


def page(found=TWO, **more):
    """The page, read as a browser would."""
    files = render(view(**more), found)
    assert sorted(files) == ["index.html", "style.css"]
    reader = Reader()
    reader.feed(files["index.html"].decode())
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    reader.text = " ".join(" ".join(reader.texts).split())
    return reader


def test_the_grid_comes_first_with_sign_word_and_share():
    """And the key sentence is made of its counts."""
    text = page().text
    assert "Blocked on at least one of 2 networks: 1 of 2 sites; on every one of them: 0." in text
    assert "✕ Blocked 1/1" in text
    assert "• Reachable 1/1" in text
    assert "? Not decided" in text
    assert text.index("✕ Blocked 1/1") < text.index("Each site")
    assert "not measured" in text


def test_every_link_leads_to_a_place_on_the_page():
    """A cell to its site, a network's name to its facts."""
    reader = page()
    targets = [value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")]
    assert targets
    assert {value.removeprefix("#") for value in targets} <= set(reader.ids)


def test_each_site_is_told_on_each_network_by_the_sayings():
    """What is said beside an outcome is say's, word for word; a gap is told."""
    text = page().text
    for one in TWO:
        assert " ".join(one.saying.sentence.split()) in text
    assert text.count("not measured") >= 2


def test_several_measurements_are_told_by_their_share():
    """Of which the newest is shown."""
    more = [*TWO, made(4, SITE, FINE, run="r-3", started="2026-11-22T10:00:00Z")]
    assert "1 of 2 measurements; the newest of them:" in page(more).text
    many = [made(number, SITE, FINE, run=f"r-{number}") for number in range(5)]
    assert "r-0, r-1, r-2, ..." in page(many).text


def test_words_are_apart_and_the_lab_is_said():
    """No word is counted among sites."""
    text = page(entries(), lab=True).text
    assert "Words are counted apart." in text
    assert "Lab data, invented networks." in text
    assert "Each word" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_reads_in_its_language(lang):
    """No text of the other one beside it."""
    text = page(lang=lang).text
    assert ("networks side by side" in text, "各网络对照" in text) == (lang == "en", lang == "zh")


def test_one_network_is_not_called_several():
    """The sentence is about it alone."""
    assert "Blocked on the one network that was measured: 1 of 1 site." in page(TWO[:1]).text


def test_nothing_is_a_page_that_says_so():
    """No grid, no sentence made of nothing."""
    assert "Nothing was measured." in page([]).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    """A target, a network's name, a title: nothing of them acts."""
    found = [made(1, text, BLOCKED, Vantage(network=text, asn=64501)), made(2, text, FINE, B, "r-2")]
    reader = page(found, title=text)
    assert "script" not in reader.seen
    assert not {name for _, name, _ in reader.attributes if name.startswith("on") or name == "style"}
    assert {value for tag, name, value in reader.attributes if tag == "meta" and name == "content"} >= {POLICY}
    links = [value for _, name, value in reader.attributes if name in {"href", "src"}]
    assert all(value == "style.css" or value.startswith("#") for value in links)


def test_the_same_records_give_the_same_bytes(tmp_path):
    """Written where it is told."""
    written = join(tmp_path / "page", view(), TWO)
    assert written.read_bytes() == render(view(), TWO)["index.html"]
    assert (tmp_path / "page" / "style.css").exists()
    assert Outcome.OK in {one.verdict.outcome for one in TWO}
