"""What `hushmap show` prints: one verdict with its evidence, or the list of a run's targets (UX 1)."""

from collections.abc import Iterable, Iterator

from hushmap.cli.differ_text import claim_words, why_words
from hushmap.cli.keyword_text import shown, trigger_line
from hushmap.cli.pair_text import Pairs, read_pairs, uncounted
from hushmap.cli.run_text import name_of
from hushmap.cli.step_text import cell, server, trial_lines, who
from hushmap.cli.wording import count, field, shell, wrapped
from hushmap.detect import claim_of, difference, host_of, went_wrong
from hushmap.judge import Judged
from hushmap.model import Evidence, Knowledge, Layer, Record, Role, Scope, Side, Trial, Verdict

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
_COLUMNS = (10, 24, 22, 20, 24)


def verdict_lines(judged: Judged, knowledge: Knowledge, path: str = "", more: str = "") -> Iterator[str]:
    """One target: label, sentence, evidence, attempts; pairs are counted by the knowledge that judged them.

    `path` is where the record was found, if it is of no run; `more` names the run, if it is not the last.
    """
    record, verdict, saying = judged.record, judged.verdict, judged.saying
    place = f" in {record.layer}" if record.layer is not None else ""
    yield f"{shown(record.target) if record.layer is not None else record.target}{place}: {saying.label}"
    yield from wrapped(saying.sentence, "  ", "  ")
    yield from _found(verdict)
    yield from _field("How sure", saying.how_sure)
    yield from _field("Evidence", f"{EVIDENCE[verdict.evidence]} · rule {verdict.rule} · rules {verdict.rules}")
    if verdict.scope is not None:
        yield from _field("Scope", SCOPES[verdict.scope])
    yield from _claim(record, verdict)
    yield from _field("Not shown", saying.limits.removeprefix("Not shown: "))
    yield from _table(record, read_pairs(record, verdict, knowledge))
    if path:
        yield f"  record {record.id} · {judged.source}"
        yield f"  all steps: {shell('hushmap', 'show', record.id, '--from', path, '--steps')} · as data: --json"
        return
    name = name_of(judged) if record.layer is not None else record.target
    name = f"{name}{more} --steps" if not name.startswith("-") else f"--steps{more} -- {name}"
    yield f"  record {record.id} · all steps: hushmap show {name} · as data: --json"


_STATES = {"cut": "cut off", "passed": "not cut off", "open": "not decided"}


def _found(verdict: Verdict) -> Iterator[str]:
    """What is to be told of each word, and each trigger with its counts."""
    states: dict[str, list[str]] = {}
    for word, state in verdict.words.items():
        states.setdefault(_STATES.get(state, state), []).append(word)
    for state, words in states.items():
        yield from _field("Words", f"{state} ({len(words)}): {', '.join(words)}")
    for trigger in verdict.triggers:
        yield from _field("Trigger", trigger_line(trigger))


def _claim(record: Record, verdict: Verdict) -> list[str]:
    """What OONI concluded, and why we do not."""
    claim = claim_of(record)
    if claim is None:
        return []
    parted = difference(record, verdict)
    ours = f"we do not agree: {why_words(parted.why)}" if parted is not None else "we agree"
    return _field("OONI says", f"{claim_words(claim)}; {ours}")


def _field(name: str, text: str) -> list[str]:
    return field(f"  {name}", text, _INDENT)


def _row(*cells: str) -> str:
    shown = "".join(f"{text:{width}} " for text, width in zip(cells, (*_COLUMNS, 0), strict=False))
    return f"  {shown}".rstrip()


def _table(record: Record, pairs: Pairs) -> Iterator[str]:
    dark = record.context.dark
    survey = [t for t in record.counted if t.pair is None and t.side is Side.HERE and not t.cooling]
    elsewhere = [trial for trial in record.counted if trial.side is Side.HELPER]
    yield _row("attempt", "what", "name lookup", "connect", "TLS", "page")
    for number, trial in enumerate(survey[:_SURVEY], 1):
        yield _attempt(str(number), trial, dark)
    if len(survey) > _SURVEY:
        yield _row("", count(len(survey) - _SURVEY, "more attempt"))
    for trial in pairs.example:
        yield _attempt("one pair", trial, dark)
    for name, line in pairs.lines:
        yield from _field(name, line)
    for trial in elsewhere[:2]:
        yield _attempt("", trial, dark)
    if len(elsewhere) > 2:
        rest = elsewhere[2:]
        failed = sum(went_wrong(trial, dark) for trial in rest)
        yield _row("", f"elsewhere {count(len(rest), 'more attempt')}, {failed} of {len(rest)} failed")
    left = "; ".join(uncounted(record, pairs))
    if left:
        yield from _field("left out", left)


def _attempt(number: str, trial: Trial, dark: str | None) -> str:
    last = trial.fetch or trial.exchange
    where = _lookup(trial, dark) or trial.ask.address or host_of(trial.ask) or "-"
    return _row(number, _what(trial, dark), where, cell(trial.connect), cell(trial.handshake), cell(last))


def _what(trial: Trial, dark: str | None) -> str:
    """Who asked; for a name lookup, which DNS server was asked too."""
    if trial.ask.layer is not Layer.DNS or trial.ask.resolver is None:
        return who(trial)
    asked = server(trial.ask.resolver)
    if trial.side is not Side.HERE:
        return f"elsewhere, {asked}"
    asked = f"no DNS at {asked}" if trial.ask.resolver == dark else asked
    return f"twin, {asked}" if trial.role is Role.BASELINE else asked


def _lookup(trial: Trial, dark: str | None) -> str:
    """What a name lookup gave: an address, of whichever type, before the lack of one of the other type."""
    lookups = trial.resolves
    if not lookups:
        return ""
    step = next((step for step in lookups if step.addresses), lookups[0])
    silent = dark is not None and trial.ask.resolver == dark and not went_wrong(trial, dark)
    return "silence, as it should" if silent else cell(step)


def step_lines(judged: Judged) -> Iterator[str]:
    """Every attempt with every step, in the order of their start."""
    record = judged.record
    voids = {void.trial: void.reason for void in record.context.voids}
    yield f"{record.target}: {judged.saying.label} · times in seconds since {record.run_started}"
    for trial in sorted(record.trials, key=lambda one: (one.t0, one.id)):
        yield from trial_lines(trial, void=voids.get(trial.id), dark=record.context.dark)


def _called(one: Judged) -> str:
    """A target on one line; of a pack how many words it has, and which of them are cut off."""
    if not one.record.words:
        return shown(one.record.target)
    cut = [word for word, state in one.verdict.words.items() if state == "cut"]
    return f"{one.record.target}, {count(len(one.record.words), 'word')}" + (f": {', '.join(cut)}" if cut else "")


def list_lines(judged: Iterable[Judged], name: str, more: str = "") -> Iterator[str]:
    """Every target of a run or an input with its label, the most telling first."""
    found = sorted(judged, key=lambda one: (one.word, one.group, one.saying.label, one.record.target))
    width = max((len(one.saying.label) for one in found), default=0) + 2
    yield f"{name} · {count(len(found), 'verdict')}"
    for one in found:
        place = f" in {one.record.layer}" if one.record.layer is not None else ""
        yield f"  {one.saying.label:{width}}{_called(one)}{place}"
    yield f"One of them: hushmap show TARGET{more}"
