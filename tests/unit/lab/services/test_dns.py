"""The resolvers' zone: what they say to whom."""

import asyncio
import json
import socket
import struct

import pytest

from hushmap.lab.scenario import parse_scenario
from hushmap.lab.services import dns as service
from hushmap.lab.services.dns import Zone
from hushmap.lab.truth import TruthLog, read_truth
from hushmap.model import Failure
from hushmap.wire import dns

SCENARIO = parse_scenario(
    """
    name = "x"
    [[censor]]
    kind = "resolver-nxdomain"
    names = ["erased.example"]
    [[censor]]
    kind = "resolver-address"
    names = ["diverted.example"]
    addresses = ["198.51.100.90"]
    [[site]]
    name = "erased.example"
    addresses = ["198.51.100.1"]
    [[site]]
    name = "diverted.example"
    addresses = ["198.51.100.2"]
    [[site]]
    name = "near.example"
    addresses = ["198.51.100.3", "2001:db8:2::3"]
    isp_addresses = ["198.51.100.4"]
    [[site]]
    name = "gone.example"
    """
)
CLIENT, HELPER = "198.18.0.2", "203.0.113.10"


@pytest.fixture
def zone(tmp_path):
    """The zone with a log of its own."""
    log = TruthLog(tmp_path / "truth.jsonl")
    yield Zone(SCENARIO, log, frozenset({CLIENT}))
    log.close()


def said(zone, name, asker=CLIENT, *, isp=True, qtype="A"):
    """Failure or addresses of the answer."""
    answer = dns.parse(zone.answer(dns.query(name, qtype, 5), asker, isp=isp))[3]
    return answer.failure or answer.addresses


def test_the_provider_lies_to_its_customers_only(zone, tmp_path):
    """Client: no such name, or the notice's address. Helper, or the other resolver: the truth. Lies are logged."""
    assert said(zone, "erased.example") is Failure.NXDOMAIN
    assert said(zone, "www.erased.example") is Failure.NXDOMAIN
    assert said(zone, "diverted.example") == ("198.51.100.90",)
    assert said(zone, "erased.example", HELPER) == ("198.51.100.1",)
    assert said(zone, "erased.example", isp=False) == ("198.51.100.1",)
    assert said(zone, "diverted.example", isp=False) == ("198.51.100.2",)
    log = [(event.by, event.mechanism, event.what) for event in read_truth(tmp_path / "truth.jsonl")]
    assert log == [
        ("resolver", "dns.nxdomain", "erased.example"),
        ("resolver", "dns.nxdomain", "www.erased.example"),
        ("resolver", "dns.tamper.blockpage", "diverted.example"),
    ]


def test_a_nearby_server_is_no_lie(zone, tmp_path):
    """The provider's resolver names another server of the same site, and nothing is logged."""
    assert said(zone, "near.example") == ("198.51.100.4",)
    assert said(zone, "near.example", isp=False) == ("198.51.100.3",)
    assert said(zone, "near.example", isp=False, qtype="AAAA") == ("2001:db8:2::3",)
    assert read_truth(tmp_path / "truth.jsonl") == []


def test_a_name_without_addresses_does_not_exist(zone):
    """Nor does one that no site has; a type without a record is an empty answer."""
    assert said(zone, "gone.example") is Failure.NXDOMAIN
    assert said(zone, "unknown.example") is Failure.NXDOMAIN
    assert said(zone, "erased.example", isp=False, qtype="AAAA") is Failure.NO_ANSWER


def test_no_query_is_refused(zone):
    """Scraps raise ValueError, which the servers answer with silence."""
    with pytest.raises(ValueError, match="DNS"):
        zone.answer(b"scrap", CLIENT, isp=True)


def test_both_transports_answer_on_loopback(zone, monkeypatch):
    """By datagram and by TCP with its length before it; a scrap gets no answer and does not hurt."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(service, "PORT", port)
    query = dns.query("near.example", "A", 9)

    async def talk():
        servers = await service.serve_dns(zone, [("127.0.0.1", False)])
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.connect(("127.0.0.1", port))
            await loop.sock_sendall(client, b"scrap")
            await loop.sock_sendall(client, query)
            datagram = await asyncio.wait_for(loop.sock_recv(client, 2000), 5)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(struct.pack("!H", len(query)) + query)
        (size,) = struct.unpack("!H", await asyncio.wait_for(reader.readexactly(2), 5))
        stream = await reader.readexactly(size)
        writer.write(struct.pack("!H", 5) + b"scrap")
        rest = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        for server in servers:
            server.close()
        await asyncio.sleep(0)
        return datagram, stream, rest

    datagram, stream, rest = asyncio.run(talk())
    assert dns.parse(datagram)[3].addresses == ("198.51.100.3",)
    assert stream == datagram
    assert rest == b""


def made(text, tmp_path):
    """A zone of another scenario, and its log."""
    log = TruthLog(tmp_path / "other.jsonl")
    return Zone(parse_scenario('name = "x"\nbaselines = ["base.example"]\n' + text), log, frozenset({CLIENT})), log


def test_name_servers_may_tell_a_country_another_address(tmp_path):
    """Who asks from elsewhere is sent elsewhere, by every resolver; a country may be told that there is nothing."""
    text = (
        '[[site]]\nname = "cdn.example"\naddresses = ["198.51.100.1"]\nelsewhere_addresses = ["198.51.100.2"]\n'
        '[[site]]\nname = "geo.example"\nelsewhere_addresses = ["198.51.100.3"]\n'
    )
    zone, log = made(text, tmp_path)
    for isp in (True, False):
        assert said(zone, "cdn.example", isp=isp) == ("198.51.100.1",)
        assert said(zone, "cdn.example", HELPER, isp=isp) == ("198.51.100.2",)
        assert said(zone, "geo.example", isp=isp) is Failure.NXDOMAIN
        assert said(zone, "geo.example", HELPER, isp=isp) == ("198.51.100.3",)
    log.close()


SITE = '[[site]]\nname = "a.example"\naddresses = ["198.51.100.1"]\n[[site]]\nname = "base.example"\naddresses = ["198.51.100.9"]\n'


def test_a_resolver_may_fail_for_every_name(tmp_path):
    """SERVFAIL from the provider's, to everyone; the other one knows."""
    zone, log = made('[client]\nresolver = "servfail"\n' + SITE, tmp_path)
    assert said(zone, "a.example") is said(zone, "base.example") is Failure.SERVFAIL
    assert said(zone, "a.example", isp=False) == ("198.51.100.1",)
    log.close()


def test_a_helper_may_be_told_that_nothing_but_the_baselines_exists(tmp_path):
    """Its own network lies to it, and to nobody else."""
    zone, log = made('[helper]\nstate = "lies"\n' + SITE, tmp_path)
    assert said(zone, "a.example", HELPER, isp=False) is Failure.NXDOMAIN
    assert said(zone, "base.example", HELPER, isp=False) == ("198.51.100.9",)
    assert said(zone, "a.example", isp=False) == ("198.51.100.1",)
    log.close()


def test_dns64_adds_an_address_where_there_is_none(tmp_path):
    """The provider's resolver, under the well-known prefix (RFC 6052), and only without a true IPv6 address."""
    zone, log = made("[client]\nnat64 = true\n" + SITE, tmp_path)
    assert said(zone, "a.example", qtype="AAAA") == ("64:ff9b::c633:6401",)
    assert said(zone, "a.example") == ("198.51.100.1",)
    assert said(zone, "a.example", isp=False, qtype="AAAA") is Failure.NO_ANSWER
    assert service.synthesized(["198.51.100.1", "2001:db8::1"]) == ()
    log.close()


LIES = {
    "resolver-refused": (Failure.DNS_REFUSED, "dns.refused"),
    "resolver-servfail": (Failure.SERVFAIL, "dns.servfail"),
    "resolver-empty": (Failure.NO_ANSWER, "dns.empty"),
    "resolver-silent": (None, "dns.timeout"),
    "resolver-bogon": (("10.0.0.1",), "dns.tamper.bogon"),
    "resolver-other": (("198.51.100.9",), "dns.tamper.other"),
}


@pytest.mark.parametrize("kind", sorted(LIES))
def test_the_provider_knows_every_lie_of_a_resolver(kind, tmp_path):
    """Each is told to its customers only, for the listed name, and is logged by its own word."""
    seen, mechanism = LIES[kind]
    given = f"addresses = {json.dumps(seen)}\n" if isinstance(seen, tuple) else ""
    zone, log = made(f'[[censor]]\nkind = "{kind}"\nnames = ["a.example"]\n{given}{SITE}', tmp_path)
    if seen is None:
        assert zone.answer(dns.query("a.example", "A", 5), CLIENT, isp=True) is None
    else:
        assert said(zone, "a.example") == seen
    assert said(zone, "a.example", HELPER) == said(zone, "a.example", isp=False) == ("198.51.100.1",)
    assert said(zone, "base.example") == ("198.51.100.9",)
    log.close()
    assert [event.mechanism for event in read_truth(tmp_path / "other.jsonl")] == [mechanism]


def test_a_resolver_may_die_in_mid_run(tmp_path):
    """Its time counts from the first question to it; the other resolver goes on, and no lie is logged."""
    text = '[client]\nresolver = "silent"\nresolver_from_s = 5.0\n' + SITE
    log = TruthLog(tmp_path / "other.jsonl")
    clock = iter([100.0, 100.0, 104.0, 105.5]).__next__
    zone = Zone(parse_scenario('name = "x"\n' + text), log, frozenset({CLIENT}), clock)
    query = dns.query("a.example", "A", 5)
    assert said(zone, "a.example", isp=False) == ("198.51.100.1",)
    assert zone.answer(query, CLIENT, isp=True) is not None
    assert zone.answer(query, CLIENT, isp=True) is not None
    assert zone.answer(query, CLIENT, isp=True) is None
    assert said(zone, "a.example", isp=False) == ("198.51.100.1",)
    log.close()
