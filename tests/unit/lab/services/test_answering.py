"""What sites answer, by page, place and visit."""

import pytest

from hushmap.lab.platform.serving import Platform
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services.answering import Answers
from hushmap.lab.services.pages import CAPTCHA, ELSEWHERE, NOTICE
from hushmap.wire import http

AT = "198.51.100.1"


def said(site, target="/", *, host=None, here=True, secure=True, elsewhere=False, answers=None):
    """Status line and body of the answer."""
    request = http.parse_request(http.request_bytes("GET", target, host or site.name, []))
    _, answer = (answers or Answers({AT: [site]}, elsewhere=elsewhere)).to(request, AT, here=here, secure=secure)
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


@pytest.mark.parametrize(
    ("page", "status"),
    [("article", 200), ("captcha", 403), ("forbidden", 403), ("legal", 451), ("ratelimit", 429), ("parked", 200)],
)
def test_each_page_has_its_status_and_is_the_same_for_all(page, status):
    """Wherever a visitor asks from."""
    site = Site(name="a.example", page=page)
    assert said(site)[0] == status
    assert said(site)[2] == said(site, here=False)[2]


def test_a_long_page_is_long():
    """About 64 kB, and whole."""
    body = said(Site(name="a.example", page="long"))[2]
    assert 60_000 < len(body) < 80_000
    assert body.endswith(b"</html>\n")


def test_a_page_may_vary_by_visit_language_and_consent():
    """Varying differs every time under one title; language and banner by where one asks from."""
    site = Site(name="a.example", page="varying")
    answers = Answers({AT: [site]})
    one, two = said(site, answers=answers)[2], said(site, answers=answers)[2]
    assert one != two
    assert one.split(b"</title>")[0] == two.split(b"</title>")[0]
    language = Site(name="a.example", page="language")
    assert b"Welcome" in said(language)[2]
    assert b"Willkommen" in said(language, here=False)[2]
    cookies = Site(name="a.example", page="cookies")
    assert b"value your privacy" in said(cookies)[2]
    assert b"value your privacy" not in said(cookies, here=False)[2]


def test_a_geoblock_by_page_is_for_this_country_only():
    """403 here, the article elsewhere."""
    site = Site(name="a.example", geo="page")
    assert (said(site)[0], said(site, here=False)[0]) == (403, 200)


def test_others_may_be_shown_another_page_everywhere():
    """A helper whose own network is strange."""
    site = Site(name="a.example")
    assert said(site, here=False, elsewhere=True)[2] == ELSEWHERE
    assert b"Welcome" in said(site, elsewhere=True)[2]


def test_redirects_say_what_the_scenario_says():
    """In a circle, broken, or empty: the Location is word for word; plain HTTP goes to HTTPS first."""
    for location in ("https://a.example/", "https://[broken/", ""):
        status, head, _ = said(Site(name="a.example", redirect=location))
        assert status == 301
        assert f"Location: {location}".encode() in head
    assert b"Location: https://a.example/x" in said(Site(name="a.example"), "/x", secure=False)[1]


def test_strangers_are_not_here_and_a_notice_is_for_all():
    """An unknown Host gets 404, at a notice's address the notice, at an interceptor the site's own page."""
    assert said(Site(name="a.example"), host="b.example")[0] == 404
    assert said(Site(name="a.example", page="notice"), host="b.example")[2] == NOTICE
    status, _, body = said(Site(name="box.example", https="interceptor"), host="b.example")
    assert status == 200
    assert b"Welcome to b.example" in body
    assert said(Site(name="a.example", page="captcha"))[2] == CAPTCHA


def test_a_platform_answers_in_place_of_pages():
    """At its site, over HTTPS; a site beside it has its own page."""
    site, other = Site(name="driftwood.test"), Site(name="a.example")
    platform = Platform(PlatformSettings(site="driftwood.test"), lambda: 0.0)
    answers = Answers({AT: [site, other]}, platforms=[platform])
    assert b"Driftwood" in said(site, "/search?q=river", answers=answers)[2]
    assert said(site, answers=answers, secure=False)[0] == 301
    assert b"Driftwood" not in said(other, answers=answers)[2]
