"""The pages' own words: the same keys in every language, and one for every failure, side and category."""

import re
from enum import StrEnum
from importlib.resources import files

import pytest

from hushmap import model
from hushmap.detect.groups import LABEL_GROUPS
from hushmap.model import CATEGORIES, Evidence, Failure, Role, Side
from hushmap.report.page import render
from hushmap.report.site.book import About
from hushmap.report.site.building import build
from hushmap.report.site.making import Making
from hushmap.report.words import Words, languages, texts
from unit.report.sample import entries, run_view
from unit.report.site import books
from unit.report.site.added import making
from unit.report.site.happened import incidents
from unit.report.site.test_trigger import found
from unit.report.test_page import Reader

EN, ZH = texts("en"), texts("zh")

FORBIDDEN = re.compile(
    r"censor|\bsince\b|\bproof\b|\bproved?n?\b|\bblocks\b|certain|政府|当局|审查|证明|证实|以来", re.IGNORECASE
)


def test_chinese_has_the_keys_of_english():
    """Chinese needs no singular, and names the categories that English takes from the model."""
    english = {key for key in EN if not key.endswith(".one")} | {f"category.{code}" for code in CATEGORIES}
    assert set(ZH) == english


def test_languages_use_the_same_fields():
    """No language fills in what another leaves out."""
    for key in set(EN) & set(ZH):
        assert set(re.findall(r"\{(\w+)\}", EN[key])) == set(re.findall(r"\{(\w+)\}", ZH[key])), key


def test_vocabulary_is_covered():
    """Every failure, side, role, kind of evidence and label has words."""
    wanted = [f"failure.{failure}" for failure in Failure]
    wanted += [f"side.{side}.{role}" for side in Side for role in Role]
    wanted += [f"evidence.{evidence}" for evidence in Evidence]
    wanted += [f"decide.{name}" for name in LABEL_GROUPS]
    assert [key for key in wanted if key not in EN] == []


@pytest.mark.parametrize("lang", languages())
def test_nothing_is_claimed_that_we_cannot_know(lang):
    """The furniture keeps to the same words as the sentences; the names of categories are not ours."""
    for key, text in texts(lang).items():
        if not key.startswith("category."):
            assert not FORBIDDEN.search(text), key


def test_counts_take_their_form():
    """One site, two sites; Chinese has one form."""
    assert Words("en").count("n.sites", 1) == "1 site"
    assert Words("en").count("n.sites", 1200) == "1,200 sites"
    assert Words("zh_CN").count("n.sites", 1) == "1 个网站"


def test_durations():
    """Milliseconds below one second, never less than none."""
    words = Words("en")
    assert [words.lasting(t) for t in (-1.0, 0.0004, 0.0414, 8.0)] == [
        "0\u00a0ms",
        "0\u00a0ms",
        "41\u00a0ms",
        "8.0\u00a0s",
    ]


def test_category_in_words():
    """A code that the model does not know is shown as it is; no category is no word."""
    assert Words("en").category("HUMR") == "human rights"
    assert Words("zh").category("HUMR") == "人权"
    assert Words("en").category("XYZ") == "XYZ"
    assert Words("en").category(None) == ""


def test_fields_are_not_templates():
    """A foreign field that looks like a template is inserted as it is."""
    assert Words("en")("answer.cert", issuer="{n}") == "certificate by {n}"


@pytest.mark.parametrize("lang", languages())
def test_every_text_is_filled_by_its_fields(lang):
    """No brace is left over, and no text is empty."""
    for key, text in texts(lang).items():
        filled = text.format_map(dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x"))
        assert filled.strip(), key
        assert not set("{}") & set(filled), key


def test_a_singular_has_its_plural():
    """A form for one never stands alone."""
    assert {key.replace(".one", ".other") for key in EN if key.endswith(".one")} <= set(EN)


def test_chinese_punctuation_is_chinese():
    """No half-width comma, colon or bracket beside a Chinese character."""
    for key, text in ZH.items():
        assert not re.search(r"[\u4e00-\u9fff][,:;()]|[,:;()][\u4e00-\u9fff]", text), key


def test_languages_have_the_same_parts():
    """Whoever translates finds the text of a page under the same name in every language."""
    folder = files("hushmap.report").joinpath("texts")
    parts = {lang: {part.name for part in folder.joinpath(lang).iterdir()} for lang in languages()}
    assert set(map(frozenset, parts.values())) == {frozenset(parts["en"])}


def test_a_text_stands_in_one_part(tmp_path, monkeypatch):
    """Two parts that say the same key are refused, whoever is right."""
    for part in ("a.toml", "b.toml"):
        (tmp_path / "xx").mkdir(exist_ok=True)
        (tmp_path / "xx" / part).write_text('"key" = "text"\n')
    monkeypatch.setattr("hushmap.report.words._TEXTS", tmp_path)
    with pytest.raises(ValueError, match="key stands in another part"):
        texts("xx")


def test_the_kind_of_a_line_is_told_in_the_reader_s_language():
    """What a person made up stands as it is."""
    assert [Words(lang).line("home") for lang in ("en", "zh")] == ["home", "家庭"]
    assert Words("zh").line("boat") == "boat"


CODES = frozenset(
    member.value
    for kind in (getattr(model, name) for name in model.__all__)
    if isinstance(kind, type) and issubclass(kind, StrEnum)
    for member in kind
)
"""What records and verdicts are written with."""


class Plain(Reader):
    """A reader that knows in which element a text stands."""

    def handle_data(self, data):
        """Keep what is no code by its own mark."""
        if not {"code", "pre", "style", "kbd"} & {*self.open}:
            self.texts.append(data.strip())


def test_a_chinese_page_has_no_code_for_a_text():
    """Outcomes, reasons, places and sides are told in words on every kind of page, unless they are marked as code."""
    book = books.book(about=About(title="测量", lang="zh"), incidents=incidents(), triggers=(found(),))
    pages = dict(render(run_view(lang="zh"), entries("zh")))
    pages |= dict(build(Making(book=book, words=Words("zh")))) | dict(build(making("zh")))
    html = {path: page.decode() for path, page in pages.items() if path.endswith(".html")}
    assert {path.partition("/")[0] for path in html} >= {"index.html", "targets", "networks", "incidents", "triggers"}
    for path, page in html.items():
        reader = Plain()
        reader.feed(page)
        assert [text for text in reader.texts if text in CODES] == [], path
