"""Runs beside each other: whatever their order, and never a verdict upon a verdict that rests on it."""

import itertools

from elsewhere import FAR, HOME, NEAR, by_pairs, fails, seen
from hushmap.judge import Elsewhere, judge_one
from hushmap.model import Outcome
from trials import NOTHING

URL = "https://news.example/"


def alone(*records):
    """Each judged by itself."""
    return [judge_one(record, NOTHING) for record in records]


def joined(*records):
    """Each judged beside the others; by run."""
    mine = alone(*records)
    return {one.record.run: one.verdict for one in Elsewhere(mine).beside(mine, NOTHING)}


def test_a_run_is_judged_with_what_the_others_saw():
    """The address answered another network of the country; the others stay as they were, but say who was compared."""
    found = joined(
        seen(HOME, *by_pairs(), run="a"), seen(NEAR, run="b", at="2026-11-21T12:01:00Z"), seen(FAR, run="c")
    )
    assert [found[run].outcome for run in "abc"] == [Outcome.BLOCKED, Outcome.OK, Outcome.OK]
    assert found["b"].peers == ("a-0001", "c-0001")


def test_the_order_of_runs_changes_nothing_but_order():
    """Down by two points abroad is down for all three, in whatever order they are read."""
    records = [
        seen(place, *fails(alike=True), run=name) for place, name in zip((HOME, NEAR, FAR), "abc", strict=True)
    ]
    told = [joined(*order) for order in itertools.permutations(records)]
    outcomes = [{run: verdict.outcome for run, verdict in one.items()} for one in told]
    assert all(one == outcomes[0] for one in outcomes)
    assert outcomes[0] == dict.fromkeys("abc", Outcome.DOWN)


def test_nobody_elsewhere_changes_nothing():
    """The very same object: it was judged once."""
    mine = alone(seen(HOME, run="a"), seen(NEAR, run="a"))
    elsewhere = Elsewhere(mine)
    assert [one is other for one, other in zip(elsewhere.beside(mine, NOTHING), mine, strict=True)] == [True, True]
    assert (elsewhere.runs, len(elsewhere.of(mine[0].record))) == ({"a"}, 2)
    assert Elsewhere().of(mine[0].record) == ()
    timeless = alone(seen(at=""))
    assert Elsewhere(timeless).of(timeless[0].record) == ()


def test_a_months_cycles_are_not_searched_for_one():
    """Only what was seen within a few hours is looked at; a record without a time finds nothing."""
    days = [seen(FAR, run=f"b{day}", at=f"2026-11-{day:02}T12:00:00Z") for day in range(1, 31)]
    elsewhere = Elsewhere(alone(*days))
    assert [view.run for view in elsewhere.of(seen())] == ["b21"]
    assert elsewhere.of(seen(at="")) == ()


def test_the_object_names_the_records_that_were_compared():
    """A verdict that rests on another run says on which; one that does not has no such key."""
    mine = alone(seen(HOME, run="a"), seen(FAR, run="b"))
    first, _ = Elsewhere(mine).beside(mine, NOTHING)
    assert (first.object["peers"], first.object["trials"]["peer"]) == (["b-0001"], [0, 1])
    assert "peers" not in mine[0].object
