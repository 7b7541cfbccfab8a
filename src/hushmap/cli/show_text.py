"""What `hushmap show` prints: one verdict with its evidence, or the list of a run's targets (UX 1)."""

from collections.abc import Iterable, Iterator

from hushmap.cli.step_text import cell, trial_lines, who
from hushmap.cli.wording import count, field, wrapped
from hushmap.judge import Judged
from hushmap.model import Evidence, Resolve, Role, Scope, Side, Trial

EVIDENCE: dict[Evidence, str] = {
    Evidence.DIRECT: "direct: a reply that the site did not send was seen",
    Evidence.CONTROLLED: "controlled: one thing changed, all else kept",
    Evidence.COMPARISON: "comparison: asked from elsewhere at that time",
    Evidence.NONE: "none",
}
SCOPES: dict[Scope, str] = {
    Scope.ALL: "everything that was tried",
    Scope.THIS_RESOLVER: "this DNS server",
    Scope.IPV4: "IPv4",
    Scope.IPV6: "IPv6",
    Scope.QUIC: "QUIC",
    Scope.PLAIN_HTTP: "plain HTTP",
    Scope.SOME_ADDRESSES: "some of the addresses",
    Scope.THIS_CLIENT: "this client's way of asking",
}
_INDENT = 13
_SURVEY = 12
"""Attempts of the survey that are shown one by one; `--steps` has all."""
_COLUMNS = (10, 18, 22, 22, 24)


def verdict_lines(judged: Judged) -> Iterator[str]:
    """One target: label, sentence, evidence, attempts."""
    record, verdict, saying = judged.record, judged.verdict, judged.saying
    place = f" in {record.layer}" if record.layer is not None else ""
    yield f"{record.target}{place}: {saying.label}"
    yield from wrapped(saying.sentence, "  ", "  ")
    yield from _field("How sure", saying.how_sure)
    yield from _field("Evidence", f"{EVIDENCE[verdict.evidence]} · rule {verdict.rule} · rules {verdict.rules}")
    if verdict.scope is not None:
        yield from _field("Scope", SCOPES[verdict.scope])
    yield from _field("Not shown", saying.limits.removeprefix("Not shown: "))
    yield from _table(record.trials, {void.trial: void.reason for void in record.context.voids})
    name = record.target if not record.target.startswith("-") else f"-- {record.target}"
    yield f"  record {record.id} · all steps: hushmap show {name} --steps · as data: --json"


def _field(name: str, text: str) -> list[str]:
    return field(f"  {name}", text, _INDENT)


def _row(*cells: str) -> str:
    shown = "".join(f"{text:{width}} " for text, width in zip(cells, (*_COLUMNS, 0), strict=False))
    return f"  {shown}".rstrip()


def _table(trials: tuple[Trial, ...], voids: dict[int, str]) -> Iterator[str]:
    counted = [trial for trial in trials if trial.id not in voids and trial.undone is None]
    survey = [trial for trial in counted if trial.pair is None and trial.side is Side.HERE and not trial.cooling]
    pairs = [trial for trial in counted if trial.pair is not None]
    elsewhere = [trial for trial in counted if trial.side is Side.HELPER]
    yield _row("attempt", "what", "name lookup", "connect", "TLS", "page")
    for number, trial in enumerate(survey[:_SURVEY], 1):
        yield _attempt(str(number), who(trial), trial)
    if len(survey) > _SURVEY:
        yield _row("", count(len(survey) - _SURVEY, "more attempt"))
    first = [trial for trial in pairs if pairs and (trial.pair, trial.changed) == (pairs[0].pair, pairs[0].changed)]
    for trial in first:
        yield _attempt("pair 1", who(trial), trial)
    rest = [trial for trial in pairs if trial not in first]
    if rest:
        more = len({(trial.pair, trial.changed) for trial in rest})
        yield _row("", f"{count(more, 'pair')} more: {_failed(rest)}")
    for trial in elsewhere[:2]:
        yield _attempt("", "elsewhere", trial)
    if len(elsewhere) > 2:
        yield _row("", f"elsewhere {count(len(elsewhere) - 2, 'more attempt')}, {_failures(elsewhere[2:])}")
    undone = sum(trial.undone is not None for trial in trials)
    if voids or undone:
        yield _row("", f"not counted: {len(voids)} void, {undone} not carried out")


def _attempt(number: str, what: str, trial: Trial) -> str:
    lookup = next((step for step in trial.steps if isinstance(step, Resolve)), None)
    place = cell(lookup) if lookup is not None else trial.ask.address or "-"
    last = trial.fetch or trial.exchange
    return _row(number, what, place, cell(trial.connect), cell(trial.handshake), cell(last))


def _failed(trials: list[Trial]) -> str:
    subjects = [trial for trial in trials if trial.role is not Role.BASELINE]
    twins = [trial for trial in trials if trial.role is Role.BASELINE]
    return f"{_failures(subjects)}; harmless twins {_failures(twins)}"


def _failures(trials: list[Trial]) -> str:
    return f"{sum(trial.failed is not None for trial in trials)} of {len(trials)} failed"


def step_lines(judged: Judged) -> Iterator[str]:
    """Every attempt with every step, in the order of their start."""
    record = judged.record
    voids = {void.trial: void.reason for void in record.context.voids}
    yield f"{record.target}: {judged.saying.label} · times in seconds since {record.run_started}"
    for trial in sorted(record.trials, key=lambda one: (one.t0, one.id)):
        yield from trial_lines(trial, void=voids.get(trial.id))


def list_lines(judged: Iterable[Judged], run: str) -> Iterator[str]:
    """Every target of a run with its label, the most telling first."""
    found = sorted(judged, key=lambda one: (one.word, one.group, one.saying.label, one.record.target))
    width = max((len(one.saying.label) for one in found), default=0) + 2
    yield f"run {run} · {count(len(found), 'verdict')}"
    for one in found:
        place = f" in {one.record.layer}" if one.record.layer is not None else ""
        yield f"  {one.saying.label:{width}}{one.record.target}{place}"
    yield "One of them: hushmap show TARGET"
