"""Verdicts to incidents, the whole way: innocents first."""

import random
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.analysis import INCIDENT, Sure, changes, dated, framed, incidents, plain, scored, together
from unit.analysis.courses import START, at, course, field

QUIET = "." * 60


def statuses(frame):
    """How sure each incident is."""
    return [one.status.value for one in changes(frame).incidents]


@pytest.mark.parametrize("char", ["?", "v", "r", "p"])
def test_what_decides_nothing_of_the_network_is_no_incident(char):
    """Undecided, failing everywhere, refused by the site, a sign-in page: a month of these alarms nobody."""
    assert statuses(course(QUIET + char * 60)) == []


def test_a_site_that_works_is_no_incident():
    """Sixty attempts that work are no incident, and no silence."""
    found = changes(course(QUIET))
    assert (found.incidents, found.silences, found.streams, found.attempts) == ((), (), 1, 60)


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_usual_noise_is_no_incident(share):
    """A line on which 2 or 5 % fail, 300 attempts long, is left alone."""
    for seed in range(3):
        rng = random.Random(seed)
        assert statuses(course("".join("u" if rng.random() < share else "." for _ in range(300)))) == []


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_a_line_that_was_always_bad_is_never_confirmed(share):
    """Where a tenth or a third fail all the time nothing has changed: at most a provisional alarm, never a confirmed."""
    for seed in range(3):
        rng = random.Random(seed)
        frame = course("".join("u" if rng.random() < share else "." for _ in range(200)))
        assert Sure.CONFIRMED.value not in statuses(frame)


def test_one_testers_burst_is_no_incident():
    """Thirty failures of one tester within ten minutes, twice a week among sites that work, alarm nobody."""
    quiet = course(QUIET)
    bursts = [
        course("u" * 30, every=20, start=quiet["started"][place] + pd.Timedelta("1h"), resolver="198.51.100.1")
        for place in (20, 40)
    ]
    assert statuses(together([quiet, *bursts])) == []


def test_canaries_and_calibrations_are_no_incident():
    """What is known to be blocked, and asked to prove that blocking is seen, is in no stream."""
    canary = course(QUIET + "x" * 40, canary=True)
    planted = course(QUIET + "x" * 40, experiment="calibrate")
    found = changes(together([canary, planted]))
    assert found.incidents == ()
    assert found.left_out == {"asked to prove the measurement": 200}


def test_unknown_networks_are_not_one_network():
    """Attempts whose network nobody knows are in no stream, for they may be on any."""
    found = changes(course(QUIET + "x" * 40, asn=None, network=None))
    assert found.incidents == ()
    assert found.left_out == {"on an unknown network": 100}


def test_failures_on_another_network_say_nothing_of_this_one():
    """A few failures on each of many networks are not added up."""
    frames = [course(QUIET + "xx", asn=64500 + number) for number in range(1, 8)]
    assert statuses(together(frames)) == []


def test_a_volume_collapse_is_told_and_is_no_incident():
    """Where four attempts a day become one in ten days, no incident is made, and the silence is told."""
    found = changes(together([course(QUIET), course("." * 6, every=864_000, start=course(QUIET)["started"].max())]))
    assert found.incidents == ()
    assert [(one.ended, one.seen >= 3) for one in found.silences] == [(True, True)]


def test_measuring_that_stops_is_a_silence_that_goes_on():
    """A stream that ends while others go on is silent to the end of what was given; nothing of it is an incident."""
    found = changes(together([course(QUIET), course("." * 200, domain="other.example")]))
    assert [(one.key.target, one.ended) for one in found.silences] == [("news.example", False)]
    assert found.incidents == ()


def test_an_onset_and_a_lifting_are_intervals():
    """Last seen working and first seen failing bound the onset, the other two the lifting; both are confirmed."""
    (one,) = changes(course(QUIET + "x" * 30 + QUIET)).incidents
    assert (one.onset_last_working, one.onset_first_failing) == (at(59), at(60))
    assert (one.lifting_last_failing, one.lifting_first_working) == (at(89), at(90))
    assert (one.status, one.lifting) == (Sure.CONFIRMED, Sure.CONFIRMED)
    assert at(60) < one.onset_alarm <= one.onset_confirmed
    assert (one.failing, one.attempts, one.blocked, one.partial) == (30, 30, 30, False)
    assert one.mechanisms == ("tls.reset.sni",)


def test_days_that_nobody_measured_widen_the_interval():
    """Ten days without a measurement before the first failure are in the onset's interval, and are not failures."""
    (one,) = changes(course(QUIET + " " * 40 + "x" * 30)).incidents
    assert (one.onset_last_working, one.onset_first_failing) == (at(59), at(100))
    assert (one.failing, one.attempts, one.lifting) == (30, 30, None)


def test_undecided_attempts_bound_nothing():
    """Attempts that decided nothing between working and failing are neither: the interval spans them."""
    (one,) = changes(course(QUIET + "????vv" + "x" * 30)).incidents
    assert (one.onset_last_working, one.onset_first_failing) == (at(59), at(66))


def test_what_fails_from_the_first_attempt_on_has_no_onset():
    """A target that was never seen working stands as failing, without an onset; its lifting is found."""
    (one,) = changes(course("x" * 40 + QUIET)).incidents
    assert (one.status, one.onset_last_working) == (Sure.STANDING, None)
    assert (one.lifting_last_failing, one.lifting_first_working) == (at(39), at(40))


def test_a_first_alarm_is_provisional():
    """Four failures in a row alarm the quick detector and not yet the other, and the incident says so."""
    found = changes(course(("." * 19 + "u") * 3 + "..xxxx"))
    assert [one.status for one in found.incidents] == [Sure.PROVISIONAL]
    assert found.incidents[0].onset_confirmed is None


def test_an_alarm_waits_for_three_sessions():
    """Failures of two sessions are not enough, however many there are."""
    start = course(QUIET)["started"].max()
    two = [course("u" * 9, every=30, start=start + pd.Timedelta(hours=6 * n)) for n in (1, 2)]
    assert statuses(together([course(QUIET), *two])) == []
    three = [course("u" * 9, every=30, start=start + pd.Timedelta(hours=6 * n)) for n in (1, 2, 3)]
    assert statuses(together([course(QUIET), *three])) != []


def test_a_part_of_the_attempts_is_partial():
    """A censor that acts on half of the attempts is found, and its incident is partial, with an interval."""
    (one,) = changes(course(QUIET + "x." * 40)).incidents
    assert one.status is Sure.CONFIRMED
    assert one.partial
    assert 0.3 < one.share_low < one.share < one.share_high < 0.7


def test_a_lifting_that_does_not_last_is_none():
    """Working attempts too few to confirm a lifting, and then failures again: it is one incident that goes on."""
    (one,) = changes(course(QUIET + "x" * 40 + "." * 4 + "x" * 30)).incidents
    assert (one.onset_first_failing, one.lifting, one.attempts) == (at(60), None, 74)


def test_a_second_incident_is_found():
    """After a confirmed lifting the next onset is an incident of its own, with an id of its own."""
    found = changes(course(QUIET + "x" * 30 + QUIET + "x" * 30)).incidents
    assert [one.onset_first_failing for one in found] == [at(60), at(150)]
    assert len({one.id for one in found}) == 2


def test_a_new_way_of_failing_is_told_where_another_went_on():
    """Where handshakes failed all along and then lookups did, the target failed throughout, and lookups have an onset."""
    found = changes(course("x" * 80 + "d" * 40)).incidents
    assert [(one.way, one.status) for one in found] == [("any", Sure.STANDING), ("dns", Sure.CONFIRMED)]
    assert (found[1].onset_last_working, found[1].onset_first_failing) == (at(79), at(80))


def test_a_change_is_told_once_whatever_its_ways():
    """A blocking of which handshakes and lookups take turns is one incident, and names both mechanisms."""
    (one,) = changes(course(QUIET + "xd" * 20 + QUIET)).incidents
    assert (one.way, one.mechanisms) == ("any", ("dns.nxdomain", "tls.reset.sni"))


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.text(alphabet=".xu?v ", min_size=1, max_size=120))
def test_rows_in_any_order_give_the_same_frame(rng, text):
    """Rows that come late, and rows that come twice, change nothing: the frame is that of the rows in order."""
    frame = course(text) if text.strip() else course(".")
    order = [*range(len(frame)), *rng.sample(range(len(frame)), len(frame) // 2)]
    rng.shuffle(order)
    pd.testing.assert_frame_equal(incidents(frame), incidents(frame.iloc[order]))


def test_rows_that_arrive_after_the_alarm_change_it_as_if_they_had_come_in_time():
    """Late rows that show the target working move the onset, to where it would have been with them."""
    early = course(QUIET + " " * 10 + "x" * 20)
    late = course(" " * 60 + ".....", resolver="198.51.100.1")
    before, after = changes(early).incidents[0], changes(together([early, late])).incidents[0]
    assert (before.onset_last_working, after.onset_last_working) == (at(59), at(64))
    after = incidents(together([early, late]))
    pd.testing.assert_frame_equal(after, incidents(together([late, early])))


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=".xus?vd ", min_size=1, max_size=150))
def test_intervals_are_in_order(text):
    """Whatever the course, an onset is before its alarm, a lifting after the onset, and counts fit."""
    if not text.strip():
        return
    for one in changes(course(text)).incidents:
        assert one.onset_last_working is None or one.onset_last_working < one.onset_first_failing
        assert one.onset_first_failing <= one.onset_alarm <= (one.onset_confirmed or one.onset_alarm)
        assert one.onset_first_failing <= one.last_failing
        assert 0 < one.failing <= one.attempts
        assert 0 <= one.blocked <= one.failing
        if one.lifting is not None:
            assert one.last_failing == one.lifting_last_failing < one.lifting_first_working <= one.lifting_alarm


def test_the_frame_has_its_columns():
    """The frame's columns are those that are documented, its times datetime64 in UTC, also without a row."""
    frame = incidents(course(QUIET + "x" * 30))
    assert [*frame.columns] == [*INCIDENT]
    assert str(frame["onset_first_failing"].dtype) == str(framed([])["onset_first_failing"].dtype)
    assert frame["network"][0] == "Net-A"
    assert frame["lifting"].isna()[0]
    assert plain(changes(course(QUIET + "x" * 30)).incidents[0])["status"] == "confirmed"


def test_chance_is_told_for_all_streams():
    """Ten streams have ten times the chance of one."""
    frames = [course("...", domain=f"site-{number}.example") for number in range(10)]
    assert changes(together(frames)).by_chance == pytest.approx(0.01)
    assert changes(course("...").iloc[:0]).streams == 0


def test_uganda_has_one_onset_and_one_lifting():
    """470 of OONI's tests of one site: the two changes that OONI's detector found, hours sooner, and no other."""
    with field("ooni/uganda_twitter_2025-12_2026-02.csv").open(encoding="utf-8") as rows:
        frame = incidents(scored(rows))
    (one,) = frame.to_dict("records")
    told = {name: f"{value:%m-%dT%H:%M:%S}" for name, value in one.items() if isinstance(value, pd.Timestamp)}
    assert (told["onset_last_working"], told["onset_first_failing"]) == ("01-18T05:24:35", "01-18T05:46:13")
    assert told["onset_alarm"] <= "01-18T10:09:39"
    assert told["onset_confirmed"] <= "01-18T12:41:13"
    assert (told["lifting_last_failing"], told["lifting_first_working"]) == ("01-23T21:32:35", "01-24T13:49:43")
    assert told["lifting_alarm"] <= told["lifting_confirmed"] <= "01-24T22:31:27"
    assert (one["status"], one["lifting"], one["partial"]) == ("confirmed", "confirmed", False)


def test_presumed_days_are_missing_days():
    """Of a list of 679 days, the 84 that somebody looked at are attempts; without the others the answer is the same."""
    text = field("keywords/bo_xilai_weibo_search_timeline.csv").read_text("utf-8").splitlines(keepends=True)
    whole = dated(text, "a word", network="Weibo")
    seen = [row for row in text if ",presumed-" not in row]
    found = changes(whole)
    assert found.attempts == sum(",blocked," in row or ",unblocked," in row for row in text) == 84
    assert [one.status for one in found.incidents] == [Sure.STANDING, Sure.CONFIRMED]
    assert all(one.attempts <= 40 for one in found.incidents)
    pd.testing.assert_frame_equal(incidents(whole), incidents(dated(seen, "a word", network="Weibo")))


@pytest.mark.parametrize("other", [{"target": "https://news.example/other"}, {"resolver": "198.51.100.9"}])
def test_what_is_asked_for_anew_and_fails_has_no_onset(other):
    """Another page of the host, or one line that always failed: neither was seen working before."""
    quiet = course(QUIET + "." * 60)
    anew = course(" " * len(QUIET) + "x" * 60, start=START + timedelta(minutes=30), **other)
    (found,) = changes(together([quiet, anew])).incidents
    assert (found.status, found.onset_last_working) == ("standing", None)
