"""What `hushmap platform` says of manifests."""

import msgspec

from hushmap.catalog import read_platform
from hushmap.cli.platform_text import AMISS, check_lines, list_lines, show_lines
from hushmap.lab.platform.network import network
from hushmap.model import Platform, PostPage, Section, Sign
from hushmap.runs import PlatformChecks

DRIFTWOOD = read_platform(f"{network.__code__.co_filename.rpartition('/')[0]}/driftwood.toml")


def test_a_lab_platform_needs_no_check(tmp_path):
    """It may be asked any day."""
    (line,) = list_lines((DRIFTWOOD,), PlatformChecks(tmp_path / "none.jsonl"), "2026-01-01")
    assert "Driftwood (XD) · lab, 2026-01-01 · searches: on today · posts: on today" in line


def test_everything_is_shown(tmp_path):
    """Results, sources, words of every kind, posts, notices."""
    shown = "\n".join(show_lines(DRIFTWOOD, PlatformChecks(tmp_path / "none.jsonl")))
    for part in (
        "checked   searches: never",
        "checked   posts: never",
        "css ol.results > li.result > a @href",
        "listed: driftwood-news",
        "notices   in css div.notice",
        "kw-empty-canary",
        "/post/{id}",
        "not shown under order",
    ):
        assert part in shown
    assert "without a" not in shown


def test_a_form_is_shown_with_its_source(tmp_path):
    """What is sent where, and who says that it is a search."""
    search = msgspec.structs.replace(
        DRIFTWOOD.search, url="https://p.example/find", method="POST", form=(("q", "{query}"), ("part", "all")),
        form_source="its help page",
    )  # fmt: skip
    shown = list(
        show_lines(msgspec.structs.replace(DRIFTWOOD, search=search), PlatformChecks(tmp_path / "none.jsonl"))
    )
    assert "  search    POST https://p.example/find" in shown
    assert "  form      q = {query} · part = all · source: its help page" in shown


def test_a_platform_of_posts_alone(tmp_path):
    """It has nothing to search; a check tells when, and what was amiss; how to check it is said."""
    page = PostPage(url="https://p.example/{id}", visible=(Sign(kind="text", value="a"),))
    one = Platform(id="p", name="P", operator="O", jurisdiction=("XD",), source="s", as_of="2026-01-01", post=page)
    checks = PlatformChecks(tmp_path / "checks.jsonl")
    checks.add(one, Section.POST, "2026-01-02T00:00:00Z", ("captcha",))
    assert "  checked   posts: 2026-01-02T00:00:00Z: captcha" in list(show_lines(one, checks))
    (line,) = list_lines((one,), checks, "2026-01-02")
    assert line.endswith("posts: off until checked: hushmap platform check p --post POST")


def test_what_came_of_a_check():
    """Passed, or each thing that was amiss in words."""
    (line,) = check_lines(DRIFTWOOD, Section.SEARCH, ())
    assert line.endswith("reads searches on Driftwood today; it may be searched until midnight, UTC")
    posts, untried = check_lines(DRIFTWOOD, Section.POST, ())
    assert "reads posts on Driftwood today" in posts
    assert "not tried: the signs by which a post is known to be gone" in untried
    assert len(list(check_lines(DRIFTWOOD, Section.SEARCH, tuple(AMISS)))) == 1 + len(AMISS)
