"""Lists of posts: what each row says, and what stands beside a post."""

import pytest

from hushmap.catalog import manifests
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.exporting import exported
from hushmap.catalog.lists import read_list
from hushmap.catalog.questions import deck_texts, open_deck

HEAD = "platform,post,account,author,twin,category_code\n"
TWINS = "driftwood,t1,carol,,yes,GRP\ndriftwood,t2,alice,,yes,GRP\ndriftwood,t3,,body,yes,\n"
MANIFEST = """
id = "{id}"
name = "{name}"
operator = "nobody"
jurisdiction = ["XD"]
state = "lab"
source = "own knowledge, unchecked"
as_of = "2026-11-22"
[{what}]
"""
POST = 'url = "https://{id}.test/post/{{id}}"\nnonsense = "qzx"\nvisible = [{{ kind = "text", value = "article" }}]\n'
SEARCH = (
    'url = "https://{id}.test/search?q={{query}}"\nnonsense = ["qzx"]\n'
    'items = {{ kind = "css", expression = "li.result", attribute = "id" }}\ncontrols = ["weather"]\n'
)


@pytest.fixture
def shelf(probes, monkeypatch):
    """A folder of probes with two platforms of posts, and one that can only be searched."""
    monkeypatch.setattr(manifests, "probes_dir", lambda: probes.path)
    for name, what, text in (("driftwood", "post", POST), ("saltmarsh", "post", POST), ("reedbed", "search", SEARCH)):
        head = MANIFEST.format(id=name, name=name.title(), what=what)
        probes.write(f"platforms/{name}.toml", head + text.format(id=name))
    return probes


def read(shelf, text):
    """The targets of a list."""
    return read_list(shelf.write("lists/posts.csv", text), "watch").targets


def refused(shelf, text):
    """The error of a list, without its path."""
    path = shelf.write("lists/posts.csv", text)
    with pytest.raises(CatalogError) as caught:
        read_list(path, "watch")
    return str(caught.value).removeprefix(f"{path}:")


def test_a_post_has_its_platform_and_twins_beside_it(shelf):
    """Of its own account first, where there is one, and of another; twins are no targets."""
    one, two = read(shelf, HEAD + "driftwood,p1,alice,,,GRP\ndriftwood,p2,,body,no,\n" + TWINS)
    assert (one.text, one.category, one.line) == ("p1", "GRP", "posts.csv:2")
    assert (one.post.platform.name, one.post.account, one.post.public_body) == ("Driftwood", "alice", False)
    assert one.post.twins == ("t2", "t3")
    assert (two.post.public_body, two.post.account, two.post.twins) == (True, "", ("t3",))


def test_beside_a_public_body_s_post_stands_no_person_s(shelf):
    """It is published with it, so that a list without another twin is refused."""
    head = "platform,post,author,twin\ndriftwood,p1,body,\ndriftwood,t1,,yes\n"
    assert "add a row with twin = yes, and author = body" in refused(shelf, head)
    (one,) = read(shelf, f"{head}driftwood,t2,body,yes\n")
    assert one.post.twins == ("t2",)


def test_one_twin_is_enough(shelf):
    """It stands beside every post of its platform."""
    (one,) = read(shelf, "platform,post,twin\ndriftwood,p1,\ndriftwood,t1,yes\n")
    assert one.post.twins == ("t1",)


def test_posts_of_two_platforms_may_have_one_id(shelf):
    """They are two posts."""
    more = "saltmarsh,p1,,,,GRP\nsaltmarsh,t1,,,yes,GRP\n"
    one, two = read(shelf, HEAD + "driftwood,p1,,,,GRP\n" + TWINS + more)
    assert one.key != two.key
    assert two.post.platform.id == "saltmarsh"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("heathland,p1,,,,", "there is no platform 'heathland'"),
        ("reedbed,p1,,,,", "the manifest of reedbed does not say how a post is read"),
        ("saltmarsh,p1,,,,", "nothing shows that Saltmarsh itself is there"),
        ("driftwood,p 1,,,,", "'p 1' is no id of a post"),
        ("driftwood,a/../b,,,,", "'a/../b' is no id of a post"),
        ("driftwood,p1,,somebody,,", "'somebody' is not taken"),
        ("driftwood,p1,,,perhaps,", "'perhaps' is neither yes nor no"),
        ("driftwood,badterm,,,,", "hard exclusion list"),
        ("driftwood,p1,badterm,,,", "hard exclusion list"),
        ("driftwood,p1,,,,ZZZ", "unknown category"),
    ],
)
def test_a_fault_is_pointed_at(shelf, row, what):
    """Line, column, and what to do."""
    shelf.exclude("badterm")
    error = refused(shelf, HEAD + row + "\n" + TWINS)
    assert error.startswith("2:")
    assert what in error


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("driftwood,t9,,body,yes,\ndriftwood,t9,alice,,,\ndriftwood,p1,,body,,\n", "3:11: the same as posts.csv:2"),
        ("driftwood,p1,alice,,,\ndriftwood,p1,alice,,yes,\n", "3:11: the same as posts.csv:2"),
        ("driftwood,t9,,body,yes,\ndriftwood,t9,,,yes,\n", "3:11: the same as posts.csv:2"),
    ],
)
def test_a_post_has_one_row(shelf, rows, where):
    """Watched as a person's and beside a public body's it would be published; as its own twin it would vouch for itself."""
    error = refused(shelf, HEAD + rows + TWINS)
    assert error.startswith(where)
    assert "a post is watched or stands beside others" in error


def test_the_same_post_twice_is_a_fault(shelf):
    """As in any list."""
    assert "the same as" in refused(shelf, HEAD + "driftwood,p1,,,,\ndriftwood,p1,,,,\n" + TWINS)


def test_a_list_of_posts_is_not_passed_on_in_a_deck(shelf):
    """Beside a deck it is taken; in an exported one it would travel."""
    shelf.write("lists/posts.csv", HEAD + "driftwood,p1,,,,GRP\n" + TWINS)
    deck = (
        'name = "my-posts"\ntitle = "Mine"\nbaselines = ["www.example.com", "www.iana.org"]\n'
        '[[part]]\nexperiment = "watch"\nlist = "posts.csv"\n'
    )
    path = shelf.write("decks/my-posts.toml", deck)
    assert [target.text for target in open_deck(str(path)).targets] == ["p1"]
    with pytest.raises(CatalogError, match="not passed on in a deck"):
        deck_texts(str(path))
    foreign = shelf.path / "my-posts.deck"
    foreign.write_bytes(exported("my-posts", deck, {"posts.csv": HEAD}))
    with pytest.raises(CatalogError, match="not passed on in a deck"):
        open_deck(str(foreign))
