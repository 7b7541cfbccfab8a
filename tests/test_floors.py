"""Guard: an import goes down, never up, and takes only what a room shows.

The law is `[tool.hushmap.floors]` in pyproject.toml; this file only reads it. A self-test beside each rule shows a
small tree that breaks it, so that a guard which no longer sees anything is itself seen.
"""

import ast
import importlib
from collections.abc import Iterable, Iterator

import pytest

from house import PACKAGE, ROOT, Import, Module, exported, imports, modules, pyproject, room_of, write_tree

SOCKET_ROOMS = {"net", "lab", "servers", "remote"}
"""DESIGN, The house: outside these, lint bans sockets, clocks, processes and chance."""

OWNERS = {"h11": {"wire"}, "dns": {"wire"}, "aioquic": {"wire", "net", "lab", "servers"}}
"""Protocol libraries, and the rooms that may import them (DESIGN: sans-I/O parsing has one place)."""

BANS = """socket ssl select time asyncio.sleep asyncio.open_connection asyncio.create_datagram_endpoint subprocess
requests httpx urllib.request http.client fsspec aioquic.asyncio dns.query dns.asyncquery os.urandom secrets
uuid.uuid4 datetime.datetime.now random.random random.randint random.choice random.shuffle random.uniform""".split()
"""DESIGN, The house: what ruff's banned-api has to name."""

OPEN_NAMES = {"__version__"}
"""What any room may take from the package itself; everything else there is floor 8."""

TOP_ROOMS = {"cli"}
"""Rooms of floor 8, which may take all that the package itself shows (DESIGN: the one place that opens a PATH)."""


def floors(root) -> dict[str, set[str]]:
    """For each room, the rooms that it may import (model is open to all, and imports none)."""
    table = pyproject(root)["tool"]["hushmap"]["floors"]
    return {room: {*allowed, "model"} for room, allowed in table.items()} | {"model": set()}


def reach(found: dict[str, Module], item: Import) -> Iterator[tuple[str, str]]:
    """(module, name) for every name that an import takes; the name is empty for a whole module."""
    for name in item.names or ("",):
        whole = f"{item.module}.{name}" if name else item.module
        yield (whole, "") if whole in found else (item.module, name)


def is_public(found: dict[str, Module], module: str, name: str) -> bool:
    """Whether another room may take this: a name, or a submodule, that stands in the room's `__all__`."""
    room = f"{PACKAGE}.{room_of(module)}"
    shown = exported(found[room]) or ()
    inner = module.removeprefix(room).lstrip(".")
    if inner:
        return inner in shown and not name.startswith("_")
    return not name or name in shown


def unlawful_imports(root) -> list[str]:
    """Imports that go up, sideways, or past a room's `__all__`."""
    found, law, wrong = modules(root), floors(root), []
    for module in found.values():
        if module.room and module.room not in law:
            wrong.append(f"{module.name}: room {module.room} has no row in [tool.hushmap.floors]")
            continue
        for item in imports(module):
            if item.module.partition(".")[0] != PACKAGE:
                continue
            for target, name in reach(found, item):
                room = room_of(target)
                at = f"{module.name}:{item.line}"
                if room == module.room or not module.room:
                    continue
                if not room:
                    top = exported(found[PACKAGE]) or () if module.room in TOP_ROOMS else ()
                    if name not in OPEN_NAMES.union(top):
                        wrong.append(f"{at}: {target} {name}: the package itself is floor 8")
                elif room not in law[module.room]:
                    wrong.append(f"{at}: {module.room} must not import {room}")
                elif f"{PACKAGE}.{room}" not in found or target not in found:
                    wrong.append(f"{at}: {target} does not exist")
                elif not is_public(found, target, name):
                    wrong.append(f"{at}: {target} {name} is not in {room}.__all__".replace("  ", " "))
    return wrong


def cycles(edges: dict[str, set[str]]) -> list[str]:
    """Every node that can reach itself."""
    reachable: dict[str, set[str]] = {}
    for start, first in edges.items():
        seen: set[str] = set()
        todo = list(first)
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo.extend(edges.get(node, ()))
        reachable[start] = seen
    return sorted(node for node, seen in reachable.items() if node in seen)


def module_edges(root) -> dict[str, set[str]]:
    """Which module runs which when it is first imported (imports at module level, not those for typing only)."""
    found = modules(root)
    edges: dict[str, set[str]] = {name: set() for name in found}
    for module in found.values():
        for item in imports(module):
            if item.function is None and not item.typing_only:
                edges[module.name] |= {target for target, _ in reach(found, item) if target in found}
        edges[module.name].discard(module.name)
    return edges


def misplaced_lazy_imports(root) -> list[str]:
    """Imports inside functions, anywhere but in a verb of cli and in a module `__getattr__` of an `__init__`."""
    wrong = []
    for module in modules(root).values():
        if module.room == "cli":
            continue
        wrong.extend(
            f"{module.name}:{item.line}: import of {item.module} inside {item.function}()"
            for item in imports(module)
            if item.function is not None and not (module.is_package and item.function == "__getattr__")
        )
        calls = dynamic_imports(module.tree.body, lazy_allowed=module.is_package)
        wrong.extend(f"{module.name}:{line}: imports by name at run time" for line in calls)
    return wrong


def dynamic_imports(body: Iterable[ast.AST], *, lazy_allowed: bool) -> Iterator[int]:
    """Lines that call `__import__` or `import_module`, except within a `__getattr__` where that is allowed."""
    for node in body:
        if lazy_allowed and isinstance(node, ast.FunctionDef) and node.name == "__getattr__":
            continue
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                called = inner.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name in {"__import__", "import_module"}:
                    yield inner.lineno


def foreign_imports(root) -> list[str]:
    """Protocol libraries outside their room, and chance from the functions of `random`."""
    wrong = []
    for module in modules(root).values():
        for item in imports(module):
            owners = OWNERS.get(item.module.partition(".")[0])
            if owners and module.room not in owners:
                wrong.append(f"{module.name}:{item.line}: {item.module} belongs to {', '.join(sorted(owners))}")
            if item.module == "random" and set(item.names) - {"Random"}:
                wrong.append(f"{module.name}:{item.line}: from random take Random only")
        wrong.extend(
            f"{module.name}:{node.lineno}: random.{node.attr}: chance comes as a random.Random"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "random"
            and node.attr != "Random"
        )
    return wrong


def lifted_bans(root) -> list[str]:
    """Where a lint ban is missing, or switched off outside the rooms that may use what it bans."""
    lint = pyproject(root)["tool"]["ruff"]["lint"]
    banned = lint["flake8-tidy-imports"]["banned-api"]
    wrong = [f"pyproject.toml: no ban of {name}" for name in BANS if name not in banned]
    wrong.extend(f"pyproject.toml: the ban of {name} has no message" for name in banned if not banned[name]["msg"])
    if lint["select"] != ["ALL"] or "TID251" in lint.get("ignore", ()):
        wrong.append("pyproject.toml: TID251 is not selected")
    for pattern, rules in lint["per-file-ignores"].items():
        if {"TID251", "TID", "ALL"} & set(rules) and pattern != "tests/**":
            named = pattern.removeprefix("src/hushmap/").removesuffix("/**").strip("{}").split(",")
            wrong.extend(
                f"pyproject.toml: {pattern} may not lift the bans" for room in named if room not in SOCKET_ROOMS
            )
    for module in modules(root).values():
        if module.room not in SOCKET_ROOMS:
            lines = module.path.read_text("utf-8").splitlines()
            wrong.extend(
                f"{module.name}:{number}: lifts a ban by noqa"
                for number, line in enumerate(lines, 1)
                if "noqa" in line and ("TID251" in line or line.split("noqa", 1)[1].strip() in {"", ":"})
            )
    return wrong


# The house itself.


def test_imports_go_down_and_take_only_what_a_room_shows():
    """No import in the house goes up, sideways or past an `__all__`; the guard saw every room's imports."""
    found = modules(ROOT)
    ours = [item for module in found.values() for item in imports(module) if item.module.startswith(PACKAGE + ".")]
    assert len(found) >= 150, "the guard found fewer modules than the house had at first light"
    assert len(ours) >= 300, "the guard found hardly any imports of our own"
    assert unlawful_imports(ROOT) == []


def test_the_table_of_floors_has_no_cycle():
    """The law itself can be obeyed: no room may import itself by way of others."""
    law = floors(ROOT)
    assert len(law) >= 14
    assert {name for allowed in law.values() for name in allowed} <= set(law)
    assert cycles(law) == []


def test_no_module_imports_itself_by_way_of_others():
    """There is no import cycle, within a room or across rooms."""
    edges = module_edges(ROOT)
    assert sum(map(len, edges.values())) >= 200
    assert cycles(edges) == []


def test_lazy_imports_stand_in_two_places_only():
    """A function body imports nothing, but for a verb of cli and the `__getattr__` of an `__init__`."""
    assert misplaced_lazy_imports(ROOT) == []


def test_protocol_libraries_and_chance_stay_in_their_rooms():
    """h11 and dnspython are imported in wire only; nobody takes chance from the module `random`."""
    assert foreign_imports(ROOT) == []


def test_lint_bans_are_in_force():
    """Every ban of the design is in pyproject, selected, and lifted only in the rooms with sockets."""
    assert lifted_bans(ROOT) == []


@pytest.mark.parametrize("room", sorted({module.room for module in modules(ROOT).values()} - {""}))
def test_a_room_shows_sorted_names_that_exist(room):
    """`__all__` of a room is literal, sorted, without doubles, and every name in it can be had."""
    names = exported(modules(ROOT)[f"{PACKAGE}.{room}"])
    assert names, f"{room} has no literal __all__"
    constants_first = sorted(names, key=lambda name: (not name.isupper(), not name[:1].isupper(), name))
    assert list(names) in (sorted(names), constants_first)
    assert len(set(names)) == len(names)
    loaded = importlib.import_module(f"{PACKAGE}.{room}")
    for name in names:
        assert hasattr(loaded, name), f"{room}.{name}"


# Self-tests: each rule can fail.

LAW = """
[tool.hushmap.floors]
wire = []
net = ["wire"]
cli = ["net"]
"""


def _tree(tmp_path, files: dict[str, str], law: str = LAW):
    base = {
        "pyproject.toml": law,
        "src/hushmap/__init__.py": '__all__ = ["open_path"]\n__version__ = "0"\ndef open_path(): ...\n',
        "src/hushmap/model/__init__.py": '__all__ = ["Ask"]\nAsk = int\n',
        "src/hushmap/wire/__init__.py": '__all__ = ["dns"]\n',
        "src/hushmap/wire/dns.py": "def query(): ...\n",
    }
    return write_tree(tmp_path, base | {f"src/hushmap/{name}": text for name, text in files.items()})


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"wire/tls.py": "from hushmap.net import ask\n"}, "wire must not import net"),
        ({"wire/tls.py": "from ..net import ask\n"}, "wire must not import net"),
        ({"wire/tls.py": "def f():\n    import hushmap.cli\n"}, "wire must not import cli"),
        ({"attic/__init__.py": ""}, "has no row"),
        ({"net/ask.py": "from hushmap.wire import hidden\n"}, "is not in wire.__all__"),
        ({"net/ask.py": "from hushmap.wire.dns import _secret\n"}, "is not in wire.__all__"),
        ({"net/ask.py": "from hushmap.model import Lost\n"}, "is not in model.__all__"),
        ({"net/ask.py": "from hushmap import open_path\n"}, "floor 8"),
        ({"cli/run.py": "from hushmap import hidden\n"}, "floor 8"),
        ({"cli/run.py": "from hushmap.net import ask\n"}, "does not exist"),
    ],
)
def test_an_unlawful_import_is_seen(tmp_path, files, complaint):
    """Each way of breaking the law of floors is reported in its own words."""
    assert any(complaint in line for line in unlawful_imports(_tree(tmp_path, files)))


def test_lawful_imports_are_left_alone(tmp_path):
    """A room may take public names and public submodules of the rooms below it."""
    text = (
        "import random\nfrom hushmap import __version__\nfrom hushmap.model import Ask\n"
        "from hushmap.wire import dns\nfrom hushmap.wire.dns import query\nchance = random.Random(1)\n"
    )
    tree = _tree(tmp_path, {"net/ask.py": text, "cli/run.py": "from hushmap import open_path\n"})
    assert unlawful_imports(tree) == []
    assert foreign_imports(tree) == []
    assert misplaced_lazy_imports(tree) == []


def test_a_cycle_is_seen(tmp_path):
    """Two modules that import each other are reported, and an import for typing only is not."""
    both = {"wire/a.py": "from hushmap.wire import b\n", "wire/b.py": "from hushmap.wire.a import x\n"}
    assert cycles(module_edges(_tree(tmp_path / "1", both))) == ["hushmap.wire.a", "hushmap.wire.b"]
    both["wire/b.py"] = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hushmap.wire.a import x\n"
    assert cycles(module_edges(_tree(tmp_path / "2", both))) == []


@pytest.mark.parametrize(
    "text", ["def f():\n    import json\n", "import importlib\nx = importlib.import_module('json')\n"]
)
def test_a_misplaced_lazy_import_is_seen(tmp_path, text):
    """An import inside a function, or by name at run time, is reported outside the two places."""
    assert len(misplaced_lazy_imports(_tree(tmp_path, {"wire/x.py": text}))) == 1
    assert misplaced_lazy_imports(_tree(tmp_path / "2", {"cli/x.py": text})) == []


def test_the_getattr_of_a_room_may_import(tmp_path):
    """A room's `__init__` gives its names lazily by module `__getattr__`."""
    text = "import importlib\ndef __getattr__(name):\n    import json\n    return importlib.import_module(name)\n"
    assert misplaced_lazy_imports(_tree(tmp_path, {"wire/__init__.py": text})) == []


@pytest.mark.parametrize(
    "text",
    ["import h11\n", "import dns.message\n", "from random import choice\n", "import random\nrandom.random()\n"],
)
def test_a_foreign_import_is_seen(tmp_path, text):
    """A protocol library outside wire, or chance from the module `random`, is reported."""
    assert len(foreign_imports(_tree(tmp_path, {"net/x.py": text}))) == 1


def test_a_lifted_ban_is_seen(tmp_path):
    """A missing ban, a ban lifted for another room, and a ban lifted by noqa are reported."""
    law = (ROOT / "pyproject.toml").read_text("utf-8")
    assert law.count('"secrets".msg') == 1
    weaker = law.replace('"secrets".msg', '"secret".msg').replace("{net,lab,servers,remote}/**", "{net,lab,runs}/**")
    wrong = lifted_bans(_tree(tmp_path, {"wire/x.py": "import socket  # no" + "qa: TID251 - just once\n"}, weaker))
    assert [line.partition(": ")[2] for line in wrong] == [
        "no ban of secrets",
        "src/hushmap/{net,lab,runs}/** may not lift the bans",
        "lifts a ban by noqa",
    ]
