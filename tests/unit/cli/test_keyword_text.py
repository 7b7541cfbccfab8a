"""What was found of texts, as lines that can be pasted."""

from hushmap.cli.keyword_text import compared_lines, compared_object, found_lines, shown
from hushmap.detect import TriggerChange, TriggerComparison
from hushmap.judge import Judged
from hushmap.model import Trigger
from unit.cli.scene import changed
from unit.report.sample import entries


def test_a_text_is_told_with_its_triggers():
    """Label, sentence, each trigger with its counts, and how sure it is; no line is too wide for a terminal."""
    one = next(one for one in entries() if one.record.layer)
    trigger = Trigger(kind="and", parts=("kw-left", "kw-right"), place="http-path", hits=(5, 6), harmless=(0, 7))
    judged = Judged(record=one.record, verdict=changed(one.verdict, triggers=(trigger,)))
    lines = list(found_lines([judged]))
    text = " ".join(" ".join(lines).split())
    assert lines[0].startswith(f"{one.record.target} in {one.record.layer}: ")
    assert "kw-left" in text
    assert "cut off 5 of 6 times, harmless text 0 of 7" in text
    assert max(map(len, lines)) <= 100
    assert lines[-1] == ""


def test_a_long_text_is_known_by_its_beginning():
    """On one line."""
    assert shown("a\nb") == "a b"
    assert shown("x" * 61) == "x" * 60 + "…"


def test_changes_are_told_with_what_they_lack():
    """Confirmed ones first; of the others what is missing; how much was alike."""
    common = {
        "subject": "word", "place": "http-path", "encoding": "", "mechanisms_before": (), "mechanisms_after": (),
        "contradicted": False, "first": "2026-11-21T10:00:00Z", "last": "2026-11-22T20:00:00Z",
    }  # fmt: skip
    sure = {"decisions": 3, "span_hours": 34.0, "hours_of_day": 2}
    young = {"decisions": 1, "span_hours": 0.0, "hours_of_day": 1}
    found = TriggerComparison(
        changes=(
            TriggerChange(kind="added", target="kw-new", before=(), after=("kw-new",), **common, **young),
            TriggerChange(kind="removed", target="kw-old", before=("kw-old",), after=(), **common, **sure),
            TriggerChange(
                kind="changed", target="kw-a kw-b", before=("kw-a",), after=("kw-a + kw-b",),
                **{**common, "encoding": "gb18030"}, **sure,
            ),
        ),
        alike=1_200,
        only_before=3,
        only_after=0,
    )  # fmt: skip
    lines = list(compared_lines("A", "B", found))
    text = " ".join(" ".join(lines).split())
    assert lines[0] == "A to B: 3 changes, 2 of them confirmed"
    assert text.index("kw-a kw-b") < text.index("kw-old") < text.index("kw-new")
    assert "kw-old in http-path: no longer cut off · by kw-old · 3 decisions over 34 hours" in text
    assert "kw-a kw-b in http-path as gb18030: cut off otherwise · before by kw-a, now by kw-a + kw-b" in text
    assert "not confirmed, for want of three decisions in a row, 24 hours between them and another hour" in text
    assert "1,200 alike · decided in one of them only: 3 and 0" in text
    assert max(map(len, lines)) <= 100
    shown_object = compared_object("A", "B", found)
    assert (shown_object["schema"], shown_object["alike"]) == ("hushmap.keyword-diff/1", 1_200)
    assert [one["confirmed"] for one in shown_object["changes"]] == [False, True, True]
    assert list(compared_lines("A", "B", TriggerComparison(changes=(), alike=1, only_before=0, only_after=0)))[
        -1
    ] == ("1 alike · decided in one of them only: 0 and 0")
