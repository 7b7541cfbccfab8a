"""`hushmap serve helper`: starts the helper, prints its string, stops when told."""

import asyncio
import signal

import pytest

from hushmap.cli import serve
from hushmap.servers import HelperServer, ServeError
from hushmap.wire.helper import parse_spec


@pytest.fixture
def told(monkeypatch):
    """The settings that a server was made with; it serves for no time."""
    made = []

    class Fake:
        spec = parse_spec(f"hushmap://a-token-of-the-test@192.0.2.7:8443#sha256={'ab' * 32}")
        error = None
        ooni_port = None

        def __init__(self, settings):
            made.append(settings)

        async def start(self):
            if self.error is not None:
                raise self.error
            return self.spec

        async def serve(self, until):
            return None

    monkeypatch.setattr(serve, "HelperServer", Fake)
    return made, Fake


def test_the_string_is_the_only_thing_on_stdout(told, hushmap, home):
    """Stdout can be piped into the settings; what to know is on stderr."""
    made, fake = told
    done = hushmap("serve", "helper", "--host", "192.0.2.7", "--public", "helper.example.net", "-p", 9000)
    assert (done.exit_code, done.stdout) == (0, fake.spec.text + "\n")
    assert "Without echo ports no word can be tested" in done.stderr
    assert "answers on port 53" in done.stderr
    settings = made[0]
    assert (settings.bind, settings.public, settings.port) == ("192.0.2.7", "helper.example.net", 9000)
    assert settings.state == home / "xdg_data_home" / "hushmap" / "helper"


def test_the_labs_options(told, hushmap):
    """In a lab documentation addresses may be asked about, and its own harmless names prove it online."""
    made, fake = told
    fake.spec = parse_spec(fake.spec.text + "&http=80&tcp=7&dark=1")
    words = ("--http-port", 80, "--tcp-port", 7, "--allow-special", "--scale", 5, "--state", "s")
    done = hushmap("serve", "helper", *words)
    assert "echo: HTTP 80, TCP 7" in done.stderr
    assert "port 53" not in done.stderr
    assert (made[0].allow_special, made[0].scale, str(made[0].state)) == (True, 5.0, "s")
    assert made[0].reach == ("www.baseline-a.example", "www.baseline-b.example")
    hushmap("serve", "helper", "--reach", "x.example")
    assert made[1].reach == ("x.example",)


def test_each_echo_may_have_several_ports(told, hushmap):
    """In a row from its first; QUIC's are of UDP."""
    made, fake = told
    fake.spec = parse_spec(fake.spec.text + "&http=80&quic=443&span=16")
    done = hushmap("serve", "helper", "--http-port", 80, "--quic-port", 443, "--span", 16)
    assert "echo: HTTP 80-95, QUIC 443-458" in done.stderr
    assert (made[0].http_port, made[0].quic_port, made[0].span) == (80, 443, 16)
    assert hushmap("serve", "helper", "--span", 129).exit_code == 2


@pytest.mark.parametrize(
    "error",
    [ServeError("cannot listen on x port 1"), ValueError("f.key: no private key"), OSError(13, "denied", "f")],
)
def test_what_stops_a_start_is_one_line(told, hushmap, error):
    """A port, a key or a folder that cannot be used is bad input."""
    told[1].error = error
    done = hushmap("serve", "helper")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def test_a_real_helper_serves_on_loopback_until_it_is_told_to_stop(hushmap, home, monkeypatch):
    """The real server starts, prints a string that a client can read, and ends on a signal with 0."""
    real = HelperServer.serve

    async def stopped(self, until):
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGTERM)
        await real(self, until)

    monkeypatch.setattr(HelperServer, "serve", stopped)
    done = hushmap("serve", "helper", "-p", 0, "--http-port", 0, "--tls-port", 0, "--tcp-port", 0, "--scale", 100)
    assert done.exit_code == 0, done.output
    spec = parse_spec(done.stdout)
    assert (spec.host, spec.http_port is not None) == ("127.0.0.1", True)


def test_oonis_probes_are_answered_only_if_told(told, hushmap):
    """Off by default; then on a port of its own, and it is said that probes want a certificate that they know."""
    made, fake = told
    assert "OONI" not in hushmap("serve", "helper").stderr
    assert (made[0].ooni_port, made[0].ooni_certificate) == (None, None)
    fake.ooni_port = 8444
    done = hushmap("serve", "helper", "--ooni")
    assert "OONI's probes are answered on port 8444" in done.stderr
    assert "--ooni-certificate" in done.stderr
    assert made[1].ooni_port == 8444
    done = hushmap("serve", "helper", "--ooni", "--ooni-port", 443, "--ooni-certificate", "c.pem")
    assert "--ooni-certificate" not in done.stderr
    assert (made[2].ooni_port, str(made[2].ooni_certificate)) == (443, "c.pem")


@pytest.mark.parametrize("words", [("--ooni-port", 1), ("--ooni-certificate", "c.pem")])
def test_ports_and_certificates_for_ooni_do_nothing_alone(told, hushmap, words):
    """To answer strangers has to be said in so many words."""
    done = hushmap("serve", "helper", *words)
    assert (done.exit_code, told[0]) == (2, [])
    assert "--ooni" in done.stderr
