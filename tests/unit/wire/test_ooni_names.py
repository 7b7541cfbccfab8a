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


def test_old_names_are_read_and_never_written():
    """Names of old probes and helpers map to ours, and none of them shadows a name that is written."""
    assert from_ooni("deferred_timeout_error") is Failure.TIMEOUT
    assert len(FROM_OONI) > len(TO_OONI)
    assert len(set(TO_OONI.values())) == len(TO_OONI)
