"""`hushmap keyword`: what exactly is it in a text that is cut off, which names does a rule cover, what changed.

Each of these makes a deck of what was typed and goes the way of every run: plan, consent, folder, seal, judge. Only
`diff` measures nothing: it compares what two runs found.
"""

from errno import ENAMETOOLONG
from pathlib import Path
from typing import Any

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.finishing import Finished
from hushmap.cli.keyword_text import compared_lines, compared_object, found_lines
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import asked_of_words, carried_out, examples, json_option, marks_option, output, wishes
from hushmap.cli.plan import show
from hushmap.cli.running import How, measure
from hushmap.cli.two_runs import compared_runs
from hushmap.cli.wordlists import said, sent, targets_of
from hushmap.model import Target

_plan = click.option("--plan", "only_plan", is_flag=True, help="Print what would be sent, and send nothing.")
_all = click.option(
    "--all", "everything", is_flag=True, help="With --plan: every first request, one a line, and what may follow."
)

_FILES = frozenset({".csv", ".htm", ".html", ".json", ".md", ".txt"})
MOST = 64_000
"""Bytes of a file that is read as one text: more than any place carries."""


@examples(
    "hushmap keyword isolate 'a text that is cut off' --canary kw-known",
    "hushmap keyword domain news.example.org --canary kw-known",
)
@click.group("keyword")
def command() -> None:
    """Find the words, texts and names that are cut off, exactly: sent to a helper of your own and nobody else.

    A list of words is a run: hushmap run -f words.txt --experiment keyword
    """


@examples(
    "hushmap keyword isolate 'a text that is cut off' --canary kw-known --plan",
    "hushmap keyword isolate article.txt --place http-body --encoding gb18030 --canary kw-known",
)
@command.command("isolate", short_help="Which words of a text it is that are cut off.")
@click.argument("texts", metavar="TEXT|FILE...", nargs=-1, required=True)
@_plan
@_all
@asked_of_words
@carried_out
@output
def isolate(*, texts: tuple[str, ...], base: Path, **options: Any) -> int:
    """Find what in a text is cut off: single words, words that must all be there, and what lifts it.

    A FILE is one text. Without a canary a text that passes says nothing.
    """
    return _carry("isolate", texts, base, options)


@examples(
    "hushmap keyword domain news.example.org --canary kw-known --plan",
    "hushmap keyword domain news.example.org --place dns-name,tls-sni --canary kw-known",
)
@command.command("domain", short_help="Which names a rule covers beside a name.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@_plan
@_all
@asked_of_words
@carried_out
@output
def domain(*, names: tuple[str, ...], base: Path, **options: Any) -> int:
    """Find which names are cut off with this one: it alone, all under it, or every name that holds it.

    The name goes where names go: tls-sni unless you say, or dns-name, http-host, quic-sni.
    """
    return _carry("domain", names, base, options)


@examples(
    "hushmap keyword calibrate --canary kw-known --place http-path,tls-sni --plan",
    "hushmap keyword calibrate --canary kw-known",
)
@command.command("calibrate", short_help="How far hits and passes can be trusted here.")
@_plan
@_all
@asked_of_words
@carried_out
@output
def calibrate(*, base: Path, **options: Any) -> int:
    """Measure what a hit and a pass are worth, in each place: false hits, misses, packs, what follows a cut.

    Every run of words does this by itself; alone it tells whether the others are worth their time.
    """
    if not options["canaries"]:
        raise Fault("nothing to calibrate by was named: give a word that is known to be cut off here, --canary WORD")
    return _carry("calibrate", (), base, options)


@examples(
    "hushmap keyword diff 20261121T2233Z-3f9c 20261123T0905Z-77aa",
    "hushmap keyword diff results/runs/20261121T2233Z-3f9c later.jsonl --json",
)
@command.command("diff", short_help="What changed from one run to another.")
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@_plan
@marks_option("Block notices")
@output
@json_option
def diff(*, before: str, after: str, only_plan: bool, marks: tuple[Path, ...], base: Path, as_json: bool) -> None:
    """Tell which words, texts and names are cut off in one run and not in the other, and what of that is sure.

    Nothing is sent. A change is confirmed by three decisions in a row over a day, at two hours of it: other runs of
    the same network on this computer count too. RUN is a run's id, part of one, or any input that judge takes.
    """
    if only_plan:
        screen.out(["Nothing would be sent: diff compares what two runs found."])
        return
    try:
        compared = compared_runs(before, after, base, knowledge(marks))
    except ValueError as error:
        raise Fault(f"{before} and {after}: {error}; compare runs of one network") from None
    if as_json:
        screen.out_json(compared_object(before, after, compared))
    else:
        screen.out(compared_lines(before, after, compared))


def _text(text: str, read_as: str | None) -> str:
    """What was typed, or what the file of that name holds; a file that is not there is never sent as its name."""
    path = Path(text)
    try:
        if not path.is_file():
            if path.suffix in _FILES or text.startswith(("/", "./", "../")):
                raise Fault(
                    f"{text[:60]}: there is no such file; for a text of your own that looks like one write a file"
                )
            return text
        with path.open("rb") as file:
            data = file.read(MOST + 1)
    except ValueError:
        return text  # no file is called so
    except OSError as error:
        if error.errno == ENAMETOOLONG:
            return text
        raise Fault(f"{text[:60]}: {error.strerror}; check its permissions") from None
    if len(data) > MOST:
        raise Fault(f"{text}: is longer than {MOST:,} bytes; ask about a part of it")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(read_as or "utf-8").strip()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Fault(f"{text}:{line}: is not {read_as or 'UTF-8'}; save it as UTF-8, or say --read-as NAME") from None


def _carry(experiment: str, texts: tuple[str, ...], base: Path, options: dict[str, Any]) -> int:
    only_plan, everything = options.pop("only_plan"), options.pop("everything")
    if everything and not only_plan:
        raise Fault("--all prints the whole of a plan, and a run was meant: add --plan, or leave --all out")
    options["experiment"] = experiment
    told = wishes({name: value for name, value in options.items() if name not in How.__struct_fields__})
    going = sent(told)
    line = f"keyword {experiment}"
    asked: dict[str, Target] = {}
    for typed in texts:
        text = _text(typed, told.read_as) if experiment == "isolate" else typed
        for target in targets_of(said(line, text, going, experiment), experiment, going, line=line):
            asked.setdefault(target.key, target)
    options["asked"] = tuple(asked.values())
    if only_plan:
        show(
            msgspec.structs.replace(told, asked=options["asked"]),
            everything=everything,
            as_json=options["as_json"],
            verb=("keyword", experiment, *texts),
        )
        return 0
    return measure(options, base, found=None if options["as_json"] else _found)


def _found(finished: Finished) -> None:
    screen.out(found_lines(finished.judged))
