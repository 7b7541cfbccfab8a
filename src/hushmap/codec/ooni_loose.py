"""The JSON of an OONI measurement as lenient Structs: the keys that are read, with every type that each has had.

Ten years of probes wrote this format, and not one way: a port is a number or a string, a flag `true` or 1, a header a
string, an object or a list, an array null. What some probe really wrote has a type here; all else is an error that
names its place. Keys that are not read are skipped unparsed, which is most of a line. A line that is not quite JSON
(half a surrogate pair, a number beyond any float) is read once more by the standard library, which takes those, and
then held to the same types.
"""

import contextlib
import itertools
import json as standard
import math
import re
from typing import Annotated, Any, Literal

import msgspec

from hushmap.wire import json

_FAR = 1e9
"""Seconds that no measurement lasted (thirty years): a time beyond it is damage, and so are NaN and infinity."""
_BIG = 2**53
"""Integers up to here survive every JSON reader (RFC 8259 section 6)."""

Seconds = Annotated[float, msgspec.Meta(ge=-_FAR, le=_FAR)]
Count = Annotated[int, msgspec.Meta(ge=-1, le=_BIG)]
"""A number of something; OONI's test helpers say -1 for "none"."""
Status = Annotated[int, msgspec.Meta(ge=-1, le=999)]
"""An HTTP status code; 0 and -1 stand for none."""
_MANY = msgspec.Meta(max_length=10_000)
"""Entries of one list or table: real ones have hundreds at most, and each that is taken becomes a trial."""
Flag = bool | Literal[0, 1] | None
"""Databases that OONI's data passed through know no booleans."""
Loose = int | float | str | None
"""Something that old probes wrote in any way, and of which only a plain number is used."""


class Binary(msgspec.Struct, gc=False):
    """Bytes that are no UTF-8 (df-000 MaybeBinaryData)."""

    data: str
    format: str | None = None


Text = str | Binary | None
Value = str | Binary | Annotated[list[str | Binary], _MANY] | int | float | None
"""Of a header: one, or all of its name."""


class AnswerRow(msgspec.Struct, gc=False):
    """One resource record (df-002)."""

    answer_type: str | None = None
    ipv4: str | None = None
    ipv6: str | None = None
    hostname: str | None = None
    ttl: Loose = None


class QueryRow(msgspec.Struct, gc=False):
    """One DNS query (df-002)."""

    hostname: str
    query_type: str | None = None
    engine: str | None = None
    resolver_address: str | None = None
    resolver_hostname: str | None = None
    resolver_port: Loose = None
    failure: str | None = None
    rcode: Count | None = None
    raw_response: Text = None
    answers: Annotated[list[AnswerRow], _MANY] | None = None
    t0: Seconds | None = None
    t: Seconds | None = None
    transaction_id: Count | None = None
    tags: Annotated[list[str], _MANY] | None = None


class TcpStatus(msgspec.Struct, gc=False):
    """How a connection ended."""

    failure: str | bool | None = None
    success: Flag = None


class TcpRow(msgspec.Struct, gc=False):
    """One TCP connection (df-005)."""

    ip: str
    port: int | str | None = None
    status: TcpStatus | None = None
    t0: Seconds | None = None
    t: Seconds | None = None
    transaction_id: Count | None = None
    tags: Annotated[list[str], _MANY] | None = None


class TlsRow(msgspec.Struct, gc=False):
    """One TLS handshake (df-006); before 0.5 without an address."""

    address: str | None = None
    server_name: str | None = None
    failure: str | None = None
    no_tls_verify: Flag = None
    tls_version: str | None = None
    cipher_suite: str | None = None
    peer_certificates: Annotated[list[Binary], _MANY] | None = None
    t0: Seconds | None = None
    t: Seconds | None = None
    transaction_id: Count | None = None
    tags: Annotated[list[str], _MANY] | None = None


class Request(msgspec.Struct, gc=False):
    """What was asked for (df-001)."""

    url: str
    method: str | None = None


class Response(msgspec.Struct, gc=False):
    """What came back (df-001)."""

    code: Status | None = None
    response_line: str | None = None
    headers: msgspec.Raw = msgspec.Raw()
    headers_list: Annotated[list[tuple[str, Value]], _MANY] | None = None
    body: Text = None
    body_is_truncated: Flag = None


class RequestRow(msgspec.Struct, gc=False):
    """One HTTP exchange (df-001)."""

    request: Request
    response: Response | None = None
    address: str | None = None
    failure: str | None = None
    t0: Seconds | None = None
    t: Seconds | None = None
    transaction_id: Count | None = None
    tags: Annotated[list[str], _MANY] | None = None


class EventRow(msgspec.Struct, gc=False):
    """One event of a connection (df-008)."""

    operation: str | None = None
    num_bytes: Count | None = None
    t: Seconds | None = None
    transaction_id: Count | None = None


class ControlEndpoint(msgspec.Struct, gc=False):
    """How the test helper fared at one endpoint."""

    status: Flag = None
    failure: str | None = None
    server_name: str | None = None


class ControlHttp(msgspec.Struct, gc=False):
    """What the test helper fetched, redirects followed."""

    failure: str | None = None
    status_code: Status | None = None
    body_length: Count | None = None
    title: str | int | None = None
    headers: Annotated[dict[str, Value], _MANY] | int | None = None


class ControlDns(msgspec.Struct, gc=False):
    """What the test helper resolved."""

    failure: str | None = None
    addrs: Annotated[list[str], _MANY] | None = None


class Control(msgspec.Struct, gc=False):
    """What the test helper saw."""

    tcp_connect: Annotated[dict[str, ControlEndpoint], _MANY] | None = None
    tls_handshake: Annotated[dict[str, ControlEndpoint], _MANY] | None = None
    http_request: ControlHttp | None = None
    dns: ControlDns | None = None


class TestKeys(msgspec.Struct, gc=False):
    """What a web_connectivity test found (ts-017)."""

    queries: Annotated[list[QueryRow], _MANY] | None = None
    tcp_connect: Annotated[list[TcpRow], _MANY] | None = None
    tls_handshakes: Annotated[list[TlsRow], _MANY] | None = None
    requests: Annotated[list[RequestRow], _MANY] | None = None
    network_events: msgspec.Raw = msgspec.Raw()
    """Looked into only where they tell how a page's bytes arrived, which a few of them do."""
    x_dns_duplicate_responses: Annotated[list[QueryRow], _MANY] | None = None
    control: Control | None = None
    control_failure: str | None = None
    client_resolver: str | None = None
    blocking: str | bool | Literal[0, 1] | None = None
    accessible: Flag = None
    x_hushmap_trials: msgspec.Raw = msgspec.Raw()
    """Present in what we exported ourselves."""


class _Backend(msgspec.Struct, gc=False):
    """Where the test helper was."""

    address: str | None = None


class _Helpers(msgspec.Struct, gc=False):
    """The test helpers of a measurement; the oldest probes wrote an address and no more."""

    backend: _Backend | str | None = None


class Head(msgspec.Struct, gc=False):
    """What every measurement says, whatever it tested (df-000)."""

    test_name: str
    measurement_start_time: str
    test_runtime: Seconds | None = None
    test_version: str | None = None
    input: str | None = None
    report_id: str | None = None
    measurement_uid: str | None = None
    probe_cc: str | None = None
    probe_asn: str | int | None = None
    probe_network_name: str | None = None
    resolver_ip: str | None = None
    resolver_asn: str | int | None = None
    software_name: str | None = None
    software_version: str | None = None
    annotations: Annotated[dict[str, str | int | float | bool | None], _MANY] | None = None
    test_helpers: msgspec.Raw = msgspec.Raw()


class Measurement(Head, gc=False):
    """A web_connectivity measurement."""

    test_keys: TestKeys | None = None


WEB = "web_connectivity"
_web = msgspec.json.Decoder(Measurement)
_other = msgspec.json.Decoder(Head)
_headers = msgspec.json.Decoder(Annotated[dict[str, Value], _MANY] | Annotated[list[tuple[str, Value]], _MANY] | None)
_events = msgspec.json.Decoder(Annotated[list[EventRow], _MANY] | None)
_helpers = msgspec.json.Decoder(_Helpers | None)
_KEYS = 100
"""Entries of a table among which the damaged one is looked for; a measurement has some ten addresses."""
_MENDED = 8 * 1024 * 1024
"""Bytes of the longest line that is read once more. As Python's own values damage can take fifty times its size, and
64 MB of it three gigabytes and a minute; OONI's measurements have bodies of half a megabyte, a few of them."""
_HALF = re.compile("[\ud800-\udfff]")


def measurement(line: bytes) -> Head:
    """The measurement that `line` holds, with its `test_keys` if it is one of web_connectivity.

    Raises:
        ValueError: One line that says what does not fit, with its path where there is one.
    """
    try:
        return _web.decode(line)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        return _again(line, error)


def headers(raw: msgspec.Raw, path: str) -> list[tuple[str, Value]]:
    """Header names and values, in order, of a `headers` object; ValueError, with its `path`, for another thing."""
    try:
        found = _headers.decode(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(json.one_line(str(error).partition(" - at ")[0] + f" - at `{path}`")) from error
    return list(found.items()) if isinstance(found, dict) else found or []


def events(raw: bytes) -> list[EventRow]:
    """The entries of a `network_events` list; ValueError, with their path, for another thing."""
    try:
        return _events.decode(raw) or []
    except (ValueError, RecursionError) as error:
        here = "`$.test_keys.network_events"
        text = str(error) if "`$" in str(error) else f"{error} - at `$`"  # of the list itself no place is told
        raise ValueError(json.one_line(text.replace("`$", here))) from error


def helper(raw: bytes) -> str | None:
    """The address of the test helper in a `test_helpers` object; ValueError for another thing."""
    try:
        found = _helpers.decode(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(json.one_line(str(error).partition(" - at ")[0] + " - at `$.test_helpers`")) from error
    backend = None if found is None else found.backend
    return (backend.address if isinstance(backend, _Backend) else backend) or None


def _again(line: bytes, first: Exception) -> Head:
    """A line that is no web_connectivity as OONI means it: another test, or not quite JSON, or damaged."""
    with contextlib.suppress(ValueError, RecursionError):
        found = _other.decode(line)
        if found.test_name != WEB:
            return found
    if len(line) > _MENDED:
        raise ValueError(json.one_line(str(first))) from first
    tree = None
    try:
        tree = _plain(standard.loads(line.decode("utf-8-sig")))
        name = tree.get("test_name") if isinstance(tree, dict) else None
        return (_web if name == WEB else _other).decode(msgspec.json.encode(tree))
    except (ValueError, RecursionError) as error:
        raise ValueError(json.one_line(_named(tree, str(error)))) from error


def _plain(tree: Any) -> Any:
    """`tree` as JSON can hold it: halves of surrogate pairs replaced, a number out of any range as its text.

    The text is what makes a number field reject it; a field that is not read may hold anything.
    """
    if isinstance(tree, str):
        return _HALF.sub("\ufffd", tree)
    if isinstance(tree, list):
        return [_plain(item) for item in tree]
    if isinstance(tree, dict):
        return {_plain(key): _plain(value) for key, value in tree.items()}
    if (isinstance(tree, float) and not math.isfinite(tree)) or (isinstance(tree, int) and abs(tree) > _BIG):
        return f"{tree!r:.40}"
    return tree


def _named(tree: Any, message: str) -> str:
    """`message` with the key for which its path has only `[...]`: the first entry that alone is a fault too."""
    path = re.search(r"`\$((?:\.\w+)+)\[\.\.\.\]", message)
    if path is None:
        return message
    keys = path[1][1:].split(".")
    table = tree
    for key in keys:
        table = table[key]
    for key, value in itertools.islice(table.items(), _KEYS):
        alone: Any = {key: value}
        for outer in reversed(keys):
            alone = {outer: alone}
        try:
            _web.decode(msgspec.json.encode({"test_name": WEB, "measurement_start_time": ""} | alone))
        except ValueError:
            return message.replace("[...]", f"[{ascii(key)[1:-1]:.80}]")
    return message
