"""`hushmap deck`: the questions there are, and how to make one."""

import csv
import io
import json
from pathlib import Path

import click

from hushmap.catalog import SUFFIX, CatalogError, deck_texts, decks, exported, is_exported, open_deck
from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.choosing import choose, local_deck
from hushmap.cli.deck_changes import change_lines, keep, last_agreed
from hushmap.cli.deck_text import list_lines, show_lines
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import Wishes, examples, json_option
from hushmap.cli.wording import count, run_words, shell
from hushmap.model import Target
from hushmap.runs import fetched_entries

_DIGITS = 12
"""Of a hash, by which nobody means another deck."""
_COLUMNS = ("url", "category_code", "risky", "canary", "notes")


@examples("hushmap deck list", "hushmap deck show sites-global")
@click.group("deck")
def command() -> None:
    """The questions there are: lists of targets, and the harmless names that they are compared with."""


@examples("hushmap deck list", "hushmap deck list --json")
@command.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the decks that come with hushmap, and the lists that you fetched."""
    found, lists = decks(), (*fetched_entries("lists"), *fetched_entries("words"))
    if as_json:
        for one in (*found, *lists):
            screen.out_json(one)
    else:
        screen.out(list_lines(found, lists))


@examples("hushmap deck show sites-global", "hushmap deck show ./my-sites.toml --json")
@command.command("show")
@click.argument("name", metavar="NAME|FILE")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show one deck with every target, its source and the reason why it is there."""
    deck = open_deck(local_deck(name))
    if as_json:
        screen.out_json(deck)
    else:
        screen.out(show_lines(deck))


@examples("hushmap deck new my-sites -f sites.txt", "hushmap deck new my-sites -i https://news.example.org/")
@command.command("new")
@click.argument("name", metavar="NAME")
@click.option("-i", "urls", metavar="URL", multiple=True, help="An address to ask about (repeatable).")
@click.option("-f", "files", metavar="FILE", multiple=True, help="Take the addresses of this file (repeatable).")
@click.option("--title", metavar="TEXT", help="What the deck asks, in a few words.")
@click.option("--baseline", "baselines", metavar="NAME", multiple=True, help="A harmless name to compare with (two).")
@click.option(
    "-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), default=Path(),
    help="The folder to write to; by default the current one.",
)  # fmt: skip
def new(
    *,
    name: str,
    urls: tuple[str, ...],
    files: tuple[str, ...],
    title: str | None,
    baselines: tuple[str, ...],
    folder: Path,
) -> None:
    """Make a deck of your own: NAME.toml and NAME.csv, to be edited by hand.

    Rows without a category stay off until you give them one (column category_code), or say --with none.
    """
    chosen = choose(Wishes(urls=urls, files=files))
    if any(deck.name == name for deck in decks()):
        raise Fault(f"a deck of the name {name} comes with hushmap; choose another name")
    deck_file, list_file = folder / f"{name}.toml", folder / f"{name}.csv"
    for path in (deck_file, list_file):
        if path.exists():
            raise Fault(f"{path} is there already; choose another name, or move it away")
    targets = [target for part in chosen.sources for target in part.targets]
    text = _toml(name, title or f"{name}: a list of my own", baselines or chosen.deck.baselines, list_file.name)
    _write({deck_file: text, list_file: _csv(targets)})
    look = shell("hushmap", "plan", name if folder == Path() else run_words(deck_file, Path()))
    screen.note(f"{deck_file} and {list_file} hold {count(len(targets), 'target')}. Look: {look}")


@examples("hushmap deck export sites-global -o sites.deck", "hushmap deck export ./my-sites.toml -o my-sites.deck")
@command.command("export")
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "-o", "--output", metavar="FILE.deck", type=click.Path(path_type=Path, dir_okay=False), required=True,
    help="The file to write; it must be new.",
)  # fmt: skip
@json_option
def export(*, name: str, output: Path, as_json: bool) -> None:
    """Write a deck with its lists as one hashed file, so that a group asks the same to the letter.

    plan and run take it as DECK. If one of the same name was run here before and this one differs, the difference is
    shown and has to be agreed to. A service that is described beside your list, and did not come with hushmap, cannot
    be part of it.
    """
    if not is_exported(output):
        raise Fault(f"{output}: is no name for an exported deck; end it in {SUFFIX}")
    if output.exists():
        raise Fault(f"{output} is there already; choose another name, or move it away")
    local = local_deck(name)
    text, lists = deck_texts(local)
    try:
        output.write_bytes(exported(open_deck(local).name, text, lists))
        deck = open_deck(str(output))
    except OSError as error:
        raise Fault(f"{output}: {error.strerror}; choose another file with -o") from None
    except CatalogError:
        output.unlink(missing_ok=True)
        raise
    if as_json:
        screen.out_json({"schema": "hushmap.deck-export/1", "file": str(output), "name": deck.name,
                         "sha256": deck.sha256, "targets": len(deck.targets)})  # fmt: skip
    screen.note(f"{output} holds {count(len(deck.targets), 'target')} (sha256 {deck.sha256}). "
                f"Look: {shell('hushmap', 'plan', str(output))}")  # fmt: skip


@examples("hushmap deck agree sites.deck", "hushmap deck agree sites.deck --i-have-read 9f2c41d07ab3")
@command.command("agree")
@click.argument("path", metavar="FILE.deck", type=click.Path(path_type=Path))
@click.option(
    "--i-have-read", "read", metavar="SHA256",
    help="Where there is no terminal to ask at: the first 12 digits or more of the hash of the deck that you read.",
)  # fmt: skip
def agree(*, path: Path, read: str | None) -> None:
    """Agree to an exported deck that changed, before `hushmap run` is called where it cannot ask."""
    if not is_exported(path):
        raise Fault(f"{path}: is no exported deck; end it in {SUFFIX}")
    deck = open_deck(str(path))
    before = last_agreed(deck.name)
    screen.out(change_lines(before, deck) if before is not None else show_lines(deck))
    if screen.at_terminal():
        agreed = typed_answer(f"Type the number of its targets ({len(deck.targets)}) to agree, or press Enter: ")
        if agreed.strip() != str(len(deck.targets)):
            raise Fault("nothing was agreed to", Exit.CONSENT)
    elif read is None or len(read) < _DIGITS or not deck.sha256.startswith(read):
        raise Fault(
            "nobody is here to ask, so nothing was agreed to; add --i-have-read with the hash of the deck, if a "
            "person has read it",
            Exit.CONSENT,
        )
    keep(deck)
    screen.note(f"The deck {deck.name} (sha256 {deck.sha256[:12]}…) is agreed to.")


def _toml(name: str, title: str, baselines: tuple[str, ...], list_name: str) -> str:
    """A deck; a TOML string escapes as a JSON string does."""
    return "\n".join(
        (
            f"name = {json.dumps(name, ensure_ascii=False)}",
            f"title = {json.dumps(title, ensure_ascii=False)}",
            f"baselines = {json.dumps(list(baselines), ensure_ascii=False)}   # harmless, and no targets",
            "",
            "[[part]]",
            'experiment = "web"',
            f"list = {json.dumps(list_name, ensure_ascii=False)}",
            "",
        )
    )


def _csv(targets: list[Target]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    once = {target.key: target for target in targets}
    for target in once.values():
        flags = ("yes" if target.risky else "", "yes" if target.canary else "")
        writer.writerow((target.text, target.category or "", *flags, ""))
    return out.getvalue()


def _write(texts: dict[Path, str]) -> None:
    """Write the files, and read them as `plan` would; what cannot be read is not left behind."""
    deck_file = next(iter(texts))
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        open_deck(f"./{deck_file}" if not deck_file.is_absolute() else str(deck_file))
    except OSError as error:
        raise Fault(f"{error.filename}: {error.strerror}; choose another folder with -o") from None
    except CatalogError:
        for path in texts:
            path.unlink(missing_ok=True)
        raise
