"""Changes both ways: intervals, what is sure apart from what is not, and no change without an onset."""

from datetime import UTC, datetime

import msgspec

from hushmap.analysis import Sure
from hushmap.report.site.changing import MOST, SHOWN, Known, change_lines, changes, moment, rounded, stamp
from hushmap.report.words import Words
from unit.report.site.books import book
from unit.report.site.happened import NEWS, happened, incidents, of_service, unsure

FOUND = incidents()
LIFTED = next(one for one in FOUND if one.lifting is not None)


def test_onsets_and_liftings_are_changes_of_their_own():
    """The newest first; what failed from the beginning is none of them."""
    found = changes(book(incidents=FOUND))
    assert [one.works for one in found] == [True, False, False, False]
    assert [one.after for one in found] == sorted((one.after for one in found), reverse=True)
    assert all(one.before < one.after <= one.told for one in found)
    assert len({one.id for one in found}) == 4


def test_what_was_noticed_and_not_confirmed_is_dated_by_its_alarm():
    """An alarm is never dated back."""
    onset, lifting = sorted(changes(book(incidents=(unsure(LIFTED),))), key=lambda one: one.works)
    assert onset.told == moment(LIFTED.onset_alarm)
    assert lifting.told == moment(LIFTED.lifting_alarm)
    bare = msgspec.structs.replace(unsure(LIFTED), lifting_alarm=None)
    assert max(changes(book(incidents=(bare,))), key=lambda one: one.works).told == moment(
        LIFTED.lifting_first_working
    )


def test_the_overview_tells_each_with_its_interval():
    """What, where, between which attempts, and how much of the failing was judged blocked."""
    lines = change_lines(happened().book, Words("en"))
    first = lines.confirmed[0]
    assert (first.label, first.style, first.sign) == ("Works again", "lifting", "▲")
    assert first.when == "Last seen failing 30 Nov 2026, 18:00 UTC; first seen working 1 Dec 2026, 00:00 UTC."
    assert first.judged == "60 of 60 attempts failed; 60 of these were judged blocked."
    assert (first.where, first.network) == ("Net-A (AS64501, XE)", "as64501-xe")
    assert lines.standing_counted == "1 failed as early as it was measured: no onset was seen"
    assert [one.when for one in lines.standing] == [
        "First seen failing 1 Nov 2026, 00:00 UTC; not seen working before."
    ]
    assert (lines.provisional, lines.more) == ((), "")


def test_a_change_links_to_the_one_target_that_it_is_about():
    """Of two pages of a host neither is meant alone; a word has one, and is not said to work."""
    lines = change_lines(happened().book, Words("en"))
    word = next(one for one in lines.confirmed if one.what == "planted")
    assert (word.target, word.label) == ("word-1", "Stopped getting through")
    assert {one.target for one in lines.confirmed if one.what == NEWS} == {""}


def test_unsure_changes_stand_apart_and_a_long_list_says_what_it_left_out():
    """The newest are told, the rest counted."""
    many = [msgspec.structs.replace(unsure(LIFTED), id=f"{n:012x}") for n in range(MOST)]
    lines = change_lines(book(incidents=tuple(many)), Words("en"))
    assert (len(lines.provisional), lines.confirmed) == (MOST, ())
    assert lines.more == f"{MOST} earlier changes are not listed here."


def test_the_newest_stand_open_and_earlier_ones_are_folded():
    """All of them are told as sure as they are."""
    many = [msgspec.structs.replace(LIFTED, id=f"{n:012x}") for n in range(MOST)]
    lines = change_lines(book(incidents=tuple(many)), Words("en"))
    assert (len(lines.confirmed), len(lines.earlier)) == (SHOWN, MOST - SHOWN)
    assert lines.earlier_counted == f"{MOST - SHOWN} earlier confirmed changes"
    assert lines.more == f"{MOST} earlier changes are not listed here."


def test_a_book_without_changes_says_nothing():
    """No line, no count."""
    lines = change_lines(book(), Words("zh"))
    assert (lines.confirmed, lines.provisional, lines.more, lines.standing) == ((), (), "", ())


def test_incidents_find_their_pages():
    """By host and by network; what the site has no page of is not linked."""
    known = Known(happened().book)
    service = of_service(LIFTED)
    assert [one.id for one in known.targets(service)] == ["news-example-org", "news-example-org-2"]
    assert [one.id for one in known.targets(service, working=True)] == ["shop-example-com"]
    elsewhere = msgspec.structs.replace(LIFTED, key=msgspec.structs.replace(LIFTED.key, asn=0, network="Net-Z"))
    assert known.network(elsewhere) is None
    assert change_lines(book(incidents=(elsewhere,)), Words("en")).confirmed[0].network == ""
    assert LIFTED.status is Sure.CONFIRMED


def test_a_service_is_told_by_its_name_and_number_of_hosts():
    """Not by one of its hosts."""
    told = change_lines(book(incidents=(of_service(LIFTED),)), Words("en")).confirmed[0]
    assert (told.what, told.target) == ("News (2 hosts)", "news-example-org")


def test_times_are_whole():
    """Microseconds become a time as records have it."""
    assert moment(1_000_000) == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert stamp(moment(1_000_000)) == "1970-01-01T00:00:01Z"


def test_whole_hours_are_told_as_what_they_are():
    """A published copy rounds times down, so that what was seen was seen up to so much later."""
    words, second, hour = Words("en"), 1_000_000, 3_600_000_000
    exact = msgspec.structs.replace(
        LIFTED, onset_last_working=second, onset_first_failing=hour + second, lifting_last_failing=None,
        lifting_first_working=None,
    )  # fmt: skip
    assert rounded(exact, words) == ""
    assert "up to an hour later" in rounded(msgspec.structs.replace(exact, onset_first_failing=hour), words)
    midnight = msgspec.structs.replace(exact, onset_first_failing=24 * hour)
    # Midnight is a whole hour too: days are said only where a manifest says them.
    assert "whole hours or days" in rounded(midnight, words)
    assert "whole hours," in rounded(midnight, words, "hour")
    assert "whole days," in rounded(midnight, words, "day")
    assert rounded(midnight, words, "exact") == ""
    assert rounded(exact, words, "hour") == ""
