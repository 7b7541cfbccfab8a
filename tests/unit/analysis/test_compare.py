"""Networks side by side."""

import numpy as np
import pandas as pd
import pytest

from bursts import SITE, frame, hourly, row
from hushmap.analysis import BLOCKED, UNREACHABLE, differences, grid
from hushmap.analysis.compare import TELLING
from hushmap.analysis.limits import bounds
from hushmap.detect import Group, WordGroup

OTHER = "https://other.example/"
LINES = {"a": 64501, "b": 64502, "c": 64503}


def _on(line, n, group=BLOCKED, **changed):
    return hourly(n, group, asn=LINES[line], session=line, **changed)


def _cells(rows, **how):
    found = grid(frame(rows), **how)
    return {(one.target, one.asn): (one.cell, one.k, one.n) for one in found.itertuples()}


def test_cells():
    """A cell says the most telling thing that was seen, in how many bursts; what was not measured is not there."""
    rows = [
        *_on("a", 8),
        *_on("b", 3, "Reachable"),
        row(700, UNREACHABLE, asn=64502, session="b"),
        *_on("c", 2, "Not decided"),
        *_on("c", 1, "Reachable", target=OTHER),
    ]
    assert _cells(rows) == {
        (SITE, 64501): (BLOCKED, 8, 8),
        (SITE, 64502): (UNREACHABLE, 1, 4),
        (SITE, 64503): ("Not decided", 0, 0),
        (OTHER, 64503): ("Reachable", 1, 1),
    }


def test_order():
    """Targets in which most was found come first, each with all its networks."""
    rows = [*_on("a", 3, "Reachable"), *_on("a", 2, target=OTHER), *_on("b", 7, "Reachable", target=OTHER)]
    assert grid(frame(rows))["target"].tolist() == [OTHER, OTHER, SITE]


def test_grid_few():
    """A cell of few bursts has counts and no share."""
    found = grid(frame([*_on("a", 6), *_on("b", 5)])).set_index("asn")
    assert found.loc[64501, "share"] == 1
    assert np.isnan(found.loc[64502, "share"])
    assert found.loc[64502, "n"] == 5


def test_words():
    """Words have a grid by place, in lines of their own."""
    word = {"experiment": "keyword", "target": "w", "place": "tls-sni"}
    rows = [*_on("a", 2), *_on("a", 2, WordGroup.CUT.value, **word)]
    found = grid(frame(rows), rows=("target", "place"))
    assert found[["target", "place", "cell"]].fillna("").to_numpy().tolist() == [
        [SITE, "", BLOCKED],
        ["w", "tls-sni", WordGroup.CUT],
    ]


def test_every_group():
    """Every count group is in a cell by its name, or is one in which nothing was decided."""
    left = {Group.UNDECIDED, Group.ELSEWHERE, WordGroup.UNTRIGGERED}
    assert set(TELLING) | left == {*Group, *WordGroup}


def test_difference():
    """Two networks differ by an interval that leaves zero out only where the shares surely differ."""
    rows = [*_on("a", 12), *_on("b", 12, "Reachable"), *_on("c", 11), *_on("c", 1, "Reachable", run="x")]
    found = differences(frame(rows)).set_index(["asn_a", "asn_b"])
    sure, unsure = found.loc[64501, 64502], found.loc[64501, 64503]
    assert (sure.difference, sure.apart) == (1, True)
    assert sure.low > 0.5
    assert not unsure.apart
    assert unsure.low < 0 < unsure.difference < unsure.high
    assert (unsure.k_a, unsure.n_a, unsure.k_b, unsure.n_b) == (12, 12, 10.5, 11)


def test_difference_few():
    """Where either network has few bursts nothing is said, and how few is."""
    found = differences(frame([*_on("a", 12), *_on("b", 5, "Reachable")])).iloc[0]
    assert np.isnan(found.difference)
    assert not found.apart
    assert (found.n_a, found.n_b) == (12, 5)


def test_difference_unknown():
    """A network that is not known is compared with none; nor is one with itself."""
    rows = [*_on("a", 8), *hourly(8, asn=None, session=None)]
    assert differences(frame(rows)).empty


def test_difference_many():
    """A stricter level widens the interval."""
    rows = frame([*_on("a", 12), *_on("b", 12, "Reachable")])
    assert differences(rows, level=0.999).loc[0, "low"] < differences(rows).loc[0, "low"]


@pytest.mark.parametrize(("p", "q"), [(0.5, 0.5), (0.9, 0.2), (0.02, 0.1)])
@pytest.mark.parametrize(("n", "m"), [(6, 30), (20, 20)])
def test_covers(p, q, n, m):
    """The interval of a difference holds the true one as often as it says."""
    chance = np.random.default_rng(11)
    k, j = chance.binomial(n, p, 3000), chance.binomial(m, q, 3000)
    (low_a, high_a), (low_b, high_b) = bounds(k, np.full(3000, n)), bounds(j, np.full(3000, m))
    a, b = k / n, j / m
    low, high = a - b - np.hypot(a - low_a, high_b - b), a - b + np.hypot(high_a - a, b - low_b)
    assert np.mean((low <= p - q) & (p - q <= high)) >= 0.94


def test_nothing():
    """Of nothing there is nothing to compare."""
    assert grid(frame([])).empty
    assert isinstance(differences(frame([])), pd.DataFrame)
