"""The documented loss: every field has its row, and a row says what is so."""

import json

import msgspec
import pytest

from golden.ooni_export import record
from hushmap.codec import OONI_KEYS, OONI_LEFT_OUT, OONI_LOSS, Fate, project, read_ooni, write_ooni
from hushmap.model import (
    Answer,
    Connect,
    Exchange,
    Fetch,
    Handshake,
    Hop,
    Page,
    Record,
    Resolve,
    Software,
    Source,
    Trial,
    Vantage,
)

ROWS = {row.field: row for row in OONI_LOSS}
SHARED = ("t0", "t", "failure", "detail")
"""Fields of every step, which stand once."""
STEPS = (Resolve, Connect, Handshake, Fetch, Exchange, Hop)


def fields():
    """Every field that the table has to tell of."""
    for kind in (Record, Vantage, Software, Trial, Answer, Page, *STEPS):
        for name in kind.__struct_fields__:
            if kind not in STEPS or name not in SHARED:
                yield f"{kind.__name__}.{name}"
    yield from (f"Step.{name}" for name in SHARED)


def test_every_field_has_its_row():
    """No field of a record can be added without a word on what becomes of it, and no row tells of none."""
    whole, more = {"Record.vantage", "Record.software"}, {"Context.helper", "Resolve.t"}
    assert set(ROWS) == set(fields()) - whole | more
    assert len(ROWS) == len(OONI_LOSS)


def test_what_a_reader_misses_has_its_why():
    """Whatever OONI's keys do not say has a reason, or says where it is instead."""
    assert [row.field for row in OONI_LOSS if row.fate in {Fate.OURS, Fate.GONE} and len(row.why.split()) < 2] == []


def test_only_what_the_table_calls_gone_is_gone():
    """`project` leaves out exactly these fields, and the file does the same."""
    source = Source(file="x", offset=1, uid="u", sha256="00")
    whole = msgspec.structs.replace(record(), source=source)
    found = msgspec.structs.replace(read_ooni(write_ooni(whole)), source=None)
    changed = {name for name in Record.__struct_fields__ if getattr(project(whole), name) != getattr(whole, name)}
    assert {f"Record.{name}" for name in changed} == {row.field for row in OONI_LOSS if row.fate is Fate.GONE}
    assert found == project(whole)


@pytest.mark.parametrize("row", [row for row in OONI_LOSS if row.fate is Fate.SAME], ids=lambda row: row.field)
def test_the_keys_of_the_table_are_there(row):
    """Each key that the table names is in a file."""
    line = write_ooni(record()).decode()
    for key in row.key.replace("[]", "").split(", "):
        for part in key.split("."):
            assert f'"{part}":' in line, part


def test_the_other_tables():
    """Each array has its words; each kind of trial that is left out has its reason."""
    keys = json.loads(write_ooni(record()))["test_keys"]
    named = {
        name for names, _ in OONI_KEYS for name in names.replace(" and the verdict's other keys", "").split(", ")
    }
    assert named <= set(keys)
    assert {name for name, value in keys.items() if value and isinstance(value, list | dict)} <= named
    assert all(len(why.split()) >= 2 for _, why in (*OONI_KEYS, *OONI_LEFT_OUT))
