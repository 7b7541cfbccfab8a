"""Guard: files and functions stay small, files are named after what they hold, and no text ties us to one machine.

Bounds from DESIGN (The house): a module has at most 400 lines, a function at most 60 without its docstring. Text
that must not be tracked: hosts of package registries (where packages come from is the installer's own setting) and
absolute paths of one person's computer.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import ROOT, tracked, write_tree

MODULE_LINES, FUNCTION_LINES = 400, 60
VAGUE = {"utils", "util", "helpers", "common", "misc"}
"""File names that say nothing of what is inside. (`helper`, singular, is a thing of ours: the far measurer.)"""

CODE_FOLDERS = ("src", "scripts")

FORBIDDEN = {
    # Each pattern is written so that it does not match its own text.
    "host of a package registry": r"pypi[.](?:org|io)|pythonhosted[.]org|anaconda[.]org|registry[.]npmjs|crates[.]io",
    "path of one machine": r"(?<![\w.$}*-])/(?:work|root|home/\w+|Users/\w+|tmp/hm)(?=[/\s\"'`,;:)]|$)",
    "unresolved merge": r"(?m)^(?:<{7}|>{7}) ",
}


def python_files(root: Path) -> list[Path]:
    """The Python files whose size is bounded."""
    return [path for folder in CODE_FOLDERS for path in sorted((root / folder).rglob("*.py"))]


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(name, lines without the docstring) of every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.name, lines


def too_large(root: Path) -> list[str]:
    """Modules and functions over their bound."""
    wrong = []
    for path in python_files(root):
        text = path.read_text("utf-8")
        name, lines = path.relative_to(root), len(text.splitlines())
        if lines > MODULE_LINES:
            wrong.append(f"{name}: {lines} lines")
        wrong.extend(
            f"{name}: {function}() has {size} lines"
            for function, size in functions(ast.parse(text))
            if size > FUNCTION_LINES
        )
    return wrong


def vague_names(root: Path) -> list[str]:
    """Files and folders named after nothing."""
    return [
        str(path.relative_to(root))
        for path in tracked(root)
        if VAGUE & {Path(part).stem.lower() for part in path.relative_to(root).parts}
    ]


def forbidden_text(root: Path) -> list[str]:
    """Lines of tracked text files that tie the project to one machine or registry."""
    wrong = []
    for path in tracked(root):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in FORBIDDEN.items():
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                wrong.append(f"{path.relative_to(root)}:{line}: {what}: {match.group().strip()}")
    return wrong


def test_modules_and_functions_are_small():
    """No module has more than 400 lines and no function more than 60; the guard measured many of both."""
    files = python_files(ROOT)
    assert len(files) >= 150
    assert sum(1 for path in files for _ in functions(ast.parse(path.read_text("utf-8")))) >= 800
    assert too_large(ROOT) == []


def test_names_say_what_is_inside():
    """No tracked file is named utils, helpers, common or misc."""
    assert vague_names(ROOT) == []


def test_tracked_text_names_no_registry_and_no_machine():
    """No tracked text names a package registry's host or a path of one computer; the guard read the tree."""
    assert len(tracked(ROOT)) >= 300
    assert forbidden_text(ROOT) == []


def test_a_large_module_and_a_large_function_are_seen(tmp_path):
    """One line over a bound is reported, a docstring is not counted, and a bound that is met is not."""
    body = "    x = 1\n"
    tree = write_tree(
        tmp_path,
        {
            "src/hushmap/long.py": "x = 1\n" * (MODULE_LINES + 1),
            "src/hushmap/full.py": "x = 1\n" * MODULE_LINES,
            "scripts/deep.py": "async def f():\n" + body * FUNCTION_LINES,
            "scripts/told.py": 'def f():\n    """One.\n\n    Two.\n    """\n' + body * (FUNCTION_LINES - 1),
        },
    )
    assert too_large(tree) == ["src/hushmap/long.py: 401 lines", "scripts/deep.py: f() has 61 lines"]


@pytest.mark.parametrize("name", ["src/hushmap/utils.py", "tests/common/test_x.py", "docs/Misc.md"])
def test_a_vague_name_is_seen(tmp_path, name):
    """A vague file or folder name is reported anywhere in the tree; `helper.py` is not one."""
    assert vague_names(write_tree(tmp_path, {name: "", "src/hushmap/wire/helper.py": ""})) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "index-url = https://py" + "pi.org/simple",
        "https://files.python" + "hosted.org/x",
        "cd /wo" + "rk/main",
        "`/ro" + "ot/x`",
        "/home/" + "somebody/hushmap",
        "/tmp/h" + "m",
        "<" * 7 + " ours",
    ],
)
def test_forbidden_text_is_seen(tmp_path, text):
    """A registry's host, a machine's path and a merge left open are reported with file and line."""
    wrong = forbidden_text(write_tree(tmp_path, {"docs/a.md": f"fine\n{text}\n"}))
    assert len(wrong) == 1
    assert wrong[0].startswith("docs/a.md:2: ")


def test_harmless_paths_are_left_alone(tmp_path):
    """Relative paths, URLs and words that only look alike are not reported."""
    text = "results/work/x https://example.org/home/news /home/ framework/ /rooted $HOME/root"
    assert forbidden_text(write_tree(tmp_path, {"a.md": text})) == []
