"""When to stop sending words."""

import msgspec
import pytest

from hushmap.detect.halting import halts
from hushmap.model import Fingerprint, Knowledge, Page, Role
from trials import CONTEXT, ECHO, OURS, connected, loaded

NOTICE = "This page is blocked by order"
KNOWN = Knowledge(fingerprints=(Fingerprint(id="notice", where="body", pattern=NOTICE),))


def answered(page, role=Role.SUBJECT):
    """A word in a path toward our echo, and the page that came."""
    return loaded(1, page, OURS, "http://www.baseline-a.example/kw-alpha", role=role)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(status=403, title="Attention Required! captcha"), "captcha"),
        (Page(status=403, body=NOTICE), "warning_page"),
        (Page(status=200, title="News"), None),
        (msgspec.structs.replace(ECHO, body=NOTICE), None),
    ],
)
def test_a_captcha_and_a_warning_stop_the_words(page, why):
    """An unknown page does not, and our echo may have been told to say a notice."""
    assert halts(answered(page), KNOWN, CONTEXT) == why
    assert halts(answered(page, Role.CANARY), KNOWN, CONTEXT) == why


def test_only_a_word_can_have_been_answered():
    """Harmless text, and what got no page, say nothing of the kind."""
    assert halts(answered(Page(status=403, body=NOTICE), Role.BASELINE), KNOWN, CONTEXT) is None
    assert halts(connected(1), KNOWN, CONTEXT) is None
