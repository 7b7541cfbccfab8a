"""Tests of hushmap.experiments.keyword."""

import pytest

from hushmap.experiments import open_inquiry
from hushmap.experiments.keyword import as_name, same_length
from hushmap.model import Place, Target
from worlds import DARK, HELPER, conditions

HOST = "www.baseline-a.example"


def asked(place, text="kw-alpha", **given):
    """The first attempt with a word, if any."""
    attempts = open_inquiry(Target(experiment="keyword", text=text, place=place), conditions(**given), 1).ask(0.05)
    return attempts[0].ask if attempts else None


def test_each_place_holds_the_word_as_its_layer_has_it():
    """Percent-encoded in a path, a label in a name; always toward an address of ours."""
    path, host = asked(Place.HTTP_PATH, "敏感 词"), asked(Place.HTTP_HOST)
    assert (path.url, path.port) == (f"http://{HOST}/%E6%95%8F%E6%84%9F%20%E8%AF%8D", 8080)
    assert host.url == f"http://kw-alpha.{HOST}/"
    assert asked(Place.TLS_SNI).sni == f"kw-alpha.{HOST}"
    dns = asked(Place.DNS_NAME, scale=5.0)
    assert (dns.name, dns.resolver, dns.timeout) == (f"kw-alpha.{HOST}", DARK, 0.4)
    assert {path.address, host.address, asked(Place.TLS_SNI).address} == {HELPER}


@pytest.mark.parametrize(
    ("place", "missing"),
    [
        (Place.HTTP_PATH, {"echo_http": None}),
        (Place.HTTP_HOST, {"echo_http": None}),
        (Place.TLS_SNI, {"echo_tls": None}),
        (Place.DNS_NAME, {"dark": None}),
        (Place.HTTP_PATH, {"helper_address": None}),
        (Place.HTTP_PATH, {"baselines": ()}),
        (None, {}),
    ],
)
def test_without_a_place_of_our_own_the_word_is_not_sent(place, missing):
    """A stranger's server is no place to try words."""
    assert asked(place, **missing) is None


@pytest.mark.parametrize("place", Place)
def test_the_twin_is_as_long_and_goes_the_same_way(place):
    """Only the word differs."""
    inquiry = open_inquiry(Target(experiment="keyword", text="kw-alpha", place=place), conditions(), 1)
    subject, changed = inquiry.subject()
    twin = inquiry.twin(subject, changed, 7)
    word, harmless = (f"{ask.name}{ask.sni}{ask.url}" for ask in (subject, twin))
    assert harmless == word.replace("kw-alpha", "harmless")
    assert (twin.address, twin.port, twin.resolver, twin.verify) == (
        subject.address, subject.port, subject.resolver, subject.verify,
    )  # fmt: skip


def test_a_twin_that_cannot_be_sent_is_none():
    """The port went away between the two."""
    inquiry = open_inquiry(Target(experiment="keyword", text="w", place=Place.HTTP_PATH), conditions(), 1)
    subject, changed = inquiry.subject()
    inquiry.conditions = conditions(echo_http=None)
    assert inquiry.twin(subject, changed, 0) is None


@pytest.mark.parametrize(
    ("harmless", "word", "same"),
    [("harmless", "kw-alpha", "harmless"), ("ab", "xxxxx", "ababa"), ("harmless", "a.b.example", "h.r.lesshar")],
)
def test_a_harmless_word_takes_the_words_length_and_dots(harmless, word, same):
    """So that nothing but the letters tells them apart."""
    assert same_length(harmless, word) == same


def test_a_word_that_is_a_name_stands_for_itself():
    """Others become a label before the baseline's name; what no name can hold is refused."""
    assert as_name("Blocked.Example", HOST) == "blocked.example"
    assert as_name("bücher", HOST) == f"xn--bcher-kva.{HOST}"
    with pytest.raises(ValueError, match=r"."):
        as_name("a" * 64, HOST)
