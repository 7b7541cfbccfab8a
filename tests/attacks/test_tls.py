"""TLS servers of ill will: before, in and after the handshake."""

import itertools
import ssl
import time
import warnings

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from attackers import asked, attacking
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Limits
from hushmap.net.trust import _flight
from hushmap.wire.tls import ALERTS

NAME = "a.example"
BUDGET = Limits().connect + Limits().handshake
MANY = 2048
SHORT = 0.5
"""Seconds for a handshake that only a time-out ends."""
SLOW = 20.0
"""Seconds for a handshake with a server whose TLS is Python too."""

with warnings.catch_warnings(action="ignore"):  # its __init__ imports asyncore
    from tlslite.constants import KeyUpdateMessageType
    from tlslite.errors import BaseTLSException
    from tlslite.handshakesettings import HandshakeSettings
    from tlslite.messages import ApplicationData, HelloRequest
    from tlslite.tlsconnection import TLSConnection
    from tlslite.utils.keyfactory import parsePEMKey
    from tlslite.x509certchain import X509CertChain


def _record(kind, body):
    return bytes((kind, 3, 3)) + len(body).to_bytes(2, "big") + body


def _alert(number, level=2):
    return _record(21, bytes((level, number)))


def _shaken(serve, limit=20.0, **changes):
    with attacking(serve) as port:
        ask = Ask(layer=Layer.TLS, address="127.0.0.1", port=port, sni=NAME, **{"verify": False, **changes})
        outcome = asked(ask, budget=BUDGET, handshake=limit)
    assert outcome.undone is None
    return outcome.steps[-1]


def _endless(block, start=b""):
    def serve(connection):
        connection.recv(65536)
        connection.sendall(start)
        for piece in itertools.repeat(block):
            connection.sendall(piece)

    return serve


def _saying(*pieces):
    def serve(connection):
        connection.recv(65536)
        for piece in pieces:
            connection.sendall(piece)
        connection.recv(1)

    return serve


ENDLESS = {
    "empty handshake records": _record(22, b""),
    "empty alert records": _record(21, b""),
    "empty data records": _record(23, b""),
    "changes of cipher": _record(20, b"\x01"),
    "warnings": _alert(90, level=1),
    "requests to begin again": _record(22, bytes(4)),
    "data": _record(23, bytes(100)),
    "NULs": bytes(100),
    "text": b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


@pytest.mark.parametrize("start", [b"", b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"])
@pytest.mark.parametrize("what", ENDLESS)
def test_a_handshake_without_an_end_is_a_failure(what, start):
    """Records that carry nothing forward, in an endless row, also within a message that has begun."""
    step = _shaken(_endless(ENDLESS[what] * MANY, start), SHORT)
    assert step.failure in {Failure.TLS_FAILED, Failure.TIMEOUT, Failure.TLS_ALERT}, step


@pytest.mark.parametrize("kind", [1, 2, 4, 8, 11, 12, 13, 15, 20, 22, 24, 254])
def test_a_message_of_16_megabytes_is_not_gathered(kind):
    """A handshake message may state any length; nobody waits for the whole of it."""
    step = _shaken(_endless(_record(22, bytes(16384)), _record(22, bytes((kind, 255, 255, 255)))))
    assert step.failure is Failure.TLS_FAILED, step


@pytest.mark.parametrize("number", sorted({*ALERTS, 1, 99, 255} - {0}))
def test_an_alert_in_answer_to_the_hello_is_an_alert(number):
    """Every number, known or not, comes through as it was sent."""
    step = _shaken(_saying(_alert(number)))
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, number, True), step


@pytest.mark.parametrize("said", [b"\x02", b"\x02\x28\x00", b"\x09\x28", b"\x01\x28", b"\x01\x00", b"\x02\x00"])
def test_an_odd_alert_is_a_failure_too(said):
    """Too short, too long, of no known level, or a goodbye where none is due."""
    step = _shaken(_saying(_record(21, said)), SHORT)
    assert step.failure in {Failure.TLS_FAILED, Failure.TLS_ALERT, Failure.TIMEOUT, Failure.EOF}, step


def test_an_alert_after_the_certificate_keeps_what_was_shown(forge):
    """ServerHello and Certificate came, then a refusal: the number and the chain stay."""
    der = ssl.PEM_cert_to_DER_cert(forge.certificate().decode())
    step = _shaken(_saying(_flight((der,), b"\xc0\x2b"), _alert(40)))
    assert (step.failure, step.alert, step.spoke) == (Failure.TLS_ALERT, 40, True)


@pytest.mark.parametrize("limit", [1, 3, 5, 60])
def test_one_byte_at_a_time_is_a_time_out(forge, limit):
    """The limit is of the whole handshake, wherever in a record it stands still."""
    der = ssl.PEM_cert_to_DER_cert(forge.certificate().decode())
    flight = _flight((der,), b"\xc0\x2b")

    def serve(connection):
        connection.recv(65536)
        connection.sendall(flight[:limit])
        for at in itertools.count(limit):
            time.sleep(0.05)
            connection.sendall(flight[at : at + 1] or b"\x16")

    assert _shaken(serve, SHORT).failure is Failure.TIMEOUT


def _tls(context, then=None):
    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            if then is not None:
                then(secure)
            else:
                secure.recv(1)

    return serve


@pytest.mark.parametrize("tls12", [False, True])
def test_a_certificate_of_a_hundred_kilobytes_is_a_certificate(forge, tls12):
    """Just below what OpenSSL takes it is read, and only its facts are kept; above, the handshake fails."""
    context = forge.context(forge.certificate(padding=95_000), tls12=tls12)
    step = _shaken(_tls(context))
    assert (step.failure, len(step.chain), step.valid) == (None, 1, False)
    assert step.chain[0].names == (NAME,)
    above = _shaken(_tls(forge.context(forge.certificate(padding=200_000), tls12=tls12)))
    assert (above.failure, above.chain) == (Failure.TLS_FAILED, ())


def test_a_certificate_of_thousands_of_names_keeps_fifty(forge):
    """What is masked is masked before it is cut, and both are bounded."""
    names = (NAME, *(f"n{number}.a.example" for number in range(3500)))
    step = _shaken(_tls(forge.context(forge.certificate(names=names))))
    assert (step.failure, len(step.chain[0].names)) == (None, 50)


@pytest.mark.parametrize("verify", [False, True])
@pytest.mark.parametrize("length", [200, 1000])
def test_a_chain_of_a_thousand_is_no_chain(forge, length, verify):
    """What fits is read, ten of it are kept, and it holds for nobody; what does not fit is a failed handshake."""
    step = _shaken(_tls(forge.context(forge.chain(length))), verify=verify)
    assert len(step.chain) == (10 if length == 200 else 0)
    assert step.valid is (False if length == 200 else None)
    assert (step.failure is None) == (length == 200 and not verify), step


def _fetched(serve, forge):
    with attacking(serve) as port:
        url = f"https://{NAME}:{port}/"
        ask = Ask(layer=Layer.HTTP, address="127.0.0.1", url=url, sni=NAME, verify=False)
        outcome = asked(ask, budget=BUDGET + Limits().fetch, handshake=SLOW)
    assert (outcome.undone, len(outcome.steps)) == (None, 3), outcome
    return outcome.steps[-1]


def _lite(forge, tls12, then):
    """A server whose records can be anything."""
    pem = forge.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    chain = X509CertChain()
    chain.parsePemList(forge.certificate().decode())
    settings = HandshakeSettings()
    settings.maxVersion = (3, 3) if tls12 else (3, 4)

    def serve(connection):
        secure = TLSConnection(connection)
        try:
            key = parsePEMKey(pem, private=True)
            secure.handshakeServer(certChain=chain, privateKey=key, settings=settings, alpn=[b"http/1.1"])
            while True:
                then(secure)
        except (BaseTLSException, ssl.SSLError):
            return

    return serve


def _sent(message):
    def then(secure):
        for _ in secure._sendMsg(message()):
            pass

    return then


def _key_update(asking):
    def then(secure):
        for _ in secure.send_keyupdate_request(asking):
            pass

    return then


AFTER = {
    "empty data, TLS 1.2": (True, _sent(lambda: ApplicationData().create(bytearray()))),
    "empty data": (False, _sent(lambda: ApplicationData().create(bytearray()))),
    "renegotiation": (True, _sent(lambda: HelloRequest().create())),
    "new keys": (False, _key_update(KeyUpdateMessageType.update_not_requested)),
    "new keys on both sides": (False, _key_update(KeyUpdateMessageType.update_requested)),
}


@pytest.mark.parametrize("what", AFTER)
def test_a_connection_that_only_busies_itself_is_a_failure(forge, what):
    """After the handshake too: empty records, renegotiation and new keys without a word of HTTP."""
    tls12, then = AFTER[what]
    step = _fetched(_lite(forge, tls12, then), forge)
    assert (step.failure, step.page is None) in {(Failure.TLS_FAILED, True), (Failure.TIMEOUT, True)}, step


def test_tickets_without_an_end_are_a_failure(forge):
    """A server may send as many session tickets as it likes; nothing is kept of them."""
    context = forge.context(forge.certificate())
    context.num_tickets = 200_000
    step = _fetched(_tls(context), forge)
    assert step.failure in {Failure.TIMEOUT, Failure.TLS_FAILED}, step


def test_an_alert_instead_of_a_page_is_an_alert(forge):
    """TLS 1.3 refuses a client without a certificate only after its Finished: the first read tells, or the end does."""
    context = forge.context(forge.certificate())
    context.verify_mode = ssl.CERT_REQUIRED
    step = _fetched(_tls(context), forge)
    assert (step.failure, step.page) in {(Failure.TLS_ALERT, None), (Failure.RESET, None)}, step
