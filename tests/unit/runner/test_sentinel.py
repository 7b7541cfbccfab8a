"""The sentinel's rounds, told trial by trial."""

import base64

import msgspec
import pytest

from hushmap.model import Answer, Connect, Failure, Fetch, Handshake, Layer, Page, Resolve, Role, Side, trial_of
from hushmap.runner.sentinel import CHANGED, GIVE_UP_SECONDS, REACHED, UNREACHED, UNTRIED, Sentinel, Watched
from unit.runner.fakes import BASELINES

PLAIN = Watched(names=BASELINES, resolver="system")
FULL = Watched(
    names=BASELINES,
    resolver="system",
    echo="http://203.0.113.10:8080/sentinel/abc",
    echo_address="203.0.113.10",
    helper=True,
)

ECHOED = base64.b64encode(b"GET /sentinel/abc HTTP/1.1").decode()


def _trial(attempt, t, *, up=True, untrusted=False, body=ECHOED, status=200, watch=REACHED):
    """What came of one attempt of a round."""
    if attempt.side is Side.HELPER:
        return trial_of(attempt, undone=watch, t0=t, t=t)
    address = attempt.ask.address or "192.0.2.7"
    if attempt.ask.layer is Layer.DNS:
        answers = (Answer(t=t, rcode=0, addresses=(address,)),) if up else ()
        failure = None if up else Failure.TIMEOUT
        common = {"resolver": "system", "name": attempt.ask.name, "qtype": "A"}
        return trial_of(attempt, (Resolve(t0=t, t=t, answers=answers, failure=failure, **common),), t0=t, t=t)
    connect = Connect(t0=t, t=t, address=address, port=443, failure=None if up else Failure.TIMEOUT)
    if not up:
        return trial_of(attempt, (connect,), t0=t, t=t)
    if attempt.ask.layer is Layer.HTTP:
        page = Page(status=status, body=body)
        return trial_of(attempt, (connect, Fetch(t0=t, t=t, url=attempt.ask.url, page=page)), t0=t, t=t)
    failure = Failure.UNKNOWN_AUTHORITY if untrusted else None
    handshake = Handshake(t0=t, t=t, address=address, port=443, spoke=True, valid=not untrusted, failure=failure)
    return trial_of(attempt, (connect, handshake), t0=t, t=t)


def _round(sentinel, t, **more):
    """One whole round; the trials that were told."""
    told, waiting = [], list(sentinel.begin())
    while waiting:
        trial = _trial(waiting.pop(0), t, **more)
        told.append(trial)
        waiting += sentinel.tell(trial)
    assert not sentinel.busy
    return told


def test_a_round_asks_two_names_the_echo_and_the_helper():
    """Lookups, then a handshake at what they found, the echo with its word, and the helper's watch."""
    sentinel = Sentinel(FULL)
    told = _round(sentinel, 1.0)
    kinds = [(trial.ask.layer, trial.side) for trial in told]
    assert kinds.count((Layer.DNS, Side.HERE)) == 2
    assert kinds.count((Layer.TLS, Side.HERE)) == 2
    assert (Layer.HTTP, Side.HERE) in kinds
    assert (Layer.DNS, Side.HELPER) in kinds
    assert {trial.role for trial in told} == {Role.SENTINEL}
    assert len({trial.id for trial in told}) == len(told) == 6
    assert sentinel.rounds[-1].good
    assert set(sentinel.found) == set(BASELINES)
    assert [watch.reached for watch in sentinel.watches] == [True]


def test_rounds_come_every_minute():
    """The next round is due sixty seconds after the last, divided by the scale."""
    for scale in (1.0, 5.0):
        sentinel = Sentinel(msgspec.structs.replace(PLAIN, scale=scale))
        assert sentinel.due() == 0.0
        _round(sentinel, 10.0)
        assert sentinel.due() == 10.0 + 60.0 / scale


def test_a_lost_network_is_asked_again_at_growing_pauses():
    """While nothing answers, pauses double up to half a minute; after ten minutes the sentinel gives up."""
    sentinel = Sentinel(PLAIN)
    _round(sentinel, 0.0)
    now, pauses = 60.0, []
    while not sentinel.given_up():
        _round(sentinel, now, up=False)
        pauses.append(sentinel.due() - now)
        now = sentinel.due()
    assert pauses[:6] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert sentinel.lost_since == 60.0
    assert sentinel.rounds[-1].t - 60.0 >= GIVE_UP_SECONDS
    _round(sentinel, now)
    assert sentinel.lost_since is None
    assert sentinel.last_good is sentinel.rounds[-1]


def test_without_a_resolver_the_known_addresses_are_still_tried():
    """A round whose lookups fail goes to the addresses of earlier rounds, and is not good."""
    sentinel = Sentinel(PLAIN)
    _round(sentinel, 0.0)
    waiting = list(sentinel.begin())
    follow = [attempt for attempt in waiting for attempt in sentinel.tell(_trial(attempt, 60.0, up=False))]
    assert [attempt.ask.layer for attempt in follow] == [Layer.TLS, Layer.TLS]
    for attempt in follow:
        sentinel.tell(_trial(attempt, 60.0))
    assert not sentinel.rounds[-1].good


def test_a_resolver_that_is_down_is_no_lost_network():
    """Where another resolver answers for the harmless names and their servers react, the connection is in order."""
    for up, good in ((True, True), (False, False)):
        sentinel = Sentinel(msgspec.structs.replace(PLAIN, other="udp://203.0.113.53:53"))
        told, waiting = [], list(sentinel.begin())
        while waiting:
            attempt = waiting.pop(0)
            trial = _trial(attempt, 1.0, up=up and attempt.ask.resolver != "system")
            told.append(trial)
            waiting += sentinel.tell(trial)
        assert [t.ask.resolver for t in told if t.ask.layer is Layer.DNS] == ["system"] * 2 + [
            "udp://203.0.113.53:53"
        ] * 2
        assert not sentinel.busy
        assert sentinel.rounds[-1].good is good
        assert set(sentinel.found) == (set(BASELINES) if good else set())


@pytest.mark.parametrize("change", [{"body": "please sign in"}, {"body": "Z29vZA=="}, {"status": 302}])
def test_an_altered_echo_is_a_portal(change):
    """An echo with another text or status is a portal, which is no network."""
    sentinel = Sentinel(FULL)
    _round(sentinel, 0.0, **change)
    assert sentinel.rounds[-1].portal
    assert not sentinel.rounds[-1].good


def test_an_echo_that_does_not_come_is_no_portal():
    """A failed echo is the helper's trouble."""
    sentinel = Sentinel(FULL)
    waiting = list(sentinel.begin())
    while waiting:
        attempt = waiting.pop(0)
        waiting += sentinel.tell(_trial(attempt, 0.0, up=attempt.ask.layer is not Layer.HTTP))
    assert sentinel.rounds[-1].good


def test_certificates_that_never_hold_are_interception():
    """When every harmless name's certificate fails, the line is intercepted, yet up."""
    sentinel = Sentinel(PLAIN)
    _round(sentinel, 0.0, untrusted=True)
    assert sentinel.rounds[-1].intercepted
    assert sentinel.rounds[-1].good


@pytest.mark.parametrize("detail", ["verify 9", "verify 10"])
def test_dates_that_never_hold_are_a_wrong_clock(detail):
    """Certificates that fail by their date alone tell of this computer's clock, which the helper will correct."""
    sentinel = Sentinel(PLAIN)
    waiting = list(sentinel.begin())
    while waiting:
        trial = _trial(waiting.pop(0), 0.0)
        if trial.handshake is not None:
            dated = msgspec.structs.replace(trial.steps[-1], failure=Failure.INVALID_CERTIFICATE, detail=detail)
            trial = msgspec.structs.replace(trial, steps=(*trial.steps[:-1], dated))
        waiting += sentinel.tell(trial)
    assert sentinel.rounds[-1].good
    assert not sentinel.rounds[-1].intercepted


def test_the_helpers_word_is_kept():
    """A watch says reached or not; a helper that has not tried yet says nothing."""
    sentinel = Sentinel(FULL)
    for watch in (REACHED, UNREACHED, UNTRIED):
        _round(sentinel, 0.0, watch=watch)
    assert [watch.reached for watch in sentinel.watches] == [True, False]


def test_a_changed_network_is_one_mark():
    """The mark of a change completes its round at once; nothing good about it."""
    sentinel = Sentinel(PLAIN)
    (mark,) = sentinel.begin(changed=True)
    sentinel.tell(trial_of(mark, undone=CHANGED, t0=5.0, t=5.0))
    assert sentinel.rounds[-1].changed
    assert not sentinel.rounds[-1].good


def test_replayed_trials_rebuild_the_rounds():
    """Another sentinel that is told the same trials stands where the first one did, and reuses no id."""
    first, second = Sentinel(FULL), Sentinel(FULL)
    told = [*_round(first, 0.0), *_round(first, 60.0, up=False), *_round(first, 61.0)]
    for trial in told:
        second.tell(trial)
    assert second.rounds == first.rounds
    assert second.due() == first.due()
    fresh = second.begin()
    assert not {attempt.id for attempt in fresh} & {trial.id for trial in told}
    assert fresh[0].round > told[-1].round


def test_a_round_that_was_cut_short_is_forgotten():
    """What a killed process left half done is no round."""
    sentinel = Sentinel(PLAIN)
    sentinel.tell(_trial(sentinel.begin()[0], 0.0))
    assert sentinel.busy
    sentinel.abandon()
    assert not sentinel.busy
    assert sentinel.rounds == []


def test_a_burst_of_failures_makes_a_round_at_once():
    """Five failures in a row at three targets call for a look; one success between them does not."""
    sentinel = Sentinel(PLAIN)
    _round(sentinel, 0.0)
    subject = Sentinel(PLAIN).begin()[0]

    def failed(identity, up=False):
        attempt = msgspec.structs.replace(subject, id=identity, role=Role.SUBJECT)
        return _trial(attempt, 20.0, up=up)

    for number in range(4):
        sentinel.notice(failed((number + 1) * 10_000))
    assert sentinel.due() == 60.0
    sentinel.notice(failed(50_000, up=True))
    for number in range(5):
        sentinel.notice(failed((number % 2 + 1) * 10_000))
    assert sentinel.due() == 60.0, "two targets only"
    sentinel.notice(failed(90_000))
    assert sentinel.due() == 10.0
    sentinel.notice(msgspec.structs.replace(failed(10_000), undone="no_ipv6"))
    sentinel.begin()
    assert sentinel.due() == 60.0


def test_ids_never_reach_the_targets():
    """A run of days has more sentinel trials than ids below ten thousand: they go on below zero."""
    sentinel = Sentinel(PLAIN)
    trial = msgspec.structs.replace(_trial(sentinel.begin()[0], 0.0), id=9_998)
    sentinel.tell(trial)
    sentinel.abandon()
    assert all(attempt.id < 10_000 for attempt in sentinel.begin())
    sentinel.tell(msgspec.structs.replace(trial, id=-40))
    assert sentinel.begin()[0].id < -40
