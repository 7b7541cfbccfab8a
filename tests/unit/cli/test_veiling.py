"""Posts as they may be written down: hashes that nobody else can make, and the same ones every time."""

import re

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.veiling import veiled
from hushmap.model import Platform, Post, Target
from hushmap.runs import data_dir

PLATFORM = Platform(id="driftwood", name="Driftwood")
SITE = Target(experiment="web", text="https://news.example/")


def post(text, account="alice", platform=PLATFORM):
    """A post of an account, with a twin."""
    told = Post(platform=platform, account=account, public_body=account == "", twins=("t1",))
    return Target(experiment="watch", text=text, post=told, category="GRP", line="posts.csv:2")


@pytest.mark.usefixtures("home")
def test_ids_and_accounts_become_hashes():
    """What each stands for is given beside; the rest of a target stays."""
    (site, one, two), known = veiled([SITE, post("p1"), post("p2")])
    assert site is SITE
    assert re.fullmatch(r"post-[0-9a-f]{32}", one.text)
    assert one.text != two.text
    assert one.post.account == two.post.account != ""
    assert known == {one.text: "p1", two.text: "p2", one.post.twins[0]: "t1"}
    assert (one.line, one.category) == ("posts.csv:2", "GRP")
    assert not re.search(r"alice|\bp1\b|\bt1\b", repr(one))


@pytest.mark.usefixtures("home")
def test_a_post_is_called_the_same_every_time_and_by_nobody_else():
    """The key is made once, for its person alone; another platform's post of the same id is another one."""
    first, _ = veiled([post("p1")])
    assert veiled([post("p1")])[0] == first
    other = Platform(id="saltmarsh", name="Saltmarsh")
    assert veiled([post("p1", platform=other)])[0][0].text != first[0].text
    path = data_dir() / "posts.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 70
    path.unlink()
    assert veiled([post("p1")])[0] != first


@pytest.mark.usefixtures("home")
def test_a_post_without_an_account_has_none():
    """And stays without one."""
    ((one,), _) = veiled([post("p1", account="")])
    assert one.post.account == ""
    assert one.post.public_body


@pytest.mark.usefixtures("home")
def test_without_posts_no_key_is_made():
    """Nothing to hide."""
    assert veiled([SITE]) == ((SITE,), {})
    assert not (data_dir() / "posts.key").exists()


@pytest.mark.usefixtures("home")
def test_a_key_that_cannot_be_had_is_an_error_of_one_line():
    """A folder in its place; a file in the place of its folder."""
    path = data_dir() / "posts.key"
    path.mkdir(parents=True)
    with pytest.raises(Fault, match=r"posts\.key: "):
        veiled([post("p1")])
    path.rmdir()
    path.parent.rmdir()
    path.parent.write_text("")
    with pytest.raises(Fault, match=r"posts\.key: "):
        veiled([post("p1")])
