"""Makes the pages of the lab: its censors, its scenarios, and how the tool was scored in them."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from reference_parts import FOLDER, Words, code, code_list, from_room, opening, table


def lab_censors(words: Words) -> str | None:
    """Every kind of censor that a scenario can name, by layer, as its class describes it."""
    catalogue, everywhere = from_room("lab", "CATALOGUE"), from_room("lab", "EVERYWHERE")
    if catalogue is None or everywhere is None:
        return None
    layers: dict[str, list[Any]] = {}
    for entry in catalogue.values():
        layers.setdefault(entry.layer, []).append(entry)
    parts = [opening("Lab censors", words).rstrip("\n") + "\n"]
    parts.append(f"\nEvery kind takes {_listed(name for name in everywhere if name != 'kind')}.\n")
    for layer, entries in layers.items():
        rows = [
            (
                code(entry.kind),
                entry.what,
                _listed(entry.mechanisms),
                _place(entry),
                "; ".join(_listed(group, " or ") for group in entry.needs),
                _listed(name for name in entry.takes if all(name not in group for group in entry.needs)),
                entry.source,
            )
            for entry in entries
        ]
        parts.append(f"\n## {layer}\n\n" + table(CENSOR, rows))
    return "".join(parts)


CENSOR = ("kind", "what it does", "mechanism", "where", "needs", "also takes", "source")


def _place(entry: Any) -> str:
    """Where such a censor can stand."""
    if entry.rule is None:
        return "resolver"
    if entry.server:
        return "the site's own end"
    return "in the path" if entry.in_path else "in the path, or a tap"


def _listed(names: Any, between: str = ", ") -> str:
    return between.join(code(name) for name in names)


def lab_scenarios(words: Words) -> str | None:
    """Every scenario: what it stands for, its line and troubles, and what is true of each of its targets."""
    shipped, load = from_room("lab", "shipped_scenarios"), from_room("lab", "load_scenario")
    if shipped is None or load is None:
        return None
    parts = [opening("Lab scenarios", words).rstrip("\n") + "\n"]
    for name, path in sorted(shipped().items()):
        text = path.read_text("utf-8")
        scenario, file = load(name), tomllib.loads(text)
        parts.append(f"\n## {name}\n\n{scenario.title}. {_foreword(text)}\n\n")
        parts.append(f"Conditions: {'; '.join(_conditions(file))}.\n\n")
        if "censor" in file:
            parts.append(table(("censor", "with"), map(_censor, file["censor"])) + "\n")
        parts.append(table(ROW, map(_expected, scenario.expect)))
    return "".join(parts)


ROW = ("target", "right is", "by", "affects", "waits for", "what it is")
_TROUBLES = ("path", "helper", "client")
"""Tables of a scenario that hold its conditions."""


def _foreword(text: str) -> str:
    """The comment at the head of a scenario's file: what it stands for, and from where its figures are."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def _conditions(file: Mapping[str, Any]) -> Iterator[str]:
    """The line and the client's surroundings, as the file has them."""
    yield f"times divided by {file.get('scale', 5.0):g}"
    for table_name in _TROUBLES:
        for key, value in file.get(table_name, {}).items():
            yield f"{table_name} {key} {_value(value)}"
    for name, verb in (("outage", "dead"), ("change", "changes")):
        for one in file.get(name, []):
            yield f"{verb} {', '.join(f'{key} {_value(value)}' for key, value in one.items())}"


def _censor(one: Mapping[str, Any]) -> tuple[str, str]:
    """A censor and what it was given, names and words left out: those are the targets'."""
    given = (f"{key} {_value(value)}" for key, value in one.items() if key not in {"kind", "names", "words"})
    return code(one["kind"]), ", ".join(given)


def _value(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        return f"{_value(value['from'])} to {_value(value['to'])}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _expected(expect: Any) -> tuple[object, ...]:
    where = f" in {expect.place.value}" if expect.place is not None else ""
    outcomes = [*_values(expect.outcomes), *(["nothing said"] if expect.unsaid else [])]
    return (
        *(code(expect.target) + where, " or ".join(outcomes), _listed(expect.mechanisms, " or ")),
        *(expect.scope.value if expect.scope is not None else "", expect.needs, expect.reason),
    )


def _values(members: Any) -> list[str]:
    return [member.value for member in members]


def lab_score(words: Words) -> str | None:
    """How right the tool was when the whole matrix of the lab was measured last, in simulation."""
    path = FOLDER / "lab-score.json"
    if not path.is_file():
        return None
    kept = json.loads(path.read_text("utf-8"))
    parts = [opening("Lab score", words).rstrip("\n") + "\n"]
    parts.append(f"\nMeasured on {kept['measured']} on {kept['machine']}; revision {kept['revision']}.")
    parts.append(f" {kept['opening']}\n\n## Bars\n\n")
    bars = [
        (one["name"], one["wanted"], one["measured"], _met(one["met"]) if one["looked_at"] else "-")
        for one in kept["bars"]
    ]
    parts.append(table(("bar", "wanted", "measured", "verdict"), bars))
    parts.append(_excused(kept["whole"]))
    for title, tallies in (("All", [kept["whole"]]), ("Lines", kept["noises"]), ("Networks", kept["scenarios"])):
        if tallies:
            parts.append(f"\n## {title}\n\n" + table(SCORED, map(_scored, tallies)))
    rows = [
        (one["experiment"], code_list(", ".join(one["mechanisms"])), one["targets"], _counted(one["said"]))
        for one in kept["waiting"]
    ]
    if rows:
        parts.append("\n## Measured and not counted\n\nThe experiment is not built yet that could find it.\n\n")
        parts.append(table(("experiment", "mechanisms", "targets", "said meanwhile"), rows))
    if kept["wrong"]:
        rows = [(one["kind"], code(one["lab"]), one["text"]) for one in kept["wrong"]]
        parts.append("\n## Not as it should be\n\n" + table(("what", "lab", "target"), rows))
    return "".join(parts)


def _excused(whole: Mapping[str, Any]) -> str:
    """What the bar about ok does not count, by its own number; a table that was kept before it was told has none."""
    if "named_ok" not in whole:
        return ""
    return (
        f"\nCalled ok although the network acted, and excused by that bar: {whole['named_ok']} where what it did is "
        f"named beside, {whole['unseen_ok']} where the line may have lost it and ok is right too.\n"
    )


def _met(met: object) -> str:
    return "met" if met else "missed"


def _counted(said: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in said.items())


SCORED = (
    "network", "targets", "exact", "called blocked falsely", "called unreachable falsely", "found", "mechanism",
    "scope", "did not act", "waiting", "contacts when ok", "contacts when blocked", "seconds",
)  # fmt: skip


def _scored(one: Mapping[str, Any]) -> tuple[object, ...]:
    shares = [
        f"{found['k']} of {found['n']} ({found['low']:.1%} to {found['high']:.1%})" if found["n"] else "-"
        for found in (one[name] for name in ("exact", "found", "mechanism", "scope"))
    ]
    contacts = ["{:g} / {:g}".format(*one[name]["contacts"]) if one[name]["n"] else "-" for name in ("ok", "blocked")]
    counts = (one["false_blocked"], one["false_unreachable"])
    return (
        *(one["title"], one["targets"], shares[0], *counts, *shares[1:], one["silent"], one["waiting"]),
        *(*contacts, round(one["seconds"])),
    )
