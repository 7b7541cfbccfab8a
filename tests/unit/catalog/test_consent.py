"""The texts that are read before anything is sent."""

import pytest

from hushmap.catalog.consent import consent_languages, consent_text, consent_versions
from hushmap.catalog.errors import CatalogError

TEXT = (
    'version = 2\nlanguage = "en"\ndate = "2026-11-21"\nheading = "H"\nbullets = ["a {count} {things}"]\n'
    'risky = "r"\nquestion = "q"\nrefused = "n"\nsites = "sites"\nwords = "words"\nboth = "both"\n'
)


def test_the_shipped_text_says_what_is_seen_and_what_is_not_promised():
    """The current text exists in both languages, has three bullets, and its places are filled in."""
    newest = consent_versions()[-1]
    assert consent_languages(newest) == ("en", "zh")
    for language in ("en", "zh"):
        text = consent_text(newest, language)
        assert (text.version, text.language, len(text.bullets)) == (newest, language, 3)
        assert text.date in text.heading
        filled = text.bullets[0].format(count=50, things=text.sites)
        assert "50" in filled
        assert "{" not in filled + text.question.format(count=50, things=text.both) + text.risky.format(risky="LGBT")
    assert "cannot promise that it is safe" in consent_text(newest).bullets[1]


def test_versions_and_languages_are_told_by_file_names(probes):
    """Other files in the folder are no texts."""
    assert consent_versions() == ()
    probes.write("consent/2.en.toml", TEXT)
    probes.write("consent/10.en.toml", TEXT)
    probes.write("consent/notes.txt", "")
    assert consent_versions() == (2, 10)
    assert consent_languages(2) == ("en",)
    assert consent_text(2).bullets == ("a {count} {things}",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.replace("version = 2", "version = 3"), "1:1: the version is not the file's"),
        (TEXT.replace('"en"', '"zh"'), "2:1: the language is not the file's"),
        (TEXT.replace('risky = "r"\n', ""), "1:1: no risky"),
        (TEXT + "more = 1\n", "12:1: unknown key 'more'"),
        (TEXT.replace('"H"', "7"), "4:1: heading is not one line of text"),
    ],
)
def test_a_fault_is_located(probes, text, message):
    """A text that is not whole is refused: nobody agrees to half of it."""
    path = probes.write("consent/2.en.toml", text)
    with pytest.raises(CatalogError) as caught:
        consent_text(2)
    assert str(caught.value).startswith(f"{path}:{message}")


def test_a_text_that_is_not_there_is_said(probes):
    """What there is, is named."""
    probes.write("consent/2.en.toml", TEXT)
    with pytest.raises(CatalogError, match=r"consent/2\.fr\.toml: there is no such text; there are 2\.en"):
        consent_text(2, "fr")
