"""Guard: every name that a verdict, record or rule can hold is on a page of docs/reference and has words.

The names come from the code, the words from docs/reference/words.toml, the pages from scripts/make_reference.py. A
name without words would reach a reader as jargon; words without a name describe something that no longer exists.
"""

import tomllib
from collections.abc import Iterable, Mapping

import pytest
from make_reference import FOLDER, HEAD, LANGUAGES, PAGES, from_room, label_rows, pages, verdicts

from house import ROOT, pyproject, rooms
from hushmap import model

WORDS = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))

SECTIONS: dict[str, Iterable[str]] = {
    "failures": model.Failure,
    "outcomes": model.Outcome,
    "evidence": model.Evidence,
    "scopes": model.Scope,
    "wheres": model.Where,
    "reasons": model.Reason,
    "mechanisms": model.MECHANISMS,
    "triggers": {trigger for triggers in model.TRIGGERS.values() for trigger in triggers},
    "pages": {"reference", *(name.removesuffix(".md") for name in PAGES)},
}

ON_PAGE = {
    "failures": "failures.md",
    "outcomes": "outcomes.md",
    "evidence": "outcomes.md",
    "scopes": "outcomes.md",
    "wheres": "outcomes.md",
    "reasons": "outcomes.md",
    "mechanisms": "mechanisms.md",
}


def wordless(names: Iterable[str], words: Mapping[str, str]) -> list[str]:
    """Names without words, words without a name, and words that are none."""
    known = {str(name) for name in names}
    wrong = [f"{name}: no words" for name in sorted(known - set(words))]
    wrong.extend(f"{name}: words for a name that does not exist" for name in sorted(set(words) - known))
    wrong.extend(f"{name}: empty" for name in sorted(known & set(words)) if len(words[name].split()) < 2)
    return wrong


def unlisted(names: Iterable[str], page: str) -> list[str]:
    """Names that do not stand as code on a page."""
    return sorted(str(name) for name in names if f"`{name}`" not in page)


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_name_has_words(section):
    """Each value of the model has words in words.toml, and nothing else has."""
    assert wordless(SECTIONS[section], WORDS[section]) == []


@pytest.mark.parametrize("section", sorted(ON_PAGE))
def test_every_name_is_on_its_page(section):
    """Each value of the model stands on its page of the reference, as it was written to the disk."""
    names = list(SECTIONS[section])
    assert len(names) >= 4
    assert unlisted(names, (FOLDER / ON_PAGE[section]).read_text("utf-8")) == []


def test_the_reference_is_up_to_date():
    """Making the pages again changes nothing, and no page of the folder is left that nobody makes."""
    made = pages()
    assert len(made) >= 3
    stale = [name for name, text in made.items() if (FOLDER / name).read_text("utf-8") != text]
    assert stale == [], "run `make docs`"
    assert {path.name for path in FOLDER.glob("*.md")} == set(made)
    assert all(text.startswith(HEAD) for text in made.values())


def test_every_room_of_the_law_is_built():
    """Each room with a row in the table of floors exists, so that no guard passes for want of what it guards."""
    assert set(pyproject(ROOT)["tool"]["hushmap"]["floors"]) <= rooms(ROOT)


def test_every_rule_is_on_its_page():
    """Each rule has an id of its own, one sentence of what it saw, and its row in the reference."""
    rules = from_room("detect", "RULES")
    assert rules, "detect shows no RULES"
    ids = [rule.id for rule in rules]
    assert len(ids) == len(set(ids)) >= 10
    assert [rule.id for rule in rules if len(rule.what.split()) < 3] == []
    assert unlisted(ids, (FOLDER / "rules.md").read_text("utf-8")) == []


def test_every_label_is_on_its_page():
    """Each label that a reader may see is in the reference with the group under which it is counted."""
    rows = label_rows()
    page = (FOLDER / "outcomes.md").read_text("utf-8")
    assert len(rows) >= 20
    assert len({group for *_, group in rows}) >= 7
    assert [row for row in rows if f"| {' | '.join(row)} |" not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_a_verdict_can_be_has_words(language):
    """Every outcome, mechanism and reason, of a site and of a word, has a label, a sentence, limits and a how-sure line."""
    say = from_room("detect", "say")
    said = [(verdict, say(verdict, record, language)) for verdict, record in verdicts()]
    assert len(said) >= 2 * len(model.MECHANISMS) * len(model.Outcome)
    silent = [
        (verdict.outcome, verdict.mechanisms, verdict.reason)
        for verdict, saying in said
        if not all((saying.label, saying.sentence, saying.limits, saying.how_sure))
    ]
    assert silent == []


def test_every_experiment_is_on_its_page():
    """Each experiment is in the reference with one sentence of what it asks."""
    experiments = from_room("experiments", "EXPERIMENTS")
    assert experiments, "experiments shows no EXPERIMENTS"
    assert unlisted(experiments, (FOLDER / "experiments.md").read_text("utf-8")) == []
    assert [name for name, spec in experiments.items() if len(spec.asks.split()) < 3] == []


def test_a_name_without_words_is_seen():
    """A missing, an empty and a left-over entry of words.toml are reported."""
    words = {"reset": "was cut", "gone": "no longer there", "bare": ""}
    assert wordless(["reset", "bare", "new"], words) == [
        "new: no words",
        "gone: words for a name that does not exist",
        "bare: empty",
    ]


def test_a_name_missing_on_a_page_is_seen():
    """A name counts as listed only where it stands as code."""
    assert unlisted(["tls.reset", "tls.close"], "| `tls.reset` | tls.close |") == ["tls.close"]
