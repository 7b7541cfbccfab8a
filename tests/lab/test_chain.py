"""The lab's virtual hops against eight kernel routers: the same probes have the same ends, as packets show it."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import strangers
from hushmap.lab import packet as p
from hushmap.lab.addresses import hop
from hushmap.lab.scenario import parse_scenario

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
REFUSED = 6
SERVERS = {4: "198.51.100.20", 6: "2001:db8:2::20"}
SCENARIO = parse_scenario(
    f"""
    name = "x"
    [path]
    hops = 8
    delay_ms = 5.0
    [[site]]
    name = "plain.example"
    addresses = {json.dumps(list(SERVERS.values()))}
    http = "page"
    """
)
UNREACHABLE, EXCEEDED = {4: (3, 3), 6: (1, 4)}, {4: (11, 0), 6: (3, 0)}
"""ICMP's types and codes (RFC 792, RFC 4443)."""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """What both ends of the chain of kernel routers saw of each probe."""
    file = tmp_path_factory.mktemp("chain") / "kernel.pcapng"
    file.touch()
    command = [sys.executable, str(HERE / "chain.py"), str(file)]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode == REFUSED and os.environ.get("HUSHMAP_LAB") != "required":
        pytest.skip(f"no kernel routers here: {done.stderr}")
    assert done.returncode == 0, done.stderr
    return told(file, json.loads(done.stdout))


@pytest.fixture(scope="module")
def virtual(lab_of, tmp_path_factory):
    """The same of the lab's own path."""
    file = tmp_path_factory.mktemp("chain") / "virtual.pcapng"
    with lab_of(SCENARIO, pcap=file) as lab:
        client = lab.client([sys.executable, str(HERE / "prober.py")], stdout=subprocess.PIPE, text=True)
        out, _ = client.communicate(timeout=30)
        assert client.returncode == 0
    return told(file, json.loads(out))


def told(file, ports):
    """Of each probe (protocol, family, TTL, size): what came back to the client, and its TTL at the server.

    What is said of a fragment without ports is kept as (family, who says it).
    """
    came, arrived, later = {}, {}, Counter()
    for end, _, raw, _ in strangers.capture(file):
        read = strangers.quietly("scapy.layers.inet6" if raw[0] >> 4 == 6 else "scapy.layers.inet")
        packet = read.IPv6(raw) if raw[0] >> 4 == 6 else read.IP(raw)
        if packet.version == 6 and packet.nh == 58 and packet.payload.type >= 128:
            continue  # neighbours getting to know each other
        home = packet.dst == ("198.18.0.2" if packet.version == 4 else "2001:db8::2")
        if end == "client" and home:
            port, said = answer(packet, raw)
            if port is None:
                later[packet.version, packet.src] += 1
            else:
                came.setdefault((port, packet.version), said)
        elif end == "internet" and not home:
            start, offset = ports_in(raw)
            if not offset:
                port = int.from_bytes(raw[start : start + 2], "big")
                arrived.setdefault((port, packet.version), p.ttl_of(raw))
    return later, {
        (protocol, family, ttl, size): (came.get((port, family)), arrived.get((port, family)))
        for protocol, family, ttl, size, port in ports
    }


def answer(packet, raw):
    """(the port that it is about, who says what): source, kind, TTL, and of a quote its length and TTL."""
    inner = packet.payload
    if inner.name == "TCP":
        return inner.dport, (packet.src, str(inner.flags), p.ttl_of(raw), 0, 0)
    quote = raw[(20 if packet.version == 4 else 40) + 8 :]
    start, offset = ports_in(quote)
    port = None if offset else int.from_bytes(quote[start : start + 2], "big")
    return port, (packet.src, (inner.type, inner.code), p.ttl_of(raw), len(quote), p.ttl_of(quote))


def ports_in(raw):
    """Where the ports stand, and which fragment it is."""
    if raw[0] >> 4 == 4:
        return 20, int.from_bytes(raw[6:8], "big") & 0x1FFF
    return (48, int.from_bytes(raw[42:44], "big") & 0xFFF8) if raw[6] == 44 else (40, 0)


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize(("protocol", "size"), [("udp", 40), ("udp", 1300), ("udp", 3000), ("tcp", 0)])
def test_virtual_hops_are_as_kernel_routers_are(kernel, virtual, protocol, size, family):
    """For every TTL: who answers, with what, at which TTL, quoting how much, of which TTL; and what the server sees."""
    for ttl in range(1, 10):
        assert virtual[1][protocol, family, ttl, size] == kernel[1][protocol, family, ttl, size], ttl


def test_of_later_fragments_as_much_is_said(kernel, virtual):
    """Nothing by IPv4 (RFC 1122 3.2.2), and by IPv6 what kernels say."""
    assert virtual[0] == kernel[0]


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize(("protocol", "size"), [("udp", 40), ("udp", 1300), ("udp", 3000), ("tcp", 0)])
def test_eight_kernel_routers_are_what_they_should_be(kernel, protocol, size, family):
    """The measure itself: hops 1 to 8 answer in their order, the ninth is the server, which sees what is left."""
    for ttl in range(1, 9):
        (source, kind, left, length, quoted), at_server = kernel[1][protocol, family, ttl, size]
        assert source == hop(ttl)[family == 6]
        assert (kind, left, quoted) == (EXCEEDED[family], 64 - (ttl - 1), 1)
        assert length >= (60 if protocol == "udp" else 40)
        assert at_server is None
    (source, kind, left, _, _), at_server = kernel[1][protocol, family, 9, size]
    assert (source, left, at_server) == (SERVERS[family], 56, 1)
    assert kind == (UNREACHABLE[family] if protocol == "udp" else "SA")
