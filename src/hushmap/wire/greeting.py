"""Which protocol a first packet belongs to, and whether what came back is its answer.

One table for whoever sends such packets: a measurement, a helper that carries out nothing else over UDP, a lab.
"""

from types import ModuleType

from hushmap.wire import openvpn, stun, tor, wireguard

PROTOCOLS: dict[str, ModuleType] = {
    "stun": stun,
    "wireguard": wireguard,
    "openvpn": openvpn,
    "tor_directory": tor,
}
"""Each has `asks`, `answers` and `bare`."""


def protocol_of(sent: bytes) -> str | None:
    """The protocol whose first packet `sent` is."""
    return next((name for name, protocol in PROTOCOLS.items() if protocol.asks(sent)), None)


DATAGRAMS = {"stun": stun.HEADER, "wireguard": wireguard.INITIATION, "openvpn": openvpn.LONGEST}
"""Bytes of the first packet of each protocol that goes in datagrams: none of ours is longer."""


def first_datagram(data: bytes) -> bool:
    """Whether `data` is a first packet as it goes in a datagram, without anything of a client's own making."""
    return len(data) <= DATAGRAMS.get(protocol_of(data) or "", 0)


def read(sent: bytes, received: bytes) -> tuple[str | None, bytes]:
    """The protocol that answered `sent`, if one did, and of `received` what may be kept."""
    name = protocol_of(sent)
    if name is None:
        return None, received
    protocol = PROTOCOLS[name]
    kept: bytes = protocol.bare(received)
    return (name if protocol.answers(sent, received) else None), kept
