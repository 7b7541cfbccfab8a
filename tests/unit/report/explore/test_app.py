"""The application."""

import re
from html import unescape

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


def test_every_page_refuses_what_it_cannot_be_asked_for(opened):
    """In one line that names it, with the status of a wrong question, on pages of every kind."""
    paths = ("/index", "/days", "/drawing", "/compare", "/incidents", "/triggers", "/method", "/data", f"/targets/{A}",
             f"/targets/{A}/measurements", "/networks/as64501-xe", "/measurements/r2", "/lists/words")  # fmt: skip
    for answer in ask(opened, *(f"{path}{end}?nope" for path in paths for end in ("", ".json"))):
        assert (answer.status_code, "nope: there is no such filter on this page" in answer.text) == (400, True)
    more = ("/days?page=2", f"/targets/{A}?group=Blocked", f"/targets/{A}?target={A}", "/triggers?part=words",
            "/measurements/r2?day=20261102", "/compare?first=r1&first=r2", f"/compare?first={'x' * 501}",
            f"/measurements/{'x' * 501}", "/?page=2")  # fmt: skip
    for address, answer in zip(more, ask(opened, *more), strict=True):
        assert (address, answer.status_code) == (address, 400)


def test_errors_are_pages_of_ours(opened, monkeypatch):
    """What no route takes, what is not asked for in this way, and a fault: for programs as JSON."""
    missing, told, posted, put = _odd(opened)
    assert [one.status_code for one in (missing, told, posted, put)] == [404, 404, 405, 405]
    assert "There is no such page" in missing.text
    assert told.json()["error"].startswith("What is not in the data")
    assert "Nothing can be changed here" in posted.text
    assert set(posted.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert "GET" in put.json()["error"]
    monkeypatch.setattr(app.routing, "page", lambda *_: 1 / 0)
    broken, told = ask(opened, "/", "/index.json")
    assert (broken.status_code, told.status_code) == (500, 500)
    assert "division" not in broken.text
    assert '<html lang="en"' in broken.text
    assert "no result of a measurement" in told.json()["error"]
    assert "content-security-policy" in broken.headers


def _odd(opened):
    return (
        *ask(opened, "/%0D%0A", "/a%0D%0Ab.json"),
        ask(opened, "/", method="POST"),
        ask(opened, "/index.json", method="PUT"),
    )


def test_a_program_is_led_on_to_what_programs_read(opened):
    """A list that is a filter here, and the record that was searched for."""
    for address, place in (
        ("/lists/words.json", "/index.json?part=words"),
        ("/lists/category-news.json", "/index.json?category=NEWS"),
    ):
        assert ask(opened, address).headers["location"] == place
    record = "20261101T0830Z-64f9-0001"
    sought = made([row(record, 1, 8, 64501, BLOCKED)])
    assert ask(sought, f"/index.json?q={record}").headers["location"] == f"/measurements/{record}.json"


def test_a_question_mark_in_a_name_belongs_to_it():
    """An id may hold what addresses have a meaning for; it comes encoded, and is found."""
    opened = made([row("r?1#x", 1, 8, 64501, BLOCKED)])
    answer = ask(opened, "/measurements/r%3F1%23x.json")
    assert answer.json()["record"]["record"] == "r?1#x"


@pytest.mark.parametrize(
    "start",
    ["/", "/?part=words", "/?group=Blocked&country=XE&country=XF&until=2026-11-03", "/days?evidence=direct&q=a"],
)
def test_every_link_leads_to_a_page(opened, start):
    """Whatever a page leads to may be asked for so: no link of ours is refused or goes nowhere."""
    seen, left = {start}, [start]
    while left:
        answers = ask(opened, *left, "/style.css")[:-1]
        assert [(one.status_code, address) for one, address in zip(answers, left, strict=True) if one.is_error] == []
        links = {unescape(link) for one in answers for link in re.findall(r'(?:href|data-from)="(/[^"]*)"', one.text)}
        links |= {one.headers["location"] for one in answers if one.is_redirect}
        left = sorted({link.partition("#")[0] for link in links} - seen)
        seen.update(left)
    assert len(seen) > 20
