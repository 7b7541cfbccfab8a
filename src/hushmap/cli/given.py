"""What a person gave as PATH: a run, or something that holds records."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

import msgspec

from hushmap import inputs
from hushmap.cli import screen
from hushmap.cli.asking import may_lead
from hushmap.cli.fault import Fault
from hushmap.cli.options import RUNS
from hushmap.runs import Input, RunsError, find

STDIN = "-"
MANIFEST = "manifest.json"
ARCHIVE = "archive.json"
"""Makes a folder an archive, which holds tables and no record whole."""
REJECTED = ".rejected.jsonl"
"""So end names of files that judge itself writes; in a folder they are not read again."""
_ENDINGS = (".gz", ".zst", ".jsonl", ".json")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One PATH."""

    text: str
    """As it was typed."""
    run: Path | None = None
    """The run folder, if it is one."""
    inputs: Callable[[], Iterator[Input]] = lambda: iter(())
    """What holds the records, if it is none."""

    @property
    def stem(self) -> str:
        """What files about it are named after: `2026-11` of `data/2026-11.jsonl.gz`."""
        name = "stdin" if self.text == STDIN else self.text.partition("?")[0].rstrip("/").rpartition("/")[2]
        for ending in _ENDINGS:
            name = name.removesuffix(ending)
        kept = "".join(char if char.isalnum() or char in "._-" else "-" for char in name)
        return kept.lstrip(".")[:100] or "records"

    def called(self, one: Input) -> str:
        """What a source calls an input of it: the file's name, or in a folder the way from there."""
        if "://" in one.name:
            return one.name
        inner = one.name.removeprefix(f"{self.text.rstrip('/')}/")
        return inner if inner != one.name else one.name.rpartition("/")[2]


def given(text: str) -> Given:
    """What is meant by a PATH.

    Raises:
        Fault: There is nothing.
    """
    if text == STDIN:
        return Given(text=text, inputs=lambda: iter((_stdin(),)))
    path = text if "://" in text and not Path(text).exists() else where(text)
    if isinstance(path, Path) and (path / MANIFEST).is_file():
        return Given(text=text, run=path)
    if isinstance(path, Path) and (path / ARCHIVE).is_file():
        return Given(text=text, inputs=lambda: _whole(text))
    return Given(
        text=text, inputs=lambda: (one for one in inputs(path, screen.note, may_lead) if not _written(one, text))
    )


def bare(path: str | Path) -> str:
    """A PATH as others may see it: its last part, for folders carry names of people; of an address nothing secret."""
    text = str(path)
    if "://" in text and not Path(text).exists():
        scheme, _, rest = text.partition("://")
        host, slash, way = rest.partition("?")[0].partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{way}"
    return Path(text).name or text


def _whole(archive: str) -> NoReturn:
    """Records of an archive, which are asked for where there are none."""
    whom = "it answers hushmap query, incidents, report and explore"
    raise Fault(f"{archive}: is an archive, which holds no whole records; {whom}; give what it was made of")


def where(name: str) -> Path:
    """The file or folder of this computer that is meant.

    Raises:
        Fault: There is none.
    """
    path = Path(name)
    if path.exists():
        return path
    if "/" not in name:
        try:
            return find(RUNS, name)
        except RunsError:
            raise Fault(f"{name}: there is no such file, folder or run; see the runs: hushmap runs") from None
    raise Fault(f"{name}: there is no such file or folder; check the name")


def _written(one: Input, text: str) -> bool:
    """Whether judge itself wrote it, about others of the same folder."""
    return one.name.endswith(REJECTED) and one.name != text


class _Pipe(io.RawIOBase):
    """Standard input as an input: given as it comes, and not closed."""

    def read(self, size: int = -1) -> bytes:
        """What is there, as soon as something is."""
        data: bytes = getattr(sys.stdin.buffer, "read1", sys.stdin.buffer.read)(size)
        return data


def _stdin() -> Input:
    return Input(name="stdin", open=lambda: cast("BinaryIO", _Pipe()))
