"""What was found of texts, as lines that can be pasted."""

from hushmap.cli.keyword_text import found_lines, shown
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
