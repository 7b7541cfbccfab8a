"""What may still be sent."""

from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.catalog import Exclusions
from hushmap.catalog.excluded import digest, squeeze
from hushmap.experiments import spoken
from hushmap.experiments.carriers import ask_for
from hushmap.model import (
    Ask,
    Attempt,
    Connect,
    Encoding,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Hop,
    Layer,
    Page,
    Place,
    Resolve,
    Role,
    Side,
    Target,
    trial_of,
)
from hushmap.runner.allowance import DAY, HELPER_BYTES, Allowance, Limits, bytes_of, excluded, names, texts
from unit.runner.fakes import Holding
from worlds import conditions

SITE = Target(experiment="web", text="https://a.example/", category="NEWS")
WORD = Target(experiment="keyword", text="weather", place=Place.HTTP_PATH, category="NEWS")


def _allowance(**limits) -> Allowance:
    return Allowance(
        Limits(**limits), harmless=frozenset({"www.baseline-a.example"}), own=frozenset({"203.0.113.10"})
    )


def _attempt(**ask) -> Attempt:
    role = ask.pop("role", Role.SUBJECT)
    side = ask.pop("side", Side.HERE)
    return Attempt(id=10_000, ask=Ask(**{"layer": Layer.TLS, **ask}), role=role, side=side)


@pytest.mark.parametrize(
    "ask",
    [
        {"name": "x.secret.example"},
        {"sni": "x.secret.example"},
        {"host": "secret"},
        {"url": "http://a.example/?q=secret"},
        {"url": "http://a.example/?q=s+secret+s"},
        {"headers": (("Cookie", "a=secret"),)},
        {"headers": (("X-secret", "1"),)},
        {"payload": b"GET /secret"},
        {"payload": "secret".encode("utf-16")},
        {"resolver": "udp://secret:53"},
        {"method": "secret"},
    ],
)
def test_every_text_of_an_ask_is_looked_at(ask):
    """An excluded term is found in whatever field it stands, text or bytes."""
    assert excluded(Ask(layer=Layer.HTTP, **ask), Holding("secret").hit)


def test_a_plus_may_be_a_space():
    """A query's plus signs are read both ways."""
    assert excluded(Ask(layer=Layer.HTTP, url="http://a.example/?q=two+words"), Holding("two words").hit)


def test_the_shipped_form_of_exclusion_sees_through_encodings():
    """Percent-encoding, A-labels and invisible letters hide nothing from the catalog's own list."""
    salt, term = bytes(16), squeeze("例子")
    exclusions = Exclusions(((salt, {len(term): frozenset({digest(salt, term)})}),))
    quoted = "http://a.example/?q=%E4%BE%8B%E5%AD%90"
    assert excluded(Ask(layer=Layer.HTTP, url=quoted), exclusions.hit)
    assert excluded(Ask(layer=Layer.DNS, name="xn--fsqu00a.example"), exclusions.hit)
    assert excluded(Ask(layer=Layer.RAW, payload="例\u200b子".encode("gb18030")), exclusions.hit)
    assert not excluded(Ask(layer=Layer.DNS, name="a.example"), exclusions.hit)


@given(st.binary(max_size=60), st.text(max_size=30))
def test_any_ask_can_be_read(payload, text):
    """No bytes and no text keep an ask from being looked at."""
    found = list(texts(Ask(layer=Layer.RAW, payload=payload, url=text)))
    assert text in found


def test_names_are_what_packets_carry():
    """The name looked up, the server name, the Host and the URL's host; never an address."""
    ask = Ask(layer=Layer.HTTP, name="A.example.", sni="b.example", host="c.example", url="https://d.example:8/x")
    assert names(ask) == {"a.example", "b.example", "c.example", "d.example"}
    assert names(Ask(layer=Layer.HTTP, url="http://192.0.2.1/", host="2001:db8::1")) == frozenset()
    assert names(Ask(layer=Layer.HTTP, url="http://[half")) == frozenset()


def test_a_handshake_with_a_resolver_carries_its_name():
    """Over TLS the resolver's own name is in the open; an address is none, and what is no resolver has none."""
    for resolver, name in (
        ("https://dns.example/dns-query#192.0.2.53", {"dns.example"}),
        ("tls://192.0.2.53", set()),
        ("udp://192.0.2.53:53", set()),
        ("tls://", set()),
    ):
        ask = Ask(layer=Layer.DNS, name="a.example", resolver=resolver)
        assert names(ask) == {"a.example"} | name


def test_contacts_are_counted_by_name_and_day():
    """After as many contacts as a day allows a name is refused, and allowed again a day after the first."""
    allowance = _allowance(contacts=2)
    attempt = _attempt(sni="a.example")
    assert [allowance.contact(SITE, attempt, at) for at in (0.0, 10.0, 20.0)] == [True, True, False]
    assert allowance.contact(SITE, _attempt(sni="b.example"), 20.0)
    assert allowance.contact(SITE, attempt, DAY)
    assert not allowance.contact(SITE, attempt, DAY + 5.0)


@pytest.mark.parametrize(
    ("target", "attempt"),
    [
        (None, _attempt(sni="a.example")),
        (SITE, _attempt(sni="www.baseline-a.example")),
        (SITE, _attempt(sni="a.example", side=Side.HELPER)),
        (WORD, _attempt(sni="a.example", address="203.0.113.10")),
        (WORD, _attempt(url="http://a.example/harmless", role=Role.BASELINE)),
    ],
)
def test_what_is_no_contact_is_not_limited(target, attempt):
    """The sentinel, baselines, the helper's side, and words to our own address are free."""
    allowance = _allowance(contacts=0)
    assert allowance.contact(target, attempt, 0.0)


def test_a_word_is_counted_however_it_travels():
    """A word's attempt is a contact whatever encoding its packets have."""
    allowance = _allowance(contacts=1)
    attempt = _attempt(url="http://a.example/%77eather", address="192.0.2.1")
    assert allowance.contact(WORD, attempt, 0.0)
    assert not allowance.contact(WORD, attempt, 1.0)


def test_replayed_contacts_count():
    """Contacts of an earlier process are remembered; what was not made is not."""
    allowance = _allowance(contacts=1)
    attempt = _attempt(sni="a.example")
    allowance.remember(SITE, trial_of(attempt, undone="excluded"))
    assert allowance.contact(SITE, _attempt(sni="b.example"), 0.0)
    allowance.remember(SITE, trial_of(attempt, t0=5.0))
    assert not allowance.contact(SITE, attempt, 6.0)


def test_what_never_came_to_say_the_name_is_given_back():
    """Where no connection stood the name was on no line; what was not made was never counted."""
    allowance = _allowance(contacts=1)
    attempt = _attempt(sni="a.example", address="192.0.2.1")
    refused = Connect(t0=0.0, t=0.1, address="192.0.2.1", port=443, failure=Failure.REFUSED)
    assert allowance.contact(SITE, attempt, 0.0)
    allowance.give_back(SITE, trial_of(attempt, undone="budget"))
    allowance.give_back(SITE, trial_of(attempt, (msgspec.structs.replace(refused, failure=None),)))
    assert not allowance.contact(SITE, attempt, 1.0)
    allowance.give_back(SITE, trial_of(attempt, (refused,)))
    allowance.give_back(SITE, trial_of(attempt, (refused,)))
    assert allowance.contact(SITE, attempt, 2.0)
    assert not allowance.contact(SITE, attempt, 3.0)


def test_bytes_are_estimated_from_steps():
    """Every kind of step has its size; a body counts as it arrived."""
    at = {"t0": 0.0, "t": 1.0}
    lookup = Resolve(resolver="system", name="a.example", qtype="A", sent=3, **at)
    connect = Connect(address="192.0.2.1", port=80, **at)
    hello = Handshake(address="192.0.2.1", port=443, **at)
    fetch = Fetch(url="http://a.example/", page=Page(status=200, body_length=50_000), curve=((0.5, 70_000),), **at)
    raw = Exchange(address="192.0.2.1", port=7, received=b"x" * 100, **at)
    hop = Hop(address="192.0.2.1", port=443, ttl=4, **at)
    each = [bytes_of((step,)) for step in (lookup, connect, hello, fetch, raw, hop)]
    assert bytes_of((lookup, connect, hello, fetch, raw, hop)) == sum(each)
    assert each[0] == 3 * bytes_of((msgspec.structs.replace(lookup, sent=1),))
    assert each[3] > 70_000
    assert bytes_of((fetch,), Side.HELPER) == HELPER_BYTES


def test_what_is_in_flight_counts_against_the_limit():
    """A run is broke when what it used, and what is under way, could reach the limit."""
    allowance = _allowance(max_bytes=1_000_000)
    allowance.spend(trial_of(_attempt(), (Connect(t0=0.0, t=0.1, address="192.0.2.1", port=80),)))
    assert allowance.trials == 1
    assert not allowance.broke(10)
    assert allowance.broke(20)


@pytest.mark.parametrize("place", [Place.HTTP_RESPONSE, Place.TCP_ANSWER])
@pytest.mark.parametrize("encoding", [None, Encoding.GB18030, Encoding.PERCENT])
def test_what_an_echo_is_told_to_say_is_looked_at(place, encoding):
    """A word that stands only in base64 is sent too, by whoever says it."""
    ask = ask_for("some-禁词-here", place, encoding, conditions(echo_tcp=7))
    said = " ".join(texts(ask))
    assert "禁词" in unquote(said)
    assert spoken(Ask(layer=Layer.HTTP, url="http://a.example/plain")) is None
    assert spoken(Ask(layer=Layer.RAW, payload=b"plain")) is None
