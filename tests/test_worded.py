"""The quick oracle of censors of words says what the lab without a kernel says, in every place, of the same asks."""

import msgspec
import pytest

from hushmap.experiments.carriers import ask_for
from hushmap.lab.addresses import HELPER as LAB_HELPER
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.pure import act
from hushmap.lab.scenario import parse_scenario
from hushmap.model import Encoding, Failure, Place, Side
from worded import Worded, answer
from worlds import HELPER, conditions

LAB = """
name = "words"
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
[path]
delay_ms = 10.0
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11"]
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12"]
"""
GIVEN = conditions(echo_http=80, echo_tls=443, echo_tcp=7, echo_quic=443)
HIT, BESIDE = "kw-hit", "kw-hot"
KINDS = {
    Place.DNS_NAME: ("dns-injection", {"addresses": ("203.0.113.66",)}),
    Place.TLS_SNI: ("sni-reset", {}),
    Place.QUIC_SNI: ("quic-sni-drop", {}),
    Place.HTTP_HOST: ("host-drop", {}),
    Place.HTTP_PATH: ("url-reset", {"part": "path"}),
    Place.HTTP_QUERY: ("url-close", {"part": "query"}),
    Place.HTTP_HEADER: ("header-reset", {"header": "x-note", "escapes": True}),
    Place.HTTP_COOKIE: ("header-drop", {"header": "cookie", "escapes": True}),
    Place.HTTP_BODY: ("body-close", {}),
    Place.HTTP_RESPONSE: ("response-reset", {}),
    Place.TCP_PAYLOAD: ("payload-drop", {}),
    Place.TCP_ANSWER: ("answer-reset", {}),
}
"""A kind for each place, of different actions."""


def censor(place, **more):
    """A censor of words in a place."""
    kind, given = KINDS[place]
    return Censor(kind=kind, **{"words": (HIT,), **given, **more})


def asked(text, place, encoding=None):
    """The ask that holds a text there."""
    return ask_for(text, place, encoding, GIVEN)


def ended(steps):
    """By which step and how."""
    return type(steps[-1]).__name__, steps[-1].failure


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.QUIC_SNI])
def test_it_says_what_the_lab_says(place):
    """Of the word, of one like it, and of the word where nobody acts; and what was done is the same."""
    assert HELPER == LAB_HELPER
    asks = [asked(text, place) for text in (HIT, BESIDE)]
    lab = msgspec.structs.replace(parse_scenario(LAB), censor=(censor(place),))
    world = Worded(censors=lab.censor)
    done = act(lab, asks)
    assert [ended(world.steps(ask, Side.HERE)) for ask in asks] == [ended(one.steps) for one in done.outcomes]
    assert [(one["mechanism"], one["what"]) for one in world.acts.events] == [
        (one.mechanism, one.what) for one in done.truth
    ]
    assert len(done.truth) == 1
    free = [ended(Worded().steps(ask, Side.HERE)) for ask in asks]
    assert free == [ended(one.steps) for one in act(lab.uncensored(), asks).outcomes]


@pytest.mark.parametrize("place", Place)
def test_a_word_is_cut_off_and_one_like_it_is_not(place):
    """In each place; over QUIC too, where the lab without a kernel has no say."""
    failures = [answer(censor(place), asked(text, place))[-1].failure for text in (HIT, BESIDE)]
    if place is Place.DNS_NAME:
        assert failures == [None, Failure.TIMEOUT], "at an address without a resolver an answer is the act"
    else:
        assert failures[0] is not None
        assert failures[1] is None


@pytest.mark.parametrize("encoding", [Encoding.UTF_8, Encoding.GB18030, Encoding.PERCENT, Encoding.PERCENT_GB18030])
@pytest.mark.parametrize(
    "place", [Place.HTTP_PATH, Place.HTTP_BODY, Place.HTTP_HEADER, Place.TCP_PAYLOAD, Place.TCP_ANSWER]
)
def test_an_encoding_is_looked_for_or_not(place, encoding):
    """A censor of one encoding passes the other, and one that undoes no escapes passes them."""
    word = "测试词甲"
    written = "gb18030" if "gb18030" in encoding else "utf-8"
    escaped = encoding in {Encoding.PERCENT, Encoding.PERCENT_GB18030}
    ask = asked(word, place, encoding)
    for looked_for in ("utf-8", "gb18030"):
        for escapes in (True, False):
            rule = censor(place, words=(word,), encodings=(looked_for,), escapes=escapes)
            hit = answer(rule, ask)[-1].failure is not None
            assert hit is (looked_for == written and (escapes or not escaped)), (looked_for, escapes)


def test_residual_blocking_is_held_against_a_port_for_its_time():
    """What follows on the port is cut, whatever it says; another port is free, and so is this one later."""
    world = Worded(censors=(censor(Place.HTTP_PATH, residual_s=3.0, every_port=True),))
    hit, calm = asked(HIT, Place.HTTP_PATH), asked(BESIDE, Place.HTTP_PATH)
    assert world.steps(hit, Side.HERE)[-1].failure is Failure.RESET
    world.now = 1.0
    assert world.steps(calm, Side.HERE)[-1].failure is Failure.REFUSED
    other = msgspec.structs.replace(calm, port=81)
    assert world.steps(other, Side.HERE)[-1].failure is None
    world.now = 3.5
    assert world.steps(calm, Side.HERE)[-1].failure is None


def test_misses_and_false_hits_have_their_shares():
    """A quarter of triggers passes, and a tenth of what is harmless fails, by nobody's rule."""
    world = Worded(censors=(censor(Place.HTTP_PATH, misses=0.25),), false=0.1)
    for text, low, high in ((HIT, 0.65, 0.9), (BESIDE, 0.05, 0.16)):
        ask = asked(text, Place.HTTP_PATH)
        cut = sum(world.steps(ask, Side.HERE)[-1].failure is not None for _ in range(400)) / 400
        assert low < cut < high, text


def test_what_goes_elsewhere_is_any_worlds():
    """A stranger's address, or the helper's own view."""
    ask = asked(HIT, Place.HTTP_PATH)
    world = Worded(censors=(censor(Place.HTTP_PATH),))
    assert world.steps(ask, Side.HELPER)[-1].failure is None
    assert world.steps(msgspec.structs.replace(ask, address="198.51.100.9"), Side.HERE)[-1].failure is None
    assert world.acts.events == []
