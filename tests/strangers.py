"""What the tests of the lab take from public libraries: packets and messages made, and read, by other people's code.

The lab's own parsers and writers share their author's mistakes. Imports are lazy and quiet: scapy and tlslite-ng warn
about what they themselves import, and warnings are errors here.
"""

import functools
import importlib
import warnings


@functools.cache
def quietly(module):
    """A library's module, without what it complains about at its import."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(module)


@functools.cache
def packet(raw):
    """A packet as scapy reads it, the same bytes again; every length and checksum in it is what scapy makes it."""
    quietly("scapy.layers.inet6")
    inet = quietly("scapy.layers.inet")
    kind = inet.IP if raw[0] >> 4 == 4 else quietly("scapy.layers.inet6").IPv6
    read = kind(raw)
    assert bytes(read) == raw
    again = kind(raw)
    each = again
    while each:
        for field in ("len", "plen", "ihl", "dataofs", "chksum", "cksum"):
            if field in each.fields and not type(each).__name__.endswith("error"):
                delattr(each, field)
        if "error" in type(each.payload).__name__ or type(each.payload).__name__ == "Raw":
            break  # what an ICMP error quotes is as it was
        each = each.payload
    again = kind(bytes(again))
    assert bytes(again).hex() == raw.hex()
    return read


def capture(file):
    """(end, nanoseconds, packet, comments) of every packet of a pcapng file, as scapy reads it."""
    with quietly("scapy.utils").RawPcapNgReader(str(file)) as reader:
        read = list(reader)
    assert all((about.wirelen, about.tsresol, about.linktype) == (len(raw), 10**9, 101) for raw, about in read)
    return [
        (
            about.ifname.decode(),
            (about.tshigh << 32) + about.tslow,
            raw,
            [each.decode() for each in about.comments or []],
        )
        for raw, about in read
    ]


@functools.cache
def hello(name, *, ech=True):
    """A TLS record with a ClientHello, made by tlslite-ng."""
    messages, extensions = quietly("tlslite.messages"), quietly("tlslite.extensions")
    listed = [extensions.SNIExtension().create(bytearray(name, "ascii"))]
    listed += [extensions.TLSExtension(extType=0xFE0D).create(bytearray(40))] if ech else []
    made = messages.ClientHello().create((3, 3), bytearray(32), bytearray(32), [0x1301, 0xC02F], extensions=listed)
    body = bytes(made.write())
    head = messages.RecordHeader3().create((3, 1), 22, len(body)).write()
    return bytes(head) + body


def alert(record):
    """(level, description) of a record that holds one alert, as tlslite-ng reads it."""
    messages, codec = quietly("tlslite.messages"), quietly("tlslite.utils.codec")
    parser = codec.Parser(bytearray(record))
    head = messages.RecordHeader3().parse(parser)
    assert (head.type, head.length, len(record)) == (21, 2, 7)
    said = messages.Alert().parse(parser)
    return said.level, said.description


@functools.cache
def initials(name, version):
    """The first datagrams of a QUIC client that wants this name, made by aioquic."""
    connection, configuration = quietly("aioquic.quic.connection"), quietly("aioquic.quic.configuration")
    versions = quietly("aioquic.quic.packet").QuicProtocolVersion
    wanted = {1: versions.VERSION_1, 2: versions.VERSION_2}[version]
    settings = configuration.QuicConfiguration(
        is_client=True, server_name=name, original_version=wanted, supported_versions=[wanted], alpn_protocols=["h3"]
    )
    client = connection.QuicConnection(configuration=settings)
    client.connect(("198.51.100.20", 443), now=0.0)
    return [datagram for datagram, _ in client.datagrams_to_send(now=0.0)]


def query(name, kind, ident):
    """A DNS query, made by dnspython."""
    message = quietly("dns.message")
    made = message.make_query(name, kind)
    made.id = ident
    return made


def http_response(data):
    """(status, headers, body) of a whole response that ends the connection, as the standard library reads it."""
    import http.client
    import io

    class Socket:
        def makefile(self, _):
            return io.BytesIO(data)

    response = http.client.HTTPResponse(Socket())
    response.begin()
    body = response.read()
    assert response.isclosed()
    return response.status, dict(response.getheaders()), body
