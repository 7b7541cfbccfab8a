"""Triggers: their list, and the page of each."""

from datetime import date

import pytest

from hushmap.report.explore import triggering
from hushmap.report.explore.routing import page
from hushmap.report.explore.wanted import WantedError
from unit.archive.verdicts import table
from unit.report.explore.explored import made

DAY = date(2026, 11, 3)


def found(trigger, record="r8", **more):
    """One trigger, as its table has it."""
    return {
        "day": DAY, "record": record, "run": "run-1", "experiment": "keyword", "trigger": trigger, "kind": "word",
        "place": "http-path", "direction": "c2s", "mechanism": "http.reset.url", "hits": 5, "attempts": 5,
        "harmless_hits": 0, "harmless_attempts": 5, "country": "XE", "asn": 64501, "network": "Net 64501",
        "last_seen": "2026-11-03T08:30:00Z",
    } | more  # fmt: skip


@pytest.fixture(scope="module")
def opened():
    """One word on two networks, and a hostile one."""
    rows = (
        found("some word"),
        found("some word", asn=64502, country="XF", network="Net 64502"),
        found("<script>\u202e", record="r9"),
    )
    return made(triggers=table("triggers", *rows))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_leads_to_a_page_for_each(lang, opened):
    """In every language, for people and for programs; the first page leads to the list."""
    own = opened if lang == "en" else made(lang=lang, triggers=table("triggers", found("some word")))
    listed = page(own, "triggers", [])
    html = listed.rendered().decode()
    for one in own.triggers.values():
        assert f'href="/triggers/{one.id}"' in html
        single = page(own, f"triggers/{one.id}", [])
        assert "5" in single.rendered().decode()
        assert single.told["trigger"]["hits"] == 5
        assert single.json
    assert "<script>\u202e" not in html
    assert 'href="/triggers"' in page(own, "", []).rendered().decode()


def test_the_page_names_the_same_on_other_networks_and_what_found_it(opened):
    """The measurement is set out where its steps are kept, and the target's page leads here."""
    one = next(
        one for one in opened.triggers.values() if one.network == "as64501-xe" and one.fields["record"] == "r8"
    )
    other = next(one for one in opened.triggers.values() if one.network == "as64502-xf")
    html = page(opened, f"triggers/{one.id}", []).rendered().decode()
    assert f"/triggers/{other.id}" in html
    assert "hushmap show r8" in html
    word = next(name for name in opened.counting.target_ids if name.startswith("some-word"))
    assert f"/triggers/{one.id}" in page(opened, f"targets/{word}", []).rendered().decode()


def test_the_list_is_narrowed_and_has_pages(opened, monkeypatch):
    """By text, country, number, network and test; what triggers do not have is refused."""
    for pairs, n in (
        ([("q", "WORD")], 2), ([("country", "XF")], 1), ([("asn", "64501")], 2), ([("network", "as64502-xf")], 1),
        ([("experiment", "screen")], 0),
    ):  # fmt: skip
        assert page(opened, "triggers", pairs).told["of"] == n
    assert "No trigger was found" in page(opened, "triggers", [("q", "nobody")]).rendered().decode()
    with pytest.raises(WantedError, match="since"):
        page(opened, "triggers", [("since", "2026-11-01")])
    monkeypatch.setattr(triggering, "ROWS", 2)
    assert page(opened, "triggers", []).values["view"].pager.after == "?page=2"


def test_what_was_not_found_has_no_page(opened):
    """That is no result."""
    assert page(opened, "triggers/none", []) is None
