"""The one table of failures: every row, and what has none."""

import errno
import socket
import ssl

import pytest

from hushmap.model import CERTIFICATE, Failure
from hushmap.net import failures
from hushmap.wire import tls


@pytest.mark.parametrize(("number", "failure"), failures.ERRNO.items())
def test_every_errno_row_gives_its_failure_and_name(number, failure):
    """An errno of the table becomes its failure, and its name stays as detail."""
    assert failures.of_os(OSError(number, "x")) == (failure, errno.errorcode[number])


def test_the_errno_table_says_what_it_should():
    """The rows that verdicts rest on."""
    rows = {
        errno.ECONNREFUSED: "connection_refused",
        errno.ECONNRESET: "connection_reset",
        errno.EPIPE: "connection_reset",
        errno.ETIMEDOUT: "generic_timeout_error",
        errno.EHOSTUNREACH: "host_unreachable",
        errno.ENETUNREACH: "network_unreachable",
        errno.EACCES: "permission_denied",
    }
    assert {number: failures.ERRNO[number].value for number in rows} == rows


def test_icmpv6_prohibited_is_the_paths_doing_and_on_ipv4_eacces_is_ours():
    """EACCES means a reject on the path for IPv6, a local firewall for IPv4."""
    error = OSError(errno.EACCES, "x")
    assert failures.of_os(error, ipv6=True)[0] is Failure.HOST_UNREACHABLE
    assert failures.of_os(error)[0] is Failure.PERMISSION_DENIED
    assert failures.of_os(OSError(errno.ECONNRESET, "x"), ipv6=True)[0] is Failure.RESET


def test_what_has_no_row_is_unknown_and_keeps_its_number():
    """A gap in the table shows in the data, never as another failure."""
    assert failures.of_os(OSError(errno.EXDEV, "x")) == (Failure.UNKNOWN, "EXDEV")
    assert failures.of_os(OSError(99999, "x")) == (Failure.UNKNOWN, "errno 99999")
    assert failures.of_os(OSError("no number")) == (Failure.UNKNOWN, "OSError")


def test_our_own_time_out_has_no_number():
    """Our own time-out and the kernel's are both time-outs, told apart by the detail."""
    assert failures.of_os(TimeoutError()) == (Failure.TIMEOUT, None)
    assert failures.of_os(TimeoutError(errno.ETIMEDOUT, "x")) == (Failure.TIMEOUT, "ETIMEDOUT")


@pytest.mark.parametrize(("number", "failure"), failures.RESOLVER.items())
def test_every_resolver_row_gives_its_failure(number, failure):
    """A getaddrinfo code of the table becomes its failure."""
    assert failures.of_resolver(socket.gaierror(number, "x")) == (failure, f"gai {number}")


def test_an_unknown_resolver_code_is_unknown():
    """A getaddrinfo code without a row accuses nobody."""
    assert failures.of_resolver(socket.gaierror(socket.EAI_MEMORY, "x"))[0] is Failure.UNKNOWN
    assert failures.of_resolver(socket.gaierror("no number")) == (Failure.UNKNOWN, "gai 0")


def _certificate_error(code):
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_code = code
    return error


@pytest.mark.parametrize("code", [*failures.VERIFY, 9, 10, 23, 79])
def test_every_certificate_code_is_a_certificate_failure(code):
    """Whatever OpenSSL holds against a chain is one of the three; the number stays."""
    failure, detail = failures.of_certificate(_certificate_error(code))
    assert failure in CERTIFICATE
    assert failure is failures.VERIFY.get(code, Failure.INVALID_CERTIFICATE)
    assert detail == f"verify {code}"
    assert failures.of_tls(_certificate_error(code)) == (failure, detail, None)


@pytest.mark.parametrize(("reason", "number"), failures.ALERT_REASONS.items())
def test_every_alert_row_gives_its_number(reason, number):
    """An alert known only by OpenSSL's name gets the number of the standard."""
    error = ssl.SSLError(1, "x")
    error.reason = reason
    assert failures.of_tls(error) == (Failure.TLS_ALERT, reason, number)
    assert number in tls.ALERTS
    assert tls.ALERTS[number].upper()[:8] in reason.replace("CANCELLED", "CANCELED")


def test_other_tls_errors_are_no_alerts():
    """A protocol error, a bare end and a goodbye are told apart."""
    error = ssl.SSLError(1, "x")
    error.reason = "WRONG_VERSION_NUMBER"
    assert failures.of_tls(error) == (Failure.TLS_FAILED, "WRONG_VERSION_NUMBER", None)
    assert failures.of_tls(ssl.SSLError(1, "x")) == (Failure.TLS_FAILED, "SSLError", None)
    assert failures.of_tls(ssl.SSLZeroReturnError(6, "x")) == (Failure.EOF, "close_notify", 0)
    assert failures.of_tls(ssl.SSLEOFError(8, "x")) == (Failure.EOF, "eof", None)
