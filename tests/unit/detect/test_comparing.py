"""What changed between two runs, and which of it may be published."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.comparing import compare_triggers
from hushmap.model import Context, Outcome, Reason, Record, Trigger, Vantage, Verdict

NET = Vantage(country="XE", asn=64501)
SEEN = Context(canaries={"http-path": True})


def decided(day, hour, *triggers, outcome=None, experiment="keyword", target="kw", vantage=NET, **more):
    """A judged record: cut off by these triggers, or passed; `more` is the verdict's."""
    record = Record(
        id=f"{day}-{hour}-{experiment}", run="r", experiment=experiment, target=target, layer="http-path",
        started=f"2026-11-{day:02}T{hour:02}:00:00Z", ended="", run_started="", vantage=vantage, context=SEEN,
    )  # fmt: skip
    verdict = Verdict(
        outcome=outcome or (Outcome.BLOCKED if triggers else Outcome.OK), rule="x", rules="1", knowledge="none",
        triggers=triggers, **more,
    )  # fmt: skip
    return verdict, record


def word(*parts, mechanism="http.reset.path", **more):
    """A trigger."""
    return Trigger(kind="word", parts=parts or ("kw",), place="http-path", mechanism=mechanism, **more)


def change(before, *after, others=()):
    """The one thing that changed."""
    (found,) = compare_triggers(before, after, others).changes
    return found


def test_one_decision_is_not_enough():
    """And what is missing is said."""
    found = change([decided(1, 8)], decided(2, 8, word()))
    assert (found.kind, found.subject, found.target, found.before, found.after) == (
        "added",
        "word",
        "kw",
        (),
        ("kw",),
    )
    assert (found.decisions, found.span_hours, found.hours_of_day) == (1, 0.0, 1)
    assert (found.mechanisms_before, found.mechanisms_after) == ((), ("http.reset.path",))
    assert found.missing == ("decisions", "hours", "hour_of_day")
    assert not found.confirmed


def test_three_over_a_day_in_two_hours_of_day_are():
    """Further runs of the same network confirm."""
    others = [decided(2, 20, word()), decided(3, 8, word())]
    found = change([decided(1, 8)], decided(2, 8, word()), others=others)
    assert (found.decisions, found.span_hours, found.hours_of_day, found.missing) == (3, 24.0, 2, ())
    assert found.confirmed
    assert (found.first, found.last) == ("2026-11-02T08:00:00Z", "2026-11-03T08:00:00Z")


@pytest.mark.parametrize(
    ("others", "missing"),
    [
        ([decided(2, 20, word()), decided(3, 7, word())], ("hours",)),
        ([decided(3, 8, word()), decided(4, 8, word())], ("hour_of_day",)),
        ([decided(3, 9, word())], ("decisions",)),
        ([decided(3, 9, word()), decided(4, 9)], ("contradicted", "decisions", "hours", "hour_of_day")),
        ([decided(2, 20), decided(3, 8, word()), decided(4, 9, word())], ("decisions",)),
        (
            [decided(2, 20, word(), vantage=Vantage(country="XE", asn=64502))] * 3,
            ("decisions", "hours", "hour_of_day"),
        ),
        ([decided(2, 8, word())] * 3, ("decisions", "hours", "hour_of_day")),
    ],
)
def test_what_is_missing_keeps_a_change_unconfirmed(others, missing):
    """Too short, one hour of the day, too few, contradicted, flapping, another network, the same record again."""
    after = decided(2, 8, word())
    assert set(change([decided(1, 8)], after, others=others).missing) == set(missing)


def test_a_word_that_is_let_through_again_was_removed():
    """In a pack it is the same word."""
    pack, record = decided(
        2, 8, word("al"), experiment="screen", target="list#1", words={"kw": "passed", "al": "cut"}
    )
    found = compare_triggers([decided(1, 8, word())], [(pack, record)])
    assert [(one.kind, one.target) for one in found.changes] == [("removed", "kw")]
    assert (found.alike, found.only_before, found.only_after) == (0, 0, 1)


def test_a_pack_in_which_nothing_could_be_seen_decides_nothing():
    """Nor do words that were left open."""
    words = {"kw": "passed", "be": "open"}
    blind, record = decided(2, 8, outcome=Outcome.INSUFFICIENT, experiment="screen", words=words)
    record = msgspec.structs.replace(record, context=Context())
    found = compare_triggers([decided(1, 8, word())], [(blind, record)])
    assert (found.changes, found.only_before, found.only_after) == ((), 1, 0)


def test_a_text_may_have_other_triggers_or_another_mechanism():
    """Consistent then means the same triggers, cut off in the same way."""
    text = {"experiment": "isolate", "target": "a text"}
    old = decided(1, 8, word("a"), **text)
    found = change([old], decided(2, 8, word("b", "a"), **text))
    assert (found.kind, found.subject, found.before, found.after) == ("changed", "text", ("a",), ("a + b",))
    otherwise = decided(2, 8, word("a", mechanism="http.timeout.path"), **text)
    found = change([old], otherwise, others=[decided(3, 9, word("a"), **text)])
    assert (found.kind, found.contradicted) == ("changed", True)
    assert compare_triggers([old], [decided(2, 8, word("a"), **text)]).alike == 1


@pytest.mark.parametrize(
    "undecided",
    [
        decided(2, 8, outcome=Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED),
        decided(2, 8, outcome=Outcome.BLOCKED),
        decided(2, 8, word(), facts={"open": "budget"}),
        decided(2, 8, word(), experiment="web"),
    ],
)
def test_what_was_not_decided_is_no_change(undecided):
    """No canary; cut off by nobody knows what; not asked to the end; not about words at all."""
    assert compare_triggers([decided(1, 8)], [undecided]).changes == ()


def test_runs_of_two_networks_are_not_compared():
    """Unless nobody knows which they are; then no further run can confirm."""
    other = Vantage(country="XE", asn=64502)
    with pytest.raises(ValueError, match="different networks: AS64501 and AS64502"):
        compare_triggers([decided(1, 8)], [decided(2, 8, vantage=other)])
    unknown = {"vantage": Vantage()}
    others = [decided(2, 20, word(), **unknown), decided(3, 8, word(), **unknown)]
    found = change([decided(1, 8, **unknown)], decided(2, 8, word(), **unknown), others=others)
    assert found.decisions == 1


def test_a_record_without_a_time_is_left_out():
    """Nobody knows what it would confirm."""
    verdict, record = decided(2, 8, word())
    assert (
        compare_triggers([decided(1, 8)], [(verdict, msgspec.structs.replace(record, started=""))]).only_before == 1
    )


@given(
    st.lists(st.tuples(st.integers(2, 20), st.integers(0, 23), st.booleans()), min_size=1, max_size=8, unique=True),
    st.integers(0, 7),
)
def test_no_change_is_confirmed_by_fewer_than_the_rule_asks_for(made, which):
    """Whatever the runs: three in a row at the end, a day apart, in two hours, all alike."""
    later = [decided(day, hour, *([word()] if cut else [])) for day, hour, cut in made]
    after = later[which % len(later)]
    found = compare_triggers([decided(1, 0)], [after], later)
    for one in found.changes:
        in_time = sorted({(day, hour, cut) for day, hour, cut in made})
        if one.confirmed:
            last = in_time[-one.decisions :]
            assert len(last) >= 3
            assert all(cut for *_, cut in last)
            assert (last[-1][0] - last[0][0]) * 24 + last[-1][1] - last[0][1] >= 24
            assert len({hour for _, hour, _ in last}) >= 2
