"""Which platforms may be asked from where, and when."""

import msgspec
import pytest

from hushmap.cli.admitting import admit, parts_of
from hushmap.cli.fault import Exit, Fault
from hushmap.model import Extract, Platform, Post, Search, Section, Target
from hushmap.runs import PlatformChecks

DAY = "2026-11-23"
SEARCH = Search(url="https://p.example/?q={query}", items=Extract(kind="css", expression="a"))
LIVE = Platform(id="p", name="P", jurisdiction=("XD", "XE"), search=SEARCH)
LAB = Platform(id="lab", name="Lab", jurisdiction=("XD",), state="lab", search=SEARCH)
WORD = Target(experiment="search", text="kw-a", platform=LIVE)
POST = Target(experiment="watch", text="post", post=Post(platform=LIVE))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Checks are kept in a folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_platforms_are_those_of_words_and_posts():
    """Each once with each part of its manifest; a site has none."""
    site = Target(experiment="web", text="https://a.example/")
    assert parts_of((WORD, POST, WORD, site)) == ((LIVE, Section.SEARCH), (LIVE, Section.POST))
    admit((site,), None, DAY, own_vantage=False)


@pytest.mark.parametrize("target", [WORD, POST])
def test_a_platform_is_not_asked_from_its_own_country(target):
    """Nor where nobody knows the country; the lab's own platform is none."""
    with pytest.raises(Fault, match="P is under the law of XE, and so are you"):
        admit((target,), "XE", DAY, own_vantage=False)
    with pytest.raises(Fault, match="say --country CC"):
        admit((target,), None, DAY, own_vantage=False)
    admit((Target(experiment="search", text="kw-a", platform=LAB),), "XD", DAY, own_vantage=False)


def test_two_manifests_of_one_name_are_two():
    """Lists may lie in folders of their own: what holds for one manifest is not said of the other."""
    live = msgspec.structs.replace(LIVE, id="lab")
    words = tuple(Target(experiment="search", text="kw-a", platform=one) for one in (live, LAB))
    for targets in (words, words[::-1]):
        with pytest.raises(Fault, match="P is under the law of XE, and so are you"):
            admit(targets, "XE", DAY, own_vantage=False)
    assert parts_of(words) == ((live, Section.SEARCH), (LAB, Section.SEARCH))


def test_a_deck_and_the_person_can_mean_it_all_the_same():
    """Both: the deck says so, and the person types which."""
    for part in Section:
        PlatformChecks().add(LIVE, part, f"{DAY}T00:00:00Z")
    asked = []
    admit((WORD, POST), "XD", DAY, own_vantage=True, ask=lambda prompt: asked.append(prompt) or " p ")
    assert len(asked) == 1
    for ask in (None, lambda prompt: ""):
        with pytest.raises(Fault) as caught:
            admit((WORD,), "XD", DAY, own_vantage=True, ask=ask)
        assert caught.value.exit_code is Exit.CONSENT


def test_an_unverified_manifest_needs_a_check_of_the_day():
    """But for the check itself."""
    with pytest.raises(Fault, match="hushmap platform check p"):
        admit((WORD,), "XX", DAY, own_vantage=False)
    admit((WORD,), "XX", DAY, own_vantage=False, checking=True)
    PlatformChecks().add(LIVE, Section.SEARCH, f"{DAY}T00:00:00Z")
    admit((WORD,), "XX", DAY, own_vantage=False)
    with pytest.raises(Fault, match="reads posts on P: hushmap platform check p --post POST"):
        admit((WORD, POST), "XX", DAY, own_vantage=False)
    PlatformChecks().add(LIVE, Section.POST, f"{DAY}T00:00:00Z")
    admit((WORD, POST), "XX", DAY, own_vantage=False)
    with pytest.raises(Fault, match="nobody has seen today"):
        admit((WORD,), "XX", "2026-11-24", own_vantage=False)
