"""What the makers of a site say of it: title, contact, licence, and a file of corrections."""

import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hushmap import report
from hushmap.cli.fault import Fault

if TYPE_CHECKING:
    from hushmap.report import Correction

_FORM = '[[correction]]  version = 2  day = 2026-11-22  text = "Net-C added"'

contact_option = click.option(
    "--contact", default="", metavar="TEXT", help="How readers reach you, for questions and corrections."
)
corrections_option = click.option(
    "--corrections",
    "corrected",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What was corrected after publishing: TOML, a [[correction]] with version, day, text each.",
)


def corrections(path: Path | None) -> "tuple[Correction, ...]":
    """The corrections in a TOML file, the oldest first.

    Raises:
        Fault: It cannot be read, or one does not fit.
    """
    if path is None:
        return ()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        made = [_correction(one) for one in found["correction"]]
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{path}: {getattr(error, 'strerror', None) or 'is no UTF-8'}; check the name") from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        raise Fault(f"{path}: holds no list of corrections; write each as {_FORM}") from None
    if not made or [one.version for one in made] != [*range(2, len(made) + 2)]:
        raise Fault(f"{path}: versions are 2, 3, 4 ... in this order, since the first was published as version 1")
    return tuple(made)


def _correction(told: dict[str, Any]) -> "Correction":
    version, day, text = told["version"], told["day"], told["text"]
    if type(version) is not int or type(day) is not date or not isinstance(text, str) or not text.strip():
        raise ValueError(told)
    return report.Correction(version=version, day=day, text=text.strip())
