"""One line an attempt: what was asked, where, and what came of it."""

import pytest

from hushmap.model import Ask, Context, Failure, Fetch, Layer, Page, Side, Void
from hushmap.report.attempts import attempted
from hushmap.report.words import Words
from unit.report.sample import greeted, lookup, opened, trial

EN = Words("en")
DARK = "udp://203.0.113.10:53"


def line(made, **context):
    """A trial as the table shows it."""
    return attempted(made, Context(**context), EN)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA", resolver="udp://192.0.2.53:53"),
            "a.example A+AAAA at 192.0.2.53:53",
        ),
        (Ask(layer=Layer.DNS, name="a.example", resolver="system"), "a.example A at this computer's DNS server"),
        (Ask(layer=Layer.DNS, name="a.example", resolver=DARK), "a.example A at 203.0.113.10:53 (no DNS service)"),
        (Ask(layer=Layer.DNS, name="a.example"), "a.example A"),
        (Ask(layer=Layer.TCP, address="2001:db8::1", port=443), "[2001:db8::1]:443"),
        (Ask(layer=Layer.TLS, address="192.0.2.1", port=443, sni="a.example"), "a.example at 192.0.2.1:443"),
        (Ask(layer=Layer.TLS, address="192.0.2.1"), "no name at 192.0.2.1"),
        (
            Ask(layer=Layer.HTTP, address="192.0.2.1", port=80, url="http://a.example/", host="b.example"),
            "http://a.example/ (Host: b.example) at 192.0.2.1:80",
        ),
        (Ask(layer=Layer.RAW), ""),
        (Ask(layer=Layer.RAW, address="192.0.2.1", port=80, payload=b"kw moon"), "kw moon at 192.0.2.1:80"),
        (Ask(layer=Layer.RAW, address="192.0.2.1", port=80, payload=b"\xff\x00"), "192.0.2.1:80"),
    ],
)
def test_what_was_asked_and_where(ask, said):
    """The name that was sent and the address or DNS server that it was sent to, so that a pair can be checked."""
    assert line(trial(1, ask=ask), dark=DARK).asked == said


def test_a_helpers_system_dns_server_is_another():
    """`system` is said of the place where it was asked."""
    ask = Ask(layer=Layer.DNS, name="a.example", resolver="system")
    assert line(trial(1, ask=ask, side=Side.HELPER)).asked == "a.example A at the DNS server there"


def test_a_lookup_carries_a_cross_only_if_it_gave_no_address():
    """An empty AAAA beside an A is no failure, and the addresses that came are what is shown."""
    found = lookup(0.0, "a.example", (0.1, ("192.0.2.1",)))
    empty = lookup(0.0, "a.example", (0.1, ()), failure=Failure.NO_ANSWER)
    both = line(trial(1, found, empty, layer=Layer.DNS))
    assert (both.sign, both.failed, both.lookup) == ("✓", False, "192.0.2.1")
    none = line(trial(1, empty, empty, layer=Layer.DNS))
    assert (none.sign, none.failed, none.lookup) == ("✕", True, "no address")


def test_silence_is_as_it_should_be_where_no_dns_service_is():
    """There an answer carries the cross."""
    silent = line(trial(1, lookup(0.0, "a", resolver=DARK, failure=Failure.TIMEOUT), layer=Layer.DNS), dark=DARK)
    assert (silent.sign, silent.failed, silent.lookup) == ("○", False, "silence, as it should be")
    told = line(trial(1, lookup(0.0, "a", (0.1, ("192.0.2.1",)), resolver=DARK), layer=Layer.DNS), dark=DARK)
    assert (told.sign, told.failed, told.lookup) == ("✕", True, "192.0.2.1")


def test_void_and_undone_attempts_say_so():
    """Neither counts, each for its own reason; what was not carried out carries no sign."""
    cut = trial(1, opened(0.0), greeted(0.1, "a.example", Failure.RESET))
    assert line(cut, voids=(Void(trial=1, reason="residual"),)).note == "not counted: an earlier hit was still felt"
    undone = line(trial(2, undone="no_ipv6", ask=Ask(layer=Layer.DNS, name="a", resolver=DARK)), dark=DARK)
    assert (undone.note, undone.sign, undone.lookup) == ("not carried out: no IPv6 here", "", "")


def test_a_page_load_that_failed_late_keeps_what_came():
    """Status and failure stand side by side."""
    half = Fetch(t0=0.1, t=0.2, url="http://a.example/", page=Page(status=200, body_length=5), failure=Failure.EOF)
    assert line(trial(1, opened(0.0), half, layer=Layer.HTTP)).page == "closed early; status 200, 5 bytes"
