"""What `hushmap judge --rules` prints: the rule tables, in the order in which rules are tried."""

from collections.abc import Iterator

from hushmap.cli.wording import wrapped
from hushmap.detect import RULES_VERSION, TABLES

_INDENT = 20


def rule_lines() -> Iterator[str]:
    """Every table with its rules."""
    yield f"rules {RULES_VERSION}; of each table the first rule that matches decides"
    for test, table in TABLES.items():
        yield ""
        yield test
        for rule in table:
            yield from wrapped(rule.what, f"  {rule.id:{_INDENT - 2}}", " " * _INDENT)
