"""Endpoint chains beside `ab`, the bench of the Apache project, in turn, through one lab's path to one site; see web.py.

A chain is what a page load is made of once its address is known: Connect, Handshake and Fetch with all of their
evidence (chain and validity of the certificate, page facts, the curve of arrival), masked, as a trial that stands in
the run's journal before the next one of its place begins. `ab` makes the same connections, one for each request, and
keeps nothing. Both meet the same server and the same path, which cost them alike.
"""

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

# ruff: noqa: E402, T201  a script: it finds its modules itself, and printing is what it does
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2] / "src")]

from table import Row, Share

from hushmap.lab import Lab, Scenario
from hushmap.lab.scenario import PathSettings
from hushmap.lab.scenario_sites import Site
from hushmap.model import Ask, Attempt, Layer, Target, trial_of
from hushmap.net import Clock, Limits, Net
from hushmap.runs import Manifest, RunFolder

BAR = 0.5
ROUNDS = 7
CHAINS = 600
AT_ONCE = 50
NAME, ADDRESS = "site.example", "198.51.100.40"
PATIENCE = 60.0
"""Seconds for a step: the server is slower than either client, and nobody is to give up."""
MISSING = "ab is not installed: apt-get install apache2-utils (Debian), then again"
EVERY_S = 0.001
"""Of the processor's time, between two looks at where it is."""
PLACES = {
    "net/trust.py": "whether the chain holds, by two stores",
    "net/handshake.py": "the handshake, in OpenSSL",
    "wire/certificate.py": "what the certificates say",
    "wire/html.py": "facts of the page",
    "net/page.py": "facts of the page",
    "net/channel.py": "records of TLS, and reading from the socket",
    "net/fetch.py": "the HTTP exchange",
    "wire/http.py": "the HTTP exchange",
    "wire/streamed.py": "the HTTP exchange",
    "net/mask.py": "masking",
    "runs/": "the journal",
    "codec/": "the journal",
    "net/connect.py": "connecting",
    "net/asking.py": "from ask to steps",
    "asyncio/": "the event loop",
    "selectors.py": "the event loop",
}
"""Parts of a chain's work, by the file of the innermost frame that stands here."""
_RATE = re.compile(r"^Requests per second:\s+([0-9.]+)", re.MULTILINE)
_WRONG = re.compile(r"^(?:Failed requests|Non-2xx responses):\s+([0-9]+)", re.MULTILINE)


def scenario() -> Scenario:
    """One site behind a path without delay: what limits is work."""
    return Scenario(name="chains", path=PathSettings(delay_ms=0.0), site=(Site(name=NAME, addresses=(ADDRESS,)),))


async def _chains(count: int, folder: RunFolder, *, beside: bool = True) -> float:
    """So many chains, each in the journal before another takes its place; their number a second.

    `beside`: the journal is written by another thread, as in a run.
    """
    clock = Clock()
    net = Net(
        clock, limits=Limits(connect=PATIENCE, handshake=PATIENCE, fetch=PATIENCE), roots=os.environ["HUSHMAP_ROOTS"]
    )
    ask = Ask(layer=Layer.HTTP, address=ADDRESS, port=443, url=f"https://{NAME}/", sni=NAME)
    under_way: dict[asyncio.Task[object], tuple[Attempt, float]] = {}
    done, number = 0, 0

    def keep(ended: list[tuple[Attempt, float, object]]) -> None:
        with folder.together():
            for attempt, t0, outcome in ended:
                folder.journal_append(trial_of(attempt, outcome.steps, t0=t0, t=clock.now()), 0)

    async def here(batch: list[tuple[Attempt, float, object]]) -> None:
        keep(batch)

    def begin() -> None:
        nonlocal number
        while number < count and len(under_way) < AT_ONCE - waiting:
            number += 1
            task = asyncio.get_running_loop().create_task(net.ask(ask))
            under_way[task] = (Attempt(id=10_000 + number, ask=ask), clock.now())

    ended: list[tuple[Attempt, float, object]] = []
    writing: asyncio.Future[None] | None = None
    waiting = 0
    began = time.perf_counter()
    while done < count:
        begin()
        if writing is None and ended:
            batch, ended = ended, []
            writing = asyncio.ensure_future(asyncio.to_thread(keep, batch) if beside else here(batch))
            size = len(batch)
        awaited = {*under_way, *(() if writing is None else (writing,))}
        over, _ = await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        for task in over:
            if task is writing:
                writing.result()
                writing, done, waiting = None, done + size, waiting - size
            else:
                attempt, t0 = under_way.pop(task)
                outcome = task.result()
                steps = outcome.steps
                assert len(steps) == 3, outcome
                assert all(step.failure is None for step in steps), outcome
                assert steps[1].valid, outcome
                assert steps[2].page.sketch, outcome
                ended.append((attempt, t0, outcome))
                waiting += 1
    return count / (time.perf_counter() - began)


@contextmanager
def looks() -> Iterator[Counter[str]]:
    """Counts, in which part of the work the processor is, look by look."""
    found: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            file = frame.f_code.co_filename
            part = next((part for place, part in PLACES.items() if f"/{place}" in file), None)
            if part is not None:
                found[part] += 1
                return
            frame = frame.f_back
        found["the rest"] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def inside(count: int, *, profile: bool, counts: bool) -> None:
    """In the lab's client: the chains, with a run's folder of their own."""
    targets = (Target(experiment="web", text=f"https://{NAME}/"),)
    with tempfile.TemporaryDirectory() as base:
        manifest = Manifest(run="chains", started="2026-01-01T00:00:00Z", deck="chains", targets=targets)
        with RunFolder.create(Path(base), "chains", manifest) as folder:
            if counts:
                with looks() as found:
                    asyncio.run(_chains(count, folder, beside=False))
                print(json.dumps(found))
                return
            if not profile:
                print(asyncio.run(_chains(count, folder)))
                return
            profiler = cProfile.Profile(time.process_time)
            profiler.runcall(lambda: asyncio.run(_chains(count, folder, beside=False)))
            for by in ("tottime", "cumtime"):
                pstats.Stats(profiler).sort_stats(by).print_stats(60)


def ours(lab: Lab, count: int = CHAINS) -> float:
    """Chains of ours a second."""
    command = [sys.executable, __file__, "--inside", str(count)]
    return float(_words(lab, command))


def theirs(lab: Lab, count: int = CHAINS) -> float:
    """Requests of `ab` a second."""
    found = _words(lab, ["ab", "-q", "-n", str(count), "-c", str(AT_ONCE), f"https://{NAME}/"])
    rate, wrong = _RATE.search(found), [int(number) for number in _WRONG.findall(found)]
    if rate is None or sum(wrong):
        raise RuntimeError(f"ab did not do what it should:\n{found}")
    return float(rate[1])


def _words(lab: Lab, command: list[str]) -> str:
    process = lab.client(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, words = process.communicate(timeout=300)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {words[-1000:]}")
    return out


def rounds(number: int) -> Iterator[tuple[float, float]]:
    """Rates of ours and theirs, in turn, so that neither is always the first."""
    with ExitStack() as stack:
        lab = stack.enter_context(Lab(scenario()))
        for one in range(number):
            found = {work: work(lab) for work in ((ours, theirs) if one % 2 else (theirs, ours))}
            yield found[ours], found[theirs]


def row(number: int = ROUNDS) -> Row:
    """The bar."""
    found = list(rounds(number))
    ratio = statistics.median(a / b for a, b in found)
    mine, other = (statistics.median(pair[which] for pair in found) for which in (0, 1))
    what = (
        f"endpoint chains with all evidence, journalled ({mine:,.0f} a second) beside `ab` ({other:,.0f} a second), "
        f"{AT_ONCE} at a time through one lab's path, median of {number} rounds"
    )
    return Row(what, f"{BAR} times", f"{ratio:.2f} times", ratio >= BAR)


def shares() -> list[Share]:
    """Where the processor's time of a chain goes, the most first."""
    with Lab(scenario()) as lab:
        found = Counter(json.loads(_words(lab, [sys.executable, __file__, "--inside", str(2 * CHAINS), "--counts"])))
    return [Share(part, f"{count / found.total():.0%}") for part, count in found.most_common()]


def main() -> int:
    """The chains alone."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    options.add_argument("--profile", action="store_true", help="the functions in which the time of ours goes")
    options.add_argument("--counts", action="store_true", help="the parts of the work, by share")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    if given.inside is not None:
        inside(given.inside, profile=given.profile, counts=given.counts)
        return 0
    if given.counts:
        print("\n".join(f"{share.share:>5} {share.part}" for share in shares()))
        return 0
    if given.profile:
        with Lab(scenario()) as lab:
            print(_words(lab, [sys.executable, __file__, "--inside", str(CHAINS), "--profile"]))
        return 0
    if shutil.which("ab") is None:
        print(MISSING)
        return 2
    found = row(given.rounds)
    print(f"load {os.getloadavg()[0]:.1f}; {found.verdict} {found.figure}, bar {found.bar}: {found.what}")
    return 0 if found.met else 1


if __name__ == "__main__":
    sys.exit(main())
