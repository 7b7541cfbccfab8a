"""The files that a site has for machines are read by those who did not write them.

`datapackage.json` by frictionless, which opens every file that it names, counts bytes, takes hashes, and reads each
value as the type that is told; `CITATION.cff` by a reader of YAML, against the schema of the Citation File Format.
"""

import csv
import gzip
import hashlib
import json
from datetime import date

import frictionless
import jsonschema
import pyarrow.parquet as pq
import pytest
import yaml

from house import ROOT
from hushmap.archive import Tables, connect
from hushmap.report.site.book import About, Correction
from hushmap.report.site.citing import citation, package
from hushmap.report.site.downloads import write
from unit.archive.test_tables import Part
from unit.archive.verdicts import table
from unit.report.site.books import book, making
from unit.report.site.happened import incidents
from unit.report.site.test_downloads import ROWS, WORD
from unit.report.test_page import HOSTILE

LIMIT = csv.field_size_limit()


@pytest.fixture(autouse=True)
def limit():
    """Frictionless raises the limit of Python's own reader for the whole process; other tests are to meet it."""
    yield
    csv.field_size_limit(LIMIT)


CFF = json.loads((ROOT / "tests/schemas/cff-1.2.0.json").read_text("utf-8"))
FIXED = (Correction(version=2, day=date(2026, 11, 22), text="Net-B added"),)
ABOUTS = {
    "bare": About(title="Three days"),
    "whole": About(
        title="Three days", contact="group@example.org", licence="CC-BY-4.0", version=2, corrections=FIXED, lab=True
    ),
    "a licence of its own": About(title="Three days", licence="ask us"),
    **{f"hostile {number}": About(title=text, contact=text, licence=text) for number, text in enumerate(HOSTILE)},
}


@pytest.fixture
def site(tmp_path):
    """A folder with every file, and its package."""
    told = book(about=ABOUTS["whole"], incidents=incidents())
    part = Part(verdicts=table("verdicts", *ROWS), triggers=table("triggers", WORD))
    with Tables(connect(), [part]) as tables:
        files = write(tmp_path, tables, told)
    (tmp_path / "datapackage.json").write_bytes(package(making(book=told, downloads=files)))
    return tmp_path


def faults(folder):
    """(file, kind of fault) of everything that frictionless finds wrong with a package and its CSV files.

    It takes the columns of a JSON Lines file from its first line and reads Parquet through pandas, whole numbers with
    gaps as fractions: these two are read by readers of their own below.
    """
    package = frictionless.Package(str(folder / "datapackage.json"))
    assert [error.type for error in frictionless.Package.validate_descriptor(package.to_descriptor()).errors] == []
    for resource in [*package.resources]:
        if resource.format != "csv":
            package.remove_resource(resource.name)
    report = package.validate()
    assert len(report.tasks) >= 4
    return {(task.name, error.type) for task in report.tasks for error in task.errors}


def test_a_stranger_reads_the_package(site):
    """Of each CSV file its length, hash and columns, and each value as the type that is told."""
    assert faults(site) == set()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(b"2026-11-21", b"yesterday!", "type-error"), (b'"tests"', b'"teste"', "incorrect-label")],
)
def test_the_stranger_sees_what_is_not_so(site, before, after, kind):
    """A value of another type, a column of another name, and in both a hash that does not hold."""
    path = site / "downloads/targets.csv"
    path.write_bytes(path.read_bytes().replace(before, after))
    assert {("targets-csv", kind), ("targets-csv", "hash-count")} <= faults(site)


def test_every_file_has_the_length_hash_and_columns_that_are_told(site):
    """The other formats too: a line of JSON has no other names, Parquet has all, in their order."""
    told = json.loads((site / "datapackage.json").read_text("utf-8"))["resources"]
    assert {one["format"] for one in told} == {"csv", "jsonl", "parquet"}
    for one in told:
        data = (site / one["path"]).read_bytes()
        assert (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}") == (one["bytes"], one["hash"])
        names = [field["name"] for field in one["schema"]["fields"]]
        if one["format"] == "parquet":
            assert pq.read_schema(site / one["path"]).names == names
        if one["format"] == "jsonl":
            rows = [json.loads(line) for line in gzip.decompress(data).splitlines()]
            assert [[name for name in names if name in row] for row in rows] == [[*row] for row in rows]


@pytest.mark.parametrize("about", ABOUTS.values(), ids=ABOUTS)
def test_the_citation_is_one_by_its_own_schema(about):
    """Whatever a group calls itself and its licence."""
    read = yaml.load(citation(making(book=book(about=about))), yaml.BaseLoader)
    jsonschema.Draft7Validator(CFF, format_checker=jsonschema.FormatChecker()).validate(read)


def test_the_schema_refuses_what_is_no_citation():
    """The check can fail: without authors, with a licence of no name, with a date that is none."""
    read = yaml.load(citation(making(book=book(about=ABOUTS["whole"]))), yaml.BaseLoader)
    for broken in ({"authors": []}, {"license": "ours"}, {"date-released": "soon"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft7Validator(CFF).validate(read | broken)
