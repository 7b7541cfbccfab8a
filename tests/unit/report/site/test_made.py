"""Files for others, as values."""

import subprocess
import sys

import msgspec

from hushmap.report.site.made import Download, Field


def test_a_file_is_told_whole():
    """Its columns, length and hash go into JSON and come back as they were."""
    field = Field(name="n", kind="int64", what="Of so many")
    file = Download(
        name="targets", path="downloads/targets.csv", format="csv", rows=2, length=9, sha256="ab", fields=(field,)
    )
    assert msgspec.json.decode(msgspec.json.encode(file), type=Download) == file
    assert field.unit == ""


def test_who_tells_of_files_needs_not_what_writes_them():
    """The values load neither arrow nor an engine."""
    heavy = "import sys, hushmap.report.site.made; print({'pyarrow', 'duckdb', 'ibis'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
