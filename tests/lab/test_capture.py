"""A lab's packets as a file: tshark finds nothing wrong with them, and they hold the truth."""

import os
import shutil
import struct
import subprocess
from collections import Counter

import pytest

import strangers
from hushmap.lab import packet as p
from hushmap.lab.scenario import parse_scenario

HONEST, HONEST6 = "203.0.113.53", "2001:db8:53::53"
SCENARIO = parse_scenario(
    """
    name = "x"
    [path]
    delay_ms = 5.0
    [[censor]]
    kind = "dns-injection"
    on_path = true
    names = ["injected.example"]
    addresses = ["203.0.113.66", "203.0.113.67", "2001:db8:66::1"]
    ttl = { from = 60, to = 250 }
    ident = { from = 1, to = 65535 }
    [[censor]]
    kind = "sni-reset"
    names = ["named.example"]
    ttl = { from = 60, to = 250 }
    [[censor]]
    kind = "block-page"
    names = ["noticed.example"]
    [[censor]]
    kind = "address-prohibited"
    addresses = ["198.51.100.21", "2001:db8:2::21"]
    [[censor]]
    kind = "tls-mitm"
    names = ["intercepted.example"]
    to = ["198.51.100.251"]
    [[site]]
    name = "box.example"
    addresses = ["198.51.100.251"]
    https = "interceptor"
    [[site]]
    name = "plain.example"
    addresses = ["198.51.100.20", "2001:db8:2::20"]
    http = "page"
    [[site]]
    name = "refused.example"
    addresses = ["198.51.100.21", "2001:db8:2::21"]
    """
)
CHECKS = [
    ["dns", "injected.example", HONEST],
    ["dns", "injected.example", HONEST6, "AAAA"],
    ["dns", "plain.example", HONEST],
    ["tls", "named.example", "198.51.100.20"],
    ["tls", "named.example", "2001:db8:2::20"],
    ["tls", "plain.example", "2001:db8:2::20"],
    ["tls", "intercepted.example", "198.51.100.20"],
    ["http", "noticed.example", "198.51.100.20"],
    ["http", "plain.example", "198.51.100.20"],
    ["tcp", "198.51.100.21", 443],
    ["tcp", "2001:db8:2::21", 443],
    ["hops", HONEST, "plain.example", 4],
    ["hops", HONEST6, "plain.example", 4],
]
BAD = " or ".join(
    ["_ws.malformed", *(f'{layer}.checksum.status == "Bad"' for layer in ("ip", "tcp", "udp", "icmp", "icmpv6"))]
)
CHECKED = [word for layer in ("ip", "tcp", "udp") for word in ("-o", f"{layer}.check_checksum:TRUE")]


@pytest.fixture(scope="session")
def tshark():
    """Asks tshark about a file; its lines."""
    program = shutil.which("tshark")
    if program is None and os.environ.get("HUSHMAP_LAB") == "required":
        pytest.fail("HUSHMAP_LAB=required, but tshark is not installed (Debian's package of that name)")
    if program is None:
        pytest.skip("tshark is not installed (Debian's package of that name)")

    def asked(file, *words):
        command = [program, "-n", "-r", str(file), *CHECKED, *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        complaints = [line for line in done.stderr.splitlines() if "as user" not in line]  # it dislikes root
        assert (done.returncode, complaints) == (0, [])
        return done.stdout.splitlines()

    return asked


@pytest.fixture(scope="module")
def captures(lab_of, ask, tmp_path_factory):
    """Two captures of one scenario and seed, with what the client saw and the truth log of each."""
    folder = tmp_path_factory.mktemp("captures")
    made = []
    for name in ("one", "two"):
        file = folder / f"{name}.pcapng"
        with lab_of(SCENARIO, seed=5, pcap=file) as lab:
            seen = ask(lab, *CHECKS)
            made.append((file, seen, lab.truth()))
    return made


def forged(file):
    """Of each packet that a censor made: at which end, what the comment says, protocol, TTL, identification.

    What a splice hands on is a kernel's packet, of its own numbers and as many as it likes.
    """
    return {
        (
            end,
            said,
            packet[0] >> 4,
            p.parse(packet).protocol,
            p.ttl_of(packet),
            packet[4:6] if packet[0] >> 4 == 4 else b"",
        )
        for end, _, packet, comments in strangers.capture(file)
        for said in comments
        if said != "tls-mitm"
    }


def one_end(file, end, to):
    """The same file without the packets of the other end: tshark takes those for retransmissions."""
    whole, at, kept = file.read_bytes(), 0, b""
    while at < len(whole):
        kind, size, interface = struct.unpack_from("=III", whole, at)
        kept += whole[at : at + size] if kind != 6 or interface == end else b""
        at += size
    to.write_bytes(kept)
    return to


def test_tshark_reads_every_packet(captures, tshark):
    """Without an error; as many as another reader finds, at both ends by their names."""
    file = captures[0][0]
    ends = tshark(file, "-T", "fields", "-e", "frame.interface_name")
    assert Counter(ends) == Counter(end for end, _, _, _ in strangers.capture(file))
    assert set(ends) == {"client", "internet"}


@pytest.mark.parametrize("end", [0, 1])
def test_tshark_finds_none_malformed(captures, tshark, tmp_path, end):
    """No malformed packet, no stream that cannot be put together, no wrong checksum; a changed byte it does find."""
    file = one_end(captures[0][0], end, tmp_path / "end.pcapng")
    assert tshark(file, "-Y", BAD) == []
    whole = file.read_bytes()
    at = whole.index(b"GET / HTTP/1.1\r\nHost: plain.example")
    file.write_bytes(whole[:at] + b"P" + whole[at + 1 :])
    assert len(tshark(file, "-Y", BAD)) == 1


def test_forged_packets_carry_the_truth_and_others_nothing(captures, tshark):
    """The comments tell every act of the log, and only what the log tells."""
    file, _, truth = captures[0]
    said = set(tshark(file, "-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"))
    acts = {f"{event.kind}: {event.mechanism} {event.what}" for event in truth}
    assert acts == said - {"tls-mitm"}, "a splice goes on without a further act"
    assert {act.split(":")[0] for act in acts} == {censor.kind for censor in SCENARIO.censor}


def test_the_same_seed_gives_the_same_acts(captures):
    """What the client saw, whom the network acted on, and the forged packets: from whom and of which look.

    A busy machine lets a kernel say something twice, and then the censor too: how often is not compared here.
    """
    (one, seen, truth), (two, seen_again, truth_again) = captures

    def acts(events):
        return {(event.kind, event.mechanism, event.what, event.to) for event in events}

    assert acts(truth) == acts(truth_again)
    assert forged(one) == forged(two)
    assert [_simple(each) for each in seen] == [_simple(each) for each in seen_again]


def _simple(seen):
    """Without milliseconds."""
    if isinstance(seen, list):
        return [_simple(each) for each in seen if not isinstance(each, int) or isinstance(each, bool)]
    return seen
