"""How often something was found: what is counted, what is not, and what never changes a share."""

import math
from datetime import date, timedelta

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bursts import NOON, SITE, frame, hourly, row
from hushmap.analysis import DENOMINATOR, MIN_N, gaps, rates
from hushmap.analysis.shares import COLUMNS, UNCOUNTED
from hushmap.detect import Group, WordGroup

COUNTED = [Group.BLOCKED, Group.REACHABLE, Group.UNREACHABLE, Group.REFUSED, Group.SLOWED]
"""Groups of sites that are in the denominator."""


def _one(rows, by=("asn",), **how):
    found = rates(frame(rows), by, **how)
    assert len(found) == 1
    return found.iloc[0]


def _same(left, right, but=()):
    """Whether both say the same, but for columns that may differ."""
    pd.testing.assert_frame_equal(left.drop(columns=[*but]), right.drop(columns=[*but]), check_dtype=False)


_ROWS = st.lists(
    st.builds(
        lambda minute, group, line, asn, site: row(minute, group.value, session=line, asn=asn, target=site),
        st.integers(0, 3000),
        st.sampled_from([*COUNTED, Group.UNDECIDED, Group.ELSEWHERE]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from([64501, 64502, None]),
        st.sampled_from([SITE, "https://b.example/"]),
    ),
    min_size=1,
    max_size=40,
)
_BY = st.sampled_from([("asn",), ("target",), ("asn", "day"), ("country",)])
_few = settings(max_examples=5, deadline=None)


@_few
@given(_ROWS, _BY, st.sampled_from(UNCOUNTED), st.integers(-3000, 6000))
def test_undecided_row(rows, by, group, minute):
    """A row in which nothing was decided changes no share, wherever it stands."""
    more = row(minute, group, session="a", asn=64501)
    before, after = (rates(frame(some), by, min_n=1) for some in (rows, [*rows, more]))
    key = [*by, "experiment"]
    told = [*key, "share", "low", "high", "n", "k", "attempts", "targets"]
    _same(before.loc[before.n > 0, told].reset_index(drop=True), after.loc[after.n > 0, told].reset_index(drop=True))


@_few
@given(_ROWS, _BY, st.integers(0, 24), st.integers(2, 4))
def test_doubled_burst(rows, by, which, times):
    """Measuring the whole of a burst again and again changes no share."""
    line = rows[which % len(rows)]["session"]
    burst = [one for one in rows if one["session"] == line]
    more = [one | {"record": f"again{i}"} for i in range(times) for one in burst]
    _same(rates(frame(rows), by, min_n=1), rates(frame([*rows, *more]), by, min_n=1), but=("attempts", "left_out"))


@_few
@given(st.data(), _ROWS, _BY)
def test_permuted(data, rows, by):
    """The order of the rows says nothing."""
    _same(rates(frame(rows), by, min_n=1), rates(frame(data.draw(st.permutations(rows))), by, min_n=1))


@_few
@given(_ROWS, _BY, st.integers(1, 8))
def test_in_interval(rows, by, min_n):
    """Every share lies in its interval, and has one exactly if there are enough bursts."""
    found = rates(frame(rows), by, min_n=min_n)
    enough = found[found.n >= min_n]
    assert ((enough.low <= enough.share) & (enough.share <= enough.high)).all()
    assert ((enough.share - enough.k / enough.n).abs() < 1e-12).all()
    assert found.loc[found.n < min_n, ["share", "low", "high"]].isna().all(axis=None)
    assert (found.k <= found.n).all()


def test_one_burst():
    """What is measured five times within ten minutes counts once, as the share of the attempts that failed."""
    found = _one([*hourly(7, "Reachable"), *(row(2000 + i, "Blocked" if i else "Reachable") for i in range(4))])
    assert (found.n, found.k, found.attempts) == (8, 0.75, 11)


def test_one_site_again():
    """Within a burst each site is one value: to try the failing one again does not outweigh the others."""
    others = [row(0, "Reachable", target=f"https://{i}.example/") for i in range(3)]
    once, often = [row(1)], [row(1 + i / 10) for i in range(9)]
    assert _one(others + once).k == _one(others + often).k == 0.25


def test_undecided_bridges_nothing():
    """Two bursts with an undecided measurement between them are two."""
    assert _one([row(0), row(9, "Not decided"), row(18)]).n == 2


def test_few():
    """With fewer bursts than tell anything there is no share, and it is said how many there are."""
    few, enough = _one(hourly(MIN_N - 1)), _one(hourly(MIN_N))
    assert few.n == few.k == MIN_N - 1
    assert math.isnan(few.share)
    assert enough.share == 1
    assert _one([row(0, "Not decided")], min_n=0).n == 0


@pytest.mark.parametrize("changed", [{"canary": True}, {"experiment": "calibrate"}])
def test_about_the_measurement(changed):
    """A canary or a calibration is about the measurement, and is nowhere."""
    assert _one([*hourly(6, "Reachable"), row(1, **changed)]).share == 0
    assert rates(frame([row(**changed)]), ["asn"]).empty


def test_unreachable():
    """What may be a refusal by the site is counted, as not blocked, and can be asked for by its own name."""
    rows = [*hourly(3), *hourly(6, "Unreachable from here", session="line-b")]
    assert (_one(rows).k, _one(rows).n) == (3, 9)
    asked = _one(rows, of="Unreachable from here")
    assert (asked.k, asked.n, asked.found) == (6, 9, "Unreachable from here")


def test_apart():
    """Sites and words, pages and downloads are never counted together; each has what it looks for."""
    rows = [
        row(),
        row(1, "Cut off by a word", experiment="keyword", target="w", place="http-path"),
        row(2, "Slowed", experiment="throttle"),
        row(3, "Slowed"),
    ]
    found = rates(frame(rows), ["country"]).set_index("experiment")
    assert found["k"].to_dict() == {"web": 0.5, "keyword": 1, "throttle": 1}
    assert found.loc["keyword", "found"] == WordGroup.CUT


def test_places():
    """A word that is cut off in one of two places is one value, a half."""
    rows = [row(i, group, experiment="keyword", place=place) for i, (group, place) in enumerate([
        ("Cut off by a word", "http-path"), ("Not cut off", "tls-sni"), ("Not cut off", "tls-sni"),
    ])]  # fmt: skip
    assert _one(rows).k == 0.5


def test_days():
    """A day without a measurement is named, in a series at its place, and is never zero."""
    rows = [row(1440 * day, "Reachable") for day in (0, 3)] + [row(1440 * 4, "Not decided")]
    assert _one(rows).gaps == "2026-11-02 to 2026-11-03"
    found = rates(frame(rows), ["day"], min_n=1)
    assert found["day"].tolist() == [date(2026, 11, day) for day in (1, 2, 4, 5)]
    assert found["n"].tolist() == [1, 0, 1, 0]
    assert found["share"].isna().tolist() == [False, True, False, True]
    assert found["gaps"].tolist() == ["", "2026-11-02 to 2026-11-03", "", ""]
    assert found["left_out"].tolist() == [0, 0, 0, 1]


def test_weeks_and_months():
    """In a week or a month its own missing days are named, and one without any measurement is a row with none."""
    rows = frame([row(1440 * day) for day in (0, 20, 70)])
    rows["month"] = [day.replace(day=1) for day in rows["day"]]
    found = rates(rows, ["month"])
    assert found["month"].tolist() == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert found["n"].tolist() == [2, 0, 1]
    assert found["gaps"].tolist() == [
        "2026-11-02 to 2026-11-20; 2026-11-22 to 2026-11-30", "2026-12-01 to 2026-12-31", "2027-01-01 to 2027-01-09"
    ]  # fmt: skip
    rows["week"] = [day - timedelta(days=day.weekday()) for day in rows["day"]]
    found = rates(rows[:2], ["week"])
    assert found["week"].tolist() == [date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert found["gaps"].tolist()[-1] == "2026-11-16 to 2026-11-20"


def test_period():
    """Days of the period before the first measurement are missing too."""
    found = _one([row()], since=date(2026, 10, 30), until=date(2026, 11, 2))
    assert found.gaps == "2026-10-30 to 2026-10-31; 2026-11-02"
    missing = gaps(frame([row()]), ["asn"], since=date(2026, 10, 30))
    assert missing["missing"].tolist() == [2]


def test_unknown_network():
    """A network that is not known is a row of its own, beside others that stay whole numbers."""
    found = rates(frame([row(), row(asn=None, session=None)]), ["asn"])
    assert found["asn"].tolist() == [64501, pd.NA]
    assert found["n"].tolist() == [1, 1]


def test_engines():
    """A table of DuckDB and a frame of it say the same."""
    rows = frame([*hourly(8), *hourly(5, "Reachable", asn=64502)]).assign(place="p", encoding="e")
    engine = ibis.duckdb.connect()
    engine.con.register("verdicts", pa.Table.from_pandas(rows, preserve_index=False))
    table = engine.table("verdicts")
    _same(rates(table, ["asn", "day"]), rates(rows, ["asn", "day"]))


def test_midnight():
    """A burst over midnight is one, unless days are asked about."""
    late = NOON + timedelta(hours=11, minutes=58)
    rows = [row(started=late), row(started=late + timedelta(minutes=5))]
    assert _one(rows).n == 1
    assert rates(frame(rows), ["day"])["n"].tolist() == [1, 1]


def test_nothing():
    """Of nothing there is nothing to tell, in the same columns."""
    assert [*rates(frame([]), ["asn"])] == ["asn", "experiment", "found", *COLUMNS]
    assert rates(frame([]), ["day", "experiment"]).empty


def test_lacking():
    """A column that is not there is named, with those that are."""
    with pytest.raises(ValueError, match=r"no column colour, hue; theirs are day, record"):
        rates(frame([row()]), ["colour", "hue"])


def test_said():
    """What a share is of is said in words that name each thing left out."""
    for word in ("not decided", "void", "canaries", "calibrations", "also fails elsewhere"):
        assert word in DENOMINATOR


def test_what_lies_outside_a_period_is_not_counted_in_it():
    """Neither in k nor in n; what was measured outside only is missing in all of it."""
    inside, outside = row(), row(19 * 24 * 60, asn=64502)
    found = rates(frame([inside, outside]), ["asn"], since=date(2026, 11, 1), until=date(2026, 11, 2)).set_index(
        "asn"
    )
    assert found["n"].to_dict() == {64501: 1, 64502: 0}
    assert found.loc[64502, "gaps"] == "2026-11-01 to 2026-11-02"
