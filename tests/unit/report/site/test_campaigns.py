"""Pages of campaigns: dates, claims, counts that are no test, a study by its own sentences."""

import msgspec

from hushmap.report.site import campaigns
from hushmap.report.site.campaigns import listed, pages, shown, view
from hushmap.report.site.changing import Known, changes
from unit.report.site.added import making, register
from unit.report.site.books import book
from unit.report.site.happened import happened, unsure
from unit.report.test_page import Reader
from unit.report.test_study_text import asked


def read(site):
    """Text by path."""
    found = {}
    for path, content in pages(site):
        reader = Reader()
        reader.feed(content.decode())
        assert reader.open == []
        found[path] = " ".join(" ".join(reader.texts).split())
    return found


def test_only_campaigns_of_the_time_and_the_place_have_a_page():
    """What could be mistaken for one has none; nor has anything where nothing was measured."""
    found = read(making())
    assert [*found] == [f"campaigns/{name}.html" for name in ("early", "month", "clean-1", "touching", "late")]
    assert [one.when for one in listed(making())][2] == "2026-11-10 to 2026-11-20"
    assert shown(happened()) == ()
    assert shown(msgspec.structs.replace(making(), book=book(first=None, last=None))) == ()


def test_what_is_claimed_stands_beside_what_was_measured():
    """Counts of confirmed changes both ways, which are no test."""
    text = read(making())["campaigns/clean-1.html"]
    assert "1,200 pages were removed. Not to be compared: a page is no network." in text
    assert "Something was measured in this country on 3 of its days" in text
    assert "Confirmed in these days: 3 stopped working, 0 worked again. Not confirmed: 0." in text
    assert "These are counts and no test" in text
    assert "Event feast (2015-11-16, every year): a change in these days may just as well be of it." in text
    assert "No study was given with this report." in text
    assert "caused by" not in text
    part = read(making())["campaigns/late.html"]
    assert "It is of XE-NO alone" in part
    assert "End none is known" in read(making())["campaigns/month.html"]


def test_a_study_is_told_by_its_own_sentences():
    """Of this campaign alone."""
    study = msgspec.structs.replace(asked(), campaign="clean-1")
    every = register() | {"d": register()["early"]}
    found = read(making(studies=(study,), register=every))
    assert (
        "Retrospective: the event, or how it was looked at, was chosen when the data were there already"
        in found["campaigns/clean-1.html"]
    )
    assert "Retrospective" not in found["campaigns/late.html"]


def test_a_campaign_whose_study_is_given_has_a_page():
    """Also one of another year: what a maker gives is never dropped in silence."""
    study = msgspec.structs.replace(asked(), campaign="long-ago")
    found = read(making(studies=(study,), register=register() | {"d": register()["early"]}))
    text = found["campaigns/long-ago.html"]
    assert "Retrospective: the event, or how it was looked at, was chosen when the data were there already" in text
    assert "Something was measured in this country on 0 of its days" in text
    assert "campaigns/abroad.html" not in found


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    """First alarms stand apart from what is confirmed."""
    monkeypatch.setattr(campaigns, "MOST", 1)
    site = making()
    some = [*site.book.incidents, *map(unsure, site.book.incidents)]
    more = msgspec.structs.replace(site, book=msgspec.structs.replace(site.book, incidents=tuple(some)))
    told = view(more, register()["clean-1"], Known(more.book), changes(more.book)).changes
    assert (len(told.confirmed), len(told.provisional)) == (1, 1)
    assert "earlier change" in told.more
