"""`hushmap publish`: a reduced copy of runs, shown before it is written; the runs stay as they are."""

import hashlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path

import click

from hushmap import __version__
from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.export import drafted
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.given import MANIFEST, where
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import Wishes, examples, json_option
from hushmap.cli.place import look_around
from hushmap.cli.publish_text import PublishText, lines, published_object, question
from hushmap.cli.publish_verify import verify
from hushmap.model import CATEGORIES
from hushmap.net import Clock, HelperSpec
from hushmap.publish import Copy, Wish, copied
from hushmap.runs import SUFFIX, CopyRegister, GivenOut, RunFolder, Settings, load_settings

NONE = "none"
_OWN_NAME = 6
"""Characters of a computer's name, with a digit or hyphen in it, that is nobody else's word."""


@examples(
    "hushmap publish 20261121T2233Z-3f9c -o net-a.hush",
    "hushmap publish 20261121T2233Z-3f9c -o net-a.hush --own-vantage --mask LGBT",
    "hushmap publish --verify net-a.hush",
)
@click.command("publish")
@click.argument("runs", metavar="[RUN]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    metavar="FILE.hush",
    type=click.Path(path_type=Path),
    help="The bundle to write; it must be new.",
)
@click.option(
    "--time-precision",
    "precision",
    type=click.Choice(["hour", "day"]),
    default="hour",
    show_default=True,
    help="Round every time down to this.",
)
@click.option(
    "--mask",
    "without",
    metavar="CAT",
    multiple=True,
    help="Leave the records of a category here, or of those without one: none (repeatable).",
)
@click.option(
    "--own-vantage",
    is_flag=True,
    help="The holder of this line says yes to its network being named: AS number, name, the provider's resolver.",
)
@click.option("--yes-i-read-it", "read", is_flag=True, help="Do not ask: a person has read what is shown here.")
@click.option(
    "--verify",
    "bundle",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Check a bundle, or a sealed run, and end.",
)
@click.option(
    "--signers",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="--verify: the seal must be of one of these signers (ssh-keygen's allowed_signers file).",
)
@json_option
def command(
    *,
    runs: tuple[str, ...],
    output: Path | None,
    precision: str,
    without: tuple[str, ...],
    own_vantage: bool,
    read: bool,
    bundle: Path | None,
    signers: Path | None,
    as_json: bool,
) -> int:
    """Write a reduced copy of runs as one file for others, after showing what leaves; the runs stay as they are.

    What is masked and what is refused is told in docs/how-to/publish.md. Nothing is sent anywhere: the file is
    yours to give away, and cannot be taken back then. RUN is an id, part of one, or a folder.
    """
    if bundle is not None:
        if runs or output is not None:
            raise Fault("--verify checks a file that is there; leave out RUN and -o")
        return verify(bundle, signers, as_json=as_json)
    if output is None or not runs:
        raise Fault("name the runs and the file to write: hushmap publish RUN -o FILE.hush")
    if signers is not None:
        raise Fault("--signers is for --verify")
    _look(output)
    unknown = [code for code in without if code not in {*CATEGORIES, NONE}]
    if unknown:
        raise Fault(f"{unknown[0][:40]!r} is no category; write e.g. --mask LGBT, or --mask none")
    folders = tuple(dict.fromkeys(where(name) for name in runs))
    wish = Wish(precision=precision, own_vantage=own_vantage, without=frozenset(without))
    settings = load_settings()
    with drafted(output) as file:
        made = Copy(
            wish=wish,
            knowledge=knowledge(),
            texts=tuple(own_texts(settings)),
            addresses=tuple(own_addresses(settings)),
            software=f"hushmap {__version__}",
        )
        review = copied(folders, file, made)
        text = PublishText(file=str(output), size=file.tell(), wish=wish, review=review)
        screen.notes(lines(text))
        if not review.records:
            raise Fault("nothing of it may leave, so nothing was written")
        _agree(text, read=read)
    _remember(output, folders)
    if as_json:
        screen.out_json(published_object(text))
    screen.note(f"{output} is written. It is on this computer only until you give it to somebody.")
    return Exit.DONE


def _look(output: Path) -> None:
    """Refuse to write where something would be lost."""
    if output.suffix != SUFFIX:
        raise Fault(f"{output}: is no name for a bundle; end it in {SUFFIX}")
    if output.exists():
        raise Fault(f"{output}: is there already; what was published is never changed: take another name")
    if (output.parent / MANIFEST).exists():
        raise Fault(f"{output}: is in a run folder, which holds only what the run left; write elsewhere")


def _agree(text: PublishText, *, read: bool) -> None:
    """Ask the person.

    Raises:
        Fault: They did not agree, or nobody is there; nothing was written.
    """
    if read:
        return
    if not screen.at_terminal():
        raise Fault(
            "nobody is here to ask, so nothing was written; at a terminal you are asked, a script adds: "
            "--yes-i-read-it, if a person has read what is shown above",
            Exit.CONSENT,
        )
    if typed_answer(question(text)).strip() != str(text.review.records):
        raise Fault("Stopped. Nothing was written.", Exit.CONSENT)


def _remember(output: Path, folders: tuple[Path, ...]) -> None:
    """Keep that there is a copy, so that whoever deletes a run is told that it stays with others."""
    with output.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    runs = tuple(RunFolder.open(folder).manifest.run for folder in folders)
    CopyRegister().add(GivenOut(runs=runs, file=output.name, sha256=sha256, when=Clock().iso()))


def own_texts(settings: Settings) -> Iterator[str]:
    """What of this computer and its helper must not stand in a copy."""
    home = os.environ.get("HOME", "")
    if home.count("/") > 1:
        yield home
    name = platform.node()
    if len(name) >= _OWN_NAME and (set(name) & {*"-_0123456789"}):
        yield name
    spec = look_around(Wishes(), settings).helper
    if isinstance(spec, HelperSpec):
        yield spec.token
        yield spec.host


def own_addresses(settings: Settings) -> Iterator[str]:
    """This computer's addresses, as far as it knows them, and its way out."""
    host = look_around(Wishes(), settings).host
    yield from host.sources
    if host.gateway:
        yield host.gateway
