"""From a scenario to boxes."""

from ipaddress import ip_address

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.lab import packet as p
from hushmap.lab.addresses import other_address
from hushmap.lab.building import build_boxes, build_path
from hushmap.lab.censors.catalogue import CATALOGUE
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.scenario import PathSettings, load_scenario
from hushmap.lab.scenario_path import Router
from hushmap.lab.truth import TruthLog, read_truth
from hushmap.wire import dns

DEMO = load_scenario("demo")
C, S = ip_address("198.18.0.2").packed, ip_address("203.0.113.10").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed


@pytest.fixture
def log(tmp_path):
    """A truth log of the test's own."""
    made = TruthLog(tmp_path / "truth.jsonl")
    yield made
    made.close()


def test_neighbours_of_one_manner_are_one_box(log):
    """The demo has a tap and two places in the path, and the site's own refusal at the last hop."""
    boxes = build_boxes(DEMO.censor, DEMO.path.hops, log)
    assert sorted(box.at for box in boxes) == [3, 4, 8]
    assert len(build_boxes(DEMO.uncensored().censor, 8, log)) == 1


def test_equal_seeds_lose_the_same_packets(log):
    """Two paths of one seed agree on every packet; another seed does not."""

    def lost(seed):
        path = build_path(DEMO, seed, log)
        query = p.udp((C, 1), (S, 53), dns.query("fine.example", "A", 1))
        return [not path.receive(query, slot / 100, outward=True) for slot in range(2000)]

    assert lost(1) == lost(1)
    assert lost(1) != lost(2)
    assert 0 < sum(lost(1)) < 400


def test_the_path_is_as_its_settings_say(log):
    """Rates in kbit, waits in milliseconds, an odd router; an uneven line loses the same packets as an even one."""
    settings = PathSettings(
        delay_ms=10.0, up_kbit_s=8.0, jitter_ms=30.0, loss=0.2, router=(Router(hop=2, other_address=True),)
    )
    even = msgspec.structs.replace(settings, up_kbit_s=0.0, jitter_ms=0.0)
    query = p.udp((C, 1), (S, 53), bytes(72), ttl=2)

    def lost(path):
        return [not path.receive(query, float(second), outward=True) for second in range(200)]

    uneven, plain = (
        build_path(msgspec.structs.replace(DEMO, path=each, outage=()), 1, log) for each in (settings, even)
    )
    assert lost(uneven) == lost(plain)
    passed = (second + 0.0 for second in range(1000, 1100) if not uneven._out.loses(second + 0.0))
    (held,) = uneven.receive(query, now := next(passed), outward=True)
    assert 0.1 <= held.at - now <= 0.13, "100 bytes at 1,000 a second, and up to 30 ms"
    (answer,) = uneven.goes_on(held)
    assert ip_address(p.parse(answer.raw).source) == ip_address(other_address(2)[0])
    assert 0.005 <= uneven.goes_on(answer)[0].at - held.at <= 0.035


@pytest.mark.parametrize(("client", "server", "to"), [(C, S, "203.0.113.10:53"), (C6, S6, "[2001:db8:2::20]:53")])
def test_an_act_is_logged_with_its_place(log, tmp_path, client, server, to):
    """The truth names rule, mechanism, name, and where the packet went."""
    path = build_path(DEMO.quiet(), 1, log)
    path.receive(p.udp((client, 1), (server, 53), dns.query("injected-one.example", "A", 1)), 0.0, outward=True)
    (event,) = read_truth(tmp_path / "truth.jsonl")
    assert (event.by, event.kind, event.what, event.to) == ("path", "dns-injection", "injected-one.example", to)


def test_a_geoblock_is_logged_as_the_servers_act(log, tmp_path):
    """The score must not count a site's own refusal as the network's."""
    path = build_path(DEMO.quiet(), 1, log)
    server = ip_address("198.51.100.36").packed
    assert path.receive(p.tcp((C, 1), (server, 443), seq=1, ack=0, flags=p.SYN), 0.0, outward=True) == []
    (event,) = read_truth(tmp_path / "truth.jsonl")
    assert (event.by, event.mechanism) == ("server", "server.geoblock")


def test_a_scenarios_seed_decides_what_is_missed(log):
    """Chance of a censor is the run's seed: equal seeds miss the same flows, another misses others."""
    censor = Censor(kind="port-reset", ports=(443,), misses=0.5)

    def passed(seed):
        (box,) = build_boxes((censor,), 8, log, seed)
        syns = [p.tcp((C, port), (S, 443), seq=1, ack=0, flags=p.SYN) for port in range(1, 200)]
        return [box.see(syn, 0.0, outward=True).forward for syn in syns]

    assert passed(1) == passed(1)
    assert passed(1) != passed(2)
    assert 60 < sum(passed(1)) < 140


LISTED = {
    "names": ("a.example",),
    "words": ("kw",),
    "addresses": ("203.0.113.10",),
    "ports": (443,),
    "location": "http://notice.example/",
    "to": ("198.51.100.53", "2001:db8::53"),
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A path with every kind of the catalogue, as taps and in the path, with and without reassembly of fragments."""
    made = TruthLog(tmp_path_factory.mktemp("truth") / "truth.jsonl")
    censors = []
    for number, (kind, entry) in enumerate(CATALOGUE.items()):
        if entry.rule is not None:
            needed = {group[0]: LISTED[group[0]] for group in entry.needs}
            place = {"at": number % 8, "on_path": not entry.in_path, "fragments": number % 2 == 0}
            censors.append(msgspec.convert({"kind": kind, **place, **needed}, Censor))
    yield build_path(msgspec.structs.replace(DEMO.quiet(), censor=tuple(censors)), 1, made)
    made.close()


def shapes():
    """Whole packets of every sort, to be damaged."""
    hello = bytes.fromhex("1603010040010000 3c0303") + bytes(60)
    query = dns.query("a.example", "A", 1)
    for near, far in ((C, S), (C6, S6)):
        for port, said in ((443, hello), (80, b"GET /kw HTTP/1.1\r\nHost: a.example\r\n\r\n"), (53, query)):
            yield p.tcp((near, 4000), (far, port), seq=1, ack=1, flags=p.PSH | p.ACK, payload=said)
            yield p.udp((near, 4000), (far, port), said)
        yield p.tcp((near, 4000), (far, 443), seq=0, ack=0, flags=p.SYN, options=bytes((2, 4, 5, 180)))
        yield p.ip(near, far, p.ICMP if len(near) == 4 else p.ICMP6, bytes(16))
        for header in (0, 43, 44, 51, 60):
            yield p.ip(near, far, header, bytes((p.TCP, 0, 0, 1)) + bytes(40))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(list(shapes())),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6),
    st.integers(0, 160),
    st.booleans(),
)
def test_no_packet_is_a_fault_of_any_censor(everything, raw, damage, size, outward):
    """A fault ends the lab, so whatever a client or a server sends must be none: damaged, cut, and of any sort."""
    damaged = bytearray(raw)
    for at, byte in damage:
        damaged[at % len(damaged)] = byte
    waiting = everything.receive(bytes(damaged[:size]), 1.0, outward=outward)
    while waiting:
        due = waiting.pop()
        if due.step != -1:
            waiting += everything.goes_on(due)
        else:
            assert p.ttl_of(due.raw) > 0
