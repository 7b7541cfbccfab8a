"""What OONI's test helper saw, as trials of side helper."""

import msgspec
import pytest

import foreign
from foreign import ADDRESS, NAME, SECOND, SIX, URL, control
from hushmap.codec.ooni_helper import told, trials
from hushmap.codec.ooni_loose import TestKeys as Keys
from hushmap.codec.ooni_numbers import FIRST, Numbers
from hushmap.codec.ooni_page import HEADERS
from hushmap.model import Answer, Ask, Connect, Failure, Fetch, Handshake, Layer, Page, Resolve, Side, Trial


def keys(**more):
    """Test keys."""
    return msgspec.convert(foreign.keys(**more), Keys)


def read(url=URL, site=NAME, **more):
    """The trials of what the helper saw."""
    return trials(told(keys(control=control(**more))), url, site, Numbers())


def only(layer, **more):
    """The steps of the only trial of a layer."""
    ((*found,),) = (trial.steps for trial in read(**more) if trial.ask.layer is layer)
    return found


def test_all_that_a_helper_tells():
    """A lookup, each endpoint and a page, all on its side, at no time."""
    end = f"{ADDRESS}:443"
    found = read(
        tcp_connect={end: {"status": True, "failure": None}, f"[{SIX}]:80": {"status": True}},
        tls_handshake={end: {"server_name": NAME, "status": True, "failure": None}},
    )
    assert found == [
        Trial(
            id=FIRST,
            ask=Ask(layer=Layer.DNS, name=NAME, qtype="A+AAAA", resolver="system"),
            side=Side.HELPER,
            steps=(
                Resolve(
                    t0=0.0,
                    t=0.0,
                    resolver="system",
                    name=NAME,
                    qtype="A+AAAA",
                    answers=(Answer(t=0.0, addresses=(ADDRESS,)),),
                ),
            ),
        ),
        Trial(
            id=FIRST + 1,
            ask=Ask(layer=Layer.TLS, address=ADDRESS, port=443, sni=NAME),
            side=Side.HELPER,
            steps=(
                Connect(t0=0.0, t=0.0, address=ADDRESS, port=443),
                Handshake(t0=0.0, t=0.0, address=ADDRESS, port=443, sni=NAME, spoke=True, valid=True),
            ),
        ),
        Trial(
            id=FIRST + 2,
            ask=Ask(layer=Layer.TCP, address=SIX, port=80, host=NAME),
            side=Side.HELPER,
            steps=(Connect(t0=0.0, t=0.0, address=SIX, port=80),),
        ),
        Trial(
            id=FIRST + 3,
            ask=Ask(layer=Layer.HTTP, url=URL),
            side=Side.HELPER,
            steps=(Fetch(t0=0.0, t=0.0, url=URL, page=Page(status=200, title="News", body_length=9)),),
        ),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"control": None},
        {"control": {}},
        {"control": {"tcp_connect": {}, "dns": None}},
        {"control": control(), "control_failure": "connection_reset"},
        {"control": control(), "control_failure": ""},
    ],
)
def test_a_helper_that_did_not_answer(more):
    """One trial says so, and nothing that stands beside a failure is believed."""
    assert told(keys(**more)) is None
    assert trials(told(keys(**more)), URL, NAME, Numbers()) == [
        Trial(id=FIRST, ask=Ask(layer=Layer.HTTP, url=URL), side=Side.HELPER, undone="helper_failed")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"dns": {}},
        {"http_request": {"failure": "eof_error"}},
        {"tcp_connect": {f"{ADDRESS}:443": {"status": True}}},
    ],
)
def test_any_part_is_an_answer(more):
    """A helper that told one thing was there."""
    assert told(keys(control=more)) is not None
    assert len(trials(told(keys(control=more)), URL, NAME, Numbers())) == 1


@pytest.mark.parametrize(
    ("dns", "failure", "answers"),
    [
        ({"addrs": [ADDRESS, NAME, SIX]}, None, (Answer(t=0.0, addresses=(ADDRESS, SIX), cnames=(NAME,)),)),
        ({"addrs": []}, Failure.NO_ANSWER, (Answer(t=0.0, failure=Failure.NO_ANSWER),)),
        ({"failure": "dns_name_error", "addrs": None}, Failure.NXDOMAIN, (Answer(t=0.0, failure=Failure.NXDOMAIN),)),
        ({"failure": "generic_timeout_error"}, Failure.TIMEOUT, ()),
        (
            {"failure": "eof_error", "addrs": [ADDRESS]},
            Failure.EOF,
            (Answer(t=0.0, addresses=(ADDRESS,), failure=Failure.EOF),),
        ),
    ],
)
def test_lookups(dns, failure, answers):
    """Old helpers list names among addresses, and call nothing found a success."""
    (found,) = only(Layer.DNS, dns=dns)
    assert (found.failure, found.answers) == (failure, answers)


def test_an_address_is_not_looked_up():
    """For a URL with an address the helper's empty lookup says nothing."""
    found = read(url="https://192.0.2.1/", site="192.0.2.1", dns={"failure": None, "addrs": []})
    assert [trial.ask.layer for trial in found] == [Layer.HTTP]
    found = read(url="nonsense", site="", dns={"failure": None, "addrs": []})
    assert found[0].ask.name == "nonsense"


@pytest.mark.parametrize(
    ("row", "failure"),
    [
        ({"status": True}, None),
        ({"status": 1, "failure": None}, None),
        ({"status": False}, Failure.UNKNOWN),
        ({}, Failure.UNKNOWN),
        ({"status": True, "failure": "connection_refused_error"}, Failure.REFUSED),
        ({"status": False, "failure": "generic_timeout_error"}, Failure.TIMEOUT),
    ],
)
def test_connections(row, failure):
    """Only what it calls a success, without a failure, is one."""
    (found,) = only(Layer.TCP, tcp_connect={f"{ADDRESS}:80": row})
    assert found.failure is failure


@pytest.mark.parametrize(
    ("row", "failure", "valid", "spoke"),
    [
        ({"status": True}, None, True, True),
        ({"status": False, "failure": "ssl_invalid_hostname"}, Failure.INVALID_HOSTNAME, False, True),
        ({"status": False, "failure": "connection_reset"}, Failure.RESET, None, False),
        ({"status": False}, Failure.UNKNOWN, None, False),
    ],
)
def test_handshakes(row, failure, valid, spoke):
    """A certificate is valid, did not hold, or was not seen."""
    end = f"{ADDRESS}:443"
    _, found = only(Layer.TLS, tcp_connect={end: {"status": True}}, tls_handshake={end: row | {"server_name": NAME}})
    assert (found.failure, found.valid, found.spoke, found.sni) == (failure, valid, spoke, NAME)


def test_a_handshake_needs_its_connection():
    """None after a failed connection; none for an endpoint that was not tried; an address is no server name."""
    one, two = f"{ADDRESS}:443", f"{SECOND}:443"
    found = read(
        tcp_connect={one: {"status": False, "failure": "eof_error"}, two: {"status": True}},
        tls_handshake={
            one: {"server_name": ADDRESS, "status": True},
            two: {"server_name": "", "status": True},
            "192.0.2.99:443": {"status": True},
        },
    )[1:3]
    assert [(trial.ask.layer, trial.ask.sni, len(trial.steps)) for trial in found] == [
        (Layer.TLS, None, 1),
        (Layer.TLS, None, 2),
    ]


def test_an_endpoint_that_is_none():
    """The table is told, and the text."""
    with pytest.raises(ValueError, match=r"^'nowhere' is no address .* - at `\$\.test_keys\.control\.tcp_connect`$"):
        read(tcp_connect={"nowhere": {}})


def test_pages():
    """Title as ours, headers as ours; a body that broke off keeps its page."""
    headers = {"Server": "nginx", "Location": "/x", "Via": ["a", "b"]} | {f"X-{at}": "1" for at in range(HEADERS)}
    (found,) = only(
        Layer.HTTP,
        http_request={
            "failure": "eof_error",
            "status_code": 200,
            "title": "  A &amp;\n B ",
            "headers": headers,
            "body_length": 7,
        },
    )
    assert found.failure is Failure.EOF
    assert (found.page.title, found.page.server, found.page.location, found.page.body_length) == (
        "A & B",
        "nginx",
        "/x",
        7,
    )
    assert found.page.header_names[:4] == ("server", "location", "via", "via")
    assert (len(found.page.header_names), len(found.page.headers)) == (HEADERS + 4, HEADERS)


@pytest.mark.parametrize(
    ("row", "failure"),
    [
        (
            {"status_code": -1, "body_length": -1, "headers": -1, "title": -1, "failure": "unknown_error"},
            Failure.UNKNOWN,
        ),
        ({"status_code": None, "headers": None, "failure": "dns_lookup_error"}, Failure.DNS_TEMPORARY),
    ],
)
def test_pages_that_did_not_come(row, failure):
    """-1 and null stand for nothing."""
    (found,) = only(Layer.HTTP, http_request=row)
    assert (found.page, found.failure) == (None, failure)


def test_the_least_of_a_page():
    """Headers and title may be null or -1, the length too."""
    for nothing in (None, -1):
        row = {"status_code": 200, "headers": nothing, "title": nothing, "body_length": nothing}
        assert only(Layer.HTTP, http_request=row)[0].page == Page(status=200)
    assert only(Layer.HTTP, http_request={"status_code": 200, "headers": {}, "title": ""})[0].page == Page(status=200)


@pytest.mark.parametrize("row", [None, {}, {"status_code": 0, "failure": None}, {"status_code": -1}])
def test_a_helper_that_tells_nothing_of_a_page(row):
    """Neither a page nor a failure: no trial."""
    assert [trial.ask.layer for trial in read(http_request=row)] == [Layer.DNS]
