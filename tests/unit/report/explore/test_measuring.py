"""One measurement from the tables."""

from datetime import date

from hushmap.report.explore.measuring import STEPS, facts, measured, steps
from hushmap.report.words import Words
from unit.archive.verdicts import table
from unit.report.explore.explored import tables

STEP = {"record": "r2", "day": date(2026, 11, 2), "trial": 1, "side": "here", "role": "subject", "n": 0, "t0": 0.1}


def _tables(*rows):
    return tables(steps=table("steps", *(STEP | one for one in rows)))


def test_all_that_the_tables_have_of_a_record_is_there():
    """Its row, its verdict, its steps in order of start; found on its day or on any."""
    opened = _tables({"n": 1, "t0": 0.2, "step": "handshake", "failure": "reset"}, {"step": "connect"})
    one = measured(opened, "r2")
    assert one.told["verdict"]["verdict_label"] == "Blocked by name"
    assert [row["step"] for row in one.steps] == ["connect", "handshake"]
    assert measured(opened, "r2", date(2026, 11, 2)).id == "r2"
    assert measured(opened, "r2", date(2026, 11, 3)) is None
    assert measured(opened, "nobody") is None


def test_the_page_knows_whose_measurement_it_is():
    """Names in addresses are those of lists; signs and styles are those of cells."""
    one = measured(_tables(), "r6")
    assert (one.target.id, one.line.id) == ("b.example", "as64502-xf")
    assert (one.group, one.look[1], one.direct) == ("Blocked", "blocked", True)
    assert not measured(_tables(), "r1").direct


def test_facts_leave_out_what_is_not_known():
    """No empty line, and no zero for what was not counted."""
    told = dict(facts(measured(_tables(), "r4"), Words("en")))
    assert told["Why nothing was decided"].startswith("what came differs from what the comparison server got")
    assert "Failed here" not in told
    assert told["Network"] == "Net 64501 AS64501 XE"


def test_steps_are_told_in_words():
    """What was asked, what came, what is not counted; more than a page holds is left to the JSON."""
    opened = _tables(
        {"step": "resolve", "resolver": "192.0.2.53", "name": "a.example", "answers": ["203.0.113.7"]},
        {
            "step": "fetch",
            "n": 1,
            "status": 200,
            "title": "A \u202e title",
            "address": "203.0.113.7",
            "port": 443,
            "void": True,
        },
        {"step": "hop", "n": 3, "failure": "timeout"},
        {"step": "exchange", "n": 4, "side": "odd"},
        {"step": None, "n": None, "t0": 0.9, "undone": "budget"},
    )
    first, fetch, hop, odd, undone = steps(measured(opened, "r2"), Words("en"))
    assert (first.step, first.answer) == ("Ask 192.0.2.53 for the address", "203.0.113.7")
    assert fetch.answer == "203.0.113.7 443; 200; \u201cA \u2039U+202E\u203a title\u201d"
    assert (fetch.note, hop.step, hop.failed) == ("not counted", "hop", True)
    assert (odd.side, odd.answer) == ("odd subject", "worked")
    assert undone.note == "not carried out: the limit was reached"
    many = _tables(*({"n": n, "t0": float(n), "step": "connect"} for n in range(STEPS + 5)))
    assert len(steps(measured(many, "r2"), Words("en"))) == STEPS
