"""Which program was measured."""

from importlib.metadata import PackageNotFoundError

import pytest

from hushmap.lab import scoring_revision
from hushmap.lab.scoring_revision import _COUNTS_ONLY, PACKAGE, revision


@pytest.fixture
def tree(tmp_path):
    """A small package and its data."""
    for name in ("package/lab/scoring_text.py", "package/detect/web.py", "probes/lists/global.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    return tmp_path


def test_rules_code_and_data_make_it_and_printing_does_not(tree):
    """Nor what the interpreter leaves behind."""

    def now():
        return revision(tree / "package", tree / "probes")

    first = now()
    (tree / "package" / "lab" / "scoring_text.py").write_text("newer")
    (tree / "package" / "detect" / "__pycache__").mkdir()
    (tree / "package" / "detect" / "__pycache__" / "web.pyc").write_text("newer")
    assert now() == first
    (tree / "package" / "detect" / "web.py").write_text("newer")
    second = now()
    (tree / "probes" / "lists" / "global.csv").write_text("newer")
    assert len({first, second, now()}) == 3


def test_the_program_under_test_has_one():
    """And what is left out of it is there."""
    assert len(revision()) == 16
    assert [name for name in sorted(_COUNTS_ONLY) if not (PACKAGE / name).is_file()] == []


def test_a_bare_folder_has_one_too(monkeypatch, tree):
    """Nobody says then which libraries it wants."""

    def none(_):
        raise PackageNotFoundError

    monkeypatch.setattr(scoring_revision, "requires", none)
    assert revision(tree / "package", tree / "probes")
