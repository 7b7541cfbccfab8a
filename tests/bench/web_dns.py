"""Lookups without linger beside dnspython's own asynchronous client, at one resolver, in turn; see web.py.

Both ask over loopback, with a fresh socket for each question, as many at a time. The resolver is a process of its own
that does as little as one can, so that what is measured is the asking. A lookup of ours is the whole verb: `Net.ask`
with its steps, masked; only the listening after the first answer is left out, which is waiting and no work.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

import dns.asyncquery
import dns.message
from table import Row

from hushmap.model import Ask, Layer
from hushmap.net import Clock, Limits, Net

BAR = 8.0
ROUNDS = 9
AT_ONCE = 64
"""As many as a run has in flight (METHOD 3)."""
OURS, THEIRS = 6000, 1200
"""Lookups a round: both take about half a second."""
_ANSWER = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc6\x33\x64\x28"
"""198.51.100.40 under the question's own name (RFC 1035 4.1.4)."""

Ask1 = Callable[[str], Awaitable[object]]


def serve() -> None:
    """Answer whatever is asked with one address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        server.bind(("127.0.0.1", 0))
        print(server.getsockname()[1], flush=True)
        while True:
            data, peer = server.recvfrom(4096)
            server.sendto(data[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + data[12:] + _ANSWER, peer)


@contextmanager
def resolver() -> Iterator[int]:
    """A resolver for as long as the block; its port."""
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def ours(port: int) -> Ask1:
    """Our verb."""
    net = Net(Clock(), limits=Limits(late=0.0, late_suspicious=0.0))
    place = f"udp://127.0.0.1:{port}"

    async def one(name: str) -> None:
        outcome = await net.ask(Ask(layer=Layer.DNS, name=name, resolver=place))
        assert outcome.steps[0].failure is None, outcome

    return one


async def theirs(port: int) -> Ask1:
    """The one of dnspython."""

    async def one(name: str) -> None:
        answer = await dns.asyncquery.udp(dns.message.make_query(name, "A"), "127.0.0.1", timeout=5, port=port)
        assert answer.answer, answer

    return one


async def rate(ask: Ask1, number: int) -> float:
    """Lookups a second."""
    names = iter([f"name-{one}.example" for one in range(number)])

    async def worker() -> None:
        for name in names:
            await ask(name)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return number / (time.perf_counter() - began)


def rounds(port: int, number: int) -> Iterator[tuple[float, float]]:
    """Rates of ours and theirs, in turn, so that neither is always the first."""

    async def both(first: int) -> tuple[float, float]:
        pair = [(0, await ours(port), OURS), (1, await theirs(port), THEIRS)]
        found = {which: await rate(ask, count) for which, ask, count in (pair if first else reversed(pair))}
        return found[0], found[1]

    for one in range(number):
        yield asyncio.run(both(one % 2))


def row(number: int = ROUNDS) -> Row:
    """The bar."""
    with resolver() as port:
        found = list(rounds(port, number))
    ratio = statistics.median(a / b for a, b in found)
    mine, other = (statistics.median(pair[which] for pair in found) for which in (0, 1))
    what = (
        f"lookups without linger ({mine:,.0f} a second) beside `dns.asyncquery` ({other:,.0f} a second), "
        f"{AT_ONCE} at a time, median of {number} rounds"
    )
    return Row(what, f"{BAR:.0f} times", f"{ratio:.1f} times", ratio >= BAR)


def profile() -> None:
    """Where the time of ours goes."""

    async def some(port: int) -> None:
        ask = await ours(port)
        await rate(ask, 1000)
        profiler = cProfile.Profile(time.process_time)
        profiler.enable()
        await rate(ask, OURS)
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(40)

    with resolver() as port:
        asyncio.run(some(port))


def main() -> int:
    """The lookups alone."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--profile", action="store_true")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    if given.serve:
        serve()
    if given.profile:
        profile()
        return 0
    found = row(given.rounds)
    print(f"load {os.getloadavg()[0]:.1f}; {found.verdict} {found.figure}, bar {found.bar}: {found.what}")
    return 0 if found.met else 1


if __name__ == "__main__":
    sys.exit(main())
