"""Our failures and OONI's strings."""

import pytest

from hushmap.model import Failure
from hushmap.wire.ooni_names import FROM_OONI, OURS, TO_OONI, from_ooni


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_goes_out_and_comes_back(failure):
    """The table has a row for every failure, and reading undoes writing."""
    assert from_ooni(TO_OONI[failure]) is failure


def test_what_df_007_has_keeps_its_name():
    """A failure goes out under its own name, or in df-007's form for an unknown one."""
    for failure, name in TO_OONI.items():
        unknown = failure in OURS or failure is Failure.UNKNOWN
        assert name == (f"unknown_failure: {failure.value}" if unknown else failure.value)


def test_success_and_unknown_strings():
    """No failure stays none; a string without a row is UNKNOWN, never success."""
    assert from_ooni(None) is None
    assert from_ooni("unknown_failure: wsarecv: something") is Failure.UNKNOWN
    assert from_ooni("") is Failure.UNKNOWN


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("ssl_error", Failure.TLS_FAILED),
        ("ssl_error: error:1408F10B:SSL routines:ssl3_get_record:wrong version number", Failure.TLS_FAILED),
        ("ssl_error: error:14007086:SSL routines:x:certificate verify failed", Failure.INVALID_CERTIFICATE),
        ("unknown_failure: remote error: tls: unrecognized name", Failure.TLS_ALERT),
        ("unknown_failure: net/http: x: malformed HTTP response", Failure.HTTP_INVALID),
        ("unknown_failure: wsarecv: An existing connection was forcibly closed by the remote host.", Failure.RESET),
        ("unknown_failure: connectex: the target machine actively refused it.", Failure.REFUSED),
        ("connection_reset: more", Failure.RESET),
        ("certificate verify failed", Failure.UNKNOWN),
        ("unknown_failure: ", Failure.UNKNOWN),
        (": ", Failure.UNKNOWN),
        ("network_error", Failure.UNKNOWN),
        ("http_invalid_redirect_url", Failure.UNKNOWN),
    ],
)
def test_a_librarys_own_words(text, failure):
    """A few phrases behind a colon have one meaning; the name before it counts else."""
    assert from_ooni(text) is failure


def test_old_names_are_read_and_never_written():
    """Names of old probes and helpers map to ours, and none of them shadows a name that is written."""
    assert from_ooni("deferred_timeout_error") is Failure.TIMEOUT
    assert len(FROM_OONI) > len(TO_OONI)
    assert len(set(TO_OONI.values())) == len(TO_OONI)
