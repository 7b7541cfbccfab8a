"""What is not good is not put on the shelf."""

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from hushmap.catalog import CatalogError, fingerprints
from hushmap.cli.fault import Fault
from hushmap.cli.fetching import keep_database, keep_lists, keep_marks
from hushmap.cli.taking import Taken
from hushmap.runs import fetched, fetched_entries

WHEN = "2026-11-21T22:33:00Z"
GOOD = b"url,category_code\nhttps://a.example/,NEWS\nhttps://b.example/,LGBT\n"
BAD = b"url,category_code\nhttps://c.example/,NEWS\nhttps://d.example/,NOPE\nnothing,NEWS\n"
MARKS = b"name,scope,location_found,pattern_type,pattern\n%s,nat,body,contains,This site is blocked by order of %s\n"


def taken(name, data):
    """A file as it was named."""
    return Taken(name=name, source=f"here/{name}", data=data)


def test_a_good_list_is_kept_as_it_is(capsys):
    """Bytes, rows, risky rows, source and licence; nothing is said."""
    (one,) = keep_lists([taken("cn.csv", GOOD)], licence="CC0", when=WHEN, skip_bad=False)
    assert (one.bad, one.risky, one.kept.rows) == (0, 1, 2)
    assert (one.kept.source, one.kept.licence, one.kept.when) == ("here/cn.csv", "CC0", WHEN)
    assert fetched("lists")[0].read_bytes() == GOOD
    assert capsys.readouterr().err == ""


def test_bad_rows_are_told_and_nothing_is_kept(capsys):
    """Every bad row with its place; not even the good list is kept."""
    with pytest.raises(Fault, match=r"2 faults in what was to be kept, and nothing was kept; .*--skip-bad"):
        keep_lists([taken("cn.csv", GOOD), taken("ir.csv", BAD)], licence="", when=WHEN, skip_bad=False)
    assert [line.partition(": ")[0] for line in capsys.readouterr().err.splitlines()] == [
        "here/ir.csv:3:20",
        "here/ir.csv:4:1",
    ]
    assert fetched("lists") == ()


def test_bad_rows_are_left_out_if_that_is_said(capsys):
    """The rest is kept, and a file that is no list at all is left out whole."""
    files = [taken("cn.csv", GOOD), taken("ir.csv", BAD), taken("no.csv", b"<html>\n")]
    first, second = keep_lists(files, licence="", when=WHEN, skip_bad=True)
    assert (first.bad, second.bad, second.kept.rows) == (0, 2, 1)
    assert second.kept.path.read_bytes() == b"url,category_code\nhttps://c.example/,NEWS\n"
    assert "here/no.csv:1:1: unknown column" in capsys.readouterr().err
    assert [path.name for path in fetched("lists")] == ["cn.csv", "ir.csv"]


def test_nothing_left_is_a_fault():
    """A list of nothing but bad rows is never kept empty."""
    with pytest.raises(Fault, match="no row is left that could be kept"):
        keep_lists([taken("x.csv", b"url\nnothing\n")], licence="", when=WHEN, skip_bad=True)


def test_fingerprints_are_kept_with_their_numbers():
    """Several files at once, each with its own count; a file of the same name is replaced."""
    first, second = (taken(f"{name}.csv", MARKS % (name.encode(), b"the ministry")) for name in ("one", "two"))
    assert [one.kept.rows for one in keep_marks([first, second], licence="", when=WHEN)] == [1, 1]
    (again,) = keep_marks([first], licence="", when=WHEN)
    assert (again.kept.rows, again.bad) == (1, 0)
    known = {mark.id for mark in fingerprints(fetched("fingerprints")).fingerprints}
    assert {"one", "two"} <= known


def test_a_faulty_file_of_fingerprints_keeps_nothing():
    """The fault names the file as the person named it; neither it nor its neighbour is kept."""
    good, bad = (
        taken("one.csv", MARKS % (b"one", b"x")),
        taken("two.csv", MARKS.replace(b"nat", b"nut") % (b"two", b"x")),
    )
    with pytest.raises(CatalogError, match=r"^here/two\.csv:2:5: unknown scope 'nut'"):
        keep_marks([good, bad], licence="", when=WHEN)
    assert fetched("fingerprints") == ()
    (kept,) = keep_marks([good], licence="", when=WHEN)
    other = taken("two.csv", MARKS % (b"one", b"another"))
    with pytest.raises(CatalogError, match=r"^here/two\.csv:2:1: 'one' is already taken"):
        keep_marks([other], licence="", when=WHEN)
    kept.kept.path.write_bytes(bad.data)
    with pytest.raises(CatalogError, match=f"^{kept.kept.path}:2:5: unknown scope 'nut'"):
        keep_marks([taken("three.csv", good.data)], licence="", when=WHEN)


def test_a_published_mark_of_a_taken_name_is_told_and_not_counted(capsys):
    """The file is kept as it is; how many of its rows judging will not know is said, by the name that it was given."""
    head = b"name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes\n"
    row = b"%s,nat,,body,contains,This site is blocked by %s,5,XA,ooni,,\n"
    keep_marks([taken("a.csv", MARKS % (b"one", b"x"))], licence="", when=WHEN)
    data = head + row % (b"one", b"order") + row % (b"two", b"law")
    (kept,) = keep_marks([taken("b.csv", data)], licence="", when=WHEN)
    assert (kept.form, kept.bad, kept.kept.rows, kept.kept.path.read_bytes()) == ("OONI", 1, 1, data)
    assert capsys.readouterr().err == "here/b.csv:2:1: 'one' is already taken; the first mark of that name stays\n"


def test_a_database_is_kept_alone(tmp_path):
    """The later one takes the place of the earlier one, whatever it was called."""
    for name, asn in (("a.mmdb", 64501), ("b.mmdb", 64502)):
        writer = MMDBWriter(ip_version=4, database_type="test")
        writer.insert_network(IPSet(["192.0.2.0/24"]), {"autonomous_system_number": asn})
        writer.to_db_file(str(tmp_path / name))
        kept, found = keep_database(taken(name, (tmp_path / name).read_bytes()), licence="CC0", when=WHEN)
    assert fetched_entries("asn") == (kept,)
    assert (kept.source, kept.rows, found.asns, found.type) == ("here/b.mmdb", 1, 1, "test")


def test_what_is_no_database_is_a_fault(home, monkeypatch):
    """It is named as the person named it, and the one before stays."""
    with pytest.raises(Fault, match=r"^here/a\.mmdb: .*; give a file of the kind that ends in \.mmdb"):
        keep_database(taken("a.mmdb", b"nothing"), licence="", when=WHEN)
    assert fetched("asn") == ()
    with pytest.raises(Fault, match=r"here/x: cannot be looked into: .*; make room, or rename it"):
        keep_database(Taken(name="x" * 300, source="here/x", data=b""), licence="", when=WHEN)
