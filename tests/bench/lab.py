"""How fast a lab carries TCP with every censor loaded, beside the bare path: `python tests/bench/lab.py [--profile]`.

Two labs of the same hops stand side by side: one without a censor, one with every kind of the catalogue, some as taps
and some in the path. A client downloads from both in turn, one TCP connection each time; what is measured begins once
the censors have decided that connection. The figure is the median of the ratios of neighbouring downloads, for both
suffer alike from what else the computer does. Exit code 1 where it is below the bar, 0.8 (issue "The lab as judge" 5).
`make bench-lab` is this. `--profile` shows instead in which functions the path's time goes, without any network.
"""

import argparse
import cProfile
import os
import platform
import pstats
import random
import socket
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

import msgspec

from hushmap.lab import Lab, LabRefusedError, Scenario
from hushmap.lab import packet as p
from hushmap.lab.addresses import CLIENT, HELPER
from hushmap.lab.building import build_path
from hushmap.lab.censors.catalogue import CATALOGUE
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.scenario import PathSettings
from hushmap.lab.truth import TruthLog

BAR = 0.8
ROUNDS = 21
"""Many short downloads rather than few long ones: neighbours share what else goes on, and the median forgets the rest."""
DELAY_MS = 2.0
"""One way: as near as a server in the next town, so that the path and not the window is what limits."""
WARM, MEASURED = 8_000_000, 32_000_000
"""Bytes: within the first every censor has decided, even those that look at 2,048 packets of the server's."""
PORT = 443
"""A rewriting proxy never lets go of port 80; here, censors of names, of raw words and of volumes decide."""
REFUSED = 6
_LISTED = {
    "names": ("blocked.example",),
    "words": ("kw-never-sent",),
    "addresses": ("198.51.100.40",),
    "ports": (9,),
    "location": "http://notice.example/",
    "to": ("198.51.100.53",),
}
"""What each kind is given that needs it: nothing that the download touches."""


@dataclass(frozen=True)
class Download:
    """One download: its rate, and what the path's process spent on it."""

    mbit_s: float
    cpu_s: float


def every_censor() -> tuple[Censor, ...]:
    """One of each kind, as a tap where it may be one."""
    made = []
    for kind, entry in CATALOGUE.items():
        if entry.rule is None:  # it acts in the resolver
            continue
        needed = {group[0]: _LISTED[group[0]] for group in entry.needs}
        at = 3 if entry.in_path else 4
        made.append(msgspec.convert({"kind": kind, "at": at, "on_path": not entry.in_path, **needed}, Censor))
    return tuple(made)


def scenario(censors: tuple[Censor, ...]) -> Scenario:
    """A line without any trouble."""
    return Scenario(name="bench", path=PathSettings(delay_ms=DELAY_MS), censor=censors)


class Stand:
    """A lab with a server of bulk on its internet side."""

    def __init__(self, stack: ExitStack, censors: tuple[Censor, ...]) -> None:
        self._lab = stack.enter_context(Lab(scenario(censors)))
        launcher = self._lab._launched.process.pid
        children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text("ascii").split()
        _, internet, self._path = (int(child) for child in children)
        enter = [sys.executable, "-m", "hushmap.lab.enter", str(internet), "-", "--", sys.executable, __file__]
        server = subprocess.Popen(
            [*enter, "--serve"], stdout=subprocess.PIPE, env={**os.environ, **self._lab.environment}
        )
        stack.callback(server.wait)
        stack.callback(server.terminate)
        assert server.stdout is not None
        server.stdout.readline()

    def download(self) -> Download:
        """One, from its warm part on."""
        client = self._lab.client([sys.executable, __file__, "--fetch"], stdout=subprocess.PIPE, text=True)
        assert client.stdout is not None
        client.stdout.readline()
        before, began = self._cpu(), time.monotonic()
        client.stdout.readline()
        took, spent = time.monotonic() - began, self._cpu() - before
        if client.wait():
            raise RuntimeError("the download broke")
        return Download(MEASURED * 8 / took / 1e6, spent)

    def _cpu(self) -> float:
        fields = Path(f"/proc/{self._path}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serve() -> None:
    """Send without an end to whoever asks, one after another."""
    bulk = random.Random(1).randbytes(1 << 20)
    with socket.create_server((HELPER, PORT)) as listener:
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                try:
                    while True:
                        connection.sendall(bulk)
                except OSError:  # the client has enough
                    continue


def hello() -> bytes:
    """A ClientHello with a name that nobody blocks."""
    out = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="fine.example").do_handshake()
    return out.read()


def fetch() -> None:
    """Download; say when the flow is warm, and when all is there."""
    room, got = bytearray(1 << 20), 0
    with socket.create_connection((HELPER, PORT)) as server:
        server.sendall(hello())
        for until in (WARM, WARM + MEASURED):
            while got < until:
                size = server.recv_into(room)
                if not size:
                    raise ConnectionError("the server ended the download")
                got += size
            print(got, flush=True)


def profile() -> None:
    """Where the time of a packet goes: the engine alone, of a decided flow with every censor loaded."""
    path = build_path(scenario(every_censor()), 1, TruthLog(Path(os.devnull)))
    ends = ((socket.inet_aton(HELPER), PORT), (socket.inet_aton(CLIENT), 5000))
    data = p.tcp(*ends, seq=1, ack=1, flags=p.ACK, payload=bytes(1448))
    answer = p.tcp(*ends[::-1], seq=1, ack=1, flags=p.ACK)
    for _ in range(3000):
        path.receive(data, 0.0, outward=False)
        path.receive(answer, 0.0, outward=True)
    profiler = cProfile.Profile()
    began = time.perf_counter()
    for _ in range(200_000):
        path.receive(data, 0.0, outward=False)
    print(f"{(time.perf_counter() - began) * 5:.2f} us a packet of 1,500 bytes")
    profiler.enable()
    for _ in range(200_000):
        path.receive(data, 0.0, outward=False)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(12)


def rounds(number: int) -> Iterator[tuple[Download, Download]]:
    """Downloads without and with censors, in turn, so that neither is always the first."""
    with ExitStack() as stack:
        bare, censored = Stand(stack, ()), Stand(stack, every_censor())
        for one in range(number):
            if one % 2:
                second, first = censored.download(), bare.download()
            else:
                first, second = bare.download(), censored.download()
            yield first, second


def main() -> int:
    """Measure and print; 1 if the bar is missed, 6 where this system refuses the lab."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--profile", action="store_true", help="the engine alone, by function")
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--fetch", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    for asked, work in ((given.serve, serve), (given.fetch, fetch), (given.profile, profile)):
        if asked:
            work()
            return 0
    pairs = []
    try:
        for bare, censored in rounds(given.rounds):
            pairs.append((bare, censored))
            print(
                f"  bare {bare.mbit_s:6.0f} Mbit/s, {len(every_censor())} censors {censored.mbit_s:6.0f} Mbit/s, "
                f"ratio {censored.mbit_s / bare.mbit_s:.2f}; processor of the path "
                f"{bare.cpu_s:.2f} s and {censored.cpu_s:.2f} s"
            )
    except LabRefusedError as refusal:
        print(refusal)
        return REFUSED
    ratio = statistics.median(censored.mbit_s / bare.mbit_s for bare, censored in pairs)
    met = ratio >= BAR
    print(
        f"TCP through {PathSettings().hops} hops, flows decided, median of {len(pairs)} rounds: bare "
        f"{statistics.median(bare.mbit_s for bare, _ in pairs):.0f} Mbit/s, with {len(every_censor())} censors "
        f"{statistics.median(censored.mbit_s for _, censored in pairs):.0f} Mbit/s, ratio {ratio:.2f} "
        f"(bar {BAR}): {'met' if met else 'MISSED'}"
    )
    spent = statistics.median(bare.cpu_s / censored.cpu_s for bare, censored in pairs)
    print(f"The same of the path's processor time, which other work on this computer does not touch: {spent:.2f}")
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
