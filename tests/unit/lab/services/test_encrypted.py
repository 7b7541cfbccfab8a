"""The resolvers inside TLS on loopback: each behaviour as a client meets it."""

import asyncio
import datetime as dt
import socket
import ssl

import pytest

from hushmap.lab.scenario import parse_scenario
from hushmap.lab.services import encrypted, web
from hushmap.lab.services.dns import Zone
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.pki import Authority
from hushmap.lab.services.web import Web
from hushmap.lab.truth import TruthLog
from hushmap.model import Failure
from hushmap.wire import dns, http

HERE, ELSEWHERE = "127.0.0.20", "127.0.0.21"
KINDS = ("answers", "refuses", "refuses-here", "error", "junk", "silent", "silent-here", "none")
SCENARIO = parse_scenario(
    'name = "x"\n[[site]]\nname = "known.example"\naddresses = ["198.51.100.3"]\n'
    + "".join(
        f'[[site]]\nname = "{kind}.example"\naddresses = ["127.0.1.{number}"]\nresolver = "{kind}"\n'
        for number, kind in enumerate(KINDS, 1)
    )
)
QUERY = dns.padded(dns.query("known.example", "A", 7))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """One root for the module."""
    return Authority(tmp_path_factory.mktemp("pki"), dt.datetime.now(dt.UTC))


def free_port():
    """A port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def talk(authority, tmp_path, monkeypatch):
    """What comes back to some bytes sent to a resolver of a kind, by protocol, from here or from elsewhere."""
    monkeypatch.setattr(web, "HTTP_PORT", free_port())
    monkeypatch.setattr(web, "HTTPS_PORT", free_port())
    monkeypatch.setattr(encrypted, "PORT", free_port())

    def run(kind, port, data, source=ELSEWHERE):
        async def conversation():
            log = TruthLog(tmp_path / "truth.jsonl")
            sites = [site for site in SCENARIO.site if site.name != "known.example"]
            served = Web(sites, authority, inside=Inside(Zone(SCENARIO, log, frozenset({HERE})), frozenset({HERE})))
            await served.serve()
            await asyncio.sleep(0)
            try:
                context = ssl.create_default_context(cafile=authority.roots)
                reader, writer = await asyncio.open_connection(
                    f"127.0.1.{KINDS.index(kind) + 1}", port, ssl=context, server_hostname=f"{kind}.example",
                    local_addr=(source, 0),
                )  # fmt: skip
                writer.write(data)
                try:
                    return await asyncio.wait_for(reader.read(65536), 0.3)
                except TimeoutError:
                    return None
                finally:
                    writer.close()
            finally:
                await served.close()
                log.close()

        return asyncio.run(asyncio.wait_for(conversation(), 10))

    return run


def framed(message):
    """A message as a stream has it."""
    return len(message).to_bytes(2, "big") + message


def posted(body, target="/dns-query"):
    """A question over HTTPS."""
    return http.request_bytes("POST", target, "dns.example", [("Content-Type", "application/dns-message")], body)


def said(message):
    """Addresses or failure of an answer."""
    answer = dns.parse(message)[3]
    return answer.failure or answer.addresses


TRUTH = ("198.51.100.3",)


@pytest.mark.parametrize(
    ("kind", "source", "wanted"),
    [
        ("answers", HERE, TRUTH),
        ("refuses", ELSEWHERE, Failure.DNS_REFUSED),
        ("refuses-here", HERE, Failure.DNS_REFUSED),
        ("refuses-here", ELSEWHERE, TRUTH),
        ("silent-here", ELSEWHERE, TRUTH),
    ],
)
def test_a_question_is_answered_over_either(talk, kind, source, wanted):
    """The same words over TLS and over HTTPS, to those from here and from elsewhere."""
    over_tls = talk(kind, encrypted.PORT, framed(QUERY), source)
    assert said(over_tls[2:]) == wanted
    over_https = talk(kind, web.HTTPS_PORT, posted(QUERY), source)
    head, _, body = over_https.partition(b"\r\n\r\n")
    assert b" 200 " in head
    assert said(body) == wanted


@pytest.mark.parametrize(("kind", "source"), [("silent", ELSEWHERE), ("silent-here", HERE)])
def test_some_say_nothing(talk, kind, source):
    """Neither answer nor end comes."""
    assert talk(kind, encrypted.PORT, framed(QUERY), source) is None
    assert talk(kind, web.HTTPS_PORT, posted(QUERY), source) is None


def test_some_say_what_is_no_answer(talk):
    """An error: 404, or the end. Junk: a page where a message belongs."""
    assert talk("error", encrypted.PORT, framed(QUERY)) == b""
    assert b" 404 " in talk("error", web.HTTPS_PORT, posted(QUERY))
    assert talk("junk", encrypted.PORT, framed(QUERY))[2:].startswith(b"<!doctype")
    assert b" 200 " in talk("junk", web.HTTPS_PORT, posted(QUERY))


def test_what_is_no_question_is_refused(talk):
    """Over HTTPS by a status, over TLS by the end."""
    assert b" 400 " in talk("answers", web.HTTPS_PORT, posted(b"no question"))
    assert talk("answers", encrypted.PORT, framed(b"no question")) == b""


def test_elsewhere_on_its_server_is_a_page(talk):
    """A resolver over HTTPS is a web site too; a site that is none has no such place."""
    assert b"<p>" in talk("answers", web.HTTPS_PORT, posted(QUERY, "/"))
    assert b"<p>" in talk("none", web.HTTPS_PORT, posted(QUERY))
    with pytest.raises(OSError, match=r"."):
        talk("none", encrypted.PORT, framed(QUERY))
