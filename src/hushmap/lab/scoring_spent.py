"""What a run spent on each target: trials, and contacts with the name of the target.

METHOD 5, as the runner counts it for its limit: a contact is one trial of side here whose packets carry the name, a
Resolve of A and AAAA being one; where no connection stood, none did. A void trial was sent all the same. Baselines
carry a harmless name; a word travels in many forms, so that its trial's role says that it travels, and to a helper of
one's own it is no contact.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from hushmap.lab.score import where_of
from hushmap.model import Amend, Layer, Record, Role, Side, Trial


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """On one target."""

    trials: int = 0
    contacts: int = 0
    seconds: float = 0.0
    """From its first trial to the end of its last."""


def read_spent(folder: Path) -> dict[tuple[str, str | None], Spent]:
    """By (target, place of a word), of a run folder."""
    records = _records(folder / "records.jsonl")
    return {(record.target, where_of(record.layer, record.encoding)): spent(record) for record in records}


def spent(record: Record) -> Spent:
    """On the target of a record; what could not be carried out costs nothing."""
    done = [trial for trial in record.trials if trial.undone is None]
    return Spent(
        trials=len(done),
        contacts=sum(_carries(trial, record) for trial in done if trial.sent),
        seconds=round(max((t.t for t in done), default=0.0) - min((t.t0 for t in done), default=0.0), 3),
    )


def _records(path: Path) -> Iterator[Record]:
    decoder = msgspec.json.Decoder(Record | Amend)
    for line in path.read_bytes().splitlines() if path.exists() else ():
        value = decoder.decode(line)
        if isinstance(value, Record):
            yield value


def _carries(trial: Trial, record: Record) -> bool:
    ask = trial.ask
    if trial.side is not Side.HERE or ask.layer is Layer.TCP:
        return False
    if record.layer is not None:
        ours = {record.context.helper, record.context.dark} - {None}
        return trial.role in {Role.SUBJECT, Role.CANARY} and not {ask.address, ask.resolver} & ours
    host = _host(record.target)
    harmless = {name.lower().rstrip(".") for name in record.context.baseline_names}
    carried = {(name or "").lower().rstrip(".") for name in (ask.name, ask.sni, ask.host, _host(ask.url or ""))}
    return host in carried - harmless


def _host(target: str) -> str:
    """The name in a URL; a target that is none is a name."""
    try:
        return (urlsplit(target).hostname or target).rstrip(".")
    except ValueError:  # nothing could be sent to it
        return ""
