"""Servers of ill will, on loopback, and what a measurement of them cost.

Each is a thread of its own with a blocking socket: one in the client's own loop would give way between two pieces, and
so never show that a loop which is always fed forgets its time-outs.
"""

import asyncio
import contextlib
import gc
import socket
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hushmap.model import Ask
from hushmap.net import Clock, Limits, Net, Outcome, Own

SHARE = 16
"""Every time-out is divided by this: 1.25 s for a fetch, 0.6 s for a handshake, 0.3 s for a lookup."""
MEMORY = 8 * 1024 * 1024
"""Bytes that one target may come to."""
GRACE = 20.0
"""Seconds beyond the time-outs. It is no bar of speed: who attacks has no end, and a busy computer that counts every
object is slow."""

Serve = Callable[[socket.socket], None]


@contextlib.contextmanager
def attacking(serve: Serve) -> Iterator[int]:
    """A TCP server that does `serve` to every connection; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                held.append(connection)
                threading.Thread(target=carry_out, args=(connection,), daemon=True).start()

    def carry_out(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            connection.settimeout(2 * GRACE)
            serve(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        for sock in (listener, *held):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


@contextlib.contextmanager
def flooding(answer: Callable[[bytes], Iterator[bytes]]) -> Iterator[int]:
    """A UDP server that sends all of `answer(query)` to whoever asks; gives its port."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            query, peer = sock.recvfrom(4096)
            for datagram in answer(query):
                if over.is_set():
                    return
                with contextlib.suppress(ConnectionError):
                    sock.sendto(datagram, peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield sock.getsockname()[1]
    finally:
        over.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()
        thread.join(GRACE)


@dataclass
class Cost:
    """What a measurement took: seconds, the most Python objects held, and by how much the process grew."""

    seconds: float = 0.0
    objects: int = 0
    grown: int = 0

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s {self.objects / 1e6:6.2f} MB of objects, process +{self.grown / 1e6:.2f} MB"


@contextlib.contextmanager
def costing() -> Iterator[Cost]:
    """Measures what is done inside."""
    cost = Cost()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): the peak counts from now
    before = _status("VmRSS")
    tracemalloc.start()
    start = time.monotonic()
    try:
        yield cost
    finally:
        cost.seconds = time.monotonic() - start
        cost.objects = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        cost.grown = max(0, _status("VmHWM") - before)


def _status(field: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def asked(ask: Ask, *, budget: float, **changes: float) -> Outcome:
    """The outcome of one ask; fails where memory or time had no bound.

    `budget`: seconds, before they are divided; `changes`: limits that are not.
    """
    limits = msgspec.structs.replace(Limits().scaled(SHARE), **changes)

    async def go() -> tuple[Outcome, Cost]:
        net = Net(Clock(), limits=limits, own=Own())
        with costing() as cost, contextlib.closing(net):
            outcome = await net.ask(ask)
        return outcome, cost

    outcome, cost = asyncio.run(go())
    held(cost, budget / SHARE)
    return outcome


def held(cost: Cost, budget: float) -> None:
    """Prints what was spent, and fails where it is more than one target may cost."""
    sys.stdout.write(f"{cost}\n")
    assert cost.objects < MEMORY, cost
    assert cost.grown < MEMORY, cost
    assert cost.seconds < budget + GRACE, cost
