"""The lab's QUIC servers on loopback: each behaviour as the product's own client meets it."""

import asyncio
import datetime as dt
import socket

import pytest

from hushmap.lab.scenario import Site
from hushmap.lab.services import quic as service
from hushmap.lab.services.pki import Authority
from hushmap.lab.services.quic import Quic
from hushmap.model import Ask, Failure, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own

ONE, TWO, THREE, FOUR = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
SITES = (
    Site(name="a.example", addresses=(ONE,), quic="yes"),
    Site(name="b.example", addresses=(ONE,), quic="yes", page="captcha"),
    Site(name="own.example", addresses=(TWO,), quic="own-names"),
    Site(name="silent.example", addresses=(THREE,), quic="silent"),
    Site(name="refusing.example", addresses=(FOUR,), quic="refuses"),
    Site(name="none.example", addresses=("127.0.0.5",)),
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """One root for the module."""
    return Authority(tmp_path_factory.mktemp("pki"), dt.datetime.now(dt.UTC))


@pytest.fixture
def ask(authority, monkeypatch):
    """A way to ask one thing of the servers; the steps."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((ONE, 0))
        monkeypatch.setattr(service, "PORT", probe.getsockname()[1])

    def one(address, name, *, page=False, noise=None):
        async def go():
            servers = Quic(SITES, authority, clients=frozenset({ONE}))
            await servers.serve()
            limits = Limits(dwell=0.02, handshake=0.3 if address == THREE or name == "x" else 5.0)
            net = Net(Clock(), roots=str(authority.roots), own=Own(), limits=limits)
            place = {"address": address, "port": service.PORT, "transport": Transport.QUIC, "sni": name}
            if noise is not None:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                    sock.sendto(noise, (address, service.PORT))
            try:
                wanted = (
                    Ask(layer=Layer.HTTP, url=f"https://{name}:{service.PORT}/", **place)
                    if page
                    else Ask(layer=Layer.TLS, verify=name != "x", **place)
                )
                return (await net.ask(wanted)).steps
            finally:
                await servers.close()

        return asyncio.run(go())

    return one


def test_each_site_has_its_certificate_and_page(ask):
    """By name at one address, over HTTP/3; noise before it changes nothing."""
    hello, fetch = ask(ONE, "a.example", page=True, noise=b"\xc0noise")
    assert (hello.failure, hello.valid, fetch.protocol, fetch.page.status) == (None, True, "h3", 200)
    assert dict(fetch.page.headers)["alt-svc"].startswith("h3=")
    _, fetch = ask(ONE, "b.example", page=True)
    assert fetch.page.status == 403


def test_a_name_that_is_not_known_gets_the_first_sites_certificate(ask):
    """As edges do; a server for its own names alone does not answer."""
    (hello,) = ask(ONE, "x")
    assert (hello.failure, hello.valid, hello.chain[0].names) == (None, False, ("a.example",))
    assert ask(TWO, "x")[0].failure is Failure.TIMEOUT
    assert ask(TWO, "own.example")[0].failure is None


@pytest.mark.parametrize(
    ("address", "name", "failure"),
    [
        (THREE, "silent.example", Failure.TIMEOUT),
        (FOUR, "refusing.example", Failure.TLS_ALERT),
        ("127.0.0.5", "none.example", Failure.REFUSED),
    ],
)
def test_most_servers_speak_none(ask, address, name, failure):
    """Silence, an alert, or nobody listens."""
    (hello,) = ask(address, name)
    assert hello.failure is failure
