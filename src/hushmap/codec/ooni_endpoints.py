"""Connections <-> OONI's `tcp_connect` (df-005), handshakes <-> `tls_handshakes` (df-006).

OONI keeps the certificates themselves, we keep what they say and their hashes; so `peer_certificates` stays empty and
the chain is among what an entry lacks.
"""

from typing import Any

from hushmap.codec.ooni_lacking import completed, lacking, named, noted
from hushmap.codec.ooni_shape import TcpConnect, TcpStatus, TlsHandshake
from hushmap.model import Connect, Handshake
from hushmap.wire import ooni_helper, ooni_names


def tcp_of(step: Connect, mark: dict[str, Any], shift: float) -> TcpConnect:
    """A connection."""
    status = TcpStatus(failure=named(step.failure), success=step.failure is None)
    entry = TcpConnect(t0=step.t0 - shift, t=step.t - shift, ip=step.address, port=step.port, status=status, **mark)
    return noted(entry, lacking(_connect(entry, shift), step))


def connect_from(entry: TcpConnect, shift: float) -> dict[str, Any]:
    """The connection that `tcp_of` wrote."""
    return completed(_connect(entry, shift), entry.x_hushmap)


def _connect(entry: TcpConnect, shift: float) -> Connect:
    failure = ooni_names.from_ooni(entry.status.failure)
    return Connect(t0=entry.t0 + shift, t=entry.t + shift, failure=failure, address=entry.ip, port=entry.port)


def tls_of(step: Handshake, mark: dict[str, Any], shift: float, *, verify: bool) -> TlsHandshake:
    """A handshake; `verify`: whether its certificate had to hold."""
    entry = TlsHandshake(
        t0=step.t0 - shift,
        t=step.t - shift,
        address=ooni_helper.endpoint_text(step.address, step.port),
        cipher_suite=step.cipher or "",
        failure=named(step.failure),
        no_tls_verify=not verify,
        server_name=step.sni or "",
        tls_version=step.version or "",
        **mark,
    )
    return noted(entry, lacking(_handshake(entry, shift), step))


def handshake_from(entry: TlsHandshake, shift: float) -> dict[str, Any]:
    """The handshake that `tls_of` wrote."""
    return completed(_handshake(entry, shift), entry.x_hushmap)


def _handshake(entry: TlsHandshake, shift: float) -> Handshake:
    host, _, port = entry.address.rpartition(":")
    return Handshake(
        t0=entry.t0 + shift,
        t=entry.t + shift,
        failure=ooni_names.from_ooni(entry.failure),
        address=host.removeprefix("[").removesuffix("]"),
        port=_number(port),
        sni=entry.server_name or None,
        version=entry.tls_version or None,
        cipher=entry.cipher_suite or None,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
