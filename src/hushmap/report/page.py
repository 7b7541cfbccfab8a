"""A run's page: records and verdicts in, files as bytes out; the same run gives the same bytes.

The page ships no script and loads nothing from elsewhere, and its policy says so to the browser (UX 4). Every value
passes `visible` and then HTML escaping on its way into a template, whoever made it, so that no template can forget a
hostile title. Style stands in classes and SVG attributes, since the policy allows no inline style.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from hushmap.detect import LABEL_GROUPS, group_words, network_words, visible
from hushmap.report.chart import draw
from hushmap.report.view import LOOKS, Entry, RunView, key_sentence, tables, vantage_rows
from hushmap.report.words import Words

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'"
"""UX 4, word for word."""
_LONGEST = 2000
"""Characters of one value; our longest sentence with every foreign part at its bound stays below."""


_REMEMBERED = 200
"""Characters of a value that is remembered as it is shown: labels and names come a thousand times in a site."""


def _shown(value: object) -> Markup:
    """Every value on its way into a template: markup of ours passes, text is made visible, bounded and escaped."""
    if isinstance(value, Markup):
        return value
    text = value if isinstance(value, str) else str(value)
    return _escaped(text) if len(text) <= _REMEMBERED else escape(visible(text, _LONGEST))


@lru_cache(maxsize=16_384)
def _escaped(text: str) -> Markup:
    return escape(visible(text, _LONGEST))


@cache
def environment() -> Environment:
    """The templates, which are read once."""
    return Environment(
        loader=PackageLoader("hushmap.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(run: RunView, entries: Sequence[Entry]) -> dict[str, bytes]:
    """The files of the page, by their path in the report folder.

    Raises:
        ValueError: there are no texts in the run's language.
    """
    words = Words(run.lang)
    found = tables(entries, words)
    results = [table for table in found if table.result]
    chart = draw(tuple((table.heading, table.counts) for table in results), rtl=words.direction == "rtl")
    page = (
        environment()
        .get_template("page.html.j2")
        .render(
            policy=POLICY,
            run=run,
            words=words,
            tables=found,
            chart=chart,
            apart=len(results) > 1,
            key=key_sentence(run, found, words),
            vantage=vantage_rows(run, words),
            network=network_words(run.vantage, run.lang),
            decide=[(name, group_words(name, run.lang), *LOOKS[name]) for name in LABEL_GROUPS],
            data=_data(run, words),
            done=len(entries),
        )
    )
    style = files("hushmap.report").joinpath("templates/style.css").read_bytes()
    return {"index.html": page.encode(), "style.css": style}


def _data(run: RunView, words: Words) -> list[tuple[str, str]]:
    """(field, value) of what a checker needs to come to the same page again; what is not known is left out."""
    software = f"{run.software.name} {run.software.version}, Python {run.software.python}, {run.software.tls}"
    rows = [
        ("run", run.run),
        ("deck", f"{run.deck} sha256 {run.deck_sha256}" if run.deck_sha256 else run.deck),
        ("software", software),
        ("rules", run.rules),
        ("knowledge", run.knowledge),
        ("scale", words("data.scale.value", scale=f"{run.scale:g}") if run.scale != 1 else ""),
        ("again", f"hushmap judge {run.run}"),
    ]
    return [(field, value) for field, value in rows if value]


def write(folder: Path, run: RunView, entries: Sequence[Entry]) -> Path:
    """Write the page into `folder`/report and give the path of its first file."""
    report = folder / "report"
    report.mkdir(parents=True, exist_ok=True)
    for name, content in render(run, entries).items():
        (report / name).write_bytes(content)
    return report / "index.html"
