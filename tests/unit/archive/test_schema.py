"""The columns of the tables."""

import pyarrow as pa
import pytest

from hushmap.archive.schema import KEYS, TABLES, arrow_schema


@pytest.mark.parametrize("table", TABLES)
def test_every_table_begins_with_the_keys_and_names_each_column_once(table):
    """Any two tables can be joined, and no name is used twice; each column says what it is."""
    columns = TABLES[table]
    assert columns[: len(KEYS)] == KEYS
    assert len({column.name for column in columns}) == len(columns)
    assert all(column.what == column.what.strip() != "" for column in columns)


@pytest.mark.parametrize("table", TABLES)
def test_arrow_has_the_same_columns(table):
    """The schema that is written is the one that is documented."""
    schema = arrow_schema(table)
    assert schema.names == [column.name for column in TABLES[table]]
    assert schema.types == [column.type for column in TABLES[table]]
    assert schema.field("day").type == pa.date32()


def test_a_column_of_one_name_has_one_type():
    """What two tables both have is of one type in both."""
    types = {(column.name, column.kind) for columns in TABLES.values() for column in columns}
    assert len(types) == len({name for name, _ in types})
