"""Packets between two computers over the lab's path, in order and in time."""

import asyncio

from hushmap.lab.packet import ACK, RST, SYN, parse, tcp
from hushmap.lab.pure.carrier import Carrier, Computer
from hushmap.lab.pure.loop import run

HERE, THERE = (b"\xc6\x12\x00\x02", 4000), (b"\xc6\x33\x64\x14", 443)


class Straight:
    """A path that delays, and loses what it is told to; each packet goes on once."""

    def __init__(self, due):
        self._due, self.seen = due, 0

    def receive(self, raw, now, *, outward):
        """Due in 10 ms."""
        self.seen += 1
        return [self._due(now + 0.01, self.seen, outward, raw, None, 0)]

    def goes_on(self, due):
        """At once."""
        return [self._due(due.at, due.number, due.outward, due.raw)]

    def survives(self, due, now):
        """All do."""
        return True


class Noted(Computer):
    """A computer that notes what came."""

    def other(self, packet):
        """None comes here."""

    def take(self, raw):
        """With the time."""
        packet = parse(raw)
        self.came = [*getattr(self, "came", []), (round(self.now(), 3), packet.seq, packet.flags)]
        if not self._outward:
            super().take(raw)


def test_packets_of_one_moment_keep_their_order():
    """Ten at once come out as ten, in order, after the delay; a stranger's segment is reset."""
    from hushmap.lab.path import Due

    async def main():
        carrier = Carrier(Straight(Due), asyncio.get_running_loop())
        near, far = Noted(carrier, outward=True), Noted(carrier, outward=False)
        for number in range(10):
            near.send(tcp(HERE, THERE, seq=number, ack=5, flags=ACK))
        await asyncio.sleep(1)
        near.send(tcp(THERE, HERE, seq=1, ack=0, flags=SYN))
        near.send(tcp(HERE, THERE, seq=1, ack=5, flags=RST))
        await asyncio.sleep(1)
        carrier.cut = True
        near.send(tcp(HERE, THERE, seq=99, ack=5, flags=ACK))
        await asyncio.sleep(1)
        return near.came, far.came

    near, far = run(main())
    assert far[:10] == [(0.01, number, ACK) for number in range(10)]
    assert near[:10] == [(0.02, 5, RST)] * 10
    assert near[10:] == [(1.02, 0, RST | ACK)], "a SYN is acknowledged by the reset, and a reset is not answered"
    assert all(seq != 99 for _, seq, _ in far)


def test_a_timer_and_a_connection_can_be_called_off():
    """What was forgotten is known no more."""

    async def main():
        from hushmap.lab.path import Due

        carrier = Carrier(Straight(Due), asyncio.get_running_loop())
        one, seen = Noted(carrier, outward=True), []
        one.later(1.0, lambda: seen.append(1)).cancel()
        peer = one.begin(HERE, THERE, first=1, user=None)
        assert one.taken(HERE, THERE)
        peer.finish()
        await asyncio.sleep(2)
        return seen, one.taken(HERE, THERE)

    assert run(main()) == ([], False)
