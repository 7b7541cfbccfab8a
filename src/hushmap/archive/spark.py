"""Apache Spark as an engine: the same questions to a cluster that reads the same files.

The session is made here and nowhere else. It runs in UTC, or days would move (see `asking`); the workers must see the
archive's files under the same names, on a shared disk or in a bucket that they were told how to read.
"""

import os
import shutil
from collections.abc import Iterator, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from hushmap.runs import RunsError

_LOOPBACK = ("127.0.0.1", "localhost")
_OF_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "16",
}
"""Spark cuts a shuffle into 200 parts by itself: a table of groups is small, and each part costs some milliseconds.
own knowledge, unchecked."""


class Spark:
    """A cluster, by the URL of its master."""

    def __init__(self, url: str) -> None:
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise RunsError(url, "Spark needs Java, which is not here", "apt install openjdk-17-jre-headless")
        self._lent = SparkSession.getActiveSession()
        try:
            # A session of its own: names of tables are no one else's, though the cluster's workers may be.
            self._session = (self._lent or _begun(url)).newSession()
        except (PySparkException, RuntimeError) as error:
            shown = " ".join(str(error).split()) or type(error).__name__
            raise RunsError(url, f"no session was given: {shown}", "see whether the master is up") from None
        for name, value in _OF_SESSION.items():
            self._session.conf.set(name, value)
        self._backend = ibis.pyspark.connect(self._session)

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """A view of the files, which every worker has to see under these names."""
        self._session.read.parquet(*files).createOrReplaceTempView(name)
        return self._backend.table(name)

    def held(self, name: str, table: pa.Table) -> ir.Table:
        """The table, handed to the cluster."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)
        return self._backend.table(name)

    def batches(self, found: ir.Table) -> Iterator[pa.RecordBatch]:
        """As the driver has them, when it has all; not by way of pandas, where whole numbers would not stay so."""
        yield from self._session.sql(self._backend.compile(found)).toArrow().to_batches()

    def close(self) -> None:
        """End what was begun here; the cluster stays."""
        if self._lent is None:
            self._session.stop()


def _begun(url: str) -> SparkSession:
    builder = (
        SparkSession.builder.master(url)
        .appName("hushmap")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
    )
    if url.removeprefix("spark://").rpartition(":")[0] in _LOOPBACK:
        # Workers call the driver back under its name; on loopback no other interface is to be opened.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    return builder.getOrCreate()
