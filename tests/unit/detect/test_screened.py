"""Tests of hushmap.detect.screened; what a whole record shows is tested with the experiment that makes it."""

from hushmap.detect import Screened, packed
from hushmap.detect.screened import Packs, rates_of
from hushmap.detect.worded import UNCALIBRATED
from hushmap.model import Ask, Calibration, Context, Knowledge, Layer, Record, Role, Trial, Void

GOOD = Calibration(
    place="http-path", fired=True, separator="-", positions=(3, 3), capacity=24, false_hits=(0, 114), misses=(0, 22)
)


def test_words_are_packed_as_far_as_a_pack_reaches():
    """In their order; a word that is longer than all that was planted goes alone."""
    assert packed(("kw-alpha", "kw-beta", "kw-gamma", "x" * 60, "kw"), GOOD) == ((0, 1), (2,), (3,), (4,))
    assert packed(tuple("abcdefghijklmnopqrstuvwxyz"), Calibration(**_fields(capacity=400))) == (
        tuple(range(20)),
        tuple(range(20, 26)),
    )


def test_words_go_alone_where_packs_are_not_known_to_work():
    """Nothing planted, or a filter that does not see every position."""
    for known in (None, Calibration(**_fields(positions=(2, 3)))):
        assert packed(("kw-alpha", "kw-beta"), known) == ((0,), (1,))


def _fields(**changes):
    return {name: getattr(GOOD, name) for name in GOOD.__struct_fields__} | changes


def test_a_method_is_told_limits_of_what_was_planted():
    """Where no canary fired, what METHOD 3 assumes."""
    assert rates_of(None) == rates_of(Calibration(place="http-path", misses=(8, 8))) == UNCALIBRATED
    assert rates_of(GOOD).miss < 0.12


def test_without_a_canary_each_word_is_asked_once():
    """A hit makes it a suspect, whom pairs decide about."""
    game = Packs(("kw-alpha", "kw-beta"), None, 2)
    game.tell(True)
    assert game.question == (1,)
    game.tell(False)
    assert (game.question, game.positives, game.cleared) == (None, (0,), frozenset({1}))
    game.tell(True)
    assert game.positives == (0,)


def record(*trials, **context):
    """A record about two words of which nothing was planted."""
    return Record(
        id="r-1", run="r", experiment="screen", target="words", started="", ended="", run_started="",
        layer="http-path", words=("kw-alpha", "kw-beta"), trials=trials, context=Context(**context),
    )  # fmt: skip


def test_what_was_not_asked_is_open_and_says_why():
    """Nothing is passed that was never sent."""
    seen = Screened(record(budget_spent=True), Knowledge())
    assert seen.words == {"kw-alpha": "open", "kw-beta": "open"}
    assert seen.open == "budget"
    assert Screened(record(Trial(id=1, ask=Ask(layer=Layer.TCP)), voids=(Void(trial=1, reason="residual"),)),
                    Knowledge()).open == "self_induced"  # fmt: skip


def test_a_baseline_answers_no_question():
    """Whatever a damaged record says of it."""
    odd = Trial(id=1, ask=Ask(layer=Layer.TCP), role=Role.BASELINE, changed="question", round=6)
    assert Screened(record(odd), Knowledge()).course.told == []


def test_a_word_that_is_still_open_is_not_said_to_pass_alone():
    """Only of words that passed it is told that they were cut off together."""
    seen = Screened(record(), Knowledge())
    assert (seen.together, Packs(("kw-alpha", "kw-beta"), None, 2).together) == ((), ())
