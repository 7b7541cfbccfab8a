"""Compares the verdicts of a run with what is true of a scenario.

The truth is the scenario's expectations; the log says beside it what the simulated network really did, so that a
wrong row shows whether the detector or the censor failed. A false alarm is counted apart from a miss: to accuse an
innocent network is the worse error (METHOD 6).
"""

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from hushmap.catalog import read_service
from hushmap.lab.censors.wording import Wording
from hushmap.lab.listing import APPS
from hushmap.lab.scenario import Censor, Expectation, Scenario
from hushmap.lab.truth import TruthEvent
from hushmap.model import TRIGGERS, Encoding, Outcome, Place
from hushmap.wire import names


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of one line of verdicts.jsonl; other keys are not looked at."""

    record: str
    target: str
    outcome: Outcome
    mechanisms: tuple[str, ...] = ()
    scope: str | None = None
    label: str = ""
    reason: str | None = None
    rule: str = ""


class _Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of one line of records.jsonl; a later amend line has no place."""

    kind: str
    id: str = ""
    layer: str | None = None
    encoding: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation and what became of it."""

    expect: Expectation
    judged: Judged | None
    """`None`: the run says nothing about it."""
    acts: int
    """How often the simulated network acted on this target."""

    @property
    def right(self) -> bool:
        """Outcome allowed, and one of the mechanisms named; or rightly nothing."""
        if self.judged is None:
            return self.expect.unsaid
        if self.judged.outcome not in self.expect.outcomes:
            return False
        wanted = set(self.expect.mechanisms)
        return not wanted or bool(wanted & set(self.judged.mechanisms))

    @property
    def false_alarm(self) -> bool:
        """It accuses a network that is innocent of this."""
        return self.judged is not None and self.expect.accused_by(self.judged.outcome)


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one run."""

    rows: tuple[Row, ...]

    @property
    def right(self) -> int:
        """How many are right."""
        return sum(row.right for row in self.rows)

    @property
    def false_alarms(self) -> int:
        """How many accuse an innocent network."""
        return sum(row.false_alarm for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return bool(self.rows) and self.right == len(self.rows) and self.false_alarms == 0

    @property
    def line(self) -> str:
        """The demo's last line."""
        return f"truth: {self.right}/{len(self.rows)} right, {self.false_alarms} false alarms"


def compare(scenario: Scenario, judged: Iterable[tuple[Judged, str | None]], truth: Iterable[TruthEvent]) -> Score:
    """Score verdicts, each with place and encoding of its word (`None` for sites), against a scenario."""
    by_target = {(verdict.target, place): verdict for verdict, place in judged}
    events = tuple(truth)
    rows = tuple(
        Row(
            expect=expect,
            judged=by_target.get((expect.target, expect.where)),
            acts=sum(concerns(event, expect, scenario) for event in events),
        )
        for expect in scenario.expect
    )
    return Score(rows=rows)


def read_verdicts(folder: Path) -> list[tuple[Judged, str | None]]:
    """The verdicts of a run folder, each with the place and encoding that its record names."""
    records = (
        msgspec.json.decode(line, type=_Placed) for line in (folder / "records.jsonl").read_bytes().splitlines()
    )
    places = {record.id: where_of(record.layer, record.encoding) for record in records if record.kind == "record"}
    lines = (folder / "verdicts.jsonl").read_bytes().splitlines()
    judged = (msgspec.json.decode(line, type=Judged) for line in lines)
    return [(verdict, places.get(verdict.record)) for verdict in judged]


def where_of(layer: str | None, encoding: str | None) -> str | None:
    """What a record says of a word's place and encoding, as an expectation does."""
    return f"{layer}/{encoding}" if layer and encoding else layer


def table(score: Score) -> str:
    """Every expectation with its verdict, the wrong ones marked."""
    width = max((len(_name(row)) for row in score.rows), default=0)
    lines = [f"  {'':6}{'target':{width}}  {'true':26}  said"]
    lines += [f"  {_mark(row):6}{_name(row):{width}}  {_true(row.expect):26}  {_said(row)}" for row in score.rows]
    return "\n".join(lines)


def _name(row: Row) -> str:
    return row.expect.target if row.expect.place is None else f"{row.expect.target} in {row.expect.where}"


def _mark(row: Row) -> str:
    if row.right:
        return "ok"
    return "ALARM" if row.false_alarm else "wrong"


def _true(expect: Expectation) -> str:
    if expect.mechanisms:
        return f"{expect.outcomes[0].value} {expect.mechanisms[0]}"
    return " or ".join(outcome.value for outcome in expect.outcomes) if len(expect.outcomes) < 3 else "no accusation"


def _said(row: Row) -> str:
    if row.judged is None:
        return f"nothing ({row.expect.reason})"
    said = " ".join((row.judged.outcome.value, *row.judged.mechanisms))
    if row.right:
        return said
    why = f", reason {row.judged.reason}" if row.judged.reason else ""
    return f"{said}{why} [rule {row.judged.rule}; {row.expect.reason}; the network acted {row.acts} times]"


def concerns(event: TruthEvent, expect: Expectation, scenario: Scenario) -> bool:
    """Whether an act was about this target: its name or word, or an address of its site.

    Residual blocking is not: it meets whoever comes next, by an address and not by what was asked. Nor is what a
    server does itself, or a line that has no port left: neither is an act of the network between. A portal that wants
    a login acts on everyone for a while, and a rule about a port is about those whom it is to hit.
    """
    if not event.what or event.kind in {"residual", "portal"} or event.by in {"server", "line"}:
        return False
    if _PORT(event.what) and expect.accused_by(Outcome.UNREACHABLE):
        return False
    if expect.place is not None:
        if not _in_place(event, expect.place):
            return False
        within = _as_asked(expect) in event.what and expect.target != event.what  # as a label of a name, say
        return within or _holds(expect.target, event, scenario, expect.encoding)
    if expect.experiment == "service":  # a door that it can do without may be shut, and nothing need be said
        return not expect.accused_by(Outcome.UNREACHABLE) and event.what in doors_of(expect.target)
    if expect.experiment == "middlebox":
        return event.mechanism == "http.rewritten"
    if _acted_on(event) in addresses_of(expect, scenario):
        return True
    host = urlsplit(expect.target).hostname or expect.target  # some experiments ask about a bare name
    if host == event.what or host.endswith("." + event.what):
        return True
    return _holds(expect.target.replace(host, "", 1), event, scenario)


@functools.cache
def doors_of(service: str) -> frozenset[str]:
    """The names and addresses of a service of the lab."""
    endpoints = read_service(APPS / f"{service}.toml").endpoints
    return frozenset(each.name or each.address or "" for each in endpoints)


def _as_asked(expect: Expectation) -> str:
    """A word as a name holds it, where it is asked about in one: another script is in punycode there."""
    return names.ascii_name(expect.target) if expect.place is not None and expect.place.is_name else expect.target


def _holds(text: str, event: TruthEvent, scenario: Scenario, encoding: Encoding | None = None) -> bool:
    """Whether a word that was acted on stands in a text, with all others that its rule wants beside it."""
    readings = {text, unquote(text), unquote(text, "gb18030")}
    rules = [one for one in scenario.censor if one.kind == event.kind and (event.what in one.words or one.score)]
    if not rules:
        return any(event.what in reading for reading in readings)
    if encoding is not None:
        return any(_finds(rule, event.what, text, encoding) for rule in rules)
    utf8 = [msgspec.structs.replace(rule, encodings=("utf-8",)) for rule in rules]
    return any(_finds(rule, event.what, reading, Encoding.UTF_8) for rule in utf8 for reading in readings)


def _finds(rule: Censor, what: str, text: str, encoding: Encoding) -> bool:
    """Whether a censor of words finds just this one in a text in a writing; %-escapes are taken as undone."""
    alone = msgspec.structs.replace(rule, words=rule.words if rule.score else (what,))
    written = text.upper() if encoding is Encoding.UPPER else text
    codec = "gb18030" if encoding in _GB18030 else "utf-8"
    return Wording(alone).within(written.encode(codec)) is not None


_GB18030 = frozenset({Encoding.GB18030, Encoding.PERCENT_GB18030})


_PORT = re.compile(r"(?:udp )?port [0-9]{1,5}").fullmatch
"""What rules write that act on every flow to a port (censors/tcp, quic, dns); a word may have "port " in it too."""


def addresses_of(expect: Expectation, scenario: Scenario) -> frozenset[str]:
    """Every address that the target's site has here or elsewhere; none for a word."""
    host = None if expect.place is not None else urlsplit(expect.target).hostname or expect.target
    return frozenset(address for site in scenario.site if site.name == host for address in site.every_address)


def _acted_on(event: TruthEvent) -> str:
    """An act on every flow to a port was on the address to which that flow went."""
    return event.to.rpartition(":")[0].strip("[]") if _PORT(event.what) else event.what


def _in_place(event: TruthEvent, place: Place) -> bool:
    """Whether a word was acted on where it was sent: one word may be blocked in hosts and free in paths."""
    family, _, rest = event.mechanism.partition(".")
    wanted, triggers = _PLACES[place]
    trigger = rest.rpartition(".")[2]
    return family == wanted and (trigger in triggers or trigger not in TRIGGERS.get(family, ()))


_PLACES: dict[Place, tuple[str, frozenset[str]]] = {
    Place.DNS_NAME: ("dns", frozenset({"name"})),
    Place.TLS_SNI: ("tls", frozenset({"sni"})),
    Place.QUIC_SNI: ("quic", frozenset({"sni"})),
    Place.HTTP_HOST: ("http", frozenset({"host"})),
    Place.HTTP_PATH: ("http", frozenset({"url", "path"})),
    Place.HTTP_QUERY: ("http", frozenset({"url", "query"})),
    Place.HTTP_HEADER: ("http", frozenset({"header"})),
    Place.HTTP_COOKIE: ("http", frozenset({"cookie", "header"})),
    Place.HTTP_BODY: ("http", frozenset({"body"})),
    Place.HTTP_RESPONSE: ("http", frozenset({"response"})),
    Place.TCP_PAYLOAD: ("tcp", frozenset({"payload"})),
    Place.TCP_ANSWER: ("tcp", frozenset({"answer"})),
}
"""Family and triggers of the mechanisms by which a word is acted on in a place."""
