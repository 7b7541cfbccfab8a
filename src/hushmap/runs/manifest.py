"""What a run set out to do, written once before the first packet and never changed.

Everything that an inquiry may know of the run is here, so that `--resume` puts the same questions in the same order
to the same resolvers. The probe's own address is nowhere in it, nor the helper's token.
"""

import msgspec

from hushmap.model import Software, Target, Vantage
from hushmap.runs.errors import one_line

MANIFEST = 1
"""Schema number of manifest.json. Old numbers are read for ever."""
_SHOWN = 12
"""Digits of another schema number that an error repeats: a damaged one can have thousands."""


class PartRef(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the deck: which list, and exactly which bytes of it."""

    experiment: str
    list: str
    sha256: str


class Repeats(msgspec.Struct, frozen=True, kw_only=True):
    """Which targets of which run are asked about again."""

    run: str
    which: str
    """`undecided`, `blocked`, or what was named."""


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One run as planned."""

    v: int = MANIFEST
    run: str
    """`20261121T2233Z-3f9c`."""
    started: str
    """UTC of the run clock's zero, `YYYY-MM-DDTHH:MM:SSZ`."""
    deck: str
    deck_sha256: str = ""
    parts: tuple[PartRef, ...] = ()
    seed: int = 0
    targets: tuple[Target, ...]
    """In the order in which they are asked; a target's place in it is its index everywhere in the run."""
    off: dict[str, int] = msgspec.field(default_factory=dict)
    """How many rows stayed off, by category (`none`: without one)."""
    baselines: tuple[str, ...] = ()
    baseline_word: str = ""
    resolvers: tuple[str, ...] = ()
    comparison_resolvers: tuple[str, ...] = ()
    software: Software = msgspec.field(default_factory=Software)
    vantage: Vantage = msgspec.field(default_factory=Vantage)
    consent: str = ""
    """`Consent.ref` of what the person agreed to."""
    knowledge: str = ""
    """Hash of fingerprints and networks (`Knowledge.sha256`)."""
    alpha: float = 0.01
    scale: float = 1.0
    limits: dict[str, float] = msgspec.field(default_factory=dict)
    helper: str | None = None
    """The helper's address, or the URL of one of OONI's kind; never a token."""
    label: str = ""
    """What ties the runs of a group together (UX 6)."""
    series: str = ""
    """The series of which it is a cycle (series.py); empty of a run that stands alone."""
    cycle: int = 0
    """Which of the series' cycles it is, from 1."""
    repeats: Repeats | None = None
    """The run whose targets, or some of them, it asks about once more."""
    options: dict[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)
    """What else was asked for on the command line."""


def encode_manifest(manifest: Manifest) -> bytes:
    """manifest.json, indented for people."""
    data = msgspec.json.encode({"v": manifest.v, **msgspec.to_builtins(manifest)})
    return msgspec.json.format(data, indent=1) + b"\n"


def decode_manifest(data: bytes) -> Manifest:
    """The manifest in `data`; ValueError, one line with the field's path, if it is none."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    except ValueError as error:  # it quotes what it cannot take, however long
        raise ValueError(one_line(error)) from error
    if not 1 <= manifest.v <= MANIFEST:
        number = str(manifest.v)
        shown = number if len(number) <= _SHOWN else f"{number[:_SHOWN]}..."
        raise ValueError(f"schema number {shown} is not one that this Hushmap reads (1 to {MANIFEST})")
    return manifest
