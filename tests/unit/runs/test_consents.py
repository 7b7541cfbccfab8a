"""The register of consents: kept, found, withdrawn, and never read out of a damaged line."""

import pytest

from hushmap.runs.consents import Consent, ConsentRegister, Withdrawal


def consent(**changes):
    """An agreement to text 1 on Net-A."""
    fields = {"text": 1, "language": "en", "network": "Net-A", "count": 50, "when": "2026-11-21T22:33:00Z"}
    return Consent(**fields | changes)


@pytest.fixture
def register(monkeypatch, tmp_path):
    """The register of a person without one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return ConsentRegister()


def test_a_consent_is_kept_and_found(register):
    """It is found for its text, network and risks, by its reference, by another process too."""
    assert register.find(1, "Net-A") is None
    given = consent(risk=("GMB", "LGBT"))
    assert register.give(given) == given.ref
    assert given.ref.startswith("1.en ")
    again = ConsentRegister(register.path)
    assert again.find(1, "Net-A", {"LGBT"}) == given
    assert again.find(1, "Net-A") == given
    assert register.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("text", "network", "risk"), [(2, "Net-A", ()), (1, "Net-B", ()), (1, "Net-A", {"LGBT"})])
def test_a_consent_covers_nothing_else(register, text, network, risk):
    """Another text, another network or one more risk has to be asked about."""
    register.give(consent(risk=("GMB",)))
    assert register.find(text, network, risk) is None


def test_the_latest_consent_is_found(register):
    """Of several that cover a run the last one counts."""
    register.give(consent(count=1))
    register.give(consent(count=2))
    assert register.find(1, "Net-A").count == 2


def test_a_consent_can_be_withdrawn(register):
    """For one network or for all; what was agreed to later stands; the history keeps everything."""
    register.give(consent())
    register.give(consent(network="Net-B"))
    assert register.withdraw("2026-11-22T00:00:00Z", "Net-A") == 1
    assert [one.network for one in register.valid()] == ["Net-B"]
    assert register.withdraw("2026-11-22T00:00:01Z") == 1
    assert register.valid() == ()
    register.give(consent())
    assert register.find(1, "Net-A")
    assert [type(line) for line in register.history()] == [Consent, Consent, Withdrawal, Withdrawal, Consent]


@pytest.mark.parametrize("line", [b"damaged\n", b'{"kind":"given","text":1}\n', b"[" * 100_000 + b"\n"])
def test_a_damaged_line_withdraws_what_was_before(register, line):
    """It may have been a withdrawal: asking once more is the safe reading."""
    register.give(consent())
    with register.path.open("ab") as file:
        file.write(line)
    assert register.find(1, "Net-A") is None
    register.give(consent())
    assert register.find(1, "Net-A")


def test_a_torn_line_is_no_consent(register):
    """A consent whose line was not finished was not given; the next one stands alone."""
    register.give(consent())
    whole = register.path.read_bytes()
    register.path.write_bytes(whole[:-1])
    assert register.valid() == ()
    register.give(consent(network="Net-B"))
    assert [one.network for one in register.valid()] == ["Net-B"]
