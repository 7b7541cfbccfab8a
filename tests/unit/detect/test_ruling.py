"""Tests of hushmap.detect.ruling."""

import msgspec
import pytest

from hushmap.detect.pairs import read_tests
from hushmap.detect.ruling import action, baseline_counts, extent_of, is_partial, mechanism
from hushmap.model import Failure, Fingerprint, Knowledge, Page, Role, Transport, mechanism_known
from trials import (
    CONTEXT,
    DARK,
    ECHO,
    HARMLESS,
    NAME,
    NOTHING,
    OURS,
    PAGE,
    SITE,
    connected,
    loaded,
    lookup,
    pairs,
    said,
    shaken,
)


@pytest.mark.parametrize(
    ("trial", "name"),
    [
        (lookup(1, (SITE,), resolver=DARK), "dns.injection"),
        (lookup(1, ("10.0.0.1",)), "dns.tamper.bogon"),
        (lookup(1, Failure.NXDOMAIN), "dns.nxdomain"),
        (lookup(1, Failure.REFUSED), "dns.refused"),
        (lookup(1, Failure.NO_ANSWER), "dns.empty"),
        (lookup(1, Failure.TIMEOUT), "dns.timeout"),
        (lookup(1, Failure.DNS_TEMPORARY), "dns.servfail"),
        (connected(1, Failure.TIMEOUT), "tcp.timeout"),
        (connected(1, Failure.RESET), "tcp.reset"),
        (connected(1, Failure.REFUSED), "tcp.refused"),
        (connected(1, Failure.HOST_UNREACHABLE), "ip.prohibited"),
        (connected(1, Failure.PERMISSION_DENIED), None),
        (shaken(1, Failure.RESET), "tls.reset"),
        (shaken(1, Failure.EOF), "tls.close"),
        (shaken(1, Failure.TLS_FAILED), "tls.alert"),
        (shaken(1, Failure.HOST_UNREACHABLE), None),
        (shaken(1, Failure.INVALID_HOSTNAME), None),
        (loaded(1, Failure.ABORTED), "http.reset"),
        (loaded(1, Failure.HTTP_INVALID), None),
        (loaded(1), "http.blockpage"),
        (said(1, Failure.TIMEOUT), "tcp.timeout"),
        (said(1, Failure.EOF), "tcp.reset"),
    ],
)
def test_how_a_trial_ended_has_a_name_of_method_2_or_none(trial, name):
    """What METHOD 2 has no word for is not given the nearest one."""
    assert action(trial, dark=DARK) == name
    assert name is None or mechanism_known(name)


@pytest.mark.parametrize(
    ("received", "name"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n", "http.forged"),
        (b"HTTP/1.0 302 Found\r\n", "http.redirect"),
        (b"HTTP/1.1 200 OK\r\n", "http.blockpage"),
        (b"xxxx", "http.rewritten"),
    ],
)
def test_what_comes_in_place_of_our_echos_answer_has_a_name(received, name):
    """Bytes on a bare connection, and a page of ours that was made another."""
    made = said(1)
    step = msgspec.structs.replace(made.steps[-1], received=received)
    assert action(msgspec.structs.replace(made, steps=(*made.steps[:-1], step))) == name
    assert action(loaded(1, ECHO, OURS)) == "http.rewritten"


def greeted(number, failure=None, **more):
    """A handshake over QUIC."""
    made = shaken(number, failure, **more)
    return msgspec.structs.replace(made, ask=msgspec.structs.replace(made.ask, transport=Transport.QUIC))


def test_silence_over_quic_has_its_trigger_in_its_name():
    """METHOD 2 knows no bare one; nothing else that ends a QUIC handshake has a name."""
    assert action(greeted(1, Failure.TIMEOUT)) == "quic.timeout.sni"
    assert action(greeted(1, Failure.RESET)) is None
    made = pairs(
        lambda number, **more: greeted(number, Failure.TIMEOUT, **more),
        lambda number, **more: greeted(number, sni=HARMLESS, **more),
        5,
        changed="sni",
    )
    (test,) = read_tests(made, CONTEXT, NOTHING)
    assert mechanism(test) == "quic.timeout.sni"


def cut(number, **more):
    """The subject's handshake, reset."""
    return shaken(number, Failure.RESET, **more)


def harmless(number, **more):
    """A baseline's handshake, which passes."""
    return shaken(number, sni=HARMLESS, **more)


def pairs_of(hits, passed=0, changed="sni", gap=20.0):
    """What so many pairs amount to."""
    made = pairs(cut, harmless, hits, changed=changed, gap=gap)
    made += pairs(shaken, harmless, passed, changed=changed, first=3000, gap=gap)
    (test,) = read_tests([trial for trial in made if not (trial.bystander and trial.id > 3000)], CONTEXT, NOTHING)
    return test


@pytest.mark.parametrize(
    ("changed", "isolated", "name"),
    [
        ("sni", True, "tls.reset.sni"),
        ("sni", False, "tls.reset"),
        ("host", True, "tls.reset"),
        ("path", True, "tls.reset"),
        ("name", True, "tls.reset"),
        ("address", True, "tls.reset"),
    ],
)
def test_the_trigger_is_named_once_isolated(changed, isolated, name):
    """Names in lookups and addresses are no trigger; nor is what METHOD 2 has for another layer."""
    assert mechanism(pairs_of(5, changed=changed), isolated=isolated) == name


def test_the_commonest_way_of_being_cut_names_the_mechanism():
    """Of three resets and two time-outs the resets; a notice has no trigger of its own."""

    def mixed(number, **more):
        return shaken(number, Failure.TIMEOUT if more["pair"] > 1003 else Failure.RESET, **more)

    (test,) = read_tests(pairs(mixed, harmless, 5, changed="sni"), CONTEXT, NOTHING)
    assert mechanism(test) == "tls.reset.sni"
    notice = Page(status=200, title="Blocked by law")
    marks = Knowledge(fingerprints=(Fingerprint(id="law", where="title", pattern="Blocked by law"),))

    def page(number, **more):
        subject = more.get("role") is None
        return loaded(number, notice if subject else PAGE, url=f"http://{NAME if subject else HARMLESS}/", **more)

    (test,) = read_tests(pairs(page, page, 5, changed="host"), CONTEXT, marks)
    assert mechanism(test) == "http.blockpage"


def test_the_extent_is_the_exact_interval_of_the_share_hit():
    """5 of 5 are all, 5 of 10 a part."""
    whole, part = extent_of(pairs_of(5)), extent_of(pairs_of(5, 5))
    assert (whole.low, whole.high, whole.partial) == (0.478, 1.0, False)
    assert (part.low, part.high, part.partial) == (0.187, 0.813, True)


@pytest.mark.parametrize(
    ("hits", "passed", "gap", "partial"),
    [(8, 10, 20.0, True), (3, 5, 20.0, False), (3, 4, 20.0, False), (8, 10, 1.0, False), (9, 0, 20.0, False)],
)
def test_a_share_is_partial_beyond_the_targets_own_budget_and_in_two_blocks(hits, passed, gap, partial):
    """Too few pairs, too weak an excess, one block or a decided test: no partial blocking."""
    assert is_partial(pairs_of(hits, passed, gap=gap), CONTEXT) is partial


def test_baselines_are_counted_where_the_subject_was_asked():
    """Those that open a pair, dropped ones too; the bystanders that close it asked another server."""
    fields = {"changed": "sni", "round": 1}
    made = pairs(cut, harmless, 1, changed="sni")
    made += [harmless(10, role=Role.BASELINE, pair=10, **fields), cut(11, pair=10, **fields)]
    made += [cut(12, role=Role.BASELINE, pair=10, bystander=True, **fields)]
    made += [harmless(20, role=Role.BASELINE, pair=20, **fields), shaken(21, Failure.UNKNOWN, pair=20, **fields)]
    (test,) = (test for test in read_tests(made, CONTEXT, NOTHING) if test.hits)
    assert baseline_counts(test) == (0, sum(pair.before is not None for pair in test.pairs))
