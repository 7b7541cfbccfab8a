"""The data page and the files for machines: whole, bounded, and the same for the same site."""

import json
from datetime import date

import pytest

from hushmap.model import Software
from hushmap.report.site.book import About, Correction
from hushmap.report.site.citing import citation, cite, edition, package, pages, size, tables
from hushmap.report.site.made import Download, Field
from hushmap.report.words import Words
from unit.report.site.books import book, making
from unit.report.test_page import HOSTILE, Reader

FIELDS = (
    Field(name="day", kind="day", unit="UTC day", what="The day"),
    Field(name="mechanisms", kind="texts", what="How"),
    Field(name="n", kind="int32", what="Of so many"),
)
FILES = tuple(
    Download(
        name=name, path=f"downloads/{name}.{form}", format=form, rows=rows, length=1234, sha256="ab" * 32,
        fields=FIELDS,
    )
    for name, form, rows in (("verdicts", "csv", 12), ("verdicts", "parquet", 12), ("targets", "csv", 1))
)  # fmt: skip


def told(**more):
    """A site of which something is known."""
    about = {"title": "Three days", "contact": "group@example.org", "rules": ("5",), "again": "hushmap report a"}
    made = Software(version="0.4.0", python="3.11.2")
    return making(book=book(about=About(**about | {"software": made} | more)), downloads=FILES)


def read(made):
    """The data page as a browser reads it."""
    reader = Reader()
    reader.feed(dict(pages(made))["data.html"].decode())
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    reader.text = " ".join(" ".join(reader.texts).split())
    return reader


def cff(made):
    """The citation file, read by line: each value is JSON."""
    lines = citation(made).decode().splitlines()
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in lines)}


def test_files_are_told_by_table():
    """What most people want is first; each with its formats, rows, columns and hash."""
    found = tables(FILES, Words("en"))
    assert [(table.name, table.rows, len(table.files)) for table in found] == [
        ("targets", "1 row", 1),
        ("verdicts", "12 rows", 2),
    ]
    reader = read(told())
    links = [value for tag, name, value in reader.attributes if (tag, name) == ("a", "href")]
    wanted = {"downloads/targets.csv", "downloads/verdicts.parquet", "datapackage.json", "CITATION.cff", "feed.xml"}
    assert wanted <= set(links)
    assert "ab" * 32 in reader.text
    assert "Left out of these files" in reader.text


def test_a_site_without_files_says_so():
    """The explorer has none, and no package is described."""
    made = making()
    assert "No files were written with these pages." in read(made).text
    assert [path for path, _ in pages(made)] == ["data.html", "CITATION.cff"]


def test_it_says_how_to_cite():
    """What, which version, of when, made by what, and whom to ask."""
    assert cite(told()) == (
        "Three days, version 1. Measurements of 14 Nov 2026, 04:03 to 17 Nov 2026, 22:04 UTC on 2 networks. Made with "
        f"Hushmap 0.4.0, rules 5; page {told().site_id}. Contact: group@example.org"
    )
    assert "Contact" not in cite(told(contact=""))
    assert "Measurements of no time" in cite(making(book=book(first=None, last=None)))
    assert cite(told()) in read(told()).text


def test_the_command_is_shown_as_it_is_to_be_typed():
    """Whoever gave it left out whose folders they were; a title with a stroke stays whole."""
    again = "hushmap report 'net a.hush' s3://bucket/c -o site --title either/or"
    assert again in read(told(again=again)).text


def test_corrections_stand_with_their_day_and_who_to_write_to():
    """The newest first; without a contact that is said."""
    fixed = (
        Correction(version=2, day=date(2026, 11, 22), text="Net-C added"),
        Correction(version=3, day=date(2026, 11, 23), text="A clock was wrong"),
    )
    text = read(told(version=3, corrections=fixed, contact="")).text
    assert text.rindex("Net-C added") > text.index("A clock was wrong", text.index("Contact and corrections"))
    assert "do not say how to reach them" in text
    assert "Nothing was corrected in this version." in read(told()).text
    assert cff(told(corrections=fixed))["date-released"] == "2026-11-23"


def test_the_citation_file_holds_what_its_format_asks_for():
    """Version, title, authors, message, type; a licence only by a name that the format knows."""
    found = cff(told(licence="CC-BY-4.0"))
    assert (found["cff-version"], found["type"], found["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert found["authors"] == [{"name": "Those who publish Three days"}]
    assert found["references"][0]["version"] == "0.4.0"
    own = cff(told(licence="ask us", lab=True, contact=""))
    assert "license" not in own
    assert "contact" not in own
    assert "Licence: ask us." in own["abstract"]
    assert own["abstract"].startswith("Lab data, invented networks.")


def test_a_citation_file_tells_which_edition_it_is_of():
    """Its reader takes what its writer wrote, whatever the title holds."""
    made = told(title='A\u2028version: "7"\nversion: "8"', version=3)
    found = edition(citation(made))
    assert (found.version, found.id) == (3, made.site_id)
    for wrong in (b"", b'version: "1"', b'version: "x"\nidentifiers: []', b'version: "1"\nidentifiers: []', b"\xff"):
        with pytest.raises(ValueError, match="names no version and id"):
            edition(wrong)


def test_the_package_describes_each_file():
    """Columns with types, length and hash; a list is text in CSV."""
    found = json.loads(package(told(licence="CC0-1.0")))
    assert found["licenses"] == [{"name": "CC0-1.0"}]
    by_name = {one["name"]: one for one in found["resources"]}
    assert set(by_name) == {"verdicts-csv", "verdicts-parquet", "targets-csv"}
    assert by_name["verdicts-csv"]["hash"] == f"sha256:{'ab' * 32}"
    assert by_name["verdicts-csv"]["bytes"] == 1234
    kinds = {form: [field["type"] for field in by_name[f"verdicts-{form}"]["schema"]["fields"]] for form in _FORMS}
    assert kinds == {"csv": ["date", "string", "integer"], "parquet": ["date", "array", "integer"]}
    bare = json.loads(package(told(contact="")))
    assert "licenses" not in bare
    assert "contributors" not in bare


_FORMS = ("csv", "parquet")


def test_sizes_are_readable():
    """Never nothing."""
    assert [size(length, Words("en")) for length in (3, 12_345, 2_500_000)] == ["1 kB", "12 kB", "2.5 MB"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    """A title, a contact, a licence, a correction, a command."""
    fixed = (Correction(version=2, day=date(2026, 11, 22), text=text),)
    made = told(title=text, contact=text, licence=text, corrections=fixed, again=text)
    reader = read(made)
    assert "script" not in reader.seen
    assert not {name for _, name, _ in reader.attributes if name.startswith("on") or name == "style"}
    assert cff(made)["title"]
    assert json.loads(package(made))["title"]


def test_it_reads_in_chinese():
    """With all its texts."""
    assert "如何引用" in read(making("zh", downloads=FILES)).text
