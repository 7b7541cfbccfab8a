"""One decisive pair as rows, one step a row in order of start: what a reader follows to see the difference himself.

The subject that failed, the lookups that gave it its address, its harmless twin, and the same from elsewhere. A late
DNS answer is a row of its own, since several answers to one question are evidence. Nothing is drawn that is not also
written: a bar has its time beside it, a result has a sign and a word.
"""

from collections.abc import Iterable

import msgspec

from hushmap.detect import visible
from hushmap.model import (
    SYSTEM_RESOLVER,
    Answer,
    Connect,
    Exchange,
    Fetch,
    Handshake,
    Outcome,
    Page,
    Record,
    Resolve,
    Role,
    Side,
    Step,
    Trial,
    Verdict,
)
from hushmap.report.texts import Words

SHORT = 90
"""Characters of one foreign string in a table cell."""
_WIDTH = 100
"""The bar's drawing is 100 units wide."""
_LEAST = 1.0
"""A bar is never invisible: a step of 0.1 ms is still a step."""


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
    """The rows, and how long the longest attempt took."""

    rows: tuple[Row, ...]
    longest: str


def decisive(record: Record, verdict: Verdict) -> tuple[Trial, ...]:
    """The trials that show the difference best; the subject first."""
    counted = [trial for trial in record.counted if trial.steps]
    mine = [trial for trial in counted if trial.role is Role.SUBJECT and trial.side is Side.HERE]
    if not mine:
        return ()
    proven = [trial for trial in mine if trial.id in verdict.proof] or mine
    subject = next((trial for trial in proven if trial.failed is not None), proven[0])
    chosen = [subject, *(trial for trial in counted if trial.id in subject.causes)]
    twins = [
        trial
        for trial in counted
        if trial.role is Role.BASELINE and trial.pair is not None and trial.pair == subject.pair
    ]
    elsewhere = [
        trial
        for trial in counted
        if trial.side is not Side.HERE and trial.role is Role.SUBJECT and trial.ask.layer is subject.ask.layer
    ]
    chosen += sorted(twins, key=lambda trial: (trial.bystander, trial.failed is not None))[:1]
    chosen += sorted(elsewhere, key=lambda trial: trial.failed is not None)[:1]
    return tuple(chosen)


def waterfall(record: Record, verdict: Verdict, words: Words) -> Waterfall | None:
    """The rows of the decisive pair; `None` if nothing was asked from here."""
    trials = decisive(record, verdict)
    if not trials:
        return None
    longest = max(max(step.t for step in trial.steps) - trial.steps[0].t0 for trial in trials)
    mark = _difference(trials[0], verdict)
    rows: list[tuple[float, Row]] = []
    for trial in trials:
        origin = trial.steps[0].t0
        for step in trial.steps:
            scale = _Scale(origin=origin, length=longest)
            rows.append((step.t0, _row(trial, step, scale, words, differs=step is mark)))
            if isinstance(step, Resolve):
                rows += [(answer.t, _late(trial, step, answer, scale, words)) for answer in step.answers[1:]]
    rows.sort(key=lambda item: item[0])
    return Waterfall(rows=tuple(row for _, row in rows), longest=words.lasting(longest))


def _difference(subject: Trial, verdict: Verdict) -> Step | None:
    """The step of the subject that tells it from its twin."""
    if verdict.outcome is Outcome.OK:
        return None
    if subject.failed is not None:
        return subject.failed
    return subject.steps[-1] if verdict.mechanisms else None


class _Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Where on the drawing a moment lies, counted from the attempt's own start."""

    origin: float
    length: float

    def place(self, moment: float) -> float:
        """0 to 100."""
        share = (moment - self.origin) / self.length if self.length > 0 else 0.0
        return round(min(max(share, 0.0), 1.0) * _WIDTH, 2)


def _row(trial: Trial, step: Step, scale: _Scale, words: Words, *, differs: bool) -> Row:
    start = min(scale.place(step.t0), _WIDTH - _LEAST)
    what, asked = _asked(step, words)
    return Row(
        side=words(f"side.{trial.side}.{trial.role}"),
        step=what,
        asked=asked,
        answer=_answer(step, words),
        start=start,
        width=max(round(scale.place(step.t) - start, 2), _LEAST),
        time=words.lasting(step.t - step.t0),
        sign="✕" if step.failure else "✓",
        result=ending(step, words),
        failed=step.failure is not None,
        differs=differs,
        twin=trial.role is not Role.SUBJECT or trial.side is not Side.HERE,
    )


def _late(trial: Trial, step: Resolve, answer: Answer, scale: _Scale, words: Words) -> Row:
    """An answer after the first, where a resolver gives only one."""
    return Row(
        side=words(f"side.{trial.side}.{trial.role}"),
        step=words("step.late"),
        asked=f"{visible(step.name, SHORT)} {visible(step.qtype, SHORT)}",
        answer=_listed(answer.addresses, words),
        start=min(scale.place(answer.t), _WIDTH - _LEAST),
        width=_LEAST,
        time=words.lasting(answer.t - step.t0),
        sign="✕" if answer.failure else "✓",
        result=words(f"failure.{answer.failure}" if answer.failure else "done"),
        failed=answer.failure is not None,
        twin=trial.role is not Role.SUBJECT or trial.side is not Side.HERE,
    )


def ending(step: Step, words: Words) -> str:
    """How a step ended, in a word or two."""
    return words("done") if step.failure is None else words(f"failure.{step.failure}")


def _listed(items: Iterable[str], words: Words) -> str:
    return visible(", ".join(items), SHORT) or words("answer.none")


def _at(address: str, port: int) -> str:
    shown = visible(address, SHORT)
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def _asked(step: Step, words: Words) -> tuple[str, str]:
    """The step in words, and what was asked for."""
    if isinstance(step, Resolve):
        own = step.resolver == SYSTEM_RESOLVER
        server = visible(step.resolver.partition("://")[2] or step.resolver, SHORT)
        what = words("step.resolve.system") if own else words("step.resolve", resolver=server)
        return what, f"{visible(step.name, SHORT)} {visible(step.qtype, SHORT)}"
    if isinstance(step, Connect):
        return words("step.connect"), _at(step.address, step.port)
    if isinstance(step, Handshake):
        return words("step.handshake"), visible(step.sni, SHORT) if step.sni else words("asked.noname")
    if isinstance(step, Fetch):
        host = f" (Host: {visible(step.host, SHORT)})" if step.host else ""
        return words("step.fetch"), f"{visible(step.method, SHORT)} {visible(step.url, SHORT)}{host}"
    return words("step.exchange"), _at(step.address, step.port)


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
    return words("answer.none") if step.failure else words("done")


def page_words(page: Page, words: Words) -> str:
    """Status, length and title of a page."""
    status, length = f"{page.status}", f"{page.body_length:,}"
    if not page.title:
        return words("answer.page", status=status, n=length)
    return words("answer.titled", status=status, n=length, title=visible(page.title, SHORT))
