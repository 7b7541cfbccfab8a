"""The client's own access: a NAT with few ports, IPv6 that leads nowhere, a helper out of reach."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.addresses import CLIENT, HELPER
from hushmap.lab.gateway import gateway_boxes
from hushmap.lab.scenario import parse_scenario
from hushmap.lab.truth import TruthLog, read_truth

ME, SITE = ip_address(CLIENT).packed, ip_address("198.51.100.1").packed
ME6, SITE6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::1").packed


@pytest.fixture
def box(tmp_path):
    """A way to make the one box of a scenario; its log is in the folder."""
    logs = []

    def made(text):
        logs.append(TruthLog(tmp_path / "truth.jsonl"))
        (one,) = gateway_boxes(parse_scenario('name = "x"\nscale = 1.0\n' + text), logs[0])
        return one

    yield made
    for log in logs:
        log.close()


def segment(port, flags=p.SYN, server=SITE, client=ME):
    """A segment of the client."""
    return p.tcp((client, port), (server, 443), seq=1, ack=0, flags=flags)


def test_an_untroubled_access_has_no_box(tmp_path):
    """Nothing is in the way of nobody's packets."""
    log = TruthLog(tmp_path / "truth.jsonl")
    assert gateway_boxes(parse_scenario('name = "x"'), log) == []
    log.close()


def test_a_nat_without_ports_drops_new_connections_only(box, tmp_path):
    """Those that have a port keep it; a reset or idleness gives it back; the log says it was the line."""
    nat = box("[client]\ncgnat_flows = 2\ncgnat_idle_s = 10.0\n")
    see = lambda raw, now: nat.see(raw, now, outward=True).forward  # noqa: E731 (one word for each row below)
    assert see(segment(1), 0.0)
    assert see(segment(2), 0.0)
    assert not see(segment(3), 1.0)
    assert see(segment(1, p.ACK), 1.0)
    assert see(segment(2, p.RST), 2.0)
    assert see(segment(3), 3.0), "the same port tried again, as a retransmission does"
    assert not see(segment(4), 4.0)
    assert see(segment(5), 20.0), "all were idle"
    events = read_truth(tmp_path / "truth.jsonl")
    assert {(event.by, event.kind) for event in events} == {("line", "cgnat")}


def test_datagrams_need_no_port_here(box):
    """Name lookups go on: only connections are counted."""
    nat = box("[client]\ncgnat_flows = 1\n")
    raw = p.udp((ME, 5), (SITE, 53), b"x")
    assert all(nat.see(raw, 0.0, outward=True).forward for _ in range(3))


def test_a_helper_may_be_out_of_reach_and_nobody_else(box):
    """Its packets are lost, a site's pass."""
    gate = box('[helper]\nstate = "blocked"\n')
    assert not gate.see(segment(1, server=ip_address(HELPER).packed), 0.0, outward=True).forward
    assert gate.see(segment(2), 0.0, outward=True).forward


def test_broken_ipv6_is_lost_and_ipv4_is_not(box):
    """Whatever is IPv6."""
    gate = box("[client]\nipv6_broken = true\n")
    assert not gate.see(segment(1, server=SITE6, client=ME6), 0.0, outward=True).forward
    assert gate.see(segment(2), 0.0, outward=True).forward
