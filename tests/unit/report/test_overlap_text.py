"""What searches found on two lines, in lines of either language."""

from hushmap.analysis import overlaps
from hushmap.report import Words, overlap_lines

HERE, THERE = ("abcd", "abce", "abcf"), ("abxy", "abxz", "abxw")


def told(words=1, lang="en", editions=1):
    """The lines about so many words with these results, of which one run lacks the last."""
    here, there = ([{f"kw-{n}": frozenset(items) for n in range(words)} for items in side] for side in (HERE, THERE))
    here[0]["kw-more"] = frozenset("a")
    return list(overlap_lines("driftwood", overlaps(here, there, 1), editions, Words(lang)))


def test_each_word_and_one_chance_over_all():
    """With what is never there, and the limits last."""
    lines = told()
    assert lines[0] == "driftwood: 1 word, 3 runs here and 3 elsewhere"
    assert "left out: 1 word" in lines[1]
    assert lines[4].endswith(
        "kw-0   (1 of the 3 always found elsewhere never here; 1 of the 3 always found here never elsewhere)"
    )
    assert "p = 0.1" in lines[-2]
    assert "nor by whom" in lines[-1]


def test_many_words_are_cut_and_editions_told():
    """Forty are told line by line."""
    lines = told(words=43, editions=2)
    assert "made with 2 editions of its manifest" in lines[2]
    assert "and 3 words more: --json has them all" in lines[-4]


def test_both_languages_say_the_same():
    """Line by line."""
    english, chinese = told(words=43, editions=2), told(words=43, lang="zh", editions=2)
    assert len(english) == len(chinese)
    assert "另有3 个词语" in chinese[-4]
