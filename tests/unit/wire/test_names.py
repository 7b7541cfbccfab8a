"""Host names as they go on the wire."""

import pytest

from hushmap.wire.names import ascii_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("news-one.example", "news-one.example"),
        ("News-One.Example.", "News-One.Example"),
        ("_dmarc.a.example", "_dmarc.a.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("Bücher。example", "xn--bcher-kva.example"),
        ("例子.测试", "xn--fsqu00a.xn--0zwm56d"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        (".".join(["a" * 49] * 5) + ".aaa", ".".join(["a" * 49] * 5) + ".aaa"),
    ],
)
def test_a_name_in_its_wire_form(text, name):
    """ASCII keeps its case, a final dot goes, other scripts become A-labels."""
    assert ascii_name(text) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "label of 0"),
        (".", "label of 0"),
        ("a..example", "label of 0"),
        (".example", "label of 0"),
        ("a" * 64, "label of 64"),
        ("a b.example", "has ' ' in a label"),
        ("a/b", "has '/' in a label"),
        ("a\n", "which no host name may have"),
        (".".join(["a" * 49] * 5) + ".aaaa", "longer than 253"),
        ("a" * 2000, "longer than a name may be"),
        ("ü" * 60, "no label of a name"),
        ("\u200d\u200d.example", "no label|no name|label of 0"),
        ("ü\ud800.example", "no name|no label"),
        ("ü\u0378.example", "no name|no label"),
    ],
)
def test_what_is_no_name_is_refused_in_one_line(text, said):
    """A ValueError says why, in one printable line."""
    with pytest.raises(ValueError, match=said) as caught:
        ascii_name(text)
    assert str(caught.value).isprintable()
