"""Lookups by datagram: many at once by one pair of ears, each turned when something came or fell due."""

import asyncio
import socket
from collections import deque

import pytest

from hushmap.model import Answer, Failure
from hushmap.net.clock import Clock
from hushmap.net.datagram import Ears, _Asked, _Bells, patience, suspicious
from hushmap.net.limits import Limits
from hushmap.net.lookup import Lookup
from hushmap.wire import dns

PATIENT = Limits(dns=5.0, late=0.05, late_suspicious=0.3)


def _lookup(clock=None, number=0):
    message = dns.query(f"name-{number}.example", "A", number)
    return Lookup(clock or Clock(), f"name-{number}.example", "A", "udp://192.0.2.53:53", message)


def _socket(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.connect(("127.0.0.1", port))
    return sock


def test_a_distant_resolver_gets_three_round_trips():
    """The wait grows with the round trips of that resolver, up to the suspicious one."""
    lookup = _lookup()
    lookup.last_sent = 1.0
    lookup.answers.append(Answer(t=1.08, addresses=("198.51.100.1",)))
    rounds = deque()
    assert patience(lookup, rounds, PATIENT) == pytest.approx(0.24)
    assert list(rounds) == [pytest.approx(0.08)]
    assert patience(lookup, deque([9.0, 9.0]), PATIENT) == PATIENT.late_suspicious
    assert patience(lookup, deque([0.001, 0.001]), PATIENT) == PATIENT.late


@pytest.mark.parametrize(
    "first", [Answer(t=1.0, failure=Failure.DNS_MISBEHAVING), Answer(t=1.0, addresses=("10.10.34.34",))]
)
def test_a_suspicious_answer_teaches_no_round_trip(first):
    """Who answers so is perhaps no resolver: the wait is the longest, and its time is not remembered."""
    lookup, rounds = _lookup(), deque()
    lookup.answers.append(first)
    assert patience(lookup, rounds, PATIENT) == PATIENT.late_suspicious
    assert not rounds


def test_many_lookups_are_heard_at_once(answering):
    """Each gets the answer to its own question, and nothing is left behind."""

    async def go():
        ears, clock = Ears(PATIENT), Clock()
        async with answering(lambda query, count: [dns.reply(query, ["198.51.100.1"])]) as (port, seen):
            lookups = [_lookup(clock, number) for number in range(50)]
            sockets = [_socket(port) for _ in lookups]
            await asyncio.gather(*(ears.listen(s, one, 2.0) for s, one in zip(sockets, lookups, strict=True)))
            for sock in sockets:
                sock.close()
        return ears, lookups, seen

    ears, lookups, seen = asyncio.run(go())
    assert [one.step().addresses for one in lookups] == [("198.51.100.1",)] * 50
    assert (len(seen), ears._asked) == (50, {})


def test_a_lookup_that_is_given_up_leaves_nothing(answering):
    """Neither its alarm nor its place; others go on."""

    async def go():
        ears, clock = Ears(PATIENT), Clock()
        async with answering(lambda query, count: [] if count == 1 else [dns.reply(query, [])]) as (port, _):
            with _socket(port) as sock:
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(ears.listen(sock, _lookup(clock, 1), 5.0), 0.05)
                assert ears._asked == {}
                again = _lookup(clock, 2)
                await ears.listen(sock, again, 2.0)
                return again

    assert asyncio.run(go()).step().failure is Failure.NO_ANSWER


def test_what_is_asked_at_once_is_sent_in_one_go():
    """Nothing goes out while further lookups begin, then each in its turn; who gave up before that sends nothing."""

    async def go():
        ears, clock, said = Ears(PATIENT), Clock(), []

        class Told(Lookup):
            def send(self, sock):
                said.append(self.name)

        lookups = [Told(clock, name, "A", "udp://192.0.2.53:53", b"") for name in "abc"]

        async def listen(number, sock):
            said.append("begins")
            await ears.listen(sock, lookups[number], 0.02)

        sockets = [_socket(9) for _ in lookups]
        tasks = [asyncio.create_task(listen(*one)) for one in enumerate(sockets)]
        asyncio.get_running_loop().call_soon(tasks[1].cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
        for sock in sockets:
            sock.close()
        return said

    said = asyncio.run(go())
    assert said[:5] == ["begins", "begins", "begins", "a", "c"]
    assert "b" not in said


def test_a_fault_of_one_lookup_is_told_to_its_asker_and_holds_up_no_other():
    """What the loop calls has nobody above it: without that the asker would wait for ever."""

    async def go():
        ears, clock, said = Ears(PATIENT), Clock(), []

        class Told(Lookup):
            def send(self, sock):
                if self.name == "a":
                    raise ZeroDivisionError
                said.append(self.name)

        sockets = [_socket(9) for _ in "ab"]
        lookups = [Told(clock, name, "A", "udp://192.0.2.53:53", b"") for name in "ab"]
        ends = await asyncio.gather(
            *(ears.listen(sock, lookup, 0.02) for sock, lookup in zip(sockets, lookups, strict=True)),
            return_exceptions=True,
        )
        for sock in sockets:
            sock.close()
        return said, ends

    said, ends = asyncio.run(go())
    assert said[:1] == ["b"]
    assert (type(ends[0]), ends[1]) == (ZeroDivisionError, None)


class _Still:
    """A socket to which nothing came."""

    def send(self, data):
        """Let it go."""

    def recvmsg(self, size, space):
        """Nothing."""
        raise BlockingIOError


def _asked(lookup, limit, loop):
    return _Asked(_Still(), lookup, limit, deque(), PATIENT, loop.create_future())


def test_one_timer_wakes_every_lookup_in_its_turn():
    """Each is sent and sent again by its own schedule and ends at its own time-out, whoever was hung up first."""

    async def go():
        loop, clock = asyncio.get_running_loop(), Clock()
        bells, lookups = _Bells(loop), [_lookup(clock, number) for number in range(3)]
        asked = [_asked(one, limit, loop) for one, limit in zip(lookups, (0.3, 0.1, 0.2), strict=True)]
        for one in asked:
            bells.turn(one)
        await asyncio.gather(*(one.over for one in asked))
        return [one.step() for one in lookups], bells

    steps, bells = asyncio.run(go())
    assert [step.failure for step in steps] == [Failure.TIMEOUT] * 3
    assert [step.sent for step in steps] == [4] * 3
    assert all(step.t - step.t0 >= limit for step, limit in zip(steps, (0.3, 0.1, 0.2), strict=True))
    assert bells._timer is None


def test_bells_without_a_lookup_are_taken_down():
    """However many lookups end before their time, few bells hang."""

    async def go():
        loop, clock = asyncio.get_running_loop(), Clock()
        bells = _Bells(loop)
        for number in range(5000):
            one = _asked(_lookup(clock, number), 60.0, loop)
            bells.turn(one)
            one.over.set_result(None)
        kept = _asked(_lookup(clock), 60.0, loop)
        bells.turn(kept)
        hung = len(bells._hung), any(bell[2] is kept for bell in bells._hung)
        bells._timer.cancel()
        return hung

    count, kept = asyncio.run(go())
    assert count <= 2 * 256
    assert kept


def test_a_bell_that_rings_early_is_hung_again():
    """A lookup whose wake-up was put off is not turned before; one whose bell was replaced is turned once."""

    class Turned:
        bell, wake, turns = None, 0.0, 0

        def __init__(self, loop, *pauses):
            self.pauses, self.over = list(pauses), loop.create_future()

        def hear_all(self):
            """Nothing came."""

        def turn(self):
            self.turns += 1
            if self.pauses:
                return self.pauses.pop(0)
            self.over.set_result(None)
            return None

    async def go():
        loop = asyncio.get_running_loop()
        bells = _Bells(loop)
        later, sooner = Turned(loop, 0.01, 0.04), Turned(loop, 0.04, 0.01)
        for one in (later, later, sooner, sooner):
            bells.turn(one)
        began = loop.time()
        await sooner.over
        first = loop.time() - began
        await later.over
        return later.turns, sooner.turns, first, loop.time() - began

    later, sooner, first, second = asyncio.run(go())
    assert (later, sooner) == (3, 3)
    assert first >= 0.009
    assert second >= 0.039


def test_the_last_look_takes_all_that_waits():
    """What came in the moment before the end is read, though one look stops at an answer."""

    class Full(_Still):
        def __init__(self, *waiting):
            self.waiting = list(waiting)

        def recvmsg(self, size, space):
            return (self.waiting.pop(0), [], 0, None) if self.waiting else super().recvmsg(size, space)

    async def go():
        lookup = _lookup()
        waiting = [dns.reply(lookup.message, [address]) for address in ("198.51.100.1", "10.10.34.34")]
        one = _Asked(Full(*waiting), lookup, 5.0, deque(), PATIENT, asyncio.get_running_loop().create_future())
        assert one.hear() is True
        assert len(lookup.answers) == 1
        one.hear_all()
        return lookup

    assert [answer.addresses for answer in asyncio.run(go()).answers] == [("198.51.100.1",), ("10.10.34.34",)]


def test_a_second_loop_is_listened_to_as_well(answering):
    """A run's own loop may follow another in which a name was looked up."""
    ears = Ears(PATIENT)

    async def go():
        async with answering(lambda query, count: [dns.reply(query, ["198.51.100.1"])]) as (port, _):
            with _socket(port) as sock:
                lookup = _lookup()
                await ears.listen(sock, lookup, 2.0)
                return lookup.step()

    assert asyncio.run(go()).failure is None
    assert asyncio.run(go()).failure is None


def test_bogons_are_suspicious_and_the_labs_internet_is_not():
    """Private, loopback and reserved addresses cannot be true for a public name."""
    for address in ("10.10.34.34", "127.0.0.1", "0.0.0.0", "240.0.0.1", "::1", "fd00::1", "100.64.0.1"):
        assert suspicious((address,))
    for address in ("198.51.100.1", "203.0.113.5", "2001:db8::1", "2001:4860::1"):
        assert not suspicious((address,))
    assert not suspicious(())
