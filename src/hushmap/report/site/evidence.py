"""The measurement that shows a target's result on a network, step by step, as far as a page has room for it.

One a target and network is shown: the last that shows what the cell says. From a record everything can be told, the
sentence too; from the steps table of an archive the attempts can be set out again, but not what bodies, certificates
and late answers would add, so no sentence about that one measurement is made, only its label and counts.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import msgspec
from markupsafe import Markup

from hushmap.archive import Tables, records_of
from hushmap.detect import say, visible
from hushmap.model import Certificate, Handshake, Outcome, Record
from hushmap.report.page import environment
from hushmap.report.site.book import Book, Key
from hushmap.report.view import Entry, shown_of
from hushmap.report.view import Shown as Showing
from hushmap.report.words import Words

_TRIALS = 40
"""Attempts that are listed of one measurement."""
_SHORT = 90
_CERTIFICATES = 8
_PLACE = Markup("\0")  # no value has it: what shows nothing is spelled out on its way into a template
"""Where the attempts stand, which are listed or not."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate that a server showed, and to whom."""

    name: str
    subject: str
    issuer: str
    until: str
    sha256: str
    valid: str
    side: str


def wanted(book: Book) -> dict[str, Key]:
    """The records that pages show step by step, each with its target and network; of a trigger no target."""
    found = {f"{one.fields['record']}": ("", one.network) for one in book.triggers}
    return found | {cell.record: key for key, cell in book.cells.items() if cell.record}


def rebuilt(tables: Tables, ids: Iterable[str], lang: str = "en", days: Collection[date] = ()) -> dict[str, Entry]:
    """Measurements of an archive, from its tables; what it does not hold is not there.

    `days` are those on which they began, where that is known.
    """
    found = {}
    for record, verdict in records_of(tables, ids, days):
        saying = say(verdict, record, lang)
        found[record.id] = Entry(
            record=record, verdict=verdict, saying=msgspec.structs.replace(saying, sentence="", how_sure="")
        )
    return found


def blocks(entries: Sequence[tuple[str, Entry]], words: Words, room: int) -> dict[str, Markup]:
    """The evidence of each network, by its id, in `room` bytes: its decisive attempts, then all where there is room.

    Networks come first that come first; one for which there is no room is left out.
    """
    drawer = _Drawer(words)
    lean, full = {}, {}
    for network, entry in entries:
        lean[network], full[network] = drawer.drawn(entry)
        if len(lean[network].encode()) > room:
            del lean[network], full[network]
        else:
            room -= len(lean[network].encode())
    for network, text in full.items():
        more = len(text.encode()) - len(lean[network].encode())
        if more <= room:
            lean[network], room = text, room - more
    return lean


class _Drawer:
    """Draws one measurement, with and without the list of its attempts."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.template = environment().get_template("site/evidence.html.j2")
        self.attempts = environment().get_template("site/_attempts.html.j2")

    def drawn(self, entry: Entry) -> tuple[Markup, Markup]:
        """Without, and with."""
        shown = shown_of(entry, self.words)
        if not entry.saying.sentence and entry.verdict.outcome is not Outcome.OK and not entry.verdict.proof:
            shown = msgspec.structs.replace(shown, waterfall=None)  # nothing tells which attempt would show it
        listed = shown.trials[:_TRIALS]
        full = msgspec.structs.replace(shown, trials=listed, more=len(entry.record.trials) - len(listed))
        lean = msgspec.structs.replace(shown, trials=(), more=0)
        chains = certificates(entry.record, self.words)
        text = self.template.render(
            words=self.words, shown=full, record=entry.record, certificates=chains, place=_PLACE
        )
        with_none, with_all = (text.replace(f"{_PLACE}\n", self._attempts(one)) for one in (lean, full))
        return Markup(with_none), Markup(with_all)  # noqa: S704 (our own templates, which escape every value)

    def _attempts(self, shown: Showing) -> str:
        return self.attempts.render(words=self.words, shown=shown)


def certificates(record: Record, words: Words) -> tuple[Shown, ...]:
    """What servers showed, each certificate once for a name and a side."""
    found: dict[tuple[str, str, str], Shown] = {}
    for trial in record.counted:
        for step in trial.steps:
            if isinstance(step, Handshake) and step.chain:
                side = words(f"side.{trial.side}.{trial.role}")
                name = visible(step.sni or "", _SHORT) or words("asked.noname")
                found.setdefault((name, step.chain[0].sha256, side), _shown(step.chain[0], step, (name, side), words))
    return tuple(found.values())[:_CERTIFICATES]


def _shown(own: Certificate, step: Handshake, about: tuple[str, str], words: Words) -> Shown:
    valid = {True: "target.cert.holds", False: "target.cert.fails", None: "target.cert.unknown"}[step.valid]
    return Shown(
        name=about[0],
        subject=visible(own.subject, _SHORT),
        issuer=visible(own.issuer, _SHORT),
        until=own.not_after[:10],
        sha256=own.sha256,
        valid=words(valid),
        side=about[1],
    )
