"""By what a page is known: every kind of sign, and expressions that a page could make slow."""

import pytest

from hushmap.model import REACH, Sign
from hushmap.wire.signs import Told, is_there, matched

PAGE = Told(
    status=404, headers=(("location", "https://a.example/login?x"), ("x-deny", "By Order")), text="<b>gone</b>"
)


@pytest.mark.parametrize(
    ("kind", "value", "there"),
    [
        ("status", "404", True),
        ("status", "40", False),
        ("header", "X-Deny: Order", True),
        ("header", "X-Deny: order", False),
        ("header", "Server: Order", False),
        ("url", "/login", True),
        ("url", "/logout", False),
        ("text", "<b>", True),
        ("text", "<i>", False),
        ("regex", "<b>.*</b>", True),
        ("regex", "</b>.*<b>", False),
        ("tea-leaves", "404", False),
    ],
)
def test_each_kind_looks_where_it_says(kind, value, there):
    """A kind that nobody knows is nowhere."""
    assert is_there(Sign(kind=kind, value=value), PAGE) is there


def test_names_are_told_once_in_the_order_of_the_signs():
    """Several signs may have one name."""
    signs = [(name, Sign(kind=kind, value=value)) for name, kind, value in (
        ("removed", "text", "gone"), ("visible", "text", "here"), ("removed", "status", "404"),
        ("login", "url", "login"),
    )]  # fmt: skip
    assert matched(signs, PAGE) == ("removed", "login")
    assert matched(signs, Told(status=200)) == ()


def test_what_could_be_slow_is_run_on_the_beginning_only():
    """An expression that branches is not run on all of a long page."""
    slow = Sign(kind="regex", value="(gone|away) *x")
    assert is_there(slow, Told(status=200, text="away x"))
    assert not is_there(slow, Told(status=200, text=" " * REACH + "gonex"))
    fixed = Sign(kind="regex", value="gone.*x")
    assert is_there(fixed, Told(status=200, text=" " * REACH + "gonex"))
