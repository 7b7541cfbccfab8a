"""`hushmap lab demo --replay`: one recorded lab run through inquiry, judge, table and page again.

Only when asked for, never by itself, and under a banner: nothing is measured. The recording is a run folder as
`hushmap run` left it, shipped with the package; it is never put among the runs of the person who looks at it.
"""

import tempfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec
import zstandard

from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finishing import view
from hushmap.cli.knowing import knowledge
from hushmap.cli.ordering import recorded_helper
from hushmap.cli.run_text import group_lines
from hushmap.cli.show_text import list_lines
from hushmap.cli.wording import count, day
from hushmap.experiments import Baseline, Conditions, open_inquiry
from hushmap.judge import Judged, judge_one
from hushmap.model import Knowledge, Record
from hushmap.report import Entry, write
from hushmap.runs import RUN_ITSELF, Manifest, Reject, Replay, RunFolder

RECORDED = "recorded"
"""Folder of the package hushmap.lab with manifest.json, journal.jsonl and records.jsonl, each perhaps as .zst."""
FILES = ("manifest.json", "journal.jsonl", "records.jsonl")
FIRST_ID = 10_000
"""Attempt ids of target i begin at (i + 1) times this (runner)."""


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    judged: tuple[Judged, ...]
    same: int
    """Inquiries that, told the recorded trials, want nothing more: they end as they did."""


def replay_recorded(base: Path, recording: Traversable | None = None) -> int:
    """Replay the shipped recording; the page is written to BASE/replay/report."""
    source = recording or files("hushmap.lab").joinpath(RECORDED)
    if not any(source.joinpath(f"{FILES[0]}{packed}").is_file() for packed in ("", ".zst")):
        raise Fault("this installation holds no recorded lab run; measure one: hushmap lab demo", Exit.REFUSED)
    with tempfile.TemporaryDirectory(prefix="hushmap-replay-") as temporary:
        folder = RunFolder.open(unpacked(source, Path(temporary)))
        manifest, found = folder.manifest, knowledge()
        recorded = f"recorded on {day(manifest.started)}, seed {manifest.seed}"
        screen.out([f"REPLAY of the lab run {manifest.run}, {recorded}. Nothing is measured."])
        done = replay(folder, found)
    target = base / "replay"
    entries = [Entry(record=one.record, verdict=one.verdict, saying=one.saying) for one in done.judged]
    page = write(target, view(manifest, list(done.judged), found, replay=True), entries)
    screen.out(list_lines(done.judged, manifest.run))
    screen.out(group_lines(done.judged))
    screen.out([
        f"{done.same} of {count(len(done.judged), 'inquiry', 'inquiries')} came to the same end · {page}",
        "REPLAY: nothing was measured.",
    ])  # fmt: skip
    return Exit.DONE


def unpacked(source: Traversable, folder: Path) -> Path:
    """The recording as a run folder on the disk."""
    for name in FILES:
        plain, packed = source.joinpath(name), source.joinpath(f"{name}.zst")
        if packed.is_file():
            with packed.open("rb") as file, (folder / name).open("wb") as out:
                zstandard.ZstdDecompressor().copy_stream(file, out)
        else:
            (folder / name).write_bytes(plain.read_bytes())
    return folder


def replay(folder: RunFolder, known: Knowledge) -> Replayed:
    """Tell every recorded trial to a fresh inquiry, and judge what it then holds."""
    journal = folder.replay()
    given = conditions(folder.manifest, journal, known)
    judged, same = [], 0
    for index, record in _records(folder):
        inquiry = open_inquiry(folder.manifest.targets[index], given, (index + 1) * FIRST_ID)
        for trial in record.trials:
            inquiry.tell(trial)
        inquiry.void(record.context.voids)
        same += not inquiry.ask(record.context.f0)
        judged.append(judge_one(msgspec.structs.replace(record, trials=inquiry.trials), known))
    return Replayed(judged=tuple(judged), same=same)


def _records(folder: RunFolder) -> Iterator[tuple[int, Record]]:
    for record in folder.records():
        if isinstance(record, Reject):
            raise Fault(f"the recorded lab run is damaged ({record.source}: {record.error}); install hushmap again")
        yield int(record.id.rpartition("-")[2]), record


def conditions(manifest: Manifest, journal: Replay, known: Knowledge) -> Conditions:
    """What the inquiries of a recorded run knew of it."""
    helper = recorded_helper(manifest)
    found: dict[str, tuple[str, ...]] = {}
    for trial in journal.of(RUN_ITSELF):
        for step in trial.resolves:
            if step.addresses:
                found.setdefault(step.name, step.addresses)
    return Conditions(
        resolvers=manifest.resolvers,
        comparison_resolvers=manifest.comparison_resolvers,
        baselines=tuple(Baseline(name=name, addresses=found[name]) for name in manifest.baselines if name in found),
        baseline_word=manifest.baseline_word,
        helper=helper is not None,
        helper_address=helper.address if helper else None,
        helper_url=helper.url if helper else None,
        echo_http=helper.http if helper else None,
        echo_tls=helper.tls if helper else None,
        echo_tcp=helper.tcp if helper else None,
        dark=helper.dark_resolver if helper else None,
        ipv6=bool(manifest.options.get("ipv6", False)),
        browser=bool(manifest.options.get("browser", False)),
        networks=bool(manifest.options.get("networks", False)),
        scale=manifest.scale,
        alpha=manifest.alpha,
        targets=max(1, len(manifest.targets)),
        knowledge=known,
    )
