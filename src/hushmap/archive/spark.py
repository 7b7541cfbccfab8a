"""Apache Spark as an engine: the same questions to a cluster that reads the same files.

The session is made here and nowhere else. It runs in UTC, or days would move (see `asking`); the workers must see the
archive's files under the same names, on a shared disk or in a bucket.
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
_PARTS = 16
"""Parts of a shuffle, of which Spark has 200 by itself: a table of groups is small, and each part costs 5 to 10 ms.
own knowledge, unchecked."""


class Spark:
    """A cluster, by the URL of its master."""

    def __init__(self, url: str) -> None:
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            raise RunsError(url, "Spark needs Java, which is not here", "apt install openjdk-17-jre-headless")
        builder = (
            SparkSession.builder.master(url)
            .appName("hushmap")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", _PARTS)
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
        if url.removeprefix("spark://").rpartition(":")[0] in _LOOPBACK:
            # Workers ask the driver back under its name; on loopback no other interface is to be opened.
            builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        try:
            self._session = builder.getOrCreate()
        except (PySparkException, RuntimeError) as error:
            shown = " ".join(str(error).split()) or type(error).__name__
            raise RunsError(url, f"no session was given: {shown}", "see whether the master is up") from None
        self._session.sparkContext.setLogLevel("ERROR")
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
        """As the driver has them, when it has all."""
        yield from found.to_pyarrow().to_batches()

    def close(self) -> None:
        """End the session; the cluster stays."""
        self._session.stop()
