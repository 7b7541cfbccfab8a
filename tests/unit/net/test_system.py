"""What programs here really get, with getaddrinfo in the test's hand."""

import asyncio
import errno
import socket
import threading

import pytest

from hushmap.model import Failure
from hushmap.net import system as room
from hushmap.net.clock import Clock
from hushmap.net.system import look_up

ROW = (socket.AF_INET, socket.SOCK_STREAM, 6, "")


def _look_up(monkeypatch, fake, limit=5.0, qtype="A"):
    monkeypatch.setattr(room.socket, "getaddrinfo", fake)
    return asyncio.run(_asked(limit, qtype))


async def _asked(limit, qtype):
    return await look_up("A.example", "a.example", qtype, clock=Clock(), limit=limit)


def test_addresses_are_one_answer_without_an_rcode(monkeypatch):
    """Each address once, in the order given; the question is kept as asked."""
    rows = [(*ROW, ("192.0.2.1", 0)), (*ROW, ("192.0.2.2", 0)), (*ROW, ("192.0.2.1", 0))]
    step = _look_up(monkeypatch, lambda *how: rows)
    assert (step.failure, step.addresses, step.name) == (None, ("192.0.2.1", "192.0.2.2"), "A.example")
    assert step.answers[0].rcode is None


def test_the_family_follows_the_query_type(monkeypatch):
    """AAAA asks for IPv6 only."""
    seen = []

    def fake(name, port, family, kind):
        seen.append((name, family))
        raise socket.gaierror(socket.EAI_NODATA, "x")

    step = _look_up(monkeypatch, fake, qtype="AAAA")
    assert seen == [("a.example", socket.AF_INET6)]
    assert (step.failure, step.answers[0].failure) == (Failure.NO_ANSWER, Failure.NO_ANSWER)


@pytest.mark.parametrize(
    ("error", "failure", "answers"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), Failure.NXDOMAIN, 1),
        (socket.gaierror(socket.EAI_AGAIN, "x"), Failure.DNS_TEMPORARY, 0),
        (OSError(errno.ENETUNREACH, "x"), Failure.NETWORK_UNREACHABLE, 0),
    ],
)
def test_errors_are_failures_and_only_a_negative_answer_is_an_answer(monkeypatch, error, failure, answers):
    """NXDOMAIN is what somebody said; a temporary failure is that nobody did."""

    def fake(*how):
        raise error

    step = _look_up(monkeypatch, fake)
    assert (step.failure, len(step.answers)) == (failure, answers)


def test_a_lookup_that_hangs_ends_at_its_limit_and_its_late_answer_is_nobodys(monkeypatch):
    """A lookup of glibc cannot be interrupted: its thread may end later, before or after the loop, and nothing breaks."""
    release, ended = threading.Event(), []

    def fake(*how):
        release.wait(5)
        return [(*ROW, ("192.0.2.1", 0))]

    monkeypatch.setattr(room.socket, "getaddrinfo", fake)
    before = set(threading.enumerate())

    async def go():
        step = await _asked(0.05, "A")
        mine = set(threading.enumerate()) - before
        release.set()
        for thread in mine:
            await asyncio.to_thread(thread.join, 5)
        ended.append(step)

    asyncio.run(go())
    assert (ended[0].failure, ended[0].answers) == (Failure.TIMEOUT, ())

    release.clear()
    step = asyncio.run(_asked(0.05, "A"))
    release.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    assert step.failure is Failure.TIMEOUT
