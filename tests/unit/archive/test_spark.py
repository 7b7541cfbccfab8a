"""Spark as an engine, without one: what is told to it. What it answers is tested in tests/spark."""

import pyarrow as pa
import pytest

from hushmap.archive import spark
from hushmap.archive.spark import Spark
from hushmap.runs import RunsError


class Told:
    """Stands for whatever of PySpark: remembers what it was told."""

    def __init__(self, *, fails=False):
        self.told, self.fails, self.ended = {}, fails, 0
        self.read = self.conf = self

    def master(self, url):
        self.told["master"] = url
        return self

    def appName(self, name):  # noqa: N802 (theirs)
        self.told["name"] = name
        return self

    def config(self, name, value):
        self.told[name] = value
        return self

    set = config

    def getOrCreate(self):  # noqa: N802 (theirs)
        if self.fails:
            raise RuntimeError("all masters are unresponsive")
        return self

    def newSession(self):  # noqa: N802 (theirs)
        return self

    def parquet(self, *files):
        self.told["files"] = files
        return self

    def createDataFrame(self, table):  # noqa: N802 (theirs)
        self.told["held"] = table
        return self

    def createOrReplaceTempView(self, name):  # noqa: N802 (theirs)
        self.told["view"] = name

    def table(self, name):
        return f"table {name}"

    def compile(self, found):
        return f"SELECT {found}"

    def sql(self, text):
        self.told["sql"] = text
        return self

    def toArrow(self):  # noqa: N802 (theirs)
        return pa.table({"n": [1, 2]})

    def stop(self):
        self.ended += 1


@pytest.fixture
def begun(monkeypatch):
    """PySpark is `Told`, and Java is here."""

    def made(active=None, **more):
        told = Told(**more)
        session = type("SparkSession", (), {"builder": told, "getActiveSession": staticmethod(lambda: active)})
        monkeypatch.setattr(spark, "SparkSession", session)
        monkeypatch.setattr(spark.ibis, "pyspark", type("pyspark", (), {"connect": lambda _: told}), raising=False)
        monkeypatch.setattr(spark.shutil, "which", lambda _: "/usr/bin/java")
        monkeypatch.setenv("SPARK_LOCAL_IP", "192.0.2.1")
        return told

    return made


def test_days_are_utc_and_no_door_is_opened(begun):
    """The session's time zone is set; on loopback workers call back on loopback; no page is served."""
    told = begun()
    Spark("spark://127.0.0.1:7077")
    assert told.told["spark.sql.session.timeZone"] == "UTC"
    assert (told.told["master"], told.told["spark.ui.enabled"]) == ("spark://127.0.0.1:7077", "false")
    assert told.told["spark.driver.bindAddress"] == "127.0.0.1"


def test_a_cluster_elsewhere_calls_back_under_this_computer_s_name(begun):
    """Nothing is said of addresses there: whoever runs the cluster has settings for that."""
    told = begun()
    Spark("spark://cluster.example:7077")
    assert "spark.driver.host" not in told.told


def test_files_and_what_is_held_are_views_and_come_as_arrow(begun):
    """By their names; answers come in batches, not by way of pandas."""
    told = begun()
    engine = Spark("spark://127.0.0.1:7077")
    assert engine.parquet("some", ["a", "b"]) == "table some"
    assert (told.told["files"], told.told["view"]) == (("a", "b"), "some")
    assert engine.held("other", "rows") == "table other"
    assert told.told["held"] == "rows"
    assert [batch.num_rows for batch in engine.batches("x")] == [2]
    assert told.told["sql"] == "SELECT x"


def test_only_what_was_begun_here_is_ended(begun):
    """A session that was there before stays."""
    told = begun()
    Spark("spark://127.0.0.1:7077").close()
    assert told.ended == 1
    lent = Told()
    begun(active=lent)
    Spark("spark://127.0.0.1:7077").close()
    assert lent.ended == 0


def test_no_java_and_no_master_are_one_line(begun, monkeypatch):
    """Each with its remedy."""
    begun(fails=True)
    with pytest.raises(RunsError, match="no session was given: all masters are unresponsive; see whether"):
        Spark("spark://127.0.0.1:7077")
    monkeypatch.setattr(spark.shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(RunsError, match="Spark needs Java, which is not here; apt install openjdk-17-jre-headless"):
        Spark("spark://127.0.0.1:7077")
