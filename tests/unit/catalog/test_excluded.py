"""The hard exclusion: found in every form, read from hashes alone, made by the script."""

import subprocess
import sys

import make_exclusions
import pytest

from house import ROOT
from hushmap.catalog import excluded
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.excluded import Exclusions, exclusions, forms, read_exclusions, squeeze

SCRIPT = ROOT / "scripts" / "make_exclusions.py"
SALT = "00112233445566778899aabbccddeeff"


@pytest.mark.parametrize(
    "text",
    [
        "forbidden phrase",
        "A FORBIDDEN PHRASE.",
        "https://a.example/forbidden-phrase/x",
        "https://a.example/?q=forbidden+phrase",
        "https://a.example/?q=forbidden%20phrase",
        "https://a.example/?q=forbidden%2520phrase",
        "forb\u200bid\u00adden\u2060phrase",
        "forbidden phrase".translate({char: char + 0xFEE0 for char in range(0x61, 0x7B)}),
        "ﬀorbidden forbidden_phrase",
        "xx forbiddenphrasexx",
        "forbidden\nphrase",
    ],
)
def test_a_term_is_found_in_every_form(probes, text):
    """Case, width, separators, invisible characters and repeated percent-encoding hide nothing."""
    probes.exclude("Forbidden Phrase")
    assert exclusions().hit(text)


@pytest.mark.parametrize(
    "text",
    [
        "测试词甲",
        "https://a.example/%E6%B5%8B%E8%AF%95%E8%AF%8D%E7%94%B2",
        "https://a.example/" + "".join(f"%{byte:02X}" for byte in "测试词甲".encode("gb18030")),
        "测试词甲".encode("punycode").decode().join(["http://xn--", ".example/"]),
        "http://XN--" + "测试词甲".encode("punycode").decode().upper() + ".example/",
    ],
)
def test_a_chinese_term_is_found_in_every_encoding(probes, text):
    """As it is, percent-encoded in UTF-8 and GB18030, and as an A-label."""
    probes.exclude("测试词甲")
    assert exclusions().hit(text)


@pytest.mark.parametrize(
    "text", ["", "forbidden", "phrase forbidden", "http://xn--99999999999.example/", "%zz%", "\ud800"]
)
def test_other_texts_pass(probes, text):
    """Parts of a term, broken encodings and lone surrogates are no hit and no error."""
    probes.exclude("forbidden phrase")
    assert not exclusions().hit(text)


def test_an_email_address_is_personal_data(probes):
    """An e-mail address is a hit in any encoding, whatever the list holds."""
    assert not exclusions().tables
    for text in ("me@example.org", "https://a.example/?m=me%40mail.example.org"):
        assert exclusions().hit(text)
    assert not exclusions().hit("https://a.example/@me")


def test_texts_are_squeezed_to_letters_and_digits():
    """Marks of letters stay, everything between words goes."""
    assert squeeze("A-b_c d\u200d1.") == "abcd1"
    assert squeeze("हिन्दी") == "हिन्दी"


def test_forms_end():
    """Decoding stops where nothing changes, and after three times at the latest."""
    assert set(forms("plain")) == {"plain"}
    assert max(len(form) for form in forms("%25" * 100)) == 300


def test_the_shipped_list_is_read_once():
    """The same value is given again; it holds hashes, and passes the starter decks (their tests read them)."""
    assert exclusions() is exclusions()
    assert exclusions().tables
    assert not exclusions().hit("https://www.example.org/")


GOOD = f'salt = "{SALT}"\nmade = "2026-11-21"\n[[terms]]\nlength = 4\nhashes = ["{"ab" * 16}"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace(SALT, "xyz"), "1:1: the salt is not 32 hexadecimal digits; make the file again"),
        (GOOD.replace("made", "mode"), "2:1: unknown key 'mode'"),
        (GOOD.replace('made = "2026-11-21"\n', ""), "1:1: no made"),
        (GOOD.replace("length = 4", "length = true"), "4:1: the length is not a number from 2 to 64"),
        (GOOD.replace("length = 4", "length = 1"), "4:1: the length is not a number"),
        (GOOD.replace("length = 4", 'length = "4"'), "4:1: the length is not a number"),
        (GOOD.replace("ab" * 16, "ab"), "5:1: a hash is not 32 hexadecimal digits"),
        (GOOD.replace("length", "longth"), "4:1: unknown key 'longth'"),
    ],
)
def test_a_damaged_file_is_refused(probes, text, message):
    """A file of hashes that was edited is an error with its place, never half a list."""
    path = probes.write("x.toml", text)
    with pytest.raises(CatalogError) as caught:
        read_exclusions([path])
    assert str(caught.value).startswith(f"{path}:{message}")
    assert read_exclusions([probes.write("y.toml", GOOD)]) != Exclusions()


def test_the_script_makes_what_is_read(probes):
    """Terms in, hashes out, no term readable; the file read back finds each of them."""
    terms = make_exclusions.terms_of("# a comment\nForbidden Phrase  # why\n\n测试词甲\nforbidden-phrase\n")
    text = make_exclusions.exclusions_toml(terms, SALT, "2026-11-21")
    assert "forbidden" not in text
    assert text.isascii()
    barred = read_exclusions([probes.write("x.toml", text)])
    assert barred.hit("a forbidden phrase")
    assert barred.hit("测试词甲")
    assert not barred.hit("a harmless phrase")


@pytest.mark.parametrize("text", ["short", "甲乙", "x" * 65, "# nothing\n"])
def test_the_script_refuses_terms_that_would_hit_by_accident(text):
    """Too short and too long terms are named by line and length, never by their text."""
    with pytest.raises(ValueError, match="line 1: ") as caught:
        make_exclusions.terms_of(text)
    assert text.strip() not in str(caught.value)


def test_the_script_runs(probes, monkeypatch, capsys):
    """From the command line it writes the file to stdout, and says faults on stderr with exit code 2."""
    terms = probes.write("terms.txt", "forbidden phrase\n")
    done = subprocess.run(
        [sys.executable, SCRIPT, terms, "--salt", SALT, "--made", "2026-11-21"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout == make_exclusions.exclusions_toml({"forbiddenphrase"}, SALT, "2026-11-21")
    monkeypatch.setattr(sys, "argv", ["make", str(probes.path / "gone"), "--salt", SALT, "--made", "x"])
    assert make_exclusions.main() == 2
    assert "gone" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["make", str(terms), "--salt", "1", "--made", "x"])
    with pytest.raises(SystemExit):
        make_exclusions.main()


def test_a_hash_depends_on_its_salt():
    """The same term has another hash in another file."""
    assert excluded.digest(b"1" * 16, "x") != excluded.digest(b"2" * 16, "x")


def test_what_is_remembered_of_texts_is_bounded_and_changes_nothing(probes, monkeypatch):
    """A term is found however often what stands around it was seen, and whatever was forgotten."""
    probes.exclude("Forbidden Phrase")
    for most in (0, 1 << 16):
        monkeypatch.setattr(excluded, "_KEPT", most)
        shipped = exclusions()
        for _ in range(2):
            assert not shipped.hit("plain words before a phrase")
            assert shipped.hit("plain words before a forbidden phrase")
        assert sum(map(len, shipped.clean.values())) < 200
