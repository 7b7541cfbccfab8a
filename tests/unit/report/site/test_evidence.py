"""Evidence on a target's page: what is wanted, set out, and left out where there is no room."""

import msgspec

from hushmap.archive import Tables, arrow, connect
from hushmap.judge import Judged
from hushmap.model import Outcome
from hushmap.report.site.evidence import blocks, certificates, rebuilt, wanted
from hushmap.report.words import Words
from unit.archive.test_rebuilding import Held
from unit.report.sample import entries
from unit.report.site.books import book

ENTRIES = entries()
ENGLISH = Words("en")
ROOM = 100_000


def test_one_record_a_target_and_network_is_wanted():
    """Those that the cells name."""
    small = book()
    assert wanted(small) == {cell.record: key for key, cell in small.cells.items()}


def test_evidence_has_the_sentence_the_steps_and_the_record():
    """And every attempt, unfolded."""
    text = str(blocks([("a", ENTRIES[0])], ENGLISH, ROOM)["a"])
    assert str(ENTRIES[0].record.id) in text
    assert 'class="steps"' in text
    assert 'class="trials"' in text
    assert "hushmap show" in text


def test_from_an_archive_no_sentence_is_made():
    """The steps are there; what the table does not hold is told to be elsewhere."""
    one = ENTRIES[0]
    found = Judged(record=one.record, verdict=one.verdict, source="x:1")
    with Tables(connect(), [Held(arrow([found]))]) as tables:
        again = rebuilt(tables, [one.record.id, "nobody"])
    assert [*again] == [one.record.id]
    assert again[one.record.id].saying.label == one.saying.label
    text = str(blocks([("a", again[one.record.id])], ENGLISH, ROOM)["a"])
    assert one.saying.sentence not in text
    assert "Set out from tables, not from the record itself" in text
    assert 'class="steps"' in text


def test_where_nothing_tells_which_attempt_shows_it_none_is_drawn():
    """Of an archive's measurement: the attempts are listed, and none is said to differ."""
    one = next(one for one in ENTRIES if one.verdict.outcome is not Outcome.OK)
    saying = msgspec.structs.replace(one.saying, sentence="")
    verdict = msgspec.structs.replace(one.verdict, proof=())
    text = str(blocks([("a", msgspec.structs.replace(one, saying=saying, verdict=verdict))], ENGLISH, ROOM)["a"])
    assert 'class="steps"' not in text
    assert 'class="trials"' in text


def test_a_full_page_leaves_attempts_out_and_then_all():
    """Every network's decisive attempts go before anybody's list; what has no room has no block."""
    whole = str(blocks([("a", ENTRIES[0])], ENGLISH, ROOM)["a"])
    lean = str(blocks([("a", ENTRIES[0])], ENGLISH, len(whole.encode()) - 1)["a"])
    assert 'class="trials"' in whole
    assert 'class="trials"' not in lean
    room = 2 * len(lean.encode()) + len(whole.encode())
    found = blocks([(name, ENTRIES[0]) for name in "abcdefghij"], ENGLISH, room)
    assert sum(len(str(text).encode()) for text in found.values()) <= room
    assert "j" not in found
    assert [*found] == [*"abcdefghij"[: len(found)]]
    assert not blocks([("a", ENTRIES[0])], ENGLISH, 100)


def test_certificates_are_told_once():
    """By name and side: who it is for, who made it, and whether it holds."""
    for one in ENTRIES:
        told = certificates(one.record, ENGLISH)
        assert len({(c.name, c.sha256, c.side) for c in told}) == len(told)
    assert any(certificates(one.record, ENGLISH) for one in ENTRIES)


def test_hostile_text_is_inert():
    """A certificate's issuer is a stranger's text."""
    one = next(one for one in ENTRIES if certificates(one.record, ENGLISH))

    def hostile(step):
        if not getattr(step, "chain", ()):
            return step
        own = msgspec.structs.replace(step.chain[0], issuer="<script>alert(1)</script>\u202e")
        return msgspec.structs.replace(step, chain=(own,))

    trials = tuple(
        msgspec.structs.replace(trial, steps=tuple(hostile(step) for step in trial.steps))
        for trial in one.record.trials
    )
    record = msgspec.structs.replace(one.record, trials=trials)
    text = str(blocks([("a", msgspec.structs.replace(one, record=record))], ENGLISH, ROOM)["a"])
    assert "<script" not in text
    assert "\u202e" not in text
    assert "&lt;script" in text
