"""The sentence over a period counts, and claims no more than what it counted; its words are golden (tests/golden)."""

from datetime import UTC, datetime

import msgspec
import pytest

from golden.period_rows import ROWS, said
from hushmap.detect.groups import Group, WordGroup
from hushmap.detect.period import NAMED, Period, Seen, Turn, say_period

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)


def told(*seen, lang="en", **more):
    """What is said of some networks."""
    fields = {"target": "https://a.example/", "experiment": "web", "first": NOON, "last": NOON, "seen": seen}
    return say_period(Period(**fields | more), lang)


def on(network, group=Group.BLOCKED, k=2, n=2, **more):
    """What was seen on a network."""
    return Seen(network=network, group=group, k=k, n=n, **more)


def test_every_row_says_something_in_every_language():
    """Label, sentence and how-sure line are never empty."""
    for texts in said().values():
        for saying in texts.values():
            assert all(saying.values())
    assert ROWS


def test_one_way_is_named_only_where_it_is_that_of_all():
    """A second way, or measurements without one, take the plain clause."""
    named = told(on("N", mechanisms=("tls.reset.sni",))).sentence
    assert "encrypted connections naming a.example were reset" in named
    for mechanisms in ((), ("tls.reset.sni", ""), ("tls.reset.sni", "http.redirect")):
        sentence = told(on("N", mechanisms=mechanisms)).sentence
        assert "connections to a.example did not work as they do elsewhere" in sentence


def test_a_page_is_named_where_it_alone_is_cut_off():
    """A sentence that is copied stands without its page; of a long path, or one with marks in it, as much as is safe."""
    page = on("N", mechanisms=("http.reset.url",))
    told_of = told(page, target="http://a.example/lost?x=1").sentence
    assert "requests for /lost?x=1 on a.example were reset" in told_of
    assert "/\u2039U+202E\u203a" in told(page, target="http://a.example/\u202e").sentence
    assert len(told(page, target=f"http://a.example/{'x' * 9_000}").sentence) < 600
    assert "requests for this page of a.example were reset" in told(page, target="http://a.example/").sentence


def test_large_numbers_are_written_one_way():
    """On both sides of `of`."""
    sentence = told(on("N", k=1_234, n=2_107, twins=(1_451, 1_451), undecided=3_000)).sentence
    assert "in 1,234 of 2,107 measurements" in sentence
    assert "worked 1,451 of 1,451 times" in sentence
    assert "3,000 more measurements" in sentence


def test_what_was_not_decided_is_no_network_that_works_or_fails():
    """It stands in the denominator of no count, and is told."""
    saying = told(on("N"), Seen(network="M", group=Group.UNDECIDED, undecided=3))
    assert saying.label == "Blocked on 1 of 2 networks measured, not decided on 1"
    assert "On M in 3 measurements, nothing could be decided" in saying.sentence


def test_a_change_is_an_interval_and_says_whether_it_is_confirmed():
    """Both ends of it, to the minute."""
    turn = Turn(worked=NOON, failed=NOON.replace(hour=14))
    assert "last seen working 14 Nov 2026, 12:00 UTC, first seen failing" in told(on("N", turn=turn)).sentence
    unsure = msgspec.structs.replace(turn, confirmed=False)
    assert "not yet confirmed" in told(on("N", turn=unsure)).sentence


def test_many_networks_are_added_up():
    """No sentence grows with the number of networks."""
    many = told(*(on(f"N{place:03}") for place in range(100))).sentence
    assert f"{100 - NAMED} more networks in {2 * (100 - NAMED)} of {2 * (100 - NAMED)} measurements" in many
    assert len(many) < 600


def test_hostile_names_do_not_speak():
    """Names of strangers are bounded, and cannot close our quotation marks."""
    sentence = told(on("N", WordGroup.CUT), experiment="keyword", target="x” is fine. “" + "\u202e" * 300).sentence
    assert "x' is fine. '" in sentence
    assert "\u202e" not in sentence
    assert len(told(on("N"), target="a" * 10_000).sentence) < 500


def test_the_order_is_the_reader_s():
    """What is blocked comes first, whatever order it was given in."""
    assert told(on("M", Group.REACHABLE), on("N")).sentence.index(" N ") < told(
        on("M", Group.REACHABLE), on("N")
    ).sentence.index(" M ")


def test_days_without_a_measurement_are_told():
    """Where every day has one, nothing is said of days."""
    last = NOON.replace(day=20)
    assert "Something was measured on 3 of 7 days." in told(on("N"), last=last, days=3).sentence
    assert "days" not in told(on("N"), last=last, days=7).sentence


def test_a_language_without_a_catalogue_is_an_error():
    """As of every saying."""
    with pytest.raises(ValueError, match="no messages in language"):
        told(on("N"), lang="tlh")
