"""The shape of a web_connectivity measurement as we write it: OONI's base format 0.2.0 and its data formats.

Only what we fill in is here (spec df-000 base, df-001 HTTP, df-002 DNS, df-005 TCP, df-006 TLS, df-008 events; the
test helper's answer); what is read of others is far looser and lives elsewhere. Where a field has a default, it is
the value that OONI's own probe writes for "nothing". `x_hushmap` of an entry holds what its other keys lack of the
step that it tells of; OONI reserves keys that begin with `x_` for experiments like this.
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

Ours = dict[str, Any] | UnsetType
"""What our own reader finds beside OONI's keys; left out where there is nothing."""

BYTES_SO_FAR = "bytes_received_cumulative"
"""The event of a byte-arrival curve (df-008)."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object of OONI's."""


class Entry(Shape, frozen=True, kw_only=True):
    """What every archival entry has; times are seconds since `measurement_start_time`."""

    t0: float
    t: float
    tags: tuple[str, ...] = ()
    transaction_id: int = 0
    x_hushmap: Ours = UNSET


class DnsAnswer(Shape, frozen=True, kw_only=True):
    """One record of a DNS answer (df-002)."""

    answer_type: str
    ipv4: str | UnsetType = UNSET
    ipv6: str | UnsetType = UNSET
    hostname: str | UnsetType = UNSET
    ttl: int | None = None


class Query(Entry, frozen=True, kw_only=True):
    """One lookup and its first answer, or one late answer of it (df-002)."""

    answers: tuple[DnsAnswer, ...] = ()
    engine: str
    failure: str | None
    hostname: str
    query_type: str
    rcode: int | UnsetType = UNSET
    resolver_address: str
    resolver_hostname: None = None
    resolver_port: None = None


class TcpStatus(Shape, frozen=True, kw_only=True):
    """How a connection ended (df-005)."""

    failure: str | None
    success: bool


class TcpConnect(Entry, frozen=True, kw_only=True):
    """One TCP connection (df-005)."""

    ip: str
    port: int
    status: TcpStatus


class TlsHandshake(Entry, frozen=True, kw_only=True):
    """One TLS handshake (df-006). We keep no DER bytes, so `peer_certificates` is always empty."""

    network: str = "tcp"
    address: str
    cipher_suite: str
    failure: str | None
    negotiated_protocol: str = ""
    no_tls_verify: bool
    peer_certificates: tuple[str, ...] = ()
    server_name: str
    tls_version: str


class Tor(Shape, frozen=True, kw_only=True):
    """That a request did not go through Tor (df-001)."""

    exit_ip: None = None
    exit_name: None = None
    is_tor: bool = False


class Request(Shape, frozen=True, kw_only=True):
    """What was asked (df-001)."""

    body: str = ""
    body_is_truncated: bool = False
    headers: dict[str, str]
    headers_list: tuple[tuple[str, str], ...]
    method: str
    tor: Tor = msgspec.field(default_factory=Tor)
    url: str
    x_transport: str = "tcp"


class Response(Shape, frozen=True, kw_only=True):
    """What came back (df-001); code 0 is how OONI's probe writes that nothing did."""

    body: str = ""
    body_is_truncated: bool = False
    code: int = 0
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    headers_list: tuple[tuple[str, str], ...] = ()


class HttpRequest(Entry, frozen=True, kw_only=True):
    """One HTTP exchange (df-001)."""

    network: str = "tcp"
    address: str
    alpn: str = ""
    failure: str | None
    request: Request
    response: Response
    response_length: int | UnsetType = UNSET


class NetworkEvent(Entry, frozen=True, kw_only=True):
    """One point of a byte-arrival curve (df-008)."""

    address: str
    failure: None = None
    num_bytes: int
    operation: str = BYTES_SO_FAR
    proto: str = "tcp"


class ControlTcp(Shape, frozen=True, kw_only=True):
    """What the helper met at an endpoint."""

    status: bool
    failure: str | None


class ControlTls(Shape, frozen=True, kw_only=True):
    """What the helper met at an endpoint when it named the site."""

    server_name: str
    status: bool
    failure: str | None


class ControlHttp(Shape, frozen=True, kw_only=True):
    """The page as the helper got it; -1 where it got none."""

    body_length: int = -1
    discovered_h3_endpoint: str = ""
    failure: str | None
    title: str = ""
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    status_code: int = -1


class ControlDns(Shape, frozen=True, kw_only=True):
    """What the helper's lookup gave."""

    failure: str | None
    addrs: tuple[str, ...] = ()


class IpInfo(Shape, frozen=True, kw_only=True):
    """What is known of an address: flags 1 named by the probe, 2 by the helper, 4 bogon, 8 TLS held for the name."""

    asn: int = 0
    flags: int


class Control(Shape, frozen=True, kw_only=True):
    """A test helper's answer (probe-cli, oohelperd)."""

    tcp_connect: dict[str, ControlTcp]
    tls_handshake: dict[str, ControlTls]
    quic_handshake: dict[str, None] = msgspec.field(default_factory=dict)
    http_request: ControlHttp
    http3_request: None = None
    dns: ControlDns
    ip_info: dict[str, IpInfo]


class WebKeys(Shape, frozen=True, kw_only=True):
    """What web_connectivity found; the keys of a verdict are null, since a record holds none."""

    agent: str = "redirect"
    client_resolver: str = ""
    retries: None = None
    socksproxy: None = None
    queries: tuple[Query, ...] = ()
    tcp_connect: tuple[TcpConnect, ...] = ()
    tls_handshakes: tuple[TlsHandshake, ...] = ()
    requests: tuple[HttpRequest, ...] = ()
    network_events: tuple[NetworkEvent, ...] = ()
    x_dns_duplicate_responses: tuple[Query, ...] = ()
    control_failure: str | None
    control: Control | None
    dns_experiment_failure: None = None
    dns_consistency: None = None
    http_experiment_failure: None = None
    body_length_match: None = None
    headers_match: None = None
    status_code_match: None = None
    title_match: None = None
    blocking: None = None
    accessible: None = None
    x_hushmap: dict[str, Any]
    """What the base format lacks of the record."""
    x_hushmap_trials: tuple[dict[str, Any], ...]
    """Every trial of the record, in its order; a step is written out, or says in which array it stands."""


class Backend(Shape, frozen=True, kw_only=True):
    """A test helper that was asked."""

    address: str
    type: str


class Measurement(Shape, frozen=True, kw_only=True):
    """One line of an OONI file (df-000, base format 0.2.0)."""

    annotations: dict[str, str]
    data_format_version: str = "0.2.0"
    extensions: dict[str, int] = msgspec.field(
        default_factory=lambda: dict.fromkeys(("dnst", "httpt", "netevents", "tcpconnect", "tlshandshake"), 0)
    )
    id: str
    input: str
    measurement_start_time: str
    measurement_uid: str | UnsetType = UNSET
    """Only OONI's servers give one."""
    options: tuple[str, ...] = ()
    probe_asn: str
    probe_cc: str
    probe_ip: str = "127.0.0.1"
    """What OONI writes for an address that is not told; ours never is."""
    probe_network_name: str
    report_id: str
    resolver_asn: str
    resolver_ip: str | UnsetType = UNSET
    software_name: str
    software_version: str
    test_helpers: dict[str, Backend]
    test_keys: WebKeys
    test_name: str = "web_connectivity"
    test_runtime: float
    test_start_time: str
    test_version: str
