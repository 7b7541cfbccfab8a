"""Guard: every source file has the test file of its name, and every unit test file has its source.

`src/hushmap/ROOM/X.py` is tested by `tests/unit/ROOM/test_X.py`, so that what is tested where is never a question.
Exceptions stand in `[tool.hushmap.mirror]` of pyproject.toml with a reason each, and leave when no longer needed.
"""

from pathlib import Path

import pytest

from house import ROOT, pyproject, write_tree

SOURCE, TESTS = Path("src/hushmap"), Path("tests/unit")


def test_file_of(source: Path) -> Path:
    """The unit test file of a source file, both relative to the root of the tree."""
    inner = source.relative_to(SOURCE)
    stem = {"__init__": "init", "__main__": "main"}.get(inner.stem, inner.stem.removeprefix("_"))
    return TESTS / inner.parent / f"test_{stem}.py"


test_file_of.__test__ = False  # a helper of this guard, named after what it gives


def pairs(root: Path) -> tuple[dict[Path, Path], set[Path]]:
    """(source -> its test file, all test files that exist); a package's `__init__` may have none."""
    sources = [path.relative_to(root) for path in sorted((root / SOURCE).rglob("*.py"))]
    existing = {path.relative_to(root) for path in (root / TESTS).rglob("test_*.py")}
    return {source: test_file_of(source) for source in sources}, existing


def broken_mirror(root: Path) -> list[str]:
    """Sources without their test, tests without their source, and exceptions that are not needed or not explained."""
    wanted, existing = pairs(root)
    excused = pyproject(root)["tool"]["hushmap"]["mirror"]
    wrong = []
    for source, test in wanted.items():
        missing = test not in existing and source.name != "__init__.py"
        if missing and source.as_posix() not in excused:
            wrong.append(f"{source}: no {test}")
        if not missing and source.as_posix() in excused:
            wrong.append(f"{source}: its exception is no longer needed")
    wrong.extend(f"{test}: tests no source file" for test in sorted(existing - set(wanted.values())))
    wrong.extend(f"{name}: exception for a file that is not there" for name in excused if Path(name) not in wanted)
    wrong.extend(f"{name}: exception without a reason" for name, reason in excused.items() if len(reason.split()) < 3)
    return wrong


def test_sources_and_tests_mirror_each_other():
    """Every module of the house has its test file, every unit test file its module; the guard saw both trees."""
    wanted, existing = pairs(ROOT)
    assert len(wanted) >= 150, "the guard found fewer sources than the house had at first light"
    assert len(existing) >= 80, "the guard found hardly any unit tests"
    assert broken_mirror(ROOT) == []


GOOD = {
    "pyproject.toml": "[tool.hushmap.mirror]\n",
    "src/hushmap/__init__.py": "",
    "src/hushmap/judge.py": "",
    "src/hushmap/wire/__init__.py": "",
    "src/hushmap/wire/dns.py": "",
    "src/hushmap/lab/censors/_fast.py": "",
    "tests/unit/test_judge.py": "",
    "tests/unit/wire/test_dns.py": "",
    "tests/unit/wire/test_init.py": "",
    "tests/unit/lab/censors/test_fast.py": "",
}


def test_a_mirrored_tree_is_left_alone(tmp_path):
    """Modules, one-file rooms, nested and private modules find their tests; an `__init__` may have one."""
    assert broken_mirror(write_tree(tmp_path, GOOD)) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"src/hushmap/wire/tls.py": ""}, "src/hushmap/wire/tls.py: no tests/unit/wire/test_tls.py"),
        ({"tests/unit/wire/test_ghost.py": ""}, "tests/unit/wire/test_ghost.py: tests no source file"),
        (
            {"pyproject.toml": '[tool.hushmap.mirror]\n"src/hushmap/judge.py" = "it is tested elsewhere"\n'},
            "src/hushmap/judge.py: its exception is no longer needed",
        ),
        (
            {"pyproject.toml": '[tool.hushmap.mirror]\n"src/hushmap/gone.py" = "it was here once"\n'},
            "src/hushmap/gone.py: exception for a file that is not there",
        ),
        (
            {"src/hushmap/x.py": "", "pyproject.toml": '[tool.hushmap.mirror]\n"src/hushmap/x.py" = "later"\n'},
            "src/hushmap/x.py: exception without a reason",
        ),
    ],
)
def test_a_broken_mirror_is_seen(tmp_path, change, complaint):
    """Each way in which source and test part is reported."""
    assert broken_mirror(write_tree(tmp_path, GOOD | change)) == [complaint]
