"""What `hushmap platform` says of manifests."""

from hushmap.catalog import read_platform
from hushmap.cli.platform_text import AMISS, check_lines, list_lines, show_lines
from hushmap.lab.platform.network import network
from hushmap.model import Platform, PostPage, Sign
from hushmap.runs import PlatformCheck, PlatformChecks

DRIFTWOOD = read_platform(f"{network.__code__.co_filename.rpartition('/')[0]}/driftwood.toml")


def test_a_lab_platform_needs_no_check(tmp_path):
    """It may be asked any day."""
    (line,) = list_lines((DRIFTWOOD,), PlatformChecks(tmp_path / "none.jsonl"), "2026-01-01")
    assert "Driftwood (XD) · search and posts · lab, 2026-01-01 · may be asked today" in line


def test_everything_is_shown():
    """Results, sources, words of every kind, posts, notices."""
    shown = "\n".join(show_lines(DRIFTWOOD, None))
    for part in (
        "checked   never",
        "css ol.results > li.result > a @href",
        "listed: driftwood-news",
        "notices   in css div.notice",
        "kw-empty-canary",
        "/post/{id}",
        "not shown under order",
    ):
        assert part in shown
    assert "without a" not in shown


def test_a_platform_of_posts_alone():
    """It has nothing to search; a check tells when, and what was amiss."""
    page = PostPage(url="https://p.example/{id}", visible=(Sign(kind="text", value="a"),))
    one = Platform(id="p", name="P", operator="O", jurisdiction=("XD",), source="s", as_of="2026-01-01", post=page)
    last = PlatformCheck(platform="p", sha256="a", when="2026-01-02T00:00:00Z", amiss=("captcha",))
    assert "  checked   2026-01-02T00:00:00Z: captcha" in list(show_lines(one, last))


def test_what_came_of_a_check():
    """Passed, or each thing that was amiss in words."""
    (line,) = check_lines(DRIFTWOOD, ())
    assert line.endswith("it may be asked until midnight, UTC")
    assert len(list(check_lines(DRIFTWOOD, tuple(AMISS)))) == 1 + len(AMISS)
