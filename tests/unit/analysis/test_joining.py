"""Incidents of several hosts and networks."""

from hushmap.analysis import changes, together
from unit.analysis.courses import at, course

QUIET = "." * 60
SERVICES = {"web.chat.example": "chat", "api.chat.test": "chat"}


def incidents(*frames, **how):
    """The incidents of several courses."""
    for number, frame in enumerate(frames):
        frame["record"] += f" {number}"
    return changes(together(frames), **how).incidents


def test_hosts_of_a_service_are_one_incident():
    """Two hosts of one service that fail at one time are one incident, which names them and adds their attempts."""
    (one,) = incidents(
        course(QUIET + "x" * 30, domain="web.chat.example"),
        course(QUIET + "." * 2 + "d" * 28, domain="api.chat.test"),
        services=SERVICES,
    )
    assert (one.service, one.hosts, one.hosts_working) == ("chat", ("api.chat.test", "web.chat.example"), ())
    assert (one.failing, one.onset_first_failing) == (58, at(60))
    assert one.mechanisms == ("tls.reset.sni", "dns.nxdomain")
    assert not one.partial


def test_a_host_that_works_meanwhile_makes_a_service_partial():
    """Where one of two hosts of a service works on, the incident says so."""
    (one,) = incidents(
        course(QUIET + "x" * 30, domain="web.chat.example"),
        course(QUIET + "." * 30, domain="api.chat.test"),
        services=SERVICES,
    )
    assert (one.service, one.hosts, one.hosts_working) == ("chat", ("web.chat.example",), ("api.chat.test",))
    assert one.partial


def test_a_host_and_those_under_it_are_one():
    """Names under a measured host belong to it; names that only end alike do not."""
    (one, other) = incidents(
        course(QUIET + "x" * 30),
        course(QUIET + "x" * 30, domain="m.news.example"),
        course(QUIET + "x" * 30, domain="othernews.example"),
    )
    assert {one.hosts, other.hosts} == {("m.news.example", "news.example"), ("othernews.example",)}


def test_hosts_that_fail_at_other_times_stay_apart():
    """Two hosts of one service whose incidents do not overlap are two."""
    found = incidents(
        course(QUIET + "x" * 30 + QUIET + "." * 60, domain="web.chat.example"),
        course(QUIET + "." * 90 + "x" * 30, domain="api.chat.test"),
        services=SERVICES,
    )
    assert [one.hosts for one in found] == [("web.chat.example",), ("api.chat.test",)]
    assert [one.service for one in found] == ["chat", "chat"]


def test_a_service_is_lifted_with_its_last_host():
    """As long as one host fails the service's incident goes on; then it is lifted with the last."""
    web = course(QUIET + "x" * 30 + QUIET, domain="web.chat.example")
    (open_,) = incidents(web.copy(), course(QUIET + "x" * 90, domain="api.chat.test"), services=SERVICES)
    assert open_.lifting is None
    later = course(QUIET + "x" * 40 + QUIET, domain="api.chat.test")
    (lifted,) = incidents(web.copy(), later, services=SERVICES)
    assert (lifted.lifting_last_failing, lifted.lifting_first_working) == (at(99), at(100))
    assert lifted.last_failing == at(99)


def test_networks_stay_apart_and_share_an_event():
    """One host on three networks: three incidents, and the two whose onsets may be one share an event."""
    found = incidents(
        course(QUIET + "x" * 60),
        course(QUIET + ".." + "x" * 60, asn=64502, network="Net-B"),
        course(QUIET + "." * 30 + "x" * 60, asn=64503, network="Net-C"),
    )
    assert [one.key.asn for one in found] == [64501, 64502, 64503]
    assert found[0].event == found[1].event != found[2].event


def test_what_was_always_failing_is_no_event_with_others():
    """An onset that nobody saw may have been at any time: it shares no event."""
    found = incidents(course("x" * 90), course(QUIET + "x" * 30, asn=64502))
    assert len({one.event for one in found}) == 2


def test_words_are_joined_with_nothing():
    """Two words that are cut off at one time are two incidents, and so is one word in two places."""
    found = incidents(
        course(QUIET + "x" * 30, experiment="keyword", domain=None, target="one", place="sni"),
        course(QUIET + "x" * 30, experiment="keyword", domain=None, target="one", place="host"),
        course(QUIET + "x" * 30, experiment="keyword", domain=None, target="two", place="sni"),
    )
    assert [(one.key.target, one.service) for one in found] == [("one", ""), ("one", ""), ("two", "")] or len(
        found
    ) == 3
    assert len({one.id for one in found}) == 3
