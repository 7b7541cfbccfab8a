"""OONI's connections, handshakes and requests as trials of endpoints."""

import msgspec

import foreign
from foreign import ADDRESS, NAME, SECOND, SIX, URL, request, tcp, tls
from hushmap.codec.ooni_contacts import trials
from hushmap.codec.ooni_loose import TestKeys as Keys
from hushmap.codec.ooni_numbers import FIRST, Numbers
from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer, Resolve

PLAIN = f"http://{NAME}/"


def read(**keys):
    """The trials of test keys."""
    return trials(msgspec.json.decode(foreign.line(foreign.keys(**keys)), type=Keys), NAME, Numbers())


def kinds(trial):
    """The kinds of a trial's steps."""
    return [type(step) for step in trial.steps]


def of(number, *tags):
    """What ties an entry to a transaction."""
    return {"transaction_id": number, "tags": [*tags]}


def test_a_transaction_is_one_trial():
    """Connection, handshake and request of one number; the ask is as deep as it went."""
    (found,) = read(
        tcp_connect=[tcp(t0=0.1, t=0.2, **of(7))],
        tls_handshakes=[tls(t0=0.2, t=0.3, **of(7))],
        requests=[request(t0=0.3, t=0.5, address=f"{ADDRESS}:443", **of(7))],
    )
    assert (found.id, found.t0, found.t) == (7, 0.1, 0.5)
    assert found.ask == Ask(layer=Layer.HTTP, address=ADDRESS, port=443, sni=NAME, url=URL)
    assert kinds(found) == [Connect, Handshake, Fetch]


def test_a_transaction_that_went_less_deep():
    """A handshake is asked for by its name, a bare connection for its host."""
    deep, bare = read(
        tcp_connect=[tcp(**of(7)), tcp(ip=SECOND, port=80, **of(8, "fetch_body=false", "depth=0"))],
        tls_handshakes=[tls(failure="connection_reset", **of(7))],
    )
    assert deep.ask == Ask(layer=Layer.TLS, address=ADDRESS, port=443, sni=NAME)
    assert bare.ask == Ask(layer=Layer.TCP, address=SECOND, port=80, host=NAME)
    assert kinds(deep) == [Connect, Handshake]


def test_the_host_of_a_depth():
    """A bare connection after a redirect is about the host that the redirect led to."""
    tags = [("depth=0",), ("depth=1",), ("depth=2",), ("depth=3",), ("fetch_body=false",), ()]
    found = read(
        tcp_connect=[tcp(**of(10 + at, *some)) for at, some in enumerate(tags)],
        queries=[foreign.query(hostname="One.example.", tags=["depth=1"]), foreign.query(hostname="x.example")],
        requests=[
            request(url="http://one.example/", tags=["depth=1"]),
            request(url="http://two.example/", tags=["classic", "depth=2"]),
            request(url="not a url", tags=["depth=3"]),
        ],
        tls_handshakes=[tls(name="three.example", tags=["depth=3"]), tls(name=None, tags=["depth=4"])],
    )
    assert [trial.ask.host for trial in found if trial.id < FIRST] == [
        NAME,
        "one.example",
        "two.example",
        "three.example",
        None,
        None,
    ]


def test_a_step_after_a_failed_one_is_absent():
    """Unless something came of it all the same."""
    late = {"tls_handshakes": [tls(failure="eof_error", **of(7))], "requests": [request(code=None, **of(7))]}
    (found,) = read(tcp_connect=[tcp(failure="connection_refused", **of(7))], **late)
    assert kinds(found) == [Connect]
    assert found.ask.layer is Layer.HTTP
    (found,) = read(tcp_connect=[tcp(**of(7))], **late)
    assert kinds(found) == [Connect, Handshake]
    late = {"tls_handshakes": [tls(**of(7))], "requests": [request(**of(7))]}
    (found,) = read(tcp_connect=[tcp(failure="connection_refused", **of(7))], **late)
    assert kinds(found) == [Connect, Handshake, Fetch]


def test_parts_of_a_transaction():
    """Each part may be missing; the place is that of the deepest part that tells one."""
    (found,) = read(tls_handshakes=[tls(address=f"{ADDRESS}:443", **of(7))], requests=[request(**of(7))])
    assert (found.ask.address, found.ask.port, kinds(found)) == (ADDRESS, 443, [Handshake, Fetch])
    (found,) = read(requests=[request(address=f"[{SIX}]:443", **of(7))])
    assert found.ask == Ask(layer=Layer.HTTP, address=SIX, port=443, sni=NAME, url=URL)
    (found,) = read(requests=[request(**of(7))])
    assert (found.ask.address, found.ask.port) == (None, None)
    (found,) = read(tls_handshakes=[tls(**of(7))])
    assert found.ask == Ask(layer=Layer.TLS, port=443, sni=NAME)


def test_a_transaction_that_stands_twice():
    """The first entry of a kind is of the transaction; a second one is a trial of its own."""
    found = read(
        tcp_connect=[tcp(**of(7)), tcp(ip=SECOND, **of(7))],
        tls_handshakes=[tls(**of(7)), tls(name="two.example", address=f"{SECOND}:443", **of(7))],
        requests=[request(url="http://two.example/", **of(7)), request(**of(7))],
    )
    assert [(trial.id, trial.ask.layer, trial.ask.address) for trial in found] == [
        (7, Layer.HTTP, ADDRESS),
        (FIRST, Layer.TLS, SECOND),
        (FIRST + 1, Layer.HTTP, None),
    ]
    assert found[0].ask.url == URL


def test_the_arrival_of_bytes():
    """Events of the same transaction, and no others, make the curve of its fetch."""
    event = {"operation": "bytes_received_cumulative", "num_bytes": 10, "t": 0.5, "transaction_id": 7}
    (found,) = read(
        requests=[request(t0=0.4, t=0.6, **of(7))],
        network_events=[
            event,
            event | {"num_bytes": 20, "t": 0.6},
            event | {"transaction_id": 8},
            event | {"operation": "read"},
            event | {"num_bytes": None},
            event | {"transaction_id": 0},
            event | {"t": None},
        ],
    )
    assert [total for _, total in found.fetch.curve] == [10, 20]


def test_events_without_bytes():
    """Events of which none tells how many bytes arrived are not looked at, however they are spelled."""
    event = {"operation": "read", "num_bytes": "many", "transaction_id": 7}
    (found,) = read(requests=[request(**of(7))], network_events=[event])
    assert found.fetch.curve == ()
    keys = foreign.keys(requests=[request(t0=0.4, **of(7))], network_events=[{}])
    told = rb'{"operation":"bytes\u005freceived_cumulative","num_bytes":10,"t":0.5,"transaction_id":7}'
    line = foreign.line(keys).replace(b'"network_events":[{}]', b'"network_events":[' + told + b"]")
    (found,) = trials(msgspec.json.decode(line, type=Keys), NAME, Numbers())
    assert [total for _, total in found.fetch.curve] == [10]


def test_requests_without_a_transaction():
    """OONI writes the newest first; each is a trial without a place, as nothing tells it."""
    found = read(requests=[request(url=f"{URL}home"), request(url=PLAIN, code=302), request(url="x", code=302)])
    assert [(trial.id, trial.ask.url, trial.ask.sni) for trial in found] == [
        (FIRST, "x", None),
        (FIRST + 1, PLAIN, None),
        (FIRST + 2, f"{URL}home", NAME),
    ]
    assert {trial.ask.address for trial in found} == {None}


def test_a_request_of_the_old_client_has_the_step_that_failed():
    """It is asked for a page all the same."""
    (found,) = read(requests=[request(failure="dns_nxdomain_error", code=None)])
    assert (found.ask.layer, kinds(found)) == (Layer.HTTP, [Resolve])
    (found,) = read(requests=[request(failure="connection_refused", code=None, address=f"{ADDRESS}:443")])
    assert (found.ask.address, found.ask.port, kinds(found)) == (ADDRESS, 443, [Connect])


def test_connections_without_a_transaction():
    """Each is a trial about the site."""
    found = read(tcp_connect=[tcp(port=80), tcp(ip=SECOND, port=80, failure="eof_error"), tcp(status=None)])
    assert [trial.ask for trial in found] == [
        Ask(layer=Layer.TCP, address=address, port=80, host=NAME) for address in (ADDRESS, SECOND)
    ]
    assert [trial.id for trial in found] == [FIRST, FIRST + 1]


def test_handshakes_are_put_with_the_connections_that_came_up():
    """In their order, where there are as many; a connection that failed has none."""
    found = read(
        tcp_connect=[tcp(ip=SIX, failure="network_unreachable"), tcp(t=0.1), tcp(ip=SECOND, t=0.2)],
        tls_handshakes=[tls(t=0.3), tls(failure="connection_reset", t=0.4)],
    )
    assert [(trial.ask.layer, trial.ask.address, kinds(trial)) for trial in found] == [
        (Layer.TCP, SIX, [Connect]),
        (Layer.TLS, ADDRESS, [Connect, Handshake]),
        (Layer.TLS, SECOND, [Connect, Handshake]),
    ]
    assert (found[2].handshake.address, found[2].handshake.failure) == (SECOND, Failure.RESET)
    assert (found[2].t0, found[2].t) == (0.2, 0.4)


def test_handshakes_that_tell_their_address():
    """They are put with the connection to it, in any number and order."""
    found = read(
        tcp_connect=[tcp(), tcp(ip=SECOND), tcp(port=80)],
        tls_handshakes=[tls(address=f"{SECOND}:443"), tls(address=f"[{SIX}]:443")],
    )
    assert [(trial.ask.layer, trial.ask.address, kinds(trial)) for trial in found] == [
        (Layer.TCP, ADDRESS, [Connect]),
        (Layer.TLS, SECOND, [Connect, Handshake]),
        (Layer.TCP, ADDRESS, [Connect]),
        (Layer.TLS, SIX, [Handshake]),
    ]


def test_handshakes_that_could_be_of_any_connection():
    """They stand alone: no address is guessed."""
    found = read(tcp_connect=[tcp(), tcp(ip=SECOND)], tls_handshakes=[tls(t=0.3)])
    assert [(trial.ask.layer, trial.ask.address, kinds(trial)) for trial in found] == [
        (Layer.TCP, ADDRESS, [Connect]),
        (Layer.TCP, SECOND, [Connect]),
        (Layer.TLS, None, [Handshake]),
    ]


def test_the_same_connection_twice():
    """Two connections to one place with one handshake each keep both handshakes."""
    found = read(tcp_connect=[tcp(t=0.1), tcp(t=0.2)], tls_handshakes=[tls(t=0.3), tls(t=0.4)])
    assert sum(len(trial.steps) for trial in found) == 4
    found = read(tcp_connect=[tcp(failure="eof_error"), tcp()], tls_handshakes=[tls(address=f"{ADDRESS}:443")])
    assert [kinds(trial) for trial in found] == [[Connect], [Connect, Handshake]]


def test_nothing():
    """Null lists are empty lists."""
    assert read(tcp_connect=None, requests=None, network_events=None) == []
