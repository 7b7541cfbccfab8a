"""Lookups as OONI's queries, by example."""

import msgspec
import pytest

from hushmap.codec.ooni_queries import queries_of, resolve_from
from hushmap.model import Answer, Failure, Resolve

MARK = {"transaction_id": 70_001, "tags": ("depth=0",)}
FALSE = Answer(t=70.5, rcode=0, addresses=("198.51.100.66",), ttl=61, record_ttl=60)
TRUE = Answer(t=70.6, rcode=0, addresses=("198.51.100.7", "2001:db8::7"), cnames=("a.example",), record_ttl=300)


def lookup(*answers, resolver="udp://192.0.2.53:53", **more):
    """A lookup that began 70 seconds into the run."""
    fields = {"t0": 70.0, "t": 71.0, "resolver": resolver, "name": "news.example", "qtype": "A"}
    return Resolve(**fields | {"answers": answers} | more)


@pytest.mark.parametrize(
    ("resolver", "engine", "place"),
    [
        ("system", "getaddrinfo", ""),
        ("udp://192.0.2.53:53", "udp", "192.0.2.53:53"),
        ("tcp://[2001:db8::53]:53", "tcp", "[2001:db8::53]:53"),
        ("https://dns.example/dns-query", "doh", "https://dns.example/dns-query"),
        ("carrier pigeon", "unknown", "carrier pigeon"),
    ],
)
def test_who_was_asked(resolver, engine, place):
    """Engine and address as OONI has them lead back to the resolver, with nothing more to say."""
    asked, _ = queries_of(lookup(TRUE, t=70.6, resolver=resolver), MARK, 60.0)
    assert (asked.engine, asked.resolver_address) == (engine, place)
    assert asked.x_hushmap == {"answers": [{}]}
    assert resolve_from(asked, (), 60.0)["resolver"] == resolver


def test_the_first_answer_is_the_query_s():
    """Further answers are entries of their own, each with its arrival; times count from the measurement's start."""
    step = lookup(FALSE, TRUE, sent=2)
    asked, more = queries_of(step, MARK, 60.0)
    assert (asked.t0, asked.t, asked.rcode, asked.transaction_id) == (10.0, 10.5, 0, 70_001)
    assert [(one.answer_type, one.ipv4, one.ttl) for one in asked.answers] == [("A", "198.51.100.66", 60)]
    assert [one.t for one in more] == [70.6 - 60.0]
    assert [one.answer_type for one in more[0].answers] == ["A", "AAAA", "CNAME"]
    assert asked.x_hushmap == {"t": 71.0, "sent": 2, "answers": [{"ttl": 61}, {}]}
    assert msgspec.convert(resolve_from(asked, more, 60.0), Resolve) == step


@pytest.mark.parametrize("answers", [(), (Answer(t=70.2, rcode=3, failure=Failure.NXDOMAIN),)])
def test_no_answer_and_an_answer_without_addresses_differ(answers):
    """Silence is not a reply that says nothing."""
    step = lookup(*answers, failure=Failure.NXDOMAIN if answers else Failure.TIMEOUT)
    asked, more = queries_of(step, MARK, 0.0)
    assert (asked.failure, asked.answers, more) == (step.failure.value, (), [])
    assert msgspec.convert(resolve_from(asked, more, 0.0), Resolve) == step


@pytest.mark.parametrize("answers", [[{}, {}], {}, "x", [7], [{}]])
def test_other_answers_than_there_are_is_a_fault(answers):
    """What was tampered with is refused, not guessed."""
    asked, more = queries_of(lookup(FALSE, TRUE, TRUE), MARK, 0.0)
    tampered = msgspec.structs.replace(asked, x_hushmap={"answers": answers})
    with pytest.raises(ValueError, match="other answers than there are"):
        resolve_from(tampered, more, 0.0)
