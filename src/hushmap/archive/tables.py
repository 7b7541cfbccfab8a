"""The four tables of what was opened, as ibis tables and as pandas frames.

A table is made when it is asked for first: who wants verdicts never waits for steps, and of an archive nothing is
read before a question is. Columns, units and meanings are those of `schema`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import ibis
import ibis.expr.types as ir
import msgspec
import pandas as pd
import pyarrow as pa

from hushmap.archive.asking import MECHANISM, Filters, narrowed, with_mechanism
from hushmap.archive.engine import Engine
from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.runs import RunsError

DTYPES: Mapping[pa.DataType, Any] = {
    pa.string(): pd.StringDtype(na_value=float("nan")),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}
"""What pandas has of each: whole numbers stay whole where some are absent. Days and times are datetime64, lists
objects, float64 is float64."""


class Part(Protocol):
    """Something that was opened: an archive, or records that were judged for this."""

    def files(self, table: str) -> Sequence[str]:
        """The Parquet files of a table."""
        ...

    def held(self, table: str) -> pa.Table | None:
        """What this process holds of it."""
        ...


class Tables:
    """`records`, `steps`, `verdicts`, `triggers` of everything that was opened."""

    def __init__(self, engine: Engine, parts: Iterable[Part]) -> None:
        self._engine, self._parts = engine, tuple(parts)
        self._made: dict[str, ir.Table] = {}

    @property
    def records(self) -> ir.Table:
        """One row a record: what was asked, on which line."""
        return self.table("records")

    @property
    def steps(self) -> ir.Table:
        """One row for each network act."""
        return self.table("steps")

    @property
    def verdicts(self) -> ir.Table:
        """One row for each record that there are rules for."""
        return self.table("verdicts")

    @property
    def triggers(self) -> ir.Table:
        """One row for each trigger that was found."""
        return self.table("triggers")

    def table(self, name: str) -> ir.Table:
        """One of the four.

        Raises:
            RunsError: There is no such table.
        """
        if name not in TABLES:
            raise RunsError(name[:80], "is no table", f"take one of {', '.join(TABLES)}")
        if name not in self._made:
            self._made[name] = self._table(name)
        return self._made[name]

    def where(self, name: str = "verdicts", filters: Filters | None = None, **fields: Any) -> ir.Table:
        """The rows of a table that are meant: `where("verdicts", country=("XE",), since=date(2026, 11, 1))`."""
        meant = msgspec.structs.replace(filters or Filters(), **fields)
        return narrowed(self.table(name), meant, self._others(name))

    def frame(
        self, name: str = "verdicts", filters: Filters | None = None, columns: Sequence[str] = (), **fields: Any
    ) -> pd.DataFrame:
        """The same as a pandas frame, of some columns or of all; in no order."""
        found = self.where(name, filters, **fields)
        if MECHANISM in columns and MECHANISM not in found.columns:
            found = with_mechanism(found)
        return framed(self.arrow(found.select(*columns) if columns else found))

    def batches(self, found: ir.Table) -> Iterator[pa.RecordBatch]:
        """The rows of an answer as they come: one that is larger than memory can be written."""
        schema = found.schema().to_pyarrow()
        # DuckDB adds whole numbers up to decimals, and ibis takes them for what they were.
        return (batch.cast(schema) for batch in self._engine.batches(found))

    def arrow(self, found: ir.Table) -> pa.Table:
        """The rows of an answer; whole numbers and times as they are, whichever engine."""
        return pa.Table.from_batches(self.batches(found), found.schema().to_pyarrow())

    def close(self) -> None:
        """Let go of what is held."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _table(self, name: str) -> ir.Table:
        files = [file for part in self._parts for file in part.files(name)]
        held = [table for part in self._parts if (table := part.held(name)) is not None]
        columns = {column.name: ibis.dtype(column.type) for column in TABLES[name]}
        made = [self._engine.parquet(f"hushmap_{name}_files", files)] if files else []
        if held or not made:
            whole = pa.concat_tables([arrow_schema(name).empty_table(), *held])
            made.append(self._engine.held(f"hushmap_{name}_held", whole))
        alike = [
            table.select(**{column: table[column].cast(kind) for column, kind in columns.items()}) for table in made
        ]
        return alike[0] if len(alike) == 1 else ibis.union(*alike, distinct=False)

    def _others(self, name: str) -> Iterator[ir.Table]:
        """Tables that tell of a record what this one does not, made when they are needed."""
        return (self.table(other) for other in ("records", "verdicts") if other != name)


def framed(table: pa.Table) -> pd.DataFrame:
    """A table of Arrow's as pandas has it, by `DTYPES`."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=DTYPES.get, date_as_object=False)
    return frame
