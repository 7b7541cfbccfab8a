"""From words to packs: who shares one, and what comes before."""

import msgspec

from hushmap.catalog.packing import PACK, packed, packs_of
from hushmap.model import Encoding, Place, Target

SITE = Target(experiment="web", text="https://a.example/", category="NEWS")


def words(number, experiment="screen", **more):
    """Words of one kind, in one place unless it is said."""
    told = {"place": Place.HTTP_PATH, "line": "w.csv:2", **more}
    return [Target(experiment=experiment, text=f"kw-{told.get('category')}-{at}", **told) for at in range(number)]


def canary(experiment="screen", **more):
    """What shows what a hit is worth."""
    return Target(experiment=experiment, text="kw-canary", canary=True, **{"place": Place.HTTP_PATH, **more})


def test_words_of_a_place_with_a_canary_share_packs():
    """All are asked about, each once, in packs of one category; the canary calibrates; a site is as it was."""
    targets = [SITE, canary(), *words(45, category="NEWS"), *words(3, category="LGBT", risky=True)]
    found = packed(targets, 7)
    assert found[0] == SITE
    assert (found[1].experiment, found[1].text) == ("calibrate", "kw-canary")
    packs = found[2:]
    assert [(one.experiment, one.category, one.risky, len(one.words)) for one in packs] == [
        ("screen", "NEWS", False, PACK),
        ("screen", "NEWS", False, PACK),
        ("screen", "NEWS", False, 5),
        ("screen", "LGBT", True, 3),
    ]
    asked = [word for pack in packs for word in pack.words]
    assert sorted(asked) == sorted(target.text for target in targets[2:])
    assert len({pack.key for pack in packs}) == 4
    assert {pack.line for pack in packs} == {"w.csv"}


def test_pack_mates_change_with_the_seed():
    """The same seed makes the same packs; another makes others."""
    targets = [canary(), *words(60)]
    assert packed(targets, 1) == packed(targets, 1)
    assert packed(targets, 1) != packed(targets, 2)


def test_words_of_a_place_without_a_canary_stay_alone():
    """Of another place or encoding too; what was never to be screened stays what it was."""
    other = [*words(1, place=Place.TLS_SNI), *words(1, encoding=Encoding.UPPER), *words(1, experiment="keyword")]
    found = packed([canary(), *other, *words(2)], 7)
    assert [one.experiment for one in found] == ["calibrate", "keyword", "keyword", "keyword", "screen"]
    assert [one.experiment for one in packed(words(2), 7)] == ["keyword", "keyword"]
    named = [canary(experiment) for experiment in ("isolate", "calibrate", "keyword")]
    assert [one.experiment for one in packed(named, 7)] == ["calibrate", "calibrate", "keyword"]


def test_packs_are_left_as_they_are():
    """A long list comes in packs already; one that names no file has words of its own."""
    like = msgspec.structs.replace(words(1)[0], line="")
    made = packs_of([f"kw-{at}" for at in range(21)], like, 7, "0")
    assert [one.text for one in made] == ["words#0-1", "words#0-2"]
    assert packed([canary(), *made], 7)[1:] == made
