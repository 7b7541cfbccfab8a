"""`hushmap export`: records as one file for other tools."""

import gzip
import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.export_rows import COLUMNS, line, row
from hushmap.cli.export_text import FORMS, ExportText, Why, exported_object, left_out_lines, lines
from hushmap.cli.fault import Fault
from hushmap.cli.given import MANIFEST, given
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.codec import write_ooni
from hushmap.detect import TABLES, WORD_EXPERIMENTS, TriggerRow, trigger_rows
from hushmap.judge import Found, found_in, found_in_run, judge_one
from hushmap.model import Knowledge, Record
from hushmap.runs import Reject

if TYPE_CHECKING:
    from hushmap.cli.export_parquet import Sheet

TRIGGER_COLUMNS = TriggerRow.__struct_fields__
OURS = "web"
"""The experiment that OONI has a test for."""


@examples(
    "hushmap export --format ooni 20261121T2233Z-3f9c -o records.jsonl.gz",
    "hushmap export --format csv 20261121T2233Z-3f9c -o sites.csv",
    "hushmap export --format csv --triggers 20261121T2233Z-3f9c -o triggers.csv",
)
@click.command("export")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMS]),
    required=True,
    help="ooni: OONI's web_connectivity, for its tools; csv: one row a record with its verdict, for a spreadsheet; "
    "parquet: the same in an archive's columns, typed (extra: archive); "
    "json: with --triggers, one object a line.",
)
@click.option(
    "--triggers",
    is_flag=True,
    help="csv, parquet, json: the table of triggers, one row for each that was found, in place of one row a record.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; packed if its name ends in .gz.",
)
@click.option("--overwrite", is_flag=True, help="Put the new file in the place of one that is there.")
@marks_option("csv, parquet, json: block notices")
@json_option
def command(
    *,
    paths: tuple[str, ...],
    form: str,
    triggers: bool,
    output: Path,
    overwrite: bool,
    marks: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Write the records at PATH as one file for other tools. It stays on this computer; nothing is published.

    PATH is what judge takes: a run folder, a run's id, a file or folder of records (.json, .jsonl, .gz, .zst), s3://,
    https://, or - for stdin. What a file in OONI's format holds of a record, and what it leaves out, is told in
    docs/reference/ooni.md.
    """
    if form == "ooni" and marks:
        raise Fault("--fingerprints is for csv, parquet and json: a file in OONI's format holds no verdict")
    if triggers is not (form == "json") and form not in {"csv", "parquet"}:
        what = "OONI's format has no place for triggers" if triggers else "json is the table of triggers: --triggers"
        raise Fault(f"--format {form}: {what}; take csv")
    _look(output, overwrite=overwrite)
    export = Export(form, Knowledge() if form == "ooni" else knowledge(marks), triggers=triggers)
    with drafted(output) as file:
        export.fill(file, paths, output)
        if not export.written and not export.looked:
            why = ",".join(left_out_lines(export.left_out, export.first_fault)) or "there is none"
            raise Fault(f"no record was written: {why}")
    with output.open("rb") as done:
        sha256 = hashlib.file_digest(done, "sha256").hexdigest()
    text = ExportText(
        file=str(output),
        form=form,
        written=export.written,
        bytes=output.stat().st_size,
        sha256=sha256,
        left_out=export.left_out,
        first_fault=export.first_fault,
        triggers=triggers,
    )
    if as_json:
        screen.out_json(exported_object(text))
    else:
        screen.notes(lines(text))


def _look(output: Path, *, overwrite: bool) -> None:
    """Refuse to write where something would be lost."""
    if output.is_dir():
        raise Fault(f"{output}: is a folder; give a file to write")
    if (output.parent / MANIFEST).exists():
        raise Fault(f"{output}: is in a run folder, which holds only what the run left; write elsewhere")
    if output.exists() and not overwrite:
        raise Fault(f"{output}: is there already; take another name, or give --overwrite")


@contextmanager
def drafted(path: Path) -> Iterator[BinaryIO]:
    """A file that stands at `path` once it is whole, for its owner's eyes; nothing of it is left if it is not."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as plain:
            if path.suffix == ".gz":
                # Without a name or time in it, the same records are the same bytes.
                with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:
                    yield packed  # type: ignore[misc]  # GzipFile writes as a BinaryIO does
            else:
                yield plain
        beside.replace(path)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; make room, or write elsewhere") from None
    finally:
        beside.unlink(missing_ok=True)


def found_at(text: str, output: Path) -> Iterator[Found | Reject]:
    """The records at one PATH; a Fault if `output` is one of its files."""
    path = given(text)
    if path.run is not None:
        yield from found_in_run(path.run)
        return
    for one in path.inputs():
        if one.path is not None and output.exists() and one.path.samefile(output):
            raise Fault(f"{output}: is what is to be read; write elsewhere")
        yield from found_in(one, path.called(one))


def _sheet(*, triggers: bool) -> "Sheet":
    """A table in the making.

    Raises:
        Fault: What makes it is not installed.
    """
    try:
        from hushmap.cli.export_parquet import Sheet  # noqa: PLC0415 (needs an extra, which csv does not)
    except ModuleNotFoundError as missing:
        raise Fault(f"--format parquet: {missing.name} is not installed; pip install 'hushmap[archive]'") from None
    return Sheet(triggers=triggers)


class Export:
    """What goes into the file, and what does not."""

    def __init__(self, form: str, known: Knowledge, *, triggers: bool = False) -> None:
        self.written = 0
        self.looked = 0
        """Records whose triggers were looked for: that there are none is a table too."""
        self._triggers = triggers
        self.first_fault = ""
        self._form, self._knowledge = form, known
        self._sheet = _sheet(triggers=triggers) if form == "parquet" else None
        self._left: Counter[tuple[Why, str]] = Counter()
        self._seen: set[str] = set()

    @property
    def left_out(self) -> tuple[tuple[Why, str, int], ...]:
        """Why, of which test, how many."""
        return tuple((why, test, number) for (why, test), number in sorted(self._left.items()))

    def fill(self, file: BinaryIO, paths: tuple[str, ...], output: Path) -> None:
        """Write every record at `paths` that can be.

        Raises:
            Fault: `output` would take the place of one of them.
        """
        if self._form == "csv":
            file.write(line(TRIGGER_COLUMNS if self._triggers else COLUMNS))
        for path in paths:
            for found in found_at(path, output):
                if isinstance(found, Reject):
                    self._leave(Why.UNREADABLE, fault=f"{found.source}: {found.error}")
                else:
                    self._record(file, found)
        if self._sheet is not None:
            file.write(self._sheet.data())
            self.written = self._sheet.rows

    def _record(self, file: BinaryIO, found: Found) -> None:
        reason = self._reason(found.record)
        if reason is not None:
            self._leave(*reason)
            return
        if self._sheet is not None:
            self._sheet.add(judge_one(found.record, self._knowledge, source=found.source))
            self.looked += self._triggers
            return
        if self._triggers:
            for data in self._rows(found):
                file.write(data)
                self.written += 1
            self.looked += 1
            return
        try:
            data = self._data(found)
        except ValueError as error:
            self._leave(Why.UNWRITABLE, fault=f"{found.source}: {error}")
        else:
            file.write(data)
            self.written += 1

    def _reason(self, record: Record) -> tuple[Why, str] | None:
        """Why a record has no place in the file."""
        foreign = record.source is not None and record.experiment != OURS
        if not foreign and record.id in self._seen:
            return Why.TWICE, ""
        if not foreign:
            # Ours are easily given twice, as a run and as its file; foreign files may be larger than any memory.
            self._seen.add(record.id)
        if record.personal:
            return Why.PERSONAL, ""
        if self._triggers and record.experiment not in WORD_EXPERIMENTS:
            return Why.NO_WORD, record.experiment
        if self._form != "ooni":
            return None if record.experiment in TABLES else (Why.NO_RULES, record.experiment)
        if foreign:
            return Why.FOREIGN, ""
        if record.experiment != OURS:
            return Why.NO_TEST, record.experiment
        return (Why.CANARY, "") if record.canary else None

    def _data(self, found: Found) -> bytes:
        if self._form == "ooni":
            return write_ooni(found.record)
        return line(row(judge_one(found.record, self._knowledge, source=found.source)))

    def _rows(self, found: Found) -> Iterator[bytes]:
        judged = judge_one(found.record, self._knowledge, source=found.source)
        for one in trigger_rows(judged.verdict, judged.record):
            told = {name: getattr(one, name) for name in TRIGGER_COLUMNS}
            yield line(told.values()) if self._form == "csv" else msgspec.json.encode(told) + b"\n"

    def _leave(self, why: Why, test: str = "", fault: str = "") -> None:
        self._left[why, test] += 1
        self.first_fault = self.first_fault or fault
