"""A trigger's page: what it is true of, its counts, the same elsewhere, and the measurement that found it."""

import msgspec
import pytest

from hushmap.detect import trigger_rows
from hushmap.model import Direction, Encoding, Outcome, Place
from hushmap.report.site import trigger as module
from hushmap.report.site.book import Trigger
from hushmap.report.site.evidence import wanted
from hushmap.report.site.trigger import Drawer, page, pages
from hushmap.report.words import Words
from unit.report.sample import entries
from unit.report.site.books import book, making
from unit.report.site.test_target import read
from unit.report.test_page import HOSTILE

ENTRY = next(
    one for one in entries() if one.record.experiment == "keyword" and one.verdict.outcome is Outcome.BLOCKED
)
FIELDS = {
    "record": ENTRY.record.id,
    "experiment": "keyword",
    "trigger": "harvest + moon",
    "kind": "and",
    "place": "http-path",
    "encoding": "",
    "direction": "client_to_server",
    "mechanism": "http.reset.path",
    "hits": 5,
    "attempts": 5,
    "harmless_hits": 0,
    "harmless_attempts": 5,
    "error_bound": 0.00091,
    "frame": "a list of 40 words",
    "toward": "own helper",
    "first_seen": "2026-11-14T04:03:00Z",
    "last_seen": "2026-11-17T22:04:00Z",
}


def found(number=1, name="t1", **more):
    """One trigger on a network."""
    return Trigger(id=name, network=f"as{64500 + number}-xe", fields=FIELDS | more)


def with_triggers(*triggers, **more):
    """The small site with triggers."""
    return making(book=msgspec.structs.replace(book(), triggers=triggers), **more)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_trigger_has_a_page(lang):
    """With everything that it is true of."""
    made = with_triggers(found(), found(2, "t2"), lang=lang)
    told = {path: read(content).text for path, content in pages(made)}
    assert [*told] == ["triggers/t1.html", "triggers/t2.html"]
    for text in ("harvest + moon", "http-path", "a list of 40 words", "2026-11-14 04:03", ENTRY.record.id):
        assert text in told["triggers/t1.html"]
    assert "AS64502" in told["triggers/t1.html"]


def test_counts_and_bound_are_those_of_the_table():
    """Rounded to the side that claims less."""
    facts = dict(Drawer(with_triggers(found())).view(found()).facts)
    assert facts["Cut off"] == "5 of 5"
    assert facts["Harmless text of the same length cut off"] == "0 of 5"
    assert facts["Error bound"] == "at most 0.00091"
    assert "Pattern of a name" not in facts


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_codes_are_told_in_words(lang):
    """With the code behind, by which the files are searched; one that nobody knows stands as it is."""
    words = Words(lang)
    for kind, codes in {
        "place": Place,
        "encoding": Encoding,
        "direction": Direction,
        "kind": ("word", "and", "domain", "classifier"),
        "toward": ("own helper", "address"),
    }.items():
        for code in codes:
            told = words.code(kind, code)
            assert code in told
            assert len(told) > len(code) + 2, code
    assert words.code("place", "odd") == "odd"
    facts = dict(Drawer(with_triggers(found(), lang=lang)).view(found()).facts)
    assert words.code("place", "http-path") in facts.values()


def test_a_page_says_how_to_cite_it():
    """Itself, not only the site."""
    made = with_triggers(found())
    assert f"page {made.site_id}/triggers/t1" in read(page(made, made.book.triggers[0])).text


def test_what_has_no_bound_states_none():
    """Nor counts of what was not tried."""
    one = found(error_bound=None, harmless_attempts=0, mechanism="")
    facts = dict(Drawer(with_triggers(one)).view(one).facts)
    assert not {"Error bound", "How", "Harmless text of the same length cut off"} & facts.keys()


def test_what_no_word_explains_is_called_so():
    """It is no word that is cut off."""
    one = found(kind="classifier", trigger="classifier")
    assert Drawer(with_triggers(one)).view(one).label == "Cut off, no word found"


def test_the_measurement_that_found_it_is_shown():
    """With its sentence, where it can be had; it is asked for."""
    made = with_triggers(found(), evidence={ENTRY.record.id: ENTRY})
    view = Drawer(made).view(made.book.triggers[0])
    assert view.saying == ENTRY.saying
    assert view.evidence is not None
    assert ENTRY.record.id in wanted(made.book)
    assert "One measurement, step by step" in read(page(made, made.book.triggers[0])).text


def test_many_other_networks_are_counted(monkeypatch):
    """A list is bounded; a network without a page is named by its id."""
    monkeypatch.setattr(module, "MOST", 1)
    made = with_triggers(*(found(number, f"t{number}") for number in range(1, 5)))
    view = Drawer(made).view(made.book.triggers[0])
    assert (len(view.others), view.more) == (1, 2)
    assert Drawer(made).view(made.book.triggers[3]).name == "as64504-xe"
    assert "2 more" in read(page(made, made.book.triggers[0])).text


def test_rows_of_the_table_fit():
    """The fields that are read are columns of the table."""
    for one in entries():
        for row in trigger_rows(one.verdict, one.record):
            assert FIELDS.keys() <= msgspec.structs.asdict(row).keys()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_inert(hostile):
    """A word is a stranger's text."""
    content = page(with_triggers(found(trigger=hostile * 30)), found(trigger=hostile * 30)).decode()
    assert not [tag for tag in ("<script", "<img src", "<svg/", "<iframe") if tag in content]
