"""A record -> its copy: nothing that must not leave is in it, and it says what the record said."""

import base64
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hushmap.codec import encode_record
from hushmap.model import Knowledge, Outcome, Record, Source, Void
from hushmap.publish.fields import Making
from hushmap.publish.hidden import Hidden
from hushmap.publish.naming import Near
from hushmap.publish.reducing import Reduced, Refusal, Wish, reduced, texts
from strategies import records
from unit.publish.whole import changed, leaves, record

OWN, TOKEN, RUN = "203.0.113.77", "a-token-of-the-helper", "20261121T2233Z-3f9c"
SECRETS = {
    "address": OWN,
    "address in base64": base64.b64encode(f"GET / HTTP/1.1\r\nVia: {OWN}\r\n".encode()).decode(),
    "address in hex": bytes(map(int, OWN.split("."))).hex(),
    "token": TOKEN,
    "token in a query": f"?x={quote(TOKEN)}",
    "mail address": "anna.muster@mail.example",
    "folder": "file C:\\Users\\annamuster\\list.csv",
    "run": RUN,
    "clock": "at 22:33:09 GMT",
    "login": "https://annamuster:pw@a.example/",
}
MUST_GO = (OWN, bytes(map(int, OWN.split("."))).hex(), TOKEN, "anna.muster", "annamuster", RUN, "22:33:09")
CODED = SECRETS["address in base64"][20:40]


def making(one, *, own_vantage=False, precision="hour"):
    """What a copy of one record is made with."""
    near = Near(seen={OWN})
    near.look(one, own_vantage=own_vantage)
    names = near.names()
    return Making(Hidden((TOKEN, RUN), (OWN, *names.of)), names, precision, own_vantage=own_vantage)


def copy_of(one, wish=None, knowledge=None, **more):
    """The copy, or why there is none."""
    wish = wish or Wish(**more)
    return reduced(
        one, making(one, own_vantage=wish.own_vantage, precision=wish.precision), wish, knowledge or Knowledge()
    )


def written(one):
    """The bytes that would be written."""
    return encode_record(one.record)


def planted_in(leaf, secret):
    """A text or bytes with a secret behind it."""
    return leaf + secret.encode() if isinstance(leaf, bytes) else f"{leaf} {secret}"


WHOLE = record()
LEAVES = [*leaves(WHOLE)]


def test_a_record_with_every_field_leaves():
    """The record that the next tests plant secrets in is none that stays for another reason."""
    found = copy_of(WHOLE)
    assert isinstance(found, Reduced), found
    assert len(LEAVES) > 90, "hardly any place of a text was found"


def test_what_a_person_posted_stays():
    """Only a public body's post leaves, without its account and the posts beside it."""
    assert copy_of(msgspec.structs.replace(WHOLE, post=msgspec.structs.replace(WHOLE.post, public_body=False))) is (
        Refusal.SOMEBODY
    )
    assert copy_of(msgspec.structs.replace(WHOLE, experiment="watch", post=None)) is Refusal.SOMEBODY
    left = copy_of(WHOLE).record.post
    assert (left.account, left.twins, left.public_body) == ("", (), True)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_any_field_does_not_leave(name):
    """Wherever in the tree of Structs it stands, keys of dicts too, it is masked, or the record stays."""
    leaving = 0
    for path in LEAVES:
        one = changed(WHOLE, path, lambda leaf: planted_in(leaf, SECRETS[name]))
        if not isinstance(one, Record):
            continue
        found = copy_of(one)
        if isinstance(found, Refusal):
            continue
        leaving += 1
        data = written(found).decode()
        held = [secret for secret in (*MUST_GO, CODED) if secret in data]
        assert not held, (path, held)
        decoded = b"".join(base64.b64decode(text[: len(text) // 4 * 4]) for text in _coded(found.record))
        assert OWN.encode() not in decoded, path
    assert leaving > len(LEAVES) // 4, "nearly everything stayed: the mask was hardly tried"


def _coded(one):
    return [
        word for text in texts(one) for word in text.split() if len(word) > 20 and word.isalnum() and word.isascii()
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_record_whatever_lets_a_secret_leave(data):
    """Any value of the model, hostile text included, with a secret in any one of its texts."""
    one = msgspec.structs.replace(data.draw(records()), source=None)
    path = data.draw(st.sampled_from([*leaves(one)]))
    secret = data.draw(st.sampled_from(sorted(SECRETS)))
    found = copy_of(changed(one, path, lambda leaf: planted_in(leaf, SECRETS[secret])))
    if isinstance(found, Reduced):
        text = written(found).decode("utf-8", "surrogatepass")
        words = one.layer is not None  # a word that was asked about may look like a time
        assert not [held for held in MUST_GO if held in text and not (words and held == "22:33:09")]


def test_times_are_rounded_down_and_the_annotation_says_so():
    """To the hour, or to the day; a certificate that was made during the handshake tells no more."""
    found = copy_of(WHOLE).record
    assert (found.started, found.ended, found.run_started) == ("2026-11-21T22:00:00Z",) * 3
    assert found.annotations["time_precision"] == "hour"
    day = copy_of(WHOLE, precision="day").record
    assert day.started == "2026-11-21T00:00:00Z"
    assert b"22:33" not in encode_record(found)
    assert b"T22:" not in encode_record(day)


def test_the_network_is_named_only_where_its_holder_said_so():
    """Without that, country and kind stay; locality goes either way."""
    place = msgspec.structs.replace(
        WHOLE.vantage, country="XE", asn=64501, network="Net-A", kind="home", resolver="198.51.100.53", locality="Exampletown",
        known={"country": "declared", "asn": "declared", "network": "looked_up"},
    )  # fmt: skip
    one = msgspec.structs.replace(WHOLE, vantage=place)
    closed, opened = copy_of(one).record.vantage, copy_of(one, own_vantage=True).record.vantage
    assert (closed.country, closed.asn, closed.network, closed.resolver) == ("XE", None, None, None)
    assert closed.known == {"country": "declared"}
    assert (opened.asn, opened.network, opened.resolver) == (64501, "Net-A", "198.51.100.53")
    assert opened.locality is closed.locality is None


def test_what_was_not_asked_here_or_names_somebody_stays():
    """Foreign records, excluded terms, users' paths, personal notes, categories left here, times that are none."""

    def stays(**fields):
        return copy_of(msgspec.structs.replace(WHOLE, **fields), without=frozenset({"LGBT"}))

    assert stays(source=Source(file="x", offset=0, uid="")) is Refusal.FOREIGN
    assert stays(target="https://a.example/?to=anna.muster@mail.example") is Refusal.EXCLUDED
    assert stays(target="https://a.example/users/4711") is Refusal.SOMEBODY
    assert stays(target="https://a.example/~anna/") is Refusal.SOMEBODY
    assert stays(annotations={"Author": "x"}) is Refusal.PERSONAL
    assert stays(category="LGBT") is Refusal.CATEGORY
    assert stays(started="yesterday") is Refusal.TIME


def test_a_certificate_of_a_person_stays():
    """A proxy of one's own may carry a name in its subject."""
    path = next(path for path in LEAVES if path[-1] == "subject")
    one = changed(WHOLE, path, lambda _: "CN=Proxy,GN=Anna,SN=Muster")
    trial = msgspec.structs.replace(one.trials[0], steps=tuple(s for s in one.trials[0].steps if hasattr(s, "chain")))
    assert copy_of(msgspec.structs.replace(one, trials=(trial,))) is Refusal.PERSONAL


def test_a_copy_that_would_be_judged_otherwise_stays(monkeypatch):
    """Undecided is said of it and it leaves; anything else, and it does not."""
    for after, expected in ((Outcome.OK, None), (Outcome.INSUFFICIENT, True), (Outcome.BLOCKED, Refusal.ALTERED)):
        told = iter((Outcome.OK, after))
        monkeypatch.setattr("hushmap.publish.reducing._outcome", lambda *_, told=told: next(told))
        found = copy_of(WHOLE)
        assert (found if isinstance(found, Refusal) else found.weaker or None) == expected


def test_voids_and_counts_stay():
    """What a verdict needs of the run is there: voids, sentinels, the noise of the line."""
    context = msgspec.structs.replace(WHOLE.context, voids=(Void(trial=1, reason="network_lost"),), sentinels=(4, 1))
    found = copy_of(msgspec.structs.replace(WHOLE, context=context)).record.context
    assert (found.voids, found.sentinels, found.f0) == (context.voids, (4, 1), context.f0)
