#!/usr/bin/env python3
"""Makes docs/reference/*.md from the code, so that what the documents list is what the program knows.

Names come from the model, rules from `detect`, experiments from `experiments`, verbs and options from `cli`; what a
name means in words comes from docs/reference/words.toml, figures from benchmarks.toml, which judge.py and web.py of
tests/bench write, fuzzing.toml, keyword-accuracy.toml, incident-accuracy.toml and lab-score.json, which fuzz.py,
keywords.py, incidents.py and lab_score.py there write; each by `--write`.
tests/test_tables.py makes the pages again and compares.

    scripts/make_reference.py            writes the pages
    scripts/make_reference.py --check    exit code 1 if one is not up to date
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from reference_lab import lab_censors, lab_scenarios, lab_score
from reference_parts import FOLDER, Words, code, code_list, from_room, opening, table

from hushmap import model

HEAD = (
    "<!-- Made by scripts/make_reference.py from the code and words.toml: change those, then run `make docs`. -->\n"
)


def members(enum: type[StrEnum], words: Mapping[str, str]) -> list[tuple[str, str]]:
    """(value as code, words) of every member."""
    return [(code(member.value), words[member.value]) for member in enum]


def failures(words: Words) -> str:
    """Every way in which a network step can end, with the sets that rules use."""
    groups = {"cut": model.CUT, "certificate": model.CERTIFICATE, "local": model.LOCAL}
    rows = [
        (
            code(failure.value),
            code(failure.name),
            words["failures"][failure.value],
            ", ".join(name for name, group in groups.items() if failure in group),
        )
        for failure in model.Failure
    ]
    return opening("Failures", words) + table(("name", "in code", "what was seen", "group"), rows)


def mechanisms(words: Words) -> str:
    """Every mechanism and every trigger."""
    families: dict[str, list[str]] = {}
    for name in sorted(model.MECHANISMS):
        families.setdefault(name.partition(".")[0], []).append(name)
    parts = [opening("Mechanisms", words).rstrip("\n") + "\n"]
    for family, names in sorted(families.items()):
        triggers = model.TRIGGERS.get(family, ())
        parts.append(f"\n## {family}\n\n")
        parts.append(table(("mechanism", "what was seen"), [(code(n), words["mechanisms"][n]) for n in names]))
        if triggers:
            named = "; ".join(f"`.{trigger}` {words['triggers'][trigger]}" for trigger in triggers)
            parts.append(f"\nTriggers: {named}.\n")
    return "".join(parts)


def outcomes(words: Words) -> str:
    """Every value that a field of a verdict may have, and the labels that readers see."""
    sections = (
        ("Outcome", model.Outcome, "outcomes", "What a verdict says."),
        ("Evidence", model.Evidence, "evidence", "`blocked` needs `direct` or `controlled`."),
        ("Scope", model.Scope, "scopes", "What of the target is affected."),
        ("Where", model.Where, "wheres", "At which part of the way."),
        ("Reason", model.Reason, "reasons", "Why an outcome is `insufficient`."),
    )
    parts = [opening("Outcomes", words).rstrip("\n") + "\n"]
    for title, enum, section, line in sections:
        parts.append(f"\n## {title}\n\n{line}\n\n{table(('value', 'meaning'), members(enum, words[section]))}")
    if rows := label_rows():
        parts.append(
            "\n## Labels\n\nWhat people read beside a site or word, and the group under which it is counted.\n\n"
        )
        parts.append(table(("label", "in Chinese", "counted as"), rows))
    return "".join(parts)


LANGUAGES = ("en", "zh")


def verdicts() -> Iterator[tuple[model.Verdict, model.Record]]:
    """A bare verdict of every outcome, mechanism and reason, of a site and of words: `say` has words for each."""
    moment = "2026-11-21T22:33:00Z"
    things = {"web": "https://news.example.org/", "keyword": "weather", "isolate": "a text", "calibrate": "weather"}
    for experiment, target in things.items():
        record = model.Record(
            id="x-0", run="x", experiment=experiment, target=target, started=moment, ended=moment, run_started=moment
        )
        for outcome in model.Outcome:
            yield _bare(outcome), record
            for mechanism in with_triggers():
                # What a platform did is asked about there, and is the label itself.
                if not mechanism.startswith("platform.") or (
                    outcome is model.Outcome.BLOCKED and experiment == "web"
                ):
                    yield _bare(outcome, mechanisms=(mechanism,)), record
        for reason in model.Reason:
            yield _bare(model.Outcome.INSUFFICIENT, reason=reason), record
            yield _bare(model.Outcome.INSUFFICIENT, failures=0, reason=reason), record


def with_triggers() -> Iterator[str]:
    """Every mechanism bare, and with each trigger that its family may have."""
    for name in sorted(model.MECHANISMS):
        yield name
        yield from (f"{name}.{trigger}" for trigger in model.TRIGGERS.get(name.partition(".")[0], ()))


def _bare(outcome: model.Outcome, failures: int = 8, **more: Any) -> model.Verdict:
    counts = model.Counts(subject=(failures, 8), baseline=(0, 8), helper=(0, 3))
    return model.Verdict(outcome=outcome, rule="x", rules="0", knowledge="sha256:", counts=counts, **more)


def label_rows() -> list[tuple[str, ...]]:
    """(label in each language, group) of every verdict that can be, each once, in the order of outcomes."""
    say, group = from_room("detect", "say"), from_room("detect", "group")
    if say is None or group is None:
        return []
    rows = [
        (*(say(verdict, record, language).label for language in LANGUAGES), group(verdict, record))
        for verdict, record in verdicts()
    ]
    return list(dict.fromkeys(rows))


def rules(words: Words) -> str | None:
    """Every rule, by experiment, in the order in which it is tried."""
    tables = from_room("detect", "TABLES")
    if tables is None:
        return None
    parts = [f"{opening('Rules', words)}Rules version {from_room('detect', 'RULES_VERSION')}.\n"]
    for experiment, rows in tables.items():
        parts.append(
            f"\n## {experiment}\n\n" + table(("rule", "what it saw"), [(code(rule.id), rule.what) for rule in rows])
        )
    return "".join(parts)


def experiments(words: Words) -> str | None:
    """Every experiment with its version and what it asks."""
    found = from_room("experiments", "EXPERIMENTS")
    if found is None:
        return None
    rows = [
        (code(name), spec.version, spec.asks, "yes" if spec.needs_helper else "no")
        for name, spec in sorted(found.items())
    ]
    return opening("Experiments", words) + table(("experiment", "version", "what it asks", "needs a helper"), rows)


def verbs(command: Any, path: tuple[str, ...] = ("hushmap",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(words of the command line, click command) for the command and everything below it."""
    import click  # noqa: PLC0415 - the pages of a checkout without cli need no click

    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from verbs(inner, (*path, name))


def cli(words: Words) -> str | None:
    """Every verb with its arguments and options."""
    main = from_room("cli", "main")
    if main is None:
        return None
    parts = [opening("Command line", words).rstrip("\n") + "\n"]
    parts.extend(_verb(path, command) for path, command in verbs(main))
    parts.append("\n## Exit codes\n\n" + table(("code", "meaning"), EXIT_CODES))
    return "".join(parts)


EXIT_CODES = (
    (0, "done, whatever was found"),
    (1, "a check said no (`doctor`, a lab that is not all right, `judge --fail-on blocked`)"),
    (2, "usage or bad input"),
    (3, "no consent"),
    (4, "nothing was measured (network down, VPN refused)"),
    (5, "ended early, can be resumed"),
    (6, "this system refuses the lab"),
    (130, "interrupted"),
)
"""UX 5, Exit codes."""


def _verb(path: tuple[str, ...], command: Any) -> str:
    import click  # noqa: PLC0415 - as above

    context = click.Context(command, info_name=path[-1])
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    text = f"\n## {' '.join(path)}\n\n```text\n{usage}\n```\n\n{_paragraphs(command.help)}\n"
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    rows = [(_spelling(param, context), param.help or "") for param in options]
    return text + ("\n" + table(("option", "meaning"), rows) if rows else "")


def _spelling(param: Any, context: Any) -> str:
    names = [*param.opts, *param.secondary_opts]
    value = "" if param.is_flag or param.count else " " + param.make_metavar(context)
    return ", ".join(code(name + value) for name in names)


def _paragraphs(text: str | None) -> str:
    """The help text with its hard line breaks kept as Markdown sees them."""
    lines = [line.strip() for line in (text or "").replace("\b", "").strip().splitlines()]
    shown = "\n".join(f"    {line}" if line.startswith("hushmap ") else line for line in lines)
    return re.sub(r"\n{3,}", "\n\n", shown)


def benchmarks(words: Words) -> str | None:
    """How fast hot paths were when they were measured last, against their bars."""
    return _figures("Benchmarks", "benchmarks", words)


def fuzzing(words: Words) -> str | None:
    """What every parser made of hostile inputs when that was tried last, and what was found by it."""
    path = FOLDER / "fuzzing.toml"
    if not path.is_file():
        return None
    found = tomllib.loads(path.read_text("utf-8"))
    counts = ("inputs", "read", "refused", "faults", "slowest_ms", "memory_mb")
    rows = [
        [row["parser"], *(f"{row[key]:,}" for key in counts), row["seed"], row["measured"]] for row in found["rows"]
    ]
    head = ("parser", "inputs", "read", "refused", "faults", "slowest, ms", "memory, MB", "seed", "day")
    machines = sorted({row["machine"] for row in found["rows"]})
    parts = [opening("Fuzzing", words), f"Carried out on {'; '.join(machines)}.\n\n", table(head, rows)]
    told = [[row["parser"], row["what"], row["now"]] for row in found["found"]]
    return "".join(
        [*parts, "\n## What was found\n\n", table(("parser", "what an input did", "what it does now"), told)]
    )


def keyword_accuracy(words: Words) -> str | None:
    """How many questions words took when that was simulated last, and how often what was found was right."""
    return _figures("Keyword accuracy", "keyword-accuracy", words)


def incident_accuracy(words: Words) -> str | None:
    """What an incident says, column by column; how soon it is noticed, and how rarely there is none."""
    columns = from_room("analysis", "INCIDENT")
    figures = _figures("Incident accuracy", "incident-accuracy", words)
    if columns is None or figures is None:
        return None
    rows = [(code(name), unit, what) for name, (unit, what) in columns.items()]
    return f"{figures}\n## Columns\n\n" + table(("column", "unit", "what"), rows)


def archive(words: Words) -> str | None:
    """The columns of the tables of an archive."""
    tables = from_room("archive", "TABLES")
    if tables is None:
        return None
    parts = [opening("Archive", words).rstrip("\n") + "\n"]
    for name, columns in tables.items():
        rows = [(code(column.name), code(column.type), column.unit, column.what) for column in columns]
        parts.append(f"\n## {name}\n\n{table(('column', 'type', 'unit', 'what'), rows)}")
    return "".join(parts)


def _figures(heading: str, name: str, words: Words) -> str | None:
    """The tables that benches have kept under this name."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        return None
    parts = [opening(heading, words).rstrip("\n") + "\n"]
    for title, found in tomllib.loads(path.read_text("utf-8")).items():
        rows = [[row[key] for key in ("what", "bar", "figure", "verdict")] for row in found["rows"]]
        head = f"\n## {title}\n\nMeasured on {found['measured']} on {found['machine']}; {found['how']}.\n\n"
        parts.append(head + table(("what", "bar", "figure", "verdict"), rows))
        shares = [[share["part"], share["share"]] for share in found.get("profile", ())]
        if shares:
            parts.append("\n### Where the time goes\n\n" + table(("part", "share of the processor"), shares))
    return "".join(parts)


FATES = {
    "same": "What OONI's readers have too.",
    "part": "What they have in part, or in another form.",
    "ours": "What only our own reader has: it stands under keys that they do not know.",
    "gone": "What nobody has who reads the file.",
}
"""What becomes of a field in an OONI file: headings of the table, in the order of the page."""


def ooni(words: Words) -> str | None:
    """What an OONI file holds of a record, and what that leaves out."""
    loss, keys, left_out = (from_room("codec", f"OONI_{name}") for name in ("LOSS", "KEYS", "LEFT_OUT"))
    names = from_room("wire", "ooni_names")
    if loss is None or keys is None or left_out is None or names is None:
        return None
    parts = [opening("OONI", words)]
    parts.append("## What stands where\n\n" + table(("key", "holds"), [(code_list(key), what) for key, what in keys]))
    parts.append("\n## What OONI's readers never see as the probe's own\n\n")
    parts.append(table(("trials", "why"), left_out))
    parts.append("\n## Fields\n")
    for fate, heading in FATES.items():
        rows = [(code(row.field), code_list(row.key), row.why) for row in loss if row.fate == fate]
        parts.append(
            f"\n### {heading.rstrip('.')}\n\n" + table(("field", "in the file", "why, or what differs"), rows)
        )
    parts.append("\n## Names of failures\n\n")
    rows = [(code(failure.value), code(name), _also_read(names, failure)) for failure, name in names.TO_OONI.items()]
    parts.append(table(("ours", "written as (df-007)", "read as ours too"), rows))
    return "".join(parts)


def _also_read(names: Any, failure: model.Failure) -> str:
    found = (text for text, meant in names.FROM_OONI.items() if meant is failure and text != names.TO_OONI[failure])
    return ", ".join(map(code, found))


PAGES: dict[str, Callable[[Words], str | None]] = {
    "failures.md": failures,
    "mechanisms.md": mechanisms,
    "outcomes.md": outcomes,
    "rules.md": rules,
    "experiments.md": experiments,
    "ooni.md": ooni,
    "archive.md": archive,
    "cli.md": cli,
    "benchmarks.md": benchmarks,
    "fuzzing.md": fuzzing,
    "lab-censors.md": lab_censors,
    "lab-scenarios.md": lab_scenarios,
    "lab-score.md": lab_score,
    "keyword-accuracy.md": keyword_accuracy,
    "incident-accuracy.md": incident_accuracy,
}


def pages() -> dict[str, str]:
    """Every page that this checkout can make: file name -> text."""
    words = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))
    made = {name: text for name, make in PAGES.items() if (text := make(words)) is not None}
    made["README.md"] = index(words, made)
    return {name: HEAD + "\n" + text for name, text in made.items()}


def index(words: Words, made: Mapping[str, str]) -> str:
    """The list of pages, and the words that mean one thing everywhere."""
    links = [(f"[{text.splitlines()[0].removeprefix('# ')}]({name})",) for name, text in made.items()]
    vocabulary = [(f"**{name}**", meaning) for name, meaning in words["vocabulary"].items()]
    parts = [opening("Reference", words), table(("page",), links), "\n## Words\n\n"]
    return "".join([*parts, table(("word", "meaning"), vocabulary)])


def main(arguments: Sequence[str]) -> int:
    """Writes or checks the pages; the exit code."""
    made = pages()
    stale = [name for name, text in made.items() if _read(FOLDER / name) != text]
    if list(arguments) == ["--check"]:
        sys.stdout.writelines(f"docs/reference/{name} is not up to date: make docs\n" for name in stale)
        return 1 if stale else 0
    for name in stale:
        (FOLDER / name).write_text(made[name], "utf-8")
    sys.stdout.write(f"docs/reference: {len(made)} pages, {len(stale)} changed\n")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
