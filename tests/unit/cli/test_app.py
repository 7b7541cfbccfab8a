"""The command as a whole: help, exit codes, faults in one line, bugs with a traceback."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from hushmap.catalog import CatalogError
from hushmap.cli import main
from hushmap.cli.app import EXAMPLES, VERBS
from hushmap.cli.fault import Exit, Fault

LEAVES = [
    ("plan",), ("run",), ("runs",), ("show",), ("judge",), ("rm",), ("doctor",), ("deck", "list"), ("deck", "show"),
    ("deck", "new"), ("consent", "show"), ("consent", "give"), ("consent", "withdraw"), ("serve", "helper"),
    ("lab", "demo"), ("lab", "shell"), ("fetch", "lists"), ("fetch", "fingerprints"), ("fetch", "asn"),
    ("fetch", "ooni"), ("fetch", "chat-censorship"), ("export",), ("keyword", "isolate"), ("keyword", "domain"),
    ("keyword", "calibrate"), ("keyword", "diff"),
]  # fmt: skip


def _verb(path):
    command = main
    for name in path:
        command = command.get_command(click.Context(command), name)
        assert command is not None, path
    return command


def test_help_groups_the_verbs_with_two_examples_each(hushmap):
    """`hushmap --help` shows every verb in its group, and two examples a group."""
    text = hushmap("--help").stdout
    places = [text.index(f"{group}:") for group in VERBS]
    assert places == sorted(places)
    for group, verbs in VERBS.items():
        assert all(f"  {verb}" in text for verb in verbs)
        assert len(EXAMPLES[group]) == 2
        assert all(f"$ {example}" in text for example in EXAMPLES[group])


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_verb_has_a_sentence_two_examples_and_words_for_each_option(path, hushmap):
    """Each verb says what it does, shows two ways to type it, and explains each option."""
    command = _verb(path)
    examples = [line for line in (command.help or "").splitlines() if line.startswith("hushmap ")]
    assert len(examples) >= 2
    assert all(line.startswith(" ".join(("hushmap", *path))) for line in examples)
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if len((option.help or "").split()) < 2] == []
    shown = hushmap(*path, "--help")
    assert shown.exit_code == 0
    assert examples[0] in shown.stdout


def test_no_verb_agrees_silently():
    """There is no --yes anywhere: consent is never given by a switch."""
    spelled = {name for path in LEAVES for param in _verb(path).params for name in param.opts}
    assert not spelled & {"--yes", "-y", "--force"}


def test_help_and_version_load_no_verb_and_run_loads_nothing_heavy():
    """`hushmap --help` imports no verb, and `hushmap run` no pandas, duckdb, altair or ibis."""
    code = (
        "import sys; from hushmap.cli import main\n"
        "try: main({args})\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m in {wanted}], file=sys.stderr)"
    )
    verbs = {f"hushmap.cli.{verb}" for group in VERBS.values() for verb in group}
    heavy = {"pandas", "duckdb", "altair", "ibis", "pyarrow", "numpy"}
    for args, wanted in ((["--help"], verbs | heavy), (["run", "--help"], heavy)):
        done = subprocess.run(
            [sys.executable, "-c", code.format(args=args, wanted=wanted)], capture_output=True, text=True, check=True
        )
        assert done.stderr.strip() == "[]", args


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nope"], "hushmap: no such command 'nope'; see: hushmap --help"),
        (["plan", "--frob"], "hushmap plan: no such option '--frob'"),
        (["rm", "--since", "x", "y"], "hushmap rm: no such option '--since'"),
        (["plan", "--max-data", "much"], "hushmap plan: invalid value for '--max-data'"),
        (["judge"], "hushmap judge: missing argument 'PATH...'; see: hushmap judge --help"),
        (["judge", "--fail-on", "bad", "x"], "hushmap judge: invalid value for '--fail-on'"),
        (["plan", "no-such-deck"], "hushmap: no-such-deck: there is no deck of this name"),
        (["plan", "-f", "gone.txt"], "hushmap: gone.txt: there is no such file"),
        (["plan", "-i", "ftp://x.example/"], "hushmap: -i: 'ftp://x.example/' does not begin with http"),
        (["plan"], "hushmap: nothing to measure was named"),
        (["show"], "hushmap: results/runs: there is no run here"),
        (["rm"], "hushmap: name the runs to delete"),
    ],
)
def test_what_cannot_be_understood_is_one_line(hushmap, words, line):
    """Usage and bad input end with exit code 2, one line on stderr, nothing on stdout and no traceback."""
    done = hushmap(*words)
    assert done.exit_code == Exit.USAGE
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(line)


def test_settings_with_a_fault_name_line_and_column(hushmap, home):
    """A fault in settings.toml is one line with file, line and column."""
    (home / "xdg_config_home" / "hushmap").mkdir(parents=True)
    (home / "xdg_config_home" / "hushmap" / "settings.toml").write_text('country = "xe"\n')
    done = hushmap("plan", "sites-global")
    assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1)
    assert "settings.toml:1:1" in done.stderr


def _calling(monkeypatch, error):
    @click.command("plan")
    def plan():
        raise error

    monkeypatch.setattr("hushmap.cli.app._Verbs.get_command", lambda *_: plan)


def test_a_bug_prints_its_traceback_and_asks_to_be_reported(hushmap, monkeypatch):
    """What is our fault is never dressed as the person's: the exception escapes, after a request to report it."""
    _calling(monkeypatch, KeyError("oops"))
    done = hushmap("plan")
    assert isinstance(done.exception, KeyError)
    assert "fault of hushmap" in done.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), Exit.INTERRUPTED, "Stopped by you."),
        (Fault("no\nlab", Exit.REFUSED), Exit.REFUSED, "hushmap: no lab"),
        (CatalogError("a.csv", 2, 3, "is wrong", "put it right"), Exit.USAGE, "hushmap: a.csv:2:3: is wrong; put"),
        (BrokenPipeError(), Exit.DONE, ""),
    ],
)
def test_how_a_verb_ends_is_its_exit_code(hushmap, monkeypatch, error, code, said):
    """Interrupts, faults and a reader who left each have their exit code."""
    _calling(monkeypatch, error)
    done = hushmap("plan")
    assert done.exit_code == code
    assert done.stderr.lstrip().startswith(said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["deck", "list"], ["deck", "list", "--json"]])
def test_a_full_disk_is_one_line(words):
    """What cannot be written to stdout ends with exit code 2 and one line, and is no fault of hushmap."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hushmap", *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, len(done.stderr.splitlines())) == (Exit.USAGE, 1)
    assert done.stderr.startswith("hushmap: the result could not be written: ")


def test_another_oserror_is_our_bug(hushmap, monkeypatch):
    """Only where text is printed is it stdout's fault."""
    _calling(monkeypatch, OSError(28, "No space left on device"))
    done = hushmap("plan")
    assert isinstance(done.exception, OSError)
    assert "fault of hushmap" in done.stderr


def test_no_arguments_is_help(hushmap):
    """`hushmap` alone shows the help, and is no run."""
    done = hushmap()
    assert done.exit_code == Exit.USAGE
    assert "Measure:" in done.stdout + done.stderr


@pytest.mark.parametrize("verb", [("judge",), ("run",), ("plan",)])
def test_a_name_that_no_file_can_have_is_one_line(hushmap, verb):
    """What was typed or pasted in the wrong place is no bug of ours, however long it is."""
    done = hushmap(*verb, "x" * 300)
    assert done.exit_code == Exit.USAGE
    assert "xxx…: is longer than the name of any file; check what was typed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
