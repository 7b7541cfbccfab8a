"""Tests of hushmap.detect.text; what a whole record shows is tested with the experiment that makes it."""

from hushmap.detect import Isolated
from hushmap.model import Calibration, Context, Knowledge, Record


def record(**context):
    """A record about a text that nobody asked about yet."""
    return Record(
        id="r-1", run="r", experiment="isolate", target="some text", started="", ended="", run_started="",
        layer="http-path", context=Context(**context),
    )  # fmt: skip


def test_what_was_not_asked_is_open_and_says_why():
    """No rule, no trigger, and not clean."""
    seen = Isolated(record(budget_spent=True), Knowledge())
    assert (seen.rules, seen.triggers, seen.whole, seen.clean, seen.open) == ((), (), None, False, "budget")


def test_a_text_is_known_by_its_hash():
    """Triggers are a sample of the texts that were tried; the text itself stays in its record."""
    frame = Isolated(record(), Knowledge()).frame
    assert frame.startswith("text sha256:")
    assert "some text" not in frame


def test_where_no_separator_is_kept_parts_are_masked_in_place():
    """Every question is then the whole text, with harmless letters in places."""
    known = {"http-path": Calibration(place="http-path", fired=True, false_hits=(0, 114), misses=(0, 22))}
    game = Isolated(record(calibrations=known), Knowledge()).course.game
    for _ in range(8):
        if game.question is None:
            break
        assert game.question.parts == ((0, 9),)
        game.tell(True)


def test_a_search_that_ended_with_something_left_says_so():
    """There may be more triggers than it takes."""
    for more, why in ((False, None), (True, "budget")):
        seen = Isolated(record(), Knowledge())
        while seen.game.question is not None:
            seen.game.tell(False)
        seen.game.more = more
        assert seen.open == why
