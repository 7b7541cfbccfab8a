"""What censors of plain HTTP look for, as functions of the bytes so far."""

from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.censors.http_triggers import Body, Header, Host, Response, Url
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED

WORD = "敏感词"


def trigger(kind, **parameters):
    """A trigger of a censor with these parameters."""
    return kind(Censor(kind="host-reset", **parameters))


@pytest.mark.parametrize("host", ["plain.example", "www.plain.example", "PLAIN.example:80", "a-kw-host.example"])
def test_a_host_is_found_by_name_parent_or_word(talk, host):
    """With or without a port, once the header is whole, or in a piece that stands alone."""
    found = trigger(Host, names=("plain.example",), words=("kw-host",))
    request = talk.request(host)
    assert found.find(request, alone=False) == host.partition(":")[0].lower()
    assert found.find(request[:-2], alone=False) is None
    assert found.find(request[:-2], alone=True) == host.partition(":")[0].lower()
    assert found.find(talk.request("fine.example"), alone=False) is SETTLED
    assert found.find(b"GET / HT", alone=False) is None


@pytest.mark.parametrize("target", ["/a/kw-url", "/?q=KW-URL", "/%6bw-url", "/%6Bw%2durl"])
def test_a_word_in_the_url(talk, target):
    """In path or query, in any case, percent-escaped too, from its line alone."""
    found = trigger(Url, words=("kw-url",))
    assert found.find(f"GET {target} HTTP/1.1\r\n".encode(), alone=False) == "kw-url"
    assert found.find(f"GET {target}".encode(), alone=False) is None
    assert found.find(f"GET {target}".encode(), alone=True) == "kw-url"
    assert found.find(talk.request("kw-url.example"), alone=False) is SETTLED


@pytest.mark.parametrize(("part", "hits"), [("url", {0, 1}), ("path", {0}), ("query", {1})])
def test_some_look_at_one_part_of_the_url(part, hits):
    """The path, the query, or both; the method and the version are no part of it."""
    found = trigger(Url, words=("kw-url", "post", "http"), part=part)
    targets = ["/kw-url?q=x", "/x?q=kw-url", "/x?q=x"]
    seen = [found.find(f"POST {target} HTTP/1.1\r\n".encode(), alone=False) for target in targets]
    assert {number for number, each in enumerate(seen) if each == "kw-url"} == hits
    assert seen[2] is SETTLED
    assert trigger(Url, words=("kw-url",), first_bytes=9).find(b"GET /23kw-url\r\n", alone=False) == "kw-url"
    assert trigger(Url, words=("kw-url",), first_bytes=8).find(b"GET /23kw-url\r\n", alone=False) is SETTLED


def test_escapes_are_undone_by_some_only():
    """A censor of raw bytes passes what is escaped, and finds the escape itself if that is its word."""
    line = b"GET /%6bw-url HTTP/1.1\r\n"
    assert trigger(Url, words=("kw-url",), escapes=False).find(line, alone=False) is SETTLED
    assert trigger(Url, words=("%6bw",), escapes=False).find(line, alone=False) == "%6bw"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("escaped", [True, False])
def test_a_word_is_found_in_the_encodings_that_a_censor_expects(encoding, escaped):
    """UTF-8 and GB18030, raw and escaped (refs/BEYOND 2.11)."""
    raw = WORD.encode(encoding)
    line = b"GET /?q=" + (quote_from_bytes(raw).encode() if escaped else raw) + b" HTTP/1.1\r\n"
    for expected in (("utf-8",), ("gb18030",), ("utf-8", "gb18030")):
        found = trigger(Url, words=(WORD,), encodings=expected).find(line, alone=False)
        assert found == (WORD if encoding in expected else SETTLED)


def test_some_words_trigger_only_together():
    """`lost` with `search` beside it, in any order; neither alone."""
    found = trigger(Url, words=("lost", "found"), also=("search", "engine"))
    seen = {
        target: found.find(f"GET {target} HTTP/1.1\r\n".encode(), alone=False)
        for target in (
            "/search?engine=x&q=lost",
            "/?q=found&engine=search",
            "/search?q=lost",
            "/lost",
            "/search/engine",
        )
    }
    assert list(seen.values()) == ["lost", "found", SETTLED, SETTLED, SETTLED]


def test_a_word_in_a_header(talk):
    """In any but Host, or in the one that is named; once the header is whole."""
    request = talk.request("kw-h.example", headers=["Cookie: a=1; b=KW-H", "X-Other: kw-x"])
    assert trigger(Header, words=("kw-h",)).find(request, alone=False) == "kw-h"
    assert trigger(Header, words=("kw-h",), header="Cookie").find(request, alone=False) == "kw-h"
    assert trigger(Header, words=("kw-h",), header="X-Other").find(request, alone=False) is SETTLED
    assert trigger(Header, words=("kw-h",), header="host").find(request, alone=False) == "kw-h"
    assert trigger(Header, words=("kw-h",)).find(talk.request("kw-h.example"), alone=False) is SETTLED
    assert trigger(Header, words=("kw-h",)).find(request[:-2], alone=False) is None
    assert trigger(Header, words=("kw-h",)).find(request[:-2], alone=True) == "kw-h"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_word_in_a_header_is_compared_by_its_bytes(encoding):
    """What a server would take for Latin-1 is what a censor looks at."""
    found = trigger(Header, words=(WORD,), encodings=(encoding,))
    request = b"GET / HTTP/1.1\r\nHost: a.example\r\nX-Note: " + WORD.encode(encoding) + b"\r\n\r\n"
    assert found.find(request, alone=False) == WORD


def test_a_body_with_words_that_lift_it_is_awaited(talk):
    """What comes last may lift what came first; else the first is enough."""
    request = talk.request(body=b"kw-body and kw-free")
    lifted = trigger(Body, words=("kw-body",), unless=("kw-free",))
    assert lifted.find(request[:-2], alone=False) is None
    assert lifted.find(request, alone=False) is SETTLED
    assert lifted.find(talk.request(body=b"kw-body and others"), alone=False) == "kw-body"


def test_a_word_in_a_request_body(talk):
    """As soon as it is there; a whole body without it settles; escapes are undone or not."""
    found = trigger(Body, words=("kw body",))
    request = talk.request(body=f"q={quote('kw body')}&more=1".encode())
    assert found.find(request, alone=False) == "kw body"
    assert found.find(request[:-7], alone=False) == "kw body"
    assert found.find(request[:-12], alone=False) is None
    assert found.find(request[:-12], alone=True) is SETTLED
    assert found.find(b"POST", alone=False) is None
    assert trigger(Body, words=("kw body",), escapes=False).find(request, alone=False) is SETTLED
    assert found.find(talk.request(target="/kw%20body"), alone=False) is SETTLED


def test_a_word_in_an_answer():
    """In its body, not in its header; a piece alone is all body."""
    found = trigger(Response, words=("kw-r",))
    assert found.find(b"HTTP/1.1 200 OK\r\nX: kw-r\r\n\r\nfine", alone=False) is None
    assert found.find(b"HTTP/1.1 200 OK\r\n\r\nthis is KW-R", alone=False) == "kw-r"
    assert found.find(b"this is kw-r", alone=True) == "kw-r"
    assert found.outward is False


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_looked_at(data, alone):
    """Nothing is raised, whatever comes."""
    censor = Censor(kind="host-reset", names=("a.example",), words=("word", WORD), encodings=("utf-8", "gb18030"))
    for kind in (Host, Url, Header, Body, Response):
        kind(censor).find(data, alone=alone)
        kind(censor).find(b"POST / HTTP/1.1\r\nContent-Length: 99\r\n" + data, alone=alone)
