"""A word as each place of a message holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults import value_or_fault
from hushmap.model import Encoding, Place
from hushmap.wire.carrying import capacity, carry, encodings, padded, splits, stand_in, unfit

WAYS = [(place, way) for place in Place for way in encodings(place)]
NAMES = [place for place in Place if place.is_name]
TEXTS = st.text(st.sampled_from("abcXYZ09 ./-_敏感詞乾淨жбטקطقسßéक्षे한ガe\u0301🕯\uff0c\n"), min_size=1, max_size=20)
ANY = st.text(max_size=40)


def fits(text, place, way):
    """Whether a place can hold a text."""
    try:
        carry(text, place, way)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("place", "way", "sent"),
    [
        (Place.HTTP_PATH, None, b"%E6%95%8F/%20a"),
        (Place.HTTP_PATH, Encoding.PERCENT_GB18030, b"%C3%F4/%20a"),
        (Place.HTTP_QUERY, None, b"%E6%95%8F%2F%20a"),
        (Place.HTTP_COOKIE, Encoding.UPPER, b"%E6%95%8F%2F%20A"),
        (Place.HTTP_HEADER, Encoding.GB18030, b"\xc3\xf4/ a"),
        (Place.HTTP_BODY, None, "敏/ a".encode()),
        (Place.TCP_ANSWER, Encoding.PERCENT, b"%E6%95%8F%2F%20a"),
    ],
)
def test_each_writing_gives_its_bytes(place, way, sent):
    """Raw, escaped, in capitals; a path keeps its slashes."""
    assert carry("敏/ a", place, way) == sent


@pytest.mark.parametrize("place", NAMES)
def test_names_go_as_a_labels(place):
    """In lower case, or in capitals where that is asked."""
    assert carry("Bücher", place) == b"xn--bcher-kva"
    assert carry("KW.Example", place) == b"kw.example"
    assert carry("bücher", place, Encoding.UPPER) == b"XN--BCHER-KVA"


@pytest.mark.parametrize(
    ("text", "place", "way", "said"),
    [
        ("", Place.HTTP_PATH, None, "nothing to put"),
        ("a\0b", Place.HTTP_BODY, None, "control character"),
        ("a\nb", Place.HTTP_HEADER, Encoding.UTF_8, "control character"),
        ("a\nb", Place.TLS_SNI, None, "control character"),
        ("a b", Place.HTTP_PATH, Encoding.UTF_8, "cannot hold the space"),
        ("a b", Place.DNS_NAME, None, "no host name"),
        ("\ud83d", Place.HTTP_BODY, None, "half a character"),
        ("\ud83d", Place.HTTP_PATH, Encoding.PERCENT_GB18030, "half a character"),
        ("a" * 64, Place.DNS_NAME, None, "label of 64"),
        ("敏" * 900, Place.HTTP_PATH, None, "holds 7168 bytes"),
        ("a", Place.HTTP_PATH, Encoding.PUNYCODE, "cannot be written in punycode"),
        ("a", Place.TLS_SNI, Encoding.UTF_8, "it can in punycode, upper"),
    ],
)
def test_what_a_place_cannot_hold_is_said_in_one_line(text, place, way, said):
    """Control characters, spaces in a request line, half characters, length, a writing of another place."""
    with pytest.raises(ValueError, match=said) as caught:
        carry(text, place, way)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("place", "way"), WAYS)
@given(text=ANY)
def test_any_text_is_carried_or_refused(place, way, text):
    """Bytes within the place's bound, none of which ends a line where one line is all there is; or one line."""
    sent = value_or_fault(carry, text, place, way)
    if isinstance(sent, ValueError):
        return
    assert 0 < len(sent) <= capacity(place)
    if place is not Place.HTTP_BODY and not place.value.startswith("tcp") and place is not Place.HTTP_RESPONSE:
        assert not set(b"\r\n\0") & set(sent)


@given(TEXTS, TEXTS, st.sampled_from(WAYS))
def test_all_but_names_are_written_character_by_character(one, other, where):
    """The bytes of two texts are those of both together, so a cut never breaks a character."""
    if not where[0].is_name and fits(one, *where) and fits(other, *where):
        assert carry(one, *where) + carry(other, *where) == carry(one + other, *where)


@given(TEXTS, st.sampled_from(WAYS))
def test_both_halves_of_a_split_can_be_carried(text, where):
    """Cuts lie inside, in order, and never before a mark."""
    if fits(text, *where):
        found = splits(text, *where)
        assert list(found) == sorted(set(found))
        for at in found:
            assert 0 < at < len(text)
            assert fits(text[:at], *where)
            assert fits(text[at:], *where)


def test_a_mark_stays_with_its_letter():
    """Also what a joiner joins; a label is not cut where half of it is no label."""
    assert splits("ae\u0301b", Place.HTTP_BODY) == (1, 3)
    assert splits("a\u200db", Place.HTTP_PATH) == ()
    assert splits("ab.c", Place.DNS_NAME) == (1, 3)


@given(TEXTS, st.sampled_from(WAYS), st.sampled_from(["harmless", "", "aa", "天气", "ab"]))
def test_harmless_text_is_as_long_on_the_wire_and_another(text, where, harmless):
    """In every writing, whatever the harmless word is; or there is nothing to exchange."""
    if not fits(text, *where):
        return
    other = value_or_fault(stand_in, text, harmless, *where)
    if isinstance(other, ValueError):
        assert "no letter" in str(other)
        return
    assert other != text
    if not where[0].is_name or not text.endswith("."):
        assert len(carry(other, *where)) == len(carry(text, *where))


@pytest.mark.parametrize(
    ("text", "place", "other"),
    [
        ("kw-alpha", Place.HTTP_PATH, "ha-rmles"),
        ("敏感词", Place.HTTP_PATH, "天气天"),
        ("жил, b", Place.HTTP_BODY, "пог, h"),
        ("🕯", Place.HTTP_BODY, "harm"),
        ("é\uff0c", Place.HTTP_PATH, "harmle\uff0c"),
        ("x.敏感词.example", Place.DNS_NAME, None),
        ("طقس", Place.TLS_SNI, None),
        ("क", Place.TLS_SNI, "harmles"),
        ("...", Place.HTTP_BODY, ValueError),
    ],
)
def test_harmless_text_keeps_the_script_where_it_can(text, place, other):
    """A network that dislikes all words of a script is not taken for one that dislikes this word."""
    if other is ValueError:
        with pytest.raises(ValueError, match="no letter"):
            stand_in(text, "harmless", place)
        return
    found = stand_in(text, "harmless", place)
    assert found == other if other else b"xn--" in carry(found, place)


@given(TEXTS, st.integers(0, 140), st.sampled_from(WAYS), st.sampled_from(["harmless", "x"]))
def test_padded_texts_have_the_length_that_was_asked_for(text, more, where, harmless):
    """The text stays in front; a name of one byte more may not be had."""
    if not fits(text, *where):
        return
    size = len(carry(text, *where)) + more
    found = value_or_fault(padded, text, size, harmless, *where)
    sent = found if isinstance(found, ValueError) else value_or_fault(carry, found, *where)
    if isinstance(sent, ValueError):
        assert where[0].is_name
        assert more == 1 or size > capacity(where[0])
        return
    assert found.startswith(text)
    assert len(sent) == size or text.endswith(".")


def test_a_text_that_is_longer_already_cannot_be_padded():
    """Nor one that fits no label when one byte is missing."""
    with pytest.raises(ValueError, match="more than 2 bytes"):
        padded("abc", 2, "x", Place.HTTP_BODY)
    with pytest.raises(ValueError, match="one byte more"):
        padded("敏", len(carry("敏", Place.DNS_NAME)) + 1, "x", Place.DNS_NAME)
    assert padded("kw", 4, "harmless", Place.TLS_SNI) == "kwha"
    assert padded("kw", 2, "harmless", Place.TLS_SNI) == "kw"
    assert padded("kw", 2 + 130, "ab", Place.TLS_SNI) == f"kw.{'ab' * 21}a.{'ba' * 21}.{'ba' * 21}"
    assert padded("敏", len(carry("敏", Place.DNS_NAME)) + 4, "harmless", Place.DNS_NAME) == "敏.har"


@given(ANY | TEXTS, st.sampled_from(WAYS))
def test_what_is_fit_has_bytes_and_a_twin(text, where):
    """What is not says why, in one line."""
    why = unfit(text, *where)
    if why is None:
        assert carry(text, *where)
        assert stand_in(text, "harmless", *where) != text
    else:
        assert why.isprintable()


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("kw", Place.HTTP_BODY, None),
        ("🕯", Place.HTTP_PATH, None),
        ("+-", Place.HTTP_BODY, "'+-' has no letter"),
        ("a b", Place.DNS_NAME, "no host name"),
    ],
)
def test_why_a_word_is_unfit(text, place, why):
    """It cannot travel there, or nothing harmless can take its place."""
    found = unfit(text, place)
    assert found is None if why is None else why in found
