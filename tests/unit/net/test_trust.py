"""Whether a chain holds, decided in memory by OpenSSL itself."""

import ssl

import certifi
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hushmap.model import Failure
from hushmap.net import trust as room
from hushmap.net.trust import Trust, client

DAY = 86400.0


@pytest.fixture
def trust(pki):
    """Trust in the test's authority alone."""
    return Trust(str(pki.roots))


def _chain(pki, *names, **how):
    certificate, _ = pki.leaf(*names, **how)
    return certificate.public_bytes(Encoding.DER), pki.ca.public_bytes(Encoding.DER)


@pytest.mark.parametrize("use_rsa", [False, True])
def test_a_good_chain_holds_for_its_name(pki, trust, use_rsa):
    """Either kind of key; only for the name, or for none."""
    chain = _chain(pki, "a.example", use_rsa=use_rsa)
    assert trust.check(chain, "a.example") is None
    assert trust.check(chain, None) is None
    assert trust.check(chain, "b.example") is Failure.INVALID_HOSTNAME


def test_bad_chains_fail_each_in_its_way(pki, trust):
    """Expired, not yet valid, self-signed and unreadable are told apart as far as the model does."""
    assert trust.check(_chain(pki, "a.example", days=-0.5), "a.example") is Failure.INVALID_CERTIFICATE
    assert trust.check(_chain(pki, "a.example", start=1), "a.example") is Failure.INVALID_CERTIFICATE
    alone = _chain(pki, "a.example", self_signed=True)[:1]
    assert trust.check(alone, "a.example") is Failure.UNKNOWN_AUTHORITY
    assert trust.check((b"no certificate",), "a.example") is Failure.INVALID_CERTIFICATE


def test_the_system_store_is_asked_beside(pki, trust):
    """The test's authority is in no system store."""
    assert trust.check_system(_chain(pki, "a.example"), "a.example") is False


def test_a_verdict_is_remembered_for_a_minute(pki, trust, monkeypatch):
    """The same chain and name are shown once in it; another name, another minute, or a very long chain is shown anew."""
    shown, now = [], [0.0]
    monkeypatch.setattr(room, "_shown", lambda context, chain, name: shown.append(name))
    monkeypatch.setattr(room.time, "time", lambda: now[0])
    chain = _chain(pki, "a.example")
    for name in ("a.example", "a.example", "b.example"):
        trust.check(chain, name)
    assert shown == ["a.example", "b.example"]
    now[0] = 61.0
    trust.check(chain, "a.example")
    for _ in range(2):
        trust.check((*chain, bytes(16_384)), "a.example")
    assert shown[2:] == ["a.example"] * 3


def test_long_chains_are_shown_in_several_records(pki, trust):
    """A chain longer than a record is still read."""
    chain = _chain(pki, "a.example")
    padding = _chain(pki, *(f"{number}.{'x' * 50}.example" for number in range(400)))[0]
    assert len(padding) > 20000
    assert trust.check((*chain, padding), "a.example") is None


def test_dates_are_read_at_the_corrected_time(pki, trust):
    """With a clock that is wrong by more than the slack, only the corrected time counts."""
    expired = _chain(pki, "a.example", start=-10, days=-5)
    good = _chain(pki, "a.example")
    assert trust.check(expired, "a.example", -7 * DAY) is None
    assert trust.check(expired, "a.example", -30.0) is Failure.INVALID_CERTIFICATE
    assert trust.check(good, "a.example", 60 * DAY) is Failure.INVALID_CERTIFICATE
    assert trust.check(good, "b.example", 7 * DAY) is Failure.INVALID_HOSTNAME
    assert room._dated(b"no certificate", 0.0) is Failure.INVALID_CERTIFICATE


def test_contexts_are_made_once_and_bundled_by_default(trust):
    """Mozilla's roots unless others are given; the same context each time."""
    assert Trust().roots == certifi.where()
    assert trust.context(verify=True) is trust.context(verify=True, offset=5.0)
    assert trust.context(verify=True, offset=1e6) is not trust.context(verify=True)
    assert trust.context(verify=False).verify_mode is ssl.CERT_NONE
    assert trust.context(verify=True, alpn=("dot",)) is trust.context(verify=True, alpn=("dot",))
    assert trust.context(verify=True, alpn=("dot",)) is not trust.context(verify=True)


def test_a_client_without_a_name_leaves_the_context_as_it_was(trust):
    """No name can be checked where none is sent, and the next client checks again."""
    context = trust.context(verify=True)
    client(context, ssl.MemoryBIO(), ssl.MemoryBIO(), None)
    assert context.check_hostname
