"""`hushmap deck`: the questions there are, and how to make one."""

import csv
import io
import json
from pathlib import Path

import click

from hushmap.catalog import CatalogError, decks, open_deck
from hushmap.cli import screen
from hushmap.cli.choosing import choose, local_deck
from hushmap.cli.deck_text import list_lines, show_lines
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes, examples, json_option
from hushmap.cli.wording import count, run_words, shell
from hushmap.model import Target
from hushmap.runs import fetched_entries

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
