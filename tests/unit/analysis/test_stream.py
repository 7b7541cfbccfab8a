"""Verdicts to streams."""

import pandas as pd
import pytest

from hushmap.analysis import Point, streams
from hushmap.analysis.sessions import SESSION_GAP, SESSION_MOST
from hushmap.analysis.stream import ANY, SECOND, WAYS, Left, fails, sessions, way_of
from hushmap.model import MECHANISMS
from unit.analysis.courses import at, course


def test_attempts_stand_in_order_of_their_start():
    """Whatever the order of rows, a stream is in order, and a record that is given twice is one attempt."""
    frame = course(".x.u")
    (stream,) = streams(pd.concat([frame.iloc[::-1], frame.iloc[:2]]))
    assert [point.at for point in stream.points] == [at(place) for place in range(4)]
    assert [point.failing for point in stream.points] == [False, True, False, True]
    assert [point.blocked for point in stream.points] == [False, True, False, False]
    assert (stream.domain, stream.network, stream.key.asn) == ("news.example", "Net-A", 64501)


def test_a_record_that_was_judged_twice_accuses_less():
    """Two archives hold one record with two verdicts: in whichever order they come, it counts as the milder one."""
    sooner, later = course(".x"), course("..")
    for frames in ([sooner, later], [later, sooner]):
        (stream,) = streams(pd.concat(frames))
        assert [point.failing for point in stream.points] == [False, False]


def test_pages_of_a_host_are_one_stream_and_words_are_not():
    """Attempts at two pages of a host are one stream; the same word in two places is two."""
    pages = [course("..", target=f"https://news.example/{page}") for page in "ab"]
    pages[1]["record"] += " b"
    assert [len(stream.points) for stream in streams(pd.concat(pages))] == [4]
    words = [course("..", experiment="keyword", domain=None, target="word", place=place) for place in ("sni", "host")]
    words[1]["record"] += " b"
    assert [stream.key.target for stream in streams(pd.concat(words))] == ["word", "word"]


def test_networks_are_told_apart():
    """Streams differ by AS number; where there is none by the network's name; unknown is in no stream."""
    frames = [
        course("..", asn=64501),
        course("..", asn=64502),
        course("..", asn=None, network="Net-C"),
        course("..", asn=None, network="Net-D"),
        course("..", asn=None, network=None),
    ]
    for number, frame in enumerate(frames):
        frame["record"] += f" {number}"
    left = Left()
    keys = [stream.key for stream in streams(pd.concat(frames), left)]
    assert [(key.asn, key.network) for key in keys] == [(0, "Net-C"), (0, "Net-D"), (64501, ""), (64502, "")]
    assert left.counts == {"on an unknown network": 2}


def test_columns_that_are_missing_are_unknown():
    """A frame without the columns that may be missing is read; without one that may not, it is an error."""
    frame = course(".x")[["record", "experiment", "target", "started", "country", "asn", "outcome"]]
    (stream,) = streams(frame)
    assert (stream.key.target, stream.domain, stream.points[0].who) == ("https://news.example/", "", " ")
    with pytest.raises(ValueError, match="need a column outcome"):
        streams(frame.drop(columns="outcome"))


def test_times_may_be_text():
    """Times as ISO 8601 text are what they say, in UTC."""
    frame = course("..")
    frame["started"] = ["2026-11-01T00:00:00Z", "2026-11-01T06:00:00+00:00"]
    assert [point.at for point in streams(frame)[0].points] == [at(0), at(1)]


def test_the_line_of_the_tables_is_the_tester():
    """Where the tables know the line, sessions go by it."""
    (stream,) = streams(course("..", session="AS64501 192.0.2.53 home"))
    assert stream.points[0].who == "AS64501 192.0.2.53 home"


def points(*seconds, who=""):
    """Attempts at these seconds."""
    return [Point(at=second * SECOND, record=f"{second} {who}", failing=False, who=who) for second in seconds]


def test_a_session_ends_after_ten_minutes():
    """Attempts that are ten minutes apart are one session, a second more and they are two."""
    assert sessions(points(0, SESSION_GAP)) == [0, 0]
    assert sessions(points(0, SESSION_GAP + 1)) == [0, 1]
    assert sessions([]) == []


def test_testers_have_sessions_of_their_own():
    """Two testers at one time are two sessions, however they take turns."""
    mixed = sorted([*points(0, 60, 120, who="a"), *points(30, 90, who="b")])
    assert sessions(mixed) == [0, 1, 0, 1, 0]


def test_a_session_without_an_end_is_cut_after_an_hour():
    """Who asks every five minutes for two hours has two sessions."""
    found = sessions(points(*range(0, 2 * SESSION_MOST, 300)))
    assert (found[0], found[SESSION_MOST // 300 - 1], found[SESSION_MOST // 300], found[-1]) == (0, 0, 1, 1)


def test_every_mechanism_has_a_way():
    """Mechanisms of METHOD 2 that are of the target belong to a way; the others are of the network or platform."""
    others = {name for name in MECHANISMS if way_of(name) not in WAYS}
    assert {name.partition(".")[0] for name in others} == {"portal", "platform", "server"}
    assert way_of("tcp.freeze") == "rate"


@pytest.mark.parametrize(
    ("mechanisms", "way", "told"),
    [
        (("dns.nxdomain",), "dns", True),
        (("dns.nxdomain",), "tls", None),
        (("tls.reset.sni",), "dns", False),
        (("tls.reset.sni",), "address", False),
        (("tls.reset.sni",), "http", None),
        (("tls.reset.sni",), "quic", None),
        (("quic.timeout.sni",), "dns", None),
        (("dns.nxdomain", "tls.reset.sni"), "tls", True),
        (("ip.timeout",), "address", True),
        (("tls.reset",), ANY, True),
    ],
)
def test_what_an_attempt_says_of_a_way(mechanisms, way, told):
    """It failed in the way, passed it on its way to a later failure, or says nothing of it."""
    assert fails(Point(at=0, record="r", failing=True, mechanisms=mechanisms), way) is told
    assert fails(Point(at=0, record="r", failing=False), way) is False


def test_a_stream_of_one_way_has_what_tells_of_it():
    """Asked about handshakes, attempts that ended with the lookup are not in the stream."""
    (stream,) = streams(course(".dx"))
    assert [point.failing for point in stream.way("tls").points] == [False, True]
    assert stream.ways() == ("dns", "tls")


def test_sites_that_are_blocked_by_what_stands_above_them_are_left_out():
    """Portals and captchas are of the network or the site; a slowed site fails."""
    left = Left()
    (stream,) = streams(course("prs."), left)
    assert [point.failing for point in stream.points] == [True, False]
    assert left.counts == {"decides nothing of the network": 2}
