"""The page of a network."""

import msgspec

from hushmap.report.site import networks
from hushmap.report.site.book import Share
from hushmap.report.site.networks import page, pages
from unit.report.site.books import FIRST, book, cell, making, network


def text_of(made, number=0):
    """The page of one of the networks."""
    return page(made, made.book.networks[number]).decode()


def test_there_is_a_page_for_each():
    """By its name in addresses."""
    assert [path for path, _ in pages(making())] == ["networks/as64501-xe.html", "networks/as64502-xe.html"]


def test_it_tells_what_was_measured_and_which_days_are_missing():
    """A day without a measurement is named; what is not known is said to be unknown."""
    text = text_of(making(book=book(networks=(network(1, country=""), network(2)))))
    assert "2026-11-16" in text
    assert "<dt>Country code</dt><dd><bdi>unknown</bdi>" in text
    assert "<dt>Measurements</dt><dd><bdi>24</bdi>" in text


def test_its_resolvers_are_for_the_makers_eyes():
    """They tell which line at home it was, and are shown where the makers ask for it."""
    assert "192.0.2.53" not in text_of(making())
    about = msgspec.structs.replace(book().about, as_recorded=True)
    assert "<dt>DNS server</dt><dd><bdi>192.0.2.53</bdi>" in text_of(making(book=book(about=about)))


def test_times_that_were_cut_are_said_to_be():
    """As manifests tell; beside a list of times that a copy has cut, and beside no others."""
    cells = {("news-example-org", "as64501-xe"): cell("Blocked", first=FIRST.replace(hour=5, minute=0))}
    for precision, told in (("hour", "whole hours,"), ("day", "whole days,"), ("exact", "")):
        small = book(cells=cells, precision=precision)
        assert told in text_of(making(book=small))
        assert ("up to a" in text_of(making(book=small))) is bool(told)


def test_it_lists_what_was_found_there():
    """What works is in the list of the network, to which a link leads."""
    text = text_of(making())
    assert "2 targets of 3 targets" in text
    assert text.count('<th scope="row"><a') == 2
    assert 'href="../lists/network-as64501-xe.html"' in text
    assert "Nothing that points to interference was seen" in text_of(making(), 1)


def test_shares_have_their_interval_or_are_too_few():
    """Of bursts, with what is not counted beside."""
    many = Share(
        network="as64501-xe", experiment="web", found="Blocked", k=6.0, n=12, share=0.5, low=0.211, high=0.789, left_out=2
    )  # fmt: skip
    few = Share(
        network="as64501-xe", experiment="x", found="Other", k=1.0, n=1, share=None, low=None, high=None, left_out=0
    )  # fmt: skip
    text = text_of(making(book=book(shares=(many, few))))
    assert "50.0 % (95 % interval 21.1 % to 78.9 %)" in text
    assert "too few to say" in text
    assert "How often" not in text_of(making())


def test_what_has_no_room_is_counted(monkeypatch):
    """Nothing is left out in silence."""
    monkeypatch.setattr(networks, "ROWS", 1)
    assert "1 more is in the files." in text_of(making())


def test_runs_that_were_not_counted_are_not_told_as_zero():
    """Whoever has no number of them says none."""
    assert "<dt>Runs</dt>" in text_of(making())
    assert "<dt>Runs</dt>" not in text_of(making(book=book(networks=(network(1, runs=0),))))
