"""What was found of a text, a name or a pack, as the page shows it."""

import msgspec

from hushmap.model import Outcome, Trigger
from hushmap.report.page import render
from hushmap.report.triggers import pack_lines, trigger_lines
from hushmap.report.view import key_sentence, tables
from hushmap.report.words import Words
from unit.report.sample import entry, run_view, verdict

EN, ZH = Words("en"), Words("zh")
PLACE = {"layer": "http-path"}
TEXT = "the harvest and the moon " * 20
BOTH = Trigger(
    kind="and", parts=("harvest", "moon"), ordered=True, place="http-path", hits=(5, 6), harmless=(0, 7),
    error_bound=0.000123, first_seen="2026-11-21T22:34:10Z", last_seen="2026-11-21T23:01:59Z",
)  # fmt: skip
NAME = Trigger(
    kind="domain", parts=("a.example",), pattern="suffix", expression=r"^(.*\.)?a\.example$", place="tls-sni"
)


def cut(*triggers, **words):
    """A verdict that names these triggers."""
    judged = verdict(Outcome.BLOCKED, "http.reset.path", subject=(8, 8), baseline=(0, 8))
    return msgspec.structs.replace(judged, triggers=triggers, words=words)


def found():
    """A text, a name, a pack, and a place that was checked."""
    return [
        entry(21, TEXT, cut(BOTH), experiment="isolate", **PLACE),
        entry(22, "www.a.example", cut(NAME), experiment="domain", layer="tls-sni"),
        entry(
            23, "list#1", cut(msgspec.structs.replace(BOTH, kind="word", parts=("w1",)), w1="cut", w2="passed", w3="x"),
            experiment="screen", words=("w1", "w2", "w3"), encoding="gb18030", **PLACE,
        ),
        entry(24, "moon cake", verdict(Outcome.OK, subject=(9, 10)), experiment="calibrate", **PLACE),
    ]  # fmt: skip


def test_a_trigger_is_a_line_with_its_parts_counts_and_times():
    """The bound is rounded to the side that claims less."""
    (line,) = trigger_lines(found()[0].record, cut(BOTH), EN)
    assert line.phrase == "both “harvest” and “moon”, in this order"
    assert (line.cut, line.harmless, line.bound) == ("5 of 6", "0 of 7", "at most 0.00013")
    assert (line.first, line.last, line.expression) == ("2026-11-21 22:34", "2026-11-21 23:01", "")


def test_a_name_shows_its_expression_and_no_counts_that_are_not_there():
    """In every language."""
    (line,) = trigger_lines(found()[1].record, cut(NAME), ZH)
    assert (line.expression, line.cut, line.harmless, line.first, line.bound) == (NAME.expression, "", "", "", "")


def test_a_word_asked_about_alone_is_its_own_trigger():
    """Its entry says all of it."""
    word = entry(1, "moon", cut(BOTH), experiment="keyword", **PLACE)
    assert trigger_lines(word.record, word.verdict, EN) == ()
    assert pack_lines(word.verdict, EN) == ()


def test_the_words_of_a_pack_stand_by_what_is_known_of_them():
    """What a later version says of a word is open here."""
    lines = pack_lines(cut(w1="cut", w2="passed", w3="novel"), EN)
    assert [(line.label, line.n, line.words) for line in lines] == [
        ("Cut off", 1, ("w1",)),
        ("Not cut off", 1, ("w2",)),
        ("Not decided", 1, ("w3",)),
    ]


def test_each_word_of_a_pack_is_counted_and_a_checked_place_is_not():
    """Words by what is known of each; places that were checked stand apart, in no key sentence and no drawing."""
    words, checks = tables(found(), EN)
    assert (words.id, words.counted, checks.id, checks.counted) == ("words", "5 words", "checks", "1 place")
    assert [(count.label, count.n) for count in words.counts] == [
        ("Cut off by a word", 3),
        ("Not decided", 1),
        ("Not cut off", 1),
    ]
    assert [(count.label, count.sign) for count in checks.counts] == [("Checked", "◇")]
    assert [group.counted for group in words.groups] == ["3 words"]
    (sentence,) = key_sentence(run_view(), (words, checks), EN)
    assert "Checked" not in sentence
    assert key_sentence(run_view(), (checks,), EN)[0].startswith("Nothing was measured")
    html = render(run_view(), found())["index.html"].decode()
    assert html.index("Places that were checked") > html.index("harvest")
    assert "Words are counted apart" not in html


def test_the_page_shows_triggers_packs_and_long_texts():
    """A text by its beginning, whole only in what unfolds."""
    html = render(run_view(), found())["index.html"].decode()
    assert "both “harvest” and “moon”, in this order" in html
    assert "2026-11-21 22:34" in html
    assert "<code>^(.*\\.)?a\\.example$</code>" in html
    assert html.count(TEXT.strip()) == 1
    assert '<bdi class="tag">w2</bdi>' in html
    assert "in the path of a request, in GB 18030" in html
