"""Services: read whole, or refused in one line with its place."""

import pytest

from hushmap.catalog import services
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.services import read_service, service_path
from hushmap.model import Endpoint, Group, Live, Service, Transport

HEAD = 'name = "chat"\ntitle = "Chat"\ncategory = "COMT"\n'
GROUP = '[[group]]\nname = "door"\n'
SAID = 'source = "a document"\ndate = "2026-11-22"\n'
ENDPOINT = f'[[endpoint]]\nname = "chat.example"\nanswers = "https"\n{SAID}'
RESOLVER = f'[[endpoint]]\naddress = "192.0.2.1"\nanswers = "dns"\n{SAID}'
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


@pytest.fixture
def shelf(probes, monkeypatch):
    """A folder of probes with services."""
    monkeypatch.setattr(services, "probes_dir", lambda: probes.path)
    return probes


def read(shelf, text, name="chat"):
    """The service of this text."""
    return read_service(shelf.write(f"services/{name}.toml", text))


def refused(shelf, text):
    """The error of a service of this text, without the file's path."""
    path = shelf.write("services/chat.toml", text)
    with pytest.raises(CatalogError) as caught:
        read_service(path)
    return str(caught.value).removeprefix(f"{path}:")


def test_a_service_is_read_whole(shelf):
    """Groups, endpoints, and what goes without saying: the first group, the protocol's port and carrier."""
    more = '[[group]]\nname = "calls"\nneeds = "every"\n'
    stun = f'[[endpoint]]\ngroup = "calls"\nname = "Stun.Example"\nanswers = "stun"\n{SAID}'
    vpn = f'[[endpoint]]\naddress = "192.0.2.7"\nanswers = "wireguard"\nkey = "{KEY}"\n{SAID}'
    tcp = f'[[endpoint]]\naddress = "192.0.2.7"\nanswers = "openvpn"\ntransport = "tcp"\nport = 443\n{SAID}'
    own = f'[[endpoint]]\nname = "own.example"\nanswers = "tls"\nverify = false\n{SAID}'
    found = read(shelf, HEAD + GROUP + more + ENDPOINT + stun + vpn + tcp + own)
    told = {"source": "a document", "date": "2026-11-22"}
    assert found == Service(
        name="chat",
        title="Chat",
        category="COMT",
        groups=(Group(name="door"), Group(name="calls", every=True)),
        endpoints=(
            Endpoint(group="door", answers=Live.HTTPS, port=443, name="chat.example", **told),
            Endpoint(
                group="calls",
                answers=Live.STUN,
                port=3478,
                name="stun.example",
                transport=Transport.UDP,
                **told,
            ),
            Endpoint(
                group="door",
                answers=Live.WIREGUARD,
                port=51820,
                address="192.0.2.7",
                transport=Transport.UDP,
                key=KEY,
                **told,
            ),
            Endpoint(group="door", answers=Live.OPENVPN, port=443, address="192.0.2.7", **told),
            Endpoint(group="door", answers=Live.TLS, port=443, name="own.example", verify=False, **told),
        ),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEAD.replace("chat", "other", 1) + GROUP + ENDPOINT, "1:1: 'other' is not the file's name"),
        (HEAD.replace("COMT", "CHAT") + GROUP + ENDPOINT, "3:1: unknown category 'CHAT'"),
        (HEAD + "port = 1\n" + GROUP + ENDPOINT, "4:1: unknown key 'port'"),
        (HEAD + ENDPOINT, "1:1: no [[group]]"),
        (HEAD + GROUP + GROUP + ENDPOINT, "1:1: two groups of one name"),
        (HEAD + GROUP + '[[group]]\nname = "b"\n' + ENDPOINT, "1:1: group 'b' has no endpoint"),
        (HEAD + GROUP + 'needs = "some"\n' + ENDPOINT, "6:1: unknown needs 'some'; use any or every"),
        (HEAD + GROUP + ENDPOINT + 'group = "b"\n', "11:1: there is no group 'b'"),
        (HEAD + GROUP + ENDPOINT.replace("https", "smtp"), "8:1: unknown answer 'smtp'"),
        (HEAD + GROUP + ENDPOINT + 'address = "192.0.2.1"\n', "7:1: 2 of name and address"),
        (HEAD + GROUP + RESOLVER.replace("address", "name"), "7:1: a resolver is asked at its address"),
        (HEAD + GROUP + ENDPOINT.replace("chat.example", "router.lan"), "7:1: 'router.lan' is not a name of the pub"),
        (HEAD + GROUP + ENDPOINT.replace("name", "address", 1), "7:1: a page needs the name of its site"),
        (HEAD + GROUP + RESOLVER.replace("192.0.2.1", "192.168.0.1"), "7:1: '192.168.0.1' is no address of the pub"),
        (HEAD + GROUP + RESOLVER.replace("192.0.2.1", "192.0.2.1000"), "7:1: '192.0.2.1000' is no address of the"),
        (HEAD + GROUP + ENDPOINT.replace("https", "tcp"), "6:1: no port, and tcp has none of its own"),
        (HEAD + GROUP + ENDPOINT + "port = true\n", "11:1: 'True' is no port"),
        (HEAD + GROUP + ENDPOINT + "port = 65536\n", "11:1: '65536' is no port"),
        (HEAD + GROUP + ENDPOINT + 'transport = "udp"\n', "11:1: https does not go over 'udp'; use tcp"),
        (HEAD + GROUP + ENDPOINT + 'path = "x y"\n', "11:1: 'x y' is no path"),
        (HEAD + GROUP + ENDPOINT + 'verify = "no"\n', "11:1: verify is neither true nor false"),
        (HEAD + GROUP + ENDPOINT + f'key = "{KEY}"\n', "11:1: is no public key of WireGuard"),
        (HEAD + GROUP + RESOLVER.replace("dns", "wireguard") + 'key = "?"\n', "11:1: is no public key of WireGuard"),
        (
            HEAD + GROUP + RESOLVER.replace("dns", "wireguard") + 'key = "ключ"\n',
            "11:1: is no public key of WireGuard",
        ),
        (HEAD + GROUP + ENDPOINT.replace("2026-11-22", "lately"), "10:1: 'lately' is not a date"),
        (HEAD + GROUP + ENDPOINT.replace("2026-11-22", "20261122"), "10:1: '20261122' is not a date"),
        (HEAD + GROUP + ENDPOINT.replace("source", "notes"), "9:1: unknown key 'notes'"),
        (HEAD + GROUP + ENDPOINT + ENDPOINT, "1:1: chat.example is asked the same twice"),
    ],
)
def test_a_fault_names_its_place(shelf, text, complaint):
    """One line: where, what, and the remedy."""
    said = refused(shelf, text)
    assert said.startswith(complaint), said
    assert "; " in said


def test_a_service_of_many_endpoints_is_refused(shelf):
    """Each costs contacts."""
    many = "".join(ENDPOINT.replace("chat.", f"c{count}.") for count in range(17))
    assert "more than 16 endpoints" in refused(shelf, HEAD + GROUP + many)


def test_the_hard_exclusions_hold_here_too(shelf):
    """In names, paths and titles."""
    shelf.exclude("forbidden.example", "forbiddenpath", "forbiddentitle")
    for text in (
        ENDPOINT.replace("chat.example", "forbidden.example"),
        ENDPOINT + 'path = "/forbiddenpath"\n',
    ):
        assert "hard exclusion list" in refused(shelf, HEAD + GROUP + text)
    assert "hard exclusion list" in refused(shelf, HEAD.replace("Chat", "Forbiddentitle") + GROUP + ENDPOINT)


def test_a_service_is_found_beside_the_list_or_among_the_shipped_ones(shelf):
    """One's own comes first; a name that is no bare name is no file."""
    assert service_path("chat", shelf.path / "elsewhere" / "lists") is None
    shipped = shelf.write("services/chat.toml", HEAD)
    assert service_path("chat", shelf.path / "elsewhere" / "lists") == shipped
    assert service_path("chat", shelf.path / "lists") == shipped
    own = shelf.write("mine/services/chat.toml", HEAD)
    assert service_path("chat", shelf.path / "mine") == own
    assert service_path("../services/chat", shelf.path / "mine") is None
