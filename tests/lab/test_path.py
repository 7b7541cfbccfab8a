"""The path by real packets: hops, delay, loss, outages."""

import statistics
import subprocess
import sys
import time

import msgspec
import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.packet import QuicProtocolVersion

from hushmap.lab import LabError, Wish, load_scenario, score_labs
from hushmap.lab.addresses import hop, other_address
from hushmap.lab.scenario import Censor, Outage, PathSettings
from hushmap.lab.scenario_path import Router
from hushmap.wire import dns

DEMO = load_scenario("demo").quiet()
HONEST, HONEST6 = "203.0.113.53", "2001:db8:53::53"


def test_hops_and_the_censor_between_them_are_seen(lab_of, ask):
    """Eight routers answer on both families; for a censored name the false answer begins behind hop 3."""
    with lab_of(DEMO) as lab:
        four, six, censored = ask(
            lab,
            ["hops", HONEST, "news-one.example", 9],
            ["hops", HONEST6, "news-one.example", 9],
            ["hops", HONEST, "injected-one.example", 5],
        )
    assert four == [f"198.18.1.{number}" for number in range(1, 9)] + [["198.51.100.20"]]
    assert six == [f"2001:db8:1::{number}" for number in range(1, 9)] + [["198.51.100.20"]]
    assert censored == ["198.18.1.1", "198.18.1.2", "198.18.1.3", ["203.0.113.66"], ["203.0.113.66"]]


def test_a_round_trip_takes_twice_the_delay(lab_of, ask):
    """25 ms one way: a connection stands after 50 ms; a forged refusal is nearer than a true one."""
    with lab_of(DEMO) as lab:
        connected, refused, forged = ask(
            lab, ["tcp", "198.51.100.20", 443], ["tcp", "198.51.100.27", 443], ["tcp", "198.51.100.41", 443]
        )
    assert connected[0] == "ok"
    assert 50 <= connected[1] < 100
    assert 50 <= refused[1] < 100
    assert forged[1] < 50


def test_the_share_lost_is_as_asked_and_in_bursts(lab_of, ask):
    """5 % each way in spells of 8 slots: over thousands of datagrams, one a slot, 9.75 % of the answers miss."""
    path = PathSettings(loss=0.05, burst=8.0, slots_per_s=500.0, delay_ms=5.0)
    with lab_of(msgspec.structs.replace(DEMO, path=path), seed=11) as lab:
        ((lost, longest, sent),) = ask(lab, ["share", HONEST, 8.0, 0.002])
    assert sent > 3500
    assert 0.05 < lost < 0.16
    assert longest >= 8


def test_equal_seeds_lose_alike_and_none_loses_nothing(lab_of, ask):
    """Without loss every datagram is answered."""
    with lab_of(DEMO) as lab:
        ((lost, longest, _),) = ask(lab, ["share", HONEST, 1.0, 0.002])
    assert (lost, longest) == (0, 0)


def test_an_outage_takes_everything_for_its_time(lab_of, ask):
    """From 0.5 to 1.0 s after the client's first packet nothing is answered, before and after all."""
    scenario = msgspec.structs.replace(DEMO, outage=(Outage(start=0.5, to=1.0),))
    with lab_of(scenario) as lab:
        ((lost, longest, sent),) = ask(lab, ["share", HONEST, 1.6, 0.01])
    missing = lost * sent * 0.01
    assert missing == pytest.approx(0.5, abs=0.12), "what leaves in the outage, and what was on its way back"
    assert longest == pytest.approx(lost * sent, abs=1), "in one piece"


def on(settings):
    """The demo's network without its troubles, on this line."""
    return msgspec.structs.replace(DEMO, path=settings)


def test_routers_may_be_silent_limited_or_answer_from_elsewhere(lab_of, ask):
    """The third never answers, the fourth has another address, the fifth has one answer to give and no more."""
    odd = (
        Router(hop=3, silent=True),
        Router(hop=4, other_address=True),
        Router(hop=5, icmp_per_s=0.0, icmp_burst=1.0),
    )
    with lab_of(on(PathSettings(delay_ms=5.0, router=odd))) as lab:
        (first,) = ask(lab, ["hops", HONEST, "news-one.example", 6])
        again, six = ask(lab, ["hops", HONEST, "news-one.example", 6], ["hops", HONEST6, "news-one.example", 4])
    assert first == [hop(1)[0], hop(2)[0], "timeout", other_address(4)[0], hop(5)[0], hop(6)[0]]
    assert again == [*first[:4], "timeout", hop(6)[0]]
    assert six == [hop(1)[1], hop(2)[1], "timeout", other_address(4)[1]]


def test_jitter_makes_round_trips_uneven(lab_of, ask):
    """Up to 30 ms in each direction beside 2 x 10: spread wide, and 30 more in the mean."""
    with lab_of(on(PathSettings(delay_ms=10.0, jitter_ms=30.0))) as lab:
        (times,) = ask(lab, ["rtts", HONEST, 2.0, 0.05])
    assert None not in times
    assert min(times) >= 20
    assert max(times) - min(times) > 15
    assert 35 < statistics.median(times) < 75, "20, twice 15 in the mean, and what the asker itself takes"


def test_a_slow_line_carries_no_more_than_its_rate_and_bloats(lab_of, ask):
    """64 kB at 800 kbit/s take 0.65 s, and what is asked meanwhile waits behind them; before and after it does not."""
    site = msgspec.structs.replace(next(each for each in DEMO.site if each.name == "news-one.example"))
    site = msgspec.structs.replace(site, http="page", page="long")
    slow = on(PathSettings(delay_ms=10.0, down_kbit_s=800.0, up_kbit_s=800.0))
    slow = msgspec.structs.replace(slow, site=(*(each for each in DEMO.site if each.name != site.name), site))
    with lab_of(slow) as lab:
        (quiet,) = ask(lab, ["rtts", HONEST, 0.5, 0.05])
        (size, took), busy = ask(lab, ["fetched", site.name, "198.51.100.20"], ["rtts", HONEST, 0.6, 0.05])
    assert statistics.median(quiet) < 60
    assert size > 60_000
    assert size * 8 / 800_000 * 0.8 < took < size * 8 / 800_000 * 2
    assert max(time for time in busy if time is not None) > 150


@pytest.mark.parametrize("address", [HONEST, HONEST6])
def test_fragments_pass_boxes_that_do_not_put_them_together(lab_of, ask, address):
    """Every censor of the demo is loaded; a datagram in three fragments arrives whole, and its port refuses it."""
    with lab_of(DEMO) as lab:
        (said,) = ask(lab, ["sent", address, 4000, "00" * 4000])
    assert said == "ConnectionRefusedError"


def test_a_censor_that_puts_fragments_together_finds_what_others_do_not(lab_of, ask):
    """A query of 3,000 bytes on two ports: one censor looks at whole datagrams, the other at what passes."""
    watch = Censor(kind="dns-drop", names=("named-one.example",), ports=(4000,), fragments=True)
    blind = msgspec.structs.replace(watch, ports=(4001,), fragments=False)
    named, fine = (
        (dns.query(name, "A", 1) + bytes(3000)).hex() for name in ("named-one.example", "news-one.example")
    )
    with lab_of(msgspec.structs.replace(DEMO, censor=(watch, blind))) as lab:
        seen = ask(lab, ["sent", HONEST, 4000, named], ["sent", HONEST, 4000, fine], ["sent", HONEST, 4001, named])
        truth = [event.what for event in lab.truth()]
    assert seen == ["timeout", "ConnectionRefusedError", "ConnectionRefusedError"]
    assert truth == ["named-one.example"]


def test_extension_headers_hide_nothing(lab_of, ask):
    """Behind destination options (RFC 8200 4.6) a query is found and answered falsely as without them."""
    with lab_of(DEMO) as lab:
        plain, behind, fine = ask(
            lab,
            ["dns", "injected-two.example", HONEST6, "AAAA"],
            ["dns", "injected-two.example", HONEST6, "AAAA", 0.3, "0000010400000000"],
            ["dns", "wiki-two.example", HONEST6, "AAAA", 0.3, "0000010400000000"],
        )
    assert (
        [said for said, _, _ in behind] == [said for said, _, _ in plain] == [["2001:db8:66::1"], ["2001:db8:2::51"]]
    )
    assert [said for said, _, _ in fine] == [["2001:db8:2::21"]]


def initial(name, version):
    """The first datagram of a QUIC client that is none of ours, in hexadecimal."""
    settings = QuicConfiguration(server_name=name, alpn_protocols=["h3"], original_version=version)
    client = QuicConnection(configuration=settings)
    client.connect(("198.51.100.20", 443), now=0.0)
    return client.datagrams_to_send(now=0.0)[0][0].hex()


def test_a_name_in_quic_is_found_in_both_versions(lab_of, ask):
    """Version 1 and version 2 (RFC 9369): silence for the name, and for another the refusal of a closed port."""
    censor = Censor(kind="quic-sni-drop", names=("named-one.example",))
    versions = (QuicProtocolVersion.VERSION_1, QuicProtocolVersion.VERSION_2)
    names = ("named-one.example", "news-one.example")
    with lab_of(msgspec.structs.replace(DEMO, censor=(censor,))) as lab:
        seen = ask(lab, *(["sent", "198.51.100.20", 443, initial(name, of)] for of in versions for name in names))
        truth = [(event.mechanism, event.what) for event in lab.truth()]
    assert seen == ["timeout", "ConnectionRefusedError"] * 2
    assert truth == [("quic.timeout.sni", "named-one.example")] * 2


BROKEN = """
from hushmap.lab.censors.tls import SniReset


def inspect(self, packet, flow, now):
    raise ZeroDivisionError("a broken rule")


SniReset.inspect = inspect
"""
"""Python runs a module of this name at its start, in every process of the lab."""
TINY = """
name = "broken"
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
[[censor]]
kind = "sni-reset"
names = ["named-one.example"]
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11"]
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12"]
[[site]]
name = "news-one.example"
addresses = ["198.51.100.20"]
[[expect]]
target = "https://news-one.example/"
outcomes = ["ok"]
"""


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A scenario with a censor whose rule raises in labs that are started now."""
    (tmp_path / "sitecustomize.py").write_text(BROKEN, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    file = tmp_path / "broken.toml"
    file.write_text(TINY, "utf-8")
    return file


def knock(lab):
    """Open a connection to a site in a lab, and wait for what becomes of the two."""
    words = "import socket; socket.create_connection(('198.51.100.11', 80), 30)"
    knocking = lab.client([sys.executable, "-c", words], stderr=subprocess.DEVNULL)
    assert knocking.wait(10) != 0, "it is killed with the lab, and does not see a time-out"
    until = time.monotonic() + 5
    while lab.running and time.monotonic() < until:
        time.sleep(0.02)
    assert not lab.running


def test_a_fault_in_a_censor_stops_the_lab_by_name(lab_of, broken):
    """Its first packet ends the whole lab; whoever holds it is told which rule broke, and where it stands."""
    running = lab_of(load_scenario(str(broken)))
    knock(running.__enter__())
    with pytest.raises(LabError) as caught:
        running.__exit__(None, None, None)
    assert "ZeroDivisionError: a broken rule" in str(caught.value)
    assert "in the censor sni-reset, 3 hops from the client" in str(caught.value)


def test_a_fault_in_a_censor_is_no_result_of_the_score(lab_of, broken):
    """The cell is an error that names the rule; none of its targets is counted."""
    with lab_of(DEMO):  # skips where the system refuses
        score = score_labs(Wish(scenarios=(str(broken),)), jobs=1)
    (result,) = score.results
    assert result.rows == ()
    assert "in the censor sni-reset" in result.error
    assert not score.passed
