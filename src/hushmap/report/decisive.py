"""The few attempts that show the difference best, and the step in which they differ.

The subject that carries the verdict, the lookups that gave it its address, its harmless twin, and the same from
elsewhere. A step is marked only where a twin or a look from elsewhere was seen to go another way at the same step:
what nothing was compared with shows no difference.
"""

import msgspec

from hushmap.detect import host_of, went_wrong, wrong_steps
from hushmap.model import Ask, Fetch, Handshake, Layer, Outcome, Record, Resolve, Role, Side, Step, Trial, Verdict

_DEPTH = {Layer.DNS: 0, Layer.TCP: 1, Layer.TLS: 2, Layer.RAW: 3, Layer.HTTP: 4}
"""How far up an attempt goes; of those that worked, the one that goes furthest shows most."""
_OTHER_PAGE = ("http.blockpage", "http.redirect", "http.forged")
"""Mechanisms that put another page in a page's place; only then does a page unlike the twin's tell anything."""


class Decisive(msgspec.Struct, frozen=True, kw_only=True):
    """What is laid side by side; every trial of it once."""

    subject: Trial
    lookups: tuple[Trial, ...] = ()
    twin: Trial | None = None
    elsewhere: Trial | None = None
    mark: Step | None = None
    """The step of the subject that went another way than the others'."""

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All of them, the subject first."""
        return tuple(t for t in (self.subject, *self.lookups, self.twin, self.elsewhere) if t is not None)


def decisive(record: Record, verdict: Verdict) -> Decisive | None:
    """The attempts that show the difference best; `None` if nothing was asked from here."""
    counted = [trial for trial in record.counted if trial.steps]
    subject = _subject(counted, record, verdict)
    if subject is None:
        return None
    rest = [trial for trial in counted if trial.id != subject.id]
    lookups = tuple(trial for trial in rest if trial.id in subject.causes and trial.role is not Role.BASELINE)
    chosen = {subject.id, *(trial.id for trial in lookups)}
    twin = _twin(rest, subject, record.context.dark)
    elsewhere = _elsewhere([trial for trial in rest if trial.id not in chosen], subject, record.context.dark)
    found = Decisive(subject=subject, lookups=lookups, twin=twin, elsewhere=elsewhere)
    return msgspec.structs.replace(found, mark=_difference(found, verdict, record.context.dark))


def _subject(counted: list[Trial], record: Record, verdict: Verdict) -> Trial | None:
    dark = record.context.dark
    here = [t for t in counted if t.role not in {Role.BASELINE, Role.SENTINEL} and t.side is Side.HERE]
    proven = [trial for trial in here if trial.id in verdict.proof] or here
    if verdict.outcome is Outcome.OK:
        worked = [trial for trial in proven if not went_wrong(trial, dark)] or proven
        return max(worked, key=lambda trial: _DEPTH[trial.ask.layer], default=None)
    return next((trial for trial in proven if went_wrong(trial, dark)), proven[0] if proven else None)


def _twin(rest: list[Trial], subject: Trial, dark: str | None) -> Trial | None:
    """The harmless attempt of the subject's own pair, at the subject's own server if it can be had."""
    if subject.pair is None:
        return None
    twins = [trial for trial in rest if trial.role is Role.BASELINE and trial.pair == subject.pair]
    return min(twins, key=lambda trial: (trial.bystander, went_wrong(trial, dark), trial.id), default=None)


def _elsewhere(rest: list[Trial], subject: Trial, dark: str | None) -> Trial | None:
    """The same from elsewhere, or what comes nearest to it: by layer, address and page."""
    ask, lookup = subject.ask, subject.ask.layer is Layer.DNS

    def distance(trial: Trial) -> tuple[bool, bool, bool, bool, int]:
        other = trial.ask
        wrong = went_wrong(trial, dark)
        return other.address != ask.address, other.layer is not ask.layer, other.url != ask.url, wrong, trial.id

    asked = [
        trial
        for trial in rest
        if trial.side is not Side.HERE
        and trial.role is not Role.BASELINE
        and (trial.ask.layer is Layer.DNS) is lookup
        and host_of(trial.ask) == host_of(ask)
    ]
    return min(asked, key=distance, default=None)


def _difference(found: Decisive, verdict: Verdict, dark: str | None) -> Step | None:
    """The first step of the subject at which a compared attempt went another way."""
    if verdict.outcome is Outcome.OK:
        return None
    wrong = wrong_steps(found.subject, dark)
    pages = any(mechanism.startswith(_OTHER_PAGE) for mechanism in verdict.mechanisms)
    for step in found.subject.steps:
        bad = any(step is other for other in wrong)
        twin, elsewhere = _counterpart(step, found.twin), _counterpart(step, found.elsewhere)
        if twin is not None and (_ends_apart(step, twin, bad=bad) or (pages and _page_apart(step, twin))):
            return step
        if elsewhere is not None and (_ends_apart(step, elsewhere, bad=bad) or _tells_apart(step, elsewhere)):
            return step
    return None


def _counterpart(step: Step, other: Trial | None) -> Step | None:
    """The step of `other` that asks the same kind of thing."""
    for theirs in other.steps if other is not None else ():
        if type(theirs) is type(step) and getattr(theirs, "qtype", "") == getattr(step, "qtype", ""):
            return theirs
    return None


def _ends_apart(step: Step, other: Step, *, bad: bool) -> bool:
    """Whether `step` went wrong in a way that `other` did not."""
    return bad and step.failure != other.failure


def _tells_apart(step: Step, other: Step) -> bool:
    """Whether the same question, asked from elsewhere, was answered otherwise."""
    if step.failure is not None or other.failure is not None:
        return False
    if isinstance(step, Resolve) and isinstance(other, Resolve):
        return not set(step.addresses) & set(other.addresses)
    if isinstance(step, Handshake) and isinstance(other, Handshake):
        return step.sni == other.sni and {step.valid, other.valid} == {True, False}
    return _page_apart(step, other)


def _page_apart(step: Step, other: Step) -> bool:
    if not isinstance(step, Fetch) or not isinstance(other, Fetch) or step.page is None or other.page is None:
        return False
    mine, theirs = step.page, other.page
    return mine.status != theirs.status or (mine.title != theirs.title and mine.body_sha256 != theirs.body_sha256)


def named(ask: Ask, changed: str | None) -> str | None:
    """What `ask` names where its pair's subject and twin differ; `None` where only the answer does."""
    if changed in {"response", "answer"}:
        return None
    if ask.layer is Layer.RAW or changed == "body":
        return payload_text(ask)
    if changed in {"path", "query"}:
        return ask.url
    if changed in {"header", "cookie"} and ask.headers:
        return ": ".join(ask.headers[-1])
    return ask.host or host_of(ask)


def payload_text(ask: Ask) -> str | None:
    """What is sent as bytes, if it is text: words are, other protocols mostly are not."""
    try:
        text = (ask.payload or b"").decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text and all(char.isprintable() or char in "\r\n\t" for char in text) else None
