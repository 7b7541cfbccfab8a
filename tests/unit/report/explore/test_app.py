"""The application."""

import pytest

from hushmap.report.explore import app
from unit.report.explore.explored import BLOCKED, A, ask, made, row


@pytest.fixture(scope="module")
def opened():
    """The usual verdicts."""
    return made()


@pytest.mark.parametrize("header", ["evil.example", "127.0.0.1.evil.example", "[::2]", "192.0.2.1"])
def test_who_does_not_name_this_computer_is_not_answered(opened, header):
    """A foreign page whose name leads here reads nothing, and gets the policy all the same."""
    answer = ask(opened, "/", host=header)
    assert answer.status_code == 421
    assert "a.example" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("site", "mode", "dest", "answered"),
    [
        (b"cross-site", b"no-cors", b"image", False),
        (b"same-site", b"cors", b"empty", False),
        (b"cross-site", b"navigate", b"iframe", False),
        (b"cross-site", b"navigate", b"document", True),
        (b"same-origin", b"cors", b"empty", True),
        (b"none", b"navigate", b"document", True),
    ],
)
def test_a_page_of_somebody_else_asks_nothing(site, mode, dest, answered):
    """Not even how long an answer takes is told it; a link to here may be followed."""
    headers = [(b"sec-fetch-site", site), (b"sec-fetch-mode", mode), (b"sec-fetch-dest", dest)]
    assert app.foreign(headers) is not answered
    assert app.foreign([]) is False, "programs say nothing of it"


@pytest.mark.parametrize("header", ["localhost", "LOCALHOST:8570", "127.0.0.1:1", "[::1]:8570", "localhost."])
def test_this_computer_is_known_by_its_names(header):
    """With and without a port, in any case."""
    assert app.host_of(header) in app.LOOPBACK


def test_every_answer_has_the_policy_and_is_not_kept(opened):
    """Pages, JSON, files, errors: scripts are our own only, and the browser keeps nothing of it."""
    for answer in ask(opened, "/", "/index.json", "/style.css", "/nope", "/?nope=1", f"/targets/{A}"):
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there_says_so(opened):
    """No page, no such filter: told in a sentence, for programs as JSON."""
    missing, wrong, told = ask(opened, "/nope", "/?nope=1", "/targets/x.json")
    assert (missing.status_code, wrong.status_code, told.status_code) == (404, 400, 404)
    assert "does not say that it was measured and works" in missing.text
    assert "there is no such filter" in wrong.text
    assert told.json()["schema"] == "hushmap.explore/1"


def test_that_there_is_no_picture_is_no_error(opened):
    """Browsers ask for one unasked, and would complain."""
    assert ask(opened, "/favicon.ico").status_code == 204


def test_lists_lead_on(opened):
    """An address of a site that is a filter here."""
    answer = ask(opened, "/lists/label-blocked")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?group=Blocked")


def test_what_others_wrote_is_inert():
    """Markup in a target, a network's name or a search is text on every page."""
    bad = "<script>alert(1)</script>"
    hostile = made([row("r1", 1, 8, 64501, BLOCKED, f"https://x.example/{bad}", network=bad, label=bad)])
    name = hostile.counting.target_ids[0]
    pages = ask(
        hostile, "/", f"/?q={bad}", f"/targets/{name}", f"/targets/{name}/measurements", "/measurements/r1", "/days",
        f"/?{bad}=1", "/compare?first=r1&second=r1",
    )  # fmt: skip
    for answer in pages:
        assert bad not in answer.text
    assert [answer.status_code for answer in pages] == [200, 200, 200, 200, 200, 200, 400, 200]
