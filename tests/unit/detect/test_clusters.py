"""Tests of hushmap.detect.clusters."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.catalog import fingerprints
from hushmap.codec import sketched
from hushmap.detect import clusters as module
from hushmap.detect.clusters import PROPOSED, SHOWN, SITES, Clusters
from hushmap.detect.notices import familiar, notice
from hushmap.model import Page
from strategies import structs

HOSTS = ("news.example", "www.paper.example", "radio.example.org")
SENTENCE = "Access to this address was closed by order of the ministry of communication"
NOTICE = """<html><head><title>{title}</title><style>p {{ margin: 0; padding: 0; border: 0; color: #000000 }}</style>
<script>var asked = "{host}"; var this_is_long_enough_to_be_a_line = true;</script></head><body>
<p>You asked for {host} from your line 4711.
<p>{sentence}
<p>Short line</body>"""


def page(host, title="Notice", sentence=SENTENCE, **more):
    """What came in place of `host`."""
    body = NOTICE.format(host=host, title=title, sentence=sentence)
    return sketched(Page(status=200, title=title, body=body, body_length=len(body), **more))


def sorted_in(pages, country="XA", asn=64500, clusters=None):
    """Clusters of these (host, page) pairs."""
    clusters = clusters or Clusters()
    for number, (host, one) in enumerate(pages):
        clusters.add(host, country, asn, one, f"r-{number}")
    return clusters


def proposed(pages, **more):
    """The only proposal that they come to, or `None`."""
    found = sorted_in(pages, **more).proposals()
    assert len(found) <= 1
    return next(iter(found), None)


def test_a_page_that_came_for_unrelated_sites_is_proposed_by_its_title():
    """With hosts, countries, networks and some records; two sites are not enough, and neither is one owner of many."""
    found = proposed([(host, page(host)) for host in (*HOSTS, HOSTS[0])])
    assert (found.count, found.sites, found.hosts) == (4, 3, tuple(sorted(HOSTS)))
    assert (found.countries, found.networks, found.records) == (("XA",), (64500,), ("r-0", "r-1", "r-2", "r-3"))
    assert found.row | {"name": ""} == {
        "name": "",
        "scope": "vbw",
        "location_found": "title",
        "pattern_type": "full",
        "pattern": "Notice",
        "expected_countries": "XA",
        "source": "proposed by hushmap judge, unconfirmed",
        "notes": "4 pages of 3 sites in XA, AS64500",
    }
    assert proposed([(host, page(host)) for host in HOSTS[:2]]) is None
    assert proposed([(host, page(host)) for host in ("a.news.example", "b.news.example", "news.test")]) is None


def test_a_title_that_a_helper_saw_is_no_notices():
    """Then the longest line of text that all have is proposed, without what differs, scripts and styles."""
    clusters = Clusters()
    clusters.elsewhere(Page(status=200, title="Notice"))
    clusters.elsewhere(Page(status=200))
    row = proposed([(host, page(host)) for host in HOSTS], clusters=clusters).row
    assert (row["location_found"], row["pattern_type"], row["pattern"]) == ("body", "contains", SENTENCE)


@pytest.mark.parametrize("title", ["{}", "=1+1", "no"])
def test_a_title_that_differs_or_could_do_harm_is_not_proposed(title):
    """It holds the host, is a spreadsheet's formula, or is too short."""
    row = proposed([(host, page(host, title.format(host))) for host in HOSTS]).row
    assert (row["location_found"], row["pattern"]) == ("body", SENTENCE)


def test_a_redirect_to_one_place_is_proposed_by_that_place():
    """Whatever else its address tells; a redirect within the site is none."""
    pages = [(host, Page(status=302, location=f"http://User@Notice.example:81/?u={host}")) for host in HOSTS[1:]]
    pages.append(("c.test", Page(status=307, location="http://notice.example:81/")))
    row = proposed(pages).row
    assert (row["location_found"], row["pattern_type"]) == ("header.location", "contains")
    assert row["pattern"] == "//notice.example:81"
    assert proposed([(host, Page(status=302, location=f"https://m.{host}/")) for host in HOSTS]) is None
    assert proposed([(host, Page(status=302, location="http://[broken/")) for host in HOSTS]) is None


FRAME = '<iframe src="http://192.0.2.34?type=Invalid%20Site"></iframe>'


@pytest.mark.parametrize(("body", "pattern"), [(FRAME, FRAME), ("<i></i>", None), (None, None), ("<b>" * 900, None)])
def test_a_page_without_words_is_proposed_whole(body, pattern):
    """If it is the very same each time, neither too short nor too long."""
    same = sketched(Page(status=200, body=body, body_length=len(body or "xx"), body_sha256="aa"))
    found = proposed([(host, same) for host in HOSTS])
    assert (found.row["pattern"] if found else None) == pattern


def test_pages_without_a_body_are_alike_by_their_sketch():
    """A risky category's: there is nothing to propose but a title."""
    bare = Page(status=200, sketch=tuple(range(16)))
    assert proposed([(host, bare) for host in HOSTS]) is None
    titled = Page(status=200, sketch=tuple(range(16)), title="Notice")
    assert proposed([(host, titled) for host in HOSTS], country=None, asn=None).row["notes"] == "3 pages of 3 sites"


def test_an_empty_page_is_in_no_group():
    """There are too many reasons for one."""
    assert proposed([(host, Page(status=200, body_sha256="e3")) for host in HOSTS]) is None
    assert proposed([(host, Page(status=200)) for host in HOSTS]) is None


def test_other_pages_make_other_groups():
    """Those of most sites come first."""
    others = "entirely different words that another gateway says to whoever comes along its way today"
    more = [("a.test", page("a.test", "Other", others)), ("b.test", page("b.test", "Other", others))]
    more += [(f"{name}.test", page(f"{name}.test", "Other", others)) for name in ("c", "d")]
    found = sorted_in([(host, page(host)) for host in HOSTS] + more).proposals()
    assert [one.row["pattern"] for one in found] == ["Other", "Notice"]


def test_what_is_kept_of_a_group_is_bounded():
    """Hosts, countries, networks and records of a page that comes for everybody."""
    clusters = Clusters()
    for number in range(3 * SHOWN):
        host = f"site{number}.example"
        clusters.add(host, chr(65 + number % 26) * 2, number, page(host), f"r-{number}")
    (found,) = clusters.proposals()
    assert found.count == 3 * SHOWN
    assert found.sites == len(found.hosts) == len(found.countries) == len(found.networks) == SHOWN
    assert len(found.records) == 5


def test_the_number_of_groups_is_bounded(monkeypatch):
    """Those of one site go first, the oldest before others; what goes leaves no trace."""
    monkeypatch.setattr(module, "MOST_GROUPS", 3)
    clusters = sorted_in([(host, page(host)) for host in HOSTS])
    for number in range(50):
        text = " ".join(f"word{number}x{place}" for place in range(40))
        clusters.add("lonely.example", None, None, page("lonely.example", str(number), text), "r")
    assert len(clusters._groups) == 3
    assert len(clusters._by_key) <= 3 * 16
    assert [one.row["pattern"] for one in clusters.proposals()] == ["Notice"]


def test_where_every_group_is_of_many_the_oldest_goes(monkeypatch):
    """A bound is a bound."""
    monkeypatch.setattr(module, "MOST_GROUPS", 1)
    clusters = sorted_in([(host, page(host)) for host in HOSTS])
    other = Page(status=200, sketch=tuple(range(16)))
    sorted_in([(HOSTS[0], other)], clusters=clusters)
    assert clusters.proposals() == ()


def test_titles_from_elsewhere_are_bounded(monkeypatch):
    """The first ones are remembered."""
    monkeypatch.setattr(module, "_TITLES", 1)
    clusters = Clusters()
    for title in ("First", "Notice"):
        clusters.elsewhere(Page(status=200, title=title))
    assert proposed([(host, page(host)) for host in HOSTS], clusters=clusters).row["pattern"] == "Notice"


def test_a_confirmed_proposal_recognises_its_page(tmp_path):
    """As it is written it accuses nobody, but what it knows is proposed no more; with a scope it accuses."""
    found = proposed([(host, page(host)) for host in HOSTS])
    for scope, accuses in (("vbw", False), ("isp", True)):
        out = io.StringIO()
        writer = csv.DictWriter(out, PROPOSED)
        writer.writeheader()
        writer.writerow(found.row | {"scope": scope})
        path = tmp_path / f"{scope}.csv"
        path.write_text(out.getvalue(), "utf-8")
        known = fingerprints([path])
        assert familiar(page(HOSTS[0]), known)
        assert (notice(page(HOSTS[0]), known) is not None) is accuses


@given(st.lists(st.tuples(st.text(max_size=20), structs(Page)), max_size=8))
def test_any_pages_end_in_proposals(pages):
    """Whatever they hold; each is of so many sites, and its row has every column."""
    for one in sorted_in(pages * SITES).proposals():
        assert one.sites >= SITES
        assert tuple(one.row) == PROPOSED
        assert one.row["pattern"]
