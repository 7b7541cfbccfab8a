"""An engine by its URL."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hushmap.archive import connect
from hushmap.archive.engine import Duck
from hushmap.runs import RunsError

ROWS = pa.table({"day": pa.array([1], pa.date32()), "n": [1]})


@pytest.fixture
def duck():
    """DuckDB in this process."""
    engine = connect()
    yield engine
    engine.close()


def test_files_are_one_table(duck, tmp_path):
    """In folders by day, with any name; a quote in one is part of it."""
    paths = [tmp_path / "it's" / f"day=1970-01-0{number}" / "a.parquet" for number in (2, 3)]
    for path in paths:
        path.parent.mkdir(parents=True)
        pq.write_table(ROWS, path)
    found = duck.parquet("some", [str(path) for path in paths])
    assert found.count().to_pyarrow().as_py() == 2
    assert str(found["day"].type()) == "date"


def test_what_is_held_is_a_table_and_comes_in_batches(duck):
    """As it lies in memory."""
    found = duck.held("held", ROWS)
    assert [batch.num_rows for batch in duck.batches(found)] == [1]


def test_time_is_utc_and_nothing_is_fetched(duck):
    """No extension is loaded from elsewhere, whatever is asked."""
    said = "SELECT current_setting('TimeZone'), current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    assert duck._backend.con.sql(said).fetchall() == [("UTC", False, False)]


def test_what_lies_elsewhere_is_read_by_who_may(tmp_path):
    """A file system that was handed in is asked for the files of its scheme."""
    from fsspec.implementations.memory import MemoryFileSystem

    filesystem = MemoryFileSystem()
    with filesystem.open("/some/day=1970-01-02/a.parquet", "wb") as file:
        pq.write_table(ROWS, file)
    engine = Duck(filesystem)
    assert engine.parquet("some", ["memory:///some/day=1970-01-02/a.parquet"]).count().to_pyarrow().as_py() == 1
    engine.close()


@pytest.mark.parametrize("url", ["", "postgres", "spark:", "spark://", "spark://host", "spark://a b:1", "http://x:1"])
def test_no_other_engine(url):
    """One line says which there are."""
    with pytest.raises(RunsError, match="is no engine; write duckdb, or spark://HOST:PORT"):
        connect(url)


def test_a_cluster_is_asked_for_by_its_url(monkeypatch):
    """Spark is loaded only then."""
    monkeypatch.setattr("hushmap.archive.spark.Spark", lambda url: f"engine of {url}")
    assert connect("spark://127.0.0.1:7077") == "engine of spark://127.0.0.1:7077"
