"""One measurement as the tables have it: what was asked, what was judged, and each step, in rows of words.

All of it comes from the tables, so that a measurement of an archive has the same page as one of a run. Where the
record itself can be had or set out again, the page shows it as the pages of targets do; nothing is said beside an
outcome here but its label.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from hushmap.archive import Tables
from hushmap.detect import group_words, mechanism_words, reason_words, visible
from hushmap.report.explore.columns import Asked, Line
from hushmap.report.site.making import UTC
from hushmap.report.view import LOOKS, OTHER
from hushmap.report.words import Words

STEPS = 200
"""Steps that a page lists; a record of words can have thousands."""
_SHORT = 120
_PAIRS = {"here": "subject", "twin": "baseline", "helper": "helper", "peer": "peer"}
"""Counts, by whose attempts they are of."""

Values = Mapping[str, Any]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One network act, in words."""

    trial: int
    side: str
    step: str
    asked: str
    answer: str
    failed: bool
    note: str


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement."""

    record: Values
    """Its row of `records`."""
    verdict: Values
    """Its row of `verdicts`; empty where there are no rules for its test."""
    steps: tuple[Values, ...]

    @property
    def id(self) -> str:
        """Id of the record."""
        found: str = self.record["record"]
        return found

    @property
    def target(self) -> Asked:
        """What was asked about."""
        return Asked(**{name: self.record[name] or "" for name in Asked.__struct_fields__})

    @property
    def line(self) -> Line:
        """On which network."""
        known = self.record["asn"] is not None or self.record["network"]
        return Line(
            asn=self.record["asn"],
            country=self.record["country"] or "",
            name=self.record["network"] or "",
            run="" if known else self.record["run"],
        )

    @property
    def group(self) -> str:
        """In which group it is counted; empty without a verdict."""
        return str(self.verdict.get("group") or "")

    @property
    def look(self) -> tuple[str, str]:
        """Sign and style."""
        return LOOKS.get(self.group, OTHER)

    @property
    def direct(self) -> bool:
        """Whether a false reply was itself seen in what is counted as blocked."""
        return self.verdict.get("evidence") == "direct" and self.look[1] == "blocked"

    @property
    def told(self) -> dict[str, Any]:
        """For programs: every column."""
        return {"record": self.record, "verdict": self.verdict or None, "steps": self.steps}


def measured(tables: Tables, record: str, day: date | None = None) -> Measured | None:
    """The measurement of a record; looked for on one day where that is known, which is much faster."""
    found = _rows(tables, "records", record, day)
    if not found:
        return None
    own = found[0]
    verdicts = _rows(tables, "verdicts", record, own["day"])
    steps = _rows(tables, "steps", record, own["day"])
    steps.sort(key=lambda row: (row["t0"] if row["t0"] is not None else 0.0, row["trial"], row["n"] or 0))
    return Measured(record=own, verdict=verdicts[0] if verdicts else {}, steps=tuple(steps))


def _rows(tables: Tables, name: str, record: str, day: date | None) -> list[dict[str, Any]]:
    table = tables.where(name, since=day, until=day) if day is not None else tables.table(name)
    rows: list[dict[str, Any]] = tables.arrow(table.filter(table["record"] == record)).to_pylist()
    return rows


def label_of(verdict: Values, words: Words) -> str:
    """What its line in a list says; the tables have labels in English, another language has the group's name."""
    group = verdict.get("group")
    if words.lang != "en" and group in LOOKS:
        return group_words(group, words.lang)
    return verdict.get("verdict_label") or ""


def facts(one: Measured, words: Words) -> list[tuple[str, str]]:
    """What a reader should know of it; what is not known is left out."""
    record, verdict = one.record, one.verdict
    software = " ".join(filter(None, (record["software"], record["software_version"])))
    pairs = [(words(f"explore.fact.{name}"), _pair(verdict, of, words)) for name, of in _PAIRS.items()]
    how = words("site.join").join(_mechanism(name, words) for name in verdict.get("mechanisms") or ())
    why = reason_words(verdict["reason"], record["experiment"], words.lang) if verdict.get("reason") else ""
    rows = [
        (words("explore.started"), record["started"].strftime(UTC)),
        (words("field.network"), _network(one.line)),
        (words("field.kind"), words.line(record["vantage_kind"] or "")),
        (words("field.resolver"), record["resolver"]),
        (words("explore.field.experiment"), record["experiment"]),
        (words("explore.field.category"), words.category(record["category"])),
        (words("column.evidence"), words(f"evidence.{verdict['evidence']}") if verdict.get("evidence") else ""),
        (words("column.how"), how),
        (words("explore.fact.reason"), why),
        *pairs,
        (words("detail.bound"), f"{verdict['error_bound']:g}" if verdict.get("error_bound") else ""),
        (words("explore.fact.rules"), " · ".join(filter(None, (verdict.get("rule"), verdict.get("rules"))))),
        (words("explore.fact.knowledge"), verdict.get("knowledge")),
        (words("explore.fact.software"), software),
        (words("explore.fact.run"), record["run"]),
        (words("explore.field.label"), record["label"]),
        (words("explore.fact.deck"), record["deck"]),
        (words("explore.fact.source"), record["source"]),
        (words("explore.fact.sha256"), record["source_sha256"]),
        (words("explore.record"), one.id),
    ]
    return [(name, str(value)) for name, value in rows if value]


def _mechanism(name: str, words: Words) -> str:
    """With its name, by which it is filtered and found in the files; one that no catalogue knows has nothing else."""
    told = mechanism_words(name, words.lang)
    return told if told == name else words("code", told=told, code=name)


def _network(line: Line) -> str:
    number = f"AS{line.asn}" if line.asn is not None else ""
    return " ".join(filter(None, (visible(line.name, _SHORT), number, line.country))) or line.id


def _pair(verdict: Values, of: str, words: Words) -> str:
    failures, n = verdict.get(f"{of}_failures"), verdict.get(f"{of}_n")
    return words("of", k=f"{failures or 0}", n=f"{n}") if n else ""


def steps(one: Measured, words: Words) -> tuple[Step, ...]:
    """Its steps as a page lists them."""
    return tuple(_step(row, words) for row in one.steps[:STEPS])


def _step(row: Values, words: Words) -> Step:
    side = f"side.{row['side']}.{row['role']}"
    kind = row["step"] or ""
    note = (
        words("note.undone", reason=words.plain("why", row["undone"]))
        if row["undone"]
        else words("explore.void")
        if row["void"]
        else ""
    )
    return Step(
        trial=row["trial"],
        side=_known(words, side, f"{row['side']} {row['role']}"),
        step=_kind(kind, row, words),
        asked=visible(row["name"] or "", _SHORT),
        answer=_answer(row, words),
        failed=bool(row["failure"]),
        note=note,
    )


def _kind(kind: str, row: Values, words: Words) -> str:
    if kind == "resolve":
        return words("step.resolve", resolver=visible(row["resolver"] or "?", _SHORT))
    return kind if kind == "hop" else _known(words, f"step.{kind}", kind)


def _known(words: Words, key: str, other: str) -> str:
    """The text under a key that data made; what no catalogue knows as it is."""
    try:
        return words(key)
    except KeyError:
        return other


def _answer(row: Values, words: Words) -> str:
    at = f"{row['address']} {row['port'] or ''}".strip() if row["address"] else ""
    came = row["failure"] or ", ".join(row["answers"] or ())
    status = f"{row['status']}" if row["status"] else ""
    title = f"\u201c{visible(row['title'], _SHORT)}\u201d" if row["title"] else ""
    told = "; ".join(filter(None, (at, came, status, title)))
    return told or (words("explore.worked") if row["step"] else "")
