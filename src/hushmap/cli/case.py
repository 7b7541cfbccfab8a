"""`hushmap case`: a dated report of one confirmed change, from published copies."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hushmap import __version__, report
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.given import given
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.query_opening import opened, source
from hushmap.cli.report_about import contact_option, corrections, corrections_option
from hushmap.cli.report_added import only_copies, register, register_option
from hushmap.cli.report_copies import precision
from hushmap.cli.report_together import together
from hushmap.model import Software

if TYPE_CHECKING:
    from hushmap.report import About, Case

LANGS = ("en", "zh")
_INCIDENT = re.compile(r"[0-9a-f]{6,12}")


@examples(
    "hushmap case net-a.hush net-b.hush",
    "hushmap case 5e41ce0b27aa net-a.hush net-b.hush > case.md",
    "hushmap case 5e41ce0b27aa net-a.hush --json",
)
@click.command("case")
@click.argument("paths", metavar="[INCIDENT] PATH...", nargs=-1, required=True)
@click.option("--as-recorded", is_flag=True, help="Of runs that were not published, too: the case says so.")
@contact_option
@click.option("--lang", type=click.Choice(LANGS), default="en", help="The language of the case.")
@corrections_option
@register_option
@marks_option("Block notices")
@json_option
def command(*, paths: tuple[str, ...], as_recorded: bool, as_json: bool, **said: Any) -> None:
    """Tell one confirmed change with its evidence, as Markdown. Nothing is sent.

    INCIDENT is an id, or its beginning, as hushmap incidents --json gives it; without one the change that is
    confirmed in the PATHs. PATH is a published copy; several are judged beside each other. What happened in the same
    days is told as its sources tell it, and shows no cause. Of changes that are not confirmed, and of posts, there is
    no case. For a page and an entry of the feed: hushmap report PATH... --case INCIDENT.
    """
    first = paths[0]
    wanted = first if _INCIDENT.fullmatch(first) and not Path(first).exists() else ""
    paths = paths[1:] if wanted else paths
    if not paths:
        raise Fault(f"{wanted}: in what? Give the published copies after it: hushmap case {wanted} FILE.hush")
    if not as_recorded:
        only_copies(paths)
    try:
        told = _case(paths, wanted, said, published=not as_recorded)
    except report.CaseError as error:
        raise Fault(str(error)) from None
    if as_json:
        screen.out_json(told)
    else:
        screen.out(report.markdown(told, report.Words(said["lang"])).splitlines())


def _case(paths: tuple[str, ...], wanted: str, said: dict[str, Any], *, published: bool) -> "Case":
    """The case, of PATHs that are judged together; an archive is taken as it was judged."""
    added = report.Added(register=register(said["register"]))
    if any(source(path).archive is not None for path in paths):
        with opened(paths, said["marks"]) as tables:
            return report.case_of(tables, _about(said, published=published), wanted, added=added)
    places = [given(path) for path in paths]
    rounded = precision(paths, places, as_recorded=not published)
    told = together(places, knowledge(said["marks"]), said["lang"])
    with told.tables:
        about = _about(said, published=published, lab=told.lab, rounded=rounded)
        return report.case_of(told.tables, about, wanted, told.held, added)


def _about(said: dict[str, Any], *, published: bool, lab: bool = False, rounded: str | None = None) -> "About":
    """What the makers say of it."""
    corrected = corrections(said["corrected"])
    return report.About(
        title="",
        lang=said["lang"],
        contact=said["contact"],
        software=Software(version=__version__),
        lab=lab,
        published=published,
        precision=rounded,
        version=corrected[-1].version if corrected else 1,
        corrections=corrected,
    )
