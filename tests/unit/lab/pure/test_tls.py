"""What of TLS is in the open, and what stands for the rest."""

import pytest

from hushmap.lab.censors import hello as censor
from hushmap.lab.pure import tls
from hushmap.wire import tls as wire_tls


def test_a_censor_reads_the_name_in_the_hello():
    """It is the library's own ClientHello, made once for a name."""
    data = tls.hello("named-one.example")
    assert wire_tls.client_hello_sni(data) == ("ok", "named-one.example")
    read = censor.read(censor.handshake(data)[0])
    assert (read.whole, read.name) == (True, "named-one.example")
    assert tls.hello("named-one.example") is data
    assert wire_tls.client_hello_sni(tls.hello(None)) == ("ok", None)


def test_a_server_speaks_and_alerts_as_the_tool_reads_it():
    """A flight is a handshake record, an alert has its number."""
    assert wire_tls.server_spoke(tls.flight(7))
    assert wire_tls.alert(tls.alert(112)) == 112
    ((kind, body),) = tls.Records().feed(tls.flight(7))
    assert (kind, int.from_bytes(body[4:8], "big")) == (tls.HANDSHAKE, 7)


def test_sealed_data_cannot_be_read_and_comes_back():
    """In whatever pieces, over more than one record."""
    data = b"secret words " * 3000
    wire = tls.sealed(data)
    assert b"secret" not in wire
    records, found = tls.Records(), b""
    for at in range(0, len(wire), 1000):
        found += b"".join(body for kind, body in records.feed(wire[at : at + 1000]) if kind == tls.DATA)
    assert found == data


def test_what_is_no_record_is_refused():
    """A block page in the place of a server's flight."""
    with pytest.raises(ValueError, match="no TLS"):
        list(tls.Records().feed(b"HTTP/1.1 200 OK\r\n"))
