"""What a study says: when the event was chosen first, nulls like the rest, and never a cause."""

from datetime import date, timedelta
from functools import cache
from random import Random

import msgspec
import pytest

from hushmap.analysis import Known, Lags, Onsets, Study, StudyRole, Wait, study
from hushmap.analysis.counting import Update, series
from hushmap.detect import group_words
from hushmap.model import Claimed, Dated, Locality, Precision
from hushmap.report import Words, claims, sentences
from hushmap.report.study_text import chance
from unit.analysis.test_studied import FIRST, LAST, START, campaign, made
from unit.analysis.test_trying import START as MARCH
from unit.analysis.test_trying import raised

OTHER = msgspec.structs.replace(campaign(), id="d", name="Another event")
EVENT = msgspec.structs.replace(campaign(), confounders=("d",))


def told(found: Study, lang: str = "en") -> str:
    """All of it, a sentence a line."""
    return "\n".join(sentences(found, {"c": EVENT, "d": OTHER}, Words(lang)))


@cache
def asked(*bursts):
    """A study of a series; its power is found by drawing, which takes its time."""
    return study(EVENT, made(*bursts), Known(register="ab"), Random(1), draws=10, points=lambda _: (7, 400))


def test_the_first_sentence_is_when_the_event_was_chosen():
    """Retrospective, unless it was kept before the first day; then what was observed."""
    found = asked()
    assert told(found).startswith("Retrospective: ")
    kept = told(msgspec.structs.replace(found, preregistered=True))
    assert kept.startswith("Pre-registered: ")
    assert "Which series was to be studied was not kept" in kept
    partly = msgspec.structs.replace(found, preregistered=True, observed_changed=True)
    assert told(partly).startswith("Pre-registered in part: ")
    assert "not what the file of the days on which somebody looked now holds" in told(partly)
    assert told(partly, "zh").startswith("部分预先登记")
    assert "Window: 2015-06-01 to 2015-06-14, 14 days. Series" in told(found), "nobody knows which were observed"
    days = frozenset(FIRST + timedelta(days=day) for day in range(800))
    seen = study(EVENT, series((), FIRST, LAST, observed=days), Known(register="ab"), Random(1), draws=2)
    assert "14 of 14 days observed" in told(seen)
    assert "had, for what was observed of them, as many updates or more (p = 1.00;" in told(seen)
    assert "It is not known on which days anybody looked" in told(found)
    assert "Another event (2015-06-01)" in told(found)


def test_what_happened_meanwhile_is_dated_as_it_is_known():
    """By the month where no day is known."""
    season = msgspec.structs.replace(OTHER, start=Dated(day=date(2015, 12, 1), precision=Precision.MONTH))
    lines = "\n".join(sentences(asked(), {"c": EVENT, "d": season}, Words("en")))
    assert "Another event (2015-12)." in lines


def test_more_than_usual_is_consistent_and_no_more():
    """p, adjusted, with the least that could be; controls with what chance would bring."""
    text = told(asked((START, 3, "vice")))
    assert "more than usual: consistent with the campaign, which need not have caused it" in text
    assert "Controls, which ought to show nothing: 0 of 3 had p of 0.05 at most; by chance 0." in text
    for wrong in ("caused by", "because of", "proof", "censor"):
        assert wrong not in text


def test_a_null_is_told_with_what_the_series_could_have_shown():
    """Or that it could have shown next to nothing."""
    text = told(asked())
    assert "That is no sign of the campaign." in text
    assert "times as many updates as on its other days in" in text
    found = asked()
    blind = tuple(msgspec.structs.replace(one, least=None) for one in found.tests)
    assert "No rise that was tried would have been shown" in told(msgspec.structs.replace(found, tests=blind))


def test_a_series_without_a_usual_rate_has_no_rise_to_tell():
    """Nothing came on other days, or there are hardly any: neither is said to be blind to every rise."""
    alone = series([Update(day=START, things=2, batch="b")], START - timedelta(days=99), START + timedelta(days=99))
    burst = study(EVENT, alone, Known(register="ab"), Random(1), draws=5)
    text = told(burst)
    assert "No rise that was tried" not in text
    assert "No update came on any other day: there is no usual rate" in text
    assert "其他日子没有任何更新" in told(burst, "zh")
    long = study(EVENT, made(), Known(register="ab"), Random(1), draws=5, length=420)
    assert "The window is half of the series or more" in told(long)
    assert "时间窗占序列的一半或更多" in told(long, "zh")


def test_what_could_not_be_tested_says_nothing():
    """Too little was observed; a series that begins with the window has no before."""
    found = asked()
    whole = found.tests[0]
    untested = msgspec.structs.replace(whole, found=None, adjusted=None, by_things=None)
    text = told(msgspec.structs.replace(found, tests=(untested,), first=START))
    assert "all together: too little of the window was observed; nothing can be said." in text
    assert "No time before the window is in the series" in text
    assert "Controls" not in text


def test_controls_that_show_something_are_named():
    """With the year of a placebo."""
    found = asked((START - timedelta(days=364), 3, "other"), (START, 3, "other"))
    text = told(found)
    assert "These were other, " in text
    assert "of another year" in text
    assert any(one.role is StudyRole.CONTROL for one in found.controls)


def test_each_p_stands_beside_the_least_that_could_be():
    """And beside how many such windows lie side by side, and the rise that would have been shown, whatever came."""
    for bursts in ((), ((START, 3, "vice"),)):
        text = told(asked(*bursts))
        assert "this calendar can give 0.0012 at least, and has 58 such windows side by side" in text
        powers = ("times as many updates as on its other days in", "No rise that was tried", "there is no usual rate")
        assert sum(map(text.count, powers)) == text.count("(p = ")


def test_dates_by_the_month_are_told_as_intervals():
    """With the range of p that windows by the day would give."""
    found = asked()
    whole = msgspec.structs.replace(found.tests[0], possible=(0.01, 0.6))
    text = told(
        msgspec.structs.replace(
            found, latest=START + timedelta(days=29), earliest=found.end - timedelta(days=3), tests=(whole,)
        )
    )
    assert "Its start is known to the month only: between 2015-06-01 and 2015-06-30." in text
    assert "Its end lies between 2015-06-11 and 2015-06-14." in text
    assert "p is that of the whole" in text
    assert "give p from 0.01 to 0.60; none of them was chosen" in text


def test_localities_are_named_with_their_starts():
    """In place of one window."""
    data = made((START, 2, "north"), (START + timedelta(days=60), 2, "south"))
    starts = {"north": START, "south": START + timedelta(days=60)}
    found = study(EVENT, data, Known(register="ab"), Random(1), draws=5, starts=starts, length=10)
    text = told(found)
    assert "2 localities, each in a window of 10 days from its own start: north (2015-06-01), south (2015" in text
    assert "all localities, each in its own window: 40 updates" in text
    assert "Window:" not in text
    assert "the whole calendar of starts met as high a mean rank, or a higher one, in 0 (p = " in text
    assert text.count("as many updates or more") == 2, "of each locality alone"


def test_what_else_counts_is_said():
    """Onsets without a day, other questions, waits and the days from order to change."""
    found = asked()
    lags = Lags(orders=12, before=1, early=1, middle=3, late=9, low=2, high=5, week=0.5)
    waits = (
        Wait(name="vice", since=START, days=4, least=2, as_short=0.25),
        Wait(name="", since=START, days=None, least=None, as_short=None),
        Wait(name="", since=START, days=3, least=3, as_short=0.5),
    )
    onsets = Onsets(counted=9, provisional=4, unblocked=3, undated=2)
    full = msgspec.structs.replace(found, onsets=onsets, earlier=3, waits=waits, lags=lags)
    text = told(full)
    for said in (
        "2 onsets came in a gap",
        "which is no verdict of blocking: 9 onsets. Of these 4 are first alarms only",
        "in 3 no attempt was judged blocked, so that they may be outages",
        "the 3 tests made then count in the adjustment",
        "vice: days from 2015-06-01 to the first update: 2 to 4. From 25 of 100 other days",
        "all together: no update came from 2015-06-01 on.",
        "to the first update: 3. From 50",
        "of 12 orders: 1 for a quarter of them at most, 3 for half, 9 for three quarters; 50 of 100",
        "The half lies between 2 and 5 (95 %).",
        "before the day of their order: 1;",
    ):
        assert said in text, said
    few = msgspec.structs.replace(lags, low=None, high=None, before=0)
    assert "(95 %)." not in told(msgspec.structs.replace(full, lags=few))
    assert told(full, "zh")
    dated = msgspec.structs.replace(onsets, undated=0)
    assert "came in a gap" not in told(msgspec.structs.replace(full, onsets=dated))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_sentence_is_there_in_each_language(lang):
    """Vague and open dates, a regression, change points or none."""
    found = asked((START, 3, "vice"))
    vague = msgspec.structs.replace(found, vague=True, unended=True)
    assert len(told(vague, lang).split("\n")) >= 12
    none = msgspec.structs.replace(found, course=None, changes=None)
    assert len(told(none, lang).split("\n")) < len(told(found, lang).split("\n"))
    assert found.changes is not None
    quiet = msgspec.structs.replace(found.changes, changes=(), distance=None, p=None)
    assert told(msgspec.structs.replace(found, changes=quiet), lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_shares_are_told_with_what_was_to_be_expected(lang):
    """In percent and points; what is in no share is said."""
    march = msgspec.structs.replace(EVENT, start=Dated(day=MARCH), end=Dated(day=MARCH + timedelta(days=7)))
    known = Known(register="ab", experiment="web", sought="Blocked", alone=3)
    found = study(march, {"": raised()}, known, Random(1), draws=10)
    text = told(found, lang)
    if lang == "en":
        assert "Blocked in 100.0 % of 32 bursts in the window, in 25.0 % of 448 bursts on the other days" in text
        assert "30.0 % was to be expected" in text
        assert "lay as far above what was to be expected, or further (p = 0.0083" in text
        assert "consistent with the campaign, which need not have caused it" in text
        assert "3 measurements are in no share" in text
        assert "percentage points greater in" in text
        assert "Share before and after" in text
    else:
        assert f"“{group_words('Blocked', 'zh')}”" in text
    (whole,) = found.tests
    all_of_it = msgspec.structs.replace(whole.share, other_tests=0, other_found=0.0, least=None)
    blind = msgspec.structs.replace(found, tests=(msgspec.structs.replace(whole, share=all_of_it, adjusted=0.5),),
                                    share_course=None)  # fmt: skip
    if lang == "en":
        assert "in - % of 0 bursts" in told(blind)
        assert "That is no sign of the campaign." in told(blind)
        assert "No rise that was tried would have been shown" in told(blind)
        assert "too few days with a test" in told(blind)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_localities_of_the_register_are_told_with_what_is_not_known_of_them(lang):
    """Starts that are known, those that are not, places that no source names, and series that are left out."""
    places = (Locality(name="North", start=Dated(day=START)), Locality(name="East"))
    event = msgspec.structs.replace(EVENT, localities=places, unnamed="forty others")
    found = msgspec.structs.replace(asked(), left_out=("west",))
    text = "\n".join(sentences(found, {"c": event, "d": OTHER}, Words(lang)))
    for said in ("North (2015-06-01)", "East", "forty others", "west"):
        assert said in text
    if lang == "en":
        assert "Localities of which no start is known: East." in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_countries_that_are_pooled_are_told(lang):
    """And that none of them is the campaign's; of one alone, or of none that is known, there is nothing to tell."""
    pooled = told(msgspec.structs.replace(asked(), measured_in=("XA", "XB")), lang)
    assert "XA" in pooled
    assert "XB" in pooled
    for quiet in ((), ("XA",)):
        assert "XA" not in told(msgspec.structs.replace(asked(), measured_in=quiet), lang)
    if lang == "en":
        assert "all together is of all these countries" in pooled
        assert "Nothing of it was measured" not in pooled
        abroad = told(msgspec.structs.replace(asked(), measured_in=("XB",)))
        assert "Nothing of it was measured in XA, where the campaign was" in abroad


def test_claims_stand_as_claims():
    """With who says it, when, and what nothing of ours has in common with it."""
    claim = Claimed(
        id="x", agency="A", place="P", says="much was done", reported=date(2015, 6, 2), unlike="all of it"
    )
    (text,) = claims(msgspec.structs.replace(EVENT, claims=(claim,)), Words("en"))
    assert text == "A, 2015-06-02: much was done. Not to be compared: all of it."


def test_a_chance_is_never_printed_as_nothing():
    """Two digits that count."""
    assert [chance(p) for p in (0.00166, 0.0499, 0.25, 1.0)] == ["0.0017", "0.05", "0.25", "1.00"]
