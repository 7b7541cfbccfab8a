"""Whatever a file holds, the catalog gives a value or one printable line that names a place in it."""

import csv
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hushmap.catalog import CatalogError, fingerprints, open_deck, part_from_urls, read_list, sites_from_file
from hushmap.catalog.excluded import Exclusions, digest, squeeze
from hushmap.catalog.names import NameFaultError, ascii_name, web_address
from hushmap.catalog.rows import rows
from hushmap.catalog.source import text_of

LINE = re.compile(r"[^\n]+:(\d+):(\d+): [^\n]+; [^\n]+")
TYPED = re.compile(r"-i: [^\n]+; [^\n]+")
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
DECK = b'name = "x"\ntitle = "X"\nbaselines = ["www.example.com", "example.net"]\nbaseline_word = "w"\n'
SEEDS = {
    "s.csv": b'url,category_code,canary,source,reason\nhttps://a.example/,NEWS,yes,s,r\n"https://b.example/",,,s,r\n',
    "w.csv": "word,place,category_code\nkw-alpha,all,NEWS\n测试词甲,http-path|dns-name,\n".encode(),
    "f.csv": b"name,scope,location_found,pattern_type,pattern\nx,nat,body,regexp,abc.*\ny,fp,dns,full,192.0.2.1\n",
    "ooni.csv": b"name,scope,location_found,pattern_type,pattern,other_names,confidence_no_fp,exp_url\n"
    b'x,nat,body,regexp,abc.*d,,5,\ny,fp,dns,full,192.0.2.1,,5,""\n',
    "lab.csv": b"name,location_found,pattern,exp_url\nisp_x,header,http://x.example/,\ndns_nat_y,dns,192.0.2.1,\n",
    "planet.json": b'{"fingerprint": "a_prod_x", "pattern": "blocked"}\n{"fingerprint": "x", "pattern": "a.*b"}\n',
    "s.txt": b"# mine\na.example\nhttps://b.example/x\n",
    "d.toml": DECK + b'[[part]]\nexperiment = "web"\nlist = "s.csv"\n',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all examples, with a list that decks may name."""
    path = tmp_path_factory.mktemp("probes")
    (path / "s.csv").write_bytes(SEEDS["s.csv"])
    return path


def damaged():
    """A good file with bytes changed, cut, doubled or put in; or any bytes."""

    def change(parts):
        name, at, length, more = parts
        data = SEEDS[name]
        at %= len(data)
        return name, data[:at] + more + data[at + length :]

    changes = st.tuples(
        st.sampled_from(sorted(SEEDS)), st.integers(0, 999), st.integers(0, 40), st.binary(max_size=6)
    )
    return changes.map(change) | st.tuples(st.sampled_from(sorted(SEEDS)), st.binary(max_size=60))


def refusal(read, *arguments):
    """The error with which `read` refuses, or `None` if it takes what it is given."""
    try:
        read(*arguments)
    except (CatalogError, NameFaultError) as error:
        return error
    return None


READERS = {
    "s.csv": lambda path: [read_list(path, kind) for kind in ("web", "dns", "sni")],
    "w.csv": lambda path: read_list(path, "keyword"),
    "f.csv": lambda path: fingerprints([path]),
    "ooni.csv": lambda path: fingerprints([path]),
    "lab.csv": lambda path: fingerprints([path]),
    "planet.json": lambda path: fingerprints([path]),
    "s.txt": sites_from_file,
    "d.toml": lambda path: open_deck(str(path)),
}


def place_is_real(error, data):
    """Whether the line and column of `error` are inside `data`, or just after its end."""
    lines = data.decode("utf-8", "replace").split("\n")
    return error.line <= len(lines) and error.column <= len(lines[error.line - 1]) + 1


@given(damaged())
def test_a_damaged_file_is_a_value_or_one_line(folder, named):
    """Every reader, given any file, returns or raises a CatalogError of one printable line at a real place."""
    name, data = named
    path = folder / f"damaged-{name}"
    path.write_bytes(data)
    error = refusal(READERS[name], path)
    if error is not None:
        assert LINE.fullmatch(str(error))
        assert str(error).isprintable()
        assert error.file != str(path) or place_is_real(error, data)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_file_cut_anywhere_is_a_value_or_one_line(folder, name):
    """Every truncation of a good file, and the good file with bytes after its end."""
    for data in [
        *(SEEDS[name][:end] for end in range(len(SEEDS[name]) + 1)),
        SEEDS[name] + b"\xff",
        SEEDS[name] + b"\0",
    ]:
        path = folder / f"cut-{name}"
        path.write_bytes(data)
        error = refusal(READERS[name], path)
        assert error is None or LINE.fullmatch(str(error))


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_rows_are_what_the_standard_reader_reads(table, end):
    """What csv.writer wrote is read back, cell by cell; blank rows aside."""
    lines = []
    writer = csv.writer(type("Out", (), {"write": lambda _, text: lines.append(text)})(), lineterminator=end)
    writer.writerow("abc")
    writer.writerows(table)
    source = text_of("x.csv", "".join(lines).encode())
    letters = frozenset("abc")
    read = [[row.get(name) for name in "abc"] for row in rows(source, required=letters, allowed=letters)]
    assert read == [[cell.strip() for cell in row] for row in csv.reader(lines[1:])]


@given(st.text(max_size=30) | st.from_regex(r"https?://[a-zé新.0-9:@\[\]-]{1,20}(/\S{0,9})?", fullmatch=True))
@example("https://a.example\u3002b/")
def test_a_plain_form_is_its_own_plain_form(url):
    """The form in which an address is kept is kept as it is; everything else is refused with a reason."""
    fault = refusal(web_address, url)
    if fault is None:
        plain, host = web_address(url)
        assert web_address(plain) == (plain, host)
    else:
        assert len(fault.args) == 2


@given(st.text(max_size=40))
def test_a_valid_name_is_made_of_labels_that_dns_can_carry(name):
    """Whatever is accepted is ASCII, within the lengths of RFC 1035, and accepted again."""
    if refusal(ascii_name, name):
        return
    found = ascii_name(name)
    assert found.isascii()
    assert len(found) <= 253
    assert all(0 < len(label) <= 63 for label in found.split("."))
    assert ascii_name(found) == found


@given(st.lists(st.text(max_size=20), max_size=4))
def test_the_command_line_is_a_value_or_one_line(urls):
    """Any text given as URLs becomes a part or one line."""
    error = refusal(part_from_urls, urls)
    assert error is None or TYPED.fullmatch(str(error))


SALT = b"0123456789abcdef"


@given(st.text("abcé新闻", min_size=3, max_size=6), st.text(max_size=8), st.text(max_size=8))
def test_a_term_is_found_wherever_it_stands(term, before, after):
    """A term between any other texts is a hit, and so is any text that holds it with hyphens between."""
    squeezed = squeeze(term)
    barred = Exclusions(((SALT, {len(squeezed): frozenset({digest(SALT, squeezed)})}),))
    assert barred.hit(f"{before} {term} {after}")
    assert barred.hit("-".join(term))
    assert not barred.hit(squeezed[1:].replace(squeezed[0], ""))
