"""Counting harmless attempts."""

import msgspec
import pytest

from hushmap.model import (
    Answer,
    Ask,
    Attempt,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Page,
    Record,
    Resolve,
    Role,
    Side,
    trial_of,
)
from hushmap.runner.tally import CALM, CANARY_HITS, FEW, LOSSY, WINDOW, Tally, cut_off, passed

CONNECT = Connect(t0=0.0, t=0.1, address="192.0.2.1", port=443)
REFUSED = msgspec.structs.replace(CONNECT, failure=Failure.REFUSED)
DARK = "udp://192.0.2.9:53"


def _hello(failure=None, *, spoke=False):
    return Handshake(t0=0.1, t=0.2, address="192.0.2.1", port=443, failure=failure, spoke=spoke)


def _fetch(failure=None, page=None):
    return Fetch(t0=0.1, t=0.2, url="http://a.example/", failure=failure, page=page)


def _lookup(*addresses):
    answers = (Answer(t=0.1, addresses=addresses),) if addresses else ()
    failure = None if addresses else Failure.TIMEOUT
    return Resolve(t0=0.0, t=0.1, resolver="system", name="a.example", qtype="A", answers=answers, failure=failure)


def _trial(layer, *steps, identity=10_000, role=Role.BASELINE, pair=1, resolver=None, address="192.0.2.1", **more):
    ask = Ask(layer=layer, resolver=resolver, address=None if layer is Layer.DNS else address)
    attempt = Attempt(id=identity, ask=ask, role=role, pair=pair, **more)
    return trial_of(attempt, steps)


@pytest.mark.parametrize(
    ("layer", "steps", "expected"),
    [
        (Layer.DNS, (_lookup("192.0.2.1"),), True),
        (Layer.DNS, (_lookup(),), False),
        (Layer.TCP, (CONNECT,), True),
        (Layer.TCP, (REFUSED,), False),
        (Layer.TCP, (), None),
        (Layer.TLS, (REFUSED,), None),
        (Layer.TLS, (CONNECT, _hello()), True),
        (Layer.TLS, (CONNECT, _hello(Failure.RESET)), False),
        (Layer.TLS, (CONNECT, _hello(Failure.TLS_ALERT, spoke=True)), True),
        (Layer.TLS, (CONNECT, _hello(Failure.INVALID_HOSTNAME)), True),
        (Layer.TLS, (CONNECT,), False),
        (Layer.RAW, (CONNECT, Exchange(t0=0.1, t=0.2, address="192.0.2.1", port=7)), True),
        (Layer.RAW, (CONNECT,), False),
        (Layer.HTTP, (CONNECT, _fetch(page=Page(status=200))), True),
        (Layer.HTTP, (CONNECT, _fetch(Failure.RESET)), False),
        (Layer.HTTP, (CONNECT, _hello(Failure.RESET)), False),
        (Layer.HTTP, (CONNECT, _hello(), _fetch(Failure.TIMEOUT, Page(status=200))), True),
    ],
)
def test_a_harmless_attempt_passes_on_any_authentic_reaction(layer, steps, expected):
    """An answer of the layer in question passes; a connection that never stood says nothing of the layers above."""
    assert passed(_trial(layer, *steps)) is expected


def test_an_attempt_that_was_not_made_says_nothing():
    """Undone is never evidence."""
    trial = msgspec.structs.replace(_trial(Layer.TCP, CONNECT), undone="no_ipv6")
    assert passed(trial) is None
    tally = Tally()
    tally.tell(trial)
    assert tally.baselines == (0, 0)


def test_paired_baselines_are_counted_where_any_passes():
    """Failures count at places that are alive; a dead server's, a cooling one's and a void one do not."""
    tally = Tally(DARK)
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(), identity=1))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=2))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=3, address="192.0.2.2"))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=4, cooling=True))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=5, pair=None))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=6, role=Role.SUBJECT))
    tally.tell(_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=7, side=Side.HELPER))
    tally.tell(_trial(Layer.DNS, _lookup(), identity=8, resolver=DARK))
    tally.tell(_trial(Layer.TLS, REFUSED, identity=9))
    assert tally.baselines == (1, 2)
    tally.void(2)
    assert tally.baselines == (0, 1)


def test_a_line_is_lossy_when_more_than_one_in_twenty_surely_fails():
    """Five of forty harmless attempts show more than 5 %, four do not; the count begins anew with the pace."""
    for failures, lossy in ((4, False), (LOSSY, True)):
        tally = Tally(DARK)
        for number in range(WINDOW):
            steps = (_lookup(),) if number < failures else (_lookup("192.0.2.1"),)
            tally.tell(_trial(Layer.DNS, *steps, identity=number, role=Role.SENTINEL, pair=None))
            tally.tell(_trial(Layer.DNS, _lookup(), identity=900 + number, resolver=DARK))
        assert tally.lossy is lossy
        tally.begin_anew()
        assert not tally.lossy


@pytest.mark.parametrize(
    ("made", "failures", "calm"), [(CALM, FEW, True), (CALM, FEW + 1, False), (CALM - 1, 0, False)]
)
def test_a_line_is_calm_when_hardly_anything_fails_for_long(made, failures, calm):
    """Many harmless attempts have to say so, and what failed long ago is forgotten."""
    tally = Tally()
    for number in range(LOSSY + made):
        failed = number < LOSSY or number >= LOSSY + made - failures
        steps = (_lookup(),) if failed else (_lookup("192.0.2.1"),)
        tally.tell(_trial(Layer.DNS, *steps, identity=number))
        if number == LOSSY - 1:
            tally.begin_anew()
    assert tally.calm is calm


def test_void_failures_show_no_loss():
    """An outage is not a lossy line: what is void is taken out of the count."""
    tally = Tally()
    for number in range(WINDOW):
        steps = (_lookup(),) if number < LOSSY else (_lookup("192.0.2.1"),)
        tally.tell(_trial(Layer.DNS, *steps, identity=number))
    tally.void(0)
    tally.tell(_trial(Layer.DNS, _lookup("192.0.2.1"), identity=99))
    assert not tally.lossy


def test_the_echo_is_no_measure_of_the_line():
    """The echo's address may have to rest after a word was cut off there."""
    tally = Tally()
    for number in range(WINDOW):
        tally.tell(_trial(Layer.HTTP, CONNECT, _fetch(Failure.RESET), identity=number, role=Role.SENTINEL, pair=None))
    assert not tally.lossy


@pytest.mark.parametrize(("hits", "passes", "fired"), [(3, 0, True), (3, 3, False), (2, 0, False), (4, 3, True)])
def test_a_canary_fires_when_most_of_its_pairs_are_hit(hits, passes, fired):
    """Three hits at least, and more than half; a pair whose baseline failed is not counted."""
    assert CANARY_HITS == 3
    trials = [_trial(Layer.TLS, CONNECT, _hello(Failure.RESET), identity=999, role=Role.CANARY, pair=99)]
    for number in range(hits + passes):
        step = _hello(Failure.RESET) if number < hits else _hello()
        trials.append(_trial(Layer.TLS, CONNECT, _hello(), identity=2 * number, pair=number))
        trials.append(_trial(Layer.TLS, CONNECT, step, identity=2 * number + 1, pair=number, role=Role.CANARY))
    record = Record(
        id="x", run="x", experiment="keyword", target="x", started="", ended="", run_started="", trials=tuple(trials)
    )
    assert cut_off(record) is fired


def test_a_dark_canary_fires_on_answers():
    """Where nobody runs a resolver the answer is the hit, and silence of the baseline is the pass."""
    trials = []
    for pair in range(3):
        trials.append(_trial(Layer.DNS, _lookup(), identity=2 * pair, pair=pair, resolver=DARK))
        answered = _lookup("192.0.2.66")
        trials.append(_trial(Layer.DNS, answered, identity=2 * pair + 1, pair=pair, resolver=DARK, role=Role.CANARY))
    record = Record(id="x", run="x", experiment="keyword", target="x", started="", ended="", run_started="")
    context = msgspec.structs.replace(record.context, dark=DARK)
    assert cut_off(msgspec.structs.replace(record, trials=tuple(trials), context=context))
