"""Tables -> book: what was measured is there once, and what was not measured is not there."""

import random
from datetime import UTC, date, datetime

import msgspec
import pytest

from hushmap.report.site.book import About
from hushmap.report.site.reading import read
from unit.report.site.rows import tables_of, trigger, verdict

ABOUT = About(title="t")
NEWS, NET = "news.example.org", "as64501-xe"


def book_of(verdicts=(), triggers=()):
    """The book of some rows, in an order of chance: it makes no difference."""
    mixed = [*verdicts]
    random.Random(7).shuffle(mixed)
    with tables_of(mixed, triggers) as tables:
        return read(tables, ABOUT)


def test_nothing_measured():
    """No network, no time, no claim."""
    book = book_of()
    assert (book.first, book.networks, book.targets, book.cells, book.incidents) == (None, (), (), {}, ())


def test_a_cell_counts_what_decided():
    """Blocked 2 of 3; what was not decided is told apart; the newest gives the record."""
    rows = [verdict("Blocked", 14), verdict("Blocked", 16), verdict(day=15), verdict("Not decided", 17)]
    book = book_of(rows)
    cell = book.cells[NEWS, NET]
    assert (cell.group, cell.k, cell.n, cell.undecided) == ("Blocked", 2, 3, 1)
    assert (cell.first, cell.last) == (rows[0]["started"], rows[1]["started"])
    assert (cell.record, cell.mechanisms, cell.twins) == (rows[1]["record"], ("tls.reset.sni",), (16, 16))
    assert [day.day for day in book.days[NEWS, NET]] == [14, 15, 16, 17]
    assert book.days[NEWS, NET][date(2026, 11, 15)].group == "Reachable"
    assert book.measured == {(NET, date(2026, 11, day)): 1 for day in (14, 15, 16, 17)}
    assert (book.first, book.last) == (rows[0]["started"], rows[3]["started"])
    assert (book.about.rules, book.about.knowledge) == (("9",), ("sha256:41aa",))


def test_a_day_that_was_not_measured_is_not_there():
    """Neither in the strip nor in the coverage, and a network that did not ask has no cell."""
    book = book_of([verdict(day=14), verdict(day=16), verdict(day=14, asn=64502, target="https://shop.example.com/")])
    assert date(2026, 11, 15) not in book.days[NEWS, NET]
    assert (NEWS, "as64502-xe") not in book.cells
    assert (NET, date(2026, 11, 15)) not in book.measured


def test_canaries_and_calibrations_are_counted_nowhere():
    """They are about the measurement."""
    book = book_of([verdict("Blocked", canary=True), verdict("Blocked", 15, experiment="calibrate")])
    assert (book.targets, book.cells, book.measured) == ((), {}, {})


def test_networks_are_told_apart_by_number_then_name_then_run():
    """One number is one network, whoever says its name; where nothing is known, each run is a network of its own."""
    rows = [
        verdict(day=14),
        verdict(day=15, network=None, resolver="192.0.2.54"),
        verdict(day=16, network="Net-A of late", vantage_kind="mobile"),
        verdict(day=14, asn=None, network="Cafe"),
        verdict(day=14, asn=None, network="", run="a", country=None),
        verdict(day=14, asn=None, network=None, run="b", country=None),
    ]
    networks = book_of(rows).networks
    assert len(networks) == 4
    assert [one.country for one in networks] == ["", "", "XE", "XE"]
    net = networks[2]
    assert (net.asn, net.name, net.kinds, net.resolvers) == (
        64501,
        "Net-A of late",
        ("home", "mobile"),
        ("192.0.2.53", "192.0.2.54"),
    )
    assert (net.runs, net.measurements, net.id) == (3, 3, NET)


def test_targets_come_most_blocked_first():
    """Then by name; a list without categories takes none away, and words are a part of their own."""
    rows = [
        verdict(),
        verdict("Blocked", target="https://z.example/", domain="z.example"),
        verdict("Unreachable from here", target="https://y.example/", domain="y.example"),
        verdict(asn=64502, category=None),
        verdict("Cut off by a word", experiment="keyword", target="w", domain=None, place="http-path", category=None),
    ]
    targets = book_of(rows).targets
    assert [one.target for one in targets] == [
        "w",
        "https://z.example/",
        "https://y.example/",
        "https://news.example.org/",
    ]
    assert [one.part for one in targets] == ["words", "sites", "sites", "sites"]
    assert targets[-1].category == "NEWS"
    assert (targets[0].place, targets[0].domain) == ("http-path", "")


def test_a_change_is_an_incident():
    """A site that worked for a month and then failed for ten days."""
    month = [verdict(day=day, hour=hour) for day in range(1, 16) for hour in (1, 13)]
    later = [verdict("Blocked", day=day, hour=hour) for day in range(16, 28) for hour in (1, 13)]
    (incident,) = book_of([*month, *later]).incidents
    assert (incident.key.target, incident.status.value) == (NEWS, "confirmed")


def test_the_newest_finding_of_a_trigger_counts():
    """One page a trigger and network; what checks found is no trigger."""
    rows = [
        trigger(14),
        trigger(16, hits=7),
        trigger(15),
        trigger(14, asn=None, network=None, run="r9", country=None),
        trigger(14, experiment="calibrate"),
    ]
    found = book_of([verdict()], rows).triggers
    assert {(one.network, one.fields["hits"]) for one in found if one.network == NET} == {(NET, 7)}
    assert len(found) == 2
    assert [one.id for one in found] == sorted(one.id for one in found)


def test_times_are_utc():
    """A page may print them as they are."""
    assert book_of([verdict()]).first == datetime(2026, 11, 14, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("runs", "precision"),
    [
        ({"20261114T0400Z-3f9c": 4}, "exact"),
        ({"20261114T0400Z-0123456789ab": 4}, "hour"),
        ({"20261114T0400Z-0123456789ab": 0}, "either"),
        ({"20261114T0400Z-0123456789ab": 4, "20261114T0000Z-0123456789ac": 0}, "either"),
        ({"20261114T0400Z-3f9c": 4, "20261114T0400Z-0123456789ab": 4}, "hour"),
    ],
)
def test_ids_of_runs_tell_what_was_cut(runs, precision):
    """A manifest that tells it counts more."""
    rows = [
        verdict(run=run, record=run, started=datetime(2026, 11, 14, hour, tzinfo=UTC)) for run, hour in runs.items()
    ]
    assert book_of(rows).precision == precision
    with tables_of(rows) as tables:
        assert read(tables, msgspec.structs.replace(ABOUT, precision="day")).precision == "day"


def test_shares_are_of_bursts():
    """Too few bursts get none; enough get one with its interval; experiments are not mixed."""
    rows = [verdict("Blocked" if day % 2 else "Reachable", day) for day in range(1, 13)]
    rows += [verdict(day=14, asn=64502), verdict(day=3, experiment="keyword", target="w")]
    found = {(one.network, one.experiment): one for one in book_of(rows).shares}
    share = found[NET, "web"]
    assert (share.found, share.k, share.n, share.share) == ("Blocked", 6, 12, 0.5)
    assert share.low < 0.5 < share.high
    assert found["as64502-xe", "web"].share is None
    assert found[NET, "keyword"].n == 1
