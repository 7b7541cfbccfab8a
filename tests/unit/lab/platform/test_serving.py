"""Requests and time into pages."""

import json
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.catalog import read_platform
from hushmap.lab.platform import pages
from hushmap.lab.platform.contents import Post
from hushmap.lab.platform.network import network
from hushmap.lab.platform.pages import Item
from hushmap.lab.platform.serving import EVERY_S, LAGS, REBUILDS, Platform, matching, state
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.wire import http
from hushmap.wire.listing import noticed

TIMES = st.floats(0.0, 30 * 86400.0)
QUIET = PlatformSettings(site="driftwood.test", words=20, posts=20)


class Clock:
    """Unix time, as it is set."""

    def __init__(self, now=1e9):
        self.now = now

    def __call__(self):
        """The time."""
        return self.now


def platform(clock=None, scale=1.0, **more):
    """A platform that begins now."""
    return Platform(msgspec.structs.replace(QUIET, **more), clock or Clock(), scale)


def asked(of, target, visitor="here"):
    """Status and page of an answer; 0: none."""
    said = of.answer(http.parse_request(http.request_bytes("GET", target, "driftwood.test", [])), visitor)
    head, _, page = said.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head else 0), page.decode()


def word(of, fate):
    """A word of a fate."""
    return next(one for one in of.contents.words if one.fate == fate)


def searched(of, text, path="/search"):
    """The answer to a search."""
    return asked(of, f"{path}?q={quote(text)}")


def sent(of, target, body, method="POST", kind="application/x-www-form-urlencoded"):
    """Status and page of the answer to what is sent."""
    request = http.request_bytes(method, target, "driftwood.test", [("Content-Type", kind)], body)
    head, _, page = of.answer(http.parse_request(request), "here").partition(b"\r\n\r\n")
    return int(head.split()[1]), page.decode()


def results(page):
    """How many results a page has, and whether any is a user's."""
    return page.count('<li class="result"'), 'data-source="user-' in page


@pytest.mark.parametrize(
    ("fate", "alone", "all_around"),
    [
        ("open", (8, True), (20, True)),
        ("rare", (0, False), (20, True)),
        ("official", (2, False), (20, True)),
        ("notice", (0, False), (0, False)),
        ("partial", (4, True), (10, True)),
        ("empty", (0, False), (0, False)),
        ("soft", (2, False), (20, False)),
    ],
)
def test_what_a_search_finds_follows_from_the_word(fate, alone, all_around):
    """By itself, and inside a query that would find everything."""
    one = platform()
    text = word(one, fate).text
    assert results(searched(one, text)[1]) == alone
    assert results(searched(one, f"{text} | -{text}")[1]) == all_around


@pytest.mark.parametrize("fate", ["open", "rare", "official", "notice", "partial", "empty", "soft", "legal"])
def test_a_form_finds_what_an_address_does(fate):
    """And at its own place alone: sent elsewhere, of another kind or not at all it is no page."""
    one = platform()
    text = word(one, fate).text
    form = f"q={quote(text)}&part=posts".encode()
    assert sent(one, "/find", form) == searched(one, text)
    others = [
        sent(one, "/search", form),
        sent(one, "/find", form, method="PUT"),
        sent(one, "/find", form, kind="a/b"),
    ]
    assert [status for status, _ in (*others, asked(one, f"/find?{form.decode()}"))] == [404] * 4


def test_a_search_is_refused_by_law_or_for_strangers():
    """451 says who demanded it; a login wall comes with an ordinary status."""
    one = platform()
    request = http.parse_request(
        http.request_bytes("GET", f"/search?q={quote(word(one, 'legal').text)}", "driftwood.test", [])
    )
    said = one.answer(request, "here")
    assert said.startswith(b"HTTP/1.1 451")
    assert b'rel="blocked-by"' in said
    status, page = searched(one, word(one, "login").text)
    assert (status, '<form id="login"' in page) == (200, True)


def test_a_notice_says_which_order_of_which_day():
    """In its own language, above what is left or alone."""
    one = platform(words=200)
    for each in one.contents.words:
        if each.order is not None:
            page = searched(one, f"river {each.text}")[1]
            assert each.order.number in page
            assert str(each.order.day.year) in page
            assert '<div class="notice">' in page


def test_beside_half_of_all_open_words_a_headline_quotes_the_notices():
    """Whatever stands around the word; it is no notice where the manifest looks for one, and would be one elsewhere."""
    one, manifest = (
        platform(words=200, a_minute=1000),
        read_platform(network.__code__.co_filename.replace("network.py", "driftwood.toml")),
    )
    quoted = Counter()
    for each in one.contents.words:
        page = searched(one, f"{each.text} | -{each.text}")[1]
        quoted[each.fate] += pages.NEWS in page
        if pages.NEWS in page:
            assert pages.NEWS in searched(one, each.text)[1]
            found = noticed(manifest.notices, page, items=manifest.search.items, place=manifest.search.notice_in)
            assert found == (None, False)
            assert noticed(manifest.notices, page, items=manifest.search.items) == (None, True)
    assert {fate for fate, number in quoted.items() if number} == {"open"}
    assert 20 < quoted["open"] < 40
    assert pages.NEWS not in searched(one, "qzxvkw")[1]


def test_nonsense_finds_nothing_and_a_word_is_seen_in_any_case():
    """Whoever asks; and a filter sees a word inside longer text."""
    one = platform()
    assert 'class="none"' in searched(one, "qzxvkw jwpqhz")[1]
    assert 'class="none"' in searched(one, f"river{word(one, 'empty').text.upper()}x")[1]


@given(st.sampled_from(("open", "rare", "official", "notice", "partial", "empty", "soft")))
def test_programs_are_told_the_same_as_people(fate):
    """The JSON lists what the page lists, and its notice."""
    one = platform()
    text = word(one, fate).text
    page, table = searched(one, text)[1], json.loads(searched(one, text, "/api/search")[1])
    assert len(table["results"]) == results(page)[0]
    assert all(each["href"] in page for each in table["results"])
    assert (table["notice"] is not None) is ('<div class="notice">' in page)


def test_terms_stand_together_are_excluded_or_are_either():
    """The language of its searches."""
    items = [Item(id=str(at), source="s", text=text) for at, text in enumerate(("a b", "b c", "c d"))]
    for query, ids in {
        "b": "01",
        "b c": "1",
        "b -c": "0",
        "a | d": "02",
        "b | -b": "012",
        "": "",
        "|": "",
        "-": "",
    }.items():
        assert "".join(item.id for item in matching(query, items)) == ids


@pytest.mark.parametrize(
    ("fate", "at", "told"),
    [
        ("stays", None, ("unknown", "visible", "visible")),
        ("login", None, ("unknown", "login", "login")),
        ("removed", 50.0, ("unknown", "visible", "removed")),
        ("author", 50.0, ("unknown", "visible", "author")),
        ("account", 50.0, ("unknown", "visible", "account")),
        ("hidden", 50.0, ("unknown", "visible", "private")),
        ("held", 50.0, ("unknown", "held", "visible")),
        ("held", None, ("unknown", "held", "held")),
    ],
)
def test_the_state_of_a_post_by_time(fate, at, told):
    """Before it was written, after that, and after what happens to it."""
    post = Post(id="p", account="a", fate=fate, posted=10.0, at=at)
    assert tuple(state(post, now) for now in (9.0, 10.0, 50.0)) == told


@given(TIMES)
def test_what_becomes_of_posts_is_seen_at_its_time(now):
    """Without faults every page says what is true."""
    clock = Clock()
    one = platform(clock)
    clock.now += now
    for post in one.contents.posts:
        status, page = asked(one, f"/post/{post.id}", visitor=post.id)
        true = state(post, one.now)
        assert ('<article class="post"' in page) is (true == "visible")
        assert (f'data-reason="{true}"' in page) is (true not in {"visible", "login"})
        assert status == (200 if true in {"visible", "login"} else 404)


@given(TIMES, st.integers(0, 100))
def test_one_replica_lags(now, seed):
    """It says what was true then; the others what is."""
    one = platform(lag_s=120.0, seed=seed)
    for post in one.contents.posts:
        page = f"/post/{post.id}"
        assert one.page(page, LAGS, now + 120.0) == one.page(page, 0, now)
        assert one.page(page, REBUILDS, now) == one.page(page, 0, now)


@given(st.integers(0, 100), st.floats(600.0, 1400.0), TIMES)
def test_what_flickers_does_not_twice(seed, later, now):
    """Two visits ten to twenty-three minutes apart never both fall into the making of an index."""
    one = platform(ghosts=True, seed=seed)
    for name in ("p", "q", "r", "s"):
        assert not (one.rebuilds(name, REBUILDS, now) and one.rebuilds(name, REBUILDS, now + later))
        assert not one.rebuilds(name, 0, now)


@given(st.integers(0, 100), TIMES)
def test_in_a_lab_that_hurries_replicas_lag_and_flicker_as_many_times_shorter(seed, now):
    """Visits are closer by as much, so that two misses mean as much as where nobody hurries."""
    slow, fast = (platform(ghosts=True, lag_s=120.0, seed=seed, scale=scale) for scale in (1.0, 4.0))
    assert slow.rebuilds("p", REBUILDS, now) == fast.rebuilds("p", REBUILDS, now / 4.0)
    number = now // EVERY_S
    assert fast.rebuild(number) == slow.rebuild(number) / 4.0
    start = fast.rebuild(number)
    assert any(fast.rebuilds(name, REBUILDS, start + 1.0) for name in "abcdefghijklmnopqrst")
    assert not any(fast.rebuilds(name, REBUILDS, start + 75.5) for name in "abcdefghijklmnopqrst")
    for post in fast.contents.posts:
        assert fast.page(f"/post/{post.id}", LAGS, start - 1.0 + 30.0) == fast.page(
            f"/post/{post.id}", 0, start - 1.0
        )


def test_an_index_is_made_anew_and_half_of_the_posts_are_lost_for_five_minutes():
    """Some as if they were removed, some without a word; and then they are there again."""
    one = platform(ghosts=True)
    shown = Counter()
    for post in (post for post in one.contents.posts if post.fate == "stays"):
        for now in range(0, 24 * 3600, 100):
            answered = one.page(f"/post/{post.id}", REBUILDS, float(now))
            shown["removed" if b"data-reason" in answered.page else answered.status] += 1
    every = sum(shown.values())
    assert 0.03 < (every - shown[200]) / every < 0.08
    assert shown["removed"] > 0
    assert shown[404] > 0


def test_a_search_loses_what_it_finds_while_an_index_is_made():
    """A word that is open is empty then, on one replica."""
    one = platform(ghosts=True)
    text = word(one, "open").text
    found = [
        results(one.page(f"/search?q={text}", REBUILDS, float(now)).page.decode())[0] for now in range(0, 36000, 100)
    ]
    assert set(found) == {0, 8}
    assert found.count(0) < len(found) / 5


def test_who_comes_too_often_is_asked_for_a_captcha():
    """Within a minute; an address has nothing to do with another, and a minute later all is well."""
    clock = Clock()
    one = platform(clock, a_minute=5)
    pages = [asked(one, "/")[1] for _ in range(6)]
    assert ['<form id="captcha"' in page for page in pages] == [False] * 5 + [True]
    assert '<form id="captcha"' not in asked(one, "/", visitor="elsewhere")[1]
    clock.now += 61.0
    assert '<form id="captcha"' not in asked(one, "/")[1]


def test_requests_fail_and_captchas_come_as_often_as_is_set():
    """Failures are 502 or the end of the connection, evenly."""
    one = platform(fail=0.2, captcha=0.1, a_minute=10**6)
    found = Counter()
    for _ in range(2000):
        status, page = asked(one, "/")
        found["captcha" if "captcha" in page else status] += 1
    assert 0.07 < found[0] / 2000 < 0.13
    assert 0.07 < found[502] / 2000 < 0.13
    assert 0.06 < found["captcha"] / 2000 < 0.10


def test_a_seed_and_the_same_visits_at_the_same_times_give_the_same_answers():
    """Faults are chance of a simulation."""
    runs = [
        [asked(platform_, "/post/none") for _ in range(50)] for platform_ in (platform(fail=0.5), platform(fail=0.5))
    ]
    assert runs[0] == runs[1]


def test_other_pages():
    """A front page, things that were found, and none."""
    one = platform()
    assert asked(one, "/")[0] == 200
    assert asked(one, f"/post/{one.contents.items[0].id}")[0] == 200
    assert asked(one, "/post/nobody")[0] == 404
    assert asked(one, "/elsewhere")[0] == 404


def test_it_says_when_it_began_with_its_truth():
    """Now, or when its settings say."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    one = platform(began=began)
    assert json.loads(one.truth())["began"] == began.timestamp()
    assert json.loads(platform().truth())["began"] == 1e9
