"""Golden: what is said of every row of UX 3's table, in every language, word for word."""

import json

import pytest

from golden.say_rows import GOLDEN, LANGS, ROWS, as_text, said
from hushmap.model import MECHANISMS, Outcome, Place, Reason

EXPECTED = json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS)
def test_says_what_was_reviewed(row):
    """Label, sentence and how-sure line are those of say.json; `python tests/golden/say_rows.py` writes it anew."""
    assert said()[row] == EXPECTED[row]


def test_golden_file_holds_these_rows_and_no_others():
    """say.json is what the script would write, to the byte."""
    assert GOLDEN.read_text(encoding="utf-8") == as_text(said())


def test_every_outcome_and_reason_has_a_row():
    """No outcome and no reason of METHOD 1 goes without reviewed words."""
    judged = [verdict for verdict, _ in ROWS.values()]
    assert {verdict.outcome for verdict in judged} == set(Outcome)
    assert {verdict.reason for verdict in judged} - {None} == set(Reason)


def test_every_family_of_mechanisms_has_a_row():
    """Each family of METHOD 2 that can name a verdict is among the reviewed rows."""
    seen = {name.partition(".")[0] for verdict, _ in ROWS.values() for name in verdict.mechanisms}
    assert {name.partition(".")[0] for name in MECHANISMS} - seen <= {"portal"}


def test_every_place_has_a_row():
    """A word that is cut off reads well wherever it was sent."""
    blocked = [sealed for judged, sealed in ROWS.values() if judged.outcome is Outcome.BLOCKED]
    assert {sealed.layer for sealed in blocked if sealed.experiment == "keyword"} >= set(Place)


def test_languages_differ():
    """No row was left in English."""
    for row, texts in EXPECTED.items():
        assert texts["en"] != texts["zh"], row
    assert LANGS == ("en", "zh")
