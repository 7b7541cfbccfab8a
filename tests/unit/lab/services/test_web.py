"""The web servers on loopback: each behaviour as a client meets it."""

import asyncio
import datetime as dt
import socket
import ssl
from contextlib import asynccontextmanager

import pytest

from hushmap.lab.scenario import Site
from hushmap.lab.services import web as service
from hushmap.lab.services.pages import CAPTCHA, NOTICE
from hushmap.lab.services.pki import Authority
from hushmap.lab.services.web import Web

ONE, TWO, THREE, FOUR = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
SIX, SEVEN, EIGHT, NINE = "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9"
SITES = (
    Site(name="a.example", addresses=(ONE,)),
    Site(name="b.example", addresses=(ONE,), redirect="https://a.example/"),
    Site(name="strict.example", addresses=(TWO,), strict_sni=True, page="captcha", http="page"),
    Site(name="notice.example", addresses=(THREE,), page="notice", http="page", https="refused"),
    Site(name="secure.example", addresses=(FOUR,), http="refused"),
    Site(name="dead.example", addresses=("127.0.0.5",), dead=("127.0.0.5",)),
    Site(name="alerting.example", addresses=(SIX,), alert_sni=True),
    Site(name="geo-reset.example", addresses=(SIX,), geo="reset"),
    Site(name="geo-alert.example", addresses=(SIX,), geo="alert"),
    Site(name="slow.example", addresses=(SEVEN,), http="page", drip_s=0.2),
    Site(name="cut.example", addresses=(SEVEN,), http="page", cut=True),
    Site(name="box.example", addresses=(EIGHT,), https="interceptor"),
    Site(name="trusted-box.example", addresses=(NINE,), https="interceptor-trusted"),
)
HERE, ELSEWHERE = "127.0.0.20", "127.0.0.21"


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
def serving(authority, monkeypatch):
    """A way to run one conversation with the servers."""
    monkeypatch.setattr(service, "HTTP_PORT", free_port())
    monkeypatch.setattr(service, "HTTPS_PORT", free_port())

    @asynccontextmanager
    async def servers():
        web = Web(SITES, authority, clients=frozenset({HERE}))
        await web.serve()
        await asyncio.sleep(0)
        try:
            yield
        finally:
            await web.close()

    def run(conversation):
        async def whole():
            async with servers():
                return await asyncio.wait_for(conversation(), 10)

        return asyncio.run(whole())

    return run


async def plain(address, data):
    """One exchange over plain HTTP."""
    reader, writer = await asyncio.open_connection(address, service.HTTP_PORT)
    writer.write(data)
    answer = await reader.read()
    writer.close()
    return answer


def get(host, target="/"):
    """The bytes of a GET."""
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


async def secure(address, name, host, authority, *, check=True, source=ELSEWHERE):
    """One exchange over TLS from an address: the certificate's names, and the answer."""
    context = ssl.create_default_context(cafile=authority.roots)
    context.check_hostname = check
    reader, writer = await asyncio.open_connection(
        address, service.HTTPS_PORT, ssl=context, server_hostname=name, local_addr=(source, 0)
    )
    names = [value for _, value in writer.get_extra_info("peercert")["subjectAltName"]]
    writer.write(get(host))
    answer = await reader.read()
    writer.close()
    return names, answer


def test_the_certificate_is_chosen_by_name(serving, authority):
    """Two sites share an address; an unknown name gets the first one's certificate and a page that is not there."""

    async def talk():
        return [
            await secure(ONE, "a.example", "a.example", authority),
            await secure(ONE, "b.example", "b.example", authority),
            await secure(ONE, "other.example", "other.example", authority, check=False),
        ]

    (names_a, page_a), (names_b, page_b), (names_c, page_c) = serving(talk)
    assert (names_a, names_b, names_c) == (["a.example"], ["b.example"], ["a.example"])
    assert page_a.startswith(b"HTTP/1.1 200 ")
    assert b"Welcome to a.example" in page_a
    assert page_b.startswith(b"HTTP/1.1 301 ")
    assert b"https://a.example/" in page_b
    assert page_c.startswith(b"HTTP/1.1 404 ")


def test_a_strict_server_resets_what_it_does_not_know(serving, authority):
    """Its own name shows a captcha over a valid certificate; any other is reset in the handshake."""

    async def talk():
        known = await secure(TWO, "strict.example", "strict.example", authority)
        with pytest.raises(ConnectionResetError):
            await secure(TWO, "a.example", "a.example", authority, check=False)
        return known

    names, page = serving(talk)
    assert names == ["strict.example"]
    assert page.startswith(b"HTTP/1.1 403 ")
    assert page.endswith(CAPTCHA)


def test_plain_http_redirects_shows_pages_and_notices(serving):
    """By default to HTTPS; a notice is shown whatever was asked for."""

    async def talk():
        return [
            await plain(ONE, get("a.example", "/x")),
            await plain(ONE, get("nobody.example")),
            await plain(THREE, get("anything.example")),
            await plain(ONE, b"no http\r\n\r\n"),
        ]

    moved, unknown, notice, scrap = serving(talk)
    assert moved.startswith(b"HTTP/1.1 301 ")
    assert b"Location: https://a.example/x" in moved
    assert unknown.startswith(b"HTTP/1.1 404 ")
    assert notice.endswith(NOTICE)
    assert scrap == b""


def test_what_nobody_serves_is_refused(serving):
    """A site without HTTPS, one without HTTP, and a dead address have no listener."""

    async def talk():
        refused = ((THREE, service.HTTPS_PORT), (FOUR, service.HTTP_PORT), ("127.0.0.5", service.HTTP_PORT))
        for address, port in refused:
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(address, port)
        return True

    assert serving(talk)


def test_a_hello_in_pieces_is_waited_for_and_a_hangup_is_let_go(serving, authority):
    """The name is read from as many segments as it takes; a client that leaves does not hurt."""

    async def talk():
        out = ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=authority.roots)
        with pytest.raises(ssl.SSLWantReadError):
            context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="b.example").do_handshake()
        hello = out.read()
        reader, writer = await asyncio.open_connection(ONE, service.HTTPS_PORT)
        writer.write(hello[:100])
        await asyncio.sleep(0.02)
        writer.write(hello[100:])
        first = await reader.read(3)
        writer.transport.abort()
        _, leaving = await asyncio.open_connection(ONE, service.HTTPS_PORT)
        leaving.write(hello[:50])
        leaving.close()
        again = await secure(ONE, "a.example", "a.example", authority)
        return first, again

    first, (names, _) = serving(talk)
    assert first == b"\x16\x03\x03"
    assert names == ["a.example"]


def test_an_alerting_server_names_its_reason(serving, authority):
    """unrecognized_name for whom it does not know; its own name is served."""

    async def talk():
        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            await secure(SIX, "b.example", "b.example", authority, check=False)
        return await secure(SIX, "alerting.example", "alerting.example", authority)

    assert serving(talk)[1].startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("name", "error"), [("geo-reset.example", ConnectionResetError), ("geo-alert.example", ssl.SSLError)]
)
def test_a_server_may_refuse_a_country(serving, authority, name, error):
    """Visitors from here are refused by its name; those from elsewhere are served."""

    async def talk():
        with pytest.raises(error):
            await secure(SIX, name, name, authority, source=HERE)
        return await secure(SIX, name, name, authority)

    assert serving(talk)[1].startswith(b"HTTP/1.1 200 ")


def test_a_body_may_drip_or_end_too_early(serving):
    """Drops make the whole page; a cut one is shorter than it said."""

    async def talk():
        began = asyncio.get_running_loop().time()
        slow = await plain(SEVEN, get("slow.example"))
        return slow, asyncio.get_running_loop().time() - began, await plain(SEVEN, get("cut.example"))

    slow, seconds, cut = serving(talk)
    assert seconds >= 0.15
    for answer, whole in ((slow, True), (cut, False)):
        head, _, body = answer.partition(b"\r\n\r\n")
        said = int(head.lower().partition(b"content-length: ")[2].split()[0])
        assert (len(body) == said) is whole
        assert body


def test_an_interceptor_has_a_certificate_for_every_name(serving, authority):
    """By a root of its own, which the lab's does not vouch for; or by the trusted one. It shows the site's page."""

    async def talk():
        with pytest.raises(ssl.SSLCertVerificationError):
            await secure(EIGHT, "any.example", "any.example", authority)
        first = await secure(NINE, "any.example", "any.example", authority)
        return first, await secure(NINE, "any.example", "any.example", authority)

    (names, page), again = serving(talk)
    assert names == again[0] == ["any.example"]
    assert b"Welcome to any.example" in page
