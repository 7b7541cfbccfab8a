"""From a run folder to its verdicts and page: after a run, and again whenever rules or fingerprints got better."""

import msgspec

from hushmap.detect import RULES_VERSION
from hushmap.judge import Judged, judged_path
from hushmap.model import Knowledge
from hushmap.report import Entry, RunView, write
from hushmap.runs import Manifest, Reject, RunFolder

LAB = "lab"
"""The manifest's option that says that the network was the lab's."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """A run folder, judged."""

    judged: tuple[Judged, ...]
    rejects: tuple[Reject, ...]
    page: str


def verdict_line(found: Judged) -> bytes:
    """One line of verdicts.jsonl."""
    return msgspec.json.encode(found.object) + b"\n"


def finish(folder: RunFolder, knowledge: Knowledge) -> Finished:
    """Judge every record of a run; verdicts.jsonl and the page are written anew."""
    judged: list[Judged] = []
    rejects: list[Reject] = []
    for found in judged_path(folder.path, knowledge):
        if isinstance(found, Judged):
            judged.append(found)
        elif isinstance(found, Reject):
            rejects.append(found)
    if rejects:
        folder.set_aside(rejects)
    folder.write_verdicts(map(verdict_line, judged))
    entries = [Entry(record=one.record, verdict=one.verdict, saying=one.saying) for one in judged]
    page = write(folder.path, view(folder.manifest, judged, knowledge), entries)
    return Finished(judged=tuple(judged), rejects=tuple(rejects), page=str(page))


def view(manifest: Manifest, judged: list[Judged], knowledge: Knowledge, *, replay: bool = False) -> RunView:
    """What the page says of the run as a whole."""
    return RunView(
        run=manifest.run,
        title=manifest.deck,
        started=manifest.started,
        ended=max((one.record.ended for one in judged), default=manifest.started),
        vantage=manifest.vantage,
        software=manifest.software,
        deck=manifest.deck,
        deck_sha256=manifest.deck_sha256,
        rules=RULES_VERSION,
        knowledge=knowledge.sha256,
        helper=manifest.helper is not None,
        planned=len(manifest.targets),
        scale=manifest.scale,
        lab=bool(manifest.options.get(LAB, False)),
        replay=replay,
    )
