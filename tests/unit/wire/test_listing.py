"""What a page of results lists: HTML, JSON and expressions; notices; who says that he blocks it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Extract, Extraction, Notice
from hushmap.wire.listing import blocked_by, extracted, listing, noticed
from hushmap.wire.signs import Told

LINKS = Extract(kind="css", expression="ol.results > li.result > a", attribute="href")
PAGE = """<!doctype html><title>a < b</title><!-- <ol class="results"><li class="result"><a href="/no">-->
<script>'<ol class="results"><li class="result"><a href="/script">'</script>
<ol class="results big"><li class=result data-source='one'><a href="/post/1">Ol&eacute;
 two</a><br><img src="x">three
<li class="result" data-source="two"><p><a href="/within">no child</a></p><a HREF="/post/2">4 < 5</a></li>
</ol></div><a href="/after">x</a>"""


def told(text, **more):
    """A page of this text."""
    return Told(status=200, text=text, **more)


def css(expression, attribute=None):
    """An extraction by a selector."""
    return Extract(kind="css", expression=expression, attribute=attribute)


def test_results_are_what_a_selector_names():
    """Not what stands in comments and scripts; elements that may be left open are closed by their like."""
    assert extracted(LINKS, PAGE) == ["/post/1", "/post/2"]
    assert extracted(css("ol a", "href"), PAGE) == ["/post/1", "/within", "/post/2"]
    assert extracted(css("li.result", "data-source"), PAGE) == ["one", "two"]
    assert extracted(css("li.result > a"), PAGE) == ["Olé two", "4 < 5"]
    assert extracted(css("li.result", "none"), PAGE) == []
    assert extracted(css("li"), "<ul><li>one<li>two<b> bold</b></ul>out") == ["one", "two bold"]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<a>x", ["x"]),
        ("<a", []),
        ("<a title='>x", []),
        ("<a>x<!-- y", ["x"]),
        ("<a>x<script>y", ["x"]),
        ("<a>x</b></a>y", ["x"]),
        ("<a title=1 title=2>x</a>", ["x"]),
        ("<div>" * 300 + "<a>x</a>", [""]),
        ("<a>" + "<b>y</b>" * 900, ["y" * 500]),
    ],
)
def test_a_damaged_page_is_read_as_far_as_it_goes(page, found):
    """Nothing fails, and nothing grows without bound."""
    assert [one[:500] for one in extracted(css("a"), page)] == found


def test_deep_elements_are_read_and_not_followed():
    """Beyond 200 open elements nothing counts as lying within."""
    assert extracted(css("i a"), "<div>" * 300 + "<i><a>x</a>") == []


def test_json_is_read_by_pointers():
    """A list, and where in each item the text stands; what leads nowhere is no result."""
    page = json.dumps({"a/b": [{"x": {"href": "/1"}}, {"x": {"href": 2}}, {"x": 3}, {"x": {"href": {}}}]})
    pointer = Extract(kind="pointer", expression="/a~1b", attribute="/x/href")
    assert extracted(pointer, page) == ["/1", "2", "null", ""]
    assert extracted(Extract(kind="pointer", expression="/0/1"), "[[1, [5, true]]]") == ["5", "true"]
    for other in ("/9", "/0/x", "/0/0/y"):
        assert extracted(Extract(kind="pointer", expression=other), "[[1]]") == []
    assert extracted(pointer, "no json") == extracted(pointer, "[" * 100_000) == []


def test_an_expression_gives_its_group_or_all_that_it_matches():
    """One that a page could make slow is run on the beginning of it only."""
    assert extracted(Extract(kind="regex", expression="id=([0-9])"), "id=1 id=2") == ["1", "2"]
    assert extracted(Extract(kind="regex", expression="id=[0-9]"), "id=1 id=2") == ["id=1", "id=2"]
    slow = Extract(kind="regex", expression="(a+)b")
    assert extracted(slow, "aab" + " " * 5000 + "ab") == ["aa"]


def test_a_listing_counts_and_hashes():
    """No result and no source is kept as it is; only so many are looked at."""
    wanted = Extraction(items=LINKS, source_of=css("li.result", "data-source"), listed=("two",), top=1)
    found = listing(wanted, told(PAGE), lambda text: f"#{len(text)}")
    assert (found.found, found.sources, found.listed, found.items) == (1, 1, 0, ("#7",))
    assert listing(Extraction(items=LINKS, top=5), told(PAGE), str).sources == 0
    assert listing(Extraction(), told(PAGE), str).found == 0


NOTICES = (Notice(text="not shown under order"), Notice(pattern="结果未.{0,3}显示"), Notice(pattern="(xy+)z"))


BODY = css("body")


def own(text, items=None, place=BODY):
    """The platform's own notice on a page."""
    return noticed(NOTICES, text, items=items, place=place)[0]


def test_a_notice_is_the_sentence_that_a_reader_sees():
    """With the sentence after it, not what a script or an attribute holds; of JSON its texts."""
    assert own("<body><p>Hello. Results are <b>not shown</b> under order 5/2026. See there. More.") == (
        "Results are not shown under order 5/2026. See there."
    )
    assert own("<body>你好。搜索<b>结果</b>未予显示。命令2026-47号。其他。") == "搜索结果未予显示。命令2026-47号。"
    assert own('<body><script>"not shown under order"</script><a title="not shown under order">') is None
    assert own("<title>not shown under order 5</title><body><textarea>not shown under order 5</textarea>") is None
    told = json.dumps({"n": ["It is not shown under order 7"], "m": 1})
    assert own(told, place=Extract(kind="pointer", expression="/n")) == "It is not shown under order 7"
    assert own(told, place=Extract(kind="pointer", expression="/n/0")) == "It is not shown under order 7"
    assert own(told, place=Extract(kind="pointer", expression="/m")) is None
    assert own("<body>xyyz") == "xyyz"
    assert noticed((Notice(),), "<body>x", place=BODY) == (None, False)
    assert noticed((), "<body>not shown under order", place=BODY) == (None, False)
    assert len(own("<body>" + "a " * 500 + "not shown under order" + " b" * 500)) <= 300
    assert own("<body>&#" + "9" * 5000 + ";xyz") is not None


QUOTE = "not shown under order 5"
PANE, ITEM = css("div.pane"), css("li.r", "href")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (f"<div class=pane>{QUOTE}</div>", True),
        (f"<div class=pane>{QUOTE}</div><li class=r>{QUOTE}", True),
        (f"<div class=pane><p>or<ul><li class=r>{QUOTE}</ul></div>", False),
        (f"<li class=r>{QUOTE}<div class=pane>{QUOTE}</div>", False),
        (f"<aside>{QUOTE}</aside><div class=pane></div>", False),
        (f"<h2>You searched for {QUOTE}</h2>", False),
        (f"<div class='pane'>a</div><div class='pane'>{QUOTE}</div>", True),
    ],
)
def test_only_where_the_platforms_own_stand_one_counts(page, found):
    """Whoever is quoted in a result, beside the results or in a result within that place is not the platform."""
    assert noticed(NOTICES, page, items=ITEM, place=PANE) == (QUOTE if found else None, False)


def test_where_their_place_is_not_known_no_notice_counts():
    """That its words stand outside the results is said, and not a word of it is kept."""
    assert noticed(NOTICES, f"<aside>{QUOTE}</aside>", items=ITEM) == (None, True)
    found = listing(Extraction(items=ITEM, notices=NOTICES), told(f"<p>{QUOTE}<li class=r>one"), str)
    assert (found.notice, found.unplaced) == (None, True)
    placed = Extraction(items=ITEM, notices=NOTICES, notice_in=css("p"))
    assert listing(placed, told(f"<p>{QUOTE}</p><li class=r>one"), str).notice == QUOTE


def test_who_says_that_he_blocks_it():
    """RFC 7725 4: a Link whose relation is blocked-by, among others."""
    value = '<https://a.example/>; rel="next", <https://b.example/>; rel="blocked-by"'
    assert blocked_by(told("", headers=(("x", "y"), ("link", value)))) == "https://b.example/"
    assert blocked_by(told("", headers=(("link", "<https://a.example/>; rel=next"),))) is None
    assert blocked_by(told("")) is None


@given(st.text(alphabet="<>/ab\"'=- !c\n", max_size=400))
def test_no_page_fails(text):
    """Whatever comes is read."""
    extracted(css("a b", "c"), text)
    extracted(css("a"), text)
    noticed(NOTICES, text)
    noticed(NOTICES, text, items=css("a b"), place=css("a"))


def unplaced(text, items):
    """Whether a notice stands outside the results."""
    return noticed(NOTICES, text, items=items)[1]


@pytest.mark.parametrize("text", ["&#" + "9" * 5_000 + ";", "&#x" + "f" * 5_000, "<b title='&#" + "9" * 5_000 + "'>"])
def test_a_reference_that_is_no_character_breaks_nothing(text):
    """However many digits it has, in results that are read whole and in those that are cut."""
    page = told(f"<p>removed by law</p><ol><li>{text}</li></ol>")
    found = listing(Extraction(items=css("li"), notices=(Notice(text="removed by law"),)), page, str)
    assert found.found == 1
    assert found.unplaced, "it is read to its end"


def test_a_notice_that_a_result_quotes_is_not_the_platforms():
    """What a person wrote is no notice, however far into a result it stands, and however the results are found."""
    links, quote = css("li.r", "href"), "x" * 900 + " not <b>shown</b>  under order 5. "
    page = f"<ol><li class=r href=/1>{quote}<ol><li class=r>in it</ol></ol>"
    assert noticed(NOTICES, page)[1]
    assert not unplaced(page, links)
    assert unplaced(f"{page}<p>Not this: not shown under order 6.", links)
    assert not unplaced("<li class=r>not<br>shown under order 5", links)
    pointer = Extract(kind="pointer", expression="/r", attribute="/h")
    assert not unplaced(json.dumps({"r": [{"h": "/1", "t": QUOTE}]}), pointer)
    assert unplaced(json.dumps({"n": QUOTE, "r": []}), pointer)
    assert unplaced(json.dumps({"n": QUOTE, "r": "/1"}), pointer)
    row = Extract(kind="regex", expression="<li>(.)[^|]{0,99}")
    assert not unplaced("<li>a not <b>shown</b> under order 5|", row)
    assert unplaced(f"{QUOTE}<li>a|", row)
    assert unplaced(json.dumps({"n": f"<li>{QUOTE}"}), row)
    slow = Extract(kind="regex", expression="(no+)t shown")
    assert not unplaced(QUOTE, slow)
    assert unplaced(" " * 5000 + QUOTE, slow)
