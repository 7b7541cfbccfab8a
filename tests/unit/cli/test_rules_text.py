"""The rule tables, as text."""

from hushmap.cli.rules_text import rule_lines
from hushmap.detect import RULES, TABLES


def test_every_rule_is_told_in_its_place():
    """Each table by its test's name, each rule by its id, in the order in which they are tried."""
    text = "\n".join(rule_lines())
    assert all(f"\n{test}\n" in text for test in TABLES)
    assert all(f"\n  {rule.id}" in text for rule in RULES)
    first, second = TABLES["web_connectivity"][:2]
    assert text.index(f"  {first.id}") < text.index(f"  {second.id}")
    assert all(len(line) <= 100 for line in text.splitlines())
