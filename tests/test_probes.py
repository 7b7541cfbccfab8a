"""Guard: every row of probes/ can be read and says where it comes from and why, and every deck opens.

Rows are read here with the standard library as well as with `catalog`, so that neither reader can hide a row from
this guard.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import ROOT, write_tree
from hushmap import model
from hushmap.catalog import CatalogError, consent_text, consent_versions, fingerprints, open_deck

PROBES = ROOT / "probes"
WHY = {"lists": ("source", "reason"), "fingerprints": ("source", "notes")}
"""The columns that say where a row comes from and why it is there, by folder."""

LANGUAGES = ("en", "zh")
"""What the catalogue of words speaks (UX 3)."""


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            yield reader.line_num, row


def tables(probes: Path) -> list[Path]:
    """Every CSV file that has to say where its rows come from."""
    return [path for folder in WHY for path in sorted((probes / folder).glob("*.csv"))]


def unexplained(probes: Path) -> list[str]:
    """Rows with too many or too few fields, and rows without source or reason."""
    wrong = []
    for path in tables(probes):
        for line, row in rows(path):
            at = f"{path.relative_to(probes)}:{line}"
            if None in row or None in row.values():
                wrong.append(f"{at}: not as many fields as columns")
                continue
            wrong.extend(f"{at}: no {column}" for column in WHY[path.parent.name] if not row.get(column, "").strip())
            code = row.get("category_code", "")
            if code and code not in model.CATEGORIES:
                wrong.append(f"{at}: unknown category {code}")
    return wrong


def unopened(probes: Path) -> list[str]:
    """Decks that do not open, with the reader's own line."""
    wrong = []
    for path in sorted((probes / "decks").glob("*.toml")):
        try:
            deck = open_deck(str(path))
        except CatalogError as error:
            wrong.append(str(error))
            continue
        if deck.name != path.stem:
            wrong.append(f"{path.name}: calls itself {deck.name}")
    return wrong


def orphans(probes: Path) -> list[str]:
    """Lists that no deck asks."""
    asked = set()
    for path in (probes / "decks").glob("*.toml"):
        asked |= {Path(part["list"]).name for part in tomllib.loads(path.read_text("utf-8")).get("part", ())}
    return [path.name for path in sorted((probes / "lists").glob("*.csv")) if path.name not in asked]


def test_every_row_says_where_it_comes_from_and_why():
    """Each row of each list and fingerprint file has its source and its reason; the guard read many."""
    read = sum(1 for path in tables(PROBES) for _ in rows(path))
    assert len(tables(PROBES)) >= 5
    assert read >= 120, "fewer rows than three starter lists of 30 and their fingerprints"
    assert unexplained(PROBES) == []


def test_every_deck_opens():
    """Each deck opens by path under its own name, and each list belongs to a deck."""
    names = {path.stem for path in (PROBES / "decks").glob("*.toml")}
    assert names >= {"sites-global", "sites-china", "words-china", "lab-demo"}
    assert unopened(PROBES) == []
    assert orphans(PROBES) == []


@pytest.mark.parametrize("name", sorted(path.stem for path in (PROBES / "decks").glob("*.toml")))
def test_a_deck_has_as_many_targets_as_its_lists_have_rows(name):
    """No row of a list is lost on the way into its deck: there is at least one target a list, from its own file."""
    deck = open_deck(name)
    assert deck.targets
    for part in deck.parts:
        lines = {int(target.line.rpartition(":")[2]) for target in part.targets}
        listed = sum(1 for _ in rows(PROBES / "lists" / part.list))
        assert 0 < len(lines) <= listed
        assert all(Path(target.line.rpartition(":")[0]).name == part.list for target in part.targets)


def test_risky_rows_are_marked_by_their_category():
    """Every target of a risky category is switched off by its row (METHOD 5)."""
    targets = [target for path in (PROBES / "decks").glob("*.toml") for target in open_deck(str(path)).targets]
    risky = [target for target in targets if target.category in model.RISKY]
    assert risky, "no deck has a row of a risky category: nothing was looked at"
    assert [target.text for target in risky if not target.risky] == []


def test_fingerprints_are_read():
    """What judging knows holds every row of our fingerprint files, once, with its source."""
    known = fingerprints().fingerprints
    listed = [row["name"] for path in sorted((PROBES / "fingerprints").glob("*.csv")) for _, row in rows(path)]
    assert sorted(mark.id for mark in known) == sorted(listed)
    assert all(mark.source for mark in known)


def test_every_consent_text_has_every_language():
    """Each version of the consent text can be read in each language of the catalogue."""
    versions = list(consent_versions())
    assert versions
    files = {path.name for path in (PROBES / "consent").glob("*.toml")}
    assert files >= {f"{version}.{language}.toml" for version in versions for language in LANGUAGES}
    for version in versions:
        for language in LANGUAGES:
            assert consent_text(version, language)


def test_exclusions_hold_hashes_only():
    """No excluded term is readable: every line that is no comment is a length and a hash, or a setting."""
    lines = [
        line
        for path in sorted((PROBES / "exclusions").iterdir())
        if path.suffix != ".md"
        for line in path.read_text("utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    assert lines
    assert [line for line in lines if re.search(r"[^\x00-\x7f]", line)] == []
    assert any(re.search(r"\b[0-9a-f]{16,}\b", line) for line in lines)


LIST = "url,category_code,source,reason\nhttps://a.example/,NEWS,refs,because\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LIST.replace("refs", ""), "lists/a.csv:2: no source"),
        (LIST.replace("because", " "), "lists/a.csv:2: no reason"),
        (LIST.replace(",refs,because", ",refs"), "lists/a.csv:2: not as many fields as columns"),
        (LIST.replace("because", "because,why"), "lists/a.csv:2: not as many fields as columns"),
        (LIST.replace("NEWS", "NEWZ"), "lists/a.csv:2: unknown category NEWZ"),
    ],
)
def test_an_unexplained_row_is_seen(tmp_path, text, complaint):
    """A row without source or reason, with a field too few or many, or of an unknown category is reported."""
    assert unexplained(write_tree(tmp_path, {"lists/a.csv": text})) == [complaint]


def test_a_deck_that_does_not_open_is_seen(tmp_path):
    """A deck whose list is not there is reported with the reader's own line; a list without a deck is reported."""
    text = (
        'name = "x"\ntitle = "X"\nbaselines = ["www.example.com", "example.net"]\n'
        '[[part]]\nexperiment = "web"\nlist = "gone.csv"\n'
    )
    tree = write_tree(tmp_path, {"decks/x.toml": text, "lists/alone.csv": LIST})
    wrong = unopened(tree)
    assert len(wrong) == 1
    assert "gone.csv" in wrong[0]
    assert orphans(tree) == ["alone.csv"]
