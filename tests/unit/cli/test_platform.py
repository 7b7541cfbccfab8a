"""`hushmap platform`: what there is, what a manifest says, and whether it still reads its platform."""

import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from hushmap.cli.fault import Exit
from hushmap.model import Listing, Page
from hushmap.runs import RunFolder
from unit.cli.scene import NETWORK, RunClock, RunNet

MANIFEST = """id = "driftwood"
name = "Driftwood"
operator = "Somebody"
jurisdiction = ["XD"]
state = "unverified"
source = "an example"
as_of = 2026-01-01

[search]
url = "https://driftwood.example/s?q={query}"
items = { kind = "css", expression = "a", attribute = "href" }
nonsense = ["qzxv"]
controls = ["river"]
"""
POSTS = """[post]
url = "https://driftwood.example/post/{id}"
nonsense = "qzxv"
visible = [{ kind = "text", value = "a" }]
"""
WORDS = "word,platform,category_code\nkw-a,driftwood,MISC\n"
NONE, SOME = Listing(), Listing(found=3, sources=3)


@pytest.fixture
def searched(hushmap, stage, home, monkeypatch):
    """A platform that finds three of whatever is no nonsense, or what the test says; a consent and a manifest."""
    says = {}
    ask = RunNet.ask

    async def answer(self, asked, *given, **more):
        outcome = await ask(self, asked, *given, **more)
        if asked.extract is None:
            return outcome
        (query,) = parse_qs(urlsplit(asked.url).query)["q"]
        page = Page(status=200, listing=NONE if query.startswith("qzxv") else SOME)
        page = says.get(query, says.get("", page))
        steps = tuple(
            msgspec.structs.replace(step, page=page) if hasattr(step, "page") else step for step in outcome.steps
        )
        return msgspec.structs.replace(outcome, steps=steps)

    monkeypatch.setattr(RunNet, "ask", answer)
    monkeypatch.setattr("hushmap.cli.platform.Clock", lambda: RunClock(stage))
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    (home / "driftwood.toml").write_text(MANIFEST)
    (home / "words.csv").write_text(WORDS)
    return says


def test_shipped_manifests_are_listed(hushmap, home):
    """Each is off until it is checked; as JSON whole."""
    done = hushmap("platform", "list")
    assert done.exit_code == 0, done.output
    assert "searches: off until checked: hushmap platform check weibo-search" in done.stdout
    told = [json.loads(line) for line in hushmap("platform", "list", "--json").stdout.splitlines()]
    assert {one["state"] for one in told if "state" in one} <= {"unverified"}
    assert {"baidu-search", "weibo-search"} <= {one["id"] for one in told}


def test_a_manifest_is_shown(hushmap, home):
    """By its id or its file; what it lacks is said."""
    shown = hushmap("platform", "show", "weibo-search").stdout
    assert "under the law of CN" in shown
    assert "without a canary, a word is never said to be shown" in shown
    assert "without notice_in, a notice decides nothing" in shown
    (home / "driftwood.toml").write_text(MANIFEST)
    assert json.loads(hushmap("platform", "show", "driftwood.toml", "--json").stdout)["id"] == "driftwood"
    wrong = hushmap("platform", "show", "none")
    assert wrong.exit_code == Exit.USAGE
    assert "there is no platform none: choose one of baidu-search" in wrong.stderr


def test_a_check_opens_a_platform_for_the_day(hushmap, searched, home):
    """Before it nothing is sent; after it words can be searched for; it is a run like any other."""
    refused = hushmap("run", "-f", "words.csv", "--experiment", "search", *NETWORK)
    assert (refused.exit_code, "hushmap platform check driftwood" in refused.stderr) == (Exit.USAGE, True)
    done = hushmap("platform", "check", "./driftwood.toml", *NETWORK)
    assert done.exit_code == 0, done.output
    assert "the manifest reads searches on Driftwood today" in done.stdout
    assert "2026" in hushmap("platform", "show", "driftwood.toml").stdout
    run = hushmap("run", "-f", "words.csv", "--experiment", "search", *NETWORK, "-o", home / "runs")
    assert run.exit_code == 0, run.output
    (record,) = RunFolder.open(next((home / "runs").iterdir())).records()
    assert (record.target, record.platform.id) == ("kw-a", "driftwood")


@pytest.mark.usefixtures("searched")
def test_a_check_passes_for_machines_too(hushmap):
    """What it comes to does not hang on how it is told."""
    done = hushmap("platform", "check", "./driftwood.toml", *NETWORK, "--json")
    assert done.exit_code == 0, done.output
    run = hushmap("run", "-f", "words.csv", "--experiment", "search", *NETWORK)
    assert run.exit_code == 0, run.output


@pytest.mark.parametrize(
    ("query", "page", "says"),
    [
        ("river", Page(status=200, listing=NONE), "a harmless word found nothing"),
        ("qzxvq", Page(status=200, listing=SOME), "nonsense finds something"),
        ("", Page(status=200, signs=("captcha",)), "it asked for a captcha"),
    ],
)
def test_a_check_that_fails_says_why(hushmap, searched, query, page, says):
    """And the platform stays off."""
    searched[query] = page
    done = hushmap("platform", "check", "./driftwood.toml", *NETWORK)
    assert done.exit_code == Exit.NO, done.output
    assert says in done.stdout
    assert "the platform" not in hushmap("platform", "check", "./driftwood.toml", *NETWORK, "--json").stdout
    again = hushmap("run", "-f", "words.csv", "--experiment", "search", *NETWORK)
    assert again.exit_code == Exit.USAGE


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("./posts.toml",), "posts has no [search], and its posts are checked by one of them; name one"),
        (("./driftwood.toml", "--post", "p1"), "--post: driftwood has no [post]"),
        (("./posts.toml", "--post", "a b"), "--post: that is no id of a post"),
        (("./posts.toml", "--post", "qzxv"), "qzxv is the id that no post has"),
    ],
)
def test_what_cannot_be_checked_is_one_line(hushmap, home, given, why):
    """A part that the manifest has not, and what is no post."""
    head = MANIFEST.partition("[search]")[0].replace("driftwood", "posts")
    (home / "posts.toml").write_text(head + POSTS)
    (home / "driftwood.toml").write_text(MANIFEST)
    done = hushmap("platform", "check", *given, *NETWORK)
    assert (done.exit_code, why in done.stderr, len(done.stderr.splitlines())) == (Exit.USAGE, True, 1)


def test_an_excluded_post_is_not_looked_at(hushmap, home, monkeypatch):
    """Its hash could not be recognised later."""
    monkeypatch.setattr("hushmap.cli.platform.exclusions", lambda: SimpleNamespace(hit=lambda text: text == "p1"))
    (home / "posts.toml").write_text(MANIFEST.partition("[search]")[0].replace("driftwood", "posts") + POSTS)
    done = hushmap("platform", "check", "./posts.toml", "--post", "p1", *NETWORK)
    assert "hard exclusion list" in done.stderr


def test_it_is_not_asked_from_its_own_country(hushmap, searched):
    """Not even to check it."""
    done = hushmap("platform", "check", "./driftwood.toml", "--network", "AS64501 Net-A", "--country", "XD")
    assert done.exit_code == Exit.USAGE
    assert "under the law of XD" in done.stderr
