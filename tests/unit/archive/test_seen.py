"""Each record once."""

import random

from hushmap.archive import seen as module
from hushmap.archive.seen import Seen


def test_a_record_is_new_once():
    """Whether an archive held it or it just came; days are looked up when they come up, once."""
    asked = []

    def known(day):
        asked.append(day)
        return ["a"] if day == "1" else []

    seen = Seen(known)
    assert not seen.knows("1")
    assert seen.take(["a", "b", "b"], ["1", "1", "1"]) == [False, True, False]
    assert seen.take(["a", "b"], ["2", "1"]) == [True, False]
    assert (asked, seen.knows("1")) == (["1", "2"], True)
    assert seen.held(["a", "b", "c"], "1") == [True, True, False]
    assert seen.held(["a"], "3") == [False]


def test_what_is_forgotten_is_new_again():
    """Of what an archive held as of what came."""
    seen = Seen(lambda _: ["a", "c"])
    seen.take(["b"], ["1"])
    seen.forget("1", ["a", "b"])
    assert seen.take(["a", "b", "c"], ["1"] * 3) == [True, True, False]


def test_many_are_held_in_order(monkeypatch):
    """What is put in order is found as before."""
    monkeypatch.setattr(module, "_RECENT", 10)
    rng = random.Random(1)
    names = [f"r{rng.randrange(200)}" for _ in range(1000)]
    seen, plain = Seen(lambda _: []), set()
    for name in names:
        assert seen.take([name], ["1"]) == [name not in plain]
        plain.add(name)
