"""Manifests of platforms: read whole, or refused in one line with its place; lists of words for them."""

import pytest

from hushmap.catalog import manifests, platforms
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.lists import read_list
from hushmap.catalog.manifests import platform_path, read_platform
from hushmap.model import Extract, Notice, Platform, PostPage, Search, Sign

HEAD = """id = "p"
name = "P"
operator = "Somebody"
jurisdiction = ["XD", "XE"]
state = "unverified"
source = "own knowledge, unchecked"
as_of = 2026-01-01
"""
SEARCH = """[search]
url = "https://p.example/s?q={query}"
encoding = "gbk"
items = { kind = "css", expression = "ol > li", attribute = "id" }
source_of = { kind = "pointer", expression = "/x", attribute = "/y" }
listed = ["desk"]
top = 5
nonsense = ["qz"]
truisms = ["{query} | -{query}"]
controls = ["river"]
canaries = ["kw-known"]
"""
POST = """[post]
url = "https://p.example/post/{id}"
nonsense = "qzxv"
visible = [{ kind = "regex", value = "<article" }]
removed = [{ kind = "status", value = "410" }, { kind = "header", value = "X-Gone: yes" }]
"""
SIGNS = """[[notices]]
text = "not shown"
first_seen = "2026-01-01"
last_seen = 2026-02-01
source = "a document"
[[notices]]
pattern = "order [0-9]"
source = "a document"
[[captcha]]
kind = "text"
value = "robot"
[[login]]
kind = "url"
value = "/login"
"""
WHOLE = HEAD + SEARCH + POST + SIGNS


@pytest.fixture
def shelf(probes, monkeypatch):
    """A folder of probes with platforms."""
    monkeypatch.setattr(manifests, "probes_dir", lambda: probes.path)
    return probes


def refused(shelf, text, name="p"):
    """The error of a manifest of this text, without the file's path."""
    path = shelf.write(f"platforms/{name}.toml", text)
    with pytest.raises(CatalogError) as caught:
        read_platform(path)
    return str(caught.value).removeprefix(f"{path}:")


def test_a_manifest_is_read_whole(shelf):
    """How it is searched, how a post is read, notices with their dates, and walls."""
    path = shelf.write("platforms/p.toml", WHOLE)
    assert read_platform(path) == Platform(
        id="p",
        name="P",
        operator="Somebody",
        jurisdiction=("XD", "XE"),
        state="unverified",
        source="own knowledge, unchecked",
        as_of="2026-01-01",
        search=Search(
            url="https://p.example/s?q={query}",
            encoding="gbk",
            items=Extract(kind="css", expression="ol > li", attribute="id"),
            source_of=Extract(kind="pointer", expression="/x", attribute="/y"),
            listed=("desk",),
            top=5,
            nonsense=("qz",),
            truisms=("{query} | -{query}",),
            controls=("river",),
            canaries=("kw-known",),
        ),
        post=PostPage(
            url="https://p.example/post/{id}",
            nonsense="qzxv",
            visible=(Sign(kind="regex", value="<article"),),
            removed=(Sign(kind="status", value="410"), Sign(kind="header", value="X-Gone: yes")),
        ),
        notices=(
            Notice(text="not shown", first_seen="2026-01-01", last_seen="2026-02-01", source="a document"),
            Notice(pattern="order [0-9]", source="a document"),
        ),
        captcha=(Sign(kind="text", value="robot"),),
        login=(Sign(kind="url", value="/login"),),
    )
    assert platforms() == (read_platform(path),)


def test_either_of_search_and_post_will_do(shelf):
    """And a lab's name ends with .test."""
    assert read_platform(shelf.write("platforms/p.toml", HEAD + POST)).search is None
    lab = (HEAD + SEARCH).replace('"unverified"', '"lab"').replace("p.example", "p.test")
    found = read_platform(shelf.write("platforms/p.toml", lab))
    assert (found.post, found.state) == (None, "lab")
    bare = HEAD + SEARCH.replace('listed = ["desk"]\n', "").replace("source_of", "# ")
    assert read_platform(shelf.write("platforms/p.toml", bare)).search.source_of is None


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ('id = "p"', 'id = "q"', "1:1", "not the file's name"),
        ('"unverified"', '"live"', "5:1", "unknown state 'live'"),
        ('"XD"', '"xd"', "4:1", "is no country"),
        ('encoding = "gbk"', 'encoding = "none"', "10:1", "unknown encoding"),
        ('encoding = "gbk"', 'encoding = "base64"', "10:1", "unknown encoding"),
        ('encoding = "gbk"', 'encoding = "undefined"', "10:1", "unknown encoding"),
        ('encoding = "gbk"', 'encoding = "idna"', "10:1", "unknown encoding"),
        ('nonsense = ["qz"]', 'nonsense = ["\u0e01"]', "15:1", "cannot be written in gbk"),
        ('controls = ["river"]', 'controls = ["\u0e01"]', "17:1", "cannot be written in gbk"),
        ('canaries = ["kw-known"]', 'canaries = ["\u0e01"]', "18:1", "cannot be written in gbk"),
        ("{query} | -{query}", "{query} \u0e01", "16:1", "cannot be written in gbk"),
        ("top = 5", "top = 0x" + "f" * 4_000, "14:1", "is a number of more than 64 bits"),
        ("top = 5", "top = 0", "14:1", "no number of results"),
        ("top = 5", "top = true", "14:1", "no number of results"),
        ("top = 5", 'top = "5"', "14:1", "no number of results"),
        ("{query} | -{query}", "a", "16:1", "a truism without the word"),
        ("source_of = {", "other = {", "", "unknown key"),
        ('source_of = { kind = "pointer", expression = "/x", attribute = "/y" }\n', "", "12:1", "whose a result is"),
        ('nonsense = ["qz"]', 'nonsense = ["q z"]', "15:1", "no single word"),
        ('nonsense = ["qz"]\n', "", "8:1", "no single word"),
        ('controls = ["river"]\n', "", "8:1", "no harmless word"),
        ('items = { kind = "css", expression = "ol > li", attribute = "id" }\n', "", "8:1", "what a result is"),
        ('items = { kind = "css", expression = "ol > li", attribute = "id" }', "items = 1", "11:1", "is no table"),
        ('kind = "css"', 'kind = "xpath"', "11:1", "unknown kind 'xpath'"),
        ('"ol > li"', '"ol > "', "11:1", "ends with what is selected"),
        ('expression = "/x"', 'expression = "x"', "12:1", "begins with /"),
        ('attribute = "/y"', 'attribute = "y"', "12:1", "begins with /"),
        ("s?q={query}", "s", "9:1", "no https address"),
        ("https://p.example/s", "http://p.example/s", "9:1", "no https address"),
        ("https://p.example/s", "https://localhost/s", "9:1", "not a name of the public internet"),
        ("https://p.example/s?q={query}", "https://{query}.p.example/", "9:1", "part of the host's name"),
        ("https://p.example/s", "https://p.test/s", "9:1", "does not go with the state"),
        ('visible = [{ kind = "regex", value = "<article" }]\n', "", "19:1", "nothing says that a post is there"),
        ('visible = [{ kind = "regex", value = "<article" }]', "visible = 1", "22:1", "is no list of signs"),
        ('nonsense = "qzxv"', 'nonsense = "q/../z"', "21:1", "no id of a post"),
        ('nonsense = "qzxv"\n', "", "19:1", "nonsense"),
        ('kind = "regex", value = "<article"', 'kind = "regex", value = "(?=a)"', "", "not taken"),
        ('value = "410"', 'value = "gone"', "", "no status of HTTP"),
        ('value = "X-Gone: yes"', 'value = "X-Gone"', "", "NAME: TEXT"),
        ('kind = "url"', 'kind = "body"', "", "unknown kind 'body'"),
        ('text = "not shown"', 'pattern = "(?=a)"', "", "not taken"),
        ('text = "not shown"', 'text = "a"\npattern = "b"', "", "2 of text and pattern"),
        ("last_seen = 2026-02-01", "last_seen = 2025-02-01", "", "before it was first seen"),
        ("last_seen = 2026-02-01", 'last_seen = "2026"', "", "is not a date"),
        ("as_of = 2026-01-01", 'as_of = "20260101"', "7:1", "is not a date"),
    ],
)
def test_a_fault_is_one_line(shelf, before, after, where, what):
    """It names the place and the remedy."""
    assert before in WHOLE
    told = refused(shelf, WHOLE.replace(before, after, 1))
    assert what in told
    assert told.startswith(where)
    assert "\n" not in told


BY_FORM = WHOLE.replace(
    's?q={query}"', 'find"\nmethod = "POST"\nform = { q = "{query}", part = "posts" }\nform_source = "its help page"'
)


def test_a_search_may_be_a_form_that_is_sent(shelf):
    """Its fields in order, and where it is seen that it searches."""
    search = read_platform(shelf.write("platforms/p.toml", BY_FORM)).search
    assert (search.url, search.method) == ("https://p.example/find", "POST")
    assert (search.form, search.form_source) == ((("q", "{query}"), ("part", "posts")), "its help page")


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ('"POST"', '"PUT"', "10:1", "unknown method 'PUT'"),
        ('method = "POST"\n', "", "10:1", "a method that sends none"),
        ('form = { q = "{query}", part = "posts" }\n', "", "10:1", "nothing says what the form sends"),
        ('{ q = "{query}", part = "posts" }', "{}", "9:1", "no https address with {query} in it"),
        ('{ q = "{query}", part = "posts" }', "1", "11:1", "no table of texts"),
        ('part = "posts"', "part = 1", "11:1", "no table of texts"),
        ('part = "posts"', '"" = "a"', "11:1", "no table of texts"),
        ('part = "posts"', 'part = "{query}"', "11:1", "{query} does not stand in it once"),
        ('"{query}", part', '"a", part', "11:1", "{query} does not stand in it once"),
        ('part = "posts"', 'part = "\u0e01"', "11:1", "cannot be written in gbk"),
        ('form_source = "its help page"\n', "", "8:1", "no form_source"),
        ("p.example/find", "p.example/find?q={query}", "9:1", "no https address without {query}"),
        ("p.example/find", "p.example/comments/add", "9:1", "logs in, holds a session, or writes"),
        ('part = "posts"', 'csrf_token = "a"', "11:1", "'csrf_token' is no part of a search"),
        ('part = "posts"', 'Passwd = "a"', "11:1", "'Passwd' is no part of a search"),
        ('part = "posts"', 'action = "reply"', "11:1", "'reply' is no part of a search"),
        ("q =", "message =", "11:1", "'message' is no part of a search"),
    ],
)
def test_nothing_but_a_search_form_is_sent(shelf, before, after, where, what):
    """A form that logs in, holds a session or writes is refused, and one of which nobody says where it is seen."""
    assert before in BY_FORM
    told = refused(shelf, BY_FORM.replace(before, after, 1))
    assert what in told
    assert told.startswith(where)


def test_a_form_sends_nothing_that_is_excluded(shelf):
    """Neither as a field nor in one; a host that is called as an odd field is none."""
    shelf.exclude("posts")
    assert "hard exclusion list" in refused(shelf, BY_FORM)
    host = BY_FORM.replace("https://p.example/find", "https://token.example/find").replace("posts", "all")
    assert read_platform(shelf.write("platforms/p.toml", host)).search.form == (("q", "{query}"), ("part", "all"))


def test_a_manifest_needs_something_to_ask(shelf):
    """And holds nothing that is excluded."""
    assert "nothing to be searched or watched" in refused(shelf, HEAD)
    shelf.exclude("kw-known")
    assert "hard exclusion list" in refused(shelf, WHOLE)


ITEMS = 'items = { kind = "css", expression = "ol > li", attribute = "id" }'


@pytest.mark.parametrize(
    ("items", "place", "what"),
    [
        (ITEMS, 'kind = "regex", expression = "a"', "is no place on a page"),
        (ITEMS, 'kind = "css", expression = "p", attribute = "id"', "no attribute"),
        (ITEMS, 'kind = "pointer", expression = "/n"', "a page is of one kind"),
        ('items = { kind = "pointer", expression = "/a/r" }', 'kind = "pointer", expression = "/a"', "around them"),
        ('items = { kind = "pointer", expression = "/a" }', 'kind = "pointer", expression = "/a/n"', "in results"),
    ],
)
def test_notices_stand_beside_results(shelf, items, place, what):
    """In a place of the same page that is not the results'."""
    told = refused(shelf, WHOLE.replace(ITEMS, f"{items}\nnotice_in = {{ {place} }}"))
    assert what in told


@pytest.mark.parametrize(
    ("items", "place"),
    [
        (ITEMS, Extract(kind="css", expression="p.n")),
        ('items = { kind = "pointer", expression = "/n2" }', Extract(kind="pointer", expression="/n")),
        ('items = { kind = "regex", expression = "a" }', Extract(kind="pointer", expression="/n")),
    ],
)
def test_where_notices_stand_is_read(shelf, items, place):
    """By a selector or a pointer."""
    text = f'{items}\nnotice_in = {{ kind = "{place.kind}", expression = "{place.expression}" }}'
    found = read_platform(shelf.write("platforms/p.toml", WHOLE.replace(ITEMS, text)))
    assert found.search.notice_in == found.extract.notice_in == place


def words(shelf, rows, name="lists/words.csv"):
    """The targets of a list of words."""
    return read_list(shelf.write(name, f"word,platform,category_code\n{rows}"), "search").targets


def test_a_list_names_platforms(shelf):
    """Shipped ones, and those beside the list, which come first; one word may be asked of two."""
    shelf.write("platforms/p.toml", WHOLE)
    assert platform_path("p", shelf.path / "elsewhere") == shelf.path / "platforms/p.toml"
    shelf.write("lists/q.toml", WHOLE.replace('id = "p"', 'id = "q"'))
    found = words(shelf, "kw-a,p,MISC\nkw-a,q,PORN\n")
    assert [(one.text, one.platform.id, one.risky) for one in found] == [("kw-a", "p", False), ("kw-a", "q", True)]
    assert len({one.key for one in found}) == 2


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("kw-a,none,MISC", "nothing to search at 'none'"),
        ("kw-a,../p,MISC", "nothing to search"),
        ("kw-a,posts,MISC", "nothing to search at 'posts'"),
        ("\U0001f600,p,MISC", "cannot be written in gbk"),
        ("qz,p,MISC", "what others are compared with"),
        ("qzqz,p,MISC", "what others are compared with"),
        ("kw-known,p,MISC", "what others are compared with"),
        ("kw -alpha,p,MISC", "takes for an order"),
        ("site:kw-alpha,p,MISC", "takes for an order"),
        ("++,p,MISC", "takes for an order"),
        ("kw-a,p,MISC\nkw-a,p,NEWS", "the same as"),
        ("kw-x,p,MISC", "hard exclusion list"),
    ],
)
def test_a_row_that_cannot_be_asked_is_refused(shelf, row, what):
    """In one line, the whole list."""
    shelf.write("platforms/p.toml", WHOLE)
    shelf.write("platforms/posts.toml", (HEAD + POST).replace('id = "p"', 'id = "posts"'))
    shelf.exclude("kw-x")
    with pytest.raises(CatalogError, match=what):
        words(shelf, f"{row}\n")


@pytest.mark.parametrize(
    ("word", "held"),
    [
        ("it was not shown", "a notice"),
        ("not  shown", "a notice"),
        ("order 66", "a notice"),
        ("an order  7", "a notice"),
        ("no results", "a sign of no results"),
        ("noresults", "a sign of no results"),
        ("nothing of 5", "a sign of no results"),
    ],
)
def test_a_word_that_holds_what_its_pages_are_known_by_is_refused(shelf, word, held):
    """A page that repeats what was searched for would seem to say it itself, and one of nonsense would not."""
    signs = (
        'nothing = [{ kind = "text", value = "no results" }, { kind = "regex", value = "nothing of [0-9]" },'
        ' { kind = "status", value = "404" }]\n'
    )
    shelf.write("platforms/p.toml", WHOLE.replace("[post]", f"{signs}[post]"))
    with pytest.raises(CatalogError, match=rf"words.csv:2:1: .* holds {held} of p: .*; leave it out"):
        words(shelf, f"{word},p,MISC\n")
    assert words(shelf, "shown order,p,MISC\nresults 404,p,MISC\n")


def test_the_shipped_manifests_are_unverified():
    """None of them has been seen to read its live page by us."""
    found = platforms()
    assert len(found) >= 2
    assert {one.state for one in found} == {"unverified"}
    assert all(one.search is not None and one.jurisdiction and one.source for one in found)
