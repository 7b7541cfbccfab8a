"""Tests of hushmap.detect.echo."""

import msgspec
import pytest

from hushmap.detect.echo import HEADERS, STATUS, echoed, foreign
from hushmap.model import Context, Failure, Page
from hushmap.servers.echo import _HEADERS
from trials import CONTEXT, ECHO, NAME, OURS, SITE, loaded, shaken

PLAIN = f"http://{NAME}/"


def test_the_mark_is_what_the_echo_sends():
    """The headers are those of servers/echo.py, whose status is 200."""
    assert {name.lower() for name, _ in _HEADERS} >= HEADERS
    assert STATUS == 200


@pytest.mark.parametrize(
    ("page", "ours"),
    [
        (ECHO, True),
        (msgspec.structs.replace(ECHO, header_names=("via", *ECHO.header_names)), True),
        (msgspec.structs.replace(ECHO, status=403), False),
        (Page(status=200, header_names=("content-type",)), False),
        (Page(status=302, location="http://notice.example/"), False),
    ],
)
def test_who_sent_a_page(page, ours):
    """A proxy may add a header; another status, or a page without our headers, is somebody else's."""
    assert echoed(page) is ours
    assert foreign(loaded(1, page, OURS, PLAIN), CONTEXT) is not ours


def test_only_a_whole_page_from_our_own_echo_counts():
    """Not one from the site, not a failure, not a handshake, and not where there is no echo."""
    forged = Page(status=403)
    assert foreign(loaded(1, forged, OURS, PLAIN), CONTEXT)
    assert not foreign(loaded(1, forged, SITE, PLAIN), CONTEXT)
    assert not foreign(loaded(1, Failure.RESET, OURS, PLAIN), CONTEXT)
    assert not foreign(loaded(1, Failure.RESET, OURS, PLAIN, at="connect"), CONTEXT)
    assert not foreign(shaken(1, address=OURS), CONTEXT)
    assert not foreign(loaded(1, forged, OURS, PLAIN), Context())
    assert not foreign(loaded(1, forged, OURS, PLAIN), Context(helper="https://th.example/"))
