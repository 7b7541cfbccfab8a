"""Counts from the columns."""

from datetime import date

import pytest

from hushmap.report.explore.columns import gathered
from hushmap.report.explore.counting import Counting, moment
from hushmap.report.explore.wanted import Wanted
from unit.report.explore.explored import A, B, tables


@pytest.fixture(scope="module")
def counting():
    """Of the usual rows."""
    found = Counting(gathered(tables()))
    found.warm()
    return found


def _listed(counting, **meant):
    listed = counting.listed(Wanted(**meant))
    return [counting.target_ids[at] for at in listed.targets], listed


def test_a_list_counts_sites_and_words_apart(counting):
    """Words are never in a count of sites."""
    names, listed = _listed(counting)
    assert names == [A, B]
    assert (listed.measurements, listed.blocked, listed.everywhere, listed.whole) == (7, 2, 0, 2)
    assert len(_listed(counting, part="words")[0]) == 1


@pytest.mark.parametrize(
    ("meant", "measurements"),
    [
        ({"country": ("XF",)}, 2),
        ({"asn": (64501,)}, 5),
        ({"network": ("as64502-xf",)}, 2),
        ({"category": ("HUMR",)}, 2),
        ({"domain": ("a.example",)}, 5),
        ({"q": ("B.EX",)}, 2),
        ({"label": ("group",)}, 1),
        ({"since": date(2026, 11, 3)}, 2),
        ({"until": date(2026, 11, 1)}, 1),
        ({"since": date(2026, 11, 2), "until": date(2026, 11, 2)}, 4),
        ({"since": date(2026, 12, 2)}, 0),
        ({"experiment": ("other",)}, 0),
    ],
)
def test_where_and_when_choose_what_is_counted(counting, meant, measurements):
    """Each filter leaves the verdicts that it means."""
    assert _listed(counting, **meant)[1].measurements == measurements


@pytest.mark.parametrize(
    ("meant", "names"),
    [
        ({"mechanism": ("dns",)}, [B]),
        ({"mechanism": ("tls.reset.sni",)}, [A]),
        ({"mechanism": ("tls.res",)}, []),
        ({"evidence": ("direct",)}, [B]),
        ({"group": ("Not decided",)}, [A]),
        ({"outcome": ("blocked",)}, [A, B]),
    ],
)
def test_what_was_found_chooses_what_is_listed_and_counts_all_of_it(counting, meant, names):
    """A share among what was found would say nothing, so every measurement of a listed target is counted."""
    found, listed = _listed(counting, **meant)
    assert found == names
    assert listed.measurements == sum({A: 5, B: 2}[name] for name in names)


def test_the_span_is_of_what_is_meant(counting):
    """First and last minute, and zeros where there is nothing."""
    _, listed = _listed(counting, asn=(64501,), q=("b.example",))
    assert moment(listed.first).isoformat() == "2026-11-03T08:30:00+00:00"
    assert listed.first == listed.last
    assert _listed(counting, country=("XX",))[1].first == 0


def test_days_are_told_one_by_one_with_their_gaps(counting):
    """A day without a measurement has no count at all."""
    days, counts = counting.by_day(Wanted(domain=("a.example",)))
    assert len(days) == 4
    assert counts.sum(axis=1).tolist() == [1, 3, 0, 1]
    assert len(counting.by_day(Wanted(country=("XX",)))[0]) == 0


def test_cells_say_the_most_telling_and_of_how_many_that_decided(counting):
    """What decided nothing is in no number."""
    wanted = Wanted(domain=("a.example",), asn=(64501,))
    (tally,) = counting.cells(wanted, counting.pairs(wanted)).values()
    cell = tally.cell()
    assert (cell.group, cell.k, cell.n, cell.undecided, cell.label) == ("Blocked", 2, 3, 1, "Blocked by name")
    days = counting.days(wanted, counting.pairs(wanted))
    assert [tally.cell().group for _, tally in sorted(days.items())] == ["Reachable", "Blocked", "Not decided"]
    assert counting.cells(Wanted(country=("XX",)), counting.pairs(Wanted(country=("XX",)))) == {}
    assert counting.days(Wanted(country=("XX",)), counting.pairs(Wanted(country=("XX",)))) == {}


def test_what_not_every_network_measured_is_in_no_count_of_all(counting):
    """Of one day only one network measured one site, and the list says of how many it could be on all."""
    _, listed = _listed(counting, until=date(2026, 11, 1))
    assert (len(listed.networks), listed.whole) == (1, 1)
    _, listed = _listed(counting, since=date(2026, 11, 9))
    assert (len(listed.networks), listed.whole) == (0, 0)
