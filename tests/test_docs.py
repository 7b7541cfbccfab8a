"""Guard: what the documents say can be typed, and what can be typed is in the documents.

Every verb and option is on docs/reference/cli.md with a sentence; every command that a document shows exists with those
options; every link within the repository leads somewhere; and what is marked runnable is run:

    <!-- file: NAME -->    the next fenced block is written to NAME first
    <!-- runnable -->      the next block is run in a folder of its own; `console` after each `$ `, `python` as a file

Lines under a `$ ` (or in an `output` block after `python`) must come in that order; `...` stands for any lines.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from make_reference import FOLDER, from_room, verbs

from house import ROOT, write_tree

FENCE = re.compile(r"(?P<before>[^\n]*)\n+```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")
SHELL_BREAKS = {"&&", "||", "|", ";", ">", "<", ">>", "#"}


@dataclass(frozen=True)
class Block:
    """One fenced block of a document."""

    kind: str
    body: str
    before: str
    """The line before it, where a mark may stand."""


def documents(root: Path) -> list[Path]:
    """Every document that we wrote (results and environments are not ours)."""
    folders = [root / "docs", root / "probes", root / "results"]
    nested = [path for folder in folders for path in sorted(folder.rglob("*.md")) if "runs" not in path.parts]
    return [*sorted(root.glob("*.md")), *nested]


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    return [Block(m["kind"], m["body"], m["before"].strip()) for m in FENCE.finditer("\n" + text)]


def shown_commands(text: str) -> Iterator[list[str]]:
    """The words of every command that a document shows, in blocks and in running text."""
    starts = ("hushmap ", ".venv/bin/hushmap ", "make", "scripts/", "git clone")
    shown = []
    for block in blocks(text):
        if block.kind in {"", "console", "sh"}:
            marked = [line.removeprefix("$ ") for line in block.body.splitlines() if line.startswith("$ ")]
            shown.extend(marked or [line for line in block.body.splitlines() if line.startswith(starts)])
    shown.extend(code for code in INLINE.findall(FENCED.sub("", text)) if code.startswith(starts))
    for line in shown:
        command: list[str] = []
        for word in [*shlex.split(line, comments=True), ";"]:
            if word in SHELL_BREAKS or word.startswith(("2>", ">")):
                if command:
                    yield command
                command = []
            else:
                command.append(word)


def untypable(words: list[str], main: click.Command, root: Path) -> str | None:
    """Why a command that a document shows could not be typed; `None` if it could."""
    program, *rest = words
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
        return next((f"make has no target {word}" for word in rest if word not in targets), None)
    if program.startswith("scripts/"):
        return None if (root / program).is_file() else f"there is no {program}"
    if program.removeprefix(".venv/bin/") != "hushmap":
        return None
    command, context = main, click.Context(main, info_name="hushmap")
    while rest and isinstance(command, click.Group) and not rest[0].startswith("-"):
        for name in rest[0].split("|"):
            inner = command.get_command(context, name)
            if inner is None:
                return f"{command.name or 'hushmap'} has no verb {name}"
        command, rest = inner, rest[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    known = {spelling for param in command.get_params(context) for spelling in (*param.opts, *param.secondary_opts)}
    wrong = [word for word in rest if word.startswith("-") and word.partition("=")[0] not in known]
    return f"{command.name} has no option {wrong[0]}" if wrong else None


def anchors(text: str) -> set[str]:
    """The anchors that headings give, as the usual renderers make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def dead_links(root: Path) -> list[str]:
    """Links within the repository that lead nowhere, and pictures without words."""
    wrong = []
    for document in documents(root):
        text = document.read_text("utf-8")
        for found in LINK.finditer(FENCED.sub("", text)):
            target = found["target"] or found["image"]
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            place = (document.parent / name).resolve() if name else document
            at = f"{document.relative_to(root)}: {target}"
            if not place.exists():
                wrong.append(f"{at}: is not there")
            elif anchor and anchor not in anchors(place.read_text("utf-8")):
                wrong.append(f"{at}: no such heading")
        wrong.extend(
            f"{document.relative_to(root)}: a picture without words" for _ in re.findall(r"!\[\s*\]\(", text)
        )
    return wrong


def steps_from(start: Path) -> dict[Path, int]:
    """How many links each document is away from one, by the shortest way."""
    away, next_ones = {start.resolve(): 0}, [start.resolve()]
    for document in next_ones:
        for found in LINK.finditer(FENCED.sub("", document.read_text("utf-8"))):
            name = (found["target"] or "").partition("#")[0]
            place = (document.parent / name).resolve()
            if name.endswith(".md") and place.is_file() and place not in away:
                away[place] = away[document] + 1
                next_ones.append(place)
    return away


def in_order(expected: list[str], got: str) -> str | None:
    """The first expected line that does not come, in order; `None` if all do."""
    lines = iter(line.rstrip() for line in got.splitlines())
    return next((line for line in expected if line.strip() not in {"...", ""} and line.rstrip() not in lines), None)


def run_document(path: Path, folder: Path) -> tuple[int, list[str]]:
    """(how many blocks were run, what went wrong)."""
    home = {
        name: str(folder / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
    }
    environment = os.environ | home | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    count, wrong, found = 0, [], blocks(path.read_text("utf-8"))
    for number, block in enumerate(found):
        if named := re.fullmatch(r"<!-- file: (\S+) -->", block.before):
            (folder / named[1]).write_text(block.body, "utf-8")
        if block.before != "<!-- runnable -->":
            continue
        for command, expected in scripts_of(block, found[number + 1] if number + 1 < len(found) else None):
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
            )
            count += 1
            missing = in_order(expected, done.stdout)
            if done.returncode or missing is not None:
                told = done.stderr.strip().splitlines()[-1:] or [f"no line {missing!r}"]
                wrong.append(f"{path.name}: {command[-1]}: exit code {done.returncode}: {told[0]}")
    return count, wrong


def scripts_of(block: Block, after: Block | None) -> Iterator[tuple[list[str], list[str]]]:
    """(command, expected lines) of every script in a runnable block."""
    if block.kind == "python":
        expected = after.body.splitlines() if after and after.kind == "output" else []
        yield [sys.executable, "-W", "error", "-c", block.body], expected
        return
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, *expected = part.splitlines()
        yield ["sh", "-euc", command], expected


@pytest.fixture(scope="module")
def main() -> click.Group:
    """The command line as it is."""
    found = from_room("cli", "main")
    assert found is not None, "there is no hushmap.cli.main"
    return found


def test_every_verb_and_option_is_documented(main):
    """Each verb has a help text, each option a sentence, and both stand in the reference."""
    page = (FOLDER / "cli.md").read_text("utf-8")
    every = list(verbs(main))
    options = [(path, param) for path, verb in every for param in verb.params if isinstance(param, click.Option)]
    assert len(every) >= 12
    assert len(options) >= 25
    assert [path for path, verb in every if len((verb.help or "").split()) < 3] == []
    assert [path for path, verb in every if f"## {' '.join(path)}\n" not in page] == []
    shown = [(path, param) for path, param in options if not param.hidden]
    assert [(path, param.name) for path, param in shown if len((param.help or "").split()) < 2] == []
    assert [(path, param.opts) for path, param in shown if f"`{param.opts[0]}" not in page] == []


@pytest.mark.parametrize("document", documents(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_that_a_document_shows_can_be_typed(document, main):
    """Each command in a document exists with the options that it is shown with."""
    shown = list(shown_commands(document.read_text("utf-8")))
    assert [f"{' '.join(words)}: {why}" for words in shown if (why := untypable(words, main, ROOT))] == []


def test_the_guard_reads_many_commands():
    """The documents show dozens of commands, the README among them."""
    per = {
        path.relative_to(ROOT).as_posix(): len(list(shown_commands(path.read_text("utf-8"))))
        for path in documents(ROOT)
    }
    assert sum(per.values()) >= 30
    assert per["README.md"] >= 3


def test_every_link_leads_somewhere():
    """Each link to a file or heading of the repository resolves; there are many."""
    text = "".join(path.read_text("utf-8") for path in documents(ROOT))
    assert len(LINK.findall(text)) >= 30
    assert dead_links(ROOT) == []


def test_every_fact_is_two_steps_away():
    """From README.md each document of the repository is reached by two links at most; docs/README.md is the map."""
    away = steps_from(ROOT / "README.md")
    far = [path.relative_to(ROOT).as_posix() for path in documents(ROOT) if away.get(path.resolve(), 9) > 2]
    assert far == []


def test_what_is_marked_runnable_runs(tmp_path):
    """Each example that a document marks as runnable runs, offline, and prints what it says."""
    count, wrong = 0, []
    for number, path in enumerate(documents(ROOT)):
        folder = tmp_path / str(number)
        folder.mkdir()
        more, faults = run_document(path, folder)
        count, wrong = count + more, wrong + faults
    assert wrong == []
    assert count >= 4


# Self-tests: each rule can fail.


@click.group()
def _toy() -> None:
    """A small command line."""


@_toy.command("plan")
@click.option("--all", "everything", is_flag=True)
def _plan(everything: bool) -> None:
    """Prints a plan."""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hushmap plan --all x", None),
        ("hushmap plan --help", None),
        ("hushmap plan|plan", None),
        ("ls -la", None),
        ("make test", None),
        ("hushmap rum", "hushmap has no verb rum"),
        (".venv/bin/hushmap plan --al", "plan has no option --al"),
        ("make tset", "make has no target tset"),
        ("scripts/gone", "there is no scripts/gone"),
    ],
)
def test_a_command_that_cannot_be_typed_is_seen(tmp_path, line, why):
    """A verb, an option, a make target or a script that does not exist is reported."""
    _toy.name = None
    assert untypable(shlex.split(line), _toy, write_tree(tmp_path, {"Makefile": "test: lint\n"})) == why


def test_commands_are_found_in_blocks_and_in_text():
    """Every command of a line counts, comments and output do not, and running text does."""
    text = (
        "Type `hushmap plan x`.\n\n```console\n$ cd a && hushmap run b | less   # c\nhushmap said: d\n```\n"
        "\n```python\nhushmap = 1\n```\n"
    )
    assert list(shown_commands(text))[:3] == [["cd", "a"], ["hushmap", "run", "b"], ["less"]]
    assert ["hushmap", "plan", "x"] in list(shown_commands(text))


def test_a_dead_link_is_seen(tmp_path):
    """A link to a missing file or heading, and a picture without words, are reported."""
    text = "# A b!\n[ok](#a-b) [ok](x/y.md) [web](https://example.org/) [no](gone.md) [no](#c) ![](p.svg)\n"
    tree = write_tree(tmp_path, {"README.md": text, "x/y.md": "", "p.svg": ""})
    assert [line.partition(": ")[2] for line in dead_links(tree)] == [
        "gone.md: is not there",
        "#c: no such heading",
        "a picture without words",
    ]


def test_steps_are_counted(tmp_path):
    """By the shortest way; what no link leads to has none."""
    texts = {
        "README.md": "[a](a.md) [b](b.md)\n",
        "a.md": "[b](b.md) [c](d/c.md#x)\n",
        "b.md": "",
        "d/c.md": "",
        "e.md": "",
    }
    tree = write_tree(tmp_path, texts)
    assert sorted((path.name, steps) for path, steps in steps_from(tree / "README.md").items()) == [
        ("README.md", 0),
        ("a.md", 1),
        ("b.md", 1),
        ("c.md", 2),
    ]


def test_an_example_that_fails_is_seen(tmp_path):
    """A runnable block that ends badly or prints something else is reported; files that it names are there."""
    text = (
        "<!-- file: a.txt -->\n```\none\ntwo\n```\n\n<!-- runnable -->\n```console\n$ cat a.txt\none\n...\n"
        "$ cat a.txt\ntwo\none\n$ cat gone\n```\n\n<!-- runnable -->\n\n```python\nprint(2)\n```\n```output\n3\n```\n"
        "```console\n$ not-marked\n```\n"
    )
    tree = write_tree(tmp_path, {"d.md": text})
    count, wrong = run_document(tree / "d.md", tmp_path)
    assert count == 4
    assert len(wrong) == 3
    assert "no line 'one'" in wrong[0]
    assert "exit code 1" in wrong[1]
    assert "no line '3'" in wrong[2]
