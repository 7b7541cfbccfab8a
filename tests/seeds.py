"""Valid documents of every kind that Hushmap reads, for damaging: what `hostile` starts from.

Made here of example names and addresses, so that they are the same everywhere; real measurements come on top where
there are any (`field_measurements`). Real ones are read in place and never copied into the tree.
"""

import base64
import datetime as dt
import functools
import io
import json
import os
from pathlib import Path
from typing import Any

import zstandard
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from house import ROOT

NAME, ADDRESS, SECOND, SIX = "news.example.org", "203.0.113.7", "203.0.113.8", "2001:db8::7"
PAGE = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>News of &amp; for everybody</title></head><body>"
    + "".join(
        f"<p class=a>Paragraph {number} of the news, 新闻 &lt;{number}&gt; <b>said</b></p>" for number in range(12)
    )
    + "</body></html>"
)


@functools.cache
def certificate(host: str = NAME) -> bytes:
    """A self-signed certificate in DER; the same bytes each time (Ed25519 has no chance in it)."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, host), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")]
    )
    names = x509.SubjectAlternativeName([x509.DNSName(host), x509.DNSName("*." + host)])
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(day).not_valid_after(day.replace(year=2027))
    builder = builder.add_extension(names, critical=False)
    return builder.sign(key, None).public_bytes(Encoding.DER)


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _request(
    url: str, *, code: int = 200, location: str | None = None, body: str = PAGE, **more: Any
) -> dict[str, Any]:
    headers = {"Content-Type": "text/html", "Server": "nginx", "X-Site-Id": "7", "Set-Cookie": "a=b"}
    headers |= {"Location": location} if location else {}
    asked = {"Accept": "*/*", "Host": NAME}
    return {
        "failure": None,
        "request": {
            "method": "GET",
            "url": url,
            "headers": asked,
            "headers_list": [[name, text] for name, text in asked.items()],
            "body": "",
            "body_is_truncated": False,
            "tor": {"exit_ip": None, "exit_name": None, "is_tor": False},
            "x_transport": "tcp",
        },
        "response": {
            "code": code,
            "headers": headers,
            "headers_list": [[name, text] for name, text in headers.items()],
            "body": "" if location else body,
            "body_is_truncated": False,
        },
    } | more


def _control(body: str = PAGE) -> dict[str, Any]:
    ends = (f"{ADDRESS}:443", f"{SECOND}:443", f"[{SIX}]:443")
    return {
        "tcp_connect": {end: {"status": True, "failure": None} for end in ends},
        "tls_handshake": {end: {"server_name": NAME, "status": True, "failure": None} for end in ends},
        "quic_handshake": {},
        "http_request": {
            "body_length": len(body.encode()),
            "discovered_h3_endpoint": "",
            "failure": None,
            "title": "News of & for everybody",
            "headers": {"Content-Type": "text/html", "Server": "nginx", "X-Site-Id": "7"},
            "status_code": 200,
        },
        "http3_request": None,
        "dns": {"failure": None, "addrs": [ADDRESS, SECOND, SIX]},
        "ip_info": {ADDRESS: {"asn": 64500, "flags": 11}, SECOND: {"asn": 64500, "flags": 11}},
    }


def _measurement(version: str, url: str, keys: dict[str, Any]) -> dict[str, Any]:
    return {
        "annotations": {"engine_name": "ooniprobe-engine", "network_type": "wifi", "platform": "linux"},
        "data_format_version": "0.2.0",
        "extensions": {"dnst": 0, "httpt": 0},
        "input": url,
        "measurement_start_time": "2026-11-21 22:33:00",
        "measurement_uid": "20261121223300.000000_XA_webconnectivity_0123456789abcdef",
        "probe_asn": "AS64501",
        "probe_cc": "XA",
        "probe_ip": "127.0.0.1",
        "probe_network_name": "Net-A",
        "report_id": "20261121T223300Z_webconnectivity_XA_64501_n1_abcdefghijklmnop",
        "resolver_asn": "AS64501",
        "resolver_ip": "198.51.100.53",
        "resolver_network_name": "Net-A",
        "software_name": "miniooni",
        "software_version": "3.25.0",
        "test_helpers": {"backend": {"address": "https://0.th.example", "type": "https"}},
        "test_keys": keys,
        "test_name": "web_connectivity",
        "test_runtime": 1.25,
        "test_start_time": "2026-11-21 22:32:00",
        "test_version": version,
    }


_CLAIM = {
    "dns_experiment_failure": None,
    "dns_consistency": "consistent",
    "control_failure": None,
    "http_experiment_failure": None,
    "body_length_match": True,
    "body_proportion": 1,
    "status_code_match": True,
    "headers_match": True,
    "title_match": True,
    "accessible": True,
    "blocking": False,
}


def _answer(address: str) -> dict[str, Any]:
    kind = {"answer_type": "AAAA", "ipv6": address} if ":" in address else {"answer_type": "A", "ipv4": address}
    return {"asn": 64500, "as_org_name": "Example", "ttl": 60, **kind}


def stepwise() -> dict[str, Any]:
    """web_connectivity 0.5: three resolvers, two endpoints, certificates, a curve, control; nothing wrong."""
    tags = ["classic", "depth=0", "fetch_body=true"]

    def query(engine: str, resolver: str, number: int, kind: str, *addresses: str) -> dict[str, Any]:
        cname = {"answer_type": "CNAME", "hostname": "edge.example.net.", "ttl": 60}
        shown = [*map(_answer, addresses), cname]
        return {
            "answers": shown, "engine": engine, "failure": None, "hostname": NAME, "query_type": kind,
            "raw_response": base64.b64encode(bytes(12)).decode(), "rcode": 0, "resolver_address": resolver,
            "resolver_hostname": None, "resolver_port": None, "t0": 0.01, "t": 0.03, "tags": tags,
            "transaction_id": number,
        }  # fmt: skip

    def endpoint(address: str, number: int) -> dict[str, Any]:
        end, at = f"{address}:443", {"tags": tags, "transaction_id": number}
        der = {"data": base64.b64encode(certificate()).decode(), "format": "base64"}
        return {
            "tcp": {"ip": address, "port": 443, "status": {"failure": None, "success": True}, "t0": 0.1, "t": 0.15} | at,
            "tls": {
                "network": "tcp", "address": end, "cipher_suite": "TLS_AES_128_GCM_SHA256", "failure": None,
                "negotiated_protocol": "h2", "no_tls_verify": False, "peer_certificates": [der], "server_name": NAME,
                "tls_version": "TLSv1.3", "t0": 0.15, "t": 0.25,
            } | at,
        }  # fmt: skip

    first, second = endpoint(ADDRESS, 50001), endpoint(SECOND, 50002)
    events = [
        {"address": f"{ADDRESS}:443", "failure": None, "num_bytes": count, "operation": "bytes_received_cumulative",
         "proto": "tcp", "t0": t, "t": t, "tags": tags, "transaction_id": 50001}
        for count, t in ((900, 0.3), (1800, 0.4))
    ]  # fmt: skip
    more = {"network": "tcp", "address": f"{ADDRESS}:443", "alpn": "h2", "t0": 0.25, "t": 0.45, "tags": tags}
    doh = query("doh", "https://dns.example/dns-query", 30001, "A", ADDRESS)
    keys = {
        "agent": "redirect",
        "client_resolver": "198.51.100.53",
        "retries": None,
        "socksproxy": None,
        "network_events": events,
        "x_dns_whoami": {"system_v4": [{"address": "198.51.100.53"}], "udp_v4": {"192.0.2.53:53": []}},
        "x_doh": {"network_events": [], "queries": [], "requests": [], "tcp_connect": [], "tls_handshakes": []},
        "x_do53": {"network_events": [], "queries": []},
        "x_dns_duplicate_responses": [query("udp", "192.0.2.53:53", 20001, "A", ADDRESS)],
        "queries": [
            query("getaddrinfo", "", 10001, "ANY", ADDRESS, SIX),
            query("udp", "192.0.2.53:53", 20001, "A", ADDRESS),
            query("udp", "192.0.2.53:53", 20001, "AAAA", SIX),
            doh,
        ],
        "requests": [_request(f"https://{NAME}/", transaction_id=50001, **more)],
        "tcp_connect": [first["tcp"], second["tcp"]],
        "tls_handshakes": [first["tls"], second["tls"]],
        "x_control_request": {"http_request": f"https://{NAME}/", "tcp_connect": [f"{ADDRESS}:443"]},
        "control": _control(),
        "x_conn_priority_log": [{"msg": f"conn {ADDRESS}:443: granted permission: true", "t": 0.1}],
        "x_dns_flags": 0,
        "x_blocking_flags": 32,
        "x_null_null_flags": 0,
    }
    return _measurement("0.5.28", f"https://{NAME}/", keys | _CLAIM)


def classic() -> dict[str, Any]:
    """web_connectivity 0.4: no transaction ids, a redirect, newest request first; nothing wrong."""
    keys = {
        "agent": "redirect",
        "client_resolver": "198.51.100.53",
        "retries": None,
        "socksproxy": None,
        "network_events": [
            {"address": f"{ADDRESS}:80", "failure": None, "operation": "connect", "proto": "tcp", "t": 0.2}
        ],
        "tls_handshakes": None,
        "queries": [
            {"answers": [_answer(ADDRESS)], "engine": "system", "failure": None, "hostname": NAME, "query_type": "A",
             "resolver_hostname": None, "resolver_port": None, "resolver_address": "", "t": 0.02}
        ],
        "tcp_connect": [
            {"ip": ADDRESS, "port": 80, "status": {"blocked": False, "failure": None, "success": True}, "t": 0.2}
        ],
        "requests": [
            _request(f"http://{NAME}/home", t=0.6, tags=None),
            _request(f"http://{NAME}/", code=302, location="/home", t=0.4, tags=None),
        ],
        "control": _control(),
        "x_status": 1,
        "x_dns_runtime": 20_000_000,
    }  # fmt: skip
    return _measurement("0.4.3", f"http://{NAME}/", keys | _CLAIM)


def ancient() -> dict[str, Any]:
    """web_connectivity 0.0.1 of the first app: no times, headers as base64, a helper that lists names as addresses."""
    located = {"data": base64.b64encode(b"http://192.0.2.1/\xff").decode(), "format": "base64"}
    request = _request(f"http://{NAME}/", code=307)
    request["response"]["headers"]["Location"] = located
    request["response"]["response_line"] = "HTTP/1.1 307 Temporary Redirect"
    del request["response"]["headers_list"], request["response"]["body_is_truncated"]
    keys = {
        "accessible": False,
        "blocking": "http-failure",
        "agent": "redirect",
        "client_resolver": "198.51.100.53",
        "control": {
            "tcp_connect": {f"{ADDRESS}:80": {"status": True, "failure": None}},
            "http_request": _control()["http_request"],
            "dns": {"failure": None, "addrs": [NAME, ADDRESS]},
        },
        "control_failure": None,
        "dns_consistency": "consistent",
        "http_experiment_failure": "http_invalid_redirect_url",
        "queries": [
            {"answers": [{"ipv4": ADDRESS, "answer_type": "A", "ttl": 0}], "engine": "system", "failure": None,
             "hostname": NAME, "query_type": "A", "resolver_hostname": None, "resolver_port": None}
        ],
        "requests": [request | {"failure": "http_invalid_redirect_url"}],
        "tcp_connect": [{"ip": ADDRESS, "port": 80, "status": {"failure": None, "success": True, "blocked": False}}],
    }  # fmt: skip
    found = _measurement("0.0.1", f"http://{NAME}", keys)
    for name in ("extensions", "measurement_uid", "probe_network_name", "resolver_ip", "resolver_asn"):
        del found[name]
    return found | {"id": "6fe5cd98-b272-49b7-9346-e8edbabf0988", "input_hashes": [], "options": []}


def other_test() -> dict[str, Any]:
    """A measurement of another OONI test."""
    found = _measurement("0.3.1", "", {"telegram_http_blocking": False, "tcp_connect": [], "queries": None})
    return found | {"test_name": "telegram", "input": None, "test_helpers": None}


@functools.cache
def measurements() -> tuple[bytes, ...]:
    """OONI measurements of every generation, those of this computer's field data too, none longer than 12 kB."""
    made = tuple(map(_compact, (stepwise(), classic(), ancient(), other_test())))
    return made + tuple(_compact(value) for value in field_measurements())


@functools.cache
def small() -> tuple[bytes, ...]:
    """Those of `measurements` that a thousand times a second is not too often for."""
    made, field = measurements()[:4], measurements()[4:]
    return made + tuple(line for line in field if len(line) < 5_000)


def field_measurements() -> list[Any]:
    """Real web_connectivity measurements, where there are any; bodies cut so that all are small."""
    named = os.environ.get("HUSHMAP_FIELD_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data") / "ooni"
    found = []
    for path in sorted(folder.glob("*/*.json")):
        value = json.loads(path.read_bytes())
        for request in value["test_keys"].get("requests") or ():
            response = (request or {}).get("response") or {}
            if isinstance(response.get("body"), str):
                response["body"] = response["body"][:1_500]
        if len(_compact(value)) < 12_000:
            found.append(value)
    return found


@functools.cache
def recorded(name: str) -> tuple[bytes, ...]:
    """The lines of one file of the recorded lab run: short, middling and long ones."""
    path = ROOT / "src" / "hushmap" / "lab" / "recorded" / f"{name}.zst"
    data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes())).read()
    if name.endswith(".json"):
        return (data,)
    lines = sorted(set(data.splitlines()), key=len)
    lines = [line for line in lines if len(line) < 12_000]
    return tuple(lines[:: max(1, len(lines) // 12)])


@functools.cache
def trials() -> tuple[bytes, ...]:
    """Single trials, from the records of the recorded run."""
    found = [trial for line in recorded("records.jsonl") for trial in json.loads(line)["trials"]]
    return tuple(_compact(trial) for trial in found[:: max(1, len(found) // 12)])


@functools.cache
def verdicts() -> tuple[bytes, ...]:
    """Verdicts of recorded records."""
    from hushmap.codec import decode_line, encode_verdict
    from hushmap.detect import judge
    from hushmap.model import Knowledge

    return tuple(encode_verdict(judge(decode_line(line), Knowledge())) for line in recorded("records.jsonl")[::3])


@functools.cache
def helper_requests() -> tuple[bytes, ...]:
    """What is asked of a helper: the asks of recorded trials."""
    asks = [json.loads(trial)["ask"] for trial in trials()]
    return (_compact({"asks": asks, "run_t": 1.5}), _compact({"asks": asks[:1]}))


@functools.cache
def helper_replies() -> tuple[bytes, ...]:
    """What a helper answers: the steps of recorded trials."""
    answers = [{"steps": json.loads(trial).get("steps", [])} for trial in trials()]
    now = "2026-11-21T22:33:00Z"
    return (
        _compact({"answers": answers[:4], "now": now, "reached": True, "reached_ago": 2.5, "software": "hushmap"}),
        _compact({"answers": [{"undone": "refused"}], "now": now}),
    )


FAILURES = tuple(
    text.encode()
    for text in (
        "connection_reset", "generic_timeout_error", "dns_nxdomain_error", "ssl_invalid_hostname", "eof_error",
        "unknown_failure: read: [scrubbed]: connection reset by peer", "response_never_received", "socks_error: x",
        "ssl_error: error:14007086:SSL routines:CONNECT_CR_CERT:certificate verify failed",
    )
)  # fmt: skip
"""Failure names of OONI's data format df-007, and of old probes."""


OONI_ASKS = (
    _compact(
        {
            "http_request": f"https://{NAME}/",
            "http_request_headers": {"Accept": ["*/*"], "Accept-Language": ["en"], "User-Agent": ["x"], "X": []},
            "tcp_connect": [f"{ADDRESS}:443", f"[{SIX}]:443"],
            "x_quic_enabled": True,
        }
    ),
    _compact({"http_request": f"http://{NAME}:8080/", "http_request_headers": None, "tcp_connect": None}),
)
"""What OONI's probes ask of a helper."""


def ooni_replies() -> tuple[bytes, ...]:
    """What a helper of OONI's kind answers."""
    failed = {"body_length": -1, "failure": "dns_lookup_error", "status_code": -1, "headers": None, "title": None}
    none = {"tcp_connect": None, "tls_handshake": None, "quic_handshake": None, "http_request": failed}
    return _compact(_control()), _compact(
        none | {"dns": {"failure": "dns_name_error", "addrs": None}, "ip_info": None}
    )


@functools.cache
def exported() -> tuple[bytes, ...]:
    """Recorded records as lines of an OONI file."""
    from hushmap.codec import decode_line, write_ooni

    found = map(decode_line, recorded("records.jsonl"))
    lines = sorted((write_ooni(record) for record in found if record.experiment == "web"), key=len)
    return tuple(lines[:3])
