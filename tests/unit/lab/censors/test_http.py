"""Rules on unencrypted HTTP, as functions."""

import h11
import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.http import BlockPage
from hushmap.lab.censors.rule import SETTLED
from hushmap.lab.services.pages import NOTICE

NAMED = {"names": ["plain.example"], "words": ["kw-host"]}
WORDS = {"words": ["kw-one"]}
ACTS = {"reset": "reset", "drop": "timeout", "close": "close"}
PLACES = {
    "host": NAMED,
    "url": WORDS,
    "header": WORDS,
    "body": WORDS,
}
ANSWERING = {
    "block-page": ({}, "http.blockpage", 403),
    "http-forged": ({"status": 451}, "http.forged", 451),
    "http-redirect": ({"location": "http://notice.isp.example/"}, "http.redirect", 302),
    "portal": ({"location": "http://login.isp.example/"}, "portal", 302),
}


def triggering(talk, place):
    """A request with the trigger in this place and in no other."""
    return {
        "host": talk.request("www.plain.example"),
        "url": talk.request(target="/a?q=kw-one"),
        "header": talk.request(headers=["Cookie: kw-one"]),
        "body": talk.request(body=b"q=kw-one"),
    }[place]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("pieces", [1, 4])
def test_a_trigger_in_its_place_is_acted_on(talk, place, act, pieces):
    """Reset, lost or ended, however the request is cut; in any other place it is let pass."""
    rule = talk.rule(f"{place}-{act}", **PLACES[place])
    *before, last = talk.feed(rule, triggering(talk, place), pieces=pieces, port=80)
    assert set(before) <= {None} or place in {"url", "body"}
    assert last.sighting.mechanism == f"http.{ACTS[act]}.{place}"
    assert last.drop
    assert last.silence is (act == "drop")
    assert bool(last.inject) is (act != "drop")
    for other in PLACES.keys() - {place}:
        assert talk.feed(rule, triggering(talk, other), port=80)[-1] is SETTLED


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("place", PLACES)
def test_other_requests_settle(talk, place, act):
    """Names and words that are not listed, another port; and the twin passes the very request."""
    rule = talk.rule(f"{place}-{act}", **PLACES[place])
    twin = talk.rule(f"{place}-{act}", words=["kw-two"])
    assert talk.feed(rule, talk.request(), port=80) == [SETTLED]
    assert talk.feed(rule, triggering(talk, place), port=8080) == [SETTLED]
    assert talk.feed(twin, triggering(talk, place), port=80) == [SETTLED]


@pytest.mark.parametrize("act", ACTS)
def test_a_word_in_an_answer_is_acted_on(talk, act):
    """When it comes from the server, over segments too; the request itself passes, and so does another answer."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nsomething about kw-one and more"
    rule = talk.rule(f"response-{act}", words=["kw-one"])
    *before, last = talk.feed(rule, answer, port=80, outward=False, cuts=(0, 58, len(answer)))
    assert before == [None]
    assert last.sighting.mechanism == f"http.{ACTS[act]}.response"
    assert last.drop
    assert talk.feed(rule, talk.request(target="/kw-one"), port=80) == [None]
    assert talk.feed(rule, answer.replace(b"kw-one", b"kw-two"), port=80, outward=False) == [None]
    to_client = [p.parse(each.raw).flags for each in last.inject if not each.outward]
    assert [bool(flags & p.FIN) for flags in to_client] == {"reset": [False, False], "drop": [], "close": [True]}[act]


@pytest.mark.parametrize("act", ACTS)
def test_a_word_in_a_cookie_is_told_as_one(talk, act):
    """The mechanism says which header was looked at."""
    rule = talk.rule(f"header-{act}", words=["kw-one"], header="Cookie")
    (action,) = talk.feed(rule, triggering(talk, "header"), port=80)
    assert action.sighting.mechanism == f"http.{ACTS[act]}.cookie"


def read(action):
    """A forged response as an independent client reads it: (status, headers, body)."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a.example")]))
    connection.send(h11.EndOfMessage())
    said = sorted(
        (p.parse(each.raw, outward=False) for each in action.inject if not each.outward), key=lambda x: x.seq
    )
    connection.receive_data(b"".join(each.payload for each in said))
    connection.receive_data(b"")
    response, body = connection.next_event(), b""
    while type(event := connection.next_event()) is h11.Data:
        body += event.data
    assert type(event) is h11.EndOfMessage
    return response.status_code, dict(response.headers), body


@pytest.mark.parametrize("kind", ANSWERING)
@pytest.mark.parametrize("where", ["host", "url"])
def test_an_answer_in_the_servers_place_is_one_that_a_client_reads(talk, kind, where):
    """By Host or by a word in the URL; the connection ends, and the server does not get the request."""
    more, mechanism, status = ANSWERING[kind]
    rule = talk.rule(kind, where=where, **more, **PLACES[where])
    (action,) = talk.feed(rule, triggering(talk, where), port=80)
    seen, headers, body = read(action)
    assert (seen, action.sighting.mechanism, action.drop) == (status, mechanism, True)
    assert headers.get(b"location", b"").decode() == more.get("location", "")
    assert (body == NOTICE) is (kind == "block-page")
    assert [p.parse(each.raw).flags & p.RST for each in action.inject if each.outward] == [p.RST]
    other = "url" if where == "host" else "host"
    assert talk.feed(rule, triggering(talk, other), port=80) == [SETTLED]


@pytest.mark.parametrize("kind", ANSWERING)
def test_the_twin_answers_nobody(talk, kind):
    """Another name on its list, the same request."""
    more, _, _ = ANSWERING[kind]
    assert talk.feed(talk.rule(kind, names=["other.example"], **more), triggering(talk, "host"), port=80) == [SETTLED]


def test_a_portal_sends_everyone_to_its_login(talk):
    """The root of all names covers every Host."""
    rule = talk.rule("portal", names=["."], location="http://login.isp.example/")
    (action,) = talk.feed(rule, talk.request("any.example"), port=80)
    assert read(action)[1][b"location"] == b"http://login.isp.example/"


@pytest.mark.parametrize("location", ["login", "ftp://a.example/", "http://a.example/\r\nX: y"])
def test_a_redirect_needs_a_url(location):
    """Anything else is a fault of the scenario."""
    from hushmap.lab.censors.catalogue import faults
    from hushmap.lab.censors.parameters import Censor

    censor = Censor(kind="http-redirect", names=("a.example",), location=location)
    assert list(faults(censor)) == ["location must be an http or https URL"]


def test_a_page_may_come_as_success():
    """A block page with status 200 (refs/LAB 2)."""
    from hushmap.lab.censors.parameters import Censor

    assert BlockPage.answer(Censor(kind="block-page", status=200)).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(("new", "seen"), [("fine", b"fine  "), ("", b"      "), ("longer than it", b"longer")])
def test_a_rewriting_proxy_keeps_the_length(talk, new, seen):
    """Words in what servers answer, several in a segment; everything else about the packet stays."""
    rule = talk.rule("http-rewrite", words=["kw-one", "absent"], replacement=new)
    flow, packet = talk.flow(80), talk.segment(b"a kw-one and kw-one.", port=80, seq=501, outward=False)
    action = talk.show(rule, flow, packet)
    changed = p.parse(action.replace, outward=False)
    assert changed.payload == b"a " + seen + b" and " + seen + b"."
    assert (changed.seq, changed.ack, changed.flags, changed.sport) == (501, 501, packet.flags, 80)
    assert (action.drop, action.inject, action.sighting.mechanism) == (False, (), "http.rewritten")


def test_a_mending_proxy_writes_into_requests(talk):
    """And into nothing that servers answer."""
    rule, flow = talk.rule("http-mend", words=["hOsT"], replacement="Host"), talk.flow(80)
    action = talk.show(rule, flow, talk.segment(b"GET / HTTP/1.1\r\nhOsT: a", port=80))
    assert p.parse(action.replace, outward=True).payload.endswith(b"Host: a")
    assert talk.show(rule, flow, talk.segment(b"hOsT", port=80, outward=False)) is None


def test_a_rewriting_proxy_leaves_the_rest_alone(talk):
    """Requests, other words, other ports; all ports if it looks at all."""
    rule, flow = talk.rule("http-rewrite", words=["kw-one"]), talk.flow(80)
    assert talk.show(rule, flow, talk.segment(b"kw-one", port=80)) is None
    assert talk.show(rule, flow, talk.segment(b"kw-two", port=80, outward=False)) is None
    assert talk.show(rule, talk.flow(8080), talk.segment(b"kw-one", port=8080, outward=False)) is SETTLED
    assert talk.show(rule, flow, talk.datagram(b"kw-one", port=80, outward=False)) is SETTLED
    wide = talk.rule("http-rewrite", words=["kw-one"], every_port=True)
    assert talk.show(wide, talk.flow(8080), talk.segment(b"kw-one", port=8080, outward=False)).replace
