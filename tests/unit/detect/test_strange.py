"""Tests of hushmap.detect.strange."""

import msgspec
import pytest

from hushmap.detect.strange import helper_pages, strangers
from hushmap.model import Failure, Fingerprint, Knowledge, Page, Role, Side
from trials import NAME, NOTHING, PAGE, SITE, loaded, lookup, record

THERE = Side.HELPER
PLAIN, SECURE = f"http://{NAME}/", f"https://{NAME}/"
STRANGE = Page(status=200, title="Closed", body_sha256="bb", body_length=7)
HOME = loaded(9, PAGE, url=PLAIN, side=THERE)
AWAY = Page(status=302, location="https://notice.example/")


def found(*trials, target=PLAIN, knowledge=NOTHING):
    """The pages of these trials that are strange."""
    return [page for _, page in strangers(msgspec.structs.replace(record(*trials), target=target), knowledge)]


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([loaded(1, STRANGE, url=PLAIN), HOME], [STRANGE]),
        ([loaded(1, STRANGE, url=PLAIN, changed="notice"), HOME], [STRANGE]),
        ([loaded(1, AWAY, url=PLAIN), loaded(2, STRANGE, url="https://notice.example/"), HOME], [AWAY, STRANGE]),
        ([loaded(1, STRANGE, url=PLAIN)], []),
        ([loaded(1, STRANGE, url=PLAIN), loaded(9, Page(status=503), url=PLAIN, side=THERE)], []),
        ([loaded(1, STRANGE, url=PLAIN), loaded(9, Failure.TIMEOUT, url=PLAIN, side=THERE)], []),
        ([loaded(1, PAGE, url=PLAIN), HOME], []),
        ([loaded(1, STRANGE, url=PLAIN), loaded(2, PAGE, url=PLAIN), HOME], []),
        ([loaded(1, STRANGE, url=PLAIN), loaded(2, STRANGE, url=SECURE), HOME], []),
        ([loaded(1, STRANGE, url=PLAIN, changed="host", pair=1), HOME], []),
        ([loaded(1, STRANGE, url=PLAIN, role=Role.BASELINE), HOME], []),
        ([loaded(1, Failure.RESET, url=PLAIN), lookup(2, (SITE,)), HOME], []),
    ],
)
def test_a_page_is_strange_if_nothing_here_was_the_sites(trials, expected):
    """The helper got the site's page; nothing here is like it, nor under the site's certificate; no echo counts."""
    assert found(*trials) == expected


def test_it_is_told_of_the_site_that_was_asked():
    """Not of the host to which a redirect led: that is the same for all."""
    away = [loaded(1, AWAY, url=PLAIN), loaded(2, STRANGE, url="http://notice.example/"), HOME]
    for target in (PLAIN, NAME):
        judged = msgspec.structs.replace(record(*away), target=target)
        assert [host for host, _ in strangers(judged, NOTHING)] == [NAME, NAME]
    assert found(*away, target="https://[broken/") == []


def test_what_a_fingerprint_knows_is_not_strange():
    """Even one that accuses nobody."""
    known = Knowledge(fingerprints=(Fingerprint(id="x", where="title", pattern="Closed", scope="vbw"),))
    assert found(loaded(1, STRANGE, url=PLAIN), HOME, knowledge=known) == []


def test_what_goes_with_a_known_notice_is_not_strange():
    """A redirect that is known explains the page to which it led."""
    known = Knowledge(fingerprints=(Fingerprint(id="x", where="location", pattern="//notice.example"),))
    chain = [loaded(1, AWAY, url=PLAIN), loaded(2, STRANGE, url="https://notice.example/"), HOME]
    assert found(*chain) == [AWAY, STRANGE]
    assert found(*chain, knowledge=known) == []


def test_the_helpers_pages_are_those_that_it_got():
    """Of any status; failures and own pages are none."""
    refused = Page(status=403, title="Forbidden")
    trials = [loaded(1, STRANGE), HOME, loaded(8, refused, side=THERE), loaded(7, Failure.RESET, side=THERE)]
    assert set(helper_pages(record(*trials, lookup(2, (SITE,), side=THERE)))) == {PAGE, refused}
