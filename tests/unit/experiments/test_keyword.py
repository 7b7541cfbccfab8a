"""Tests of hushmap.experiments.keyword."""

import pytest

from hushmap.experiments import open_inquiry
from hushmap.model import Encoding, Failure, Place, Role, Target, trial_of
from worlds import DARK, HELPER, World, conditions

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


PLACES = [Place.HTTP_PATH, Place.HTTP_HOST, Place.TLS_SNI, Place.DNS_NAME]


@pytest.mark.parametrize("place", PLACES)
def test_the_twin_is_as_long_and_goes_the_same_way(place):
    """Only the word differs."""
    inquiry = open_inquiry(Target(experiment="keyword", text="kwalpha", place=place), conditions(), 1)
    subject, changed = inquiry.subject()
    twin = inquiry.twin(subject, changed, 7)
    word, harmless = (f"{ask.name}{ask.sni}{ask.url}" for ask in (subject, twin))
    assert harmless == word.replace("kwalpha", "harmles")
    assert (twin.address, twin.port, twin.resolver, twin.verify) == (
        subject.address, subject.port, subject.resolver, subject.verify,
    )  # fmt: skip


def test_a_twin_that_cannot_be_sent_is_none():
    """The port went away between the two."""
    inquiry = open_inquiry(Target(experiment="keyword", text="w", place=Place.HTTP_PATH), conditions(), 1)
    subject, changed = inquiry.subject()
    inquiry.conditions = conditions(echo_http=None)
    assert inquiry.twin(subject, changed, 0) is None


def test_the_writing_is_the_targets_own():
    """An encoding that the place can hold; else the place's usual one."""
    target = Target(experiment="keyword", text="敏", place=Place.HTTP_PATH, encoding=Encoding.PERCENT_GB18030)
    (attempt,) = open_inquiry(target, conditions(), 1).ask(0.05)
    assert attempt.ask.url == f"http://{HOST}/%C3%F4"


@pytest.mark.parametrize("place", [*(place for place in Place if place is not Place.DNS_NAME)])
def test_our_own_address_is_freed_by_harmless_words(place):
    """After a hit, in whatever is sent on a connection, it is measured how long that is held against the address."""
    ours = conditions(echo_tcp=7, echo_quic=443)
    inquiry = open_inquiry(Target(experiment="keyword", text="kw-alpha", place=place), ours, 1)
    (word,) = inquiry.ask(0.05)
    world = World(blocks=lambda _ask: Failure.TIMEOUT)
    steps = world.steps(word.ask, word.side)
    inquiry.tell(trial_of(word, steps, t0=0.0, t=max(step.t for step in steps)))
    (harmless,) = inquiry.ask(0.05)
    assert (harmless.cooling, harmless.role, harmless.ask.address) == (True, Role.BASELINE, HELPER)
    assert "kw-alpha" not in str(harmless.ask)
