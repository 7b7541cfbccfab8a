"""Steps and trials in words: what was seen, never what it means."""

from hushmap.cli.step_text import cell, failure, milliseconds, sentence, server, trial_lines, who
from hushmap.model import (
    Answer,
    Certificate,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Hop,
    Layer,
    Page,
    Resolve,
    Role,
    Side,
    Transport,
)
from unit.cli.scene import changed
from unit.report.sample import fetched, greeted, lookup, opened, trial


def test_what_worked():
    """Each step that worked has its number."""
    found = lookup(0, "a.example", (0.02, ("203.0.113.7", "203.0.113.8")))
    assert cell(found) == "203.0.113.7 +1"
    assert cell(changed(found, answers=(Answer(t=0.1),))) == "no address"
    assert cell(opened(1)) == "18 ms"
    assert cell(greeted(1, "a.example")) == "done, 48 ms"
    assert cell(changed(greeted(1, "a.example"), valid=False)) == "done, 48 ms, not valid"
    assert cell(fetched(1, "https://a.example/")) == "200, 48,211 bytes"
    assert cell(Exchange(t0=0, t=1, address="203.0.113.7", port=7, received=b"abc")) == "3 bytes back"
    assert cell(Exchange(t0=0, t=1, address="203.0.113.7", port=7, protocol="stun")) == "an answer of stun"
    assert cell(None) == "-"


def test_what_failed():
    """Each failure says how and when; an alert has its number, a rare failure its own name."""
    assert cell(opened(1, failure=Failure.REFUSED)) == "refused at 18 ms"
    alert = Handshake(t0=0, t=0.05, address="203.0.113.7", port=443, failure=Failure.TLS_ALERT, alert=112)
    assert cell(alert) == "alert 112 at 50 ms"
    assert failure(opened(1, failure=Failure.UNKNOWN)) == "unknown_failure at 18 ms"
    assert failure(opened(1)) == ""
    assert milliseconds(opened(0, took=12.2)) == "12 s"
    bare = Fetch(t0=0, t=0.1, url="https://a.example/")
    assert cell(bare) == "100 ms"


def test_a_step_as_a_line():
    """Every kind of step is a line with what was asked and what came."""
    several = lookup(0, "a.example", (0.006, ("198.51.100.66",)), (0.034, ()), resolver="udp://192.0.2.53:53")
    certificate = Certificate(sha256="ab" * 32, subject="CN=a.example", issuer="CN=CA")
    shaken = Handshake(t0=0, t=0.05, address="203.0.113.7", port=443, chain=(certificate,))
    page = Fetch(t0=0, t=0.1, url="http://a.example/", host="b.example", page=Page(status=403, title="No"))
    lines = [sentence(step) for step in (several, opened(1), shaken, page)]
    assert lines == [
        "look up a.example A at udp://192.0.2.53:53: 198.51.100.66, 6 ms (2 answers: 198.51.100.66; no address)",
        "connect to 203.0.113.7 port 443: 18 ms",
        "TLS handshake naming nothing: done, 50 ms · certificate of CN=a.example by CN=CA",
        "GET http://a.example/ with Host b.example: 403, 0 bytes · title 'No'",
    ]
    assert sentence(Exchange(t0=0, t=1, address="203.0.113.7", port=7)).startswith("exchange with 203.0.113.7 port 7")
    assert isinstance(several, Resolve)
    near = Hop(t0=0, t=1, address="203.0.113.7", port=7, ttl=3, router="192.0.2.1", icmp=(11, 0))
    assert sentence(near) == "3 hops toward 203.0.113.7 port 7: router 192.0.2.1"
    far = Hop(t0=0, t=1, address="203.0.113.7", port=7, ttl=9, reached=True)
    assert sentence(far) == "9 hops toward 203.0.113.7 port 7: reached"


def test_who_asked():
    """Side, role and what was changed."""
    assert who(trial(1)) == "-"
    assert who(trial(1, side=Side.HELPER, role=Role.BASELINE)) == "elsewhere"
    assert who(trial(1, role=Role.BASELINE, changed="sni")) == "other sni"
    assert who(trial(1, role=Role.BASELINE, changed="sni", bystander=True)) == "another server"
    assert who(trial(1, role=Role.CANARY)) == "canary"


def test_an_attempt_with_all_its_steps():
    """Failed steps are marked; an attempt that does not count, or was not made, says why."""
    lines = list(trial_lines(trial(7, opened(1), greeted(1.1, "a.example", Failure.RESET), pair=2), void="residual"))
    assert lines == [
        "7      1.000 s  - · pair 2 · does not count: residual",
        "      connect to 203.0.113.7 port 443: 18 ms",
        "    x TLS handshake naming a.example: reset at 48 ms",
    ]
    assert next(iter(trial_lines(trial(8, undone="no_ipv6")))).endswith("not carried out: no_ipv6")


def test_an_attempt_is_marked_by_what_should_have_been():
    """An empty AAAA beside an A is no failure; where no DNS service runs, an answer is marked and silence is not."""
    found, empty = lookup(0, "a", (0.1, ("192.0.2.1",))), lookup(0, "a", (0.1, ()), failure=Failure.NO_ANSWER)
    assert [line[4] for line in trial_lines(trial(1, found, empty, layer=Layer.DNS))][1:] == [" ", " "]
    dark = "udp://203.0.113.10:53"
    silent = trial(2, lookup(0, "a", resolver=dark, failure=Failure.TIMEOUT), layer=Layer.DNS)
    told = trial(3, lookup(0, "a", (0.1, ("192.0.2.1",)), resolver=dark), layer=Layer.DNS)
    assert [[*trial_lines(one, dark=dark)][1][4] for one in (silent, told)] == [" ", "x"]
    assert next(trial_lines(silent, dark=dark)).endswith("no DNS service runs there")


def test_dns_servers_have_names():
    """The system's, an address without the usual port, or what stands there."""
    named = ["system", "udp://192.0.2.53:53", "udp://[2001:db8::53]:53", "tcp://192.0.2.53:5353", "odd"]
    assert [server(one) for one in named] == [
        "system DNS", "192.0.2.53", "[2001:db8::53]", "192.0.2.53:5353", "odd",
    ]  # fmt: skip


def test_a_handshake_in_datagrams_is_called_so():
    """QUIC has no connection step before it, so its own line says what it was."""
    step = Handshake(t0=0, t=0.05, address="203.0.113.7", port=443, transport=Transport.QUIC, sni="a.example")
    assert sentence(step).startswith("QUIC handshake naming a.example")
