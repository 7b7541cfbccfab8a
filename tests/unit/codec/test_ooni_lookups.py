"""OONI's queries as lookups."""

import base64

import msgspec
import pytest

import foreign
from foreign import ADDRESS, NAME, SECOND, SIX, query
from hushmap.codec.ooni_lookups import trials
from hushmap.codec.ooni_loose import QueryRow
from hushmap.codec.ooni_numbers import FIRST, Numbers
from hushmap.model import Answer, Ask, Failure, Layer, Resolve, Trial

UDP = {"engine": "udp", "resolver_address": "192.0.2.53:53", "transaction_id": 20001}


def read(*queries, late=None):
    """The trials of queries."""
    rows = msgspec.convert(list(queries), list[QueryRow])
    return trials(rows, None if late is None else msgspec.convert(late, list[QueryRow]), Numbers())


def step(*queries, **more):
    """The only step of the only trial."""
    ((found,),) = (trial.steps for trial in read(*queries, **more))
    return found


def test_a_lookup_of_the_system():
    """Two queries without a transaction are one lookup of both types."""
    found = read(query(ADDRESS, engine="system", t=0.02), query(SIX, kind="AAAA", engine="system", t=0.03))
    both = {"resolver": "system", "name": NAME}
    assert found == [
        Trial(
            id=FIRST,
            ask=Ask(layer=Layer.DNS, name=NAME, qtype="A+AAAA", resolver="system"),
            steps=(
                Resolve(t0=0.02, t=0.02, qtype="A", answers=(Answer(t=0.02, addresses=(ADDRESS,)),), **both),
                Resolve(t0=0.03, t=0.03, qtype="AAAA", answers=(Answer(t=0.03, addresses=(SIX,)),), **both),
            ),
            t0=0.02,
            t=0.03,
        )
    ]


def test_getaddrinfo_asks_for_any():
    """Its type stays as OONI wrote it, and its answer holds both families and the canonical name."""
    found = read(query("edge.example.net.", SIX, ADDRESS, kind="ANY", engine="getaddrinfo", transaction_id=10001))
    assert (found[0].id, found[0].ask.qtype, found[0].changed) == (10001, "ANY", None)
    assert found[0].steps[0].answers[0].addresses == (SIX, ADDRESS)
    assert found[0].steps[0].answers[0].cnames == ("edge.example.net",)


def test_another_resolver_changes_the_resolver():
    """Each resolver has a lookup of its own, with OONI's transaction id."""
    found = read(
        query(ADDRESS, t0=0.01, t=0.05, **UDP),
        query(SIX, kind="AAAA", t0=0.02, t=0.04, **UDP),
        query(ADDRESS, engine="doh", resolver_address="https://dns.example/dns-query", transaction_id=30001),
    )
    assert [(trial.id, trial.ask.resolver, trial.changed, trial.t0, trial.t) for trial in found] == [
        (20001, "udp://192.0.2.53:53", "resolver", 0.01, 0.05),
        (30001, "https://dns.example/dns-query", "resolver", 0.0, 0.0),
    ]


@pytest.mark.parametrize(
    ("fields", "resolver"),
    [
        ({}, "system"),
        ({"engine": "unknown", "resolver_address": ""}, "system"),
        ({"engine": "golang_net_resolver"}, "system"),
        ({"engine": "tcp", "resolver_address": "192.0.2.53:53"}, "tcp://192.0.2.53:53"),
        ({"engine": "dot", "resolver_address": "[2001:db8::53]:853"}, "dot://[2001:db8::53]:853"),
        ({"resolver_address": "192.0.2.53:53"}, "udp://192.0.2.53:53"),
        ({"resolver_hostname": "192.0.2.53", "resolver_port": "57004"}, "udp://192.0.2.53:57004"),
        ({"resolver_hostname": "2001:db8::53", "resolver_port": None}, "udp://[2001:db8::53]:53"),
    ],
)
def test_resolvers(fields, resolver):
    """Each engine's resolver as an ask names it."""
    assert step(query(ADDRESS, **fields)).resolver == resolver


def test_names_are_compared_as_they_go_on_the_wire():
    """Another case, a final dot or another script make no other name, and a name is no alias of itself."""
    found = step(query(ADDRESS, "NEWS.example.org.", "www.Example.net", hostname="News.Example.Org."))
    assert (found.name, found.answers[0].cnames) == (NAME, ("www.example.net",))
    assert step(query(ADDRESS, hostname="пример.испытание")).name == "xn--e1afmkfd.xn--80akhbyknj4f"


def test_what_stands_where_an_address_should():
    """Old resolvers and scrubbers leave other text, which is kept as a name; a row without any is passed over."""
    rows = [
        {"answer_type": "A", "ipv4": "[scrubbed]"},
        {"answer_type": "AAAA", "ipv6": None},
        {"answer_type": "CNAME"},
        {"answer_type": "NS", "hostname": "ns.example"},
        {},
    ]
    found = step(query() | {"answers": rows})
    assert found.answers[0].cnames == ("[scrubbed]",)
    assert found.failure is found.answers[0].failure is Failure.NO_ANSWER


@pytest.mark.parametrize(
    ("failure", "answers"),
    [
        ("dns_nxdomain_error", 1),
        ("dns_refused_error", 1),
        ("dns_servfail_error", 1),
        ("dns_no_answer", 1),
        ("dns_server_misbehaving", 1),
        ("generic_timeout_error", 0),
        ("dns_temporary_failure", 0),
        ("unknown_failure: x", 0),
    ],
)
def test_a_failure_is_a_reply_or_the_lack_of_one(failure, answers):
    """What a resolver said is an answer with a failure; a time-out is none."""
    found = step(query(failure=failure) | {"answers": None})
    assert len(found.answers) == answers
    assert found.failure is (found.answers[0].failure if answers else found.failure)
    assert (found.detail is None) == (found.failure is not Failure.UNKNOWN)


def test_success_without_an_address_is_no_answer():
    """Old probes call an empty answer a success."""
    found = step(query())
    assert found.failure is found.answers[0].failure is Failure.NO_ANSWER


def test_a_failure_with_addresses_keeps_them():
    """A bogus answer that the probe refused is still an answer."""
    found = step(query("10.0.0.1", failure="dns_bogon_error"))
    assert (found.failure, found.detail, found.addresses) == (Failure.UNKNOWN, "dns_bogon_error", ("10.0.0.1",))


@pytest.mark.parametrize(
    ("ttls", "least"),
    [
        ([60, 30], 30),
        (["299", None], 299),
        ([0], 0),
        ([None], None),
        (["x", "-1", "9" * 11], None),
        ([1.5, -1], 1),
        ([2**32], None),
    ],
)
def test_times_to_live(ttls, least):
    """The least of those that are numbers, or their text."""
    rows = [foreign.answer(ADDRESS, ttl=ttl) for ttl in ttls]
    assert step(query(**UDP) | {"answers": rows}).answers[0].record_ttl == least


def test_the_system_resolver_tells_no_ttl():
    """The 0 that old probes wrote is not one."""
    assert step(query(engine="system") | {"answers": [foreign.answer(ADDRESS, ttl=0)]}).answers[0].record_ttl is None


@pytest.mark.parametrize(
    ("raw", "rcode", "flags", "told"),
    [
        (base64.b64encode(b"\x12\x34\x81\x83" + bytes(8)).decode(), None, 0x8183, 3),
        (foreign.binary(b"\x12\x34\x81\x80" + bytes(8)), 2, 0x8180, 2),
        ("", None, None, None),
        ("EjQ=", None, None, None),
        ("!", 5, None, 5),
        ("é", None, None, None),
    ],
)
def test_flags_and_rcode(raw, rcode, flags, told):
    """They come from the reply's first bytes; OONI's own rcode goes before."""
    found = step(query(ADDRESS, raw_response=raw, rcode=rcode, **UDP)).answers[0]
    assert (found.flags, found.rcode) == (flags, told)


def test_late_replies_stand_beside_the_first():
    """A duplicate of the same transaction and type is a further answer with its own time."""
    late = [query(SECOND, t=0.3, **UDP), query(failure="dns_nxdomain_error", t=0.4, **UDP)]
    found = read(query(ADDRESS, t=0.1, **UDP), query(SIX, kind="AAAA", t=0.1, **UDP), late=late)
    assert [len(one.answers) for one in found[0].steps] == [3, 1]
    assert [(one.t, one.addresses, one.failure) for one in found[0].steps[0].answers] == [
        (0.1, (ADDRESS,), None),
        (0.3, (SECOND,), None),
        (0.4, (), Failure.NXDOMAIN),
    ]


def test_late_replies_without_a_first_one():
    """They are a lookup of their own: a reply came."""
    found = read(query(ADDRESS, engine="system"), late=[query(SECOND, **UDP), query(SIX, kind="AAAA", **UDP)])
    assert [(trial.id, trial.ask.resolver, trial.ask.qtype) for trial in found] == [
        (FIRST, "system", "A"),
        (20001, "udp://192.0.2.53:53", "A+AAAA"),
    ]
    assert read(late=[query(SECOND, **UDP)])[0].steps[0].addresses == (SECOND,)
