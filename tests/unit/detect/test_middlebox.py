"""What came back from our echo, held against what was sent."""

import msgspec
import pytest

from boxes import HEAD, TCP, Echoes, said
from hushmap.detect import judge
from hushmap.detect.middlebox import altered
from hushmap.model import (
    Ask,
    Connect,
    Exchange,
    Failure,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Target,
    Trial,
    Where,
)
from worlds import conditions, converse

SENT = b"GeT / HTTP/1.1\r\nhOsT: a.example\r\nX-ODd: oNe  two\r\n\r\n"
LINE = b"XQZJ / HTTP/1.1\r\nHost: a.example\r\n\r\n"
HEADERS = Target(experiment="middlebox", text="odd-headers")


def trial(received, sent=SENT, failure=None):
    """An exchange with an echo."""
    ask = Ask(layer=Layer.RAW, address="192.0.2.1", port=80, payload=sent)
    steps = (
        Connect(t0=0.0, t=0.1, address="192.0.2.1", port=80),
        Exchange(t0=0.1, t=0.2, address="192.0.2.1", port=80, received=received, failure=failure),
    )
    return Trial(id=1, ask=ask, steps=steps)


@pytest.mark.parametrize(
    ("arrived", "kinds"),
    [
        (SENT, ()),
        (SENT.replace(b"GeT", b"GET"), ("line",)),
        (SENT.replace(b"hOsT", b"Host"), ("names",)),
        (SENT.replace(b"oNe  two", b"one two"), ("values",)),
        (SENT.replace(b"hOsT", b"Host").replace(b"oNe  two", b"one"), ("names", "values")),
        (SENT.replace(b"\r\n\r\n", b"\r\nVia: 1.1 box\r\n\r\n"), ("added",)),
        (SENT.replace(b"X-ODd: oNe  two\r\n", b""), ("missing",)),
        (SENT.replace(b"\r\nX-ODd: oNe  two", b"").replace(b"\r\nhOsT", b"\r\nX-ODd: oNe  two\r\nhOsT"), ("order",)),
    ],
)
def test_a_difference_is_named(arrived, kinds):
    """By what the echo read, whether it says so in base64 or, as older helpers do, plainly."""
    assert altered(trial(said(arrived))) == kinds
    assert altered(trial(HEAD % len(arrived) + arrived)) == kinds


def test_another_server_is_known_by_its_headers():
    """A page of somebody else's, to a request or to what is none."""
    page = b"HTTP/1.1 400 Bad Request\r\nServer: box\r\nContent-Length: 0\r\n\r\n"
    assert altered(trial(page)) == ("answered",)
    assert altered(trial(page, LINE)) == ("answered",)
    assert altered(trial(LINE, LINE)) == ()
    assert altered(trial(LINE.replace(b"XQZJ", b"GET"), LINE)) == ("line",)


def test_half_an_answer_is_no_difference():
    """Every proper prefix says nothing, nor does a failure, nor nothing at all."""
    whole = said(SENT)
    assert all(altered(trial(whole[:end])) is None for end in range(5, len(whole)))
    assert all(altered(trial(LINE[:end], LINE)) is None for end in range(len(LINE)))
    assert altered(trial(whole, failure=Failure.RESET)) is None
    assert altered(msgspec.structs.replace(trial(b""), steps=())) is None
    assert altered(trial(whole.replace(b"Content-Length", b"X-Length"))) is None


def test_without_a_helper_or_trials_nothing_is_said():
    """And a portal speaks for nobody."""
    _, record = converse(Echoes(), HEADERS, conditions(echo_tcp=TCP))
    bare = msgspec.structs.replace(record, trials=())

    def judged(one, **context):
        changed = msgspec.structs.replace(one.context, **context)
        return judge(msgspec.structs.replace(one, context=changed), Knowledge())

    assert judged(bare, helper=None).reason is Reason.NO_HELPER
    assert judged(bare).reason is Reason.NO_RULE
    assert judged(bare, budget_spent=True).reason is Reason.BUDGET
    portal = judged(record, portal=True)
    assert (portal.reason, portal.where) == (Reason.CAPTIVE_PORTAL, Where.HOST)


def test_pairs_that_decide_nothing_leave_it_open():
    """As where even plain requests are cut now and then."""
    cut = Echoes(breaks=lambda sent, count: Failure.RESET if b"GeT" in sent and count % 3 else None)
    verdict, _ = converse(cut, HEADERS, conditions(echo_tcp=TCP))
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT, Outcome.BLOCKED}


def test_two_requests_altered_once_each_are_no_proof():
    """The same one has to be, twice."""
    world = Echoes()
    world.changes = lambda data: data.replace(b"XQZJ", b"GET") if world.asked < 2 else data
    verdict, _ = converse(world, Target(experiment="middlebox", text="odd-request-line"), conditions(echo_tcp=TCP))
    assert verdict.mechanisms == ()
