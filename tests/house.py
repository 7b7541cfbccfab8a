"""What the guard tests read: the rooms of the house, their modules, imports and public names, from source alone.

Nothing here imports Hushmap: a guard must be able to judge a tree that does not even import, and its self-tests
judge small trees that a test has written. A tree is `ROOT/pyproject.toml` with `ROOT/src/hushmap/...`.
"""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "hushmap"


@dataclass(frozen=True)
class Import:
    """One imported module, with the names taken from it (`()` for a plain import of the module)."""

    line: int
    module: str
    names: tuple[str, ...]
    function: str | None
    """The function whose body holds it, or `None` at module level."""
    typing_only: bool = False


@dataclass(frozen=True)
class Module:
    """One source file of the package."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def room(self) -> str:
        """The first part below the package; empty for the package itself."""
        return room_of(self.name)

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.name == "__init__.py"


def room_of(dotted: str) -> str:
    """The room of a dotted module name; empty for the package itself and for `python -m`, which is its door."""
    room = [*dotted.split("."), ""][1]
    return "" if room == "__main__" else room


def pyproject(root: Path) -> dict[str, Any]:
    """The parsed pyproject.toml of a tree."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def modules(root: Path) -> dict[str, Module]:
    """Every module of the package, by dotted name."""
    found = {}
    for path in sorted((root / "src" / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root / "src").with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))
    return found


def rooms(root: Path) -> set[str]:
    """The rooms that exist."""
    return {module.room for module in modules(root).values()} - {""}


def imports(module: Module) -> Iterator[Import]:
    """Every import statement of a module, relative ones resolved."""
    base = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    yield from _imports(module.tree.body, base, None, typing_only=False)


def _imports(body: list[ast.stmt], base: list[str], function: str | None, *, typing_only: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(node.lineno, alias.name, (), function, typing_only)
        elif isinstance(node, ast.ImportFrom):
            stem = base[: len(base) - node.level + 1] if node.level else []
            dotted = ".".join([*stem, *([node.module] if node.module else [])])
            yield Import(node.lineno, dotted, tuple(alias.name for alias in node.names), function, typing_only)
        else:
            inside = function
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = node.name
            guarded = typing_only or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
            for field in ("body", "orelse", "finalbody", "handlers", "cases"):
                children = getattr(node, field, [])
                yield from _imports(children, base, inside, typing_only=guarded and field == "body")


def exported(module: Module) -> tuple[str, ...] | None:
    """The names of a module's literal `__all__`; `None` where it has none that can be read."""
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                try:
                    return tuple(ast.literal_eval(node.value))
                except ValueError:
                    return None
    return None


def tracked(root: Path) -> list[Path]:
    """What git tracks or would track; every file where there is no git (an unpacked source archive)."""
    if not (root / ".git").exists():
        made = {".venv", "__pycache__", "dist", "build"}
        return [path for path in sorted(root.rglob("*")) if path.is_file() and not made & set(path.parts)]
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return [root / name for name in names if name and (root / name).is_file()]


def write_tree(root: Path, files: dict[str, str]) -> Path:
    """A small tree for a guard's self-test: relative path -> text."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root
