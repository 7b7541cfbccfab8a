"""Tests of hushmap.detect.reactions."""

import msgspec
import pytest

from hushmap.detect.reactions import Reaction, reaction, went_wrong, wrong_steps
from hushmap.model import (
    LOCAL,
    Ask,
    Connect,
    Context,
    Exchange,
    Failure,
    Fingerprint,
    Knowledge,
    Layer,
    Page,
    Role,
    Transport,
    Trial,
)
from trials import DARK, ECHO, NOTHING, SITE, connected, loaded, looked, lookup, said, shaken

PASSED, HIT, SILENT = Reaction.PASSED, Reaction.HIT, Reaction.SILENT
NOTICE = Page(status=200, title="Blocked by law", body="x")
MARKS = Knowledge(fingerprints=(Fingerprint(id="law", where="title", pattern="Blocked by law"),))
PLAIN = "http://news.example/"


def stepless(layer):
    """A trial that ended before the step that its layer is about."""
    ask = Ask(layer=layer, address=SITE, port=443, url=PLAIN)
    return Trial(id=1, ask=ask, steps=(Connect(t0=0, t=1, address=SITE, port=443),))


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (connected(1), PASSED),
        (connected(1, Failure.TIMEOUT), HIT),
        (connected(1, Failure.REFUSED), HIT),
        (connected(1, Failure.HOST_UNREACHABLE), HIT),
        *((connected(1, failure), SILENT) for failure in sorted(LOCAL)),
        (connected(1, Failure.UNKNOWN), SILENT),
        (shaken(1), PASSED),
        (shaken(1, Failure.RESET), HIT),
        (shaken(1, Failure.TLS_ALERT), HIT),
        (shaken(1, Failure.TLS_FAILED), HIT),
        (shaken(1, Failure.INVALID_HOSTNAME), PASSED),
        (shaken(1, Failure.UNKNOWN), SILENT),
        (shaken(1, Failure.TLS_ALERT, spoke=True, role=Role.BASELINE), PASSED),
        (shaken(1, Failure.RESET, role=Role.BASELINE), HIT),
        (shaken(1, Failure.TLS_ALERT, spoke=True), HIT),
        (loaded(1, Failure.REFUSED, at="connect"), SILENT),
        (loaded(1), PASSED),
        (loaded(1, Failure.RESET, at="handshake"), HIT),
        (loaded(1, Failure.EOF), HIT),
        (loaded(1, Failure.HTTP_INVALID), SILENT),
        (loaded(1, NOTICE, url=PLAIN), HIT),
        (said(1), PASSED),
        (said(1, Failure.RESET), HIT),
        (said(1, Failure.UNKNOWN), SILENT),
        (stepless(Layer.TLS), SILENT),
        (stepless(Layer.HTTP), SILENT),
        (stepless(Layer.RAW), SILENT),
        (Trial(id=1, ask=Ask(layer=Layer.TCP, address=SITE)), SILENT),
        (connected(1, Failure.TIMEOUT, undone="budget"), SILENT),
    ],
)
def test_which_failure_speaks_of_what_was_changed(trial, expected):
    """A name cannot make the connection before it fail, and a certificate that does not hold shows a server."""
    assert reaction(trial, MARKS) is expected


def test_a_mark_that_was_in_the_request_is_an_echo():
    """An echo sends back the word, which may be a notice's own wording; percent signs do not hide it."""
    trial = loaded(1, NOTICE, url="http://news.example/Blocked%20by%20law")
    assert reaction(trial, MARKS) is PASSED


@pytest.mark.parametrize(("host", "expected"), [(None, PASSED), ("paper.example", HIT)])
def test_a_negative_fingerprint_is_about_the_host_that_was_named(host, expected):
    """By the Host header where there is one, else by the URL."""
    clears = Fingerprint(id="fp", where="title", pattern="Blocked by law", scope="fp", domains=("news.example",))
    known = Knowledge(fingerprints=(*MARKS.fingerprints, clears))
    trial = loaded(1, NOTICE, url="http://news.example:80/")
    trial = msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, host=host))
    assert reaction(trial, known) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("203.0.113.5",), PASSED),
        (("10.0.0.1", "203.0.113.5"), PASSED),
        (("10.0.0.1",), HIT),
        (Failure.NXDOMAIN, HIT),
        (Failure.TIMEOUT, HIT),
        (Failure.REFUSED, HIT),
        (Failure.NETWORK_DOWN, SILENT),
    ],
)
def test_a_lookup_passes_with_an_address_that_a_site_can_have(told, expected):
    """NXDOMAIN, silence and impossible addresses are hits; a failure of this computer is nothing."""
    assert reaction(lookup(1, told), NOTHING) is expected


def test_a_query_that_never_left_is_no_silence_of_the_networks():
    """A computer without a network must not make a dark address look as it should."""
    for trial in (
        looked(1, (), Failure.NETWORK_DOWN, resolver=DARK),
        msgspec.structs.replace(lookup(1, ()), steps=()),
    ):
        asked = msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, resolver=DARK))
        assert reaction(asked, NOTHING, Context(dark=DARK)) is SILENT


@pytest.mark.parametrize(("told", "expected"), [(Failure.TIMEOUT, PASSED), (Failure.NXDOMAIN, HIT), ((SITE,), HIT)])
def test_at_an_address_without_a_resolver_any_answer_is_a_hit(told, expected):
    """Silence is as it should be there; the same trial at a resolver says the contrary."""
    trial = lookup(1, told, resolver=DARK)
    assert reaction(trial, NOTHING, Context(dark=DARK)) is expected
    refused = looked(1, (), Failure.REFUSED, resolver=DARK)
    assert reaction(refused, NOTHING, Context(dark=DARK)) is PASSED
    asked = msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, resolver=None))
    assert reaction(asked, NOTHING) is not SILENT


def test_a_lookup_went_wrong_only_if_no_type_of_query_gave_an_address():
    """A site with IPv4 alone answers AAAA with nothing; a name that nobody knows gives nothing at all."""
    good, empty = lookup(1, (SITE,)), looked(2, (), Failure.NO_ANSWER)
    both = msgspec.structs.replace(good, steps=(*good.steps, *empty.steps))
    assert both.failed is not None
    assert not went_wrong(both, DARK)
    assert wrong_steps(empty, DARK) == empty.steps
    assert went_wrong(looked(3, (), Failure.NO_ANSWER, resolver=DARK), None)


@pytest.mark.parametrize(("told", "wrong"), [(Failure.TIMEOUT, False), (Failure.NXDOMAIN, True), ((SITE,), True)])
def test_at_a_dark_address_an_answer_is_what_is_wrong(told, wrong):
    """Silence is what an address without a resolver owes; a query that never left this computer is no silence."""
    assert went_wrong(lookup(1, told, resolver=DARK), DARK) is wrong
    assert went_wrong(looked(2, (), Failure.NETWORK_DOWN, resolver=DARK), DARK)


def test_any_other_step_went_wrong_if_it_failed():
    """The step that failed is the one that is named."""
    cut = shaken(1, Failure.RESET)
    assert wrong_steps(cut, DARK) == (cut.handshake,)
    assert not went_wrong(shaken(1), None)


QUIC_ENDS = [
    (None, True, PASSED, PASSED),
    (Failure.INVALID_HOSTNAME, True, PASSED, PASSED),
    (Failure.TIMEOUT, False, HIT, HIT),
    (Failure.TIMEOUT, True, HIT, HIT),
    (Failure.TLS_ALERT, True, SILENT, PASSED),
    (Failure.REFUSED, False, SILENT, SILENT),
    (Failure.QUIC_VERSION, False, SILENT, SILENT),
    (Failure.RESET, True, SILENT, PASSED),
    (Failure.NETWORK_DOWN, False, SILENT, SILENT),
]


@pytest.mark.parametrize(("failure", "spoke", "subject", "twin"), QUIC_ENDS)
def test_over_quic_only_silence_is_a_hit(failure, spoke, subject, twin):
    """To the Initial or after the handshake; whatever else ends it is somebody's answer, on which a twin passes."""
    trial = shaken(1, failure, spoke=spoke)
    ask = msgspec.structs.replace(trial.ask, transport=Transport.QUIC)
    trial = msgspec.structs.replace(trial, ask=ask, steps=trial.steps[1:])
    assert reaction(trial, NOTHING) is subject
    assert reaction(msgspec.structs.replace(trial, role=Role.BASELINE), NOTHING) is twin


def test_over_quic_no_handshake_says_nothing():
    """The address was not found, say."""
    ask = msgspec.structs.replace(shaken(1).ask, transport=Transport.QUIC)
    assert reaction(Trial(id=1, ask=ask), NOTHING) is SILENT


OURS = "203.0.113.10"
AT_OURS = Context(helper=OURS)
SAID = msgspec.structs.replace(ECHO, title="Blocked by law")


def at_ours(received, failure=None):
    """A word that our echo was to say on a bare connection, and what came of it."""
    ask = Ask(layer=Layer.RAW, address=OURS, port=7, payload=b"hushmap-echo say d29yZA==\r\n", dwell=4.0)
    step = Exchange(t0=0.0, t=1.0, address=OURS, port=7, failure=failure, received=received)
    return Trial(id=1, ask=ask, steps=(Connect(t0=0, t=1, address=OURS, port=7), step))


@pytest.mark.parametrize(
    ("trial", "expected"),
    [
        (at_ours(b"word\r\n"), PASSED),
        (at_ours(b"word"), HIT),
        (at_ours(b"blocked"), HIT),
        (at_ours(b"", Failure.RESET), HIT),
        (at_ours(b"word", Failure.RESET), HIT),
        (at_ours(b"", Failure.NETWORK_UNREACHABLE), SILENT),
        (stepless(Layer.RAW), SILENT),
        (loaded(1, SAID, OURS, PLAIN), PASSED),
        (loaded(1, NOTICE, OURS, PLAIN), HIT),
        (loaded(1, Failure.EOF, OURS, PLAIN), HIT),
    ],
)
def test_our_own_echo_must_be_the_one_who_answers(trial, expected):
    """Whole, on a bare connection; a mark in what it says is a word that it was told."""
    assert reaction(trial, MARKS, AT_OURS) is expected
