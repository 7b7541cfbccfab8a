"""Triggers as data: one spelling, and the rows of their table."""

import msgspec
import pytest

from hushmap.detect.triggers import TriggerRow, canonical, overblocked, proven, trigger_rows
from hushmap.model import Outcome, Record, Trigger, Vantage, Verdict


def trigger(*parts, kind="and", **more):
    """What was found."""
    return Trigger(kind=kind, parts=parts, place="http-path", **more)


@pytest.mark.parametrize(
    ("found", "spelled"),
    [
        (trigger("b", "a"), "a + b"),
        (trigger("b", "a", ordered=False), "a + b"),
        (trigger("b", "a", ordered=True), "b > a"),
        (trigger("b", unless=("d", "c")), "b - c - d"),
        (trigger("x.test", kind="domain", pattern="suffix"), "x.test (suffix)"),
        (trigger(kind="classifier"), "classifier"),
    ],
)
def test_a_trigger_has_one_spelling(found, spelled):
    """Whatever the order in which its parts were found, unless the order matters."""
    assert canonical(found) == spelled


def test_names_that_a_rule_covers_by_accident_are_told():
    """A rule that matches an ending takes strangers with it; the name and what is under it are no strangers."""
    strangers = ("a.sword.example", "sword.example")
    names = ("word.example", "www.Word.example", "www.word.example.", "word.test", *strangers)
    found = trigger("word.example", kind="domain", pattern="ending", expression=r"word\.example$")
    assert overblocked(found, names) == strangers
    suffix = trigger("word.example", kind="domain", pattern="suffix", expression=r"^(.*\.)?word\.example$")
    assert overblocked(suffix, names) == ()
    assert overblocked(trigger("word.example", kind="domain", pattern="unexplained"), names) == ()


def test_direct_evidence_needs_no_bound():
    """An answer that nobody could have sent, twice; harmless text was not answered."""
    found = trigger("a", hits=(2, 2), harmless=(0, 2))
    assert proven(found, direct=True)
    assert not proven(found, direct=False)


def test_the_table_has_a_row_for_each_trigger():
    """With what it is true of: place, direction, line, sample, time."""
    record = Record(
        id="r-1", run="r", experiment="isolate", target="t", started="", ended="", run_started="",
        vantage=Vantage(country="XE", asn=64501, network="Net-A"),
    )  # fmt: skip
    one = trigger(
        "b", "a", hits=(5, 6), harmless=(0, 7), error_bound=0.001, helper="own helper", frame="text sha256:00",
        first_seen="2026-11-21T22:00:00Z", last_seen="2026-11-21T22:10:00Z", mechanism="http.reset.path",
    )  # fmt: skip
    judged = Verdict(outcome=Outcome.BLOCKED, rule="x", rules="1", knowledge="none", triggers=(one, trigger("c")))
    first, second = trigger_rows(judged, record)
    assert first == TriggerRow(
        record="r-1", run="r", experiment="isolate", trigger="a + b", kind="and", pattern="", place="http-path",
        encoding="", direction="client_to_server", mechanism="http.reset.path", hits=5, attempts=6, harmless_hits=0,
        harmless_attempts=7, error_bound=0.001, country="XE", asn=64501, network="Net-A", toward="own helper",
        frame="text sha256:00", first_seen="2026-11-21T22:00:00Z", last_seen="2026-11-21T22:10:00Z",
    )  # fmt: skip
    assert (second.trigger, second.mechanism, second.error_bound) == ("c", "", None)
    assert trigger_rows(msgspec.structs.replace(judged, triggers=()), record) == ()
