"""The page of how verdicts come about: labels, evidence, chances of error, and every rule, read from the rules.

Numbers and rules are those of the code that judged, so that the page cannot say what the code does not do. Rules are
English, as they are published with every verdict; what a reader needs first is in the page's language.
"""

import msgspec

from hushmap.analysis import MIN_N
from hushmap.detect import (
    LABEL_GROUPS,
    RULES_VERSION,
    TABLES,
    Rule,
    WordGroup,
    group_words,
    mechanism_words,
)
from hushmap.model import MECHANISMS, Context, Evidence
from hushmap.report.site.making import Making, Pages
from hushmap.report.view import LOOKS
from hushmap.report.words import Words
from hushmap.sampling import ALPHA, ALPHA_OF_CHANGE, AVERAGE_RUN, F0_CEILING, F0_FLOOR

_OF_WORDS = (WordGroup.CUT, WordGroup.UNEXPLAINED, WordGroup.PASSED, WordGroup.UNTRIGGERED)
"""The groups that only words have."""


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One of the few groups, as readers see it."""

    sign: str
    style: str
    label: str
    meaning: str


class RuleTable(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one experiment."""

    experiment: str
    here: bool
    """Whether the site has measurements of it."""
    rules: tuple[Rule, ...]


def pages(making: Making) -> Pages:
    """The one page."""
    yield "method.html", page(making)


def page(making: Making) -> bytes:
    """How verdicts come about, in the site's language."""
    words, book = making.words, making.book
    return making.page(
        "method.html",
        "method",
        labels=[_label(name, f"decide.{name}", words) for name in LABEL_GROUPS],
        word_labels=[_label(name, f"method.word.{name}", words) for name in _OF_WORDS],
        evidence=[(words(f"evidence.{one}"), words(f"method.evidence.{one}")) for one in Evidence],
        chances=chances(words),
        ways=ways(words),
        tables=rules({one.experiment for one in book.targets}),
        version=RULES_VERSION,
        others=", ".join(one for one in book.about.rules if one != RULES_VERSION),
    )


def _label(name: str, key: str, words: Words) -> Label:
    sign, style = LOOKS[name]
    return Label(sign=sign, style=style, label=group_words(name, words.lang), meaning=words(key))


def chances(words: Words) -> list[tuple[str, str]]:
    """(heading, text) of what chance may do, with the numbers of the code."""
    numbers = {
        "pairs": {
            "floor": _percent(F0_FLOOR),
            "ceiling": _percent(F0_CEILING),
            "one": f"{1 / ALPHA:,.0f}",
            "all": _percent(Context().alpha),
        },
        "shares": {"least": f"{MIN_N}"},
        "changes": {"streams": f"{1 / ALPHA_OF_CHANGE:,.0f}", "tests": f"{AVERAGE_RUN:,.0f}"},
    }
    return [(words(f"method.{name}"), words(f"method.{name}.text", **told)) for name, told in numbers.items()]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def ways(words: Words) -> list[tuple[str, str]]:
    """(name, words) of every way of interfering that there is a name for."""
    return [(name, mechanism_words(name, words.lang)) for name in sorted(MECHANISMS)]


def rules(experiments: set[str]) -> list[RuleTable]:
    """Every rule in the order in which it is tried; those of the site's own experiments come first."""
    found = [RuleTable(experiment=name, here=name in experiments, rules=table) for name, table in TABLES.items()]
    return sorted(found, key=lambda table: not table.here)
