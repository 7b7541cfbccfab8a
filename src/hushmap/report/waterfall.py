"""One decisive pair as rows, one step a row in order of start: what a reader follows to see the difference himself.

Which attempts are shown is decided in decisive.py. A late DNS answer is a row of its own, since several answers to
one question are evidence. Nothing is drawn that is not also written: a bar has its time beside it, a result has a
sign and a word. What is as it should be carries no cross: no address of one type beside one of the other, silence
where nobody runs a DNS service.
"""

from collections.abc import Iterable

import msgspec

from hushmap.detect import visible, wrong_steps
from hushmap.model import (
    SYSTEM_RESOLVER,
    Answer,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Hop,
    Page,
    Record,
    Resolve,
    Role,
    Side,
    Step,
    Trial,
    Verdict,
)
from hushmap.report.decisive import Decisive, decisive, named
from hushmap.report.words import Words

SHORT = 90
"""Characters of one foreign string in a table cell."""
_WIDTH = 100
"""The bar's drawing is 100 units wide."""
_LEAST = 1.0
"""A bar is never invisible: a step of 0.1 ms is still a step."""
WRONG, FINE, EMPTY = "✕", "✓", "○"
"""Signs of a step: it went wrong, it went well, it gave nothing and should not."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One step as shown."""

    side: str
    step: str
    asked: str
    answer: str
    start: float
    width: float
    time: str
    sign: str
    result: str
    failed: bool
    differs: bool = False
    twin: bool = False


class Waterfall(msgspec.Struct, frozen=True, kw_only=True):
    """The rows, what they lay side by side, and how long the longest attempt took."""

    heading: str
    names: str
    """Subject and twin by name, where there is a twin."""
    rows: tuple[Row, ...]
    longest: str


def waterfall(record: Record, verdict: Verdict, words: Words) -> Waterfall | None:
    """The rows of the decisive pair; `None` if nothing was asked from here."""
    found = decisive(record, verdict)
    if found is None:
        return None
    trials = found.trials
    longest = max(max(step.t for step in trial.steps) - trial.steps[0].t0 for trial in trials)
    rows: list[tuple[float, Row]] = []
    for trial in trials:
        scale = _Scale(origin=trial.steps[0].t0, length=longest)
        drawer = _Drawer(trial, record.context.dark, scale, words)
        for step in trial.steps:
            rows.append((step.t0, drawer.row(step, differs=step is found.mark)))
            if isinstance(step, Resolve):
                rows += [(answer.t, drawer.late(step, answer)) for answer in step.answers[1:]]
    rows.sort(key=lambda item: item[0])
    return Waterfall(
        heading=_heading(found, words),
        names=_names(found, words),
        rows=tuple(row for _, row in rows),
        longest=words.lasting(longest),
    )


def _heading(found: Decisive, words: Words) -> str:
    """A pair is called one only where there is one."""
    if found.twin is not None:
        return words("waterfall")
    return words("waterfall.elsewhere" if found.elsewhere is not None else "waterfall.alone")


def _names(found: Decisive, words: Words) -> str:
    if found.twin is None:
        return ""
    subject = named(found.subject.ask, found.subject.changed)
    twin = named(found.twin.ask, found.subject.changed)
    if not subject or not twin:
        return ""
    return words("waterfall.names", subject=visible(subject, SHORT), twin=visible(twin, SHORT))


class _Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Where on the drawing a moment lies, counted from the attempt's own start."""

    origin: float
    length: float

    def place(self, moment: float) -> float:
        """0 to 100."""
        share = (moment - self.origin) / self.length if self.length > 0 else 0.0
        return round(min(max(share, 0.0), 1.0) * _WIDTH, 2)


class _Drawer:
    """Draws the steps of one trial."""

    def __init__(self, trial: Trial, dark: str | None, scale: _Scale, words: Words) -> None:
        self.trial, self.scale, self.words = trial, scale, words
        self.dark = is_dark(trial, dark)
        self.wrong = wrong_steps(trial, dark)
        self.side = words(f"side.{trial.side}.{trial.role}")
        self.twin = trial.role is Role.BASELINE or trial.side is not Side.HERE

    def row(self, step: Step, *, differs: bool) -> Row:
        """One step."""
        start = min(self.scale.place(step.t0), _WIDTH - _LEAST)
        wrong = any(step is other for other in self.wrong)
        end = _ended(step)
        what, asked = _asked(step, self.trial.side, self.words)
        result = ending(step, self.words)
        if self.dark:
            result = self.words("dark.answered") if step.failure is None or wrong else self.words("dark.silent")
        return Row(
            side=self.side,
            step=what,
            asked=asked,
            answer=_answer(step, self.words),
            start=start,
            width=max(round(self.scale.place(end) - start, 2), _LEAST),
            time=self.words.lasting(end - step.t0),
            sign=WRONG if wrong else EMPTY if step.failure else FINE,
            result=result,
            failed=wrong,
            differs=differs,
            twin=self.twin,
        )

    def late(self, step: Resolve, answer: Answer) -> Row:
        """An answer after the first, where a resolver gives only one."""
        empty = answer.failure is Failure.NO_ANSWER and not self.dark
        wrong = self.dark or (answer.failure is not None and not empty)
        result = self.words(f"failure.{answer.failure}" if answer.failure else "done")
        return Row(
            side=self.side,
            step=self.words("step.late"),
            asked=f"{visible(step.name, SHORT)} {visible(step.qtype, SHORT)}",
            answer=_listed(answer.addresses, self.words),
            start=min(self.scale.place(answer.t), _WIDTH - _LEAST),
            width=_LEAST,
            time=self.words.lasting(answer.t - step.t0),
            sign=WRONG if wrong else EMPTY if empty else FINE,
            result=self.words("dark.answered") if self.dark else result,
            failed=wrong,
            twin=self.twin,
        )


def _ended(step: Step) -> float:
    """When a step had its outcome: a lookup with its first answer, though later ones are waited for."""
    first = step.answers[0].t if isinstance(step, Resolve) and step.answers else step.t
    return first if step.t0 <= first <= step.t else step.t


def is_dark(trial: Trial, dark: str | None) -> bool:
    """Whether a lookup was sent to the address that runs no DNS service."""
    return dark is not None and trial.ask.resolver == dark


def ending(step: Step, words: Words) -> str:
    """How a step ended, in a word or two."""
    return words("done") if step.failure is None else words(f"failure.{step.failure}")


def _listed(items: Iterable[str], words: Words) -> str:
    return visible(", ".join(items), SHORT) or words("answer.none")


def at(address: str, port: int) -> str:
    """Address and port as they are written."""
    shown = visible(address, SHORT)
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def resolver_words(resolver: str, side: Side, words: Words) -> str:
    """The DNS server that was asked; what a helper calls its system's is not this computer's."""
    if resolver == SYSTEM_RESOLVER:
        return words("resolver.system" if side is Side.HERE else "resolver.there")
    return visible(resolver.partition("://")[2] or resolver, SHORT)


def _asked(step: Step, side: Side, words: Words) -> tuple[str, str]:
    """The step in words, and what was asked for."""
    if isinstance(step, Resolve):
        what = words("step.resolve", resolver=resolver_words(step.resolver, side, words))
        return what, f"{visible(step.name, SHORT)} {visible(step.qtype, SHORT)}"
    if isinstance(step, Connect):
        return words("step.connect"), at(step.address, step.port)
    if isinstance(step, Handshake):
        return words("step.handshake"), visible(step.sni, SHORT) if step.sni else words("asked.noname")
    if isinstance(step, Fetch):
        host = f" (Host: {visible(step.host, SHORT)})" if step.host else ""
        return words("step.fetch"), f"{visible(step.method, SHORT)} {visible(step.url, SHORT)}{host}"
    if isinstance(step, Hop):
        return words("step.hop", n=f"{step.ttl}"), at(step.address, step.port)
    return words("step.exchange"), at(step.address, step.port)


def _answer(step: Step, words: Words) -> str:
    """What came back, if anything did."""
    if isinstance(step, Resolve):
        return _listed(step.addresses, words)
    if isinstance(step, Handshake) and step.chain:
        return words("answer.cert", issuer=visible(step.chain[0].issuer, SHORT))
    if isinstance(step, Fetch) and step.page:
        return page_words(step.page, words)
    if isinstance(step, Exchange) and step.received:
        return words("answer.bytes", n=f"{len(step.received):,}")
    if isinstance(step, Hop) and step.router:
        return visible(step.router, SHORT)
    return words("answer.none") if step.failure else words("done")


def page_words(page: Page, words: Words) -> str:
    """Status, length and title of a page."""
    status, length = f"{page.status}", f"{page.body_length:,}"
    if not page.title:
        return words("answer.page", status=status, n=length)
    return words("answer.titled", status=status, n=length, title=visible(page.title, SHORT))
